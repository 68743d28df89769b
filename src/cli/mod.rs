//! Arguments in, library calls, reports out; one file a subcommand.
//!
//! A command reads its arguments, loads what they name ([`input`]), calls the library, and hands the typed result to a
//! renderer of [`crate::report`]. It returns an [`Outcome`], which with the errors makes the exit status: 0 nothing to
//! report, 1 something found, 2 trouble. Results go to standard output or `-o FILE` ([`output`]), talk to standard error
//! ([`talk`]).

mod align;
mod diff;
mod eval;
mod explain;
mod glossary;
mod input;
mod lexicon;
#[cfg(feature = "memory")]
mod memory;
mod output;
mod project;
mod rules;
mod segment;
mod shell;
mod talk;
mod units;
mod update;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Nothing to report: exit status 0.
    Nothing,
    /// Divergences or lint findings: exit status 1.
    Found,
    /// Some of the work could not be done, and was told of: exit status 2.
    Trouble,
}

/// Pair the language versions of a text, and see where they disagree.
///
/// qosha splits each version of a text into segments, pairs them, keeps the pairs as translation memory, keeps the names
/// of organizations in a glossary, and shows where the versions disagree.
#[derive(Debug, Parser)]
#[command(
    name = "qosha",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "\
Exit status: 0 when there is nothing to report, 1 when divergences or lint findings were found, 2 on trouble.

Examples:
  qosha diff corpora/school/en.txt corpora/school/az.txt --glossary glossaries/organizations.csv
  qosha explain V01
  qosha align letter.en.txt letter.az.txt --format tmx -o letter.tmx
  qosha segment letter.az.txt --format lines")]
struct Arguments {
    #[command(flatten)]
    talk: talk::TalkOptions,
    /// A folder of language data to use before the embedded one, such as DIR/az/abbreviations.tsv
    #[arg(long, global = true, value_name = "DIR")]
    language_data: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Segment(segment::Arguments),
    Align(Box<align::Arguments>),
    Diff(diff::Arguments),
    Explain(explain::Arguments),
    Update(update::Arguments),
    #[command(subcommand)]
    Glossary(glossary::Verb),
    #[cfg(feature = "memory")]
    #[command(subcommand)]
    Memory(memory::Verb),
    #[command(subcommand)]
    Lexicon(lexicon::Verb),
    #[command(subcommand)]
    Eval(eval::Verb),
    Completions(shell::Completions),
    Man(shell::Man),
}

/// Runs the program on the arguments it was started with and returns its exit status.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let talk = talk::Talk::new(&arguments.talk);
    let prepared = talk.start_threads().and_then(|()| match &arguments.language_data {
        Some(folder) => Ok(crate::language::add_data(folder)?),
        None => Ok(()),
    });
    if let Err(error) = prepared {
        talk.error(&error);
        return ExitCode::from(2);
    }
    let outcome = match &arguments.verb {
        Verb::Segment(arguments) => segment::run(arguments, &talk),
        Verb::Align(arguments) => align::run(arguments, &talk),
        Verb::Diff(arguments) => diff::run(arguments, &talk),
        Verb::Explain(arguments) => explain::run(arguments, &talk),
        Verb::Update(arguments) => update::run(arguments, &talk),
        Verb::Glossary(verb) => glossary::run(verb, &talk),
        #[cfg(feature = "memory")]
        Verb::Memory(verb) => memory::run(verb, &talk),
        Verb::Lexicon(verb) => lexicon::run(verb, &talk),
        Verb::Eval(verb) => eval::run(verb, &talk),
        Verb::Completions(arguments) => shell::completions(arguments),
        Verb::Man(arguments) => shell::man(arguments),
    };
    match outcome {
        Ok(Outcome::Nothing) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Ok(Outcome::Trouble) => ExitCode::from(2),
        // Whoever read our output has had enough: no reason to complain.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            talk.error(&error);
            ExitCode::from(2)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
