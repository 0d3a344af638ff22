-- What waits in exam-scheduling, and for whom (`platform::desk`); the kinds have their names in
-- `src/desk.rs`. Plans are reported and held by organisations; what waits for a centre is its
-- consent to a late change.

create index plan_unreported on plan (organization_id)
    where receipt_id is null or standing = 'reopened';
create index plan_awaiting on plan (filing_division) where standing = 'awaiting';
create index exam_session_open on exam_session (plan_id) where not completed;

create or replace view platform.desk as
select 'plan_to_report' as kind, plan_id as subject, 'organization' as waits_for,
       filing_division as area, organization_id, null::text as person, null::text as proposed_by,
       platform.last_day_of('plan', plan_id,
           '{plan_drafted, plan_returned, plan_reopened}') as since, null::date as due_on,
       null::jsonb as deadline, 'plan_hand_in' as rule,
       (select min(held_on) from exam_session
        where exam_session.plan_id = plan.plan_id) as counted_from
from plan where receipt_id is null or standing = 'reopened'
union all
select 'plan_to_consent', plan_id, 'centre', filing_division, organization_id, null, null,
       received_on, (select min(held_on) from exam_session
                     where exam_session.plan_id = plan.plan_id), null, null, null
from plan where standing = 'awaiting'
union all
select 'session_to_complete', session_id, 'organization', filing_division, organization_id,
       null, null, held_on, held_on, null, null, null
from exam_session join plan using (plan_id)
where not completed and standing = 'in_force'
union all
select 'session_to_prepare', session_id, 'organization', filing_division, organization_id,
       null, null, held_on - 1, held_on, null, null, null
from exam_session join plan using (plan_id)
where standing = 'in_force' and not completed and not prepared
union all
-- One entry a session, by the first day that is due.
select 'finding_to_rectify', session_id, 'organization', filing_division, organization_id,
       null, null, min(found_on), min(rectify_until), null, null, null
from supervision_finding join exam_session using (session_id) join plan using (plan_id)
where state = 'ordered'
group by session_id, filing_division, organization_id
union all
select 'rectification_to_judge', session_id, 'centre', filing_division, organization_id,
       null, null, min(reported_on), null, null, null, null
from supervision_finding join exam_session using (session_id) join plan using (plan_id)
where state = 'reported'
group by session_id, filing_division, organization_id;
