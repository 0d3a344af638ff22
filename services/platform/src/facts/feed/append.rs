//! What the relay appends to the feeds of the areas.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;

/// Appends facts to the feeds of their areas; facts that are there already stay where they are.
pub(crate) async fn append(connection: &mut PgConnection, fact_ids: &[Uuid]) -> Result<()> {
    let new = sqlx::query!(
        r#"select area as "area!", array_agg(fact.fact_id order by position) as "fact_ids!",
               array_agg(fact.hash order by position) as "hashes!"
           from platform.fact
           join platform.publication using (fact_id)
           cross join unnest(fact.areas) as area
           where fact.fact_id = any($1)
             and not exists (select from platform.feed
                             where feed.area = area and feed.fact_id = fact.fact_id)
           group by area order by area"#,
        fact_ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in new {
        append_to_area(connection, &row.area, &row.fact_ids, &row.hashes).await?;
    }
    Ok(())
}

async fn append_to_area(
    connection: &mut PgConnection,
    area: &str,
    fact_ids: &[Uuid],
    hashes: &[Vec<u8>],
) -> Result<()> {
    let head = sqlx::query!(
        "insert into platform.feed_head (area, sequence, chain) values ($1, 0, '')
         on conflict (area) do update set area = excluded.area
         returning sequence, chain",
        area,
    )
    .fetch_one(&mut *connection)
    .await?;
    let mut chain = head.chain;
    let mut sequences = Vec::with_capacity(hashes.len());
    let mut chains = Vec::with_capacity(hashes.len());
    for (sequence, hash) in (head.sequence + 1..).zip(hashes) {
        chain = Sha256::new()
            .chain_update(&chain)
            .chain_update(hash)
            .finalize()
            .to_vec();
        sequences.push(sequence);
        chains.push(chain.clone());
    }
    sqlx::query!(
        "insert into platform.feed (area, sequence, fact_id, chain)
         select $1, sequence, fact_id, chain
         from unnest($2::bigint[], $3::uuid[], $4::bytea[]) as new (sequence, fact_id, chain)",
        area,
        &sequences,
        fact_ids,
        &chains,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update platform.feed_head set sequence = $2, chain = $3 where area = $1",
        area,
        head.sequence + hashes.len().cast_signed() as i64,
        chain,
    )
    .execute(connection)
    .await?;
    Ok(())
}
