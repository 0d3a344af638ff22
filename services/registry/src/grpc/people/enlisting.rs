//! The people of a home, as requests write them.

use jiff::civil::Date;
use kernel::citizen_id::CitizenId;
use kernel::credit_code::UnifiedSocialCreditCode;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use platform::contract::{date, line};
use platform::upload::Part;
use proto::registry::v1::import_people_request as sent;
use proto::registry::v1::{
    self as contract, EndEngagementRequest, EngagePersonRequest, EnlistPersonRequest,
    ImportPeopleRequest, PeopleHeader, UpdatePersonRequest,
};

use super::super::{all_there, occupations};
use crate::app::NewPerson;
use crate::domain::people::engagement::{
    Engagement, EngagementRejection, MOST_ENGAGEMENTS, PersonRole, Proof,
};
use crate::domain::people::home::{Home, HomeRejection};
use crate::domain::people::person::Candidate;
use crate::domain::people::pool::{MOST_OF_A_LIST, PoolEntry, PoolNumber, PoolRejection};

/// Longest texts, in characters.
const POSITION: usize = 50;
const FIELD: usize = 50;
const EMPLOYER: usize = 100;
const RANK: usize = 50;

/// Somebody new.
pub(super) fn new_person(request: &EnlistPersonRequest) -> Result<NewPerson, Faults> {
    let mut faults = FaultList::default();
    let home = home(
        &request.organization_id,
        &request.pool_division,
        &mut faults,
    );
    let name = faults.take("name", PersonName::parse(&request.name));
    let citizen_id = faults.take("citizen_id", CitizenId::parse(&request.citizen_id));
    // One more than a call takes tells that there are too many; all of them could be very many.
    let given = request.engagements.iter().take(MOST_ENGAGEMENTS + 1);
    let engagements: Vec<_> = given
        .enumerate()
        .filter_map(|(index, given)| {
            engagement(given, &format!("engagements[{index}]"), &mut faults)
        })
        .collect();
    let pool_entry = request
        .pool_entry
        .as_ref()
        .and_then(|given| pool_entry(given, &mut faults));
    let ((home, name), citizen_id) = all_there(faults, home.zip(name).zip(citizen_id))?;
    Ok(NewPerson {
        name,
        citizen_id,
        candidate: Candidate {
            home,
            engagements,
            pool_entry,
        },
    })
}

/// What a message of an import brings.
pub(super) fn part(request: ImportPeopleRequest) -> Option<Part<PeopleHeader>> {
    Some(match request.part? {
        sent::Part::Header(header) => Part::Header(header),
        sent::Part::Content(piece) => Part::Content(piece),
    })
}

/// Whose people are imported.
pub(super) fn organization(header: &PeopleHeader) -> Result<OrganizationId, Faults> {
    let id = OrganizationId::parse(&header.organization_id);
    id.map_err(|refused| Faults::at("organization_id", &refused))
}

/// Whose entry is corrected, and how.
pub(super) fn correction(
    request: &UpdatePersonRequest,
) -> Result<(PersonId, (PersonName, Option<PoolEntry>)), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("person_id", PersonId::parse(&request.person_id));
    let name = faults.take("name", PersonName::parse(&request.name));
    let entry = request.pool_entry.as_ref();
    let entry = entry.and_then(|given| pool_entry(given, &mut faults));
    let (id, name) = all_there(faults, id.zip(name))?;
    Ok((id, (name, entry)))
}

/// Who is engaged, and how.
pub(super) fn engaging(request: &EngagePersonRequest) -> Result<(PersonId, Engagement), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("person_id", PersonId::parse(&request.person_id));
    let given = request.engagement.as_ref();
    let missing = EngagementRejection::EngagementsMissing;
    let given = faults.take("engagement", given.ok_or(missing));
    let engagement = given.and_then(|given| engagement(given, "engagement", &mut faults));
    all_there(faults, id.zip(engagement))
}

/// Whose duty ends, and when.
pub(super) fn ending(
    request: &EndEngagementRequest,
) -> Result<(PersonId, (PersonRole, Date)), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("person_id", PersonId::parse(&request.person_id));
    let role = faults.take("role", role(request.role()));
    let until = faults.take("on_post_until", date(&request.on_post_until));
    all_there(faults, id.zip(role.zip(until)))
}

