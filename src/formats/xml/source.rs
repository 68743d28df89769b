//! The bytes of an XML file as a stream of UTF-8 that knows its line.
//!
//! Order of belief: a byte-order mark, NULs about the first `<`, the declaration, else UTF-8. Bytes that are not valid
//! become U+FFFD, and [`Source::is_damaged`] tells.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes are read at a time, and so how far a declaration may reach.
const CHUNK_LEN: usize = 64 * 1024;

/// A stream of bytes in whatever encoding, read as UTF-8.
pub(super) struct Source<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    decoded: Vec<u8>,
    at: usize,
    is_done: bool,
    is_damaged: bool,
    line: usize,
    /// The name in the declaration, where it could not be believed.
    pub(super) unbelieved: Option<String>,
}

impl<R: Read> Source<R> {
    pub(super) fn new(mut inner: R) -> io::Result<Self> {
        let mut raw = vec![0; CHUNK_LEN];
        let len = fill(&mut inner, &mut raw)?;
        raw.truncate(len);
        let (encoding, mark_len, unbelieved) = encoding_of(&raw);
        raw.drain(..mark_len);
        let mut source = Self {
            inner,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw,
            decoded: Vec::new(),
            at: 0,
            is_done: len < CHUNK_LEN,
            is_damaged: false,
            line: 1,
            unbelieved,
        };
        source.decode();
        Ok(source)
    }

    /// The line that is being read, from 1.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Whether some bytes read so far were not valid in the encoding.
    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    fn decode(&mut self) {
        let room = self.decoder.max_utf8_buffer_length(self.raw.len());
        // A chunk is small, so the room is never too large to be counted.
        self.decoded.resize(room.unwrap_or(self.raw.len() * 4 + 16), 0);
        let (_, _, len, had_errors) =
            self.decoder.decode_to_utf8(&self.raw, &mut self.decoded, self.is_done);
        self.decoded.truncate(len);
        self.at = 0;
        self.is_damaged |= had_errors;
    }
}

/// Reads until the buffer is full or there is no more, and returns how much there is.
fn fill(inner: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut len = 0;
    while len < buffer.len() {
        match inner.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let len = ready.len().min(out.len());
        out[..len].copy_from_slice(&ready[..len]);
        self.consume(len);
        Ok(len)
    }
}

impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.decoded.len() && !self.is_done {
            self.raw.resize(CHUNK_LEN, 0);
            let len = fill(&mut self.inner, &mut self.raw)?;
            self.raw.truncate(len);
            self.is_done = len < CHUNK_LEN;
            self.decode();
        }
        Ok(&self.decoded[self.at..])
    }

    fn consume(&mut self, len: usize) {
        let to = (self.at + len).min(self.decoded.len());
        self.line += self.decoded[self.at..to].iter().filter(|byte| **byte == b'\n').count();
        self.at = to;
    }
}

/// Returns the encoding, the length of the byte-order mark, and the declared name if it can't be true.
fn encoding_of(head: &[u8]) -> (&'static Encoding, usize, Option<String>) {
    if let Some((encoding, mark_len)) = Encoding::for_bom(head) {
        return (encoding, mark_len, None);
    }
    match head {
        [b'<', 0, ..] => return (UTF_16LE, 0, None),
        [0, b'<', ..] => return (UTF_16BE, 0, None),
        _ => {}
    }
    let Some(label) = declared(head) else { return (UTF_8, 0, None) };
    // Whoever declares ASCII and writes more has written UTF-8; the standard would make it Windows-1252.
    if label.eq_ignore_ascii_case(b"us-ascii") || label.eq_ignore_ascii_case(b"ascii") {
        return (UTF_8, 0, None);
    }
    match Encoding::for_label_no_replacement(label) {
        Some(encoding) if encoding.is_ascii_compatible() => (encoding, 0, None),
        _ => (UTF_8, 0, Some(String::from_utf8_lossy(label).into_owned())),
    }
}

/// Returns the encoding that the declaration names: `windows-1251` of `<?xml version="1.0" encoding="windows-1251"?>`.
fn declared(head: &[u8]) -> Option<&[u8]> {
    let find = |text: &[u8], part: &[u8]| text.windows(part.len()).position(|at| at == part);
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = &declaration[..find(declaration, b"?>")?];
    let value = declaration[find(declaration, b"encoding")? + 8..].trim_ascii_start();
    let value = value.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = value.split_first()?;
    let end = rest.iter().position(|byte| byte == quote)?;
    Some(rest[..end].trim_ascii()).filter(|_| matches!(quote, b'"' | b'\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, Source<&[u8]>) {
        let mut source = Source::new(bytes).unwrap();
        let mut text = String::new();
        source.read_to_string(&mut text).unwrap();
        (text, source)
    }

    #[test]
    fn the_declaration_is_believed_unless_the_bytes_say_no() {
        let (text, _) = text_of(b"<?xml version='1.0' encoding = \"windows-1251\"?>\xC4\xE0");
        assert!(text.ends_with("Да"));
        let (text, source) = text_of("<?xml version='1.0' encoding='UTF-16'?>ə".as_bytes());
        assert!(text.ends_with('ə'));
        assert_eq!(source.unbelieved.as_deref(), Some("UTF-16"));
        let (text, _) = text_of("<?xml version='1.0' encoding='us-ascii'?>ə".as_bytes());
        assert!(text.ends_with('ə'));
    }

    #[test]
    fn utf16_needs_no_mark_and_chunks_do_not_show() {
        let wanted = format!("<tmx>{}\n</tmx>", "əğ😀\n".repeat(CHUNK_LEN / 3));
        let bytes: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let (text, source) = text_of(&bytes);
        assert!(text == wanted);
        assert_eq!(source.line(), CHUNK_LEN / 3 + 2);
        let (text, source) = text_of(wanted.as_bytes());
        assert!(text == wanted && !source.is_damaged());
    }

    #[test]
    fn broken_bytes_are_told() {
        let (text, source) = text_of(b"<a>\xFF</a>");
        assert_eq!((text.as_str(), source.is_damaged()), ("<a>\u{FFFD}</a>", true));
    }
}
