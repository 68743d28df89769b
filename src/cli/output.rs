//! Where results go: standard output, or a file that appears whole or not at all.

use std::io::{BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

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

    /// Writes a result to where it goes.
    pub(super) fn write(&self, result: &str) -> anyhow::Result<()> {
        match &self.output {
            Some(path) if self.is_file() => write_file(path, result.as_bytes()),
            _ => {
                let mut out = BufWriter::new(std::io::stdout().lock());
                out.write_all(result.as_bytes())?;
                out.flush()?;
                Ok(())
            }
        }
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
    let mut builder = tempfile::Builder::new();
    builder.prefix(".qosha-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder).with_context(place)?;
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
    }
}
