//! Segments as token numbers: what the lexicon and the cognate table speak of.
//!
//! A token is a run of letters and digits, or one of the marks `? ! ( ) : ; % $ € £ "`. Letters are made alike across
//! alphabets (lower case, Cyrillic to Latin letter by letter, accents dropped), and a word is cut to its first five
//! letters, which serves as a stem in every language measured (4 or 6 letters: no gain). A word with a digit is kept
//! whole. Beside them stand tokens for what is known of the segment: the number of a list item, the values in it in
//! normal form, the glossary concepts in it. These begin with U+0001 so that no text can contain one.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::Pair;
use super::fixed::{FixedPoints, Free, Gates};
use super::vectors::TextVectors;
use crate::model::{Document, Language, SegmentId, SegmentKind, TermHit};
use crate::text::common::CommonWords;
use crate::text::fold;
use crate::text::fold_char;
use crate::text::values::{self, Value};

/// Letters of a stem.
const STEM_LETTERS: usize = 5;

/// The most tokens of a segment that are looked at: each is compared with each of a partner, and what is longer is hardly a
/// sentence.
const MOST_TOKENS: usize = 1_000;

/// One side's token types, with how often each occurs in the job.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    ids: FxHashMap<String, u32>,
    /// The tokens by id.
    pub(super) tokens: Vec<String>,
    /// How often each occurs.
    pub(super) counts: Vec<f64>,
    total: f64,
    rarity: Vec<f32>,
}

impl Vocabulary {
    fn id(&mut self, token: String) -> u32 {
        self.total += 1.0;
        if let Some(id) = self.ids.get(&token) {
            self.counts[*id as usize] += 1.0;
            return *id;
        }
        let id = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        self.tokens.push(token.clone());
        self.counts.push(1.0);
        self.ids.insert(token, id);
        id
    }

    /// Returns the id of a token that occurs.
    pub(super) fn known(&self, token: &str) -> Option<u32> {
        self.ids.get(token).copied()
    }

    /// Returns one over the share of a token among all tokens of its side, smoothed by half a count.
    #[inline]
    pub(super) fn rarity(&self, id: u32) -> f32 {
        self.rarity[id as usize]
    }

    fn finish(&mut self) {
        let all = self.total + 0.5 * self.tokens.len() as f64;
        #[expect(clippy::cast_possible_truncation, reason = "a ratio needs no more digits")]
        let rarity = |count: &f64| (all / (count + 0.5)) as f32;
        self.rarity = self.counts.iter().map(rarity).collect();
    }
}

/// A segment as the aligner sees it.
#[derive(Debug)]
pub(super) struct Sentence {
    /// The tokens in order.
    pub(super) tokens: Vec<u32>,
    /// The token types, each once, ascending.
    pub(super) types: Vec<u32>,
    /// Characters, white space runs as one, at least 1.
    pub(super) length: f64,
    /// How it ends, below [`END_CLASSES`].
    pub(super) end: usize,
    /// How it starts, below [`START_CLASSES`].
    pub(super) start: usize,
    /// Whether it is an item of a list.
    pub(super) is_item: bool,
    /// How many of its first tokens are those of the list marker.
    pub(super) marker: usize,
}

/// Both sides of a pair, less what is settled. The aligner counts places in these lists, from 0.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) source: Vec<Sentence>,
    pub(super) target: Vec<Sentence>,
    /// The segments of the documents, by place.
    pub(super) ids: [Vec<SegmentId>; 2],
    /// Where the ways through the grid must lead.
    pub(super) gates: Gates,
    /// The vectors of both sides, where there are some.
    pub(super) vectors: Option<TextVectors>,
}

/// All pairs of a job and their vocabularies.
#[derive(Debug)]
pub(super) struct Corpus {
    pub(super) texts: Vec<Text>,
    /// Settled beads, one a text with a sentence a side: they teach words, and nothing in them is searched.
    pub(super) settled: Vec<Text>,
    pub(super) source: Vocabulary,
    pub(super) target: Vocabulary,
}

