//! The recommendation: which setting, why, and what it costs.

use super::{Point, Sweep};
use crate::trace::time;
use gilbert_vm::gil::Policy;
use std::fmt::Write;

/// Settings whose throughput differs by less than this share count as equally fast.
const AS_FAST: f64 = 0.05;

/// In plain words, a line each.
pub fn advice(sweep: &Sweep) -> Vec<String> {
    let Some(base) = sweep.base() else { return Vec::new() };
    let mut lines = Vec::new();
    if let Some(best) = best(sweep) {
        lines.push(recommend(sweep, best, base));
    }
    lines.extend(race(sweep));
    lines
}

/// Whether the difference of two settings is more than what runs of one setting differ by.
fn differs(a: &Point, b: &Point) -> bool {
    let (a, b) = if a.median.length < b.median.length { (a, b) } else { (b, a) };
    a.throughput() > b.throughput() * (1.0 + AS_FAST) && a.median.length < b.spread.0 && b.median.length > a.spread.1
}

/// Of those that are about as fast as the fastest, the one whose threads come to run again soonest. Where there is no GIL threads run at
/// once; that is a world of its own, and not recommended.
fn best(sweep: &Sweep) -> Option<&Point> {
    let fastest = with_gil(sweep).max_by(|a, b| a.throughput().total_cmp(&b.throughput()))?;
    let base = sweep.base().filter(|b| !differs(b, fastest));
    if base.is_some() {
        return base;
    }
    with_gil(sweep).filter(|p| !differs(p, fastest)).min_by_key(|p| (p.median.wakeups[2], p.median.switches.iter().sum::<u64>()))
}

fn with_gil(sweep: &Sweep) -> impl Iterator<Item = &Point> {
    sweep.points.iter().filter(|p| !matches!(p.setting.policy, Policy::Off(_)))
}

fn recommend(sweep: &Sweep, best: &Point, base: &Point) -> String {
    if best.setting == base.setting {
        let alike = !with_gil(sweep).any(|p| differs(p, best));
        let why = if alike {
            "the settings differ by less than 5 %, or by less than runs of one setting do"
        } else {
            "no other setting is faster by more than 5 % and by more than runs of one setting differ"
        };
        return format!("Stay with {}: {why}.", base.setting.name);
    }
    let ratio = best.throughput() / base.throughput();
    let mut out = format!("{}: ", best.setting.name);
    let _ = write!(out, "{ratio:.2} x the throughput of {}", base.setting.name);
    let (was, is) = (base.median.wakeups[2], best.median.wakeups[2]);
    let _ = match (is > was, best.median.wakeup_count) {
        (_, 0) => Ok(()),
        (true, _) => write!(out, ", wake-ups up to {} later ({} instead of {} for 99 % of them)", time(is - was), time(is), time(was)),
        (false, _) if is < was => write!(out, ", wake-ups {} sooner ({} instead of {} for 99 % of them)", time(was - is), time(is), time(was)),
        (false, _) => write!(out, ", wake-ups as soon"),
    };
    if best.failures + base.failures > 0 {
        let what = what_fails(sweep);
        let _ = write!(out, ", {what} in {} instead of {} of the runs", percent(best), percent(base));
    }
    out.push('.');
    out
}

fn what_fails(sweep: &Sweep) -> String {
    sweep.expect.as_ref().map_or_else(|| "failing".to_owned(), |e| format!("`{e}` false"))
}

/// A race that some settings hide is still there.
fn race(sweep: &Sweep) -> Option<String> {
    let (worst, least) = extremes(sweep)?;
    if worst.failures == 0 {
        return None;
    }
    let what = what_fails(sweep);
    Some(match least.failures {
        0 => format!(
            "{what} in {} of the runs with {}, in none of {} with {}: the interval hides the race, it does not remove it. A lock does.",
            percent(worst),
            worst.setting.name,
            least.runs,
            least.setting.name
        ),
        _ => format!(
            "{what} in {} of the runs with {}, in {} with {}: no setting makes it right. A lock does.",
            percent(worst),
            worst.setting.name,
            percent(least),
            least.setting.name
        ),
    })
}

fn extremes(sweep: &Sweep) -> Option<(&Point, &Point)> {
    let by = |a: &&Point, b: &&Point| a.failing().total_cmp(&b.failing());
    Some((sweep.points.iter().max_by(by)?, sweep.points.iter().min_by(by)?))
}

fn percent(p: &Point) -> String {
    let share = 100.0 * p.failing();
    if share > 0.0 && share < 1.0 { format!("{share:.1} %") } else { format!("{share:.0} %") }
}
