//! A clause that one version negates and the other asserts.
//!
//! ```text
//! source   The road is not open and nobody can pass.      2 negations, of "not" and "nobody"
//! target   Yol açıqdır və heç kim keçə bilmir.            1 negation, of "bilmir"             lost: "not"
//! ```
//! Asking whether *anything* negates on the other side finds little: a long sentence has something that looks like it.
//! So negations are counted. A place negates **surely** (`not`, `deyil`, a negative verb) or **perhaps** (`fail`, `lack`), and only a sure one is asked for: a negation is **lost** where the source surely negates more often than the
//! target surely and perhaps does. What people say in place of a negation (`rarely` for `not often`) stands in the lists
//! as "perhaps". Three pairs are finer than that:
//!
//! - `without` renders `without`, `refuse` `refuse`: the target's is spent on the source's before it may stand for a `not`;
//! - `not only` negates in form alone; it is asked for where the target says `only` and no more;
//! - `unclear` is no negation, and yet the target is `aydın deyil`: asked for where the target says plain `aydın`.
//!
//! A negation is **added** where the target has a firm one (`deyil`, `yoxdur`) and the source has nothing of the sort.
//! Translators add negations freely (`remained` becomes `did not change`), so nothing less is told.
//!
//! Where it comes from, in this order:
//!
//! 1. the rows of `negation.tsv`, the longest that fits: words, phrases (`no more … than`), and words with a part left open
//!    (`un*`, `*less`);
//! 2. in Azerbaijani and Turkish the form of the word ([`negative_form`]). An imperative that may be a noun ends its clause.
//!
//! `heç`, `hiç`, `никто` and their like go with a negated verb and negate nothing without it, so they have no row.
//!
//! Measured on news, 2,523 sentences, true beads: English-Turkish 18 of 21 negations that were dropped
//! or turned, 5 findings on the untouched translation; English-Russian 30 of 32, 6 findings. What stays unseen: a
//! negation that goes while a free translation adds another elsewhere in the sentence.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Context, Side};
use crate::language::{data, rows, to_latin};
use crate::model::{Divergence, DivergenceType, Language, Severity, Span};
use crate::text::fold;
use crate::text::negative::{NegativeForm, negative_form};

/// How far the words of a phrase with a gap may stand apart, in words. `təkcə uşaqlar üçün nəzərdə tutulmuş bir yer deyil`
/// has seven between.
const LONGEST_GAP: usize = 9;

/// How near two negations may stand to be one: the next word but one. At three, `not open and nobody` would be one.
const NEAR: usize = 2;

