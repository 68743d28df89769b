//! What a side says and the other does not: clauses within segments, and whole segments within a bead.
//!
//! A word is said on the other side by one of its concepts, by a term, or by a word that sounds like it. Words that are in no
//! table say nothing either way.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::Known;
use crate::diff::structure::{added, omitted};
use crate::diff::{Context, Side};
use crate::model::{Divergence, DivergenceType, SegmentId, SegmentKind, Severity, Span};
use crate::text::skeleton::likeness;

/// How many words in a row must lack a counterpart for a clause to be told.
const LEAST_WORDS: usize = 3;

/// How many letters the other side must lack for a clause to be looked for: three short words.
const LEAST_CLAUSE: f64 = 8.0;

/// How much of a missing part the other side must lack in length.
const LEAST_SHORT: f64 = 0.8;

/// The same for a part that is surely missing.
const SURELY_SHORT: f64 = 1.0;

/// With how many beads of equal length a ratio of lengths begins, so that a few odd ones do not decide.
const GUESSED: usize = 5;

/// Likeness of two words that sound the same.
const SAME: f64 = 0.7;

/// How many words of a segment must say something, and nothing that the other side says, for the segment to have no part in its bead.
const LEAST_UNSAID: usize = 1;

/// How much of such a segment the other side must lack in length.
const UNSAID_SHORT: f64 = 0.5;

