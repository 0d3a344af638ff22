//! A made-up service with one kind of aggregate, a counter, and a neighbour that adds up.

use jiff::civil::date;
use kernel::division::DivisionCode;
use platform::facts::{IntoRecord, Record};
use platform::inbox::{Handler, Inbox};
use platform::testing::TestPlatform;
use platform::unit::Unit;
use platform::{Error, Result};
use proto::common::v1::Fact;
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub(crate) const NO_MIGRATIONS: Migrator = Migrator::DEFAULT;

pub(crate) async fn platform(service: &'static str) -> TestPlatform {
    TestPlatform::start(service, &NO_MIGRATIONS, date(2020, 5, 18).at(9, 0, 0, 0)).await
}

/// A counter was raised by so much.
pub(crate) struct Raised(pub(crate) u8);

impl IntoRecord for Raised {
    fn record(&self) -> Record {
        Record {
            kind: "raised",
            schema_version: 1,
            areas: vec![DivisionCode::parse("371000").expect("a division")],
            payload: format!("{{\"by\":{}}}", self.0),
            message: Some(vec![self.0]),
        }
    }
}

/// A counter was looked at; nobody outside is told.
pub(crate) struct Inspected;

impl IntoRecord for Inspected {
    fn record(&self) -> Record {
        Record {
            kind: "inspected",
            schema_version: 1,
            areas: Vec::new(),
            payload: "{}".to_owned(),
            message: None,
        }
    }
}

/// Records `Raised` facts on one counter, each in a unit of its own.
pub(crate) async fn raise(platform: &TestPlatform, counter: Uuid, amounts: &[u8]) {
    for amount in amounts {
        let mut unit = platform.journal.begin_own().await.expect("begin");
        let mut locked = unit.lock("counter", counter).await.expect("lock");
        unit.record(&mut locked, &[Raised(*amount)])
            .await
            .expect("record");
        unit.commit().await.expect("commit");
    }
}

/// Keeps, for each counter, the amounts in the order in which they were applied, and fails on the
/// amount it cannot bear.
pub(crate) struct Ledger {
    pub(crate) unbearable: Option<u8>,
}

impl Handler for Ledger {
    async fn apply(&self, unit: &mut Unit, fact: &Fact) -> Result<()> {
        let amount = fact.payload[0];
        if self.unbearable == Some(amount) {
            return Err(Error::Internal(anyhow::anyhow!("cannot bear it")));
        }
        // What was applied is on record as a fact of the listener's own.
        let counter = Uuid::parse_str(&fact.aggregate_id).map_err(anyhow::Error::from)?;
        let mut locked = unit.lock("copy", counter).await?;
        unit.record(&mut locked, &[Raised(amount)]).await
    }
}

/// The amounts that a listener applied to a counter, in order.
pub(crate) async fn applied(platform: &TestPlatform, counter: Uuid) -> Vec<u8> {
    let amounts: Vec<i32> = sqlx::query_scalar(
        "select (payload->>'by')::integer from platform.fact
         where aggregate_kind = 'copy' and aggregate_id = $1 order by version",
    )
    .bind(counter)
    .fetch_all(&platform.pool)
    .await
    .expect("read");
    amounts
        .into_iter()
        .map(|amount| u8::try_from(amount).expect("small"))
        .collect()
}

/// The published messages of a platform, in the order of their publication.
pub(crate) async fn messages(platform: &TestPlatform) -> Vec<Fact> {
    use prost::Message;
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar("select message from platform.publication order by position")
            .fetch_all(&platform.pool)
            .await
            .expect("read");
    rows.iter()
        .map(|row| Fact::decode(row.as_slice()).expect("a fact"))
        .collect()
}

/// The inbox of a listener that cannot bear an amount.
pub(crate) fn inbox(listener: &TestPlatform, unbearable: Option<u8>) -> Inbox<Ledger> {
    Inbox::new(
        listener.journal.clone(),
        "listener".to_owned(),
        Ledger { unbearable },
    )
}

/// How many rows a table of the platform has.
pub(crate) async fn rows(platform: &TestPlatform, table: &str) -> i64 {
    let query = sqlx::AssertSqlSafe(format!("select count(*) from platform.{table}"));
    sqlx::query_scalar(query)
        .fetch_one(&platform.pool)
        .await
        .expect("count")
}
