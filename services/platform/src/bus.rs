//! NATS JetStream, as far as the platform uses it.
//!
//! Every service owns one stream for its facts; every neighbour that listens has one durable pull
//! consumer per aggregate kind. Both are declared here once, in the subset that nats-server 2.9
//! knows, and what the server echoes is compared with what was asked for: older servers ignore
//! unknown settings silently, and a setting that is not in force is a promise not kept.

use std::time::Duration;

use async_nats::jetstream::{self, consumer, stream};
use futures::{Stream, StreamExt, future::ready};
use prost::Message;
use proto::common::v1::Watermark;

use crate::error::{Error, Result};

/// How long a message waits for its acknowledgement before it is delivered again.
pub(crate) const ACK_WAIT: Duration = Duration::from_secs(30);
/// How long facts stay on the stream; the database keeps them for good.
const MAX_AGE: Duration = Duration::from_hours(90 * 24);
/// Saves traffic after a relay's restart. Correctness rests on the inbox alone.
const DUPLICATE_WINDOW: Duration = Duration::from_hours(1);

/// A connection to the bus.
#[derive(Clone, Debug)]
pub struct Bus {
    jetstream: jetstream::Context,
    replicas: usize,
}

/// One neighbour's facts of one aggregate kind, as one service follows them.
#[derive(Debug, Clone, Copy)]
pub struct Subscription {
    /// The service that listens.
    pub listener: &'static str,
    /// The service that owns the facts.
    pub owner: &'static str,
    /// The aggregate kind.
    pub aggregate_kind: &'static str,
}

impl Subscription {
    /// Name of the consumer, here and on the bus.
    pub fn name(&self) -> String {
        format!(
            "{}-on-{}-{}",
            self.listener, self.owner, self.aggregate_kind
        )
    }

    fn filter(&self) -> String {
        format!(
            "luban.{}.{}.>",
            self.owner.replace('-', "_"),
            self.aggregate_kind
        )
    }
}

impl Bus {
    /// A bus over a client; streams and consumers get so many replicas.
    pub fn new(client: async_nats::Client, replicas: usize) -> Self {
        let jetstream = jetstream::context::ContextBuilder::new()
            .timeout(Duration::from_secs(5))
            .max_ack_inflight(256)
            .backpressure_on_inflight(true)
            .build(client);
        Self {
            jetstream,
            replicas,
        }
    }

    /// The client beneath.
    pub fn client(&self) -> async_nats::Client {
        self.jetstream.client()
    }

    pub(crate) fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    /// The stream of a service's facts; created if it is not there.
    pub async fn ensure_stream(&self, service: &str) -> Result<stream::Stream> {
        let wanted = stream::Config {
            name: stream_name(service),
            subjects: vec![format!("luban.{}.>", service.replace('-', "_"))],
            storage: stream::StorageType::File,
            retention: stream::RetentionPolicy::Limits,
            // A full stream refuses, and the relay waits, instead of forgetting what nobody read.
            discard: stream::DiscardPolicy::New,
            max_age: MAX_AGE,
            duplicate_window: DUPLICATE_WINDOW,
            deny_delete: true,
            deny_purge: true,
            num_replicas: self.replicas,
            ..stream::Config::default()
        };
        let stream = self
            .jetstream
            .get_or_create_stream(wanted.clone())
            .await
            .map_err(|error| away("the stream", error))?;
        let echoed = &stream.cached_info().config;
        let same = echoed.subjects == wanted.subjects
            && echoed.storage == wanted.storage
            && echoed.retention == wanted.retention
            && echoed.discard == wanted.discard
            && echoed.max_age == wanted.max_age
            && echoed.duplicate_window == wanted.duplicate_window
            && echoed.deny_delete
            && echoed.deny_purge
            && echoed.num_replicas == wanted.num_replicas;
        if same {
            Ok(stream)
        } else {
            Err(differs(&wanted.name))
        }
    }

    /// The consumer of a subscription; created if it is not there. The owner's stream has to be.
    pub async fn ensure_consumer(
        &self,
        subscription: &Subscription,
    ) -> Result<consumer::PullConsumer> {
        let wanted = consumer::pull::Config {
            durable_name: Some(subscription.name()),
            filter_subject: subscription.filter(),
            deliver_policy: consumer::DeliverPolicy::All,
            ack_policy: consumer::AckPolicy::Explicit,
            ack_wait: ACK_WAIT,
            // Giving up is ours to decide: at a limit the server would just stop delivering.
            max_deliver: -1,
            max_ack_pending: 512,
            ..consumer::pull::Config::default()
        };
        let consumer: consumer::PullConsumer = self
            .jetstream
            .get_stream(stream_name(subscription.owner))
            .await
            .map_err(|error| away("the stream", error))?
            .get_or_create_consumer(&subscription.name(), wanted.clone())
            .await
            .map_err(|error| away("the consumer", error))?;
        let echoed = &consumer.cached_info().config;
        let same = echoed.filter_subject == wanted.filter_subject
            && echoed.deliver_policy == wanted.deliver_policy
            && echoed.ack_policy == wanted.ack_policy
            && echoed.ack_wait == wanted.ack_wait
            && echoed.max_deliver == wanted.max_deliver
            && echoed.max_ack_pending == wanted.max_ack_pending;
        if same {
            Ok(consumer)
        } else {
            Err(differs(&subscription.name()))
        }
    }

    /// The stream sequence up to which a subscription's facts are in the listener's database:
    /// they are acknowledged after the commit. 0 before the first.
    pub async fn acknowledged_up_to(&self, subscription: &Subscription) -> Result<u64> {
        // Creating the consumer is its own listener's business; looking at it needs no more.
        let stream = stream_name(subscription.owner);
        let consumer: consumer::PullConsumer = self
            .jetstream
            .get_consumer_from_stream(subscription.name(), stream)
            .await
            .map_err(|error| away("the consumer", error))?;
        Ok(consumer.cached_info().ack_floor.stream_sequence)
    }

    /// The watermarks of an owner, from now on; about one a second.
    pub async fn watermarks(
        &self,
        owner: &str,
    ) -> Result<impl Stream<Item = Watermark> + Send + Unpin + use<>> {
        let messages = self
            .client()
            .subscribe(watermark_subject(owner))
            .await
            .map_err(|error| away("the bus", error))?;
        // What cannot be read says nothing; the next one comes soon.
        let read = |message: async_nats::Message| ready(Watermark::decode(message.payload).ok());
        Ok(messages.filter_map(read))
    }
}

/// Name of the stream that holds a service's facts.
pub fn stream_name(service: &str) -> String {
    format!("LUBAN_{}", service.replace('-', "_").to_uppercase())
}

/// Subject of a service's watermarks. Not on a stream: the next one comes a second later.
pub(crate) fn watermark_subject(service: &str) -> String {
    format!("watermark.{}", service.replace('-', "_"))
}

pub(crate) fn away(
    what: &'static str,
    source: impl std::error::Error + Send + Sync + 'static,
) -> Error {
    Error::Unavailable {
        what,
        source: source.into(),
    }
}

fn differs(name: &str) -> Error {
    Error::Internal(anyhow::anyhow!(
        "the server did not take the settings of {name} as asked"
    ))
}
