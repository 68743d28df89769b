//! Beads by number, one a line: what other aligners write and read.
//!
//! ```text
//! [0]:[0]
//! [1,2]:[1]
//! [3]:[]
//! []:[2]
//! ```
//!
//! The numbers are those of [`Segment::index`](crate::model::Segment::index): the line of the segment, from 0, where
//! the text came one segment a line, else its place. Vecalign's lines carry a cost behind a second colon, which is not
//! read. Hunalign's ladders are read and written too: each line names a border between beads on both sides, and a score of
//! the bead that begins there; links as XCES ([`xces`](super::xces)) are read, and so are the records that
//! `align --format jsonl` writes: their numbers, confidence, origin and `reordered`.
//!
//! ```text
//! 0   0   0.9812      [0]:[0]
//! 1   1   0.7430      [1,2]:[1]
//! 3   2   0           the end
//! ```

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use crate::model::{Alignment, AlignmentError, Bead, Document, Origin, SegmentId};

/// Says why a file of beads can't be used. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BeadsError {
    /// The line is no bead.
    #[error(
        "line {line}: \"{text}\" is not a bead such as [1,2]:[1]; ladders, XCES links and the records of `align --format jsonl` are read too"
    )]
    NotABead {
        /// The line.
        line: usize,
        /// Its text, shortened.
        text: String,
    },
    /// The line is no step of a ladder, or steps back.
    #[error("line {line}: \"{text}\" is not a ladder step behind the one before")]
    NotAStep {
        /// The line.
        line: usize,
        /// Its text, shortened.
        text: String,
    },
    /// A step of a ladder leads out of a text.
    #[error(
        "line {line}: the ladder leads to {border}, but the {side} has {count} segments and lines at most"
    )]
    BeyondTheEnd {
        /// The line.
        line: usize,
        /// `source` or `target`.
        side: &'static str,
        /// The border.
        border: u64,
        /// How many segments there are, or lines where there are more.
        count: u64,
    },
    /// The file is broken, or a link names no sentences.
    #[error("line {line}: {message}; a link is written <link xtargets=\"1 2;1\" />")]
    NotALink {
        /// The line.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// The record is no bead.
    #[error(
        "line {line}: this is no record of a pair, which has \"source_segments\" and \"target_segments\": {problem}"
    )]
    NotARecord {
        /// The line.
        line: usize,
        /// What the reader of JSON says.
        problem: String,
    },
    /// A segment is named in two beads or twice in one.
    #[error(
        "line {line}: {bead}: {side} segment {number} is named twice, first in line {first_line}"
    )]
    Twice {
        /// The line that names it again.
        line: usize,
        /// The bead, as `[1,2]:[1]`, shortened.
        bead: String,
        /// `source` or `target`.
        side: &'static str,
        /// The segment's number.
        number: u64,
        /// The line that names it first.
        first_line: usize,
    },
    /// There is no segment of that number.
    #[error("line {line}: {bead}: the {side} has no segment {number}; {hint}")]
    OutOfRange {
        /// The line.
        line: usize,
        /// The bead, as `[1,2]:[1]`, shortened.
        bead: String,
        /// `source` or `target`.
        side: &'static str,
        /// The number.
        number: u64,
        /// Which numbers there are.
        hint: String,
    },
    /// The beads make no alignment.
    #[error(transparent)]
    Alignment(#[from] AlignmentError),
}

/// Writes the beads in order, one a line, by the numbers that the documents give their segments. A segment that the
/// document does not hold is left out.
pub fn write(alignment: &Alignment, source: &Document, target: &Document) -> String {
    lines(alignment, source, target, |_| String::new())
}

/// Writes the beads as Vecalign does, with a cost behind each: 1 less the confidence, so that less is better.
pub fn write_with_costs(alignment: &Alignment, source: &Document, target: &Document) -> String {
    lines(alignment, source, target, |bead| format!(":{:.6}", 1.0 - bead.confidence))
}

