//! What an operator does about quarantined facts. Asked for here, in the database, by whoever has
//! its address; done by the consumer, which alone knows how to apply a fact.

use jiff::Timestamp;
use kernel::ids::FactId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::Result;

/// A fact that was given up, or a message that is no fact.
#[derive(Debug, Clone)]
pub struct Quarantined {
    /// Who could not apply it.
    pub consumer: String,
    /// Its id; made of its bytes where it is no fact.
    pub fact_id: FactId,
    /// Where it belongs, if it tells.
    pub place: Option<Place>,
    /// How often it was tried.
    pub attempts: i32,
    /// What the last failure is called.
    pub failure: String,
    /// When that was.
    pub last_tried_at: Timestamp,
}

/// A place in the sequence of an aggregate's facts.
#[derive(Debug, Clone)]
pub struct Place {
    /// The kind of aggregate.
    pub aggregate_kind: String,
    /// Which one.
    pub aggregate_id: Uuid,
    /// The published version.
    pub version: i64,
}

/// What became of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// The consumer has not come to it yet.
    Asked,
    /// It failed again and stays.
    Failed(String),
    /// It left the quarantine, and its effect is there.
    Applied,
    /// It left the quarantine, and waits for facts before it that have not come.
    Parked,
}

/// Everything that waits for somebody's decision, the oldest first.
pub async fn list(pool: &PgPool) -> Result<Vec<Quarantined>> {
    let rows = sqlx::query!(
        "select consumer, fact_id, aggregate_kind, aggregate_id, version, attempts, failure,
             last_tried_at
         from platform.quarantine where given_up order by last_tried_at, fact_id"
    )
    .fetch_all(pool)
    .await?;
    let quarantined = rows.into_iter().map(|row| Quarantined {
        consumer: row.consumer,
        fact_id: FactId::from_uuid(row.fact_id),
        place: row
            .aggregate_kind
            .zip(row.aggregate_id)
            .zip(row.version)
            .map(|((aggregate_kind, aggregate_id), version)| Place {
                aggregate_kind,
                aggregate_id,
                version,
            }),
        attempts: row.attempts,
        failure: row.failure,
        last_tried_at: row.last_tried_at.to_jiff(),
    });
    Ok(quarantined.collect())
}

/// Has a fact tried again by its consumer, within about a second if that runs. Returns whether
/// there is such a fact in quarantine.
pub async fn ask_for_replay(pool: &PgPool, fact_id: FactId) -> Result<bool> {
    let asked = sqlx::query!(
        "update platform.quarantine set replay_asked = true where fact_id = $1 and given_up",
        fact_id.uuid(),
    )
    .execute(pool)
    .await?;
    Ok(asked.rows_affected() > 0)
}

/// What has become of a replay by now.
pub async fn outcome(pool: &PgPool, asked: &Quarantined) -> Result<Replay> {
    let still = sqlx::query!(
        "select replay_asked, failure from platform.quarantine
         where consumer = $1 and fact_id = $2",
        asked.consumer,
        asked.fact_id.uuid(),
    )
    .fetch_optional(pool)
    .await?;
    match (still, &asked.place) {
        (Some(row), _) if row.replay_asked => Ok(Replay::Asked),
        (Some(row), _) => Ok(Replay::Failed(row.failure)),
        (None, Some(place)) if is_parked(pool, &asked.consumer, place).await? => Ok(Replay::Parked),
        (None, _) => Ok(Replay::Applied),
    }
}

async fn is_parked(pool: &PgPool, consumer: &str, place: &Place) -> Result<bool> {
    let parked = sqlx::query_scalar!(
        r#"select exists (
               select from platform.parked
               where consumer = $1 and aggregate_kind = $2 and aggregate_id = $3 and version = $4
           ) as "parked!""#,
        consumer,
        place.aggregate_kind,
        place.aggregate_id,
        place.version,
    )
    .fetch_one(pool)
    .await?;
    Ok(parked)
}

/// Throws away what was never a fact of its owner's: a forgery, rubbish, or what an owner forgot
/// when it was restored. A genuine fact must be replayed, or all that follow it wait for ever.
/// Returns whether there was one.
pub async fn discard(pool: &PgPool, fact_id: FactId) -> Result<bool> {
    let discarded = sqlx::query!(
        "delete from platform.quarantine where fact_id = $1 and given_up",
        fact_id.uuid(),
    )
    .execute(pool)
    .await?;
    Ok(discarded.rows_affected() > 0)
}
