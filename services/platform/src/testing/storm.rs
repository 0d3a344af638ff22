//! A storm of deliveries: every fact at least twice, shuffled, and not known to the broker.

use async_nats::jetstream::message::PublishMessage;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use sqlx::PgPool;
use uuid::Uuid;

use crate::bus::Bus;

/// What was sent.
#[derive(Debug, Clone, Copy)]
pub struct Storm {
    /// Different facts.
    pub facts: usize,
    /// Messages sent.
    pub messages: usize,
}

/// Sends every publication of a service twice more, in an order that the seed gives, under fresh
/// message ids, so that the broker's own filter hides nothing from the inbox.
///
/// # Panics
/// When the database or the broker does not take part.
pub async fn storm(pool: &PgPool, bus: &Bus, service: &str, seed: u64) -> Storm {
    let rows = sqlx::query!("select subject, message from platform.publication order by position")
        .fetch_all(pool)
        .await
        .expect("read the publications");
    bus.ensure_stream(service)
        .await
        .expect("the stream is there");
    let mut messages: Vec<_> = rows.iter().chain(&rows).collect();
    messages.shuffle(&mut rand::rngs::StdRng::seed_from_u64(seed));
    for row in &messages {
        let message = PublishMessage::build()
            .payload(row.message.clone().into())
            .message_id(Uuid::now_v7().to_string());
        bus.jetstream()
            .send_publish(row.subject.clone(), message)
            .await
            .expect("send")
            .await
            .expect("be acknowledged");
    }
    Storm {
        facts: rows.len(),
        messages: messages.len(),
    }
}
