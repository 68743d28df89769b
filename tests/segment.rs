//! Cases of the segmenter, written as text: `tests/segment/<tag>.txt`.
//!
//! A translator adds a case by writing it. Each has a comment, the text, `---`, the segments it should give, `===`.

use std::fmt::Write as _;
use std::path::Path;

use qosha::model::Language;
use qosha::segment::{self, Options, Quotes, Wrap};

struct Case {
    comment: String,
    text: String,
    wanted: String,
    options: Options<'static>,
}

fn cases(file: &str) -> Vec<Case> {
    file.split("\n===\n").skip(1).filter(|case| !case.trim().is_empty()).map(read).collect()
}

fn read(case: &str) -> Case {
    let mut options = Options::default();
    let mut comment = String::new();
    let mut rest = case.trim_start_matches('\n');
    while let Some((line, after)) = rest.split_once('\n') {
        match line {
            "@ quotes keep" => options.quotes = Quotes::Keep,
            "@ wrap keep" => options.wrap = Wrap::Keep,
            "@ wrap join" => options.wrap = Wrap::Join,
            "@ repair" => options.repair = true,
            _ if comment.is_empty() && line.starts_with("# ") => comment = line[2..].to_owned(),
            _ => break,
        }
        rest = after;
    }
    let (text, wanted) = rest.split_once("\n---\n").expect("a case has a line of three dashes");
    Case { comment, text: text.to_owned(), wanted: wanted.trim_end().to_owned(), options }
}

#[test]
fn every_case_gives_the_segments_it_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/segment");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, String::new());
    for path in files {
        let language: Language = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        for case in cases(&std::fs::read_to_string(&path).unwrap()) {
            assert!(!case.comment.is_empty(), "{}: a case without comment", path.display());
            count += 1;
            let document = segment::document("case", case.text, language, &case.options);
            let found = segment::lines(&document);
            if found.trim_end() != case.wanted {
                let Case { comment, wanted, .. } = case;
                let _ =
                    writeln!(wrong, "{language}: {comment}\nwanted:\n{wanted}\nfound:\n{found}");
            }
        }
    }
    assert!(count > 100, "only {count} cases were read");
    assert!(wrong.is_empty(), "{wrong}");
}
