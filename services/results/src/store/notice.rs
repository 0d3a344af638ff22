//! Public notices: what is shown, and the kernel's state machine beside it.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::division::DivisionCode;
use kernel::ids::{BatchId, PublicNoticeId};
use kernel::public_notice::{NoticeEvent, PublicNotice};
use kernel::working_day::CalendarVersion;
use platform::public_notice::{Listing, log_events, log_opening};
use platform::{Error, Result};
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::domain::batch::Batch;
use crate::domain::notice::Snapshot;
use crate::domain::rejection::ResultNoticeRejection;

/// Puts a new notice into the table.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    batch: &Batch,
    notice: &PublicNotice,
    snapshot: &Snapshot,
) -> Result<()> {
    sqlx::query!(
        "insert into public_notice (public_notice_id, batch_id, snapshot, state, next_due, kind)
         values ($1, $2, $3::text::json, $4, $5, $6)",
        notice.id().uuid(),
        batch.id.uuid(),
        snapshot.canonical(),
        Json(notice) as _,
        notice.next_due().map(Date::to_sqlx) as _,
        snapshot.kind.as_str(),
    )
    .execute(&mut *connection)
    .await
    .map_err(|error| {
        Error::from(error).on_constraint(
            "public_notice_batch_once",
            ResultNoticeRejection::AlreadyOpen,
        )
    })?;
    log_opening(connection, notice).await
}

/// Saves how a notice stands, and what brought it there.
pub(crate) async fn save(
    connection: &mut PgConnection,
    notice: &PublicNotice,
    events: &[NoticeEvent],
    on: Date,
) -> Result<()> {
    sqlx::query!(
        "update public_notice set state = $2, next_due = $3, concluded = $4
         where public_notice_id = $1",
        notice.id().uuid(),
        Json(notice) as _,
        notice.next_due().map(Date::to_sqlx) as _,
        notice.is_concluded(),
    )
    .execute(&mut *connection)
    .await?;
    log_events(connection, notice.id(), on, events).await
}

/// A notice, under the lock of its batch.
pub(crate) async fn find(
    connection: &mut PgConnection,
    notice: PublicNoticeId,
) -> Result<PublicNotice> {
    let state = sqlx::query_scalar!(
        r#"select state as "state: Json<PublicNotice>" from public_notice
           where public_notice_id = $1"#,
        notice.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    let Json(notice) = state.ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;
    Ok(notice)
}

/// Notices of a batch of which a row still waits for its fate.
pub(crate) async fn open_of(
    connection: &mut PgConnection,
    batch: &Batch,
) -> Result<Vec<PublicNotice>> {
    let states = sqlx::query_scalar!(
        r#"select state as "state: Json<PublicNotice>" from public_notice
           where batch_id = $1 and not concluded order by public_notice_id"#,
        batch.id.uuid(),
    )
    .fetch_all(connection)
    .await?;
    Ok(states.into_iter().map(|Json(notice)| notice).collect())
}

/// The batch behind a notice. A public notice is everybody's: no scope.
pub(crate) async fn batch_behind(
    connection: &mut PgConnection,
    notice: PublicNoticeId,
) -> Result<BatchId> {
    let batch = sqlx::query_scalar!(
        "select batch_id from public_notice where public_notice_id = $1",
        notice.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;
    Ok(BatchId::from_uuid(batch))
}

/// A notice and what it shows. A public notice is everybody's: no scope.
pub(crate) async fn shown(
    connection: &mut PgConnection,
    notice: PublicNoticeId,
) -> Result<(PublicNotice, Snapshot)> {
    let row = sqlx::query!(
        r#"select state as "state: Json<PublicNotice>", snapshot as "snapshot: Json<Snapshot>"
           from public_notice where public_notice_id = $1"#,
        notice.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))?;
    Ok((row.state.0, row.snapshot.0))
}

/// What a notice shows, character by character.
pub(crate) async fn snapshot(
    connection: &mut PgConnection,
    notice: PublicNoticeId,
) -> Result<String> {
    sqlx::query_scalar!(
        r#"select snapshot::text as "snapshot!" from public_notice where public_notice_id = $1"#,
        notice.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(ResultNoticeRejection::NotFound))
}

/// A notice in a list.
pub(crate) struct Listed {
    pub(crate) notice: PublicNotice,
    pub(crate) title: String,
    /// Whose centre takes objections.
    pub(crate) review_area: String,
}

/// Notices, the newest first.
pub(crate) async fn list(connection: &mut PgConnection, wanted: &Listing) -> Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"select state as "state: Json<PublicNotice>", snapshot ->> 'title' as "title!",
               review_area
           from public_notice join batch using (batch_id)
           where ($1::text is null or review_area = $1)
             and not ($2 and concluded)
             and ($3::uuid is null or public_notice_id < $3)
           order by public_notice_id desc limit $4"#,
        wanted.area.as_ref().map(DivisionCode::as_str),
        wanted.current_only,
        wanted.before.map(|id| id.uuid()),
        i64::from(wanted.size) + 1,
    )
    .fetch_all(connection)
    .await?;
    let listed = rows.into_iter().map(|row| Listed {
        notice: row.state.0,
        title: row.title,
        review_area: row.review_area,
    });
    Ok(listed.collect())
}

/// Notices that still run and were counted with another calendar than this one.
pub(crate) async fn counted_otherwise(
    connection: &mut PgConnection,
    calendar: &CalendarVersion,
) -> Result<Vec<PublicNoticeId>> {
    let notices = sqlx::query_scalar!(
        "select public_notice_id from public_notice
         where not concluded and state #>> '{period,calendar_version}' <> $1
         order by public_notice_id limit 64",
        calendar.as_str(),
    )
    .fetch_all(connection)
    .await?;
    Ok(notices.into_iter().map(PublicNoticeId::from_uuid).collect())
}

/// Notices with a row that can conclude on this day, those that waited longest first.
pub(crate) async fn due(connection: &mut PgConnection, today: Date) -> Result<Vec<PublicNoticeId>> {
    let notices = sqlx::query_scalar!(
        "select public_notice_id from public_notice
         where next_due <= $1 order by next_due limit 64",
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    Ok(notices.into_iter().map(PublicNoticeId::from_uuid).collect())
}
