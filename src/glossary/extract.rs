//! Candidates for a glossary: names that two aligned versions have in common.
//!
//! - **Signatories** of both versions are paired, however one list is sorted: by the people beside them (by sound), the pairs of the
//!   alignment, the numbers, the kinds of organization and names that sound alike.
//! - **Organizations in running text**: capitalised words around a kind of organization; where both sides of a bead name one of a
//!   class, they belong together.
//! - **People in running text**: capitalised words that sound alike on both sides, one of them a surname; other names where they are
//!   wanted.
//! - **Acronyms**: by how often they stand in the same beads, against how often they stand at all.
//!
//! Each candidate says what speaks for it, how many beads have both names, and where.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::Glossary;
use super::edit::id_of;
use super::organizations::{Rules, Token, spanning};
use super::signatory::{Signatory, signatories};
use crate::model::{Aligned, Bead, Document, Language, SegmentId, Span, TermType};
use crate::text::skeleton::likeness;
use crate::text::suffix::is_ending;
use crate::text::{fold, skeleton};

/// Likeness of skeletons from which two spellings are one name, as the comparison of names in versions has it.
const SAME: f64 = 0.75;

/// What two signatories must reach to be a pair; see [`support`].
const LEAST_SUPPORT: f64 = 1.0;

/// The share of the beads with either of two acronyms that must have both.
const LEAST_DICE: f64 = 0.5;

/// Letters of the skeleton of a name of one word, at least; shorter ones are alike by chance.
const LEAST_LETTERS: usize = 4;

/// The most places that a candidate shows.
const MOST_CONTEXTS: usize = 3;

/// Letters of an acronym.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=7;

/// A name of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateName {
    /// The term for a glossary: the name by which an organization is known.
    pub term: String,
    /// The name as the text has it where it was found.
    pub written: String,
}

/// What speaks for a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// Both stand in lists of signatories.
    Signatories,
    /// Both stand in one bead.
    Bead,
    /// Both have the same number in their lists.
    Number,
    /// The people beside them are the same.
    Person,
    /// Both are of the same kind.
    Kind,
    /// Both sound alike.
    Sound,
    /// They stand together oftener than apart.
    Association,
}

/// Where both names of a candidate stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CandidateContext {
    /// The pair, a place in the list that was given.
    pub pair: usize,
    /// The source segment.
    pub source: SegmentId,
    /// The target segment.
    pub target: SegmentId,
}

/// Two names that may be terms of one concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// An id for the concept, made of the source term; no two candidates have the same.
    pub concept: String,
    /// What they name.
    pub kind: TermType,
    /// The name in the source language.
    pub source: CandidateName,
    /// The name in the target language.
    pub target: CandidateName,
    /// What speaks for it.
    pub support: Vec<Support>,
    /// How many beads have both names, inflected or not.
    pub count: usize,
    /// The first of them.
    pub contexts: Vec<CandidateContext>,
}

