//! The applicant withdraws; the centre gives back.

use kernel::ids::ApplicationId;
use kernel::rejection::FaultList;
use platform::Result;
use platform::access::Caller;
use platform::crypto::Vault;
use platform::unit::Begun;
use proto::review::v1 as review;
use sqlx::PgConnection;

use super::{App, Case};
use crate::domain::refusal::CorrectionRejection;
use crate::domain::{Application, Command, DocumentKind, FieldPath};
use crate::{messages, store};

/// What is given back, each with its reason.
pub(crate) struct Returns {
    /// Materials.
    pub(crate) documents: Vec<(DocumentKind, String)>,
    /// Fields of the annexes.
    pub(crate) fields: Vec<(FieldPath, String)>,
}

impl App {
    /// Takes an application back, and what it took of quota and occupations becomes free.
    pub(crate) async fn withdraw_application(
        &self,
        caller: &Caller,
        request: &review::WithdrawApplicationRequest,
        id: ApplicationId,
    ) -> Result<review::WithdrawApplicationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        case.act(&mut unit, Command::Withdraw).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::WithdrawApplicationResponse { application })
            .await
    }

    /// Gives materials and fields back. A decision that was proposed goes with them.
    pub(crate) async fn return_application(
        &self,
        caller: &Caller,
        request: &review::ReturnApplicationRequest,
        id: ApplicationId,
        returns: Returns,
    ) -> Result<review::ReturnApplicationResponse> {
        let mut unit = match self.journal.begin(caller, request).await? {
            Begun::New(unit) => unit,
            Begun::Answered(reply) => return Ok(reply),
        };
        let mut case = Case::open_seen(&mut unit, caller, id, request.version).await?;
        let Returns { documents, fields } = returns;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        look_up(connection, vault, &case.application, &fields).await?;
        let command = Command::Return {
            documents: documents.iter().map(|(document, _)| *document).collect(),
            fields: fields.iter().map(|(path, _)| path.clone()).collect(),
        };
        case.act(&mut unit, command).await?;
        let (connection, vault) = (unit.connection(), self.journal.vault());
        for (document, reason) in &documents {
            if let Some(material) = case.application.materials.get(document) {
                store::material::give_back(connection, vault, material.id, reason).await?;
            }
        }
        store::correction::replace(connection, vault, &case.application, &fields).await?;
        let application = Some(messages::application(&case.application));
        unit.finish(review::ReturnApplicationResponse { application })
            .await
    }
}

/// Whether the annexes, or the head of annex 1, have all these fields.
async fn look_up(
    connection: &mut PgConnection,
    vault: &Vault,
    application: &Application,
    fields: &[(FieldPath, String)],
) -> Result<()> {
    if fields.is_empty() {
        return Ok(());
    }
    let form = application.form;
    let annexes = store::annexes::for_the_machine(connection, vault, form).await?;
    let written = annexes.fields();
    let mut faults = FaultList::default();
    for (index, (path, _)) in fields.iter().enumerate() {
        let applicant = application.applicant.as_ref();
        let of_the_head = applicant.and_then(|it| it.value_at(path.as_str()));
        faults.require(
            of_the_head.is_some() || written.value_at(path.as_str()).is_some(),
            format!("fields[{index}].path"),
            &CorrectionRejection::PathUnknown,
        );
    }
    Ok(faults.finish()?)
}
