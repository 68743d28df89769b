//! Names with two neighbouring letters swapped.
//!
//! Transliterations change letters, they hardly ever swap them. A swap is seen by the right spelling: in the source where
//! the name is left as it is or written by sound, in the table of places, or elsewhere in the target.

use super::candidate::Occurrence;
use super::known::{Bead, Known};
use super::sound::edits;
use crate::model::{Divergence, DivergenceType, Severity, Span};
use crate::text::common::CommonWords;
use crate::text::skeleton::skeleton;

/// Letters a name needs.
const LEAST_LETTERS: usize = 5;

/// The longest ending behind a name.
const LONGEST_ENDING: usize = 7;

/// A misspelt name of a bead.
pub(super) struct Typo {
    /// The place of the source word, and of the target word, among the bead's.
    pub(super) source: usize,
    pub(super) target: usize,
    /// How it is spelt elsewhere in the target.
    right: Option<String>,
}

/// Returns the misspelt names of a bead.
pub(super) fn find(bead: &Bead<'_, '_>, known: &Known) -> Vec<Typo> {
    let mut found = Vec::new();
    for (target, word) in bead.target.iter().enumerate().filter(|(_, word)| word.is_name) {
        if let Some((source, right)) = swapped(bead, word, known) {
            found.push(Typo { source, target, right });
        }
    }
    found
}

/// Makes the finding of a typo.
pub(super) fn finding(bead: &Bead<'_, '_>, typo: &Typo) -> Divergence {
    let (source, target) = (bead.source[typo.source].span, bead.target[typo.target].span);
    let written = target.of(&bead.context.target.document.text);
    let message = match &typo.right {
        Some(right) => format!("\"{written}\" looks misspelt: elsewhere it is \"{right}\""),
        None => format!(
            "\"{written}\" looks misspelt for \"{}\"",
            source.of(&bead.context.source.document.text)
        ),
    };
    let spans: (Option<Span>, Option<Span>) = (Some(source), Some(target));
    let mut finding = bead.context.finding(
        DivergenceType::EntityTypo,
        "swapped_letters",
        Severity::Warning,
        spans,
        message,
    );
    if let Some(right) = &typo.right {
        finding.expected = Some(right.clone());
    }
    finding
}

/// Returns the source word that a target word is a misspelling of, with the right spelling where the target has it elsewhere.
fn swapped(
    bead: &Bead<'_, '_>,
    word: &Occurrence,
    known: &Known,
) -> Option<(usize, Option<String>)> {
    let form = known.target.form(word.form);
    let letters: Vec<char> = form.bare.chars().collect();
    let is_right = !form.places.is_empty()
        || known.target_speaks(word)
        || bead.source.iter().any(|source| {
            let source = known.source.form(source.form);
            source.key == form.key || is_form(&form.plain, &source.plain)
        });
    if letters.len() < LEAST_LETTERS || is_right {
        return None;
    }
    // One letter more or less is a spelling, a swap is two.
    let is_near = letters.windows(2).all(|pair| pair[0] != pair[1])
        && bead.source.iter().any(|source| {
            let source = &known.source.form(source.form).key;
            source.chars().count() >= LEAST_LETTERS && edits(source, &form.key) <= 1
        });
    let language = known.target.language();
    let places = CommonWords::places(language);
    for at in 0..letters.len() - 1 {
        if letters[at] == letters[at + 1] {
            continue;
        }
        let mut other = letters.clone();
        other.swap(at, at + 1);
        let right: String = other.iter().collect();
        let key = skeleton(&right, language);
        let named = places.map_or_else(Vec::new, |places| places.concepts(&right));
        let own = known.spelt(&letters, at).map_or(0, |(_, count)| count);
        let elsewhere = known.spelt(&other, at).filter(|_| !known.is_ordinary_target(&right));
        let has_consonant = is_consonant(letters[at]) || is_consonant(letters[at + 1]);
        let sources = bead.source.iter().enumerate().filter(|(_, source)| source.is_capital);
        for (place, source) in sources {
            let source = known.source.form(source.form);
            if source.places.iter().any(|key| named.contains(key)) {
                return Some((place, None));
            }
            if source.plain.chars().count() >= LEAST_LETTERS
                && is_form(&right.replace('ı', "i"), &source.plain)
            {
                return Some((place, None));
            }
            let (better, worse) = (edits(&source.key, &key), edits(&source.key, &form.key));
            let letters = source.key.chars().count();
            if let Some((elsewhere, count)) = elsewhere
                && better <= worse
                && 3 * better <= letters
                && (count >= 3 * own.max(1) || (better < worse && count >= own))
            {
                return Some((place, Some(elsewhere.to_owned())));
            }
            if has_consonant
                && own <= 2
                && !is_near
                && letters >= LEAST_LETTERS
                && ((better == 0 && worse > 0) || (5 * better <= letters && better + 2 <= worse))
            {
                return Some((place, None));
            }
        }
    }
    None
}

/// Says whether a word is another one with no more than an ending behind it.
fn is_form(word: &str, base: &str) -> bool {
    word.strip_prefix(base).is_some_and(|rest| rest.chars().count() <= LONGEST_ENDING)
}

fn is_consonant(letter: char) -> bool {
    !matches!(
        letter,
        'a' | 'e'
            | 'i'
            | 'o'
            | 'u'
            | 'y'
            | 'ə'
            | 'ı'
            | 'ö'
            | 'ü'
            | 'а'
            | 'е'
            | 'ё'
            | 'и'
            | 'о'
            | 'у'
            | 'ы'
            | 'э'
            | 'ю'
            | 'я'
            | 'й'
            | 'ь'
    )
}
