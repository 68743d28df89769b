//! Time and memory of alignment, one thread unless told otherwise, on long texts made from lines that belong together.
//!
//! ```sh
//! cargo run --release --manifest-path benches/Cargo.toml --bin align -- FOLDER               # the table
//! cargo run --release --manifest-path benches/Cargo.toml --bin align -- FOLDER docs/alignment-cost.svg  # and the picture
//! cargo run --release --manifest-path benches/Cargo.toml --bin align -- FOLDER 50000         # one size, to profile it
//! cargo run --release --manifest-path benches/Cargo.toml --bin align -- FOLDER batch         # 1,000 pairs of 60
//! ```
//!
//! FOLDER holds `X.src` and `X.tgt`, a segment a line, line with line (the NTREX development lines, where the figures of
//! the project come from). The lines are drawn in a new order each time they have all been used, 4 % of them lose a side
//! and 5 % are merged with the next on one side. Each size runs in a process of its own, so that its peak memory is its
//! own. Beside it, in the same process and on the same text, runs the plainest aligner there is (lengths only as Gale &
//! Church 1993, 1-1, 1-2, 2-1 and no partner, one pass over a band of 20 to each side of the straight line, which is the
//! least half width of ours): on a shared machine only the ratio to it says something. It is repeated for half
//! a second, so that its time can be told.

use std::fmt::Write as _;
use std::hint::black_box;

mod plot;

use qosha::align::{Options, Pair, align_all};
use qosha::model::{Document, Language};
use qosha::segment::presegmented_document;

const SIZES: [usize; 6] = [5_000, 10_000, 20_000, 50_000, 100_000, 200_000];

/// How long the length-only pass is repeated, in seconds; the clock of the processor ticks in hundredths.
const LEAST_TIME: f64 = 0.5;

/// Pairs of a batch, and segments in each.
const BATCH: (usize, usize) = (1_000, 60);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    #[expect(clippy::disallowed_methods, reason = "a bench is a command of its own")]
    let threads = std::env::var("THREADS").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("threads");
    match &arguments[..] {
        [folder] => table(folder, None),
        [folder, picture] if picture.ends_with(".svg") => table(folder, Some(picture)),
        [folder, size] => run(folder, size),
        _ => panic!("give FOLDER, and at most a number of segments, `batch` or a picture X.svg"),
    }
}

/// Runs each size in a process of its own, and draws the picture when all of them were measured.
fn table(folder: &str, picture: Option<&str>) {
    println!(
        "{:>9}{:>10}{:>10}{:>8}{:>14}{:>20}",
        "segments", "CPU s", "wall s", "MB", "us/segment", "against lengths"
    );
    let sizes = SIZES.iter().map(usize::to_string).chain(["batch".to_owned()]);
    let program = std::env::current_exe().expect("this program");
    let mut first: Option<f64> = None;
    let mut costs = Vec::new();
    for size in sizes {
        let output = std::process::Command::new(&program).args([folder, &size]).output();
        let output = output.expect("this program again");
        let line = String::from_utf8_lossy(&output.stdout);
        let figure =
            |place| line.split_whitespace().nth(place).and_then(|word| word.parse::<f64>().ok());
        let (each, ratio) = (figure(4), figure(5));
        let first = *first.get_or_insert(each.unwrap_or(0.0));
        let growth = each.map_or(0.0, |each| each / first);
        println!("{}   {growth:.2} x the smallest", line.trim_end());
        if let (Ok(segments), Some(each), Some(ratio)) = (size.parse(), each, ratio) {
            costs.push(plot::Cost { segments, ms: each / 1000.0, ratio });
        }
    }
    let Some(picture) = picture else { return };
    assert_eq!(costs.len(), SIZES.len(), "a size was not measured: nothing is drawn");
    let note = "one thread; both passes in one process on the same text; NTREX lines, 4 % lose a side, 5 % merged";
    std::fs::write(picture, plot::draw(&costs, note)).expect("the picture can be written");
}

fn run(folder: &str, size: &str) {
    let lines = lines(folder);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let sizes = match size {
        "batch" => vec![BATCH.1; BATCH.0],
        size => vec![size.parse().expect("a number of segments")],
    };
    let documents: Vec<(Document, Document)> =
        sizes.iter().map(|size| long(&lines, *size, &mut random)).collect();
    let (_, start) = usage();
    let (mut lengths, mut passes) = (0, 0.0);
    while passes < 1.0 || usage().1 - start < LEAST_TIME {
        lengths += documents.iter().map(|(s, t)| black_box(plain(s, t))).sum::<usize>();
        passes += 1.0;
    }
    let (_, middle) = usage();
    let clock = std::time::Instant::now();
    let pairs: Vec<Pair<'_>> = documents.iter().map(|(s, t)| Pair::new(s, t)).collect();
    let beads: usize = align_all(&pairs, &Options::default())
        .iter()
        .map(|alignment| alignment.beads().len())
        .sum();
    let wall = clock.elapsed().as_secs_f64();
    let (peak, end) = usage();
    black_box((lengths, beads));
    let segments: usize = sizes.iter().sum();
    let (cpu, plain) = (end - middle, (middle - start).max(0.01) / passes);
    println!(
        "{size:>9}{cpu:>10.2}{wall:>10.2}{peak:>8}{:>14.1}{:>18.1} x",
        cpu / segments as f64 * 1e6,
        cpu / plain
    );
}

