//! How much somebody without a token may hand in: objections, hints, complaints, evidence.
//!
//! Each replica counts for itself, and forgets with its end: this keeps a desk from being buried,
//! and is no book-keeping.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::HeaderMap;

use super::{AccessRejection, Network, Source};
use crate::config;

/// Sources that are remembered at once. Whoever has more addresses than that is not held by limits
/// of an address.
const MOST_SOURCES: usize = 65_536;

/// What was handed in lately, by where it came from.
pub(super) struct Lodgings {
    trusted_proxies: Vec<Network>,
    /// What is owed at most, and what one more adds to it.
    period: Duration,
    one: Duration,
    /// When a source owes nothing any more.
    free_at: Mutex<HashMap<u64, Instant>>,
}

impl Lodgings {
    pub(super) fn new(settings: &config::Access) -> Self {
        let period = settings.lodging_period;
        Self {
            trusted_proxies: settings.trusted_proxies.clone(),
            period,
            one: period / settings.lodgings.max(1),
            free_at: Mutex::default(),
        }
    }

    /// Counts one more from there.
    pub(super) fn admit(
        &self,
        peer: Option<SocketAddr>,
        headers: &HeaderMap,
        now: Instant,
    ) -> Result<(), AccessRejection> {
        let source = Source::of(peer, headers, &self.trusted_proxies).address();
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        if free_at.len() >= MOST_SOURCES && !free_at.contains_key(&source) {
            free_at.retain(|_, free| *free > now);
            if free_at.len() >= MOST_SOURCES {
                free_at.clear();
            }
        }
        let owed_until = free_at.get(&source).map_or(now, |free| now.max(*free));
        let next = owed_until + self.one;
        // Whole nanoseconds are lost when the period is divided.
        let most = now + self.period;
        if next > most {
            let seconds = (next - most).as_secs() + 1;
            return Err(AccessRejection::LodgedTooOften { seconds });
        }
        free_at.insert(source, next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lodgings(most: u32) -> Lodgings {
        let period = Duration::from_hours(1);
        Lodgings {
            trusted_proxies: Vec::new(),
            period,
            one: period / most,
            free_at: Mutex::default(),
        }
    }

    fn from(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse().expect("an address"), 1)
    }

    #[test]
    fn so_many_from_one_source_in_a_period_and_one_by_one_afterwards() {
        let lodgings = lodgings(4);
        let begin = Instant::now();
        let admit = |peer, minutes| {
            let now = begin + Duration::from_mins(minutes);
            lodgings.admit(Some(from(peer)), &HeaderMap::new(), now)
        };
        for _ in 0..4 {
            admit("192.0.2.7", 0).expect("within the limit");
        }
        let seconds = 15 * 60 + 1;
        let refused = Err(AccessRejection::LodgedTooOften { seconds });
        assert_eq!(admit("192.0.2.7", 0), refused);
        assert_eq!(admit("192.0.2.7", 0), refused, "a refusal costs nothing");
        admit("192.0.2.8", 0).expect("somebody else");
        admit("192.0.2.7", 15).expect("a quarter is paid off");
        admit("192.0.2.7", 15).expect_err("and no more");
        for _ in 0..4 {
            admit("192.0.2.7", 120).expect("all is paid off");
        }
        admit("192.0.2.7", 120).expect_err("the fifth");
    }

    #[test]
    fn of_more_sources_than_are_remembered_those_that_owe_nothing_are_forgotten() {
        let lodgings = lodgings(1);
        let begin = Instant::now();
        let admit = |number: u32, now| {
            let peer = SocketAddr::new(std::net::Ipv4Addr::from_bits(number).into(), 1);
            lodgings.admit(Some(peer), &HeaderMap::new(), now)
        };
        for number in 0..u32::try_from(MOST_SOURCES).expect("it fits") {
            admit(number, begin).expect("the first");
        }
        let later = begin + Duration::from_hours(2);
        admit(1, later).expect("it owes nothing");
        admit(u32::MAX, later).expect("another");
        let remembered = lodgings.free_at.lock().expect("nobody panicked").len();
        assert_eq!(remembered, 2);
        admit(1, later).expect_err("who owes is remembered");
    }
}
