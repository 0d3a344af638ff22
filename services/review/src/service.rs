//! How the service is put together.

use platform::Result;
use platform::bus::Subscription;
use platform::cli::{Definition, Runtime};
use platform::facts::feed::Feed;
use platform::facts::relay::Relay;
use platform::inbox::{Consumer, Owner};
use platform::server::Server;
use proto::common::v1::fact_feed_service_server::FactFeedServiceServer;

use crate::app::{App, Materials, PublicNoticeSweep, Registry};
use crate::config::Sections;
use crate::events::RegistryFacts;
use crate::grpc::Review;

/// What the service says about itself.
pub fn definition() -> Definition {
    Definition {
        name: "review",
        version: env!("CARGO_PKG_VERSION"),
        defaults: include_str!("../config.default.toml"),
        migrations: sqlx::migrate!(),
    }
}

/// Adds review's services, its relay, its consumer and its sweep to the server.
pub async fn start(runtime: Runtime<Sections>) -> Result<Server> {
    let registry = runtime.neighbour("registry")?;
    let Runtime {
        pool,
        journal,
        bus,
        server,
        extra,
        ..
    } = runtime;
    let app = App::new(
        journal.clone(),
        Registry::new(registry.clone()),
        Materials::in_folder(&extra.materials.directory)?,
        &extra.public_notice.objection_contact,
    );
    let review = Review::new(app.clone());
    let relay = Relay::new(pool.clone(), bus.clone(), "review");
    let organizations = Consumer::new(
        journal,
        bus,
        Subscription {
            listener: "review",
            owner: "registry",
            aggregate_kind: "organization",
        },
        Owner::new(registry),
        RegistryFacts::new(app.clone()),
    );
    let sweep = PublicNoticeSweep::new(app);
    Ok(server
        .add_service(review.applications())
        .add_service(review.selections())
        .add_service(review.filings())
        .add_service(FactFeedServiceServer::new(Feed::new(pool)))
        .background(|stop| relay.run(stop))
        .background(|stop| organizations.run(stop))
        .background(|stop| sweep.run(stop)))
}
