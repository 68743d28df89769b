//! What the command line says beforehand of the versions that are to be aligned.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::against;
use crate::align::{FixedPoints, MAX_BEAD, Options, PairVectors, Progress};
use crate::cli::talk::Talk;
use crate::cli::{input, lexicon};
use crate::formats::dictionary::Entry;
use crate::formats::vectors::{self, Overlaps};
use crate::model::{Bead, Document, Language, Origin, SegmentId};

/// What is known or decided before the search.
#[derive(Debug, clap::Args)]
pub(super) struct Guidance {
    /// Two segments that stand in one pair, by the numbers that `--format beads` and `segment` show; may be given several
    /// times
    #[arg(long, value_name = "N:M", value_parser = anchor, conflicts_with_all = ["beads", "batch"])]
    anchor: Vec<(u32, u32)>,
    /// Keep the pairs of this file as they are and align what lies between: beads, or records of `--format jsonl`, of which
    /// those with `"origin":"person"` or `"import"` count
    #[arg(long, value_name = "FILE", conflicts_with_all = ["beads", "batch"])]
    fixed: Option<PathBuf>,
    /// A segment with this text alone, such as `***`, is a border that no pair crosses; both versions must have as many
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["beads", "batch"])]
    delimiter: Option<String>,
    /// The most segments a pair takes, both sides together: 2 to 6
    #[arg(long, value_name = "N", default_value_t = MAX_BEAD, value_parser = max_bead, conflicts_with = "beads")]
    max_bead: usize,
    /// What is known of the words: a dictionary (CSV, TSV, or hunalign's .dic), translations to learn one from (TMX, XLIFF,
    /// records), or `memory`
    #[arg(long, value_name = "FILE|memory", conflicts_with = "beads")]
    lexicon: Option<PathBuf>,
    /// Sentence vectors of SOURCE: an array of `numpy` (.npy) or plain 4-byte floats, a row for each segment or for each line of
    /// --source-overlaps
    #[arg(long, value_name = "FILE", requires = "target_vectors", conflicts_with_all = ["beads", "batch"])]
    source_vectors: Option<PathBuf>,
    /// Sentence vectors of TARGET
    #[arg(long, value_name = "FILE", requires = "source_vectors")]
    target_vectors: Option<PathBuf>,
    /// The texts of the rows of --source-vectors, a line each: segments and several of them together, as Vecalign's
    /// overlap files
    #[arg(long, value_name = "FILE", requires = "source_vectors")]
    source_overlaps: Option<PathBuf>,
    /// The texts of the rows of --target-vectors
    #[arg(long, value_name = "FILE", requires = "target_vectors")]
    target_overlaps: Option<PathBuf>,
    /// Keep the pairs of an earlier alignment whose texts did not change and align the rest: TMX, XLIFF, CSV, TSV or
    /// records of `--format jsonl`. What `--fixed`, `--anchor` and `--delimiter` say goes first
    #[arg(long, value_name = "OLD", conflicts_with_all = ["beads", "batch"])]
    against: Option<PathBuf>,
}

/// Reads an anchor.
fn anchor(text: &str) -> Result<(u32, u32), String> {
    let sides =
        text.split_once(':').and_then(|(s, t)| s.trim().parse().ok().zip(t.trim().parse().ok()));
    sides.ok_or_else(|| "an anchor is the numbers of two segments, such as 12:14".to_owned())
}

/// Reads how many segments a bead takes.
fn max_bead(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (2..=MAX_BEAD).contains(number));
    number.ok_or_else(|| format!("a whole number from 2 to {MAX_BEAD} is needed"))
}

