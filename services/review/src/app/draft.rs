//! The applicant opens a draft and writes its annexes, complete or not. Nobody is asked: a neighbour
//! that is away keeps nobody from writing.

use std::collections::BTreeSet;

use kernel::division::DivisionCode;
use kernel::ids::{ApplicationId, OrganizationId, RoundId};
use kernel::rejection::Faults;
use platform::access::Caller;
use platform::crypto::Vault;
use platform::unit::Begun;
use platform::{Error, Result};
use proto::review::v1 as review;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{APPLICATION, App, Case, Today};
use crate::annexes::Annexes;
use crate::domain::refusal::{ApplicationRejection, RoundRejection};
use crate::domain::{Application, Command, FieldPath, FormId, Opening, Purpose, Round, SavedForm};
use crate::events::ApplicationFact;
use crate::{messages, store};

/// What a draft is opened for.
pub(crate) struct Draft {
    /// The applicant.
    pub(crate) organization: OrganizationId,
    /// Where it is to be filed.
    pub(crate) filing_division: DivisionCode,
    /// The round.
    pub(crate) round: RoundId,
    /// What it is for.
    pub(crate) purpose: Purpose,
}

impl App {
    /// Opens a draft.
    pub(crate) async fn create_application(
        &self,
        caller: &Caller,
        request: &review::CreateApplicationRequest,
        draft: Draft,
    ) -> Result<review::CreateApplicationResponse> {
        let Draft {
            organization,
            filing_division,
            round,
            purpose,
        } = draft;
        // A foreign one is answered like one that is not enrolled.
        if caller.organization != Some(organization) {
            return Err(Error::refused(ApplicationRejection::ApplicantNotFound));
        }
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let id = ApplicationId::from_uuid(Uuid::now_v7());
        let mut locked = unit.lock(APPLICATION, id.uuid()).await?;
        let today = Today::of(&mut unit).await?;
        let connection = unit.connection();
        // Under lock: nobody else opens a draft of it meanwhile.
        let holdings = store::applicant::lock(connection, organization).await?;
        let drafts = store::application::drafts(connection, organization, filing_division);
        let opening = Opening {
            form: FormId::from_uuid(Uuid::now_v7()),
            organization,
            filing_division,
            drafts: drafts.await?,
            round: known_round(connection, round).await?,
            purpose,
        };
        let opened = Application::open(id, opening, &holdings, &today.context());
        let (application, fact) = opened?;
        store::application::insert(connection, &application).await?;
        let annexes = Annexes::new(request.basic_form.as_ref(), request.work_plan.as_ref());
        let vault = self.journal.vault();
        store::annexes::insert(connection, vault, &application, annexes).await?;
        let facts = [fact];
        let recorded = ApplicationFact::all(&application, &facts);
        unit.record(&mut locked, &recorded).await?;
        let application = Some(messages::application(&application));
        unit.finish(review::CreateApplicationResponse { application })
            .await
    }

    /// Writes the annexes anew: those of a draft, or of what was given back.
    pub(crate) async fn save_application(
        &self,
        caller: &Caller,
        request: &review::SaveApplicationRequest,
        id: ApplicationId,
        round: Option<RoundId>,
    ) -> Result<review::SaveApplicationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        let round = match round {
            Some(round) => Some(known_round(connection, round).await?),
            None => None,
        };
        let annexes = Annexes::new(request.basic_form.as_ref(), request.work_plan.as_ref());
        let form = case.application.form;
        let before = store::annexes::for_the_machine(connection, vault, form).await?;
        let saved = SavedForm {
            form: FormId::from_uuid(Uuid::now_v7()),
            same_annex_one: before.basic_form == annexes.basic_form,
            round,
        };
        let corrected = corrected(connection, vault, &case.application, &annexes).await?;
        case.act(&mut unit, Command::SaveForm { saved, corrected })
            .await?;
        let connection = unit.connection();
        store::annexes::insert(connection, vault, &case.application, annexes).await?;
        store::correction::save(connection, &case.application).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::SaveApplicationResponse { application })
            .await
    }
}

async fn known_round(connection: &mut PgConnection, id: RoundId) -> Result<Round> {
    let round = store::round::find_optional(connection, id).await?;
    let missing = || Faults::at("round_id", &RoundRejection::NotFound);
    Ok(round.ok_or_else(missing)?)
}

/// Those of the fields given back that are no longer what they were.
async fn corrected(
    connection: &mut PgConnection,
    vault: &Vault,
    application: &Application,
    annexes: &Annexes,
) -> Result<BTreeSet<FieldPath>> {
    let returned = store::correction::returned_form(connection, application.id).await?;
    let Some(returned) = returned else {
        return Ok(BTreeSet::new());
    };
    let before = store::annexes::for_the_machine(connection, vault, returned).await?;
    let (before, now) = (before.fields(), annexes.clone().fields());
    let paths = application.returned_fields.keys();
    let changed =
        paths.filter(|path| before.value_at(path.as_str()) != now.value_at(path.as_str()));
    Ok(changed.cloned().collect())
}