/// Adds a finding for each bead whose source negates more often than its target, or whose target negates alone.
pub(super) fn check(contexts: &[&Context<'_>], found: &mut Vec<Divergence>) {
    let Some(first) = contexts.first() else { return };
    let list = |side: &Side<'_>| List::new(side.document.language);
    let (Some(source), Some(target)) = (list(&first.source), list(&first.target)) else { return };
    found.extend(contexts.iter().filter_map(|context| compare(context, &source, &target)));
}

fn compare(context: &Context<'_>, source: &List, target: &List) -> Option<Divergence> {
    let source = source.negations(&context.source);
    let target = target.negations(&context.target);
    if let Some((span, given)) = lost(&source, &target) {
        let word = span.of(&context.source.document.text);
        let message = match given {
            0 => format!("the source negates (\"{word}\"), the target does not"),
            _ => format!("the source negates (\"{word}\") more often than the target"),
        };
        let spans = (Some(span), None);
        let kind = DivergenceType::Negation;
        return Some(context.finding(kind, "lost", Severity::Warning, spans, message));
    }
    let span = *target.firm.first().filter(|_| source.is_silent())?;
    let word = span.of(&context.target.document.text);
    let message = format!("the target negates (\"{word}\"), the source does not");
    let spans = (None, Some(span));
    Some(context.finding(DivergenceType::Negation, "added", Severity::Warning, spans, message))
}

/// Returns the first negation of one side, if it has more sure ones than the other has of any sort, and how many those are.
fn lost(ours: &Negations, theirs: &Negations) -> Option<(Span, usize)> {
    let not_only = if theirs.only { ours.not_only.as_slice() } else { &[] };
    let opposite = if theirs.plain { ours.opposite.as_slice() } else { &[] };
    let wanted = ours.sure.len() + not_only.len() + opposite.len();
    // What renders a `without` renders no `not`.
    let without = theirs.without.saturating_sub(ours.without);
    let given = theirs.sure.len()
        + theirs.perhaps
        + without
        + theirs.not_only.len()
        + theirs.opposite.len();
    let first = ours.sure.iter().chain(not_only).chain(opposite).next()?;
    (wanted > given).then_some((*first, given))
}

/// The places of one side that negate, as bytes of the document.
#[derive(Debug, Default)]
struct Negations {
    /// The sure ones, the firm among them.
    sure: Vec<Span>,
    firm: Vec<Span>,
    perhaps: usize,
    /// How often `without` is said.
    without: usize,
    /// `not only`: a negation in form.
    not_only: Vec<Span>,
    /// Whether `only` is said alone.
    only: bool,
    /// `unclear`: what another language says by negating a plain word.
    opposite: Vec<Span>,
    /// Whether such a plain word is said: `clear`.
    plain: bool,
}

impl Negations {
    /// Says whether nothing has to do with negation.
    fn is_silent(&self) -> bool {
        self.sure.is_empty()
            && self.perhaps + self.without == 0
            && self.not_only.is_empty()
            && self.opposite.is_empty()
    }
}

/// What a word or phrase says about negation: the second column of `negation.tsv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// As [`Kind::Sure`], and hardly ever a translator's freedom: told when it is added, too.
    Firm,
    Sure,
    /// Sure, but perhaps the echo of a negation before it: `not today and not tomorrow`.
    Again,
    Perhaps,
    /// `without`, `instead`, `refuse`: renders its like only, where the other side has it.
    Without,
    NotOnly,
    Only,
    Opposite,
    Plain,
    /// Looks like a negation and is none.
    None,
}

impl Kind {
    fn parse(name: &str) -> Self {
        match name {
            "firm" => Self::Firm,
            "sure" => Self::Sure,
            "again" => Self::Again,
            "perhaps" => Self::Perhaps,
            "without" => Self::Without,
            "not only" => Self::NotOnly,
            "only" => Self::Only,
            "opposite" => Self::Opposite,
            "plain" => Self::Plain,
            _ => Self::None,
        }
    }
}

/// A part of a row.
#[derive(Clone, Debug)]
enum Part {
    Is(String),
    Begins(String),
    Ends(String),
    /// `…`: a few words or none.
    Gap,
}

impl Part {
    fn parse(part: &str, language: Language) -> Self {
        let word = |part| fold(part, language);
        match (part.strip_prefix('*'), part.strip_suffix('*')) {
            _ if part == "…" => Self::Gap,
            (Some(end), _) => Self::Ends(word(end)),
            (_, Some(beginning)) => Self::Begins(word(beginning)),
            _ => Self::Is(word(part)),
        }
    }

    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Is(whole) => word == whole,
            Self::Begins(part) => word.starts_with(part.as_str()),
            Self::Ends(part) => word.ends_with(part.as_str()) && word.len() > part.len(),
            Self::Gap => false,
        }
    }

    /// How much it says: a whole word more than any part of one, a longer part more than a shorter one.
    fn weight(&self) -> usize {
        match self {
            Self::Is(_) => 1000,
            Self::Begins(part) | Self::Ends(part) => 500 + part.len().min(99),
            Self::Gap => 0,
        }
    }
}

/// A row of `negation.tsv`.
#[derive(Debug)]
struct Row {
    parts: Vec<Part>,
    kind: Kind,
    weight: usize,
    /// Its place in the file.
    number: usize,
}

/// A word of a segment.
struct Found<'w> {
    text: &'w str,
    /// Folded, written as the rows are.
    folded: Cow<'w, str>,
    /// Its bytes in the segment.
    span: Span,
}

/// What is known of negation in a language.
#[derive(Debug)]
struct List {
    language: Language,
    /// The rows that begin with a whole word, by that word.
    by_word: FxHashMap<String, Vec<Row>>,
    /// The rows that begin with a part of a word, by the letter that the word begins or ends with.
    by_first: FxHashMap<char, Vec<Row>>,
    by_last: FxHashMap<char, Vec<Row>>,
}