impl Guidance {
    /// Returns the files that these options read.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        let vectors = [&self.source_vectors, &self.target_vectors];
        let overlaps = [&self.source_overlaps, &self.target_overlaps];
        let files = vectors.into_iter().chain(overlaps).flatten();
        self.fixed.iter().chain(&self.lexicon).chain(&self.against).chain(files)
    }

    /// Returns how pairs are aligned.
    pub(super) fn options<'a>(
        &self,
        dictionary: &'a [Entry],
        progress: Progress<'a>,
    ) -> Options<'a> {
        Options { max_bead: self.max_bead, dictionary, progress }
    }

    /// Returns what is known of the words of two languages.
    pub(super) fn dictionary(
        &self,
        source: Language,
        target: Language,
        talk: &Talk,
    ) -> anyhow::Result<Vec<Entry>> {
        Ok(self.dictionaries(&[(source, target)], talk)?.pop().unwrap_or_default())
    }

    /// Returns what is known of the words of each two languages, in their order.
    pub(super) fn dictionaries(
        &self,
        pairs: &[(Language, Language)],
        talk: &Talk,
    ) -> anyhow::Result<Vec<Vec<Entry>>> {
        match &self.lexicon {
            Some(path) => lexicon::load(path, pairs, talk),
            None => Ok(vec![Vec::new(); pairs.len()]),
        }
    }

    /// Returns what is settled of two documents, `None` where nothing is.
    pub(super) fn fixed(
        &self,
        source: &Document,
        target: &Document,
        talk: &Talk,
    ) -> anyhow::Result<Option<FixedPoints>> {
        let mut beads = Vec::new();
        if let Some(delimiter) = &self.delimiter {
            beads = FixedPoints::delimiters(source, target, delimiter)?;
            anyhow::ensure!(
                !beads.is_empty(),
                "--delimiter \"{delimiter}\": no segment consists of it"
            );
        }
        if let Some(path) = &self.fixed {
            let decided = |bead: &Bead| bead.origin != Origin::Machine;
            let named = super::named_beads(path, source, target)?;
            let (named, left): (Vec<Bead>, Vec<Bead>) = named.into_iter().partition(decided);
            anyhow::ensure!(
                !named.is_empty() || left.is_empty(),
                "{}: no record has \"origin\":\"person\" or \"import\"; set it on those to be kept",
                input::name(path)
            );
            // A delimiter that the file names is settled already.
            let is_named = |bead: &Bead| {
                let meets = |other: &Bead| {
                    other.source.iter().any(|id| bead.source.contains(id))
                        || other.target.iter().any(|id| bead.target.contains(id))
                };
                named.iter().any(meets)
            };
            beads.retain(|bead| !is_named(bead));
            beads.extend(named.into_iter().map(|bead| Bead { confidence: 1.0, ..bead }));
        }
        let anchors = self.anchors(source, target)?;
        if let Some(path) = &self.against {
            beads = against::beads(path, source, target, beads, &anchors, talk)?;
        }
        if beads.is_empty() && anchors.is_empty() {
            return Ok(None);
        }
        let fixed = FixedPoints::new(source, target, beads, &anchors);
        Ok(Some(fixed.with_context(|| format!("{} - {}", source.name, target.name))?))
    }

    /// Returns the sentence vectors of two documents, `None` where none are named.
    pub(super) fn vectors(
        &self,
        source: &Document,
        target: &Document,
        talk: &Talk,
    ) -> anyhow::Result<Option<PairVectors>> {
        let (Some(source_path), Some(target_path)) = (&self.source_vectors, &self.target_vectors)
        else {
            return Ok(None);
        };
        let table = |path: &Option<PathBuf>| -> anyhow::Result<Option<Overlaps>> {
            let Some(path) = path else { return Ok(None) };
            Ok(Some(Overlaps::read(&input::text(path, None, talk)?)))
        };
        let overlaps = [table(&self.source_overlaps)?, table(&self.target_overlaps)?];
        let read = |path: &Path, document: &Document, overlaps: &Option<Overlaps>| {
            let rows = overlaps.as_ref().map_or(document.segments.len(), Overlaps::len);
            vectors::read(&input::bytes(path)?, Some(rows)).with_context(|| input::name(path))
        };
        let ours = read(source_path, source, &overlaps[0])?;
        let theirs = read(target_path, target, &overlaps[1])?;
        let [our_table, their_table] = &overlaps;
        let source = (source, ours, our_table.as_ref());
        let target = (target, theirs, their_table.as_ref());
        let names = || format!("{} and {}", input::name(source_path), input::name(target_path));
        Ok(Some(PairVectors::new(source, target).with_context(names)?))
    }

    /// Returns the anchors as places of segments.
    fn anchors(
        &self,
        source: &Document,
        target: &Document,
    ) -> anyhow::Result<Vec<(SegmentId, SegmentId)>> {
        let place = |document: &Document, number: u32| {
            let found = document.segments.iter().position(|segment| segment.index == number);
            let last = document.segments.iter().map(|segment| segment.index).max();
            let hint =
                last.map_or_else(|| "it is empty".to_owned(), |last| format!("its last is {last}"));
            let error = || format!("{} has no segment {number}; {hint}", document.name);
            found.map(SegmentId::at).with_context(error)
        };
        self.anchor
            .iter()
            .map(|(s, t)| {
                let pair = place(source, *s).and_then(|s| Ok((s, place(target, *t)?)));
                pair.with_context(|| format!("--anchor {s}:{t}"))
            })
            .collect()
    }
}
