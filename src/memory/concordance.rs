//! Where a phrase stands in a memory.

use std::collections::BTreeMap;

use super::{Memory, MemoryError, UnitId};
use crate::model::{Language, Span};
use crate::text::fold_char;

/// A unit that holds a phrase.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Hit {
    /// The unit.
    pub id: UnitId,
    /// Its text that holds the phrase.
    pub text: String,
    /// The language of that text.
    pub language: Language,
    /// Where the phrase stands, in bytes of that text; at least one place, in order.
    pub spans: Vec<Span>,
    /// Its other texts, by tag.
    pub others: Vec<(Language, String)>,
}

impl Memory {
    /// Returns the units whose text in a language, or in any, holds a phrase, case aside, in the order of their ids; at
    /// most `limit`. Runs of white space in either count as one blank. A blank phrase is held by none.
    ///
    /// # Errors
    /// When the memory can't be read.
    pub fn concordance(
        &self,
        phrase: &str,
        language: Option<Language>,
        limit: usize,
    ) -> Result<Vec<Hit>, MemoryError> {
        let mut hits = Vec::new();
        if phrase.trim().is_empty() {
            return Ok(hits);
        }
        // Small letters are those of the language of the text.
        let mut wanted: BTreeMap<Language, Vec<char>> = BTreeMap::new();
        for stored in self.units() {
            if hits.len() == limit {
                break;
            }
            let stored = stored?;
            let texts = &stored.unit.texts;
            let is_wanted = |tag: Language| language.is_none_or(|one| tag.is_same_language(one));
            for (tag, text) in texts.iter().filter(|(tag, _)| is_wanted(**tag)) {
                let wanted = wanted.entry(*tag).or_insert_with(|| {
                    letters(phrase.trim(), *tag).into_iter().map(|(letter, _)| letter).collect()
                });
                let spans = places(text, wanted, *tag);
                if !spans.is_empty() {
                    let others = texts.iter().filter(|(other, _)| *other != tag);
                    hits.push(Hit {
                        id: stored.id,
                        text: text.clone(),
                        language: *tag,
                        spans,
                        others: others.map(|(other, text)| (*other, text.clone())).collect(),
                    });
                    break;
                }
            }
        }
        Ok(hits)
    }
}

/// Returns the folded letters with their places, runs of white space as one blank.
fn letters(text: &str, language: Language) -> Vec<(char, Span)> {
    let mut letters: Vec<(char, Span)> = Vec::new();
    for (at, letter) in text.char_indices() {
        let span = Span::new(at, at + letter.len_utf8());
        if letter.is_whitespace() {
            match letters.last_mut() {
                Some((' ', blank)) => blank.end = span.end,
                _ => letters.push((' ', span)),
            }
        } else {
            letters.push((fold_char(letter, language), span));
        }
    }
    letters
}

fn places(text: &str, wanted: &[char], language: Language) -> Vec<Span> {
    let letters = letters(text, language);
    let mut spans = Vec::new();
    let mut at = 0;
    while at + wanted.len() <= letters.len() {
        let window = &letters[at..at + wanted.len()];
        if window.iter().map(|(letter, _)| letter).eq(wanted) {
            spans.push(Span::new(window[0].1.start, window[wanted.len() - 1].1.end));
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Unit;

    #[test]
    fn a_phrase_is_found_by_the_case_of_its_language() {
        let mut memory = Memory::in_memory().unwrap();
        let texts =
            [(Language::AZ, "İCTİMAİ  BİRLİYİ və ictimai birliyi"), (Language::EN, "Public Union")];
        let texts = texts.map(|(tag, text)| (tag, text.to_owned())).into();
        memory.add([Unit { texts, ..Unit::default() }]).unwrap();
        let hits = memory.concordance("İctimai Birliyi", Some(Language::AZ), 10).unwrap();
        let found: Vec<&str> = hits[0].spans.iter().map(|span| span.of(&hits[0].text)).collect();
        assert_eq!(found, ["İCTİMAİ  BİRLİYİ", "ictimai birliyi"]);
        assert!(memory.concordance(" ", None, 10).unwrap().is_empty());
        let hits = memory.concordance("union", None, 10).unwrap();
        assert_eq!(hits[0].language, Language::EN);
    }
}
