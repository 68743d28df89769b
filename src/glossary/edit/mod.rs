//! Changes a glossary file: terms and concepts added, edited, removed and merged, every other row byte for byte.
//!
//! ```text
//! pu,en,Public Union,preferred        rename "Public Union"      pu,en,Public Association,preferred
//! pu,en,PU,,Public Union              ->                         pu,en,PU,,Public Association
//! ```
//! What refers to a term goes with it: an abbreviation of a renamed term names it by its new name, one of a removed term
//! names it no longer. Everything is checked before the file is touched, and the file is read again after each edit.
//!
//! The wide form has a column a language and holds no status, type, case or abbreviation; what it can't hold is an error, not
//! left out. No column is ever added: that would rewrite every row.

mod said;

use super::csv::{Columns, KNOWN};
use super::sheet::Sheet;
use super::{Glossary, GlossaryError, Mode};
use crate::model::{Concept, Language, Term};
use crate::text::{counted, fold};
pub use said::{EditError, Field};
pub(in crate::glossary) use said::{check_id, check_text, id_of};
use said::{hint, wrong};

/// What an edit did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The concept that was changed, or added.
    pub concept: String,
    /// What was done and what was not, a sentence each.
    pub notes: Vec<String>,
    /// What a person should look at.
    pub warnings: Vec<String>,
}

/// A glossary file that is edited.
#[derive(Debug)]
pub struct Editor {
    name: String,
    pub(super) sheet: Sheet,
    pub(super) columns: Columns,
    pub(super) glossary: Glossary,
    warnings: Vec<String>,
}

impl Editor {
    /// Reads a file. `name` is the file's, for messages.
    ///
    /// # Errors
    /// At the first row that can't be read: in a damaged file nobody knows which row is which.
    pub fn open(name: &str, text: &str) -> Result<Self, EditError> {
        let (glossary, notes) = Glossary::read_csv(name, text, Mode::Strict)?;
        let sheet = Sheet::parse(text);
        let header = sheet.rows().next().map(|(row, _)| sheet.values(row)).unwrap_or_default();
        let columns = Columns::of(&header.into()).map_err(|problem| GlossaryError {
            file: name.to_owned(),
            line: 1,
            code: "header",
            severity: crate::model::Severity::Error,
            problem,
        })?;
        let warnings = notes.iter().map(ToString::to_string).collect();
        Ok(Self { name: name.to_owned(), sheet, columns, glossary, warnings })
    }

