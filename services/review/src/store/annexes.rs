//! The annexes: the table of occupations in clear, people and texts sealed in a column each.
//!
//! Only this module turns a contact into bytes and back; elsewhere it does not serialise.

use platform::Result;
use platform::access::Caller;
use platform::crypto::{Place, Purpose, Vault};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::unreadable;
use crate::domain::{
    Annexes, Application, ApplicationState, AppliedOccupation, Conditions, Contact, Form, FormId,
    WorkPlan,
};

/// Somebody reads an application.
const READ_APPLICATION: Purpose = Purpose("read_application");

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

/// Keeps the annexes of an application as they were filled in last. What a draft said before goes;
/// what was handed in stays.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    application: &Application,
    annexes: &Annexes,
) -> Result<()> {
    let id = application.id.uuid();
    if application.state == ApplicationState::Draft {
        sqlx::query!("delete from form where application_id = $1", id)
            .execute(&mut *connection)
            .await?;
    } else {
        sqlx::query!(
            "update form set is_current = false where application_id = $1 and is_current",
            id,
        )
        .execute(&mut *connection)
        .await?;
    }
    let form = application.form;
    sqlx::query!(
        "insert into form (form_id, application_id, occupations, contact, annexes)
         values ($1, $2, $3, $4, $5)",
        form.uuid(),
        id,
        Json(&application.occupations) as _,
        vault.seal(place(form, "contact"), &people(&annexes.contact)?),
        vault.seal(place(form, "annexes"), &texts_of(annexes)?),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Opens the texts, which name nobody on purpose, for somebody who may see the application.
pub(crate) async fn texts(
    connection: &mut PgConnection,
    vault: &Vault,
    form: FormId,
) -> Result<Texts> {
    let sealed = sqlx::query_scalar!("select annexes from form where form_id = $1", form.uuid())
        .fetch_one(connection)
        .await?;
    let bytes = vault.unseal(place(form, "annexes"), &sealed).await?;
    serde_json::from_slice(&bytes).map_err(|_| unreadable("annexes"))
}

/// Opens the people for somebody, which goes on record.
pub(crate) async fn reveal_contact(
    connection: &mut PgConnection,
    vault: &Vault,
    caller: &Caller,
    form: FormId,
) -> Result<Contact> {
    let sealed = sqlx::query_scalar!("select contact from form where form_id = $1", form.uuid())
        .fetch_one(&mut *connection)
        .await?;
    let place = place(form, "contact");
    let bytes = vault
        .reveal(connection, caller, READ_APPLICATION, place, &sealed)
        .await?;
    contact(&bytes)
}

/// The annexes as they were filled in once, to be compared with others by the machine: nobody is
/// shown them.
pub(crate) async fn compare_with(
    connection: &mut PgConnection,
    vault: &Vault,
    form: FormId,
) -> Result<(Vec<AppliedOccupation>, Annexes)> {
    let row = sqlx::query!(
        r#"select occupations as "occupations: Json<Vec<AppliedOccupation>>", contact
           from form where form_id = $1"#,
        form.uuid(),
    )
    .fetch_one(&mut *connection)
    .await?;
    let people = vault.unseal(place(form, "contact"), &row.contact).await?;
    let contact = contact(&people)?;
    let Texts {
        form,
        conditions,
        work_plan,
    } = texts(connection, vault, form).await?;
    let annexes = Annexes {
        contact,
        form,
        conditions,
        work_plan,
    };
    Ok((row.occupations.0, annexes))
}

fn people(contact: &Contact) -> Result<Vec<u8>> {
    let people: [&str; 5] = [
        &contact.legal_representative,
        &contact.name,
        &contact.position,
        &contact.phone,
        &contact.email,
    ];
    Ok(serde_json::to_vec(&people).map_err(anyhow::Error::from)?)
}

fn contact(people: &[u8]) -> Result<Contact> {
    let [legal_representative, name, position, phone, email]: [String; 5] =
        serde_json::from_slice(people).map_err(|_| unreadable("contact"))?;
    Ok(Contact {
        legal_representative,
        name,
        position,
        phone,
        email,
    })
}

fn texts_of(annexes: &Annexes) -> Result<Vec<u8>> {
    let texts = Texts {
        form: annexes.form.clone(),
        conditions: annexes.conditions.clone(),
        work_plan: annexes.work_plan.clone(),
    };
    Ok(serde_json::to_vec(&texts).map_err(anyhow::Error::from)?)
}

fn place(form: FormId, column: &'static str) -> Place {
    Place {
        table: "form",
        row: form.uuid(),
        column,
    }
}
