//! The loop that brings facts from the bus to the inbox, and fetches what is missing.

use std::time::Duration;

use async_nats::jetstream::{AckKind, Message};
use futures::StreamExt;
use prost::Message as _;
use proto::common::v1::fact_feed_service_client::FactFeedServiceClient;
use proto::common::v1::{Fact, ListAggregateFactsRequest};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::apply::Outcome;
use super::{Handler, Inbox, Unreadable};
use crate::bus::{self, Bus, Subscription, away};
use crate::client::{self, Neighbour};
use crate::error::Result;
use crate::status::Chain;
use crate::unit::Journal;

/// Messages taken together.
const BATCH: usize = 64;
/// How long the bus holds a request for more.
const EXPIRES: Duration = Duration::from_secs(1);
/// Wait before a message whose effect failed is delivered again.
const AGAIN: Duration = Duration::from_secs(1);
/// Wait after the bus failed.
const PAUSE: Duration = Duration::from_millis(500);

/// Where a consumer asks for facts that never came.
pub type Owner = FactFeedServiceClient<Neighbour>;

/// Follows one neighbour's facts of one aggregate kind.
pub struct Consumer<H> {
    bus: Bus,
    subscription: Subscription,
    owner: Owner,
    inbox: Inbox<H>,
}

impl<H: Handler> Consumer<H> {
    /// A consumer that applies facts through the handler.
    pub fn new(
        journal: Journal,
        bus: Bus,
        subscription: Subscription,
        owner: Owner,
        handler: H,
    ) -> Self {
        let inbox = Inbox::new(journal, subscription.name(), handler);
        Self {
            bus,
            subscription,
            owner,
            inbox,
        }
    }

    /// Follows until told to stop. The stream and the consumer are looked up anew after every
    /// failure, since both may be gone.
    ///
    /// # Errors
    /// When the server does not take the consumer's settings.
    pub async fn run(self, stop: CancellationToken) -> Result<()> {
        while !stop.is_cancelled() {
            if let Err(error) = self.follow(&stop).await {
                if bus::is_misconfigured(&error) {
                    return Err(error);
                }
                info!(consumer = self.inbox.consumer, error = %Chain(&error), "consumer waits");
                let _ = tokio::time::timeout(PAUSE, stop.cancelled()).await;
            }
        }
        Ok(())
    }

    async fn follow(&self, stop: &CancellationToken) -> Result<()> {
        let consumer = self.bus.ensure_consumer(&self.subscription).await?;
        let mut quiet_rounds = 0;
        while !stop.is_cancelled() {
            let mut batch = consumer
                .batch()
                .max_messages(BATCH)
                .expires(EXPIRES)
                .messages()
                .await
                .map_err(|error| away("the consumer", error))?;
            let mut received = 0;
            loop {
                let mut messages = Vec::new();
                // One message is waited for; those that are here already come along.
                tokio::select! {
                    first = batch.next() => match first {
                        Some(first) => messages.push(first.map_err(away_boxed)?),
                        None => break,
                    },
                    () = stop.cancelled() => return Ok(()),
                }
                while let Some(Some(more)) = futures::FutureExt::now_or_never(batch.next()) {
                    messages.push(more.map_err(away_boxed)?);
                }
                received += messages.len();
                self.deliver(messages).await;
            }
            self.inbox.replay_asked().await?;
            self.fetch_missing().await?;
            // A consumer deleted under our feet answers nothing; look it up now and then.
            quiet_rounds = if received == 0 { quiet_rounds + 1 } else { 0 };
            if quiet_rounds >= 5 {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn deliver(&self, messages: Vec<Message>) {
        let (mut readable, mut facts) = (Vec::new(), Vec::new());
        for message in messages {
            match self.read(&message) {
                Ok(fact) => {
                    debug!(
                        consumer = self.inbox.consumer,
                        fact_id = fact.fact_id,
                        "a fact came"
                    );
                    facts.push(fact);
                    readable.push(message);
                }
                Err(unreadable) => {
                    let outcome = self.inbox.set_aside(&message.payload, unreadable).await;
                    acknowledge(&message, outcome).await;
                }
            }
        }
        let outcomes = self.inbox.take(&facts).await;
        for (message, outcome) in readable.iter().zip(outcomes) {
            acknowledge(message, outcome).await;
        }
    }

    /// Nobody but the owner may publish here, and only what the subject says; whatever else comes
    /// is for people to look at.
    fn read(&self, message: &Message) -> Result<Fact, Unreadable> {
        let fact = Fact::decode(message.payload.clone()).map_err(|_| Unreadable("no fact"))?;
        if fact.aggregate_kind == self.subscription.aggregate_kind {
            Ok(fact)
        } else {
            Err(Unreadable("aggregate kind"))
        }
    }

    /// Asks the owner for facts that others have waited for too long.
    async fn fetch_missing(&self) -> Result<()> {
        let gaps = sqlx::query!(
            r#"select parked.aggregate_kind, parked.aggregate_id, gate.version
               from platform.parked
               join platform.gate using (consumer, aggregate_kind, aggregate_id)
               where consumer = $1
                 and not exists (select from platform.quarantine
                                 where quarantine.consumer = parked.consumer and given_up
                                   and quarantine.aggregate_id = parked.aggregate_id)
               group by 1, 2, 3
               having min(parked_at) < now() - interval '2 seconds'
               order by min(parked_at) limit 64"#,
            self.inbox.consumer,
        )
        .fetch_all(self.inbox.journal.pool())
        .await?;
        for gap in gaps {
            let request = ListAggregateFactsRequest {
                aggregate_kind: gap.aggregate_kind,
                aggregate_id: gap.aggregate_id.to_string(),
                after_published_version: gap.version.cast_unsigned(),
                page_size: 500,
            };
            let reply = self
                .owner
                .clone()
                .list_aggregate_facts(request)
                .await
                .map_err(|status| client::away("the owner's feed", status))?;
            self.inbox.take(&reply.into_inner().facts).await;
        }
        Ok(())
    }
}

/// After the commit, and never before: a lost acknowledgement only means one delivery more.
async fn acknowledge(message: &Message, outcome: Outcome) {
    let kind = match outcome {
        Outcome::Taken => AckKind::Ack,
        Outcome::Failed => AckKind::Nak(Some(AGAIN)),
    };
    if let Err(error) = message.ack_with(kind).await {
        warn!(%error, "an acknowledgement was not sent");
    }
}

fn away_boxed(source: async_nats::Error) -> crate::Error {
    crate::Error::Unavailable {
        what: "the bus",
        source: anyhow::Error::from_boxed(source),
    }
}
