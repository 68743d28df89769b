//! Cases of negation, written as text: `tests/negation/<tag>.tsv`, from English into the language of the tag.
//!
//! A translator adds a case by writing a line: what is to be told, the source, the target.

use std::fmt::Write as _;
use std::path::Path;

use qosha::align::{Pair, align};
use qosha::diff::diff;
use qosha::language::rows;
use qosha::model::{DivergenceType, Language};
use qosha::segment;

#[test]
fn every_case_tells_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/negation");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for path in files {
        let language: Language = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        for row in rows(&std::fs::read_to_string(&path).unwrap()) {
            count += 1;
            let [wanted, source, target] = row[..] else { panic!("three columns: {row:?}") };
            let document = |text: &str, language| {
                segment::document("case", text.to_owned(), language, &segment::Options::default())
            };
            let (source, target) = (document(source, Language::EN), document(target, language));
            let alignment = align(Pair::new(&source, &target), &Default::default());
            let found = diff(&source, &target, &alignment, None);
            let told = found.iter().find(|d| d.kind == DivergenceType::Negation);
            let told = told.map_or("kept", |d| d.subtype);
            if told != wanted {
                let _ = writeln!(wrong, "{wanted}, not {told}: {} / {}", source.text, target.text);
            }
        }
    }
    assert!(count > 60, "only {count} cases");
    assert!(wrong.is_empty(), "{wrong}");
}
