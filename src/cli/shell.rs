//! `completions` and `man`: help for the shell.

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use super::Outcome;
use super::output::OutputOption;

/// Write completions for a shell to standard output.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  qosha completions bash > ~/.local/share/bash-completion/completions/qosha"
)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// Write the manual page to standard output, or a page for each verb into a folder.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qosha man | man -l -")]
pub(super) struct Man {
    /// Write qosha.1, qosha-align.1, … into FOLDER
    #[arg(long, value_name = "FOLDER")]
    folder: Option<std::path::PathBuf>,
}

/// Runs `completions`.
pub(super) fn completions(arguments: &Completions) -> anyhow::Result<Outcome> {
    let mut out = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "qosha", &mut out);
    OutputOption { output: None }.write(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Nothing)
}

/// Runs `man`.
pub(super) fn man(arguments: &Man) -> anyhow::Result<Outcome> {
    let command = super::Arguments::command();
    if let Some(folder) = &arguments.folder {
        anyhow::ensure!(
            folder.is_dir(),
            "{}: there is no such folder; make it first",
            folder.display()
        );
        clap_mangen::generate_to(command, folder)
            .with_context(|| format!("{}: cannot be written to", folder.display()))?;
        return Ok(Outcome::Nothing);
    }
    let mut out = Vec::new();
    clap_mangen::Man::new(command).render(&mut out)?;
    OutputOption { output: None }.write(&String::from_utf8_lossy(&out))?;
    Ok(Outcome::Nothing)
}
