//! The lanes as lines for a terminal, as wide as it is. A column shows what the thread was at for most of that time; for running, the
//! height of the block is the share of the time that it ran.

use super::figures::LaneFigures;
use super::svg::{nice_step, spread};
use super::{Lane, State, Trace, time};
use std::fmt::Write;

/// How lines may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours are wanted.
    pub colours: bool,
}

/// Lanes shown one by one.
const MOST: usize = 40;
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Waiting for the GIL, blocked, IO, sleep.
const SIGNS: [char; 5] = ['█', '░', '─', '~', '.'];
/// Blue, yellow, magenta, green, grey.
const COLOURS: [&str; 5] = ["\x1b[34m", "\x1b[33m", "\x1b[35m", "\x1b[32m", "\x1b[90m"];

/// The picture, each line ended.
pub fn text(trace: &Trace, style: Style) -> String {
    let figures = trace.figures();
    let lanes: Vec<(&Lane, &LaneFigures)> = trace.lanes.iter().zip(&figures.lanes).filter(|(l, _)| !l.spans.is_empty()).collect();
    let many = trace.processes.len() > 1;
    let name = |l: &Lane| if many { format!("{}/{}", l.pid, l.name) } else { l.name.clone() };
    let wide = lanes.iter().take(MOST).map(|(l, _)| name(l).chars().count()).max().unwrap_or(0).clamp(4, (style.width / 4).max(8));
    // what stands behind the bar: shares and switches
    let behind = if style.width >= 70 { 27 } else { 0 };
    let columns = style.width.saturating_sub(wide + behind + 2).clamp(10, 400);
    let mut out = format!("{} · {} · {} events\n", trace.about.settings(), time(trace.end), trace.events());
    let _ = writeln!(out, "{:wide$} {}{}", "", axis(trace.end, columns), if behind > 0 { "  ran  wait  switch t/i/b/x" } else { "" });
    for (lane, f) in lanes.iter().take(MOST) {
        let label: String = name(lane).chars().take(wide).collect();
        let _ = write!(out, "{label:wide$} {}", bar(lane, trace.end, columns, style.colours));
        if behind > 0 {
            let share = |s: State| (100 * f.time[s as usize]).div_ceil(trace.end.max(1));
            let _ = write!(out, " {:>3}% {:>4}%  {}", share(State::Run), share(State::Wait), f.switches.map(|n| n.to_string()).join("/"));
        }
        out.push('\n');
    }
    if lanes.len() > MOST {
        let _ = writeln!(out, "and {} more threads", lanes.len() - MOST);
    }
    locks(trace, wide, columns, style, &mut out);
    let legend: Vec<String> = State::ALL.iter().map(|&s| format!("{} {}", painted(SIGNS[s as usize], s as usize, style.colours), s.name())).collect();
    let _ = writeln!(out, "{}", legend.join("  "));
    let f = &figures.total;
    if f.kept + f.in_vain > 0 {
        let _ = writeln!(out, "the GIL was kept {} times while others waited; {} wake-ups in vain", f.kept, f.in_vain);
    }
    if !trace.dropped_note().is_empty() {
        let _ = writeln!(out, "{}", trace.dropped_note());
    }
    out
}

fn painted(c: char, state: usize, colours: bool) -> String {
    if colours { format!("{}{c}\x1b[0m", COLOURS[state]) } else { c.to_string() }
}

/// Times above the bars.
fn axis(end: u64, columns: usize) -> String {
    let step = nice_step(end, (columns as u64 / 14).max(1));
    let mut line = vec![' '; columns];
    let mut at = 0;
    while at <= end {
        let column = (u128::from(at) * columns as u128 / u128::from(end.max(1))) as usize;
        let label: Vec<char> = format!("|{}", time(at)).chars().collect();
        if column + label.len() <= columns {
            line[column..column + label.len()].copy_from_slice(&label);
        }
        at += step;
    }
    line.into_iter().collect()
}

fn bar(lane: &Lane, end: u64, columns: usize, colours: bool) -> String {
    let mut shares = vec![[0u64; 5]; columns];
    for (span, until) in lane.spans() {
        spread(&mut shares, end, span.from, until, span.state as usize);
    }
    let cells: Vec<(char, usize)> = shares.iter().map(|s| cell(s, end / columns as u64)).collect();
    paint(&cells, colours)
}

/// What a column shows.
fn cell(shares: &[u64; 5], whole: u64) -> (char, usize) {
    let run = shares[0];
    let sum: u64 = shares.iter().sum();
    if sum == 0 {
        return (' ', 4);
    }
    let other = (1..5).max_by_key(|&s| shares[s]).unwrap_or(4);
    // a trace of running is worth more than the rest of the column
    if run * 16 >= sum || shares[other] == 0 {
        let eighth = (run * 8 / whole.max(1)).clamp(1, 8) as usize;
        return (BLOCKS[eighth - 1], 0);
    }
    (SIGNS[other], other)
}

/// Neighbours of one colour share their escapes.
fn paint(cells: &[(char, usize)], colours: bool) -> String {
    let mut out = String::new();
    let mut now = None;
    for &(c, state) in cells {
        if colours && now != Some(state) {
            out.push_str(COLOURS[state]);
            now = Some(state);
        }
        out.push(c);
    }
    if colours {
        out.push_str("\x1b[0m");
    }
    out
}

/// Who held which lock: the last digit of the holder's number.
fn locks(trace: &Trace, wide: usize, columns: usize, style: Style, out: &mut String) {
    let mut i = 0;
    let mut shown = 0;
    while i < trace.holds.len() && shown < 8 {
        let object = trace.holds[i].object;
        let n = trace.holds[i..].iter().take_while(|h| h.object == object).count();
        let mut cells = vec![(' ', 4); columns];
        for hold in &trace.holds[i..i + n] {
            let column = |at: u64| (u128::from(at) * columns as u128 / u128::from(trace.end.max(1))) as usize;
            let digit = trace.lanes.get(hold.lane as usize).map_or('?', |l| char::from(b'0' + (l.tid % 10) as u8));
            let until = column(hold.to).max(column(hold.from) + 1).min(columns);
            cells[column(hold.from).min(columns - 1)..until].fill((digit, 2));
        }
        let label: String = trace.objects[object as usize].label.chars().take(wide).collect();
        let _ = writeln!(out, "{label:wide$} {}", paint(&cells, style.colours));
        i += n;
        shown += 1;
    }
    if shown > 0 {
        let _ = writeln!(out, "{:wide$} digits: the thread (T0, T1 ..) that held the lock", "");
    }
}
