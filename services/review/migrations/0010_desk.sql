-- What waits in review, and for whom (`platform::desk`); the kinds have their names in `src/desk.rs`.

create index application_waiting on application (filing_division)
    where state in ('submitted', 'decision_proposed');
create index application_unreported on application (filing_division)
    where state = 'filed' and city_report_id is null;
create index city_report_unrecorded on city_report (division_code) where recorded_on is null;
create index panel_waiting on panel (filing_division) where is_open;
create index consultation_undecided on consultation (consultation_id) where decided_on is null;
create index inspection_waiting on inspection (division_code)
    where state in ('planned', 'frozen', 'drawn', 'redraw_ordered');
create index measure_undecided on measure (decided_by) where decided_on is null;
create index alert_unhandled on alert (filing_division) where handling is null;

create or replace view platform.desk as
-- The applicant's: to hand in, and to correct.
select 'application_to_hand_in' as kind, application_id as subject, 'organization' as waits_for,
       application.filing_division as area, application.organization_id, null::text as person,
       null::text as proposed_by,
       platform.last_day_of('application', application_id, '{application_drafted}') as since,
       round.hand_in_until as due_on, null::jsonb as deadline, null::text as rule,
       null::date as counted_from
from application join round using (round_id)
where application.state = 'draft'
union all
select 'application_to_correct', application_id, 'organization', filing_division, organization_id,
       null, null, returned.on_day, null, null, 'application_correction', returned.on_day
from application
cross join lateral platform.last_day_of('application', application_id, '{application_returned}')
    as returned (on_day)
where state = 'returned'
union all
-- The centre's: the documents first, then the rest, then two persons.
select 'application_to_check', application_id, 'centre', filing_division, organization_id,
       null, null, arrived.on_day, null, null, 'application_check', arrived.on_day
from application
cross join lateral platform.last_day_of('application', application_id,
    '{application_submitted, selection_overturned}') as arrived (on_day)
where state = 'submitted' and assessments ->> 'document_check' is null
union all
select 'application_to_decide', application_id, 'centre', filing_division,
       application.organization_id, null, null,
       platform.last_day_of('application', application_id, '{document_check_recorded}'),
       round.select_by, null, null, null
from application join round using (round_id)
where application.state = 'submitted' and assessments ->> 'document_check' is not null
union all
select case action when 'select_organization' then 'selection_to_confirm'
                   else 'rejection_to_confirm' end,
       application_id, 'centre', filing_division, application.organization_id, null, proposed_by,
       proposed_at::date, round.select_by, null, null, null
from application
join round using (round_id)
join platform.proposal on aggregate_kind = 'application' and aggregate_id = application_id
    and confirmed_by is null
where application.state = 'decision_proposed'
union all
-- Expert panels: the draw, and the opinions, which the centre may record for the experts.
select 'panel_to_draw', panel_id, 'centre', panel.filing_division, organization_id, null, null,
       (panel ->> 'planned_on')::date, null, null, null, null
from panel join application using (application_id)
where is_open and panel ->> 'state' = 'planned'
    and application.state in ('submitted', 'decision_proposed')
union all
select 'opinion_to_give', panel_id, seat.waits_for, panel.filing_division, organization_id,
       seat.person, null,
       platform.last_day_of('panel', panel_id, '{panel_drawn, panel_convened, expert_excused}'),
       null, null, null, null
from panel
join application using (application_id)
cross join lateral (
    select 'centre' as waits_for, null as person
    union all
    select 'expert', member #>> '{expert,person}' from jsonb_array_elements(panel -> 'members') as member
    where member ->> 'voice' is null and member ->> 'excused_on' is null
) as seat
where is_open and panel ->> 'state' = 'sitting'
    and application.state in ('submitted', 'decision_proposed')
union all
-- Cities' reports (城市报省).
select 'filing_to_report', application_id, 'centre', filing_division, organization_id, null, null,
       issued_on, null, null, 'city_report', issued_on
from application join filing_receipt using (application_id)
where state = 'filed' and city_report_id is null and filing_division <> '370000'
union all
select 'city_report_to_correct', city_report_id, 'centre', division_code, null, null, null,
       (correct_by ->> 'counted_from')::date, null, correct_by, null, null
from city_report where recorded_on is null and correct_by is not null
union all
select 'city_report_to_record', city_report_id, 'centre', '370000', null, null, null,
       coalesce((select max(corrected_on) from city_report_fault fault
                 where fault.city_report_id = city_report.city_report_id), submitted_on),
       null, null, null, null
from city_report where recorded_on is null and correct_by is null
union all
-- Work elsewhere (跨区域): the cities' answers, then the province's two persons.
select 'consultation_to_answer', consultation_id, 'centre', division_code, organization_id,
       null, null, recommended_on, null, answers_due, null, null
from consultation_area join consultation using (consultation_id)
where decided_on is null and waits_until is not null and answer is null
union all
select 'consultation_to_decide', consultation_id, 'centre', '370000', organization_id, null, null,
       (select max(answered_on) from consultation_area area
        where area.consultation_id = consultation.consultation_id), null, null, null, null
from consultation
where decided_on is null and waits_until is null
  and not exists (select from platform.proposal
                  where aggregate_kind = 'consultation' and aggregate_id = consultation_id
                    and confirmed_by is null)
union all
select 'cross_area_to_confirm', consultation_id, 'centre', '370000', organization_id, null,
       proposed_by, proposed_at::date, null, null, null, null
from consultation
join platform.proposal on aggregate_kind = 'consultation' and aggregate_id = consultation_id
    and confirmed_by is null
union all
-- Inspections (双随机、一公开), step by step.
select case state when 'planned' then 'inspection_to_freeze' else 'inspection_to_draw' end,
       inspection_id, 'centre', division_code, null, null, null,
       platform.last_day_of('inspection', inspection_id,
           '{inspection_planned, lists_frozen, redraw_ordered}'),
       (plan ->> 'until')::date, null, null, null
from inspection where state in ('planned', 'frozen', 'redraw_ordered')
union all
select distinct 'inspection_to_carry_out', inspection_id, seat.waits_for, division_code, null::uuid,
       seat.person, null, greatest((plan ->> 'from')::date, (draws #>> '{-1,revealed,on}')::date),
       null::date, draws #> '{-1,revealed,results_due}', null, null::date
from inspection
cross join lateral (
    select 'centre' as waits_for, null as person
    union all
    select 'inspector', jsonb_array_elements_text(inspectors) from inspected_organization as drawn
    where drawn.inspection_id = inspection.inspection_id and dropped_on is null and outcome is null
) as seat
where state = 'drawn' and publication_due is null
union all
select 'inspection_to_publish', inspection_id, 'centre', division_code, null, null, null,
       (publication_due ->> 'counted_from')::date, null, publication_due, null, null
from inspection where state = 'drawn' and publication_due is not null
union all
-- Measures and risk alerts.
select 'measure_to_confirm', measure_id, 'centre', decided_by, organization_id, null, proposed_by,
       proposed_at::date, null, null, null, null
from measure
join platform.proposal on aggregate_kind = 'measure' and aggregate_id = measure_id
    and confirmed_by is null
where decided_on is null
union all
select 'alert_to_handle', alert_id, 'centre', filing_division, organization_id, null, null,
       opened_on, null, due, null, null
from alert where handling is null
union all
select * from platform.inquiry_desk;
