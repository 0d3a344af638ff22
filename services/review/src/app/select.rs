//! The decision by two persons to select, which opens the public notice.

use jiff::civil::Date;
use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, PublicNoticeId, SelectionId};
use kernel::two_persons::Stated;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Result, proposal};
use proto::review::v1 as review;
use sqlx::PgConnection;
use uuid::Uuid;

use super::reject::REJECT;
use super::{App, Case};
use crate::domain::{
    Application, Ascertained, CityQuota, Command, Confirming, Decision, OccupationScope, Purpose,
    Room,
};
use crate::{messages, store};

/// What is proposed and confirmed.
pub(super) const SELECT: &str = "select_organization";

impl App {
    /// First person: proposes the selection and its scope.
    pub(crate) async fn propose_selection(
        &self,
        caller: &Caller,
        request: &review::ProposeSelectionRequest,
        id: ApplicationId,
        granted: Vec<OccupationScope>,
    ) -> Result<review::ProposeSelectionResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let (_, found) = self.found_again(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let hash = case.application.decision_hash(&Decision::Select(&granted));
        let content = granted.clone();
        let organization = case.application.organization;
        let holdings = &store::applicant::find(unit.connection(), organization).await?;
        let proposing = Command::ProposeSelection {
            granted,
            holdings,
            found: &found,
        };
        case.act(&mut unit, proposing).await?;
        // One decision waits for its second person.
        proposal::void(&mut unit, &case.locked, REJECT).await?;
        let proposal =
            proposal::propose(&mut unit, &case.locked, caller, SELECT, hash, &content).await?;
        let full = match city_whose_place_it_takes(&case.application) {
            Some(city) => {
                let quota =
                    store::applicant::quota(unit.connection(), city, case.today.date).await?;
                quota.takes_one_more(&case.today.pilot).err()
            }
            None => None,
        };
        unit.finish(review::ProposeSelectionResponse {
            proposal: Some(proposal),
            warnings: full.iter().map(messages::warning).collect(),
        })
        .await
    }

    /// Second person: confirms what was proposed, if all that it rests on is still the same.
    pub(crate) async fn confirm_selection(
        &self,
        caller: &Caller,
        request: &review::ConfirmSelectionRequest,
        id: ApplicationId,
        stated: Stated,
    ) -> Result<review::ConfirmSelectionResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let (division, found) = self.found_again(caller, id).await?;
        let (area, contact) = self.filing_authority(division).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        let Case {
            locked,
            application,
            today,
            ..
        } = &case;
        let granted = proposal::confirm(
            &mut unit,
            locked,
            caller,
            SELECT,
            stated,
            |granted: &Vec<OccupationScope>| application.decision_hash(&Decision::Select(granted)),
        )
        .await?
        .content;
        let snapshot = application.snapshot(&granted, &area, contact, &today.context())?;
        let connection = unit.connection();
        let holdings = store::applicant::lock(connection, application.organization).await?;
        let confirming = Confirming {
            selection: SelectionId::from_uuid(Uuid::now_v7()),
            notice: PublicNoticeId::from_uuid(Uuid::now_v7()),
            granted,
            snapshot: &snapshot,
            room: Room {
                holdings: &holdings,
                quota: lock_quota(connection, application, today.date).await?,
            },
            found: &found,
        };
        case.act(&mut unit, Command::ConfirmSelection(confirming))
            .await?;
        let mut public_notice = None;
        if let Some(selection) = &case.application.selection {
            let traceparent = unit.origin().traceparent.clone();
            store::public_notice::insert(unit.connection(), id, selection, &snapshot, &traceparent)
                .await?;
            public_notice = Some(messages::public_notice(&selection.notice, snapshot));
        }
        unit.finish(review::ConfirmSelectionResponse { public_notice })
            .await
    }

    /// Where an application is filed, and what is so of it today. Without the registry nobody is
    /// selected.
    async fn found_again(
        &self,
        caller: &Caller,
        id: ApplicationId,
    ) -> Result<(DivisionCode, Ascertained)> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = store::application::find(&mut connection, &caller.scope(), id).await?;
        drop(connection);
        let (found, unheard) = self.ascertain(&application).await?;
        unheard.map_or(Ok((application.filing_division, found)), Err)
    }

    /// Name of the area where an application is filed, and where objections go there.
    async fn filing_authority(&self, division: DivisionCode) -> Result<(String, &str)> {
        let contact = self.objection_contacts.get(&division);
        let contact = contact.ok_or_else(|| {
            anyhow::anyhow!("public_notice.objection_contacts does not know {division}")
        })?;
        Ok((self.registry.division_name(division).await?, contact))
    }
}

/// The quota from which a selection takes a place, under lock.
async fn lock_quota(
    connection: &mut PgConnection,
    application: &Application,
    today: Date,
) -> Result<Option<CityQuota>> {
    match city_whose_place_it_takes(application) {
        Some(city) => {
            let quota = store::applicant::lock_quota(connection, city, today).await?;
            Ok(Some(quota))
        }
        None => Ok(None),
    }
}

/// Only a first selection takes a place, and only one of a city.
fn city_whose_place_it_takes(application: &Application) -> Option<DivisionCode> {
    let division = application.filing_division;
    (application.purpose == Purpose::First && division.is_city()).then_some(division)
}
