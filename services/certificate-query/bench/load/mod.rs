//! A client that costs less than what it measures: requests written as bytes, answers read as far
//! as needed to see that they are right, one thread, no library between it and the socket.
//!
//! Closed loop: every connection asks again as soon as it is answered, which finds the most that a
//! server does. Open loop: requests are due at fixed times, and latency counts from when one was
//! due, so that a server that stalls cannot hide it by being asked less.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::sample::{Random, Sample};

mod grpc;
mod http;

/// Addresses that requests come from, each in a network of its own.
const SOURCES: u32 = 100_000;
/// Connections, and requests under way on each of those that carry several.
const HTTP_CONNECTIONS: u32 = 64;
const GRPC_CONNECTIONS: u32 = 8;
const GRPC_STREAMS: usize = 16;
/// Not counted, at the beginning of a run.
const WARM_UP: Duration = Duration::from_millis(500);

/// A server that is asked about some certificates.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) protocol: Protocol,
    /// How many it knows.
    pub(crate) certificates: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http,
    Grpc,
}

/// What came of a run.
#[derive(Default)]
pub(crate) struct Tally {
    /// Nanoseconds of each answer.
    pub(crate) latencies: Vec<u32>,
    /// Answers that were not the certificate.
    pub(crate) failed: u64,
}

impl Tally {
    fn note(&mut self, due: Instant, right: bool) {
        let nanoseconds = due.elapsed().as_nanos();
        self.latencies
            .push(u32::try_from(nanoseconds).unwrap_or(u32::MAX));
        self.failed += u64::from(!right);
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.failed += other.failed;
    }

    /// Milliseconds within which this share of all was answered.
    pub(crate) fn quantile(&mut self, share: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a position among some millions"
        )]
        let position = (last as f64 * share).round() as usize;
        if self.latencies.is_empty() {
            return f64::NAN;
        }
        let (_, value, _) = self.latencies.select_nth_unstable(position);
        f64::from(*value) / 1e6
    }
}

/// When requests are sent on a connection.
#[derive(Clone, Copy)]
struct Pace {
    /// Before this moment nothing counts.
    from: Instant,
    until: Instant,
    next: Instant,
    /// Between two requests; none where each follows the answer before.
    every: Option<Duration>,
}

impl Pace {
    /// Waits until a request is due, and says since when it is; none when time is over. Spinning:
    /// a timer would come up to a millisecond late.
    async fn due(&mut self) -> Option<Instant> {
        let due = match self.every {
            None => Instant::now(),
            Some(every) => {
                let due = self.next;
                self.next += every;
                while Instant::now() < due {
                    tokio::task::yield_now().await;
                }
                due
            }
        };
        (due < self.until).then_some(due)
    }

    fn counts(&self, due: Instant) -> bool {
        due >= self.from
    }
}

/// Questions about certificates that are there, uniformly at random, from everywhere.
struct Questions {
    random: Random,
    certificates: u32,
}

/// A question: about which certificate, and from where.
struct Question {
    number: String,
    name: String,
    source: [u8; 4],
}

impl Questions {
    fn next(&mut self) -> Question {
        let sample = Sample(self.random.below(self.certificates));
        let source = 0x0b00_0007 + self.random.below(SOURCES) * 256;
        Question {
            number: sample.number(),
            name: sample.name(),
            source: source.to_be_bytes(),
        }
    }
}

impl Question {
    /// The source as a proxy writes it down.
    fn forwarded_for(&self) -> String {
        let [a, b, c, d] = self.source;
        format!("{a}.{b}.{c}.{d}")
    }
}

/// Asks as much as is answered, and says how many a second that is.
pub(crate) async fn closed_loop(target: Target, time: Duration) -> anyhow::Result<(Tally, f64)> {
    let tally = run(target, time, None).await?;
    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    let rate = tally.latencies.len() as f64 / time.as_secs_f64();
    Ok((tally, rate))
}

/// Asks so often a second, whatever is answered.
pub(crate) async fn open_loop(target: Target, time: Duration, rate: f64) -> anyhow::Result<Tally> {
    run(target, time, Some(rate)).await
}

async fn run(target: Target, time: Duration, rate: Option<f64>) -> anyhow::Result<Tally> {
    let connections = match target.protocol {
        Protocol::Http => HTTP_CONNECTIONS,
        Protocol::Grpc => GRPC_CONNECTIONS,
    };
    let began = Instant::now();
    let every = rate.map(|rate| Duration::from_secs_f64(f64::from(connections) / rate));
    let mut running = JoinSet::new();
    for connection in 0..connections {
        let pace = Pace {
            from: began + WARM_UP,
            until: began + WARM_UP + time,
            // One connection after another, evenly.
            next: began + every.unwrap_or_default() * connection / connections,
            every,
        };
        let questions = Questions {
            random: Random(u64::from(connection) << 32 | u64::from(target.certificates)),
            certificates: target.certificates,
        };
        match target.protocol {
            Protocol::Http => running.spawn(http::converse(target.address, questions, pace)),
            Protocol::Grpc => running.spawn(grpc::converse(target.address, questions, pace)),
        };
    }
    let mut tally = Tally::default();
    while let Some(ended) = running.join_next().await {
        tally.add(ended??);
    }
    Ok(tally)
}
