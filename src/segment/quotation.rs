//! Quotations and brackets: where they open and close.
//!
//! ```text
//! She said, "It is late. We go." Then she left.      one quotation, closed before `Then`
//! he said , '' It is late . '' Then he left .        marks between blanks: the second closes
//! the residents' homes, it's, John 's                 apostrophes
//! ```
//!
//! A mark opens where white space or a bracket stands before it, and the next mark of its kind that can close closes it.
//! One without partner opens nothing, so that damaged text loses no boundary. Found in one pass, on the first question.

use super::letters::{is_letter, is_lower, is_upper, is_word};

/// The quotations of a piece.
pub(super) struct Quotations<'t> {
    piece: &'t str,
    /// From the opening mark to behind the closing one, with the length of the closing one; in order and disjoint.
    spans: Option<Vec<Quotation>>,
    /// Where the last question was answered.
    at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quotation {
    /// The opening mark; `None` where the piece begins inside.
    start: Option<usize>,
    end: usize,
    closing: usize,
}

impl<'t> Quotations<'t> {
    pub(super) fn new(piece: &'t str) -> Self {
        Self { piece, spans: None, at: 0 }
    }

    /// Says whether a place lies inside a quotation. Places must come in order.
    pub(super) fn is_open(&mut self, place: usize) -> bool {
        self.last_before(place).is_some_and(|found| {
            found.start.is_some_and(|start| start < place) && place < found.end
        })
    }

    /// Returns the end of a closing mark that stands behind one blank: `to do ? '' Graham`. Places must come in order.
    pub(super) fn closed_behind_blank(&mut self, place: usize) -> Option<usize> {
        let rest = self.piece[place..].strip_prefix(' ')?;
        // A mark before a word opens: only one between blanks is worth the search.
        let behind = rest.trim_start_matches(['"', '\'', '`']);
        let is_apart = behind.len() < rest.len() && !behind.starts_with(|c: char| is_word(c));
        if !is_apart {
            return None;
        }
        let found = self.last_before(place)?;
        // A mark with a blank on its right opened as this one closes; others pair by chance.
        let is_apart = |start: usize| {
            let behind = &self.piece[start + found.closing..];
            behind.starts_with(char::is_whitespace)
        };
        if rest.starts_with('"') && !found.start.is_some_and(is_apart) {
            return None;
        }
        (found.start.is_none_or(|start| start < place) && found.end == place + 1 + found.closing)
            .then_some(found.end)
    }

    /// Returns the first quotation that ends behind a place.
    fn last_before(&mut self, place: usize) -> Option<Quotation> {
        let spans = self.spans.get_or_insert_with(|| find(self.piece));
        while spans.get(self.at).is_some_and(|found| found.end <= place) {
            self.at += 1;
        }
        spans.get(self.at).copied()
    }
}

/// A quotation mark or bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    /// What closes what it opens, if it can open.
    opens: Option<&'static str>,
    length: usize,
}

/// What closes a quotation that opens with backticks: ``` ``go'' ```, `` `go' ``, or backticks again.
#[derive(Debug, Clone, Copy)]
struct Backticks {
    single: &'static str,
    double: &'static str,
}

impl Backticks {
    fn of(piece: &str) -> Self {
        let is_paired = piece.matches('`').take(2).count() == 2;
        Self {
            single: if is_paired { "`" } else { "'" },
            double: if piece.contains("''") { "''" } else { "``" },
        }
    }
}

/// Returns the mark that stands at the start of a piece: what closes what it opens, if it can open.
fn token(piece: &str, before: char, backticks: Backticks) -> Option<Token> {
    let first = piece.chars().next()?;
    let is_left = before.is_whitespace() || matches!(before, '(' | '[' | '—' | '–' | '-');
    let next = |length: usize| piece[length..].chars().next().unwrap_or(' ');
    let length = first.len_utf8();
    let opens = match first {
        '«' if is_left => Some("»"),
        // German writes them the other way round.
        '»' if is_left && !next(length).is_whitespace() => Some("«"),
        '„' => Some("“"),
        '“' => Some("”"),
        '(' => Some(")"),
        '[' => Some("]"),
        '（' => Some("）"),
        '「' => Some("」"),
        '"' if is_left => Some("\""),
        '‘' if is_left => Some("’"),
        '`' if piece.starts_with("``") => {
            return Some(Token { opens: is_left.then_some(backticks.double), length: 2 });
        }
        '`' if is_left => Some(backticks.single),
        '\'' if piece.starts_with("''") => {
            return Some(Token { opens: is_left.then_some("''"), length: 2 });
        }
        '\'' if is_left && !is_clitic(&piece[1..]) && !next(1).is_numeric() => Some("'"),
        '»' | '«' | '”' | ')' | ']' | '）' | '」' | '"' | '’' | '`' | '\'' => None,
        _ => return None,
    };
    Some(Token { opens, length })
}

/// Says whether what follows an apostrophe is the rest of a word: `John 's`, `they 're`.
fn is_clitic(rest: &str) -> bool {
    let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
    matches!(&rest[..end], "s" | "re" | "ll" | "ve" | "d" | "m" | "t" | "S" | "em" | "til")
}

