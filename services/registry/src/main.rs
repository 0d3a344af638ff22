//! The registry's process.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::cli::run(registry::definition(), registry::start)
}
