//! Test support: a migrated database of one's own, a journal on it, a broker of one's own.
//!
//! `DATABASE_URL` names a PostgreSQL server on which the tests may create databases, as superuser;
//! `./scripts/test` starts one. Nothing here waits for a while: [`eventually`] waits for a state.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::DateTime;
use proto::common::v1::ListDeskRequest;
use proto::common::v1::desk_service_server::DeskService;
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use tempfile::TempDir;

use crate::access::{Caller, Role};
use crate::clock::TestClock;
use crate::crypto::{BlindIndexer, KeyRing, Vault, secret_file};
use crate::desk::Desk;
use crate::unit::Journal;

mod broker;
mod database;
mod port;
mod storm;

pub use broker::TestBroker;
pub use database::database;
pub use port::free_port;
pub use storm::{Storm, storm};

/// One service's half of the platform: its database, its journal, its keys and a clock to set.
pub struct TestPlatform {
    /// The database, as the runtime role sees it.
    pub pool: PgPool,
    /// The journal on it.
    pub journal: Journal,
    /// The business clock.
    pub clock: TestClock,
    /// Folder with the service's keys.
    pub keys: TempDir,
}

impl TestPlatform {
    /// A fresh database with the platform's and the service's migrations, at a business time.
    ///
    /// # Panics
    /// When the server of `DATABASE_URL` is not there: a test without it proves nothing.
    pub async fn start(service: &'static str, migrator: &Migrator, at: DateTime) -> Self {
        let pool = database(migrator).await;
        let keys = keys();
        let clock = TestClock::at(at);
        let ring = KeyRing::load(keys.path()).expect("the keys were just written");
        let vault = Vault::open(pool.clone(), ring)
            .await
            .expect("open the vault");
        let journal = Journal::open(pool.clone(), Arc::new(vault), clock.clock(), service)
            .await
            .expect("open the journal");
        Self {
            pool,
            journal,
            clock,
            keys,
        }
    }

    /// The blind indexer over this service's keys.
    ///
    /// # Panics
    /// When the keys are gone.
    pub fn indexer(&self) -> BlindIndexer {
        BlindIndexer::load(self.keys.path()).expect("the keys were just written")
    }
}

/// A folder with one key of each kind.
fn keys() -> TempDir {
    let folder = tempfile::tempdir().expect("create a folder");
    for kind in ["kek", "index"] {
        let path = folder.path().join(kind).join("k1.key");
        std::fs::create_dir_all(folder.path().join(kind)).expect("create a folder");
        secret_file::write(&path, hex::encode(rand::random::<[u8; 32]>()).as_bytes())
            .expect("write a key");
    }
    folder
}

/// Somebody of a city's centre.
///
/// # Panics
/// When the code is not a division's.
pub fn city_officer(subject: &str, division: &str) -> Caller {
    let division = kernel::division::DivisionCode::parse(division).expect("a division code");
    Caller {
        subject: subject.to_owned(),
        role: Role::CityCentre,
        division: Some(division),
        organization: None,
    }
}

/// Somebody of the provincial centre.
pub fn province_officer(subject: &str) -> Caller {
    Caller {
        subject: subject.to_owned(),
        role: Role::ProvinceCentre,
        division: None,
        organization: None,
    }
}

/// Somebody of an organisation.
pub fn clerk(subject: &str, organization: kernel::ids::OrganizationId) -> Caller {
    Caller {
        subject: subject.to_owned(),
        role: Role::Organization,
        division: None,
        organization: Some(organization),
    }
}

/// What waits for somebody on a service's desk: kind, record and the day by which it is due.
///
/// # Panics
/// When the desk cannot be read.
pub async fn waiting(desk: &Desk, caller: &Caller) -> Vec<(String, String, String)> {
    let mut request = tonic::Request::new(ListDeskRequest::default());
    request.extensions_mut().insert(caller.clone());
    let listed = desk.list_desk(request).await.expect("a desk of one's own");
    let items = listed.into_inner().items.into_iter();
    items
        .map(|item| (item.kind, item.subject_id, item.due_on))
        .collect()
}

/// Asks until there is an answer, and gives up after half a minute.
///
/// # Panics
/// When the state does not come.
pub async fn eventually<T, F>(what: &str, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), asking)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {what}"))
}
