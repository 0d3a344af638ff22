-- Risk alerts (风险预警): what the other services' facts say of an organisation, and what stood out.
-- People are counted here and nobody is named.

-- Plans, as exam-scheduling and results tell of them. Who comes first makes the row.
create table watched_plan (
    plan_id          uuid    primary key,
    organization_id  uuid    not null,
    -- Null until the plan is heard of as reported.
    first_session_on date,
    candidates       integer not null default 0,
    -- Entries of examiners who ought to have rotated (轮换).
    not_rotated      integer not null default 0,
    -- At the sessions held so far.
    present          integer not null default 0,
    absent           integer not null default 0,
    certified        integer not null default 0
);
create index watched_plan_by_month on watched_plan (organization_id, first_session_on);

-- What is counted over a year, by the rule that looks at it.
create table watched_year (
    organization_id uuid     not null,
    year            smallint not null,
    rule            text     not null,
    number          integer  not null,
    primary key (organization_id, year, rule)
);

create table alert (
    alert_id        uuid  primary key,
    organization_id uuid  not null references evaluation_organization,
    -- The centre that answers for it.
    filing_division text  not null,
    rule            text  not null,
    -- A plan, a month or a year.
    subject         text  not null,
    figures         jsonb not null,
    opened_on       date  not null,
    -- Null while the calendar does not reach so far.
    due             jsonb,
    -- Null while nobody handled it.
    handling        jsonb,
    -- Why, in words; sealed.
    reason          bytea,
    -- What stood out once need not be said again.
    constraint alert_once unique (organization_id, rule, subject),
    constraint alert_handled_whole check ((handling is null) = (reason is null))
);
create index alert_by_area on alert (filing_division, alert_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on watched_plan, watched_year, alert to %I', runtime);
    execute format(
        'grant update (first_session_on, candidates, not_rotated, present, absent, certified)
         on watched_plan to %I', runtime);
    execute format('grant update (number) on watched_year to %I', runtime);
    execute format('grant update (due, handling, reason) on alert to %I', runtime);
end $$;
