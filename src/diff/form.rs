//! Form: quotation marks and brackets that one version lost, another mark at the end, doubled words, look-alike letters, paragraphs.

use super::{Context, Side};
use crate::language::script_of;
use crate::model::{
    Alignment, BlockKind, Divergence, DivergenceType, Document, SegmentKind, Severity, Span,
};
use crate::text::{counted, fold, words};

/// The longest word, in letters, that Azerbaijani and Turkish double on purpose.
const LONGEST_DOUBLED: usize = 6;

/// Adds the findings about one bead.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Divergence>) {
    quotes(context, found);
    brackets(context, found);
    ends(context, found);
    doubled(context, found);
    scripts(context, found);
}

/// Adds a finding where the source quotes and the target has no quotation mark at all. Marks need not match: texts mix
/// them; and translations into Azerbaijani add marks to names, so added ones are no fault.
fn quotes(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let marks = |text: &str| {
        text.chars().filter(|c| matches!(c, '"' | '“' | '”' | '„' | '«' | '»')).count()
    };
    let count = |side: &super::Side<'_>| side.texts().map(|(text, _)| marks(text)).sum::<usize>();
    let (source, target) = (count(&context.source), count(&context.target));
    if source >= 2 && target == 0 {
        let message = format!("the source has {source} quotation marks, the target none");
        found.push(context.finding(
            DivergenceType::Quotes,
            "lost",
            Severity::Warning,
            (None, None),
            message,
        ));
    }
}

/// Adds a finding where a bracket of the target is not closed, or where the target has fewer brackets than the source.
fn brackets(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let source = Brackets::of(&context.source);
    let target = Brackets::of(&context.target);
    let mut add = |subtype, spans, message: String| {
        found.push(context.finding(
            DivergenceType::Brackets,
            subtype,
            Severity::Info,
            spans,
            message,
        ));
    };
    if let Some(open) = target.unpaired.filter(|_| source.unpaired.is_none()) {
        let mark = open.of(&context.target.document.text);
        add(
            "unpaired",
            (None, Some(open)),
            format!("the bracket \"{mark}\" of the target has no counterpart"),
        );
    } else if target.pairs < source.pairs && target.unpaired.is_none() {
        let message = format!(
            "the source has {} of brackets, the target {}",
            counted(source.pairs, "pair"),
            if target.pairs == 0 { "none".to_owned() } else { target.pairs.to_string() }
        );
        add("lost", (None, None), message);
    }
}

/// The brackets of a side.
struct Brackets {
    pairs: usize,
    /// The first bracket without counterpart.
    unpaired: Option<Span>,
}

impl Brackets {
    fn of(side: &Side<'_>) -> Self {
        let mut open: Vec<Span> = Vec::new();
        let mut brackets = Self { pairs: 0, unpaired: None };
        for segment in side.segments() {
            for (at, mark) in segment.span.of(&side.document.text).char_indices() {
                let at = segment.span.start + at;
                let span = Span::new(at, at + mark.len_utf8());
                // A list marker such as `2)` opens nothing, and a smile neither.
                let is_marker = segment.marker.is_some_and(|marker| marker.overlaps(span));
                let is_smile = side.document.text[..at].ends_with([':', ';', '-']);
                match mark {
                    '(' | '[' if !is_smile => open.push(span),
                    ')' | ']' if !is_marker && !is_smile => match open.pop() {
                        Some(_) => brackets.pairs += 1,
                        None => brackets.unpaired = brackets.unpaired.or(Some(span)),
                    },
                    _ => {}
                }
            }
        }
        brackets.unpaired = brackets.unpaired.or(open.first().copied());
        brackets
    }
}

