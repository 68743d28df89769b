//! Pairs the segments of two versions: no model, no dictionary, everything learnt from the texts of the job.
//!
//! A **bead** takes up to five source and five target segments (together at most six) or one segment alone. Each
//! possible bead gets a score in nats against "unrelated" ([`score`]): how its lengths fit, how its words explain each
//! other, how its ends and starts agree, how common its shape is. The probability of a bead given both whole texts
//! follows by summing over all ways to align them (forward-backward, [`search`]); these probabilities re-estimate
//! everything the score uses, four times over (soft EM): a lexicon in both directions ([`lexicon`]), length ratio and
//! variance, shapes, transitions, punctuation ([`estimate`]). The result is the alignment with the most expected right
//! beads, and the probability of a bead is its confidence.
//!
//! ```text
//! tokens -> cognates -> [ score -> forward-backward -> re-estimate ] x 4 -> score -> forward-backward -> decode
//! ```
//!
//! What is known beforehand enters as tokens of its own: the number of a list item, a value (number, date, ...) in
//! normal form, a glossary concept. Equal ones speak for a bead as equal words do, strongly and never absolutely.
//!
//! Only a band of the grid is looked at ([`band`]): all of it for a short text, else a band laid around rare tokens
//! that occur on both sides; later rounds keep what the last round gave any probability. Time and memory are linear in
//! the number of segments.
//!
//! The method follows a trial that this project measured in detail; its parts come from Gale & Church 1993 (length),
//! Brown et al. 1993 (IBM model 1), Liang, Taskar & Klein 2006 (agreement of both directions), and decoding for the
//! expected F1 rather than the best path. Constants without another source were chosen in that trial on the development
//! sets text+berg de-fr, maligna pl-en and NTREX en-tr and en-de with made-up noise.
//!
//! What it does not do: beads that cross, except list items put in another order ([`reorder`]).

mod band;
mod cognates;
mod estimate;
mod evidence;
mod length;
mod lessons;
mod lexicon;
mod numeric;
mod reorder;
mod score;
mod search;
mod shape;
mod teacher;
mod tokens;
mod words;

use rayon::prelude::*;

use crate::model::{Alignment, Bead, Document, Evidence, Origin, SegmentId, TermHit};
use band::Band;
use cognates::Cognates;
use estimate::Parameters;
use lexicon::Lexicon;
use score::Model;
use shape::{COUNT, SHAPES, SHORT};
use tokens::{Corpus, Text};

/// Rounds of re-estimation. Measured, mean strict F1 of text+berg, maligna and NTREX en-tr and en-de with made-up noise, each
/// document alone: 3 rounds .9574, 4 .9567, 5 .9565; mean surprise of a gold bead .1417, .1412, .1411 nats.
const ROUNDS: usize = 4;

/// From how many nodes a row on a band is narrowed before the first round. Measured: no figure of the development sets
/// changes, and the first round of 50,000 segments takes a third of the time and memory.
const WIDE: usize = 30;

/// Temperature of the last forward-backward pass, which tempers overconfidence.
const FINAL_TEMPERATURE: f64 = 0.7;

/// Two versions to be paired, with the glossary terms found in them (none, where there is no glossary).
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The source version.
    pub source: &'a Document,
    /// The target version.
    pub target: &'a Document,
    /// Glossary hits in the source text; the concept numbers are those of the target's hits.
    pub source_terms: &'a [TermHit],
    /// Glossary hits in the target text.
    pub target_terms: &'a [TermHit],
}

impl<'a> Pair<'a> {
    /// Makes a pair without glossary.
    pub fn new(source: &'a Document, target: &'a Document) -> Self {
        Self { source, target, source_terms: &[], target_terms: &[] }
    }
}

/// Pairs the segments of two versions. One empty side gives beads without partner.
///
/// # Example
/// ```
/// use qosha::{align, model::Language, segment};
/// let source = segment::document("en", "Good day. We appeal to you.".into(), Language::EN, &Default::default());
/// let target = segment::document("az", "Salam. Sizə müraciət edirik.".into(), Language::AZ, &Default::default());
/// let alignment = align::align(align::Pair::new(&source, &target));
/// assert_eq!(alignment.beads().len(), 2);
/// ```
pub fn align(pair: Pair<'_>) -> Alignment {
    align_all(&[pair]).pop().unwrap_or_default()
}

