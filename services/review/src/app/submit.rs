//! The applicant hands in, after its annexes were read and the registry was asked who the body is,
//! what it has to evaluate with and whether its occupations may be evaluated.

use kernel::ids::ApplicationId;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::review::v1 as review;

use super::{App, Case};
use crate::annexes::Reading;
use crate::domain::{Application, Ascertained, Command, HandingIn, Purpose};
use crate::{messages, store};

impl App {
    /// Hands an application in, the first time or again. Where the registry does not answer, what can
    /// be told without it is told.
    pub(crate) async fn submit_application(
        &self,
        caller: &Caller,
        request: &review::SubmitApplicationRequest,
        id: ApplicationId,
    ) -> Result<review::SubmitApplicationResponse> {
        if let Some(reply) = self.journal.answered(caller, request).await? {
            return Ok(reply);
        }
        let mut connection = self.journal.pool().acquire().await?;
        let known = store::application::find(&mut connection, &caller.scope(), id).await?;
        drop(connection);
        let (ascertained, unheard) = self.ascertain(&known).await?;
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let connection = unit.connection();
        let round = store::round::find_public(connection, case.application.round).await?;
        let organization = case.application.organization;
        // Under lock: what the registry tells meanwhile counts.
        let holdings = store::applicant::lock(connection, organization).await?;
        let handing_in = HandingIn {
            round: &round,
            holdings: &holdings,
            ascertained: &ascertained,
        };
        case.act(&mut unit, Command::Submit(handing_in)).await?;
        if let Some(unheard) = unheard {
            return Err(unheard);
        }
        store::correction::save(unit.connection(), &case.application).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::SubmitApplicationResponse { application })
            .await
    }

    /// Reads the annexes of an application, and asks the registry about them. Nothing is locked
    /// meanwhile; what is decided knows which annexes it is about.
    pub(super) async fn ascertain(
        &self,
        application: &Application,
    ) -> Result<(Ascertained, Option<Error>)> {
        let mut connection = self.journal.pool().acquire().await?;
        let (form, vault) = (application.form, self.journal.vault());
        let annexes = store::annexes::for_the_machine(&mut connection, vault, form).await?;
        drop(connection);
        let Reading {
            occupations,
            conditions,
            pledged,
            faults,
        } = annexes.read();
        let mut ascertained = Ascertained {
            form,
            faults,
            occupations,
            conditions,
            pledged,
            applicant: None,
            resources: None,
        };
        let unheard = self.ask_registry(application, &mut ascertained).await;
        Ok((ascertained, unheard.err()))
    }

    async fn ask_registry(
        &self,
        application: &Application,
        ascertained: &mut Ascertained,
    ) -> Result<()> {
        let (organization, today) = (application.organization, self.today()?);
        ascertained.applicant = Some(self.registry.applicant(organization).await?);
        let anew = application.purpose != Purpose::Renewal;
        for row in &mut ascertained.occupations {
            if let Some(scope) = &row.scope {
                row.catalogued = Some(self.registry.catalogued(scope, today, anew).await?);
            }
        }
        ascertained.resources = Some(self.registry.resources(organization, today).await?);
        Ok(())
    }
}
