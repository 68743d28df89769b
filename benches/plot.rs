//! Draws the cost of alignment over the size of a text as an SVG file.
//!
//! Two panels stand side by side: milliseconds of processor time a segment, and how many times what a length-only pass
//! takes. The sizes are on a logarithmic scale, the figures on one from nought. The picture has a ground of its own and
//! takes dark colours where the viewer asks for them, so it can be read on any page.

use std::fmt::Write as _;

/// What one size took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Segments a side.
    pub segments: usize,
    /// Processor time a segment, in milliseconds.
    pub ms: f64,
    /// Processor time against that of the length-only pass.
    pub ratio: f64,
}

const WIDTH: f64 = 820.0;
const HEIGHT: f64 = 350.0;
/// The inner part of a panel: its left ends, width, top and height.
const LEFT: [f64; 2] = [62.0, 478.0];
const INNER: f64 = 316.0;
/// How far the first and the last size stand from the ends of the panel.
const INSET: f64 = 18.0;
const TOP: f64 = 62.0;
const TALL: f64 = 206.0;

/// Returns the picture; the note stands below the panels.
pub fn draw(costs: &[Cost], note: &str) -> String {
    let mut out = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">
<title>Cost of alignment by size of the text</title>
<style>
  .ground {{ fill: #ffffff; }}
  text {{ fill: #24292f; font: 13px sans-serif; }}
  .head {{ font-weight: bold; font-size: 14px; }}
  .small {{ font-size: 12px; }}
  .rule {{ stroke: #d0d7de; stroke-width: 1; }}
  .line {{ fill: none; stroke: #0969da; stroke-width: 2; }}
  .dot {{ fill: #0969da; }}
  @media (prefers-color-scheme: dark) {{
    .ground {{ fill: #0d1117; }}
    text {{ fill: #e6edf3; }}
    .rule {{ stroke: #3d444d; }}
    .line {{ stroke: #58a6ff; }}
    .dot {{ fill: #58a6ff; }}
  }}
</style>
<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>
"##
    );
    let ms: Vec<(usize, f64)> = costs.iter().map(|cost| (cost.segments, cost.ms)).collect();
    let ratio: Vec<(usize, f64)> = costs.iter().map(|cost| (cost.segments, cost.ratio)).collect();
    panel(&mut out, LEFT[0], "milliseconds of CPU time a segment", &ms, "");
    panel(&mut out, LEFT[1], "times the CPU time of a length-only pass", &ratio, "×");
    let middle = WIDTH / 2.0;
    let _ = writeln!(
        out,
        r#"<text class="small" x="{middle}" y="{:.0}" text-anchor="middle">{}</text>
</svg>"#,
        HEIGHT - 12.0,
        escaped(note)
    );
    out
}

fn panel(out: &mut String, left: f64, head: &str, points: &[(usize, f64)], unit: &str) {
    let most = points.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let step = step(most);
    let steps = (most / step).ceil().max(1.0);
    let y = |value: f64| TOP + TALL * (1.0 - value / (step * steps));
    let log = |size: usize| (size.max(1) as f64).log10();
    let (first, last) = match points {
        [] => (0.0, 1.0),
        [first, .., last] => (log(first.0), log(last.0)),
        [only] => (log(only.0) - 0.5, log(only.0) + 0.5),
    };
    let x = |size: usize| {
        let share = (log(size) - first) / (last - first).max(1e-9);
        left + INSET + (INNER - 2.0 * INSET) * share
    };
    let _ = writeln!(out, r#"<text class="head" x="{left}" y="26">{}</text>"#, escaped(head));
    for number in 0..=steps as usize {
        let value = number as f64 * step;
        let _ = writeln!(
            out,
            r#"<line class="rule" x1="{left}" x2="{:.1}" y1="{:.1}" y2="{:.1}"/><text class="small" x="{:.1}" y="{:.1}" text-anchor="end">{}{unit}</text>"#,
            left + INNER,
            y(value),
            y(value),
            left - 8.0,
            y(value) + 4.0,
            short(value)
        );
    }
    let path: Vec<String> =
        points.iter().map(|(size, value)| format!("{:.1},{:.1}", x(*size), y(*value))).collect();
    let _ = writeln!(out, r#"<polyline class="line" points="{}"/>"#, path.join(" "));
    for (size, value) in points {
        let _ = writeln!(
            out,
            r#"<circle class="dot" cx="{0:.1}" cy="{1:.1}" r="4"/><text class="small" x="{0:.1}" y="{2:.1}" text-anchor="middle">{3}</text><text class="small" x="{0:.1}" y="{4:.1}" text-anchor="middle">{5}</text>"#,
            x(*size),
            y(*value),
            y(*value) - 10.0,
            short(*value),
            TOP + TALL + 20.0,
            thousands(*size)
        );
    }
    let _ = writeln!(
        out,
        r#"<text class="small" x="{:.1}" y="{:.1}" text-anchor="middle">segments a side</text>"#,
        left + INNER / 2.0,
        TOP + TALL + 38.0
    );
}

/// Returns a round step that cuts the axis in four parts or fewer, so that a label stands clear of the next.
fn step(most: f64) -> f64 {
    let mut unit = 1e-6;
    loop {
        for factor in [1.0, 2.0, 2.5, 5.0] {
            if unit * factor * 4.0 >= most {
                return unit * factor;
            }
        }
        unit *= 10.0;
    }
}

/// Returns a figure with as many digits as say something.
fn short(value: f64) -> String {
    match value {
        _ if value == 0.0 => "0".to_owned(),
        _ if value < 1.0 => format!("{value:.3}").trim_end_matches('0').to_owned(),
        _ if value < 10.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

fn thousands(size: usize) -> String {
    if size.is_multiple_of(1000) { format!("{}k", size / 1000) } else { size.to_string() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_begins_at_nought_and_ends_above_the_greatest_figure() {
        for most in [0.07, 0.3, 1.0, 7.7, 23.0, 40.0, 41.0] {
            let step = step(most);
            assert!(step * 4.0 >= most && step <= most, "{most}: {step}");
        }
    }

    #[test]
    fn every_size_and_figure_is_written() {
        let costs =
            [5_000, 20_000, 200_000].map(|segments| Cost { segments, ms: 0.125, ratio: 12.0 });
        let picture = draw(&costs, "a < b");
        for word in ["5k", "20k", "200k", "0.125", ">12<", "a &lt; b"] {
            assert!(picture.contains(word), "{word}");
        }
    }
}
