//! Damages good texts and files at random and feeds them to every reader. A reader may refuse; it may not panic, and what
//! it gives back must keep its promises.
//!
//! ```sh
//! cargo run --release --manifest-path fuzz/Cargo.toml -- 20000        # rounds
//! cargo run --release --manifest-path fuzz/Cargo.toml -- 20000 7      # with another seed
//! ```
//!
//! The damage is that of real life: bytes changed, pieces cut out, doubled, moved, spliced from another file, marks and
//! strange characters thrown in. The input that made a reader panic is written to `fuzz-<seed>-<round>.bin`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use qosha::align::{self, FixedPoints, Pair, Version, align};
use qosha::formats::{
    beads, csv, decode, dictionary, omegat, tbx, termtable, tmx, utx, vectors, xliff, xlsx,
};
use qosha::glossary::{Editor, Glossary, Mode, rows};
use qosha::model::{Document, Language, Span};
use qosha::segment::{Options, Quotes, Segmentation, Srx, Wrap, explain, export_srx, segment};
use qosha::{diff, language, segment as segmenter};

/// The longest text that is aligned and compared, in bytes: those cost more than the others.
const SHORT: usize = 3000;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let rounds = arguments.next().and_then(Result::ok).unwrap_or(2000);
    let seed = arguments.next().and_then(Result::ok).unwrap_or(1);
    let seeds = seeds(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    assert!(!seeds.is_empty(), "no sample files");
    let languages: Vec<Language> =
        language::known().into_iter().chain([Language::AZ_CYRL, Language::UND]).collect();
    let mut failed = 0;
    for round in 0..rounds {
        let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let bytes = damaged(&seeds, &mut random);
        let language = languages[random.usize(..languages.len())];
        let outcome =
            catch_unwind(AssertUnwindSafe(|| feed(&bytes, language, &mut random.clone())));
        if outcome.is_err() {
            failed += 1;
            let name = format!("fuzz-{seed}-{round}.bin");
            let _ = std::fs::write(&name, &bytes);
            eprintln!("round {round}, {language}: a panic on {name}");
        }
    }
    println!("{rounds} rounds, {failed} panics");
    std::process::exit(i32::from(failed > 0));
}

/// Returns the good files to begin with: the sample appeals, glossaries, and the data of the tests.
fn seeds(root: &Path) -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    let mut folders = vec![root.join("corpora"), root.join("glossaries"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                seeds.push(bytes);
            }
        }
    }
    seeds.push(export_srx(&[Language::AZ, Language::EN]).into_bytes());
    seeds.push(
        b"<?xml version=\"1.0\"?><tmx version=\"1.4\"><header srclang=\"en\"/><body><tu><tuv xml:lang=\"en\"><seg>One\
        <bpt i=\"1\">x</bpt> two</seg></tuv><tuv xml:lang=\"az\"><seg>Bir &amp; iki</seg></tuv></tu></body></tmx>"
            .to_vec(),
    );
    seeds.push(
        b"<xliff version=\"1.2\"><file source-language=\"en\" target-language=\"az\"><body><trans-unit id=\"1\"><source>One. \
        Two</source><seg-source><mrk mtype=\"seg\" mid=\"1\">One.</mrk> <mrk mtype=\"seg\" mid=\"2\">Two</mrk></seg-source>\
        <target state=\"final\"><mrk mtype=\"seg\" mid=\"1\">Bir<ph id=\"1\">x</ph>.</mrk></target><note>n</note></trans-unit>\
        </body></file></xliff>"
            .to_vec(),
    );
    seeds.push(
        b"<xliff version=\"2.1\" srcLang=\"en\" trgLang=\"az\"><file id=\"f\"><unit id=\"1\"><segment><source>One<cp hex=\"41\"/>\
        </source><target>Bir <pc id=\"1\">iki</pc></target></segment></unit></file></xliff>"
            .to_vec(),
    );
    seeds.extend(glossaries());
    seeds.push(
        b"\x93NUMPY\x01\x00\x40\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }     \n\x00\x00\x80\x3f\x00\x00\x00\x40"
            .to_vec(),
    );
    seeds
}

