//! The feed: published facts read again, by aggregate for a neighbour that saw a gap, by area for
//! cities that follow with a cursor.
//!
//! An area's feed is dense and chained. The relay appends to it when the bus has acknowledged a
//! fact, so a city never sees a fact that could still be lost.

use kernel::division::DivisionCode;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use prost::Message;
use proto::common::v1 as common;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use crate::access::{Scope, caller};
use crate::contract;
use crate::error::{Error, Result};

/// Where a page ends, whatever was asked for. With one message more (256 KiB) and what surrounds
/// them it stays below the 4 MiB that a client takes.
const PAGE_BYTES: i64 = 2 * 1024 * 1024;

/// Longest name of a kind of aggregate.
const LONGEST_KIND: usize = 64;

rejections! {
    /// Why a reading of the feed is refused.
    pub enum FeedRejection {
        /// The id of an aggregate is a UUID.
        AggregateIdMalformed => "AGGREGATE_ID_MALFORMED", InvalidArgument, "platform",
            "aggregate_id 应为 UUID", "aggregate_id has to be a UUID";
        /// A cursor belongs to one incarnation of the owner.
        EpochPassed { epoch: i32 } => "FEED_EPOCH_PASSED", FailedPrecondition, "platform",
            "该游标属于恢复前的数据，当前纪元为 {epoch}，请从头读取并核对",
            "the cursor is from before a restore; the epoch is {epoch} now: read from the start and compare";
        /// A city reads its own area.
        AreaNotFound => "AREA_NOT_FOUND", NotFound, "platform",
            "未找到该地区的记录", "no such area";
    }
}

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

/// `FactFeedService` over a service's database.
pub struct Feed {
    pool: PgPool,
}

impl Feed {
    /// The feed of a database.
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    async fn aggregate_facts(
        &self,
        request: &common::ListAggregateFactsRequest,
    ) -> Result<Vec<common::Fact>> {
        let mut faults = FaultList::default();
        let kind = contract::text(&request.aggregate_kind, LONGEST_KIND);
        let kind = faults.take("aggregate_kind", kind);
        let id = Uuid::parse_str(&request.aggregate_id);
        let id = id.map_err(|_| FeedRejection::AggregateIdMalformed);
        let id = faults.take("aggregate_id", id);
        faults.finish()?;
        let messages = sqlx::query_scalar!(
            r#"select message as "message!" from (
                   select message, published_version,
                          sum(octet_length(message)) over (order by published_version) as up_to
                   from (select message, fact.published_version
                         from platform.publication join platform.fact using (fact_id)
                         where fact.aggregate_kind = $1 and fact.aggregate_id = $2
                           and fact.published_version > $3
                         order by fact.published_version limit $4) as asked) as measured
               where up_to - octet_length(message) < $5 order by published_version"#,
            kind,
            id,
            cursor(request.after_published_version),
            i64::from(contract::page_size(request.page_size)),
            PAGE_BYTES,
        )
        .fetch_all(&self.pool)
        .await?;
        messages.iter().map(|message| decode(message)).collect()
    }

    async fn area_facts(
        &self,
        scope: &Scope,
        request: &common::ListAreaFactsRequest,
    ) -> Result<common::ListAreaFactsResponse> {
        let area = DivisionCode::parse(&request.area)
            .map_err(|rejection| Faults::at("area", &rejection))?;
        let own = match scope {
            Scope::Province => true,
            Scope::Area(own) => *own == area,
            Scope::Organization(_) | Scope::Nobody => false,
        };
        if !own {
            return Err(Error::refused(FeedRejection::AreaNotFound));
        }
        let epoch = sqlx::query_scalar!("select epoch from platform.incarnation")
            .fetch_one(&self.pool)
            .await?;
        if request.epoch != 0 && request.epoch != epoch.cast_unsigned() {
            return Err(Error::refused(FeedRejection::EpochPassed { epoch }));
        }
        let rows = sqlx::query!(
            r#"select sequence as "sequence!", message as "message!", chain as "chain!" from (
                   select sequence, message, chain,
                          sum(octet_length(message)) over (order by sequence) as up_to
                   from (select sequence, message, chain
                         from platform.feed join platform.publication using (fact_id)
                         where area = $1 and sequence > $2
                         order by sequence limit $3) as asked) as measured
               where up_to - octet_length(message) < $4 order by sequence"#,
            area.as_str(),
            cursor(request.after_sequence),
            i64::from(contract::page_size(request.page_size)),
            PAGE_BYTES,
        )
        .fetch_all(&self.pool)
        .await?;
        let entries = rows.into_iter().map(|row| {
            Ok(common::FeedEntry {
                sequence: row.sequence.cast_unsigned(),
                fact: Some(decode(&row.message)?),
                chain: row.chain.into(),
            })
        });
        Ok(common::ListAreaFactsResponse {
            entries: entries.collect::<Result<_>>()?,
            epoch: epoch.cast_unsigned(),
        })
    }
}

#[tonic::async_trait]
impl common::fact_feed_service_server::FactFeedService for Feed {
    async fn list_aggregate_facts(
        &self,
        request: Request<common::ListAggregateFactsRequest>,
    ) -> Result<Response<common::ListAggregateFactsResponse>, Status> {
        let facts = self.aggregate_facts(request.get_ref()).await?;
        Ok(Response::new(common::ListAggregateFactsResponse { facts }))
    }

    async fn list_area_facts(
        &self,
        request: Request<common::ListAreaFactsRequest>,
    ) -> Result<Response<common::ListAreaFactsResponse>, Status> {
        let scope = caller(&request).scope();
        Ok(Response::new(
            self.area_facts(&scope, request.get_ref()).await?,
        ))
    }
}

/// A position beyond all that there can be is the end, not the beginning.
fn cursor(after: u64) -> i64 {
    i64::try_from(after).unwrap_or(i64::MAX)
}

fn decode(message: &[u8]) -> Result<common::Fact> {
    Ok(common::Fact::decode(message).map_err(anyhow::Error::from)?)
}
