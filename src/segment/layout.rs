//! Lines: which line breaks end something, which only wrap a line.
//!
//! ```text
//! # 09:40                  two short lines without a final mark: a boundary
//! 12 April 2023
//!
//! Families are sleeping in gyms and school halls, where there are    wrapped: the first
//! approx. 5 blankets for every 8 people.                             word of the next line did not fit
//!
//! 11."Warm Classroom" Charitable Foundation,     an item cut by an empty line: joined
//!
//! Mammadzada Ilaha;
//! ```

use super::letters::is_lower;
use super::marker;
use super::tables::Tables;
use super::{Wrap, trimmed};
use crate::model::{SegmentKind, Span};

/// Widths, in characters, that prose is wrapped at: mail and terminals 60 to 80, pages up to 120. Longer lines were not
/// wrapped by hand, shorter ones are headings, addresses and verse.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 40..=130;

/// The longest line, in characters, that completes an item cut by an empty line: a name, at most a title and a name.
const COMPLETION: usize = 60;

/// The longest heading, in characters.
const HEADING: usize = 160;

/// The longest label ending in a colon, in characters.
const LABEL: usize = 60;

/// A piece of a paragraph without a forced boundary inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) span: Span,
    /// The rule that ended it.
    pub(super) rule: &'static str,
}

/// Returns the lines of a text, without their line ends. LF and CRLF end lines, nothing else does.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| start + length);
        let line = Span::new(start, end - usize::from(bytes[start..end].ends_with(b"\r")));
        start = end + 1;
        Some(line)
    })
}

/// Returns the stretches of a text in order, and whether each begins a paragraph. One is found when it is asked for, so
/// that a text of any size needs no memory but its own.
pub(super) fn stretches<'t>(
    text: &'t str,
    wrap: Wrap,
    tables: &'t Tables,
) -> impl Iterator<Item = (Stretch, bool)> + 't {
    let width = match wrap {
        Wrap::Auto => wrap_width(text, tables),
        Wrap::Keep | Wrap::Join => None,
    };
    let mut lines = paragraph_lines(text).peekable();
    let joined = std::iter::from_fn(move || {
        let (mut span, begins) = lines.next()?;
        while let Some((line, _)) =
            lines.next_if(|(line, begins)| !begins && joins(text, span, *line, wrap, width, tables))
        {
            span.end = line.end;
        }
        let is_last = lines.peek().is_none_or(|(_, begins)| *begins);
        let rule = if is_last { "paragraph end" } else { "line end" };
        Some((Stretch { span, rule }, begins))
    });
    let mut joined = joined.peekable();
    std::iter::from_fn(move || {
        let (mut stretch, begins) = joined.next()?;
        // Items that an empty line cut: only what is the whole of a paragraph can complete one.
        while wrap != Wrap::Keep
            && let Some((next, _)) = joined.next_if(|(next, begins)| {
                let is_whole = *begins && next.rule == "paragraph end";
                is_whole && completes(text, stretch.span, next.span, tables)
            })
        {
            stretch.span.end = next.span.end;
        }
        Some((stretch, begins))
    })
}

/// Returns the lines that are not empty, without blanks at their ends, and whether each begins a paragraph.
fn paragraph_lines(text: &str) -> impl Iterator<Item = (Span, bool)> {
    let mut is_open = false;
    lines(text).filter_map(move |line| {
        let line = trimmed(text, line);
        let begins = !is_open;
        is_open = !line.is_empty();
        is_open.then_some((line, begins))
    })
}

fn width_of(text: &str, line: Span) -> usize {
    line.of(text).chars().count()
}

fn first_word(text: &str, line: Span) -> usize {
    line.of(text).split_whitespace().next().map_or(0, |word| word.chars().count())
}

/// Returns the width that the prose of the text is wrapped at, where it is: most lines that have a next one end where
/// its first word would no longer fit.
fn wrap_width(text: &str, tables: &Tables) -> Option<usize> {
    let pairs = || {
        let mut before = None;
        paragraph_lines(text).filter_map(move |(line, begins)| {
            before.replace(line).filter(|_| !begins).map(|before| [before, line])
        })
    };
    let is_prose = |pair: &[Span; 2]| {
        marker::at_start(pair[1].of(text), tables).is_none()
            && width_of(text, pair[0]) <= *WRAP_WIDTHS.end()
            // A long address on a line of its own says nothing of the width.
            && pair[0].of(text).contains(char::is_whitespace)
    };
    let width = pairs().filter(is_prose).map(|pair| width_of(text, pair[0])).max()?;
    if !WRAP_WIDTHS.contains(&width) {
        return None;
    }
    let (mut all, mut fitting) = (0usize, 0usize);
    for pair in pairs().filter(is_prose) {
        all += 1;
        fitting += usize::from(is_full(text, pair[0], pair[1], width));
    }
    // Half: short lines of headings and lists may stand beside wrapped prose.
    (fitting * 2 >= all).then_some(width)
}

