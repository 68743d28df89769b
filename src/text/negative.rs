//! Which words are negative by their form in Azerbaijani and Turkish.
//!
//! ```text
//! gəl-mə-yəcək-lər    a verb: the stem, -ma/-mə, tense, person
//! ol-ma-dığ-ın-dan    a participle, with the endings of a noun
//! gəl-mə              an imperative, or a verbal noun that negates nothing
//! su-suz-luq          a noun with "without"
//! ```
//! A word is read as a stem, `-ma`, one of the forms below, and endings, up to its last letter; each vowel must agree with
//! the one before it. Anything less takes `uluslararası`, `qalmasına` (of staying) or `yağmur` (rain) for a negation. The
//! verbal noun with a possessive or in the dative (`gəlməsi`, `gəlməyə`) is never negative: its negative is `gəlməməsi`.
//!
//! The forms are those of the school grammars, written for this project. A stem of a consonant and a vowel is a verb only
//! in `de-` and `ye-`, which leaves out `dəmir` (iron), `təmir` (repair), `kömür` (coal), `namaz` (prayer), `memur`. What
//! still looks alike (`formadan`) stands in the language's `negation.tsv`.

use crate::model::Language;

/// How a word is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NegativeForm {
    /// A negative verb or participle.
    Verb,
    /// A noun made of one, or the time before: `anlaşmazlık`, `gəlməzdən`.
    Noun,
    /// Without: `susuz`, `dayanmadan`.
    Without,
    /// An imperative, which may as well be a verbal noun: `getmə`, `etməyin`.
    Imperative,
}

use NegativeForm::{Imperative, Noun, Verb, Without};

/// Negative forms of the Azerbaijani verb behind the stem. `A` and `I` are the vowels of two and four kinds, `K` is k, q, ğ
/// or y; `+` lets endings follow.
const AZERBAIJANI: &[(NegativeForm, &str)] = &[
    (Noun, "mAzdAn mAzlIK+"),
    (Without, "mAdAn"),
    (
        Verb,
        "mIr+ mAz+ mArAm mArIK mAdI+ mAmIş+ mAmIsAn mAmIsInIz mAyIb+ mAyAcAK+ mAyAcAm mAyAn+ mAdIK+ mAyIm mAyAK \
         mAyAsAn mAyAsInIz mAyAlAr mAsIn mAsInlAr mAmAlI+ mAsA+ mAyArAK mAyIncA mAmAK+ mAmA+",
    ),
    (Imperative, "mA mAyIn mAyInIz"),
];

/// Negative forms of the Turkish verb. `-mam` is `I don't` and `my …ing`.
const TURKISH: &[(NegativeForm, &str)] = &[
    (Noun, "mAzdAn mAzlIK+"),
    (Without, "mAdAn mAksIzIn"),
    (
        Verb,
        "mIyor+ mAz+ mAyIz mAdI+ mAmIş+ mAyIp mAyAcAK+ mAyAn+ mAdIK+ mAyAyIm mAyAlIm mAsIn mAsInlAr mAmAlI+ mAsA+ \
         mAyArAK mAyIncA mAmAK+ mAmA+",
    ),
    (Imperative, "mA mAm mAyIn mAyInIz"),
];

/// What may follow: plural, persons, possessives, cases, copulas, the question, `-lıq`, `-kən`.
const ENDINGS: &str = "lAr Am Im Iz sAn sIn IK sInIz dIr tIr dI ydI tI mIş ymIş sA ysA mI I sI yI In ImIz InIz nIz nIn nI \
                       yA nA A ndA dA tA ndAn dAn tAn ylA lA ncA cA cAsInA kI ki n m K lIK ken";

/// The most endings that may stand behind one another; `-lar-ım-ız-dan-dır` are five.
const MOST_ENDINGS: usize = 6;

/// Says how a folded word in Latin letters is negative. Other languages than Azerbaijani and Turkish have no such forms.
///
/// # Example
/// ```
/// use qosha::{model::Language, text::negative::{NegativeForm, negative_form}};
/// assert_eq!(negative_form("gəlməyəcəklər", Language::AZ), Some(NegativeForm::Verb));
/// assert_eq!(negative_form("gəlməsi", Language::AZ), None);
/// ```
pub fn negative_form(word: &str, language: Language) -> Option<NegativeForm> {
    let forms = match language.code() {
        "az" => AZERBAIJANI,
        "tr" => TURKISH,
        _ => return None,
    };
    let letters: Vec<char> = word.chars().collect();
    forms
        .iter()
        .find(|(_, forms)| splits(&letters, 'm').any(|split| is_verb(split, forms)))
        .map(|(kind, _)| *kind)
        .or_else(|| splits(&letters, 's').any(is_without).then_some(Without))
}

/// A stem, its last vowel, and what follows.
type Split<'a> = (&'a [char], char, &'a [char]);

/// Returns the ways to cut a word before a letter, with a stem of two letters at least.
fn splits(letters: &[char], before: char) -> impl Iterator<Item = Split<'_>> {
    (2..letters.len()).filter(move |at| letters[*at] == before).filter_map(|at| {
        let (stem, rest) = letters.split_at(at);
        let vowel = stem.iter().rev().copied().find(|letter| is_vowel(*letter))?;
        Some((stem, vowel, rest))
    })
}

