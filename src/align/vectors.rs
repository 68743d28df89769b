//! Other people's sentence vectors as one more feature of a bead.
//!
//! The cosine of the two sides of a bead is judged as a likelihood ratio: how beads that belong together are distributed
//! against how unrelated segments are. Both are Student's t with 8 degrees of freedom, so that no cosine decides alone;
//! unrelated pairs are drawn from the text, and the related ones are re-estimated from the likely beads of each round, as
//! all other parts of the score are. Nothing is assumed of the model that made the vectors.
//!
//! The vector of a side with several segments is the row that the table of overlaps names for them together, where there
//! is one, as Vecalign's; else the sum of the unit vectors of its segments, each times its length.

use std::ops::Range;
use std::sync::Arc;

use super::band::Band;
use super::numeric;
use super::search::{Found, Posteriors};
use super::shape::{MOST, SHAPES, is_null};
use super::tokens::{Corpus, Sentence, Text};
use crate::formats::vectors::{Overlaps, Vectors};
use crate::model::{Document, SegmentId};

/// Degrees of freedom of both distributions.
const FREEDOM: f64 = 8.0;

/// Least spread of a distribution of cosines.
const LEAST_SPREAD: f64 = 0.03;

/// How many unrelated pairs are drawn from a text, and how many source segments are looked at before the first round.
const DRAWN: usize = 2000;

/// Beads below this posterior do not take part in the estimates.
const LEAST: f64 = 0.01;

/// No row.
const NONE: u32 = u32::MAX;

/// Says why vectors do not fit a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorsMismatch {
    /// The file has neither a row for each segment nor one for each line.
    #[error(
        "{rows} rows for {segments} segments: a row for each segment is needed, or a table of overlaps"
    )]
    Rows {
        /// The rows of the file.
        rows: usize,
        /// The segments of the text.
        segments: usize,
    },
    /// The table of overlaps does not have as many lines as there are rows.
    #[error(
        "{rows} rows, and the table of overlaps has {lines} lines: both must be of the same run"
    )]
    Table {
        /// The rows of the file.
        rows: usize,
        /// The lines of the table.
        lines: usize,
    },
    /// The table does not hold a segment.
    #[error("segment {0} is not in the table of overlaps; is the text segmented as it was then?")]
    NoRow(u32),
    /// The two sides were made by different models.
    #[error("the vectors have {0} numbers on the source side and {1} on the target side")]
    Dimension(usize, usize),
}

/// The vectors of one version.
#[derive(Debug)]
struct Side {
    vectors: Vectors,
    /// For each segment the rows of one to five segments from it on, [`NONE`] where there is none.
    rows: Vec<[u32; MOST]>,
    /// One over the length of each row.
    scales: Vec<f32>,
}

impl Side {
    fn new(
        document: &Document,
        vectors: Vectors,
        overlaps: Option<&Overlaps>,
    ) -> Result<Self, VectorsMismatch> {
        let segments = document.segments.len();
        let lines = document.segments.last().map_or(0, |segment| segment.index as usize + 1);
        let mut rows = vec![[NONE; MOST]; segments];
        let row = |row: usize| u32::try_from(row).unwrap_or(NONE);
        match overlaps {
            Some(table) if table.len() != vectors.rows() => {
                return Err(VectorsMismatch::Table { rows: vectors.rows(), lines: table.len() });
            }
            Some(table) => {
                for (place, rows) in rows.iter_mut().enumerate() {
                    let texts = document.ids().skip(place).map(|id| document.segment_text(id));
                    let texts: Vec<&str> = texts.take(MOST).collect();
                    for (count, found) in rows.iter_mut().enumerate().take(texts.len()) {
                        let known = table.row(texts[..=count].iter().copied());
                        *found = known.map_or(NONE, row);
                    }
                    if rows[0] == NONE {
                        return Err(VectorsMismatch::NoRow(document.segments[place].index));
                    }
                }
            }
            None => {
                for (place, rows) in rows.iter_mut().enumerate() {
                    rows[0] = match vectors.rows() {
                        count if count == segments => row(place),
                        count if count == lines => document.segments[place].index,
                        count => return Err(VectorsMismatch::Rows { rows: count, segments }),
                    };
                }
            }
        }
        let scale = |row: usize| 1.0 / dot(vectors.row(row), vectors.row(row)).sqrt().max(1e-12);
        let scales = (0..vectors.rows()).map(scale).collect();
        Ok(Self { vectors, rows, scales })
    }

