//! Azerbaijani in its two alphabets.

use crate::model::Language;

/// The Latin alphabet and, letter by letter, the Cyrillic one in use until 1991.
const LETTERS: [(char, char); 32] = [
    ('a', 'а'),
    ('b', 'б'),
    ('c', 'ҹ'),
    ('ç', 'ч'),
    ('d', 'д'),
    ('e', 'е'),
    ('ə', 'ә'),
    ('f', 'ф'),
    ('g', 'ҝ'),
    ('ğ', 'ғ'),
    ('h', 'һ'),
    ('x', 'х'),
    ('ı', 'ы'),
    ('i', 'и'),
    ('j', 'ж'),
    ('k', 'к'),
    ('q', 'г'),
    ('l', 'л'),
    ('m', 'м'),
    ('n', 'н'),
    ('o', 'о'),
    ('ö', 'ө'),
    ('p', 'п'),
    ('r', 'р'),
    ('s', 'с'),
    ('ş', 'ш'),
    ('t', 'т'),
    ('u', 'у'),
    ('ü', 'ү'),
    ('v', 'в'),
    ('y', 'ј'),
    ('z', 'з'),
];

/// Writes small Latin letters of Azerbaijani in the Cyrillic alphabet; other characters stay.
pub fn to_cyrillic(text: &str) -> String {
    let letter = |c: char| {
        LETTERS.iter().find(|(latin, _)| *latin == c).map_or(c, |(_, cyrillic)| *cyrillic)
    };
    text.chars().map(letter).collect()
}

/// Writes small Cyrillic letters of Azerbaijani in the Latin alphabet; other characters stay.
pub fn to_latin(text: &str) -> String {
    let letter = |c: char| {
        LETTERS.iter().find(|(_, cyrillic)| *cyrillic == c).map_or(c, |(latin, _)| *latin)
    };
    text.chars().map(letter).collect()
}

/// Returns a word of a data file as a text in the language writes it: the files of Azerbaijani are in Latin letters.
pub fn written(word: &str, language: Language) -> String {
    if language.code() == "az" && language.script() == Some("Cyrl") {
        return to_cyrillic(&small(word));
    }
    word.to_owned()
}

fn small(word: &str) -> String {
    word.chars()
        .flat_map(|c| match c {
            'I' => vec!['ı'],
            'İ' => vec!['i'],
            _ => c.to_lowercase().collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_change_alphabet_letter_by_letter() {
        assert_eq!(written("Müraciət", Language::AZ_CYRL), "мүраҹиәт");
        assert_eq!(written("Müraciət", Language::AZ), "Müraciət");
    }
}
