//! One key for one name in several alphabets and spellings.
//!
//! A name crosses languages by sound: `Xoşqədəm`, `Khoshgadam` and `Хошгадам` are one woman. The skeleton writes each
//! as plain Latin letters in which sounds that the spellings mix up are one letter, and says nothing of case, dots and
//! doubled letters:
//!
//! ```text
//! Xoşqədəm    hosgadam        Quliyeva   gulieva        Cəfərli   jafarli
//! Khoshgadam  hosgadam        Guliyeva   gulieva        Jafarli   jafarli
//! Хошгадам    hosgadam        Гулиева    gulieva        Джафарлы  jafarli
//! ```
//!
//! Two names are compared by [`likeness`] of their skeletons. The classes were chosen by hand from the usual
//! transliterations of Azerbaijani names into English and Russian.

use crate::model::Language;

/// Returns the skeleton of a word or name as its language sounds it: letters `a`–`z` and digits; marks are dropped, words
/// run together. Letters of other alphabets than Latin and Cyrillic stay as they are.
pub fn skeleton(text: &str, language: Language) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        latin(super::fold_char(letter, Language::UND), &mut plain);
    }
    let classes = sounds(&plain.chars().collect::<Vec<char>>(), writes_c_for_j(language));
    let mut out = String::with_capacity(classes.len());
    for letter in classes {
        if !out.ends_with(letter) || letter.is_ascii_digit() {
            out.push(letter);
        }
    }
    out
}

/// Writes one folded letter in plain Latin letters.
fn latin(letter: char, out: &mut String) {
    let plain = match letter {
        'a'..='z' | '0'..='9' => return out.push(letter),
        'ə' | 'ә' | 'ä' | 'â' | 'á' | 'à' | 'å' | 'ã' | 'а' => "a",
        'ı' | 'î' | 'í' | 'ï' | 'и' | 'і' | 'ы' | 'ј' | 'й' | 'ї' => "i",
        'ş' | 'š' | 'ш' | 'ș' => "sh",
        'ç' | 'č' | 'ч' | 'ć' => "ch",
        'щ' => "sh",
        'ğ' | 'г' | 'ғ' | 'ґ' => "g",
        'ö' | 'ô' | 'ó' | 'ø' | 'о' | 'ө' => "o",
        'ü' | 'û' | 'ú' | 'у' | 'ү' => "u",
        'б' => "b",
        'в' => "v",
        'д' => "d",
        'е' | 'ё' | 'э' | 'é' | 'è' | 'ê' | 'ë' | 'є' => "e",
        'ж' => "zh",
        'ҹ' => "j",
        'з' | 'ž' | 'ż' => "z",
        'к' | 'ҝ' => "k",
        'л' | 'ł' => "l",
        'м' => "m",
        'н' | 'ñ' => "n",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ф' => "f",
        'х' | 'һ' => "h",
        'ц' => "ts",
        'ю' => "yu",
        'я' => "ya",
        'ь' | 'ъ' => return,
        'ß' => "ss",
        _ if letter.is_alphabetic() => {
            let mut base = letter;
            unicode_normalization::char::decompose_canonical(letter, |part| {
                if !('\u{300}'..='\u{36F}').contains(&part) {
                    base = part;
                }
            });
            return out.push(base);
        }
        _ => return,
    };
    out.push_str(plain);
}

/// Says whether a language writes `c` for the sound of English j, `x` for kh and `q` for g.
fn writes_c_for_j(language: Language) -> bool {
    matches!(language.code(), "az" | "tr")
}

/// Makes one letter of the letters and pairs that stand for one sound.
fn sounds(plain: &[char], c_is_j: bool) -> Vec<char> {
    let mut out = Vec::with_capacity(plain.len());
    let mut at = 0;
    while at < plain.len() {
        let next = plain.get(at + 1).copied().unwrap_or(' ');
        let (sound, taken) = match (plain[at], next) {
            ('d', 'z') if plain.get(at + 2) == Some(&'h') => ('j', 3),
            ('s' | 'c', 'h') => ('s', 2),
            ('k', 'h') => ('h', 2),
            ('g', 'h') => ('g', 2),
            ('z', 'h') | ('d', 'j') => ('j', 2),
            ('t', 's') => ('s', 2),
            ('p', 'h') => ('f', 2),
            ('c', 'k') => ('k', 2),
            ('y' | 'i', 'y' | 'i') => ('i', 2),
            ('c', _) if c_is_j => ('j', 1),
            ('c', 'e' | 'i' | 'y') => ('s', 1),
            ('c', _) => ('k', 1),
            ('q', 'u') if !c_is_j => ('k', 2),
            ('q', _) => ('g', 1),
            ('x', _) if c_is_j => ('h', 1),
            ('w', _) => ('v', 1),
            ('y', _) => ('i', 1),
            (letter, _) => (letter, 1),
        };
        out.push(sound);
        at += taken;
    }
    out
}

/// Returns how alike two skeletons are, in `0..=1`: one minus the edit distance (insertions, deletions,
/// substitutions, a swap of neighbours as one) over the longer length; 0 where either is empty.
pub fn likeness(one: &str, other: &str) -> f64 {
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    rapidfuzz::distance::osa::normalized_similarity(one.chars(), other.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_three_spellings_has_one_skeleton() {
        for [az, en, ru] in [
            ["Xoşqədəm", "Khoshgadam", "Хошгадам"],
            ["Cəfərli", "Jafarli", "Джафарли"],
            ["Şəbnəm", "Shabnam", "Шабнам"],
            ["Narıncılı", "Narinjili", "Нарынджылы"],
            ["Karlos", "Carlos", "Карлос"],
            ["Elnur", "Elnur", "Эльнур"],
        ] {
            let key = skeleton(az, Language::AZ);
            assert_eq!(skeleton(en, Language::EN), key);
            assert_eq!(skeleton(ru, Language::RU), key);
        }
    }

    #[test]
    fn dots_case_and_double_letters_say_nothing() {
        let az = |name| skeleton(name, Language::AZ);
        assert_eq!(az("İSMAYILLI"), az("ismayıli"));
        assert!(likeness(&skeleton("Leyla", Language::EN), &az("Lalə")) < 0.7);
        assert!(likeness(&skeleton("Valizada", Language::EN), &az("Vəlizadə")) > 0.99);
    }
}
