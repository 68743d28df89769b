//! Reads the texts that arguments name: bytes to text, the language settled, segments found.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

use super::project::Project;
use super::talk::Talk;
use crate::formats::encoding::{self, Decoded};
use crate::glossary::{Glossary, Mode};
use crate::language;
use crate::model::{Document, Language, Severity, Span};
use crate::segment::{self, Options, Srx, SrxError};
use crate::text::counted;

/// Options of verbs that read text.
#[derive(Debug, clap::Args)]
pub(super) struct TextOptions {
    /// The encoding of the files, such as `windows-1254` [default: seen from the bytes]
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,
    /// Take every line for a segment; an empty line is a paragraph mark
    #[arg(long)]
    pub(super) presegmented: bool,
    /// The rules to segment by: our own, or those of an SRX file
    #[arg(
        long,
        value_name = "own|srx:FILE",
        default_value = "own",
        conflicts_with = "presegmented"
    )]
    pub(super) engine: Engine,
    #[command(flatten)]
    pub(super) repair: RepairOptions,
}

/// Whether glued sentences are cut apart.
#[derive(Debug, clap::Args)]
pub(super) struct RepairOptions {
    /// Cut glued sentences such as "readsWe appeal" apart; the text itself is never altered. The default where versions
    /// are paired
    #[arg(long, overrides_with = "no_repair")]
    repair: bool,
    /// Leave glued sentences together. The default of `segment`
    #[arg(long, overrides_with = "repair")]
    no_repair: bool,
}

impl RepairOptions {
    /// Says whether to cut, by the command line or else by the default of the verb.
    pub(super) fn or(&self, default: bool) -> bool {
        self.repair || default && !self.no_repair
    }
}

/// Whose rules segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Engine {
    /// Our own.
    Own,
    /// Those of an SRX file.
    Srx(PathBuf),
}

impl std::str::FromStr for Engine {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "own" => Ok(Self::Own),
            Some(("srx", file)) if !file.is_empty() => Ok(Self::Srx(file.into())),
            _ => Err("say own, or srx: and the name of an SRX file".to_owned()),
        }
    }
}

impl TextOptions {
    /// Returns the files that these options read.
    pub(super) fn inputs(&self) -> Option<&PathBuf> {
        match &self.engine {
            Engine::Own => None,
            Engine::Srx(path) => Some(path),
        }
    }
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
    #[command(flatten)]
    pub(super) glossary: GlossaryOptions,
}

/// The glossaries that a verb uses beside its texts.
#[derive(Debug, clap::Args)]
pub(super) struct GlossaryOptions {
    /// A glossary of names and terms (CSV); may be given several times. Later ones override earlier ones, and those of the project
    /// file `qosha.toml` in this folder or above it
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    /// Leave out the project file `qosha.toml`
    #[arg(long)]
    no_project: bool,
    #[command(flatten)]
    lenient: LenientOption,
}

impl GlossaryOptions {
    /// Returns the files that the command line names.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        self.glossary.iter()
    }

    /// Returns the project that the current folder belongs to, unless it is left out.
    pub(super) fn project(&self, talk: &Talk) -> anyhow::Result<Option<Project>> {
        if self.no_project { Ok(None) } else { Project::find(talk) }
    }

    /// Reads the glossaries of the project and those of the command line; `None` where there are none.
    pub(super) fn read(&self, talk: &Talk) -> anyhow::Result<Option<Glossary>> {
        let project = self.project(talk)?;
        let mut paths = project.map_or_else(Vec::new, |project| project.glossaries(talk));
        paths.extend(self.glossary.iter().cloned());
        glossary(&paths, self.lenient, talk)
    }
}

/// Returns the glossaries that the command line names, else those of the project.
///
/// # Errors
/// Where there are none.
pub(super) fn glossaries(named: &[PathBuf], talk: &Talk) -> anyhow::Result<Vec<PathBuf>> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let found = Project::find(talk)?.map_or_else(Vec::new, |project| project.glossaries(talk));
    anyhow::ensure!(!found.is_empty(), "name a glossary; no qosha.toml names one");
    Ok(found)
}

/// What to do with the rows of a glossary that can't be read.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct LenientOption {
    /// Leave out the rows of a glossary that can't be read, with a warning for each, and use the others
    #[arg(long)]
    lenient: bool,
}

impl PairOptions {
    /// Returns the files that these options read.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        self.glossary.inputs().chain(self.text.inputs())
    }
}

