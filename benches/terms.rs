//! Speed of finding terms beside a plain Aho–Corasick scan for the same terms letter for letter, one thread, in one run.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin terms -- az=FILE en=FILE        # the table
//! cargo run --release --manifest-path benches/Cargo.toml --bin terms -- az=FILE 10000          # one size, to profile it
//! ```
//!
//! A glossary is made up by a generator with a fixed seed: a concept has a full name, a name without its place and an
//! acronym in English and in the language of the text. FILE is any text of that language; a name of the glossary is put
//! behind every tenth line, some with an ending, and the whole is repeated to some MB. The scan finds what stands letter for
//! letter and nothing else, no endings and no other case: it is a yardstick for the machine, not a peer.
//!
//! `near` is the speed where misspelt terms are looked for too. Loading is from the text of the CSV file to a matcher that is ready. Rounds are interleaved and the median counts.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use aho_corasick::{AhoCorasick, MatchKind};
use qosha::glossary::{Glossary, Mode, lint_csv};
use qosha::model::Language;

/// How much text is searched in a round, in bytes.
const SIZE: usize = 8 << 20;

const ROUNDS: usize = 5;

/// Numbers of concepts.
const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];

/// Lines of the text from one name that is put in to the next.
const LINES_PER_NAME: usize = 10;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let only: Option<usize> = arguments.iter().find_map(|argument| argument.parse().ok());
    let texts: Vec<(&str, &str)> =
        arguments.iter().filter_map(|argument| argument.split_once('=')).collect();
    assert!(
        !texts.is_empty(),
        "give TAG=FILE, several where you like, and at most a number of concepts"
    );
    println!(
        "{:<5}{:>9}{:>9}{:>10}{:>10}{:>9}{:>9}{:>9}{:>12}{:>12}{:>8}{:>10}",
        "text",
        "concepts",
        "terms",
        "load ms",
        "lint ms",
        "MB/s",
        "hits",
        "near",
        "scan load",
        "scan MB/s",
        "ratio",
        "scan hits"
    );
    for (tag, file) in texts {
        let plain = std::fs::read_to_string(file).expect("a text in UTF-8");
        for size in SIZES.into_iter().filter(|size| only.is_none_or(|only| only == *size)) {
            measure(tag, &plain, size);
        }
    }
}

fn measure(tag: &str, plain: &str, size: usize) {
    let language: Language = tag.parse().expect("a language tag");
    let words = Words::of(tag);
    let csv = glossary(size, tag);
    let (read, _) = Glossary::read_csv("made up", &csv, Mode::Strict).expect("a good glossary");
    let terms: Vec<&str> = (0..read.concepts.len())
        .flat_map(|concept| read.terms(concept, language))
        .map(|term| term.text.as_str())
        .collect();
    let text = planted(plain, &terms, words.endings);
    let (mut load, mut find, mut lint) = (Vec::new(), Vec::new(), Vec::new());
    let mut near = Vec::new();
    let (mut scan_load, mut scan) = (Vec::new(), Vec::new());
    let (mut hits, mut scan_hits) = (0, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let (glossary, _) = Glossary::read_csv("g", &csv, Mode::Strict).expect("a good glossary");
        let matcher = glossary.matcher(language);
        load.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        hits = black_box(matcher.find(&text)).len();
        find.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        black_box(matcher.find_near(&text));
        near.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        black_box(lint_csv("g", &csv));
        lint.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(&terms)
            .expect("an automaton");
        scan_load.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        scan_hits = black_box(automaton.find_iter(&text).count());
        scan.push(start.elapsed().as_secs_f64());
    }
    let median = |mut seconds: Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    };
    let megabytes = text.len() as f64 / 1e6;
    let (find, scan) = (median(find), median(scan));
    println!(
        "{tag:<5}{size:>9}{:>9}{:>10.1}{:>10.1}{:>9.1}{hits:>9}{:>9.1}{:>12.1}{:>12.1}{:>8.2}{scan_hits:>10}",
        terms.len(),
        median(load) * 1e3,
        median(lint) * 1e3,
        megabytes / find,
        megabytes / median(near),
        median(scan_load) * 1e3,
        megabytes / scan,
        find / scan
    );
}

/// Returns the text with a name of the glossary behind every tenth line, every other one with an ending, repeated.
fn planted(plain: &str, terms: &[&str], endings: &[&str]) -> String {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut text = String::with_capacity(SIZE + plain.len());
    while text.len() < SIZE {
        for (number, line) in plain.lines().enumerate() {
            text.push_str(line);
            if number % LINES_PER_NAME == 0 && !terms.is_empty() {
                let ending = if random.below(2) == 0 { "" } else { *random.one_of(endings) };
                let _ = write!(text, " {}{ending}", random.one_of(terms));
            }
            text.push('\n');
        }
    }
    text
}

/// What names are made of in a language.
struct Words {
    places: &'static [&'static str],
    cores: &'static [&'static str],
    topics: &'static [&'static str],
    kinds: &'static [&'static str],
    endings: &'static [&'static str],
    /// Whether the kind stands in front of what it is a kind of.
    is_kind_first: bool,
}

