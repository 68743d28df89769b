//! Cases of names, written as text: `tests/names/<tag>.tsv`, from English into the language of the tag.
//!
//! A translator adds a case by writing a line: what is to be told, the source, the target. Where a name must be known from
//! elsewhere, more pairs of sentences stand behind `|`.

use std::fmt::Write as _;
use std::path::Path;

use qosha::diff::diff;
use qosha::language::rows;
use qosha::model::{Alignment, Bead, DivergenceType, Language, Origin};
use qosha::segment;

#[test]
fn every_case_tells_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/names");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for path in files {
        let language: Language = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        for row in rows(&std::fs::read_to_string(&path).unwrap()) {
            count += 1;
            let [wanted, source, target] = row[..] else { panic!("three columns: {row:?}") };
            let told = told(source, target, language);
            if told != [wanted] {
                let _ = writeln!(wrong, "{wanted}, not {told:?}: {source} / {target}");
            }
        }
    }
    assert!(count >= 37, "only {count} cases");
    assert!(wrong.is_empty(), "{wrong}");
}

/// Returns what is told of the names of a text.
fn told(source: &str, target: &str, language: Language) -> Vec<&'static str> {
    let document = |text: &str, language| {
        segment::presegmented_document("case", text.replace('|', "\n"), language)
    };
    let (source, target) = (document(source, Language::EN), document(target, language));
    let pairs = source.ids().zip(target.ids());
    let beads =
        pairs.map(|(source, target)| Bead::settled(vec![source], vec![target], Origin::Import));
    let counts = (source.segments.len(), target.segments.len());
    let alignment = Alignment::new(counts.0, counts.1, beads.collect()).expect("beads that fit");
    let found = diff(&source, &target, &alignment, None).into_iter();
    let of_names = |kind| matches!(kind, DivergenceType::Entity | DivergenceType::EntityTypo);
    let told: Vec<&str> = found
        .filter(|finding| of_names(finding.kind))
        .map(|finding| if finding.kind == DivergenceType::Entity { "name" } else { "swapped" })
        .collect();
    if told.is_empty() { vec!["kept"] } else { told }
}
