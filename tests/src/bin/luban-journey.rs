//! Walks the sample journey on a platform that runs, or asks for its last certificate again.

use std::{io::Write, io::stdout, path::PathBuf};

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use tests::journey::{self, Config, Outcome, State};

/// One organisation from its application to certificates, on a platform that runs.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Walks a journey, beginning on the business day after the last one ended.
    Run(Places),
    /// Asks for the last journey's certificate again.
    Recheck(Places),
}

#[derive(Args)]
struct Places {
    /// Settings, as scripts/up writes them.
    #[arg(long)]
    config: PathBuf,
    /// Folder in which a journey leaves where it ended.
    #[arg(long)]
    state: PathBuf,
}

impl Places {
    fn open(&self) -> Result<(Config, State)> {
        Ok((Config::read(&self.config)?, State::open(&self.state)?))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    // Not locked: the story is written from wherever the runtime goes on.
    let mut out = stdout();
    let outcome = match Arguments::parse().action {
        Action::Run(places) => {
            let (config, mut state) = places.open()?;
            journey::run(&config, &mut state, &mut out).await?
        }
        Action::Recheck(places) => {
            let (config, state) = places.open()?;
            journey::recheck(&config, &state, &mut out).await?
        }
    };
    tell(&outcome, &mut out)
}

/// The lines that `scripts/up` ends with.
fn tell(outcome: &Outcome, out: &mut impl Write) -> Result<()> {
    writeln!(out, "\njourney: ok")?;
    writeln!(out, "certificate: {}", outcome.certificate)?;
    writeln!(out, "holder: {}", outcome.holder)?;
    writeln!(out, "page: {}", outcome.page)?;
    Ok(())
}
