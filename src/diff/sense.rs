//! Signals of sense by small lists of words: all became some, must became may, rose became fell, a part of a sentence is gone.
//!
//! The words are those of [`CommonWords`], so that a concept is compared and not a spelling. **Opposites**: `signals.tsv` of
//! English puts concepts into classes that exclude one another. A finding needs both sides to speak: the source has words of one
//! class and the target of another one, neither has words of both, and the words of the source have no counterpart.
//!
//! ```text
//! All families left the village.        all      <->   some      Bəzi ailələr kənddən köçdü.
//! The owner must repair the road.       must     <->   may       Sahibkar yolu təmir edə bilər.
//! ```
//! **Clauses**: words of a segment whose concepts the other side does not have, several in a row. A word that is in no table
//! says nothing either way, so what is told is sure to have been looked for.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Side, Word, Words};
use crate::language::{data, rows};
use crate::model::{Divergence, DivergenceType, Document, Language, SegmentKind, Severity, Span};
use crate::text::common::CommonWords;
use crate::text::skeleton;
use crate::text::skeleton::likeness;

/// How many words in a row must lack a counterpart for a clause to be told.
const LEAST_WORDS: usize = 3;

/// How many words in a row of the target must lack a counterpart for a word such as `all` to be missed.
const LEAST_NARROWING: usize = 2;

/// How many letters the other side must lack for a clause to be looked for: three short words.
const LEAST_CLAUSE: f64 = 8.0;

/// How much of a missing part the other side must lack in length.
const LEAST_SHORT: f64 = 0.8;

/// The same for a part that is surely missing.
const SURELY_SHORT: f64 = 1.0;

/// With how many beads of equal length a ratio of lengths begins, so that a few odd ones do not decide.
const GUESSED: usize = 5;

/// Likeness of two words that sound the same.
const SAME: f64 = 0.7;

/// A word of a side and what it may stand for.
struct Known<'t> {
    span: Span,
    text: &'t str,
    means: Rc<Means>,
}

/// What a word may stand for.
struct Means {
    concepts: Vec<&'static str>,
    /// The classes that it surely speaks for.
    classes: Vec<(Opposition, &'static str)>,
    /// Whether it says something and does not only hold the sentence together.
    is_content: bool,
    /// How it sounds.
    key: String,
}

/// An opposition: its type, and its name.
type Opposition = (DivergenceType, &'static str);

/// The opposition of all, some and only.
const AMOUNT: Opposition = (DivergenceType::Scope, "amount");

/// The words that say something, of one language.
struct Lexicon {
    language: Language,
    /// Pieces of verbs with their opposition and class.
    verbal: Vec<(Opposition, &'static str, &'static str)>,
    /// What has been looked up, by the number of the word.
    known: Vec<Option<Rc<Means>>>,
}

impl Lexicon {
    fn of(document: &Document, words: usize) -> Option<Self> {
        let language = document.language;
        CommonWords::of(language)?;
        let verbal = rows(data(language, "verbal.tsv").unwrap_or_default());
        let verbal = verbal.filter_map(|row| Some(((kind(row[0])?, row[1]), row[2], row[3])));
        Some(Self { language, verbal: verbal.collect(), known: vec![None; words] })
    }

    /// Returns the words of a side, list markers and values left out.
    fn read<'t>(&mut self, side: &Side<'t>, lists: &Lists) -> Vec<Known<'t>> {
        let mut read = Vec::new();
        for (segment, words) in side.words() {
            for word in words {
                let span = word.span;
                if segment.marker.is_some_and(|marker| marker.overlaps(span))
                    || side.values.iter().any(|value| value.span.overlaps(span))
                {
                    continue;
                }
                let number = word.number as usize;
                let means = match &self.known[number] {
                    Some(means) => Rc::clone(means),
                    None => {
                        let means = Rc::new(self.means(side.vocabulary, word, lists));
                        self.known[number] = Some(Rc::clone(&means));
                        means
                    }
                };
                read.push(Known { span, text: word.text, means });
            }
        }
        read
    }

