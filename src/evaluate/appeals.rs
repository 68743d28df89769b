//! Scores the whole way from raw text to beads on appeals with gold segments.
//!
//! Our segments are not those of the gold, so a bead of ours can't be looked up. It is put into the numbers of the gold
//! first: a bead *means* the gold segments of which its own segments cover more than half, counted in characters that
//! are not blank, on each side. It is right when the gold has exactly the bead that it means.
//!
//! ```text
//! gold     [  3  ][      4      ][   5   ]
//! ours     [  a  ][   b   ][ c  ][   d   ]     bead b:x means 4; bead c:y means nothing and is wrong
//! ```
//!
//! What a bead means counts as in [`beads`](super::beads): a run without partner one by one, precision over all beads,
//! recall over gold beads with both sides. A bead that means nothing on either side is one wrong bead.
//!
//! Two layouts are read, and folders of such folders: an appeal of `corpora` (`<tag>.txt`, `<tag>.seg.tsv`, `gold.beads`
//! for English and Azerbaijani, `gold.<tag>-<tag>.beads`), and several appeals in one folder (`NAME.<tag>.txt`,
//! `NAME.<tag>.seg.tsv`, `NAME.gold`, `NAME.<tag>-<tag>.gold`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::align::{entries, name_of, read_gold};
use super::beads::{Counts, Link, Score, counted};
use super::calibration::Calibration;
use super::mismatches::{Mismatch, MismatchKind};
use super::{EvaluateError, bad_line, read};
use crate::align::{self, Pair};
use crate::model::{Bead, Document, Language, SegmentId, Span};
use crate::segment::{self, Options};

/// Two versions of an appeal, and the gold of their pairs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Versions {
    /// The name of the appeal.
    pub name: String,
    /// The language of the source version.
    pub source_language: Language,
    /// The language of the target version.
    pub target_language: Language,
    gold: PathBuf,
    folder: PathBuf,
    /// What stands before `<tag>.txt` in the names of the files: `flood.`, or nothing.
    prefix: String,
}

/// The scores of some versions.
#[derive(Debug, Clone, Serialize)]
pub struct Scores {
    /// Each pair of versions, in order of appeal and languages.
    pub versions: Vec<VersionsScore>,
    /// The figures of all, counts added up.
    pub total: Score,
    /// The calibration of all beads.
    pub calibration: Calibration,
}

/// The score of two versions.
#[derive(Debug, Clone, Serialize)]
pub struct VersionsScore {
    /// The name of the appeal.
    pub name: String,
    /// The tag of the source version.
    pub source_language: String,
    /// The tag of the target version.
    pub target_language: String,
    /// The figures.
    pub score: Score,
    /// Beads found and not right, with our own segments as texts and the numbers of what they mean; and gold beads not
    /// found, with the gold segments as texts. In the order of the source text.
    pub mismatches: Vec<Mismatch>,
}

impl Versions {
    /// Returns the pairs of versions below a folder that have a gold: in the folder itself, or else one folder down.
    ///
    /// # Errors
    /// When a folder can't be read or there is no gold.
    pub fn find(folder: &Path) -> Result<Vec<Self>, EvaluateError> {
        let own = Self::at(folder)?;
        if !own.is_empty() {
            return Ok(own);
        }
        let mut found = Vec::new();
        for path in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
            found.extend(Self::at(&path)?);
        }
        found.sort();
        if found.is_empty() {
            return Err(EvaluateError::NoGold {
                path: folder.to_owned(),
                expected: "an appeal: en.txt, az.txt, their .seg.tsv and gold.beads, here or one folder down",
            });
        }
        Ok(found)
    }

    fn at(folder: &Path) -> Result<Vec<Self>, EvaluateError> {
        let mut found = Vec::new();
        for gold in entries(folder)? {
            let Some(file) = gold.file_name().and_then(|name| name.to_str()) else { continue };
            // gold.beads, gold.en-ru.beads
            let own = file.strip_prefix("gold.").and_then(|rest| rest.strip_suffix("beads"));
            // flood.gold, flood.en-ru.gold
            let named = file.strip_suffix(".gold");
            let (name, prefix, tags) = match (own, named) {
                (Some(tags), _) => (name_of(folder), String::new(), tags.trim_end_matches('.')),
                (None, Some(rest)) => {
                    let (name, tags) = rest.split_once('.').unwrap_or((rest, ""));
                    (name.to_owned(), format!("{name}."), tags)
                }
                (None, None) => continue,
            };
            let Some((source_language, target_language)) = versions_of(tags, folder, &prefix)
            else {
                continue;
            };
            let folder = folder.to_owned();
            found.push(Self { name, source_language, target_language, gold, folder, prefix });
        }
        found.sort();
        Ok(found)
    }

    /// Returns the place of a file of one version.
    fn place(&self, tag: Language, ending: &str) -> PathBuf {
        self.folder.join(format!("{}{tag}.{ending}", self.prefix))
    }
}

