//! What the program does to files: several processes at once, inputs that must not be overwritten, what is told.

use std::path::Path;
use std::process::{Command, Stdio};

fn qosha(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qosha"));
    command.args(arguments).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program and returns its exit status, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = qosha(folder, arguments).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

#[test]
#[cfg(feature = "memory")]
fn several_imports_at_once_make_one_memory() {
    let folder = folder(&[]);
    let names = ["0.csv", "1.csv", "2.csv", "3.csv"];
    for name in names {
        std::fs::write(folder.path().join(name), format!("en,az\nfrom {name},x\n")).unwrap();
    }
    let running: Vec<_> = names
        .map(|name| qosha(folder.path(), &["memory", "import", name]).spawn().unwrap())
        .into_iter()
        .collect();
    for process in running {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (_, stats, _) = run(folder.path(), &["memory", "stats"]);
    assert!(stats.starts_with("4 units, "), "{stats}");
}

#[test]
#[cfg(feature = "memory")]
fn an_import_tells_what_was_skipped_and_why() {
    let folder = folder(&[
        ("rows.csv", "en,az\nHello, friend,Salam, dost\nBye,Sağ ol\nalone\nThanks,\n"),
        (
            "one.tmx",
            "<tmx version='1.4'><header/><body><tu><tuv xml:lang='en'><seg>only</seg></tuv></tu></body></tmx>",
        ),
    ]);
    let (status, _, told) = run(folder.path(), &["memory", "import", "rows.csv", "one.tmx"]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(status, Some(0));
    assert!(lines[0].starts_with("warning: rows.csv:2: 4 cells where the header has 2"), "{told}");
    assert!(lines[1].starts_with("warning: rows.csv:4: 1 cell where the header has 2"), "{told}");
    assert_eq!(
        lines[3..],
        [
            "note: rows.csv: 4 units read, 1 added, 0 merged, 3 skipped (more or fewer cells than the header: 2, \
             text in fewer than two languages: 1)",
            "note: one.tmx: 1 unit read, 0 added, 0 merged, 1 skipped (text in fewer than two languages: 1)",
        ]
    );
    let (_, exported, _) = run(folder.path(), &["memory", "export", "--format", "csv", "-q"]);
    assert_eq!(exported.lines().count(), 2, "{exported}");
}

#[test]
#[cfg(feature = "memory")]
fn what_align_writes_can_be_imported() {
    let folder =
        folder(&[("s.en.txt", "We thank all.\n"), ("t.az.txt", "Hamıya təşəkkür edirik.\n")]);
    for format in ["tmx", "csv", "tsv", "jsonl"] {
        let out = format!("out.{format}");
        run(folder.path(), &["align", "s.en.txt", "t.az.txt", "--format", format, "-o", &out]);
        let memory = format!("{format}.qosha");
        let languages = ["--source-lang", "en", "--target-lang", "az"];
        let languages = &languages[..if matches!(format, "csv" | "tsv") { 4 } else { 0 }];
        let arguments = [&["memory", "import", &out, "--memory", &memory], languages].concat();
        let (status, _, told) = run(folder.path(), &arguments);
        assert_eq!(status, Some(0), "{told}");
        assert!(told.contains("1 unit read, 1 added"), "{told}");
    }
}
