//! Bytes to text: which encoding a plain text file is in.
//!
//! People hand in what their word processor saved: UTF-8 with or without a byte-order mark, UTF-16, or an old
//! Windows code page. The order of the questions matters, since a later one is less sure than an earlier one:
//!
//! 1. A byte-order mark names the encoding.
//! 2. NUL bytes are in no text but UTF-16; without a mark, the byte order is the one that makes more spaces and line
//!    ends of the bytes. NULs that make no UTF-16 text are a binary file.
//! 3. Bytes that are UTF-8 are UTF-8: other text is that by accident only when it is very short.
//! 4. What is UTF-8 but for some broken bytes is a damaged file and an error: a code page would decode it, into
//!    nonsense from the first `ə` on.
//! 5. The rest is in a code page. `chardetng` guesses it from the letters; where it says Western European, and the
//!    letters that Turkish has in the places of Icelandic ones occur, it is Windows-1254.
//!
//! A guess is always marked as one, so that it can be shown, and [`decode_as`] overrides it. Nothing but the
//! byte-order mark is taken away: line ends and odd characters stay as they are.

use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1254};

/// A text and how its bytes were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text without byte-order mark, otherwise untouched.
    pub text: String,
    /// The name of the encoding, such as `UTF-8` or `windows-1251`.
    pub encoding: &'static str,
    /// Whether the encoding is a guess from the bytes: no mark, no valid UTF-8, and nobody named it.
    pub is_guessed: bool,
    /// What a person should know of the reading; empty for ordinary UTF-8.
    pub notes: Vec<String>,
}

/// Says why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes hold NULs or other control bytes that no text has.
    #[error("binary data, not text: byte {at_byte} is 0x{byte:02X}; save the text as UTF-8")]
    Binary {
        /// The offset of the first such byte, from 0.
        at_byte: usize,
        /// The byte.
        byte: u8,
    },
    /// The bytes can't be read in the encoding that they are in, or are said to be in.
    #[error("line {line}, byte {at_byte} (0x{byte:02X}): not valid {encoding}; {}", hint(encoding))]
    Undecodable {
        /// The name of the encoding.
        encoding: &'static str,
        /// The line, from 1.
        line: usize,
        /// The offset of the first byte that can't be read, from 0.
        at_byte: usize,
        /// The byte.
        byte: u8,
    },
    /// The bytes are UTF-16, which has two a letter or four, and end within one.
    #[error(
        "line {line}: {encoding} text that ends in the middle of a letter, after {len} bytes; the file was cut off: copy it again, or save the text as UTF-8"
    )]
    CutOff {
        /// The name of the encoding.
        encoding: &'static str,
        /// The last line, from 1.
        line: usize,
        /// How many bytes there are.
        len: usize,
    },
    /// There is no encoding of that name.
    #[error(
        "no encoding is named \"{0}\"; write one such as utf-8, utf-16le, windows-1251 or windows-1254"
    )]
    UnknownName(String),
}

/// Says what to do about bytes that can't be read in an encoding.
fn hint(encoding: &str) -> &'static str {
    if encoding.starts_with("UTF-") {
        "the file is damaged or cut off there: save the text again, or name its encoding with --encoding, such as --encoding windows-1254"
    } else {
        "name the right encoding with --encoding, such as --encoding windows-1254"
    }
}

/// Says why a file could not be read as text.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The path is a directory.
    #[error("{}: is a directory, not a file", .0.display())]
    Directory(PathBuf),
    /// The file is missing or can't be read.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no text.
    #[error("{}: {source}", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What is wrong with its bytes.
        source: DecodeError,
    },
}

/// Reads a text file whole and decodes it by [`decode`].
///
/// # Errors
/// When the path is a directory, the file is missing or unreadable, or its bytes are no text. The message begins with
/// the path.
pub fn read_file(path: &Path) -> Result<Decoded, FormatError> {
    decode(read_bytes(path)?)
        .map_err(|source| FormatError::Decode { path: path.to_owned(), source })
}

