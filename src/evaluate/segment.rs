//! Scores segments against gold: boundaries, and whole segments.
//!
//! Gold and system hold the same text, a segment a line, an empty line at the end of a paragraph. A boundary is the
//! number of visible characters before it, so spacing and wrapping change no score, and a system that changes, adds or
//! drops a visible character is refused. In the gold, `¦` inside a line says that a boundary there is neither right nor
//! wrong.
//!
//! ```text
//! gold                        system                  inner: 1 right of 2, gold has 1
//! The appeal reads¦We appeal. The appeal reads        (the `¦` is not counted)
//! It is 5 p.m. in Baku.       We appeal. It is 5 p.m.
//!                             in Baku.
//! ```
//!
//! Three figures: *inner* counts boundaries inside paragraphs only, since their ends are given to every system; *all*
//! counts the ends of paragraphs too, so that joining paragraphs costs; *segments* counts those with both ends right.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use crate::language;
use crate::model::Language;
use crate::segment::{self, Options};

/// Says in a gold line that a boundary here is neither right nor wrong.
const UNKNOWN: char = '¦';

/// Why a folder or a pair of texts was not scored.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// The system changed, added or dropped a visible character.
    #[error(
        "text differs from the gold at visible character {at}: gold \"{gold}\", system \"{system}\""
    )]
    TextDiffers {
        /// How many visible characters are the same.
        at: usize,
        /// The gold around the place.
        gold: String,
        /// The system's text around the place.
        system: String,
    },
    /// A file or folder could not be read as UTF-8 text.
    #[error("cannot read {path}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// One set of a folder was refused.
    #[error("{name} was not scored")]
    Set {
        /// The name of the set.
        name: String,
        /// Why.
        source: Box<ScoreError>,
    },
}

/// How many boundaries or segments are right, of how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Those of the system that the gold has.
    pub right: usize,
    /// Those of the system.
    pub system: usize,
    /// Those of the gold.
    pub gold: usize,
}

impl Count {
    fn of<T: Ord>(gold: &BTreeSet<T>, system: &BTreeSet<T>) -> Self {
        let right = gold.intersection(system).count();
        Self { right, system: system.len(), gold: gold.len() }
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.system += other.system;
        self.gold += other.gold;
    }

    /// Returns precision, recall and their harmonic mean. A system that finds nothing where there is nothing is
    /// perfect.
    pub fn figures(self) -> Figures {
        let ratio = |whole: usize, empty: f64| {
            if whole == 0 { empty } else { self.right as f64 / whole as f64 }
        };
        let precision = ratio(self.system, if self.gold == 0 { 1.0 } else { 0.0 });
        let recall = ratio(self.gold, 1.0);
        let sum = precision + recall;
        Figures {
            precision,
            recall,
            f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 },
        }
    }
}

/// Precision, recall and their harmonic mean, each in `0..=1`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// Right ones over those of the system.
    pub precision: f64,
    /// Right ones over those of the gold.
    pub recall: f64,
    /// The harmonic mean of both; 0 where both are 0.
    pub f1: f64,
}

/// The counts of one text, or of several added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Boundaries inside paragraphs.
    pub inner: Count,
    /// Boundaries inside and at the ends of paragraphs.
    pub all: Count,
    /// Segments with both ends right.
    pub segments: Count,
}

impl Counts {
    /// Adds the counts of another text.
    pub fn add(&mut self, other: &Self) {
        self.inner.add(other.inner);
        self.all.add(other.all);
        self.segments.add(other.segments);
    }

    /// Returns the figures.
    pub fn score(&self) -> Score {
        Score {
            inner: self.inner.figures(),
            all: self.all.figures(),
            segments: self.segments.figures(),
            gold_segments: self.all.gold,
        }
    }
}

/// The figures of one text, or of several.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Boundaries inside paragraphs.
    pub inner: Figures,
    /// Boundaries inside and at the ends of paragraphs.
    pub all: Figures,
    /// Segments with both ends right.
    pub segments: Figures,
    /// Segments of the gold.
    pub gold_segments: usize,
}