fn is_verb((stem, vowel, rest): Split<'_>, forms: &str) -> bool {
    let is_short = stem.len() == 2 && is_vowel(stem[1]);
    if is_short && !matches!(stem, ['d' | 'y', 'e']) {
        return false;
    }
    forms.split_whitespace().any(|form| match form.strip_suffix('+') {
        Some(form) => strip(rest, form, vowel)
            .is_some_and(|(rest, vowel)| are_endings(rest, vowel, MOST_ENDINGS)),
        None => strip(rest, form, vowel).is_some_and(|(rest, _)| rest.is_empty()),
    })
}

/// Says whether a noun has `-sız`. `-sızlan-`, `-sızlaş-` make verbs, which say nothing.
fn is_without((_, vowel, rest): Split<'_>) -> bool {
    strip(rest, "sIz", vowel).is_some_and(|(rest, vowel)| {
        !matches!(rest, ['l', 'a' | 'ə' | 'e', 'n' | 'ş' | 't' | 'd', ..])
            && are_endings(rest, vowel, MOST_ENDINGS)
    })
}

fn are_endings(letters: &[char], vowel: char, most: usize) -> bool {
    letters.is_empty()
        || most > 0
            && ENDINGS.split_whitespace().any(|form| {
                strip(letters, form, vowel)
                    .is_some_and(|(rest, vowel)| are_endings(rest, vowel, most - 1))
            })
}

/// Takes a form off the front; returns the rest and the last vowel so far.
fn strip<'a>(letters: &'a [char], form: &str, mut vowel: char) -> Option<(&'a [char], char)> {
    let mut at = 0;
    for sign in form.chars() {
        let letter = *letters.get(at)?;
        let fits = match sign {
            'A' => matches!((letter, is_back(vowel)), ('a', true) | ('ə' | 'e', false)),
            'I' => {
                let is_round = matches!(vowel, 'o' | 'u' | 'ö' | 'ü');
                let wanted = match (is_back(vowel), is_round) {
                    (true, false) => 'ı',
                    (true, true) => 'u',
                    (false, false) => 'i',
                    (false, true) => 'ü',
                };
                letter == wanted
            }
            'K' => matches!(letter, 'k' | 'q' | 'ğ' | 'y'),
            _ => letter == sign,
        };
        if !fits {
            return None;
        }
        if is_vowel(letter) {
            vowel = letter;
        }
        at += 1;
    }
    Some((&letters[at..], vowel))
}

fn is_back(vowel: char) -> bool {
    matches!(vowel, 'a' | 'ı' | 'o' | 'u')
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'ı' | 'o' | 'u' | 'ə' | 'e' | 'i' | 'ö' | 'ü')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_form(words: &str, language: Language, form: Option<NegativeForm>) {
        for word in words.split_whitespace() {
            assert_eq!(negative_form(word, language), form, "{word}");
        }
    }

    #[test]
    fn azerbaijani_verbs_negate_by_a_whole_chain_of_endings() {
        let words = "getmir getmirlər getmirəm getmirdi bilməz bilmərəm bilmərik gəlmədi gəlmədilər gəlmədim gəlməyib \
                     gəlməmişdi gəlməyəcək gəlməyəcəyini gəlməyəcəm olmayan olmayanlar olmayanlara olmadığı olmadığından \
                     getməsin getməsinlər etməməli etməməlidirlər edilməmiş unudulmamalı olmasa olmazsa yazmamaq \
                     yazmamağı olmaması olmamasına demir yemədi görmür oxumur oxunmayıb bilməyərək qalmayınca";
        assert_form(words, Language::AZ, Some(Verb));
    }

    #[test]
    fn azerbaijani_verbal_nouns_and_look_alikes_do_not_negate() {
        let words = "gəlməsi qalmasına saxlaması yazmağa yazmaq kömək məktəb gəlməyə dəmir dəmirin təmir kömür məmurlar \
                     namaz xəmir nömrə məlumat cəmiyyət dəniz siz sizin ağız gedirsiniz bizsə səs əksəriyyət \
                     parlament elmi adamın adamlar axşam rəsmilər mədəni alim";
        assert_form(words, Language::AZ, None);
        assert_form("gəlmə getməyin saxlamayın etməyiniz", Language::AZ, Some(Imperative));
        assert_form("susuz evsizlər köməksizlik fasiləsiz olmadan", Language::AZ, Some(Without));
        assert_form("silahsızlandı günahsızlaşır", Language::AZ, None);
    }

    #[test]
    fn turkish_verbs_negate_by_a_whole_chain_of_endings() {
        let words = "gelmiyor gelmiyorlar gelmiyordu gelmez gelmezler gelmedi gelmedik gelmemiş gelmemiştir gelmeyecek \
                     gelmeyeceğini olmayan olmadığı olmadığını gitmesin yapmamalı olmasa gelmeyiz güvenemezsek demiyor \
                     yapamıyordu bulunmamaktadır";
        assert_form(words, Language::TR, Some(Verb));
        let words = "uluslararası kalması gelmeye yapmak demir yağmur çamur memur hamur temiz deniz siz komşusu";
        assert_form(words, Language::TR, None);
        assert_form("gelme gelmem yapmayın", Language::TR, Some(Imperative));
        assert_form("işsiz işsizlik durmadan", Language::TR, Some(Without));
        assert_form("anlaşmazlığı", Language::TR, Some(Noun));
    }

    proptest::proptest! {
        #[test]
        fn any_word_has_an_answer(word in "\\PC{0,12}|[amıznslrdi]{0,40}") {
            for language in [Language::AZ, Language::TR, Language::EN] {
                let _ = negative_form(&word, language);
            }
        }
    }
}
