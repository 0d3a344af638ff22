//! Objections against selections that are shown: raised by anybody, by name; decided by the centre
//! that decided the selection. How they are looked into in between is [`platform::inquiry`]'s.

use jiff::civil::Date;
use kernel::ids::{LeadId, ObjectionId, PublicNoticeId};
use kernel::inquiry::{Channel, Party, of_age};
use kernel::public_notice::{NoticeRejection, ObjectionOutcome, RowKey};
use kernel::rejection::{FaultList, Faults};
use kernel::working_day::DeadlineRule;
use kernel::written::Written;
use platform::access::Caller;
use platform::inquiry::{self, InquiryRejection, Opening};
use platform::unit::{Begun, Unit};
use platform::{Error, Result};
use proto::review::v1 as review;
use uuid::Uuid;

use super::{App, Case, Today};
use crate::domain::refusal::SelectionRejection;
use crate::domain::{Application, Command};
use crate::store;

/// What an objection says.
pub(crate) struct Objection {
    /// Where it is shown.
    pub(crate) notice: PublicNoticeId,
    /// The row.
    pub(crate) row: RowKey,
    /// Who objects.
    pub(crate) party: Party,
    /// Why.
    pub(crate) grounds: Written,
}

/// What a hint says.
pub(crate) struct Lead {
    /// Where it is shown.
    pub(crate) notice: PublicNoticeId,
    /// The row.
    pub(crate) row: RowKey,
    /// The hint.
    pub(crate) hint: Written,
}