/// The score of one set of a folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SetScore {
    /// The name of the set: `az-golden` for `az-golden.txt` and `az-golden.gold.txt`.
    pub name: String,
    /// The language it was segmented in.
    pub language: Language,
    /// Its counts.
    pub counts: Counts,
    /// Its figures.
    pub score: Score,
}

/// The scores of a folder.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FolderScore {
    /// The sets by name.
    pub sets: Vec<SetScore>,
    /// The figures of the counts of all sets added up.
    pub total: Score,
    /// The mean of the sets' inner F1, in `0..=1`; 0 for a folder without sets.
    pub mean_inner_f1: f64,
}

/// A text as its visible characters and the places of its boundaries, counted in them.
struct Places {
    visible: Vec<char>,
    ends: BTreeSet<usize>,
    paragraphs: BTreeSet<usize>,
    unknown: BTreeSet<usize>,
}

impl Places {
    fn read(text: &str, is_gold: bool) -> Self {
        let (mut visible, mut ends) = (Vec::new(), BTreeSet::new());
        let (mut paragraphs, mut unknown) = (BTreeSet::new(), BTreeSet::new());
        for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
            if line.trim().is_empty() {
                paragraphs.insert(visible.len());
                continue;
            }
            for letter in line.chars() {
                if is_gold && letter == UNKNOWN {
                    unknown.insert(visible.len());
                } else if is_visible(letter) {
                    visible.push(letter);
                }
            }
            ends.insert(visible.len());
        }
        paragraphs.insert(visible.len());
        ends.remove(&0);
        paragraphs.remove(&0);
        unknown.retain(|place| !ends.contains(place));
        Self { visible, ends, paragraphs, unknown }
    }
}

/// Says whether a character counts: white space does not, nor what is written and not seen (soft hyphens, marks of zero
/// width).
fn is_visible(letter: char) -> bool {
    let is_unseen =
        matches!(letter, '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\u{AD}' | '\u{1C}'..='\u{1F}');
    !letter.is_whitespace() && !is_unseen
}

/// Counts the boundaries and segments of a system's output against gold, both a segment a line.
///
/// # Errors
/// Returns [`ScoreError::TextDiffers`] where the visible characters are not the same.
///
/// # Example
/// ```
/// use qosha::evaluate::segment::score;
/// let counts = score("Salam.\nBu, prof. Əlidir.", "Salam.\nBu, prof.\nƏlidir.").unwrap();
/// assert_eq!((counts.inner.right, counts.inner.system, counts.inner.gold), (1, 2, 1));
/// ```
pub fn score(gold: &str, system: &str) -> Result<Counts, ScoreError> {
    let (gold, system) = (Places::read(gold, true), Places::read(system, false));
    if gold.visible != system.visible {
        return Err(difference(&gold.visible, &system.visible));
    }
    let ends: BTreeSet<usize> = system
        .ends
        .union(&system.paragraphs)
        .filter(|end| !gold.unknown.contains(end))
        .copied()
        .collect();
    let inside = |ends: &BTreeSet<usize>| ends.difference(&gold.paragraphs).copied().collect();
    Ok(Counts {
        inner: Count::of::<usize>(&inside(&gold.ends), &inside(&ends)),
        all: Count::of(&gold.ends, &ends),
        segments: Count::of(&between(&gold.ends), &between(&ends)),
    })
}

fn difference(gold: &[char], system: &[char]) -> ScoreError {
    let at = gold.iter().zip(system).take_while(|(gold, system)| gold == system).count();
    let around =
        |text: &[char]| -> String { text.iter().skip(at.saturating_sub(20)).take(40).collect() };
    ScoreError::TextDiffers { at, gold: around(gold), system: around(system) }
}

fn between(ends: &BTreeSet<usize>) -> BTreeSet<(usize, usize)> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends.iter().copied()).collect()
}

/// Segments a text and counts against its gold.
///
/// # Errors
/// Returns [`ScoreError::TextDiffers`] where the gold is not of this text.
pub fn score_text(
    text: &str,
    gold: &str,
    language: Language,
    options: &Options<'_>,
) -> Result<Counts, ScoreError> {
    let document = segment::document("", text.to_owned(), language, options);
    score(gold, &segment::lines(&document))
}

