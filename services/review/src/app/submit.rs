//! The applicant hands in, after the registry was asked what the body has to evaluate with and
//! whether its occupations may still be evaluated.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::unit::Begun;
use proto::review::v1 as review;

use super::{App, Case};
use crate::domain::{Ascertained, Command, HandingIn, Purpose};
use crate::{messages, store};

impl App {
    /// Hands an application in, the first time or again.
    pub(crate) async fn submit_application(
        &self,
        caller: &Caller,
        request: &review::SubmitApplicationRequest,
        id: ApplicationId,
    ) -> Result<review::SubmitApplicationResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let ascertained = self.ascertain(caller, id).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let connection = unit.connection();
        let round = store::round::find_public(connection, case.application.round).await?;
        let organization = case.application.organization;
        let holdings = store::applicant::find(connection, organization).await?;
        let handing_in = HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &ascertained,
        };
        case.act(&mut unit, Command::Submit(handing_in)).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::SubmitApplicationResponse { application })
            .await
    }

    /// Reads the annexes of an application that the caller may see, and asks the registry about
    /// them. Nothing is locked meanwhile; what is decided knows which annexes it is about.
    async fn ascertain(&self, caller: &Caller, id: ApplicationId) -> Result<Ascertained> {
        let mut connection = self.journal.pool().acquire().await?;
        let application = store::application::find(&mut connection, &caller.scope(), id).await?;
        let (form, vault) = (application.form, self.journal.vault());
        let texts = store::annexes::texts(&mut connection, vault, form).await?;
        drop(connection);
        let today = self.today()?;
        let resources = self.registry.resources(application.organization, today);
        let resources = resources.await?;
        let anew = application.purpose != Purpose::Renewal;
        let mut occupations = Vec::with_capacity(application.occupations.len());
        for row in application.occupations {
            let catalogued = self.registry.catalogued(&row.scope, today, anew).await?;
            occupations.push(row.requested_again(catalogued));
        }
        Ok(Ascertained {
            form,
            occupations,
            conditions: texts.conditions,
            resources,
        })
    }
}
