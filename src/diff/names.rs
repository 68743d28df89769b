//! Names of people, places and organizations, compared by how they sound.
//!
//! A name is written by sound (`Sevinj`, `Sevinc`, `Севиндж`) or left as it is; both are right, so names are compared by
//! [`skeleton`], and endings of the target are seen through by comparing beginnings. A capitalised word without such a
//! partner proves nothing by itself: countries and offices are translated. So a name counts as **changed** only when
//!
//! * it always finds its partner elsewhere in the two versions and not here, and a capitalised word stands here that
//!   nothing in the source explains and that stands nowhere else so; or
//! * a word stands here that is known as the partner of another name, one that the source does not mention here; or
//! * it is the person behind the last comma of a signatory, where names are always written by sound.
//!
//! It counts as **misspelt** when two neighbouring letters changed places: transliterations change letters, they hardly
//! ever swap them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Context, Side};
use crate::model::{Divergence, DivergenceType, Language, SegmentKind, Severity, Span};
use crate::text::skeleton::{likeness, skeleton};
use crate::text::{fold, words};

/// Letters a name needs: shorter ones are alike by chance.
const LEAST_LETTERS: usize = 4;

/// Likeness of skeletons from which two spellings are one name. Measured on the 50 checked pairs of names and the
/// appeals' signatories: true pairs lie at .75 and more, different given names below .7.
const SAME: f64 = 0.75;

/// Likeness up to which a word counts as explained by a source word, though not surely the same name.
const NEAR: f64 = 0.5;

/// A capitalised word of a side.
#[derive(Debug, Clone)]
struct Name {
    span: Span,
    folded: String,
    key: String,
}

/// What is known of a bead's names.
struct Names<'c, 'a> {
    context: &'c Context<'a>,
    source: Vec<Name>,
    target: Vec<Name>,
}

/// Adds the findings about names; beads in order.
pub(super) fn check(contexts: &[&Context<'_>], found: &mut Vec<Divergence>) {
    let beads: Vec<Names<'_, '_>> = contexts
        .iter()
        .map(|context| Names {
            context,
            source: names(&context.source),
            target: names(&context.target),
        })
        .collect();
    let spellings = Spellings::new(contexts);
    let known = Known::new(&beads);
    for bead in &beads {
        let persons = signatory(bead.context, found);
        let mut is_told = persons;
        for name in &bead.target {
            if let Some(right) =
                spellings.swapped(name, &bead.source, bead.context.target.document.language)
            {
                let expected =
                    bead.source.iter().find(|other| likeness(&other.key, &name.key) >= NEAR);
                let mut finding = bead.context.finding(
                    DivergenceType::EntityTypo,
                    "swapped_letters",
                    Severity::Warning,
                    (expected.map(|name| name.span), Some(name.span)),
                    format!(
                        "\"{}\" looks misspelt: elsewhere it is \"{right}\"",
                        name.span.of(&bead.context.target.document.text)
                    ),
                );
                finding.expected = Some(right);
                found.push(finding);
                is_told = true;
            } else if let Some(source) =
                bead.source.iter().find(|source| is_swap(&source.key, &name.key))
            {
                if spellings.count(&name.folded) > 1 {
                    continue;
                }
                let spans = (Some(source.span), Some(name.span));
                let message = format!(
                    "\"{}\" looks misspelt for \"{}\"",
                    name.span.of(&bead.context.target.document.text),
                    source.span.of(&bead.context.source.document.text)
                );
                found.push(bead.context.finding(
                    DivergenceType::EntityTypo,
                    "swapped_letters",
                    Severity::Warning,
                    spans,
                    message,
                ));
                is_told = true;
            }
        }
        if !is_told {
            changed(bead, &known, found);
        }
    }
}

/// Returns the capitalised words of a side that are names as far as one can see: the first word of a sentence is
/// capitalised anyway and left out, unless it is a list item.
fn names(side: &Side<'_>) -> Vec<Name> {
    let language = side.document.language;
    let mut names = Vec::new();
    for segment in side.segments() {
        let text = segment.span.of(&side.document.text);
        let is_item = segment.kind == SegmentKind::ListItem;
        for (place, word) in words(text).enumerate() {
            let letters = word.text.chars().filter(|c| c.is_alphabetic()).count();
            let is_capital = word.text.starts_with(char::is_uppercase);
            let is_shouted = letters > 1 && word.text.chars().all(|c| !c.is_lowercase());
            if !is_capital || is_shouted || letters < LEAST_LETTERS || (place == 0 && !is_item) {
                continue;
            }
            let span = word.span.shifted(segment.span.start);
            if side.terms.iter().any(|hit| hit.span.overlaps(span)) {
                continue;
            }
            names.push(Name {
                span,
                folded: fold(word.text, language),
                key: skeleton(word.text, language),
            });
        }
    }
    names
}

/// Says whether two words are one name: their skeletons are alike, endings of either aside.
fn is_same(source: &Name, target: &Name) -> bool {
    likeness_of_starts(&source.key, &target.key) >= SAME
}

/// Returns the best likeness of a skeleton with the beginnings of another that are about as long.
fn likeness_of_starts(source: &str, target: &str) -> f64 {
    let length = source.chars().count();
    let ends: Vec<usize> = target.char_indices().map(|(at, _)| at).chain([target.len()]).collect();
    let lengths = length.saturating_sub(1)..=length + 1;
    let starts = lengths
        .filter_map(|letters| ends.get(letters))
        .map(|end| likeness(source, &target[..*end]));
    starts.fold(likeness(source, target), f64::max)
}

/// Says whether two skeletons are one name, endings of either aside.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    likeness_of_starts(one, other) >= SAME || likeness_of_starts(other, one) >= SAME
}

