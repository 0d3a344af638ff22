-- Double-random inspections (双随机、一公开).
--
-- What was planned, frozen and drawn is everybody's to see and lies in clear. What inspectors wrote
-- of an organisation may name people and is sealed; so is the seed of a draw until it is revealed.

-- Evaluation organisations (评价机构), as the registry told of them: who can be inspected, watched
-- and complained about, and which centre answers for it.
create table evaluation_organization (
    organization_id   uuid primary key,
    organization_code text not null unique,
    -- Where it filed.
    filing_division   text not null,
    registered_on     date not null,
    -- The first day on which it is none; null while none is set.
    withdrawn_on      date
);
create index evaluation_organization_by_area on evaluation_organization (filing_division, organization_id);

-- Editions of the list of matters (检查事项清单).
create table matter_list (
    edition      integer primary key check (edition > 0),
    published_on date    not null,
    matters      jsonb   not null
);

create table inspection (
    inspection_id    uuid  primary key,
    -- The centre that inspects.
    division_code    text  not null,
    state            text  not null constraint inspection_state check (state in
        ('planned', 'frozen', 'drawn', 'redraw_ordered', 'published', 'cancelled')),
    plan             jsonb not null,
    -- The lists exactly as frozen; `text`, since their hash is over these characters.
    frozen           text,
    -- Commitments, seeds that are revealed, what was drawn.
    draws            jsonb not null,
    -- The seed that is committed to and not yet revealed; sealed.
    seed             bytea,
    publication_due  jsonb,
    published_on     date,
    cancelled_reason text,
    constraint inspection_frozen_whole check
        (state in ('planned', 'cancelled') or frozen is not null),
    constraint inspection_seed_waits check
        ((seed is not null) = (state in ('planned', 'frozen', 'redraw_ordered')))
);
create index inspection_by_area on inspection (division_code, inspection_id);

-- Organisations that an inspection drew, and what came of it.
create table inspected_organization (
    inspection_id   uuid not null references inspection,
    organization_id uuid not null references evaluation_organization,
    drawn_on        date not null,
    -- Who was drawn to inspect it, `pers_…`.
    inspectors      jsonb not null,
    -- When a redraw took it out again.
    dropped_on      date,
    outcome         text,
    inspected_on    date,
    recorded_on     date,
    due             jsonb,
    -- What the particulars are sealed for.
    result_id       uuid unique,
    -- Matters, remarks and findings; sealed.
    particulars     bytea,
    primary key (inspection_id, organization_id),
    constraint inspected_organization_whole check (
        (outcome is null) = (inspected_on is null) and (outcome is null) = (recorded_on is null)
        and (outcome is null) = (due is null) and (outcome is null) = (result_id is null)
        and (outcome is null) = (particulars is null)),
    constraint inspected_organization_kept check (dropped_on is null or outcome is null)
);
create index inspected_organization_by_year on inspected_organization (organization_id, drawn_on)
    where dropped_on is null;

-- Measures on organisations (监管措施), after an inspection, a complaint or a risk alert.
create table measure (
    measure_id      uuid  primary key,
    organization_id uuid  not null references evaluation_organization,
    -- What it follows from, as people write it: `insp_…`, `cmp_…` or `alert_…`.
    origin_id       text  not null,
    measure         jsonb not null,
    -- The centre that decides: that with which the organisation filed.
    decided_by      text  not null,
    -- Null until a second person confirmed it.
    decided_on      date,
    -- Why, in words; sealed.
    reason          bytea not null
);
create index measure_by_area on measure (decided_by, measure_id);
create index measure_by_organization on measure (organization_id, measure_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format(
        'grant select, insert on evaluation_organization, matter_list, inspection,
         inspected_organization, measure to %I', runtime);
    execute format('grant update (withdrawn_on) on evaluation_organization to %I', runtime);
    execute format('grant update (decided_on) on measure to %I', runtime);
    -- The plan never changes.
    execute format(
        'grant update (state, frozen, draws, seed, publication_due, published_on,
         cancelled_reason) on inspection to %I', runtime);
    execute format(
        'grant update (inspectors, dropped_on, outcome, inspected_on, recorded_on, due, result_id,
         particulars) on inspected_organization to %I', runtime);
end $$;
