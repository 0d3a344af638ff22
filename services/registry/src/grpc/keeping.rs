//! What happens to organisations, over gRPC.

use jiff::civil::Date;
use kernel::contact::{email, phone};
use kernel::division::DivisionCode;
use kernel::ids::{ChangeId, MeasureId, OrganizationId, RightId};
use kernel::level::Level;
use kernel::person_name::PersonName;
use kernel::rejection::{FaultList, Faults};
use platform::Error;
use platform::access::caller;
use platform::contract::{GivenMeasure, date, level, line, page_size, page_token, text};
use platform::proposal::parse_confirmation;
use platform::unit::parsed;
use proto::common::v1::MeasureKind;
use proto::registry::v1::keeping_service_server::KeepingService;
use proto::registry::v1::{
    AcceptRectificationRequest, AcceptRectificationResponse, ChangeContactRequest,
    ChangeContactResponse, ConfirmMeasureRequest, ConfirmMeasureResponse, DecideChangeRequest,
    DecideChangeResponse, GiveUpRightsRequest, GiveUpRightsResponse, ImposeMeasureRequest,
    ImposeMeasureResponse, ListChangesRequest, ListChangesResponse, ListMeasuresRequest,
    ListMeasuresResponse, ProposeMeasureRequest, ProposeMeasureResponse,
    ReportRectificationRequest, ReportRectificationResponse, RequestChangeRequest,
    RequestChangeResponse, ResumeRightsRequest, ResumeRightsResponse, RightToGiveUp,
};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{Registry, all_there};
use crate::app::GivingUp;
use crate::domain::directory::DirectoryRejection;
use crate::domain::organization::change::{ChangeRejection, Contact, NewEntry};
use crate::domain::organization::ending::Relinquished;
use crate::domain::organization::measure::{Measure, MeasureRejection, Progress, Proposed};
use crate::messages::keeping;

/// Characters of a reason, a finding or a report.
const MOST_WORDS: usize = 2000;
/// Rights that a call may name: more than any organisation has.
const MOST_RIGHTS: usize = 500;

#[tonic::async_trait]
impl KeepingService for Registry {
    async fn change_contact(
        &self,
        request: Request<ChangeContactRequest>,
    ) -> Result<Response<ChangeContactResponse>, Status> {
        let (id, contact) = parsed(request.get_ref(), parse_contact(request.get_ref()))?;
        let reply = self
            .app
            .change_contact(caller(&request), request.get_ref(), id, &contact)
            .await?;
        Ok(Response::new(reply))
    }

    async fn request_change(
        &self,
        request: Request<RequestChangeRequest>,
    ) -> Result<Response<RequestChangeResponse>, Status> {
        let (id, entry, reason) = parsed(request.get_ref(), parse_change(request.get_ref()))?;
        let reply = self
            .app
            .request_change(caller(&request), request.get_ref(), id, entry, reason)
            .await?;
        Ok(Response::new(reply))
    }

    async fn decide_change(
        &self,
        request: Request<DecideChangeRequest>,
    ) -> Result<Response<DecideChangeResponse>, Status> {
        let form = parse_decision(request.get_ref());
        let (id, change, declined_because) = parsed(request.get_ref(), form)?;
        let caller = caller(&request);
        let reply = self
            .app
            .decide_change(caller, request.get_ref(), id, change, declined_because)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        let asked = request.get_ref();
        let (id, before) = parse_page(&asked.organization_id, &asked.page_token, ChangeId::parse)?;
        let size = page_size(asked.page_size);
        let (changes, more) = self.app.changes(caller(&request), id, before, size).await?;
        let next_page_token = match changes.last() {
            Some(last) if more => last.change.id.to_string(),
            _ => String::new(),
        };
        let changes = changes.into_iter();
        Ok(Response::new(ListChangesResponse {
            changes: changes
                .map(|shown| keeping::change(&shown.change, shown.legal_representative))
                .collect(),
            next_page_token,
        }))
    }

    async fn give_up_rights(
        &self,
        request: Request<GiveUpRightsRequest>,
    ) -> Result<Response<GiveUpRightsResponse>, Status> {
        let (id, giving_up) = parsed(request.get_ref(), parse_giving_up(request.get_ref()))?;
        let caller = caller(&request);
        let reply = self
            .app
            .give_up_rights(caller, request.get_ref(), id, &giving_up)
            .await?;
        Ok(Response::new(reply))
    }

    async fn impose_measure(
        &self,
        request: Request<ImposeMeasureRequest>,
    ) -> Result<Response<ImposeMeasureResponse>, Status> {
        let asked = request.get_ref();
        let given = GivenMeasure {
            kind: asked.kind,
            grounds: &asked.grounds,
            effective_on: &asked.effective_on,
            due_on: &asked.due_on,
            right_ids: &[],
            ongoing_batches: 0,
        };
        let today = self.app.today()?;
        let form = match asked.kind() {
            MeasureKind::Suspension | MeasureKind::Withdrawal => {
                Err(Faults::at("kind", &MeasureRejection::TakesTwoPersons))
            }
            _ => parse_measure(&asked.organization_id, &given, &asked.statement, today),
        };
        let (id, proposed) = parsed(asked, form)?;
        let reply = self
            .app
            .impose_measure(caller(&request), asked, id, proposed)
            .await?;
        Ok(Response::new(reply))
    }

