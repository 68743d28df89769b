//! Our own rules as SRX 2.0, for programs that read nothing else.
//!
//! What an expression over two sides can say is said: abbreviations by class, words that open sentences, initials, list
//! markers, ordinals, what must follow a mark. What it can't is left out: the running number of a list, the shape of
//! lines, quotations kept whole, direct speech that goes on.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::super::tables::{Abbreviation, Tables};
use crate::model::Language;

/// What may stand before an abbreviation.
const EDGE: &str = r"(?:^|[^\p{L}\p{N}])";

/// Closing marks behind a final mark.
const CLOSERS: &str = r#"["'”’»“›)\]]*(?:\s?\[\d{1,3}\])*"#;

/// Opening marks before a sentence.
const OPENERS: &str = r#"["'“„«‘‹(\[¿¡]*"#;

/// Writes the rules of the languages given, and the rules that all languages share, as an SRX 2.0 document.
///
/// Programs take the lists of all maps that fit a language (`cascade="yes"`): first the language's exceptions, then the
/// shared rules.
pub fn export(languages: &[Language]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!-- Segmentation rules of qosha. What SRX can't express is left out: running list numbers, line shapes,\n     \
         direct speech that goes on. -->\n\
         <srx xmlns=\"http://www.lisa.org/srx20\" version=\"2.0\">\n\
         <header segmentsubflows=\"yes\" cascade=\"yes\">\n\
         <formathandle type=\"start\" include=\"no\"/>\n\
         <formathandle type=\"end\" include=\"yes\"/>\n\
         <formathandle type=\"isolated\" include=\"no\"/>\n\
         </header>\n<body>\n<languagerules>\n",
    );
    // More special tags first, for programs that stop at the first map.
    let mut languages = languages.to_vec();
    languages.sort_by_key(|language| (language.script().is_none(), *language));
    for language in &languages {
        let _ = writeln!(out, "<languagerule languagerulename=\"{language}\">");
        exceptions(&mut out, *language);
        out.push_str("</languagerule>\n");
    }
    out.push_str("<languagerule languagerulename=\"shared\">\n");
    shared(&mut out);
    out.push_str("</languagerule>\n</languagerules>\n<maprules>\n");
    for language in &languages {
        let pattern: String = language
            .to_string()
            .chars()
            .map(|c| match c {
                '-' => "[-_]".to_owned(),
                _ => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
            })
            .collect();
        let _ = writeln!(
            out,
            "<languagemap languagepattern=\"{pattern}(?:[-_].*)?\" languagerulename=\"{language}\"/>"
        );
    }
    out.push_str(
        "<languagemap languagepattern=\".*\" languagerulename=\"shared\"/>\n\
         </maprules>\n</body>\n</srx>\n",
    );
    out
}

fn rule(out: &mut String, is_break: bool, before: &str, after: &str) {
    let _ = writeln!(
        out,
        "<rule break=\"{}\">\n<beforebreak>{}</beforebreak>\n<afterbreak>{}</afterbreak>\n</rule>",
        if is_break { "yes" } else { "no" },
        escape(before),
        escape(after)
    );
}

fn exceptions(out: &mut String, language: Language) {
    let tables = Tables::of(language);
    let starters: Vec<String> =
        tables.starters().iter().map(|word| capitalised(word, language)).collect();
    // White space, and no word behind it that opens sentences.
    let no_starter = if starters.is_empty() {
        r"\s".to_owned()
    } else {
        format!(r"\s+(?!(?:{})(?![\p{{L}}\p{{N}}]))", starters.join("|"))
    };
    let mut always = Vec::new();
    let mut before_no_starter = Vec::new();
    let mut before_digit = Vec::new();
    let mut behind_figure = Vec::new();
    for (form, class) in tables.abbreviations() {
        let is_single = form.chars().count() == 1;
        let list = match class {
            Abbreviation::Never => &mut always,
            Abbreviation::Number if is_single => &mut always,
            Abbreviation::Number => &mut before_no_starter,
            Abbreviation::MayEnd if form.contains('.') => &mut before_no_starter,
            Abbreviation::MayEnd | Abbreviation::Figure => &mut before_digit,
            Abbreviation::End => &mut before_no_starter,
            Abbreviation::Unit => &mut behind_figure,
        };
        list.push(any_case(form, language));
    }
    let blank = r"\s";
    for (forms, after) in
        [(always, blank), (before_no_starter, &no_starter[..]), (before_digit, r"\s+\d")]
    {
        if !forms.is_empty() {
            rule(out, false, &format!(r"{EDGE}(?:{})\.", forms.join("|")), after);
        }
    }
    if !behind_figure.is_empty() {
        rule(out, false, &format!(r"\d\s?(?:{})\.", behind_figure.join("|")), &no_starter);
    }
    rule(out, false, &format!(r"{EDGE}\p{{Lu}}\p{{Ll}}?\."), &no_starter);
    if tables.writes_ordinals_with_stop() {
        rule(out, false, &format!(r"{EDGE}\d{{1,2}}\."), &no_starter);
    }
}

