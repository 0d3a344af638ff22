//! The annexes, sealed: people in one column, texts in another.
//!
//! Only this module turns a contact into bytes and back; elsewhere it does not serialise.

use kernel::ids::ApplicationId;
use platform::Result;
use platform::access::Caller;
use platform::crypto::{Place, Purpose, Vault};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::domain::{Annexes, Conditions, Contact, Form, WorkPlan};

/// Somebody reads an application.
const READ_APPLICATION: Purpose = Purpose("read_application");

/// The annexes as they are kept.
pub(crate) struct SealedAnnexes {
    pub(super) contact: Vec<u8>,
    pub(super) texts: Vec<u8>,
}

/// All of the annexes but the people and the table of occupations.
#[derive(Serialize, Deserialize)]
pub(crate) struct Texts {
    /// The rest of annex 1.
    pub(crate) form: Form,
    /// What the notice asks of the kind of body.
    pub(crate) conditions: Option<Conditions>,
    /// Annex 2.
    pub(crate) work_plan: WorkPlan,
}

/// Seals the annexes of an application.
pub(crate) fn seal(
    vault: &Vault,
    application: ApplicationId,
    annexes: &Annexes,
) -> Result<SealedAnnexes> {
    let contact = &annexes.contact;
    let people: [&str; 5] = [
        &contact.legal_representative,
        &contact.name,
        &contact.position,
        &contact.phone,
        &contact.email,
    ];
    let texts = Texts {
        form: annexes.form.clone(),
        conditions: annexes.conditions.clone(),
        work_plan: annexes.work_plan.clone(),
    };
    let people = serde_json::to_vec(&people).map_err(anyhow::Error::from)?;
    let texts = serde_json::to_vec(&texts).map_err(anyhow::Error::from)?;
    Ok(SealedAnnexes {
        contact: vault.seal(place(application, "contact"), &people),
        texts: vault.seal(place(application, "annexes"), &texts),
    })
}

/// Opens the texts, which name nobody on purpose, for somebody who may see the application.
pub(crate) async fn texts(
    connection: &mut PgConnection,
    vault: &Vault,
    application: ApplicationId,
) -> Result<Texts> {
    let sealed = sqlx::query_scalar!(
        "select annexes from application where application_id = $1",
        application.uuid(),
    )
    .fetch_one(connection)
    .await?;
    let bytes = vault.unseal(place(application, "annexes"), &sealed).await?;
    serde_json::from_slice(&bytes).map_err(|_| super::unreadable("annexes"))
}

/// Opens the people for somebody, which goes on record.
pub(crate) async fn reveal_contact(
    connection: &mut PgConnection,
    vault: &Vault,
    caller: &Caller,
    application: ApplicationId,
) -> Result<Contact> {
    let sealed = sqlx::query_scalar!(
        "select contact from application where application_id = $1",
        application.uuid(),
    )
    .fetch_one(&mut *connection)
    .await?;
    let place = place(application, "contact");
    let bytes = vault
        .reveal(connection, caller, READ_APPLICATION, place, &sealed)
        .await?;
    let [legal_representative, name, position, phone, email]: [String; 5] =
        serde_json::from_slice(&bytes).map_err(|_| super::unreadable("contact"))?;
    Ok(Contact {
        legal_representative,
        name,
        position,
        phone,
        email,
    })
}

fn place(application: ApplicationId, column: &'static str) -> Place {
    Place {
        table: "application",
        row: application.uuid(),
        column,
    }
}
