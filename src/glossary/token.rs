//! Cuts a text into the tokens that the words of terms are compared with.
//!
//! A token is a run of letters and digits with the ending that a hyphen, an apostrophe or a closing quotation mark joins
//! to it: `BMT-nin`, `Kəndləri"nin`. Its letters are folded once, into one string for the whole text, so that a token
//! costs no memory of its own.

use std::ops::Range;

use crate::language;
use crate::model::{Language, Span};
use crate::text::{fold_char, suffix};

/// A word of a text with its joined ending.
struct Token {
    /// The word in the text.
    base: Span,
    /// Where the joined ending stops in the text; the end of the word where there is none.
    end: usize,
    /// The folded word among the letters.
    folded: Range<usize>,
    /// The folded ending among the letters.
    ending: Option<Range<usize>>,
}

/// The tokens of a text, in order, numbered from 0.
pub(super) struct Tokens<'t> {
    text: &'t str,
    letters: String,
    tokens: Vec<Token>,
    has_cyrillic: bool,
}

impl<'t> Tokens<'t> {
    /// Cuts a text.
    pub(super) fn of(text: &'t str, language: Language) -> Self {
        let letters = String::with_capacity(text.len());
        let mut all = Self { text, letters, tokens: Vec::new(), has_cyrillic: false };
        let mut at = 0;
        while let Some(before) = text[at..].find(is_inner) {
            let start = at + before;
            let (end, folded) = all.fold(start, language);
            let base = Span::new(start, end);
            let joined = all.joined_ending(base, language);
            let (end, ending) = joined.map_or((end, None), |(end, ending)| (end, Some(ending)));
            all.tokens.push(Token { base, end, folded, ending });
            at = end;
        }
        all
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Returns the word of a token as written, without a joined ending.
    pub(super) fn base(&self, at: usize) -> &'t str {
        self.tokens[at].base.of(self.text)
    }

    /// Returns the word of a token, folded, in Latin letters where the language is Azerbaijani.
    pub(super) fn folded(&self, at: usize) -> &str {
        &self.letters[self.tokens[at].folded.clone()]
    }

    /// Returns the joined ending of a token, folded.
    pub(super) fn ending(&self, at: usize) -> Option<&str> {
        self.tokens[at].ending.clone().map(|ending| &self.letters[ending])
    }

    /// Returns where a token stands, with its joined ending.
    pub(super) fn span(&self, at: usize) -> Span {
        Span::new(self.tokens[at].base.start, self.tokens[at].end)
    }

    /// Returns what stands between a token and the one before it; what stands before the first one is none of it.
    pub(super) fn before(&self, at: usize) -> &'t str {
        match at {
            0 => "",
            _ => &self.text[self.tokens[at - 1].end..self.tokens[at].base.start],
        }
    }

    /// Says whether a word of the text has Cyrillic letters.
    pub(super) fn has_cyrillic(&self) -> bool {
        self.has_cyrillic
    }

    /// Folds the letters from a byte of the text on to the end of their run; Azerbaijani in Cyrillic letters is written in
    /// Latin ones, and so is a word that mixes the two. Returns where the run ends, and the folded letters.
    fn fold(&mut self, start: usize, language: Language) -> (usize, Range<usize>) {
        let is_azerbaijani = language.code() == "az";
        let folding = if is_azerbaijani { Language::AZ } else { language };
        let from = self.letters.len();
        let mut end = self.text.len();
        let (mut has_cyrillic, mut has_latin) = (false, false);
        for (at, letter) in self.text[start..].char_indices() {
            if !is_inner(letter) {
                end = start + at;
                break;
            }
            let folded = fold_char(letter, folding);
            has_cyrillic |= is_cyrillic_letter(folded);
            has_latin |= folded.is_ascii_lowercase();
            self.letters.push(folded);
        }
        let is_mixed = has_latin && language.script() != Some("Cyrl") && language.code() != "ru";
        if has_cyrillic && (is_azerbaijani || is_mixed) {
            let letters = &self.letters[from..];
            let latin = match is_mixed {
                true => language::to_latin(&letters.chars().map(by_shape).collect::<String>()),
                false => language::to_latin(letters),
            };
            self.letters.truncate(from);
            self.letters.push_str(&latin);
        }
        self.has_cyrillic |= has_cyrillic;
        (end, from..self.letters.len())
    }

    /// Returns the ending that is joined to a word: where it stops in the text, and its folded letters.
    fn joined_ending(&mut self, base: Span, language: Language) -> Option<(usize, Range<usize>)> {
        let mut letters = self.text[base.end..].chars();
        let joint = letters.next().filter(|c| is_joint(*c))?;
        let first = letters.next().filter(|c| c.is_alphabetic())?;
        // A heading in capitals has its endings in capitals too: `QHT-NİN`.
        let is_shouted = first.is_uppercase();
        let may_shout = suffix::has_endings(language);
        if is_shouted && (!may_shout || base.of(self.text).chars().any(char::is_lowercase)) {
            return None;
        }
        let start = base.end + joint.len_utf8();
        let from = self.letters.len();
        let (end, folded) = self.fold(start, language);
        let ending = &self.letters[folded.clone()];
        let mut written = self.text[start..end].chars();
        let is_ending = written.all(|c| c.is_uppercase() == is_shouted)
            // One capital behind a hyphen is a letter of the name: `BAKI-A`.
            && (!is_shouted || ending.chars().nth(1).is_some())
            && match language.code() {
                "az" | "tr" => suffix::is_ending(None, ending, language),
                "en" => is_apostrophe(joint) && ending == "s",
                "ru" => joint == '-' && ending.chars().count() <= 3,
                _ => false,
            };
        if is_ending {
            return Some((end, folded));
        }
        self.letters.truncate(from);
        None
    }
}

