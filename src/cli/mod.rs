//! Arguments in, library calls, reports out; one file a subcommand.

use std::process::ExitCode;

/// Runs the program on the arguments it was started with.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
