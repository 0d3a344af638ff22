-- What is judged of an applicant's conditions (notice 1 and 2).

-- The judgements that count, by subject: id and whether the condition is met.
alter table application add column judgements jsonb not null default '{}';

-- Judgements as officers made them. The newest of a subject counts; all stay.
create table judgement (
    judgement_id   uuid primary key,
    application_id uuid not null references application,
    subject        text not null,
    met            boolean not null,
    recorded_on    date not null,
    -- Why; sealed.
    reason         bytea not null
);
create index judgement_by_application on judgement (application_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on judgement to %I', runtime);
    execute format('grant update (judgements) on application to %I', runtime);
end $$;
