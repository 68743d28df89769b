//! One JSON object a line, keys in a fixed order: what other programs rely on. The fields are described in
//! `docs/formats.md`.

use serde::Serialize;

use super::{Comparison, Shown};
use crate::diff::fingerprint;
use crate::diff::revision::RevisionChange;
use crate::model::{
    AnchorKind, BlockKind, Document, Language, Origin, Segment, SegmentId, SegmentKind, Severity,
    Span, Warning,
};

#[derive(Serialize)]
struct DivergenceRow<'a> {
    r#type: &'static str,
    subtype: &'static str,
    severity: Severity,
    source_segments: Vec<u32>,
    target_segments: Vec<u32>,
    source_bytes: Option<Span>,
    target_bytes: Option<Span>,
    expected: Option<&'a str>,
    found: Option<&'a str>,
    message: &'a str,
    fingerprint: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<&'a str>,
}

#[derive(Serialize)]
struct SegmentRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    index: u32,
    bytes: Span,
    chars: [usize; 2],
    block: usize,
    block_kind: Option<BlockKind>,
    kind: SegmentKind,
    marker: Option<&'a str>,
    number: Option<u32>,
    rule: &'a str,
    warnings: &'a [Warning],
    text: &'a str,
}

#[derive(Serialize)]
struct BeadRow<'a> {
    source_segments: Vec<u32>,
    target_segments: Vec<u32>,
    source: String,
    target: String,
    source_language: Language,
    target_language: Language,
    confidence: f64,
    origin: Origin,
    reordered: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceRow<'a>>,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    features: Vec<(&'static str, f64)>,
    anchors: Vec<AnchorRow<'a>>,
}

#[derive(Serialize)]
struct AnchorRow<'a> {
    kind: AnchorKind,
    source_bytes: Span,
    target_bytes: Span,
    source: &'a str,
    target: &'a str,
}

#[derive(Serialize)]
struct RevisionRow<'a> {
    change: crate::diff::revision::RevisionKind,
    old_segments: Vec<u32>,
    new_segments: Vec<u32>,
    old_bytes: Option<Span>,
    new_bytes: Option<Span>,
    old: Option<&'a str>,
    new: Option<&'a str>,
    removed_bytes: &'a [Span],
    added_bytes: &'a [Span],
    values: Vec<(&'a str, &'a str)>,
    severity: Severity,
    moved: bool,
    message: String,
}

#[derive(Serialize)]
struct TableRow<'a> {
    versions: Vec<VersionCell<'a>>,
    confidence: f64,
    reordered: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pairs: Vec<PairCell<'a>>,
}

#[derive(Serialize)]
struct VersionCell<'a> {
    file: &'a str,
    language: Language,
    segments: Vec<u32>,
    text: String,
}

#[derive(Serialize)]
struct PairCell<'a> {
    source: &'a str,
    target: &'a str,
    source_segments: Vec<u32>,
    target_segments: Vec<u32>,
    confidence: f64,
}

/// Returns the rows of several versions, one a line.
pub fn table(versions: &super::Versions<'_>) -> String {
    let mut out = String::new();
    for (row, pairs) in versions.table.rows().iter().zip(versions.pairs()) {
        let cells =
            versions.documents.iter().zip(&row.segments).map(|(document, ids)| VersionCell {
                file: &document.name,
                language: document.language,
                segments: indices(document, ids),
                text: document.joined(ids),
            });
        let mut all = Vec::new();
        for ([source, target], beads) in &pairs {
            let (source, target) = (&versions.documents[*source], &versions.documents[*target]);
            all.extend(beads.iter().map(|bead| PairCell {
                source: &source.name,
                target: &target.name,
                source_segments: indices(source, &bead.source),
                target_segments: indices(target, &bead.target),
                confidence: bead.confidence,
            }));
        }
        let row = TableRow {
            versions: cells.collect(),
            confidence: row.confidence,
            reordered: row.reordered,
            pairs: all,
        };
        line(&row, &mut out);
    }
    out
}

pub(super) fn line<T: Serialize>(row: &T, out: &mut String) {
    // The rows above hold strings, numbers and lists alone, which always serialise.
    if let Ok(json) = serde_json::to_string(row) {
        out.push_str(&json);
        out.push('\n');
    }
}

/// Returns the numbers under which segments are known.
pub(super) fn indices(document: &Document, ids: &[SegmentId]) -> Vec<u32> {
    ids.iter()
        .filter_map(|id| document.segments.get(id.place()))
        .map(|segment| segment.index)
        .collect()
}

