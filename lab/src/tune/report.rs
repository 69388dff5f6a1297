//! A sweep as a table, as CSV, as JSON.

use super::{Point, Sweep, advice};
use crate::json;
use crate::json::Json;
use crate::trace::time;
use std::fmt::Write;

const HEAD: [&str; 11] = ["setting", "time", "speed", "ticks", "io", "block", "GIL wait", "wake-up p50", "p99", "fairness", "failing"];

/// The table, each line ended.
pub fn table(sweep: &Sweep) -> String {
    let rows: Vec<[String; 11]> = sweep.points.iter().map(|p| row(sweep, p)).collect();
    let wide: Vec<usize> = (0..HEAD.len()).map(|i| rows.iter().map(|r| r[i].chars().count()).chain([HEAD[i].len()]).max().unwrap_or(0)).collect();
    let mut out = String::new();
    let first: usize = wide[..3].iter().sum::<usize>() + 2 * 3;
    let switches = wide[3..6].iter().sum::<usize>() + 2 * 2;
    let _ = writeln!(out, "{:first$}{:^switches$}", "", "switches by");
    let mut line = |cells: &[String]| {
        for (i, cell) in cells.iter().enumerate() {
            let _ = if i == 0 { write!(out, "{cell:<w$}", w = wide[0]) } else { write!(out, "  {cell:>w$}", w = wide[i]) };
        }
        let trimmed = out.trim_end().len();
        out.truncate(trimmed);
        out.push('\n');
    };
    line(&HEAD.map(str::to_owned));
    for row in &rows {
        line(row);
    }
    out
}

/// Cells as in the table's head.
pub(super) fn row(sweep: &Sweep, p: &Point) -> [String; 11] {
    let m = &p.median;
    let speed = sweep.base().map_or(1.0, |b| p.throughput() / b.throughput().max(f64::MIN_POSITIVE));
    let [tick, io, block, _] = m.switches.map(|n| n.to_string());
    let wakeup = |i: usize| if m.wakeup_count == 0 { "-".to_owned() } else { time(m.wakeups[i]) };
    let failing = if p.failures == 0 { format!("0 of {}", p.runs) } else { format!("{:.1} % of {}", 100.0 * p.failing(), p.runs) };
    let wait = format!("{:.0} %", 100.0 * m.wait_share);
    [p.setting.name.clone(), time(m.length), format!("{speed:.2} x"), tick, io, block, wait, wakeup(0), wakeup(2), format!("{:.2}", m.fairness), failing]
}

/// Comma-separated values (RFC 4180), times in ns.
pub fn csv(sweep: &Sweep) -> String {
    let mut out = "setting,time_ns,shortest_ns,longest_ns,ticks,switches_tick,switches_io,switches_block,switches_exit,wait_share,wakeup_p50_ns,wakeup_p90_ns,wakeup_p99_ns,wakeup_max_ns,fairness,runs,failures\r\n".to_owned();
    for p in &sweep.points {
        let m = &p.median;
        let ([a, b, c, d], [w, x, y, z]) = (m.switches, m.wakeups);
        let name = if p.setting.name.contains(',') { format!("\"{}\"", p.setting.name) } else { p.setting.name.clone() };
        let _ = write!(
            out,
            "{name},{},{},{},{},{a},{b},{c},{d},{:.4},{w},{x},{y},{z},{:.4},{},{}\r\n",
            m.length, p.spread.0, p.spread.1, m.ticks, m.wait_share, m.fairness, p.runs, p.failures
        );
    }
    out
}

/// One object.
pub fn to_json(sweep: &Sweep) -> Json {
    let points: Vec<Json> = sweep.points.iter().map(|p| point(sweep, p)).collect();
    json!({
        "script": sweep.script.as_str(), "world": if sweep.simulated { "simulated" } else { "native" }, "expect": sweep.expect.clone(),
        "settings": points, "advice": advice(sweep), "interrupted": sweep.interrupted
    })
}

fn point(sweep: &Sweep, p: &Point) -> Json {
    let m = &p.median;
    let speed = sweep.base().map_or(1.0, |b| p.throughput() / b.throughput().max(f64::MIN_POSITIVE));
    let [tick, io, block, exit] = m.switches;
    json!({
        "setting": p.setting.name.as_str(), "time_ns": m.length, "shortest_ns": p.spread.0, "longest_ns": p.spread.1, "repeats": p.repeats, "speed": speed, "ticks": m.ticks,
        "switches": json!({"tick": tick, "io": io, "block": block, "exit": exit}), "wait_share": m.wait_share,
        "wakeups": json!({"count": m.wakeup_count, "p50_ns": m.wakeups[0], "p90_ns": m.wakeups[1], "p99_ns": m.wakeups[2], "max_ns": m.wakeups[3]}),
        "fairness": m.fairness, "runs": p.runs, "failures": p.failures, "failing": p.failing()
    })
}
