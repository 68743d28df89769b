//! What each type of finding means, for people: the one source of `qosha explain`, of the rules in SARIF, of the legend in the
//! HTML page and of the table in `docs/checks.md`.
//!
//! A `match` over the types holds the texts, so that no type can lack one. Every example is run through the whole
//! pipeline by a test, which expects the type it stands for.

use crate::model::{DivergenceType, Severity};

/// What a type of finding means. Texts are whole English sentences in one paragraph; `title` is a phrase in small letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What differs, in a few words: `a number that differs`.
    pub title: &'static str,
    /// What a finding says.
    pub meaning: &'static str,
    /// Why it matters to those who publish the text.
    pub why: &'static str,
    /// What counts as agreeing and is not reported.
    pub agrees: &'static str,
    /// The severity it mostly has; single findings may be milder or, where they are sure, graver.
    pub severity: Severity,
    /// What the type is divided into, each with its meaning; empty where the divisions are not settled.
    pub subtypes: &'static [(&'static str, &'static str)],
    /// A finding of the type.
    pub example: Example,
}

/// Two short versions of a text that differ in one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// The source, in English; a line a paragraph.
    pub source: &'static str,
    /// The target, in Azerbaijani.
    pub target: &'static str,
    /// The glossary that the finding needs, as CSV.
    pub glossary: Option<&'static str>,
}

const fn example(source: &'static str, target: &'static str) -> Example {
    Example { source, target, glossary: None }
}

