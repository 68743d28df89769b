//! Scores the finding of terms against labelled places.
//!
//! A gold row names a term, a place (line from 1, code points from 0) and a label: `match` must be found, `no` must not,
//! `fuzzy` may be, `ignore` does not count. The gold is exhaustive for its terms: any other hit is false.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::{EvaluateError, bad_line, read};
use crate::glossary::{Glossary, Mode};
use crate::model::Language;

/// The figures of term finding; shares in `0..=1`.
#[derive(Debug, Clone, Serialize)]
pub struct Score {
    /// Labelled places found over those to be found.
    pub recall: f64,
    /// Right hits over all hits that count.
    pub precision: f64,
    /// Recall over the places that are not written as in the glossary.
    pub inflected_recall: f64,
    /// Places to be found.
    pub gold: usize,
    /// Look-alikes taken.
    pub traps: usize,
    /// Right hits whose end is right too.
    pub exact_spans: usize,
    /// For each kind how many were found and how many there are.
    pub by_kind: BTreeMap<String, (usize, usize)>,
    /// Places missed: line, term, surface.
    pub missed: Vec<(usize, String, String)>,
    /// False hits: line, term, surface.
    pub false_hits: Vec<(usize, String, String)>,
}

struct Row {
    end: usize,
    surface: String,
    label: String,
    kind: String,
    is_found: bool,
}

/// Finds the terms of a gold file (columns `az_term_base`, `line`, `start`, `end`, `az_surface`, `label`, `kind`) in a text
/// and scores the hits.
///
/// # Errors
/// When a file can't be read or a row lacks a number.
pub fn score(gold: &Path, text: &Path, language: Language) -> Result<Score, EvaluateError> {
    let table = read(gold)?;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header = reader.headers().map_err(|error| bad_line(gold, 1, error))?.clone();
    let column = |name: &str| header.iter().position(|column| column == name);
    let need = |name: &'static str| {
        column(name).ok_or_else(|| bad_line(gold, 1, format!("no column {name}")))
    };
    let (term, line, start, end) =
        (need("az_term_base")?, need("line")?, need("start")?, need("end")?);
    let (surface, label, kind) = (need("az_surface")?, need("label")?, need("kind")?);
    let mut rows: BTreeMap<(usize, String, usize), Row> = BTreeMap::new();
    let mut terms = std::collections::BTreeSet::new();
    for (number, row) in (2..).zip(reader.records()) {
        let row = row.map_err(|error| bad_line(gold, number, error))?;
        let value = |at: usize| row.get(at).unwrap_or("");
        let figure =
            |at: usize| value(at).parse::<usize>().map_err(|error| bad_line(gold, number, error));
        terms.insert(value(term).to_owned());
        rows.insert(
            (figure(line)?, value(term).to_owned(), figure(start)?),
            Row {
                end: figure(end)?,
                surface: value(surface).to_owned(),
                label: value(label).to_owned(),
                kind: value(kind).to_owned(),
                is_found: false,
            },
        );
    }
    let mut wide = csv::Writer::from_writer(format!("{language}\n").into_bytes());
    for term in &terms {
        wide.write_record([term]).map_err(|error| bad_line(gold, 1, error))?;
    }
    let wide = wide.into_inner().map_err(|error| bad_line(gold, 1, error))?;
    let (glossary, _) = Glossary::read_csv("gold", &String::from_utf8_lossy(&wide), Mode::Lenient)
        .map_err(|error| bad_line(gold, 1, error))?;
    let matcher = glossary.matcher(language);
    let (mut right, mut wrong, mut traps, mut exact_spans) = (0, 0, 0, 0);
    let mut false_hits = Vec::new();
    for (number, line) in (1..).zip(read(text)?.lines()) {
        for hit in matcher.find(line) {
            let term = &glossary.concepts[hit.concept].terms[hit.term].text;
            let start = line[..hit.span.start].chars().count();
            let end = start + hit.span.of(line).chars().count();
            let row = rows.get_mut(&(number, term.clone(), start));
            match row.as_ref().map(|row| row.label.as_str()) {
                Some("match") => {
                    if let Some(row) = row.filter(|row| !row.is_found) {
                        row.is_found = true;
                        right += 1;
                        exact_spans += usize::from(row.end == end);
                    }
                }
                Some("ignore" | "fuzzy") => {}
                other => {
                    traps += usize::from(other.is_some());
                    wrong += 1;
                    false_hits.push((number, term.clone(), hit.span.of(line).to_owned()));
                }
            }
        }
    }
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut missed = Vec::new();
    for ((line, term, _), row) in rows.iter().filter(|(_, row)| row.label == "match") {
        let entry = by_kind.entry(row.kind.clone()).or_default();
        entry.0 += usize::from(row.is_found);
        entry.1 += 1;
        if !row.is_found {
            missed.push((*line, term.clone(), row.surface.clone()));
        }
    }
    let sum = |is: &dyn Fn(&str) -> bool| {
        let counts = by_kind.iter().filter(|(kind, _)| is(kind)).map(|(_, counts)| counts);
        counts.fold((0, 0), |sum, counts| (sum.0 + counts.0, sum.1 + counts.1))
    };
    let share =
        |(part, whole): (usize, usize)| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let all = sum(&|_| true);
    Ok(Score {
        recall: share(all),
        precision: share((right, right + wrong)),
        inflected_recall: share(sum(&|kind| kind != "exact")),
        gold: all.1,
        traps,
        exact_spans,
        by_kind,
        missed,
        false_hits,
    })
}
