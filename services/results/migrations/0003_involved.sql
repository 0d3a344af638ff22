-- Who had a hand in what an objection is about, and hence does not answer for the organisation: those
-- who recorded scores, showed them to the public or changed them.
create or replace view platform.inquiry_involved as
select objection_id as inquiry_id, fact.actor as subject
from objection
join public_notice using (public_notice_id)
join platform.fact on fact.aggregate_kind = 'batch' and fact.aggregate_id = batch_id
where fact.kind in ('scores_recorded', 'public_notice_proposed', 'public_notice_opened',
                    'score_change_proposed', 'scores_changed');
