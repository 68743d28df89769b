//! Lines and columns of bytes, to name places as editors do.

use crate::model::Span;

/// Every how many bytes code points are counted beforehand: a text without line breaks must not be counted through for each
/// place in it.
const STRIDE: usize = 4096;

/// A place in a text. Both count from 1; columns are code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// The lines of a text. LF and CRLF end them.
#[derive(Debug)]
pub(super) struct Places<'t> {
    text: &'t str,
    /// The byte at which each line starts.
    starts: Vec<usize>,
    /// Code points before each [`STRIDE`] bytes.
    counts: Vec<usize>,
}

/// Says whether a byte begins a code point.
fn is_first(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

impl<'t> Places<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        let mut counts = vec![0];
        let mut count = 0;
        for stretch in text.as_bytes().chunks(STRIDE) {
            count += stretch.iter().filter(|byte| is_first(**byte)).count();
            counts.push(count);
        }
        Self { text, starts, counts }
    }

    /// Returns how many code points stand before a byte.
    fn code_points(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let stretch = at / STRIDE;
        let rest = &self.text.as_bytes()[stretch * STRIDE..at];
        self.counts[stretch] + rest.iter().filter(|byte| is_first(**byte)).count()
    }

    /// Returns the place of a byte.
    pub(super) fn of(&self, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        Place { line, column: self.code_points(at) - self.code_points(start) + 1 }
    }

    /// Returns the places of a span: of its first letter, and behind its last one. A line break at its end is left out.
    pub(super) fn ends(&self, span: Span) -> (Place, Place) {
        let length = span.of(self.text).trim_end_matches(['\n', '\r']).len();
        (self.of(span.start), self.of(span.start + length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_code_points_from_one() {
        let places = Places::new("Qış\r\nyol bağlıdır.\n");
        let place = |line, column| Place { line, column };
        assert_eq!(places.of(0), place(1, 1));
        assert_eq!(places.of(3), place(1, 3));
        assert_eq!(places.of(7), place(2, 1));
        assert_eq!(places.ends(Span::new(11, 23)), (place(2, 5), place(2, 14)));
        assert_eq!(places.of(1000).line, 3);
    }

    #[test]
    fn places_in_a_long_line_are_right() {
        let text = "ə".repeat(3 * STRIDE);
        let places = Places::new(&text);
        for count in [0, 1, STRIDE - 1, STRIDE, STRIDE + 1, 3 * STRIDE - 1] {
            assert_eq!(places.of(2 * count).column, count + 1);
        }
        assert_eq!(Places::new("").of(0), Place { line: 1, column: 1 });
    }
}
