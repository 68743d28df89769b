//! Which words of two segments differ.
//!
//! Words are those of UAX #29, so that `1,180` is one, and every mark between them is a word of its own. They are compared
//! as written, but for how marks are drawn. The words in common are a longest common subsequence ([`similar`]).

use similar::{Algorithm, DiffTag, capture_diff_slices};
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

use super::{RevisionChange, RevisionKind, facts};
use crate::model::{Document, Segment, SegmentId, Span};
use crate::text::fold;

/// A word or a mark.
pub(super) struct Token {
    /// What is compared: composed, marks drawn plainly, invisible characters left out.
    pub(super) key: String,
    /// Its bytes in the document.
    pub(super) span: Span,
    /// Whether it holds a letter or a digit.
    pub(super) is_word: bool,
    /// The segment it stands in.
    segment: SegmentId,
}

/// Returns the words and marks of segments, their list markers left out where more than a marker stands there.
pub(super) fn tokens(document: &Document, ids: &[SegmentId]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for id in ids {
        let Some(segment) = document.segments.get(id.place()) else { continue };
        let content = content(segment, &document.text);
        let text = content.of(&document.text);
        for (at, piece) in text.split_word_bound_indices().flat_map(without_blanks) {
            let span = Span::new(at, at + piece.len()).shifted(content.start);
            let key = drawn_plainly(piece);
            let token = |key: &str| Token {
                key: key.to_owned(),
                span,
                is_word: key.contains(char::is_alphanumeric),
                segment: *id,
            };
            match &key[..] {
                "" => {}
                "…" => tokens.extend([".", ".", "."].map(token)),
                key => tokens.push(token(key)),
            }
        }
    }
    tokens
}

/// Cuts a piece at its blanks: the standard takes U+202F for a part of a word.
fn without_blanks((start, piece): (usize, &str)) -> impl Iterator<Item = (usize, &str)> {
    let at = move |part: &str| start + (part.as_ptr() as usize - piece.as_ptr() as usize);
    piece.split_whitespace().map(move |part| (at(part), part))
}

/// Returns what stands behind the list marker, or all where nothing does.
pub(super) fn content(segment: &Segment, text: &str) -> Span {
    let start = segment.marker.map_or(segment.span.start, |marker| marker.end);
    let behind = Span::new(start.max(segment.span.start), segment.span.end);
    if behind.of(text).trim().is_empty() { segment.span } else { behind }
}

/// Returns a piece of text composed, with plain marks and without invisible characters.
fn drawn_plainly(piece: &str) -> String {
    // Soft hyphen, zero-width space, word joiner, byte-order mark.
    let is_seen =
        |letter: &char| !matches!(letter, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}');
    let plain = |letter: char| match letter {
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '〝' | '〞' => '"',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | 'ʼ' | '`' | '´' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '•' | '·' | '▪' | '●' => '•',
        _ => letter,
    };
    if is_nfc(piece) {
        piece.chars().filter(is_seen).map(plain).collect()
    } else {
        piece.nfc().filter(is_seen).map(plain).collect()
    }
}

/// Fills in what happened to the segments of a change that has both sides: kind, marks, facts.
pub(super) fn compare(old: &Document, new: &Document, change: &mut RevisionChange) {
    let single = match (&change.old[..], &change.new[..]) {
        ([from], [to]) => Some((*from, *to)),
        _ => None,
    };
    let same = if change.is_moved { RevisionKind::Moved } else { RevisionKind::Unchanged };
    change.kind = same;
    if single.is_some_and(|(from, to)| old.segment_text(from) == new.segment_text(to)) {
        return;
    }
    let (ours, theirs) = (tokens(old, &change.old), tokens(new, &change.new));
    let keys = |tokens: &[Token]| tokens.iter().map(|token| token.key.clone()).collect::<Vec<_>>();
    let (our_keys, their_keys) = (keys(&ours), keys(&theirs));
    let renumbered = single.and_then(|(from, to)| {
        let (from, to) = (old.segments.get(from.place())?, new.segments.get(to.place())?);
        let text = |segment: &Segment, text| segment.marker.map(|marker: Span| marker.of(text));
        let differ = text(from, &old.text) != text(to, &new.text);
        differ.then_some((from, to))
    });
    if let Some((from, to)) = renumbered {
        change.removed.extend(from.marker);
        change.added.extend(to.marker);
        let is_other = from.number != to.number;
        change.kind = if is_other { RevisionKind::Renumbered } else { RevisionKind::Typography };
    }
    if our_keys == their_keys {
        for (our, their) in ours.iter().zip(&theirs) {
            if our.span.of(&old.text) != their.span.of(&new.text) {
                change.removed.push(our.span);
                change.added.push(their.span);
            }
        }
        if change.kind == same && !change.added.is_empty() {
            change.kind = RevisionKind::Typography;
        }
        // Three dots that became one character are three words with one place.
        change.removed.dedup();
        change.added.dedup();
    } else {
        change.kind = RevisionKind::Edited;
        let ops = capture_diff_slices(Algorithm::Myers, &our_keys, &their_keys);
        for op in &ops {
            if op.tag() != DiffTag::Equal {
                change.removed.extend(joined(&ours[op.old_range()]));
                change.added.extend(joined(&theirs[op.new_range()]));
            }
        }
        let folded = |document: &Document, tokens: &[Token]| -> Vec<String> {
            let words = tokens.iter().filter(|token| token.is_word);
            words.map(|token| fold(&token.key, document.language)).collect()
        };
        change.is_reworded = folded(old, &ours) != folded(new, &theirs);
        change.facts = facts::changed(old, new, change, (&ours, &theirs), &ops);
    }
    if change.new.len() > 1 {
        change.kind = RevisionKind::Split;
    } else if change.old.len() > 1 {
        change.kind = RevisionKind::Merged;
    }
}

