//! Several versions side by side: a row a meaning.

use std::collections::BTreeMap;

use super::{Alignment, SegmentId};

/// What several versions say of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The segments of each version, ascending; none where a version does not say it.
    pub segments: Vec<Vec<SegmentId>>,
    /// The probability that the row is right, in `0..=1`, by the aligner's own model.
    pub confidence: f64,
    /// Whether some version says it at another place than the first does.
    pub reordered: bool,
}

/// The rows of a text's versions, in the order of the first. Every segment of every version stands in one row. Of each two
/// versions the table also knows the beads inside its rows: two sentences of both that a third version makes one are one
/// row and two beads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    versions: usize,
    rows: Vec<Row>,
    pairs: BTreeMap<(usize, usize), Alignment>,
}

impl Table {
    /// Makes a table of rows, and of the alignments of each two versions, the lower place first.
    pub fn new(
        versions: usize,
        rows: Vec<Row>,
        pairs: BTreeMap<(usize, usize), Alignment>,
    ) -> Self {
        Self { versions, rows, pairs }
    }

    /// Returns how many versions there are.
    pub fn versions(&self) -> usize {
        self.versions
    }

    /// Returns the rows in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Takes rows and beads apart that have a lower confidence: what each version says stands by itself, and the confidence
    /// that it does is what the row lacked.
    pub fn at_least(self, confidence: f64) -> Self {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let said = row.segments.iter().filter(|ids| !ids.is_empty()).count();
            if said < 2 || row.confidence >= confidence {
                rows.push(row);
                continue;
            }
            for (version, ids) in row.segments.iter().enumerate() {
                for id in ids {
                    let mut segments = vec![Vec::new(); row.segments.len()];
                    segments[version].push(*id);
                    rows.push(Row { segments, confidence: 1.0 - row.confidence, ..row });
                }
            }
        }
        let pairs = self.pairs.into_iter();
        let pairs = pairs.map(|(versions, pair)| (versions, pair.at_least(confidence))).collect();
        Self { rows, pairs, ..self }
    }

    /// Returns the beads of two versions by their places, `None` where the table has no such versions. No bead reaches over
    /// the end of a row.
    pub fn pair(&self, source: usize, target: usize) -> Option<Alignment> {
        if let Some(known) = self.pairs.get(&(source, target)) {
            return Some(known.clone());
        }
        Some(self.pairs.get(&(target, source))?.turned())
    }
}
