//! Editions of the list of matters. Everybody may see them, so no scope is asked for.

use jiff_sqlx::ToSqlx;
use platform::Result;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::unreadable;
use crate::domain::inspection::{Matter, MatterList};

/// Keeps an edition.
pub(crate) async fn insert(connection: &mut PgConnection, list: &MatterList) -> Result<()> {
    let edition = i32::try_from(list.edition).map_err(|_| unreadable("edition"))?;
    sqlx::query!(
        "insert into matter_list (edition, published_on, matters) values ($1, $2, $3)",
        edition,
        list.published_on.to_sqlx() as _,
        Json(&list.matters) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// An edition, or the newest.
pub(crate) async fn find(
    connection: &mut PgConnection,
    edition: Option<u32>,
) -> Result<Option<MatterList>> {
    let row = sqlx::query!(
        r#"select edition, published_on, matters as "matters: Json<Vec<Matter>>" from matter_list
           where $1::bigint is null or edition = $1 order by edition desc limit 1"#,
        edition.map(i64::from),
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(MatterList {
            edition: u32::try_from(row.edition).map_err(|_| unreadable("edition"))?,
            published_on: row.published_on.to_jiff(),
            matters: row.matters.0,
        })
    })
    .transpose()
}