/// Reads a text file whole and decodes it by [`decode_as`].
///
/// # Errors
/// As [`read_file`], and when there is no encoding named `label`.
pub fn read_file_as(path: &Path, label: &str) -> Result<Decoded, FormatError> {
    decode_as(read_bytes(path)?, label)
        .map_err(|source| FormatError::Decode { path: path.to_owned(), source })
}

/// Reads the bytes of a file.
///
/// # Errors
/// When the path is a directory, or the file is missing or unreadable.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, FormatError> {
    if path.is_dir() {
        return Err(FormatError::Directory(path.to_owned()));
    }
    std::fs::read(path).map_err(|source| FormatError::Unreadable { path: path.to_owned(), source })
}

/// Decodes text whose encoding nobody has named. Empty bytes are an empty text in UTF-8.
///
/// # Errors
/// When the bytes are binary, or are UTF-8 or UTF-16 with broken places.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) {
        // UTF-32 begins like UTF-16 with a NUL behind it; no program of our users writes it.
        return Err(DecodeError::Binary { at_byte: 2, byte: 0 });
    }
    if let Some((encoding, mark_len)) = Encoding::for_bom(&bytes) {
        let text = strict(bytes, encoding, mark_len)?;
        return Ok(done(text, encoding, false));
    }
    if let Some(first_nul) = bytes.iter().position(|byte| *byte == 0) {
        return match utf16_order(&bytes) {
            Some(encoding) => Ok(done(strict(bytes, encoding, 0)?, encoding, true)),
            None => Err(DecodeError::Binary { at_byte: first_nul, byte: 0 }),
        };
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(done(text, UTF_8, false)),
        Err(error) => error.into_bytes(),
    };
    refuse_control_bytes(&bytes)?;
    refuse_damaged_utf8(&bytes)?;
    let encoding = code_page(&bytes);
    Ok(done(strict(bytes, encoding, 0)?, encoding, true))
}

/// Decodes text in the encoding of that name (any label of the WHATWG Encoding Standard, in any case). A byte-order
/// mark of that encoding is taken away.
///
/// # Errors
/// When there is no such encoding, or the bytes are not valid in it.
pub fn decode_as(bytes: Vec<u8>, label: &str) -> Result<Decoded, DecodeError> {
    let unknown = || DecodeError::UnknownName(label.to_owned());
    let encoding = Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(unknown)?;
    let mark_len = match Encoding::for_bom(&bytes) {
        Some((marked, len)) if marked == encoding => len,
        _ => 0,
    };
    Ok(done(strict(bytes, encoding, mark_len)?, encoding, false))
}

fn done(text: String, encoding: &'static Encoding, is_guessed: bool) -> Decoded {
    let mut notes = Vec::new();
    if is_guessed {
        notes.push(format!("the encoding is guessed to be {}", encoding.name()));
    }
    Decoded { text, encoding: encoding.name(), is_guessed, notes }
}

/// Decodes all bytes behind the mark, or says which byte can't be.
fn strict(
    mut bytes: Vec<u8>,
    encoding: &'static Encoding,
    mark_len: usize,
) -> Result<String, DecodeError> {
    if encoding == UTF_8 {
        bytes.drain(..mark_len);
        return String::from_utf8(bytes).map_err(|error| {
            not_utf8(error.as_bytes(), error.utf8_error().valid_up_to(), mark_len)
        });
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len());
    let mut at = mark_len;
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len() - at);
        text.reserve(room.unwrap_or(bytes.len()));
        let (result, read) =
            decoder.decode_to_string_without_replacement(&bytes[at..], &mut text, true);
        at += read;
        match result {
            DecoderResult::InputEmpty => return Ok(text),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(len, after) => {
                let line = text.matches('\n').count() + 1;
                if at == bytes.len() && (encoding == UTF_16LE || encoding == UTF_16BE) {
                    return Err(DecodeError::CutOff { encoding: encoding.name(), line, len: at });
                }
                let at_byte = at.saturating_sub(usize::from(len + after));
                let byte = bytes.get(at_byte).copied().unwrap_or_default();
                return Err(DecodeError::Undecodable {
                    encoding: encoding.name(),
                    line,
                    at_byte,
                    byte,
                });
            }
        }
    }
}

