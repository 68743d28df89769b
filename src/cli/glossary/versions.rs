//! The versions that `glossary check` and `extract` look at: two, or the pairs of a list.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::align::{self, Pair};
use crate::cli::align::{read_beads, warn_if_unrelated};
use crate::cli::input::{self, Given, PairOptions, Texts};
use crate::cli::talk::Talk;
use crate::glossary::Glossary;
use crate::model::{Aligned, Alignment, Document, Language};
use crate::text::counted;

/// Two versions, or a list of pairs of them.
#[derive(Debug, clap::Args)]
pub(super) struct Versions {
    /// The source version
    #[arg(value_name = "SOURCE", required_unless_present = "batch", requires = "target")]
    source: Option<PathBuf>,
    /// The target version
    #[arg(value_name = "TARGET")]
    target: Option<PathBuf>,
    /// Take all pairs of a file, a line a pair with source and target parted by a tab, as for `align --batch`; further
    /// columns but two languages at the end are passed over
    #[arg(long, value_name = "FILE", conflicts_with_all = ["source", "target", "beads"])]
    batch: Option<PathBuf>,
    #[command(flatten)]
    pub(super) pair: PairOptions,
    /// Take the pairs from a file of beads such as `[1,2]:[1]` instead of aligning
    #[arg(long, value_name = "FILE")]
    beads: Option<PathBuf>,
}

/// Versions that were read and aligned.
pub(super) struct Read {
    pairs: Vec<(Document, Document, Alignment)>,
    /// Whether some line of a list could not be read.
    pub(super) has_failed: bool,
}

impl Read {
    pub(super) fn pairs(&self) -> Vec<Aligned<'_>> {
        let pairs = self.pairs.iter();
        pairs.map(|(source, target, alignment)| Aligned { source, target, alignment }).collect()
    }
}

impl Versions {
    /// Returns the files that are read beside those that a list names.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &PathBuf> {
        let own = [&self.source, &self.target, &self.batch, &self.beads];
        own.into_iter().flatten().chain(self.pair.inputs())
    }

    /// Says whether there may be many pairs.
    pub(super) fn is_batch(&self) -> bool {
        self.batch.is_some()
    }

    /// Reads and aligns.
    pub(super) fn read(&self, glossary: Option<&Glossary>, talk: &Talk) -> anyhow::Result<Read> {
        let texts = Texts::new(&self.pair.text, glossary, talk)?;
        if let Some(batch) = &self.batch {
            return self.read_batch(batch, &texts, glossary, talk);
        }
        let (Some(source), Some(target)) = (&self.source, &self.target) else {
            anyhow::bail!("name SOURCE and TARGET");
        };
        let (source, target) = texts.pair(source, target, &self.pair)?;
        let alignment = match &self.beads {
            Some(beads) => read_beads(beads, &source, &target)?,
            None => crate::cli::align::align(&source, &target, glossary, talk),
        };
        warn_if_unrelated(&source, &target, &alignment, talk);
        Ok(Read { pairs: vec![(source, target, alignment)], has_failed: false })
    }

    fn read_batch(
        &self,
        path: &Path,
        texts: &Texts<'_>,
        glossary: Option<&Glossary>,
        talk: &Talk,
    ) -> anyhow::Result<Read> {
        let list = input::text(path, None, talk)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let (mut read, mut has_failed) = (Vec::new(), false);
        for (number, line) in (1..).zip(list.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match self.documents(line, folder, texts) {
                Ok(pair) => read.push(pair),
                Err(error) => {
                    talk.error(&error.context(format!("{}:{number}", path.display())));
                    has_failed = true;
                }
            }
        }
        let mut pairs = Vec::new();
        let languages = |pair: &(Document, Document)| (pair.0.language, pair.1.language);
        while let Some(first) = read.first().map(languages) {
            let (group, rest): (Vec<_>, Vec<_>) =
                read.into_iter().partition(|pair| languages(pair) == first);
            read = rest;
            talk.doing(&format!("aligning {}", counted(group.len(), "pair")));
            let hits = |document: &Document| {
                glossary
                    .map_or_else(Vec::new, |g| g.matcher(document.language).find(&document.text))
            };
            let hits: Vec<_> = group.iter().map(|(s, t)| (hits(s), hits(t))).collect();
            let given: Vec<Pair<'_>> = group
                .iter()
                .zip(&hits)
                .map(|((source, target), (source_terms, target_terms))| Pair {
                    source_terms,
                    target_terms,
                    ..Pair::new(source, target)
                })
                .collect();
            let alignments = align::align_all(&given, &align::Options::default());
            talk.done();
            for ((source, target), alignment) in group.into_iter().zip(alignments) {
                warn_if_unrelated(&source, &target, &alignment, talk);
                pairs.push((source, target, alignment));
            }
        }
        Ok(Read { pairs, has_failed })
    }

    /// Reads the two versions that a line of a list names.
    fn documents(
        &self,
        line: &str,
        folder: &Path,
        texts: &Texts<'_>,
    ) -> anyhow::Result<(Document, Document)> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let (Some(source), Some(target)) = (columns.first(), columns.get(1)) else {
            anyhow::bail!("one column; a line is source<TAB>target");
        };
        anyhow::ensure!(!source.is_empty() && !target.is_empty(), "source or target is empty");
        let language = |place: usize| -> anyhow::Result<Option<Language>> {
            let tag = columns.get(place).filter(|tag| !tag.is_empty());
            tag.map(|tag| Language::parse(tag)).transpose().context("the language of the line")
        };
        let given = Given(language(3)?.or(self.pair.source_lang), "--source-lang");
        let source = texts.document(&folder.join(source), given)?;
        let given = Given(language(4)?.or(self.pair.target_lang), "--target-lang");
        Ok((source, texts.document(&folder.join(target), given)?))
    }
}
