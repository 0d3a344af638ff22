//! What replicas tell each other: who was charged much.
//!
//! Twice a second each says what it charged to those who are above a tenth of a limit, and charges
//! to them what it hears from others. Where NATS is away every replica limits by itself.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use platform::Result;
use platform::bus::Bus;
use prost::Message;
use proto::certificate::v1::{ChargesTold, ToldCharge};
use tokio_util::sync::CancellationToken;

use super::{Account, COUNTED, Limiter};

/// Where it is told; not on a stream, since it is soon worth nothing.
const SUBJECT: &str = "limits.certificate_query";
/// How often.
const EVERY: Duration = Duration::from_millis(500);
/// Most accounts in a message.
const MOST: usize = 4096;

/// Tells and hears until told to stop.
///
/// # Errors
/// When the subject cannot be listened to.
pub async fn run(limiter: Arc<Limiter>, bus: Bus, stop: CancellationToken) -> Result<()> {
    let replica = rand::random();
    let client = bus.client();
    let mut heard = client
        .subscribe(SUBJECT)
        .await
        .map_err(anyhow::Error::from)?;
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            _ = tick.tick() => {
                let told = limiter.tell(replica);
                // A message that is lost makes the limits a little wider.
                if let Some(told) = told
                    && let Err(error) = client.publish(SUBJECT, told.encode_to_vec().into()).await
                {
                    tracing::info!(cause = %error, "charges were not told");
                }
            }
            Some(message) = heard.next() => {
                if let Ok(told) = ChargesTold::decode(message.payload)
                    && told.replica != replica
                {
                    limiter.hear(&told);
                }
            }
        }
    }
}

impl Limiter {
    /// What the others are not told yet, if there is anything.
    fn tell(&self, replica: u64) -> Option<ChargesTold> {
        let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts: Vec<Account> = untold.keys().take(MOST).copied().collect();
        let charge = |account: Account| ToldCharge {
            counted: account.0 as u32,
            account: account.1,
            units: untold.remove(&account).unwrap_or_default(),
        };
        let charges: Vec<_> = accounts.into_iter().map(charge).collect();
        (!charges.is_empty()).then_some(ChargesTold { replica, charges })
    }

    /// Charges what another replica charged.
    fn hear(&self, told: &ChargesTold) {
        let now = self.now();
        for charge in &told.charges {
            let counted = COUNTED.get(charge.counted as usize);
            if let Some(counted) = counted {
                let amount = u64::from(charge.units) * self.budget(*counted).unit();
                self.sketch(*counted).charge(charge.account, amount, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{asker, limiter};

    #[test]
    fn ten_replicas_have_one_limit_and_not_ten() {
        let replicas: Vec<_> = (0..10).map(|_| limiter()).collect();
        let mut answered = 0;
        // A scanner goes from one replica to the next, much faster than they tell each other.
        for round in 0..200 {
            for (number, replica) in replicas.iter().enumerate() {
                let concern = replica.concern(asker(1), &format!("S{round}-{number}"));
                if replica.admit(concern, None).is_ok() {
                    answered += 1;
                    replica.charge(concern, false);
                }
            }
            let told: Vec<_> = replicas.iter().filter_map(|one| one.tell(0)).collect();
            for (number, replica) in replicas.iter().enumerate() {
                let others = told
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != number);
                others.for_each(|(_, told)| replica.hear(told));
            }
        }
        // One replica alone answers a fifth of the soft limit.
        let alone = limiter().limits.address.soft as usize / 5;
        assert!(
            answered >= alone && answered < 3 * alone,
            "{answered} of {alone}"
        );
    }
}