impl List {
    fn new(language: Language) -> Option<Self> {
        let file = data(language, "negation.tsv")?;
        let mut list = Self {
            language,
            by_word: FxHashMap::default(),
            by_first: FxHashMap::default(),
            by_last: FxHashMap::default(),
        };
        for (number, row) in rows(file).filter(|row| row.len() > 1).enumerate() {
            // The files of Azerbaijani are in Latin letters, and so are the words that are looked up.
            let latin = Language::parse(language.code()).unwrap_or(language);
            let parts: Vec<Part> =
                row[0].split_whitespace().map(|part| Part::parse(part, latin)).collect();
            let weight = parts.iter().map(Part::weight).sum();
            let kind = Kind::parse(row[1]);
            let first = parts.first().cloned();
            let row = Row { parts, kind, weight, number };
            let rows = match first {
                Some(Part::Is(word)) => list.by_word.entry(word).or_default(),
                Some(Part::Begins(part)) => match part.chars().next() {
                    Some(letter) => list.by_first.entry(letter).or_default(),
                    None => continue,
                },
                Some(Part::Ends(part)) => match part.chars().next_back() {
                    Some(letter) => list.by_last.entry(letter).or_default(),
                    None => continue,
                },
                Some(Part::Gap) | None => continue,
            };
            rows.push(row);
        }
        Some(list)
    }

    fn negations(&self, side: &Side<'_>) -> Negations {
        let mut all = Negations::default();
        for (segment, words) in side.words() {
            let (text, start) = (segment.span.of(&side.document.text), segment.span.start);
            let words: Vec<Found<'_>> = words
                .iter()
                .map(|word| Found {
                    text: word.text,
                    folded: self.plain(side.vocabulary.folded(word)),
                    span: Span::new(word.span.start - start, word.span.end - start),
                })
                .collect();
            for (span, kind) in self.find(text, &words) {
                let span = span.shifted(start);
                match kind {
                    Kind::Firm => {
                        all.firm.push(span);
                        all.sure.push(span);
                    }
                    Kind::Sure => all.sure.push(span),
                    Kind::Perhaps => all.perhaps += 1,
                    Kind::Without => all.without += 1,
                    Kind::NotOnly => all.not_only.push(span),
                    Kind::Only => all.only = true,
                    Kind::Opposite => all.opposite.push(span),
                    Kind::Plain => all.plain = true,
                    Kind::Again if all.sure.is_empty() => all.sure.push(span),
                    Kind::Again => all.perhaps += 1,
                    Kind::None => {}
                }
            }
        }
        all
    }

    /// Returns what a text says about negation, with the first word of each place.
    fn find(&self, text: &str, words: &[Found<'_>]) -> Vec<(Span, Kind)> {
        let mut taken = vec![false; words.len()];
        let mut found = Vec::new();
        let mut last = None;
        for at in 0..words.len() {
            if taken[at] {
                continue;
            }
            let row = self.longest(words, at, &taken);
            let is_word = row.as_ref().is_some_and(|(_, places)| places.len() == 1);
            let form = || self.by_form(text, words, at);
            let (kind, places) = match row {
                // `reddet*` is to refuse, `reddetmedi` did not.
                Some((row, places))
                    if matches!(row.kind, Kind::Perhaps | Kind::Without)
                        && is_word
                        && form() == Kind::Sure =>
                {
                    (Kind::Sure, places)
                }
                Some((row, places)) => (row.kind, places),
                None => (form(), vec![at]),
            };
            let span = words[self.shown(words, &places)].span;
            places.into_iter().for_each(|place| taken[place] = true);
            // `you don't see no tail`: two that make one.
            let is_second = |last: usize| {
                let between = text.get(words[last].span.end..span.start);
                at - last <= NEAR && between.is_some_and(|between| !between.contains(is_mark))
            };
            let kind = match kind {
                Kind::Firm | Kind::Sure if is_number_sign(text, &words[at]) => Kind::None,
                Kind::Firm | Kind::Sure if is_word && stands_apart(text, span) => Kind::Perhaps,
                Kind::Firm | Kind::Sure if last.is_some_and(is_second) => Kind::Perhaps,
                kind => kind,
            };
            if matches!(kind, Kind::Firm | Kind::Sure) {
                last = Some(at);
            }
            if kind != Kind::None {
                found.push((span, kind));
            }
        }
        found
    }

    /// Returns the word of a phrase that negates by itself, or else its first: `not` of `and not`.
    fn shown(&self, words: &[Found<'_>], places: &[usize]) -> usize {
        let negates = |place: &&usize| {
            self.by_word.get(words[**place].folded.as_ref()).is_some_and(|rows| {
                let is_sure = |kind| matches!(kind, Kind::Firm | Kind::Sure | Kind::Again);
                rows.iter().any(|row| row.parts.len() == 1 && is_sure(row.kind))
            })
        };
        places.iter().find(negates).or(places.first()).copied().unwrap_or_default()
    }

    /// Writes a folded word as the rows do.
    fn plain<'w>(&self, folded: &'w str) -> Cow<'w, str> {
        let is_cyrillic = self.language.code() == "az" && self.language.script() == Some("Cyrl");
        match (is_cyrillic, folded.contains('’')) {
            (false, false) => Cow::Borrowed(folded),
            (false, true) => Cow::Owned(folded.replace('’', "'")),
            (true, _) => Cow::Owned(to_latin(&folded.replace('’', "'"))),
        }
    }

