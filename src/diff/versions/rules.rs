//! The rules of a project, applied to disagreements.
//!
//! A setting for a language holds where the odd version is in it; without an odd one, where any version but the first that takes
//! part is, and the gravest counts. An accepted pair makes the two versions agree: when that leaves no disagreement it is passed
//! over. A suppression fits by the fingerprint of the disagreement or of a pair in it, by type, by words of any version, and by
//! the file of the odd version, without an odd one of any.

use super::Disagreement;
use crate::diff::fingerprint;
use crate::diff::rules::{Level, Rules, Suppression, Use, Versions, fits_file, stands_in};
use crate::model::Document;

/// A disagreement that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuppressedDisagreement {
    /// The disagreement.
    pub disagreement: Disagreement,
    /// Why.
    pub reason: String,
}

/// Disagreements after the rules.
#[derive(Clone, Debug, Default)]
pub struct RuledDisagreements {
    /// What is told, in the order given.
    pub found: Vec<Disagreement>,
    /// What is passed over, in the order given.
    pub suppressed: Vec<SuppressedDisagreement>,
    /// One for each suppression, in their order.
    pub uses: Vec<Use>,
}

impl Rules {
    /// Sorts disagreements into those that are told and those that are passed over. `files` are the names by which suppressions
    /// know the files of the versions, one a version.
    pub fn apply_to_versions(
        &self,
        found: Vec<Disagreement>,
        documents: &[Document],
        files: &[&str],
    ) -> RuledDisagreements {
        let is_here = |rule: &Suppression| files.iter().any(|file| fits_file(rule, file));
        let fresh = |rule| if is_here(rule) { Use::Nothing } else { Use::Elsewhere };
        let mut ruled = RuledDisagreements {
            uses: self.suppressions.iter().map(fresh).collect(),
            ..RuledDisagreements::default()
        };
        for mut disagreement in found {
            let mut reason = None;
            for (rule, used) in self.suppressions.iter().zip(&mut ruled.uses) {
                if suppresses(rule, &disagreement, documents, files) {
                    *used = Use::Matched;
                    reason = reason.or(Some(rule.reason.clone()));
                }
            }
            match self.level_of(&disagreement, documents) {
                Level::Off => continue,
                Level::On => {}
                Level::As(severity) => disagreement.severity = severity,
            }
            match reason.or_else(|| self.accepts(&disagreement, documents, files)) {
                Some(reason) => {
                    ruled.suppressed.push(SuppressedDisagreement { disagreement, reason });
                }
                None => ruled.found.push(disagreement),
            }
        }
        ruled
    }

    fn level_of(&self, found: &Disagreement, documents: &[Document]) -> Level {
        let takes_part = |version: &usize| match found.odd {
            Some(odd) => odd == *version,
            None => *version > 0 && found.stands[*version].group.is_some(),
        };
        let targets = (0..documents.len()).filter(takes_part);
        let levels =
            targets.map(|v| self.level_of_type(found.kind, found.subtype, documents[v].language));
        let weight = |level: &Level| match level {
            Level::Off => None,
            Level::On => Some(found.severity),
            Level::As(severity) => Some(*severity),
        };
        levels.max_by_key(|level: &Level| weight(level)).unwrap_or(Level::On)
    }

    /// Returns the reason where accepted pairs leave no two versions in disagreement.
    fn accepts(
        &self,
        found: &Disagreement,
        documents: &[Document],
        files: &[&str],
    ) -> Option<String> {
        let mut reason = None;
        let mut groups: Vec<Option<usize>> = found.stands.iter().map(|stand| stand.group).collect();
        for ([a, b], divergence) in &found.pairs {
            let versions = Versions {
                source: &documents[*a],
                target: &documents[*b],
                files: [files[*a], files[*b]],
            };
            let Some(accepted) = self.accepted_by(divergence, versions) else { continue };
            reason = reason.or(Some(accepted));
            let (ours, theirs) = (groups[*a], groups[*b]);
            groups.iter_mut().filter(|group| **group == theirs).for_each(|group| *group = ours);
        }
        let mut left: Vec<usize> = groups.into_iter().flatten().collect();
        left.sort_unstable();
        left.dedup();
        reason.filter(|_| left.len() < 2)
    }
}

fn suppresses(
    rule: &Suppression,
    found: &Disagreement,
    documents: &[Document],
    files: &[&str],
) -> bool {
    let is_named = |name: &String| {
        found.fingerprint(documents) == *name
            || found.pairs.iter().any(|([a, b], divergence)| {
                fingerprint(divergence, &documents[*a], &documents[*b]) == *name
            })
    };
    let says = |words: &String| {
        found.stands.iter().zip(documents).any(|(stand, document)| {
            let mut texts = stand.segments.iter().map(|id| document.segment_text(*id));
            texts.any(|text| stands_in(words, text, document.language))
        })
    };
    let is_here = match found.odd {
        Some(odd) => fits_file(rule, files[odd]),
        None => files.iter().any(|file| fits_file(rule, file)),
    };
    is_here
        && rule.selector.selects_type(found.kind, found.subtype)
        && rule.fingerprint.as_ref().is_none_or(is_named)
        && rule.text.as_ref().is_none_or(says)
}