/// Returns what a type of finding means.
///
/// # Example
/// ```
/// use qosha::{diff::explain, model::DivergenceType};
/// assert_eq!(explain(DivergenceType::Number).title, "a number that differs");
/// ```
pub fn explain(kind: DivergenceType) -> Explanation {
    match kind {
        DivergenceType::Number => Explanation {
            title: "a number that differs",
            meaning: "A number, an amount of money, a phone number or the number of a law is another one in the target, or stands in one version only.",
            why: "Readers act on numbers: they count, pay, call. A wrong digit is the slip that is most often made and least often seen.",
            agrees: "Digits and number words (\"six\" and \"6\"), decimal points and commas (\"2.5\" and \"2,5\"), thousands with point, comma or blank, magnitude words (\"6 million\" and \"6 mln\"), Roman numerals, parts and quantities in words (\"half an hour\" and \"30 minutes\", \"two thirds\" and \"2/3\", \"a decade\" and \"10 years\", \"1930s\" and \"30s\"), and a number that stands in the sentence before or behind.",
            severity: Severity::Error,
            subtypes: &[
                ("count", "how many"),
                ("amount", "money"),
                ("phone", "a phone number"),
                ("legal_reference", "the number of a law, article or decree"),
            ],
            example: example(
                "In winter the road is closed for 47 days.",
                "Qışda yol 37 gün bağlı qalır.",
            ),
        },
        DivergenceType::Date => Explanation {
            title: "a date that differs",
            meaning: "The day, the month, the year or the day of the week is another one in the target.",
            why: "A deadline or the day of an event that differs sends part of the readers at the wrong time.",
            agrees: "Any way of writing a date (\"October 9, 2020\", \"2020-ci il oktyabrın 9-u\", \"09.10.2020\"), and a date without year where the other version has the year.",
            severity: Severity::Error,
            subtypes: &[
                ("date", "a day, a month with its day, or a year"),
                ("month", "a month that is named alone"),
                ("weekday", "a day of the week"),
            ],
            example: example(
                "The report is due on November 15, 2025.",
                "Hesabat 2025-ci il dekabrın 15-də təqdim olunmalıdır.",
            ),
        },
        DivergenceType::TimeUnit => Explanation {
            title: "a clock time, unit or magnitude that differs",
            meaning: "The digits agree, but not what they count: hours became days, kilometres metres, million milliard; or the clock time is another one.",
            why: "The number looks right at a glance, and what it says is wrong by far.",
            agrees: "Clock times in either form (\"12 p.m.\" and \"12:00\"), abbreviations of units (\"km\" and \"kilometr\"), and a unit that one version leaves out.",
            severity: Severity::Error,
            subtypes: &[
                ("clock", "a time of day"),
                ("unit", "a unit of time, measure or currency"),
                ("magnitude", "thousand, million, milliard"),
            ],
            example: example("The work took 5 hours.", "İş 5 gün çəkdi."),
        },
        DivergenceType::Percent => Explanation {
            title: "a percentage that differs",
            meaning: "A percentage is another one in the target, or stands in one version only.",
            why: "Percentages carry the argument of many appeals, and are quoted.",
            agrees: "The sign and the words (\"5%\", \"5 percent\", \"5 faiz\"), decimal points and commas.",
            severity: Severity::Error,
            subtypes: &[("percent", "a percentage")],
            example: example("Only 35% of homes have water.", "Evlərin yalnız 53 faizində su var."),
        },
        DivergenceType::Omission => Explanation {
            title: "a sentence that the target lacks",
            meaning: "A sentence or heading of the source has no counterpart in the target. An item of a list that is missing is a `list_item`.",
            why: "Readers of one language are not told something, and nobody notices, for the text reads well without it.",
            agrees: "A sentence that was made one with its neighbour (`merge`) or put elsewhere (`order`).",
            severity: Severity::Error,
            subtypes: &[("segment", "a sentence"), ("heading", "a heading or label; a warning")],
            example: example(
                "The bridge was destroyed in the flood.\n\nWe do not ask for a palace; we ask for a bus for our children.\n\nWrite to info@qosha.example by May 12.",
                "Körpü daşqın zamanı dağılıb.\n\nMayın 12-dək info@qosha.example ünvanına yazın.",
            ),
        },
        DivergenceType::Addition => Explanation {
            title: "a sentence that the source lacks",
            meaning: "A sentence or heading of the target has no counterpart in the source. An extra item of a list is a `list_item`, a sentence that stands twice a `duplicate`.",
            why: "One version promises or claims something that those who signed the other have not read.",
            agrees: "A sentence that was cut in two (`merge`) or put elsewhere (`order`).",
            severity: Severity::Error,
            subtypes: &[("segment", "a sentence"), ("heading", "a heading or label; a warning")],
            example: example(
                "The bridge was destroyed in the flood.\n\nWrite to info@qosha.example by May 12.",
                "Körpü daşqın zamanı dağılıb.\n\nHesabatlar internet saytlarımızda da yerləşdiriləcək və hamı onları oxuya biləcək.\n\nMayın 12-dək info@qosha.example ünvanına yazın.",
            ),
        },
        DivergenceType::Order => Explanation {
            title: "segments that changed places",
            meaning: "Sentences or list items stand in another order in the target.",
            why: "Whoever compares the versions line by line, or calls something \"the third point\", gets lost.",
            agrees: "Lists of signatories that each language sorts by its own alphabet, where their numbers say so.",
            severity: Severity::Warning,
            subtypes: &[
                ("swapped", "two that changed places with each other"),
                ("moved", "one that stands elsewhere"),
            ],
            example: example(
                "We ask for three things:\n1) Repair the bridge at Gumushtapa before May 12;\n2) Send 47 tents to the school;\n3) Pay 600 manat to each family.",
                "Üç şey xahiş edirik:\n1) Məktəbə 47 çadır göndərin;\n2) Gümüştəpədə körpünü mayın 12-dək təmir edin;\n3) Hər ailəyə 600 manat ödəyin.",
            ),
        },
        DivergenceType::Merge => Explanation {
            title: "sentences made one, or cut in two",
            meaning: "Several sentences of one version are one in the other, or one is several.",
            why: "It is good to know for who looks at the pairs; it is no fault.",
            agrees: "Pairs of one sentence and one sentence.",
            severity: Severity::Info,
            subtypes: &[
                ("merge", "fewer sentences in the target"),
                ("split", "more sentences in the target"),
            ],
            example: example(
                "The flood came in May.\n\nThe bridge of Gumushtapa opens on June 12, and the school opens on September 15.\n\nWrite to info@qosha.example.",
                "Daşqın may ayında baş verdi.\n\nGümüştəpə körpüsü iyunun 12-də açılır. Məktəb sentyabrın 15-də açılır.\n\ninfo@qosha.example ünvanına yazın.",
            ),
        },
        DivergenceType::Duplicate => Explanation {
            title: "a sentence that stands twice",
            meaning: "A sentence of the target repeats one just before it, and the source says it once.",
            why: "It is a trace of pasting that every reader sees.",
            agrees: "A repetition that the source has too, short exclamations, and a phrase that comes back much later.",
            severity: Severity::Error,
            subtypes: &[("segment", "a sentence or list item")],
            example: example(
                "We came to the valley in May.\n\nThe road is closed for 47 days.",
                "Biz vadiyə may ayında gəldik.\n\nBiz vadiyə may ayında gəldik.\n\nYol 47 gün bağlıdır.",
            ),
        },
        DivergenceType::ListItem => Explanation {
            title: "a list item that differs",
            meaning: "An item of a list is missing in one version, has another number, or runs together with the item before it.",
            why: "Lists hold demands and signatories: who is left out has not signed.",
            agrees: "Other marks (\"1.\", \"1)\", \"a)\"), and items without number.",
            severity: Severity::Error,
            subtypes: &[
                ("missing", "the target lacks it"),
                ("extra", "the source lacks it"),
                ("renumbered", "it has another number"),
                ("merged", "two items are one; warning"),
                ("run_together", "it stands on one line with the one before; info"),
            ],
            example: example(
                "Signed by:\n1.\"Clear Spring\" Public Union, Amrahli Sona;\n2.\"Gunashli\" Women's Public Union, Huseynli Arzu;\n3.\"New Field\" Public Union, Samadov Nijat;",
                "İmzalayanlar:\n1.\"Şəffaf Bulaq\" İctimai Birliyi, Əmrahlı Sona;\n3.\"Yeni Tarla\" İctimai Birliyi, Səmədov Nicat;",
            ),
        },
        DivergenceType::Entity => Explanation {
            title: "a name that became another",
            meaning: "A person, place or organization is another one in the target, or a signatory has no person in one version.",
            why: "A wrong name offends the one who is not named and misleads about the one who is.",
            agrees: "Names written by sound (\"Huseynova\" and \"Hüseynova\"), with endings, and names that are translated. In plain sentences a name counts as changed only where the versions know both names from elsewhere.",
            severity: Severity::Error,
            subtypes: &[
                ("name", "a name in a sentence"),
                ("person", "the person of a signatory"),
                ("person_missing", "a signatory without its person"),
            ],
            example: example(
                "Signed by:\n1.\"Clear Spring\" Public Union, Huseynova Leyla;\n2.\"New Field\" Public Union, Samadov Nijat;",
                "İmzalayanlar:\n1.\"Şəffaf Bulaq\" İctimai Birliyi, Hüseynova Sevda;\n2.\"Yeni Tarla\" İctimai Birliyi, Səmədov Nicat;",
            ),
        },
        DivergenceType::EntityTypo => Explanation {
            title: "a name that is misspelt",
            meaning: "Two neighbouring letters of a name changed places in the target.",
            why: "A misspelt name is not found by a search, and its bearer sees it first.",
            agrees: "Other letters, which are how each language writes the sound.",
            severity: Severity::Warning,
            subtypes: &[("swapped_letters", "two neighbouring letters changed places")],
            example: example(
                "The families of Gumushtapa wait. Help came to Gumushtapa in May.",
                "Gümüştəpənin ailələri gözləyir. Mayda Gümüşətpəyə kömək gəldi.",
            ),
        },
        DivergenceType::Term => Explanation {
            title: "a term that the glossary has otherwise",
            meaning: "The source names something that a glossary knows, and the target does not call it by an allowed term; or a term is used that is not to be used.",
            why: "Organizations have one official name in each language. Donors and registers find them by it.",
            agrees: "Every allowed term of the concept, its abbreviation, inflected forms, and a term that stands elsewhere in the paired sentences.",
            severity: Severity::Error,
            subtypes: &[
                ("missing", "no term of the concept"),
                ("forbidden", "one that is not to be used"),
                ("inconsistent", "an allowed one, but mostly it is another; `glossary check` only"),
            ],
            example: Example {
                source: "Green Hill opens a school.",
                target: "Göy Təpə məktəb açır.",
                glossary: Some(
                    "concept,language,term,type\nhill,en,Green Hill,organization\nhill,az,Yaşıl Təpə,organization\n",
                ),
            },
        },
        DivergenceType::Negation => Explanation {
            title: "a negation that is lost or added",
            meaning: "One version negates something, and nothing in the other does.",
            why: "The sentence says the contrary, and reads as well as before.",
            agrees: "Any negation in the paired sentences: a word, an ending of a verb (\"getmir\"), an ending such as \"-sız\".",
            severity: Severity::Warning,
            subtypes: &[
                ("lost", "the target negates nothing, or less often"),
                ("added", "the source negates nothing"),
            ],
            example: example("The school is not open today.", "Məktəb bu gün açıqdır."),
        },
        DivergenceType::Untranslated => Explanation {
            title: "a sentence left in the source's language",
            meaning: "A sentence of the target repeats the words of the source, or a sentence is in another language than its version.",
            why: "Readers of the version can't read it.",
            agrees: "Names, numbers and addresses, which are the same in both languages, quotations, what both versions have in the same third language, and very short segments.",
            severity: Severity::Error,
            subtypes: &[
                ("segment", "the words of the source"),
                ("wrong_language", "another language than the version's; of the source a warning"),
            ],
            example: example(
                "We ask all the donors to help the families.",
                "We ask all the donors to help the families.",
            ),
        },
        DivergenceType::Quotes => Explanation {
            title: "quotation marks that are lost",
            meaning: "The source quotes something, and the target has no quotation mark at all.",
            why: "Readers can no longer see what was said by somebody else.",
            agrees: "Any kind of marks (\"…\", “…”, „…“, «…»), mixed ones too, and marks that the target adds.",
            severity: Severity::Warning,
            subtypes: &[("lost", "the target has none")],
            example: example(
                "The minister called it \"a good day\" for all.",
                "Nazir bunu hamı üçün yaxşı gün adlandırdı.",
            ),
        },
        DivergenceType::Url => Explanation {
            title: "a web address that differs",
            meaning: "A web address is another one in the target, or stands in one version only.",
            why: "A wrong letter leads readers to nothing, or to somebody else's page.",
            agrees: "Addresses with and without `https://` or `www.`, capital letters of the host, a slash or full stop at the end.",
            severity: Severity::Error,
            subtypes: &[("address", "an address")],
            example: example(
                "Read more at https://www.qosha.example/road.",
                "Ətraflı: https://www.qosha.example/raod.",
            ),
        },
        DivergenceType::Email => Explanation {
            title: "an e-mail address that differs",
            meaning: "An e-mail address is another one in the target, or stands in one version only.",
            why: "Letters go astray, and nobody learns of it.",
            agrees: "Capital letters, and a full stop behind the address.",
            severity: Severity::Error,
            subtypes: &[("address", "an address")],
            example: example("Write to info@qosha.example.", "inof@qosha.example ünvanına yazın."),
        },
        DivergenceType::Clause => Explanation {
            title: "a part of a sentence that is missing",
            meaning: "The sentences are paired, but a part of one of them has no counterpart in the other.",
            why: "A condition or a reason is lost inside a sentence that looks complete.",
            agrees: "Sentences that are only shorter or longer, as every language is. Three words in a row whose concepts are known must lack a counterpart, and the other side must be shorter by as much.",
            severity: Severity::Info,
            subtypes: &[
                ("missing", "the target lacks a part"),
                ("added", "the source lacks a part"),
            ],
            example: example(
                "The school will open in May, if the road is repaired and the teachers are paid.",
                "Məktəb mayda açılacaq.",
            ),
        },
        DivergenceType::Paragraphs => Explanation {
            title: "another number of paragraphs",
            meaning: "The versions are divided into paragraphs otherwise.",
            why: "Text that is laid out side by side does not fit, and one version is harder to read.",
            agrees: "Empty lines and line breaks inside a paragraph. Where a segment has no partner, only that is told.",
            severity: Severity::Info,
            subtypes: &[("count", "the numbers differ")],
            example: example(
                "The road is closed.\n\nWe ask for help.",
                "Yol bağlıdır. Kömək xahiş edirik.",
            ),
        },
        DivergenceType::Scope => Explanation {
            title: "all, some or only",
            meaning: "It is said of all in one version, and of some, many or only a few in the other.",
            why: "A claim becomes stronger or weaker than those who signed it meant.",
            agrees: "Other words for the same amount.",
            severity: Severity::Info,
            subtypes: &[
                ("amount", "all against some or only"),
                ("narrowed", "all is gone, and the target names others (warning)"),
            ],
            example: example("All families have left the village.", "Bəzi ailələr kənddən köçüb."),
        },
        DivergenceType::Modality => Explanation {
            title: "must, should or may",
            meaning: "What must be done in one version may be done in the other.",
            why: "A demand becomes a wish, or a right becomes a duty.",
            agrees: "Other words that bind as much.",
            severity: Severity::Info,
            subtypes: &[("duty", "must against may")],
            example: example("The owner must repair the road.", "Sahibkar yolu təmir edə bilər."),
        },
        DivergenceType::Direction => Explanation {
            title: "rose or fell, more or less, north or south",
            meaning: "The versions say opposite directions: something rose in one and fell in the other, is more and less, opens and closes.",
            why: "The numbers agree, and the sentence says the contrary.",
            agrees: "Other words for the same direction.",
            severity: Severity::Info,
            subtypes: &[
                ("amount", "rose against fell"),
                ("comparison", "more against less"),
                ("access", "open against close"),
                ("course", "begin against end"),
                ("side", "points of the compass"),
                ("trade", "buy against sell"),
            ],
            example: example(
                "The price of bread rose by 5 percent.",
                "Çörəyin qiyməti 5 faiz azaldı.",
            ),
        },
        DivergenceType::Brackets => Explanation {
            title: "brackets lost, gained or left open",
            meaning: "One version has brackets that the other lacks, or a bracket is not closed.",
            why: "What stood in brackets was an aside or an abbreviation; without them it becomes a statement, or is gone.",
            agrees: "Round, square and other brackets for one another, and the marks of list items.",
            severity: Severity::Info,
            subtypes: &[
                ("lost", "the target has fewer"),
                ("unpaired", "a bracket of the target is not closed or not opened"),
            ],
            example: example(
                "The Public Union (PU) opens a school.",
                "İctimai Birlik (İB məktəb açır.",
            ),
        },
        DivergenceType::Punctuation => Explanation {
            title: "another mark at the end",
            meaning: "A question ends as a statement, or a statement as a question.",
            why: "A question that became a statement claims something.",
            agrees: "The marks that each language writes otherwise, and list items, which end as they like.",
            severity: Severity::Info,
            subtypes: &[
                ("question_lost", "a question became something else"),
                ("question_added", "something else became a question"),
            ],
            example: example("Who will pay for the road?", "Yolun pulunu kim ödəyəcək."),
        },
        DivergenceType::DoubledWord => Explanation {
            title: "a word that stands twice",
            meaning: "A word of the target stands twice in a row.",
            why: "It is a trace of editing.",
            agrees: "Words that a language doubles (\"tez-tez\", \"yavaş yavaş\"), and a doubling that the source has too.",
            severity: Severity::Info,
            subtypes: &[("word", "a word stands twice")],
            example: example("The road is closed in winter.", "Yol qışda qışda bağlıdır."),
        },
        DivergenceType::Script => Explanation {
            title: "letters of another script in a word",
            meaning: "A word mixes letters of two scripts, such as a Cyrillic \"а\" in a Latin word.",
            why: "It looks right, and no search finds it.",
            agrees: "Words that are wholly in another script, and endings that a hyphen joins to them.",
            severity: Severity::Warning,
            subtypes: &[("mixed", "letters of two scripts in one word")],
            example: example("The school is open.", "M\u{0259}kt\u{0259}b \u{0430}çıqdır."),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::align::{Pair, align};
    use crate::diff::diff;
    use crate::glossary::{Glossary, Mode};
    use crate::model::Language;
    use crate::segment;

    fn found(example: Example) -> Vec<(DivergenceType, &'static str)> {
        let document = |name: &str, text: &str, language| {
            segment::document(name, text.to_owned(), language, &segment::Options::of_versions())
        };
        let source = document("en", example.source, Language::EN);
        let target = document("az", example.target, Language::AZ);
        let glossary =
            example.glossary.map(|csv| Glossary::read_csv("g", csv, Mode::Strict).unwrap().0);
        let alignment = align(Pair::new(&source, &target), &Default::default());
        let found = diff(&source, &target, &alignment, glossary.as_ref());
        found.into_iter().map(|d| (d.kind, d.subtype)).collect()
    }

    #[test]
    fn every_example_is_found() {
        let mut wrong = Vec::new();
        for kind in DivergenceType::ALL {
            let found = found(explain(kind).example);
            let is_found = found.iter().any(|(found, _)| *found == kind);
            let is_meant = |other: DivergenceType| {
                other == kind || !other.is_fact() || other == DivergenceType::Merge
            };
            if !is_found || !found.iter().all(|(other, _)| is_meant(*other)) {
                wrong.push((kind, found));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_documentation_lists_every_type() {
        let cell = |text: &str| {
            text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("<br>")
        };
        let row = |kind: DivergenceType| {
            let Explanation { title, severity, example, .. } = explain(kind);
            format!(
                "| {} | `{}` | {title} | {} | {} | {} |\n",
                kind.code(),
                kind.name(),
                severity.name(),
                cell(example.source),
                cell(example.target)
            )
        };
        let rows: String = DivergenceType::ALL.into_iter().map(row).collect();
        let table = format!(
            "| code | type | says | severity | source | target |\n| --- | --- | --- | --- | --- | --- |\n{rows}"
        );
        let page = include_str!("../../docs/checks.md");
        assert!(page.contains(&table), "the table of docs/checks.md is to be:\n{table}");
    }

    #[test]
    fn texts_are_whole_and_subtypes_are_words() {
        let mut titles = BTreeSet::new();
        for kind in DivergenceType::ALL {
            let Explanation { title, meaning, why, agrees, subtypes, .. } = explain(kind);
            assert!(titles.insert(title), "{title}");
            assert!(!title.starts_with(char::is_uppercase) && !title.ends_with('.'), "{title}");
            for text in [meaning, why, agrees] {
                assert!(text.starts_with(char::is_uppercase) && text.ends_with('.'), "{text}");
                assert!(!text.contains('\n'), "{text}");
            }
            for (name, meaning) in subtypes {
                assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
                assert!(!meaning.is_empty());
            }
        }
    }
}