/// Proposes terms from aligned versions, all pairs in the same two languages: organizations, then people, places and acronyms, each
/// in the order of the texts. What `known` has in both languages under one concept is left out.
///
/// With `all_names` other names that sound alike are proposed too, places for the most part.
pub fn extract(pairs: &[Aligned<'_>], known: Option<&Glossary>, all_names: bool) -> Vec<Candidate> {
    let Some(first) = pairs.first() else { return Vec::new() };
    let languages = [first.source.language, first.target.language];
    let rules = languages.map(Rules::new);
    let mut found: Found = Found::default();
    for pair in pairs {
        let sides = [pair.source, pair.target];
        let taken = signed(pair, &mut found);
        let beads: Vec<[Vec<Token<'_>>; 2]> = beads(pair, &rules, &taken);
        for bead in &beads {
            organizations(bead, &rules, sides, &mut found);
            names(bead, &rules, sides, all_names, &mut found);
        }
    }
    found.settle_names(languages);
    acronyms(pairs, &rules, &mut found);
    let mut candidates = found.candidates;
    candidates.retain(|one| !is_known(one, languages, known));
    for (number, pair) in pairs.iter().enumerate() {
        count(&mut candidates, pair, number);
    }
    let rank = |kind: TermType| match kind {
        TermType::Organization => 0,
        TermType::Person => 1,
        TermType::Place => 2,
        _ => 3,
    };
    candidates.sort_by_key(|one| rank(one.kind));
    let mut taken = BTreeSet::new();
    for candidate in &mut candidates {
        let base = id_of(&candidate.source.term, languages[0]);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let mut ids = std::iter::once(base.clone()).chain(numbered);
        candidate.concept = ids.find(|id| taken.insert(id.clone())).unwrap_or(base.clone());
    }
    candidates
}

/// Candidates, each pair of names once.
#[derive(Default)]
struct Found {
    candidates: Vec<Candidate>,
    places: FxHashMap<(TermType, String, String), usize>,
    /// The names of running text by source, with the forms of the target, in the order of the texts.
    names: Vec<(TermType, String, Vec<String>)>,
}

impl Found {
    fn add(&mut self, kind: TermType, names: [CandidateName; 2], support: Vec<Support>) {
        let [source, target] = names;
        let key = (kind, source.term.clone(), target.term.clone());
        if let Some(place) = self.places.get(&key) {
            let own = &mut self.candidates[*place].support;
            own.extend(support);
            own.sort_unstable();
            own.dedup();
            return;
        }
        self.places.insert(key, self.candidates.len());
        let (concept, count, contexts) = (String::new(), 0, Vec::new());
        self.candidates.push(Candidate { concept, kind, source, target, support, count, contexts });
    }

    /// Adds a name of running text, which may stand with an ending in the target.
    fn add_name(&mut self, kind: TermType, source: String, target: String) {
        match self.names.iter_mut().find(|(_, name, _)| *name == source) {
            Some((_, _, forms)) => forms.push(target),
            None => self.names.push((kind, source, vec![target])),
        }
    }

    /// Makes candidates of the names of running text: of the forms of a name the shortest, its last word without ending.
    fn settle_names(&mut self, languages: [Language; 2]) {
        for (kind, source, forms) in std::mem::take(&mut self.names) {
            let shortest = forms.into_iter().min_by_key(|form| form.chars().count());
            let Some(form) = shortest.filter(|_| !self.has_words(&source)) else { continue };
            let target = without_ending(&form, &source, languages);
            let names = [source, target].map(|term| CandidateName { written: term.clone(), term });
            self.add(kind, names, vec![Support::Bead, Support::Sound]);
        }
    }

    /// Says whether a name with these words, in any order, was found.
    fn has_words(&self, source: &str) -> bool {
        let sorted = |name: &str| {
            let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
            words.sort_unstable();
            words
        };
        let own = sorted(source);
        self.candidates.iter().any(|one| sorted(&one.source.term) == own)
    }

    /// Says whether a name is part of one that was found.
    fn has(&self, side: usize, term: &str) -> bool {
        self.candidates.iter().any(|one| {
            let name = [&one.source, &one.target][side];
            name.term == term || name.written.contains(term)
        })
    }
}

/// Returns a name of the target without the ending that its last word may have: what is left sounds most like a word of the source.
fn without_ending(target: &str, source: &str, languages: [Language; 2]) -> String {
    let start = target.rfind(' ').map_or(0, |space| space + 1);
    let (before, word) = target.split_at(start);
    let sounds = |stem: &str| {
        let own = skeleton(stem, languages[1]);
        let of = |word: &str| likeness(&own, &skeleton(word, languages[0]));
        source.split(' ').map(of).fold(0.0, f64::max)
    };
    let mut best = (sounds(word), word.len());
    for (end, _) in word.char_indices().skip(3) {
        let (stem, ending) = (fold(&word[..end], languages[1]), fold(&word[end..], languages[1]));
        let alike = sounds(&word[..end]);
        if alike > best.0 && is_ending(Some(&stem), &ending, languages[1]) {
            best = (alike, end);
        }
    }
    format!("{before}{}", &word[..best.1])
}

fn single_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Pairs the signatories of two versions. Returns the source segments they stand in.
fn signed(pair: &Aligned<'_>, found: &mut Found) -> BTreeSet<SegmentId> {
    let list = |document| -> Vec<Signatory> {
        signatories(document).into_iter().flat_map(|list| list.signatories).collect()
    };
    let (sources, targets) = (list(pair.source), list(pair.target));
    let beads = [bead_of(pair, 0), bead_of(pair, 1)];
    let mut all: Vec<(f64, usize, usize, Vec<Support>)> = Vec::new();
    for (i, source) in sources.iter().enumerate() {
        for (j, target) in targets.iter().enumerate() {
            let bead = beads[0].get(&source.segment);
            let is_bead = bead.is_some() && bead == beads[1].get(&target.segment);
            let (sum, support) = support(pair, source, target, is_bead);
            if sum >= LEAST_SUPPORT {
                all.push((sum, i, j, support));
            }
        }
    }
    all.sort_by(|one, other| {
        other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2)))
    });
    let mut taken = [vec![false; sources.len()], vec![false; targets.len()]];
    let mut kept: Vec<(usize, usize, Vec<Support>)> = Vec::new();
    for (_, i, j, support) in all {
        if !taken[0][i] && !taken[1][j] {
            (taken[0][i], taken[1][j]) = (true, true);
            kept.push((i, j, support));
        }
    }
    kept.sort_by_key(|(i, ..)| *i);
    for (i, j, support) in kept {
        let (source, target) = (&sources[i], &targets[j]);
        let written = |document: &Document, span: Span| single_line(span.of(&document.text));
        let name = |document: &Document, one: &Signatory| {
            Some(CandidateName {
                term: written(document, one.term()?),
                written: written(document, one.organization?),
            })
        };
        if let (Some(source), Some(target)) = (name(pair.source, source), name(pair.target, target))
        {
            found.add(TermType::Organization, [source, target], support.clone());
        }
        if let (Some(one), Some(other)) = (source.person, target.person)
            && support.contains(&Support::Person)
        {
            let (one, other) = (written(pair.source, one), written(pair.target, other));
            let names = [one, other].map(|term| CandidateName { written: term.clone(), term });
            found.add(TermType::Person, names, support);
        }
    }
    sources.iter().map(|one| one.segment).collect()
}