/// Says where bytes, those of a mark before them left out, stop being UTF-8.
fn not_utf8(bytes: &[u8], at: usize, mark_len: usize) -> DecodeError {
    DecodeError::Undecodable {
        encoding: "UTF-8",
        line: bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1,
        at_byte: at + mark_len,
        byte: bytes.get(at).copied().unwrap_or_default(),
    }
}

/// Returns the byte order in which bytes with NULs are UTF-16 text, or `None` where they are none.
///
/// In the wrong order a space becomes U+2000 and a line end U+0A00, so the right order is the one with more of the
/// plain ones. Text holds no NUL and no control character but tab, line ends and form feed.
fn utf16_order(bytes: &[u8]) -> Option<&'static Encoding> {
    let plain = |of: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]]));
        let mut blanks = 0usize;
        let mut last = 0usize;
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(' ' | '\n' | '\r' | '\t') => blanks += 1,
                Ok('\u{C}') => {}
                Ok(odd) if odd.is_control() || matches!(odd, '\u{FFFE}' | '\u{FFFF}') => {
                    return None;
                }
                Ok('!'..='~') => last += 1,
                Ok(_) => {}
                Err(_) => return None,
            }
        }
        Some((blanks, last))
    };
    if !bytes.len().is_multiple_of(2) {
        // A file that was cut off, if every other byte, nearly, is NUL as in Latin letters; a few may stand anywhere.
        let nuls = |rest| (0..bytes.len()).filter(|at| at % 2 == rest && bytes[*at] == 0).count();
        let (even, odd) = (nuls(0), nuls(1));
        if even.min(odd) > 0 || (even + odd) * 4 < bytes.len() {
            return None;
        }
    }
    let little = plain(u16::from_le_bytes).filter(|found| *found != (0, 0));
    let big = plain(u16::from_be_bytes).filter(|found| *found != (0, 0));
    match (little, big) {
        (None, None) => None,
        (little, big) if little >= big => Some(UTF_16LE),
        _ => Some(UTF_16BE),
    }
}

/// One control byte in this many is still a text with a slip in it; more is a binary file. Chosen by hand: compressed
/// data has one in nine.
const TEXT_BYTES_PER_CONTROL: usize = 50;

fn refuse_control_bytes(bytes: &[u8]) -> Result<(), DecodeError> {
    let is_odd = |byte: &u8| matches!(byte, 1..=8 | 0x0B | 0x0E..=0x19 | 0x1C..=0x1F | 0x7F);
    let count = bytes.iter().filter(|byte| is_odd(byte)).count();
    match bytes.iter().position(is_odd) {
        Some(at_byte) if count * TEXT_BYTES_PER_CONTROL > bytes.len() => {
            Err(DecodeError::Binary { at_byte, byte: bytes[at_byte] })
        }
        _ => Ok(()),
    }
}

/// How many whole UTF-8 letters there must be for each broken place to call a file damaged UTF-8. In a code page such
/// pairs are accidents: a capital and a quotation mark or an accent behind it, rarer than other letters by far.
const LETTERS_PER_BREAK: usize = 2;

fn refuse_damaged_utf8(bytes: &[u8]) -> Result<(), DecodeError> {
    let (mut whole, mut usual, mut breaks) = (0usize, 0usize, 0usize);
    let mut first_break = None;
    let mut at = 0usize;
    for chunk in bytes.utf8_chunks() {
        let letters = || chunk.valid().chars().filter(|letter| !letter.is_ascii());
        whole += letters().count();
        usual += letters().filter(|letter| is_usual(*letter)).count();
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            first_break.get_or_insert(at);
            breaks += 1;
            at += chunk.invalid().len();
        }
    }
    match first_break {
        // One letter of ours for each broken place is enough: what the accidents make are letters of other alphabets.
        Some(at) if whole > breaks * LETTERS_PER_BREAK || usual >= breaks => {
            Err(not_utf8(bytes, at, 0))
        }
        _ => Ok(()),
    }
}

