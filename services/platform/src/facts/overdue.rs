//! The alarm by age. A fact is never given up, however long the bus is away or refuses it; so
//! somebody has to be told that it waits.

use sqlx::PgPool;
use tokio::time::{Duration, sleep};
use tracing::error;

use crate::error::Result;

/// Looks once in each such period, which also limits the lines in the log. Goes on whatever becomes
/// of the relay, and in every replica: the one that leads may be the one that is stuck.
pub(super) async fn watch(pool: &PgPool, service: &str, after: Duration) {
    loop {
        sleep(after).await;
        // Without the database nothing waits that could leave, and the relay has told of it.
        if let Ok(Some(age)) = oldest_pending(pool).await
            && age >= after
        {
            error!(
                service,
                seconds = age.as_secs(),
                "facts have waited too long for the bus"
            );
        }
    }
}

/// How long the oldest fact has waited that the bus has not acknowledged.
async fn oldest_pending(pool: &PgPool) -> Result<Option<Duration>> {
    let seconds = sqlx::query_scalar!(
        r#"select extract(epoch from now() - min(recorded_at))::float8
           from platform.publication where stream_sequence is null"#
    )
    .fetch_one(pool)
    .await?;
    Ok(seconds.map(|seconds| Duration::from_secs_f64(seconds.max(0.0))))
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use jiff::civil::date;
    use sqlx::migrate::Migrator;
    use uuid::Uuid;

    use super::*;
    use crate::facts::Record;
    use crate::testing::TestPlatform;

    #[tokio::test]
    async fn what_waits_has_an_age_and_nothing_has_none() {
        let at = date(2020, 5, 18).at(9, 0, 0, 0);
        let platform = TestPlatform::start("maker", &Migrator::DEFAULT, at).await;
        let pool = &platform.pool;
        assert_eq!(oldest_pending(pool).await.expect("look"), None);

        let mut unit = platform.journal.begin_own().await.expect("begin");
        let mut locked = unit.lock("counter", Uuid::now_v7()).await.expect("lock");
        let record = Record {
            kind: "raised",
            schema_version: 1,
            areas: Vec::new(),
            payload: "{}".to_owned(),
            message: Some(vec![1]),
        };
        let recorded = unit.record_all(vec![(&mut locked, record)]).await;
        recorded.expect("record");
        unit.commit().await.expect("commit");
        let age = oldest_pending(pool).await.expect("look");
        // By the system's clock, whatever day it is in business.
        assert!(age.expect("it waits") < Duration::from_mins(1));

        sqlx::query("update platform.publication set stream_sequence = 1")
            .execute(pool)
            .await
            .expect("as the relay does");
        assert_eq!(oldest_pending(pool).await.expect("look"), None);
    }
}
