-- What happens to organisations after their registration: changes of their entry, measures on them,
-- and what they publish.

-- Where the public reaches an organisation. An office, never a person.
create table organization_contact (
    organization_id uuid primary key references organization,
    office          text not null,
    phone           text not null,
    email           text not null -- empty where there is none
);

-- A change that the filing centre decides (变更).
create table organization_change (
    change_id            uuid primary key,
    organization_id      uuid not null references organization,
    name                 text,           -- null where it stays
    address              text,           -- null where it stays
    legal_representative bytea,          -- sealed; null where it stays
    former_name          text not null,  -- as it was when the change was asked for
    reason               text not null,
    requested_on         date not null,
    state                text not null check (state in ('requested', 'approved', 'declined')),
    decided_on           date,
    decision_reason      text,           -- why it was declined
    constraint change_is_decided check ((state = 'requested') = (decided_on is null))
);
-- One at a time.
create unique index organization_change_pending on organization_change (organization_id)
    where state = 'requested';
create index organization_change_organization on organization_change (organization_id, change_id);

-- What an organisation is told to do or not to do (监管措施).
create table measure (
    measure_id      uuid primary key,
    organization_id uuid not null references organization,
    content         jsonb not null, -- `kernel::measure::MeasureOrder`: what, why, from when
    kind            text generated always as (content -> 'measure' ->> 'kind') stored
        check (kind in ('talk', 'rectification', 'suspension', 'withdrawal')),
    statement       text not null,  -- findings in words; empty where review keeps them
    effective_on    date not null,
    decided_by      text not null,
    decided_on      date not null,
    origin          text,           -- `insp_…`, `cmp_…` or `alert_…`, where review decided
    report          text,           -- what the organisation says it has put right
    reported_on     date,
    accepted_on     date,
    moved_to        date,           -- of a rectification: where its day is another one by now
    resumes_on      date,           -- first day on which suspended rights hold again
    resumption_reason text,
    constraint only_rectifications_are_reported check (
        kind = 'rectification' or num_nonnulls(report, reported_on, accepted_on, moved_to) = 0),
    constraint only_suspensions_are_resumed check (
        (resumes_on is null) = (resumption_reason is null)
        and (kind = 'suspension' or resumes_on is null))
);
create index measure_organization on measure (organization_id, measure_id);
create index measure_announced on measure (measure_id) where kind in ('suspension', 'withdrawal');
-- An organisation is withdrawn once.
create unique index measure_withdrawn_once on measure (organization_id) where kind = 'withdrawal';

-- Rectifications that were not accepted, and had to be done again by another day.
create table rectification_return (
    measure_id  uuid not null references measure,
    number      bigint not null check (number > 0),
    due_on      date not null, -- until then
    report      text,          -- what was said to be put right
    reported_on date,
    returned_on date not null,
    reason      text not null,
    primary key (measure_id, number),
    constraint return_was_reported check (num_nulls(report, reported_on) in (0, 2))
);

-- Rules as an organisation published them (notice 6.3).
create table published_rules (
    organization_id uuid not null references organization,
    kind            text not null
        check (kind in ('exam_affairs', 'quality', 'certificates', 'fees')),
    version         integer not null check (version > 0),
    in_force_from   date not null,
    published_on    date not null,
    content         text not null,
    primary key (organization_id, kind, version)
);

-- What exams cost by a version of the rules on fees.
create table fee (
    organization_id uuid not null,
    rules_kind      text not null default 'fees' check (rules_kind = 'fees'),
    version         integer not null,
    edition         smallint not null,
    occupation_code text not null,
    trade           text not null, -- empty where there is none
    level           text not null,
    part            text not null check (part in ('theory', 'skill', 'review')),
    fen             integer not null check (fen >= 0),
    primary key (organization_id, version, edition, occupation_code, trade, level, part),
    foreign key (organization_id, rules_kind, version) references published_rules
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format(
        'grant select on organization_contact, organization_change, measure, rectification_return,
         published_rules, fee to %I', runtime);
    execute format(
        'grant insert on rectification_return, published_rules, fee to %I', runtime);
    execute format(
        'grant insert, update on organization_contact, organization_change, measure to %I',
        runtime);
    execute format(
        'grant update (name, credit_code, kind, affiliation, division_code, address,
         registration_authority, credit_code_reason, assessed_in) on body to %I', runtime);
end $$;
