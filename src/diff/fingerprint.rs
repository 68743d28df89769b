//! A name for a finding that outlives edits elsewhere: made from what differs and from both texts, never from places.

use xxhash_rust::xxh3::Xxh3;

use crate::model::{Divergence, Document};

/// Returns the fingerprint of a finding, 16 hexadecimal digits: the same as long as the type, the two values and the
/// texts of the segments (white space aside) are the same.
pub fn fingerprint(divergence: &Divergence, source: &Document, target: &Document) -> String {
    hashed(&[
        divergence.kind.name(),
        divergence.subtype,
        divergence.expected.as_deref().unwrap_or_default(),
        divergence.found.as_deref().unwrap_or_default(),
        &source.joined(&divergence.source_segments),
        &target.joined(&divergence.target_segments),
    ])
}

/// Returns 16 hexadecimal digits made of texts.
pub(super) fn hashed(parts: &[&str]) -> String {
    let mut hash = Xxh3::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update(&[0]);
    }
    format!("{:016x}", hash.digest())
}
