//! The process: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::cli::run(certificate_query::definition(), certificate_query::start)
}
