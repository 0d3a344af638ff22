//! Which row an objection is about, if not the whole session, and how it was decided. What was said and by whom, the inquiry
//! keeps.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{BatchId, ObjectionId, PublicNoticeId, ResultId};
use kernel::public_notice::ObjectionOutcome;
use platform::access::Scope;
use platform::inquiry::InquiryRejection;
use platform::{Error, Result};
use sqlx::PgConnection;

/// Puts an objection into the table.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    objection: ObjectionId,
    notice: PublicNoticeId,
    result: Option<ResultId>,
) -> Result<()> {
    sqlx::query!(
        "insert into objection (objection_id, public_notice_id, result_id) values ($1, $2, $3)",
        objection.uuid(),
        notice.uuid(),
        result.map(|result| result.uuid()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The batch and the notice that an objection in the caller's scope is about.
pub(crate) async fn locate(
    connection: &mut PgConnection,
    scope: &Scope,
    objection: ObjectionId,
) -> Result<(BatchId, PublicNoticeId)> {
    let row = sqlx::query!(
        "select batch_id, public_notice_id
         from objection join public_notice using (public_notice_id) join batch using (batch_id)
         where objection_id = $1
           and ($2::text is null or review_area = $2)
           and ($3::uuid is null or organization_id = $3)",
        objection.uuid(),
        scope.area(),
        scope.organization(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(InquiryRejection::NotFound))?;
    Ok((
        BatchId::from_uuid(row.batch_id),
        PublicNoticeId::from_uuid(row.public_notice_id),
    ))
}

/// Saves the decision on an objection.
pub(crate) async fn decide(
    connection: &mut PgConnection,
    objection: ObjectionId,
    outcome: ObjectionOutcome,
    decided_on: Date,
) -> Result<()> {
    let outcome = match outcome {
        ObjectionOutcome::Dismissed => "dismissed",
        ObjectionOutcome::Upheld => "upheld",
    };
    sqlx::query!(
        "update objection set outcome = $2, decided_on = $3 where objection_id = $1",
        objection.uuid(),
        outcome,
        decided_on.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
