//! The likely beads as lessons for the lexicon, and where each source word occurs in them.

use super::search::Posteriors;
use super::shape::{SHAPES, is_null};
use super::tokens::{Corpus, Sentence};

/// Beads below this posterior teach nothing.
const LEAST_POSTERIOR: f64 = 0.03;

/// A bead as a lesson.
#[derive(Debug)]
pub(super) struct Lesson {
    pub(super) text: u32,
    /// The posterior of the bead.
    pub(super) weight: f32,
    /// The places of its target words in [`Lessons::target`].
    pub(super) target: std::ops::Range<usize>,
}

/// A word type of a sentence of a lesson.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) sentence: u32,
    pub(super) token: u32,
}

/// A source word in a lesson.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence {
    pub(super) lesson: u32,
    pub(super) sentence: u32,
}

/// All lessons of a job.
#[derive(Debug)]
pub(super) struct Lessons {
    pub(super) lessons: Vec<Lesson>,
    /// The target words, lesson after lesson.
    pub(super) target: Vec<Word>,
    /// The occurrences of the source words, token after token, by lesson.
    pub(super) occurrences: Vec<Occurrence>,
    /// For each source token the first of its occurrences; one more at the end.
    pub(super) by_source: Vec<usize>,
    /// How often each source and target token was taught.
    pub(super) totals: [Vec<f32>; 2],
}

impl Lessons {
    /// Makes lessons of the likely beads of all texts.
    pub(super) fn new(corpus: &Corpus, passes: &[Posteriors]) -> Self {
        let (sources, targets) = (corpus.source.tokens.len(), corpus.target.tokens.len());
        let (mut lessons, mut target) = (Vec::new(), Vec::new());
        let mut totals = [vec![0.0; sources], vec![0.0; targets]];
        let mut source: Vec<(u32, Occurrence)> = Vec::new();
        // What is settled teaches as a sure bead does.
        let settled = settled();
        let settled = corpus.settled.iter().map(|text| (text, &settled));
        let all = corpus.texts.iter().zip(passes).chain(settled);
        for (text_number, (text, pass)) in (0u32..).zip(all) {
            let likely =
                |f: &&super::search::Found| f.posterior >= LEAST_POSTERIOR && !is_null(f.shape);
            for found in pass.found.iter().filter(likely) {
                let (n, m) = SHAPES[found.shape];
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "a probability needs no more digits"
                )]
                let weight = found.posterior as f32;
                let lesson = u32::try_from(lessons.len()).unwrap_or(u32::MAX);
                for Word { sentence, token } in words(&text.source, found.source, n) {
                    totals[0][token as usize] += weight;
                    source.push((token, Occurrence { lesson, sentence }));
                }
                let from = target.len();
                for word in words(&text.target, found.target, m) {
                    totals[1][word.token as usize] += weight;
                    target.push(word);
                }
                lessons.push(Lesson { text: text_number, weight, target: from..target.len() });
            }
        }
        let mut by_source = vec![0; sources + 1];
        for (token, _) in &source {
            by_source[*token as usize + 1] += 1;
        }
        for place in 1..by_source.len() {
            by_source[place] += by_source[place - 1];
        }
        let mut next = by_source.clone();
        let mut occurrences = vec![Occurrence { lesson: 0, sentence: 0 }; source.len()];
        for (token, occurrence) in source {
            let slot = &mut next[token as usize];
            occurrences[*slot] = occurrence;
            *slot += 1;
        }
        Self { lessons, target, occurrences, by_source, totals }
    }

    /// Returns the places of a source token's occurrences.
    pub(super) fn occurrences_of(&self, token: usize) -> std::ops::Range<usize> {
        self.by_source[token]..self.by_source[token + 1]
    }

    /// Returns the lesson of an occurrence.
    #[inline]
    pub(super) fn lesson_of(&self, occurrence: usize) -> &Lesson {
        &self.lessons[self.occurrences[occurrence].lesson as usize]
    }

    /// Returns how many source tokens there are.
    pub(super) fn sources(&self) -> usize {
        self.by_source.len() - 1
    }
}

/// Returns the posteriors of a text with one sentence a side that belong together.
fn settled() -> Posteriors {
    let shape = SHAPES.iter().position(|shape| *shape == (1, 1)).unwrap_or(0);
    let found = vec![super::search::Found { source: 0, target: 0, shape, posterior: 1.0 }];
    Posteriors { found, ..Posteriors::default() }
}

fn words(sentences: &[Sentence], start: usize, count: usize) -> impl Iterator<Item = Word> + '_ {
    // Sliced, not skipped: skipping counts from the first sentence of the text each time.
    let first = u32::try_from(start).unwrap_or(u32::MAX);
    let numbered = (first..).zip(&sentences[start..start + count]);
    numbered.flat_map(|(sentence, s)| s.types.iter().map(move |t| Word { sentence, token: *t }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::search::Found;
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
        assert_eq!((lessons.lessons.len(), lessons.target.len()), (1, 2));
        assert_eq!(lessons.occurrences_of(1), 1..2);
    }
}
