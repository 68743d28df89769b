//! Scores alignments of segments against gold beads.
//!
//! A **set** is a folder of documents: `X.src` and `X.tgt` with a segment a line, and `X.gold` with the right beads. The
//! definitions are in [`beads`](super::beads), what confidence is worth in [`calibration`](super::calibration).
//!
//! A gold need not name every segment: a segment that it leaves out is in no gold bead, not in one without partner, as the
//! public scorer reads it.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::beads::{Counts, Link, Score};
use super::calibration::Calibration;
use super::mismatches::{Mismatch, judged, mismatches, texts};
use super::{EvaluateError, bad_line, read};
use crate::align::{Options, Pair, align, align_all};
use crate::formats::beads;
use crate::model::{Alignment, Document, Language, SegmentId};
use crate::segment;

/// A folder of documents with gold, and the languages of their two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// The name of the folder.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// The language of the sources; `und` where it is not known.
    pub source_language: Language,
    /// The language of the targets; `und` where it is not known.
    pub target_language: Language,
    documents: Vec<String>,
}

/// The scores of some sets.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// Each set, in the order given.
    pub sets: Vec<SetScore>,
    /// The figures of all documents of all sets, counts added up.
    pub total: Score,
    /// The calibration of all beads of all sets.
    pub calibration: Calibration,
}

/// The score of a set.
#[derive(Debug, Clone, Serialize)]
pub struct SetScore {
    /// The name of the folder.
    pub name: String,
    /// The tag of the sources' language.
    pub source_language: String,
    /// The tag of the targets' language.
    pub target_language: String,
    /// Each document, in order of the names.
    pub documents: Vec<DocumentScore>,
    /// The figures of all documents, counts added up.
    pub total: Score,
    /// The calibration of all beads of the set.
    pub calibration: Calibration,
}

/// The score of a document.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentScore {
    /// The name, without ending.
    pub name: String,
    /// The figures.
    pub score: Score,
    /// Beads found and not right, and gold beads not found, in the order of the text.
    pub mismatches: Vec<Mismatch>,
}

impl Set {
    /// Returns the sets of a folder: the folder itself where it holds documents, else the folders in it that do, in order
    /// of their names. Languages that are not given are read from the end of the folder's name: `news-en-tr`,
    /// `news-eng-tur`.
    ///
    /// # Errors
    /// When the folder can't be read or there is no set.
    pub fn find(
        folder: &Path,
        languages: (Option<Language>, Option<Language>),
    ) -> Result<Vec<Self>, EvaluateError> {
        let own = Self::at(folder, languages)?;
        if !own.documents.is_empty() {
            return Ok(vec![own]);
        }
        let mut folders: Vec<PathBuf> =
            entries(folder)?.into_iter().filter(|path| path.is_dir()).collect();
        folders.sort_unstable();
        let sets = folders.iter().map(|folder| Self::at(folder, languages));
        let mut sets: Vec<Self> = sets.collect::<Result<_, _>>()?;
        sets.retain(|set| !set.documents.is_empty());
        if sets.is_empty() {
            return Err(EvaluateError::NoGold {
                path: folder.to_owned(),
                expected: "X.gold with X.src and X.tgt, here or one folder down",
            });
        }
        Ok(sets)
    }

    fn at(
        folder: &Path,
        languages: (Option<Language>, Option<Language>),
    ) -> Result<Self, EvaluateError> {
        let mut documents: Vec<String> = entries(folder)?
            .iter()
            .filter_map(|path| path.file_name()?.to_str()?.strip_suffix(".gold"))
            .filter(|name| folder.join(format!("{name}.src")).is_file())
            .map(str::to_owned)
            .collect();
        documents.sort_unstable();
        let name = name_of(folder);
        let seen = languages_of(&name).unwrap_or((Language::UND, Language::UND));
        Ok(Self {
            name,
            folder: folder.to_owned(),
            source_language: languages.0.unwrap_or(seen.0),
            target_language: languages.1.unwrap_or(seen.1),
            documents,
        })
    }

