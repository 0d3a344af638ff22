//! Whatever is killed while a journey is on its way, it comes to the same, and nobody is named.
//!
//! The long form is `./scripts/drill`.

use tests::harness::drill::facts_on_streams;
use tests::harness::{Chaos, Collector, Options, Platform, Search};

use crate::walked::walked;

const KILLS: usize = 12;
const SEED: u64 = 20_200_518;

#[tokio::test(flavor = "multi_thread")]
async fn under_kills_and_without_the_brokers_memory_a_journey_comes_to_the_same() {
    let calm = walked().await;
    let seed = std::env::var("LUBAN_SEED").map_or(SEED, |seed| seed.parse().expect("a number"));
    eprintln!("LUBAN_SEED={seed}");
    let collector = Collector::start().expect("start a collector");
    let options = Options {
        own_postgres: true,
        traces: Some(collector.endpoint()),
    };
    let mut platform = Platform::start(options).await.expect("start a platform");

    let commands = calm.first.commands_beyond(&platform).await.expect("count");
    let kills = Chaos::of_seed(seed, KILLS, commands);
    let first = calm.first.again(&mut platform, kills).await;
    let (heard, damage) = first.expect("the first journey");
    eprintln!("{damage}calls that broke off: {}", heard.broken_off);
    assert_eq!(
        damage.kills.len(),
        KILLS,
        "the journey was over before some of the kills"
    );
    assert!(heard.broken_off > 0, "no kill met a command in flight");

    let commands = calm.second.commands_beyond(&platform).await.expect("count");
    let wipe = Chaos::lost_store(commands / 2);
    let second = calm.second.again(&mut platform, wipe).await;
    let (heard_later, damage) = second.expect("the second journey");
    assert_eq!(damage.kills.len(), 1, "the store is gone");
    facts_on_streams(&platform)
        .await
        .expect("every fact is published again");

    let mut search = Search::for_people(calm.people()).expect("people");
    search.platform(&platform).await.expect("look everywhere");
    search.spans(&collector).expect("look at the spans");
    search.errors(&heard);
    search.errors(&heard_later);
    search.found_nobody().expect("nobody is named");
}
