//! A dictionary learnt from translation units, to help with later texts ([`Options::dictionary`](super::Options)).

use rustc_hash::FxHashMap;

use super::Pair;
use super::cognates::Cognates;
use super::fixed::{FixedPoints, Free};
use super::lexicon::{Direction, Lexicon};
use super::tokens::{self, Corpus, Vocabulary};
use crate::formats::dictionary::Entry;
use crate::model::{Bead, Document, Language, Origin, SegmentId};
use crate::segment;
use crate::text::fold_char;

/// What the probability of an entry must reach in the surer direction.
const LEAST: f32 = 0.1;

/// How often an entry must have been taught, in units.
const LEAST_COUNT: f32 = 1.0;

/// Learns a dictionary from units: texts of the source and the target language that say the same. The method is that of the
/// aligner itself (IBM model 1 in both directions, made to agree). Words are learnt by their stems, and each stem stands in
/// the dictionary as the word that has it most often; numbers and marks are left out. The entries are in the order of
/// their source words, the likelier first.
///
/// Entries below a probability of .1 in both directions, or below one expected unit, are left out.
pub fn learn_dictionary(
    units: &[(String, String)],
    source_language: Language,
    target_language: Language,
) -> Vec<Entry> {
    let document = |side: fn(&(String, String)) -> &str, language| {
        let lines = units.iter().map(|unit| {
            let words: Vec<&str> = side(unit).split_whitespace().collect();
            words.join(" ")
        });
        let lines: Vec<String> = lines.collect();
        segment::presegmented_document("", lines.join("\n"), language)
    };
    let source = document(|unit| &unit.0, source_language);
    let target = document(|unit| &unit.1, target_language);
    // A line without text is no segment: the numbers of the lines tell which belong together.
    let mut target_of: FxHashMap<u32, SegmentId> = FxHashMap::default();
    target_of.extend(target.ids().zip(&target.segments).map(|(id, segment)| (segment.index, id)));
    let beads = source.ids().zip(&source.segments).filter_map(|(id, segment)| {
        let partner = *target_of.get(&segment.index)?;
        Some(Bead::settled(vec![id], vec![partner], Origin::Import))
    });
    let Ok(fixed) = FixedPoints::new(&source, &target, beads.collect(), &[]) else {
        return Vec::new();
    };
    let pair = Pair { fixed: Some(&fixed), ..Pair::new(&source, &target) };
    let corpus = Corpus::new(Free::each(&[pair]));
    let lexicon = Lexicon::learn(&corpus, &Cognates::new(&corpus, &[]), &[]);
    let forms = [forms(&source, &corpus.source), forms(&target, &corpus.target)];
    let mut entries: Vec<Entry> = lexicon
        .pairs()
        .iter()
        .filter_map(|entry| {
            let probability = |direction| lexicon.probability(entry, direction).min(1.0);
            let (forward, backward) =
                (probability(Direction::ToTarget), probability(Direction::ToSource));
            if forward.max(backward) < LEAST || entry.count < LEAST_COUNT {
                return None;
            }
            let form = |side: usize, token: u32| forms[side].get(&token).cloned();
            let (source, target) = (form(0, entry.source)?, form(1, entry.target)?);
            Some(Entry { source, target, forward, backward, count: entry.count })
        })
        .collect();
    entries.sort_by(|one, other| {
        one.source
            .cmp(&other.source)
            .then(other.weight().total_cmp(&one.weight()))
            .then(one.target.cmp(&other.target))
    });
    entries
}

/// Returns for each stem the word that has it most often, in small letters; of two as frequent the first by letters.
fn forms(document: &Document, vocabulary: &Vocabulary) -> FxHashMap<u32, String> {
    let mut counts: FxHashMap<(u32, String), u32> = FxHashMap::default();
    for (stem, word) in tokens::stems(&document.text) {
        if let Some(token) = vocabulary.known(&stem) {
            let small = word.chars().map(|letter| fold_char(letter, document.language)).collect();
            *counts.entry((token, small)).or_default() += 1;
        }
    }
    let mut sorted: Vec<((u32, String), u32)> = counts.into_iter().collect();
    sorted.sort_unstable_by(|one, other| {
        one.0.0.cmp(&other.0.0).then(other.1.cmp(&one.1)).then(one.0.1.cmp(&other.0.1))
    });
    sorted.dedup_by_key(|entry| entry.0.0);
    sorted.into_iter().map(|((token, form), _)| (token, form)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_always_meet_are_entries_in_their_commonest_form() {
        let units = [
            ("Red house", "Qırmızı ev"),
            ("Red door", "Qırmızı qapı"),
            ("Blue house", "Mavi ev"),
            ("Blue door", "Mavi qapı"),
            ("", "Boş"),
        ];
        let units = units.map(|(source, target)| (source.to_owned(), target.to_owned()));
        let units = units.iter().cloned().cycle().take(4 * units.len()).collect::<Vec<_>>();
        let entries = learn_dictionary(&units, Language::EN, Language::AZ);
        let of = |source: &str| {
            let best = entries.iter().find(|entry| entry.source == source);
            best.map(|entry| entry.target.as_str())
        };
        assert_eq!(of("red"), Some("qırmızı"), "{entries:?}");
        assert_eq!(of("house"), Some("ev"), "{entries:?}");
        assert_eq!(of("blue"), Some("mavi"));
        assert!(learn_dictionary(&[], Language::EN, Language::AZ).is_empty());
    }
}
