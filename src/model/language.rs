//! Which language, and which script of it, a text is in.
//!
//! A [`Language`] is the part of a BCP 47 tag that changes how we treat a text: language, script and region. A tag
//! says nothing of whether we hold data for the language; [`crate::language`] knows that.

use std::fmt;
use std::str::FromStr;

/// A language tag: a language of two or three letters, and optionally a script and a region.
///
/// # Example
/// ```
/// use qosha::model::Language;
/// let language: Language = "AZE-cyrl".parse().unwrap();
/// assert_eq!(language.to_string(), "az-Cyrl");
/// assert!(Language::parse("azərbaycan").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language {
    code: [u8; 3],
    script: [u8; 4],
    region: [u8; 3],
}

/// Says why a word is no language tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a language tag; write one such as en, az, az-Cyrl or ru")]
pub struct LanguageError(pub String);

/// Three-letter codes of ISO 639-2 and 639-3 that have a two-letter one, for the languages our users have asked for;
/// any other three-letter code is kept as it is.
const THREE_LETTERS: [(&str, &str); 40] = [
    ("ara", "ar"),
    ("aze", "az"),
    ("azj", "az"),
    ("bel", "be"),
    ("bul", "bg"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("deu", "de"),
    ("dut", "nl"),
    ("ell", "el"),
    ("eng", "en"),
    ("est", "et"),
    ("fas", "fa"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("geo", "ka"),
    ("ger", "de"),
    ("heb", "he"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("isl", "is"),
    ("ita", "it"),
    ("jpn", "ja"),
    ("kat", "ka"),
    ("kaz", "kk"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("nld", "nl"),
    ("per", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("spa", "es"),
    ("swe", "sv"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("uzb", "uz"),
    ("zho", "zh"),
];

/// The two-letter codes of ISO 639-1, in their order.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el \
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl \
    km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa \
    pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk \
    ur uz ve vi vo wa wo xh yi yo za zh zu";

impl Language {
    /// English.
    pub const EN: Self = Self::known(*b"en\0");
    /// Azerbaijani, in whatever script the text has; Latin unless seen otherwise.
    pub const AZ: Self = Self::known(*b"az\0");
    /// Azerbaijani in Cyrillic script.
    pub const AZ_CYRL: Self = Self { code: *b"az\0", script: *b"Cyrl", region: [0; 3] };
    /// Russian.
    pub const RU: Self = Self::known(*b"ru\0");
    /// Turkish.
    pub const TR: Self = Self::known(*b"tr\0");
    /// French.
    pub const FR: Self = Self::known(*b"fr\0");
    /// German.
    pub const DE: Self = Self::known(*b"de\0");
    /// No language: `und`, where none was given and none could be seen.
    pub const UND: Self = Self::known(*b"und");

    const fn known(code: [u8; 3]) -> Self {
        Self { code, script: [0; 4], region: [0; 3] }
    }

    /// Reads a BCP 47 tag, in any case, with `-` or `_` between its parts; three-letter codes become two-letter ones
    /// where there is one, and parts behind the region are dropped.
    ///
    /// # Errors
    /// Returns the word when its first part is not two or three ASCII letters, or a later part holds anything but
    /// ASCII letters and digits.
    pub fn parse(tag: &str) -> Result<Self, LanguageError> {
        let wrong = || LanguageError(tag.to_owned());
        let mut parts = tag.trim().split(['-', '_']);
        let first = parts.next().ok_or_else(wrong)?.to_ascii_lowercase();
        if !(2..=3).contains(&first.len()) || !first.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(wrong());
        }
        let short = THREE_LETTERS.iter().find(|(long, _)| *long == first).map(|(_, short)| *short);
        let mut language =
            Self { code: padded(short.unwrap_or(&first)), script: [0; 4], region: [0; 3] };
        for part in parts {
            if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric())
            {
                return Err(wrong());
            }
            let is_letters = part.bytes().all(|b| b.is_ascii_alphabetic());
            let is_digits = part.bytes().all(|b| b.is_ascii_digit());
            if part.len() == 4 && is_letters && language.script == [0; 4] {
                let mut script: [u8; 4] = padded(&part.to_ascii_lowercase());
                script[0] = script[0].to_ascii_uppercase();
                language.script = script;
            } else if (part.len() == 2 && is_letters || part.len() == 3 && is_digits)
                && language.region == [0; 3]
            {
                language.region = padded(&part.to_ascii_uppercase());
            }
        }
        Ok(language)
    }

    /// Says whether the code is one of the usual two-letter ones. A part of a file name is taken for a language only
    /// then: `draft.old.txt` is not in the language `old`.
    pub fn is_usual(&self) -> bool {
        THREE_LETTERS.iter().any(|(_, short)| *short == self.code())
    }

    /// Says whether the code may be a language's: a two-letter one that ISO 639-1 assigns, or one of three letters, of which
    /// there are too many to list.
    pub fn is_assigned(&self) -> bool {
        self.code().len() == 3 || TWO_LETTERS.split_whitespace().any(|code| code == self.code())
    }

    /// Returns the language code alone: `az` for `az-Cyrl-AZ`.
    pub fn code(&self) -> &str {
        text_of(&self.code)
    }

    /// Returns the script code, such as `Cyrl`, where the tag names one.
    pub fn script(&self) -> Option<&str> {
        Some(text_of(&self.script)).filter(|script| !script.is_empty())
    }

    /// Returns the same language with the script named.
    #[must_use]
    pub fn with_script(self, script: [u8; 4]) -> Self {
        Self { script, ..self }
    }

    /// Returns the tag without script and region.
    #[must_use]
    pub fn base(self) -> Self {
        Self::known(self.code)
    }

    /// Says whether the two tags name one language, whatever the script and region.
    pub fn is_same_language(self, other: Self) -> bool {
        self.code == other.code
    }

    /// Says whether the language has a dotless ı beside i, so that I and İ fold to two letters (Azerbaijani, Turkish,
    /// and the neighbours that write as they do).
    pub fn has_dotless_i(self) -> bool {
        matches!(self.code(), "az" | "tr" | "crh" | "gag" | "tt") && self.script() != Some("Cyrl")
    }
}

fn padded<const N: usize>(word: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().zip(word.bytes()) {
        *place = byte;
    }
    bytes
}

fn text_of(bytes: &[u8]) -> &str {
    let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
    std::str::from_utf8(&bytes[..end]).unwrap_or_default()
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())?;
        for part in [text_of(&self.script), text_of(&self.region)] {
            if !part.is_empty() {
                write!(out, "-{part}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(tag: &str) -> Result<Self, LanguageError> {
        Self::parse(tag)
    }
}

impl serde::Serialize for Language {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_normalised() {
        for (given, wanted) in [
            ("aze", "az"),
            ("AZ_cyrl", "az-Cyrl"),
            ("en-us", "en-US"),
            ("eN-uS", "en-US"),
            ("es-419", "es-419"),
            ("az-Latn-AZ-x-old", "az-Latn-AZ"),
            ("tly", "tly"),
        ] {
            assert_eq!(Language::parse(given).unwrap().to_string(), wanted);
        }
    }

    #[test]
    fn every_usual_code_is_assigned() {
        for (_, short) in THREE_LETTERS {
            assert!(Language::parse(short).unwrap().is_assigned(), "{short}");
        }
        assert!(Language::parse("tly").unwrap().is_assigned());
        assert!(!Language::parse("ax").unwrap().is_assigned());
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for wrong in ["", "a", "engl", "e1", "en--us", "az-Cyrl?", "ən"] {
            assert!(Language::parse(wrong).is_err(), "{wrong}");
        }
    }
}
