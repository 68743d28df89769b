//! Cases of finding terms, written as text: `tests/terms/<tag>.txt`.
//!
//! A translator adds a case by writing it. Each has a comment, the terms, `---`, the text, `---`, what is found in it, `===`.

use std::fmt::Write as _;
use std::path::Path;

use qosha::glossary::{Glossary, Mode};
use qosha::model::Language;

#[test]
fn every_case_finds_the_places_it_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terms");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for path in files {
        let language: Language = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        let file = std::fs::read_to_string(&path).unwrap();
        for case in file.split("\n===\n").skip(1).filter(|case| !case.trim().is_empty()) {
            count += 1;
            let parts: Vec<&str> = case.trim().split("\n---").collect();
            let [head, text, wanted] = parts[..] else { panic!("three parts: {case}") };
            let (comment, terms) = head.split_once('\n').unwrap();
            assert!(comment.starts_with("# "), "{}: a case without comment", path.display());
            let (glossary, _) =
                Glossary::read_csv("case", &format!("{language}\n{terms}\n"), Mode::Strict)
                    .unwrap();
            let text = text.trim_start_matches('\n');
            let hits = glossary.matcher(language).find(text);
            let found: Vec<String> = hits
                .iter()
                .map(|hit| hit.span.of(text).split_whitespace().collect::<Vec<_>>().join(" "))
                .collect();
            let (found, wanted) = (found.join("\n"), wanted.trim());
            if found != wanted {
                let _ =
                    writeln!(wrong, "{language}: {comment}\nwanted:\n{wanted}\nfound:\n{found}\n");
            }
        }
    }
    assert!(count > 30, "only {count} cases");
    assert!(wrong.is_empty(), "{wrong}");
}
