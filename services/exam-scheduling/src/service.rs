//! How the service is put together.

use platform::cli::{Definition, Runtime};
use platform::crypto::BlindIndexer;
use platform::facts::relay::Relay;
use platform::inbox::Owner;
use platform::reference;
use platform::server::Server;

use crate::app::App;
use crate::desk::desk;
use crate::domain::rules::Rules;
use crate::grpc::ExamScheduling;

/// Its name, in traces, subjects and tokens.
const NAME: &str = "exam-scheduling";

/// The settings' defaults.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// What the service says about itself.
pub fn definition() -> Definition {
    Definition {
        name: NAME,
        version: env!("CARGO_PKG_VERSION"),
        defaults: DEFAULTS,
        migrations: sqlx::migrate!(),
    }
}

/// Adds plans, sessions, the feed, the relay and the copy of the references to the server.
pub async fn start(runtime: Runtime<Rules>) -> platform::Result<Server> {
    let registry = runtime.neighbour("registry")?;
    let results = runtime.neighbour("results")?;
    let Runtime {
        settings,
        extra: rules,
        pool,
        journal,
        bus,
        server,
        ..
    } = runtime;
    let keys = settings.keys.directory.as_ref();
    let keys = keys.ok_or_else(|| anyhow::anyhow!("keys.directory is not set"))?;
    let owner = Owner::new(registry.clone());
    let copies = reference::keep(journal.clone(), bus.clone(), NAME, "registry", owner);
    let desk = desk(journal.clone());
    let app = App::new(
        journal,
        BlindIndexer::load(keys)?,
        (registry, results),
        rules,
    );
    let exams = ExamScheduling::new(app);
    let most_bytes = settings.server.max_message_bytes;
    let relay = Relay::new(pool.clone(), bus, NAME);
    Ok(server
        .add_service(exams.plans(most_bytes))
        .add_service(exams.changes(most_bytes))
        .add_service(exams.calendar(most_bytes))
        .add_service(exams.sessions(most_bytes))
        .add_service(exams.running(most_bytes))
        .add_service(exams.supervision(most_bytes))
        .add_service(exams.eligibility(most_bytes))
        .add_service(exams.candidates(most_bytes))
        .add_service(desk.service(most_bytes))
        .add_feed(pool)
        .background(|stop| relay.run(stop))
        .background(|stop| copies.run(stop)))
}
