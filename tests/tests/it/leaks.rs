//! Nothing of any person in the journeys is found anywhere it does not belong.
//!
//! The people are made up, so what they are called and their numbers mark them: they are looked
//! for, as text and in hexadecimal, in everything that was written while two journeys were made
//! with logs at their most talkative.

use std::fmt::Write;
use std::path::Path;

use aho_corasick::AhoCorasick;
use jiff::SignedDuration;
use platform::access::{Caller, DevIssuer, Role};
use platform::config::Mode;
use proto::certificate::v1::VerifyCertificateRequest;
use proto::certificate::v1::certificate_query_service_client::CertificateQueryServiceClient;
use proto::exam::v1::plan_service_client::PlanServiceClient;
use proto::exam::v1::{ImportRosterRequest, RosterCandidate};
use proto::results::v1::certificate_service_client::CertificateServiceClient;
use proto::results::v1::objection_service_client::ObjectionServiceClient;
use proto::results::v1::{ProposeCorrectionRequest, RaiseObjectionRequest};
use tests::harness::{Service, streams};
use tests::journey::marks;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::journey::days_of;
use crate::walked::{Walked, walked};

/// Looks for the marks of all people at once.
struct Search {
    marks: AhoCorasick,
    found: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_spans_name_nobody() {
    let walked = walked().await;
    let mut search = Search::of(&everybody(walked).await);
    search.files(&walked.platform.logs());
    let batches = walked.collector.bytes();
    assert!(!batches.is_empty(), "no spans came");
    for batch in batches {
        search.look("a span", &batch);
    }
    search.assert_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_and_messages_name_nobody() {
    let walked = walked().await;
    let mut search = Search::of(&everybody(walked).await);
    let bus = walked.platform.broker().await;
    for owner in streams::OWNERS {
        let messages = streams::messages(&bus, owner)
            .await
            .expect("read the stream");
        assert!(
            !messages.is_empty(),
            "{} told nobody anything",
            owner.name()
        );
        for message in messages {
            search.look(&message.subject, &message.payload);
        }
    }
    search.assert_nothing();
}

/// Facts, publications, replies, quarantine and the services' own tables alike: in a database
/// people are sealed, wherever that is.
#[tokio::test(flavor = "multi_thread")]
async fn at_rest_nobody_is_named() {
    let walked = walked().await;
    let mut search = Search::of(&everybody(walked).await);
    for service in Service::ALL {
        let tables = walked
            .platform
            .records(service)
            .dump()
            .await
            .expect("read all tables");
        assert!(
            tables.values().any(|rows| !rows.is_empty()),
            "{} is empty",
            service.name()
        );
        for (table, rows) in tables {
            for row in rows {
                search.look(&table, row.as_bytes());
            }
        }
    }
    search.assert_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_name_nobody() {
    let walked = walked().await;
    let mut people = everybody(walked).await;
    let damaged = damaged(&number_of(&people));
    people.push(damaged.clone());
    let mut search = Search::of(&people);
    let (name, number) = (name_of(&people), number_of(&people));
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
    search.files(&walked.platform.logs());
    search.assert_nothing();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_finds_what_is_there() {
    let people = everybody(walked().await).await;
    for mark in [name_of(&people), number_of(&people)] {
        for text in [hex::encode(&mark), mark] {
            let mut search = Search::of(&people);
            search.look("a text", format!("before {text} after").as_bytes());
            assert!(search.found.contains("a text"), "{text} was not found");
        }
    }
}

impl Search {
    fn of(people: &[String]) -> Self {
        let marks = people
            .iter()
            .flat_map(|mark| [mark.clone(), hex::encode(mark)]);
        let marks = AhoCorasick::new(marks).expect("a list of texts");
        Self {
            marks,
            found: String::new(),
        }
    }

    fn look(&mut self, place: &str, bytes: &[u8]) {
        if let Some(found) = self.marks.find(bytes) {
            let around = found.start().saturating_sub(80)..(found.end() + 20).min(bytes.len());
            let around = String::from_utf8_lossy(&bytes[around]);
            let _ = writeln!(self.found, "{place}: …{around}…");
        }
    }

    fn files(&mut self, folder: &Path) {
        let files = std::fs::read_dir(folder).expect("a folder");
        let paths: Vec<_> = files.map(|file| file.expect("an entry").path()).collect();
        assert!(
            paths.len() >= Service::ALL.len(),
            "only {} logs",
            paths.len()
        );
        for path in paths {
            let log = std::fs::read(&path).expect("a file");
            self.look(&path.display().to_string(), &log);
        }
    }

    fn assert_nothing(&self) {
        assert!(self.found.is_empty(), "people were found:\n{}", self.found);
    }
}

/// The marks of everybody in both journeys.
async fn everybody(walked: &Walked) -> Vec<String> {
    let mut everybody = Vec::new();
    for journey in [1, 2] {
        let (first_day, _) = days_of(walked, journey).await;
        everybody.extend(marks(journey, first_day).expect("2020 is known"));
    }
    assert!(everybody.len() > 120, "only {} marks", everybody.len());
    everybody
}

fn number_of(people: &[String]) -> String {
    let number = people
        .iter()
        .find(|mark| mark.len() == 18 && mark.is_ascii());
    number.expect("a citizen number").clone()
}

fn name_of(people: &[String]) -> String {
    let name = people
        .iter()
        .find(|mark| mark.chars().count() == 3 && !mark.is_ascii());
    name.expect("a name").clone()
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
        subject: 0,
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
        objector_name: name.to_owned(),
        objector_citizen_id: number.to_owned(),
        grounds: name.to_owned(),
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
