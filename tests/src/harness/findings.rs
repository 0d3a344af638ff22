//! What a run leaves behind, without what differs from run to run: times, and ids that the
//! platform gave. Two runs of the same journeys are compared by it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::bail;

use super::{Platform, Service, streams};

const PATIENCE: Duration = Duration::from_mins(1);

/// What happened on a platform.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// How many facts of which kind: `results/certificate/certificate_issued`.
    pub facts: BTreeMap<String, i64>,
    /// How many commands of which caller, method, request id and kinds of facts were answered.
    pub commands: BTreeMap<String, i64>,
}

impl Findings {
    /// Reads what has happened so far.
    pub async fn of(platform: &Platform) -> anyhow::Result<Self> {
        let mut findings = Self::default();
        for service in Service::ALL {
            let records = platform.records(service);
            let name = |rest: String| format!("{}/{rest}", service.name());
            let facts = records.facts().await?.into_iter();
            findings
                .facts
                .extend(facts.map(|(kind, count)| (name(kind), count)));
            let commands = records.commands().await?.into_iter();
            findings
                .commands
                .extend(commands.map(|(command, count)| (name(command), count)));
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
                bail!(
                    "the platform came to something else:\n{}",
                    self.difference(&found)
                );
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How many commands were answered.
    pub fn answered(&self) -> usize {
        usize::try_from(self.commands.values().sum::<i64>()).unwrap_or_default()
    }

    /// Where others differ from these, line by line.
    pub fn difference(&self, others: &Self) -> String {
        let mut lines = String::new();
        differences(&self.facts, &others.facts, &mut lines);
        differences(&self.commands, &others.commands, &mut lines);
        lines
    }
}

fn differences(
    expected: &BTreeMap<String, i64>,
    found: &BTreeMap<String, i64>,
    lines: &mut String,
) {
    let names: BTreeSet<_> = expected.keys().chain(found.keys()).collect();
    for name in names {
        let of = |counts: &BTreeMap<String, i64>| counts.get(name).copied().unwrap_or_default();
        let (expected, found) = (of(expected), of(found));
        if expected != found {
            let _ = writeln!(lines, "expected {expected}, found {found}: {name}");
        }
    }
}
