//! What a run leaves behind, without what differs from run to run: times, and ids that the
//! platform gave. Two runs of the same journeys are compared by it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::bail;

use super::{Platform, Service, streams};

const PATIENCE: Duration = Duration::from_secs(60);

/// What happened on a platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// How many facts of which kind: `results/certificate/certificate_issued`.
    pub facts: BTreeMap<String, i64>,
    /// The kinds of facts that each command caused, by caller, method and request id. A command
    /// that was answered is here with its reply, or not here.
    pub commands: BTreeMap<String, Vec<String>>,
}

impl Findings {
    /// Reads what has happened so far.
    pub async fn of(platform: &Platform) -> anyhow::Result<Self> {
        let mut findings = Self::default();
        for service in Service::ALL {
            let records = platform.records(service);
            let name = |rest: String| format!("{}/{rest}", service.name());
            let facts = records.facts().await?.into_iter();
            findings.facts.extend(facts.map(|(kind, count)| (name(kind), count)));
            let commands = records.commands().await?.into_iter();
            findings.commands.extend(commands.map(|(command, facts)| (name(command), facts)));
        }
        Ok(findings)
    }

    /// Reads when everything that happened has reached everybody.
    pub async fn settled(platform: &Platform) -> anyhow::Result<Self> {
        let began = Instant::now();
        while !streams::are_settled(platform).await? {
            if began.elapsed() > PATIENCE {
                bail!("the platform does not come to rest");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self::of(platform).await
    }

    /// Waits until a platform has come to exactly this, and is at rest.
    pub async fn await_on(&self, platform: &Platform) -> anyhow::Result<()> {
        let began = Instant::now();
        loop {
            let found = Self::settled(platform).await?;
            if found == *self {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                bail!("the platform came to something else:\n{}", self.difference(&found));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Where others differ from these, line by line.
    pub fn difference(&self, others: &Self) -> String {
        let mut lines = String::new();
        differences(&self.facts, &others.facts, &mut lines);
        differences(&self.commands, &others.commands, &mut lines);
        lines
    }
}

fn differences<T: PartialEq + std::fmt::Debug>(
    expected: &BTreeMap<String, T>,
    found: &BTreeMap<String, T>,
    lines: &mut String,
) {
    for (name, value) in expected {
        if found.get(name) != Some(value) {
            let _ = writeln!(lines, "{name}: expected {value:?}, found {:?}", found.get(name));
        }
    }
    for (name, value) in found.iter().filter(|(name, _)| !expected.contains_key(*name)) {
        let _ = writeln!(lines, "{name}: not expected, found {value:?}");
    }
}