/// Adds a finding where several words in a row of one side say what the other does not.
pub(super) fn clauses(
    context: &Context<'_>,
    sides: [&[Known<'_>]; 2],
    ratio: f64,
    found: &mut Vec<Divergence>,
) {
    let is_heading = |side: &Side<'_>| side.segments().any(|s| s.kind != SegmentKind::Sentence);
    if is_heading(&context.source) || is_heading(&context.target) {
        return;
    }
    for (own, other, is_source) in [(sides[0], sides[1], true), (sides[1], sides[0], false)] {
        // What is missing makes the other side shorter than it would be.
        let (side, other_side, ratio) = match is_source {
            true => (&context.source, &context.target, ratio),
            false => (&context.target, &context.source, 1.0 / ratio),
        };
        let short = ratio * letters(side) - letters(other_side);
        if short < LEAST_CLAUSE {
            continue;
        }
        let Some((count, run)) = missing(own, other, [side, other_side]) else { continue };
        let expected = side.document.text[run.range()].chars().count() as f64 * ratio;
        if count < LEAST_WORDS || short < LEAST_SHORT * expected {
            continue;
        }
        let text = run.of(&side.document.text);
        let (spans, subtype, message) = if is_source {
            (
                (Some(run), None),
                "missing",
                format!("the target seems to have nothing for \"{text}\""),
            )
        } else {
            ((None, Some(run)), "added", format!("the source seems to have nothing for \"{text}\""))
        };
        let behind = side.document.text[run.end..].trim_start();
        let is_whole =
            behind.is_empty() || behind.starts_with(['.', ',', ';', ':', '!', '?', ')', '\n']);
        let is_sure = is_whole && short >= SURELY_SHORT * expected;
        let severity = if is_sure { Severity::Warning } else { Severity::Info };
        found.push(context.finding(DivergenceType::Clause, subtype, severity, spans, message));
    }
}

fn letters(side: &Side<'_>) -> f64 {
    side.texts().map(|(text, _)| text.chars().count() as f64).sum()
}

/// Returns how many letters of the target a letter of the source is, by the middle one of all beads.
pub(super) fn ratio(contexts: &[&Context<'_>]) -> f64 {
    let mut ratios: Vec<f64> = contexts
        .iter()
        .map(|context| letters(&context.target) / letters(&context.source).max(1.0))
        .chain(std::iter::repeat_n(1.0, GUESSED))
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().filter(|ratio| *ratio > 0.0).unwrap_or(1.0)
}

/// Adds a finding for each segment that has no part in its bead: nothing of what it says is said on the other side, which is as
/// much shorter. An aligner may put a sentence without partner to its neighbour. Returns whether there is one.
pub(super) fn unsaid(
    context: &Context<'_>,
    sides: [&[Known<'_>]; 2],
    ratio: f64,
    found: &mut Vec<Divergence>,
) -> bool {
    let (source, target) = (&context.source, &context.target);
    let is_source = source.ids.len() > target.ids.len();
    let surplus = source.ids.len().abs_diff(target.ids.len());
    if surplus == 0 {
        return false;
    }
    let (side, other_side, own, other, ratio) = if is_source {
        (source, target, sides[0], sides[1], ratio)
    } else {
        (target, source, sides[1], sides[0], 1.0 / ratio)
    };
    let mut short = ratio * letters(side) - letters(other_side);
    // What only holds sentences together stands in every one.
    let may_say = |word: &Known<'_>| word.means.is_content || word.means.concepts.is_empty();
    let said = Said::of(other, other_side);
    let mut unsaid: Vec<SegmentId> = Vec::new();
    for (id, segment) in side.ids.iter().zip(side.segments()) {
        let length = ratio * segment.span.of(&side.document.text).chars().count() as f64;
        let inside = |span: Span| segment.span.overlaps(span);
        let words = || own.iter().filter(|word| inside(word.span));
        let has_value = side
            .values
            .iter()
            .filter(|value| inside(value.span))
            .any(|value| other_side.values.iter().any(|theirs| value.agrees(theirs)));
        if segment.kind == SegmentKind::Sentence
            && unsaid.len() < surplus
            && short >= UNSAID_SHORT * length
            && words().filter(|word| word.means.is_content).count() >= LEAST_UNSAID
            && !has_value
            && !words().any(|word| may_say(word) && said.has(word, side))
        {
            unsaid.push(*id);
            short -= length;
        }
    }
    if unsaid.len() == surplus {
        // What is left is no merge.
        found.retain(|d| {
            d.kind != DivergenceType::Merge
                || d.source_segments != source.ids
                || d.target_segments != target.ids
        });
    }
    let is_any = !unsaid.is_empty();
    found.extend(unsaid.into_iter().map(|id| Divergence {
        severity: Severity::Warning,
        ..if is_source {
            omitted(source.document, id)
        } else {
            added(target.document, id, &BTreeMap::new())
        }
    }));
    is_any
}

/// What a side says.
struct Said<'s, 'a> {
    concepts: FxHashSet<&'static str>,
    words: &'s [Known<'a>],
    side: &'s Side<'a>,
}

impl<'s, 'a> Said<'s, 'a> {
    fn of(words: &'s [Known<'a>], side: &'s Side<'a>) -> Self {
        let concepts = words.iter().flat_map(|word| word.means.concepts.iter().copied());
        Self { concepts: concepts.collect(), words, side }
    }

    /// Says whether a word of the other side is said by a term, by a concept, or by its sound.
    fn has(&self, word: &Known<'_>, side: &Side<'_>) -> bool {
        let mut terms = side.terms.iter().filter(|hit| hit.span.overlaps(word.span));
        let concepts = &word.means.concepts;
        terms.any(|hit| self.side.terms.iter().any(|theirs| theirs.concept == hit.concept))
            || concepts.iter().any(|concept| self.concepts.contains(concept))
            || self.words.iter().any(|theirs| is_heard(&word.means.key, &theirs.means.key))
    }
}

/// Returns the longest run of words that have no counterpart on the other side, and how many they are.
pub(super) fn missing(
    own: &[Known<'_>],
    other: &[Known<'_>],
    [side, other_side]: [&Side<'_>; 2],
) -> Option<(usize, Span)> {
    let said = Said::of(other, other_side);
    let mut best: Option<(usize, Span)> = None;
    let mut run: Option<(usize, Span)> = None;
    for word in own.iter().filter(|word| word.means.is_content) {
        run = match (said.has(word, side), run) {
            (true, _) => None,
            (false, Some((count, span))) => Some((count + 1, Span::new(span.start, word.span.end))),
            (false, None) => Some((1, word.span)),
        };
        if let Some((count, span)) = run
            && best.is_none_or(|(most, _)| count > most)
        {
            best = Some((count, span));
        }
    }
    best
}

/// Says whether another word sounds like this one, endings aside.
fn is_heard(key: &str, other: &str) -> bool {
    let letters = key.chars().count();
    let end = || other.char_indices().nth(letters + 1).map_or(other.len(), |(end, _)| end);
    letters >= 4 && likeness(key, &other[..end()]) >= SAME
}

#[cfg(test)]
mod tests {
    use crate::diff::diff;
    use crate::model::{Alignment, Bead, DivergenceType, Language, Origin, SegmentId};
    use crate::segment;

    fn told(source: &str, target: &str) -> Vec<(DivergenceType, Vec<SegmentId>)> {
        let document =
            |text: &str, language| segment::presegmented_document("", text.to_owned(), language);
        let (source, target) = (document(source, Language::EN), document(target, Language::AZ));
        let ids = |count: usize| (0..count).map(SegmentId::at).collect();
        let (n, m) = (source.segments.len(), target.segments.len());
        let bead = Bead::settled(ids(n), ids(m), Origin::Machine);
        let alignment = Alignment::new(n, m, vec![bead]).unwrap();
        let found = diff(&source, &target, &alignment, None);
        found.into_iter().map(|d| (d.kind, d.target_segments)).collect()
    }

    #[test]
    fn a_sentence_that_an_aligner_put_to_its_neighbour_is_an_addition() {
        let source = "The school asks the parents to bring warm clothes for the children.";
        let target = "Məktəb valideynlərdən xahiş edir ki, uşaqlar üçün isti paltar gətirsinlər.";
        let added = format!("{target}\nHökumət hələ heç nə etməyib.");
        assert_eq!(told(source, &added), [(DivergenceType::Addition, vec![SegmentId(1)])]);
        // Two sentences that say what the one says are a split.
        let split = "Məktəb valideynlərdən xahiş edir.\nUşaqlar üçün isti paltar gətirsinlər.";
        assert_eq!(
            told(source, split),
            [(DivergenceType::Merge, vec![SegmentId(0), SegmentId(1)])]
        );
    }
}
