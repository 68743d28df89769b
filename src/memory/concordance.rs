//! Where a phrase stands in a memory.

use super::{Memory, MemoryError, UnitId};
use crate::model::{Language, Span};
use crate::text::fold_char;

/// A unit that holds a phrase.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Hit {
    /// The unit.
    pub id: UnitId,
    /// Its text in the language of the phrase.
    pub text: String,
    /// Where the phrase stands, in bytes of that text; at least one place, in order.
    pub spans: Vec<Span>,
    /// Its other texts, by tag.
    pub others: Vec<(Language, String)>,
}

impl Memory {
    /// Returns the units whose text in a language holds a phrase, case aside, in the order of their ids; at most `limit`.
    /// Runs of white space in either count as one blank. A blank phrase is held by none.
    ///
    /// # Errors
    /// When the memory can't be read.
    pub fn concordance(
        &self,
        phrase: &str,
        language: Language,
        limit: usize,
    ) -> Result<Vec<Hit>, MemoryError> {
        let wanted: Vec<char> =
            letters(phrase.trim(), language).into_iter().map(|(letter, _)| letter).collect();
        let mut hits = Vec::new();
        if wanted.is_empty() {
            return Ok(hits);
        }
        for stored in self.units() {
            if hits.len() == limit {
                break;
            }
            let stored = stored?;
            let texts = &stored.unit.texts;
            for (tag, text) in texts.iter().filter(|(tag, _)| tag.is_same_language(language)) {
                let spans = places(text, &wanted, language);
                if !spans.is_empty() {
                    let others = texts.iter().filter(|(other, _)| *other != tag);
                    hits.push(Hit {
                        id: stored.id,
                        text: text.clone(),
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
        let hits = memory.concordance("İctimai Birliyi", Language::AZ, 10).unwrap();
        let found: Vec<&str> = hits[0].spans.iter().map(|span| span.of(&hits[0].text)).collect();
        assert_eq!(found, ["İCTİMAİ  BİRLİYİ", "ictimai birliyi"]);
        assert!(memory.concordance(" ", Language::AZ, 10).unwrap().is_empty());
    }
}