/// Returns the bead of each segment of a side.
fn bead_of(pair: &Aligned<'_>, side: usize) -> FxHashMap<SegmentId, usize> {
    let beads = pair.alignment.beads().iter().enumerate().filter(|(_, bead)| !bead.is_null());
    beads
        .flat_map(|(number, bead)| {
            let ids = [&bead.source, &bead.target][side];
            ids.iter().map(move |id| (*id, number))
        })
        .collect()
}

/// Returns how much speaks for two signatories being one, and what: 1 for a bead, half for a number, half for a kind and a
/// name alike, up to one and a half for people that sound alike; people and kinds that differ speak against.
fn support(
    pair: &Aligned<'_>,
    source: &Signatory,
    target: &Signatory,
    is_bead: bool,
) -> (f64, Vec<Support>) {
    let mut support = vec![Support::Signatories];
    let mut sum = 0.0;
    let mut add = |points: f64, kind: Support| {
        sum += points;
        if points > 0.0 {
            support.push(kind);
        }
    };
    if is_bead {
        add(1.0, Support::Bead);
    }
    if source.number.is_some() && source.number == target.number {
        add(0.5, Support::Number);
    }
    if let (Some(one), Some(other)) =
        (source.person_key(pair.source), target.person_key(pair.target))
    {
        let is_same = same_person(&one, &other);
        let points = 3.0 * (likeness(&one, &other) - 0.5);
        add(if is_same { points.max(0.75) } else { points.min(0.0) }, Support::Person);
    }
    if let (Some(one), Some(other)) = (&source.kind, &target.kind) {
        add(if one.class == other.class { 0.5 } else { -0.5 }, Support::Kind);
    }
    if let (Some(one), Some(other)) = (source.core_key(pair.source), target.core_key(pair.target))
        && likeness(&one, &other) >= SAME
    {
        add(0.5, Support::Sound);
    }
    support.sort_unstable();
    (sum, support)
}

