//! Quality figures with floors: the test fails when one drops below what `tests/quality.tsv` says.
//!
//! The appeals of `corpora/` are always scored. The larger development sets are kept outside of the project, beside its
//! checkout in `../shared/eval`; where they are not there, their rows are left out and the output says so.

use std::path::{Path, PathBuf};

use qosha::evaluate;
use qosha::formats::encoding;
use qosha::glossary::{Glossary, Mode};
use qosha::model::Language;
use qosha::segment::{Options, Quotes};

fn language(tag: &str) -> Language {
    Language::parse(tag).expect("the table has language tags")
}

fn read(path: &Path) -> String {
    encoding::read_file(path).expect("a gold file can be read").text
}

fn glossaries(paths: &[PathBuf]) -> Option<Glossary> {
    let mut all: Option<Glossary> = None;
    for path in paths {
        let (glossary, _) =
            Glossary::read_csv("glossary", &read(path), Mode::Strict).expect("a good glossary");
        match &mut all {
            Some(all) => all.merge(glossary),
            None => all = Some(glossary),
        }
    }
    all
}

/// Returns a figure by its kind, in the unit of the table.
fn figure(kind: &str, path: &Path, tags: &str, root: &Path) -> f64 {
    let (source, target) =
        tags.split_once('-').map_or((tags, tags), |(source, target)| (source, target));
    let pair = || (language(source), language(target));
    let own = || {
        let names = ["organizations", "acronyms", "terms", "places"];
        glossaries(&names.map(|name| root.join(format!("glossaries/{name}.csv"))))
    };
    match kind {
        "segment inner F1" | "segment whole F1" => {
            let gold = read(Path::new(&path.display().to_string().replace(".txt", ".gold.txt")));
            let score = evaluate::segment::score_text(
                &read(path),
                &gold,
                language(tags),
                &Options::default(),
            )
            .expect("the gold is of this text")
            .score();
            100.0 * if kind.contains("whole") { score.segments.f1 } else { score.inner.f1 }
        }
        "segment inner F1, quotes kept" => {
            let gold = read(Path::new(&path.display().to_string().replace(".txt", ".gold.txt")));
            let options = Options { quotes: Quotes::Keep, ..Options::default() };
            let score = evaluate::segment::score_text(&read(path), &gold, language(tags), &options);
            100.0 * score.expect("the gold is of this text").score().inner.f1
        }
        "segment whole F1, repaired" => {
            let name = path.display().to_string();
            let gold = read(Path::new(&name.replace(".txt", ".repair.gold.txt")));
            let options = Options { repair: true, ..Options::default() };
            let score = evaluate::segment::score_text(&read(path), &gold, language(tags), &options);
            100.0 * score.expect("the gold is of this text").score().segments.f1
        }
        "segment loss when wrapped" => {
            let gold = read(Path::new(&path.display().to_string().replace(".txt", ".gold.txt")));
            let inner = |text: &str| {
                let options = Options::default();
                let score = evaluate::segment::score_text(text, &gold, language(tags), &options);
                100.0 * score.expect("the gold is of this text").score().inner.f1
            };
            let text = read(path);
            inner(&text) - inner(&wrapped(&text))
        }
        "align strict F1" | "align strict F1, pooled" | "align calibration error" => {
            let (source, target) = pair();
            let sets = evaluate::align::Set::find(path, (Some(source), Some(target)))
                .expect("a folder with gold");
            let scores = evaluate::align::score(&sets, kind.ends_with("pooled"));
            let scores = scores.expect("good gold");
            match kind {
                "align calibration error" => scores.calibration.expected_error,
                _ => scores.total.strict.f1,
            }
        }
        "align strict F1, raw" | "align strict F1, raw, unrepaired" => {
            let mut versions = evaluate::appeals::Versions::find(path).expect("an appeal");
            let languages = pair();
            versions.retain(|one| (one.source_language, one.target_language) == languages);
            assert_eq!(versions.len(), 1, "{} in {tags}", path.display());
            let options = match kind {
                "align strict F1, raw" => Options::of_versions(),
                _ => Options::default(),
            };
            let scores = evaluate::appeals::score(&versions, &options);
            scores.expect("good gold").total.strict.f1
        }
        "diff found" | "diff false" => {
            let score = evaluate::diff::score_appeal(path, pair(), own().as_ref())
                .expect("an appeal with gold");
            let count =
                if kind.ends_with("found") { score.found } else { score.false_findings.len() };
            count as f64
        }
        "diff mean strict recall" | "diff precision" | "diff false per 100" => {
            let glossary = glossaries(&[path.join("glossary.csv")]);
            let score = evaluate::diff::score_bench(path, pair(), glossary.as_ref(), false)
                .expect("a bench");
            match kind {
                "diff precision" => score.precision,
                "diff false per 100" => {
                    score.clean_per_100.expect("a bench with a clean translation")
                }
                _ => score.macro_recall,
            }
        }
        "terms recall" | "terms precision" => {
            let text =
                Path::new(&path.display().to_string().replace("_terms.csv", ".txt")).to_owned();
            let score = evaluate::terms::score(path, &text, language(tags)).expect("a gold table");
            if kind.ends_with("recall") { score.recall } else { score.precision }
        }
        _ => panic!("tests/quality.tsv: no figure is named {kind}"),
    }
}

/// Returns a text with its lines wrapped at 72 columns, as mail programs do.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut width = 0;
        for word in line.split_whitespace() {
            let length = word.chars().count();
            if width > 0 && width + 1 + length > 72 {
                out.push('\n');
                width = 0;
            } else if width > 0 {
                out.push(' ');
                width += 1;
            }
            out.push_str(word);
            width += length;
        }
        out.push('\n');
    }
    out
}

#[test]
fn no_figure_is_below_its_floor() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared/eval");
    let table =
        std::fs::read_to_string(root.join("tests/quality.tsv")).expect("the table of floors");
    let (mut failed, mut scored, mut absent) = (Vec::new(), 0, 0);
    for line in table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [kind, tags, path, bound] = columns[..] else {
            panic!("tests/quality.tsv: four columns: {line}")
        };
        let path = match path.strip_prefix("shared/") {
            Some(rest) => shared.join(rest),
            None => root.join(path),
        };
        if !path.exists() {
            println!("absent  {kind:<32} {}", columns[2]);
            absent += 1;
            continue;
        }
        scored += 1;
        let (is_most, bound) = match bound.strip_prefix("at most ") {
            Some(bound) => (true, bound),
            None => (false, bound),
        };
        let bound: f64 = bound.parse().expect("a number");
        let found = figure(kind, &path, tags, root);
        let is_good = if is_most { found <= bound } else { found >= bound };
        println!(
            "{}  {kind:<32} {:<44} {found:8.3}  {} {bound}",
            if is_good { "good  " } else { "FAILED" },
            columns[2],
            if is_most { "at most" } else { "at least" }
        );
        if !is_good {
            failed.push(format!("{kind} of {}: {found:.4}, bound {bound}", columns[2]));
        }
    }
    println!("{scored} figures scored, {absent} absent");
    assert!(scored >= 8, "the project's own corpora are always scored");
    assert!(failed.is_empty(), "below the floor:\n{}", failed.join("\n"));
}
