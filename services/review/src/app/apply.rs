//! The applicant opens a draft and hands it in; the centre gives materials back.

use kernel::ids::ApplicationId;
use kernel::rejection::FaultList;
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::review::v1 as review;

use super::{APPLICATION, App, Case};
use crate::domain::refusal::ApplicationRejection;
use crate::domain::{Annexes, Application, Command, DocumentKind, OpenDraft};
use crate::events::ApplicationFact;
use crate::{messages, store};

/// What a draft is to hold, as far as it can be read.
pub(crate) struct Draft {
    /// What is judged.
    pub(crate) opening: OpenDraft,
    /// The rest of both annexes.
    pub(crate) annexes: Annexes,
    /// What is wrong with the form; each part that is missing is named here.
    pub(crate) faults: FaultList,
}

impl App {
    /// Opens a draft, after asking the registry about the applicant and each occupation. Where the
    /// form has faults it is asked all the same, so that all there is to mend is told at once.
    pub(crate) async fn create_application(
        &self,
        caller: &Caller,
        request: &review::CreateApplicationRequest,
        draft: Draft,
    ) -> Result<review::CreateApplicationResponse> {
        let Draft {
            mut opening,
            annexes,
            mut faults,
        } = draft;
        // What has faults was never answered with anything else.
        if faults.is_empty()
            && let Some(reply) = self.journal.answered(caller, request).await?
        {
            return Ok(reply);
        }
        let pilot = self.journal.reference().await?.pilot_on(self.today()?);
        if let Err(unheard) = self.ask_registry(caller, &mut opening).await {
            opening.judge(&pilot, &mut faults);
            faults.finish()?;
            return Err(unheard);
        }
        let (application, fact) = Application::open(opening, &pilot, faults)?;

        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let sealed = store::annexes::seal(self.journal.vault(), application.id, &annexes)?;
        let mut locked = unit.lock(APPLICATION, application.id.uuid()).await?;
        store::application::insert(unit.connection(), &application, &sealed).await?;
        let facts = [fact];
        let recorded = ApplicationFact::all(application.filing_division, &facts);
        unit.record(&mut locked, &recorded).await?;
        let application = Some(messages::application(&application));
        unit.finish(review::CreateApplicationResponse { application })
            .await
    }

    /// Asks about whatever can be read. Only organisations open drafts; a foreign one is answered
    /// like one that is not enrolled.
    async fn ask_registry(&self, caller: &Caller, opening: &mut OpenDraft) -> Result<()> {
        if let Some(organization) = opening.organization {
            if caller.organization != Some(organization) {
                return Err(Error::refused(ApplicationRejection::ApplicantNotFound));
            }
            opening.applicant = Some(self.registry.applicant(organization).await?);
        }
        let today = self.today()?;
        for row in &mut opening.occupations {
            if let Some(scope) = &row.scope {
                row.catalogued = Some(self.registry.catalogued(scope, today).await?);
            }
        }
        Ok(())
    }

    /// Hands an application in, the first time or again.
    pub(crate) async fn submit_application(
        &self,
        caller: &Caller,
        request: &review::SubmitApplicationRequest,
        id: ApplicationId,
    ) -> Result<review::SubmitApplicationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        case.act(&mut unit, Command::Submit).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::SubmitApplicationResponse { application })
            .await
    }

    /// Gives materials back, each with its reason. A decision that was proposed goes with them.
    pub(crate) async fn return_application(
        &self,
        caller: &Caller,
        request: &review::ReturnApplicationRequest,
        id: ApplicationId,
        returns: Vec<(DocumentKind, String)>,
    ) -> Result<review::ReturnApplicationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        let documents = returns.iter().map(|(document, _)| *document).collect();
        case.act(&mut unit, Command::Return { documents }).await?;
        for (document, reason) in &returns {
            if let Some(material) = case.application.materials.get(document) {
                let vault = self.journal.vault();
                store::material::give_back(unit.connection(), vault, material.id, reason).await?;
            }
        }
        let application = Some(messages::application(&case.application));
        unit.finish(review::ReturnApplicationResponse { application })
            .await
    }
}
