//! Reads the texts that arguments name: bytes to text, the language settled, segments found.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::talk::Talk;
use crate::formats::encoding::{self, Decoded};
use crate::glossary::{Glossary, Mode};
use crate::language;
use crate::model::{Document, Language};
use crate::segment::{self, Options};

/// Options of verbs that read text.
#[derive(Debug, clap::Args)]
pub(super) struct TextOptions {
    /// The encoding of the files, such as `windows-1254` [default: seen from the bytes]
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,
    /// Take every line for a segment; an empty line is a paragraph mark
    #[arg(long)]
    pub(super) presegmented: bool,
}

/// Options of verbs that read two versions.
#[derive(Debug, clap::Args)]
pub(super) struct PairOptions {
    /// The language of SOURCE as a BCP 47 tag [default: from the file name, else seen from the text]
    #[arg(long, value_name = "TAG")]
    pub(super) source_lang: Option<Language>,
    /// The language of TARGET
    #[arg(long, value_name = "TAG")]
    pub(super) target_lang: Option<Language>,
    #[command(flatten)]
    pub(super) text: TextOptions,
    /// A glossary of names and terms (CSV); may be given several times, later ones come first
    #[arg(long, value_name = "FILE")]
    pub(super) glossary: Vec<PathBuf>,
}

/// Reads and segments a text; `-` is standard input.
pub(super) fn document(
    path: &Path,
    given: Option<Language>,
    options: &TextOptions,
    segmenting: &Options,
    talk: &Talk,
) -> anyhow::Result<Document> {
    let text = text(path, options.encoding.as_deref(), talk)?;
    let name = name(path);
    let language = settle_language(path, given, &text, talk);
    if text.trim().is_empty() {
        talk.warn(&format!("{name} is empty"));
    }
    if options.presegmented {
        return Ok(segment::presegmented_document(&name, text, language));
    }
    Ok(segment::document(&name, text, language, segmenting))
}

/// Reads source and target.
pub(super) fn pair(
    source: &Path,
    target: &Path,
    options: &PairOptions,
    talk: &Talk,
) -> anyhow::Result<(Document, Document)> {
    anyhow::ensure!(
        source != Path::new("-") || target != Path::new("-"),
        "standard input can be read once only: name a file for SOURCE or TARGET"
    );
    let read = |path, language| document(path, language, &options.text, &Options::default(), talk);
    Ok((read(source, options.source_lang)?, read(target, options.target_lang)?))
}

/// Reads the bytes of a file or of standard input.
pub(super) fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).context("standard input cannot be read")?;
        return Ok(bytes);
    }
    anyhow::ensure!(!path.is_dir(), "{}: is a directory; name a file in it", path.display());
    std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))
}

/// Reads a text file and says what encoding was guessed, where it is not plain UTF-8.
pub(super) fn text(path: &Path, given: Option<&str>, talk: &Talk) -> anyhow::Result<String> {
    let bytes = bytes(path)?;
    let name = name(path);
    let decoded: Decoded = match given {
        Some(label) => encoding::decode_as(bytes, label),
        None => encoding::decode(bytes),
    }
    .with_context(|| name.clone())?;
    if decoded.is_guessed {
        talk.note(&format!(
            "{name} is read as {}, guessed from its bytes; say --encoding NAME if that is wrong",
            decoded.encoding
        ));
    }
    Ok(decoded.text)
}

/// Returns what people call a file: its path as given.
pub(super) fn name(path: &Path) -> String {
    path.display().to_string()
}

/// Settles the language of a text: as given, from the file name, or seen from the text; says which.
fn settle_language(path: &Path, given: Option<Language>, text: &str, talk: &Talk) -> Language {
    let name = name(path);
    let seen = language::detect(text);
    let (language, how) = match (given, from_name(path), seen) {
        (Some(given), _, _) => (given, None),
        (None, Some(named), _) => (named, Some("by its name")),
        (None, None, Some(seen)) => (seen, Some("by its letters and words")),
        (None, None, None) => (Language::UND, None),
    };
    match (how, given) {
        (Some(how), _) => talk.note(&format!("{name} is taken to be in {language}, {how}")),
        (None, None) if !text.trim().is_empty() => {
            talk.note(&format!(
                "the language of {name} is not known; general rules are used (--lang TAG)"
            ));
        }
        _ => {}
    }
    if let Some(seen) =
        seen.filter(|seen| !seen.is_same_language(language) && language != Language::UND)
    {
        talk.warn(&format!("{name} is taken to be in {language}, but looks like {seen}"));
    }
    let is_cyrillic = language.script().is_none()
        && language.is_same_language(Language::AZ)
        && language::script_of(text) == Some("Cyrl");
    if is_cyrillic { language.with_script(*b"Cyrl") } else { language }
}

/// Returns the language that a file name names: `letter.az.txt`, `az.txt`, `az-Cyrl.txt`.
fn from_name(path: &Path) -> Option<Language> {
    let name = path.file_name()?.to_str()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.rsplit('.').filter_map(|part| Language::parse(part).ok()).find(Language::is_usual)
}

/// Reads the glossaries, later ones overriding earlier ones; `None` where none is named.
pub(super) fn glossary(paths: &[PathBuf], talk: &Talk) -> anyhow::Result<Option<Glossary>> {
    let mut all: Option<Glossary> = None;
    for path in paths {
        let text = text(path, None, talk)?;
        let (read, notes) = Glossary::read_csv(&name(path), &text, Mode::Strict)?;
        for note in notes {
            talk.warn(&note.to_string());
        }
        match &mut all {
            Some(all) => all.merge(read),
            None => all = Some(read),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_name_languages() {
        let named = |name: &str| from_name(Path::new(name)).map(|language| language.to_string());
        assert_eq!(named("corpora/school/az.txt").as_deref(), Some("az"));
        assert_eq!(named("letter.az.txt").as_deref(), Some("az"));
        assert_eq!(named("en.draft.txt").as_deref(), Some("en"));
        assert_eq!(named("az-Cyrl.txt").as_deref(), Some("az-Cyrl"));
        assert_eq!(named("old.txt"), None);
        assert_eq!(named("letter.txt"), None);
    }
}