/// Adds a finding where a question or a call ends otherwise in the target. A statement may end as it likes.
fn ends(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let last = |side: &Side<'_>| -> Option<(char, Span)> {
        let segment = side.segments().last()?;
        if segment.kind != SegmentKind::Sentence {
            return None;
        }
        let is_closing = |mark: &char| mark.is_whitespace() || "\"'”’»“)]".contains(*mark);
        let text = segment.span.of(&side.document.text);
        let bare = text.trim_end_matches(|mark| is_closing(&mark));
        let mark = bare.chars().next_back()?;
        let end = segment.span.start + bare.len();
        Some((mark, Span::new(end - mark.len_utf8(), end)))
    };
    let (Some((ours, span)), Some((theirs, given))) =
        (last(&context.source), last(&context.target))
    else {
        return;
    };
    let has = |side: &Side<'_>, sought: char| side.texts().any(|(text, _)| text.contains(sought));
    let is_question = |mark: char| matches!(mark, '?' | '؟' | '？');
    let is_lost = is_question(ours) && !is_question(theirs) && !has(&context.target, '?');
    let is_added = is_question(theirs) && !is_question(ours) && !has(&context.source, '?');
    if !is_lost && !is_added {
        return;
    }
    let message = format!("the source ends with \"{ours}\", the target with \"{theirs}\"");
    let subtype = if is_lost { "question_lost" } else { "question_added" };
    let spans = (Some(span), Some(given));
    found.push(context.finding(
        DivergenceType::Punctuation,
        subtype,
        Severity::Info,
        spans,
        message,
    ));
}

/// Adds a finding where a word of the target stands twice with a blank in between and the source doubles nothing.
fn doubled(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let first = |side: &Side<'_>| -> Option<Span> {
        let language = side.document.language;
        side.texts().find_map(|(text, range)| {
            let place = |piece: &str| piece.as_ptr() as usize - text.as_ptr() as usize;
            let mut before = "";
            text.split_whitespace().find_map(|piece| {
                let piece_before = std::mem::replace(&mut before, piece);
                let second = piece.trim_end_matches(|mark: char| !mark.is_alphabetic());
                let is_doubled = second.chars().nth(1).is_some()
                    && second.len() == piece_before.len()
                    && second.chars().all(char::is_alphabetic)
                    // `Bora Bora` is meant.
                    && !second.starts_with(char::is_uppercase)
                    && fold(piece_before, language) == fold(second, language);
                is_doubled.then(|| {
                    Span::new(place(piece_before), place(piece) + second.len()).shifted(range.start)
                })
            })
        })
    };
    // In Azerbaijani and Turkish a word is doubled to make it stronger: `yavaş yavaş`.
    let language = context.target.document.language;
    let Some(span) = first(&context.target).filter(|_| first(&context.source).is_none()) else {
        return;
    };
    let word = span.of(&context.target.document.text);
    let doubles = matches!(language.code(), "az" | "tr") && is_doubling(word);
    if !doubles {
        let message = format!("the target says \"{word}\"");
        let spans = (None, Some(span));
        found.push(context.finding(
            DivergenceType::DoubledWord,
            "word",
            Severity::Info,
            spans,
            message,
        ));
    }
}

