//! How far the tables are: the last change, and the moment up to which they are complete.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use platform::Result;
use sqlx::{PgExecutor, PgPool};

/// Where the tables stand, as of one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// The last change.
    pub(crate) sequence: i64,
    /// Everything recorded before this moment is among the changes; absent until that is known.
    pub(crate) as_of: Option<Timestamp>,
}

/// Looks where the tables stand.
pub(crate) async fn head(executor: impl PgExecutor<'_>) -> Result<Head> {
    let row =
        sqlx::query!(r#"select sequence, (select as_of from data_age) as as_of from change_head"#)
            .fetch_one(executor)
            .await?;
    Ok(Head {
        sequence: row.sequence,
        as_of: row.as_of.map(jiff_sqlx::Timestamp::to_jiff),
    })
}

/// Notes that everything recorded before a moment is in the tables. The moment never goes back: a
/// stream that was lost and published again takes nothing out of them.
pub(crate) async fn advance(pool: &PgPool, as_of: Timestamp) -> Result<()> {
    sqlx::query!(
        "insert into data_age (as_of) values ($1)
         on conflict (singleton) do update set as_of = excluded.as_of
             where data_age.as_of < excluded.as_of",
        as_of.to_sqlx() as _,
    )
    .execute(pool)
    .await?;
    Ok(())
}
