//! The process of review.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::cli::run(review::definition(), review::start)
}