/// Says whether the words of two people sound alike, word by word.
fn same_person(one: &str, other: &str) -> bool {
    let (one, other): (Vec<&str>, Vec<&str>) =
        (one.split(' ').collect(), other.split(' ').collect());
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| likeness(a, b) >= SAME)
}

/// Returns the tokens of both sides of each bead with a partner, but for source segments that are read already.
fn beads<'a>(
    pair: &Aligned<'a>,
    rules: &[Rules; 2],
    taken: &BTreeSet<SegmentId>,
) -> Vec<[Vec<Token<'a>>; 2]> {
    let is_left =
        |bead: &&Bead| !bead.is_null() && !bead.source.iter().any(|id| taken.contains(id));
    let beads = pair.alignment.beads().iter().filter(is_left);
    beads
        .map(|bead| {
            let tokens = |rules: &Rules,
                          document: &'a Document,
                          ids: &[SegmentId]|
             -> Vec<Token<'a>> {
                let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
                segments.flat_map(|segment| rules.tokens(segment.span, &document.text)).collect()
            };
            [
                tokens(&rules[0], pair.source, &bead.source),
                tokens(&rules[1], pair.target, &bead.target),
            ]
        })
        .collect()
}

/// Adds organizations of running text: those of a class that each side of a bead names once.
fn organizations(
    bead: &[Vec<Token<'_>>; 2],
    rules: &[Rules; 2],
    documents: [&Document; 2],
    found: &mut Found,
) {
    let phrases = [0, 1].map(|side| {
        let mut by_class: BTreeMap<&'static str, Vec<CandidateName>> = BTreeMap::new();
        for range in phrases(&bead[side], &rules[side]) {
            let own = &bead[side][range];
            let Some(kind) = rules[side].best_kind(own, false) else { continue };
            let name = named(own, kind.range(), &rules[side], documents[side]);
            if let Some(name) = name.filter(|name| !found.has(side, &name.term)) {
                by_class.entry(kind.class).or_default().push(name);
            }
        }
        by_class
    });
    let [sources, targets] = phrases;
    for (class, source) in sources {
        if let ([source], Some([target])) = (&source[..], targets.get(class).map(Vec::as_slice)) {
            let names = [source.clone(), target.clone()];
            found.add(TermType::Organization, names, vec![Support::Bead, Support::Kind]);
        }
    }
}

/// Returns the runs of capitalised and quoted words, with small words inside.
fn phrases(tokens: &[Token<'_>], rules: &Rules) -> Vec<Range<usize>> {
    let is_name = |place: usize| tokens[place].is_quoted || tokens[place].is_capital();
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !is_name(at) || (!tokens[at].is_quoted && rules.is_joining(&tokens[at].folded)) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        let mut next = end;
        while next < tokens.len() && tokens[next].separator.is_none() {
            // Behind `and` an acronym or a kind of organization begins another name.
            let is_joined = next > end;
            let begins = |token| acronym(token, rules).is_some() || rules.is_kind(&token.folded);
            if is_joined && begins(&tokens[next]) {
                break;
            }
            if is_name(next) {
                end = next + 1;
            } else if !rules.is_joining(&tokens[next].folded) {
                break;
            }
            next += 1;
        }
        found.push(at..end);
        at = end;
    }
    found
}

/// Returns the name of an organization of running text: what stands in quotation marks, else all of it, its kind without ending.
fn named(
    tokens: &[Token<'_>],
    kind: Range<usize>,
    rules: &Rules,
    document: &Document,
) -> Option<CandidateName> {
    let text = |tokens: &[Token<'_>]| single_line(spanning(tokens).of(&document.text));
    let written = text(tokens);
    if let Some(first) = tokens.iter().position(|token| token.is_quoted) {
        let count = tokens[first..].iter().take_while(|token| token.is_quoted).count();
        return Some(CandidateName { term: text(&tokens[first..first + count]), written });
    }
    if tokens.len() == kind.len() {
        // A kind alone names nothing.
        return None;
    }
    let end = match kind.end == tokens.len() {
        true => rules.without_ending(tokens, kind).end,
        false => spanning(tokens).end,
    };
    let term = single_line(Span::new(spanning(tokens).start, end).of(&document.text));
    Some(CandidateName { term, written })
}

/// Adds names of running text: capitalised words that sound alike on both sides. Two or three of which one is a surname are a
/// person; others, of one word too, are looked at where all names are wanted.
fn names(
    bead: &[Vec<Token<'_>>; 2],
    rules: &[Rules; 2],
    documents: [&Document; 2],
    all_names: bool,
    found: &mut Found,
) {
    let ranges = [0, 1].map(|side| {
        let own = |range: &Range<usize>| &bead[side][range.clone()];
        let is_plain = |token: &Token<'_>| token.is_capital() && !token.is_quoted;
        let is_name = |range: &Range<usize>| {
            own(range).len() <= 3
                && own(range).iter().all(is_plain)
                && rules[side].best_kind(own(range), false).is_none()
        };
        phrases(&bead[side], &rules[side]).into_iter().filter(is_name).collect::<Vec<_>>()
    });
    let keys = |side: usize, range: &Range<usize>| -> Vec<String> {
        let language = documents[side].language;
        let own = bead[side][range.clone()].iter();
        let mut keys: Vec<String> = own.map(|token| skeleton(token.word.text, language)).collect();
        keys.sort_unstable();
        keys
    };
    for source in &ranges[0] {
        let own = keys(0, source);
        let is_person = own.len() > 1 && rules[0].has_surname(&bead[0][source.clone()]);
        if !(is_person || all_names) {
            continue;
        }
        let same = |a: &String, b: &String| {
            let cut: String = b.chars().take(a.chars().count()).collect();
            a.len() >= LEAST_LETTERS.min(own.len() + 3)
                && likeness(a, b).max(likeness(a, &cut)) >= SAME
        };
        let alike =
            |target: &Range<usize>| own.iter().zip(&keys(1, target)).all(|(a, b)| same(a, b));
        // An acronym may stand right before a name.
        let windows = ranges[1].iter().flat_map(|range| {
            let starts = range.start..(range.end + 1).saturating_sub(own.len());
            starts.map(|start| start..start + own.len())
        });
        let Some(target) = windows.into_iter().find(alike) else { continue };
        let term = |side: usize, range: &Range<usize>| {
            single_line(spanning(&bead[side][range.clone()]).of(&documents[side].text))
        };
        let kind = if is_person { TermType::Person } else { TermType::Place };
        found.add_name(kind, term(0, source), term(1, &target));
    }
}

/// Adds the acronyms that stand in the same beads.
fn acronyms(pairs: &[Aligned<'_>], rules: &[Rules; 2], found: &mut Found) {
    let mut singles: [BTreeMap<String, usize>; 2] = Default::default();
    let mut joint: BTreeMap<(String, String), (usize, bool)> = BTreeMap::new();
    for pair in pairs {
        for bead in beads(pair, rules, &BTreeSet::new()) {
            let own = [0, 1].map(|side| {
                let mut all: Vec<String> =
                    bead[side].iter().filter_map(|token| acronym(token, &rules[side])).collect();
                all.sort_unstable();
                all.dedup();
                all
            });
            for (all, own) in singles.iter_mut().zip(&own) {
                own.iter().for_each(|one| *all.entry(one.clone()).or_default() += 1);
            }
            let is_only = own[0].len() == 1 && own[1].len() == 1;
            for source in &own[0] {
                for target in &own[1] {
                    let entry = joint.entry((source.clone(), target.clone())).or_default();
                    entry.0 += 1;
                    entry.1 |= is_only;
                }
            }
        }
    }
    let languages = [rules[0].language(), rules[1].language()];
    let mut ranked: Vec<(f64, bool, &(String, String))> = joint
        .iter()
        .map(|(names, (both, is_only))| {
            let all = singles[0][&names.0] + singles[1][&names.1];
            let sounds = skeleton(&names.0, languages[0]) == skeleton(&names.1, languages[1]);
            let dice = 2.0 * *both as f64 / all as f64;
            (dice + f64::from(u8::from(sounds)), *is_only || *both > 1 || sounds, names)
        })
        .filter(|(dice, is_sure, _)| *is_sure && *dice >= LEAST_DICE)
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.2.cmp(other.2)));
    let mut taken: [Vec<&str>; 2] = Default::default();
    for (rank, _, (source, target)) in ranked {
        if taken[0].contains(&source.as_str()) || taken[1].contains(&target.as_str()) {
            continue;
        }
        taken[0].push(source);
        taken[1].push(target);
        let names = [source, target]
            .map(|term| CandidateName { term: term.clone(), written: term.clone() });
        let mut support = vec![Support::Association];
        if rank > 1.0 {
            support.insert(0, Support::Sound);
        }
        found.add(TermType::Acronym, names, support);
    }
}

/// Returns the acronym that a word is, without an ending behind a hyphen or apostrophe; legal forms and Roman numerals are none.
fn acronym(token: &Token<'_>, rules: &Rules) -> Option<String> {
    let stem = token.word.text.split(['-', '\'', '’']).next()?;
    let is_fit = ACRONYM.contains(&stem.chars().count())
        && stem.chars().all(char::is_uppercase)
        && !stem.chars().all(|letter| "IVXLCDM".contains(letter))
        && !rules.is_kind(&fold(stem, rules.language()))
        && !matches!(stem, "AM" | "PM");
    is_fit.then(|| stem.to_owned())
}

/// Says whether a glossary has both names under one concept.
fn is_known(one: &Candidate, languages: [Language; 2], known: Option<&Glossary>) -> bool {
    let Some(known) = known else { return false };
    let has = |concept: &crate::model::Concept, side: usize, name: &CandidateName| {
        let own =
            concept.terms.iter().filter(|term| term.language.is_same_language(languages[side]));
        let folded = |text: &str| fold(&single_line(text), languages[side]);
        own.into_iter().any(|term| {
            let term = folded(&term.text);
            term == folded(&name.term) || term == folded(&name.written)
        })
    };
    known
        .concepts
        .iter()
        .any(|concept| has(concept, 0, &one.source) && has(concept, 1, &one.target))
}

/// Counts the beads with both names.
fn count(candidates: &mut [Candidate], pair: &Aligned<'_>, number: usize) {
    let folded = |document: &Document, ids: &[SegmentId]| {
        fold(&single_line(&document.joined(ids)), document.language)
    };
    let beads: Vec<_> = pair.alignment.beads().iter().filter(|bead| !bead.is_null()).collect();
    let texts: Vec<[String; 2]> = beads
        .iter()
        .map(|bead| [folded(pair.source, &bead.source), folded(pair.target, &bead.target)])
        .collect();
    for one in candidates {
        let names = [
            fold(&one.source.term, pair.source.language),
            fold(&one.target.term, pair.target.language),
        ];
        for (bead, text) in beads.iter().zip(&texts) {
            if text[0].contains(&names[0]) && text[1].contains(&names[1]) {
                one.count += 1;
                if one.contexts.len() < MOST_CONTEXTS {
                    let (source, target) = (bead.source[0], bead.target[0]);
                    one.contexts.push(CandidateContext { pair: number, source, target });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Alignment, Origin};
    use crate::segment;

    fn document(text: &str, language: Language) -> Document {
        segment::document("", text.to_owned(), language, &segment::Options::of_versions())
    }

    /// Returns the candidates of two texts whose segments go together one by one, as `source = target`.
    fn extracted(source: &str, target: &str, all_names: bool) -> Vec<String> {
        let (source, target) = (document(source, Language::EN), document(target, Language::AZ));
        let beads = source.ids().map(|id| Bead::settled(vec![id], vec![id], Origin::Machine));
        let lengths = (source.segments.len(), target.segments.len());
        let alignment = Alignment::new(lengths.0, lengths.1, beads.collect()).unwrap();
        let pair = Aligned { source: &source, target: &target, alignment: &alignment };
        let found = extract(&[pair], None, all_names);
        found.iter().map(|one| format!("{} = {}", one.source.term, one.target.term)).collect()
    }

    #[test]
    fn signatories_are_paired_however_they_are_sorted() {
        let source = "1. \"Clear Spring\" PU, Amrahli Sona;\n2. \"Young Doctors\" Foundation, Valiyev Tural;\n";
        let target =
            "1. \"Gənc Həkimlər\" Fondu, Vəliyev Tural;\n2. \"Saf Bulaq\" İB, Əmrahlı Sona;\n";
        let expected = [
            "Clear Spring = Saf Bulaq",
            "Young Doctors = Gənc Həkimlər",
            "Amrahli Sona = Əmrahlı Sona",
            "Valiyev Tural = Vəliyev Tural",
        ];
        assert_eq!(extracted(source, target, false), expected);
    }

    #[test]
    fn other_people_are_no_pair() {
        let source = "1. \"Clear Spring\" PU, Amrahli Sona;\n2. \"Dew\" PU, Valiyev Tural;\n";
        let target = "1. \"Saf Bulaq\" İB, Əmrahlı Lalə;\n2. \"Şeh\" İB, Vəliyev Tural;\n";
        let found = extracted(source, target, false);
        assert_eq!(
            found,
            ["Clear Spring = Saf Bulaq", "Dew = Şeh", "Valiyev Tural = Vəliyev Tural"]
        );
    }

    #[test]
    fn running_text_names_organizations_people_and_acronyms() {
        let source =
            "The Ministry of Culture and WHO came to Sarigol.\nWe thank Sona Amrahli of WHO.\n";
        let target = "Mədəniyyət Nazirliyinin və ÜST-nin adamları Sarıgölə gəldi.\nÜST-dən Sona Əmrahlıya təşəkkür edirik.\n";
        let mut found = extracted(source, target, false);
        assert_eq!(found[0], "Ministry of Culture = Mədəniyyət Nazirliyi");
        assert!(found.contains(&"WHO = ÜST".to_owned()), "{found:?}");
        assert!(found.iter().any(|one| one.starts_with("Sona Amrahli = Sona Əmrahlı")));
        found = extracted(source, target, true);
        assert!(found.iter().any(|one| one.starts_with("Sarigol = Sarıgöl")), "{found:?}");
    }

    #[test]
    fn what_a_glossary_has_is_left_out() {
        let csv = "concept,language,term\nw,en,WHO\nw,az,ÜST\n";
        let (known, _) = Glossary::read_csv("", csv, super::super::Mode::Strict).unwrap();
        let (source, target) =
            (document("WHO came.", Language::EN), document("ÜST gəldi.", Language::AZ));
        let bead = Bead::settled(vec![SegmentId(0)], vec![SegmentId(0)], Origin::Machine);
        let alignment = Alignment::new(1, 1, vec![bead]).unwrap();
        let pair = Aligned { source: &source, target: &target, alignment: &alignment };
        assert_eq!(extract(&[pair], None, false).len(), 1);
        assert_eq!(extract(&[pair], Some(&known), false), []);
    }
}
