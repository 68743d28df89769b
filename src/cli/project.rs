//! The project file, `qosha.toml`: what all commands in a folder of versions, glossaries and decisions have in common.
//!
//! ```toml
//! glossaries = ["glossaries/*.csv", "names.csv"]
//! ```

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use super::input;
use super::talk::Talk;

/// The name of the file.
const NAME: &str = "qosha.toml";

/// What the file says. Paths are relative to its folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// Glossaries, with `*` and `?` for what may differ; later ones override earlier ones.
    #[serde(default)]
    glossaries: Vec<String>,
}

/// A project that the current folder belongs to.
#[derive(Debug)]
pub(super) struct Project {
    path: PathBuf,
    glossaries: Vec<PathBuf>,
}

impl Project {
    /// Finds the project file in the current folder or the nearest one above it.
    pub(super) fn find(talk: &Talk) -> anyhow::Result<Option<Self>> {
        let levels = std::fs::canonicalize(".").map_or(1, |folder| folder.components().count());
        let above = |level: usize| -> PathBuf { std::iter::repeat_n("..", level).collect() };
        let found = (0..levels).map(above).find(|folder| folder.join(NAME).is_file());
        found.map(|folder| Self::read(&folder, talk)).transpose()
    }

    fn read(folder: &Path, talk: &Talk) -> anyhow::Result<Self> {
        let path = folder.join(NAME);
        let text = input::text(&path, None, talk)?;
        let file: File = toml::from_str(&text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = text[..start].matches('\n').count() + 1;
            anyhow::anyhow!("{}:{line}: {}", path.display(), error.message())
        })?;
        let mut glossaries = Vec::new();
        for pattern in &file.glossaries {
            let before = glossaries.len();
            let whole = match folder.to_string_lossy() {
                folder if folder.is_empty() => pattern.clone(),
                folder => format!("{}/{pattern}", glob::Pattern::escape(&folder)),
            };
            let paths = glob::glob(&whole)
                .with_context(|| format!("{}: \"{pattern}\" is no pattern", path.display()))?;
            for found in paths {
                glossaries.push(found.with_context(|| format!("{}", path.display()))?);
            }
            anyhow::ensure!(
                glossaries.len() > before,
                "{}: no file is called \"{pattern}\"; mend the project file",
                path.display()
            );
        }
        Ok(Self { path, glossaries })
    }

    /// Returns the glossaries, and says whose they are.
    pub(super) fn glossaries(self, talk: &Talk) -> Vec<PathBuf> {
        if !self.glossaries.is_empty() {
            let names: Vec<String> =
                self.glossaries.iter().map(|path| path.display().to_string()).collect();
            talk.note(&format!("by {}: {}", self.path.display(), names.join(", ")));
        }
        self.glossaries
    }
}
