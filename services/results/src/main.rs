//! The process of results.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::cli::run(results::definition(), results::start)
}
