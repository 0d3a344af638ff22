//! Public notices: what is shown, and the kernel's state machine beside it.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BatchId, PublicNoticeId};
use kernel::public_notice::PublicNotice;
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
        "insert into public_notice (public_notice_id, batch_id, snapshot, state, next_due)
         values ($1, $2, $3::text::json, $4, $5)",
        notice.id().uuid(),
        batch.id.uuid(),
        snapshot.canonical(),
        Json(notice) as _,
        notice.next_due().map(Date::to_sqlx) as _,
    )
    .execute(connection)
    .await
    .map_err(|error| {
        Error::from(error).on_constraint(
            "public_notice_batch_once",
            ResultNoticeRejection::AlreadyOpen,
        )
    })?;
    Ok(())
}

/// Saves how a notice stands.
pub(crate) async fn save(connection: &mut PgConnection, notice: &PublicNotice) -> Result<()> {
    sqlx::query!(
        "update public_notice set state = $2, next_due = $3 where public_notice_id = $1",
        notice.id().uuid(),
        Json(notice) as _,
        notice.next_due().map(Date::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The notice of a batch, once it has one.
pub(crate) async fn of_batch(
    connection: &mut PgConnection,
    batch: &Batch,
) -> Result<Option<PublicNotice>> {
    let state = sqlx::query_scalar!(
        r#"select state as "state: Json<PublicNotice>" from public_notice where batch_id = $1"#,
        batch.id.uuid(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(state.map(|Json(notice)| notice))
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

/// Batches with a row that can conclude on this day, those that waited longest first.
pub(crate) async fn due(connection: &mut PgConnection, today: Date) -> Result<Vec<BatchId>> {
    let batches = sqlx::query_scalar!(
        "select batch_id from public_notice where next_due <= $1 order by next_due limit 64",
        today.to_sqlx() as _,
    )
    .fetch_all(connection)
    .await?;
    Ok(batches.into_iter().map(BatchId::from_uuid).collect())
}