    fn load(&self) -> Result<Vec<Loaded>, EvaluateError> {
        let document = |name: &str, ending: &str, language| -> Result<Document, EvaluateError> {
            let text = read(&self.folder.join(format!("{name}.{ending}")))?;
            Ok(segment::presegmented_document(name, text, language))
        };
        let mut loaded = Vec::new();
        for name in &self.documents {
            let source = document(name, "src", self.source_language)?;
            let target = document(name, "tgt", self.target_language)?;
            let path = self.folder.join(format!("{name}.gold"));
            let gold = read_gold(&path, &read(&path)?, &source, &target)?;
            loaded.push(Loaded { source, target, gold });
        }
        Ok(loaded)
    }
}

struct Loaded {
    source: Document,
    target: Document,
    gold: Vec<Link>,
}

/// Returns the name of a folder, also of one given as `.`.
pub(super) fn name_of(folder: &Path) -> String {
    let full = match folder.file_name() {
        Some(_) => folder.to_owned(),
        None => folder.canonicalize().unwrap_or_else(|_| folder.to_owned()),
    };
    full.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns what a folder holds, in no order.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, EvaluateError> {
    let unreadable = |source| EvaluateError::Unreadable { path: folder.to_owned(), source };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    entries.map(|entry| Ok(entry.map_err(unreadable)?.path())).collect()
}

/// Reads two languages from the end of a name: its last two parts, of two or three letters each.
fn languages_of(name: &str) -> Option<(Language, Language)> {
    let mut parts = name.rsplit('-');
    let target = parts.next().and_then(|tag| Language::parse(tag).ok())?;
    let source = parts.next().and_then(|tag| Language::parse(tag).ok())?;
    Some((source, target))
}

/// Reads the gold beads as numbers of segments. The beads are checked as an alignment; what they leave out stays out.
pub(super) fn read_gold(
    path: &Path,
    text: &str,
    source: &Document,
    target: &Document,
) -> Result<Vec<Link>, EvaluateError> {
    let alignment = beads::read(text, source, target).map_err(|error| {
        // The message begins with the line, which we name behind the file.
        let message = error.to_string();
        let placed = message.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
        match placed.and_then(|(line, problem)| Some((line.parse().ok()?, problem))) {
            Some((line, problem)) => bad_line(path, line, problem),
            None => bad_line(path, 1, message),
        }
    })?;
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    if !lines().next().is_some_and(|line| line.starts_with('[')) {
        // Ladders and links: what these name is an alignment already.
        let links = links(&alignment, source, target);
        return Ok(links.into_iter().map(|(link, _)| link).collect());
    }
    let numbers = |side: &str| -> Vec<u32> {
        let digits = side.split(|mark: char| !mark.is_ascii_digit());
        let mut numbers: Vec<u32> = digits.filter_map(|number| number.parse().ok()).collect();
        numbers.sort_unstable();
        numbers
    };
    let link = |line: &str| {
        let mut sides = line.split(':');
        (sides.next().map_or_else(Vec::new, numbers), sides.next().map_or_else(Vec::new, numbers))
    };
    Ok(lines().map(link).collect())
}

/// Returns the beads of an alignment as numbers of segments, each with its confidence.
pub fn links(alignment: &Alignment, source: &Document, target: &Document) -> Vec<(Link, f64)> {
    let numbers = |ids: &[SegmentId], document: &Document| -> Vec<u32> {
        let found = ids.iter().filter_map(|id| document.segments.get(id.place()));
        found.map(|segment| segment.index).collect()
    };
    let beads = alignment.beads().iter();
    beads
        .map(|bead| {
            ((numbers(&bead.source, source), numbers(&bead.target, target)), bead.confidence)
        })
        .collect()
}

/// Aligns the documents of some sets and scores the beads. With `pooled` the documents of a set are one job and share
/// what is learnt; otherwise each is aligned by itself.
///
/// # Errors
/// When a file can't be read or a gold file can't be understood.
pub fn score(sets: &[Set], pooled: bool) -> Result<Scores, EvaluateError> {
    let (mut all, mut all_judged) = (Counts::default(), Vec::new());
    let mut scores = Vec::new();
    for set in sets {
        let (score, counts, judged) = score_set(set, pooled)?;
        scores.push(score);
        all.add(&counts);
        all_judged.extend(judged);
    }
    let calibration = Calibration::of(&all_judged);
    Ok(Scores { sets: scores, total: all.score(), calibration })
}

type Judged = Vec<(f64, bool)>;

fn score_set(set: &Set, pooled: bool) -> Result<(SetScore, Counts, Judged), EvaluateError> {
    let loaded = set.load()?;
    let pairs: Vec<Pair<'_>> =
        loaded.iter().map(|loaded| Pair::new(&loaded.source, &loaded.target)).collect();
    let found: Vec<Alignment> = if pooled {
        align_all(&pairs, &Options::default())
    } else {
        pairs.par_iter().map(|pair| align(*pair, &Options::default())).collect()
    };
    let (mut total, mut all_judged) = (Counts::default(), Vec::new());
    let mut documents = Vec::new();
    for ((name, loaded), alignment) in set.documents.iter().zip(&loaded).zip(&found) {
        let Loaded { source, target, gold } = loaded;
        let system = links(alignment, source, target);
        let plain: Vec<Link> = system.iter().map(|(link, _)| link.clone()).collect();
        let counts = Counts::of(gold, &plain);
        total.add(&counts);
        all_judged.extend(judged(gold, &system));
        let texts = (texts(source), texts(target));
        let mismatches = mismatches(gold, &system, (&texts.0, &texts.1));
        documents.push(DocumentScore { name: name.clone(), score: counts.score(), mismatches });
    }
    let score = SetScore {
        name: set.name.clone(),
        source_language: set.source_language.to_string(),
        target_language: set.target_language.to_string(),
        documents,
        total: total.score(),
        calibration: Calibration::of(&all_judged),
    };
    Ok((score, total, all_judged))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(count: usize) -> Document {
        let lines: Vec<String> = (0..count).map(|number| format!("line {number}")).collect();
        segment::presegmented_document("", lines.join("\n"), Language::UND)
    }

    #[test]
    fn languages_are_read_from_the_end_of_a_name() {
        let tags = |name| languages_of(name).map(|(s, t)| format!("{s} {t}"));
        assert_eq!(tags("textberg-de-fr").as_deref(), Some("de fr"));
        assert_eq!(tags("ntrex-hard-eng-tur").as_deref(), Some("en tr"));
        assert_eq!(tags("de-fr").as_deref(), Some("de fr"));
        assert_eq!(tags("fr"), None);
        assert_eq!(tags("some-letters"), None);
        assert_eq!(tags(""), None);
    }

    #[test]
    fn a_segment_that_the_gold_leaves_out_is_in_no_gold_bead() {
        let (source, target) = (document(2), document(2));
        let gold = read_gold(Path::new("x.gold"), "[0, 1]:[0]\n", &source, &target).unwrap();
        assert_eq!(gold, [(vec![0, 1], vec![0])]);
        let system = [(vec![0, 1], vec![0]), (vec![], vec![1])];
        let counts = Counts::of(&gold, &system);
        assert_eq!((counts.strict_right, counts.system), (1, 2));
    }

    #[test]
    fn a_wrong_gold_names_file_and_line() {
        let (source, target) = (document(2), document(2));
        let error = read_gold(Path::new("x.gold"), "[0]:[0]\n\n[1]:[4]\n", &source, &target);
        let message = error.unwrap_err().to_string();
        assert_eq!(message, "x.gold:3: [1]:[4]: the target has no segment 4; its last is 1");
    }

    #[test]
    fn a_folder_of_sets_is_searched_one_level_down() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b-en-tr", "a-eng-deu", "empty"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        for name in ["b-en-tr", "a-eng-deu"] {
            for (ending, text) in [("src", "One.\n"), ("tgt", "Bir.\n"), ("gold", "[0]:[0]\n")] {
                let path = folder.path().join(name).join(format!("x.{ending}"));
                std::fs::write(path, text).unwrap();
            }
        }
        let sets = Set::find(folder.path(), (None, Some(Language::AZ))).unwrap();
        let named: Vec<String> = sets
            .iter()
            .map(|set| format!("{} {} {}", set.name, set.source_language, set.target_language))
            .collect();
        assert_eq!(named, ["a-eng-deu en az", "b-en-tr en az"]);
        let scores = score(&sets, false).unwrap();
        assert_eq!((scores.sets.len(), scores.total.gold_beads), (2, 2));
        assert!((scores.total.strict.f1 - 1.0).abs() < 1e-12);
        assert_eq!(scores.calibration.all.beads, 2);
        let none = Set::find(&folder.path().join("empty"), (None, None)).unwrap_err();
        assert!(none.to_string().contains("one folder down"), "{none}");
    }
}
