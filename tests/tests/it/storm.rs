//! Every fact comes again and again, in no order, and the broker does not know it.

use std::collections::{BTreeMap, HashMap};

use platform::testing::storm;
use tests::harness::{Platform, Service, streams};

use crate::walked::walked;

const SEED: u64 = 20_200_518;

#[tokio::test(flavor = "multi_thread")]
async fn facts_delivered_again_in_any_order_change_nothing() {
    let walked = walked().await;
    let platform = &walked.platform;
    let before = dump(platform).await;
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
    platform::testing::eventually("everything to be taken", || async {
        streams::are_settled(platform)
            .await
            .expect("look")
            .then_some(())
    })
    .await;

    for owner in streams::OWNERS {
        assert_each_fact_came_three_times(platform, owner).await;
    }
    let after = dump(platform).await;
    for (table, rows) in &before {
        assert!(after.get(table) == Some(rows), "{table} is not what it was");
    }
    assert_eq!(before.len(), after.len());
}

/// Each fact lies on the stream at least three times, and each consumer has acknowledged
/// everything that is on the stream for it.
async fn assert_each_fact_came_three_times(platform: &Platform, owner: Service) {
    let bus = platform.broker().await;
    let messages = streams::messages(&bus, owner)
        .await
        .expect("read the stream");
    let mut copies: HashMap<String, usize> = HashMap::new();
    for message in &messages {
        *copies
            .entry(message.fact().expect("a fact").fact_id)
            .or_default() += 1;
    }
    for (fact, copies) in &copies {
        assert!(*copies >= 3, "{fact} was sent {copies} times");
    }
    let consumers = streams::consumers(&bus, owner)
        .await
        .expect("ask for the consumers");
    assert!(!consumers.is_empty(), "nobody listens to {}", owner.name());
    for consumer in consumers {
        let prefix = consumer.config.filter_subject.trim_end_matches('>');
        let for_it: Vec<_> = messages
            .iter()
            .filter(|message| message.subject.starts_with(prefix))
            .collect();
        let deliveries = consumer.delivered.consumer_sequence;
        assert!(
            deliveries >= for_it.len() as u64,
            "{} got {deliveries}",
            consumer.name
        );
        assert_eq!(
            (consumer.num_pending, consumer.num_ack_pending),
            (0, 0),
            "{}",
            consumer.name
        );
        let last = for_it.last().map_or(0, |message| message.sequence);
        assert!(
            consumer.ack_floor.stream_sequence >= last,
            "{} left some",
            consumer.name
        );
    }
}

async fn dump(platform: &Platform) -> BTreeMap<String, Vec<String>> {
    let mut dump = BTreeMap::new();
    for service in Service::ALL {
        dump.extend(
            platform
                .records(service)
                .dump()
                .await
                .expect("read all tables"),
        );
    }
    dump
}