/// Reads two tags from `en-ru` or `az-az-Cyrl`; nothing stands for English and Azerbaijani. Both versions must be there.
fn versions_of(tags: &str, folder: &Path, prefix: &str) -> Option<(Language, Language)> {
    let tags = if tags.is_empty() { "en-az" } else { tags };
    let is_there = |tag: &str| {
        let language = Language::parse(tag).ok().filter(|language| language.to_string() == tag)?;
        let has = |ending: &str| folder.join(format!("{prefix}{tag}.{ending}")).is_file();
        (has("txt") && has("seg.tsv")).then_some(language)
    };
    let mut cuts = tags.match_indices('-');
    cuts.find_map(|(at, _)| Some((is_there(&tags[..at])?, is_there(&tags[at + 1..])?)))
}

/// Segments the raw texts by the options, aligns each pair of versions by itself and without glossary, and scores the
/// beads.
///
/// # Errors
/// When a file can't be read or a gold can't be understood.
pub fn score(versions: &[Versions], options: &Options<'_>) -> Result<Scores, EvaluateError> {
    let judged: Vec<Result<Judged, EvaluateError>> =
        versions.par_iter().map(|one| judge(one, options)).collect();
    let (mut total, mut beads, mut scores) = (Counts::default(), Vec::new(), Vec::new());
    for judged in judged {
        let judged = judged?;
        total.add(&judged.counts);
        beads.extend(judged.beads);
        scores.push(judged.score);
    }
    let calibration = Calibration::of(&beads);
    Ok(Scores { versions: scores, total: total.score(), calibration })
}

struct Judged {
    score: VersionsScore,
    counts: Counts,
    beads: Vec<(f64, bool)>,
}

fn judge(versions: &Versions, options: &Options<'_>) -> Result<Judged, EvaluateError> {
    let side = |language: Language| -> Result<Side, EvaluateError> {
        let text = read(&versions.place(language, "txt"))?;
        let gold = gold_spans(&versions.place(language, "seg.tsv"), &text)?;
        let document = segment::document(&language.to_string(), text, language, options);
        Ok(Side { document, gold })
    };
    let (source, target) = (side(versions.source_language)?, side(versions.target_language)?);
    let gold = read_gold(&versions.gold, &read(&versions.gold)?, &source.lines(), &target.lines())?;
    let pair = Pair::new(&source.document, &target.document);
    let alignment = align::align(pair, &align::Options::default());
    let (counts, beads, mismatches) = compare(&gold, alignment.beads(), &source, &target);
    let score = VersionsScore {
        name: versions.name.clone(),
        source_language: versions.source_language.to_string(),
        target_language: versions.target_language.to_string(),
        score: counts.score(),
        mismatches,
    };
    Ok(Judged { score, counts, beads })
}

/// A version, segmented by us, and its gold segments.
struct Side {
    document: Document,
    gold: Vec<Span>,
}

