//! Breaks a platform while journeys are made on it, and compares them with journeys on one that
//! nobody broke. The short form of this is a test; this is for as many kills as one has time for.
//!
//! ```text
//! luban-drill kills --journeys 5 --kills 60 --seed 1   whatever is killed, all comes to the same
//! luban-drill wipe                                     nats-server loses its store half-way
//! ```

use std::io::{self, Write};
use std::time::Instant;

use anyhow::ensure;
use clap::{Parser, Subcommand};
use tests::harness::drill::{Walk, facts_on_streams};
use tests::harness::{Chaos, Options, Platform, Search};

/// Breaks a platform of its own while journeys are made on it.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    drill: Drill,
}

#[derive(Subcommand)]
enum Drill {
    /// Kills services, nats-server and PostgreSQL while commands are in flight.
    Kills {
        /// Journeys, one after another on the same platform.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
        journeys: u32,
        /// Kills in all, spread over the journeys.
        #[arg(long, default_value_t = 60)]
        kills: usize,
        /// Chooses what is killed when. The next number means another drill.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Takes nats-server's store away in the middle of each journey.
    Wipe {
        /// Journeys, one after another on the same platform.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        journeys: u32,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().drill {
        Drill::Kills {
            journeys,
            kills,
            seed,
        } => Box::pin(break_with_kills(journeys, kills, seed)).await,
        Drill::Wipe { journeys } => Box::pin(wipe(journeys)).await,
    }
}

async fn break_with_kills(journeys: u32, kills: usize, seed: u64) -> anyhow::Result<()> {
    let calm = walk_calmly(journeys).await?;
    let mut platform = start().await?;
    let (mut done, mut broken_off, mut gave_up) = (0, 0, 0);
    for (walk, journey) in calm.iter().zip(1..) {
        let began = Instant::now();
        let left = usize::try_from(journeys - journey)? + 1;
        let share = (kills.saturating_sub(done)).div_ceil(left);
        let commands = walk.commands_beyond(&platform).await?;
        let seed = seed.wrapping_mul(1000).wrapping_add(u64::from(journey));
        let (heard, damage) = walk
            .again(&mut platform, Chaos::of_seed(seed, share, commands))
            .await?;
        done += damage.kills.len();
        broken_off += heard.broken_off;
        gave_up += damage.gave_up.len();
        tell(&format!(
            "journey {journey}: the same, {commands} commands, {:.1?}",
            began.elapsed()
        ))?;
        tell(&damage.to_string())?;
    }
    let facts = facts_on_streams(&platform).await?;
    find_nobody(&platform, &calm).await?;
    let answered = calm.last().map_or(0, |walk| walk.findings.answered());
    tell(&format!(
        "{done} kills in {journeys} journeys, seed {seed}; {broken_off} calls broke off and were made \
         again; {answered} answered commands and {facts} published facts found; services that ended by \
         themselves: {gave_up}; nobody is named"
    ))?;
    ensure!(done >= kills, "the journeys were over after {done} kills");
    ensure!(
        kills == 0 || broken_off > 0,
        "no kill met a command in flight"
    );
    tell("drill: ok")
}

async fn wipe(journeys: u32) -> anyhow::Result<()> {
    let calm = walk_calmly(journeys).await?;
    let mut platform = start().await?;
    for (walk, journey) in calm.iter().zip(1..) {
        let commands = walk.commands_beyond(&platform).await?;
        let (_, damage) = walk
            .again(&mut platform, Chaos::lost_store(commands / 2))
            .await?;
        ensure!(
            damage.kills.len() == 1,
            "the journey was over before the store was lost"
        );
        let facts = facts_on_streams(&platform).await?;
        tell(&format!(
            "journey {journey}: the same, and all {facts} facts are published again"
        ))?;
    }
    tell("drill: ok")
}

/// Of those in the journeys nobody is named in what a platform wrote down.
async fn find_nobody(platform: &Platform, walks: &[Walk]) -> anyhow::Result<()> {
    let people = walks.iter().flat_map(|walk| &walk.outcome.people);
    let mut search = Search::for_people(people)?;
    search.platform(platform).await?;
    search.found_nobody()
}

/// What the journeys come to on a platform that nobody breaks.
async fn walk_calmly(journeys: u32) -> anyhow::Result<Vec<Walk>> {
    let platform = start().await?;
    let mut walks = Vec::new();
    for journey in 1..=journeys {
        let began = Instant::now();
        walks.push(Walk::calmly(&platform).await?);
        tell(&format!(
            "journey {journey} of {journeys} without kills: {:.1?}",
            began.elapsed()
        ))?;
    }
    Ok(walks)
}

async fn start() -> anyhow::Result<Platform> {
    let began = Instant::now();
    let platform = Platform::start(Options {
        own_postgres: true,
        ..Options::default()
    })
    .await?;
    tell(&format!("a platform of its own: {:.1?}", began.elapsed()))?;
    Ok(platform)
}

fn tell(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
