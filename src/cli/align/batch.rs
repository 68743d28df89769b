//! `align --batch`: many pairs at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Arguments, Format, Work, terms, warn_if_unrelated};
use crate::align::{self, Pair, Progress};
use crate::cli::Outcome;
use crate::cli::input::{self, Given, Texts};
use crate::cli::output;
use crate::cli::talk::Talk;
use crate::glossary::Glossary;
use crate::language;
use crate::model::{Document, Language};
use crate::report;
use crate::text::counted;

/// A line of a batch file.
struct Job {
    line: usize,
    source: PathBuf,
    target: PathBuf,
    output: PathBuf,
    source_language: Option<Language>,
    target_language: Option<Language>,
}

impl Job {
    /// Reads a line; paths are made relative to the folder of the file. Where no format was asked for the output must name one.
    fn parse(number: usize, line: &str, folder: &Path, has_format: bool) -> anyhow::Result<Self> {
        let columns: Vec<&str> = line.split('\t').map(str::trim).collect();
        let (source, target, output, languages) = match columns[..] {
            [source, target, output] | [source, target, output, ""] => {
                (source, target, output, ["", ""])
            }
            [source, target, output, from, to] => (source, target, output, [from, to]),
            _ => anyhow::bail!(
                "{}; a line is source<TAB>target<TAB>output, or these and two languages",
                counted(columns.len(), "column")
            ),
        };
        anyhow::ensure!(
            ![source, target, output].contains(&""),
            "source, target or output is empty"
        );
        if !has_format {
            output::format_of::<Format>(Path::new(output))?;
        }
        let language = |tag: &str| match tag {
            "" => Ok(None),
            tag => Language::parse(tag).map(Some),
        };
        Ok(Self {
            line: number,
            source: folder.join(source),
            target: folder.join(target),
            output: folder.join(output),
            source_language: language(languages[0])?,
            target_language: language(languages[1])?,
        })
    }
}

/// The lines of a batch that can be worked on, and how many lines there are.
struct Batch<'a> {
    path: &'a Path,
    jobs: Vec<Job>,
    count: usize,
    talk: &'a Talk,
    outcome: Outcome,
}

impl<'a> Batch<'a> {
    /// Reads a batch file. A line that makes no sense, or whose output would be written over an input or over the output
    /// of another line, is told of and left out.
    fn read(path: &'a Path, arguments: &Arguments, talk: &'a Talk) -> anyhow::Result<Self> {
        let text = input::text(path, None, talk)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut batch = Self { path, jobs: Vec::new(), count: 0, talk, outcome: Outcome::Nothing };
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            batch.count += 1;
            match Job::parse(number, line, folder, arguments.format.is_some()) {
                Ok(job) => batch.jobs.push(job),
                Err(error) => batch.failed(number, error),
            }
        }
        let read = batch.jobs.iter().flat_map(|job| [&job.source, &job.target]);
        let inputs: BTreeSet<PathBuf> = read
            .chain(arguments.pair.inputs())
            .map(PathBuf::as_path)
            .chain([path])
            .map(output::resolved)
            .collect();
        let mut outputs: BTreeMap<PathBuf, usize> = BTreeMap::new();
        for job in std::mem::take(&mut batch.jobs) {
            let place = output::resolved(&job.output);
            let name = job.output.display();
            if inputs.contains(&place) {
                let error = anyhow::anyhow!("{name}: the output is an input of this batch");
                batch.failed(job.line, error);
            } else if let Some(other) = outputs.get(&place) {
                let error = anyhow::anyhow!("{name}: the output is that of line {other} already");
                batch.failed(job.line, error);
            } else {
                outputs.insert(place, job.line);
                batch.jobs.push(job);
            }
        }
        Ok(batch)
    }

    /// Tells what is wrong with a line; the rest goes on.
    fn failed(&mut self, line: usize, error: anyhow::Error) {
        self.talk.error(&error.context(format!("{}:{line}", self.path.display())));
        self.outcome = Outcome::Trouble;
    }
}

