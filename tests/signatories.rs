//! The signatories of the appeals in `corpora` are read as `signatories.csv` has them.

use std::collections::BTreeMap;
use std::path::Path;

use qosha::glossary::signatories;
use qosha::model::{Document, Language, Span};
use qosha::segment::{self, Options};

/// Organization and person by number.
type Rows = BTreeMap<String, (String, String)>;

#[test]
fn the_signatories_of_the_appeals_are_read() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let mut count = 0;
    for folder in std::fs::read_dir(corpora).unwrap().map(|entry| entry.unwrap().path()) {
        let Ok(mut table) = csv::Reader::from_path(folder.join("signatories.csv")) else {
            continue;
        };
        let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        let languages = header.iter().filter_map(|name| name.strip_prefix("number_"));
        for tag in languages {
            let column = |name: &str| {
                let name = format!("{name}_{tag}");
                header.iter().position(|column| *column == name).unwrap()
            };
            let columns = ["number", "organization", "person"].map(column);
            let cells = rows.iter().map(|row| columns.map(|column| row[column].to_owned()));
            let gold: Rows = cells
                .filter(|[number, _, _]| !number.is_empty())
                .map(|[number, organization, person]| (number, (organization, person)))
                .collect();
            assert_eq!(read(&folder.join(format!("{tag}.txt")), tag), gold, "{}", folder.display());
            count += gold.len();
        }
    }
    assert!(count > 150, "{count}");
}

fn read(path: &Path, tag: &str) -> Rows {
    let text = std::fs::read_to_string(path).expect("a readable text");
    let language = Language::parse(tag).expect("a language tag");
    let document = segment::document("", text, language, &Options::of_versions());
    let lists = signatories(&document);
    let all = lists.iter().flat_map(|list| &list.signatories);
    all.map(|one| {
        let number = one.number.map_or(String::new(), |number| number.to_string());
        (number, (written(&document, one.organization), written(&document, one.person)))
    })
    .collect()
}

/// Returns the text of a span on one line, with one kind of quotation marks.
fn written(document: &Document, span: Option<Span>) -> String {
    let text = span.map_or("", |span| span.of(&document.text));
    let text = text.replace("’’", "\"").replace(['“', '”', '„', '«', '»'], "\"");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
