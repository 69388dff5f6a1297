//! A picture of the whole run: a row for each thread and lock. Where a row has more spans than the picture has columns, each column shows
//! how much of its time went to which state.

use super::html::{escaped, short_name};
use super::{CAUSES, Lane, MarkKind, State, Trace, time};
use gilbert_vm::world::Ns;
use std::fmt::Write as _;
use std::io::{self, Write};

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 150.0;
const PLOT: f64 = WIDTH - LEFT - 20.0;
const TOP: f64 = 62.0;
const ROW: f64 = 34.0;
const BAR: f64 = 24.0;
/// Rows that a picture shows; what more there are is said.
const MOST_ROWS: usize = 120;
/// Columns of a crowded row.
const COLUMNS: usize = 525;

/// Colours that people who confuse some of them can tell apart (after Okabe and Ito), and heights that tell them without any.
const COLOURS: [&str; 5] = ["#0072b2", "#d55e00", "#8d5a97", "#009e73", "#9aa3ad"];
const HEIGHTS: [f64; 5] = [24.0, 15.0, 10.0, 7.0, 3.0];

/// Writes the picture.
///
/// # Errors
/// Those of `out`.
pub fn svg(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let lanes: Vec<&Lane> = trace.lanes.iter().filter(|l| !l.spans.is_empty()).take(MOST_ROWS).collect();
    let locks: Vec<usize> = (0..trace.objects.len()).filter(|&o| trace.holds.iter().any(|h| h.object == o as u32)).take(MOST_ROWS / 4).collect();
    let height = TOP + (lanes.len() + locks.len()) as f64 * ROW + 60.0;
    let mut s = String::new();
    let _ = write!(
        s,
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="system-ui, sans-serif" role="img">"##
    );
    let title = format!("{}: {}", short_name(&trace.about.script), trace.about.settings());
    let _ = write!(
        s,
        r##"<title>{0}</title><rect width="100%" height="100%" fill="#fff"/><text x="12" y="24" font-size="16" font-weight="600">{0}</text>"##,
        escaped(&title)
    );
    s.push_str(r##"<defs><pattern id="w" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#d55e00"/><rect width="1.6" height="5" fill="#fff"/></pattern></defs>"##);
    let end = trace.end.max(1);
    ruler(&mut s, end, height);
    for (i, lane) in lanes.iter().enumerate() {
        row(&mut s, lane, TOP + i as f64 * ROW, end, trace.processes.len() > 1);
    }
    for (i, object) in locks.iter().enumerate() {
        lock(&mut s, trace, *object as u32, TOP + (lanes.len() + i) as f64 * ROW, end);
    }
    legend(&mut s, trace, lanes.len(), height);
    s.push_str("</svg>\n");
    out.write_all(s.as_bytes())
}

fn x(at: Ns, end: Ns) -> f64 {
    LEFT + PLOT * at as f64 / end as f64
}

fn ruler(s: &mut String, end: Ns, height: f64) {
    let step = nice_step(end, 8);
    let mut at = 0;
    while at <= end {
        let x = x(at, end);
        let _ = write!(
            s,
            r##"<line x1="{x:.1}" x2="{x:.1}" y1="46" y2="{:.1}" stroke="#d4d9df"/><text x="{:.1}" y="44" font-size="11" fill="#5b636e">{}</text>"##,
            height - 44.0,
            x + 2.0,
            time(at)
        );
        at += step;
    }
}

/// 1, 2 or 5 times a power of ten, so that about `most` steps make `range`.
pub(super) fn nice_step(range: Ns, most: u64) -> Ns {
    let raw = (range / most).max(1);
    let power = 10u64.pow(raw.ilog10());
    [1, 2, 5, 10].into_iter().map(|n| n * power).find(|step| *step >= raw).unwrap_or(raw)
}

fn head(s: &mut String, name: &str, y: f64) {
    let name: String = if name.chars().count() > 20 { name.chars().take(19).chain(['…']).collect() } else { name.to_owned() };
    let _ = write!(s, r##"<text x="12" y="{:.1}" font-size="12" font-weight="600">{}</text>"##, y + 17.0, escaped(&name));
}

fn rect(s: &mut String, state: usize, a: f64, b: f64, y: f64, h: f64) {
    let fill = if state == State::Wait as usize { "url(#w)" } else { COLOURS[state] };
    let _ = write!(s, r##"<rect x="{a:.2}" y="{y:.2}" width="{:.2}" height="{h:.2}" fill="{fill}"/>"##, (b - a).max(0.3));
}

fn row(s: &mut String, lane: &Lane, y: f64, end: Ns, many: bool) {
    head(s, &if many { format!("{} ({})", lane.name, lane.pid) } else { lane.name.clone() }, y);
    if lane.spans.len() > COLUMNS {
        crowded(s, lane, y, end);
    } else {
        for (span, until) in lane.spans() {
            let h = HEIGHTS[span.state as usize];
            rect(s, span.state as usize, x(span.from, end), x(until, end), y + BAR - h, h);
            if span.state == State::Run && span.cause < 4 && lane.spans.len() < 60 {
                let _ =
                    write!(s, r##"<text x="{:.1}" y="{:.1}" font-size="8">{}</text>"##, x(until, end) - 2.0, y - 1.0, &CAUSES[usize::from(span.cause)][..1]);
            }
        }
    }
    for mark in lane.marks.iter().filter(|m| m.kind == MarkKind::InVain).take(COLUMNS) {
        let at = x(mark.at, end);
        let _ = write!(s, r##"<path d="M{:.1} {:.1}l5 5m0 -5l-5 5" stroke="#b00020" stroke-width="1.4"/>"##, at - 2.5, y + 1.0);
    }
}

fn crowded(s: &mut String, lane: &Lane, y: f64, end: Ns) {
    let mut shares = vec![[0u64; 5]; COLUMNS];
    for (span, until) in lane.spans() {
        spread(&mut shares, end, span.from, until, span.state as usize);
    }
    let wide = PLOT / COLUMNS as f64;
    for (i, column) in shares.iter().enumerate() {
        let (a, mut top) = (LEFT + i as f64 * wide, y + BAR);
        for (state, part) in column.iter().enumerate().filter(|(_, part)| **part > 0) {
            let h = HEIGHTS[state] * *part as f64 * COLUMNS as f64 / end as f64;
            top -= h;
            if h > 0.2 {
                let _ = write!(s, r##"<rect x="{a:.1}" y="{top:.1}" width="{:.1}" height="{h:.1}" fill="{}"/>"##, wide + 0.1, COLOURS[state]);
            }
        }
    }
}

/// Adds a span's time to the columns that it lies in.
pub(super) fn spread(columns: &mut [[u64; 5]], end: Ns, from: Ns, until: Ns, state: usize) {
    let n = columns.len() as u128;
    let edge = |i: u128| (u128::from(end) * i / n) as Ns;
    let mut i = (u128::from(from) * n / u128::from(end.max(1))).min(n - 1);
    loop {
        let part = until.min(edge(i + 1)).saturating_sub(from.max(edge(i)));
        columns[i as usize][state] += part;
        i += 1;
        if i >= n || edge(i) >= until {
            return;
        }
    }
}

fn lock(s: &mut String, trace: &Trace, object: u32, y: f64, end: Ns) {
    head(s, &trace.objects[object as usize].label, y);
    let mut drawn = 0.0;
    for hold in trace.holds.iter().filter(|h| h.object == object) {
        let (a, b) = (x(hold.from, end), x(hold.to, end));
        if b < drawn + 0.5 {
            continue;
        }
        let shade = if hold.lane % 2 == 0 { "#8d5a97" } else { "#c39bcb" };
        let _ = write!(s, r##"<rect x="{a:.2}" y="{:.2}" width="{:.2}" height="14" fill="{shade}"/>"##, y + 6.0, (b - a).max(0.4));
        if b - a > 60.0 {
            let name = trace.lanes.get(hold.lane as usize).map_or("", |l| l.name.as_str());
            let _ = write!(s, r##"<text x="{:.1}" y="{:.1}" font-size="10" fill="#fff">{}</text>"##, a + 3.0, y + 17.0, escaped(name));
        }
        drawn = b;
    }
}

fn legend(s: &mut String, trace: &Trace, rows: usize, height: f64) {
    let y = height - 24.0;
    let mut at = 12.0;
    for state in State::ALL {
        let h = HEIGHTS[state as usize].min(14.0);
        rect(s, state as usize, at, at + 20.0, y - h, h);
        let _ = write!(s, r##"<text x="{:.1}" y="{y:.1}" font-size="12">{}</text>"##, at + 26.0, state.name());
        at += 40.0 + 8.0 * state.name().len() as f64;
    }
    let _ = write!(s, r##"<text x="{at:.1}" y="{y:.1}" font-size="12">t i b e: a run ended by ticks, io, block, exit</text>"##);
    let left_out = trace.lanes.iter().filter(|l| !l.spans.is_empty()).count() - rows;
    let note = if left_out > 0 { format!("{left_out} more threads are not shown. ") } else { String::new() } + &trace.dropped_note();
    let _ = write!(s, r##"<text x="12" y="{:.1}" font-size="12" fill="#5b636e">{}</text>"##, y + 18.0, escaped(&note));
}
