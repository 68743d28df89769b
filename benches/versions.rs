//! Makes documents in three versions or more with gold beads, to measure the alignment of several versions at once.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin versions -- OUT news-en-tr news-en-de [seed=7]
//! qosha eval align OUT
//! ```
//!
//! Each folder `*-xx-yy` holds `X.src` and `X.tgt`, a segment a line, line with line (the NTREX development lines); the
//! sources of all folders are the same. They are the first version, the targets of each folder one more. The documents
//! are joined in an order drawn from the seed and cut anew into pieces of 60 to 120 lines. Then each version by itself
//!
//! - loses 4 % of its lines,
//! - has 5 % of its lines written on one line with the next, where both are there,
//! - has 4 % of the others cut in two, at the end of a sentence or else behind a mark, near the middle. No line is cut
//!   in two versions: which halves belong together could not be known then.
//!
//! ```text
//! line        0  1  2  3      gold en-tr  [0]:[0]   [1]:[]    [2]:[1,2]   [3]:[3]
//! en          0  1  2  3           en-de  [0,1]:[0] [2]:[1]   [3]:[2]
//! tr          0  -  2a 2b 3        tr-de  [0]:[0]   [1,2]:[1] [3]:[2]
//! de          0+1   2  3
//! ```
//!
//! A gold bead of two versions takes all their segments that hang together through lines that both have; so it is exact.
//! OUT gets `NN.en`, `NN.tr`, `NN.de`, the beads `NN.en-tr.gold` of each pair, and `NN.en-tr-de.gold` with the segments
//! that hang together in any version, a list a version. Each pair stands again in a folder `en-tr` as `NN.src`, `NN.tgt`
//! and `NN.gold`, as `qosha eval align` reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Per thousand: how many lines are lost, joined with the next, cut in two.
const DROPS: usize = 40;
const MERGES: usize = 50;
const SPLITS: usize = 40;

/// Lines of a document, least and most.
const LINES: (usize, usize) = (60, 120);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<String, String> {
    let mut seed = 1;
    let mut paths: Vec<PathBuf> = Vec::new();
    for argument in arguments {
        match argument.strip_prefix("seed=") {
            Some(number) => {
                seed = number.parse().map_err(|_| format!("{argument}: write it as seed=7"))?;
            }
            None => paths.push(argument.into()),
        }
    }
    let [out, folders @ ..] = &paths[..] else { return Err(usage()) };
    if folders.is_empty() {
        return Err(usage());
    }
    let (languages, lines) = parallel(folders)?;
    let mut random = Random::new(seed);
    let documents = documents(lines, &mut random);
    let mut report = String::new();
    for (number, lines) in documents.iter().enumerate() {
        let versions = versions(lines, languages.len(), &mut random);
        write_document(out, &format!("{number:02}"), &languages, &versions)?;
        let counts: Vec<String> =
            versions.iter().map(|version| version.len().to_string()).collect();
        let _ =
            writeln!(report, "{number:02}  {} lines, segments {}", lines.len(), counts.join(" "));
    }
    let _ = writeln!(report, "{} documents in {}", documents.len(), languages.join(", "));
    Ok(report)
}

fn usage() -> String {
    "give OUT and one or more folders such as news-en-tr with X.src and X.tgt".to_owned()
}

/// A generator of even random numbers (xorshift; Marsaglia 2003).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        // A state of 0 stays 0, and small seeds begin alike: they are multiplied by an odd number with many ones.
        let mut random =
            Self((seed ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xD6E8_FEB8_6659_FD93).max(1));
        for _ in 0..8 {
            random.below(2);
        }
        random
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }

    fn happens(&mut self, per_thousand: usize) -> bool {
        self.below(1000) < per_thousand
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

/// One line in all versions.
type Line = Vec<String>;

/// Reads the lines of all folders: the languages, and the lines of each document.
fn parallel(folders: &[PathBuf]) -> Result<(Vec<String>, Vec<Vec<Line>>), String> {
    let mut languages: Vec<String> = Vec::new();
    let mut documents: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut parts = name.rsplit('-').map(short);
        let (Some(target), Some(source)) = (parts.next(), parts.next()) else {
            return Err(format!("{name}: name the folder after its languages, such as news-en-tr"));
        };
        let is_first = languages.is_empty();
        if is_first {
            languages.push(source);
        } else if languages[0] != source || languages.contains(&target) {
            return Err(format!("{name}: the sources must be {}, the targets new", languages[0]));
        }
        languages.push(target);
        let mut seen = 0;
        for path in sources(folder)? {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let (source, target) = (read(&path)?, read(&path.with_extension("tgt"))?);
            if source.len() != target.len() {
                let (ours, theirs) = (source.len(), target.len());
                return Err(format!(
                    "{}: {ours} lines, but {theirs} in its target; they must go line with line",
                    path.display()
                ));
            }
            if is_first {
                let lines = source.into_iter().zip(target).map(|(one, other)| vec![one, other]);
                documents.insert(stem, lines.collect());
            } else {
                let known = documents.get_mut(&stem);
                let known = known.filter(|lines| {
                    lines.len() == source.len()
                        && lines.iter().zip(&source).all(|(line, text)| line[0] == *text)
                });
                let Some(known) = known else {
                    let path = path.display();
                    return Err(format!("{path}: not the same as in the first folder"));
                };
                for (line, text) in known.iter_mut().zip(target) {
                    line.push(text);
                }
            }
            seen += 1;
        }
        if seen == 0 || seen < documents.len() {
            return Err(format!("{}: holds {seen} documents X.src", folder.display()));
        }
    }
    Ok((languages, documents.into_values().collect()))
}

