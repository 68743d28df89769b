//! The `qosha` program: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    qosha::cli::main()
}
