//! Scores against gold: the same definitions as the public scorers of each task.
//!
//! Each file reads a folder of gold, runs the library on its texts, and returns plain data that the command line prints.

pub mod align;
pub mod appeals;
pub mod beads;
pub mod calibration;
pub mod diff;
pub mod mismatches;
pub mod segment;
pub mod terms;
pub mod versions;

use std::path::{Path, PathBuf};

/// Why a set could not be scored.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// A file can't be read.
    #[error("{}: cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line of a gold file is not what it should be.
    #[error("{}:{line}: {problem}", path.display())]
    BadLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A folder holds no gold.
    #[error("{}: no gold files here; expected {expected}", path.display())]
    NoGold {
        /// The folder.
        path: PathBuf,
        /// What was looked for.
        expected: &'static str,
    },
}

fn read(path: &Path) -> Result<String, EvaluateError> {
    std::fs::read_to_string(path)
        .map_err(|source| EvaluateError::Unreadable { path: path.to_owned(), source })
}

fn bad_line(path: &Path, line: usize, problem: impl ToString) -> EvaluateError {
    EvaluateError::BadLine { path: path.to_owned(), line, problem: problem.to_string() }
}
