//! Nothing of any person in the journeys is found anywhere it does not belong.
//!
//! Two journeys were made with logs at their most talkative; what was written down meanwhile is
//! searched for everybody who took part. The journeys that are broken under way are searched in
//! [`crate::faults`], just so.

use std::fs::OpenOptions;
use std::io::Write;

use async_nats::{HeaderMap, jetstream};
use jiff::SignedDuration;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use platform::access::{Caller, DevIssuer, Role};
use platform::config::Mode;
use proto::certificate::v1::VerifyCertificateRequest;
use proto::certificate::v1::certificate_query_service_client::CertificateQueryServiceClient;
use proto::common::v1::Party;
use proto::exam::v1::plan_service_client::PlanServiceClient;
use proto::exam::v1::{ImportRosterRequest, RosterCandidate};
use proto::results::v1::certificate_service_client::CertificateServiceClient;
use proto::results::v1::objection_service_client::ObjectionServiceClient;
use proto::results::v1::{ProposeCorrectionRequest, RaiseObjectionRequest};
use sqlx::Executor;
use tests::harness::{Collector, Options, Platform, Search, Service, streams};
use tests::journey::Heard;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::query;
use crate::walked::{Walked, walked};

#[tokio::test(flavor = "multi_thread")]
async fn logs_spans_errors_tables_and_messages_name_nobody() {
    let walked = walked().await;
    let people = walked.people().count();
    assert!(people > 120, "only {people} names and numbers");
    let mut search = Search::for_people(walked.people()).expect("people");
    let platform = &walked.platform;
    search.platform(platform).await.expect("look everywhere");
    search.spans(&walked.collector).expect("look at the spans");
    for walk in [&walked.first, &walked.second] {
        assert!(!walk.outcome.heard.errors.is_empty(), "nothing was refused");
        search.errors(&walk.outcome.heard);
    }
    search.found_nobody().expect("nobody is named");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_in_every_respect_is_not_named() {
    let walked = walked().await;
    let (name, number) = (name_of(walked), number_of(walked));
    let damaged = damaged(&number);
    let mut search = Search::for_people(walked.people().chain([&damaged])).expect("people");
    let statuses = [
        import_roster(walked, &name, [number.as_str(), &number, &damaged]).await,
        raise_objection(walked, &name, &damaged).await,
        raise_objection(walked, &name, &number).await,
        propose_correction(walked, &name).await,
        verify(walked, &number).await,
    ];
    for status in statuses {
        search.look("a message", status.message().as_bytes());
        search.look("its details", status.details());
    }
    for body in [
        format!(r#"{{"number": ["{number}"], "name": "{name}"}}"#),
        format!(r#"{{"number": "{number}", "{name}": "{name}"}}"#),
        format!(r#"{{"number": "{number}", "name": "{name}"#),
        format!("{name} {number}"),
    ] {
        let answer = query::post(
            walked,
            "api/v1/certificates:verify",
            "application/json",
            body,
        );
        let answer = answer.await;
        assert!(!answer.status().is_success(), "{answer:?}");
        search.look("an answer over HTTP", answer.body());
    }
    search.logs(&walked.platform.logs()).expect("read the logs");
    search.found_nobody().expect("nobody is named");
}

/// A search that finds nobody proves something only where it finds who is there.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_planted_is_found_wherever_that_is() {
    let collector = Collector::start().expect("start a collector");
    let options = Options {
        traces: Some(collector.endpoint()),
        ..Options::default()
    };
    let platform = Platform::start(options).await.expect("start a platform");
    let person = "张晓东".to_owned();
    let mut search = Search::for_people([&person]).expect("somebody");

    plant_in_a_log(&platform, &person);
    search.logs(&platform.logs()).expect("read the logs");
    assert_eq!(search.found().len(), 1, "{:?}", search.found());
    plant_in_a_table(&platform, &person).await;
    search.tables(&platform).await.expect("read all tables");
    assert_eq!(search.found().len(), 2, "{:?}", search.found());
    plant_in_messages(&platform, &person).await;
    search.messages(&platform).await.expect("read the streams");
    assert_eq!(search.found().len(), 5, "{:?}", search.found());
    plant_in_a_span(&collector, &person).await;
    search.spans(&collector).expect("look at the spans");
    assert_eq!(search.found().len(), 6, "{:?}", search.found());
    search.errors(&Heard {
        errors: vec![person.into_bytes()],
        ..Heard::default()
    });
    assert_eq!(search.found().len(), 7, "{:?}", search.found());
    search.found_nobody().expect_err("somebody was found");
}

fn plant_in_a_log(platform: &Platform, person: &str) {
    let log = platform.logs().join("registry.log");
    let log = OpenOptions::new().append(true).open(log);
    writeln!(log.expect("its log"), "{person:?}").expect("a line");
}

/// As bytes: in JSON they are hexadecimal.
async fn plant_in_a_table(platform: &Platform, person: &str) {
    let records = platform.records(Service::Review);
    let mut connection = records.connect().await.expect("reach the database");
    let table = "create table planted (name bytea)";
    connection.execute(table).await.expect("a table");
    let row = sqlx::query("insert into planted values ($1)").bind(person.as_bytes());
    row.execute(&mut connection).await.expect("a row");
}

/// In a subject, a header and a content, each in a message of its own.
async fn plant_in_messages(platform: &Platform, person: &str) {
    let bus = platform.broker().await;
    for owner in streams::OWNERS {
        let stream = bus.ensure_stream(owner.name()).await;
        stream.expect("the service's stream");
    }
    let jetstream = jetstream::new(bus.client());
    let mut header = HeaderMap::new();
    header.insert("planted", hex::encode(person).as_str());
    let hidden = hex::encode_upper(person);
    for (subject, header, content) in [
        (hidden.as_str(), HeaderMap::new(), ""),
        ("header", header, ""),
        ("content", HeaderMap::new(), person),
    ] {
        let subject = format!("luban.results.planted.{subject}");
        let content = content.as_bytes().to_vec().into();
        let sent = jetstream.publish_with_headers(subject, header, content);
        sent.await.expect("sent").await.expect("stored");
    }
}

async fn plant_in_a_span(collector: &Collector, person: &str) {
    let client = TraceServiceClient::connect(collector.endpoint()).await;
    let planted = ResourceSpans {
        schema_url: person.to_owned(),
        ..ResourceSpans::default()
    };
    let request = ExportTraceServiceRequest {
        resource_spans: vec![planted],
    };
    let sent = client.expect("reach the collector").export(request).await;
    sent.expect("received");
}

fn number_of(walked: &Walked) -> String {
    let number = |text: &&String| text.len() == 18 && text.is_ascii();
    walked.people().find(number).expect("a number").clone()
}

fn name_of(walked: &Walked) -> String {
    let name = |text: &&String| text.chars().count() == 3 && !text.is_ascii();
    walked.people().find(name).expect("a name").clone()
}

/// A number whose check character is wrong.
fn damaged(number: &str) -> String {
    let last = if number.ends_with('1') { '2' } else { '1' };
    format!("{}{last}", &number[..17])
}

async fn import_roster(walked: &Walked, name: &str, numbers: [&str; 3]) -> Status {
    let candidates = numbers.map(|number| RosterCandidate {
        name: name.to_owned(),
        citizen_id: number.to_owned(),
        ..RosterCandidate::default()
    });
    let request = as_clerk(
        walked,
        ImportRosterRequest {
            request_id: "leaks".to_owned(),
            plan_id: walked.first.outcome.ids.plan.clone(),
            candidates: candidates.into(),
        },
    );
    let mut client = PlanServiceClient::new(channel(walked, Service::ExamScheduling));
    refused(client.import_roster(request).await)
}

async fn raise_objection(walked: &Walked, name: &str, number: &str) -> Status {
    let request = RaiseObjectionRequest {
        request_id: "leaks".to_owned(),
        public_notice_id: walked.first.outcome.ids.results_notice.clone(),
        row_key: name.to_owned(),
        party: Some(Party {
            name: name.to_owned(),
            citizen_id: number.to_owned(),
            phone: number.to_owned(),
        }),
        grounds: name.to_owned(),
        whole_session: false,
    };
    let mut client = ObjectionServiceClient::new(channel(walked, Service::Results));
    refused(client.raise_objection(request).await)
}

async fn propose_correction(walked: &Walked, name: &str) -> Status {
    let request = as_clerk(
        walked,
        ProposeCorrectionRequest {
            request_id: "leaks".to_owned(),
            number: name.to_owned(),
            corrected_name: name.to_owned(),
            reason: name.to_owned(),
            corrected_document_number: String::new(),
            corrected_document: None,
        },
    );
    let mut client = CertificateServiceClient::new(channel(walked, Service::Results));
    refused(client.propose_correction(request).await)
}

async fn verify(walked: &Walked, number: &str) -> Status {
    let request = VerifyCertificateRequest {
        number: number.to_owned(),
        name: String::new(),
    };
    let mut client = CertificateQueryServiceClient::new(channel(walked, Service::CertificateQuery));
    refused(client.verify_certificate(request).await)
}

fn refused<T>(answer: Result<T, Status>) -> Status {
    answer
        .map(|_| ())
        .expect_err("it was wrong in every respect")
}

fn channel(walked: &Walked, service: Service) -> Channel {
    let address = walked.platform.address(service);
    Endpoint::from_shared(address)
        .expect("an address")
        .connect_lazy()
}

/// In the name of the first journey's college.
fn as_clerk<T>(walked: &Walked, message: T) -> Request<T> {
    let organization = walked
        .first
        .outcome
        .ids
        .organization
        .parse()
        .expect("its id");
    let clerk = Caller {
        subject: "somebody".to_owned(),
        role: Role::Organization,
        division: None,
        organization: Some(organization),
    };
    let issuer = DevIssuer::open(&walked.platform.issuer(), Mode::Test).expect("the issuer");
    let token = issuer
        .mint(&clerk, SignedDuration::from_hours(1))
        .expect("a token");
    let mut request = Request::new(message);
    let value = format!("Bearer {token}").parse().expect("a header");
    request.metadata_mut().insert("authorization", value);
    request
}
