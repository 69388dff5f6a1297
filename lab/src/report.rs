//! What a race came to, for people: a histogram with counts, shares, bars and a seed for each outcome.

use crate::json::Json;
use crate::stats::wilson;
use crate::tally::{Entry, Tally};
use std::fmt::Write;

/// Outcomes shown one by one; more numbers than this are binned.
const LINES: usize = 20;
/// Bins of numbers.
const BINS: u64 = 16;
/// Width of the longest bar.
const BAR: usize = 30;
/// Width of a value.
const VALUE: usize = 48;

/// One line: what, how often, the first seed, whether it is a failure.
struct Line {
    what: String,
    count: u64,
    seed: u64,
    failed: bool,
}

/// The histogram as text, each line ended.
pub fn histogram(tally: &Tally) -> String {
    let lines = lines(tally);
    let most = lines.iter().map(|l| l.count).max().unwrap_or(0).max(1);
    let wide = lines.iter().map(|l| l.what.chars().count()).max().unwrap_or(0).clamp(7, VALUE);
    let mut out = String::new();
    if !lines.is_empty() {
        let _ = writeln!(out, "  {:<wide$} {:>9} {:>8}  {:<BAR$}  seed", "outcome", "runs", "share", "");
    }
    for line in lines {
        let share = 100.0 * line.count as f64 / tally.runs.max(1) as f64;
        let mark = if line.failed { '✗' } else { ' ' };
        let what = fit(&line.what, wide);
        let _ = writeln!(out, "{mark} {what:<wide$} {:>9} {share:>7.2}%  {:<BAR$}  {}", line.count, bar(line.count, most), line.seed);
    }
    out
}

/// The sentence about failures, with the interval in which their share lies.
pub fn failures(tally: &Tally) -> String {
    let (low, high) = wilson(tally.failures, tally.runs);
    let (runs, failed) = (tally.runs, tally.failures);
    let share = 100.0 * failed as f64 / runs.max(1) as f64;
    match failed {
        0 => format!("no failure in {runs} runs: the failing share is below {:.3}% (95 %)", 100.0 * high),
        _ => format!("{failed} of {runs} runs failed: {share:.2}% (95 %: {:.2}% to {:.2}%)", 100.0 * low, 100.0 * high),
    }
}

fn lines(tally: &Tally) -> Vec<Line> {
    let entries = tally.entries();
    if entries.len() <= LINES {
        let mut entries = entries;
        if entries.iter().all(|e| number(e).is_some()) {
            entries.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(std::cmp::Ordering::Equal));
        }
        return entries.into_iter().map(line).collect();
    }
    let (numbers, others): (Vec<&Entry>, Vec<&Entry>) = entries.into_iter().partition(|e| number(e).is_some());
    let mut lines = binned(&numbers);
    lines.extend(others.iter().take(LINES).map(|e| line(e)));
    if let Some(rest) = others.get(LINES..).filter(|rest| !rest.is_empty()) {
        let seed = rest.iter().map(|e| e.seed).min().unwrap_or(0);
        let failed = rest.iter().any(|e| e.failure.is_some());
        lines.push(Line { what: format!("({} more values)", rest.len()), count: rest.iter().map(|e| e.count).sum(), seed, failed });
    }
    lines
}

fn line(e: &Entry) -> Line {
    Line { what: e.shown.clone(), count: e.count, seed: e.seed, failed: e.failure.is_some() }
}

/// The number that an outcome is, also where a script printed it.
fn number(e: &Entry) -> Option<f64> {
    match &e.value {
        Json::Int(_) | Json::Float(_) => e.value.as_f64(),
        Json::Str(s) => s.trim().parse().ok().filter(|f: &f64| f.is_finite()),
        _ => None,
    }
}

/// Numbers in bins of equal width; what failed apart from what did not.
fn binned(entries: &[&Entry]) -> Vec<Line> {
    let values = || entries.iter().filter_map(|e| number(e));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if entries.len() <= LINES || high <= low {
        return entries.iter().map(|e| line(e)).collect();
    }
    let whole = values().all(|v| v.fract() == 0.0);
    let width = (high - low) / BINS as f64;
    let width = if whole { ((high - low + 1.0) / BINS as f64).ceil() } else { width };
    let mut bins: std::collections::BTreeMap<(u64, bool), Line> = Default::default();
    for e in entries {
        let bin = (((number(e).unwrap_or(low) - low) / width) as u64).min(BINS - 1);
        let from = low + bin as f64 * width;
        let what = match whole {
            true if width == 1.0 => format!("{from}"),
            true => format!("{from} to {}", (from + width - 1.0).min(high)),
            false => format!("{from:.6} to {:.6}", (from + width).min(high)),
        };
        let failed = e.failure.is_some();
        let line = bins.entry((bin, failed)).or_insert(Line { what, count: 0, seed: u64::MAX, failed });
        line.count += e.count;
        line.seed = line.seed.min(e.seed);
    }
    bins.into_values().collect()
}

/// A bar whose length is `count` of `most`, in eighths of a character.
fn bar(count: u64, most: u64) -> String {
    let eighths = (count as u128 * (BAR as u128 * 8) / u128::from(most)).max(1) as usize;
    let mut out = "█".repeat(eighths / 8);
    out.push_str(["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]);
    out
}

fn fit(text: &str, wide: usize) -> String {
    match text.chars().count() > wide {
        true => text.chars().take(wide - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    fn tally(values: &[(Json, u64)]) -> Tally {
        let outcomes: Vec<Json> = values.iter().enumerate().map(|(i, (v, n))| json!({"value": v.clone(), "count": *n, "seed": i})).collect();
        let runs: u64 = values.iter().map(|(_, n)| n).sum();
        Tally::from_json(&json!({"runs": runs, "failures": 0, "outcomes": outcomes})).expect("a tally")
    }

    #[test]
    fn few_values_have_a_line_each_numbers_in_order() {
        let text = histogram(&tally(&[(json!(3), 1), (json!(2), 3)]));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("  2 ") && lines[1].contains("75.00%") && lines[1].ends_with("  1"), "{text}");
        assert!(lines[2].starts_with("  3 ") && lines[2].contains("25.00%"), "{text}");
    }

    #[test]
    fn many_numbers_are_binned_and_none_is_lost() {
        let values: Vec<(Json, u64)> = (0..1000).map(|i| (json!(i), 2)).collect();
        let t = tally(&values);
        let text = histogram(&t);
        assert!(text.lines().count() <= 1 + BINS as usize, "{text}");
        assert_eq!(lines(&t).iter().map(|l| l.count).sum::<u64>(), 2000);
    }

    #[test]
    fn the_share_of_failures_has_an_interval() {
        assert_eq!(failures(&tally(&[(json!(1), 1000)])), "no failure in 1000 runs: the failing share is below 0.383% (95 %)");
    }
}
