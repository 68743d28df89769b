//! Scores divergences against planted ones.
//!
//! Two kinds of gold are read. An **appeal** is a folder of `corpora`: raw texts, `divergences.tsv` with the planted rows,
//! and the gold segments of each version; a planted row is found when some finding that is more than information overlaps
//! its source or its target segment, and a finding that overlaps no planted row is false. A **bench** is a folder with
//! one sentence a line, `gold.jsonl` and the true alignment; a finding matches a planted item when they share a source or
//! a target line, strictly when the type is the same too. Types of our own beyond those that are planted are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::appeals::gold_spans;
use super::{EvaluateError, bad_line, read};
use crate::align::{self, Pair};
use crate::diff::diff;
use crate::glossary::Glossary;
use crate::model::{
    Alignment, Bead, Divergence, DivergenceType, Document, Language, Origin, SegmentId, Severity,
    Span,
};
use crate::segment::{self, Options};

/// The figures of an appeal.
#[derive(Debug, Clone, Serialize)]
pub struct AppealScore {
    /// Planted rows.
    pub planted: usize,
    /// Planted rows found.
    pub found: usize,
    /// Types of the planted rows missed.
    pub missed: Vec<String>,
    /// False findings: type, expected, found.
    pub false_findings: Vec<(String, Option<String>, Option<String>)>,
}

/// The figures of a bench.
#[derive(Debug, Clone, Serialize)]
pub struct BenchScore {
    /// For each type: planted, found strictly, found at all, findings, right findings.
    pub by_type: BTreeMap<&'static str, TypeScore>,
    /// Mean of the strict recall over the planted types, in `0..=1`.
    pub macro_recall: f64,
    /// Strictly right findings over all findings.
    pub precision: f64,
    /// Findings that touch no planted item, per 100 source lines without one.
    pub false_per_100: f64,
    /// Findings on the untouched translation, per 100 source lines, where there is one.
    pub clean_per_100: Option<f64>,
    /// The same by type.
    pub clean_by_type: BTreeMap<&'static str, usize>,
}

/// The figures of one type.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct TypeScore {
    /// Planted items.
    pub planted: usize,
    /// Planted items with a finding of their type.
    pub strict: usize,
    /// Planted items with any finding.
    pub located: usize,
    /// Findings of the type.
    pub findings: usize,
    /// Findings of the type that match an item of it.
    pub right: usize,
}

/// Scores the pipeline on an appeal: `source` and `target` name the versions, such as `en` and `az`.
///
/// # Errors
/// When a file can't be read or a row lacks a number.
pub fn score_appeal(
    folder: &Path,
    languages: (Language, Language),
    glossary: Option<&Glossary>,
) -> Result<AppealScore, EvaluateError> {
    let document = |language: Language| -> Result<Document, EvaluateError> {
        let text = read(&folder.join(format!("{language}.txt")))?;
        Ok(segment::document(&language.to_string(), text, language, &Options::of_versions()))
    };
    let (source, target) = (document(languages.0)?, document(languages.1)?);
    let alignment = aligned(&source, &target, glossary);
    let findings = diff(&source, &target, &alignment, glossary);
    let spans = |language: Language, document: &Document| {
        gold_spans(&folder.join(format!("{language}.seg.tsv")), &document.text)
    };
    let (source_spans, target_spans) = (spans(languages.0, &source)?, spans(languages.1, &target)?);
    let path = folder.join("divergences.tsv");
    let mut planted: Vec<(String, Option<usize>, Option<usize>)> = Vec::new();
    for (number, line) in (1..).zip(read(&path)?.lines()).skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let place = |at: usize| -> Result<Option<usize>, EvaluateError> {
            let value = columns.get(at).copied().unwrap_or("");
            if value.is_empty() {
                Ok(None)
            } else {
                value.parse().map(Some).map_err(|error| bad_line(&path, number, error))
            }
        };
        planted.push((columns[0].to_owned(), place(1)?, place(2)?));
    }
    let hit = |spans: &[Span], span: Option<Span>| -> BTreeSet<usize> {
        let Some(span) = span else { return BTreeSet::new() };
        let wide = Span::new(span.start, span.end.max(span.start + 1));
        (0..spans.len()).filter(|place| spans[*place].overlaps(wide)).collect()
    };
    let mut found = BTreeSet::new();
    let mut false_findings = Vec::new();
    for finding in findings.iter().filter(|finding| finding.severity > Severity::Info) {
        let (ours, theirs) =
            (hit(&source_spans, finding.source_span), hit(&target_spans, finding.target_span));
        let is_hit = |row: &(String, Option<usize>, Option<usize>)| {
            row.1.is_some_and(|line| ours.contains(&line))
                || row.2.is_some_and(|line| theirs.contains(&line))
        };
        let which: Vec<usize> = (0..planted.len()).filter(|row| is_hit(&planted[*row])).collect();
        if which.is_empty() {
            false_findings.push((
                finding.kind.name().to_owned(),
                finding.expected.clone(),
                finding.found.clone(),
            ));
        }
        found.extend(which);
    }
    let missed = (0..planted.len())
        .filter(|row| !found.contains(row))
        .map(|row| planted[row].0.clone())
        .collect();
    Ok(AppealScore { planted: planted.len(), found: found.len(), missed, false_findings })
}