/// Returns the peak of memory in MB and the processor time in seconds so far, as Linux counts them.
fn usage() -> (u64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let figure = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
    };
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = stat
        .rsplit(')')
        .next()
        .map(|rest| {
            rest.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum()
        })
        .unwrap_or(0.0);
    (figure("VmHWM:") / 1000, ticks / 100.0)
}

/// Reads the lines of all documents, source and target.
fn lines(folder: &str) -> Vec<(String, String)> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "src"))
        .collect();
    names.sort();
    let read = |path: &std::path::Path| std::fs::read_to_string(path).expect("a text in UTF-8");
    let mut all = Vec::new();
    for path in names {
        let (source, target) = (read(&path), read(&path.with_extension("tgt")));
        all.extend(source.lines().map(str::to_owned).zip(target.lines().map(str::to_owned)));
    }
    all
}

/// A generator of even random numbers (xorshift; Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }
}

/// Makes a pair of documents of about `size` segments a side.
fn long(lines: &[(String, String)], size: usize, random: &mut Random) -> (Document, Document) {
    let (mut source, mut target) = (String::new(), String::new());
    let mut order: Vec<usize> = Vec::new();
    let mut next = |random: &mut Random| {
        if order.is_empty() {
            order = (0..lines.len()).collect();
            for place in (1..order.len()).rev() {
                order.swap(place, random.below(place + 1));
            }
        }
        &lines[order.pop().expect("lines")]
    };
    let mut count = 0;
    while count < size {
        let (one, other) = next(random);
        count += 1;
        let _ = match random.below(1000) {
            0..20 => writeln!(source, "{one}"),
            20..40 => writeln!(target, "{other}"),
            40..65 => {
                let (second, second_other) = next(random);
                count += 1;
                writeln!(target, "{other} {second_other}").and(writeln!(source, "{one}\n{second}"))
            }
            65..90 => {
                let (second, second_other) = next(random);
                writeln!(source, "{one} {second}").and(writeln!(target, "{other}\n{second_other}"))
            }
            _ => writeln!(source, "{one}").and(writeln!(target, "{other}")),
        };
    }
    let document = |text: String| presegmented_document("", text, Language::UND);
    (document(source), document(target))
}

/// The plainest aligner: the best path by lengths alone, in a band around the straight line.
#[expect(clippy::disallowed_methods, reason = "its result is not kept")]
fn plain(source: &Document, target: &Document) -> usize {
    const HALF: usize = 20;
    let lengths = |document: &Document| -> Vec<f64> {
        let all = document.segments.iter();
        all.map(|segment| segment.span.of(&document.text).chars().count() as f64).collect()
    };
    let (source, target) = (lengths(source), lengths(target));
    let ratio = target.iter().sum::<f64>() / source.iter().sum::<f64>().max(1.0);
    let width = 2 * HALF + 1;
    let left = |i: usize| (i * target.len() / source.len().max(1)).saturating_sub(HALF);
    let mut best = vec![f64::INFINITY; (source.len() + 1) * width];
    let mut moves = vec![0u8; best.len()];
    best[0] = 0.0;
    for i in 0..=source.len() {
        for j in left(i)..(left(i) + width).min(target.len() + 1) {
            let here = best[i * width + j - left(i)];
            if here.is_infinite() {
                continue;
            }
            let shapes = [(1, 1, 0.1), (1, 0, 4.0), (0, 1, 4.0), (1, 2, 3.0), (2, 1, 3.0)];
            for (number, (n, m, prior)) in (1u8..).zip(shapes) {
                let (to, column) = (i + n, j + m);
                if to > source.len() || column > target.len() {
                    continue;
                }
                let Some(place) = column.checked_sub(left(to)).filter(|place| *place < width)
                else {
                    continue;
                };
                let one: f64 = source[i..to].iter().sum::<f64>() * ratio;
                let other: f64 = target[j..column].iter().sum();
                let variance = 4.0 * (one + other) / 2.0 + 1.0;
                let fit = if n * m > 0 { (one - other).powi(2) / (2.0 * variance) } else { 0.0 };
                let cost = here + prior + fit + variance.ln() / 2.0;
                if cost < best[to * width + place] {
                    best[to * width + place] = cost;
                    moves[to * width + place] = number;
                }
            }
        }
    }
    moves.iter().filter(|number| **number == 1).count()
}
