//! Scores tables of several versions against gold: what all versions together see that each two do not.
//!
//! A **set** is a folder of documents in three versions or more: `X.en`, `X.tr`, `X.de` with a segment a line, the beads of
//! each two in `X.en-tr.gold` and so on, and the rows in `X.en-tr-de.gold`: a list of numbers a version, such as
//! `[0]:[0,1]:[]`. `benches/versions.rs` makes such sets.
//!
//! A row is right when the gold has exactly it. The beads of each two versions are scored as in [`beads`](super::beads),
//! once aligned alone and once as the table has them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::align::{entries, links, read_gold};
use super::beads::{Counts, Score};
use super::calibration::Calibration;
use super::mismatches::judged;
use super::{EvaluateError, bad_line, read};
use crate::align::{Options, Pair, Version, align, align_versions};
use crate::model::{Document, Language, SegmentId};
use crate::segment;

/// The figures of two versions.
#[derive(Debug, Clone, Serialize)]
pub struct PairScore {
    /// The languages, such as `en-tr`.
    pub name: String,
    /// Aligned by themselves.
    pub alone: Score,
    /// As the table of all versions has them.
    pub together: Score,
}

/// The figures of a set.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// How many documents there are.
    pub documents: usize,
    /// Each two versions, by name.
    pub pairs: Vec<PairScore>,
    /// All pairs together: alone, and as the table has them.
    pub total: [Score; 2],
    /// The share of the table's rows that are right, and of the gold's rows that were found, and their harmonic mean.
    pub rows: [f64; 3],
    /// Whether the confidence of rows is right.
    pub rows_calibration: Calibration,
    /// Whether the confidence of the beads in the table is right.
    pub beads_calibration: Calibration,
}

type Row = Vec<Vec<u32>>;

/// Aligns the documents of a folder and scores them.
///
/// # Errors
/// When the folder holds no such documents, or a file can't be read.
pub fn score(folder: &Path) -> Result<Scores, EvaluateError> {
    let names = names(folder)?;
    let mut pairs: BTreeMap<String, [Counts; 2]> = BTreeMap::new();
    let (mut row_judged, mut bead_judged) = (Vec::new(), Vec::new());
    let (mut found, mut gold_count) = (0, 0);
    for (name, tags) in &names {
        let document = |tag: &String| -> Result<Document, EvaluateError> {
            let language = Language::parse(tag).unwrap_or(Language::UND);
            let text = read(&folder.join(format!("{name}.{tag}")))?;
            Ok(segment::presegmented_document(&format!("{name}.{tag}"), text, language))
        };
        let documents: Vec<Document> = tags.iter().map(document).collect::<Result<_, _>>()?;
        let version = |document| Version { document, terms: &[] };
        let versions: Vec<Version<'_>> = documents.iter().map(version).collect();
        let table = align_versions(&versions, &Default::default(), &Options::default());
        for b in 1..tags.len() {
            for a in 0..b {
                let pair = format!("{}-{}", tags[a], tags[b]);
                let path = folder.join(format!("{name}.{pair}.gold"));
                let (source, target) = (&documents[a], &documents[b]);
                let gold = read_gold(&path, &read(&path)?, source, target)?;
                let alone = align(Pair::new(source, target), &Options::default());
                let together = table.pair(a, b).unwrap_or_default();
                let counts = pairs.entry(pair).or_default();
                for (counts, alignment) in counts.iter_mut().zip([&alone, &together]) {
                    let system = links(alignment, source, target);
                    let plain: Vec<_> = system.iter().map(|(link, _)| link.clone()).collect();
                    counts.add(&Counts::of(&gold, &plain));
                }
                bead_judged.extend(judged(&gold, &links(&together, source, target)));
            }
        }
        let path = folder.join(format!("{name}.{}.gold", tags.join("-")));
        let gold = rows(&path, tags.len())?;
        for row in table.rows() {
            let numbers = |(document, ids): (&Document, &Vec<SegmentId>)| -> Vec<u32> {
                ids.iter().map(|id| document.segments[id.place()].index).collect()
            };
            let own: Row = documents.iter().zip(&row.segments).map(numbers).collect();
            let is_right = gold.contains(&own);
            found += usize::from(is_right);
            row_judged.push((row.confidence, is_right));
        }
        gold_count += gold.len();
    }
    let mut total = [Counts::default(); 2];
    for counts in pairs.values() {
        total.iter_mut().zip(counts).for_each(|(total, counts)| total.add(counts));
    }
    let pairs = pairs.into_iter().map(|(name, [alone, together])| PairScore {
        name,
        alone: alone.score(),
        together: together.score(),
    });
    let share = |all: usize| if all == 0 { 0.0 } else { found as f64 / all as f64 };
    let (precision, recall) = (share(row_judged.len()), share(gold_count));
    let mean = 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE);
    Ok(Scores {
        documents: names.len(),
        pairs: pairs.collect(),
        total: total.map(|counts| counts.score()),
        rows: [precision, recall, mean],
        rows_calibration: Calibration::of(&row_judged),
        beads_calibration: Calibration::of(&bead_judged),
    })
}

