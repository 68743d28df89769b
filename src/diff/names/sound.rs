//! How alike two words sound.
//!
//! Two questions need two measures. Whether two words **are** one name is asked of persons, where `Leyla` and `Lalə`
//! must differ: [`is_same`] compares skeletons letter by letter. Whether a word **may render** another is asked before a name counts
//! as missing, and there `George` and `Corc`, `Waters` and `Uoters`, `Michael` and `Maykl` must pass: [`renders`] lets
//! vowels count little, lets consonants that languages exchange pass for half, and reads English words as they
//! are spoken, too.

use crate::text::skeleton::likeness;

/// Likeness of skeletons from which two spellings are one name. Measured on the 50 checked pairs of names and the
/// appeals' signatories: true pairs lie at .75 and more, different given names below .7.
pub(super) const SAME: f64 = 0.75;

/// What a vowel weighs beside a consonant's 1, and what it costs to take one vowel for another: the consonants of a name
/// survive, its vowels follow the language. Chosen by hand on English names in Azerbaijani and Russian (see the tests).
const VOWEL: f64 = 0.4;
const OTHER_VOWEL: f64 = 0.2;

/// What it costs to take a consonant for one that languages exchange it for.
const RELATED: f64 = 0.4;

/// Consonants that stand for each other: voiced and voiceless, letters that English reads in two ways.
const RELATIONS: &[[char; 2]] = &[
    ['b', 'p'],
    ['d', 't'],
    ['f', 'v'],
    ['g', 'h'],
    ['g', 'j'],
    ['g', 'k'],
    ['h', 'k'],
    ['i', 'j'],
    ['h', 's'],
    ['j', 's'],
    ['j', 'z'],
    ['k', 's'],
    ['s', 'z'],
    ['u', 'v'],
];

/// Says whether two words are one name by their skeletons, an ending of the target aside.
pub(super) fn is_same(source: &str, target: &str) -> bool {
    likeness_of_starts(source, target) >= SAME
}

/// Returns the best likeness of a skeleton with the beginnings of another that are about as long.
pub(super) fn likeness_of_starts(source: &str, target: &str) -> f64 {
    let length = source.chars().count();
    let ends: Vec<usize> = target.char_indices().map(|(at, _)| at).chain([target.len()]).collect();
    let lengths = length.saturating_sub(1)..=length + 1;
    let starts = lengths
        .filter_map(|letters| ends.get(letters))
        .map(|end| likeness(source, &target[..*end]));
    starts.fold(likeness(source, target), f64::max)
}

/// Returns the least number of letters put in, left out or changed that make a skeleton of a beginning of another that is
/// about as long; two swapped letters are two changes.
pub(super) fn edits(source: &str, target: &str) -> usize {
    let length = source.chars().count();
    let target: Vec<char> = target.chars().collect();
    let ends = (length.saturating_sub(1)..=length + 1).filter(|end| *end <= target.len());
    let distance = |end: usize| {
        rapidfuzz::distance::levenshtein::distance(source.chars(), target[..end].iter().copied())
    };
    ends.map(distance).min().unwrap_or_else(|| distance(target.len()))
}

/// Returns how well a target word may render a source word, in `0..=1`, an ending of the target aside: one minus the
/// weighed edit distance to its best beginning over the greater weight.
pub(super) fn renders(source: &str, target: &str) -> f64 {
    let target: Vec<char> = target.chars().collect();
    let length = source.chars().count();
    if length == 0 || target.is_empty() {
        return 0.0;
    }
    let mut costs = vec![0.0];
    for letter in &target {
        costs.push(costs[costs.len() - 1] + weight(*letter));
    }
    let weights = costs.clone();
    let mut whole = 0.0;
    for letter in source.chars() {
        whole += weight(letter);
        let mut diagonal = costs[0];
        costs[0] += weight(letter);
        for (at, other) in target.iter().enumerate() {
            let changed = diagonal + exchange(letter, *other);
            diagonal = costs[at + 1];
            costs[at + 1] = changed.min(diagonal + weight(letter)).min(costs[at] + weight(*other));
        }
    }
    let ends = (length.saturating_sub(1).max(3)..=length + 2).chain([target.len()]);
    ends.filter(|end| (1..=target.len()).contains(end))
        .map(|end| 1.0 - costs[end] / whole.max(weights[end]))
        .fold(0.0, f64::max)
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

fn weight(letter: char) -> f64 {
    // An h is often not written: Utah, Юта.
    if is_vowel(letter) || letter == 'h' { VOWEL } else { 1.0 }
}

fn exchange(one: char, other: char) -> f64 {
    if one == other {
        0.0
    } else if is_vowel(one) && is_vowel(other) {
        OTHER_VOWEL
    } else if RELATIONS.contains(&[one.min(other), one.max(other)]) {
        RELATED
    } else {
        weight(one).max(weight(other))
    }
}

/// How English reads letters, each before what is looked for at its place; the first that fits wins.
const READ: &[(&str, &str)] = &[
    ("sch", "sh"),
    ("tch", "ch"),
    ("chael", "kl"),
    ("chr", "kr"),
    ("eigh", "ei"),
    ("igh", "ai"),
    ("ough", "o"),
    ("augh", "o"),
    ("tion", "shn"),
    ("ugh", "u"),
    ("eau", "o"),
    ("geo", "jo"),
    ("ge", "je"),
    ("gi", "ji"),
    ("gy", "ji"),
    ("dge", "j"),
    ("ph", "f"),
    ("tz", "ts"),
    ("th", "t"),
    ("wh", "v"),
    ("ee", "i"),
    ("ea", "i"),
    ("oo", "u"),
    ("ou", "au"),
    ("ow", "ou"),
    ("aw", "o"),
    ("au", "o"),
    ("ew", "u"),
    ("x", "ks"),
];

/// Returns an English word, folded, as it is spoken, in letters that its skeleton can be taken of: `george` is `jorj`.
pub(super) fn spoken(folded: &str) -> String {
    let word = match folded.strip_suffix('e') {
        Some(rest) if rest.chars().count() >= 3 => rest,
        _ => folded,
    };
    // The silent e still softens the consonant before it.
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    for (silent, spoken) in [("kn", "n"), ("wr", "r")] {
        if let Some(behind) = rest.strip_prefix(silent) {
            out.push_str(spoken);
            rest = behind;
        }
    }
    while let Some(letter) = rest.chars().next() {
        if let Some((written, spoken)) = READ.iter().find(|(written, _)| rest.starts_with(written))
        {
            out.push_str(spoken);
            rest = &rest[written.len()..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    if word.len() < folded.len() && word.ends_with('g') {
        out.pop();
        out.push('j');
    } else if word.len() < folded.len() && word.ends_with('c') {
        out.pop();
        out.push('s');
    }
    out
}