/// Says whether one skeleton is the other with two neighbouring letters swapped, an ending of the target aside.
fn is_swap(source: &str, target: &str) -> bool {
    let source: Vec<char> = source.chars().collect();
    let target: Vec<char> = target.chars().collect();
    if source.len() < 5 || target.len() < source.len() {
        return false;
    }
    let target = &target[..source.len()];
    let Some(at) = source.iter().zip(target).position(|(one, other)| one != other) else {
        return false;
    };
    at > 0
        && at + 1 < source.len()
        && source[at] == target[at + 1]
        && source[at + 1] == target[at]
        && source[at + 2..] == target[at + 2..]
}

/// How often each word of the target stands in it, to see a swap by the right spelling elsewhere.
struct Spellings {
    counts: BTreeMap<String, usize>,
}

impl Spellings {
    fn new(contexts: &[&Context<'_>]) -> Self {
        let mut counts = BTreeMap::new();
        for context in contexts {
            let language = context.target.document.language;
            for (text, _) in context.target.texts() {
                for word in words(text) {
                    if word.text.chars().count() >= 5 {
                        *counts.entry(fold(word.text, language)).or_default() += 1;
                    }
                }
            }
        }
        Self { counts }
    }

    fn count(&self, folded: &str) -> usize {
        self.counts.get(folded).copied().unwrap_or(0)
    }

    /// Returns the word that this one is with two neighbouring letters swapped, where the text has that word and has this
    /// one but once. Endings may differ: the first letters up to the third from the end decide.
    /// The source must have a word that sounds more like the other spelling.
    fn swapped(&self, name: &Name, source: &[Name], language: Language) -> Option<String> {
        let letters: Vec<char> = bare(name).chars().collect();
        if letters.len() < 6 || self.count(&name.folded) > 1 {
            return None;
        }
        for at in 1..letters.len() - 1 {
            if letters[at] == letters[at + 1] {
                continue;
            }
            let mut other = letters.clone();
            other.swap(at, at + 1);
            let word: String = other.iter().collect();
            // The swap must lie inside of what is compared.
            let stem: String = other
                [..(at + 2).max(other.len().saturating_sub(3)).max(5).min(other.len())]
                .iter()
                .collect();
            let known = self.counts.range(stem.clone()..).next().map(|(known, _)| known);
            if let Some(known) = known.filter(|known| known.starts_with(&stem)) {
                let is_close = known.chars().count().abs_diff(letters.len()) <= 5;
                let right = skeleton(&word, language);
                let wrong = skeleton(&bare(name), language);
                let is_better = source.iter().any(|theirs| {
                    let sounds = likeness_of_starts(&theirs.key, &right);
                    sounds >= SAME && sounds > likeness_of_starts(&theirs.key, &wrong)
                });
                if is_close && is_better {
                    return Some(if known.starts_with(&word) { word } else { known.clone() });
                }
            }
        }
        None
    }
}

/// How the names of all beads fare: how often each finds a partner by sound and how often it finds none.
struct Known {
    source: BTreeMap<String, (usize, usize)>,
    target: BTreeMap<String, (usize, usize)>,
    /// Words that also stand in small letters: `State`, `Hotel`, `Partisi` are no names by themselves.
    ordinary: BTreeSet<String>,
}

impl Known {
    fn new(beads: &[Names<'_, '_>]) -> Self {
        let mut known =
            Self { source: BTreeMap::new(), target: BTreeMap::new(), ordinary: BTreeSet::new() };
        for bead in beads {
            let sides = [(&bead.source, &bead.target, true), (&bead.target, &bead.source, false)];
            for (own, other, is_source) in sides {
                for name in own {
                    let has_partner = other.iter().any(|theirs| {
                        if is_source { is_same(name, theirs) } else { is_same(theirs, name) }
                    });
                    let table = if is_source { &mut known.source } else { &mut known.target };
                    let entry = table.entry(bare(name)).or_default();
                    if has_partner { entry.0 += 1 } else { entry.1 += 1 }
                }
            }
            for side in [&bead.context.source, &bead.context.target] {
                let language = side.document.language;
                for (text, _) in side.texts() {
                    let small =
                        words(text).filter(|word| word.text.starts_with(char::is_lowercase));
                    known.ordinary.extend(small.map(|word| fold(word.text, language)));
                }
            }
        }
        known
    }
}

/// Returns a name without what an apostrophe joins to it.
fn bare(name: &Name) -> String {
    name.folded.split(['\'', '’']).next().unwrap_or_default().to_owned()
}

/// Adds a finding where a known name gave way to a word that nothing explains.
fn changed(bead: &Names<'_, '_>, known: &Known, found: &mut Vec<Divergence>) {
    let all_source: Vec<String> = all_keys(&bead.context.source);
    let all_target: Vec<String> = all_keys(&bead.context.target);
    let is_ordinary = |name: &Name| known.ordinary.contains(&bare(name));
    let missing = bead.source.iter().filter(|name| {
        !is_ordinary(name)
            && !all_target.iter().any(|key| likeness_of_starts(&name.key, key) >= SAME)
    });
    let strange: Vec<&Name> = bead
        .target
        .iter()
        .filter(|name| {
            !is_ordinary(name)
                && !all_source.iter().any(|key| likeness_of_starts(key, &name.key) > NEAR)
        })
        .collect();
    for name in missing {
        let (here, nowhere) = known.source.get(&bare(name)).copied().unwrap_or_default();
        // The missing partner of this bead is one of `nowhere`.
        let is_sure = here >= 2 && nowhere <= 1;
        let is_fit = nowhere <= 1 || here >= nowhere;
        let stranger = strange.iter().find(|other| {
            let (partnered, lone) = known.target.get(&bare(other)).copied().unwrap_or_default();
            let is_partner = partnered >= 1 && partnered + 1 >= lone;
            (is_sure && lone <= 1) || (is_fit && is_partner)
        });
        if let Some(other) = stranger {
            let expected = name.span.of(&bead.context.source.document.text);
            let given = other.span.of(&bead.context.target.document.text);
            let message = format!("the source names \"{expected}\", the target \"{given}\"");
            let spans = (Some(name.span), Some(other.span));
            found.push(bead.context.finding(
                DivergenceType::Entity,
                "name",
                Severity::Error,
                spans,
                message,
            ));
            return;
        }
    }
}

/// Returns the skeletons of all words of a side.
fn all_keys(side: &Side<'_>) -> Vec<String> {
    let language = side.document.language;
    side.texts()
        .flat_map(|(text, _)| {
            words(text).map(|word| skeleton(word.text, language)).collect::<Vec<_>>()
        })
        .filter(|key| key.len() >= 3)
        .collect()
}

/// Compares the persons of two signatories; returns whether something was told.
fn signatory(context: &Context<'_>, found: &mut Vec<Divergence>) -> bool {
    let (source, target) = (person(&context.source), person(&context.target));
    match (source, target) {
        (Some(source), Some(target)) => {
            let (ours, theirs) = (parts(source, &context.source), parts(target, &context.target));
            let is_found = |key: &String| theirs.iter().any(|other| likeness(key, other) >= SAME);
            let missing = ours.iter().filter(|key| !is_found(key)).count();
            if ours.is_empty() || missing == 0 || ours.len() != theirs.len() {
                return false;
            }
            let message = format!(
                "the person is \"{}\" in the source, \"{}\" in the target",
                source.of(&context.source.document.text),
                target.of(&context.target.document.text)
            );
            found.push(context.finding(
                DivergenceType::Entity,
                "person",
                Severity::Error,
                (Some(source), Some(target)),
                message,
            ));
            true
        }
        (Some(one), None) => missing_person(context, one, true, found),
        (None, Some(one)) => missing_person(context, one, false, found),
        (None, None) => false,
    }
}

fn missing_person(
    context: &Context<'_>,
    person: Span,
    is_source: bool,
    found: &mut Vec<Divergence>,
) -> bool {
    let (side, other) = if is_source {
        (&context.source, &context.target)
    } else {
        (&context.target, &context.source)
    };
    // Without the comma before it the person stands somewhere in the item all the same.
    let others = all_keys(other);
    if parts(person, side).iter().any(|key| others.iter().any(|other| likeness(key, other) >= SAME))
    {
        return false;
    }
    let name = person.of(&side.document.text);
    let (spans, message) = if is_source {
        ((Some(person), None), format!("the person \"{name}\" is missing in the target"))
    } else {
        ((None, Some(person)), format!("the person \"{name}\" is missing in the source"))
    };
    found.push(context.finding(
        DivergenceType::Entity,
        "person_missing",
        Severity::Error,
        spans,
        message,
    ));
    true
}

/// Returns the person of a signatory: two to four capitalised words behind the last comma of a list item.
fn person(side: &Side<'_>) -> Option<Span> {
    let mut segments = side.segments();
    let segment = segments
        .next()
        .filter(|segment| segment.kind == SegmentKind::ListItem && segment.number.is_some())?;
    if segments.next().is_some() {
        return None;
    }
    let text = segment.span.of(&side.document.text).trim_end_matches([';', '.', ',', ' ']);
    let comma = text.rfind(',')?;
    let tail = text[comma + 1..].trim();
    let parts: Vec<&str> = tail.split_whitespace().collect();
    let is_name = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '’' || c == '\'')
    };
    if !(2..=4).contains(&parts.len()) || !parts.iter().all(is_name) {
        return None;
    }
    let start = segment.span.start
        + (tail.as_ptr() as usize - segment.span.of(&side.document.text).as_ptr() as usize);
    Some(Span::new(start, start + tail.len()))
}

fn parts(person: Span, side: &Side<'_>) -> Vec<String> {
    let words = person.of(&side.document.text).split_whitespace();
    words.map(|word| skeleton(word, side.document.language)).filter(|key| !key.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn endings_do_not_hide_a_name() {
        let key = |word, language| skeleton(word, language);
        assert!(
            likeness_of_starts(&key("Sarigol", Language::EN), &key("Sarıgöldən", Language::AZ))
                >= SAME
        );
        assert!(likeness_of_starts(&key("Leyla", Language::EN), &key("Lalə", Language::AZ)) < SAME);
    }

    #[test]
    fn swapped_letters_are_seen_and_other_changes_are_not() {
        assert!(is_swap("arisabalaga", "arisabaalga"));
        assert!(!is_swap("aliieva", "alieva"));
        assert!(!is_swap("huseinov", "husanov"));
    }
}
