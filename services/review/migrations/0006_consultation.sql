-- Work outside the filing area (跨区域): recommendation, the cities' answers, the province's decision.

create table consultation (
    consultation_id   uuid  primary key,
    organization_id   uuid  not null,
    organization_code text  not null,
    -- As the registry had it on the day of the recommendation.
    organization_name text  not null,
    -- The city that recommends; it sees the consultation beside those that are asked.
    filing_division   text  not null,
    scopes            jsonb not null,
    recommended_on    date  not null,
    -- Until when cities answer, with its computation.
    answers_due       jsonb not null,
    -- Last day on which a city may answer; null when nobody is waited for. What the sweep looks for.
    waits_until       date,
    -- Null until the province decided.
    decided_on        date,
    -- What was written: reasons of all sides; sealed.
    texts             bytea not null,
    -- Trace of the recommendation, which the sweep points back to.
    traceparent       text  not null
);
-- The province decides on what the cities were asked; a second question waits for that.
create unique index consultation_once on consultation (organization_id) where decided_on is null;
create index consultation_waiting on consultation (waits_until) where waits_until is not null;
create index consultation_by_organization on consultation (organization_id, consultation_id);
create index consultation_by_area on consultation (filing_division, consultation_id);

-- The cities concerned (相关市).
create table consultation_area (
    consultation_id   uuid not null references consultation,
    division_code     text not null,
    answer            text constraint consultation_area_answer
        check (answer in ('agreed', 'disagreed', 'silent')),
    answered_on       date,
    -- Null before the decision.
    granted           boolean,
    valid_from        date,
    valid_until       date,
    ending_decided_on date,
    primary key (consultation_id, division_code),
    constraint consultation_area_answered_whole check ((answer is null) = (answered_on is null)),
    -- A first day exactly where work is granted.
    constraint consultation_area_granted_whole check
        ((valid_from is not null) = coalesce(granted, false)
         and (valid_from is not null or (valid_until is null and ending_decided_on is null)))
);
create index consultation_area_by_city on consultation_area (division_code, consultation_id);

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select, insert on consultation, consultation_area to %I', runtime);
    execute format('grant update (answers_due, waits_until, decided_on, texts) on consultation to %I',
        runtime);
    execute format(
        'grant update (answer, answered_on, granted, valid_from, valid_until, ending_decided_on)
         on consultation_area to %I', runtime);
end $$;
