-- Bodies, evaluation organisations, their codes and rights, and the directory.

-- A body known to the platform, before and after any application (annex 1, head).
create table body (
    organization_id        uuid primary key,
    name                   text not null,
    credit_code            text not null,
    kind                   text not null,
    affiliation            text not null,
    division_code          text not null,
    address                text not null,
    registration_authority text not null,
    enrolled_on            date not null,
    -- Why an officer vouched for a code that does not check; sealed. Null where it checks.
    credit_code_reason     bytea,
    -- The application in which the body is being assessed, as review told; meanwhile it stays as it is.
    assessed_in            uuid,
    -- One body, one id: whoever enrols it a second time is told.
    constraint body_credit_code_once unique (credit_code)
);

-- A body that was selected (评价机构).
create table organization (
    organization_id   uuid primary key references body,
    organization_code text not null,
    filing_division   text not null,
    status            text not null check (status in ('registered', 'reported')),
    selection_id      uuid not null,
    application_id    uuid not null,
    registered_on     date not null,
    -- A code is given once and never again.
    constraint organization_code_once unique (organization_code),
    constraint organization_selection_once unique (selection_id)
);
create index organization_filing on organization (filing_division, organization_code);

-- A right to evaluate: occupation × trade × levels × area × dates.
create table organization_right (
    right_id        uuid primary key,
    organization_id uuid not null references organization,
    edition         smallint not null,
    occupation_code text not null,
    trade           text not null, -- empty where there is none
    levels          text[] not null,
    division_code   text not null,
    valid_from      date not null,
    valid_until     date,          -- null where no term is set
    ended_levels    jsonb not null default '{}', -- last days of levels that end before the rest
    -- The decision it follows from.
    selection_id    uuid,
    consultation_id uuid,
    -- The right whose levels it goes on with, where a renewal gave them a right of their own.
    goes_on_from    uuid references organization_right,
    constraint right_has_one_basis check (num_nonnulls(selection_id, consultation_id) = 1)
);
create index organization_right_organization on organization_right (organization_id);
create index organization_right_occupation on organization_right (edition, occupation_code);

-- What an organisation gave up of a right, and why.
create table right_given_up (
    right_id uuid not null references organization_right,
    last_day date not null,
    levels   text[] not null, -- empty for all of it
    reason   text not null,
    primary key (right_id, last_day, levels)
);

-- Running numbers within a city's part of the code. The row is locked while a code is given.
create table code_counter (
    city_part    text primary key check (city_part ~ '^\d{2}$'),
    last_running integer not null check (last_running between 0 and 9999)
);

-- Codes in use elsewhere; never given here.
create table reserved_code (
    organization_code text primary key,
    reason            text not null,
    reserved_on       date not null
);

-- The directory as the department published it, edition by edition.
create table directory_edition (
    edition      integer primary key check (edition > 0),
    published_on date not null
);
create table directory_entry (
    edition           integer not null references directory_edition,
    organization_code text not null,
    organization_id   uuid not null references organization,
    filing_division   text not null,
    primary key (edition, organization_code)
);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant usage on schema public to %I', runtime);
    execute format('grant select on all tables in schema public to %I', runtime);
    execute format(
        'grant insert on body, right_given_up, reserved_code, directory_edition, directory_entry
         to %I', runtime);
    execute format(
        'grant insert, update on organization, organization_right, code_counter to %I', runtime);
end $$;