/// Says whether the first word of the next line did not fit behind a line.
fn is_full(text: &str, line: Span, next: Span, width: usize) -> bool {
    width_of(text, line) + 1 + first_word(text, next) > width
}

/// Says whether a line break only wraps a line. `before` may hold lines joined already.
fn joins(
    text: &str,
    before: Span,
    line: Span,
    wrap: Wrap,
    width: Option<usize>,
    tables: &Tables,
) -> bool {
    match wrap {
        Wrap::Keep => return false,
        Wrap::Join => return true,
        Wrap::Auto => {}
    }
    let piece = line.of(text);
    if marker::at_start(piece, tables).is_some() {
        return false;
    }
    let last_line = before.of(text).rsplit('\n').next().unwrap_or_default().trim();
    let last = Span::new(before.end - last_line.len(), before.end);
    if !ends_sentence(last_line) && marker::at_start(before.of(text), tables).is_some() {
        let is_rest = piece.ends_with(';') && width_of(text, line) <= COMPLETION;
        if is_rest || runs_on(piece, tables) {
            return true;
        }
    }
    // A line that goes on in small letters goes on.
    let goes_on = piece.starts_with(is_lower) && !ends_sentence(last_line);
    let is_long = width_of(text, last) >= *WRAP_WIDTHS.start();
    match width {
        Some(width) => is_full(text, last, line, width) && (is_long || goes_on),
        // A short line is an item or a verse, unless a comma says that more comes.
        None => goes_on && (is_long || last_line.ends_with(',')),
    }
}

/// Says whether a line holds the rest of an item and the next ones behind a semicolon: `Mehriban; 27."World" PU, …`. A list
/// that runs on was broken anywhere.
fn runs_on(line: &str, tables: &Tables) -> bool {
    line.split_once(';').is_some_and(|(_, behind)| {
        let next = marker::at_start(behind.trim_start(), tables);
        next.is_some_and(|marker| marker.number.is_some())
    })
}

/// Says whether a line ends as a sentence does.
fn ends_sentence(line: &str) -> bool {
    let bare = line.trim_end_matches(['"', '”', '“', '»', '’', '\'', ')', ']']);
    bare.ends_with(['.', '!', '?', '…', ':', ';'])
}

/// Says whether a line completes a list item that an empty line cut: the item ends with a comma, the line is short, is no
/// item itself, and ends as an item does.
fn completes(text: &str, before: Span, line: Span, tables: &Tables) -> bool {
    let (item, piece) = (before.of(text), line.of(text));
    let is_list = || {
        let last_line = item.rsplit('\n').next().unwrap_or_default();
        marker::at_start(item, tables).is_some() || last_line.contains(';')
    };
    item.ends_with(',')
        && piece.ends_with([';', '.'])
        && is_list()
        && piece.chars().count() <= COMPLETION
        && marker::at_start(piece, tables).is_none()
}

/// Returns what a segment without list marker is by its shape.
pub(super) fn kind(piece: &str) -> SegmentKind {
    let is_at_most = |most: usize| piece.len() <= most || piece.chars().nth(most).is_none();
    if piece.ends_with(':') && is_at_most(LABEL) {
        return SegmentKind::Label;
    }
    let bare = piece.trim_end_matches(['"', '”', '“', '»', '’', '\'', ')', ']']);
    let has_mark = bare.ends_with(['.', '!', '?', '…', ':', ';', ',']);
    // A line of contact data is no title.
    let is_contact = || piece.contains('@') || piece.contains("://");
    if !has_mark && is_at_most(HEADING) && !is_contact() {
        SegmentKind::Heading
    } else {
        SegmentKind::Sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Language;

    fn pieces(text: &str) -> Vec<&str> {
        let tables = Tables::of(Language::EN);
        stretches(text, Wrap::Auto, &tables).map(|(stretch, _)| stretch.span.of(text)).collect()
    }

    #[test]
    fn short_lines_stay_apart() {
        assert_eq!(
            pieces("# 09:40\n12 April 2023\n\nText."),
            ["# 09:40", "12 April 2023", "Text."]
        );
    }

    #[test]
    fn wrapped_prose_is_joined_and_items_in_it_are_not() {
        let text = "We call on the public of all countries to help the families who have lost\n\
            their homes, and we ask that the aid is brought to the villages before the\nwinter comes.\n\
            1) tents for the families;\n2) blankets.";
        assert_eq!(pieces(text).len(), 3);
    }

    #[test]
    fn a_list_that_runs_on_may_be_broken_inside_an_item() {
        let text = "1.\"Sun\" PU, Aliyev Ali; 2.\"Moon\" PU, Karimova\nLala; 3.\"Sea\" PU, Orujov\nRashid;\n4.Rain";
        assert_eq!(pieces(text).len(), 2);
        assert_eq!(pieces("1. Tents and\nBlankets\n2. Water").len(), 3);
    }

    #[test]
    fn crlf_ends_lines() {
        let text = "a\r\n\r\nb";
        assert_eq!(lines(text).map(|line| line.of(text)).collect::<Vec<_>>(), ["a", "", "b"]);
    }
}
