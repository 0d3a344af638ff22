//! The sequence of changes.

use platform::Result;
use sqlx::PgConnection;

/// Takes the next number. Until the unit ends nobody else can, so that whoever sees a change sees
/// all before it.
pub(crate) async fn next(connection: &mut PgConnection) -> Result<i64> {
    let sequence =
        sqlx::query_scalar!("update change_head set sequence = sequence + 1 returning sequence")
            .fetch_one(connection)
            .await?;
    Ok(sequence)
}
