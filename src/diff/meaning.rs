//! Signals of meaning that can be had without a model: left untranslated.

use rustc_hash::FxHashSet;

use super::{Context, Side};
use crate::model::{Divergence, DivergenceType, Language, Severity};
use crate::text::{fold, words};

/// Words that must be the source's for a segment to count as untranslated.
const LEAST_WORDS: usize = 4;

/// Share of the target's words that must be the source's. Names and numbers are the same in both languages, so half is
/// common; ordinary words in small letters must be among them.
const LEAST_SHARE: f64 = 0.75;

/// Returns a finding where the target repeats the source's words.
pub(super) fn untranslated(context: &Context<'_>) -> Option<Divergence> {
    let collect = |side: &Side<'_>| -> Vec<String> {
        // Addresses are the same in every language.
        let is_address = |piece: &&str| piece.contains('@') || piece.contains("://");
        let pieces = side.texts().flat_map(|(text, _)| text.split_whitespace());
        pieces
            .filter(|piece| !is_address(piece))
            .flat_map(words)
            .map(|word| word.text.to_owned())
            .filter(|word| word.chars().any(char::is_alphabetic))
            .collect()
    };
    let (source, target) = (collect(&context.source), collect(&context.target));
    if target.len() < LEAST_WORDS {
        return None;
    }
    let known: FxHashSet<String> = source.iter().map(|word| fold(word, Language::UND)).collect();
    let same: Vec<&String> =
        target.iter().filter(|word| known.contains(&fold(word, Language::UND))).collect();
    let ordinary = same
        .iter()
        .filter(|word| word.starts_with(char::is_lowercase) && word.chars().count() >= 3)
        .count();
    let is_untranslated = same.len() as f64 >= LEAST_SHARE * target.len() as f64 && ordinary >= 3;
    is_untranslated.then(|| {
        let message = "the target is left in the language of the source".to_owned();
        context.finding(
            DivergenceType::Untranslated,
            "segment",
            Severity::Error,
            (None, None),
            message,
        )
    })
}
