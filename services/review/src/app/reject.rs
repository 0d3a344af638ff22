//! The decision by two persons not to select, which ends the application.

use kernel::ids::ApplicationId;
use kernel::two_persons::Stated;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Result, proposal};
use proto::review::v1 as review;

use super::select::SELECT;
use super::{App, Case};
use crate::domain::{Command, Decision};
use crate::store::rejection::Rejection;
use crate::{messages, store};

/// What is proposed and confirmed.
pub(super) const REJECT: &str = "reject_application";

impl App {
    /// First person: proposes not to select, with the reason that the applicant will be told.
    pub(crate) async fn propose_rejection(
        &self,
        caller: &Caller,
        request: &review::ProposeRejectionRequest,
        id: ApplicationId,
        reason: &str,
    ) -> Result<review::ProposeRejectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let hash = case.application.decision_hash(&Decision::Reject(reason));
        case.act(&mut unit, Command::ProposeRejection { reason })
            .await?;
        // One decision waits for its second person.
        proposal::void(&mut unit, &case.locked, SELECT).await?;
        let proposal =
            proposal::propose(&mut unit, &case.locked, caller, REJECT, hash, &reason).await?;
        unit.finish(review::ProposeRejectionResponse {
            proposal: Some(proposal),
        })
        .await
    }

    /// Second person: confirms it, if all that it rests on is still the same.
    pub(crate) async fn confirm_rejection(
        &self,
        caller: &Caller,
        request: &review::ConfirmRejectionRequest,
        id: ApplicationId,
        stated: Stated,
    ) -> Result<review::ConfirmRejectionResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        let Case {
            locked,
            application,
            ..
        } = &case;
        let reason = proposal::confirm(
            &mut unit,
            locked,
            caller,
            REJECT,
            stated,
            |reason: &String| application.decision_hash(&Decision::Reject(reason)),
        )
        .await?
        .content;
        case.act(&mut unit, Command::ConfirmRejection).await?;
        let rejection = Rejection {
            reason,
            decided_on: unit.today(),
        };
        let (connection, vault) = (unit.connection(), self.journal.vault());
        store::rejection::insert(connection, vault, id, &rejection).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::ConfirmRejectionResponse { application })
            .await
    }
}