impl Words {
    fn of(tag: &str) -> Self {
        match tag {
            "az" => AZERBAIJANI,
            "tr" => TURKISH,
            "ru" => RUSSIAN,
            _ => ENGLISH,
        }
    }

    /// Returns the full name, the name without its place, and the acronym of a number; each number has names of its own.
    fn names(&self, number: usize) -> [String; 3] {
        let mut rest = number;
        let mut draw = |list: &'static [&'static str]| {
            let word = list[rest % list.len()];
            rest /= list.len();
            word
        };
        let (kind, topic, place, core) =
            (draw(self.kinds), draw(self.topics), draw(self.places), draw(self.cores));
        let core = if rest == 0 { core.to_owned() } else { format!("{core} {rest}") };
        let short = match self.is_kind_first {
            true => format!("{kind} {topic} «{core}»"),
            false => format!("“{core}” {topic} {kind}"),
        };
        let full = if self.is_kind_first {
            format!("{short} {place}")
        } else {
            format!("{place} {short}")
        };
        let initials: String = full
            .split_whitespace()
            .filter_map(|word| word.chars().find(|c| c.is_alphabetic()))
            .flat_map(char::to_uppercase)
            .collect();
        let acronym = format!("{initials}{number}");
        [full, short, acronym]
    }
}

/// Returns the CSV text of a glossary in English and another language, a row a term.
fn glossary(size: usize, tag: &str) -> String {
    let mut csv = "concept,language,term,status,type\n".to_owned();
    let other = if tag == "en" { "az" } else { tag };
    let languages = [("en", Words::of("en")), (other, Words::of(other))];
    for number in 0..size {
        for (tag, words) in &languages {
            let [full, short, acronym] = words.names(number);
            let _ = writeln!(csv, "c{number},{tag},{full},preferred,organization");
            let _ = writeln!(csv, "c{number},{tag},{short},,organization");
            let _ = writeln!(csv, "c{number},{tag},{acronym},,acronym");
        }
    }
    csv
}

/// A generator of the xorshift family.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn one_of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

const AZERBAIJANI: Words = Words {
    places: &[
        "Azərbaycan",
        "Bakı",
        "Gəncə",
        "Sumqayıt",
        "Şəmkir",
        "Quba",
        "Lənkəran",
        "Naxçıvan",
        "Qarabağ",
        "Şəki",
        "Zaqatala",
        "Mingəçevir",
        "Beynəlxalq",
        "Respublika",
        "Xəzər",
        "Avropa",
    ],
    cores: &[
        "Ümid",
        "Buta",
        "Qayğı",
        "Aran",
        "Himayə",
        "İntellekt",
        "Umman",
        "Gələcək",
        "Çıraq",
        "Nərgiz",
        "Yeni Nəsil",
        "Sevgi",
        "Körpü",
        "İşıq",
        "Bahar",
        "Dayaq",
        "Vətən",
        "Xoş Gün",
        "Məktəbə Yol",
        "Ana Ocağı",
    ],
    topics: &[
        "Uşaq Hüquqları",
        "Qadınların İnkişafı",
        "Kənd Qadınları",
        "Gənclər",
        "Ekologiya və Təbii Sərvətlər",
        "Əlillərin Müdafiəsi",
        "Xeyriyyə",
        "İctimai",
        "Vətəndaş Cəmiyyəti",
        "Sahibkar Qadınlar",
        "Humanitar Yardım",
        "Ailə və Uşaq",
        "Qaçqın və Köçkünlər",
        "Sağlamlıq",
        "Mədəni İrs",
        "Təhsilə Dəstək",
        "İnsan Hüquqları",
        "Su Ehtiyatları",
        "Hüquqi Maarifləndirmə",
        "Ağsaqqallar",
        "Peşə Təhsili",
        "Media",
        "Demokratiya",
        "Sülh və Barışıq",
        "Könüllülər",
    ],
    kinds: &[
        "Birliyi",
        "Fondu",
        "Mərkəzi",
        "Assosiasiyası",
        "Liqası",
        "Alyansı",
        "Cəmiyyəti",
        "Komitəsi",
        "Şurası",
        "Şəbəkəsi",
        "Nazirliyi",
        "Agentliyi",
        "İttifaqı",
        "Hərəkatı",
        "Klubu",
        "Evi",
    ],
    endings: &["nin", "nun", "na", "ndan", "ndə", "dir"],
    is_kind_first: false,
};

