//! Inquiries and their entries in the database. Everything that people wrote comes sealed.

use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::OrganizationId;
use kernel::inquiry::{Earlier, Inquiry, InquiryKind};
use kernel::working_day::CalendarVersion;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::InquiryId;
use super::entry::{Author, Entry, EntryKind, File};
use super::fact::{InquiryFact, Recorded};
use super::refusal::InquiryRejection;
use crate::access::Scope;
use crate::error::{Error, Result, readable};

/// An inquiry with what it is about.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub(super) id: InquiryId,
    pub(super) area: DivisionCode,
    pub(super) organization: OrganizationId,
    pub(super) about: String,
    /// Whether somebody stands for it by name.
    pub(super) named: bool,
    pub(super) inquiry: Inquiry,
}

impl Stored {
    /// Something that happened to it, for the record.
    pub(super) fn recorded<'a>(&self, fact: &'a InquiryFact) -> Recorded<'a> {
        Recorded {
            id: self.id,
            area: self.area,
            organization: self.organization,
            fact,
        }
    }
}

/// The digests by which an inquiry is found.
pub(super) struct Digests {
    /// Of who brought it forward.
    pub(super) party: Option<[u8; 32]>,
    /// Of the receipt code.
    pub(super) receipt: [u8; 32],
}

struct Row {
    inquiry_id: Uuid,
    area: String,
    organization_id: Uuid,
    about: String,
    named: bool,
    state: Json<Inquiry>,
}

impl Row {
    fn into_stored(self) -> Result<Stored> {
        let area = DivisionCode::parse(&self.area);
        let Json(inquiry) = self.state;
        Ok(Stored {
            id: InquiryId::new(inquiry.kind, self.inquiry_id),
            area: readable("area", area)?,
            organization: OrganizationId::from_uuid(self.organization_id),
            about: self.about,
            named: self.named,
            inquiry,
        })
    }
}

/// Keeps what was just brought forward.
pub(super) async fn insert(
    connection: &mut PgConnection,
    stored: &Stored,
    digests: &Digests,
) -> Result<()> {
    sqlx::query!(
        "insert into platform.inquiry
             (inquiry_id, area, organization_id, about, party_digest, receipt_digest, state)
         values ($1, $2, $3, $4, $5, $6, $7)",
        stored.id.uuid(),
        stored.area.as_str(),
        stored.organization.uuid(),
        stored.about,
        digests.party.as_ref().map(|digest| &digest[..]),
        &digests.receipt[..],
        Json(&stored.inquiry) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps where an inquiry stands.
pub(super) async fn save(connection: &mut PgConnection, id: Uuid, inquiry: &Inquiry) -> Result<()> {
    sqlx::query!(
        "update platform.inquiry set state = $2 where inquiry_id = $1",
        id,
        Json(inquiry) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What became of the objection that somebody raised to a row, if there is one.
pub(super) async fn earlier(
    connection: &mut PgConnection,
    about: &str,
    party: &[u8; 32],
) -> Result<Option<Earlier>> {
    let closed = sqlx::query_scalar!(
        r#"select closed as "closed!" from platform.inquiry
           where kind = 'objection' and about = $1 and party_digest = $2"#,
        about,
        &party[..],
    )
    .fetch_optional(connection)
    .await?;
    Ok(closed.map(|closed| {
        if closed {
            Earlier::Closed
        } else {
            Earlier::Open
        }
    }))
}

/// One inquiry in scope. Of those that it was never asked about, an organisation knows nothing.
pub(super) async fn find(
    connection: &mut PgConnection,
    scope: &Scope,
    id: InquiryId,
) -> Result<Stored> {
    let row = sqlx::query_as!(
        Row,
        r#"select inquiry_id, area, organization_id, about,
               party_digest is not null as "named!", state as "state: Json<Inquiry>"
           from platform.inquiry
           where inquiry_id = $1 and kind = $2
             and ($3::text is null or area = $3)
             and ($4::uuid is null or organization_id = $4 and asked)"#,
        id.uuid(),
        kind(id.kind()),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?;
    row.ok_or_else(|| Error::refused(InquiryRejection::NotFound))?
        .into_stored()
}

/// Whether somebody had a hand in what an inquiry is about.
pub(super) async fn is_involved(
    connection: &mut PgConnection,
    id: InquiryId,
    subject: &str,
) -> Result<bool> {
    let involved = sqlx::query_scalar!(
        r#"select exists (select from platform.inquiry_involved
                          where inquiry_id = $1 and subject = $2) as "involved!""#,
        id.uuid(),
        subject,
    );
    Ok(involved.fetch_one(connection).await?)
}

/// The inquiry of a receipt code.
pub(super) async fn find_by_receipt(
    connection: &mut PgConnection,
    receipt: &[u8; 32],
) -> Result<Stored> {
    let row = sqlx::query_as!(
        Row,
        r#"select inquiry_id, area, organization_id, about,
               party_digest is not null as "named!", state as "state: Json<Inquiry>"
           from platform.inquiry where receipt_digest = $1"#,
        &receipt[..],
    )
    .fetch_optional(connection)
    .await?;
    row.ok_or_else(|| Error::refused(InquiryRejection::ReceiptUnknown))?
        .into_stored()
}

/// Open inquiries of which the day was counted with another calendar than this one; no more than so
/// many.
pub(super) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
    limit: i64,
) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        "select inquiry_id from platform.inquiry
         where not closed and state #>> '{due,calendar_version}' <> $1
         order by inquiry_id limit $2",
        calendar.as_str(),
        limit,
    );
    Ok(ids.fetch_all(connection).await?)
}

/// An inquiry for time, which sees everything.
pub(super) async fn find_own(connection: &mut PgConnection, id: Uuid) -> Result<Stored> {
    let row = sqlx::query_as!(
        Row,
        r#"select inquiry_id, area, organization_id, about,
               party_digest is not null as "named!", state as "state: Json<Inquiry>"
           from platform.inquiry where inquiry_id = $1"#,
        id,
    )
    .fetch_one(connection)
    .await?;
    row.into_stored()
}

/// What a list shows.
pub(super) struct Wanted {
    pub(super) kind: Option<InquiryKind>,
    pub(super) open_only: bool,
    pub(super) before: Option<Uuid>,
    pub(super) rows: u32,
}

/// Inquiries in scope, newest first.
pub(super) async fn list(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<Stored>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select inquiry_id, area, organization_id, about,
               party_digest is not null as "named!", state as "state: Json<Inquiry>"
           from platform.inquiry
           where ($1::text is null or area = $1)
             and ($2::uuid is null or organization_id = $2 and asked)
             and ($3::text is null or kind = $3)
             and not ($4 and closed)
             and ($5::uuid is null or inquiry_id < $5)
           order by inquiry_id desc limit $6"#,
        scope.area(),
        scope.organization(),
        wanted.kind.map(kind),
        wanted.open_only,
        wanted.before,
        i64::from(wanted.rows),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Row::into_stored).collect()
}