fn lines(
    alignment: &Alignment,
    source: &Document,
    target: &Document,
    end: impl Fn(&Bead) -> String,
) -> String {
    let mut out = String::new();
    for bead in alignment.beads() {
        push_numbers(&mut out, source, &bead.source);
        out.push(':');
        push_numbers(&mut out, target, &bead.target);
        out.push_str(&end(bead));
        out.push('\n');
    }
    out
}

fn push_numbers(out: &mut String, document: &Document, ids: &[SegmentId]) {
    let numbers = ids.iter().filter_map(|id| document.segments.get(id.place()));
    let numbers: Vec<String> = numbers.map(|segment| segment.index.to_string()).collect();
    out.push('[');
    out.push_str(&numbers.join(","));
    out.push(']');
}

/// A ladder, and what it could not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// The lines.
    pub text: String,
    /// How many beads share a step with others because they cross.
    pub merged: usize,
}

/// Writes the beads as a ladder of hunalign: a line a bead, `source border<TAB>target border<TAB>score`, and a last line for
/// the end of both texts. A border is the number of lines, or of segments, before the bead; a line without a segment goes
/// with the bead behind it. The score is the bead's confidence with four decimals (hunalign's own has no upper bound), 0 in
/// the last line. A ladder can't cross: beads that do are one step, with the least of their confidences.
pub fn write_ladder(alignment: &Alignment, source: &Document, target: &Document) -> Ladder {
    let mut ladder = Ladder { text: String::new(), merged: 0 };
    let (mut source_side, mut target_side) = (Climb::default(), Climb::default());
    // The beads since the last border: how many, and the least confidence.
    let (mut together, mut confidence) = (0, 1.0_f64);
    let mut border = (0, 0);
    for bead in alignment.beads() {
        source_side.take(source, &bead.source);
        target_side.take(target, &bead.target);
        together += 1;
        confidence = confidence.min(bead.confidence);
        if source_side.is_border() && target_side.is_border() {
            // Writing to a string can't fail.
            let _ = writeln!(ladder.text, "{}\t{}\t{confidence:.4}", border.0, border.1);
            if together > 1 {
                ladder.merged += together;
            }
            border = (source_side.border, target_side.border);
            (together, confidence) = (0, 1.0);
        }
    }
    let _ = writeln!(ladder.text, "{}\t{}\t0", border.0, border.1);
    ladder
}

/// How far the beads of a ladder have come on one side.
#[derive(Default)]
struct Climb {
    /// How many segments the beads held.
    count: usize,
    /// One more than the highest place among them.
    end: usize,
    /// One more than the highest number among them.
    border: u64,
}

impl Climb {
    fn take(&mut self, document: &Document, ids: &[SegmentId]) {
        for id in ids {
            self.count += 1;
            self.end = self.end.max(id.place() + 1);
            if let Some(segment) = document.segments.get(id.place()) {
                self.border = self.border.max(u64::from(segment.index) + 1);
            }
        }
    }

    /// Says whether no segment before the end is still missing.
    fn is_border(&self) -> bool {
        self.count == self.end
    }
}

/// Reads beads in any order, with gaps: a segment that no bead names has no partner.
///
/// # Errors
/// As [`read_named`].
pub fn read(text: &str, source: &Document, target: &Document) -> Result<Alignment, BeadsError> {
    let beads = read_named(text, source, target)?;
    Ok(Alignment::new(source.segments.len(), target.segments.len(), beads)?)
}

