//! Writes a glossary as a file with a row a term.
//!
//! Status and type are written out, as a cell says more than an empty one; case and endings only where they are not the usual
//! ones.

use super::Glossary;
use super::csv::KNOWN;
use super::sheet::Sheet;
use crate::model::Term;

/// Returns the rows of a glossary file with a row a term, the header first. Status and type are written out.
pub fn rows(glossary: &Glossary) -> Vec<Vec<String>> {
    let header = KNOWN.map(str::to_owned).to_vec();
    let terms = glossary.concepts.iter().flat_map(|concept| {
        concept.terms.iter().map(|term| cells(&concept.id, term).map(String::from).to_vec())
    });
    std::iter::once(header).chain(terms).collect()
}

/// Returns the values of a term in the order of the known columns.
pub(super) fn cells(id: &str, term: &Term) -> [String; KNOWN.len()] {
    [
        id.to_owned(),
        term.language.to_string(),
        term.text.clone(),
        term.status.name().to_owned(),
        term.kind.name().to_owned(),
        if term.is_case_exact { "exact" } else { "" }.to_owned(),
        if term.is_inflected { "" } else { "no" }.to_owned(),
        term.abbreviation_of.clone().unwrap_or_default(),
        term.domain.clone(),
        term.note.clone(),
        term.source.clone(),
    ]
}

/// Returns the file of a glossary.
///
/// # Example
/// ```
/// use qosha::glossary::{Glossary, Mode, file};
/// let wide = "concept,en,az\npu,Public Union,İctimai Birliyi|İctimai Birlik\n";
/// let (glossary, _) = Glossary::read_csv("names.csv", wide, Mode::Strict)?;
/// assert!(file(&glossary).ends_with("pu,az,İctimai Birlik,admitted,common,,,,,,\n"));
/// # Ok::<(), qosha::glossary::GlossaryError>(())
/// ```
pub fn file(glossary: &Glossary) -> String {
    let mut sheet = Sheet::parse(&(KNOWN.join(",") + "\n"));
    let mut last = 0;
    for row in rows(glossary).iter().skip(1) {
        last = sheet.insert(last, row);
    }
    sheet.text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glossary::Mode;

    #[test]
    fn a_file_reads_back_the_same() {
        let text = "concept,language,term,status,type,case,inflect,abbreviation_of,domain,note,source\n\
            \"#1\",en,\"Union, \"\"A\"\"\",preferred,kind,,no,,ngo,\"two\nlines\",\n#1,xx,U,admitted,acronym,exact,,Union,,,s\n";
        let text = text.replace("\n#1", "\n\"#1\"");
        let (glossary, _) = Glossary::read_csv("g", &text, Mode::Strict).unwrap();
        assert_eq!(file(&glossary), text);
    }
}