/// Says whether a character may join an ending to a word: a hyphen or dash, an apostrophe, a closing quotation mark.
fn is_joint(c: char) -> bool {
    let is_mark = matches!(c, '-' | '\u{2010}' | '\u{2011}' | '–' | '"' | '”' | '»' | '“');
    is_mark || is_apostrophe(c)
}

/// Says whether a character is an apostrophe as people type it.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | '\u{2BC}')
}

/// Says whether a character is a letter or digit, or a mark upon one. The apostrophe that Unicode calls a letter is none
/// here.
fn is_inner(c: char) -> bool {
    match c {
        '\u{2BC}' => false,
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric(),
        // Letters that are looked up most: ə, ş, ğ, ı and the Cyrillic ones.
        '\u{C0}'..='\u{24F}' => !matches!(c, '×' | '÷'),
        '\u{250}'..='\u{2AF}' | '\u{300}'..='\u{36F}' | '\u{400}'..='\u{481}' => true,
        '\u{2000}'..='\u{203E}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Returns the folded Latin letter that a folded Cyrillic one looks like, small or capital: in a word of both alphabets it was
/// typed for it (`Fоndu` with a Cyrillic о, `QНT` with a Cyrillic Н).
fn by_shape(letter: char) -> char {
    match letter {
        'а' => 'a',
        'в' => 'b',
        'е' => 'e',
        'к' => 'k',
        'м' => 'm',
        'н' => 'h',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'т' => 't',
        'у' => 'y',
        'х' => 'x',
        _ => letter,
    }
}

/// Says whether a text has Cyrillic letters.
pub(super) fn is_cyrillic(text: &str) -> bool {
    text.chars().any(is_cyrillic_letter)
}

fn is_cyrillic_letter(c: char) -> bool {
    ('\u{400}'..='\u{52F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_behind_a_joint_belong_to_their_word() {
        let cut = |text, language| {
            let tokens = Tokens::of(text, language);
            (0..tokens.len())
                .map(|at| {
                    let ending = tokens.ending(at).unwrap_or_default();
                    format!("{} {} {ending}", tokens.span(at).of(text), tokens.folded(at))
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(
            cut("BMT-nin “Ümid”in Иҹтимаи - QНT-NİN Fоndu Bakı-Quba", Language::AZ),
            [
                "BMT-nin bmt nin",
                "Ümid”in ümid in",
                "Иҹтимаи ictimai ",
                "QНT-NİN qht nin",
                "Fоndu fondu ",
                "Bakı bakı ",
                "Quba quba "
            ]
        );
        assert_eq!(cut("a Union's men", Language::EN)[1], "Union's union s");
    }

    #[test]
    fn the_ranges_of_letters_are_those_of_unicode() {
        for c in '\0'..='\u{2100}' {
            let is_mark = ('\u{300}'..='\u{36F}').contains(&c);
            let is_apostrophe = c == '\u{2BC}';
            assert_eq!(is_inner(c), (c.is_alphanumeric() || is_mark) && !is_apostrophe, "{c:?}");
        }
    }
}