/// Reads the beads that a file names, in any order. Empty lines are skipped. A file whose first line begins with `<` is
/// read as links, with `{` as records, with a digit as a hunalign ladder.
///
/// # Errors
/// When a line is no bead, or names a segment that is named already or does not exist.
pub fn read_named(
    text: &str,
    source: &Document,
    target: &Document,
) -> Result<Vec<Bead>, BeadsError> {
    let lines = || {
        let numbered = text.lines().enumerate().map(|(place, line)| (place + 1, line.trim()));
        numbered.filter(|(_, line)| !line.is_empty())
    };
    let begins = |mark: char| lines().next().is_some_and(|(_, line)| line.starts_with(mark));
    let is_ladder =
        lines().next().is_some_and(|(_, line)| line.starts_with(|c: char| c.is_ascii_digit()));
    let pairs: Vec<(usize, Record)> = if begins('{') {
        lines().map(|(line, text)| record(line, text)).collect::<Result<_, _>>()?
    } else {
        let pairs = if begins('<') {
            let links = super::xces::read(text);
            links.map_err(|(line, message)| BeadsError::NotALink { line, message })?
        } else if is_ladder {
            ladder(lines(), source, target)?
        } else {
            let bead = |(line, text)| bead_of(line, text).map(|bead| (line, bead));
            lines().map(bead).collect::<Result<_, _>>()?
        };
        pairs.into_iter().map(|(line, numbers)| (line, Record::from(numbers))).collect()
    };
    let mut source_side = Side::new("source", source);
    let mut target_side = Side::new("target", target);
    let mut beads = Vec::with_capacity(pairs.len());
    for (line, record) in pairs {
        let source = source_side.ids(&record.source_segments, &record, line)?;
        let target = target_side.ids(&record.target_segments, &record, line)?;
        let confidence = record.confidence.filter(|confidence| (0.0..=1.0).contains(confidence));
        beads.push(Bead {
            confidence: confidence.unwrap_or(1.0),
            reordered: record.reordered,
            ..Bead::settled(source, target, record.origin.unwrap_or(Origin::Import))
        });
    }
    Ok(beads)
}

type Numbers = (Vec<u64>, Vec<u64>);

/// What is read of a bead.
#[derive(serde::Deserialize)]
struct Record {
    source_segments: Vec<u64>,
    target_segments: Vec<u64>,
    confidence: Option<f64>,
    origin: Option<Origin>,
    #[serde(default)]
    reordered: bool,
}

impl From<Numbers> for Record {
    fn from((source_segments, target_segments): Numbers) -> Self {
        Self { source_segments, target_segments, confidence: None, origin: None, reordered: false }
    }
}

impl std::fmt::Display for Record {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let side = |numbers: &[u64]| -> String {
            numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(",")
        };
        write!(out, "[{}]:[{}]", side(&self.source_segments), side(&self.target_segments))
    }
}

fn record(line: usize, text: &str) -> Result<(usize, Record), BeadsError> {
    let record = serde_json::from_str(text);
    // The reader of JSON sees one line only and calls it line 1.
    let wrong = |error: serde_json::Error| BeadsError::NotARecord {
        line,
        problem: error.to_string().replace(" at line 1 column ", " at column "),
    };
    Ok((line, record.map_err(wrong)?))
}

fn bead_of(line: usize, text: &str) -> Result<Numbers, BeadsError> {
    let wrong = || BeadsError::NotABead { line, text: shortened(text) };
    let mut sides = text.splitn(3, ':');
    let mut side = || {
        let list = sides.next()?.trim().strip_prefix('[')?.strip_suffix(']')?;
        if list.trim().is_empty() {
            return Some(Vec::new());
        }
        list.split(',').map(|number| number.trim().parse().ok()).collect::<Option<Vec<u64>>>()
    };
    Ok((side().ok_or_else(wrong)?, side().ok_or_else(wrong)?))
}