    fn means(&self, vocabulary: &Words<'_>, word: &Word<'_>, lists: &Lists) -> Means {
        let (folded, concepts) = (vocabulary.folded(word), vocabulary.concepts(word).to_vec());
        // A word that may say something else speaks for nothing.
        let known: Option<Vec<_>> =
            concepts.iter().map(|concept| lists.classes.get(concept)).collect();
        let mut classes: Vec<(Opposition, &'static str)> =
            known.unwrap_or_default().into_iter().flatten().copied().collect();
        let stands = |piece: &str| match piece.strip_prefix('^') {
            Some(start) => folded.starts_with(start),
            None => folded.find(piece).is_some_and(|at| at > 0),
        };
        let verbal = self.verbal.iter().filter(|(_, _, piece)| stands(piece));
        classes.extend(verbal.map(|(opposition, class, _)| (*opposition, *class)));
        let is_content = !concepts.is_empty()
            && !concepts.iter().any(|concept| lists.function.contains(concept));
        Means { concepts, classes, is_content, key: skeleton(folded, self.language) }
    }
}

fn kind(name: &str) -> Option<DivergenceType> {
    DivergenceType::ALL.into_iter().find(|kind| kind.name() == name)
}

/// The oppositions, and what holds sentences together.
struct Lists {
    /// For each concept its classes.
    classes: FxHashMap<&'static str, Vec<(Opposition, &'static str)>>,
    function: FxHashSet<&'static str>,
}

impl Lists {
    fn read() -> Self {
        let mut classes: FxHashMap<&str, Vec<(Opposition, &str)>> = FxHashMap::default();
        for row in rows(data(Language::EN, "signals.tsv").unwrap_or_default()) {
            let Some(kind) = kind(row[0]) else { continue };
            for concept in &row[3..] {
                classes.entry(concept).or_default().push(((kind, row[1]), row[2]));
            }
        }
        let function = rows(data(Language::EN, "function.txt").unwrap_or_default());
        Self { classes, function: function.map(|row| row[0]).collect() }
    }
}

