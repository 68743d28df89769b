//! Speed of the checks: aligned segments compared with a glossary, one thread, beside the time that only splitting words takes.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin diff -- en=SOURCE az=TARGET        # the table
//! cargo run --release --manifest-path benches/Cargo.toml --bin diff -- en=SOURCE az=TARGET 10000  # one size, to profile it
//! ```
//!
//! SOURCE and TARGET have a sentence a line, and line N of one is line N of the other; they are repeated to the number of
//! segments, each time with other numbers, so that nothing is a repetition of the line before. The glossary is made up of 2,000
//! concepts, a fifth of which stand in the texts. The beads are given: aligning is measured by `align`. Rounds are
//! interleaved and the median counts.

use std::hint::black_box;
use std::time::Instant;

use qosha::diff::diff;
use qosha::glossary::{Glossary, Mode};
use qosha::model::{Alignment, Bead, Document, Language, Origin, SegmentId};
use qosha::segment::presegmented_document;
use qosha::text::words;

const ROUNDS: usize = 5;

/// Numbers of segments.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// Concepts of the glossary.
const CONCEPTS: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let only: Option<usize> = arguments.iter().find_map(|argument| argument.parse().ok());
    let texts: Vec<(Language, Vec<String>)> = arguments
        .iter()
        .filter_map(|argument| argument.split_once('='))
        .map(|(tag, file)| {
            let text = std::fs::read_to_string(file).expect("a text in UTF-8");
            (tag.parse().expect("a language"), text.lines().map(str::to_owned).collect())
        })
        .collect();
    let [source, target] = &texts[..] else { panic!("give TAG=SOURCE and TAG=TARGET") };
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("one thread");
    println!(
        "{:>9}{:>10}{:>12}{:>10}{:>12}{:>9}{:>8}",
        "segments", "diff s", "segments/s", "findings", "no terms s", "words s", "ratio"
    );
    for size in SIZES.into_iter().filter(|size| only.is_none_or(|only| only == *size)) {
        let documents = [source, target].map(|(language, lines)| document(*language, lines, size));
        let glossary = glossary(source, target);
        let bead =
            |at| Bead::settled(vec![SegmentId::at(at)], vec![SegmentId::at(at)], Origin::Import);
        let count = documents[0].segments.len().min(documents[1].segments.len());
        let alignment = Alignment::new(
            documents[0].segments.len(),
            documents[1].segments.len(),
            (0..count).map(bead).collect(),
        )
        .expect("beads that fit");
        let [one, other] = &documents;
        let mut times = [const { Vec::new() }; 3];
        let mut findings = 0;
        for _ in 0..ROUNDS {
            times[0].push(timed(|| findings = diff(one, other, &alignment, Some(&glossary)).len()));
            times[1].push(timed(|| {
                black_box(diff(one, other, &alignment, None));
            }));
            times[2].push(timed(|| {
                black_box(documents.each_ref().map(|document| words(&document.text).count()));
            }));
        }
        let [whole, plain, split] = times.map(|mut times| {
            times.sort_unstable_by(f64::total_cmp);
            times[ROUNDS / 2]
        });
        println!(
            "{count:>9}{whole:>10.3}{:>12.0}{findings:>10}{plain:>12.3}{split:>9.3}{:>8.1}",
            count as f64 / whole,
            whole / split
        );
    }
}

fn timed(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Repeats lines to a number of segments; what numbers they have grow with each repetition.
fn document(language: Language, lines: &[String], size: usize) -> Document {
    let mut text = String::new();
    for at in 0..size {
        let round = at / lines.len();
        text.push_str(lines[at % lines.len()].trim());
        if round > 0 {
            text.push_str(&format!(" {}", 100 + round));
        }
        text.push('\n');
    }
    presegmented_document("", text, language)
}

/// Makes a glossary: every fifth concept is the longest word that a line and its translation have in common, the others are made up.
fn glossary(source: &(Language, Vec<String>), target: &(Language, Vec<String>)) -> Glossary {
    let shared = |at: usize| {
        let at = at * 7 % source.1.len().min(target.1.len()).max(1);
        let theirs: Vec<&str> = words(&target.1[at]).map(|word| word.text).collect();
        let ours = words(&source.1[at]).map(|word| word.text).filter(|word| theirs.contains(word));
        ours.max_by_key(|word| word.len()).filter(|word| word.chars().all(char::is_alphabetic))
    };
    let mut csv = format!("concept,{},{}\n", source.0, target.0);
    for at in 0..CONCEPTS {
        let word = if at % 5 == 0 { shared(at) } else { None };
        csv.push_str(&match word {
            Some(word) => format!("c{at},{word},{word}\n"),
            None => format!("c{at},Union of Spring {at},Bulaq Birliyi {at}\n"),
        });
    }
    Glossary::read_csv("made up", &csv, Mode::Lenient).expect("a glossary").0
}
