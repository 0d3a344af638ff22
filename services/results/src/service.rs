//! How the service is put together.

use platform::bus::Subscription;
use platform::cli::{Definition, Runtime};
use platform::crypto::BlindIndexer;
use platform::facts::relay::Relay;
use platform::inbox::{Consumer, Owner};
use platform::inquiry::{Inquiries, InquirySweep};
use platform::reference;
use platform::server::Server;
use proto::common::v1::public_notice_service_server::PublicNoticeServiceServer;
use proto::results::v1::batch_service_server::BatchServiceServer;
use proto::results::v1::certificate_service_server::CertificateServiceServer;
use proto::results::v1::holding_service_server::HoldingServiceServer;
use proto::results::v1::objection_service_server::ObjectionServiceServer;
use proto::results::v1::print_service_server::PrintServiceServer;
use proto::results::v1::result_review_service_server::ResultReviewServiceServer;
use proto::results::v1::revocation_order_service_server::RevocationOrderServiceServer;

use crate::app::{Neighbours, Results, Sweep};
use crate::config::Config;
use crate::desk::desk;
use crate::events::incoming::Plans;
use crate::grpc::Face;

/// Its name, in traces, subjects and tokens.
const NAME: &str = "results";

/// The plans of exam-scheduling.
const PLANS: Subscription = Subscription {
    listener: NAME,
    owner: "exam-scheduling",
    aggregate_kind: "plan",
};

/// What the service says about itself.
pub fn definition() -> Definition {
    Definition {
        name: NAME,
        version: env!("CARGO_PKG_VERSION"),
        defaults: include_str!("../config.default.toml"),
        migrations: sqlx::migrate!(),
    }
}

/// Adds the services, the feed, the relay, the consumers and the sweep to the server.
///
/// # Errors
/// When keys or addresses cannot be used.
pub async fn start(runtime: Runtime<Config>) -> platform::Result<Server> {
    let (exams, registry) = (
        runtime.neighbour("exam_scheduling")?,
        runtime.neighbour("registry")?,
    );
    let Runtime {
        settings,
        extra,
        pool,
        journal,
        bus,
        server,
        ..
    } = runtime;
    let keys = settings.keys.directory.as_ref();
    let keys = keys.ok_or_else(|| anyhow::anyhow!("keys.directory is not set"))?;
    let indexer = BlindIndexer::load(keys)?;
    let (owner, register) = (Owner::new(exams.clone()), Owner::new(registry.clone()));
    let neighbours = Neighbours::new(exams, registry);
    let results = Results::new(journal.clone(), indexer, extra, neighbours)?;
    let face = Face::new(results.clone());
    let largest = settings.server.max_message_bytes;

    let inquiries = Inquiries::new(journal.clone()).service(largest);
    let desk = desk(journal.clone()).service(largest);
    let copies = reference::keep(journal.clone(), bus.clone(), NAME, "registry", register);
    let inquiry_sweep = InquirySweep::new(journal.clone());
    let plans = Consumer::new(journal, bus.clone(), PLANS, owner, Plans);
    let relay = Relay::new(pool.clone(), bus, NAME);
    let sweep = Sweep::new(results.clone());
    let batches = BatchServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let objections = ObjectionServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let reviews = ResultReviewServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let notices = PublicNoticeServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let prints = PrintServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let orders = RevocationOrderServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let holdings = HoldingServiceServer::new(face.clone()).max_decoding_message_size(largest);
    let certificates = CertificateServiceServer::new(face).max_decoding_message_size(largest);
    Ok(server
        .add_service(batches)
        .add_service(objections)
        .add_service(inquiries)
        .add_service(desk)
        .add_service(notices)
        .add_service(reviews)
        .add_service(certificates)
        .add_service(prints)
        .add_service(orders)
        .add_service(holdings)
        .add_feed(pool)
        .background(|stop| relay.run(stop))
        .background(|stop| plans.run(stop))
        .background(|stop| copies.run(stop))
        .background(|stop| sweep.run(stop))
        .background(|stop| inquiry_sweep.run(stop))
        .background(|stop| results.finish(stop)))
}