/// A glossary in each format that one is read from.
fn glossaries() -> Vec<Vec<u8>> {
    let text = "concept,language,term,status,type,case,inflect,abbreviation_of,domain,note,source\n\
        pu,en,Public Union,preferred,kind,,,,ngo,,\npu,en,PU,preferred,acronym,exact,,Public Union,ngo,,charter\n\
        pu,az,İctimai Birliyi,admitted,kind,,no,,ngo,after a name,\npu,az,Birlik,forbidden,common,,,,ngo,,\n";
    let (glossary, _) = Glossary::read_csv("seed", text, Mode::Strict).expect("a glossary");
    let (concepts, languages) = (&glossary.concepts, (Language::EN, Language::AZ));
    let styles = [tbx::Style::Dca, tbx::Style::Dct, tbx::Style::Martif];
    let mut seeds: Vec<Vec<u8>> =
        styles.into_iter().map(|style| tbx::write(concepts, style).text.into_bytes()).collect();
    seeds.push(utx::write(concepts, languages).0.into_bytes());
    seeds.push(omegat::write(concepts, languages).0.into_bytes());
    seeds.push(termtable::write_weblate(concepts, languages).expect("a table").0.into_bytes());
    seeds.push(termtable::write_trados(concepts).expect("a table").0.into_bytes());
    seeds.push(xlsx::write("Glossary", &rows(&glossary)).expect("a workbook"));
    seeds
}

const STRANGE: [&str; 24] = [
    "\0",
    "\r",
    "\u{FEFF}",
    "\u{200B}",
    "\u{301}",
    "\u{202E}",
    "…",
    "؟",
    "։",
    "。",
    "«",
    "”",
    "''",
    "İ",
    "ı",
    "ә",
    "👍🏽",
    "1.)",
    ";\n12.",
    "\n\n\n",
    "&#0;",
    "<![CDATA[",
    "\u{10FFFF}",
    "\t|,;",
];

/// Returns a piece of a good file with some damage.
fn damaged(seeds: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let piece = |random: &mut fastrand::Rng| {
        let seed = &seeds[random.usize(..seeds.len())];
        let from = random.usize(..=seed.len());
        let most = if random.u8(..4) == 0 { seed.len() } else { SHORT };
        let to = (from + random.usize(..=most)).min(seed.len());
        if random.u8(..3) == 0 {
            seed[..seed.len().min(4 * SHORT)].to_vec()
        } else {
            seed[from..to].to_vec()
        }
    };
    let mut bytes = piece(random);
    for _ in 0..random.usize(..12) {
        let at = random.usize(..=bytes.len());
        let end = (at + random.usize(..40)).min(bytes.len());
        match random.u8(..7) {
            0 if at < bytes.len() => bytes[at] = random.u8(..),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let doubled = bytes[at..end].to_vec();
                bytes.splice(at..at, doubled);
            }
            3 => {
                let strange = STRANGE[random.usize(..STRANGE.len())];
                bytes.splice(at..at, strange.bytes());
            }
            4 => {
                let other = piece(random);
                bytes.splice(at..at, other.into_iter().take(300));
            }
            5 => {
                let strange = STRANGE[random.usize(..STRANGE.len())].repeat(random.usize(1..50));
                bytes.splice(at..at, strange.bytes());
            }
            _ => bytes.truncate(bytes.len().max(1) - random.usize(..bytes.len().max(1))),
        }
    }
    bytes
}

