//! The applicant opens a draft and fills its annexes in, the first time or anew.

use std::collections::BTreeSet;

use kernel::ids::{ApplicationId, RoundId};
use kernel::rejection::FaultList;
use platform::access::Caller;
use platform::crypto::Vault;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::review::v1 as review;
use sqlx::PgConnection;
use uuid::Uuid;

use super::paths::Filled;
use super::{APPLICATION, App, Case, Today};
use crate::domain::refusal::{ApplicationRejection, RoundRejection};
use crate::domain::{Annexes, Application, Command, FieldPath, FilledForm, Filling, Purpose};
use crate::events::ApplicationFact;
use crate::{messages, store};

/// What annexes are to hold, as far as it can be read.
pub(crate) struct Draft {
    /// What is judged.
    pub(crate) filling: Filling,
    /// The round that is named.
    pub(crate) round: Option<RoundId>,
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
        mut draft: Draft,
    ) -> Result<review::CreateApplicationResponse> {
        // What has faults was never answered with anything else.
        if draft.faults.is_empty()
            && let Some(reply) = self.journal.answered(caller, request).await?
        {
            return Ok(reply);
        }
        let today = self.complete(caller, &mut draft).await?;
        let id = ApplicationId::from_uuid(Uuid::now_v7());
        let (filling, context) = (draft.filling, today.context());
        let (application, fact) = Application::open(id, filling, &context, draft.faults)?;

        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut locked = unit.lock(APPLICATION, id.uuid()).await?;
        let connection = unit.connection();
        store::application::insert(connection, &application).await?;
        let vault = self.journal.vault();
        store::annexes::insert(connection, vault, &application, &draft.annexes).await?;
        let facts = [fact];
        let recorded = ApplicationFact::all(application.filing_division, &facts);
        unit.record(&mut locked, &recorded).await?;
        let application = Some(messages::application(&application));
        unit.finish(review::CreateApplicationResponse { application })
            .await
    }

    /// Fills the annexes in anew: those of a draft, or of what was given back.
    pub(crate) async fn save_application(
        &self,
        caller: &Caller,
        request: &review::SaveApplicationRequest,
        id: Option<ApplicationId>,
        mut draft: Draft,
    ) -> Result<review::SaveApplicationResponse> {
        if draft.faults.is_empty()
            && let Some(reply) = self.journal.answered(caller, request).await?
        {
            return Ok(reply);
        }
        if let Some(id) = id {
            let mut connection = self.journal.pool().acquire().await?;
            let known = store::application::find(&mut connection, &caller.scope(), id).await?;
            draft.belongs_to(&known);
        }
        let today = self.complete(caller, &mut draft).await?;
        let (filling, context) = (draft.filling, today.context());
        let filled = FilledForm::new(filling, &context, draft.faults)?;
        let id = id.ok_or_else(|| anyhow::anyhow!("an id that is missing is a fault"))?;

        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        let corrected = corrected(connection, vault, &case, &filled, &draft.annexes).await?;
        case.act(&mut unit, Command::SaveForm { filled, corrected })
            .await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        store::annexes::insert(connection, vault, &case.application, &draft.annexes).await?;
        store::correction::save(connection, &case.application).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::SaveApplicationResponse { application })
            .await
    }

    /// Looks up what a draft names: its round, what the applicant holds, and what the registry says
    /// about applicant and occupations. Where the registry does not answer, the faults that can be
    /// told without it are told.
    async fn complete(&self, caller: &Caller, draft: &mut Draft) -> Result<Today> {
        let today = self.now().await?;
        let mut connection = self.journal.pool().acquire().await?;
        if let Some(id) = draft.round {
            draft.filling.round = store::round::find_optional(&mut connection, id).await?;
            if draft.filling.round.is_none() {
                draft.faults.add("round_id", &RoundRejection::NotFound);
            }
        }
        let own = caller.organization;
        if let Some(organization) = draft.filling.organization.filter(|id| own == Some(*id)) {
            let holdings = store::applicant::find(&mut connection, organization).await?;
            draft.filling.holdings = Some(holdings);
        }
        drop(connection);
        if let Err(unheard) = self.ask_registry(caller, &today, &mut draft.filling).await {
            let mut faults = std::mem::take(&mut draft.faults);
            draft.filling.judge(&today.context(), &mut faults);
            faults.finish()?;
            return Err(unheard);
        }
        Ok(today)
    }

    /// Asks about whatever can be read. Only organisations open drafts; a foreign one is answered
    /// like one that is not enrolled.
    async fn ask_registry(
        &self,
        caller: &Caller,
        today: &Today,
        filling: &mut Filling,
    ) -> Result<()> {
        if let Some(organization) = filling.organization {
            if caller.organization != Some(organization) {
                return Err(Error::refused(ApplicationRejection::ApplicantNotFound));
            }
            filling.applicant = Some(self.registry.applicant(organization).await?);
        }
        let anew = filling.purpose != Some(Purpose::Renewal);
        for row in &mut filling.occupations {
            if let Some(scope) = &row.scope {
                row.catalogued = Some(self.registry.catalogued(scope, today.date, anew).await?);
            }
        }
        Ok(())
    }
}

impl Draft {
    /// What an application that is there already is about, its new annexes are about.
    fn belongs_to(&mut self, application: &Application) {
        self.filling.organization = Some(application.organization);
        self.filling.filing_division = Some(application.filing_division);
        self.filling.purpose = Some(application.purpose);
        self.round.take_if(|round| *round == application.round);
    }
}

/// Those of the fields given back that are no longer what they were.
async fn corrected(
    connection: &mut PgConnection,
    vault: &Vault,
    case: &Case,
    filled: &FilledForm,
    annexes: &Annexes,
) -> Result<BTreeSet<FieldPath>> {
    let application = &case.application;
    let returned = store::correction::returned_form(connection, application.id).await?;
    let Some(returned) = returned else {
        return Ok(BTreeSet::new());
    };
    let (occupations, before) = store::annexes::compare_with(connection, vault, returned).await?;
    let before = Filled::new(&occupations, before);
    let now = Filled::new(&filled.occupations, annexes.clone());
    let paths = application.returned_fields.keys();
    let changed =
        paths.filter(|path| before.value_at(path.as_str()) != now.value_at(path.as_str()));
    Ok(changed.cloned().collect())
}
