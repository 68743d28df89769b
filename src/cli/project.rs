//! The project file, `qosha.toml`: what all commands in a folder of versions, glossaries and decisions have in common.
//!
//! ```toml
//! glossaries = ["glossaries/*.csv", "names.csv"]
//!
//! [checks]
//! quotes = "off"
//! ```
//! The sections on checks are described in `docs/checks.md` and read by [`super::rules`].

use std::path::{Path, PathBuf};

use anyhow::Context;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::input;
use super::rules;
use super::talk::Talk;
use crate::diff::rules::Rules;
use crate::text::nearest;

/// The name of the file.
const NAME: &str = "qosha.toml";

/// The keys of the file.
const KEYS: [&str; 4] = ["glossaries", "checks", "accept", "suppress"];

/// A project that the current folder belongs to.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) path: PathBuf,
    /// Its folder, `.` where it is the current one.
    pub(super) folder: PathBuf,
    glossaries: Vec<PathBuf>,
    /// What it says of findings.
    pub(super) rules: Rules,
}

/// A file that is read, to name places in it.
pub(super) struct Place<'t> {
    path: &'t Path,
    text: &'t str,
}

impl Place<'_> {
    /// Makes an error about some bytes of the file.
    pub(super) fn error(
        &self,
        bytes: std::ops::Range<usize>,
        message: impl std::fmt::Display,
    ) -> anyhow::Error {
        let before = self.text.get(..bytes.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        anyhow::anyhow!("{}:{line}: {message}", self.path.display())
    }

    /// Fails with the first key that is not known, and the nearest one that is.
    pub(super) fn knows(&self, table: &DeTable<'_>, keys: &[&str]) -> anyhow::Result<()> {
        let unknown = table.keys().filter(|key| !keys.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown.min_by_key(|key| key.span().start) else { return Ok(()) };
        let name = key.get_ref();
        let hint = match nearest(name, keys) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("known are {}", keys.join(", ")),
        };
        Err(self.error(key.span(), format!("unknown key \"{name}\"; {hint}")))
    }

    /// Returns a value that must be a text with something in it.
    pub(super) fn text<'v>(
        &self,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> anyhow::Result<&'v str> {
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Ok(text),
            DeValue::String(_) => Err(self.error(value.span(), format!("\"{key}\" is empty"))),
            _ => Err(self.error(
                value.span(),
                format!("\"{key}\" is no text in quotation marks; write {key} = \"…\""),
            )),
        }
    }

    /// Returns a value that must be a list of texts.
    pub(super) fn texts<'v>(
        &self,
        key: &str,
        value: &'v Spanned<DeValue<'_>>,
    ) -> anyhow::Result<Vec<&'v str>> {
        let DeValue::Array(list) = value.get_ref() else {
            let message = format!("\"{key}\" is no list; write {key} = [\"…\", \"…\"]");
            return Err(self.error(value.span(), message));
        };
        list.iter().map(|value| self.text(key, value)).collect()
    }
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
        let place = Place { path: &path, text: &text };
        let table = DeTable::parse(&text)
            .map_err(|error| place.error(error.span().unwrap_or(0..0), error.message()))?;
        let table = table.get_ref();
        place.knows(table, &KEYS)?;
        let glossaries = match table.get("glossaries") {
            Some(list) => glossaries(list, folder, &place)?,
            None => Vec::new(),
        };
        let rules = rules::read(table, &place)?;
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Ok(Self { folder: folder.to_owned(), glossaries, rules, path })
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

/// Returns the glossaries that patterns find: paths relative to the folder, with `*` and `?` for what may differ.
fn glossaries(
    list: &Spanned<DeValue<'_>>,
    folder: &Path,
    place: &Place<'_>,
) -> anyhow::Result<Vec<PathBuf>> {
    let path = place.path.display();
    let mut glossaries = Vec::new();
    for pattern in place.texts("glossaries", list)? {
        let before = glossaries.len();
        let whole = match folder.to_string_lossy() {
            folder if folder.is_empty() => pattern.to_owned(),
            folder => format!("{}/{pattern}", glob::Pattern::escape(&folder)),
        };
        let paths =
            glob::glob(&whole).with_context(|| format!("{path}: \"{pattern}\" is no pattern"))?;
        for found in paths {
            glossaries.push(found.with_context(|| format!("{path}"))?);
        }
        anyhow::ensure!(
            glossaries.len() > before,
            "{path}: no file is called \"{pattern}\"; mend the project file"
        );
    }
    Ok(glossaries)
}