/// Returns the divergences, one a line; then, where they are shown, those that are passed over, with the reason.
pub fn divergences(comparison: &Comparison<'_>) -> String {
    let (source, target) = (comparison.source, comparison.target);
    let mut out = String::new();
    for Shown { divergence, reason } in comparison.all() {
        let row = DivergenceRow {
            r#type: divergence.kind.name(),
            subtype: divergence.subtype,
            severity: divergence.severity,
            source_segments: indices(source, &divergence.source_segments),
            target_segments: indices(target, &divergence.target_segments),
            source_bytes: divergence.source_span,
            target_bytes: divergence.target_span,
            expected: divergence.expected.as_deref(),
            found: divergence.found.as_deref(),
            message: &divergence.message,
            fingerprint: fingerprint(divergence, source, target),
            code: divergence.kind.code(),
            suppressed: reason,
        };
        line(&row, &mut out);
    }
    out
}

/// Returns the segments of a document, one a line; `file` names the document where there are several.
pub fn segments(document: &Document, file: Option<&str>) -> String {
    let mut out = String::new();
    let mut rows = SegmentRows::new(&document.text, file);
    for segment in &document.segments {
        let kind = document.blocks.get(segment.block).map(|block| block.kind);
        rows.add(segment, kind, &mut out);
    }
    out
}

/// Writes segments one by one, in order, counting code points along the way.
#[derive(Debug)]
pub struct SegmentRows<'t> {
    text: &'t str,
    file: Option<&'t str>,
    byte: usize,
    chars: usize,
}

impl<'t> SegmentRows<'t> {
    /// Begins with the first segment of a text.
    pub fn new(text: &'t str, file: Option<&'t str>) -> Self {
        Self { text, file, byte: 0, chars: 0 }
    }

    /// Adds the line of the next segment.
    pub fn add(&mut self, segment: &Segment, block_kind: Option<BlockKind>, out: &mut String) {
        let gap = self.text.get(self.byte..segment.span.start);
        let start = self.chars + gap.map_or(0, |gap| gap.chars().count());
        let text = segment.span.of(self.text);
        let end = start + text.chars().count();
        let row = SegmentRow {
            file: self.file,
            index: segment.index,
            bytes: segment.span,
            chars: [start, end],
            block: segment.block,
            block_kind,
            kind: segment.kind,
            marker: segment.marker.map(|marker| marker.of(self.text)),
            number: segment.number,
            rule: segment.rule,
            warnings: &segment.warnings,
            text,
        };
        line(&row, out);
        (self.byte, self.chars) = (segment.span.end, end);
    }
}

/// Returns the beads, one a line; with `explain` what speaks for each.
pub fn alignment(comparison: &Comparison<'_>, explain: bool) -> String {
    let (source, target) = (comparison.source, comparison.target);
    let mut out = String::new();
    for bead in comparison.alignment.beads() {
        let anchors = || {
            let rows = bead.evidence.anchors.iter().map(|anchor| AnchorRow {
                kind: anchor.kind,
                source_bytes: anchor.source,
                target_bytes: anchor.target,
                source: anchor.source.of(&source.text),
                target: anchor.target.of(&target.text),
            });
            rows.collect()
        };
        let features =
            || bead.evidence.features.iter().map(|(name, nats)| (*name, rounded(*nats))).collect();
        let row = BeadRow {
            source_segments: indices(source, &bead.source),
            target_segments: indices(target, &bead.target),
            source: source.joined(&bead.source),
            target: target.joined(&bead.target),
            source_language: source.language,
            target_language: target.language,
            confidence: rounded(bead.confidence),
            origin: bead.origin,
            reordered: bead.reordered,
            evidence: explain.then(|| EvidenceRow { features: features(), anchors: anchors() }),
        };
        line(&row, &mut out);
    }
    out
}

/// Returns what changed between two revisions, one change a line; unchanged segments are left out.
pub fn revision(old: &Document, new: &Document, changes: &[RevisionChange]) -> String {
    let mut out = String::new();
    for change in changes.iter().filter(|change| change.is_change()) {
        let (old_bytes, new_bytes) = (old.span_of(&change.old), new.span_of(&change.new));
        let row = RevisionRow {
            change: change.kind,
            old_segments: indices(old, &change.old),
            new_segments: indices(new, &change.new),
            old_bytes,
            new_bytes,
            old: old_bytes.map(|span| span.of(&old.text)),
            new: new_bytes.map(|span| span.of(&new.text)),
            removed_bytes: &change.removed,
            added_bytes: &change.added,
            values: change.facts.iter().map(|fact| fact.texts(old, new)).collect(),
            severity: change.severity(),
            moved: change.is_moved,
            message: change.message(old, new),
        };
        line(&row, &mut out);
    }
    out
}

/// Rounds to four digits behind the point: more would be noise.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
