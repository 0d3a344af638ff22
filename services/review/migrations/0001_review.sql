-- How an applicant becomes an evaluation organisation.
--
-- What the rules look at is in clear and small: states, ids, dates. What people wrote (annexes,
-- reasons, opinions, names of files) may name people, so it is sealed, each value for its place.

-- One row per application (申报).
create table application (
    application_id     uuid primary key,
    organization_id    uuid  not null,
    -- Where it is filed; decides which centre sees it.
    filing_division    text  not null,
    round_id           uuid  not null,
    -- What it is for: the first selection, more occupations, or a new term.
    purpose            text  not null constraint application_purpose check (purpose in
        ('first', 'extension', 'renewal')),
    state              text  not null constraint application_state check (state in
        ('draft', 'submitted', 'returned', 'decision_proposed', 'in_public_notice', 'selected',
         'filed', 'rejected', 'withdrawn', 'lapsed')),
    -- Days of the first and of the last submission; null for a draft.
    first_submitted_on date,
    submitted_on       date,
    -- The applicant as it was enrolled on the last of them, and what it had to evaluate with, as the
    -- registry told; what is assessed and shown to the public.
    applicant          jsonb,
    resources          jsonb,
    -- What was applied for that day (annex 1), row by row, with the names that the catalogue gave.
    occupations        jsonb not null default '[]',
    -- Credit codes of member units that do not check, for the officer who judges.
    unchecked_units    text[] not null default '{}',
    -- The assessments that count, by kind: id and whether passed.
    assessments        jsonb not null,
    -- The selection confirmed last; null before. Whether it stands, the state tells.
    selection_id       uuid  unique,
    -- What is granted, with the selection.
    granted            jsonb,
    -- The city's report that names it; null until reported.
    city_report_id     uuid,
    -- A draft can be taken back; everything else was handed in once.
    constraint application_submitted_whole check
        (case state when 'draft' then submitted_on is null
                    when 'withdrawn' then true
                    else submitted_on is not null end
         and (first_submitted_on is null) = (submitted_on is null)
         and (applicant is null) = (submitted_on is null)
         and (resources is null) = (submitted_on is null)),
    constraint application_selected_whole check ((selection_id is null) = (granted is null))
);
-- One after the other: what an organisation holds is known before more is decided. Drafts do not
-- count: nobody has seen them.
create unique index application_undecided on application (organization_id) where state in
    ('submitted', 'returned', 'decision_proposed', 'in_public_notice', 'selected');
create index application_by_area on application (filing_division, application_id);
create index application_by_organization on application (organization_id, application_id);
create index application_by_report on application (city_report_id)
    where city_report_id is not null;

-- The annexes as they were written, complete or not. What was handed in once is kept, whatever
-- replaced it.
create table form (
    form_id        uuid    primary key,
    application_id uuid    not null references application,
    -- The annexes since which annex 1 says what it says here.
    annex_one      uuid    not null,
    -- Legal representative and contact (annex 1); sealed.
    contact        bytea   not null,
    -- All the rest of both; sealed.
    annexes        bytea   not null,
    -- Whether it is what was written last.
    is_current     boolean not null default true
);
create unique index form_current on form (application_id) where is_current;
create index form_by_application on form (application_id);

-- Files handed in (申报材料). The content lies sealed in the object store under
-- `<application id>/<material id>`; what was handed in once is kept, whatever replaced it. A file
-- that no row here names is taken away after a while.
create table material (
    material_id     uuid    primary key,
    application_id  uuid    not null references application,
    -- What it is; its group follows from that.
    document        text    not null,
    -- As recognised from the content, which is as declared.
    media_type      text    not null,
    size_bytes      bigint  not null check (size_bytes > 0),
    sha256          bytea   not null check (octet_length(sha256) = 32),
    -- Annex 1 when it was stored: what a scan of it shows.
    annex_one       uuid    not null,
    -- Of such a scan: fingerprint of the applicant as it was enrolled then.
    head            bytea   check (octet_length(head) = 32),
    -- Name as handed in; sealed, since people put names of people into it.
    file_name       bytea   not null,
    -- Why it was given back; sealed. Null where it was not.
    returned_reason bytea,
    -- Whether it is the newest of its kind and was not taken out.
    is_current      boolean not null default true
);
create unique index material_current on material (application_id, document) where is_current;

-- Technical assessments (技术评估) as they were recorded. The newest of a kind counts; all stay.
create table assessment (
    assessment_id  uuid primary key,
    application_id uuid not null references application,
    kind           text not null,
    recorded_on    date not null,
    -- Items, opinions or findings; sealed.
    particulars    bytea not null
);
create index assessment_by_application on assessment (application_id);

-- Public notices (公示) of selections. An application that was selected anew has another one.
create table public_notice (
    public_notice_id uuid  primary key,
    application_id   uuid  not null references application,
    selection_id     uuid  not null unique,
    -- Exactly what the public was shown; `text`, since its hash is over these characters.
    snapshot         text  not null,
    -- Where its rows stand.
    notice           jsonb not null,
    -- First day on which a row can conclude; null when none can. What the sweep looks for.
    due_on           date,
    -- Trace of the command that opened it, which the sweep points back to.
    traceparent      text  not null
);
create index public_notice_due on public_notice (due_on) where due_on is not null;
create index public_notice_by_application on public_notice (application_id);

-- Receipts of filings (回执).
create table filing_receipt (
    receipt_id        uuid primary key,
    application_id    uuid not null unique references application,
    -- The same one on all receipts of an organisation.
    organization_code text not null,
    issued_on         date not null
);

-- Cities' reports to the province (城市报省). Which applications one names, they know themselves.
create table city_report (
    city_report_id uuid primary key,
    division_code  text not null,
    submitted_on   date not null,
    -- Null until the province recorded it.
    recorded_on    date
);
alter table application
    add constraint application_reported foreign key (city_report_id) references city_report;

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant usage on schema public to %I', runtime);
    execute format(
        'grant select, insert on application, form, material, assessment, public_notice,
         filing_receipt, city_report to %I', runtime);
    -- Contents, snapshots and receipts never change; what a draft said before goes.
    execute format('grant delete on form to %I', runtime);
    execute format(
        'grant update (round_id, state, first_submitted_on, submitted_on, applicant, resources,
         occupations, unchecked_units, assessments, selection_id, granted, city_report_id) on application to %I', runtime);
    execute format('grant update (is_current) on form to %I', runtime);
    execute format('grant update (returned_reason, is_current) on material to %I', runtime);
    execute format('grant update (notice, due_on) on public_notice to %I', runtime);
    execute format('grant update (recorded_on) on city_report to %I', runtime);
end $$;
