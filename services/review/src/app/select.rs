//! The decision by two persons, which opens the public notice.

use kernel::ids::{ApplicationId, PublicNoticeId, SelectionId};
use kernel::two_persons::Stated;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Result, proposal};
use proto::review::v1 as review;
use uuid::Uuid;

use super::{App, Case};
use crate::domain::{Command, OccupationScope};
use crate::{messages, store};

/// What is proposed and confirmed.
const SELECT: &str = "select_organization";

impl App {
    /// First person: proposes the selection and its scope.
    pub(crate) async fn propose_selection(
        &self,
        caller: &Caller,
        request: &review::ProposeSelectionRequest,
        id: ApplicationId,
        granted: Vec<OccupationScope>,
    ) -> Result<review::ProposeSelectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        let hash = case.application.selection_hash(&granted);
        let content = granted.clone();
        case.act(&mut unit, Command::ProposeSelection { granted })
            .await?;
        let proposal =
            proposal::propose(&mut unit, &case.locked, caller, SELECT, hash, &content).await?;
        unit.finish(review::ProposeSelectionResponse {
            proposal: Some(proposal),
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
        let (area, contact) = self.filing_authority(caller, id).await?;
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
            |granted: &Vec<OccupationScope>| application.selection_hash(granted),
        )
        .await?
        .content;
        let snapshot = application.snapshot(&granted, &area, contact, &today.context())?;
        let command = Command::ConfirmSelection {
            selection: SelectionId::from_uuid(Uuid::now_v7()),
            notice: PublicNoticeId::from_uuid(Uuid::now_v7()),
            granted,
            snapshot: &snapshot,
        };
        case.act(&mut unit, command).await?;
        let mut public_notice = None;
        if let Some(selection) = &case.application.selection {
            let traceparent = unit.origin().traceparent.clone();
            let notice = &selection.notice;
            store::public_notice::insert(unit.connection(), id, notice, &snapshot, &traceparent)
                .await?;
            public_notice = Some(messages::public_notice(notice, snapshot));
        }
        unit.finish(review::ConfirmSelectionResponse { public_notice })
            .await
    }

    /// Name of the area where an application is filed, and where objections go there.
    async fn filing_authority(&self, caller: &Caller, id: ApplicationId) -> Result<(String, &str)> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = store::application::find(&mut connection, &caller.scope(), id).await?;
        drop(connection);
        let division = application.filing_division;
        let contact = self.objection_contacts.get(&division);
        let contact = contact.ok_or_else(|| {
            anyhow::anyhow!("public_notice.objection_contacts does not know {division}")
        })?;
        Ok((self.registry.division_name(division).await?, contact))
    }
}
