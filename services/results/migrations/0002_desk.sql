-- What waits in results, and for whom (`platform::desk`); the kinds have their names in
-- `src/desk.rs`. Rows wait together, as their batch.

create index result_waiting on result (batch_id, state)
    where state not in ('in_public_notice', 'not_passed', 'objection_upheld', 'certified');
create index batch_by_review_area on batch (review_area);

create or replace view platform.desk as
-- The organisation's: from the locked roster to the public notice.
select 'batch_to_open' as kind, plan_id as subject, 'organization' as waits_for,
       null::text as area, organization_id, null::text as person, null::text as proposed_by,
       heard_on as since, null::date as due_on, null::jsonb as deadline, null::text as rule,
       null::date as counted_from
from known_plan
where not exists (select from batch where batch.plan_id = known_plan.plan_id)
union all
select case when awaited.one then 'scores_to_record' else 'results_to_show' end,
       batch_id, 'organization', filing_division, organization_id, null, null,
       platform.last_day_of('batch', batch_id, '{batch_opened, scores_recorded}'),
       null, null, null, null
from batch
cross join lateral (
    select exists (select from result join result_part using (result_id)
                   where result.batch_id = batch.batch_id and result.state = 'scoring'
                     and attendance = 'present' and score is null) as one
) as awaited
where exists (select from result where result.batch_id = batch.batch_id and state = 'scoring')
union all
-- What follows from where rows stand: for whom, and since which act.
select step.kind, batch_id, step.waits_for,
       case step.state when 'in_city_review' then review_area
                       when 'in_province_review' then '370000' else filing_division end,
       organization_id, null, null, waiting.since, null, null, step.rule,
       case when step.rule is not null then waiting.since end
from batch
cross join (values
    ('notice_concluded', 'results_to_upload', 'organization', '{notice_rows_concluded}'::text[],
     'result_upload'),
    ('returned_by_city', 'results_returned_by_city', 'organization', '{review_confirmed}',
     'result_correction'),
    ('returned_by_province', 'results_returned_by_province', 'organization', '{review_confirmed}',
     'result_correction'),
    ('approved', 'certificates_to_issue', 'organization', '{review_confirmed}', null),
    ('in_city_review', 'results_to_review', 'centre', '{results_uploaded}', 'result_review'),
    ('in_province_review', 'results_to_review', 'centre', '{results_uploaded, review_confirmed}',
     'result_review')
) as step (state, kind, waits_for, since_facts, rule)
cross join lateral (
    select platform.last_day_of('batch', batch_id, step.since_facts) as since
) as waiting
where exists (select from result
              where result.batch_id = batch.batch_id and result.state = step.state)
union all
-- What takes two persons.
select case action when 'issue_certificates' then 'issuance_to_confirm'
                   when 'open_results_notice' then 'results_notice_to_confirm'
                   when 'change_scores' then 'score_change_to_confirm'
                   else 'review_to_confirm' end,
       batch_id, case proposed_role when 'organization' then 'organization' else 'centre' end,
       case action when 'review_results_in_city' then review_area
                   when 'review_results_in_province' then '370000' else filing_division end,
       organization_id, null, proposed_by, proposed_at::date, null, null, null, null
from platform.proposal join batch on aggregate_kind = 'batch' and aggregate_id = batch_id
where confirmed_by is null
union all
select case action when 'reissue_certificate' then 'reissue_to_confirm'
                   else 'correction_to_confirm' end, certificate_id, 'organization', filing_division,
       organization_id, null, proposed_by, proposed_at::date, null, null, null, null
from platform.proposal
join certificate on aggregate_kind = 'certificate' and aggregate_id = certificate_id
join result using (result_id)
join batch using (batch_id)
where confirmed_by is null
union all
select 'revocation_to_confirm', revocation_id,
       case when by_province then 'centre' else 'organization' end,
       case when by_province then '370000' else areas[1] end,
       organization_id, null, proposed_by, proposed_at::date, null, null, null, null
from platform.proposal
join revocation on aggregate_kind = 'revocation' and aggregate_id = revocation_id
where confirmed_by is null
union all
-- What a centre told the organisation to do.
select 'revocation_ordered', revocation_order_id, 'organization', areas[1], organization_id, null,
       null, ordered_on, due_on, null, null, null
from revocation_order
where lifted_for_sealed is null
  and exists (select from revocation_order_certificate ordered
              join certificate using (certificate_id)
              where ordered.revocation_order_id = revocation_order.revocation_order_id
                and status = 'valid')
union all
select * from platform.inquiry_desk;
