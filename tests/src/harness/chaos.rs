//! Kills during a journey, chosen by a seed.
//!
//! A kill falls when the platform has answered so many commands, so it always falls while others
//! are on their way, however fast the machine is. Somebody has to start again what ends; here that
//! is [`Chaos`], as in production it is Kubernetes.

use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use sqlx::PgConnection;

use super::records::{self, Records};
use super::{Platform, Service, streams::OWNERS};

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A service, with the relay and the consumers in it.
    Service(Service),
    /// The relay of a service alone: the session that holds its lock.
    Relay(Service),
    /// nats-server.
    Broker,
    /// nats-server, and everything it had stored is gone.
    Store,
    /// The whole of PostgreSQL.
    Postgres,
    /// One session of PostgreSQL; the server ends all others and recovers by itself.
    Session(usize),
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(service) => formatter.write_str(service.name()),
            Self::Relay(service) => write!(formatter, "the relay of {}", service.name()),
            Self::Broker => formatter.write_str("nats-server"),
            Self::Store => formatter.write_str("nats-server with its store"),
            Self::Postgres => formatter.write_str("postgres"),
            Self::Session(_) => formatter.write_str("a session of postgres"),
        }
    }
}

/// One kill.
#[derive(Debug, Clone, Copy)]
pub struct Kill {
    /// What is killed.
    pub target: Target,
    /// So many commands of the journey are answered before.
    pub after: usize,
    /// So long it stays down.
    pub down: Duration,
}

/// The kills of one journey.
#[derive(Debug, Clone)]
pub struct Chaos {
    kills: Vec<Kill>,
}

/// What was done to a platform.
#[derive(Debug, Clone, Default)]
pub struct Damage {
    /// The kills, in order.
    pub kills: Vec<Kill>,
    /// Services that ended by themselves and were started again.
    pub gave_up: Vec<Service>,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Kill {
            target,
            after,
            down,
        } in &self.kills
        {
            writeln!(
                formatter,
                "after {after:3} commands: {target}, {} ms",
                down.as_millis()
            )?;
        }
        for service in &self.gave_up {
            writeln!(formatter, "ended by itself: {}", service.name())?;
        }
        Ok(())
    }
}

impl Chaos {
    /// Kills spread over a journey of so many commands; as long as there are enough of them,
    /// nothing that can be killed is spared.
    pub fn of_seed(seed: u64, kills: usize, commands: usize) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        // Not quite at the end, where nothing would be on its way any more.
        let last = (commands * 19 / 20).max(1);
        let mut targets = Vec::new();
        while targets.len() < kills {
            targets.extend(every_target(&mut random));
        }
        targets.truncate(kills);
        let mut kills: Vec<_> = targets
            .into_iter()
            .map(|target| Kill {
                target,
                after: random.random_range(0..last),
                down: Duration::from_millis(random.random_range(0..400)),
            })
            .collect();
        kills.sort_by_key(|kill| kill.after);
        Self { kills }
    }

    /// The broker's store is lost after so many commands.
    pub fn lost_store(after: usize) -> Self {
        Self {
            kills: vec![Kill {
                target: Target::Store,
                after,
                down: Duration::ZERO,
            }],
        }
    }

    /// Breaks the platform while somebody is using it, and repairs it in the end.
    pub async fn during<T>(
        self,
        platform: &mut Platform,
        use_of_it: impl Future<Output = T>,
    ) -> anyhow::Result<(T, Damage)> {
        let mut damage = Damage::default();
        let outcome = tokio::select! {
            outcome = use_of_it => outcome,
            ended = self.strike(platform, &mut damage) => match ended? {},
        };
        repair(platform).await?;
        Ok((outcome, damage))
    }

    /// Never ends well: it is dropped when nobody uses the platform any more.
    async fn strike(
        self,
        platform: &mut Platform,
        damage: &mut Damage,
    ) -> anyhow::Result<std::convert::Infallible> {
        let mut progress = Progress::of(platform);
        let before = progress.answered().await.unwrap_or_default();
        let mut kills = self.kills.into_iter().peekable();
        loop {
            let answered = progress.answered().await.unwrap_or_default() - before;
            let answered = usize::try_from(answered).unwrap_or_default();
            if let Some(kill) = kills.next_if(|kill| answered >= kill.after) {
                damage.kills.push(kill);
                execute(platform, kill).await?;
            }
            for service in Service::ALL {
                if !platform.runs(service) {
                    damage.gave_up.push(service);
                    platform.restart(service)?;
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Everything that can be killed and keeps what it has, once and shuffled, with one of the relays.
fn every_target(random: &mut StdRng) -> Vec<Target> {
    let mut targets = Service::ALL.map(Target::Service).to_vec();
    targets.extend([
        Target::Relay(OWNERS[random.random_range(0..OWNERS.len())]),
        Target::Broker,
        Target::Postgres,
        Target::Session(random.random_range(0..1000)),
    ]);
    targets.shuffle(random);
    targets
}

async fn execute(platform: &mut Platform, kill: Kill) -> anyhow::Result<()> {
    match kill.target {
        Target::Service(service) => platform.kill(service),
        Target::Relay(service) => platform.end_relay(service).await?,
        Target::Broker => platform.kill_broker(),
        Target::Store => platform.wipe_broker(),
        Target::Postgres => platform.kill_postgres()?,
        Target::Session(choice) => platform.kill_postgres_session(choice).await?,
    }
    tokio::time::sleep(kill.down).await;
    match kill.target {
        Target::Service(service) => platform.restart(service),
        Target::Broker | Target::Store => platform.restart_broker(),
        Target::Postgres => platform.restart_postgres().await,
        // The relay leads again by itself, and so does the server come back.
        Target::Relay(_) | Target::Session(_) => Ok(()),
    }
}

/// Starts what lies on the ground: the last kill may have been cut short.
async fn repair(platform: &mut Platform) -> anyhow::Result<()> {
    platform.restart_postgres().await?;
    platform.restart_broker()?;
    for service in Service::ALL {
        if !platform.runs(service) {
            platform.restart(service)?;
        }
    }
    for service in Service::ALL {
        platform.await_healthy(service).await?;
    }
    Ok(())
}

/// Counts the commands that the platform has answered.
struct Progress(Vec<(Records, Option<PgConnection>)>);

impl Progress {
    fn of(platform: &Platform) -> Self {
        Self(
            OWNERS
                .map(|service| (platform.records(service), None))
                .into(),
        )
    }

    /// `None` while a database is away.
    async fn answered(&mut self) -> Option<i64> {
        let mut sum = 0;
        for (records, connection) in &mut self.0 {
            if connection.is_none() {
                *connection = Some(records.connect().await.ok()?);
            }
            match records::answered(connection.as_mut()?).await {
                Ok(answered) => sum += answered,
                Err(_) => {
                    *connection = None;
                    return None;
                }
            }
        }
        Some(sum)
    }
}
