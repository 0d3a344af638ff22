//! The applicant opens a draft and hands it in; the centre gives materials back.

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId};
use platform::access::Caller;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::review::v1 as review;
use uuid::Uuid;

use super::{APPLICATION, App, Case};
use crate::domain::refusal::ApplicationRejection;
use crate::domain::{
    Annexes, Application, Catalogued, Command, MaterialGroup, OpenDraft, RequestedOccupation,
};
use crate::events::ApplicationFact;
use crate::{messages, store};

/// What a draft is to hold.
pub(crate) struct Draft {
    /// The applicant.
    pub(crate) organization: OrganizationId,
    /// Where it is to be filed.
    pub(crate) filing_division: DivisionCode,
    /// The table of occupations.
    pub(crate) occupations: Vec<RequestedOccupation>,
    /// The rest of both annexes.
    pub(crate) annexes: Annexes,
}

impl App {
    /// Opens a draft, after asking the registry about the applicant and each occupation.
    pub(crate) async fn create_application(
        &self,
        caller: &Caller,
        request: &review::CreateApplicationRequest,
        draft: Draft,
    ) -> Result<review::CreateApplicationResponse> {
        if let Some(reply) = self.answered(caller, request).await? {
            return Ok(reply);
        }
        let Draft {
            organization,
            filing_division,
            occupations,
            annexes,
        } = draft;
        if !caller.scope().covers(filing_division, organization) {
            return Err(Error::refused(ApplicationRejection::ApplicantNotFound));
        }
        let opening = OpenDraft {
            id: ApplicationId::from_uuid(Uuid::now_v7()),
            organization,
            applicant: self.registry.applicant(organization).await?,
            filing_division,
            occupations: self.ask_catalogue(occupations).await?,
            pledged: annexes.form.integrity_pledge,
        };

        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let (application, fact) = Application::open(opening)?;
        let sealed = store::annexes::seal(self.journal.vault(), application.id, &annexes)?;
        let mut locked = unit.lock(APPLICATION, application.id.uuid()).await?;
        store::application::insert(unit.connection(), &application, &sealed).await?;
        let facts = [fact];
        let recorded = ApplicationFact::all(filing_division, &facts);
        unit.record(&mut locked, &recorded).await?;
        let application = Some(messages::application(&application));
        unit.finish(review::CreateApplicationResponse { application })
            .await
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
        returns: Vec<(MaterialGroup, String)>,
    ) -> Result<review::ReturnApplicationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open(&mut unit, caller, id).await?;
        let groups = returns.iter().map(|(group, _)| *group).collect();
        case.act(&mut unit, Command::Return { groups }).await?;
        for (group, reason) in &returns {
            if let Some(material) = case.application.materials.get(group) {
                let vault = self.journal.vault();
                store::material::give_back(unit.connection(), vault, material.id, reason).await?;
            }
        }
        let application = Some(messages::application(&case.application));
        unit.finish(review::ReturnApplicationResponse { application })
            .await
    }

    async fn ask_catalogue(
        &self,
        rows: Vec<RequestedOccupation>,
    ) -> Result<Vec<(RequestedOccupation, Catalogued)>> {
        let today = self.today()?;
        let mut answered = Vec::with_capacity(rows.len());
        for row in rows {
            let answer = self.registry.catalogued(&row.scope, today).await?;
            answered.push((row, answer));
        }
        Ok(answered)
    }
}
