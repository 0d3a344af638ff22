//! The process of exam-scheduling.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::cli::run(exam_scheduling::definition(), exam_scheduling::start)
}
