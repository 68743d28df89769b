//! Links between numbered sentences as XCES, the form of the OPUS collection: read and written.
//!
//! ```text
//! <link xtargets="1 2;1" certainty="0.98" />      two sentences of the source, one of the target
//! ```
//!
//! Sentences count from 1; an `s` before the number is passed over. A line of a text that came one segment a line keeps its
//! number.

use std::fmt::Write as _;

use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::Event;

use crate::model::{Alignment, Document, SegmentId};

/// The numbers of a link, from 0: source, target.
pub(super) type Numbers = (Vec<u64>, Vec<u64>);

/// Writes the beads as links.
pub fn write(alignment: &Alignment, source: &Document, target: &Document) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE cesAlign PUBLIC \"-//CES//DTD XML cesAlign//EN\" \"\">\n\
         <cesAlign version=\"1.0\">\n<linkGrp targType=\"s\" fromDoc=\"{}\" toDoc=\"{}\">\n",
        escape(&source.name),
        escape(&target.name)
    );
    for (place, bead) in alignment.beads().iter().enumerate() {
        // Writing to a string can't fail.
        let _ = writeln!(
            out,
            "<link id=\"SL{place}\" xtargets=\"{};{}\" certainty=\"{:.4}\" />",
            numbers(source, &bead.source),
            numbers(target, &bead.target),
            bead.confidence
        );
    }
    out.push_str("</linkGrp>\n</cesAlign>\n");
    out
}

fn numbers(document: &Document, ids: &[SegmentId]) -> String {
    let segments = ids.iter().filter_map(|id| document.segments.get(id.place()));
    let numbers: Vec<String> = segments.map(|segment| (segment.index + 1).to_string()).collect();
    numbers.join(" ")
}

/// Reads the links with their lines; `Err` names a line and what is wrong in it.
pub(super) fn read(text: &str) -> Result<Vec<(usize, Numbers)>, (usize, String)> {
    let mut xml = quick_xml::Reader::from_str(text);
    let mut links = Vec::new();
    let (mut line, mut counted) = (1, 0);
    loop {
        let event = xml.read_event();
        let position = match &event {
            Ok(_) => xml.buffer_position(),
            Err(_) => xml.error_position(),
        };
        let read = usize::try_from(position).unwrap_or(text.len()).min(text.len());
        if let Some(bytes) = text.as_bytes().get(counted..read) {
            line += bytes.iter().filter(|byte| **byte == b'\n').count();
            counted = read;
        }
        match event.map_err(|error| (line, error.to_string()))? {
            Event::Start(element) | Event::Empty(element)
                if element.local_name().as_ref() == "link" =>
            {
                let mut sides = None;
                for attribute in element.attributes() {
                    let attribute = attribute.map_err(|error| (line, error.to_string()))?;
                    if attribute.key.local_name().as_ref() == "xtargets" {
                        let value = attribute
                            .normalized_value(XmlVersion::Implicit1_0)
                            .map_err(|error| (line, error.to_string()))?;
                        sides = Some(sides_of(&value).ok_or_else(|| (line, value.into_owned()))?);
                    }
                }
                links.push((
                    line,
                    sides.ok_or_else(|| (line, "<link> without xtargets".to_owned()))?,
                ));
            }
            Event::Eof => return Ok(links),
            _ => {}
        }
    }
}

fn sides_of(value: &str) -> Option<Numbers> {
    let (source, target) = value.split_once(';')?;
    let side = |side: &str| {
        let number = |id: &str| id.trim_start_matches('s').parse::<u64>().ok()?.checked_sub(1);
        side.split_whitespace().map(number).collect::<Option<Vec<u64>>>()
    };
    Some((side(source)?, side(target)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_with_their_lines() {
        let text = "<cesAlign>\n<linkGrp>\n<link xtargets=\"s1 2;1\"/>\n<link xtargets=\";s2\" />\n</linkGrp></cesAlign>";
        let links = read(text).expect("links");
        assert_eq!(links, [(3, (vec![0, 1], vec![0])), (4, (vec![], vec![1]))]);
        assert_eq!(read("<a>\n<link xtargets=\"0;1\"/></a>").unwrap_err().0, 2);
        assert_eq!(read("<a>\n<link/></a>").unwrap_err().0, 2);
    }
}
