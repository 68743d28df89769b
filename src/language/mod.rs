//! What is known of each language: one folder of data files a language, embedded in the program.
//!
//! Code holds rules, data holds words. A folder `data/<tag>/` holds small text files that a translator can read and
//! mend: a comment line begins with `#` (the first ones name the source and licence), other lines are rows of columns
//! separated by tabs. Who needs a file asks for it by name and reads it into a table of its own; a language without
//! the file, or without a folder, works with the general rules.
//!
//! The file `writing.tsv` beside the folders holds the few facts a line long: alphabets, ordinals, neighbours.
//!
//! Adding a language is adding its folder, here or at run time ([`add_data`]).

use include_dir::{Dir, include_dir};

use crate::model::Language;

mod detect;
mod extra;
mod script;

pub use detect::{detect, script_of};
pub use extra::{DataError, add_data};
pub use script::{to_cyrillic, to_latin, written};

static DATA: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/language/data");

/// Returns the text of a data file of a language, whatever the region of the tag: what was added at run time, else what
/// is embedded. A language in a script without files of its own has those of the language; see [`written`] for words in
/// another script than the file's.
pub fn data(language: Language, file: &str) -> Option<&'static str> {
    extra::file(language, file).or_else(|| embedded(language.code(), file))
}

fn embedded(code: &str, file: &str) -> Option<&'static str> {
    DATA.get_file(format!("{code}/{file}"))?.contents_utf8()
}

/// Returns a fact about how a language is written, from `writing.tsv`: `alphabet`, the letters that list items are
/// counted by; `ordinals`, which is `full stop` where a number with a full stop is an ordinal; `borrows`, the
/// neighbour whose abbreviations stand in where the language has no file; `small starts`, whether sentences that begin
/// with a small letter are looked for. The last row that fits counts, and one for
/// the script goes before one for the language.
pub fn writing(language: Language, key: &str) -> Option<&'static str> {
    let tag = language.script().map(|script| format!("{}-{script}", language.code()));
    let find = |tag: &str| {
        let all = extra::writing().into_iter().chain(DATA.get_file("writing.tsv")?.contents_utf8());
        all.filter_map(|text| rows(text).filter(|row| row[..2] == [tag, key]).last())
            .next()?
            .get(2)
            .copied()
    };
    tag.and_then(|tag| find(&tag)).or_else(|| find(language.code()))
}

/// Returns the languages that have a folder, by tag.
pub fn known() -> Vec<Language> {
    let mut tags: Vec<Language> = DATA
        .dirs()
        .filter_map(|dir| dir.path().file_name()?.to_str()?.parse().ok())
        .chain(extra::languages())
        .collect();
    tags.sort_unstable();
    tags.dedup();
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
        for dir in DATA.dirs().chain([&DATA]) {
            for file in dir.files() {
                let text = file.contents_utf8().unwrap_or_default();
                let head: Vec<&str> = text.lines().take_while(|l| l.starts_with('#')).collect();
                let says = |word| head.iter().any(|line| line.contains(word));
                assert!(says("Source:") && says("Licence:"), "{}", file.path().display());
            }
        }
    }

    #[test]
    fn embedded_files_have_the_form_that_is_asked_of_added_ones() {
        for dir in DATA.dirs().chain([&DATA]) {
            for file in dir.files() {
                let name = file.path().file_name().and_then(|name| name.to_str()).expect("a name");
                let text = file.contents_utf8().expect("UTF-8");
                let found = extra::check(name, text);
                assert_eq!(found, Ok(()), "{}", file.path().display());
            }
        }
    }

    #[test]
    fn facts_are_found_by_script_and_by_language() {
        assert_eq!(writing(Language::AZ, "alphabet").map(|a| &a[..3]), Some("abc"));
        assert!(writing(Language::AZ_CYRL, "alphabet").is_some_and(|a| a.starts_with("абв")));
        assert_eq!(writing(Language::EN, "ordinals"), None);
    }

    #[test]
    fn comments_and_empty_lines_are_no_rows() {
        let rows: Vec<_> = rows("# head\n\na\tb \nc\n").collect();
        assert_eq!(rows, [vec!["a", "b"], vec!["c"]]);
    }
}