/// The home: one of the two.
pub(super) fn home(organization: &str, pool: &str, faults: &mut FaultList) -> Option<Home> {
    match (organization, pool) {
        ("", "") => {
            faults.add("organization_id", &HomeRejection::HomeUnclear);
            None
        }
        (organization, "") => {
            let organization = OrganizationId::parse(organization);
            faults
                .take("organization_id", organization)
                .map(Home::Organization)
        }
        ("", pool) => faults
            .take("pool_division", DivisionCode::parse(pool))
            .map(Home::Pool),
        _ => {
            faults.add("pool_division", &HomeRejection::HomeUnclear);
            None
        }
    }
}

/// What somebody does, and when.
pub(super) fn engagement(
    given: &contract::Engagement,
    field: &str,
    faults: &mut FaultList,
) -> Option<Engagement> {
    let at = |name: &str| format!("{field}.{name}");
    let role = faults.take(at("role"), role(given.role()));
    let from = faults.take(at("on_post_from"), date(&given.on_post_from));
    let until = match given.on_post_until.as_str() {
        "" => None,
        until => faults.take(at("on_post_until"), date(until)),
    };
    let position = optional_line(&given.position, POSITION, at("position"), faults);
    let proof = faults.take(at("proof"), proof(given.proof()));
    Some(Engagement {
        role: role?,
        full_time: given.full_time,
        from: from?,
        until,
        position,
        proof: proof?,
    })
}

/// What a centre knows of somebody in its pool.
pub(super) fn pool_entry(given: &contract::PoolEntry, faults: &mut FaultList) -> Option<PoolEntry> {
    let at = |name: &str| format!("pool_entry.{name}");
    let number = faults.take(at("number"), PoolNumber::parse(&given.number));
    let some = !given.fields.is_empty();
    faults.require(some, at("fields"), &PoolRejection::FieldsMissing);
    let too_many = PoolRejection::TooMany {
        limit: MOST_OF_A_LIST,
    };
    for (name, length) in [
        ("fields", given.fields.len()),
        ("occupations", given.occupations.len()),
    ] {
        faults.require(length <= MOST_OF_A_LIST, at(name), &too_many);
    }
    let fields = given.fields.iter().take(MOST_OF_A_LIST).enumerate();
    let fields = fields
        .filter_map(|(index, text)| {
            faults.take(format!("pool_entry.fields[{index}]"), line(text, FIELD))
        })
        .collect();
    let occupations = occupations(&given.occupations, MOST_OF_A_LIST, &at(""), faults);
    let employer = match given.employer_credit_code.as_str() {
        "" => None,
        code => faults.take(
            at("employer_credit_code"),
            UnifiedSocialCreditCode::parse(code),
        ),
    };
    let employer_name = at("employer_name");
    let employer_name = optional_line(&given.employer_name, EMPLOYER, employer_name, faults);
    let rank = optional_line(&given.rank, RANK, at("rank"), faults);
    Some(PoolEntry {
        number: number?,
        fields,
        occupations,
        employer_name,
        employer,
        rank,
    })
}

/// A [`line`] that may be left out.
fn optional_line(given: &str, limit: usize, field: String, faults: &mut FaultList) -> String {
    if given.is_empty() {
        return String::new();
    }
    faults.take(field, line(given, limit)).unwrap_or_default()
}

/// What somebody does.
pub(super) fn role(given: contract::PersonRole) -> Result<PersonRole, EngagementRejection> {
    match given {
        contract::PersonRole::Unspecified => Err(EngagementRejection::RoleUnknown),
        contract::PersonRole::Manager => Ok(PersonRole::Manager),
        contract::PersonRole::Staff => Ok(PersonRole::Staff),
        contract::PersonRole::Examiner => Ok(PersonRole::Examiner),
        contract::PersonRole::SeniorExaminer => Ok(PersonRole::SeniorExaminer),
        contract::PersonRole::Invigilator => Ok(PersonRole::Invigilator),
        contract::PersonRole::InternalSupervisor => Ok(PersonRole::InternalSupervisor),
        contract::PersonRole::ExternalSupervisor => Ok(PersonRole::ExternalSupervisor),
        contract::PersonRole::Expert => Ok(PersonRole::Expert),
        contract::PersonRole::Inspector => Ok(PersonRole::Inspector),
    }
}

fn proof(given: contract::ProofOfEmployment) -> Result<Proof, EngagementRejection> {
    match given {
        contract::ProofOfEmployment::Unspecified => Err(EngagementRejection::ProofUnknown),
        contract::ProofOfEmployment::SocialInsurance => Ok(Proof::SocialInsurance),
        contract::ProofOfEmployment::Contract => Ok(Proof::Contract),
        contract::ProofOfEmployment::CooperationAgreement => Ok(Proof::CooperationAgreement),
        contract::ProofOfEmployment::LetterOfAppointment => Ok(Proof::LetterOfAppointment),
    }
}
