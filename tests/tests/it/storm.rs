//! Every fact comes again and again, in no order, and the broker does not know it.

use std::collections::{BTreeMap, HashMap, HashSet};

use platform::testing::{eventually, storm};
use serde_json::Value;
use tests::harness::drill::Walk;
use tests::harness::{Options, Platform, Service, streams};

const SEED: u64 = 20_200_518;
/// What the public query has made of facts, and what it knows about having taken them.
const QUERY_TABLES: &str = "certificate_version, candidate_stage, data_age, platform.inbox, \
                            platform.gate, platform.parked, platform.quarantine";

/// A fact and one of those who follow its owner.
type Delivery = (String, String);

/// After a journey the query forgets everything; then all facts come twice and shuffled. Whoever
/// knows them stays as it is, and the query comes to what it was, out of facts in any order.
#[tokio::test(flavor = "multi_thread")]
async fn facts_that_come_twice_and_in_any_order_lead_to_the_same() {
    let mut platform = Platform::start(Options::default())
        .await
        .expect("start a platform");
    Walk::calmly(&platform).await.expect("a journey");
    let before = dump(&platform).await;
    platform.kill(Service::CertificateQuery);
    forget(&platform).await;
    let known = deliveries(&platform);

    let bus = platform.broker().await;
    for owner in streams::OWNERS {
        let pool = platform.records(owner).pool();
        let sent = storm(&pool, &bus, owner.name(), SEED).await;
        assert!(
            sent.facts > 0 && sent.messages == 2 * sent.facts,
            "{sent:?} of {}",
            owner.name()
        );
    }
    platform
        .restart(Service::CertificateQuery)
        .expect("start it again");
    eventually("everything to be taken", || async {
        streams::are_settled(&platform)
            .await
            .expect("look")
            .then_some(())
    })
    .await;

    let came = deliveries(&platform);
    let expected = expected(&platform).await;
    assert!(expected.len() > 100, "only {} deliveries", expected.len());
    for delivery in &expected {
        let times = count(&came, delivery) - count(&known, delivery);
        assert!(times >= 2, "{delivery:?} came {times} times");
    }
    let after = dump(&platform).await;
    for (table, rows) in &before {
        assert!(after.get(table) == Some(rows), "{table} is not what it was");
    }
    assert_eq!(before.len(), after.len());
}

/// Every fact with everyone who follows facts of its kind.
async fn expected(platform: &Platform) -> HashSet<Delivery> {
    let bus = platform.broker().await;
    let mut expected = HashSet::new();
    for owner in streams::OWNERS {
        let messages = streams::messages(&bus, owner).await.expect("read them");
        let consumers = streams::consumers(&bus, owner).await.expect("ask for them");
        assert!(!consumers.is_empty(), "nobody listens to {}", owner.name());
        for consumer in consumers {
            let prefix = consumer.config.filter_subject.trim_end_matches('>');
            let for_it = messages
                .iter()
                .filter(|message| message.subject.starts_with(prefix))
                .map(|message| message.fact().expect("a fact").fact_id);
            expected.extend(for_it.map(|fact| (fact, consumer.name.clone())));
        }
    }
    expected
}

/// How often which fact has reached whom, as they note it in their logs.
fn deliveries(platform: &Platform) -> HashMap<Delivery, usize> {
    let mut deliveries = HashMap::new();
    for service in Service::ALL {
        let log = platform.logs().join(format!("{}.log", service.name()));
        let log = std::fs::read_to_string(log).expect("its log");
        for line in log.lines().filter(|line| line.contains("a fact came")) {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            let text = |name: &str| line[name].as_str().expect(name).to_owned();
            let delivery = (text("fact_id"), text("consumer"));
            *deliveries.entry(delivery).or_default() += 1;
        }
    }
    deliveries
}

fn count(deliveries: &HashMap<Delivery, usize>, delivery: &Delivery) -> usize {
    deliveries.get(delivery).copied().unwrap_or_default()
}

async fn forget(platform: &Platform) {
    let query = platform.records(Service::CertificateQuery);
    let mut connection = query.connect().await.expect("reach the database");
    sqlx::query(sqlx::AssertSqlSafe(format!("truncate {QUERY_TABLES}")))
        .execute(&mut connection)
        .await
        .expect("forget");
    sqlx::query("update change_head set sequence = 0")
        .execute(&mut connection)
        .await
        .expect("begin anew");
}

/// Everything in every table, but for when the query took what, and after what else.
async fn dump(platform: &Platform) -> BTreeMap<String, Vec<String>> {
    let mut dump = platform.dump().await.expect("read all tables");
    for table in ["platform.inbox", "public.data_age"] {
        dump.remove(&format!("certificate-query: {table}"))
            .expect("the query has it");
    }
    for table in ["certificate_version", "candidate_stage"] {
        let rows = dump.get_mut(&format!("certificate-query: public.{table}"));
        let rows = rows.expect("the query has it");
        for row in rows.iter_mut() {
            let mut columns: Value = serde_json::from_str(row).expect("a row as JSON");
            let columns = columns.as_object_mut().expect("a row has columns");
            columns.remove("change_sequence").expect("a change");
            *row = serde_json::to_string(columns).expect("JSON");
        }
        rows.sort();
    }
    dump
}
