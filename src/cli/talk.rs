//! What is said to the person: notes, warnings and errors on standard error, colour or not, how many threads.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use anyhow::Context;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::report::terminal::visible;

/// Options that every verb takes.
#[derive(Debug, clap::Args)]
pub(super) struct TalkOptions {
    /// Colour the output: `auto` colours on a terminal unless `NO_COLOR` is set
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    color: Color,
    /// Use N threads [default: one a core]; the result is the same for every N
    #[arg(long, global = true, value_name = "N", value_parser = whole_number)]
    jobs: Option<usize>,
    /// Say nothing but warnings and errors on standard error
    #[arg(long, short, global = true)]
    quiet: bool,
}

fn whole_number(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "say a whole number of threads, 1 or more".to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// Speaks to the person.
#[derive(Debug)]
pub(super) struct Talk {
    color: Color,
    has_color: bool,
    jobs: Option<usize>,
    is_quiet: bool,
    /// What is being done, on a line of its own: for a person at a terminal who wants to hear it.
    work: ProgressBar,
}

/// What is being done, where it can't be said how far it is, and where it can.
const DOING: &str = "{msg} …";
const DOING_PART: &str = "{msg}  {bar:30}  {percent} %  {elapsed}";

/// Steps of a bar: finer than a terminal can show.
const STEPS: u64 = 1000;

impl Talk {
    pub(super) fn new(options: &TalkOptions) -> Self {
        let shows_work = !options.quiet && std::io::stderr().is_terminal() && !is_dumb();
        let shown =
            if shows_work { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            color: options.color,
            has_color: wants_color(options.color, std::io::stderr().is_terminal()),
            jobs: options.jobs,
            is_quiet: options.quiet,
            work: ProgressBar::with_draw_target(None, shown),
        }
    }

    /// Sets the number of threads.
    pub(super) fn start_threads(&self) -> anyhow::Result<()> {
        let Some(jobs) = self.jobs else { return Ok(()) };
        rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build_global()
            .context("cannot start the threads")
    }

    /// Says whether the result is to be coloured: it goes to a terminal, or colour was asked for.
    pub(super) fn colors_result(&self, is_file: bool) -> bool {
        wants_color(self.color, !is_file && std::io::stdout().is_terminal())
    }

    /// Returns how many columns the result may take: those of the terminal it goes to; in a pipe what `COLUMNS` says, else 100;
    /// 100 in a file, so that the same input gives the same bytes there.
    pub(super) fn width(&self, is_file: bool) -> usize {
        const USUAL: usize = 100;
        if is_file {
            return USUAL;
        }
        let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let width = terminal.map(|(width, _)| usize::from(width.0)).or_else(asked_columns);
        width.unwrap_or(USUAL).clamp(40, 200)
    }

    /// Shows what is being done, until something else is said or [`Talk::done`]. Nothing where standard error is no terminal.
    pub(super) fn doing(&self, what: &str) {
        self.show(DOING, what);
    }

    /// Shows what is being done as [`Talk::doing`] does, and how far it is. Returns a function to be told the share done.
    pub(super) fn doing_part(&self, what: &str) -> impl Fn(f64) + Sync + use<> {
        self.show(DOING_PART, what);
        let work = self.work.clone();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "steps of a bar"
        )]
        move |share| work.set_position((share * STEPS as f64) as u64)
    }

    fn show(&self, template: &str, what: &str) {
        if self.work.is_hidden() {
            return;
        }
        self.work.reset();
        self.work.set_length(STEPS);
        self.work.set_message(what.to_owned());
        let style = ProgressStyle::with_template(template);
        self.work.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        self.work.tick();
    }

    /// Wipes what was being done.
    pub(super) fn done(&self) {
        self.work.finish_and_clear();
    }

    /// Tells something that is good to know.
    pub(super) fn note(&self, message: &str) {
        if !self.is_quiet {
            self.say("note", AnsiColor::Cyan, message);
        }
    }

    /// Tells of something odd that did not stop the work.
    pub(super) fn warn(&self, message: &str) {
        self.say("warning", AnsiColor::Yellow, message);
    }

    /// Tells what stopped the work: the message and its causes.
    pub(super) fn error(&self, error: &anyhow::Error) {
        self.say("error", AnsiColor::Red, &format!("{error:#}"));
    }

    fn say(&self, kind: &str, color: AnsiColor, message: &str) {
        let style = if self.has_color {
            Style::new().bold().fg_color(Some(color.into()))
        } else {
            Style::new()
        };
        let message: Vec<String> = message.lines().map(visible).collect();
        let message = message.join("\n");
        self.done();
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{style}{kind}{style:#}: {message}");
    }
}

/// Returns the width that a person or program asks for where there is no terminal.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is the place that reads the environment"
)]
fn asked_columns() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.trim().parse().ok()
}

/// Says whether the terminal can't wipe a line, as that of an editor.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is the place that reads the environment"
)]
fn is_dumb() -> bool {
    std::env::var("TERM").is_ok_and(|name| name == "dumb")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is the place that reads the environment"
)]
fn wants_color(color: Color, is_terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            is_terminal && std::env::var("NO_COLOR").map_or(true, |value| value.is_empty())
        }
    }
}