fn shared(out: &mut String) {
    // List markers, at the start of a text and behind the end of an item.
    rule(out, false, &format!(r"^\s*{OPENERS}\d{{1,3}}[.)]"), r"\s");
    rule(out, false, r"^\s*(?:[-*•–—]\s*)\d{1,3}[.)]", r"\s");
    rule(out, false, r"[;.]\s{1,3}\d{1,3}[.)]", r"\s");
    rule(out, true, r#";["”»]?"#, r#"\s+\d{1,3}[.)]\s*["“„«\p{Lu}]"#);
    // The sentence goes on behind a dash only with a capital or a figure.
    let follows = format!(r"\s+{OPENERS}(?:[-–—]\s*)?{OPENERS}[\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}]");
    rule(out, true, &format!(r"[.!?…؟。۔]+{CLOSERS}"), &follows);
    rule(out, true, r"\p{Ll}{3}[.!?]", r"\p{Lu}\p{Ll}");
}

/// Returns both cases of a letter, by the mapping of the language.
fn cases(letter: char, language: Language) -> [char; 2] {
    let is_turkic = matches!(language.code(), "az" | "tr");
    match letter {
        'i' | 'İ' if is_turkic => ['İ', 'i'],
        'ı' | 'I' if is_turkic => ['I', 'ı'],
        _ => {
            let mut upper = letter.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(upper), None) => [upper, letter],
                _ => [letter, letter],
            }
        }
    }
}

/// Writes an abbreviation so that it is found in either case: of its first letters, and of every letter in short and
/// dotted forms.
fn any_case(form: &str, language: Language) -> String {
    let is_short = form.contains('.') || form.chars().count() <= 4;
    let mut out = String::new();
    let mut is_first = true;
    for letter in form.chars() {
        let [upper, lower] = cases(letter, language);
        if letter == ' ' {
            out.push_str(r"\s+");
        } else if letter.is_alphabetic() && (is_first || is_short) && upper != lower {
            let _ = write!(out, "[{upper}{lower}]");
        } else {
            out.push_str(&regex_syntax::escape(letter.encode_utf8(&mut [0; 4])));
        }
        is_first = !letter.is_alphabetic();
    }
    out
}

fn capitalised(word: &str, language: Language) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| cases(letter, language)[0]);
    let word: String = first.into_iter().chain(letters).collect();
    regex_syntax::escape(&word)
}

#[cfg(test)]
mod tests {
    use super::super::Srx;
    use super::*;
    use crate::segment::{Options, segment};

    #[test]
    fn our_rules_come_back_as_srx() {
        let srx = Srx::read(&export(&[Language::AZ, Language::EN])).expect("our own file");
        let engine = srx.engine(Language::AZ).expect("a map for az");
        assert!(engine.problems().is_empty(), "{:?}", engine.problems());
        let options = Options { srx: Some(&srx), ..Options::default() };
        let text = "Prof. İ. Əliyev və s. alimlər gəldi. “Yardım” İB 12-ci məktəbə 5 mln. manat verdi. 64 ev var.";
        let found = segment(text, Language::AZ, &options);
        let pieces: Vec<_> = found.segments.iter().map(|s| s.span.of(text)).collect();
        assert_eq!(
            pieces,
            [
                "Prof. İ. Əliyev və s. alimlər gəldi.",
                "“Yardım” İB 12-ci məktəbə 5 mln. manat verdi.",
                "64 ev var."
            ]
        );
    }
}
