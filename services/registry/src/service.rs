//! How the service is put together.

use platform::bus::{Bus, Subscription};
use platform::cli::{Definition, Runtime};
use platform::crypto::BlindIndexer;
use platform::facts::relay::Relay;
use platform::inbox::{Consumer, Owner};
use platform::server::Server;
use platform::unit::Journal;

use crate::app::{App, Post, RectificationSweep};
use crate::config::Sections;
use crate::desk::desk;
use crate::events::{FOLLOWED, InquiryFacts, ReviewFacts};
use crate::grpc::Registry;
use crate::http;

/// Inquiries about applications and organisations.
const INQUIRIES_OF_REVIEW: Subscription = Subscription {
    listener: "registry",
    owner: "review",
    aggregate_kind: "inquiry",
};
/// Inquiries about results.
const INQUIRIES_OF_RESULTS: Subscription = Subscription {
    listener: "registry",
    owner: "results",
    aggregate_kind: "inquiry",
};

/// What the service says about itself.
pub fn definition() -> Definition {
    Definition {
        name: "registry",
        version: env!("CARGO_PKG_VERSION"),
        defaults: include_str!("../config.default.toml"),
        migrations: sqlx::migrate!(),
    }
}

/// Adds the register's services, its relay and its consumers to the server.
pub async fn start(runtime: Runtime<Sections>) -> platform::Result<Server> {
    let review = Owner::new(runtime.neighbour("review")?);
    let results = Owner::new(runtime.neighbour("results")?);
    let Runtime {
        settings,
        pool,
        journal,
        bus,
        server,
        extra,
        ..
    } = runtime;
    let keys = settings.keys.directory.as_ref();
    let keys = keys.ok_or_else(|| anyhow::anyhow!("keys.directory is not set"))?;
    let app = App::new(journal.clone(), BlindIndexer::load(keys)?);
    let registry = Registry::new(app.clone());
    let post = Post::new(app.clone(), &extra.mail)?;
    let most_bytes = settings.server.max_message_bytes;
    let desk = desk(journal.clone());
    let relay = Relay::new(pool.clone(), bus.clone(), "registry");
    let rectifications = RectificationSweep::new(app.clone());
    let pages = http::directory(app.clone(), settings.server.request_timeout);
    let server = match post {
        Some(post) => server.background(|stop| post.run(stop)),
        None => server,
    };
    let server = followed(server, &journal, &bus, &app, (review, results));
    Ok(server
        .add_service(registry.bodies(most_bytes))
        .add_service(registry.catalogue(most_bytes))
        .add_service(registry.organizations(most_bytes))
        .add_service(registry.people(most_bytes))
        .add_service(registry.engagements(most_bytes))
        .add_service(registry.qualifications(most_bytes))
        .add_service(registry.sites(most_bytes))
        .add_service(registry.settings(most_bytes))
        .add_service(desk.service(most_bytes))
        .add_feed(pool)
        .add_service(registry.directory(most_bytes))
        .add_service(registry.keeping(most_bytes))
        .add_service(registry.rules(most_bytes))
        .add_service(registry.messages(most_bytes))
        .add_pages(pages)
        .background(|stop| relay.run(stop))
        .background(|stop| rectifications.run(stop)))
}

/// Adds the consumers of what is decided and asked elsewhere.
fn followed(
    server: Server,
    journal: &Journal,
    bus: &Bus,
    app: &App,
    (review, results): (Owner, Owner),
) -> Server {
    let facts = FOLLOWED.map(|aggregate_kind| {
        let subscription = Subscription {
            listener: "registry",
            owner: "review",
            aggregate_kind,
        };
        let facts = ReviewFacts::new(app.clone());
        let (journal, bus) = (journal.clone(), bus.clone());
        Consumer::new(journal, bus, subscription, review.clone(), facts)
    });
    let server = facts.into_iter().fold(server, |server, consumer| {
        server.background(|stop| consumer.run(stop))
    });
    let inquiries = [
        (INQUIRIES_OF_REVIEW, review.clone()),
        (INQUIRIES_OF_RESULTS, results),
    ];
    let inquiries = inquiries.map(|(subscription, owner)| {
        let (journal, bus) = (journal.clone(), bus.clone());
        Consumer::new(journal, bus, subscription, owner, InquiryFacts)
    });
    inquiries.into_iter().fold(server, |server, consumer| {
        server.background(|stop| consumer.run(stop))
    })
}
