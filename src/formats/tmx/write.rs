//! Units to TMX 1.4b.

use std::io::{self, Write};

use super::{CONFIDENCE, ORIGIN, is_legal};
use crate::model::{Language, Unit};

/// Writes units one by one into a TMX file. [`Writer::finish`] must be called, or the file has no end.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    source_language: Option<Language>,
    written: Written,
}

/// What a [`Writer`] wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How many units.
    pub units: usize,
    /// How many characters were left out because XML has no place for them (control characters).
    pub dropped_chars: usize,
}

impl<W: Write> Writer<W> {
    /// Writes the head of the file. `source_language` is the header's `srclang`; `None` says that any language may be
    /// the source (`*all*`).
    ///
    /// # Errors
    /// When `out` can't be written.
    pub fn new(mut out: W, source_language: Option<Language>) -> io::Result<Self> {
        let source = source_language.map_or_else(|| "*all*".to_owned(), |tag| tag.to_string());
        write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n  \
             <header creationtool=\"qosha\" creationtoolversion=\"{}\" segtype=\"sentence\" o-tmf=\"qosha\" \
             adminlang=\"en\" srclang=\"{source}\" datatype=\"plaintext\"/>\n  <body>\n",
            env!("CARGO_PKG_VERSION"),
        )?;
        Ok(Self { out, source_language, written: Written::default() })
    }

    /// Writes a unit: its languages in the order of their tags, the source first. The unit's own source language is
    /// named where it is another than the header's. Returns how many characters had to be left out.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn write(&mut self, unit: &Unit) -> io::Result<usize> {
        let dropped_before = self.written.dropped_chars;
        match unit.source_language {
            Some(source) if Some(source) != self.source_language => {
                writeln!(self.out, "    <tu srclang=\"{source}\">")?;
            }
            None if self.source_language.is_some() => {
                writeln!(self.out, "    <tu srclang=\"*all*\">")?;
            }
            _ => writeln!(self.out, "    <tu>")?,
        }
        if !unit.note.is_empty() {
            write!(self.out, "      <note>")?;
            self.escaped(&unit.note)?;
            writeln!(self.out, "</note>")?;
        }
        if !unit.origin.is_empty() {
            write!(self.out, "      <prop type=\"{ORIGIN}\">")?;
            self.escaped(&unit.origin)?;
            writeln!(self.out, "</prop>")?;
        }
        if let Some(confidence) = unit.confidence {
            writeln!(self.out, "      <prop type=\"{CONFIDENCE}\">{confidence}</prop>")?;
        }
        let is_source = |tag: &Language| Some(*tag) == unit.source_language;
        let source = unit.texts.iter().filter(|(tag, _)| is_source(tag));
        let others = unit.texts.iter().filter(|(tag, _)| !is_source(tag));
        for (tag, text) in source.chain(others) {
            write!(self.out, "      <tuv xml:lang=\"{tag}\"><seg>")?;
            self.escaped(text)?;
            writeln!(self.out, "</seg></tuv>")?;
        }
        writeln!(self.out, "    </tu>")?;
        self.written.units += 1;
        Ok(self.written.dropped_chars - dropped_before)
    }

    /// Writes the end of the file and says what was written.
    ///
    /// # Errors
    /// When the output can't be written.
    pub fn finish(mut self) -> io::Result<Written> {
        writeln!(self.out, "  </body>\n</tmx>")?;
        self.out.flush()?;
        Ok(self.written)
    }

    /// Writes text so that it reads back the same: a bare carriage return would come back as a line feed.
    fn escaped(&mut self, text: &str) -> io::Result<()> {
        let mut plain_from = 0;
        for (at, letter) in text.char_indices() {
            let instead = match letter {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '\r' => "&#13;",
                _ if is_legal(letter) => continue,
                _ => {
                    self.written.dropped_chars += 1;
                    ""
                }
            };
            self.out.write_all(&text.as_bytes()[plain_from..at])?;
            self.out.write_all(instead.as_bytes())?;
            plain_from = at + letter.len_utf8();
        }
        self.out.write_all(&text.as_bytes()[plain_from..])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_file_has_header_source_and_confidence() {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes, Some(Language::EN)).unwrap();
        let texts = BTreeMap::from([
            (Language::AZ, "Salam & xoş gəldiniz.".to_owned()),
            (Language::EN, "Hello.".to_owned()),
        ]);
        let unit = Unit {
            texts,
            source_language: Some(Language::EN),
            confidence: Some(0.875),
            ..Unit::default()
        };
        writer.write(&unit).unwrap();
        writer.write(&Unit { source_language: Some(Language::AZ), ..unit }).unwrap();
        assert_eq!(writer.finish().unwrap().units, 2);
        let text = String::from_utf8(bytes).unwrap();
        let tu = "    <tu>\n      <prop type=\"x-confidence\">0.875</prop>\n      \
                  <tuv xml:lang=\"en\"><seg>Hello.</seg></tuv>\n      \
                  <tuv xml:lang=\"az\"><seg>Salam &amp; xoş gəldiniz.</seg></tuv>\n    </tu>\n";
        assert!(text.contains(tu), "{text}");
        assert!(text.contains("<tu srclang=\"az\">"));
        assert!(
            text.contains("segtype=\"sentence\" o-tmf=\"qosha\" adminlang=\"en\" srclang=\"en\"")
        );
        assert!(text.ends_with("  </body>\n</tmx>\n"));
    }
}
