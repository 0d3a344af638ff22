-- The desk (待办): what waits for whom. Nothing is kept for it. Each service says in SQL what of its own
-- records waits, by replacing this view in its own migrations.

create view platform.desk as select
    -- What is to be done: one of the kinds that the service names.
    null::text  as kind,
    -- The record it is to be done with. Of one kind there is one for everybody.
    null::uuid  as subject,
    -- Who is to do it: `organization`, `centre`, `department`, `expert` or `inspector`.
    null::text  as waits_for,
    -- Where: the area of the centre, else the area of the record.
    null::text  as area,
    -- Whose it is, if it is an organisation's.
    null::uuid  as organization_id,
    -- The one who is to do it in person, by the subject of the token; null for any of them.
    null::text  as person,
    -- The first of two persons, for whom it does not wait.
    null::text  as proposed_by,
    -- The day since which it waits. Before that day it does not.
    null::date  as since,
    -- By when: a day that somebody set; a deadline as it was counted; or the name of one and the day
    -- from which it counts. All null where there is no such day.
    null::date  as due_on,
    null::jsonb as deadline,
    null::text  as rule,
    null::date  as counted_from
where false;

-- What waits for a caller today. `counted` has the days of the deadlines that only have a name, and
-- `passing` the kinds that wait no longer than their day.
create function platform.desk_of(
    whose text, own_area text, own_organization uuid, own_subject text, today date, passing text[],
    counted jsonb
) returns table (
    kind text, subject uuid, area text, organization_id uuid, since date,
    due_on date, deadline jsonb, rule text, counted_from date
) language sql stable as $$
    select item.kind, item.subject, item.area, item.organization_id, item.since,
           day.due_on, item.deadline, item.rule, item.counted_from
    from platform.desk as item
    left join jsonb_to_recordset(counted) as known (rule text, counted_from date, due_on date)
        on known.rule = item.rule and known.counted_from = item.counted_from
    cross join lateral (
        select coalesce(item.due_on, (item.deadline ->> 'date')::date, known.due_on) as due_on
    ) as day
    where (item.kind = any (passing) and day.due_on < today) is not true
      and item.waits_for = whose and (item.since <= today) is not false
      and (own_area is null or item.area = own_area)
      and (own_organization is null or item.organization_id = own_organization)
      and (item.person is null or item.person = own_subject)
      and item.proposed_by is distinct from own_subject
$$;

-- The business day on which the last fact of these kinds happened to an aggregate.
create function platform.last_day_of(of_kind text, of_id uuid, kinds text[]) returns date
language sql stable as $$
    select fact.occurred_at::date from platform.fact
    where fact.aggregate_kind = of_kind and fact.aggregate_id = of_id and fact.kind = any (kinds)
    order by fact.version desc limit 1
$$;

-- What waits of inquiries, for the desks of the services that have some: for the centre that looks
-- into them, and for the organisation that was asked.
create view platform.inquiry_desk as
select case kind
           when 'objection' then 'objection_to_decide'
           when 'lead' then 'lead_to_close'
           else case when (state ->> 'taken_up')::boolean
                then 'complaint_to_answer' else 'complaint_to_accept' end
       end as kind,
       inquiry_id as subject, 'centre' as waits_for, area, organization_id, null::text as person,
       null::text as proposed_by, (state ->> 'received_on')::date as since, null::date as due_on,
       state -> 'due' as deadline, null::text as rule, null::date as counted_from
from platform.inquiry where not closed
union all
select kind || '_to_respond_to', inquiry_id, 'organization', area, organization_id, null, null,
       (state #>> '{question,due,counted_from}')::date, null, state #> '{question,due}', null, null
from platform.inquiry
where not closed and asked and state #>> '{question,answered_on}' is null;
create index inquiry_waiting on platform.inquiry (area) where not closed;

do $$
declare
    runtime text := current_setting('luban.runtime_role');
begin
    execute format('grant select on platform.desk, platform.inquiry_desk to %I', runtime);
end $$;
