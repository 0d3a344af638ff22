//! The feed: published facts read again, by aggregate for a neighbour that saw a gap, by area for
//! cities that follow with a cursor.
//!
//! An area's feed is dense and chained. The relay appends to it when the bus has acknowledged a
//! fact, so a city never sees a fact that could still be lost.

mod append;
mod follow;
mod page;

use kernel::division::DivisionCode;
use kernel::rejection::{FaultList, Faults};
use kernel::rejections;
use proto::common::v1 as common;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use uuid::Uuid;

pub(crate) use append::append;

use crate::access::{Scope, caller};
use crate::contract;
use crate::error::{Error, Result};

/// Longest name of a kind of aggregate.
const LONGEST_KIND: usize = 64;

rejections! {
    /// Why a reading of the feed is refused.
    pub enum FeedRejection {
        /// The id of an aggregate is a UUID.
        AggregateIdMalformed => "AGGREGATE_ID_MALFORMED", InvalidArgument, "platform",
            "aggregate_id 应为 UUID", "aggregate_id has to be a UUID";
        /// A cursor belongs to one incarnation of the owner.
        EpochPassed { epoch: u32 } => "FEED_EPOCH_PASSED", FailedPrecondition, "platform",
            "该游标属于恢复前的数据，当前纪元为 {epoch}，请从头读取并核对",
            "the cursor is from before a restore; the epoch is {epoch} now: read from the start and compare";
        /// Somebody has seen more than there is: the owner lost facts.
        CursorAhead { sequence: u64 } => "FEED_CURSOR_AHEAD", FailedPrecondition, "platform",
            "该游标超出现有记录，目前最后一条序号为 {sequence}，请核对",
            "the cursor is beyond the end of the feed, which is {sequence}: compare your copy";
        /// An entry that is not there.
        EntryNotFound { sequence: u64 } => "FEED_ENTRY_NOT_FOUND", NotFound, "platform",
            "没有序号为 {sequence} 的记录", "the feed has no entry {sequence}";
        /// A city reads its own area.
        AreaNotFound => "AREA_NOT_FOUND", NotFound, "platform",
            "未找到该地区的记录", "no such area";
    }
}

/// `FactFeedService` over a service's database.
pub struct Feed {
    pool: PgPool,
    stop: CancellationToken,
}

impl Feed {
    /// The feed of a database; `stop` ends the streams of those who follow.
    pub fn new(pool: PgPool, stop: CancellationToken) -> Self {
        Self { pool, stop }
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
        let (Some(kind), Some(id)) = (kind, id) else {
            unreachable!("what could not be read is a fault, and there was none");
        };
        let size = contract::page_size(request.page_size);
        page::of_aggregate(&self.pool, &kind, id, request.after_published_version, size).await
    }

    async fn area_facts(
        &self,
        scope: &Scope,
        request: &common::ListAreaFactsRequest,
    ) -> Result<common::ListAreaFactsResponse> {
        let area = area(scope, &request.area)?;
        let after = request.after_sequence;
        let mut connection = self.pool.acquire().await?;
        let head = page::head(&mut connection, area, (request.epoch, after)).await?;
        let size = contract::page_size(request.page_size);
        Ok(common::ListAreaFactsResponse {
            entries: page::of_area(&mut connection, area, after, size).await?,
            epoch: head.epoch,
        })
    }

    async fn follow(
        &self,
        scope: &Scope,
        request: &common::SubscribeRequest,
    ) -> Result<follow::Stretches> {
        let follower = follow::Follower {
            pool: self.pool.clone(),
            area: area(scope, &request.area)?,
            epoch: request.epoch,
            after: request.after_sequence,
        };
        let mut connection = self.pool.acquire().await?;
        // What is wrong with the cursor is told before anything is sent.
        let cursor = (follower.epoch, follower.after);
        page::head(&mut connection, follower.area, cursor).await?;
        Ok(follower.follow(self.stop.clone()))
    }

    async fn head(
        &self,
        scope: &Scope,
        request: &common::GetFeedHeadRequest,
    ) -> Result<common::GetFeedHeadResponse> {
        let area = area(scope, &request.area)?;
        let mut connection = self.pool.acquire().await?;
        let mut head = page::head(&mut connection, area, (0, 0)).await?;
        if request.sequence != 0 {
            head.sequence = request.sequence;
            head.chain = page::chain_at(&mut connection, area, request.sequence)
                .await?
                .into();
        }
        let counts = page::counts(&mut connection, area, head.sequence).await?;
        Ok(common::GetFeedHeadResponse {
            head: Some(head),
            counts,
        })
    }
}

/// The area asked about, if it is the caller's to read.
fn area(scope: &Scope, asked: &str) -> Result<DivisionCode> {
    let area = DivisionCode::parse(asked).map_err(|rejection| Faults::at("area", &rejection))?;
    let own = match scope {
        Scope::Province => true,
        Scope::Area(own) => *own == area,
        Scope::Organization(_) | Scope::Nobody => false,
    };
    if own {
        Ok(area)
    } else {
        Err(Error::refused(FeedRejection::AreaNotFound))
    }
}

#[tonic::async_trait]
impl common::fact_feed_service_server::FactFeedService for Feed {
    type SubscribeStream = follow::Stretches;

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

    async fn subscribe(
        &self,
        request: Request<common::SubscribeRequest>,
    ) -> Result<Response<follow::Stretches>, Status> {
        let scope = caller(&request).scope();
        Ok(Response::new(self.follow(&scope, request.get_ref()).await?))
    }

    async fn get_feed_head(
        &self,
        request: Request<common::GetFeedHeadRequest>,
    ) -> Result<Response<common::GetFeedHeadResponse>, Status> {
        let scope = caller(&request).scope();
        Ok(Response::new(self.head(&scope, request.get_ref()).await?))
    }
}
