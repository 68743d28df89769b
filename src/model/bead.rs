//! A bead: the segments of two versions that say the same thing, and why we think so.

use super::{SegmentId, Span};

/// Pairs some source segments with some target segments; either side may be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Bead {
    /// The source segments, ascending; empty for an addition.
    pub source: Vec<SegmentId>,
    /// The target segments, ascending; empty for an omission.
    pub target: Vec<SegmentId>,
    /// The probability that this bead is right, in `0..=1`, by the aligner's own model; 1 for a person's bead.
    pub confidence: f64,
    /// The cost in nats against "unrelated"; less is better.
    pub cost_nats: f64,
    /// Who made the bead.
    pub origin: Origin,
    /// Whether it crosses other beads because list items were put in another order.
    pub reordered: bool,
    /// What speaks for it.
    pub evidence: Evidence,
}

impl Bead {
    /// Makes a bead that a person or a file has settled: confidence 1, no cost, no evidence.
    pub fn settled(source: Vec<SegmentId>, target: Vec<SegmentId>, origin: Origin) -> Self {
        Self {
            source,
            target,
            confidence: 1.0,
            cost_nats: 0.0,
            origin,
            reordered: false,
            evidence: Evidence::default(),
        }
    }

    /// Returns the bead with source and target changed. The cost is kept.
    pub fn turned(&self) -> Self {
        let turned = |anchor: &Anchor| Anchor {
            kind: anchor.kind,
            source: anchor.target,
            target: anchor.source,
        };
        Self {
            source: self.target.clone(),
            target: self.source.clone(),
            evidence: Evidence {
                features: self.evidence.features.clone(),
                anchors: self.evidence.anchors.iter().map(turned).collect(),
            },
            ..*self
        }
    }

    /// Says whether one side is empty.
    pub fn is_null(&self) -> bool {
        self.source.is_empty() || self.target.is_empty()
    }
}

/// Who made a bead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The aligner.
    Machine,
    /// A person's decision.
    Person,
    /// A file of beads made elsewhere.
    Import,
}

/// What speaks for and against a bead, so that a person can be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// One figure for each feature, by its name, in nats; more speaks for the bead. In the aligner's fixed order.
    pub features: Vec<(&'static str, f64)>,
    /// The numbers, dates, names and concepts found on both sides.
    pub anchors: Vec<Anchor>,
}

/// Something found on both sides of a bead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What was found.
    pub kind: AnchorKind,
    /// Where in the source text.
    pub source: Span,
    /// Where in the target text.
    pub target: Span,
}

/// What an anchor is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorKind {
    /// The same number of a list item.
    ListNumber,
    /// The same value: a number, date, time, percentage, address.
    Value,
    /// The same name, through transliteration.
    Name,
    /// The same glossary concept.
    Concept,
}
