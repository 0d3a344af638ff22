//! Messages to organisations, and the letters that carry them. An address may be a person's, so it
//! rests sealed until something is sent to it.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{MessageId, OrganizationId};
use platform::crypto::{Place, Vault};
use platform::{Error, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::message::{MessageKind, Telling};

/// A message as it stands in an inbox.
pub(crate) struct Found {
    pub(crate) id: MessageId,
    pub(crate) kind: MessageKind,
    pub(crate) subject: String,
    pub(crate) told_on: Date,
    pub(crate) read_on: Option<Date>,
}

struct Row {
    message_id: Uuid,
    kind: String,
    subject: String,
    told_on: jiff_sqlx::Date,
    read_on: Option<jiff_sqlx::Date>,
}

impl Row {
    fn read(self) -> Result<Found> {
        Ok(Found {
            id: MessageId::from_uuid(self.message_id),
            kind: kind(&self.kind)?,
            subject: self.subject,
            told_on: self.told_on.to_jiff(),
            read_on: self.read_on.map(jiff_sqlx::Date::to_jiff),
        })
    }
}

/// Puts a message into an inbox, and a letter on its way to whoever has given an address. The address
/// does not go meanwhile, or the letter would be left behind.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    telling: &Telling,
    today: Date,
) -> Result<()> {
    sqlx::query!(
        "with told as (
             insert into message (message_id, organization_id, area, kind, subject, told_on)
             select $1, $2, coalesce(filing_division, $6, division_code), $3, $4, $5
             from body left join organization using (organization_id) where organization_id = $2
             returning message_id, organization_id)
         insert into letter (message_id)
         select message_id from told join mail_address using (organization_id)
         for share of mail_address",
        Uuid::now_v7(),
        telling.organization.uuid(),
        telling.kind.name(),
        telling.subject,
        today.to_sqlx() as _,
        telling.area.as_ref().map(DivisionCode::as_str),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Messages to an organisation before one of them, the newest first.
pub(crate) async fn page(
    connection: &mut PgConnection,
    organization: OrganizationId,
    unread_only: bool,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Found>> {
    let rows = sqlx::query_as!(
        Row,
        "select message_id, kind, subject, told_on, read_on from message
         where organization_id = $1 and (not $2 or read_on is null)
           and ($3::uuid is null or message_id < $3)
         order by message_id desc limit $4",
        organization.uuid(),
        unread_only,
        before.map(|id| id.uuid()),
        limit,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many messages nobody of an organisation has read.
pub(crate) async fn unread(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> Result<u32> {
    let unread = sqlx::query_scalar!(
        r#"select count(*) as "unread!" from message
           where organization_id = $1 and read_on is null"#,
        organization.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(u32::try_from(unread).map_err(anyhow::Error::from)?)
}

/// Those of the messages that are an organisation's.
pub(crate) async fn known(
    connection: &mut PgConnection,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    let known = sqlx::query_scalar!(
        "select message_id from message where organization_id = $1 and message_id = any($2)",
        organization.uuid(),
        ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(known)
}

/// Notes messages of an organisation as read, unless they were before; how many these are.
pub(crate) async fn mark_read(
    connection: &mut PgConnection,
    organization: OrganizationId,
    ids: &[Uuid],
    today: Date,
) -> Result<u32> {
    let noted = sqlx::query!(
        "update message set read_on = $3
         where organization_id = $1 and message_id = any($2) and read_on is null",
        organization.uuid(),
        ids,
        today.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(u32::try_from(noted.rows_affected()).map_err(anyhow::Error::from)?)
}

/// Sets where messages to an organisation are mailed. What could not be delivered goes there, too,
/// unless the message itself was read.
pub(crate) async fn set_address(
    connection: &mut PgConnection,
    vault: &Vault,
    organization: OrganizationId,
    address: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into mail_address (organization_id, address_sealed) values ($1, $2)
         on conflict (organization_id) do update set address_sealed = $2",
        organization.uuid(),
        vault.seal(place(organization), address.as_bytes()),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update letter set given_up = false, attempts = 0, next_try_at = now()
         from message
         where letter.message_id = message.message_id and organization_id = $1
           and given_up and read_on is null",
        organization.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Messages to an organisation are mailed nowhere any more, and what is on its way stays in the inbox
/// alone. What could not be delivered goes on waiting until it is read. Whether they were mailed.
pub(crate) async fn remove_address(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> Result<bool> {
    // First of all, so that no letter is written to it meanwhile.
    let removed = sqlx::query!(
        "delete from mail_address where organization_id = $1",
        organization.uuid(),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "delete from letter using message
         where letter.message_id = message.message_id and organization_id = $1
           and sent_at is null and not given_up",
        organization.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(removed.rows_affected() > 0)
}

/// Whether messages to an organisation are mailed.
pub(crate) async fn is_mailed(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> Result<bool> {
    let mailed = sqlx::query_scalar!(
        r#"select exists (select from mail_address where organization_id = $1) as "mailed!""#,
        organization.uuid(),
    )
    .fetch_one(connection)
    .await?;
    Ok(mailed)
}

/// A letter that somebody has taken to send it.
pub(crate) struct Letter {
    pub(crate) id: MessageId,
    pub(crate) organization: OrganizationId,
    pub(crate) kind: MessageKind,
    pub(crate) subject: String,
    address_sealed: Vec<u8>,
    /// How often it was tried, this time included.
    pub(crate) attempts: u32,
}

impl Letter {
    /// Where it goes.
    pub(crate) async fn address(&self, vault: &Vault) -> Result<String> {
        let sealed = &self.address_sealed;
        let bytes = vault.unseal(place(self.organization), sealed).await?;
        let address = String::from_utf8(bytes.to_vec());
        Ok(address.map_err(|_| anyhow::anyhow!("a stored address is not readable"))?)
    }
}

/// Whether the time of any letter has come.
pub(crate) async fn is_letter_waiting(connection: &mut PgConnection) -> Result<bool> {
    let waiting = sqlx::query_scalar!(
        r#"select exists (
               select from letter join message using (message_id)
               join mail_address using (organization_id)
               where sent_at is null and not given_up and next_try_at <= now()) as "waiting!""#,
    )
    .fetch_one(connection)
    .await?;
    Ok(waiting)
}

/// Takes a letter whose time has come. Nobody else takes it for so many seconds.
pub(crate) async fn take_letter(
    connection: &mut PgConnection,
    lease_seconds: f64,
) -> Result<Option<Letter>> {
    let row = sqlx::query!(
        "update letter
         set attempts = attempts + 1, next_try_at = now() + make_interval(secs => $1)
         from message join mail_address using (organization_id)
         where letter.message_id = message.message_id and letter.message_id = (
             select message_id
             from letter join message using (message_id) join mail_address using (organization_id)
             where sent_at is null and not given_up and next_try_at <= now()
             order by next_try_at limit 1 for update of letter skip locked)
         returning letter.message_id, organization_id, kind, subject, address_sealed, attempts",
        lease_seconds,
    )
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Letter {
        id: MessageId::from_uuid(row.message_id),
        organization: OrganizationId::from_uuid(row.organization_id),
        kind: kind(&row.kind)?,
        subject: row.subject,
        address_sealed: row.address_sealed,
        attempts: u32::try_from(row.attempts).map_err(anyhow::Error::from)?,
    }))
}

/// A server has taken a letter.
pub(crate) async fn sent(connection: &mut PgConnection, id: MessageId) -> Result<()> {
    sqlx::query!(
        "update letter set sent_at = now(), failure = null where message_id = $1",
        id.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A letter was not taken: when it is tried again; none for never.
pub(crate) async fn failed(
    connection: &mut PgConnection,
    id: MessageId,
    failure: &str,
    again_in_seconds: Option<f64>,
) -> Result<()> {
    sqlx::query!(
        "update letter set failure = $2, given_up = $3::float8 is null,
             next_try_at = now() + make_interval(secs => coalesce($3, 0))
         where message_id = $1",
        id.uuid(),
        failure,
        again_in_seconds,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn kind(stored: &str) -> Result<MessageKind> {
    let unreadable = |_| Error::Internal(anyhow::anyhow!("stored kind of message is not readable"));
    stored.parse().map_err(unreadable)
}

fn place(organization: OrganizationId) -> Place {
    Place {
        table: "mail_address",
        row: organization.uuid(),
        column: "address_sealed",
    }
}
