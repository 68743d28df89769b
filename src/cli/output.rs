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

    /// Returns the format that was asked for, else the one that the ending of the output file names. Fails where it names none.
    pub(super) fn format<F: ValueEnum>(&self, given: Option<F>, default: F) -> anyhow::Result<F> {
        match (given, self.output.as_deref().filter(|_| self.is_file())) {
            (Some(given), _) => Ok(given),
            (None, Some(path)) => Ok(format_of(path)?.unwrap_or(default)),
            (None, None) => Ok(default),
        }
    }

    /// Writes a result to where it goes.
    pub(super) fn write(&self, result: &str) -> anyhow::Result<()> {
        let mut sink = self.open()?;
        sink.write(result)?;
        sink.finish()
    }

    /// Writes a result that is no text to where it goes.
    pub(super) fn write_bytes(&self, result: &[u8]) -> anyhow::Result<()> {
        let Sink { mut out, place } = self.open()?;
        out.write_all(result).with_context(|| format!("{place} cannot be written"))?;
        Sink { out, place }.finish()
    }

    /// Opens where the result goes, to write it piece by piece.
    pub(super) fn open(&self) -> anyhow::Result<Sink> {
        match &self.output {
            Some(path) if self.is_file() => Sink::to(path),
            _ => Ok(Sink {
                out: BufWriter::new(Out::Standard(std::io::stdout())),
                place: "standard output".to_owned(),
            }),
        }
    }
}

/// Where a result goes. A file appears under its name when it is whole.
pub(super) struct Sink {
    out: BufWriter<Out>,
    /// The name for messages.
    place: String,
}

enum Out {
    Standard(std::io::Stdout),
    /// A device or a pipe, which is written to directly.
    Device(std::fs::File),
    /// A file beside its place, and the place.
    File(tempfile::NamedTempFile, PathBuf),
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::Device(out) => out.write(bytes),
            Self::File(out, _) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Device(out) => out.flush(),
            Self::File(out, _) => out.flush(),
        }
    }
}

impl Sink {
    /// Opens a file for a result.
    fn to(path: &Path) -> anyhow::Result<Self> {
        let name = path.display().to_string();
        let place = || format!("{name} cannot be written");
        let sink = |out| Self { out: BufWriter::new(out), place: name.clone() };
        if let Ok(found) = std::fs::metadata(path) {
            anyhow::ensure!(!found.is_dir(), "{name}: is a directory; name a file");
            if !found.is_file() {
                let device = std::fs::OpenOptions::new().write(true).open(path);
                return Ok(sink(Out::Device(device.with_context(place)?)));
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
        let file = temporary.map_err(std::io::Error::from).with_context(place)?;
        Ok(sink(Out::File(file, path.to_owned())))
    }

    /// Writes a piece of the result.
    pub(super) fn write(&mut self, piece: &str) -> anyhow::Result<()> {
        let Self { out, place } = self;
        out.write_all(piece.as_bytes()).with_context(|| format!("{place} cannot be written"))
    }

    /// Ends the result: a file appears under its name.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let Self { out, place } = self;
        let place = || format!("{place} cannot be written");
        let out = out.into_inner().map_err(std::io::IntoInnerError::into_error);
        let mut out = out.with_context(place)?;
        out.flush().with_context(place)?;
        if let Out::File(file, path) = out {
            file.as_file().sync_all().with_context(place)?;
            file.persist(path).with_context(place)?;
        }
        Ok(())
    }
}

/// Returns the format that the ending of a file names, such as `report.html`: none for `.txt` and for no ending. Fails where
/// it names no format that is written.
pub(super) fn format_of<F: ValueEnum>(path: &Path) -> anyhow::Result<Option<F>> {
    let Some(ending) = path.extension().map(|ending| ending.to_string_lossy()) else {
        return Ok(None);
    };
    if ending.eq_ignore_ascii_case("txt") {
        return Ok(None);
    }
    F::from_str(&ending, true).map(Some).map_err(|_| {
        let formats = F::value_variants().iter().filter_map(F::to_possible_value);
        let known: Vec<String> = formats.map(|format| format!(".{}", format.get_name())).collect();
        anyhow::anyhow!(
            "{}: the ending names no format; known are {} and .txt, or say --format",
            path.display(),
            known.join(", ")
        )
    })
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
    let mut sink = Sink::to(path)?;
    sink.out.write_all(bytes).with_context(|| format!("{}: cannot be written", path.display()))?;
    sink.finish()
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