/// Returns the documents of a folder with the tags of their versions.
fn names(folder: &Path) -> Result<Vec<(String, Vec<String>)>, EvaluateError> {
    let mut names = Vec::new();
    for path in entries(folder)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let parts = name.and_then(|name| name.strip_suffix(".gold")?.rsplit_once('.'));
        let Some((name, tags)) = parts else { continue };
        let tags: Vec<String> = tags.split('-').map(str::to_owned).collect();
        if tags.len() > 2 {
            names.push((name.to_owned(), tags));
        }
    }
    names.sort_unstable();
    if names.is_empty() {
        let expected =
            "X.en-tr-de.gold with X.en, X.tr, X.de and X.en-tr.gold, X.en-de.gold, X.tr-de.gold";
        return Err(EvaluateError::NoGold { path: folder.to_owned(), expected });
    }
    Ok(names)
}

/// Reads rows such as `[0]:[0,1]:[]`.
fn rows(path: &Path, versions: usize) -> Result<BTreeSet<Row>, EvaluateError> {
    let mut rows = BTreeSet::new();
    for (line, text) in (1..).zip(read(path)?.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let side = |side: &str| -> Option<Vec<u32>> {
            let list = side.trim().strip_prefix('[')?.strip_suffix(']')?;
            let numbers = list.split(',').map(str::trim).filter(|number| !number.is_empty());
            numbers.map(|number| number.parse().ok()).collect()
        };
        let row: Option<Row> = text.split(':').map(side).collect();
        let row = row.filter(|row| row.len() == versions);
        rows.insert(row.ok_or_else(|| {
            bad_line(path, line, format!("a row is a list a version, such as [0]:[0,1]:[]: {text}"))
        })?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_scored_alone_and_together() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        for tag in ["en", "tr", "de"] {
            write(&format!("a.{tag}"), "Chapter 1\nPlease bring 47 tents.\n");
        }
        for pair in ["en-tr", "en-de", "tr-de"] {
            write(&format!("a.{pair}.gold"), "[0]:[0]\n[1]:[1]\n");
        }
        write("a.en-tr-de.gold", "[0]:[0]:[0]\n[1]:[1]:[1]\n");
        let scores = score(folder.path()).unwrap();
        assert_eq!((scores.documents, scores.pairs.len()), (1, 3));
        assert!(
            (scores.rows[2] - 1.0).abs() < 1e-9 && (scores.total[1].strict.f1 - 1.0).abs() < 1e-9
        );
        write("a.en-tr-de.gold", "[0]:[0]\n");
        assert!(score(folder.path()).unwrap_err().to_string().contains("a row is a list"));
        assert!(score(&folder.path().join("none")).is_err());
    }
}
