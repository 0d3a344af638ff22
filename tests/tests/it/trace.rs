//! One trace from the command that issues to the index that answers.

use std::collections::{HashMap, HashSet};

use platform::testing::eventually;
use tests::harness::{Service, Span};

use crate::walked::{Walked, walked};

const ISSUE: &str = "luban.results.v1.CertificateService/IssueCertificates";
const ISSUED: &str = "certificate_issued";

#[tokio::test(flavor = "multi_thread")]
async fn from_issue_certificates_to_the_query_index_it_is_one_trace() {
    let walked = walked().await;
    let facts = issued(walked).await;
    let numbers = [&walked.first, &walked.second].map(|walk| walk.outcome.ids.certificates.len());
    assert_eq!(
        facts.len(),
        numbers.iter().sum::<usize>(),
        "one fact for each certificate"
    );

    let applied = eventually("every application's span", || async {
        let spans = walked.collector.spans();
        let applied: Vec<_> = spans.into_iter().filter(is_application).collect();
        (applied.len() >= facts.len()).then_some(applied)
    })
    .await;
    let spans: HashMap<_, _> = walked
        .collector
        .spans()
        .into_iter()
        .map(|span| (span.id.clone(), span))
        .collect();
    let commands: Vec<_> = spans.values().filter(|span| span.name == ISSUE).collect();
    assert!(commands.iter().all(|command| command.service == "results"));

    let of_commands: HashSet<_> = commands.iter().map(|command| &command.trace).collect();
    for fact in &facts {
        assert!(
            of_commands.contains(&fact.trace),
            "a fact is of no command's trace"
        );
    }
    let of_applications: HashSet<_> = applied.iter().map(|span| &span.trace).collect();
    for fact in &facts {
        assert!(
            of_applications.contains(&fact.trace),
            "a fact's trace does not reach the query"
        );
    }
    for application in &applied {
        let command = top(application, &spans);
        assert_eq!(
            command.name, ISSUE,
            "an application leads to {}",
            command.name
        );
        assert_eq!(command.trace, application.trace);
    }
}

/// What a fact says about its trace, in the table and in the message that left.
struct Issued {
    trace: String,
}

async fn issued(walked: &Walked) -> Vec<Issued> {
    let results = walked.platform.records(Service::Results);
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(
        "select traceparent, message from platform.fact join platform.publication using (fact_id)
         where kind = $1",
    )
    .bind(ISSUED)
    .fetch_all(&mut results.connect().await.expect("reach the database"))
    .await
    .expect("read the facts");
    rows.into_iter()
        .map(|(traceparent, message)| {
            let fact: proto::common::v1::Fact =
                prost::Message::decode(message.as_slice()).expect("a fact");
            assert_eq!(fact.traceparent, traceparent);
            // version-trace-span-flags
            let trace = traceparent.split('-').nth(1).expect("a trace").to_owned();
            Issued { trace }
        })
        .collect()
}

fn is_application(span: &Span) -> bool {
    span.service == "certificate-query"
        && span.name == "fact.apply"
        && span
            .attributes
            .get("kind")
            .is_some_and(|kind| kind == ISSUED)
}

/// Up along the parents, as far as there are any.
fn top<'a>(span: &'a Span, spans: &'a HashMap<String, Span>) -> &'a Span {
    let mut top = span;
    while !top.parent.is_empty() {
        top = spans.get(&top.parent).expect("a parent that was sent");
    }
    top
}
