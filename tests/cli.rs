//! The command line from outside: arguments in, output and exit status as recorded in `tests/cli` and in the README.
//! `TRYCMD=overwrite cargo test --test cli` records anew.

#[test]
fn commands_print_what_is_recorded() {
    trycmd::TestCases::new()
        .env("COLUMNS", "")
        .case("tests/cli/*.toml")
        .case("tests/cli/*.md")
        .case("README.md")
        .case("docs/*.md");
}
