-- Results of examinations, from the locked roster to the certificate. Personal data, and what
-- people write who may name others, is sealed (`…_sealed`), masked, or a keyed digest. Names are in
-- clear only in a public notice, where a pilot parameter has them shown to everybody in full.

-- What exam-scheduling said about a plan: its roster is locked, and this is its digest.
create table known_plan (
    plan_id         uuid    primary key,
    organization_id uuid    not null,
    roster_digest   bytea   not null check (octet_length(roster_digest) = 32),
    entries         integer not null check (entries > 0),
    heard_on        date    not null
);

create table batch (
    batch_id          uuid primary key,
    plan_id           uuid not null references known_plan,
    organization_id   uuid not null,
    organization_code text not null check (length(organization_code) = 13),
    organization_name text not null,
    -- Where the organisation filed.
    filing_division   text not null,
    -- Whose centre reviews first, and hence the route: a city's, then the province's; or, where
    -- this is the province itself, the province's alone. Differs from the filing division only by
    -- the setting for organisations filed at the province.
    review_area       text not null,
    constraint batch_plan_once unique (plan_id)
);
create index batch_organization on batch (organization_id);

-- What was examined, and where and when: for these the right is asked again at issue.
create table batch_subject (
    batch_id        uuid     not null references batch,
    position        smallint not null,
    edition         smallint not null,
    occupation_code text     not null,
    occupation_name text     not null,
    -- 工种 or 职业方向; empty where there is none.
    trade           text     not null,
    level           text     not null,
    primary key (batch_id, position)
);
create table batch_sitting (
    batch_id      uuid not null references batch,
    division_code text not null,
    held_on       date not null,
    primary key (batch_id, division_code, held_on)
);

-- One row a candidate.
create table result (
    result_id              uuid     primary key,
    batch_id               uuid     not null references batch,
    candidate_id           uuid     not null,
    ticket_number          text     not null,
    subject                smallint not null,
    name_sealed            bytea    not null,
    document_sealed        bytea    not null,
    masked_name            text     not null,
    masked_document_number text     not null,
    -- Keyed digest of the document: finds an earlier exam of the same person.
    person_digest          bytea    not null check (octet_length(person_digest) = 32),
    -- Makes the hash of the row's content a commitment: scores could else be guessed from it.
    salt                   bytea    not null check (octet_length(salt) = 32),
    state                  text     not null check (state in (
        'scoring', 'not_passed', 'in_public_notice', 'notice_concluded', 'in_city_review',
        'in_province_review', 'returned_by_city', 'returned_by_province', 'approved', 'certified',
        'objection_upheld')),
    -- Why a review gave the row back, once one did.
    returned_reason_sealed bytea,
    -- What the organisation answered when it handed the row in again.
    answer_sealed          bytea,
    -- Proposals by which each level approved.
    city_review            uuid,
    province_review        uuid,
    -- The public notice in which it was shown last.
    public_notice_id       uuid,
    constraint result_ticket_once unique (batch_id, ticket_number),
    constraint result_candidate_once unique (batch_id, candidate_id),
    foreign key (batch_id, subject) references batch_subject
);
create index result_state on result (batch_id, state);
-- Whoever failed may have passed a part, which is kept for a re-sit.
create index result_failed on result (person_digest) where state = 'not_passed';

create table result_part (
    result_id  uuid     not null references result,
    part       text     not null check (part in ('theory', 'skill', 'review')),
    attendance text     not null check (attendance in ('present', 'absent', 'void')),
    score      smallint check (score between 0 and 100),
    -- The earlier result in which the part was passed that is kept here.
    kept_from  uuid     references result,
    constraint result_part_absent_has_no_score check (attendance = 'present' or score is null),
    constraint result_part_kept_has_its_score check (kept_from is null or score is not null),
    primary key (result_id, part)
);
create index result_part_kept on result_part (kept_from, part) where kept_from is not null;

create table public_notice (
    public_notice_id uuid  primary key,
    batch_id         uuid  not null references batch,
    -- What it shows: those who passed, or those who did so after their scores were changed.
    kind             text  not null check (kind in ('results', 'changed_scores')),
    -- Exactly what is shown, character by character: its SHA-256 is in the state and in a fact.
    -- `json`, not `jsonb`, which would rewrite it.
    snapshot         json  not null,
    -- The state machine of `kernel::public_notice`.
    state            jsonb not null,
    -- The day on which a row can conclude; null while none can. What the sweep looks for.
    next_due         date,
    -- Whether every row has come to its end.
    concluded        boolean not null default false
);
create unique index public_notice_batch_once on public_notice (batch_id) where kind = 'results';
create index public_notice_of_batch on public_notice (batch_id);
alter table result add constraint result_notice_known
    foreign key (public_notice_id) references public_notice;
-- What a changed calendar moves is looked for among those that still run.
create index public_notice_open on public_notice (public_notice_id) where not concluded;
create index public_notice_due on public_notice (next_due) where next_due is not null;

-- Which row an objection is about, or the session as a whole, and how it was decided. What was said and by whom lies in
-- `platform.inquiry`, under the same id.
create table objection (
    objection_id     uuid primary key references platform.inquiry,
    public_notice_id uuid not null references public_notice,
    result_id        uuid references result,
    outcome          text check (outcome in ('dismissed', 'upheld')),
    decided_on       date,
    constraint objection_decided_whole check ((outcome is null) = (decided_on is null))
);

