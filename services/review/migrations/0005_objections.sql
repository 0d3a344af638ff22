-- What people bring forward about selections and organisations, and what the public is shown. What was said and by
-- whom lies in `platform.inquiry`, under the same id.

-- Whether every row of a public notice has come to its end.
alter table public_notice add column concluded boolean not null default false;

-- Which selection an objection is about, and how it was decided.
create table objection (
    objection_id     uuid primary key references platform.inquiry,
    public_notice_id uuid not null references public_notice,
    outcome          text check (outcome in ('dismissed', 'upheld')),
    decided_on       date,
    constraint objection_decided_whole check ((outcome is null) = (decided_on is null))
);

-- What came of complaints.
create table complaint (
    complaint_id    uuid primary key references platform.inquiry,
    organization_id uuid not null,
    -- Null while it is open, and where it was declined.
    outcome         text check (outcome in
        ('substantiated', 'partly_substantiated', 'unsubstantiated')),
    concluded_on    date,
    constraint complaint_concluded_whole check ((outcome is null) = (concluded_on is null))
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on objection, complaint to %I', runtime);
    execute format('grant update (concluded) on public_notice to %I', runtime);
    execute format('grant update (outcome, decided_on) on objection to %I', runtime);
    execute format('grant update (outcome, concluded_on) on complaint to %I', runtime);
end $$;