    fn row(&self, row: u32) -> (&[f32], f32) {
        (self.vectors.row(row as usize), self.scales[row as usize])
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    const LANES: usize = 8;
    let mut sums = [0.0f32; LANES];
    let (one_lanes, other_lanes) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest = one_lanes.remainder().iter().zip(other_lanes.remainder());
    let rest: f32 = rest.map(|(one, other)| one * other).sum();
    for (one, other) in one_lanes.zip(other_lanes) {
        for lane in 0..LANES {
            sums[lane] += one[lane] * other[lane];
        }
    }
    sums.iter().sum::<f32>() + rest
}

/// Sentence vectors of two versions.
#[derive(Debug, Clone)]
pub struct PairVectors {
    sides: Arc<[Side; 2]>,
}

impl PairVectors {
    /// Makes the vectors of a pair: for each version its vectors, a row for each segment or for each line of the table of
    /// overlaps that comes with them.
    ///
    /// # Errors
    /// When rows and segments do not fit, or the sides are not of one model.
    pub fn new(
        source: (&Document, Vectors, Option<&Overlaps>),
        target: (&Document, Vectors, Option<&Overlaps>),
    ) -> Result<Self, VectorsMismatch> {
        let dimensions = [source.1.dimension(), target.1.dimension()];
        if dimensions[0] != dimensions[1] {
            return Err(VectorsMismatch::Dimension(dimensions[0], dimensions[1]));
        }
        let side = |(document, vectors, overlaps)| Side::new(document, vectors, overlaps);
        Ok(Self { sides: Arc::new([side(source)?, side(target)?]) })
    }
}

/// The vectors of a text, by the places of its segments.
#[derive(Debug)]
pub(super) struct TextVectors {
    sides: Arc<[Side; 2]>,
    ids: [Vec<SegmentId>; 2],
    /// The weight of each segment in a sum.
    weights: [Vec<f32>; 2],
    /// The cosines of each segment with itself and the four behind it.
    own: [Vec<[f32; MOST]>; 2],
}

impl TextVectors {
    pub(super) fn new(
        vectors: &PairVectors,
        ids: [Vec<SegmentId>; 2],
        sentences: [&[Sentence]; 2],
    ) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a length")]
        let weights = sentences.map(|all| all.iter().map(|s| s.length as f32).collect());
        let own = [0, 1].map(|side| Vec::with_capacity(ids[side].len()));
        let mut text = Self { sides: Arc::clone(&vectors.sides), ids, weights, own };
        for side in 0..2 {
            let count = text.ids[side].len();
            let cosines = |place: usize| -> [f32; MOST] {
                std::array::from_fn(|next| match place + next {
                    other if other < count => text.plain((side, place), (side, other)),
                    _ => 0.0,
                })
            };
            text.own[side] = (0..count).map(cosines).collect();
        }
        text
    }

    fn rows(&self, side: usize, place: usize) -> &[u32; MOST] {
        &self.sides[side].rows[self.ids[side][place].place()]
    }

    /// Returns the cosine of two segments of any sides.
    fn plain(&self, one: (usize, usize), other: (usize, usize)) -> f32 {
        let row = |(side, place): (usize, usize)| self.sides[side].row(self.rows(side, place)[0]);
        let ((one, scale), (other, other_scale)) = (row(one), row(other));
        dot(one, other) * scale * other_scale
    }

    /// Returns the row of segments together, `None` where the table of overlaps has none.
    fn together(&self, side: usize, (start, count): (usize, usize)) -> Option<(&[f32], f32)> {
        let ids = &self.ids[side];
        let row = self.rows(side, start)[count - 1];
        let is_run = ids[start + count - 1].place() - ids[start].place() == count - 1;
        (row != NONE && is_run).then(|| self.sides[side].row(row))
    }

    /// Returns the square of the length of a sum of segments.
    fn square(&self, side: usize, (start, count): (usize, usize)) -> f32 {
        let mut sum = 0.0;
        for one in 0..count {
            let weight = self.weights[side][start + one];
            sum += weight * weight;
            for other in one + 1..count {
                let cosine = self.own[side][start + one][other - one];
                sum += 2.0 * weight * self.weights[side][start + other] * cosine;
            }
        }
        sum
    }

    /// Returns the cosine of the two sides of a bead; `cosine` is that of single segments.
    fn of_bead(
        &self,
        source: (usize, usize),
        target: (usize, usize),
        cosine: impl Fn(usize, usize) -> f32,
    ) -> f32 {
        if source.1 > 1 || target.1 > 1 {
            let rows = (self.together(0, source), self.together(1, target));
            if let (Some((one, scale)), Some((other, other_scale))) = rows {
                return dot(one, other) * scale * other_scale;
            }
        } else {
            return cosine(source.0, target.0);
        }
        let mut sum = 0.0;
        for i in source.0..source.0 + source.1 {
            for j in target.0..target.0 + target.1 {
                sum += self.weights[0][i] * self.weights[1][j] * cosine(i, j);
            }
        }
        sum / (self.square(0, source) * self.square(1, target)).sqrt().max(1e-12)
    }