/// Aligns all pairs of a batch, language pair by language pair. What can't be read is told of and the rest goes on.
pub(super) fn run(
    path: &Path,
    arguments: &Arguments,
    texts: &Texts<'_>,
    glossary: Option<&Glossary>,
    talk: &Talk,
) -> anyhow::Result<Outcome> {
    let mut batch = Batch::read(path, arguments, talk)?;
    let mut loaded: Vec<(Job, Document, Document)> = Vec::new();
    let mut left = 0;
    let jobs = std::mem::take(&mut batch.jobs);
    let count = jobs.len();
    for (number, job) in (1..).zip(jobs) {
        if arguments.resume && is_finished(&job.output) {
            left += 1;
            continue;
        }
        talk.doing(&format!("reading {number} of {}", counted(count, "pair")));
        let read = |path: &Path, given| texts.document(path, given);
        let given = Given(job.source_language.or(arguments.pair.source_lang), "--source-lang");
        let source = read(&job.source, given);
        let given = Given(job.target_language.or(arguments.pair.target_lang), "--target-lang");
        let target = || read(&job.target, given);
        match source.and_then(|source| Ok((source, target()?))) {
            Ok((source, target)) => loaded.push((job, source, target)),
            Err(error) => batch.failed(job.line, error),
        }
    }
    let languages = |entry: &(Job, Document, Document)| (entry.1.language, entry.2.language);
    let mut groups: Vec<Vec<(Job, Document, Document)>> = Vec::new();
    let is_odd = |document: &Document| {
        let seen = language::detect(&document.text);
        seen.is_some_and(|seen| !seen.is_same_language(document.language))
    };
    for entry in loaded {
        // What is clearly in another language would spoil what the others learn: it is a group of its own.
        if is_odd(&entry.1) || is_odd(&entry.2) {
            groups.insert(0, vec![entry]);
            continue;
        }
        let like = |group: &&mut Vec<(Job, Document, Document)>| {
            languages(&group[0]) == languages(&entry)
                && !is_odd(&group[0].1)
                && !is_odd(&group[0].2)
        };
        match groups.iter_mut().find(like) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    let mut written = 0;
    let read: usize = groups.iter().map(Vec::len).sum();
    for group in &groups {
        let (from, to) = languages(&group[0]);
        let dictionary = arguments.guidance.dictionary(from, to, talk)?;
        let found: Vec<_> =
            group.iter().map(|(_, s, t)| (terms(s, glossary), terms(t, glossary))).collect();
        let pairs: Vec<Pair<'_>> = group
            .iter()
            .zip(&found)
            .map(|((_, source, target), (source_terms, target_terms))| Pair {
                source_terms,
                target_terms,
                ..Pair::new(source, target)
            })
            .collect();
        let work = format!("aligning {} of {from} and {to}", counted(group.len(), "pair"));
        let tell = talk.doing_part(&work);
        let options = arguments.guidance.options(&dictionary, Progress::to(&tell));
        let aligned = align::align_all(&pairs, &options);
        for ((job, source, target), alignment) in group.iter().zip(aligned) {
            warn_if_unrelated(source, target, &alignment, talk);
            let format = match arguments.format {
                None => output::format_of(&job.output).unwrap_or_default(),
                given => given,
            };
            let style = report::terminal::Style { width: talk.width(true), color: false };
            let alignment = arguments.keep_sure(alignment);
            let work = Work { source, target, alignment: &alignment };
            talk.doing(&format!("writing {} of {}", written + 1, counted(read, "pair")));
            let result = work
                .rendered(format.unwrap_or(Format::Text), style, arguments.explain, talk)
                .and_then(|result| write_output(&job.output, &result));
            match result {
                Ok(()) => written += 1,
                Err(error) => batch.failed(job.line, error),
            }
        }
    }
    talk.done();
    let left = if left > 0 { format!(", {left} left as they were") } else { String::new() };
    talk.note(&format!("{written} of {} written{left}", counted(batch.count, "pair")));
    Ok(batch.outcome)
}

/// Says whether a pair has its result. An empty file is none: another program may have made it, to be filled later.
fn is_finished(output: &Path) -> bool {
    std::fs::metadata(output).is_ok_and(|found| found.is_file() && found.len() > 0)
}

fn write_output(path: &Path, result: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: cannot be made", folder.display()))?;
    }
    output::write_file(path, result.as_bytes())
}
