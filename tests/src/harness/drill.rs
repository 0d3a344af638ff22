//! A journey on a platform that breaks, compared with the same journey on one that did not.

use std::collections::HashSet;

use anyhow::{Context, ensure};

use super::{Chaos, Damage, Findings, Platform, streams};
use crate::journey::{self, Heard, Outcome, State};

/// One journey, and what there was on the platform after it.
#[derive(Debug, Clone)]
pub struct Walk {
    /// What came of it.
    pub outcome: Outcome,
    /// What it left behind.
    pub findings: Findings,
}

impl Walk {
    /// Walks the next journey on a platform that nobody breaks.
    pub async fn calmly(platform: &Platform) -> anyhow::Result<Self> {
        let outcome = journey(platform).await?;
        Ok(Self {
            outcome,
            findings: Findings::settled(platform).await?,
        })
    }

    /// Walks the same journey on another platform while that is being broken.
    ///
    /// # Errors
    /// When it does not come to the same: outcomes, states, answered commands, kinds of facts.
    pub async fn again(
        &self,
        platform: &mut Platform,
        chaos: Chaos,
    ) -> anyhow::Result<(Heard, Damage)> {
        let journey = Box::pin(journey(platform));
        let (outcome, damage) = chaos.during(platform, journey).await?;
        let outcome = outcome.with_context(|| format!("{damage}"))?;
        let (expected, came) = (&self.outcome.kinds, &outcome.kinds);
        ensure!(
            came == expected,
            "expected {expected:?}, came {came:?}\n{damage}"
        );
        self.findings
            .await_on(platform)
            .await
            .with_context(|| format!("{damage}"))?;
        Ok((outcome.heard, damage))
    }

    /// How many commands this journey has beyond those that a platform has answered already.
    pub async fn commands_beyond(&self, platform: &Platform) -> anyhow::Result<usize> {
        let answered = Findings::of(platform).await?.answered();
        self.findings
            .answered()
            .checked_sub(answered)
            .context("another platform's journey")
    }
}

/// Compares every stream with the facts that have left their owner; returns how many there are.
///
/// # Errors
/// When a stream lacks a fact, whatever happened to the stream in between.
pub async fn facts_on_streams(platform: &Platform) -> anyhow::Result<usize> {
    let bus = platform.broker().await;
    let mut found = 0;
    for owner in streams::OWNERS {
        let mut on_stream = HashSet::new();
        for message in streams::messages(&bus, owner).await? {
            on_stream.insert(message.fact()?.fact_id);
        }
        let published = platform.records(owner).published().await?;
        let (published, on_stream) = (usize::try_from(published)?, on_stream.len());
        ensure!(
            on_stream == published,
            "{} of {published} of {}",
            on_stream,
            owner.name()
        );
        found += on_stream;
    }
    Ok(found)
}

/// The next journey on a platform, told to nobody.
fn journey(platform: &Platform) -> impl Future<Output = anyhow::Result<Outcome>> + use<> {
    let (config, state) = (platform.journey_config(), platform.journey_state());
    async move {
        let mut state = State::open(&state)?;
        journey::run(&config, &mut state, &mut std::io::sink()).await
    }
}