/// Reads texts and segments them, as the options of the command line say.
pub(super) struct Texts<'a> {
    options: &'a TextOptions,
    glossary: Option<&'a Glossary>,
    srx: Option<SrxFile>,
    talk: &'a Talk,
}

/// The language that an option of the command line names, and the option.
#[derive(Clone, Copy)]
pub(super) struct Given(pub(super) Option<Language>, pub(super) &'static str);

/// Returns versions with the languages that the command line names: `langs` for all in their order, else those of the pair.
pub(super) fn named<'p>(
    paths: &[&'p Path],
    langs: &[Language],
    pair: &PairOptions,
) -> anyhow::Result<Vec<(&'p Path, Given)>> {
    let pair = [(pair.source_lang, "--source-lang"), (pair.target_lang, "--target-lang")];
    anyhow::ensure!(
        langs.is_empty() || langs.len() == paths.len(),
        "--langs names {}, but there are {}",
        counted(langs.len(), "language"),
        counted(paths.len(), "version")
    );
    let given = |(place, path): (usize, &&'p Path)| {
        let (language, option) = match langs.get(place) {
            Some(language) => (Some(*language), "--langs"),
            None => pair.get(place).copied().unwrap_or((None, "--langs")),
        };
        (*path, Given(language, option))
    };
    Ok(paths.iter().enumerate().map(given).collect())
}

/// A text whose language is settled.
pub(super) struct Text {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) language: Language,
    /// Where names of the glossary stand, whose inside is not cut.
    names: Vec<Span>,
}

impl<'a> Texts<'a> {
    /// Loads what the options name. Names of the glossary are kept whole.
    pub(super) fn new(
        options: &'a TextOptions,
        glossary: Option<&'a Glossary>,
        talk: &'a Talk,
    ) -> anyhow::Result<Self> {
        Ok(Self { options, glossary, srx: SrxFile::load(&options.engine, talk)?, talk })
    }

    /// Reads a text; `-` is standard input.
    pub(super) fn read(&self, path: &Path, given: Given) -> anyhow::Result<Text> {
        let text = text(path, self.options.encoding.as_deref(), self.talk)?;
        let name = name(path);
        let language = settle_language(path, given, &text, self.talk);
        if text.trim().is_empty() {
            self.talk.warn(&format!("{name} is empty"));
        }
        if let Some(srx) = &self.srx {
            srx.check(language, self.talk)?;
        }
        let hits = self.glossary.map(|glossary| glossary.matcher(language).find(&text));
        let names = hits.unwrap_or_default().iter().map(|hit| hit.span).collect();
        Ok(Text { name, text, language, names })
    }

    /// Returns how to segment a text, from what the verb says itself; the command line may say otherwise of repair.
    pub(super) fn segmenting<'t>(&'t self, text: &'t Text, verb: &Options<'_>) -> Options<'t> {
        Options {
            quotes: verb.quotes,
            wrap: verb.wrap,
            repair: self.options.repair.or(verb.repair),
            srx: self.srx.as_ref().map(|file| &file.srx),
            names: &text.names,
        }
    }

    /// Reads and segments a version, to be paired with others.
    pub(super) fn document(&self, path: &Path, given: Given) -> anyhow::Result<Document> {
        let text = self.read(path, given)?;
        if self.options.presegmented {
            return Ok(segment::presegmented_document(&text.name, text.text, text.language));
        }
        let options = Options::of_versions();
        let segmentation =
            segment::segment(&text.text, text.language, &self.segmenting(&text, &options));
        Ok(segmentation.of(&text.name, text.text, text.language))
    }

    /// Reads source and target.
    pub(super) fn pair(
        &self,
        source: &Path,
        target: &Path,
        options: &PairOptions,
    ) -> anyhow::Result<(Document, Document)> {
        let source = (source, Given(options.source_lang, "--source-lang"));
        let target = (target, Given(options.target_lang, "--target-lang"));
        let mut read = self.versions(&[source, target])?.into_iter();
        read.next().zip(read.next()).context("two versions are needed")
    }

    /// Reads versions of one text.
    pub(super) fn versions(&self, versions: &[(&Path, Given)]) -> anyhow::Result<Vec<Document>> {
        let standard = versions.iter().filter(|(path, _)| *path == Path::new("-")).count();
        anyhow::ensure!(standard < 2, "standard input can be read once only: name a file");
        let read = |(path, given): &(&Path, Given)| self.document(path, *given);
        versions.iter().map(read).collect()
    }
}

