//! Which selection an objection is about, and how it was decided. What was said and by whom, the
//! inquiry keeps.

use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use kernel::ids::{ApplicationId, ObjectionId, PublicNoticeId};
use kernel::public_notice::ObjectionOutcome;
use platform::inquiry::InquiryRejection;
use platform::{Error, Result};
use sqlx::PgConnection;

/// Keeps an objection.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    objection: ObjectionId,
    notice: PublicNoticeId,
) -> Result<()> {
    sqlx::query!(
        "insert into objection (objection_id, public_notice_id) values ($1, $2)",
        objection.uuid(),
        notice.uuid(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The application whose selection an objection is about. Whether the caller may see it, the
/// application's own scope tells.
pub(crate) async fn application(
    connection: &mut PgConnection,
    objection: ObjectionId,
) -> Result<ApplicationId> {
    let application = sqlx::query_scalar!(
        "select application_id from objection join public_notice using (public_notice_id)
         where objection_id = $1",
        objection.uuid(),
    )
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Error::refused(InquiryRejection::NotFound))?;
    Ok(ApplicationId::from_uuid(application))
}

/// Keeps the decision on an objection.
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