/// Says whether a doubled word is short and without a case ending, as those that are doubled on purpose are: `yavaş yavaş`.
fn is_doubling(doubled: &str) -> bool {
    const ENDINGS: [&str; 9] = ["da", "də", "de", "dan", "dən", "den", "lar", "lər", "ler"];
    let word = doubled.split_whitespace().next().unwrap_or_default();
    word.chars().count() <= LONGEST_DOUBLED && !ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Adds a finding where a word of the target mixes Latin and Cyrillic letters.
fn scripts(context: &Context<'_>, found: &mut Vec<Divergence>) {
    let is_cyrillic = |letter: char| ('\u{400}'..='\u{52F}').contains(&letter);
    let is_latin = |letter: char| {
        letter.is_ascii_alphabetic()
            || ('\u{C0}'..='\u{24F}').contains(&letter)
            || letter == 'ə'
            || letter == 'Ə'
    };
    for (text, range) in context.target.texts() {
        let is_mixed = text.chars().any(is_cyrillic) && text.chars().any(is_latin);
        for word in words(text).take_while(|_| is_mixed) {
            let has_both = word.text.chars().any(is_cyrillic) && word.text.chars().any(is_latin);
            if !has_both {
                continue;
            }
            let strange = match script_of(word.text) {
                Some("Cyrl") => is_latin as fn(char) -> bool,
                _ => is_cyrillic as fn(char) -> bool,
            };
            let letters: String = word.text.chars().filter(|letter| strange(*letter)).collect();
            let message =
                format!("\"{}\" mixes Latin and Cyrillic letters: \"{letters}\"", word.text);
            let spans = (None, Some(word.span.shifted(range.start)));
            found.push(context.finding(
                DivergenceType::Script,
                "mixed",
                Severity::Warning,
                spans,
                message,
            ));
        }
    }
}

/// Returns a finding where the versions have another number of paragraphs. Texts with one segment a line have none.
pub(super) fn paragraphs(
    source: &Document,
    target: &Document,
    alignment: &Alignment,
) -> Option<Divergence> {
    let count = |document: &Document| {
        document.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph).count()
    };
    let counts = [count(source), count(target)];
    let is_missing = alignment.beads().iter().any(crate::model::Bead::is_null);
    (counts[0] != counts[1] && !is_missing && counts.iter().all(|count| *count > 0)).then(|| {
        Divergence {
            kind: DivergenceType::Paragraphs,
            subtype: "count",
            severity: Severity::Info,
            source_segments: Vec::new(),
            target_segments: Vec::new(),
            source_span: None,
            target_span: None,
            expected: Some(counts[0].to_string()),
            found: Some(counts[1].to_string()),
            message: format!(
                "the source has {}, the target {}",
                counted(counts[0], "paragraph"),
                counts[1]
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::diff;
    use crate::model::{Bead, Language, Origin, SegmentId};
    use crate::segment;

    fn told(source: &str, target: &str) -> Vec<(DivergenceType, &'static str)> {
        let document =
            |text: &str, language| segment::presegmented_document("", text.to_owned(), language);
        let (source, target) = (document(source, Language::EN), document(target, Language::AZ));
        let bead = Bead::settled(vec![SegmentId(0)], vec![SegmentId(0)], Origin::Person);
        let alignment = Alignment::new(1, 1, vec![bead]).unwrap();
        let found = diff(&source, &target, &alignment, None);
        found.into_iter().map(|d| (d.kind, d.subtype)).collect()
    }

    #[test]
    fn brackets_are_counted_and_markers_are_none() {
        let found = told("The union (PU) opens a school.", "Birlik (İB məktəb açır.");
        assert_eq!(found, [(DivergenceType::Brackets, "unpaired")]);
        let found = told("The union (PU) opens a school.", "Birlik məktəb açır.");
        assert_eq!(found, [(DivergenceType::Brackets, "lost")]);
        assert_eq!(told("a) the school [new]", "a) məktəb (yeni)"), []);
    }

    #[test]
    fn a_question_stays_a_question() {
        let found = told("Who will pay for the road?", "Yolun pulunu kim ödəyəcək.");
        assert_eq!(found, [(DivergenceType::Punctuation, "question_lost")]);
        assert_eq!(told("Who will pay?\"", "“Kim ödəyəcək?”"), []);
    }

    #[test]
    fn doubled_words_that_make_stronger_are_meant() {
        let found = told("The road is closed in winter.", "Yol qışda qışda bağlıdır.");
        assert_eq!(found, [(DivergenceType::DoubledWord, "word")]);
        assert_eq!(told("The water rises slowly.", "Su yavaş yavaş qalxır."), []);
    }

    #[test]
    fn look_alike_letters_are_seen() {
        let found = told("The school is open.", "Məktəb \u{430}çıqdır.");
        assert_eq!(found, [(DivergenceType::Script, "mixed")]);
        assert_eq!(told("The school is open.", "Məktəb açıqdır, школа."), []);
    }
}
