//! Data files of languages added at run time.
//!
//! A folder is laid out as the embedded one: `DIR/<tag>/<file>`. A file takes the place of the embedded one of its name;
//! a file with `.add` before its ending (`abbreviations.add.tsv`) adds its rows to it. `DIR/writing.tsv` adds facts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{embedded, rows};
use crate::model::Language;

/// The files a language can have, with the fewest columns of a row.
const FILES: [(&str, usize); 19] = [
    ("abbreviations.tsv", 2),
    ("amounts.tsv", 3),
    ("function.txt", 1),
    ("joining.txt", 1),
    ("common.tsv", 2),
    ("months.tsv", 2),
    ("negation.tsv", 2),
    ("numbers.tsv", 2),
    ("organizations.tsv", 2),
    ("places.tsv", 2),
    ("prepositions.txt", 1),
    ("roles.txt", 1),
    ("signals.tsv", 4),
    ("speech.txt", 1),
    ("starters.txt", 1),
    ("times.tsv", 2),
    ("verbal.tsv", 4),
    ("units.tsv", 2),
    ("weekdays.tsv", 2),
];

/// The classes of abbreviations.
const CLASSES: [&str; 6] = ["never", "number", "may_end", "end", "unit", "figure"];

/// What the words of `negation.tsv` say about negation.
const NEGATION: [&str; 10] = [
    "firm", "sure", "again", "perhaps", "without", "not only", "only", "opposite", "plain", "none",
];

/// The facts of `writing.tsv`.
const FACTS: [&str; 4] = ["alphabet", "ordinals", "borrows", "small starts"];

#[derive(Debug, Default)]
struct Extra {
    /// By tag and file name; the text lives as long as the program, as the embedded ones do.
    files: BTreeMap<(String, String), &'static str>,
    writing: Option<&'static str>,
}

static EXTRA: OnceLock<Extra> = OnceLock::new();

/// Says why a folder of language data can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// A file or folder can't be read.
    #[error("{path}: cannot be read")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file or folder has a name that is not known, or a row is wrong.
    #[error("{path}: {message}")]
    Wrong {
        /// The file, with the line where one is meant.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// Data was added before, or was asked for already.
    #[error("language data can be added once only, before any is used")]
    Late,
}

/// Adds the data files of a folder to the embedded ones, for the life of the program. To be called once, before any text
/// is read.
///
/// # Errors
/// With the file and the line, when something can't be read or is in no known form.
pub fn add_data(folder: &Path) -> Result<(), DataError> {
    let mut extra = Extra::default();
    for path in entries(folder)? {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            let language = Language::parse(name).map_err(|_| {
                wrong(&path, "is no language tag; folders are named as in az, uk, uz-Cyrl")
            })?;
            for file in entries(&path)? {
                let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                let plain = name.replace(".add.", ".");
                let text = read(&file, &plain)?;
                let text = if plain == name {
                    text
                } else {
                    let before = embedded(language.code(), &plain).unwrap_or_default();
                    format!("{before}\n{text}")
                };
                extra.files.insert((language.to_string(), plain), Box::leak(text.into_boxed_str()));
            }
        } else if name == "writing.tsv" {
            extra.writing = Some(Box::leak(read(&path, name)?.into_boxed_str()));
        }
    }
    if extra.files.is_empty() && extra.writing.is_none() {
        return Err(wrong(
            folder,
            "has no language data: folders such as az with abbreviations.tsv",
        ));
    }
    EXTRA.set(extra).map_err(|_| DataError::Late)
}

/// Returns the text of an added file.
pub(super) fn file(language: Language, file: &str) -> Option<&'static str> {
    let extra = EXTRA.get()?;
    let find = |tag: String| extra.files.get(&(tag, file.to_owned())).copied();
    language
        .script()
        .and_then(|script| find(format!("{}-{script}", language.code())))
        .or_else(|| find(language.code().to_owned()))
}

/// Returns the text of the added `writing.tsv`.
pub(super) fn writing() -> Option<&'static str> {
    EXTRA.get()?.writing
}

/// Returns the languages with added files.
pub(super) fn languages() -> impl Iterator<Item = Language> {
    let files = EXTRA.get().into_iter().flat_map(|extra| extra.files.keys());
    files.filter_map(|(tag, _)| Language::parse(tag).ok())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let unreadable = |source| DataError::Unreadable { path: folder.display().to_string(), source };
    let mut paths = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>, std::io::Error>>()
        .map_err(unreadable)?;
    paths.retain(|path| {
        !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
    });
    paths.sort_unstable();
    Ok(paths)
}

fn read(path: &Path, name: &str) -> Result<String, DataError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| DataError::Unreadable { path: path.display().to_string(), source })?;
    let text = text.trim_start_matches('\u{FEFF}').to_owned();
    check(name, &text).map_err(|(line, message)| DataError::Wrong {
        path: if line == 0 {
            path.display().to_string()
        } else {
            format!("{}:{line}", path.display())
        },
        message,
    })?;
    Ok(text)
}

fn wrong(path: &Path, message: &str) -> DataError {
    DataError::Wrong { path: path.display().to_string(), message: message.to_owned() }
}

/// Checks the form of a file: its name, the columns of its rows, words that must be one of a few. Line 0 is the whole
/// file.
pub(super) fn check(name: &str, text: &str) -> Result<(), (usize, String)> {
    let columns = match FILES.iter().find(|(known, _)| *known == name) {
        Some((_, columns)) => *columns,
        None if name == "writing.tsv" => 3,
        None => {
            let known: Vec<&str> = FILES.iter().map(|(known, _)| *known).collect();
            return Err((
                0,
                format!("is no data file of a language; they are {}", known.join(", ")),
            ));
        }
    };
    for (number, line) in (1..).zip(text.lines()) {
        let Some(row) = rows(line).next() else { continue };
        if row.len() < columns || row[..columns].iter().any(|cell| cell.is_empty()) {
            return Err((number, format!("{columns} columns parted by tabs are needed")));
        }
        let known: &[&str] = match name {
            "abbreviations.tsv" => &CLASSES,
            "negation.tsv" => &NEGATION,
            "writing.tsv" => &FACTS,
            _ => continue,
        };
        if !known.contains(&row[1]) {
            return Err((number, format!("\"{}\" is none of {}", row[1], known.join(", "))));
        }
    }
    Ok(())
}