    /// Returns the cosine of the two sides of a bead anywhere in the grid.
    pub(super) fn cosine(&self, source: (usize, usize), target: (usize, usize)) -> f64 {
        f64::from(self.of_bead(source, target, |i, j| self.plain((0, i), (1, j))))
    }
}

/// The cosines of a block of rows of the grid.
pub(super) struct Cosines<'a> {
    text: &'a TextVectors,
    first: usize,
    cells: Vec<Range<usize>>,
    cosines: Vec<Vec<f32>>,
}

impl<'a> Cosines<'a> {
    /// Computes what beads ask for that start in a range of rows and take up to `most` segments a side.
    pub(super) fn new(
        text: &'a Text,
        band: &Band,
        rows: Range<usize>,
        most: usize,
    ) -> Option<Self> {
        let vectors = text.vectors.as_ref()?;
        let sources = rows.start..(rows.end + most - 1).min(text.source.len());
        let cells: Vec<Range<usize>> = sources.clone().map(|i| band.cells(i)).collect();
        let row = |(i, cells): (usize, &Range<usize>)| {
            cells.clone().map(|j| vectors.plain((0, i), (1, j))).collect()
        };
        let cosines = sources.clone().zip(&cells).map(row).collect();
        Some(Self { text: vectors, first: sources.start, cells, cosines })
    }

    /// Returns the cosine of the two sides of a bead of the block.
    pub(super) fn of(&self, source: (usize, usize), target: (usize, usize)) -> f64 {
        let cosine = |i: usize, j: usize| {
            let row = i - self.first;
            self.cosines[row][j - self.cells[row].start]
        };
        f64::from(self.text.of_bead(source, target, cosine))
    }
}

/// How cosines are distributed.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Distribution {
    mean: f64,
    spread: f64,
}

impl Distribution {
    /// Returns the distribution of cosines with weights, `None` where there are none.
    fn of(cosines: &[(f64, f64)]) -> Option<Self> {
        let total: f64 = cosines.iter().map(|(_, weight)| weight).sum();
        if total <= 0.0 {
            return None;
        }
        let sum = |figure: &dyn Fn(f64) -> f64| {
            cosines.iter().map(|(cosine, weight)| weight * figure(*cosine)).sum::<f64>() / total
        };
        let mean = sum(&|cosine| cosine);
        let variance = sum(&|cosine| (cosine - mean) * (cosine - mean));
        Some(Self { mean, spread: libm::sqrt(variance).max(LEAST_SPREAD) })
    }

    /// Returns the log density, but for what all distributions share.
    fn log(&self, cosine: f64) -> f64 {
        let z = (cosine - self.mean) / self.spread;
        -numeric::ln(self.spread) - (FREEDOM + 1.0) / 2.0 * numeric::ln(1.0 + z * z / FREEDOM)
    }
}

/// What cosines say: how those of beads are distributed, and those of unrelated segments.
#[derive(Debug, Clone)]
pub(super) struct Closeness {
    related: Distribution,
    unrelated: Distribution,
}

impl Closeness {
    /// Returns what is assumed before the first round, `None` where no text has vectors: unrelated are pairs far from each
    /// other, related the closest in the band.
    pub(super) fn start(corpus: &Corpus, bands: &[Band]) -> Option<Self> {
        let (mut unrelated, mut closest) = (Vec::new(), Vec::new());
        for (text, band) in corpus.texts.iter().zip(bands) {
            let Some(vectors) = &text.vectors else { continue };
            let (rows, columns) = (text.source.len(), text.target.len());
            if rows == 0 || columns == 0 {
                continue;
            }
            for number in 0..DRAWN.min(rows * columns) {
                // A fixed walk that comes everywhere.
                let (i, j) = (number * 7919 % rows, (number * 104_729 + number / rows) % columns);
                unrelated.push((vectors.cosine((i, 1), (j, 1)), 1.0));
            }
            for i in (0..rows).step_by(rows.div_ceil(DRAWN)) {
                let cosine = |j| vectors.cosine((i, 1), (j, 1));
                let most = band.cells(i).map(cosine).max_by(f64::total_cmp);
                closest.extend(most.map(|cosine| (cosine, 1.0)));
            }
        }
        Some(Self {
            related: Distribution::of(&closest)?,
            unrelated: Distribution::of(&unrelated)?,
        })
    }

