//! `qosha eval` and the public scorers in `../shared/eval` give the same figures on the same files.
//!
//! The scorers need Python 3 and are kept outside of the project; without them the test says so and checks nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use qosha::evaluate;
use qosha::formats::beads;
use qosha::model::Language;
use qosha::segment::{self, Options};

#[expect(clippy::print_stderr, reason = "says why nothing is checked")]
fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    let has_python = Command::new("python3").arg("--version").output().is_ok();
    let found = folder.is_dir() && has_python;
    if !found {
        eprintln!("the public scorers are not here: nothing is compared");
    }
    found.then_some(folder)
}

fn run(scorer: &Path, arguments: &[&Path], options: &[&str]) -> serde_json::Value {
    let output = Command::new("python3")
        .arg(scorer)
        .args(arguments)
        .args(options)
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the scorer prints JSON")
}

fn close(ours: f64, theirs: &serde_json::Value) {
    let theirs = theirs.as_f64().expect("a number");
    assert!((ours - theirs).abs() < 1e-9, "ours {ours}, theirs {theirs}");
}

#[test]
fn segmentation_is_scored_alike() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (name, language) in
        [("az-golden", Language::AZ), ("en-gum", Language::EN), ("tr-boun", Language::TR)]
    {
        let dev = shared.join("segment/dev");
        let text = std::fs::read_to_string(dev.join(format!("{name}.txt"))).expect("a text");
        let gold_path = dev.join(format!("{name}.gold.txt"));
        let gold = std::fs::read_to_string(&gold_path).expect("its gold");
        let ours = evaluate::segment::score_text(&text, &gold, language, &Options::default())
            .expect("the same text")
            .score();
        let system = folder.path().join(name);
        let document = segment::document(name, text, language, &Options::default());
        std::fs::write(&system, segment::lines(&document)).expect("written");
        let theirs = run(&shared.join("segment/score.py"), &[&gold_path, &system], &["--json"]);
        close(ours.inner.f1, &theirs[name]["inner"]["f1"]);
        close(ours.all.f1, &theirs[name]["all"]["f1"]);
        close(ours.segments.f1, &theirs[name]["sent"]["f1"]);
    }
}

#[test]
fn alignment_is_scored_alike() {
    let Some(shared) = shared() else { return };
    // The gold of text+berg leaves segments out.
    for (name, source_language, target_language) in
        [("maligna-pl-en", "pl", "en"), ("textberg-de-fr", "de", "fr")]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let set = shared.join("align/dev").join(name);
        let sets = evaluate::align::Set::find(&set, (None, None)).expect("a folder with gold");
        let ours = evaluate::align::score(&sets, false).expect("good gold");
        for name in ours.sets[0].documents.iter().map(|document| &document.name) {
            let document = |ending: &str, tag: &str| {
                let text =
                    std::fs::read_to_string(set.join(format!("{name}.{ending}"))).expect("a text");
                let language = Language::parse(tag).expect("a tag");
                segment::presegmented_document(name, text, language)
            };
            let source = document("src", source_language);
            let target = document("tgt", target_language);
            let alignment = qosha::align::align(
                qosha::align::Pair::new(&source, &target),
                &qosha::align::Options::default(),
            );
            let written = beads::write(&alignment, &source, &target);
            std::fs::write(folder.path().join(format!("{name}.out")), written).expect("written");
        }
        let arguments: [&Path; 4] =
            [Path::new("--set"), &set, Path::new("--sysdir"), folder.path()];
        let theirs = run(&shared.join("align/score.py"), &arguments, &["--json", "--per-doc"]);
        let same = |ours: &evaluate::beads::Score, theirs: &serde_json::Value| {
            for (name, figures) in
                [("strict", ours.strict), ("lax", ours.lax), ("nonnull", ours.nonnull)]
            {
                close(figures.precision, &theirs[format!("{name}_p")]);
                close(figures.recall, &theirs[format!("{name}_r")]);
                close(figures.f1, &theirs[format!("{name}_f1")]);
            }
            assert_eq!(theirs["gold_beads"], ours.gold_beads);
            assert_eq!(theirs["sys_beads"], ours.system_beads);
        };
        same(&ours.total, &theirs);
        same(&ours.sets[0].total, &theirs);
        for document in &ours.sets[0].documents {
            same(&document.score, &theirs["per_doc"][format!("{}.gold", document.name)]);
        }
    }
}

#[test]
fn appeals_are_scored_alike() {
    let Some(shared) = shared() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["school", "flood"] {
        let appeal = root.join("corpora").join(name);
        let ours = evaluate::diff::score_appeal(&appeal, (Language::EN, Language::AZ), None)
            .expect("an appeal");
        let document = |language: Language| {
            let text =
                std::fs::read_to_string(appeal.join(format!("{language}.txt"))).expect("a version");
            segment::document("", text, language, &Options::default())
        };
        let (source, target) = (document(Language::EN), document(Language::AZ));
        let alignment = qosha::align::align(
            qosha::align::Pair::new(&source, &target),
            &qosha::align::Options::default(),
        );
        let found = qosha::diff::diff(&source, &target, &alignment, None);
        let comparison = qosha::report::Comparison::new(&source, &target, &alignment, found);
        let findings = folder.path().join(name);
        std::fs::write(&findings, qosha::report::jsonl::divergences(&comparison)).expect("written");
        let arguments = [shared.join("appeals"), PathBuf::from(name), findings];
        let arguments: Vec<&Path> = arguments.iter().map(PathBuf::as_path).collect();
        let theirs = run(&shared.join("appeals/score_appeals.py"), &arguments, &["--json"]);
        assert_eq!(theirs["found"], ours.found);
        assert_eq!(theirs["planted"], ours.planted);
        assert_eq!(theirs["false"].as_array().map(Vec::len), Some(ours.false_findings.len()));
    }
}