const TURKISH: Words = Words {
    places: &[
        "Türkiye",
        "Ankara",
        "İstanbul",
        "İzmir",
        "Anadolu",
        "Marmara",
        "Karadeniz",
        "Konya",
        "Bursa",
        "Trabzon",
        "Avrupa",
        "Uluslararası",
        "Ege",
        "Akdeniz",
        "Kars",
        "Van",
    ],
    cores: &[
        "Umut",
        "Köprü",
        "Işık",
        "Gelecek",
        "Bahar",
        "Yeni Nesil",
        "Çınar",
        "Deniz",
        "Kardelen",
        "Güneş",
        "Yuva",
        "Barış",
        "Mavi",
        "Toprak",
        "Ana Kucağı",
        "Okula Yol",
        "Sevgi",
        "Destek",
        "Yıldız",
        "Pınar",
    ],
    topics: &[
        "Çocuk Hakları",
        "Kadınların Gelişimi",
        "Köy Kadınları",
        "Gençlik",
        "Çevre ve Doğal Kaynaklar",
        "Engellilerin Korunması",
        "Hayır",
        "Kamu",
        "Sivil Toplum",
        "Girişimci Kadınlar",
        "İnsani Yardım",
        "Aile ve Çocuk",
        "Mülteci",
        "Sağlık",
        "Kültürel Miras",
        "Eğitime Destek",
        "İnsan Hakları",
        "Su Kaynakları",
        "Hukuk",
        "Yaşlılar",
        "Mesleki Eğitim",
        "Medya",
        "Demokrasi",
        "Barış",
        "Gönüllüler",
    ],
    kinds: &[
        "Birliği",
        "Vakfı",
        "Merkezi",
        "Derneği",
        "Ligi",
        "Ittifakı",
        "Topluluğu",
        "Komitesi",
        "Kurulu",
        "Ağı",
        "Bakanlığı",
        "Ajansı",
        "Federasyonu",
        "Hareketi",
        "Kulübü",
        "Evi",
    ],
    endings: &["nin", "nun", "na", "ndan", "nde", "dir"],
    is_kind_first: false,
};

const RUSSIAN: Words = Words {
    places: &[
        "Азербайджана",
        "Баку",
        "Москвы",
        "Кавказа",
        "России",
        "Сибири",
        "Урала",
        "Казани",
        "Поволжья",
        "Европы",
        "Каспия",
        "Гянджи",
        "Твери",
        "Крыма",
        "Алтая",
        "Карелии",
    ],
    cores: &[
        "Надежда",
        "Мост",
        "Свет",
        "Будущее",
        "Весна",
        "Новое поколение",
        "Дом",
        "Море",
        "Нарцисс",
        "Солнце",
        "Очаг",
        "Мир",
        "Опора",
        "Земля",
        "Материнское сердце",
        "Дорога в школу",
        "Любовь",
        "Поддержка",
        "Звезда",
        "Родник",
    ],
    topics: &[
        "защиты детей",
        "развития женщин",
        "сельских женщин",
        "молодёжи",
        "экологии и природных ресурсов",
        "помощи инвалидам",
        "милосердия",
        "общественных инициатив",
        "гражданского общества",
        "деловых женщин",
        "гуманитарной помощи",
        "семьи и ребёнка",
        "помощи беженцам",
        "здоровья",
        "культурного наследия",
        "поддержки образования",
        "прав человека",
        "водных ресурсов",
        "правового просвещения",
        "старейшин",
        "профессионального обучения",
        "печати",
        "демократии",
        "мира",
        "добровольцев",
    ],
    kinds: &[
        "Союз",
        "Фонд",
        "Центр",
        "Ассоциация",
        "Лига",
        "Альянс",
        "Общество",
        "Комитет",
        "Совет",
        "Сеть",
        "Министерство",
        "Агентство",
        "Федерация",
        "Движение",
        "Клуб",
        "Дом",
    ],
    endings: &["а", "у", "ом", "е"],
    is_kind_first: true,
};

const ENGLISH: Words = Words {
    places: &[
        "Azerbaijan",
        "Baku",
        "Ganja",
        "Sumgayit",
        "Shamkir",
        "Guba",
        "Lankaran",
        "Nakhchivan",
        "Karabakh",
        "Shaki",
        "Zagatala",
        "Mingachevir",
        "International",
        "National",
        "Caspian",
        "European",
    ],
    cores: &[
        "Hope",
        "Bridge",
        "Care",
        "Valley",
        "Shelter",
        "Intellect",
        "Ocean",
        "Future",
        "Lamp",
        "Daffodil",
        "New Generation",
        "Love",
        "Crossing",
        "Light",
        "Spring",
        "Support",
        "Homeland",
        "Good Day",
        "Road to School",
        "Mother's Hearth",
    ],
    topics: &[
        "Children's Rights",
        "Women's Development",
        "Rural Women",
        "Youth",
        "Ecology and Natural Resources",
        "Protection of the Disabled",
        "Charity",
        "Public",
        "Civil Society",
        "Women Entrepreneurs",
        "Humanitarian Aid",
        "Family and Child",
        "Refugees and Displaced Persons",
        "Health",
        "Cultural Heritage",
        "Support to Education",
        "Human Rights",
        "Water Resources",
        "Legal Education",
        "Elders",
        "Vocational Training",
        "Media",
        "Democracy",
        "Peace and Reconciliation",
        "Volunteers",
    ],
    kinds: &[
        "Union",
        "Foundation",
        "Center",
        "Association",
        "League",
        "Alliance",
        "Society",
        "Committee",
        "Council",
        "Network",
        "Ministry",
        "Agency",
        "Federation",
        "Movement",
        "Club",
        "House",
    ],
    endings: &["s", "'s"],
    is_kind_first: false,
};