/// Returns the tag of a language of the development sets as two letters.
fn short(tag: &str) -> String {
    match tag {
        "eng" => "en",
        "tur" => "tr",
        "deu" => "de",
        "rus" => "ru",
        "aze" => "az",
        "fra" => "fr",
        other => other,
    }
    .to_owned()
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "src"))
        .collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path);
    let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Joins the documents in a drawn order and cuts them into pieces of drawn sizes.
fn documents(mut given: Vec<Vec<Line>>, random: &mut Random) -> Vec<Vec<Line>> {
    random.shuffle(&mut given);
    let mut rest: Vec<Line> = given.into_iter().flatten().collect();
    let mut cut = Vec::new();
    while !rest.is_empty() {
        let mut size = LINES.0 + random.below(LINES.1 - LINES.0 + 1);
        if rest.len() <= LINES.1 {
            size = rest.len();
        } else if rest.len() - size < LINES.0 {
            // What stays must make a document too.
            size = rest.len() / 2;
        }
        let behind = rest.split_off(size);
        cut.push(std::mem::replace(&mut rest, behind));
    }
    cut
}

/// A segment of a version: its text, and the lines it was made from.
#[derive(Debug, Clone, PartialEq)]
struct Made {
    text: String,
    lines: Vec<usize>,
}

/// Makes each version of a document, changed by itself.
fn versions(lines: &[Line], count: usize, random: &mut Random) -> Vec<Vec<Made>> {
    let mut is_cut = vec![false; lines.len()];
    let mut all = Vec::new();
    for version in 0..count {
        let is_kept: Vec<bool> = lines.iter().map(|_| !random.happens(DROPS)).collect();
        let mut made = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let text = &lines[at][version];
            let has_next = is_kept.get(at + 1).is_some_and(|kept| *kept);
            if !is_kept[at] {
                at += 1;
            } else if has_next && random.happens(MERGES) {
                let text = format!("{text} {}", lines[at + 1][version]);
                made.push(Made { text, lines: vec![at, at + 1] });
                at += 2;
            } else {
                let cut = if !is_cut[at] && random.happens(SPLITS) { halves(text) } else { None };
                match cut {
                    Some((first, second)) => {
                        is_cut[at] = true;
                        made.push(Made { text: first.to_owned(), lines: vec![at] });
                        made.push(Made { text: second.to_owned(), lines: vec![at] });
                    }
                    None => made.push(Made { text: text.clone(), lines: vec![at] }),
                }
                at += 1;
            }
        }
        all.push(made);
    }
    all
}

/// Cuts a text in two: at the end of a sentence, else behind another mark, nearest to the middle and away from the edges.
fn halves(text: &str) -> Option<(&str, &str)> {
    const EDGE: usize = 12;
    let near = |marks: &[char]| {
        let places = text.match_indices(' ').map(|(place, _)| place);
        let places = places.filter(|place| {
            text[..*place].trim_end_matches(['"', '”', '»', ')']).ends_with(marks)
                && text[..*place].chars().count() >= EDGE
                && text[*place..].chars().count() > EDGE
        });
        places.min_by_key(|place| place.abs_diff(text.len() / 2))
    };
    let place = near(&['.', '!', '?', '…']).or_else(|| near(&[',', ';', ':', '–', '—']))?;
    Some((&text[..place], text[place..].trim_start()))
}

/// Returns which segments hang together, those of each version in order. A version is given by its number.
fn groups(versions: &[Vec<Made>], which: &[usize]) -> Vec<Vec<Vec<usize>>> {
    // Each line points to the first line it hangs together with, at the end of the chain.
    let all = || which.iter().flat_map(|version| &versions[*version]);
    let count = all().flat_map(|made| &made.lines).max().map_or(0, |last| last + 1);
    let mut first: Vec<usize> = (0..count).collect();
    for made in all() {
        // The lines of a segment are neighbours.
        for pair in made.lines.windows(2) {
            let (mut one, mut other) = (pair[0], pair[1]);
            while first[one] != one {
                one = first[one];
            }
            while first[other] != other {
                other = first[other];
            }
            first[one.max(other)] = one.min(other);
        }
    }
    let mut groups: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
    for (side, version) in which.iter().enumerate() {
        for (segment, made) in versions[*version].iter().enumerate() {
            let mut line = made.lines[0];
            while first[line] != line {
                line = first[line];
            }
            let group = groups.entry(line).or_insert_with(|| vec![Vec::new(); which.len()]);
            group[side].push(segment);
        }
    }
    groups.into_values().collect()
}