    /// Returns the row that says most about the words from `at` on, with the places of its words; of two that say as much
    /// the first of the file.
    fn longest(
        &self,
        words: &[Found<'_>],
        at: usize,
        taken: &[bool],
    ) -> Option<(&Row, Vec<usize>)> {
        let mut best: Option<(&Row, Vec<usize>)> = None;
        let word = words[at].folded.as_ref();
        let letters = [word.chars().next(), word.chars().next_back()];
        let [first, last] = letters.map(|letter| letter.unwrap_or_default());
        let rows = [self.by_word.get(word), self.by_first.get(&first), self.by_last.get(&last)];
        for row in rows.into_iter().flatten().flatten() {
            let says = |row: &Row| (row.weight, std::cmp::Reverse(row.number));
            if best.as_ref().is_none_or(|(known, _)| says(row) > says(known))
                && let Some(places) = places(&row.parts, words, at, taken)
            {
                best = Some((row, places));
            }
        }
        best
    }

    /// Says what the form of a word that has no row says.
    fn by_form(&self, text: &str, words: &[Found<'_>], at: usize) -> Kind {
        // A full stop without a space glues two words into one.
        let word = words[at].folded.split('.').next().unwrap_or_default();
        let Some(form) = negative_form(word, self.language) else { return Kind::None };
        let before = at.checked_sub(1).map_or("", |before| words[before].folded.as_ref());
        // `olub-olmadığı`, `olup olmadığı`: whether it is.
        if before.ends_with(['b', 'p']) && before.chars().take(2).eq(word.chars().take(2)) {
            return Kind::None;
        }
        // A capital inside a sentence makes a name: `Məmmədin` is `Məm-mə-di-n` by its letters.
        let is_name = at > 0
            && words[at].text.starts_with(char::is_uppercase)
            && !words[at].text.chars().all(char::is_uppercase);
        match form {
            NegativeForm::Verb if is_name => Kind::Perhaps,
            NegativeForm::Verb => Kind::Sure,
            NegativeForm::Noun => Kind::Perhaps,
            NegativeForm::Without => Kind::Without,
            NegativeForm::Imperative if ends_clause(&text[words[at].span.end..]) => Kind::Perhaps,
            NegativeForm::Imperative => Kind::None,
        }
    }
}

/// Says whether a clause ends before a text: `"Getmə", dedi`.
fn ends_clause(rest: &str) -> bool {
    let rest = rest.trim_start().trim_start_matches(',');
    rest.is_empty() || rest.starts_with(['.', '!', ';', '"', '”', '»', '…'])
}

fn is_mark(letter: char) -> bool {
    letter.is_ascii_punctuation() || "…“”„«»‘’–—".contains(letter)
}

/// Returns the places of the words that the parts fit, from `at` on.
fn places(parts: &[Part], words: &[Found<'_>], at: usize, taken: &[bool]) -> Option<Vec<usize>> {
    let Some((part, rest)) = parts.split_first() else { return Some(Vec::new()) };
    if matches!(part, Part::Gap) {
        let end = words.len().min(at + LONGEST_GAP + 1);
        return (at..end).find_map(|at| places(rest, words, at, taken));
    }
    if *taken.get(at)? || !part.fits(&words[at].folded) {
        return None;
    }
    let mut found = places(rest, words, at + 1, taken)?;
    found.insert(0, at);
    Some(found)
}

/// Says whether a word is the sign of a number: `No. 5`.
fn is_number_sign(text: &str, word: &Found<'_>) -> bool {
    let after = text[word.span.end..].strip_prefix('.').map(str::trim_start);
    matches!(word.text, "No" | "no" | "NO")
        && after.is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

/// Says whether a word stands between two punctuation marks, as an answer does: `No, thank you`.
fn stands_apart(text: &str, word: Span) -> bool {
    let (before, after) = (text[..word.start].trim_end(), text[word.end..].trim_start());
    (before.is_empty() || before.ends_with(is_mark)) && after.starts_with(is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::align::{Pair, align};
    use crate::segment;

    /// Returns what is told of the negations of a pair: the subtype and the word.
    fn told(source: (&str, Language), target: (&str, Language)) -> Vec<(&'static str, String)> {
        let document = |(text, language): (&str, Language)| {
            segment::document("text", text.to_owned(), language, &segment::Options::default())
        };
        let (source, target) = (document(source), document(target));
        let alignment = align(Pair::new(&source, &target), &Default::default());
        crate::diff::diff(&source, &target, &alignment, None)
            .into_iter()
            .filter(|d| d.kind == DivergenceType::Negation)
            .map(|d| (d.subtype, d.expected.or(d.found).unwrap_or_default()))
            .collect()
    }

    fn assert_kept(source: &str, target: &str, language: Language) {
        assert_eq!(told((source, Language::EN), (target, language)), [], "{source} / {target}");
    }

    fn assert_lost(word: &str, source: &str, target: &str, language: Language) {
        let found = told((source, Language::EN), (target, language));
        assert_eq!(found, [("lost", word.to_owned())], "{source} / {target}");
    }

    #[test]
    fn azerbaijani_negation_is_kept_or_lost() {
        let az = Language::AZ;
        assert_kept("The road is not open.", "Yol açıq deyil.", az);
        assert_lost("not", "The road is not open.", "Yol açıqdır.", az);
        // The verbal noun is no negation, nor is `heç` alone.
        let source = "The farmers do not want to stay.";
        assert_kept(source, "Fermerlər qalmaq istəmirlər.", az);
        assert_lost("not", source, "Fermerlər qalmasına heç vaxt ümid edirlər.", az);
        assert_kept("The bus may not come.", "Avtobus gəlməyə bilər.", az);
        assert_kept("Don't wait for us.", "Bizi gözləmə.", az);
    }

    #[test]
    fn azerbaijani_in_cyrillic_script_is_read_too() {
        let cyrillic = Language::AZ_CYRL;
        assert_kept("The road is not open.", "Јол ачыг дејил.", cyrillic);
        assert_kept("The guests did not come.", "Гонаглар ҝәлмәдиләр.", cyrillic);
        assert_lost("not", "The guests did not come.", "Гонаглар ҝәлдиләр.", cyrillic);
    }

    #[test]
    fn turkish_negation_is_kept_or_lost() {
        let tr = Language::TR;
        assert_kept("The road is not open.", "Yol açık değil.", tr);
        assert_lost("not", "The road is not open.", "Uluslararası yol açık.", tr);
        assert_kept("There is no water here.", "Burada su yok.", tr);
        assert_lost("no", "There is no water here.", "Burada hiç su var.", tr);
        assert_kept("The guests didn't come.", "Misafirler gelmediler.", tr);
        assert_kept("We asked whether it is open.", "Açık olup olmadığını sorduk.", tr);
    }

    #[test]
    fn russian_negation_is_kept_or_lost() {
        let ru = "ru".parse().unwrap();
        assert_kept("Nobody came to the lesson.", "На урок никто не пришёл.", ru);
        // Without `не`, `никто` negates nothing; `неделя` has no prefix.
        assert_lost("Nobody", "Nobody came to the lesson.", "На этой неделе никто пришёл.", ru);
        assert_kept("It is not legal.", "Это незаконно.", ru);
        assert_kept("They are no longer neighbours.", "Они перестали быть соседями.", ru);
        assert_lost("no", "Bring it no later than May.", "Принесите это позднее мая.", ru);
    }

    #[test]
    fn german_and_french_negation_is_kept_or_lost() {
        let (de, fr) = ("de".parse().unwrap(), Language::parse("fr").unwrap());
        assert_kept("The road is not open.", "Die Straße ist nicht offen.", de);
        assert_lost("not", "The road is not open.", "Die Straße und der Weg sind offen.", de);
        assert_kept("The road is not open.", "La route n’est pas ouverte.", fr);
        assert_lost("not", "The road is not open.", "La route est ouverte.", fr);
        let source = ("La route n'est pas ouverte.", fr);
        assert_eq!(told(source, ("The road is not open.", Language::EN)), []);
        assert_eq!(told(source, ("The road is open.", Language::EN))[0].0, "lost");
    }

    #[test]
    fn every_negation_counts() {
        let az = Language::AZ;
        let source = "The road is not open and nobody can pass.";
        assert_kept(source, "Yol açıq deyil və heç kim keçə bilmir.", az);
        assert_lost("not", source, "Yol açıqdır və heç kim keçə bilmir.", az);
        // A double negation is one, and an echo is not asked for.
        assert_kept("You don't see no tail.", "Quyruq görmürsən.", az);
        assert_kept("They will not forget, not in May.", "Mayda da unutmayacaqlar.", az);
    }

    #[test]
    fn negation_in_form_alone_is_not_asked_for() {
        let az = Language::AZ;
        assert_kept("There is no doubt that he won.", "Onun qalib gəldiyi aydındır.", az);
        assert_kept("No. 7 is the library.", "7 nömrə kitabxanadır.", az);
        assert_kept("No, they left.", "Onlar getdilər.", az);
        assert_kept("It is cold, isn't it?", "Soyuqdur, hə?", az);
        let source = "The fund helps not only children but parents.";
        assert_kept(source, "Fond həm uşaqlara, həm də valideynlərə kömək edir.", az);
        assert_kept(source, "Fond təkcə uşaqlara deyil, valideynlərə də kömək edir.", az);
        assert_lost("not", source, "Fond təkcə uşaqlara, valideynlərə də kömək edir.", az);
    }

    #[test]
    fn an_opposite_is_asked_for_beside_the_plain_word() {
        let az = Language::AZ;
        assert_kept("It is unclear who won.", "Kimin qalib gəldiyi sirdir.", az);
        assert_kept("It is unclear who won.", "Kimin qalib gəldiyi aydın deyil.", az);
        assert_lost("unclear", "It is unclear who won.", "Kimin qalib gəldiyi aydındır.", az);
    }

    #[test]
    fn without_renders_without_only() {
        let az = Language::AZ;
        let source = "Tea without milk is not bad.";
        assert_kept(source, "Südsüz çay pis deyil.", az);
        assert_lost("not", source, "Südsüz çay pisdir.", az);
        assert_kept("They do not pay.", "Onlar üçün ödənişsizdir.", az);
        // So does a refusal; its verb may be negative, too.
        let source = "They did not refuse the plan.";
        assert_kept(source, "Planı reddetmediler.", Language::TR);
        assert_lost("not", source, "Planı reddettiler.", Language::TR);
    }

    #[test]
    fn a_firm_negation_is_told_when_it_is_added() {
        let added = |source, target| told((source, Language::EN), (target, Language::AZ));
        let found = added("There is a doctor in the village.", "Kənddə həkim yoxdur.");
        assert_eq!(found, [("added", "yoxdur".to_owned())]);
        assert_eq!(added("The price remained the same.", "Qiymət dəyişmədi."), []);
        assert_eq!(added("The village lacks a doctor.", "Kənddə həkim yoxdur."), []);
    }
}
