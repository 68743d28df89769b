//! Words of a text that are nearly a word of a term: spelling mistakes, and letters typed without their marks.
//!
//! ```text
//! Birlyinin   Birliyi, one letter missing     Usaq   Uşaq, one letter wrong (4 letters: never near)
//! Mekrəz      Mərkəz, two letters swapped     Parlamentari   no: Parlament with an ending that is none
//! ```
//! The distance is that of optimal string alignment: a letter too many, missing, wrong, or two neighbours swapped cost
//! one. It is taken between the letters that the word keeps in all its forms and the beginning of the token; behind them
//! a right ending must follow. [`most_edits`] bounds it by length. The tree of keys is gone down with a row of the
//! table of distances for each letter, and left where a whole row is over the bound; the first letter must be right but for
//! its mark, which keeps the search short.
//!
//! A wrong word that is a right one is none of our business: a token that goes on behind all letters of a word (`Anar`,
//! `Ana`), or is another form of the same stem (`Fonda`, `Fondu`), is not near; but an ending whose vowels lack their marks
//! (`Assosiasiyasinin`) costs one. Nor are numbers, acronyms and names whose case counts near to anything, nor is anything
//! near to a small word that is a term by itself: `şəhər` and `səhər`, `hərəkat` and `hərəkət` are all words (they were
//! all 493 near hits of 189 terms in 0.96 MB of unrelated Azerbaijani).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::vocabulary::{Keys, Vocabulary};
use crate::model::TermHit;
use crate::text::suffix;

/// Longer tokens are never near a word.
const LONGEST: usize = 40;

/// Edits over all words of a term.
pub(super) const MOST_EDITS: u8 = 2;

/// Returns how many edits a word of so many letters may be away: a word of up to four letters has too many neighbours that
/// are words (`fond`, `fonda`, `font`).
pub(super) fn most_edits(letters: usize) -> u8 {
    match letters {
        0..5 => 0,
        5..9 => 1,
        _ => MOST_EDITS,
    }
}

/// Returns the words that a folded token is near to, with the edits between them, by number.
pub(super) fn near(vocabulary: &Vocabulary<'_>, token: &str) -> Vec<(u32, u8)> {
    let letters: Vec<char> = token.chars().collect();
    let bound = most_edits(letters.len() + 1);
    if bound == 0 || letters.len() > LONGEST || letters.iter().any(|c| c.is_numeric()) {
        return Vec::new();
    }
    let mut walk = Walk { vocabulary, token, letters, bound, path: Vec::new(), found: Vec::new() };
    let first: Vec<u8> =
        (0..=walk.letters.len()).map(|at| u8::try_from(at).unwrap_or(u8::MAX)).collect();
    for (letter, node) in vocabulary.keys().children(Keys::ROOT) {
        if plain(*letter) == plain(walk.letters[0]) {
            walk.down(*letter, *node, &first, None);
        }
    }
    walk.found.sort_unstable();
    walk.found.dedup_by_key(|(word, _)| *word);
    walk.found
}

/// Takes the mark off a letter that is typed without it where there is no Azerbaijani or Turkish keyboard.
fn plain(letter: char) -> char {
    match letter {
        'ı' => 'i',
        'ş' => 's',
        'ç' => 'c',
        'ğ' => 'g',
        'ö' => 'o',
        'ü' => 'u',
        'ə' => 'e',
        _ => letter,
    }
}