fn aligned(source: &Document, target: &Document, glossary: Option<&Glossary>) -> Alignment {
    let terms = |document: &Document| {
        glossary.map_or_else(Vec::new, |g| g.matcher(document.language).find(&document.text))
    };
    let (source_terms, target_terms) = (terms(source), terms(target));
    let pair = Pair {
        source_terms: &source_terms,
        target_terms: &target_terms,
        ..Pair::new(source, target)
    };
    align::align(pair, &align::Options::default())
}

#[derive(Deserialize)]
struct Link {
    src: Vec<usize>,
    tgt: Vec<usize>,
}

#[derive(Deserialize)]
struct Planted {
    src: Vec<usize>,
    tgt: Vec<usize>,
    r#type: String,
}

/// Scores the checks on a bench, given the true alignment or (with `own`) an alignment of our own.
///
/// # Errors
/// When a file can't be read or understood.
pub fn score_bench(
    folder: &Path,
    languages: (Language, Language),
    glossary: Option<&Glossary>,
    own: bool,
) -> Result<BenchScore, EvaluateError> {
    let document = |name: &str, language: Language| -> Result<Document, EvaluateError> {
        let text = read(&folder.join(name))?;
        Ok(segment::presegmented_document(name, text, language))
    };
    let (source, target) = (document("src.txt", languages.0)?, document("tgt.txt", languages.1)?);
    let gold: Vec<Planted> = rows(&folder.join("gold.jsonl"))?;
    let alignment = if own {
        aligned(&source, &target, glossary)
    } else {
        true_alignment(folder, &source, &target)?
    };
    let findings = diff(&source, &target, &alignment, glossary);
    let kinds: BTreeMap<&str, DivergenceType> =
        DivergenceType::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
    let lines = |document: &Document, ids: &[SegmentId]| -> Vec<usize> {
        ids.iter()
            .filter_map(|id| document.segments.get(id.place()))
            .map(|s| s.index as usize)
            .collect()
    };
    let mut by_type: BTreeMap<&'static str, TypeScore> = BTreeMap::new();
    let mut touched: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
    let (mut strict_right, mut all, mut lone) = (0usize, 0usize, 0usize);
    let mut seen = BTreeSet::new();
    for finding in findings.iter().filter(|finding| finding.kind.is_fact()) {
        let (ours, theirs) =
            (lines(&source, &finding.source_segments), lines(&target, &finding.target_segments));
        if !seen.insert((finding.kind, ours.clone(), theirs.clone())) {
            continue;
        }
        let matching: Vec<usize> = (0..gold.len())
            .filter(|item| {
                ours.iter().any(|line| gold[*item].src.contains(line))
                    || theirs.iter().any(|line| gold[*item].tgt.contains(line))
            })
            .collect();
        let same = |item: &usize| kinds.get(gold[*item].r#type.as_str()) == Some(&finding.kind);
        let is_right = matching.iter().any(same);
        for item in &matching {
            let entry = touched.entry(*item).or_default();
            entry.0 |= same(item);
            entry.1 = true;
        }
        let entry = by_type.entry(finding.kind.name()).or_default();
        entry.findings += 1;
        entry.right += usize::from(is_right);
        strict_right += usize::from(is_right);
        all += 1;
        lone += usize::from(matching.is_empty());
    }
    for (place, item) in gold.iter().enumerate() {
        let Some(kind) = kinds.get(item.r#type.as_str()) else { continue };
        let (is_strict, is_located) = touched.get(&place).copied().unwrap_or_default();
        let entry = by_type.entry(kind.name()).or_default();
        entry.planted += 1;
        entry.strict += usize::from(is_strict);
        entry.located += usize::from(is_located);
    }
    let planted: Vec<&TypeScore> = by_type.values().filter(|entry| entry.planted > 0).collect();
    let recall = |entry: &&TypeScore| entry.strict as f64 / entry.planted as f64;
    let macro_recall = planted.iter().map(recall).sum::<f64>() / planted.len().max(1) as f64;
    let dirty: BTreeSet<usize> = gold.iter().flat_map(|item| item.src.iter().copied()).collect();
    let clean_lines = source.segments.len().saturating_sub(dirty.len()).max(1);
    let (clean_per_100, clean_by_type) = if folder.join("tgt_clean.txt").is_file() {
        let clean = document("tgt_clean.txt", languages.1)?;
        let beads = (0..source.segments.len().min(clean.segments.len()))
            .map(|at| {
                Bead::settled(vec![SegmentId::at(at)], vec![SegmentId::at(at)], Origin::Import)
            })
            .collect();
        let alignment =
            Alignment::new(source.segments.len(), clean.segments.len(), beads).unwrap_or_default();
        let findings: Vec<Divergence> = diff(&source, &clean, &alignment, glossary);
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for finding in findings.iter().filter(|finding| finding.kind.is_fact()) {
            *counts.entry(finding.kind.name()).or_default() += 1;
        }
        let total: usize = counts.values().sum();
        (Some(100.0 * total as f64 / source.segments.len().max(1) as f64), counts)
    } else {
        (None, BTreeMap::new())
    };
    Ok(BenchScore {
        by_type,
        macro_recall,
        precision: strict_right as f64 / f64::max(all as f64, 1.0),
        false_per_100: 100.0 * lone as f64 / clean_lines as f64,
        clean_per_100,
        clean_by_type,
    })
}

fn true_alignment(
    folder: &Path,
    source: &Document,
    target: &Document,
) -> Result<Alignment, EvaluateError> {
    let path = folder.join("align.jsonl");
    let ids = |lines: Vec<usize>, document: &Document| -> Vec<SegmentId> {
        let place = |line: usize| {
            document.segments.iter().position(|segment| segment.index as usize == line)
        };
        lines.into_iter().filter_map(place).map(SegmentId::at).collect()
    };
    let links: Vec<Link> = rows(&path)?;
    let beads = links
        .into_iter()
        .map(|link| Bead::settled(ids(link.src, source), ids(link.tgt, target), Origin::Import))
        .collect();
    Alignment::new(source.segments.len(), target.segments.len(), beads)
        .map_err(|error| bad_line(&path, 1, error))
}

fn rows<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, EvaluateError> {
    let text = read(path)?;
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| bad_line(path, number, error))
        })
        .collect()
}