/// Says whether a letter is one that texts of our languages have: Latin with marks, `ə`, Cyrillic, quotation marks and
/// dashes.
fn is_usual(letter: char) -> bool {
    matches!(letter, '\u{A0}'..='\u{17F}' | '\u{259}' | '\u{400}'..='\u{4FF}' | '\u{2010}'..='\u{2044}')
}

/// Guesses the code page of text that is neither UTF-8 nor UTF-16.
fn code_page(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let western = matches!(guess.name(), "windows-1252" | "ISO-8859-15" | "windows-1257");
    if western && has_turkish_letters(bytes) { WINDOWS_1254 } else { guess }
}

/// Says whether the bytes that are ğ ı ş Ğ İ Ş in Windows-1254 and ð ý þ Ð Ý Þ in Windows-1252 stand as Turkish and
/// Azerbaijani have them: more than one kind of them, or one of them often.
fn has_turkish_letters(bytes: &[u8]) -> bool {
    let count = |places: [u8; 2]| bytes.iter().filter(|byte| places.contains(byte)).count();
    let found = [count([0xF0, 0xD0]), count([0xFD, 0xDD]), count([0xFE, 0xDE])];
    let kinds = found.iter().filter(|count| **count > 0).count();
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    kinds >= 2 || found.iter().sum::<usize>() * 3 >= high
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &str =
        "Мы, нижеподписавшиеся организации, призываем правительство «Бакы» ответить.\r\n";
    const TURKISH: &str = "Aşağıda imzası bulunan kuruluşlar İzmir’de hükümeti göreve çağırıyor.\n";

    fn utf16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(of).collect()
    }

    fn in_page(text: &str, label: &str) -> Vec<u8> {
        Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[test]
    fn utf8_is_read_with_and_without_a_mark() {
        for (bytes, text) in [(&b"\xEF\xBB\xBFa\r\n"[..], "a\r\n"), ("ə\n".as_bytes(), "ə\n")] {
            let read = decode(bytes.to_vec()).unwrap();
            assert_eq!(
                (read.text.as_str(), read.encoding, read.is_guessed),
                (text, "UTF-8", false)
            );
            assert!(read.notes.is_empty());
        }
        assert_eq!(decode(Vec::new()).unwrap().text, "");
    }

    #[test]
    fn utf16_is_read_with_a_mark_or_by_its_nuls() {
        for text in ["Bakı şəhəri, 12 may.\n", "Бакы шәһәри 12\n", RUSSIAN, "a"] {
            for (of, name) in [
                (u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16LE"),
                (u16::to_be_bytes, "UTF-16BE"),
            ] {
                let plain = decode(utf16(text, of)).unwrap();
                assert_eq!((plain.text.as_str(), plain.encoding), (text, name));
                assert!(plain.is_guessed);
                let marked = decode(utf16(&format!("\u{FEFF}{text}"), of)).unwrap();
                assert_eq!((marked.text.as_str(), marked.encoding), (text, name));
                assert!(!marked.is_guessed);
            }
        }
    }

    #[test]
    fn old_code_pages_are_guessed_and_marked_as_guessed() {
        for (text, page) in [(RUSSIAN, "windows-1251"), (TURKISH, "windows-1254")] {
            let read = decode(in_page(text, page)).unwrap();
            assert_eq!((read.text.as_str(), read.encoding), (text, page));
            assert!(read.is_guessed && read.notes.len() == 1);
        }
        let short = decode(in_page("Şuşa, Ağdam", "windows-1254")).unwrap();
        assert_eq!(short.text, "Şuşa, Ağdam");
        let french =
            decode(in_page("Où était-elle née ? À Genève, déjà.", "windows-1252")).unwrap();
        assert_eq!(french.text, "Où était-elle née ? À Genève, déjà.");
    }

    #[test]
    fn binary_data_is_refused_with_its_place() {
        let mut picture = b"\x89PNG\r\n\x1a\n".to_vec();
        picture.extend([0, 0, 0, 13, b'I', b'H', b'D', b'R', 0]);
        assert_eq!(decode(picture), Err(DecodeError::Binary { at_byte: 8, byte: 0 }));
        assert_eq!(
            decode(b"text\0text".to_vec()),
            Err(DecodeError::Binary { at_byte: 4, byte: 0 })
        );
        assert!(matches!(
            decode(b"some\0text\0of 17".to_vec()),
            Err(DecodeError::Binary { at_byte: 4, byte: 0 })
        ));
        let noise: Vec<u8> = (1..=255).collect();
        assert!(matches!(decode(noise), Err(DecodeError::Binary { at_byte: 0, byte: 1 })));
    }

    #[test]
    fn damaged_utf8_is_an_error_and_no_code_page() {
        let mut bytes = "Bakı şəhərinin icra hakimiyyəti".as_bytes().to_vec();
        bytes.truncate(bytes.len() - 3);
        bytes.extend(b" deyir");
        let error = decode(bytes.clone()).unwrap_err();
        assert!(matches!(error, DecodeError::Undecodable { encoding: "UTF-8", .. }), "{error}");
        assert!(decode_as(bytes, "windows-1254").is_ok());
        let mut short = "Salam\ndünya ə".as_bytes().to_vec();
        short.pop();
        let wrong =
            DecodeError::Undecodable { encoding: "UTF-8", line: 2, at_byte: 13, byte: 0xC9 };
        assert_eq!(decode(short), Err(wrong));
        assert!(decode(in_page("BAKÜ’de bir dağ", "windows-1254")).is_ok());
    }

    #[test]
    fn utf16_that_was_cut_off_is_told_as_such() {
        let whole = utf16("Salam.\nBakı şəhəri", u16::to_le_bytes);
        let cut = Err(DecodeError::CutOff { encoding: "UTF-16LE", line: 2, len: whole.len() - 1 });
        assert_eq!(decode(whole[..whole.len() - 1].to_vec()), cut);
        let marked = utf16("\u{FEFF}Salam.\nBakı", u16::to_le_bytes);
        let error = decode(marked[..marked.len() - 1].to_vec());
        assert!(matches!(error, Err(DecodeError::CutOff { line: 2, .. })));
    }

    #[test]
    fn a_named_encoding_is_taken_at_its_word() {
        let read = decode_as(in_page("Мы просим", "koi8-r"), "KOI8-R").unwrap();
        assert_eq!((read.text.as_str(), read.is_guessed), ("Мы просим", false));
        assert!(matches!(decode_as(vec![b'a'], "latin-99"), Err(DecodeError::UnknownName(_))));
        assert_eq!(
            decode_as(b"ab\xFFc".to_vec(), "utf-8"),
            Err(DecodeError::Undecodable { encoding: "UTF-8", line: 1, at_byte: 2, byte: 0xFF })
        );
        assert_eq!(decode_as(b"\xEF\xBB\xBFa".to_vec(), "utf8").unwrap().text, "a");
    }

    #[test]
    fn files_that_cannot_be_read_are_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read_file(folder.path()), Err(FormatError::Directory(_))));
        let missing = read_file(&folder.path().join("no.az.txt")).unwrap_err();
        assert!(missing.to_string().contains("no.az.txt"), "{missing}");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = decode(bytes);
        }

        #[test]
        fn any_text_without_nul_comes_back(text in "[^\u{0}\u{FEFF}]{0,40}") {
            proptest::prop_assert_eq!(decode(text.clone().into_bytes()).unwrap().text, text);
        }
    }
}