/// Drops the near hits that overlap a right hit of their concept or lie inside one of any, and of the near hits of a concept
/// that overlap all but the nearest; of equals the longest stays, then the first of the glossary.
pub(super) fn settle(hits: &mut Vec<TermHit>) {
    let (mut kept, mut near): (Vec<TermHit>, Vec<TermHit>) =
        hits.drain(..).partition(|hit| hit.edits == 0);
    near.sort_by_key(|hit| {
        (hit.edits, Reverse(hit.span.len()), hit.span.start, hit.concept, hit.term)
    });
    // Right hits by start, to look at those only that may overlap; the longest one says how far back that is.
    kept.sort_by_key(|hit| hit.span.start);
    let longest = kept.iter().map(|hit| hit.span.len()).max().unwrap_or(0);
    let mut taken: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    near.retain(|hit| {
        let from = hit.span.start.saturating_sub(longest);
        let first = kept.partition_point(|right| right.span.start < from);
        let mut around = kept[first..].iter().take_while(|right| right.span.start < hit.span.end);
        let is_right = around.any(|right| {
            right.span.contains(hit.span)
                || (right.concept == hit.concept && right.span.overlaps(hit.span))
        });
        // Spans that were kept of one concept don't overlap, so the last one before the end is the one to look at.
        let before = taken.range((hit.concept, 0)..(hit.concept, hit.span.end)).next_back();
        let is_taken = before.is_some_and(|(_, end)| *end > hit.span.start);
        if !is_right && !is_taken {
            taken.insert((hit.concept, hit.span.start), hit.span.end);
        }
        !is_right && !is_taken
    });
    hits.append(&mut kept);
    hits.append(&mut near);
}

struct Walk<'v> {
    vocabulary: &'v Vocabulary<'v>,
    token: &'v str,
    letters: Vec<char>,
    bound: u8,
    /// The letters of the tree so far.
    path: Vec<char>,
    found: Vec<(u32, u8)>,
}