/// Segments `X.txt` for every `X.gold.txt` of a folder and scores it. The language is the first part of the name:
/// `tr-boun` is Turkish, `azcyrl-golden` Azerbaijani in Cyrillic script; a name that begins with no language code is
/// segmented by what the text seems to be in. A gold without its text is passed over.
///
/// # Errors
/// Returns the first file that cannot be read or scored.
pub fn score_folder(folder: &Path, options: &Options<'_>) -> Result<FolderScore, ScoreError> {
    let unreadable =
        |path: &Path, source| ScoreError::Unreadable { path: path.display().to_string(), source };
    let entries = std::fs::read_dir(folder).map_err(|source| unreadable(folder, source))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            entry.ok()?.file_name().to_str()?.strip_suffix(".gold.txt").map(str::to_owned)
        })
        .filter(|name| folder.join(format!("{name}.txt")).is_file())
        .collect();
    names.sort_unstable();
    let mut sets = Vec::new();
    let mut total = Counts::default();
    for name in names {
        let read = |ending: &str| {
            let path = folder.join(format!("{name}{ending}"));
            std::fs::read_to_string(&path).map_err(|source| unreadable(&path, source))
        };
        let (text, gold) = (read(".txt")?, read(".gold.txt")?);
        let language = language_of(&name, &text);
        let counts = score_text(&text, &gold, language, options)
            .map_err(|source| ScoreError::Set { name: name.clone(), source: Box::new(source) })?;
        total.add(&counts);
        sets.push(SetScore { name, language, counts, score: counts.score() });
    }
    let sum: f64 = sets.iter().map(|set| set.score.inner.f1).sum();
    let mean_inner_f1 = if sets.is_empty() { 0.0 } else { sum / sets.len() as f64 };
    Ok(FolderScore { sets, total: total.score(), mean_inner_f1 })
}

/// Returns the language that the name of a set begins with.
fn language_of(name: &str, text: &str) -> Language {
    let first = name.split(['-', '.', '_']).next().unwrap_or_default();
    if first == "azcyrl" {
        return Language::AZ_CYRL;
    }
    let named = Language::parse(first).ok().filter(Language::is_usual);
    named.or_else(|| language::detect(text)).unwrap_or(Language::UND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spacing_and_wrapping_change_no_score() {
        let counts =
            score("Bir iki.\nÜç.\n\nDörd.\n", "Bir\u{A0} iki.\r\nÜç.\r\n\r\nDörd.").unwrap();
        assert_eq!(counts.inner, Count { right: 1, system: 1, gold: 1 });
        assert_eq!(counts.all, Count { right: 3, system: 3, gold: 3 });
        assert_eq!(counts.segments, Count { right: 3, system: 3, gold: 3 });
    }

    #[test]
    fn joined_paragraphs_cost_in_all_and_not_in_inner() {
        let counts = score("Bir.\n\nİki.", "Bir. İki.").unwrap();
        assert_eq!(counts.inner, Count::default());
        assert_eq!(counts.all, Count { right: 1, system: 1, gold: 2 });
        assert_eq!(counts.segments, Count { right: 0, system: 1, gold: 2 });
    }

    #[test]
    fn an_unknown_place_is_neither_right_nor_wrong() {
        for system in ["The appeal reads\nWe appeal.", "The appeal readsWe appeal."] {
            let counts = score("The appeal reads¦We appeal.", system).unwrap();
            assert_eq!(counts.inner, Count::default());
            assert_eq!(counts.segments, Count { right: 1, system: 1, gold: 1 });
        }
    }

    #[test]
    fn a_changed_character_is_refused_with_its_place() {
        let refused = score("Salam, dünya.", "Salam dünya.").unwrap_err();
        assert!(matches!(refused, ScoreError::TextDiffers { at: 5, .. }), "{refused}");
    }

    #[test]
    fn nothing_where_there_is_nothing_is_perfect() {
        let figures = score("Bir.", "Bir.").unwrap().score().inner;
        assert!(figures.precision > 0.99 && figures.recall > 0.99);
    }

    #[test]
    fn the_name_of_a_set_names_its_language() {
        assert_eq!(language_of("az-golden", ""), Language::AZ);
        assert_eq!(language_of("azcyrl-golden", ""), Language::AZ_CYRL);
        assert_eq!(language_of("seed", ""), Language::UND);
    }
}
