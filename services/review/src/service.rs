//! How the service is put together.

use platform::Result;
use platform::bus::Subscription;
use platform::cli::{Definition, Runtime};
use platform::facts::relay::Relay;
use platform::inbox::{Consumer, Owner};
use platform::inquiry::{Inquiries, InquirySweep};
use platform::reference;
use platform::server::Server;

use crate::app::{
    App, DueSweep, MaterialSweep, Materials, Press, PublicNoticeSweep, Registry, SilenceSweep,
};
use crate::config::Sections;
use crate::desk::desk;
use crate::events::{BatchFacts, CertificateFacts, PlanFacts, RegistryFacts};
use crate::grpc::Review;

/// Organisations, their codes and their rights.
const ORGANIZATIONS: Subscription = Subscription {
    listener: "review",
    owner: "registry",
    aggregate_kind: "organization",
};
/// Plans, of which volumes and absences are watched.
const PLANS: Subscription = Subscription {
    listener: "review",
    owner: "exam-scheduling",
    aggregate_kind: "plan",
};
/// Certificates, of which those issued and revoked are counted.
const CERTIFICATES: Subscription = Subscription {
    listener: "review",
    owner: "results",
    aggregate_kind: "certificate",
};
/// Batches of results, of which objections are counted.
const BATCHES: Subscription = Subscription {
    listener: "review",
    owner: "results",
    aggregate_kind: "batch",
};

/// What the service says about itself.
pub fn definition() -> Definition {
    Definition {
        name: "review",
        version: env!("CARGO_PKG_VERSION"),
        defaults: include_str!("../config.default.toml"),
        migrations: sqlx::migrate!(),
    }
}

/// Adds review's services, its relay, its consumers and its sweeps to the server.
pub async fn start(runtime: Runtime<Sections>) -> Result<Server> {
    let registry = runtime.neighbour("registry")?;
    let exams = runtime.neighbour("exam_scheduling")?;
    let results = runtime.neighbour("results")?;
    let Runtime {
        settings,
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
        Press::open(&extra.printing.fonts, extra.printing.centres)?,
        extra.public_notice.objection_contacts,
    );
    let review = Review::new(app.clone());
    let inquiries = Inquiries::new(journal.clone());
    let inquiry_sweep = InquirySweep::new(journal.clone());
    let desk = desk(journal.clone());
    let most_bytes = settings.server.max_message_bytes;
    let relay = Relay::new(pool.clone(), bus.clone(), "review");
    let owner = Owner::new(registry);
    let copies = reference::keep(
        journal.clone(),
        bus.clone(),
        "review",
        "registry",
        owner.clone(),
    );
    let organizations = Consumer::new(
        journal.clone(),
        bus.clone(),
        ORGANIZATIONS,
        owner,
        RegistryFacts::new(app.clone()),
    );
    let plans = Consumer::new(
        journal.clone(),
        bus.clone(),
        PLANS,
        Owner::new(exams),
        PlanFacts::new(app.clone()),
    );
    let results = Owner::new(results);
    let batches = Consumer::new(
        journal.clone(),
        bus.clone(),
        BATCHES,
        results.clone(),
        BatchFacts::new(app.clone()),
    );
    let certificates = Consumer::new(
        journal,
        bus,
        CERTIFICATES,
        results,
        CertificateFacts::new(app.clone()),
    );
    let notices = PublicNoticeSweep::new(app.clone());
    let silences = SilenceSweep::new(app.clone());
    let dues = DueSweep::new(app.clone());
    let materials = MaterialSweep::new(app);
    Ok(server
        .add_service(review.applications(most_bytes))
        .add_service(review.judgements(most_bytes))
        .add_service(review.selections(most_bytes))
        .add_service(review.rounds(most_bytes))
        .add_service(review.assessments(most_bytes))
        .add_service(review.filings(most_bytes))
        .add_service(review.consultations(most_bytes))
        .add_service(review.inspections(most_bytes))
        .add_service(review.measures(most_bytes))
        .add_service(review.risks(most_bytes))
        .add_service(review.objections(most_bytes))
        .add_service(review.complaints(most_bytes))
        .add_service(review.notices(most_bytes))
        .add_service(review.prints(most_bytes))
        .add_service(inquiries.service(most_bytes))
        .add_service(desk.service(most_bytes))
        .add_pages(review.pages(settings.server.request_timeout))
        .add_feed(pool)
        .background(|stop| relay.run(stop))
        .background(|stop| organizations.run(stop))
        .background(|stop| plans.run(stop))
        .background(|stop| certificates.run(stop))
        .background(|stop| batches.run(stop))
        .background(|stop| copies.run(stop))
        .background(|stop| notices.run(stop))
        .background(|stop| silences.run(stop))
        .background(|stop| dues.run(stop))
        .background(|stop| inquiry_sweep.run(stop))
        .background(|stop| materials.run(stop)))
}
