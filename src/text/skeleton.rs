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

/// Returns the skeleton of a word or name: letters `a`–`z` and digits; everything else is dropped, words run together.
pub fn skeleton(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        latin(super::fold_char(letter, Language::UND), &mut plain);
    }
    let classes = sounds(plain.as_bytes());
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
        'ə' | 'ә' | 'э' | 'ä' | 'â' | 'á' | 'à' | 'å' | 'ã' | 'а' => "a",
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
        'е' | 'ё' | 'é' | 'è' | 'ê' | 'ë' | 'є' => "e",
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
        'ß' => "ss",
        _ => return,
    };
    out.push_str(plain);
}

/// Makes one letter of the letters and pairs that stand for one sound.
fn sounds(plain: &[u8]) -> Vec<char> {
    let mut out = Vec::with_capacity(plain.len());
    let mut at = 0;
    while at < plain.len() {
        let next = plain.get(at + 1).copied().unwrap_or(0);
        let (sound, taken) = match (plain[at], next) {
            (b's' | b'c', b'h') => ('s', 2),
            (b'k', b'h') => ('h', 2),
            (b'g', b'h') => ('g', 2),
            (b'z', b'h') => ('j', 2),
            (b'd', b'j') => ('j', 2),
            (b'd', b'z') if plain.get(at + 2) == Some(&b'h') => ('j', 3),
            (b't', b's') => ('s', 2),
            (b'p', b'h') => ('f', 2),
            (b'y' | b'i', b'y' | b'i') => ('i', 2),
            (b'c', b'e' | b'i' | b'y' | b'a' | b'o' | b'u') => ('j', 1),
            (b'c', _) => ('j', 1),
            (b'q', _) => ('g', 1),
            (b'x', _) => ('h', 1),
            (b'w', _) => ('v', 1),
            (b'y', _) => ('i', 1),
            (letter, _) => (char::from(letter), 1),
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
        for names in [
            ["Xoşqədəm", "Khoshgadam", "Хошгадам"],
            ["Cəfərli", "Jafarli", "Джафарли"],
            ["Şəbnəm", "Shabnam", "Шабнам"],
            ["Narıncılı", "Narinjili", "Нарынджылы"],
        ] {
            let keys = names.map(skeleton);
            assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        }
    }

    #[test]
    fn dots_case_and_double_letters_say_nothing() {
        assert_eq!(skeleton("İSMAYILLI"), skeleton("ismayıli"));
        assert!(likeness(&skeleton("Leyla"), &skeleton("Lalə")) < 0.7);
        assert!(likeness(&skeleton("Valizada"), &skeleton("Vəlizadə")) > 0.99);
    }
}