/// Pairs many versions of one language pair, learning one lexicon over all of them: more text helps each. Returns one
/// alignment a pair, in order; the same whatever the number of threads.
pub fn align_all(pairs: &[Pair<'_>]) -> Vec<Alignment> {
    let corpus = Corpus::new(pairs);
    let cognates = Cognates::new(&corpus);
    let mut bands: Vec<Band> =
        corpus.texts.par_iter().map(|text| Band::first(text, &corpus, &cognates)).collect();
    let mut parameters = Parameters::start(&corpus, &bands);
    let mut lexicon = Lexicon::empty(&corpus);
    bands = corpus
        .texts
        .par_iter()
        .zip(bands)
        .enumerate()
        .map(|(number, (text, band))| {
            let model = Model {
                corpus: &corpus,
                cognates: &cognates,
                lexicon: &lexicon,
                parameters: &parameters,
            };
            narrowed(text, number, band, &model)
        })
        .collect();
    for round in 0..ROUNDS {
        let temperature = temperature(round);
        let passes: Vec<search::Posteriors> = corpus
            .texts
            .par_iter()
            .zip(&bands)
            .enumerate()
            .map(|(number, (text, band))| {
                let model = Model {
                    corpus: &corpus,
                    cognates: &cognates,
                    lexicon: &lexicon,
                    parameters: &parameters,
                };
                let scores = score::score(text, number, band, &model, COUNT);
                let transitions = &parameters.transitions;
                search::posteriors(text, band, &scores, COUNT, transitions, temperature)
            })
            .collect();
        parameters = parameters.estimate(&corpus, &passes);
        lexicon = Lexicon::learn(&corpus, &cognates, &passes);
        bands = bands.into_iter().zip(&passes).map(|(band, pass)| band.pruned(pass)).collect();
    }
    let model =
        Model { corpus: &corpus, cognates: &cognates, lexicon: &lexicon, parameters: &parameters };
    pairs
        .par_iter()
        .zip(&corpus.texts)
        .zip(&bands)
        .enumerate()
        .map(|(number, ((pair, text), band))| {
            let scores = score::score(text, number, band, &model, COUNT);
            let transitions = &parameters.transitions;
            let posteriors =
                search::posteriors(text, band, &scores, COUNT, transitions, FINAL_TEMPERATURE);
            let found = search::decode(text, band, &posteriors);
            let judge = score::Judge::new(text, number, model);
            let beads = found.iter().map(|at| bead(at, judge.parts(at))).collect();
            let beads = reorder::reorder(beads, pair, text, number, &model);
            finished(pair, beads)
        })
        .collect()
}

/// Returns the temperature of a round: what little is known at first must not decide too much.
fn temperature(round: usize) -> f64 {
    0.5 + 0.5 * round as f64 / (ROUNDS - 1) as f64
}

/// Returns a wide band cut to what the short shapes, likeness and lengths make at all likely; a narrow one as it is.
fn narrowed(text: &Text, number: usize, band: Band, model: &Model<'_>) -> Band {
    if band.nodes() < WIDE * band.rows() {
        return band;
    }
    let scores = score::score(text, number, &band, model, SHORT);
    let transitions = &model.parameters.transitions;
    band.pruned(&search::posteriors(text, &band, &scores, SHORT, transitions, temperature(0)))
}

/// Makes the bead at a place of the grid from its parts.
fn bead(at: &search::Found, parts: Vec<(&'static str, f64)>) -> Bead {
    let (n, m) = SHAPES[at.shape];
    let ids = |start: usize, count: usize| (start..start + count).map(SegmentId::at).collect();
    Bead {
        source: ids(at.source, n),
        target: ids(at.target, m),
        confidence: at.posterior.clamp(0.0, 1.0),
        cost_nats: -parts.iter().map(|(_, nats)| nats).sum::<f64>(),
        origin: Origin::Machine,
        reordered: false,
        evidence: Evidence { features: parts, anchors: Vec::new() },
    }
}

fn finished(pair: &Pair<'_>, mut beads: Vec<Bead>) -> Alignment {
    for bead in &mut beads {
        bead.evidence.anchors = evidence::anchors(pair, bead);
    }
    Alignment::new(pair.source.segments.len(), pair.target.segments.len(), beads)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::segment;

    fn document(text: &str, language: Language) -> Document {
        segment::presegmented_document("", text.to_owned(), language)
    }

    #[test]
    fn an_empty_side_gives_beads_without_partner() {
        let (source, target) = (document("", Language::EN), document("Bir.\nİki.", Language::AZ));
        assert!(align(Pair::new(&source, &target)).beads().iter().all(Bead::is_null));
        assert_eq!(align(Pair::new(&source, &source)).beads(), []);
    }

    #[test]
    fn items_that_changed_places_are_paired_and_marked() {
        let options = segment::Options::default();
        let read =
            |text: &str, language| segment::document("", text.to_owned(), language, &options);
        let source = read(include_str!("../../corpora/school/en.txt"), Language::EN);
        let target = read(include_str!("../../corpora/school/az.txt"), Language::AZ);
        let alignment = align(Pair::new(&source, &target));
        let reordered: Vec<_> = alignment
            .beads()
            .iter()
            .filter(|b| b.reordered)
            .map(|b| (b.source[0].0, b.target[0].0))
            .collect();
        // 2) unheated classrooms (38%); 3) shortage of subject teachers (33%)
        assert_eq!(reordered, [(15, 15), (16, 14)]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        #[test]
        fn every_segment_stands_in_one_bead_and_threads_change_nothing(
            source in "(([0-9]{1,2}[.)] )?[a-d]{1,5} [a-z0-9]{1,6}[.?]?\n){0,14}",
            target in "(([0-9]{1,2}[.)] )?[a-d]{1,5} [a-z0-9]{1,6}[.?]?\n){0,14}",
        ) {
            let (source, target) = (document(&source, Language::EN), document(&target, Language::AZ));
            let pair = Pair::new(&source, &target);
            let alignment = align(pair);
            let count = |side: fn(&Bead) -> &[SegmentId]| {
                let mut all: Vec<u32> = alignment.beads().iter().flat_map(|b| side(b).iter().map(|id| id.0)).collect();
                all.sort_unstable();
                all
            };
            let all = |document: &Document| document.ids().map(|id| id.0).collect::<Vec<u32>>();
            proptest::prop_assert_eq!(count(|b| &b.source), all(&source));
            proptest::prop_assert_eq!(count(|b| &b.target), all(&target));
            proptest::prop_assert!(alignment.beads().iter().all(|b| (0.0..=1.0).contains(&b.confidence)));
            let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            proptest::prop_assert_eq!(single.install(|| align(pair)), alignment);
        }
    }
}