-- Numbers given so far by organisation, year and level. The row is locked while a range is taken.
create table number_counter (
    organization_code text     not null,
    year              smallint not null,
    level             text     not null,
    allocated         integer  not null default 0 check (allocated between 0 and 999999),
    issued            integer  not null default 0 check (issued >= 0),
    voided            integer  not null default 0 check (voided >= 0),
    reserved          integer  not null default 0 check (reserved >= 0),
    primary key (organization_code, year, level),
    constraint number_counter_explains_every_number check (allocated = issued + voided + reserved)
);

-- What became of every number. Insert-only: a number is never used again.
create table number_ledger (
    organization_code text     not null,
    year              smallint not null,
    level             text     not null,
    sequence          integer  not null check (sequence > 0),
    use               text     not null check (use in ('issued', 'voided', 'reserved')),
    certificate_id    uuid,
    -- Why a number is on no certificate.
    reason            text     not null default '',
    primary key (organization_code, year, level, sequence),
    foreign key (organization_code, year, level) references number_counter,
    constraint number_ledger_names_its_certificate check ((use = 'issued') = (certificate_id is not null)),
    constraint number_ledger_gives_its_reason check ((use = 'issued') = (reason = ''))
);

create table certificate (
    certificate_id       uuid    primary key,
    number               text    not null check (length(number) = 22),
    result_id            uuid    not null references result,
    -- Name of the organisation on the day of issue.
    organization_name    text    not null,
    right_id             uuid    not null,
    organization_version bigint  not null,
    -- Proposal by which it was issued.
    issuance_id          uuid    not null,
    issued_on            date    not null,
    version              integer not null check (version > 0),
    status               text    not null check (status in ('valid', 'revoked')),
    status_since         date    not null,
    -- Category of a revocation, which the public is told; empty for a certificate in force.
    public_reason        text    not null default '',
    constraint certificate_number_once unique (number),
    constraint certificate_result_once unique (result_id)
);

-- The holder's data by version: a correction or a re-issue adds one and takes none away. Insert-only.
create table certificate_version (
    certificate_id         uuid    not null references certificate,
    version                integer not null,
    name_sealed            bytea   not null,
    document_sealed        bytea   not null,
    masked_name            text    not null,
    masked_document_number text    not null,
    -- For whoever prints the certificate again; only the hash leaves this service.
    qr_token_sealed        bytea   not null,
    qr_token_hash          bytea   not null check (octet_length(qr_token_hash) = 32),
    primary key (certificate_id, version)
);

-- Leaves for the certificate log, with the random bytes that open each commitment. Insert-only.
create table certificate_leaf (
    certificate_id uuid    not null references certificate,
    position       integer not null check (position > 0),
    leaf           bytea   not null,
    opening_sealed bytea   not null,
    primary key (certificate_id, position)
);

-- A revocation under way: of one certificate, or of many in one go.
create table revocation (
    revocation_id        uuid    primary key,
    organization_id      uuid    not null,
    -- The divisions whose feeds carry its facts.
    areas                text[]  not null check (cardinality(areas) > 0),
    -- Who proposed it, and hence confirms it: the province's centre, or the issuer.
    by_province          boolean not null,
    reason               text    not null,
    -- The last day on which holders are heard.
    hearing_until        date    not null,
    state                text    not null check (state in ('proposed', 'done', 'abandoned')),
    abandoned_for_sealed bytea,
    constraint revocation_abandoned_for_a_reason
        check ((state = 'abandoned') = (abandoned_for_sealed is not null))
);
create table revocation_certificate (
    revocation_id    uuid  not null references revocation,
    certificate_id   uuid  not null references certificate,
    -- When the holder was heard, and what was said; nothing where there was nothing to say.
    heard_on         date,
    statement_sealed bytea,
    primary key (revocation_id, certificate_id)
);

-- A centre's order that an organisation revoke certificates. It is open as long as one of them is in
-- force and it was not lifted.
create table revocation_order (
    revocation_order_id uuid   primary key,
    organization_id     uuid   not null,
    -- The divisions whose feeds carry its facts.
    areas               text[] not null check (cardinality(areas) > 0),
    -- The division of the centre that gave it.
    ordered_by          text   not null,
    reason              text   not null,
    grounds_sealed      bytea  not null,
    ordered_on          date   not null,
    due_on              date   not null,
    -- Why the centre thought better of it.
    lifted_for_sealed   bytea
);
create table revocation_order_certificate (
    revocation_order_id uuid not null references revocation_order,
    certificate_id      uuid not null references certificate,
    primary key (revocation_order_id, certificate_id)
);
create index revocation_order_of_certificate on revocation_order_certificate (certificate_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select on all tables in schema public to %I', runtime);
    execute format(
        'grant insert on known_plan, batch, batch_subject, batch_sitting, number_ledger,
         certificate_version, certificate_leaf, revocation_order_certificate to %I', runtime);
    execute format(
        'grant insert, update on result, result_part, public_notice, objection, number_counter,
         certificate, revocation, revocation_certificate, revocation_order to %I', runtime);
end $$;
