-- What waits in the register, and for whom (`platform::desk`); the kinds have their names in
-- `src/desk.rs`.

create index measure_unaccepted on measure (organization_id)
    where kind = 'rectification' and accepted_on is null;

create or replace view platform.desk as
with standing as (
    select organization_id, filing_division, registered_on, status from organization
    where not exists (select from measure
                      where measure.organization_id = organization.organization_id
                        and kind = 'withdrawal')
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
-- Rectifications (限期整改): done by the organisation, accepted by its centre.
select 'rectification_to_report', measure_id, 'organization', filing_division, organization_id,
       null, null, decided_on, (content #>> '{measure,due_on}')::date, null, null, null
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
select 'letter_undelivered', message_id, 'centre', body_area.area, organization_id, null, null,
       told_on, null, null, null, null
from letter join message using (message_id) join body_area using (organization_id)
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