    /// Begins a file that is not there yet, in the form of a row a term.
    pub fn create(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            sheet: Sheet::parse(&(KNOWN.join(",") + "\n")),
            columns: Columns::Rows(std::array::from_fn(Some)),
            glossary: Glossary { name: name.to_owned(), concepts: Vec::new() },
            warnings: Vec::new(),
        }
    }

    /// Returns the file.
    pub fn text(&self) -> String {
        self.sheet.text()
    }

    /// Returns what is odd about the file that was read.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Returns what the file holds now.
    pub fn glossary(&self) -> &Glossary {
        &self.glossary
    }

    /// Returns the lines of the file, from 1, that are new or changed.
    pub fn touched(&self) -> Vec<usize> {
        self.sheet.touched()
    }

    /// Adds terms to a concept, which is new where its id is; without an id, one is made from the English term or else the
    /// first. The fields are those of every term. A term that stands there already is left as it is.
    ///
    /// # Errors
    /// When a term, an id, a language or a field can't be written, or the file has no column for it.
    pub fn add(
        &mut self,
        concept: Option<&str>,
        terms: &[(Language, String)],
        fields: &[(Field, String)],
    ) -> Result<Report, EditError> {
        for (language, text) in terms {
            self.check_language(*language)?;
            check_text("the term", text)?;
            if matches!(self.columns, Columns::Wide(..)) && text.contains('|') {
                return Err(wrong("the term", text, "holds |, which parts the terms of a cell"));
            }
        }
        for (field, value) in fields {
            field.check(value)?;
        }
        let id = match concept {
            Some(id) => id.trim().to_owned(),
            None => self.id_for(terms)?,
        };
        check_id(&id)?;
        let mut report = Report { concept: id.clone(), ..Report::default() };
        let known = self.glossary.concepts.iter().find(|concept| concept.id == id);
        if known.is_none() && concept.is_some() {
            let near = hint(&id, &self.ids());
            if !near.is_empty() {
                report.warnings.push(format!("concept {id} is new{near}"));
            }
        }
        let full = fields.iter().find(|(field, _)| *field == Field::AbbreviationOf);
        let mut wanted: Vec<&(Language, String)> = Vec::new();
        for term in terms {
            let (language, text) = term;
            if let Some((_, full)) = full {
                let is_given = terms.iter().any(|(l, text)| l == language && text == full);
                if !is_given {
                    find_term(known, &id, *language, full)?;
                }
            }
            let same = known.and_then(|known| {
                known.terms.iter().find(|t| t.language == *language && t.text == *text)
            });
            if let Some(same) = same {
                report.notes.push(format!(
                    "\"{text}\" stands in concept {id} already, on line {}",
                    same.line
                ));
            } else if !wanted.contains(&term) {
                wanted.push(term);
            }
        }
        let others: Vec<String> = wanted
            .iter()
            .filter_map(|(language, text)| {
                let (other, term) =
                    self.owner(*language, text).filter(|(other, _)| other.id != id)?;
                let line = term.line;
                Some(format!("\"{text}\" is a term of concept {} too, on line {line}", other.id))
            })
            .collect();
        report.warnings.extend(others);
        let mut sheet = self.sheet.clone();
        for (language, text) in &wanted {
            self.add_term(&mut sheet, &id, (*language, text), fields)?;
            self.adopt(sheet.clone())?;
        }
        if !wanted.is_empty() {
            report.notes.push(format!("{} added to concept {id}", counted(wanted.len(), "term")));
        }
        Ok(report)
    }

    fn add_term(
        &self,
        sheet: &mut Sheet,
        id: &str,
        (language, text): (Language, &str),
        fields: &[(Field, String)],
    ) -> Result<(), EditError> {
        let mut all = vec![(0, id), (2, text)];
        all.extend(fields.iter().map(|(field, value)| (field.place(), value.as_str())));
        let tag = language.to_string();
        match &self.columns {
            Columns::Rows(places) => {
                all.push((1, &tag));
                let mut cells = vec![String::new(); self.width()];
                for (known, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
                    let place = places[known].ok_or_else(|| self.no_column(KNOWN[known]))?;
                    value.clone_into(&mut cells[place]);
                }
                let behind = self.last_row(id, Some(language));
                sheet.insert(behind, &cells);
            }
            Columns::Wide(id_column, languages) => {
                let column = languages.iter().find(|(_, known)| *known == language);
                let (column, _) = column.ok_or_else(|| self.no_column(&tag))?;
                for (field, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
                    self.wide_column(*field).ok_or_else(|| self.no_column(field.name()))?;
                    field.check(value)?;
                }
                let is_known = self.glossary.concepts.iter().any(|concept| concept.id == id);
                let row = if is_known {
                    self.last_row(id, None)
                } else {
                    let mut cells = vec![String::new(); self.width()];
                    let place = id_column.ok_or_else(|| self.no_column("concept"))?;
                    id.clone_into(&mut cells[place]);
                    sheet.insert(self.last_row(id, None), &cells)
                };
                let cell = sheet.value(row, *column).into_owned();
                let joint = if cell.contains(" | ") { " | " } else { "|" };
                let cell = if cell.is_empty() { text.to_owned() } else { cell + joint + text };
                sheet.set(row, *column, &cell);
                for (field, value) in fields {
                    if let Some(place) = self.wide_column(*field) {
                        sheet.set(row, place, value);
                    }
                }
            }
        }
        Ok(())
    }

    /// Sets fields of terms of a concept, all of them where none is named; an empty value unsets one.
    ///
    /// # Errors
    /// When there is no such concept or term, or a value can't be written.
    pub fn set(
        &mut self,
        concept: &str,
        terms: &[(Language, String)],
        fields: &[(Field, String)],
    ) -> Result<Report, EditError> {
        for (field, value) in fields {
            field.check(value)?;
        }
        let known = self.concept(concept)?;
        let chosen = chosen(known, terms)?;
        for (field, full) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            if *field == Field::AbbreviationOf {
                for term in &chosen {
                    let full = find_term(Some(known), concept, term.language, full)?;
                    if full == *term {
                        return Err(wrong("the term", &term.text, "can't be short for itself"));
                    }
                }
            }
        }
        let mut sheet = self.sheet.clone();
        for (field, value) in fields {
            let column = match &self.columns {
                Columns::Rows(places) => places[field.place()],
                Columns::Wide(..) => self.wide_column(*field),
            };
            let Some(column) = column else {
                if value.is_empty() {
                    continue;
                }
                return Err(self.no_column(field.name()));
            };
            for term in &chosen {
                if let Some(row) = self.row(term.line) {
                    sheet.set(row, column, value);
                }
            }
        }
        self.finish(sheet, concept, "the fields are so already")
    }

    /// Writes a term of a concept in other words; abbreviations of it follow.
    ///
    /// # Errors
    /// When there is no such concept or term, or the concept has the new words already.
    pub fn rename(
        &mut self,
        concept: &str,
        term: &(Language, String),
        text: &str,
    ) -> Result<Report, EditError> {
        check_text("the term", text)?;
        let known = self.concept(concept)?;
        let old = find_term(Some(known), concept, term.0, &term.1)?;
        if old.text == text {
            return self.finish(self.sheet.clone(), concept, "the term is written so already");
        }
        let same = |other: &&Term| other.language == old.language && other.text == text;
        if let Some(same) = known.terms.iter().find(same) {
            return Err(EditError::Taken(format!(
                "concept {concept} has \"{text}\" already, on line {}; remove \"{}\" instead",
                same.line, old.text
            )));
        }
        let mut sheet = self.sheet.clone();
        match &self.columns {
            Columns::Rows(places) => {
                for other in known.terms.iter().filter(|other| other.language == old.language) {
                    let Some(row) = self.row(other.line) else { continue };
                    if let (Some(column), true) = (places[2], other.text == old.text) {
                        sheet.set(row, column, text);
                    }
                    if let (Some(column), true) =
                        (places[7], other.abbreviation_of.as_ref() == Some(&old.text))
                    {
                        sheet.set(row, column, text);
                    }
                }
            }
            Columns::Wide(..) => {
                if text.contains('|') {
                    return Err(wrong(
                        "the term",
                        text,
                        "holds |, which parts the terms of a cell",
                    ));
                }
                self.replace_variant(&mut sheet, old, Some(text));
            }
        }
        self.finish(sheet, concept, "")
    }

    /// Gives a concept another id.
    ///
    /// # Errors
    /// When there is no such concept, or the new id is another's.
    pub fn rename_concept(&mut self, concept: &str, id: &str) -> Result<Report, EditError> {
        check_id(id)?;
        let known = self.concept(concept)?;
        if concept == id {
            return self.finish(self.sheet.clone(), concept, "the id is so already");
        }
        if self.glossary.concepts.iter().any(|other| other.id == id) {
            return Err(EditError::Taken(format!(
                "there is a concept {id} already; to make one of the two: glossary merge FILE {concept} {id}"
            )));
        }
        let column = self.id_column().ok_or_else(|| self.no_column("concept"))?;
        let mut sheet = self.sheet.clone();
        for row in self.rows_of(known) {
            sheet.set(row, column, id);
        }
        self.finish(sheet, id, "")
    }

    /// Removes terms of a concept, or all of it where none is named.
    ///
    /// # Errors
    /// When there is no such concept or term.
    pub fn remove(
        &mut self,
        concept: &str,
        terms: &[(Language, String)],
    ) -> Result<Report, EditError> {
        let known = self.concept(concept)?;
        let gone = chosen(known, terms)?;
        let left: Vec<&Term> = known.terms.iter().filter(|term| !gone.contains(term)).collect();
        let mut sheet = self.sheet.clone();
        let mut notes = vec![match left.is_empty() {
            true => format!("concept {concept} is removed with {}", counted(gone.len(), "term")),
            false => format!("{} removed from concept {concept}", counted(gone.len(), "term")),
        }];
        let mut rows: Vec<usize> = Vec::new();
        match &self.columns {
            Columns::Rows(places) => {
                for term in &left {
                    let Some(full) = &term.abbreviation_of else { continue };
                    let named =
                        |other: &&&Term| other.language == term.language && other.text == *full;
                    let is_dangling = gone.iter().any(|term| named(&term))
                        && !left.iter().any(|term| named(&term));
                    if let (Some(row), Some(column), true) =
                        (self.row(term.line), places[7], is_dangling)
                    {
                        sheet.set(row, column, "");
                        notes.push(format!("\"{}\" is no longer short for \"{full}\"", term.text));
                    }
                }
                rows.extend(gone.iter().filter_map(|term| self.row(term.line)));
            }
            Columns::Wide(..) => {
                for term in &gone {
                    self.replace_variant(&mut sheet, term, None);
                }
                let emptied = gone.iter().filter(|term| left.iter().all(|l| l.line != term.line));
                rows.extend(emptied.filter_map(|term| self.row(term.line)));
            }
        }
        rows.sort_unstable();
        rows.dedup();
        sheet.remove_rows(&rows);
        let mut report = self.finish(sheet, concept, "")?;
        report.notes = notes;
        Ok(report)
    }

    /// Moves the terms of a concept to another and drops those that it has already.
    ///
    /// # Errors
    /// When one of them does not exist, or both are one.
    pub fn merge(&mut self, concept: &str, into: &str) -> Result<Report, EditError> {
        let (from, to) = (self.concept(concept)?, self.concept(into)?);
        if concept == into {
            return Err(EditError::Taken(format!("concept {into} can't be merged into itself")));
        }
        let is_double = |term: &&Term| {
            to.terms.iter().any(|t| t.language == term.language && t.text == term.text)
        };
        let (doubles, moved): (Vec<&Term>, Vec<&Term>) = from.terms.iter().partition(is_double);
        let mut notes = vec![format!("{} moved to concept {into}", counted(moved.len(), "term"))];
        if !doubles.is_empty() {
            let names: Vec<String> =
                doubles.iter().map(|term| format!("\"{}\"", term.text)).collect();
            notes.push(format!("dropped, as concept {into} has them: {}", names.join(", ")));
        }
        let mut sheet = self.sheet.clone();
        let mut behind = self.last_row(into, None);
        match &self.columns {
            Columns::Rows(_) => {
                let column = self.id_column().ok_or_else(|| self.no_column("concept"))?;
                let mut rows: Vec<(usize, bool)> = from
                    .terms
                    .iter()
                    .filter_map(|term| Some((self.row(term.line)?, doubles.contains(&term))))
                    .collect();
                // Behind INTO from the end, so that the places before stay what they are; then before it.
                rows.sort_unstable();
                let is_before = |row: &&(usize, bool)| row.0 < behind;
                let before: Vec<(usize, bool)> = rows.iter().filter(is_before).copied().collect();
                let after: Vec<(usize, bool)> =
                    rows.iter().filter(|row| !is_before(row)).copied().collect();
                for (taken, (row, is_double)) in before.into_iter().enumerate() {
                    let row = row - taken;
                    if is_double {
                        sheet.remove(row);
                        behind -= 1;
                    } else {
                        sheet.set(row, column, into);
                        sheet.shift(row, behind);
                    }
                }
                let mut dropped = 0;
                for (row, is_double) in after {
                    let row = row - dropped;
                    if is_double {
                        sheet.remove(row);
                        dropped += 1;
                    } else {
                        sheet.set(row, column, into);
                        sheet.shift(row, behind);
                        behind += 1;
                    }
                }
            }
            Columns::Wide(_, languages) => {
                for term in &moved {
                    let Some((column, _)) = languages.iter().find(|(_, l)| *l == term.language)
                    else {
                        continue;
                    };
                    let cell = sheet.value(behind, *column).into_owned();
                    let joint = if cell.contains(" | ") { " | " } else { "|" };
                    let text = &term.text;
                    let cell = if cell.is_empty() { text.clone() } else { cell + joint + text };
                    sheet.set(behind, *column, &cell);
                }
                for row in self.rows_of(from).into_iter().rev() {
                    for column in [Field::Domain, Field::Note, Field::Source] {
                        let Some(column) = self.wide_column(column) else { continue };
                        let value = sheet.value(row, column).into_owned();
                        if sheet.value(behind, column).is_empty() {
                            sheet.set(behind, column, &value);
                        }
                    }
                    sheet.remove(row);
                    behind -= usize::from(row < behind);
                }
            }
        }
        let mut report = self.finish(sheet, into, "")?;
        report.notes = notes;
        Ok(report)
    }

    /// Takes a changed sheet over once it reads as a glossary.
    pub(super) fn adopt(&mut self, sheet: Sheet) -> Result<(), EditError> {
        (self.glossary, _) = Glossary::read_csv(&self.name, &sheet.text(), Mode::Strict)?;
        self.sheet = sheet;
        Ok(())
    }

    fn finish(&mut self, sheet: Sheet, id: &str, unchanged: &str) -> Result<Report, EditError> {
        let mut report = Report { concept: id.to_owned(), ..Report::default() };
        if sheet == self.sheet {
            report.notes.push(format!("nothing to change in concept {id}: {unchanged}"));
        }
        self.adopt(sheet)?;
        Ok(report)
    }

    /// Writes a term of a cell in other words, or takes it out.
    fn replace_variant(&self, sheet: &mut Sheet, term: &Term, text: Option<&str>) {
        let Columns::Wide(_, languages) = &self.columns else { return };
        let Some(row) = self.row(term.line) else { return };
        for (column, _) in languages.iter().filter(|(_, language)| *language == term.language) {
            let cell = sheet.value(row, *column).into_owned();
            let variants = cell.split('|').filter_map(|variant| {
                let words = variant.trim();
                match (words == term.text, text) {
                    (true, Some(text)) => Some(variant.replacen(words, text, 1)),
                    (true, None) => None,
                    (false, _) => Some(variant.to_owned()),
                }
            });
            let cell = variants.collect::<Vec<_>>().join("|");
            sheet.set(row, *column, cell.trim());
        }
    }

    fn concept(&self, id: &str) -> Result<&Concept, EditError> {
        self.glossary.concepts.iter().find(|concept| concept.id == id).ok_or_else(|| {
            EditError::NoConcept {
                file: self.name.clone(),
                id: id.to_owned(),
                hint: hint(id, &self.ids()),
            }
        })
    }

    fn ids(&self) -> Vec<&str> {
        self.glossary.concepts.iter().map(|concept| concept.id.as_str()).collect()
    }

    /// Returns the first concept that has a term, whatever its case.
    fn owner(&self, language: Language, text: &str) -> Option<(&Concept, &Term)> {
        let folded = fold(text, language);
        self.glossary.concepts.iter().find_map(|concept| {
            let mut terms = concept.terms.iter().filter(|term| term.language == language);
            let same = terms.find(|t| {
                if t.is_case_exact { t.text == text } else { fold(&t.text, language) == folded }
            })?;
            Some((concept, same))
        })
    }

    /// Makes an id from the words of a new concept.
    fn id_for(&self, terms: &[(Language, String)]) -> Result<String, EditError> {
        let mut owners: Vec<Option<&str>> = Vec::new();
        for (language, text) in terms {
            owners.push(self.owner(*language, text).map(|(concept, _)| concept.id.as_str()));
        }
        if let Some(id) = owners.iter().copied().flatten().next() {
            if owners.iter().all(|owner| *owner == Some(id)) {
                return Ok(id.to_owned());
            }
            return Err(EditError::Taken(format!(
                "a term of these is one of concept {id} already; say --concept {id} to add the others to it, or another id for \
                 a new concept"
            )));
        }
        let english = terms.iter().find(|(language, _)| language.is_same_language(Language::EN));
        let Some((language, text)) = english.or(terms.first()) else {
            return Err(wrong("the term", "", "is missing; say --term en=WORDS"));
        };
        let base = id_of(text, *language);
        if base.is_empty() {
            return Err(wrong("the term", text, "makes no id; say --concept ID"));
        }
        let is_free = |id: &String| self.glossary.concepts.iter().all(|concept| concept.id != *id);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        Ok(std::iter::once(base.clone()).chain(numbered).find(is_free).unwrap_or(base))
    }

    fn check_language(&self, language: Language) -> Result<(), EditError> {
        let own: Vec<String> = {
            let terms = self.glossary.concepts.iter().flat_map(|concept| &concept.terms);
            let mut all: Vec<Language> = terms.map(|term| term.language).collect();
            all.sort_unstable();
            all.dedup();
            all.iter().map(ToString::to_string).collect()
        };
        let tag = language.to_string();
        if language.is_assigned() || own.contains(&tag) {
            return Ok(());
        }
        // A code has so few letters that one is always near enough.
        let usual = ["az", "en", "ru", "tr"];
        let tags: Vec<&str> = own.iter().map(String::as_str).chain(usual).collect();
        let near = tags.iter().find(|known| known.bytes().next() == tag.bytes().next());
        let hint = near.map_or_else(String::new, |near| format!("; is {near} meant?"));
        Err(EditError::Language { tag, hint })
    }

    fn no_column(&self, name: &str) -> EditError {
        let way_out = match &self.columns {
            Columns::Rows(_) => {
                "add one to the header and to every row in a spreadsheet, or leave the value out"
            }
            Columns::Wide(..) if KNOWN[3..8].contains(&name) => {
                "a column a language holds terms only; turn the file into a row a term to say more"
            }
            Columns::Wide(..) => "add one to the header and to every row in a spreadsheet",
        };
        EditError::NoColumn {
            file: self.name.clone(),
            name: name.to_owned(),
            way_out: way_out.to_owned(),
        }
    }

    fn header(&self) -> usize {
        self.sheet.rows().next().map_or(0, |(row, _)| row)
    }

    pub(super) fn width(&self) -> usize {
        self.sheet.width(self.header())
    }

    fn id_column(&self) -> Option<usize> {
        match &self.columns {
            Columns::Rows(places) => places[0],
            Columns::Wide(id, _) => *id,
        }
    }

    /// Returns the column of a field that the wide form may have.
    pub(super) fn wide_column(&self, field: Field) -> Option<usize> {
        let is_there = matches!(field, Field::Domain | Field::Note | Field::Source);
        let header = self.sheet.values(self.header());
        is_there
            .then(|| header.iter().position(|name| name.eq_ignore_ascii_case(field.name())))
            .flatten()
    }

    /// Returns the row that begins on a line of the file.
    fn row(&self, line: usize) -> Option<usize> {
        self.sheet.rows().find(|(_, number)| *number == line).map(|(row, _)| row)
    }

    /// Returns the rows of a concept, in the order of the file.
    fn rows_of(&self, concept: &Concept) -> Vec<usize> {
        let mut lines: Vec<usize> = concept.terms.iter().map(|term| term.line).collect();
        lines.sort_unstable();
        lines.dedup();
        lines.into_iter().filter_map(|line| self.row(line)).collect()
    }

    /// Returns the row behind which a row of a concept belongs: the last of its language, else its last, else the last of
    /// the file.
    fn last_row(&self, id: &str, language: Option<Language>) -> usize {
        let concept = self.glossary.concepts.iter().find(|concept| concept.id == id);
        let last = |is_wanted: &dyn Fn(&Term) -> bool| {
            let terms = concept?.terms.iter().filter(|term| is_wanted(term));
            terms.map(|term| term.line).max().and_then(|line| self.row(line))
        };
        last(&|term| Some(term.language) == language)
            .or_else(|| last(&|_| true))
            .or_else(|| self.sheet.rows().last().map(|(row, _)| row))
            .unwrap_or(0)
    }
}