/// Joins the spans of neighbouring words, a span for each segment.
fn joined(tokens: &[Token]) -> impl Iterator<Item = Span> {
    let rows = tokens.chunk_by(|one, next| one.segment == next.segment);
    rows.filter_map(|row| Some(Span::new(row.first()?.span.start, row.last()?.span.end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;
    use crate::segment;

    /// Compares two lines and returns the kind and the pieces that went and came.
    fn compared(old: &str, new: &str) -> (RevisionKind, Vec<String>, Vec<String>) {
        let document =
            |text: &str| segment::presegmented_document("", text.to_owned(), Language::AZ);
        let (old, new) = (document(old), document(new));
        let ids = |document: &Document| document.ids().collect::<Vec<_>>();
        let mut change = RevisionChange::new(RevisionKind::Unchanged, ids(&old), ids(&new));
        compare(&old, &new, &mut change);
        let texts = |spans: &[Span], text: &str| {
            spans.iter().map(|span| span.of(text).to_owned()).collect::<Vec<_>>()
        };
        (change.kind, texts(&change.removed, &old.text), texts(&change.added, &new.text))
    }

    #[test]
    fn blanks_of_any_kind_are_no_change() {
        for new in ["Yol  bağlıdır.", "Yol\u{A0}bağlıdır.", "Yol\u{202F}\tbağlıdır."] {
            assert_eq!(compared("Yol bağlıdır.", new).0, RevisionKind::Unchanged, "{new}");
        }
    }

    #[test]
    fn marks_drawn_otherwise_are_typography() {
        let (kind, gone, come) =
            compared("\"Ümid\" - bizim 'evimiz' deyil...", "«Ümid» – bizim ‘evimiz’ deyil…");
        assert_eq!(kind, RevisionKind::Typography);
        assert_eq!(gone, ["\"", "\"", "-", "'", "'", ".", ".", "."]);
        assert_eq!(come, ["«", "»", "–", "‘", "’", "…"]);
        assert_eq!(compared("gu\u{308}n", "gün").0, RevisionKind::Typography);
        assert_eq!(compared("mək\u{AD}təb", "məktəb").0, RevisionKind::Typography);
    }

    #[test]
    fn other_marks_and_capitals_are_edits() {
        assert_eq!(
            compared("Yol bağlıdır.", "Yol bağlıdır!"),
            (RevisionKind::Edited, vec![".".to_owned()], vec!["!".to_owned()])
        );
        assert_eq!(compared("Ümid yoxdur", "ümid yoxdur").0, RevisionKind::Edited);
        assert_eq!(compared("1,180 ev", "1,240 ev").1, ["1,180"]);
    }

    #[test]
    fn another_list_number_is_told_apart_from_other_words() {
        let (kind, gone, come) = compared("3. Çadırlar;", "4. Çadırlar;");
        assert_eq!(
            (kind, gone, come),
            (RevisionKind::Renumbered, vec!["3.".to_owned()], vec!["4.".to_owned()])
        );
        assert_eq!(compared("3. Çadırlar;", "3) Çadırlar;").0, RevisionKind::Typography);
        assert_eq!(compared("3. Çadırlar;", "4. Yorğanlar;").0, RevisionKind::Edited);
    }
}
