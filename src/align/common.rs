//! What is known of the commonest words of two languages before anything is learnt ([`CommonWords`]): as a dictionary of the
//! words that the texts of a job have.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Pair;
use super::tokens::words;
use crate::formats::dictionary::Entry;
use crate::model::{Document, Language};
use crate::text::common::CommonWords;
use crate::text::fold;

/// How far two words of one concept stand for each other, as a look-alike weighs, where nothing else is said of them.
const WEIGHT: f32 = 1.0;

/// How much less a word says of each of those that it may stand for, as a power of their number.
const CHOICES: f32 = 0.4;

/// How often a word must occur for the texts themselves to say as much of it.
const OFTEN: f32 = 60.0;

/// The words of one side of a job.
#[derive(Default)]
struct Side<'d> {
    /// For each word, written as it is, its token, where it has one concept or more.
    known: FxHashMap<(Language, &'d str), Option<String>>,
    /// The tokens by concept.
    of_concept: BTreeMap<&'static str, BTreeSet<String>>,
    /// How often each token occurs.
    counts: BTreeMap<String, f32>,
}

/// Returns which tokens of the two sides stand for each other, by the concepts of their words; nothing where a language has no
/// common words.
pub(super) fn entries<'p>(pairs: impl Iterator<Item = &'p Pair<'p>>) -> Vec<Entry> {
    let mut sides = [Side::default(), Side::default()];
    for pair in pairs {
        let documents = [pair.source, pair.target];
        if documents[0].language.is_same_language(documents[1].language) {
            continue;
        }
        let known = documents.map(|document| CommonWords::of(document.language));
        let [Some(source), Some(target)] = known else { continue };
        for (at, common) in [source, target].into_iter().enumerate() {
            sides[at].add(documents[at], common);
        }
    }
    let [source, target] = &sides;
    let mut pairs = BTreeSet::new();
    for (concept, ours) in &source.of_concept {
        for theirs in target.of_concept.get(concept).into_iter().flatten() {
            pairs.extend(ours.iter().map(|ours| [ours, theirs]));
        }
    }
    let mut choices = [BTreeMap::new(), BTreeMap::new()];
    for pair in &pairs {
        for (choices, word) in choices.iter_mut().zip(pair) {
            *choices.entry(*word).or_insert(0u16) += 1;
        }
    }
    let entry = |pair: &[&String; 2]| {
        let count = source.counts[pair[0]].min(target.counts[pair[1]]);
        let [forward, backward] = [0, 1].map(|side| {
            let choices = f32::from(choices[side][pair[side]]);
            WEIGHT / choices.powf(CHOICES) * OFTEN / (OFTEN + count - 1.0)
        });
        let [source, target] = pair.map(Clone::clone);
        Entry { source, target, forward, backward, count: 1.0 }
    };
    pairs.iter().map(entry).collect()
}

impl<'d> Side<'d> {
    /// Adds the words of a document.
    fn add(&mut self, document: &'d Document, common: &CommonWords) {
        let language = document.language;
        for word in crate::text::words(&document.text) {
            let token = self.known.entry((language, word.text)).or_insert_with(|| {
                let concepts = common.concepts(&fold(word.text, language));
                let [token] = &words(word.text)[..] else { return None };
                for concept in &concepts {
                    self.of_concept.entry(concept).or_default().insert(token.clone());
                }
                (!concepts.is_empty()).then(|| token.clone())
            });
            if let Some(token) = token {
                *self.counts.entry(token.clone()).or_default() += 1.0;
            }
        }
    }
}