/// Returns the terms of a concept that are named, or all.
fn chosen<'c>(
    concept: &'c Concept,
    terms: &[(Language, String)],
) -> Result<Vec<&'c Term>, EditError> {
    if terms.is_empty() {
        return Ok(concept.terms.iter().collect());
    }
    let find = |(language, text): &(Language, String)| {
        find_term(Some(concept), &concept.id, *language, text)
    };
    terms.iter().map(find).collect()
}

fn find_term<'c>(
    concept: Option<&'c Concept>,
    id: &str,
    language: Language,
    text: &str,
) -> Result<&'c Term, EditError> {
    let terms = concept.map_or(&[][..], |concept| &concept.terms);
    let own = || terms.iter().filter(|term| term.language == language);
    if let Some(term) = own().find(|term| term.text == text) {
        return Ok(term);
    }
    let texts: Vec<&str> = own().map(|term| term.text.as_str()).collect();
    let mut hint = hint(text, &texts);
    if hint.is_empty() && !texts.is_empty() {
        let names: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
        hint = format!("; it has {}", names.join(", "));
    }
    Err(EditError::NoTerm { concept: id.to_owned(), language, text: text.to_owned(), hint })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: &str = "# partners\r\nconcept;language;term;type;abbreviation_of\r\n\
        pu;en;Public Union;kind;\r\npu;en;PU;acronym;Public Union\r\n\r\n# funds\r\ncf;en;\"Children's Fund\";;\r\n\
        cf;az;Uşaq Fondu;;";

    fn term(language: Language, text: &str) -> (Language, String) {
        (language, text.to_owned())
    }

    fn edited(text: &str, edit: impl FnOnce(&mut Editor) -> Result<Report, EditError>) -> String {
        let mut editor = Editor::open("g.csv", text).unwrap();
        edit(&mut editor).unwrap();
        editor.text()
    }

    fn refused(text: &str, edit: impl FnOnce(&mut Editor) -> Result<Report, EditError>) -> String {
        let mut editor = Editor::open("g.csv", text).unwrap();
        let error = edit(&mut editor).unwrap_err().to_string();
        assert_eq!(editor.text(), text);
        error
    }

    #[test]
    fn a_term_joins_those_of_its_language() {
        let new = [term(Language::EN, "NGO Union")];
        let text = edited(ROWS, |g| g.add(Some("pu"), &new, &[(Field::Type, "kind".into())]));
        assert!(text.contains("PU;acronym;Public Union\r\npu;en;NGO Union;kind;\r\n\r\n# funds"));
        assert_eq!(edited(&text, |g| g.remove("pu", &new)), ROWS);
        let mut editor = Editor::open("g.csv", ROWS).unwrap();
        let same = [term(Language::AZ, "Uşaq Fondu")];
        assert!(editor.add(None, &same, &[]).unwrap().notes[0].contains("already, on line 8"));
        assert_eq!(editor.text(), ROWS);
    }

    #[test]
    fn a_new_concept_gets_an_id_from_its_words() {
        let mut editor = Editor::create("g.csv");
        let terms = [term(Language::AZ, "Qış Məktəbi"), term(Language::RU, "Зимняя, школа")];
        assert_eq!(editor.add(None, &terms, &[]).unwrap().concept, "gish-maktabi");
        assert_eq!(
            editor.text(),
            "concept,language,term,status,type,case,inflect,abbreviation_of,domain,note,source\n\
             gish-maktabi,az,Qış Məktəbi,,,,,,,,\ngish-maktabi,ru,\"Зимняя, школа\",,,,,,,,\n"
        );
        assert!(
            refused(ROWS, |g| {
                g.add(None, &[term(Language::EN, "Public union"), term(Language::AZ, "İB")], &[])
            })
            .contains("say --concept pu")
        );
    }

    #[test]
    fn references_follow_a_term() {
        let old = term(Language::EN, "Public Union");
        let text = edited(ROWS, |g| g.rename("pu", &old, "Public Association"));
        assert!(
            text.contains("Public Association;kind;\r\npu;en;PU;acronym;Public Association\r\n")
        );
        let new = term(Language::EN, "Public Association");
        assert_eq!(edited(&text, |g| g.rename("pu", &new, "Public Union")), ROWS);
        let text = edited(ROWS, |g| g.remove("pu", &[old]));
        assert!(text.contains("of\r\npu;en;PU;acronym;\r\n\r\n# funds"));
    }

    #[test]
    fn concepts_are_merged_and_doubles_dropped() {
        let text = "concept,language,term\na,en,One\nb,en,\"One\"\n# x\nb,az,Bir\nc,en,Two\nb,az,\"Birlik\"";
        assert_eq!(
            edited(text, |g| g.merge("b", "a")),
            "concept,language,term\na,en,One\na,az,Bir\na,az,\"Birlik\"\n# x\nc,en,Two"
        );
        assert_eq!(
            edited(text, |g| g.merge("b", "c")),
            "concept,language,term\na,en,One\n# x\nc,en,Two\nc,en,\"One\"\nc,az,Bir\nc,az,\"Birlik\""
        );
        assert_eq!(
            edited(text, |g| g.merge("a", "b")),
            "concept,language,term\nb,en,\"One\"\n# x\nb,az,Bir\nc,en,Two\nb,az,\"Birlik\""
        );
    }

    #[test]
    fn the_wide_form_keeps_its_cells() {
        let text = "id,en,az,note\nu,Union | Association,Birlik,\nf,Fund,,x\n";
        let new = [term(Language::EN, "Society")];
        let more = edited(text, |g| g.add(Some("u"), &new, &[]));
        assert!(more.contains("u,Union | Association | Society,Birlik,\n"));
        assert_eq!(edited(&more, |g| g.remove("u", &new)), text);
        let merged = edited(text, |g| g.merge("f", "u"));
        assert_eq!(merged, "id,en,az,note\nu,Union | Association | Fund,Birlik,x\n");
        let error =
            refused(text, |g| g.add(Some("u"), &new, &[(Field::Status, "forbidden".into())]));
        assert!(
            error.contains("no column status; a column a language holds terms only"),
            "{error}"
        );
        assert!(
            refused(text, |g| g.add(Some("u"), &[term(Language::RU, "Союз")], &[]))
                .contains("no column ru")
        );
        assert_eq!(edited(text, |g| g.remove("f", &[])), text.replace("f,Fund,,x\n", ""));
    }

    #[test]
    fn what_is_misspelt_is_told_with_what_is_near() {
        assert!(refused(ROWS, |g| g.remove("pv", &[])).ends_with("no concept pv"));
        let text = ROWS.replace("cf;", "fund;");
        assert!(refused(&text, |g| g.remove("fumd", &[])).ends_with("is fund meant?"));
        let wrong = [term(Language::EN, "Public Onion")];
        assert!(refused(ROWS, |g| g.remove("pu", &wrong)).ends_with("is Public Union meant?"));
        let kind = [(Field::Type, "organisatoin".to_owned())];
        assert!(refused(ROWS, |g| g.set("pu", &[], &kind)).ends_with("is organization meant?"));
        let tongue = [term(Language::parse("ax").unwrap(), "Fond")];
        assert!(refused(ROWS, |g| g.add(Some("cf"), &tongue, &[])).ends_with("is az meant?"));
        assert!(
            refused(ROWS, |g| g.rename_concept("cf", "pu")).contains("glossary merge FILE cf pu")
        );
    }

    proptest::proptest! {
        #[test]
        fn an_edit_that_is_undone_leaves_no_trace(
            separator in "[,;\t]", end in "\n|\r\n", has_end in proptest::bool::ANY, is_quoted in proptest::bool::ANY,
            count in 1..6usize, at in 0..6usize, words in "[ab,;\"ə]{1,5}",
        ) {
            let cell = |text: &str| if is_quoted { format!("\"{text}\"") } else { text.to_owned() };
            let row = |cells: [&str; 4]| cells.map(cell).join(&separator);
            let mut rows = vec!["# head".to_owned(), row(["concept", "language", "term", "status"])];
            for number in 0..count {
                let id = format!("c{number}");
                rows.push(row([&id, "en", &format!("Term {number}"), "preferred"]));
                rows.push(row([&id, "az", &format!("Söz {number}"), ""]));
                rows.push(if number % 2 == 0 { String::new() } else { "# more".to_owned() });
            }
            let mut text = rows.join(&end);
            if has_end {
                text.push_str(&end);
            }
            let id = format!("c{}", at % count);
            let new = [term(Language::EN, &words)];
            let more = edited(&text, |g| g.add(Some(&id), &new, &[]));
            let kept: Vec<&str> = more.lines().collect();
            let mut place = 0;
            for line in text.lines() {
                let found = kept[place..].iter().position(|kept| *kept == line);
                proptest::prop_assert!(found.is_some());
                place += found.unwrap_or_default() + 1;
            }
            proptest::prop_assert_eq!(&edited(&more, |g| g.remove(&id, &new)), &text);
            let status = |value: &str| [(Field::Status, value.to_owned())];
            let az = [term(Language::AZ, &format!("Söz {}", at % count))];
            let set = edited(&text, |g| g.set(&id, &az, &status("forbidden")));
            proptest::prop_assert_eq!(&edited(&set, |g| g.set(&id, &az, &status(""))), &text);
            let renamed = edited(&text, |g| g.rename_concept(&id, "other"));
            proptest::prop_assert_eq!(edited(&renamed, |g| g.rename_concept("other", &id)), text);
        }
    }
}
