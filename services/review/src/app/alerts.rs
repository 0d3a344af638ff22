//! Risk alerts: read, and handled by an officer.

use kernel::ids::AlertId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::review::v1 as review;

use super::{ALERT, App};
use crate::domain::risk::{Alert, AlertOutcome};
use crate::{messages, store};

impl App {
    /// An officer says what was done about an alert.
    pub(crate) async fn handle_alert(
        &self,
        caller: &Caller,
        request: &review::HandleAlertRequest,
        id: AlertId,
        outcome: AlertOutcome,
        reason: String,
    ) -> Result<review::HandleAlertResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(ALERT, id.uuid()).await?;
        let (vault, scope) = (self.journal.vault(), caller.scope());
        let found = store::alert::find(unit.connection(), vault, &scope, id).await;
        let (mut alert, _) = found?;
        let vouched = store::alert::is_vouched_for(unit.connection(), &alert, outcome).await?;
        let fact = alert.handle(outcome, vouched, caller.centre(), unit.today())?;
        alert.apply(&fact);
        store::alert::save(unit.connection(), vault, &alert, &reason).await?;
        unit.record(&mut locked, &[fact]).await?;
        let alert = Some(messages::alert(&alert, reason));
        unit.finish(review::HandleAlertResponse { alert }).await
    }

    /// An alert with the reason of what was done.
    pub(crate) async fn alert(&self, caller: &Caller, id: AlertId) -> Result<(Alert, String)> {
        let (vault, scope) = (self.journal.vault(), caller.scope());
        let mut connection = self.journal.pool().acquire().await?;
        store::alert::find(&mut connection, vault, &scope, id).await
    }

    /// A page of alerts, newest first, and where the next page begins.
    pub(crate) async fn alerts(
        &self,
        caller: &Caller,
        open_only: bool,
        before: Option<AlertId>,
        size: u32,
    ) -> Result<(Vec<Alert>, Option<AlertId>)> {
        let scope = caller.scope();
        let mut connection = self.journal.pool().acquire().await?;
        let page = store::alert::page(&mut connection, &scope, open_only, before, size + 1);
        let mut page = page.await?;
        let more = page.len() > size as usize;
        page.truncate(size as usize);
        let next = page.last().filter(|_| more).map(|alert| alert.id);
        Ok((page, next))
    }
}
