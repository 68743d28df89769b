//! What the reader of tables of separated values does not tell: which separator a table has, on which line a row begins,
//! and where a quotation mark goes wrong.
//!
//! A cell that opens with a quotation mark ends at the next lone one, however many lines on. Where the mark was
//! forgotten, the cell swallows the rows that follow, and no reader of tables says so:
//!
//! ```text
//! pu,en,"Public Union         the cell opened on line 1
//! pu,az,"İctimai Birliyi"     ends here, before "İctimai"
//! ```

/// Returns the byte that separates the cells of a header: the one of `;`, tab and `,` that it has most of.
pub fn separator(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|byte| *byte == separator).count();
    let best = [b';', b'\t', b','].into_iter().max_by_key(|separator| count(*separator));
    best.unwrap_or(b',')
}

/// Returns the line, from 1, on which a row begins that was read from a text; 1 where its position is not known. The
/// reader counts the empty lines and the comments before a row to the row.
pub fn line_of(text: &str, position: Option<&csv::Position>, comment: Option<u8>) -> usize {
    let Some(position) = position else { return 1 };
    let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let is_passed_over = |line: &&str| {
        line.trim_end_matches('\r').is_empty()
            || (comment.is_some() && line.bytes().next() == comment)
    };
    let before = text.get(at..).unwrap_or_default().split('\n').take_while(is_passed_over).count();
    usize::try_from(position.line()).unwrap_or(usize::MAX).saturating_add(before)
}

/// Returns the line, from 1, on which a quoted cell opens that runs over the end of its line and is not closed, or is
/// closed in the middle of another cell; the first one. Lines that begin with `comment` are passed over.
pub fn open_quote(text: &str, separator: u8, comment: Option<u8>) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut line) = (0, 1);
    let mut is_row_start = true;
    while at < bytes.len() {
        let is_comment = is_row_start && comment == Some(bytes[at]);
        if bytes[at] == b'"' {
            let opened = line;
            let Some(end) = closing(bytes, at + 1) else { return Some(opened) };
            line += bytes[at..end].iter().filter(|byte| **byte == b'\n').count();
            at = end + 1;
            let is_closed = match bytes.get(at) {
                None | Some(b'\r' | b'\n') => true,
                Some(byte) => *byte == separator,
            };
            if !is_closed && line > opened {
                return Some(opened);
            }
        }
        // The rest of the cell, or of a comment: quotation marks in it are letters like others.
        let is_end = |byte: &u8| *byte == b'\n' || (*byte == separator && !is_comment);
        at += bytes[at..].iter().position(is_end).unwrap_or(bytes.len() - at);
        is_row_start = bytes.get(at) == Some(&b'\n');
        line += usize::from(is_row_start);
        at += 1;
    }
    None
}

/// Returns where the quotation mark stands that ends a quoted cell whose text begins at a byte; two in a row are one of its
/// text. `None` where it is not closed.
pub fn closing(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_swallows_rows_is_found_on_its_line() {
        let open = |text| open_quote(text, b',', Some(b'#'));
        assert_eq!(open("en,az\n\"One,Bir\nTwo,İki\n"), Some(2));
        assert_eq!(open("en,az\na,b\n\"One,Bir\n\"Two\",İki\n"), Some(3));
        assert_eq!(open("en,az\n# \"a\n\"x\"\"\ny\",b\nc,\"d"), Some(5));
    }

    #[test]
    fn cells_of_several_lines_and_quotes_inside_are_no_fault() {
        let open = |text| open_quote(text, b',', Some(b'#'));
        assert_eq!(open("en,az\n\"One\nline\",\"Bir\r\n\"\n# it's \"open\na \"b,c\n"), None);
        assert_eq!(open("\"Road\" Union,x\n\"\",\"\"\"a\"\"\""), None);
        assert_eq!(open(""), None);
    }

    #[test]
    fn a_row_begins_behind_empty_lines_and_comments() {
        let text = "# head\r\n\r\nen,az\n\n# x\n\"a\nb\",c\n\nd,e\n";
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let lines: Vec<usize> = reader
            .records()
            .map(|row| line_of(text, row.unwrap().position(), Some(b'#')))
            .collect();
        assert_eq!(lines, [3, 6, 9]);
    }

    #[test]
    fn the_separator_is_the_most_frequent() {
        assert_eq!(
            [separator("en;az"), separator("a,b\tc\td"), separator("en")],
            [b';', b'\t', b',']
        );
    }

    proptest::proptest! {
        #[test]
        fn what_a_writer_of_tables_writes_has_no_open_quote(
            rows in proptest::collection::vec(("[a\",\n# ]{0,9}", "[a\",\r\n ]{0,9}"), 0..8),
        ) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            for (one, other) in &rows {
                writer.write_record([one, other]).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            proptest::prop_assert_eq!(open_quote(&text, b',', None), None);
        }
    }
}
