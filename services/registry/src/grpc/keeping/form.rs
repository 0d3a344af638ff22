//! What organisations and centres write of changes, rights and measures, with all that is wrong with it.

use jiff::civil::Date;
use kernel::contact::{email, phone};
use kernel::division::DivisionCode;
use kernel::ids::{ChangeId, MeasureId, OrganizationId, RightId};
use kernel::level::Level;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::contract::{GivenMeasure, date, level, line, page_token, text};
use proto::registry::v1::{
    ChangeContactRequest, DecideChangeRequest, GiveUpRightsRequest, RequestChangeRequest,
    RightToGiveUp,
};
use tonic::Status;
use uuid::Uuid;

use super::MOST_WORDS;
use crate::app::GivingUp;
use crate::domain::directory::DirectoryRejection;
use crate::domain::organization::change::{ChangeRejection, Contact, NewEntry};
use crate::domain::organization::ending::Relinquished;
use crate::domain::organization::measure::{Measure, Progress, Proposed};
use crate::grpc::all_there;

/// Rights that a call may name: more than any organisation has.
const MOST_RIGHTS: usize = 500;

/// Whose list, and where its page begins.
pub(super) fn page<I, E>(
    organization_id: &str,
    token: &str,
    read: impl FnOnce(&str) -> Result<I, E>,
) -> Result<(OrganizationId, Option<I>), Status> {
    let mut faults = FaultList::default();
    let id = faults.take("organization_id", OrganizationId::parse(organization_id));
    let refused = DirectoryRejection::PageTokenMalformed;
    let before = page_token(token, read, &refused, &mut faults);
    let id = all_there(faults, id).map_err(Error::from)?;
    Ok((id, before))
}

/// Whose contact, and which.
pub(super) fn contact(request: &ChangeContactRequest) -> Result<(OrganizationId, Contact), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let Some(given) = &request.contact else {
        faults.add("contact", &ChangeRejection::ContactMissing);
        return Err(faults.finish().expect_err("one was noted"));
    };
    let office = faults.take("contact.office", line(&given.office, 100));
    let number = faults
        .take("contact.phone", line(&given.phone, 40))
        .and_then(|number| faults.take("contact.phone", phone(&number)));
    let address = match given.email.as_str() {
        "" => Some(String::new()),
        given => faults
            .take("contact.email", line(given, 100))
            .and_then(|address| faults.take("contact.email", email(&address))),
    };
    let contact = office.zip(number).zip(address);
    let (id, ((office, phone), email)) = all_there(faults, id.zip(contact))?;
    let contact = Contact {
        office,
        phone,
        email,
    };
    Ok((id, contact))
}

/// What is to change, and why.
pub(super) fn change(
    request: &RequestChangeRequest,
) -> Result<(OrganizationId, NewEntry, String), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let mut given = |field, given: &str, limit| match given {
        "" => None,
        given => faults.take(field, line(given, limit)),
    };
    let name = given("name", &request.name, 100);
    let address = given("address", &request.address, 200);
    let legal_representative = match request.legal_representative.as_str() {
        "" => None,
        given => faults.take("legal_representative", PersonName::parse(given)),
    };
    let reason = faults.take("reason", text(&request.reason, MOST_WORDS));
    let (id, reason) = all_there(faults, id.zip(reason))?;
    let entry = NewEntry {
        name,
        address,
        legal_representative,
    };
    Ok((id, entry, reason))
}

/// Which change, and why it is declined where it is.
pub(super) fn decision(
    request: &DecideChangeRequest,
) -> Result<(OrganizationId, ChangeId, Option<String>), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let change = faults.take("change_id", ChangeId::parse(&request.change_id));
    let declined_because = if request.approve {
        None
    } else {
        faults.take("reason", text(&request.reason, MOST_WORDS))
    };
    let (id, change) = all_there(faults, id.zip(change))?;
    Ok((id, change, declined_because))
}

/// What is given up, from when on and why.
pub(super) fn giving_up(
    request: &GiveUpRightsRequest,
) -> Result<(OrganizationId, GivingUp), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let rights = request.rights.iter().take(MOST_RIGHTS).enumerate();
    let rights: Vec<_> = rights
        .map(|(index, right)| self::right(right, &format!("rights[{index}]"), &mut faults))
        .collect();
    let from = faults.take("from", date(&request.from));
    let reason = faults.take("reason", text(&request.reason, MOST_WORDS));
    let (id, giving_up) = all_there(faults, id.zip(from.zip(reason)))?;
    let (from, reason) = giving_up;
    let giving_up = GivingUp {
        rights: rights.into_iter().flatten().collect(),
        from,
        reason,
    };
    Ok((id, giving_up))
}

/// What of one right is given up.
fn right(given: &RightToGiveUp, field: &str, faults: &mut FaultList) -> Option<Relinquished> {
    let right_id = faults.take(format!("{field}.right_id"), RightId::parse(&given.right_id));
    let levels = given.levels.iter().take(Level::ALL.len()).enumerate();
    let levels = levels
        .filter_map(|(index, given)| faults.take(format!("{field}.levels[{index}]"), level(*given)))
        .collect();
    Some(Relinquished {
        right_id: right_id?,
        levels,
    })
}

/// Which measure on whom.
pub(super) fn measure_ids(
    organization_id: &str,
    measure_id: &str,
    faults: &mut FaultList,
) -> Option<(OrganizationId, MeasureId)> {
    let id = faults.take("organization_id", OrganizationId::parse(organization_id));
    let measure = faults.take("measure_id", MeasureId::parse(measure_id));
    id.zip(measure)
}

/// A measure as it is asked for today; who decides it is added under the organisation's lock.
pub(super) fn measure(
    organization_id: &str,
    given: &GivenMeasure<'_>,
    statement: &str,
    today: Date,
) -> Result<(OrganizationId, Proposed), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take("organization_id", OrganizationId::parse(organization_id));
    let order = given.read(today, &mut faults);
    let statement = faults.take("statement", text(statement, MOST_WORDS));
    let (id, (order, statement)) = all_there(faults, id.zip(order.zip(statement)))?;
    let measure = Measure {
        measure_id: MeasureId::from_uuid(Uuid::now_v7()),
        order,
        decided_by: DivisionCode::PROVINCE,
        decided_on: today,
        origin: None,
        progress: Progress::default(),
    };
    Ok((id, Proposed { measure, statement }))
}
