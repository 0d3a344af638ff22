//! Measures the query; `scripts/bench` calls it with the servers at work.
//!
//! ```text
//! query-bench serve --config F                       answers with a constant, as a query would
//! query-bench generate --config F --certificates N   fills a query's database
//! query-bench measure …                              the most that is answered
//! query-bench half-load …                            how soon, at half of that; how fresh
//! ```

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod generate;
mod half_load;
mod load;
mod measure;
mod noop;
mod sample;

/// Measures the query.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills a query's database with invented certificates.
    Generate {
        /// The query's settings.
        #[arg(long)]
        config: PathBuf,
        /// How many.
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        certificates: u32,
    },
    /// Asks servers that are at work for as much as they answer.
    Measure(measure::Arguments),
    /// Asks one of them for half of that, while it hears of new certificates.
    HalfLoad(half_load::Arguments),
}

fn main() -> ExitCode {
    // The command line of every service, which is the platform's.
    if std::env::args()
        .nth(1)
        .is_some_and(|command| command == "serve")
    {
        return noop::run();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(perform(Arguments::parse().command)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn perform(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Generate {
            config,
            certificates,
        } => generate::generate(&generate::settings(&config)?, certificates).await,
        Command::Measure(arguments) => measure::measure(arguments).await,
        Command::HalfLoad(arguments) => half_load::measure(arguments).await,
    }
}
