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
    for format in ["tmx", "xliff", "xliff2", "csv", "tsv", "jsonl"] {
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

#[cfg(feature = "memory")]
const XLIFF: &str = "\
<xliff version='1.2' xmlns='urn:oasis:names:tc:xliff:document:1.2'><file original='letter.docx' source-language='en'><body>
<trans-unit id='1'><source>The <g id='1'>school</g> was closed.</source><target>Məktəb bağlı idi.</target></trans-unit>
<trans-unit id='2'><source>We thank all.</source></trans-unit>
<trans-unit id='3'><source>Help";

#[test]
#[cfg(feature = "memory")]
fn what_translators_give_back_can_be_imported() {
    let folder =
        folder(&[("letter.xlf", XLIFF), ("page.xlf", "<html/>"), ("text.sdlxliff", "Salam.")]);
    let import = |name: &str, languages: &[&str]| {
        run(folder.path(), &[&["memory", "import", name], languages].concat())
    };
    let (status, _, told) = import("letter.xlf", &["--source-lang", "en", "--target-lang", "az"]);
    assert_eq!(status, Some(0));
    assert_eq!(
        told.lines().collect::<Vec<_>>(),
        [
            "warning: letter.xlf:4: the file ends inside <source>: it was cut off",
            "warning: letter.xlf: the file ends before its end; what was read is used",
            "note: letter.xlf: 3 units read, 1 added, 0 merged, 2 skipped (cut off: 1, without target text: 1)",
        ]
    );
    let (_, exported, _) = run(folder.path(), &["memory", "export", "--format", "csv", "-q"]);
    assert!(
        exported.contains("Məktəb bağlı idi.,The school was closed.,en,letter.docx,"),
        "{exported}"
    );
    let (status, _, told) = import("page.xlf", &[]);
    assert_eq!(status, Some(2));
    let wanted =
        "error: page.xlf: line 1: this is neither TMX nor XLIFF: its first element is <html>\n";
    assert_eq!(told, wanted);
    let (_, _, told) = import("text.sdlxliff", &[]);
    assert!(told.contains("line 1: this is neither TMX nor XLIFF: it begins with text"), "{told}");
}

const BATCH: &str = "\
# source, target, output
s.en.txt\tt.az.txt\tt.az.txt
s.en.txt\tt.az.txt\tnew/one.tsv
s.en.txt\tt.az.txt\t./new/one.tsv
only one column
s.en.txt\tt.az.txt\ttwo.csv\t\t
s.en.txt\tt.az.txt\tthree.tsv\txx1\taz
s.en.txt\tno.txt\tfour.tsv
";

#[test]
fn bad_lines_of_a_batch_are_told_of_and_the_rest_goes_on() {
    let target = "Hamıya təşəkkür edirik.\n";
    let folder = folder(&[("s.en.txt", "We thank all.\n"), ("t.az.txt", target), ("b.tsv", BATCH)]);
    let (status, _, told) = run(folder.path(), &["align", "--batch", "b.tsv", "-q"]);
    let places: Vec<&str> = told.lines().map(|line| &line[..14]).collect();
    assert_eq!(status, Some(2));
    let lines = [5, 7, 2, 4, 8].map(|line| format!("error: b.tsv:{line}"));
    assert_eq!(places, lines, "{told}");
    for words in ["is an input", "that of line 3", "1 column;", "\"xx1\"", "no.txt"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("t.az.txt"), target);
    // The ending of an output names its format.
    assert!(read("new/one.tsv").starts_with("source\ttarget\t"));
    assert!(read("two.csv").starts_with("source,target,"));
    let (_, _, told) = run(folder.path(), &["align", "--batch", "b.tsv", "--resume"]);
    assert!(told.contains("note: 0 of 7 pairs written, 2 left as they were"), "{told}");
    // An empty output is not finished, and what cannot be written is told of.
    std::fs::write(folder.path().join("two.csv"), "").unwrap();
    std::fs::remove_file(folder.path().join("new/one.tsv")).unwrap();
    std::fs::create_dir(folder.path().join("new/one.tsv")).unwrap();
    let (_, _, told) = run(folder.path(), &["align", "--batch", "b.tsv", "--resume"]);
    assert!(told.contains("note: 1 of 7 pairs written\n"), "{told}");
    assert!(told.contains("error: b.tsv:3: new/one.tsv: is a directory"), "{told}");
    assert!(read("two.csv").starts_with("source,target,"));
}

#[test]
fn what_no_pair_of_a_batch_needs_is_told_once() {
    let suppress = |text: &str| {
        format!("[[suppress]]\ntype = \"term\"\ntext = \"{text}\"\nreason = \"{text}\"\n")
    };
    let folder = folder(&[
        (
            "g.csv",
            "concept,language,term,type\ng,en,Green Hill,organization\ng,az,Yaşıl Təpə,organization\n",
        ),
        ("qosha.toml", &(suppress("school") + &suppress("bridge"))),
        ("a.en.txt", "Green Hill opens a school.\n"),
        ("a.az.txt", "Göy Təpə məktəb açır.\n"),
        ("b.en.txt", "We thank all.\n"),
        ("b.az.txt", "Hamıya təşəkkür edirik.\n"),
        ("b.tsv", "a.en.txt\ta.az.txt\nb.en.txt\tb.az.txt\n"),
        ("broken.tsv", "a.en.txt\ta.az.txt\nno.en.txt\tb.az.txt\n"),
    ]);
    let unused = |batch: &str| -> Vec<String> {
        let arguments = ["glossary", "check", "--batch", batch, "--glossary", "g.csv"];
        let (_, _, told) = run(folder.path(), &arguments);
        told.lines().filter(|line| line.contains("matches nothing")).map(str::to_owned).collect()
    };
    let told = unused("b.tsv");
    assert!(matches!(&told[..], [line] if line.contains("bridge")), "{told:?}");
    assert_eq!(unused("broken.tsv"), [""; 0]);
}

#[test]
fn no_verb_writes_over_its_own_input() {
    let terms = "concept,language,term\na,en,Union\n";
    let folder =
        folder(&[("s.en.txt", "We thank all.\n"), ("t.az.txt", "Sağ olun.\n"), ("g.csv", terms)]);
    for arguments in [
        &["segment", "s.en.txt", "-o", "./s.en.txt"][..],
        &["align", "s.en.txt", "t.az.txt", "-o", "t.az.txt"],
        &["diff", "s.en.txt", "t.az.txt", "--glossary", "g.csv", "-o", "g.csv"],
        &["glossary", "find", "s.en.txt", "--glossary", "g.csv", "-o", "s.en.txt"],
        &["glossary", "lint", "g.csv", "-o", "g.csv"],
        &["glossary", "list", "g.csv", "-o", "g.csv"],
    ] {
        let (status, _, told) = run(folder.path(), arguments);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(told.contains("would be written over its own input"), "{told}");
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("g.csv")).unwrap(), terms);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_with_the_name_of_the_output() {
    let folder = folder(&[("s.en.txt", "We thank all.\n")]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output =
        qosha(folder.path(), &["segment", "s.en.txt", "-q"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("error: standard output cannot be written: "), "{told}");
}

#[test]
fn a_pipe_takes_as_many_columns_as_it_is_told() {
    let folder = folder(&[
        (
            "s.en.txt",
            "In winter the road is closed for 47 days on average, says the ministry of roads.\n",
        ),
        ("t.az.txt", "Qışda yol orta hesabla 37 gün bağlı qalır, yol nazirliyi belə deyir.\n"),
    ]);
    let widest = |columns: &str, arguments: &[&str]| {
        let mut command = qosha(folder.path(), arguments);
        let output = command.env("COLUMNS", columns).output().expect("the program starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        (text.lines().map(|line| line.chars().count()).max(), text.contains('│'))
    };
    for verb in [
        &["diff", "s.en.txt", "t.az.txt"][..],
        &["align", "s.en.txt", "t.az.txt", "--format", "text"],
    ] {
        let (narrow, is_beside) = widest("40", verb);
        assert!(narrow <= Some(40) && !is_beside, "{narrow:?}");
        let (usual, is_beside) = widest("", verb);
        assert!(usual <= Some(100) && is_beside, "{usual:?}");
        let (wide, _) = widest("200", verb);
        assert!(wide > Some(100) && wide <= Some(200), "{wide:?}");
    }
}

#[test]
fn an_ending_that_names_no_format_is_an_error() {
    let folder = folder(&[("s.en.txt", "We came.\n"), ("t.az.txt", "Biz gəldik.\n")]);
    for (verb, output, is_known) in [
        (&["diff", "s.en.txt", "t.az.txt"][..], "o.pdf", false),
        (&["diff", "s.en.txt", "t.az.txt"], "o.json", false),
        (&["diff", "s.en.txt", "t.az.txt"], "o.txt", true),
        (&["diff", "s.en.txt", "t.az.txt"], "o", true),
        (&["diff", "s.en.txt", "t.az.txt", "--format", "text"], "o.pdf", true),
        (&["align", "s.en.txt", "t.az.txt"], "o.xlsx", false),
        (&["segment", "s.en.txt"], "o.html", false),
        (&["explain"], "o.json", true),
    ] {
        let (status, _, told) = run(folder.path(), &[verb, &["-o", output]].concat());
        assert_eq!(status == Some(2), !is_known, "{verb:?} {output}: {told}");
        assert_eq!(told.contains("the ending names no format; known are ."), !is_known, "{told}");
        assert_eq!(folder.path().join(output).exists(), is_known);
        let _ = std::fs::remove_file(folder.path().join(output));
    }
}

#[test]
fn what_is_hardly_text_is_compared_in_no_time_to_speak_of() {
    let texts = ["a".repeat(300_000), "(".repeat(300_000), "ə".repeat(300_000)];
    for text in texts {
        let folder = folder(&[("s.en.txt", &text), ("t.az.txt", &text)]);
        let start = std::time::Instant::now();
        let (status, ..) =
            run(folder.path(), &["diff", "s.en.txt", "t.az.txt", "--fail-on", "never"]);
        assert_eq!(status, Some(0));
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }
}
