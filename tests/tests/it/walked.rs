//! A platform that two journeys have been made on, and then one of each thing that no journey comes
//! to, for all tests that leave it as it is.

use tests::harness::drill::Walk;
use tests::harness::{Collector, Options, Platform};
use tokio::sync::OnceCell;

use crate::beyond::go_beyond;

/// The platform and what is known of it.
pub(crate) struct Walked {
    pub(crate) platform: Platform,
    pub(crate) collector: Collector,
    pub(crate) first: Walk,
    pub(crate) second: Walk,
}

impl Walked {
    /// Names and numbers of everybody in both journeys.
    pub(crate) fn people(&self) -> impl Iterator<Item = &String> {
        let walks = [&self.first, &self.second].into_iter();
        walks.flat_map(|walk| &walk.outcome.people)
    }
}

/// The shared platform, started by whoever comes first.
pub(crate) async fn walked() -> &'static Walked {
    static WALKED: OnceCell<Walked> = OnceCell::const_new();
    let start = || async {
        let collector = Collector::start().expect("start a collector");
        let options = Options {
            traces: Some(collector.endpoint()),
            ..Options::default()
        };
        let platform = Platform::start(options).await.expect("start a platform");
        let first = Walk::calmly(&platform).await.expect("a first journey");
        let second = Walk::calmly(&platform).await.expect("a second journey");
        go_beyond(&platform, &first.outcome.ids.organization).await;
        Walked {
            platform,
            collector,
            first,
            second,
        }
    };
    WALKED.get_or_init(start).await
}
