//! Walks the sample journey on a platform that runs, or asks for its last certificate again.

use std::{
    io::{Stdout, Write, stderr, stdout},
    path::PathBuf,
    process::ExitCode,
};

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
async fn main() -> ExitCode {
    // Not locked: the story is written from wherever the runtime goes on.
    let mut out = stdout();
    match act(Arguments::parse().action, &mut out).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence, with all causes and without a backtrace: it is for people.
            let _ = writeln!(stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn act(action: Action, out: &mut Stdout) -> Result<()> {
    let outcome = match action {
        Action::Run(places) => {
            let (config, mut state) = places.open()?;
            journey::run(&config, &mut state, out).await?
        }
        Action::Recheck(places) => {
            let (config, state) = places.open()?;
            journey::recheck(&config, &state, out).await?
        }
    };
    tell(&outcome, out)
}

/// The lines that `scripts/up` ends with.
fn tell(outcome: &Outcome, out: &mut impl Write) -> Result<()> {
    writeln!(out, "\njourney: ok")?;
    writeln!(out, "certificate: {}", outcome.certificate)?;
    writeln!(out, "holder: {}", outcome.holder)?;
    writeln!(out, "page: {}", outcome.page)?;
    Ok(())
}
