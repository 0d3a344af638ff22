-- Rounds, quotas, what each organisation holds, and what was decided about applications.

-- Rounds of selection (征集遴选批次).
create table round (
    round_id      uuid   primary key,
    -- Whose it is: a city, or the province.
    division_code text   not null,
    title         text   not null,
    hand_in_from  date   not null,
    -- Null where it is open-ended (持续开展遴选).
    hand_in_until date,
    -- Null where no day is set.
    select_by     date,
    -- The assessments without which nobody is selected.
    required      text[] not null,
    -- Day on which its centre closed it.
    closed_on     date,
    constraint round_window check (hand_in_until >= hand_in_from),
    constraint round_deadline check (select_by >= coalesce(hand_in_until, hand_in_from))
);
create index round_by_division on round (division_code, round_id);
alter table application
    add constraint application_round foreign key (round_id) references round;
create index application_by_round on application (round_id);

-- The cities' quotas (notice 3.4). The row is what is locked while a place is taken; how many are
-- taken, `applicant` tells.
create table city_quota (
    division_code text primary key
);

-- What each organisation was granted so far, over all its applications. Its row is locked when a
-- grant is confirmed, so that no two of them overlook each other.
create table applicant (
    organization_id uuid  primary key,
    -- Where it was selected first, and files ever since; null before.
    filing_division text,
    -- Its code, once the registry gave it; no two have the same.
    organization_code text unique,
    -- Its rights where it filed, as the registry told of them last.
    held            jsonb not null default '[]',
    -- What was granted and is not registered yet: application and scopes.
    pending         jsonb,
    -- Day from which its filing is withdrawn (取消备案); null where it is not.
    withdrawn_on    date
);
create index applicant_withdrawn on applicant (withdrawn_on) where withdrawn_on is not null;
create index applicant_by_division on applicant (filing_division)
    where filing_division is not null;

-- Fields of annexes that were given back.
create table returned_field (
    returned_field_id uuid    primary key,
    application_id    uuid    not null references application,
    path              text    not null,
    -- The annexes in which it was, from which a correction has to differ.
    form_id           uuid    not null references form,
    -- Why; sealed.
    reason            bytea   not null,
    corrected         boolean not null default false,
    unique (application_id, path)
);

-- Decisions not to select (不予遴选).
create table rejection (
    application_id uuid  primary key references application,
    -- Sealed.
    reason         bytea not null,
    decided_on     date  not null
);

-- The rounds of the notice (notice 5): provincial applicants hand in by 30 May 2020, and all first
-- selections are made by 15 June; for the cities no day for handing in is given. Afterwards
-- selection goes on without an end. What assessments they take, the notice leaves to the centres
-- (notice 3.4); these take all three.
with division (code, name) as (values
    ('370000', '山东省'), ('370100', '济南市'), ('370200', '青岛市'), ('370300', '淄博市'),
    ('370400', '枣庄市'), ('370500', '东营市'), ('370600', '烟台市'), ('370700', '潍坊市'),
    ('370800', '济宁市'), ('370900', '泰安市'), ('371000', '威海市'), ('371100', '日照市'),
    ('371300', '临沂市'), ('371400', '德州市'), ('371500', '聊城市'), ('371600', '滨州市'),
    ('371700', '菏泽市')
), supplied (prefix, title, hand_in_from, select_by) as (values
    ('01720ec3-9c00-7000-8000-000000', '首批评价机构征集遴选', date '2020-05-14', date '2020-06-15'),
    ('0172b8b5-7800-7000-8000-000000', '评价机构持续遴选', date '2020-06-16', null)
)
insert into round (round_id, division_code, title, hand_in_from, hand_in_until, select_by, required)
select (prefix || code)::uuid, code, name || title, hand_in_from,
       case when code = '370000' and select_by is not null then date '2020-05-30' end, select_by,
       array['document_check', 'expert_panel', 'site_visit']
from division cross join supplied;

insert into city_quota (division_code)
select division_code from round where division_code <> '370000' group by division_code;

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format(
        'grant select, insert on round, city_quota, applicant, returned_field, rejection to %I',
        runtime);
    execute format('grant update (closed_on) on round to %I', runtime);
    -- To lock a row is a right to change one.
    execute format('grant update on city_quota to %I', runtime);
    execute format(
        'grant update (filing_division, organization_code, held, pending, withdrawn_on)
         on applicant to %I', runtime);
    execute format('grant update (corrected), delete on returned_field to %I', runtime);
end $$;
