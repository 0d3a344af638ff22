//! What is on the bus: the services' streams and who has taken what from them.

use anyhow::Context;
use async_nats::HeaderMap;
use async_nats::jetstream::{self, consumer, stream::Stream};
use futures::TryStreamExt;
use platform::bus::{Bus, stream_name};
use prost::Message;
use proto::common::v1::Fact;

use super::{Platform, Service};

/// A message as it lies on a stream.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its place on the stream.
    pub sequence: u64,
    /// The subject it came on.
    pub subject: String,
    /// Its headers as they came over the wire; empty where there are none.
    pub headers: Vec<u8>,
    /// Its content.
    pub payload: Vec<u8>,
}

impl Stored {
    /// The fact in it.
    pub fn fact(&self) -> anyhow::Result<Fact> {
        Fact::decode(self.payload.as_slice()).context("a message that is no fact")
    }
}

/// The services whose facts leave them.
pub const OWNERS: [Service; 4] = [
    Service::Registry,
    Service::Review,
    Service::ExamScheduling,
    Service::Results,
];

/// Every message on a service's stream.
pub async fn messages(bus: &Bus, owner: Service) -> anyhow::Result<Vec<Stored>> {
    let stream = stream(bus, owner).await?;
    let state = stream.cached_info().state.clone();
    let mut messages = Vec::new();
    // A stream without messages says that its first is 0 or the next one to come.
    for sequence in state.first_sequence.max(1)..=state.last_sequence {
        let message = stream.get_raw_message(sequence).await?;
        messages.push(Stored {
            sequence,
            subject: message.subject.to_string(),
            headers: headers(&message.headers),
            payload: message.payload.to_vec(),
        });
    }
    Ok(messages)
}

/// Those who follow a service's facts, as the broker sees them.
pub async fn consumers(bus: &Bus, owner: Service) -> anyhow::Result<Vec<consumer::Info>> {
    let stream = stream(bus, owner).await?;
    Ok(stream.consumers().try_collect().await?)
}

/// Whether everything that happened has reached everybody: all messages are on their streams, all
/// consumers have acknowledged all of them, nothing waits for anything.
pub async fn are_settled(platform: &Platform) -> anyhow::Result<bool> {
    for service in Service::ALL {
        if platform.records(service).unfinished().await? > 0 {
            return Ok(false);
        }
    }
    let bus = platform.broker().await;
    for owner in OWNERS {
        let behind =
            |consumer: &consumer::Info| consumer.num_pending > 0 || consumer.num_ack_pending > 0;
        if consumers(&bus, owner).await?.iter().any(behind) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn headers(headers: &HeaderMap) -> Vec<u8> {
    let lines = headers.iter().flat_map(|(name, values)| {
        let line = move |value| format!("{name}: {value}\r\n");
        values.iter().map(line)
    });
    lines.collect::<String>().into_bytes()
}

async fn stream(bus: &Bus, owner: Service) -> anyhow::Result<Stream> {
    let jetstream = jetstream::new(bus.client());
    jetstream
        .get_stream(stream_name(owner.name()))
        .await
        .context("look at a stream")
}
