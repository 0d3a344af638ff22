//! The annexes as they were written, sealed: people apart from the rest.
//!
//! Only this module turns a contact into bytes and back; elsewhere it does not serialise.

use platform::Result;
use platform::access::Caller;
use platform::crypto::{Place, Purpose, Vault};
use prost::Message;
use proto::review::v1 as review;
use sqlx::PgConnection;

use super::unreadable;
use crate::annexes::{Annexes, Contact};
use crate::domain::{Application, ApplicationState, FormId};

/// Somebody reads an application.
const READ_APPLICATION: Purpose = Purpose("read_application");

/// Keeps the annexes of an application as they were written last. What a draft said before goes;
/// what was handed in stays.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    vault: &Vault,
    application: &Application,
    mut annexes: Annexes,
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
    let contact = people(&annexes.take_contact())?;
    sqlx::query!(
        "insert into form (form_id, application_id, annex_one, contact, annexes)
         values ($1, $2, $3, $4, $5)",
        form.uuid(),
        id,
        application.annex_one.uuid(),
        vault.seal(place(form, "contact"), &contact),
        vault.seal(place(form, "annexes"), &written(annexes)),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Opens the annexes without their people, for somebody who may see the application.
pub(crate) async fn without_contact(
    connection: &mut PgConnection,
    vault: &Vault,
    form: FormId,
) -> Result<Annexes> {
    let sealed = sqlx::query_scalar!("select annexes from form where form_id = $1", form.uuid())
        .fetch_one(connection)
        .await?;
    let bytes = vault.unseal(place(form, "annexes"), &sealed).await?;
    annexes(&bytes)
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

/// The annexes whole, to be read or compared by the machine: nobody is shown them.
pub(crate) async fn for_the_machine(
    connection: &mut PgConnection,
    vault: &Vault,
    form: FormId,
) -> Result<Annexes> {
    let sealed = sqlx::query_scalar!("select contact from form where form_id = $1", form.uuid())
        .fetch_one(&mut *connection)
        .await?;
    let people = vault.unseal(place(form, "contact"), &sealed).await?;
    let annexes = without_contact(connection, vault, form).await?;
    Ok(annexes.with_contact(contact(&people)?))
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

/// As the contract writes them in a request that saves them.
fn written(annexes: Annexes) -> Vec<u8> {
    let request = review::SaveApplicationRequest {
        basic_form: Some(annexes.basic_form),
        work_plan: Some(annexes.work_plan),
        ..review::SaveApplicationRequest::default()
    };
    request.encode_to_vec()
}

fn annexes(written: &[u8]) -> Result<Annexes> {
    let request = review::SaveApplicationRequest::decode(written);
    let request = request.map_err(|_| unreadable("annexes"))?;
    Ok(Annexes {
        basic_form: request.basic_form.unwrap_or_default(),
        work_plan: request.work_plan.unwrap_or_default(),
    })
}

fn place(form: FormId, column: &'static str) -> Place {
    Place {
        table: "form",
        row: form.uuid(),
        column,
    }
}
