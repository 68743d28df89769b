//! The layers of the house: a module imports from rows below its own only. See `docs/architecture.md`.

use std::path::{Path, PathBuf};

/// The folders of `src` from top to bottom; what stands in one row are siblings that don't import one another.
const ROWS: [&[&str]; 8] = [
    &["cli"],
    &["report", "evaluate"],
    &["diff"],
    &["align"],
    &["memory", "glossary", "segment", "formats"],
    &["text"],
    &["language"],
    &["model"],
];

fn row(folder: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&folder))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_go_down_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    files(&src, &mut all);
    all.sort();
    let mut breaches = Vec::new();
    let mut seen = 0;
    for path in all {
        let inside = path.strip_prefix(&src).expect("below src");
        let Some(own) =
            inside.iter().next().and_then(|part| part.to_str()).filter(|part| row(part).is_some())
        else {
            continue;
        };
        let text = std::fs::read_to_string(&path).expect("src can be read");
        // Tests at the foot of a file may use what they need; documentation examples see the crate from outside.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in (1..).zip(code.lines()) {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for part in line.split("crate::").skip(1) {
                let names = part.trim_start_matches('{');
                for name in names.split(|c: char| !(c.is_alphanumeric() || c == '_')).take(1) {
                    let Some(theirs) = row(name) else { continue };
                    seen += 1;
                    let ours = row(own).expect("filtered above");
                    if name != own && theirs <= ours {
                        breaches
                            .push(format!("{}:{number}: {own} imports {name}", inside.display()));
                    }
                }
            }
        }
    }
    assert!(seen > 50, "the test no longer sees the imports: {seen}");
    assert!(breaches.is_empty(), "imports that go up or sideways:\n{}", breaches.join("\n"));
}

#[test]
fn every_folder_has_its_row() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in std::fs::read_dir(src).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            assert!(row(name).is_some(), "{name} has no row in this test");
        }
    }
}
