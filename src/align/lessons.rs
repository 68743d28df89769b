//! The likely beads as lessons for the lexicon, and where each source word occurs in them.

use std::ops::Range;

use super::search::{Found, Posteriors};
use super::shape::{SHAPES, is_null};
use super::tokens::{Corpus, Sentence, Text};

/// Beads below this posterior teach nothing.
const LEAST_POSTERIOR: f64 = 0.03;

/// A bead as a lesson.
#[derive(Debug, Clone, Copy)]
struct Lesson {
    /// The posterior of the bead.
    weight: f32,
    /// The place of its first target word in [`Lessons::target`]; the next lesson has the end.
    first: u32,
}

/// All lessons of a job. The rounds go through the lessons of each source word, here and there in memory: what they read
/// lies close together, and what only the last one asks for lies apart.
#[derive(Debug)]
pub(super) struct Lessons {
    /// One more at the end.
    lessons: Vec<Lesson>,
    /// The text of each lesson.
    texts: Vec<u32>,
    /// The target tokens, each once a sentence, lesson after lesson.
    pub(super) target: Vec<u32>,
    /// The sentence of each.
    pub(super) target_sentences: Vec<u32>,
    /// The lessons that each source token occurs in, token after token.
    pub(super) occurrences: Vec<u32>,
    /// The sentence of each occurrence.
    pub(super) source_sentences: Vec<u32>,
    /// For each source token the first of its occurrences; one more at the end.
    pub(super) by_source: Vec<usize>,
    /// How often each source and target token was taught.
    pub(super) totals: [Vec<f32>; 2],
}

impl Lessons {
    /// Makes lessons of the likely beads of all texts.
    pub(super) fn new(corpus: &Corpus, passes: &[Posteriors]) -> Self {
        // What is settled teaches as a sure bead does.
        let settled = settled();
        let settled = corpus.settled.iter().map(|text| (text, &settled));
        let all = corpus.texts.iter().zip(passes).chain(settled);
        let mut taught: Vec<(u32, &Text, &Found)> = Vec::new();
        for (number, (text, pass)) in (0u32..).zip(all) {
            let likely = |f: &&Found| f.posterior >= LEAST_POSTERIOR && !is_null(f.shape);
            taught.extend(pass.found.iter().filter(likely).map(|found| (number, text, found)));
        }
        #[expect(clippy::cast_possible_truncation, reason = "a probability needs no more digits")]
        let weight = |found: &Found| found.posterior as f32;
        let source = || {
            let mut totals = vec![0.0; corpus.source.tokens.len()];
            let mut by_source = vec![0; totals.len() + 1];
            let mut all: Vec<(u32, u32, u32)> = Vec::new();
            for (lesson, (_, text, found)) in (0u32..).zip(&taught) {
                let count = SHAPES[found.shape].0;
                for (sentence, token) in words(&text.source, found.source, count) {
                    totals[token as usize] += weight(found);
                    by_source[token as usize + 1] += 1;
                    all.push((token, lesson, sentence));
                }
            }
            for place in 1..by_source.len() {
                by_source[place] += by_source[place - 1];
            }
            let mut next = by_source.clone();
            let (mut occurrences, mut sentences) = (vec![0; all.len()], vec![0; all.len()]);
            for (token, lesson, sentence) in all {
                let slot = &mut next[token as usize];
                (occurrences[*slot], sentences[*slot]) = (lesson, sentence);
                *slot += 1;
            }
            (totals, by_source, occurrences, sentences)
        };
        let target = || {
            let mut totals = vec![0.0; corpus.target.tokens.len()];
            let mut lessons = Vec::with_capacity(taught.len() + 1);
            let (mut tokens, mut sentences) = (Vec::new(), Vec::new());
            for (_, text, found) in &taught {
                lessons.push(Lesson { weight: weight(found), first: number(tokens.len()) });
                let count = SHAPES[found.shape].1;
                for (sentence, token) in words(&text.target, found.target, count) {
                    totals[token as usize] += weight(found);
                    tokens.push(token);
                    sentences.push(sentence);
                }
            }
            lessons.push(Lesson { weight: 0.0, first: number(tokens.len()) });
            (totals, lessons, tokens, sentences)
        };
        let (source, target) = rayon::join(source, target);
        let (source_totals, by_source, occurrences, source_sentences) = source;
        let (target_totals, lessons, target, target_sentences) = target;
        let texts = taught.iter().map(|(text, _, _)| *text).collect();
        let totals = [source_totals, target_totals];
        Self {
            lessons,
            texts,
            target,
            target_sentences,
            occurrences,
            source_sentences,
            by_source,
            totals,
        }
    }

    /// Returns the places of a source token's occurrences.
    pub(super) fn occurrences_of(&self, token: usize) -> Range<usize> {
        self.by_source[token]..self.by_source[token + 1]
    }

    /// Returns the weight of each lesson and the places of its target words.
    pub(super) fn each(&self) -> impl Iterator<Item = (f32, Range<usize>)> + '_ {
        let place = |lesson: &Lesson| lesson.first as usize;
        let pairs = self.lessons.windows(2);
        pairs.map(move |pair| (pair[0].weight, place(&pair[0])..place(&pair[1])))
    }

    /// Returns the places of the target words of the lesson of an occurrence.
    #[inline]
    pub(super) fn targets_of(&self, occurrence: usize) -> Range<usize> {
        let lesson = self.occurrences[occurrence] as usize;
        self.lessons[lesson].first as usize..self.lessons[lesson + 1].first as usize
    }

    /// Returns the weight of the lesson of an occurrence.
    #[inline]
    pub(super) fn weight_of(&self, occurrence: usize) -> f32 {
        self.lessons[self.occurrences[occurrence] as usize].weight
    }

    /// Returns the text of an occurrence.
    pub(super) fn text_of(&self, occurrence: usize) -> u32 {
        self.texts[self.occurrences[occurrence] as usize]
    }

    /// Returns how many source tokens there are.
    pub(super) fn sources(&self) -> usize {
        self.by_source.len() - 1
    }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Returns the posteriors of a text with one sentence a side that belong together.
fn settled() -> Posteriors {
    let shape = SHAPES.iter().position(|shape| *shape == (1, 1)).unwrap_or(0);
    let found = vec![Found { source: 0, target: 0, shape, posterior: 1.0 }];
    Posteriors { found, ..Posteriors::default() }
}

/// Returns the token types of some sentences, each with its sentence.
fn words(
    sentences: &[Sentence],
    start: usize,
    count: usize,
) -> impl Iterator<Item = (u32, u32)> + '_ {
    // Sliced, not skipped: skipping counts from the first sentence of the text each time.
    let numbered = (number(start)..).zip(&sentences[start..start + count]);
    numbered.flat_map(|(sentence, s)| s.types.iter().map(move |token| (sentence, *token)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Pair, fixed::Free};
    use crate::model::Language;
    use crate::segment::presegmented_document;

    #[test]
    fn unlikely_beads_and_beads_without_partner_teach_nothing() {
        let document = presegmented_document("", "one two\ntwo".to_owned(), Language::UND);
        let corpus = Corpus::new(Free::each(&[Pair::new(&document, &document)]));
        let found = |source, shape, posterior| Found { source, target: source, shape, posterior };
        let found = vec![found(0, 2, 0.9), found(1, 0, 0.9), found(1, 2, 0.02)];
        let lessons = Lessons::new(&corpus, &[Posteriors { found, ..Posteriors::default() }]);
        assert_eq!((lessons.each().count(), lessons.target.len()), (1, 2));
        assert_eq!(lessons.occurrences_of(1), 1..2);
    }
}
