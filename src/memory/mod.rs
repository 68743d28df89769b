//! The translation memory: what was translated once, kept in one file and found again by likeness.
//!
//! [`Memory`] keeps [units](crate::model::Unit) in one SQLite file, the only truth. [`Searcher`] holds what a search
//! needs in the machine's memory: each text of one language as numbered tokens. A search compares the query with every
//! text that could reach the wanted score, on all processors, so a true best match is never missed; nothing is cut by
//! a list of candidates.
//!
//! | file | holds |
//! | --- | --- |
//! | `store` | the file: opening, adding, reading units |
//! | `search` | likeness search |
//! | `concordance` | where a phrase stands |
//! | `stats` | what is in a memory |
//!
//! # Example
//! ```
//! use qosha::memory::Memory;
//! use qosha::model::{Language, Unit};
//!
//! let mut memory = Memory::in_memory()?;
//! let texts = [(Language::EN, "The school was closed."), (Language::AZ, "Məktəb bağlandı.")];
//! let texts = texts.map(|(language, text)| (language, text.to_owned())).into();
//! memory.add([Unit { texts, ..Unit::default() }])?;
//!
//! let found = memory.search("The school was not closed.", Language::EN, None, 70.0, 5)?;
//! assert_eq!(found[0].targets[0].1, "Məktəb bağlandı.");
//! assert!((found[0].score - 83.33).abs() < 0.01);
//! # Ok::<(), qosha::memory::MemoryError>(())
//! ```

use std::path::PathBuf;

mod concordance;
mod search;
mod stats;
mod store;

pub use concordance::Hit;
pub use search::{Match, Searcher};
pub use stats::Stats;
pub use store::{Counts, Memory, Stored, UnitId, Units};

/// Says why a memory could not be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// There is no such file.
    #[error("{}: there is no such memory; memory import makes one", .0.display())]
    Missing(PathBuf),
    /// A file of that name is there already.
    #[error("{}: the file exists already", .0.display())]
    Exists(PathBuf),
    /// The folder of the file is missing.
    #[error("{}: there is no folder {}; make it, or name another place", path.display(), folder.display())]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// The file is something else. It was not changed.
    #[error("{}: this is no qosha translation memory; the file was not changed", .0.display())]
    NotAMemory(PathBuf),
    /// The file is of a later qosha. It was not changed.
    #[error(
        "{}: the memory has version {found}, this program knows versions up to {known}; use a newer qosha",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The last version known.
        known: u32,
    },
    /// Another program is writing to the memory.
    #[error("{}: another program is writing to the memory; try again when it is done", .0.display())]
    Busy(PathBuf),
    /// The file can't be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database can't do what is asked: the disk is full, the file is damaged or may not be written.
    #[error("{}: {source}", path.display())]
    Database {
        /// The file; `:memory:` where there is none.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}