/// Writes groups as beads, one a line; with two sides, segments without partner stand one by one.
fn beads(groups: &[Vec<Vec<usize>>]) -> String {
    let list = |numbers: &[usize]| {
        let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
        format!("[{}]", numbers.join(","))
    };
    let mut out = String::new();
    for group in groups {
        let alone: BTreeSet<usize> =
            (0..group.len()).filter(|side| !group[*side].is_empty()).collect();
        if let (2, 1, Some(side)) = (group.len(), alone.len(), alone.first()) {
            for number in &group[*side] {
                let number = list(&[*number]);
                let _ = match side {
                    0 => writeln!(out, "{number}:[]"),
                    _ => writeln!(out, "[]:{number}"),
                };
            }
        } else {
            let sides: Vec<String> = group.iter().map(|side| list(side)).collect();
            let _ = writeln!(out, "{}", sides.join(":"));
        }
    }
    out
}

fn write_document(
    out: &Path,
    name: &str,
    languages: &[String],
    versions: &[Vec<Made>],
) -> Result<(), String> {
    let write = |path: PathBuf, text: &str| {
        let folder = path.parent().unwrap_or(out);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))
    };
    let texts: Vec<String> = versions
        .iter()
        .map(|version| version.iter().map(|made| made.text.clone() + "\n").collect())
        .collect();
    for (language, text) in languages.iter().zip(&texts) {
        write(out.join(format!("{name}.{language}")), text)?;
    }
    for source in 0..languages.len() {
        for target in source + 1..languages.len() {
            let pair = format!("{}-{}", languages[source], languages[target]);
            let gold = beads(&groups(versions, &[source, target]));
            write(out.join(format!("{name}.{pair}.gold")), &gold)?;
            write(out.join(&pair).join(format!("{name}.src")), &texts[source])?;
            write(out.join(&pair).join(format!("{name}.tgt")), &texts[target])?;
            write(out.join(&pair).join(format!("{name}.gold")), &gold)?;
        }
    }
    if languages.len() > 2 {
        let all: Vec<usize> = (0..languages.len()).collect();
        let gold = beads(&groups(versions, &all));
        write(out.join(format!("{name}.{}.gold", languages.join("-"))), &gold)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(lines: &[&[usize]]) -> Vec<Made> {
        lines.iter().map(|lines| Made { text: String::new(), lines: lines.to_vec() }).collect()
    }

    #[test]
    fn the_picture_of_the_front_page() {
        let en = made(&[&[0], &[1], &[2], &[3]]);
        let tr = made(&[&[0], &[2], &[2], &[3]]);
        let de = made(&[&[0, 1], &[2], &[3]]);
        let versions = [en, tr, de];
        let gold = |which: &[usize]| beads(&groups(&versions, which)).replace('\n', " ");
        assert_eq!(gold(&[0, 1]), "[0]:[0] [1]:[] [2]:[1,2] [3]:[3] ");
        assert_eq!(gold(&[0, 2]), "[0,1]:[0] [2]:[1] [3]:[2] ");
        assert_eq!(gold(&[1, 2]), "[0]:[0] [1,2]:[1] [3]:[2] ");
        assert_eq!(gold(&[0, 1, 2]), "[0,1]:[0]:[0] [2]:[1,2]:[1] [3]:[3]:[2] ");
    }

    #[test]
    fn merges_that_overlap_make_one_bead() {
        let versions = [made(&[&[0, 1], &[2], &[3]]), made(&[&[0], &[1, 2], &[3]])];
        assert_eq!(beads(&groups(&versions, &[0, 1])), "[0,1]:[0,1]\n[2]:[2]\n");
    }

    #[test]
    fn every_segment_stands_in_one_bead_and_no_text_is_lost() {
        let sentence = |line: usize, version: usize| {
            format!("Line {line} of version {version} goes on, and on. It ends here, at last.")
        };
        let lines: Vec<Line> =
            (0..900).map(|line| (0..3).map(|version| sentence(line, version)).collect()).collect();
        let mut random = Random::new(7);
        for document in documents(lines.chunks(9).map(<[Line]>::to_vec).collect(), &mut random) {
            assert!((LINES.0..=LINES.1).contains(&document.len()), "{}", document.len());
            let versions = versions(&document, 3, &mut random);
            for which in [[0, 1], [0, 2], [1, 2]] {
                let groups = groups(&versions, &which);
                for side in 0..2 {
                    let mut all: Vec<usize> =
                        groups.iter().flat_map(|group| group[side].clone()).collect();
                    all.sort_unstable();
                    let count = versions[which[side]].len();
                    assert_eq!(all, (0..count).collect::<Vec<usize>>());
                }
            }
            for (number, version) in versions.iter().enumerate() {
                let kept: BTreeSet<usize> =
                    version.iter().flat_map(|made| made.lines.clone()).collect();
                let whole: Vec<&str> =
                    kept.iter().map(|line| document[*line][number].as_str()).collect();
                let parts: Vec<&str> = version.iter().map(|made| made.text.as_str()).collect();
                assert_eq!(parts.join(" "), whole.join(" "));
            }
        }
    }
}