/// Keeps an entry.
pub(super) async fn add(connection: &mut PgConnection, inquiry: Uuid, entry: &Entry) -> Result<()> {
    let file = entry.file.as_ref();
    sqlx::query!(
        "insert into platform.inquiry_entry (entry_id, inquiry_id, kind, author, written_on,
             content, file_name, media_type, size_bytes, sha256)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.id,
        inquiry,
        entry.kind.name(),
        entry.author.name(),
        entry.written_on.to_sqlx() as _,
        entry.content_sealed.as_deref().unwrap_or_default(),
        file.map(|file| &file.name_sealed),
        file.map(|file| &file.media_type),
        file.map(|file| file.size),
        file.map(|file| &file.sha256),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many files an inquiry has.
pub(super) async fn files(connection: &mut PgConnection, inquiry: Uuid) -> Result<i64> {
    let files = sqlx::query_scalar!(
        r#"select count(*) as "files!" from platform.inquiry_entry
           where inquiry_id = $1 and kind = 'evidence'"#,
        inquiry,
    )
    .fetch_one(connection)
    .await?;
    Ok(files)
}

struct EntryRow {
    entry_id: Uuid,
    kind: String,
    author: String,
    written_on: jiff_sqlx::Date,
    content: Option<Vec<u8>>,
    file_name: Option<Vec<u8>>,
    media_type: Option<String>,
    size_bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
}

impl EntryRow {
    fn into_entry(self) -> Result<Entry> {
        let (kind, author) = (
            EntryKind::of_name(&self.kind),
            Author::of_name(&self.author),
        );
        let (kind, author) = kind
            .zip(author)
            .ok_or_else(|| anyhow::anyhow!("stored entry of an inquiry is not readable"))?;
        let file = match (
            self.file_name,
            self.media_type,
            self.size_bytes,
            self.sha256,
        ) {
            (Some(name_sealed), Some(media_type), Some(size), Some(sha256)) => Some(File {
                name_sealed,
                media_type,
                size,
                sha256,
            }),
            _ => None,
        };
        Ok(Entry {
            id: self.entry_id,
            kind,
            author,
            written_on: self.written_on.to_jiff(),
            content_sealed: self.content,
            file,
        })
    }
}

/// The entries of an inquiry in order, files without their content.
pub(super) async fn entries(connection: &mut PgConnection, inquiry: Uuid) -> Result<Vec<Entry>> {
    let rows = sqlx::query_as!(
        EntryRow,
        r#"select entry_id, kind, author, written_on,
               case when kind = 'evidence' then null else content end as content,
               file_name, media_type, size_bytes, sha256
           from platform.inquiry_entry where inquiry_id = $1 order by entry_id"#,
        inquiry,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(EntryRow::into_entry).collect()
}

/// One entry of an inquiry with its content.
pub(super) async fn entry(
    connection: &mut PgConnection,
    inquiry: Uuid,
    entry: Uuid,
) -> Result<Option<Entry>> {
    let row = sqlx::query_as!(
        EntryRow,
        r#"select entry_id, kind, author, written_on, content as "content?",
               file_name, media_type, size_bytes, sha256
           from platform.inquiry_entry where inquiry_id = $1 and entry_id = $2"#,
        inquiry,
        entry,
    )
    .fetch_optional(connection)
    .await?;
    row.map(EntryRow::into_entry).transpose()
}

/// Who brought an inquiry forward: the entry, sealed.
pub(super) async fn party(connection: &mut PgConnection, inquiry: Uuid) -> Result<Option<Entry>> {
    let row = sqlx::query_as!(
        EntryRow,
        r#"select entry_id, kind, author, written_on, content as "content?",
               file_name, media_type, size_bytes, sha256
           from platform.inquiry_entry where inquiry_id = $1 and kind = 'party'"#,
        inquiry,
    )
    .fetch_optional(connection)
    .await?;
    row.map(EntryRow::into_entry).transpose()
}

/// A kind as it is stored with the state.
fn kind(kind: InquiryKind) -> &'static str {
    match kind {
        InquiryKind::Objection => "objection",
        InquiryKind::Lead => "lead",
        InquiryKind::Complaint => "complaint",
    }
}