impl Side {
    fn gold_text(&self, number: usize) -> String {
        let span = self.gold.get(number).copied().unwrap_or(Span::new(0, 0));
        span.of(&self.document.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the gold segments as a document, a segment a line, to read beads against.
    fn lines(&self) -> Document {
        let lines: Vec<String> = (0..self.gold.len()).map(|n| self.gold_text(n)).collect();
        let language = self.document.language;
        segment::presegmented_document(&self.document.name, lines.join("\n"), language)
    }

    fn spans(&self, ids: &[SegmentId]) -> Vec<Span> {
        ids.iter().filter_map(|id| self.document.segments.get(id.place())).map(|s| s.span).collect()
    }

    /// Returns the gold segments of which some of our segments cover more than half.
    fn meant(&self, ids: &[SegmentId]) -> Vec<u32> {
        let ours = self.spans(ids);
        let is_meant = |span: &Span| {
            let characters = span.of(&self.document.text).char_indices();
            let (mut all, mut covered) = (0usize, 0usize);
            for (at, _) in characters.filter(|(_, character)| !character.is_whitespace()) {
                let at = span.start + at;
                all += 1;
                covered += usize::from(ours.iter().any(|own| own.start <= at && at < own.end));
            }
            2 * covered > all
        };
        (0u32..).zip(&self.gold).filter(|(_, span)| is_meant(span)).map(|(n, _)| n).collect()
    }

    fn text(&self, ids: &[SegmentId]) -> String {
        let spans = self.spans(ids);
        let parts: Vec<&str> = spans.iter().map(|span| span.of(&self.document.text)).collect();
        parts.join(" ")
    }
}

fn compare(
    gold: &[Link],
    beads: &[Bead],
    source: &Side,
    target: &Side,
) -> (Counts, Vec<(f64, bool)>, Vec<Mismatch>) {
    let right: BTreeSet<Link> = gold.iter().flat_map(counted).collect();
    let meant: Vec<Link> =
        beads.iter().map(|bead| (source.meant(&bead.source), target.meant(&bead.target))).collect();
    let mut counts = Counts::of(gold, &meant);
    let (mut judged, mut rows, mut place) = (Vec::new(), Vec::new(), 0);
    for (bead, link) in beads.iter().zip(&meant) {
        if let Some(span) = source.spans(&bead.source).first() {
            place = span.start;
        }
        let mut singles = counted(link);
        if singles.is_empty() {
            counts.system += 1;
            counts.system_linked += usize::from(!bead.is_null());
            singles.push(link.clone());
        }
        let is_right: Vec<bool> = singles.iter().map(|single| right.contains(single)).collect();
        judged.extend(is_right.iter().map(|is_right| (bead.confidence, *is_right)));
        if is_right.contains(&false) {
            rows.push((
                place,
                Mismatch {
                    kind: MismatchKind::Wrong,
                    source: link.0.clone(),
                    target: link.1.clone(),
                    source_text: source.text(&bead.source),
                    target_text: target.text(&bead.target),
                    confidence: Some(bead.confidence),
                },
            ));
        }
    }
    let found: BTreeSet<Link> = meant.iter().flat_map(counted).collect();
    // A gold bead without source stands where the target before it is paired.
    let before: BTreeMap<u32, u32> =
        right.iter().filter_map(|(s, t)| Some((*t.last()?, *s.last()?))).collect();
    let text = |side: &Side, numbers: &[u32]| {
        let parts: Vec<String> = numbers.iter().map(|n| side.gold_text(*n as usize)).collect();
        parts.join(" ")
    };
    for link in right.iter().filter(|link| !found.contains(*link)) {
        let first = link.0.first().copied().or_else(|| {
            let target = link.1.first()?;
            before.range(..target).next_back().map(|(_, source)| *source)
        });
        let span = first.and_then(|number| source.gold.get(number as usize));
        rows.push((
            span.map_or(0, |span| span.start),
            Mismatch {
                kind: MismatchKind::Missed,
                source: link.0.clone(),
                target: link.1.clone(),
                source_text: text(source, &link.0),
                target_text: text(target, &link.1),
                confidence: None,
            },
        ));
    }
    rows.sort_by_key(|row| row.0);
    (counts, judged, rows.into_iter().map(|(_, row)| row).collect())
}

/// Reads gold segments: columns `n`, `bead`, `char_start`, `char_end`; returns them as bytes of the text.
pub(super) fn gold_spans(path: &Path, text: &str) -> Result<Vec<Span>, EvaluateError> {
    let mut bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    bytes.push(text.len());
    let mut spans = Vec::new();
    for (number, line) in (1..).zip(read(path)?.lines()).skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let place = |at: usize| -> Result<usize, EvaluateError> {
            let written = columns.get(at).copied().unwrap_or("");
            let value: usize = written.parse().map_err(|_| {
                let problem = format!(
                    "\"{written}\" is no place in the text; the columns are n, bead, char_start, char_end"
                );
                bad_line(path, number, problem)
            })?;
            bytes
                .get(value)
                .copied()
                .ok_or_else(|| bad_line(path, number, "a place behind the end of the text"))
        };
        let (start, end) = (place(2)?, place(3)?);
        if end < start {
            return Err(bad_line(path, number, "char_end lies before char_start"));
        }
        spans.push(Span::new(start, end));
    }
    Ok(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Origin;

    /// A version of one word a segment; the gold segments hold the given numbers of words.
    fn side(words: &[&str], gold: &[usize]) -> Side {
        let text = words.join("\n");
        let document = segment::presegmented_document("", text, Language::UND);
        let mut at = 0;
        let spans = gold.iter().map(|count| {
            let (first, last) = (&document.segments[at], &document.segments[at + count - 1]);
            at += count;
            Span::new(first.span.start, last.span.end)
        });
        let gold = spans.collect();
        Side { document, gold }
    }

    fn bead(source: &[usize], target: &[usize], confidence: f64) -> Bead {
        let ids = |places: &[usize]| places.iter().map(|at| SegmentId::at(*at)).collect();
        Bead { confidence, ..Bead::settled(ids(source), ids(target), Origin::Machine) }
    }

    #[test]
    fn a_bead_means_the_gold_segments_that_it_covers_by_more_than_half() {
        let side = side(&["aa", "aa", "bbbbb", "bbb"], &[2, 2]);
        let meant = |places: &[usize]| {
            side.meant(&places.iter().map(|at| SegmentId::at(*at)).collect::<Vec<_>>())
        };
        // Half is not enough.
        assert_eq!(meant(&[0]), [0u32; 0]);
        assert_eq!(meant(&[0, 1]), [0]);
        assert_eq!(meant(&[2]), [1]);
        assert_eq!(meant(&[3]), [0u32; 0]);
        assert_eq!(meant(&[1, 2]), [1]);
    }

    #[test]
    fn a_cut_too_many_costs_one_wrong_bead() {
        let source = side(&["one", "twotwo", "two", "three"], &[1, 2, 1]);
        let target = side(&["bir", "ikiiki", "iki", "uc"], &[1, 2, 1]);
        let gold = [(vec![0], vec![0]), (vec![1], vec![1]), (vec![2], vec![2])];
        let beads = [
            bead(&[0], &[0], 0.9),
            bead(&[1], &[1], 0.8),
            bead(&[2], &[2], 0.7),
            bead(&[3], &[3], 0.6),
        ];
        let (counts, judged, mismatches) = compare(&gold, &beads, &source, &target);
        assert_eq!((counts.strict_right, counts.system), (3, 4));
        assert_eq!((counts.strict_found, counts.gold), (3, 3));
        assert_eq!(judged, [(0.9, true), (0.8, true), (0.7, false), (0.6, true)]);
        assert_eq!(mismatches.len(), 1);
        assert_eq!((mismatches[0].source_text.as_str(), mismatches[0].source.len()), ("two", 0));
        let whole = [bead(&[0], &[0], 1.0), bead(&[1, 2], &[1, 2], 1.0), bead(&[3], &[3], 1.0)];
        let (counts, ..) = compare(&gold, &whole, &source, &target);
        assert!((counts.score().strict.f1 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn tags_with_a_script_are_told_apart_and_a_draft_is_no_language() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
        let found = |name: &str| -> Vec<String> {
            let versions = Versions::find(&folder.join(name)).unwrap().into_iter();
            versions.map(|v| format!("{} {}", v.source_language, v.target_language)).collect()
        };
        assert_eq!(found("winter"), ["az az-Cyrl", "en az", "en az-Cyrl"]);
        assert_eq!(found("flood"), ["az ru", "en az", "en ru"]);
        assert_eq!(Versions::find(&folder).unwrap().len(), 12);
    }
}