/// Returns the classes that a side speaks for, with the first word that does.
fn said(side: &[Known<'_>]) -> BTreeMap<Opposition, BTreeMap<&'static str, Span>> {
    let mut said: BTreeMap<Opposition, BTreeMap<&'static str, Span>> = BTreeMap::new();
    for word in side {
        for (opposition, class) in &word.means.classes {
            said.entry(*opposition).or_default().entry(class).or_insert(word.span);
        }
    }
    said
}

/// Adds the findings of all beads.
pub(super) fn check(contexts: &[&Context<'_>], found: &mut Vec<Divergence>) {
    let Some(first) = contexts.first() else { return };
    let languages = [first.source.document.language, first.target.document.language];
    if languages[0].is_same_language(languages[1]) {
        return;
    }
    let lexicon = |side: &Side<'_>| Lexicon::of(side.document, side.vocabulary.count());
    let (Some(mut source), Some(mut target)) = (lexicon(&first.source), lexicon(&first.target))
    else {
        return;
    };
    let lists = Lists::read();
    let ratio = ratio(contexts);
    for context in contexts {
        let ours = source.read(&context.source, &lists);
        let theirs = target.read(&context.target, &lists);
        let first = found.len();
        opposites(context, [&ours, &theirs], found);
        if found.len() == first {
            narrowed(context, [&ours, &theirs], &lists, found);
        }
        clauses(context, [&ours, &theirs], ratio, found);
    }
}

/// Adds a finding for each opposition in which the sides stand against each other.
fn opposites(context: &Context<'_>, sides: [&[Known<'_>]; 2], found: &mut Vec<Divergence>) {
    let [ours, theirs] = sides.map(said);
    for (opposition, classes) in &ours {
        let Some(others) = theirs.get(opposition) else { continue };
        let [(class, span)] = classes.iter().collect::<Vec<_>>()[..] else { continue };
        let [(other, given)] = others.iter().collect::<Vec<_>>()[..] else { continue };
        if class == other {
            continue;
        }
        let expected = span.of(&context.source.document.text);
        let word = given.of(&context.target.document.text);
        let message = format!("the source says \"{expected}\", the target \"{word}\"");
        let spans = (Some(*span), Some(*given));
        found.push(context.finding(opposition.0, opposition.1, Severity::Info, spans, message));
    }
}

/// Adds a finding where what the source says of all is said without such a word in the target, and of others: the target has
/// words that nothing in the source explains.
fn narrowed(
    context: &Context<'_>,
    sides: [&[Known<'_>]; 2],
    lists: &Lists,
    found: &mut Vec<Divergence>,
) {
    let [ours, theirs] = sides;
    // `Each` and `every` are often said by a plural or a case.
    let Some(all) = ours.iter().find(|word| word.means.concepts == ["all"]) else { return };
    let speaks = |concept: &&'static str| {
        let classes = lists.classes.get(concept).into_iter().flatten();
        classes.copied().any(|(opposition, _)| opposition == AMOUNT)
    };
    let is_alone = said(ours).get(&AMOUNT).is_some_and(|classes| classes.len() == 1);
    if !is_alone || theirs.iter().flat_map(|word| &word.means.concepts).any(speaks) {
        return;
    }
    let Some((count, run)) = missing(theirs, ours, [&context.target, &context.source]) else {
        return;
    };
    if count < LEAST_NARROWING {
        return;
    }
    let message = format!(
        "the source says \"{}\", the target does not, and speaks of \"{}\"",
        all.text,
        run.of(&context.target.document.text)
    );
    let spans = (Some(all.span), Some(run));
    let (kind, _) = AMOUNT;
    found.push(context.finding(kind, "narrowed", Severity::Warning, spans, message));
}

/// Adds a finding where several words in a row of one side say what the other does not.
fn clauses(
    context: &Context<'_>,
    sides: [&[Known<'_>]; 2],
    ratio: f64,
    found: &mut Vec<Divergence>,
) {
    let is_heading = |side: &Side<'_>| side.segments().any(|s| s.kind != SegmentKind::Sentence);
    if is_heading(&context.source) || is_heading(&context.target) {
        return;
    }
    for (own, other, is_source) in [(sides[0], sides[1], true), (sides[1], sides[0], false)] {
        // What is missing makes the other side shorter than it would be.
        let (side, other_side, ratio) = match is_source {
            true => (&context.source, &context.target, ratio),
            false => (&context.target, &context.source, 1.0 / ratio),
        };
        let short = ratio * letters(side) - letters(other_side);
        if short < LEAST_CLAUSE {
            continue;
        }
        let Some((count, run)) = missing(own, other, [side, other_side]) else { continue };
        let expected = side.document.text[run.range()].chars().count() as f64 * ratio;
        if count < LEAST_WORDS || short < LEAST_SHORT * expected {
            continue;
        }
        let text = run.of(&side.document.text);
        let (spans, subtype, message) = if is_source {
            (
                (Some(run), None),
                "missing",
                format!("the target seems to have nothing for \"{text}\""),
            )
        } else {
            ((None, Some(run)), "added", format!("the source seems to have nothing for \"{text}\""))
        };
        let behind = side.document.text[run.end..].trim_start();
        let is_whole =
            behind.is_empty() || behind.starts_with(['.', ',', ';', ':', '!', '?', ')', '\n']);
        let is_sure = is_whole && short >= SURELY_SHORT * expected;
        let severity = if is_sure { Severity::Warning } else { Severity::Info };
        found.push(context.finding(DivergenceType::Clause, subtype, severity, spans, message));
    }
}

fn letters(side: &Side<'_>) -> f64 {
    side.texts().map(|(text, _)| text.chars().count() as f64).sum()
}

/// Returns how many letters of the target a letter of the source is, by the middle one of all beads.
fn ratio(contexts: &[&Context<'_>]) -> f64 {
    let mut ratios: Vec<f64> = contexts
        .iter()
        .map(|context| letters(&context.target) / letters(&context.source).max(1.0))
        .chain(std::iter::repeat_n(1.0, GUESSED))
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().filter(|ratio| *ratio > 0.0).unwrap_or(1.0)
}

/// Returns the longest run of words that have no counterpart on the other side, and how many they are.
fn missing(
    own: &[Known<'_>],
    other: &[Known<'_>],
    [side, other_side]: [&Side<'_>; 2],
) -> Option<(usize, Span)> {
    let theirs: FxHashSet<&str> =
        other.iter().flat_map(|word| word.means.concepts.iter().copied()).collect();
    let mut best: Option<(usize, Span)> = None;
    let mut run: Option<(usize, Span)> = None;
    for word in own.iter().filter(|word| word.means.is_content) {
        let mut terms = side.terms.iter().filter(|hit| hit.span.overlaps(word.span));
        let is_rendered =
            terms.any(|hit| other_side.terms.iter().any(|theirs| theirs.concept == hit.concept));
        let concepts = &word.means.concepts;
        let is_said = is_rendered || concepts.iter().any(|concept| theirs.contains(concept)) || {
            let mut sounds = other.iter().map(|word| word.means.key.as_str());
            sounds.any(|sound| is_heard(&word.means.key, sound))
        };
        run = match (is_said, run) {
            (true, _) => None,
            (false, Some((count, span))) => Some((count + 1, Span::new(span.start, word.span.end))),
            (false, None) => Some((1, word.span)),
        };
        if let Some((count, span)) = run
            && best.is_none_or(|(most, _)| count > most)
        {
            best = Some((count, span));
        }
    }
    best
}

/// Says whether another word sounds like this one, endings aside.
fn is_heard(key: &str, other: &str) -> bool {
    let letters = key.chars().count();
    let end = || other.char_indices().nth(letters + 1).map_or(other.len(), |(end, _)| end);
    letters >= 4 && likeness(key, &other[..end()]) >= SAME
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::model::{Alignment, Bead, Origin, SegmentId};
    use crate::segment;

    /// Returns what is told of lines that belong together.
    fn told(lines: &[(&str, &str)]) -> Vec<(DivergenceType, &'static str, Severity)> {
        let document = |of: fn(&(&str, &str)) -> String, language| {
            let text: Vec<String> = lines.iter().map(of).collect();
            segment::presegmented_document("", text.join("\n"), language)
        };
        let source = document(|line| line.0.to_owned(), Language::EN);
        let target = document(|line| line.1.to_owned(), Language::AZ);
        let bead =
            |at| Bead::settled(vec![SegmentId::at(at)], vec![SegmentId::at(at)], Origin::Person);
        let beads = (0..lines.len()).map(bead).collect();
        let alignment = Alignment::new(lines.len(), lines.len(), beads).unwrap();
        let found = diff(&source, &target, &alignment, None);
        let own = found.into_iter().filter(|d| !d.kind.is_fact());
        own.map(|d| (d.kind, d.subtype, d.severity)).collect()
    }

    #[test]
    fn opposite_words_are_told() {
        let info = Severity::Info;
        for (source, target, kind, subtype) in [
            ("All families left.", "Bəzi ailələr köçdü.", DivergenceType::Scope, "amount"),
            ("Only families came.", "Bütün ailələr gəldi.", DivergenceType::Scope, "amount"),
            (
                "They must repair the road.",
                "Onlar yolu təmir edə bilər.",
                DivergenceType::Modality,
                "duty",
            ),
            (
                "They may repair the road.",
                "Onlar yolu təmir etməlidir.",
                DivergenceType::Modality,
                "duty",
            ),
            (
                "The price rose in winter.",
                "Qiymət qışda azaldı.",
                DivergenceType::Direction,
                "amount",
            ),
            (
                "The north road is safe.",
                "Cənub yolu təhlükəsizdir.",
                DivergenceType::Direction,
                "side",
            ),
        ] {
            assert_eq!(told(&[(source, target)]), [(kind, subtype, info)], "{source}");
        }
    }

    #[test]
    fn the_same_said_otherwise_is_not_told() {
        for (source, target) in [
            ("All families left.", "Ailələrin hamısı köçdü."),
            ("Every child has a book.", "Hər uşağın kitabı var."),
            ("They must repair the road.", "Onlar yolu təmir etməlidirlər."),
            ("The price rose and then fell.", "Qiymət artdı, sonra azaldı."),
            ("The school must be free for all children.", "Məktəb uşaqlar üçün pulsuz olmalıdır."),
        ] {
            assert_eq!(told(&[(source, target)]), [], "{source}");
        }
    }

    #[test]
    fn a_missing_clause_is_told_where_the_length_agrees() {
        let lost = (
            "We ask the schools to meet with the parents and to answer their questions openly.",
            "Məktəblərdən xahiş edirik ki, valideynlərlə görüşsünlər.",
        );
        // Five other lines say how long the target usually is.
        let other = ("The road is closed in winter.", "Qışda yol bağlı olur, gedib-gəlmək olmur.");
        let found = told(&[other, other, other, other, other, other, lost]);
        assert_eq!(found, [(DivergenceType::Clause, "missing", Severity::Warning)]);
        let whole = (
            lost.0,
            "Məktəblərdən xahiş edirik ki, valideynlərlə görüşsünlər və onların suallarına açıq cavab versinlər.",
        );
        assert_eq!(told(&[whole]), []);
    }

    #[test]
    fn all_is_missed_where_the_target_names_others() {
        let found = told(&[(
            "The bus must be free for all pupils.",
            "Avtobus kasıb ailələrin uşaqları üçün pulsuz olmalıdır.",
        )]);
        assert_eq!(found, [(DivergenceType::Scope, "narrowed", Severity::Warning)]);
    }
}