fn feed(bytes: &[u8], language: Language, random: &mut fastrand::Rng) {
    let _ = decode(bytes.to_vec()).map(|decoded| decoded.text);
    if let Ok(reader) = tmx::Reader::new(bytes) {
        reader.take(1000).for_each(drop);
    }
    let _ = xliff::read_units(bytes, Some((Language::EN, Language::AZ)));
    let _ = vectors::read(bytes, Some(random.usize(..5)));
    let _ = xlsx::read(bytes, None);
    let languages = (Language::EN, Language::AZ);
    if let Ok(read) = tbx::read(bytes) {
        let mut editor = Editor::create("fuzz");
        editor.join(&read.concepts).expect("what was read can be written");
    }
    // Everything else takes text: damaged bytes become replacement characters.
    let text = String::from_utf8_lossy(bytes).into_owned();
    let spans = [Span::new(0, text.len().min(7)), Span::new(text.len() / 2, text.len())];
    let options = Options {
        quotes: if random.bool() { Quotes::Keep } else { Quotes::Split },
        wrap: [Wrap::Auto, Wrap::Keep, Wrap::Join][random.usize(..3)],
        repair: random.bool(),
        names: if random.bool() { &spans } else { &[] },
        ..Options::default()
    };
    let found = segment(&text, language, &options);
    covers(&text, &found);
    explain(&text, language, &options);
    if let Ok(srx) = Srx::read(&text) {
        let options = Options { srx: Some(&srx), ..options };
        covers(SAMPLE, &segment(SAMPLE, language, &options));
    }
    if let Ok((glossary, _)) = Glossary::read_csv("fuzz", &text, Mode::Lenient) {
        glossary.matcher(language).find_near(SAMPLE);
    }
    let _ = dictionary::read(&text);
    let _ = utx::read(&text, Some(languages));
    let mut concepts = omegat::read(&text, languages).concepts;
    if let Ok(read) = termtable::rows(&text).and_then(|rows| termtable::read(&rows, Some(languages))) {
        concepts.extend(read.concepts);
    }
    let mut editor = Editor::create("fuzz");
    editor.join(&concepts).expect("what was read can be written");
    let _ = csv::read_units(&text, Some((Language::EN, Language::AZ)));
    if text.len() <= SHORT {
        let document = found.of("source", text.clone(), language);
        let half = text.char_indices().nth(text.chars().count() / 3).map_or(0, |(at, _)| at);
        let other = segmenter::document(
            "target",
            text[half..].to_owned(),
            Language::AZ,
            &Options::default(),
        );
        compare(&document, &other);
        let _ = beads::read(&text, &document, &other);
    }
}

const SAMPLE: &str =
    "Dr. Ann Weller came at 5 p.m. to “Yardım” İB-nin ofisi. 1) Su; 2) çadır. Qurtardı…\n\nSon.";

fn covers(text: &str, found: &Segmentation) {
    let mut at = 0;
    for segment in &found.segments {
        assert!(text[at..segment.span.start].trim().is_empty(), "text between segments");
        assert!(!segment.span.is_empty(), "an empty segment");
        at = segment.span.end;
    }
    assert!(text[at..].trim().is_empty(), "text behind the segments");
}

fn compare(source: &Document, target: &Document) {
    let alignment = align(Pair::new(source, target), &align::Options::default());
    let count =
        |side: fn(&qosha::model::Bead) -> usize| alignment.beads().iter().map(side).sum::<usize>();
    assert_eq!(
        count(|bead| bead.source.len()),
        source.segments.len(),
        "segments of the source in beads"
    );
    assert_eq!(
        count(|bead| bead.target.len()),
        target.segments.len(),
        "segments of the target in beads"
    );
    // Half of the beads settled, and the others' first segments as anchors.
    let (settled, others): (Vec<_>, Vec<_>) =
        alignment.beads().iter().cloned().enumerate().partition(|(place, _)| place % 2 == 0);
    let anchors: Vec<_> = others
        .iter()
        .filter_map(|(_, bead)| Some((*bead.source.first()?, *bead.target.first()?)))
        .collect();
    let settled = settled.into_iter().map(|(_, bead)| bead).collect();
    let fixed = FixedPoints::new(source, target, settled, &anchors).expect("beads of these texts");
    let pair = Pair { fixed: Some(&fixed), ..Pair::new(source, target) };
    let again = align(pair, &align::Options::default());
    let has = |bead: &qosha::model::Bead| {
        again.beads().iter().any(|b| (&b.source, &b.target) == (&bead.source, &bead.target))
    };
    assert!(fixed.beads().iter().all(has), "a settled bead is lost");
    let versions = [source, target, source].map(|document| Version { document, terms: &[] });
    let table = align::align_versions(&versions, &Default::default(), &align::Options::default());
    for (place, document) in [source, target, source].into_iter().enumerate() {
        let held: usize = table.rows().iter().map(|row| row.segments[place].len()).sum();
        assert_eq!(held, document.segments.len(), "segments of a version in rows");
    }
    diff::diff(source, target, &alignment, None);
    diff::revision::revisions(source, target);
}