/// Makes beads of the borders of a ladder. Its numbers count the segments that hunalign was given, so they are taken
/// as line numbers where the document's segments have them; lines without a segment are passed over.
fn ladder<'t>(
    lines: impl Iterator<Item = (usize, &'t str)>,
    source: &Document,
    target: &Document,
) -> Result<Vec<(usize, Numbers)>, BeadsError> {
    let is_known = |document: &Document| -> Vec<u64> {
        document.segments.iter().map(|segment| u64::from(segment.index)).collect()
    };
    let (source_known, target_known) = (is_known(source), is_known(target));
    let between = |known: &[u64], from: u64, to: u64| -> Vec<u64> {
        let start = known.partition_point(|number| *number < from);
        let end = known.partition_point(|number| *number < to);
        known[start..end.max(start)].to_vec()
    };
    // A border may stand behind empty lines at the end.
    let end = |document: &Document, known: &[u64]| -> u64 {
        let lines = document.text.lines().count().max(known.len()) as u64;
        known.last().map_or(lines, |last| lines.max(last + 1))
    };
    let ends = [end(source, &source_known), end(target, &target_known)];
    let mut pairs = Vec::new();
    let mut last: Option<(u64, u64)> = None;
    for (line, text) in lines {
        let wrong = || BeadsError::NotAStep { line, text: shortened(text) };
        let mut columns = text.split_whitespace();
        let mut number = || columns.next().and_then(|word| word.parse::<u64>().ok());
        let here = number().zip(number()).ok_or_else(wrong)?;
        let (from_source, from_target) = last.unwrap_or((0, 0));
        if here.0 < from_source || here.1 < from_target {
            return Err(wrong());
        }
        for (side, border, count) in [("source", here.0, ends[0]), ("target", here.1, ends[1])] {
            if border > count {
                return Err(BeadsError::BeyondTheEnd { line, side, border, count });
            }
        }
        let bead = (
            between(&source_known, from_source, here.0),
            between(&target_known, from_target, here.1),
        );
        if !(bead.0.is_empty() && bead.1.is_empty()) {
            pairs.push((line, bead));
        }
        last = Some(here);
    }
    Ok(pairs)
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// One side's numbers: which segment each names, and where it was named.
struct Side {
    name: &'static str,
    ids: FxHashMap<u64, SegmentId>,
    highest: Option<u32>,
    named_in: FxHashMap<u64, usize>,
}

impl Side {
    fn new(name: &'static str, document: &Document) -> Self {
        let numbered = document.segments.iter().enumerate();
        let ids = numbered.map(|(place, s)| (u64::from(s.index), SegmentId::at(place))).collect();
        let highest = document.segments.iter().map(|segment| segment.index).max();
        Self { name, ids, highest, named_in: FxHashMap::default() }
    }

    fn ids(
        &mut self,
        numbers: &[u64],
        record: &Record,
        line: usize,
    ) -> Result<Vec<SegmentId>, BeadsError> {
        let bead = || shortened(&record.to_string());
        let mut ids = Vec::with_capacity(numbers.len());
        for number in numbers {
            let side = self.name;
            let Some(id) = self.ids.get(number) else {
                let hint = match self.highest {
                    None => "it is empty".to_owned(),
                    Some(highest) if *number <= u64::from(highest) => {
                        "that line is empty".to_owned()
                    }
                    Some(highest) => format!("its last is {highest}"),
                };
                let bead = bead();
                return Err(BeadsError::OutOfRange { line, bead, side, number: *number, hint });
            };
            if let Some(first_line) = self.named_in.insert(*number, line) {
                let bead = bead();
                return Err(BeadsError::Twice { line, bead, side, number: *number, first_line });
            }
            ids.push(*id);
        }
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Language, Segment, SegmentKind, Span};

    /// A document whose segments have the given numbers.
    fn document(numbers: &[u32]) -> Document {
        let segment = |index: &u32| Segment {
            span: Span::new(0, 0),
            block: 0,
            kind: SegmentKind::Sentence,
            marker: None,
            number: None,
            rule: "line",
            warnings: Vec::new(),
            index: *index,
        };
        Document {
            name: "test".to_owned(),
            language: Language::EN,
            text: String::new(),
            blocks: Vec::new(),
            segments: numbers.iter().map(segment).collect(),
        }
    }

    fn reread(text: &str, source: &[u32], target: &[u32]) -> Result<String, BeadsError> {
        let (source, target) = (document(source), document(target));
        read(text, &source, &target).map(|alignment| write(&alignment, &source, &target))
    }

    #[test]
    fn an_error_names_the_bead() {
        let told = |text: &str| reread(text, &[0, 1], &[0, 1]).unwrap_err().to_string();
        let out = told("[0]:[0]\n[1,7]:[1]\n");
        assert_eq!(out, "line 2: [1,7]:[1]: the source has no segment 7; its last is 1");
        let twice = told("[0]:[0]\n[0]:[]\n");
        assert_eq!(twice, "line 2: [0]:[]: source segment 0 is named twice, first in line 1");
        let beyond = told("0\t0\n2\t3\n");
        assert_eq!(
            beyond,
            "line 2: the ladder leads to 3, but the target has 2 segments and lines at most"
        );
    }

    #[test]
    fn any_order_gaps_spaces_and_costs_are_read() {
        let text = "[ 3 ]:[ ]:0.7\n\n[1, 2] : [1]\r\n[0]:[0]:0.25:x\n";
        let written = reread(text, &[0, 1, 2, 3], &[0, 1, 2]).unwrap();
        assert_eq!(written, "[0]:[0]\n[1,2]:[1]\n[3]:[]\n[]:[2]\n");
    }

    #[test]
    fn numbers_are_lines_where_empty_lines_count() {
        let written = reread("[0]:[0]\n[2]:[3]\n", &[0, 2], &[0, 3]).unwrap();
        assert_eq!(written, "[0]:[0]\n[2]:[3]\n");
        let error = reread("[1]:[0]\n", &[0, 2], &[0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 1: [1]:[0]: the source has no segment 1; that line is empty"
        );
    }

    #[test]
    fn a_wrong_line_is_named() {
        let twice = reread("[0]:[0]\n\n[1]:[0]\n", &[0, 1], &[0]).unwrap_err();
        assert_eq!(
            twice.to_string(),
            "line 3: [1]:[0]: target segment 0 is named twice, first in line 1"
        );
        let far = reread("[0]:[7]\n", &[0], &[0, 1]).unwrap_err();
        assert_eq!(far.to_string(), "line 1: [0]:[7]: the target has no segment 7; its last is 1");
        for wrong in ["[0]", "[0]:0", "[0]:[x]", "[0]:[-1]", "[0,]:[0]", "[0]:[0", "[0][0]"] {
            let error = reread(&format!("[0]:[0]\n{wrong}\n"), &[0], &[0]).unwrap_err();
            assert!(matches!(error, BeadsError::NotABead { line: 2, .. }), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_hunalign_ladder_gives_the_beads_between_its_borders() {
        let text = "0\t0\t0.3\n1\t1\t0.5\n3\t2\t0.1\n4\t2\t0\n";
        let written = reread(text, &[0, 1, 2, 3], &[0, 1]).unwrap();
        assert_eq!(written, "[0]:[0]\n[1,2]:[1]\n[3]:[]\n");
        let back = reread("0\t0\n2\t2\n1\t3\n", &[0, 1], &[0, 1, 2]).unwrap_err();
        assert!(matches!(back, BeadsError::NotAStep { line: 3, .. }));
    }

    #[test]
    fn records_keep_who_made_them() {
        let text = r#"{"source_segments":[0],"target_segments":[],"confidence":0.5,"origin":"machine"}
{"source_segments":[1],"target_segments":[0],"origin":"person","reordered":true,"source":"x"}"#;
        let (source, target) = (document(&[0, 1]), document(&[0]));
        let beads = read_named(text, &source, &target).unwrap();
        assert_eq!((beads[0].origin, beads[0].confidence), (Origin::Machine, 0.5));
        assert_eq!((beads[1].origin, beads[1].reordered), (Origin::Person, true));
        let error = read_named("{\"source\":1}", &source, &target).unwrap_err();
        assert!(matches!(error, BeadsError::NotARecord { line: 1, .. }));
    }

    fn ids(places: impl IntoIterator<Item = usize>) -> Vec<SegmentId> {
        places.into_iter().map(SegmentId::at).collect()
    }

    #[test]
    fn a_ladder_has_borders_and_confidence() {
        let (source, target) = (document(&[0, 1, 2, 4]), document(&[0, 1, 3]));
        let bead = |source: &[usize], target: &[usize], confidence| Bead {
            confidence,
            ..Bead::settled(
                ids(source.iter().copied()),
                ids(target.iter().copied()),
                Origin::Machine,
            )
        };
        let beads =
            vec![bead(&[0], &[0], 0.98121), bead(&[1, 2], &[1], 0.75), bead(&[3], &[2], 1.0)];
        let straight = Alignment::new(4, 3, beads).unwrap();
        let ladder = write_ladder(&straight, &source, &target);
        let text = "0\t0\t0.9812\n1\t1\t0.7500\n3\t2\t1.0000\n5\t4\t0\n".to_owned();
        assert_eq!(ladder, Ladder { text, merged: 0 });
        let beads = vec![bead(&[0], &[1], 0.9), bead(&[1], &[0], 0.5), bead(&[3], &[2], 0.75)];
        let crossing = Alignment::new(4, 3, beads).unwrap();
        let ladder = write_ladder(&crossing, &source, &target);
        let text = "0\t0\t0.5000\n2\t2\t1.0000\n3\t2\t0.7500\n5\t4\t0\n".to_owned();
        assert_eq!(ladder, Ladder { text, merged: 2 });
        let empty = write_ladder(&Alignment::default(), &document(&[]), &document(&[]));
        assert_eq!(empty.text, "0\t0\t0\n");
    }

    /// Makes two documents and the beads that pair them in order, from how many segments each bead has and how many empty
    /// lines stand before it.
    fn straight(steps: Vec<(usize, usize, u32, u32)>) -> (Alignment, Document, Document) {
        let (mut source, mut target) = (Vec::new(), Vec::new());
        let (mut beads, mut line) = (Vec::new(), (0u32, 0u32));
        for (n, m, source_gap, target_gap) in steps {
            line = (line.0 + source_gap, line.1 + target_gap);
            let (from, to) = (source.len(), target.len());
            for _ in 0..n {
                source.push(line.0);
                line.0 += 1;
            }
            for _ in 0..m {
                target.push(line.1);
                line.1 += 1;
            }
            let (source, target) = (ids(from..source.len()), ids(to..target.len()));
            beads.push(Bead::settled(source, target, Origin::Import));
        }
        let alignment = Alignment::new(source.len(), target.len(), beads).unwrap();
        (alignment, document(&source), document(&target))
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(
            steps in proptest::collection::vec((0usize..4, 0usize..4, 0u32..3, 0u32..3), 0..20),
        ) {
            let (alignment, source, target) = straight(steps);
            let written = write(&alignment, &source, &target);
            prop_assert_eq!(&read(&written, &source, &target).unwrap(), &alignment);
            let ladder = write_ladder(&alignment, &source, &target);
            prop_assert_eq!(read(&ladder.text, &source, &target).unwrap(), alignment);
            prop_assert_eq!(ladder.merged, 0);
        }

        #[test]
        fn a_ladder_keeps_crossing_beads_together(
            targets in Just((0..8).collect::<Vec<usize>>()).prop_shuffle(),
            paired in proptest::collection::vec(proptest::bool::ANY, 8),
        ) {
            let pair = |(source, target): (usize, usize)| {
                paired[source].then(|| Bead::settled(ids([source]), ids([target]), Origin::Import))
            };
            let beads = targets.into_iter().enumerate().filter_map(pair).collect();
            let alignment = Alignment::new(8, 8, beads).unwrap();
            let document = document(&[0, 1, 2, 3, 4, 5, 6, 7]);
            let ladder = write_ladder(&alignment, &document, &document);
            let back = read(&ladder.text, &document, &document).unwrap();
            let holds = |step: &Bead, bead: &Bead| {
                bead.source.iter().all(|id| step.source.contains(id))
                    && bead.target.iter().all(|id| step.target.contains(id))
            };
            for bead in alignment.beads() {
                prop_assert!(back.beads().iter().any(|step| holds(step, bead)));
            }
            let inside = |step: &&Bead| alignment.beads().iter().filter(|bead| holds(step, bead)).count();
            let shared = back.beads().iter().map(|step| inside(&step)).filter(|count| *count > 1);
            prop_assert_eq!(ladder.merged, shared.sum::<usize>());
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[\\[\\]0-9:,\t \n]{0,60}") {
            let _ = read(&text, &document(&[0, 1, 4]), &document(&[0, 2]));
        }
    }
}