impl Corpus {
    /// Makes a corpus of pairs and the segments of each that are to be searched.
    pub(super) fn new(pairs: Vec<(Pair<'_>, Free)>) -> Self {
        let (source, target) = rayon::join(|| Side::new(&pairs, 0), || Side::new(&pairs, 1));
        let sides = source.texts.into_iter().zip(target.texts);
        let texts = pairs
            .into_iter()
            .zip(sides)
            .map(|((pair, Free { ids, gates }), (source, target))| {
                let vectors = pair
                    .vectors
                    .map(|vectors| TextVectors::new(vectors, ids.clone(), [&source, &target]));
                Text { source, target, ids, gates, vectors }
            })
            .collect();
        let settled = source.settled.into_iter().zip(target.settled);
        let settled = settled
            .map(|(source, target)| Text {
                source: vec![source],
                target: vec![target],
                ids: Default::default(),
                gates: Gates::default(),
                vectors: None,
            })
            .collect();
        Self { texts, settled, source: source.vocabulary, target: target.vocabulary }
    }
}

/// One side of all pairs of a job.
struct Side {
    texts: Vec<Vec<Sentence>>,
    /// The settled beads that have a partner, each one sentence.
    settled: Vec<Sentence>,
    vocabulary: Vocabulary,
}

impl Side {
    /// Reads the source side (0) or the target side (1).
    fn new(pairs: &[(Pair<'_>, Free)], side: usize) -> Self {
        let mut vocabulary = Vocabulary::default();
        let (mut texts, mut settled) = (Vec::with_capacity(pairs.len()), Vec::new());
        for (pair, free) in pairs {
            let (document, hits) =
                [(pair.source, pair.source_terms), (pair.target, pair.target_terms)][side];
            let beads = pair.fixed.map_or(&[][..], FixedPoints::beads);
            for bead in beads.iter().filter(|bead| !bead.is_null()) {
                let ids = [&bead.source, &bead.target][side];
                settled.extend(joined(sentences(document, ids, hits, &mut vocabulary)));
            }
            texts.push(sentences(document, &free.ids[side], hits, &mut vocabulary));
        }
        vocabulary.finish();
        Self { texts, settled, vocabulary }
    }
}

/// Makes one sentence of many.
fn joined(sentences: Vec<Sentence>) -> Option<Sentence> {
    sentences.into_iter().reduce(|mut whole, next| {
        whole.tokens.extend(next.tokens);
        whole.types.extend(next.types);
        whole.types.sort_unstable();
        whole.types.dedup();
        Sentence { length: whole.length + next.length, end: next.end, ..whole }
    })
}

fn sentences(
    document: &Document,
    ids: &[SegmentId],
    hits: &[TermHit],
    vocabulary: &mut Vocabulary,
) -> Vec<Sentence> {
    // A common word stands for its like already; as a concept of the glossary, too, it would count twice.
    let common = CommonWords::of(document.language);
    let is_common = |term: &str| {
        let is_word = term.chars().all(char::is_alphabetic);
        let folded = || fold(term, document.language);
        is_word && common.is_some_and(|common| !common.concepts(&folded()).is_empty())
    };
    ids.iter()
        .filter_map(|id| document.segments.get(id.place()))
        .map(|segment| {
            let text = segment.span.of(&document.text);
            let mut words = words(text);
            if let Some(number) = segment.number {
                words.push(format!("\u{1}item {number}"));
            }
            words.extend(values(text, document.language));
            let first = hits.partition_point(|hit| hit.span.start < segment.span.start);
            let inside = hits[first..].iter().take_while(|hit| hit.span.start < segment.span.end);
            for hit in
                inside.filter(|hit| !hit.is_nested && !is_common(hit.span.of(&document.text)))
            {
                words.push(format!("\u{1}concept {}", hit.concept));
            }
            words.truncate(MOST_TOKENS);
            let tokens: Vec<u32> = words.into_iter().map(|word| vocabulary.id(word)).collect();
            let mut types = tokens.clone();
            types.sort_unstable();
            types.dedup();
            let solid = text.split_whitespace().map(|word| word.chars().count() + 1).sum::<usize>();
            let length = solid.saturating_sub(1).max(1) as f64;
            Sentence {
                tokens,
                types,
                length,
                end: end_class(text),
                start: start_class(text),
                is_item: segment.kind == SegmentKind::ListItem,
                marker: segment.marker.map_or(0, |span| self::words(span.of(&document.text)).len()),
            }
        })
        .collect()
}

/// Returns a token for each value of the segment that its plain words do not already give: a date, a time, a number with
/// separators or a magnitude. A bare number is a word of its own.
fn values(text: &str, language: Language) -> Vec<String> {
    let is_plain = |value: &Value| {
        let written = value.span.of(text);
        written.len() <= 3 && written.bytes().all(|b| b.is_ascii_digit())
    };
    let found = values::find(text, language);
    found
        .iter()
        .filter(|value| !is_plain(value))
        .map(|value| format!("\u{1}{}", value.key()))
        .collect()
}

/// Returns the words of a text with the stem that stands for each; no numbers and marks.
pub(super) fn stems(text: &str) -> impl Iterator<Item = (String, &str)> {
    let is_inside = |letter: char| letter.is_alphanumeric() || is_combining(letter);
    text.split(move |letter| !is_inside(letter)).filter_map(|word| {
        let stem = words(word).pop()?;
        (!stem.starts_with('#')).then_some((stem, word))
    })
}

/// Cuts a text into plain tokens.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if letter.is_alphanumeric() || is_combining(letter) {
            plain(letter, &mut word);
            continue;
        }
        finish(&mut word, &mut tokens);
        match letter {
            '?' | '!' | '(' | ')' | ':' | ';' | '%' | '$' | '€' | '£' => {
                tokens.push(letter.to_string());
            }
            '"' | '“' | '”' | '„' | '«' | '»' | '‟' => tokens.push("\"".to_owned()),
            _ => {}
        }
    }
    finish(&mut word, &mut tokens);
    tokens
}

fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&letter)
}

fn finish(word: &mut String, tokens: &mut Vec<String>) {
    if word.is_empty() {
        return;
    }
    if word.chars().any(|c| c.is_ascii_digit()) {
        let bare = word.trim_start_matches('0');
        tokens.push(format!("#{}", if bare.is_empty() { "0" } else { bare }));
    } else {
        tokens.push(word.chars().take(STEM_LETTERS).collect());
    }
    word.clear();
}

/// Adds a letter in the plain form shared by all alphabets.
fn plain(letter: char, out: &mut String) {
    let letter = fold_char(letter, Language::UND);
    let latin = match letter {
        'a'..='z' | '0'..='9' => return out.push(letter),
        'ə' | 'ә' | 'а' | 'я' => "a",
        'ı' | 'и' | 'і' => "i",
        'ß' => "ss",
        'þ' => "th",
        'ð' | 'д' => "d",
        'æ' => "ae",
        'ø' | 'о' | 'ө' => "o",
        'ł' | 'л' => "l",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' | 'ґ' => "g",
        'е' | 'э' | 'є' | 'ё' => "e",
        'ж' | 'ҹ' => "j",
        'з' => "z",
        'й' | 'ы' | 'ј' | 'ї' => "y",
        'к' | 'ҝ' => "k",
        'м' => "m",
        'н' => "n",
        'п' => "p",
        'р' => "r",
        'с' | 'ш' | 'щ' => "s",
        'т' => "t",
        'у' | 'ү' | 'ю' => "u",
        'ф' => "f",
        'х' | 'һ' => "h",
        'ц' | 'ч' => "c",
        'ъ' | 'ь' => "",
        _ => {
            out.extend(letter.to_string().nfd().filter(|c| !is_combining(*c)));
            return;
        }
    };
    out.push_str(latin);
}

/// Classes of sentence ends: nine marks, each closed by a quotation mark or bracket or not.
pub(super) const END_CLASSES: usize = 18;
/// The class of a plain full stop.
pub(super) const END_STOP: usize = 0;
/// The class of a plain question mark.
pub(super) const END_QUESTION: usize = 1;
/// The class of a plain exclamation mark.
pub(super) const END_EXCLAMATION: usize = 2;
/// The class of a plain colon.
pub(super) const END_COLON: usize = 3;
/// The class of a plain semicolon.
pub(super) const END_SEMICOLON: usize = 4;
/// The class of a plain comma.
pub(super) const END_COMMA: usize = 5;
/// The class of any other end without a mark.
pub(super) const END_OTHER: usize = 8;

fn end_class(text: &str) -> usize {
    let text = text.trim_end();
    let bare = text.trim_end_matches(['"', '”', '“', '»', '’', '\'', ')', ']']);
    let mark = match bare.chars().next_back() {
        Some('.') if bare.ends_with("...") => 6,
        Some('.') => END_STOP,
        Some('?') => END_QUESTION,
        Some('!') => END_EXCLAMATION,
        Some(':') => END_COLON,
        Some(';') => END_SEMICOLON,
        Some(',') => END_COMMA,
        Some('…') => 6,
        Some(c) if c.is_numeric() => 7,
        _ => END_OTHER,
    };
    if bare.len() < text.len() { mark + 9 } else { mark }
}

/// Classes of sentence starts.
pub(super) const START_CLASSES: usize = 7;
/// The class of a capital letter.
pub(super) const START_UPPER: usize = 0;
/// The class of a small letter.
pub(super) const START_LOWER: usize = 1;
/// The class of a dash or bullet.
pub(super) const START_BULLET: usize = 3;

fn start_class(text: &str) -> usize {
    match text.trim_start().chars().next() {
        Some(c) if c.is_uppercase() => START_UPPER,
        Some(c) if c.is_lowercase() => START_LOWER,
        Some(c) if c.is_numeric() => 2,
        Some('-' | '–' | '—' | '•' | '*' | '·') => START_BULLET,
        Some('"' | '“' | '„' | '«' | '‘' | '\'' | '»') => 4,
        Some('(' | '[') => 5,
        _ => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_plain_stems_and_numbers_stay_whole() {
        assert_eq!(words("Müraciətin 007-ci «bəndi»"), ["murac", "#7", "ci", "\"", "bandi", "\""]);
        assert_eq!(words("Щёлоч 1,240?"), ["seloc", "#1", "#240", "?"]);
        assert_eq!(words("İstanbul"), ["istan"]);
    }

    #[test]
    fn ends_are_seen_behind_closing_marks() {
        assert_eq!(end_class("dedi.\" "), END_STOP + 9);
        assert_eq!(end_class("belədir:"), END_COLON);
        assert_eq!(end_class("Giriş"), END_OTHER);
    }
}