impl App {
    /// Takes an objection; the selection is held from now on.
    pub(crate) async fn raise_objection(
        &self,
        caller: &Caller,
        request: &review::RaiseObjectionRequest,
        objection: Objection,
    ) -> Result<review::RaiseObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let case = shown(&mut unit, objection.notice).await?;
        let today = unit.today();
        let came = (Channel::Online, today);
        let (id, receipt_code) = take_objection(&mut unit, case, objection, came).await?;
        unit.finish(review::RaiseObjectionResponse {
            objection_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Takes an objection that a clerk of the centre enters, as of the day on which it came in.
    pub(crate) async fn record_objection(
        &self,
        caller: &Caller,
        request: &review::RecordObjectionRequest,
        objection: Objection,
        came: (Channel, Date),
    ) -> Result<review::RecordObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let case = shown(&mut unit, objection.notice).await?;
        require_seen(caller, &case.application)?;
        inquiry::require_centre(caller, case.application.filing_division)?;
        let (id, receipt_code) = take_objection(&mut unit, case, objection, came).await?;
        unit.finish(review::RecordObjectionResponse {
            objection_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Keeps a hint about a selection that is or was shown. It holds nothing.
    pub(crate) async fn lodge_lead(
        &self,
        caller: &Caller,
        request: &review::LodgeLeadRequest,
        lead: Lead,
    ) -> Result<review::LodgeLeadResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let case = shown(&mut unit, lead.notice).await?;
        let day = Today::of(&mut unit).await?;
        let id = LeadId::from_uuid(Uuid::now_v7());
        let due = day.due(DeadlineRule::ObjectionResolution, day.date);
        if lead.row != case.application.row_key() {
            return Err(Faults::at("row_key", &NoticeRejection::RowUnknown).into());
        }
        let opening = Opening {
            id: id.into(),
            area: case.application.filing_division,
            organization: case.application.organization,
            about: about(lead.notice, &case.application),
            party: None,
            channel: Channel::Online,
            statement: &lead.hint,
            received_on: day.date,
            due: due.map_err(Faults::from)?,
        };
        let receipt_code = inquiry::open(&mut unit, opening).await?;
        unit.finish(review::LodgeLeadResponse {
            lead_id: id.to_string(),
            receipt_code,
        })
        .await
    }

    /// Decides an objection. Dismissed, the selection goes on, and is final with the next sweep if
    /// its last day is over; upheld, it does not stand, and the application is assessed anew.
    pub(crate) async fn resolve_objection(
        &self,
        caller: &Caller,
        request: &review::ResolveObjectionRequest,
        objection: ObjectionId,
        outcome: ObjectionOutcome,
        reason: &Written,
    ) -> Result<review::ResolveObjectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let application = store::objection::application(unit.connection(), objection).await?;
        let case = Case::open(&mut unit, caller, application).await;
        let mut case = case.map_err(as_unknown)?;
        let inquiry = inquiry::Case::of_centre(&mut unit, caller, objection.into());
        inquiry.await?.close(&mut unit, reason).await?;
        case.act(&mut unit, Command::ResolveObjection(objection, outcome))
            .await?;
        let today = unit.today();
        store::objection::decide(unit.connection(), objection, outcome, today).await?;
        unit.finish(review::ResolveObjectionResponse {}).await
    }
}

/// The application whose selection a notice shows, under lock. A public notice is everybody's.
async fn shown(unit: &mut Unit, notice: PublicNoticeId) -> Result<Case> {
    let application = store::public_notice::application(unit.connection(), notice).await?;
    Case::open_own(unit, application).await
}

/// A centre acts on what lies in its area, and elsewhere finds nothing.
fn require_seen(caller: &Caller, shown: &Application) -> Result<()> {
    if caller
        .scope()
        .covers(shown.filing_division, shown.organization)
    {
        Ok(())
    } else {
        Err(Error::refused(SelectionRejection::PublicNoticeNotFound))
    }
}

/// The objection's id and the code by which whoever raised it asks about it.
async fn take_objection(
    unit: &mut Unit,
    mut case: Case,
    objection: Objection,
    (channel, received_on): (Channel, Date),
) -> Result<(ObjectionId, String)> {
    let Objection {
        notice,
        row,
        party,
        grounds,
    } = objection;
    let day = Today::of(unit).await?;
    let id = ObjectionId::from_uuid(Uuid::now_v7());
    let command = || Command::RaiseObjection {
        objection: id,
        row: row.clone(),
        on: received_on,
    };
    let mut faults = FaultList::default();
    let future = InquiryRejection::ReceivedInFuture;
    faults.require(received_on <= day.date, "received_on", &future);
    require_open(&case.application, notice)?;
    if let Err(refused) = case.application.decide(command(), &day.context()) {
        faults.extend(refused);
    }
    faults.take("party.citizen_id", of_age(&party.citizen_id, day.date));
    let due = day.due(DeadlineRule::ObjectionResolution, received_on);
    let due = faults.take("received_on", due);
    faults.finish()?;
    let opening = Opening {
        id: id.into(),
        area: case.application.filing_division,
        organization: case.application.organization,
        about: about(notice, &case.application),
        party: Some(&party),
        channel,
        statement: &grounds,
        received_on,
        due: due.expect("a missing value is a fault, and there was none"),
    };
    let receipt_code = inquiry::open(unit, opening).await?;
    case.act(unit, command()).await?;
    store::objection::insert(unit.connection(), id, notice).await?;
    Ok((id, receipt_code))
}

/// Lets nobody object to what is decided for good, or was shown before an application was selected
/// anew.
fn require_open(application: &Application, notice: PublicNoticeId) -> Result<()> {
    let selection = application.selection.as_ref();
    let shown = selection.filter(|selection| selection.notice.id() == notice);
    match shown {
        Some(shown) if !shown.notice.is_concluded() => Ok(()),
        _ => Err(Error::refused(NoticeRejection::Closed)),
    }
}

/// What is said of a row; an application that is selected anew has another notice.
fn about(notice: PublicNoticeId, application: &Application) -> String {
    format!("{notice} {}", application.row_key())
}

/// An objection to somebody else's application is none that the caller could know of.
fn as_unknown(error: Error) -> Error {
    match error {
        Error::Refused(_) => Error::refused(InquiryRejection::NotFound),
        other => other,
    }
}
