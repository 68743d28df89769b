//! Speed of segmentation beside the crates people would take instead, on the same text, one thread, in one run.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin segment               # the shipped appeals
//! cargo run --release --manifest-path benches/Cargo.toml --bin segment -- FILE LANG
//! cargo run --release --manifest-path benches/Cargo.toml --bin segment -- FILE LANG qosha   # one tool, to profile it
//! ```
//!
//! Each tool segments the whole text once a round, the rounds are interleaved, and the median counts: on a shared machine
//! only the ratios say something.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use qosha::model::Language;
use qosha::segment::{Options, segment};
use unicode_segmentation::UnicodeSegmentation;

/// How much text each tool segments in a round, in bytes.
const SIZE: usize = 4 << 20;

const ROUNDS: usize = 9;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, tag, text) = match &arguments[..] {
        [file, tag, ..] => {
            let text = std::fs::read_to_string(file).expect("a text in UTF-8");
            (file.clone(), tag.clone(), text)
        }
        [] => ("corpora/*/en.txt".to_owned(), "en".to_owned(), appeals()),
        _ => panic!("give no argument, or FILE, LANG and at most a tool"),
    };
    let text = text.repeat((SIZE / text.len()).max(1));
    let language: Language = tag.parse().expect("a language tag");
    let tools: [(&str, &dyn Fn() -> usize); 5] = [
        ("qosha", &|| segment(&text, language, &Options::default()).segments.len()),
        ("qosha, quotes kept", &|| {
            let quotes = qosha::segment::Quotes::Keep;
            segment(&text, language, &Options { quotes, ..Options::default() }).segments.len()
        }),
        ("icu_segmenter", &|| {
            let segmenter = icu_segmenter::SentenceSegmenter::new(Default::default());
            segmenter.segment_str(&text).count()
        }),
        ("sentencex", &|| sentencex::segment(&tag, &text).len()),
        ("unicode-segmentation", &|| text.unicode_sentences().count()),
    ];
    let tools = tools.iter().filter(|(tool, _)| arguments.get(2).is_none_or(|only| only == tool));
    let tools: Vec<_> = tools.collect();
    let mut seconds: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut counts = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (tool, run) in &tools {
            let start = Instant::now();
            counts.insert(*tool, black_box(run()));
            seconds.entry(tool).or_default().push(start.elapsed().as_secs_f64());
        }
    }
    println!("{name}, {} bytes, median of {ROUNDS}", text.len());
    println!("{:<22}{:>9}{:>12}{:>20}", "", "MB/s", "segments", "time against first");
    let median = |tool: &str| {
        let mut all = seconds[tool].clone();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    for (tool, _) in &tools {
        let speed = text.len() as f64 / 1e6 / median(tool);
        let ratio = median(tool) / median(tools[0].0);
        println!("{tool:<22}{speed:>9.1}{:>12}{ratio:>20.2}", counts[tool]);
    }
}

fn appeals() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../corpora");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the shipped appeals")
        .filter_map(|entry| Some(entry.ok()?.path().join("en.txt")))
        .filter(|path| path.exists())
        .collect();
    names.sort();
    names.iter().map(|path| std::fs::read_to_string(path).expect("a text") + "\n\n").collect()
}