    async fn report_rectification(
        &self,
        request: Request<ReportRectificationRequest>,
    ) -> Result<Response<ReportRectificationResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = parse_measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let report = faults.take("report", text(&asked.report, MOST_WORDS));
        let (of, report) = parsed(asked, all_there(faults, of.zip(report)))?;
        let reply = self
            .app
            .report_rectification(caller(&request), asked, of, &report)
            .await?;
        Ok(Response::new(reply))
    }

    async fn accept_rectification(
        &self,
        request: Request<AcceptRectificationRequest>,
    ) -> Result<Response<AcceptRectificationResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = parse_measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let of = parsed(asked, all_there(faults, of))?;
        let reply = self
            .app
            .accept_rectification(caller(&request), asked, of)
            .await?;
        Ok(Response::new(reply))
    }

    async fn propose_measure(
        &self,
        request: Request<ProposeMeasureRequest>,
    ) -> Result<Response<ProposeMeasureResponse>, Status> {
        let asked = request.get_ref();
        let given = GivenMeasure {
            kind: asked.kind,
            grounds: &asked.grounds,
            effective_on: &asked.effective_on,
            due_on: &asked.due_on,
            right_ids: &asked.right_ids,
            ongoing_batches: asked.ongoing_batches,
        };
        let today = self.app.today()?;
        let form = parse_measure(&asked.organization_id, &given, &asked.statement, today);
        let (id, proposed) = parsed(asked, form)?;
        let reply = self
            .app
            .propose_measure(caller(&request), asked, id, proposed)
            .await?;
        Ok(Response::new(reply))
    }

    async fn confirm_measure(
        &self,
        request: Request<ConfirmMeasureRequest>,
    ) -> Result<Response<ConfirmMeasureResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let id = OrganizationId::parse(&asked.organization_id);
        let id = faults.take("organization_id", id);
        let stated = parse_confirmation(asked.confirmation.as_ref());
        let stated = stated.map_err(|refused| faults.extend(refused)).ok();
        let (id, stated) = parsed(asked, all_there(faults, id.zip(stated)))?;
        let reply = self
            .app
            .confirm_measure(caller(&request), asked, id, stated)
            .await?;
        Ok(Response::new(reply))
    }

    async fn resume_rights(
        &self,
        request: Request<ResumeRightsRequest>,
    ) -> Result<Response<ResumeRightsResponse>, Status> {
        let asked = request.get_ref();
        let mut faults = FaultList::default();
        let of = parse_measure_ids(&asked.organization_id, &asked.measure_id, &mut faults);
        let resumes_on = faults.take("resumes_on", date(&asked.resumes_on));
        let reason = faults.take("reason", text(&asked.reason, MOST_WORDS));
        let (of, resumption) = parsed(asked, all_there(faults, of.zip(resumes_on.zip(reason))))?;
        let reply = self
            .app
            .resume_rights(caller(&request), asked, of, resumption)
            .await?;
        Ok(Response::new(reply))
    }

    async fn list_measures(
        &self,
        request: Request<ListMeasuresRequest>,
    ) -> Result<Response<ListMeasuresResponse>, Status> {
        let asked = request.get_ref();
        let (id, before) = parse_page(&asked.organization_id, &asked.page_token, MeasureId::parse)?;
        let size = page_size(asked.page_size);
        let (measures, more, today) = self
            .app
            .measures(caller(&request), id, before, size)
            .await?;
        let next_page_token = match measures.last() {
            Some(last) if more => last.measure.measure_id.to_string(),
            _ => String::new(),
        };
        let measures = measures.iter();
        Ok(Response::new(ListMeasuresResponse {
            measures: measures
                .map(|measure| keeping::measure(measure, today))
                .collect(),
            next_page_token,
        }))
    }
}

fn parse_page<I, E>(
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

fn parse_contact(request: &ChangeContactRequest) -> Result<(OrganizationId, Contact), Faults> {
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

fn parse_change(
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
fn parse_decision(
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

fn parse_giving_up(request: &GiveUpRightsRequest) -> Result<(OrganizationId, GivingUp), Faults> {
    let mut faults = FaultList::default();
    let id = faults.take(
        "organization_id",
        OrganizationId::parse(&request.organization_id),
    );
    let rights = request.rights.iter().take(MOST_RIGHTS).enumerate();
    let rights: Vec<_> = rights
        .map(|(index, right)| parse_right(right, &format!("rights[{index}]"), &mut faults))
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

fn parse_right(given: &RightToGiveUp, field: &str, faults: &mut FaultList) -> Option<Relinquished> {
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

fn parse_measure_ids(
    organization_id: &str,
    measure_id: &str,
    faults: &mut FaultList,
) -> Option<(OrganizationId, MeasureId)> {
    let id = faults.take("organization_id", OrganizationId::parse(organization_id));
    let measure = faults.take("measure_id", MeasureId::parse(measure_id));
    id.zip(measure)
}

/// A measure as it is asked for today; who decides it is added under the organisation's lock.
fn parse_measure(
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