    /// Returns what the posteriors of a round speak for.
    pub(super) fn estimate(&self, corpus: &Corpus, passes: &[Posteriors]) -> Self {
        let mut cosines = Vec::new();
        for (text, pass) in corpus.texts.iter().zip(passes) {
            let Some(vectors) = &text.vectors else { continue };
            let is_likely = |found: &&Found| found.posterior > LEAST && !is_null(found.shape);
            for found in pass.found.iter().filter(is_likely) {
                let (n, m) = SHAPES[found.shape];
                let cosine = vectors.cosine((found.source, n), (found.target, m));
                cosines.push((cosine, found.posterior));
            }
        }
        Self { related: Distribution::of(&cosines).unwrap_or(self.related), ..self.clone() }
    }

    /// Returns the log-likelihood ratio of a cosine. Less than what unrelated segments have on average is no worse than that.
    pub(super) fn score(&self, cosine: f64) -> f64 {
        let cosine = cosine.max(self.unrelated.mean.min(self.related.mean));
        self.related.log(cosine) - self.unrelated.log(cosine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Options, Pair, align};
    use crate::model::Language;
    use crate::segment::presegmented_document;

    const DIMENSION: usize = 12;

    fn lines(prefix: &str, count: usize) -> Document {
        let text: String =
            (0..count).map(|n| format!("{prefix}{n} {prefix} {prefix}.\n")).collect();
        presegmented_document("", text, Language::UND)
    }

    /// Vectors that say which things each segment is about.
    fn about(segments: &[&[usize]]) -> Vectors {
        let mut data = vec![0.1; segments.len() * DIMENSION];
        for (row, things) in data.chunks_exact_mut(DIMENSION).zip(segments) {
            things.iter().for_each(|thing| row[*thing] += 1.0);
        }
        Vectors::new(segments.len(), DIMENSION, data).unwrap()
    }

    #[test]
    fn vectors_decide_where_words_say_nothing() {
        let (source, target) = (lines("a", 12), lines("x", 11));
        let all: Vec<[usize; 1]> = (0..12).map(|thing| [thing]).collect();
        let ours: Vec<&[usize]> = all.iter().map(|thing| &thing[..]).collect();
        // Nothing of 2, 6 and 7 in one.
        let theirs: [&[usize]; 11] =
            [&[0], &[1], &[3], &[4], &[5], &[6, 7], &[8], &[9], &[10], &[11], &[2]];
        let theirs = &theirs[..10];
        let target = Document { segments: target.segments[..10].to_vec(), ..target };
        let vectors =
            PairVectors::new((&source, about(&ours), None), (&target, about(theirs), None))
                .unwrap();
        let pair = Pair { vectors: Some(&vectors), ..Pair::new(&source, &target) };
        let alignment = align(pair, &Options::default());
        let ids = |places: &[usize]| places.iter().map(|p| SegmentId::at(*p)).collect::<Vec<_>>();
        let has = |s: &[usize], t: &[usize]| {
            alignment.beads().iter().any(|b| b.source == ids(s) && b.target == ids(t))
        };
        assert!(
            has(&[2], &[]) && has(&[6, 7], &[5]) && has(&[11], &[9]),
            "{:?}",
            alignment.beads()
        );
        let evidence = &alignment.beads()[0].evidence.features;
        assert!(evidence.iter().any(|(name, nats)| *name == "vectors" && *nats > 0.0));
    }

    #[test]
    fn a_table_of_overlaps_names_the_rows() {
        let document = presegmented_document("", "one\ntwo\nthree".to_owned(), Language::UND);
        let table = Overlaps::read("two three\none\ntwo\nthree");
        let vectors = about(&[&[5], &[1], &[2], &[3]]);
        let both = (&document, vectors.clone(), Some(&table));
        let pair = PairVectors::new(both.clone(), both).unwrap();
        let ids: Vec<SegmentId> = document.ids().collect();
        let corpus =
            Corpus::new(crate::align::fixed::Free::each(&[Pair::new(&document, &document)]));
        let text = &corpus.texts[0];
        let text = TextVectors::new(&pair, [ids.clone(), ids], [&text.source, &text.target]);
        assert!((text.cosine((1, 2), (1, 2)) - 1.0).abs() < 1e-6);
        // What the table does not hold together is a sum.
        assert!(text.cosine((0, 2), (0, 1)) > text.cosine((0, 2), (2, 1)));
        let other = presegmented_document("", "four".to_owned(), Language::UND);
        let wrong = PairVectors::new(
            (&other, vectors.clone(), Some(&table)),
            (&document, vectors.clone(), Some(&table)),
        );
        assert_eq!(wrong.unwrap_err(), VectorsMismatch::NoRow(0));
        let short =
            PairVectors::new((&document, vectors.clone(), None), (&document, vectors, None));
        assert_eq!(short.unwrap_err(), VectorsMismatch::Rows { rows: 4, segments: 3 });
    }
}
