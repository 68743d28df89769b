//! Cases of values, written as text: `tests/values/<tag>.tsv`, from English into the language of the tag.
//!
//! A translator adds a case by writing a line: `same` or `differs`, the source, the target.

use std::fmt::Write as _;
use std::path::Path;

use qosha::diff::diff;
use qosha::language::rows;
use qosha::model::{Alignment, Bead, DivergenceType, Language, Origin, SegmentId};
use qosha::segment;

#[test]
fn every_case_tells_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/values");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = ([0, 0], String::new());
    for path in files {
        let language: Language = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        for row in rows(&std::fs::read_to_string(&path).unwrap()) {
            let [wanted, source, target] = row[..] else { panic!("three columns: {row:?}") };
            count[usize::from(wanted == "differs")] += 1;
            let told = told(source, target, language);
            if told.is_empty() != (wanted == "same") {
                let _ = writeln!(wrong, "{wanted}, not {told:?}: {source} / {target}");
            }
        }
    }
    assert!(count[0] >= 80 && count[1] >= 80, "only {count:?} cases");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Returns what is told of the values of two sentences.
fn told(source: &str, target: &str, language: Language) -> Vec<String> {
    let document =
        |text: &str, language| segment::presegmented_document("case", text.to_owned(), language);
    let (source, target) = (document(source, Language::EN), document(target, language));
    let bead = Bead::settled(vec![SegmentId(0)], vec![SegmentId(0)], Origin::Import);
    let alignment = Alignment::new(1, 1, vec![bead]).expect("a bead that fits");
    let is_value = |kind| {
        matches!(
            kind,
            DivergenceType::Number
                | DivergenceType::Date
                | DivergenceType::TimeUnit
                | DivergenceType::Percent
        )
    };
    let found = diff(&source, &target, &alignment, None).into_iter();
    found.filter(|finding| is_value(finding.kind)).map(|finding| finding.message).collect()
}
