//! What is known of each language: one folder of data files a language, embedded in the program.
//!
//! Code holds rules, data holds words. A folder `data/<tag>/` holds small text files that a translator can read and
//! mend: a comment line begins with `#` (the first ones name the source and licence), other lines are rows of columns
//! separated by tabs. Who needs a file asks for it by name and reads it into a table of its own; a language without
//! the file, or without a folder, works with the general rules.
//!
//! Adding a language is adding its folder.

use include_dir::{Dir, include_dir};

use crate::model::Language;

mod detect;
mod script;

pub use detect::{detect, script_of};
pub use script::{to_cyrillic, to_latin, written};

static DATA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/language/data");

/// Returns the text of a data file of a language, whatever the script and region of the tag; see [`written`] for words
/// in another script than the file's.
pub fn data(language: Language, file: &str) -> Option<&'static str> {
    DATA.get_file(format!("{}/{file}", language.code()))?.contents_utf8()
}

/// Returns the languages that have a folder, by tag.
pub fn known() -> Vec<Language> {
    let mut tags: Vec<Language> =
        DATA.dirs().filter_map(|dir| dir.path().file_name()?.to_str()?.parse().ok()).collect();
    tags.sort_unstable();
    tags
}

/// Returns the rows of a data file: comments and empty lines left out, columns cut at tabs and trimmed.
pub fn rows(data: &str) -> impl Iterator<Item = Vec<&str>> {
    data.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split('\t').map(str::trim).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_says_where_its_words_come_from() {
        for dir in DATA.dirs() {
            for file in dir.files() {
                let text = file.contents_utf8().unwrap_or_default();
                let head: Vec<&str> = text.lines().take_while(|l| l.starts_with('#')).collect();
                let says = |word| head.iter().any(|line| line.contains(word));
                assert!(says("Source:") && says("Licence:"), "{}", file.path().display());
            }
        }
    }

    #[test]
    fn comments_and_empty_lines_are_no_rows() {
        let rows: Vec<_> = rows("# head\n\na\tb \nc\n").collect();
        assert_eq!(rows, [vec!["a", "b"], vec!["c"]]);
    }
}