/// An SRX file that was asked for.
pub(super) struct SrxFile {
    name: String,
    pub(super) srx: Srx,
    /// The languages whose rules were looked at and told of.
    told: Mutex<BTreeSet<Language>>,
}

impl SrxFile {
    /// Reads the file, and says what in it is not used.
    pub(super) fn load(engine: &Engine, talk: &Talk) -> anyhow::Result<Option<Self>> {
        let Engine::Srx(path) = engine else { return Ok(None) };
        let name = name(path);
        let srx = Srx::read(&text(path, None, talk)?)
            .map_err(|error| anyhow::anyhow!("{name}:{}: {}", error.line, error.message))?;
        let extensions = srx.extensions();
        if let Some((line, message)) = extensions.first() {
            let more = match extensions.len() {
                1 => String::new(),
                count => format!(" (and {} more)", count - 1),
            };
            talk.note(&format!("{name}:{line}: {message}{more}"));
        }
        Ok(Some(Self { name, srx, told: Mutex::default() }))
    }

    /// Fails where the file has no rules for a language; warns of each rule that can't be used, once.
    pub(super) fn check(&self, language: Language, talk: &Talk) -> anyhow::Result<()> {
        let Some(engine) = self.srx.engine(language) else {
            let patterns: Vec<&str> = self.srx.patterns().collect();
            anyhow::bail!(
                "{}: no language map fits {language}; the maps are for {}",
                self.name,
                patterns.join(", ")
            );
        };
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(language) {
            for problem in engine.problems() {
                let SrxError { line, message } = problem;
                talk.warn(&format!("{}:{line}: the rule is not used: {message}", self.name));
            }
        }
        Ok(())
    }
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
    decoded(path, bytes(path)?, given, talk)
}

/// Decodes the bytes of a file, as [`text`] does.
pub(super) fn decoded(
    path: &Path,
    bytes: Vec<u8>,
    given: Option<&str>,
    talk: &Talk,
) -> anyhow::Result<String> {
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

/// Reads a text file and settles its language, from its name or its letters and words.
pub(super) fn language_and_text(path: &Path, talk: &Talk) -> anyhow::Result<(Language, String)> {
    let text = text(path, None, talk)?;
    anyhow::ensure!(
        from_name(path).or_else(|| language::detect(&text)).is_some(),
        "{}: its language can't be seen; name the file by it, such as letter.az.txt",
        name(path)
    );
    Ok((settle_language(path, Given(None, "--lang"), &text, talk), text))
}

/// Returns what people call a file: its path as given, or standard input.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Settles the language of a text: as given, from the file name, or seen from the text; says which.
fn settle_language(path: &Path, given: Given, text: &str, talk: &Talk) -> Language {
    let name = name(path);
    let Given(given, option) = given;
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
                "the language of {name} is not known; general rules are used ({option} TAG)"
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

/// Broken rows of glossaries that are named; of more the number is told.
const MOST_BROKEN_TOLD: usize = 20;

/// Reads the glossaries, later ones overriding earlier ones; `None` where none is named. Fails with all rows that can't be
/// read, unless they are to be left out.
pub(super) fn glossary(
    paths: &[PathBuf],
    lenient: LenientOption,
    talk: &Talk,
) -> anyhow::Result<Option<Glossary>> {
    let mut all: Option<Glossary> = None;
    let mut broken = Vec::new();
    for path in paths {
        let text = text(path, None, talk)?;
        let (read, notes) = Glossary::read_csv(&name(path), &text, Mode::Lenient)?;
        for note in notes {
            match note.severity {
                Severity::Error if lenient.lenient => {
                    let rows = if note.code == "open_quote" {
                        "the rows from here on are"
                    } else {
                        "the row is"
                    };
                    talk.warn(&format!("{note} ({rows} left out)"));
                }
                Severity::Error => broken.push(note.to_string()),
                _ => talk.warn(&note.to_string()),
            }
        }
        match &mut all {
            Some(all) => all.merge(read),
            None => all = Some(read),
        }
    }
    if !broken.is_empty() {
        let more = broken.len().saturating_sub(MOST_BROKEN_TOLD);
        broken.truncate(MOST_BROKEN_TOLD);
        if more > 0 {
            broken.push(format!("and {}", counted(more, "more broken row")));
        }
        broken.push("--lenient leaves such rows out and uses the others".to_owned());
        anyhow::bail!("{}", broken.join("\n"));
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
