//! The public index: what may be said about certificates, found by who knows number and name.
//!
//! [`events::incoming`](crate::events::incoming) writes it from the facts of `results`; here it is
//! read. The service has the keys of the doors and none that decrypts, so that nobody learns from
//! its database whose certificates there are.

use jiff::Timestamp;
use jiff::civil::Date;
use kernel::level::Level;
use kernel::occupation::OccupationRef;
use kernel::query_key::QueryKey;
use platform::Result;
use platform::crypto::BlindIndexer;
use sqlx::PgPool;

use crate::freshness::DataAsOf;
use crate::question::Question;

pub(crate) mod store;

/// What a question found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nobody here has this number and this name together.
    NotFound,
    /// The pair is that of an older version: the certificate was corrected since. Whoever does not
    /// know the new pair is told no more.
    Corrected,
    /// The certificate.
    Found(Box<Certificate>),
}

/// What the public may be told about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// 证书编号
    pub number: String,
    /// The holder's name, masked.
    pub holder: String,
    /// The holder's document number, masked.
    pub document_number: String,
    /// The occupation, by edition and code.
    pub occupation: OccupationRef,
    /// 职业名称
    pub occupation_name: String,
    /// 工种; empty where there is none.
    pub trade: String,
    /// 职业技能等级
    pub level: Level,
    /// 机构代码
    pub organization_code: String,
    /// 评价机构, as it was called on the day of issue.
    pub organization_name: String,
    /// 发证日期
    pub issued_on: Date,
    /// Where it stands now.
    pub standing: Standing,
}

impl Certificate {
    /// The trade as documents show it: never empty (人社鉴发〔2021〕1号).
    pub fn shown_trade(&self) -> &str {
        if self.trade.is_empty() {
            "--"
        } else {
            &self.trade
        }
    }
}

/// Where a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// In force.
    Valid,
    /// Suspended for a time.
    Suspended {
        /// Since this day.
        since: Date,
    },
    /// Revoked for good.
    Revoked {
        /// On this day.
        on: Date,
        /// Why, as a code.
        reason: String,
    },
}

/// The index, for reading.
pub struct Index {
    pool: PgPool,
    indexer: BlindIndexer,
    data_as_of: DataAsOf,
}

/// What a question found, and up to which moment that is the whole truth.
pub struct Answer {
    /// What was found.
    pub finding: Finding,
    /// Everything recorded before this moment is in the finding; absent until that is known.
    pub data_as_of: Option<Timestamp>,
}

impl Index {
    /// The index in a database, opened by the keys of its doors.
    pub fn new(pool: PgPool, indexer: BlindIndexer, data_as_of: DataAsOf) -> Self {
        Self {
            pool,
            indexer,
            data_as_of,
        }
    }

    /// Looks into a question. A number that is kept here costs the same whether it is found or
    /// not: one digest per key, one round trip.
    ///
    /// # Errors
    /// When the database is away. No answer is neither "not found" nor "valid".
    pub async fn answer(&self, question: &Question) -> Result<Answer> {
        // Before looking: what becomes known meanwhile may have come too late for the look.
        let data_as_of = self.data_as_of.get();
        Ok(Answer {
            finding: self.find(question).await?,
            data_as_of,
        })
    }

    async fn find(&self, question: &Question) -> Result<Finding> {
        let Some((number, name)) = question.pair() else {
            return Ok(Finding::NotFound);
        };
        let key = QueryKey::number_and_name(number, name);
        let digests = self.indexer.index(key.purpose(), &key.parts());
        let mut connection = self.pool.acquire().await?;
        store::certificate::find(&mut connection, key.purpose(), &digests).await
    }
}
