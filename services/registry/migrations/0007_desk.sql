-- What waits in the register, and for whom (`platform::desk`); the kinds have their names in
-- `src/desk.rs`.

create index measure_unaccepted on measure (organization_id)
    where kind = 'rectification' and accepted_on is null;

create index right_with_term on organization_right (organization_id) where valid_until is not null;

create or replace view platform.desk as
with standing as (
    select organization_id, filing_division, registered_on, status from organization
    where not exists (select from measure
                      where measure.organization_id = organization.organization_id
                        and kind = 'withdrawal')
),
-- Cards that somebody needs for what they do at a home, and of which there is none for later.
renewable as (
    select card_id, person_id, valid_until from card
    where revoked_on is null
      and not exists (select from card later
                      where later.human_id = card.human_id and later.kind = card.kind
                        and later.revoked_on is null and later.valid_until > card.valid_until)
      and exists (select from engagement
                  where engagement.person_id = card.person_id and on_post_until is null
                    and (role, kind) in (
                        ('examiner', 'examiner'), ('senior_examiner', 'examiner'),
                        ('examiner', 'senior_examiner'), ('senior_examiner', 'senior_examiner'),
                        ('invigilator', 'invigilator'),
                        ('internal_supervisor', 'quality_supervisor'),
                        ('external_supervisor', 'quality_supervisor'),
                        ('inspector', 'enforcement')))
)
-- The organisation's, before its first plan: where it is reached, its rules and fees (notice 6.3).
select 'contact_to_give' as kind, organization_id as subject, 'organization' as waits_for,
       filing_division as area, organization_id, null::text as person, null::text as proposed_by,
       registered_on as since, null::date as due_on, null::jsonb as deadline, null::text as rule,
       null::date as counted_from
from standing
where not exists (select from organization_contact contact
                  where contact.organization_id = standing.organization_id)
union all
select 'rules_to_publish', organization_id, 'organization', filing_division, organization_id,
       null, null, registered_on, null, null, null, null
from standing
where (select count(distinct kind) from published_rules
       where published_rules.organization_id = standing.organization_id) < 4
union all
-- What is about to end. How long ahead it is told of is our interpretation: three months for rights,
-- since an application takes its time, and two for cards.
select 'right_to_renew', right_id, 'organization', filing_division, organization_id, null, null,
       valid_until - 90, valid_until, null, null, null
from organization_right ending join standing using (organization_id)
where valid_until is not null and division_code = filing_division
  -- A level that ends with it: what was given up has a last day of its own, and nothing is left to
  -- renew of what goes on in another right.
  and exists (
      select from unnest(ending.levels) level
      where not ending.ended_levels ? level and not exists (
          select from organization_right later
          where later.organization_id = ending.organization_id
            and later.edition = ending.edition
            and later.occupation_code = ending.occupation_code
            and later.trade = ending.trade and later.division_code = ending.division_code
            and level = any(later.levels)
            and least(coalesce(later.valid_until, 'infinity'),
                      coalesce((later.ended_levels ->> level)::date, 'infinity'))
                > ending.valid_until))
union all
select 'card_to_renew', card_id,
       case when organization_id is null then 'centre' else 'organization' end,
       coalesce(area, pool_division), organization_id, null, null, valid_until - 60, valid_until,
       null, null, null
from renewable join person using (person_id) left join body_area using (organization_id)
union all
-- Rectifications (限期整改): done by the organisation, accepted by its centre.
select 'rectification_to_report', measure_id, 'organization', filing_division, organization_id,
       null, null,
       coalesce((select max(returned_on) from rectification_return again
                 where again.measure_id = measure.measure_id), decided_on),
       coalesce(moved_to, (content #>> '{measure,due_on}')::date), null, null,
       null
from measure join standing using (organization_id)
where kind = 'rectification' and accepted_on is null and reported_on is null
union all
select 'rectification_to_accept', measure_id, 'centre', filing_division, organization_id,
       null, null, reported_on, null, null, null, null
from measure join standing using (organization_id)
where kind = 'rectification' and accepted_on is null and reported_on is not null
union all
-- The centre's: changes of entries, and measures that take two persons.
select 'change_to_decide', change_id, 'centre', filing_division, organization_id, null, null,
       requested_on, null, null, 'change_review', requested_on
from organization_change join standing using (organization_id)
where state = 'requested'
union all
select 'measure_to_confirm', organization_id, 'centre', filing_division, organization_id, null,
       proposed_by, proposed_at::date, null, null, null, null
from platform.proposal join standing on aggregate_id = organization_id
where aggregate_kind = 'organization' and action = 'impose_measure' and confirmed_by is null
union all
-- Letters that cannot be delivered, as long as nobody has read the message itself: the centre has a
-- telephone.
select 'letter_undelivered', message_id, 'centre', area, organization_id, null, null, told_on, null,
       null, null, null
from letter join message using (message_id)
where given_up and read_on is null
union all
-- The department's: the directory (统一公布), and what all services go by.
select 'organization_to_publish', organization_id, 'department', filing_division, organization_id,
       null, null,
       platform.last_day_of('organization', organization_id, '{organization_reported}'),
       null, null, null, null
from standing
where status = 'reported'
  and not exists (select from directory_entry entry
                  where entry.organization_id = standing.organization_id
                    and edition = (select max(edition) from directory_edition))
union all
select 'parameter_to_confirm', proposal_id, 'department', '370000', null, null, proposed_by,
       proposed_at::date, null, null, null, null
from platform.proposal where aggregate_kind = 'settings' and confirmed_by is null;