impl Walk<'_> {
    /// Goes on to a node by its letter. `row` and `before` are the rows of the table for the letter before and the one before
    /// that: the edits between the path and each beginning of the token.
    fn down(&mut self, letter: char, node: u32, row: &[u8], before: Option<&[u8]>) {
        let mut next = Vec::with_capacity(row.len());
        next.push(row[0].saturating_add(1));
        for (at, own) in self.letters.iter().enumerate() {
            let mut edits =
                (row[at] + u8::from(*own != letter)).min(row[at + 1] + 1).min(next[at] + 1);
            if let (Some(before), Some(last)) = (before, self.path.last())
                && at > 0
                && *last == *own
                && self.letters[at - 1] == letter
            {
                edits = edits.min(before[at - 1] + 1);
            }
            next.push(edits);
        }
        if next.iter().min().is_none_or(|least| *least > self.bound) {
            return;
        }
        self.path.push(letter);
        self.keep(node, &next);
        for (letter, child) in self.vocabulary.keys().children(node) {
            self.down(*letter, *child, &next, Some(row));
        }
        self.path.pop();
    }

    /// Keeps the words whose keys end at a node, where the token is near.
    fn keep(&mut self, node: u32, row: &[u8]) {
        let keys = self.vocabulary.keys().at(node);
        let length = self.path.len();
        let bound = most_edits(length);
        if keys.is_empty() || bound == 0 {
            return;
        }
        let goes_on = row.get(length) == Some(&0);
        if self.path.iter().any(|c| c.is_numeric()) || (!goes_on && self.is_other_form()) {
            return;
        }
        let stem: String = self.path.iter().collect();
        for key in keys {
            let mut best: Option<u8> = None;
            let mut rest = self.token.char_indices().map(|(at, _)| at).chain([self.token.len()]);
            for ((letters, edits), at) in row.iter().enumerate().zip(&mut rest) {
                // Behind all letters of the word only an ending whose vowels lack their marks is a mistake.
                if *edits > bound || (goes_on && letters != length) {
                    continue;
                }
                let ending = &self.token[at..];
                let edits = match self.vocabulary.has_ending(key, Some(&stem), ending) {
                    true => *edits,
                    false if self.vocabulary.has_ending(key, None, ending) => *edits + 1,
                    false => continue,
                };
                if edits <= bound && best.is_none_or(|best| edits < best) {
                    best = Some(edits);
                }
            }
            self.found.extend(best.filter(|edits| *edits > 0).map(|edits| (key.word, edits)));
        }
    }

    /// Says whether the token and the path are one stem with two endings.
    fn is_other_form(&self) -> bool {
        let language = self.vocabulary.language();
        let same = self.letters.iter().zip(&self.path).take_while(|(one, other)| one == other);
        let same = same.count();
        suffix::has_endings(language)
            && (3..=same).rev().take(3).any(|cut| {
                let [stem, ours, theirs] =
                    [&self.path[..cut], &self.path[cut..], &self.letters[cut..]]
                        .map(|letters| letters.iter().collect::<String>());
                suffix::is_ending(Some(&stem), &ours, language)
                    && suffix::is_ending(Some(&stem), &theirs, language)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Glossary, Mode};
    use crate::model::{HitKind, Language};

    /// Returns the near hits: their text and edits.
    fn near(terms: &str, language: Language, text: &str) -> Vec<(String, u8)> {
        let csv = format!("{language}\n{}\n", terms.replace(';', "\n"));
        let (glossary, _) = Glossary::read_csv("g", &csv, Mode::Strict).unwrap();
        let hits = glossary.matcher(language).find_near(text).into_iter();
        let near = hits.filter(|hit| hit.how == HitKind::Near);
        near.map(|hit| (hit.span.of(text).to_owned(), hit.edits)).collect()
    }

    #[test]
    fn misspelt_names_are_found_with_their_endings() {
        let az = |terms, text| near(terms, Language::AZ, text);
        for (text, found, edits) in [
            ("Ictimai Birliyinin sədri", "Ictimai Birliyinin", 1),
            ("İctimai Birlyinin sədri", "İctimai Birlyinin", 1),
            ("İctiami Birliyi", "İctiami Birliyi", 1),
            ("İCTİMAİ BİRİLYİNDƏ", "İCTİMAİ BİRİLYİNDƏ", 1),
            ("İctimmai Biirliyi", "İctimmai Biirliyi", 2),
            ("İctimai Birliyindan", "İctimai Birliyindan", 1),
        ] {
            assert_eq!(az("İctimai Birliyi", text), [(found.to_owned(), edits)], "{text}");
        }
        assert_eq!(
            near("Public Union", Language::EN, "Pubilc Unions"),
            [("Pubilc Unions".to_owned(), 1)]
        );
        assert_eq!(
            near("Благотворительный фонд", Language::RU, "в Благотварительном фонде"),
            [("Благотварительном фонде".to_owned(), 1)]
        );
    }

    #[test]
    fn other_words_and_short_ones_are_not_near() {
        let az = |terms, text| near(terms, Language::AZ, text);
        for (terms, text) in [
            ("BMT;ATƏT", "BMP BMTX ATAT"),
            ("Fond;Ana", "Font Anar"),
            ("Parlament", "Parlamentari Parlamentarı"),
            ("Fondu", "Fonda Fondun"),
            ("Senat", "sənət Senator"),
            ("Mərkəz", "mərkəs"),
            ("şəhər;müəllim", "səhər Müəllif"),
            ("Parlament", "Parlamentlı"),
            ("Qanun 2019", "Qanun 2018"),
        ] {
            assert_eq!(az(terms, text), [], "{terms}: {text}");
        }
    }

    #[test]
    fn a_near_hit_stands_nowhere_beside_a_right_one() {
        let csv = "concept,language,term\nc,az,İctimai Birliyi\nc,az,İctimai Birlyi\nd,az,İctimaii Birlik\n";
        let (glossary, _) = Glossary::read_csv("g", csv, Mode::Strict).unwrap();
        let hits = glossary.matcher(Language::AZ).find_near("İctimai Birliyi");
        let found: Vec<_> = hits.iter().map(|hit| (hit.concept, hit.term, hit.how)).collect();
        assert_eq!(found, [(0, 0, HitKind::Exact)]);
    }
}
