//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::ValueEnum;

/// The option that names the file for the result.
#[derive(Debug, clap::Args)]
pub(super) struct OutputOption {
    /// Write the result to FILE instead of standard output; it appears whole or not at all
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

impl OutputOption {
    /// Says whether the result goes to a file.
    pub(super) fn is_file(&self) -> bool {
        self.output.as_deref().is_some_and(|path| path != Path::new("-"))
    }

    /// Fails where the result would be written over a file that is read.
    pub(super) fn spares<'p>(
        &self,
        inputs: impl IntoIterator<Item = &'p PathBuf>,
    ) -> anyhow::Result<()> {
        let Some(output) = self.output.as_deref().filter(|_| self.is_file()) else { return Ok(()) };
        let place = resolved(output);
        let is_read = place.is_file() && inputs.into_iter().any(|input| resolved(input) == place);
        anyhow::ensure!(
            !is_read,
            "{}: the result would be written over its own input; name another file",
            output.display()
        );
        Ok(())
    }

    /// Returns the format that was asked for, else the one that the ending of the output file names.
    pub(super) fn format<F: ValueEnum>(&self, given: Option<F>, default: F) -> F {
        given.or_else(|| format_of(self.output.as_deref()?)).unwrap_or(default)
    }

    /// Writes a result to where it goes.
    pub(super) fn write(&self, result: &str) -> anyhow::Result<()> {
        match &self.output {
            Some(path) if self.is_file() => write_file(path, result.as_bytes()),
            _ => {
                let mut out = BufWriter::new(std::io::stdout().lock());
                out.write_all(result.as_bytes())
                    .and_then(|()| out.flush())
                    .context("standard output cannot be written")
            }
        }
    }
}

/// Returns the format that the ending of a file names, such as `report.html`.
pub(super) fn format_of<F: ValueEnum>(path: &Path) -> Option<F> {
    F::from_str(path.extension()?.to_str()?, true).ok()
}

/// Returns the one name of a file that may not be there yet: links followed as far as there are any.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    match (std::fs::canonicalize(path), path.parent(), path.file_name()) {
        (Ok(found), ..) => found,
        (Err(_), Some(folder), Some(name)) => resolved(folder).join(name),
        _ => path.to_owned(),
    }
}

/// Writes a file beside its place and renames it. What is no regular file (a device, a pipe) is written to directly.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let place = || format!("{}: cannot be written", path.display());
    if let Ok(found) = std::fs::metadata(path) {
        anyhow::ensure!(!found.is_dir(), "{}: is a directory; name a file", path.display());
        if !found.is_file() {
            return std::fs::write(path, bytes).with_context(place);
        }
    }
    // A link is written through, not replaced.
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    anyhow::ensure!(
        folder.is_dir(),
        "{}: there is no folder {}; make it, or name another place",
        path.display(),
        folder.display()
    );
    let mut builder = tempfile::Builder::new();
    builder.prefix(".qosha-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The error names the temporary file, of which nobody has heard.
    let temporary = builder.tempfile_in(folder).map_err(|error| error.kind());
    let mut file = temporary.map_err(std::io::Error::from).with_context(place)?;
    file.write_all(bytes).with_context(place)?;
    file.as_file().sync_all().with_context(place)?;
    file.persist(path).with_context(place)?;
    Ok(())
}

/// Says whether an error means that the reader of our output went away.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(write_file(folder.path(), b"x").is_err());
        let missing = write_file(&folder.path().join("no/out.txt"), b"x").unwrap_err().to_string();
        assert!(missing.contains("no/out.txt: there is no folder"), "{missing}");
    }

    #[test]
    fn a_file_has_one_name_whether_it_is_there_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("new/x"), folder.path().join("./new/x"));
        assert_eq!(resolved(&one), resolved(&other));
        let here = folder.path().join("in.txt");
        std::fs::write(&here, "x").unwrap();
        let output = OutputOption { output: Some(folder.path().join("./in.txt")) };
        assert!(output.spares([&here]).is_err() && output.spares([&other]).is_ok());
    }
}