/// Finds the quotations of a piece. A piece may begin inside one: with straight marks, whichever reading has fewer marks
/// that stand against it.
fn find(piece: &str) -> Vec<Quotation> {
    let backticks = Backticks::of(piece);
    let (spans, against) = pair(piece, None, backticks);
    if against > 0 {
        let inside = ["''", "'", "\""].map(|closing| pair(piece, Some(closing), backticks));
        let fits = |(spans, other): &(Vec<Quotation>, usize)| {
            *other < against && spans.first().is_some_and(|found| found.start.is_none())
        };
        if let Some((inside, _)) = inside.into_iter().filter(fits).min_by_key(|(_, other)| *other) {
            return inside;
        }
    }
    spans
}

/// Pairs the marks of a piece, the first of which closes with `open`, if anything is open at its start. Returns how many
/// straight marks stand against it too: one that closes where nothing is open, opens where something is, or is left open.
fn pair(piece: &str, open: Option<&'static str>, backticks: Backticks) -> (Vec<Quotation>, usize) {
    let mut spans = Vec::new();
    let mut against = 0;
    let mut open = open.map(|closing| (closing, None));
    let mut before = ' ';
    let mut at = 0;
    while let Some(letter) = piece[at..].chars().next() {
        let Some(Token { opens, length }) = token(&piece[at..], before, backticks) else {
            before = letter;
            at += letter.len_utf8();
            continue;
        };
        let rest = &piece[at + length..];
        let is_straight = matches!(letter, '\'' | '"');
        let is_apart = before.is_whitespace() && rest.starts_with(char::is_whitespace);
        let left = piece[..at].trim_end();
        let next = rest.trim_start().chars().next().unwrap_or(' ');
        match open {
            Some((closing, start)) if piece[at..at + length] == *closing => {
                if closes(closing, before, rest) {
                    // `he said , ' Stanley`: this one can only open.
                    let is_opening = is_apart && left.ends_with([',', ':']) && is_upper(next);
                    against += usize::from(is_straight && is_opening);
                    spans.push(Quotation { start, end: at + length, closing: length });
                    open = None;
                } else if is_straight && opens.is_some() {
                    against += 1;
                }
            }
            Some(_) => {}
            None => {
                // `, '' she wrote . '' Why`: the first can only close.
                let is_closing = is_apart
                    && left.ends_with([',', '.', '!', '?'])
                    && (is_lower(next) || next == ',');
                let is_apostrophe = letter == '\'' && rest.starts_with(is_word);
                if is_straight && (is_closing || opens.is_none() && !is_apostrophe) {
                    against += 1;
                }
                open = opens.map(|closing| (closing, Some(at)));
            }
        }
        before = letter;
        at += length;
    }
    let left = open.is_some_and(|(closing, _)| matches!(closing, "''" | "'" | "\""));
    (spans, against + usize::from(left))
}

/// Says whether a mark closes: no apostrophe, no sign of inches, none that opens another quotation.
fn closes(closing: &str, before: char, rest: &str) -> bool {
    let next = rest.chars().next().unwrap_or(' ');
    match closing {
        ")" | "]" | "）" | "」" => true,
        "'" if before.is_whitespace() => !is_clitic(rest) && !is_word(next),
        _ => !is_word(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(piece: &str) -> Vec<&str> {
        find(piece).iter().map(|found| &piece[found.start.unwrap_or(0)..found.end]).collect()
    }

    #[test]
    fn marks_pair_by_their_kind() {
        assert_eq!(
            found("He said, “Go. Now.” And «bir. iki.» too."),
            ["“Go. Now.”", "«bir. iki.»"]
        );
        assert_eq!(found("»Ja.« »Nein.«"), ["»Ja.«", "»Nein.«"]);
        assert_eq!(found("a , '' Go . '' b `` Go . '' c"), ["'' Go . ''", "`` Go . ''"]);
    }

    #[test]
    fn apostrophes_open_nothing() {
        let piece = "the residents' homes, it's John 's and they 're late. They left.";
        assert!(!Quotations::new(piece).is_open(piece.len() - 11));
        assert_eq!(found("said 'It's late. Go.' then"), ["'It's late. Go.'"]);
    }

    #[test]
    fn a_mark_without_partner_opens_nothing() {
        assert!(found("He said, “Go. Now. And left.").is_empty());
        assert!(found("He said, 'Go. Now. And left.").is_empty());
    }

    #[test]
    fn a_piece_may_begin_inside_a_quotation() {
        assert_eq!(found("to do ? '' A '' b '' left"), ["to do ? ''", "'' b ''"]);
    }

    #[test]
    fn a_closing_mark_behind_a_blank_is_seen() {
        let piece = "not to do ? '' Graham";
        assert_eq!(Quotations::new(piece).closed_behind_blank(11), Some(14));
        let piece = "'' what to do ? '' Graham";
        assert_eq!(Quotations::new(piece).closed_behind_blank(15), Some(18));
    }
}
