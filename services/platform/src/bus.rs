//! NATS JetStream, as far as the platform uses it.
//!
//! Every service owns one stream for its facts; every neighbour that listens has one durable pull
//! consumer per aggregate kind. Both are declared here once, in the subset that nats-server 2.9
//! knows. What is there with other settings is changed, and what the server echoes is compared with
//! what was asked for: older servers ignore unknown settings silently, and a setting that is not in
//! force is a promise not kept. A service that finds one ends.

use std::time::Duration;

use async_nats::jetstream::context::UpdateStreamErrorKind;
use async_nats::jetstream::stream::ConsumerErrorKind;
use async_nats::jetstream::{self, consumer, stream};
use futures::{Stream, StreamExt, future::ready};
use prost::Message;
use proto::common::v1::Watermark;
use tracing::info;

use crate::config;
use crate::error::{Error, Result};

/// How long a message waits for its acknowledgement before it is delivered again. A broker that was
/// killed forgets acknowledgements, and a consumer what it had in hand, so this is how long either
/// holds facts up. A batch that takes longer comes again while it is worked on, which is harmless:
/// the inbox knows what it has taken.
const ACK_WAIT: Duration = Duration::from_secs(5);
/// How long facts stay on the stream; the database keeps them for good.
const MAX_AGE: Duration = Duration::from_hours(90 * 24);
/// Saves traffic after a relay's restart. Correctness rests on the inbox alone.
const DUPLICATE_WINDOW: Duration = Duration::from_hours(1);

/// A connection to the bus.
#[derive(Clone, Debug)]
pub struct Bus {
    jetstream: jetstream::Context,
    replicas: usize,
    stream_bytes: i64,
    overdue_after: Duration,
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
    /// A bus over a client, with streams and consumers as the settings want them.
    pub fn new(client: async_nats::Client, settings: &config::Nats) -> Self {
        let jetstream = jetstream::context::ContextBuilder::new()
            .timeout(Duration::from_secs(5))
            .max_ack_inflight(256)
            .backpressure_on_inflight(true)
            .build(client);
        Self {
            jetstream,
            replicas: settings.replicas,
            stream_bytes: settings.stream_bytes,
            overdue_after: settings.overdue_after,
        }
    }

    /// The client beneath.
    pub fn client(&self) -> async_nats::Client {
        self.jetstream.client()
    }

    pub(crate) fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    /// How long a fact may wait for the bus before that is an alarm.
    pub(crate) fn overdue_after(&self) -> Duration {
        self.overdue_after
    }

    /// The stream of a service's facts; created if it is not there, changed if it is not as wanted.
    ///
    /// # Errors
    /// `Unavailable` when the server does not answer, `Internal` when it does not take the settings.
    pub async fn ensure_stream(&self, service: &str) -> Result<stream::Stream> {
        let wanted = stream::Config {
            name: stream_name(service),
            subjects: vec![format!("luban.{}.>", service.replace('-', "_"))],
            storage: stream::StorageType::File,
            retention: stream::RetentionPolicy::Limits,
            // A full stream refuses, and the relay waits, instead of forgetting what nobody read.
            discard: stream::DiscardPolicy::New,
            max_bytes: self.stream_bytes,
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
        if is_as_wanted(&stream.cached_info().config, &wanted) {
            return Ok(stream);
        }
        let changed = self.jetstream.update_stream(&wanted).await;
        let changed = changed.map_err(|error| match error.kind() {
            UpdateStreamErrorKind::JetStream(_) => not_taken(&wanted.name, error),
            _ => away("the stream", error),
        })?;
        if is_as_wanted(&changed.config, &wanted) {
            info!(stream = wanted.name, "the stream's settings were changed");
            Ok(stream)
        } else {
            Err(Error::Internal(Differs(wanted.name).into()))
        }
    }

    /// The consumer of a subscription; created if it is not there, changed if it is not as wanted.
    /// The owner's stream has to be there.
    ///
    /// # Errors
    /// `Unavailable` when the server does not answer, `Internal` when it does not take the settings.
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
        let stream = self
            .jetstream
            .get_stream(stream_name(subscription.owner))
            .await
            .map_err(|error| away("the stream", error))?;
        let found: consumer::PullConsumer = stream
            .get_or_create_consumer(&subscription.name(), wanted.clone())
            .await
            .map_err(|error| away("the consumer", error))?;
        if follows_as_wanted(&found.cached_info().config, &wanted) {
            return Ok(found);
        }
        let changed = stream.create_consumer(wanted.clone()).await;
        let changed = changed.map_err(|error| match error.kind() {
            ConsumerErrorKind::JetStream(_) => not_taken(&subscription.name(), error),
            _ => away("the consumer", error),
        })?;
        if follows_as_wanted(&changed.cached_info().config, &wanted) {
            info!(
                consumer = subscription.name(),
                "the consumer's settings were changed"
            );
            Ok(changed)
        } else {
            Err(Error::Internal(Differs(subscription.name()).into()))
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

/// The server does not hold what was asked of it. Waiting does not help; somebody must look.
#[derive(Debug, thiserror::Error)]
#[error("the server did not take the settings of {0} as asked")]
struct Differs(String);

fn not_taken(name: &str, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Internal(anyhow::Error::new(cause).context(Differs(name.to_owned())))
}

/// Whether an error says that a stream or a consumer is not what it should be, and cannot be made
/// so: then a service that relies on it ends instead of trying again.
pub(crate) fn is_misconfigured(error: &Error) -> bool {
    matches!(error, Error::Internal(cause) if cause.is::<Differs>())
}

fn is_as_wanted(echoed: &stream::Config, wanted: &stream::Config) -> bool {
    echoed.subjects == wanted.subjects
        && echoed.storage == wanted.storage
        && echoed.retention == wanted.retention
        && echoed.discard == wanted.discard
        && echoed.max_bytes == wanted.max_bytes
        && echoed.max_age == wanted.max_age
        && echoed.duplicate_window == wanted.duplicate_window
        && echoed.deny_delete == wanted.deny_delete
        && echoed.deny_purge == wanted.deny_purge
        && echoed.num_replicas == wanted.num_replicas
}

fn follows_as_wanted(echoed: &consumer::Config, wanted: &consumer::pull::Config) -> bool {
    echoed.filter_subject == wanted.filter_subject
        && echoed.deliver_policy == wanted.deliver_policy
        && echoed.ack_policy == wanted.ack_policy
        && echoed.ack_wait == wanted.ack_wait
        && echoed.max_deliver == wanted.max_deliver
        && echoed.max_ack_pending == wanted.max_ack_pending
}
