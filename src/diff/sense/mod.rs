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
//! says nothing either way, so what is told is sure to have been looked for. A whole segment without counterpart in a bead of several
//! is an omission or an addition ([`clause`]).

mod clause;

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Side, Word, Words};
use crate::language::{data, rows};
use crate::model::{Divergence, DivergenceType, Document, Language, Severity, Span};
use crate::text::common::CommonWords;
use crate::text::skeleton;
use clause::{clauses, missing, ratio, unsaid};

/// How many words in a row of the target must lack a counterpart for a word such as `all` to be missed.
const LEAST_NARROWING: usize = 2;

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
        if !unsaid(context, [&ours, &theirs], ratio, found) {
            clauses(context, [&ours, &theirs], ratio, found);
        }
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
