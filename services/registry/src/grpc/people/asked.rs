//! Questions about people, as requests write them.

use jiff::civil::Date;
use kernel::card_number::CardNumber;
use kernel::division::DivisionCode;
use kernel::ids::{OrganizationId, PersonId};
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use platform::contract::{date, level, occupation, page_size, page_token};
use proto::registry::v1::{
    self as contract, CheckAssignmentsRequest, DescribeResourcesRequest, ListPeopleRequest,
    ListPoolRequest,
};

use super::super::all_there;
use super::enlisting::{home, role};
use crate::app::{Asked, Assignment, Who};
use crate::domain::directory::DirectoryRejection;
use crate::domain::people::assignment::{Duty, MOST_ASSIGNMENTS, QuestionRejection};
use crate::domain::people::pool::{PoolKind, PoolNumber, PoolRejection};

/// Whose people.
pub(super) fn people(request: &ListPeopleRequest) -> Result<Asked, Faults> {
    let mut faults = FaultList::default();
    let home = home(
        &request.organization_id,
        &request.pool_division,
        &mut faults,
    );
    let wanted = match request.role() {
        contract::PersonRole::Unspecified if request.role == 0 => None,
        wanted => faults.take("role", role(wanted)),
    };
    let on = match request.on.as_str() {
        "" => None,
        given => faults.take("on", date(given)),
    };
    let after = page_token(
        &request.page_token,
        PersonId::parse,
        &DirectoryRejection::PageTokenMalformed,
        &mut faults,
    );
    let home = all_there(faults, home)?;
    Ok(Asked {
        home,
        role: wanted.map(|wanted| (wanted, on)),
        after,
        size: page_size(request.page_size),
    })
}

/// Whose resources, and on which day.
pub(super) fn resources(
    request: &DescribeResourcesRequest,
) -> Result<(OrganizationId, Date), Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let on = faults.take("on", date(&request.on));
    all_there(faults, organization.zip(on))
}

/// Which page of which pool.
pub(super) struct Pool {
    pub(super) of: (PoolKind, DivisionCode, Date),
    pub(super) after: Option<PoolNumber>,
    pub(super) size: u32,
}

/// Who may be drawn from where, and when.
pub(super) fn pool(request: &ListPoolRequest) -> Result<Pool, Faults> {
    let mut faults = FaultList::default();
    let kind = faults.take("kind", kind(request.kind()));
    let division = faults.take("division_code", DivisionCode::parse(&request.division_code));
    let on = faults.take("on", date(&request.on));
    // Where it is read otherwise than it stands there, it was never given out.
    let after = page_token(
        &request.page_token,
        |token| {
            let number = PoolNumber::parse(token).ok();
            number.filter(|number| number.as_str() == token).ok_or(())
        },
        &DirectoryRejection::PageTokenMalformed,
        &mut faults,
    );
    let ((kind, division), on) = all_there(faults, kind.zip(division).zip(on))?;
    Ok(Pool {
        of: (kind, division, on),
        after,
        size: page_size(request.page_size),
    })
}

/// Who is to do what, at whose exams.
pub(super) fn assignments(
    request: &CheckAssignmentsRequest,
) -> Result<(OrganizationId, Vec<Assignment>), Faults> {
    let mut faults = FaultList::default();
    let organization = OrganizationId::parse(&request.organization_id);
    let organization = faults.take("organization_id", organization);
    let given = &request.assignments;
    let missing = QuestionRejection::AssignmentsMissing;
    faults.require(!given.is_empty(), "assignments", &missing);
    let limit = MOST_ASSIGNMENTS;
    let too_many = QuestionRejection::TooManyAssignments { limit };
    let few = given.len() <= limit;
    faults.require(few, "assignments", &too_many);
    // Of more than a call may ask none is looked at, or the answer would be as long.
    let given = given.iter().filter(|_| few).enumerate();
    let assignments = given
        .filter_map(|(index, given)| {
            assignment(given, &format!("assignments[{index}]"), &mut faults)
        })
        .collect();
    Ok((all_there(faults, organization)?, assignments))
}

fn assignment(
    given: &contract::Assignment,
    field: &str,
    faults: &mut FaultList,
) -> Option<Assignment> {
    let at = |name: &str| format!("{field}.{name}");
    let who = match (given.card_number.as_str(), given.person_id.as_str()) {
        ("", id) if !id.is_empty() => {
            let id = PersonId::parse(id);
            faults.take(at("person_id"), id).map(Who::Person)
        }
        (number, "") if !number.is_empty() => {
            let number = CardNumber::parse(number);
            faults.take(at("card_number"), number).map(Who::Card)
        }
        _ => {
            faults.add(at("card_number"), &QuestionRejection::PersonUnclear);
            None
        }
    };
    let name = match given.name.as_str() {
        "" => None,
        name => faults.take(at("name"), PersonName::parse(name)),
    };
    let role = faults.take(at("duty"), role(given.duty()));
    let subject = given.occupation.as_ref().and_then(|key| {
        let key = faults.take(at("occupation"), occupation(Some(key)));
        key.zip(faults.take(at("level"), level(given.level)))
    });
    let on = faults.take(at("on"), date(&given.on));
    let duty = Duty {
        role: role?,
        subject,
        on: on?,
    };
    Some(Assignment {
        who: who?,
        name,
        duty,
    })
}

fn kind(given: contract::PoolKind) -> Result<PoolKind, PoolRejection> {
    match given {
        contract::PoolKind::Unspecified => Err(PoolRejection::KindUnknown),
        contract::PoolKind::Expert => Ok(PoolKind::Expert),
        contract::PoolKind::Inspector => Ok(PoolKind::Inspector),
        contract::PoolKind::ExternalSupervisor => Ok(PoolKind::ExternalSupervisor),
    }
}
