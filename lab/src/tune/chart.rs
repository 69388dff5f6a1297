//! A sweep as a picture (bars for each setting in four panels), and as a page with picture, table and advice.

use super::report::row;
use super::{Point, Sweep, advice};
use crate::trace::{escaped, short_name, time};
use std::fmt::Write;

const WIDTH: f64 = 900.0;
const NAME: f64 = 170.0;
const ROW: f64 = 24.0;
const PANEL: f64 = (WIDTH - NAME - 20.0) / 4.0;

/// A panel: its title, each setting's value, and the value in words.
struct Panel {
    title: &'static str,
    colour: &'static str,
    value: fn(&Point) -> f64,
    words: fn(&Sweep, &Point) -> String,
}

const PANELS: [Panel; 4] = [
    Panel { title: "throughput", colour: "#0072b2", value: Point::throughput, words: |sweep, p| row(sweep, p)[2].clone() },
    Panel { title: "share of time waiting for the GIL", colour: "#d55e00", value: |p| p.median.wait_share, words: |sweep, p| row(sweep, p)[6].clone() },
    Panel { title: "wake-up, 99 % within", colour: "#009e73", value: |p| p.median.wakeups[2] as f64, words: |_, p| time(p.median.wakeups[2]) },
    Panel { title: "failing runs", colour: "#8d5a97", value: Point::failing, words: |_, p| format!("{:.1} %", 100.0 * p.failing()) },
];

/// The picture.
pub fn svg(sweep: &Sweep) -> String {
    let height = 70.0 + ROW * sweep.points.len() as f64 + 16.0;
    let mut s = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="system-ui, sans-serif" role="img">"##
    );
    let title = title(sweep);
    let _ = write!(
        s,
        r##"<title>{0}</title><rect width="100%" height="100%" fill="#ffffff"/><text x="10" y="24" font-size="16" font-weight="600" fill="#1b1f24">{0}</text>"##,
        escaped(&title)
    );
    for (i, p) in sweep.points.iter().enumerate() {
        let y = 70.0 + ROW * i as f64;
        let _ = write!(s, r##"<text x="10" y="{:.1}" font-size="13" fill="#1b1f24">{}</text>"##, y + 15.0, escaped(&p.setting.name));
    }
    for (n, panel) in PANELS.iter().enumerate() {
        draw(&mut s, sweep, panel, NAME + PANEL * n as f64);
    }
    s.push_str("</svg>\n");
    s
}

fn title(sweep: &Sweep) -> String {
    let world = if sweep.simulated { "simulated" } else { "native threads" };
    format!("{}, {world}", short_name(&sweep.script))
}

fn draw(s: &mut String, sweep: &Sweep, panel: &Panel, x: f64) {
    let _ = write!(s, r##"<text x="{x:.1}" y="56" font-size="12" font-weight="600" fill="#5b636e">{}</text>"##, panel.title);
    let most = sweep.points.iter().map(panel.value).fold(0.0, f64::max);
    for (i, p) in sweep.points.iter().enumerate() {
        let (value, y) = ((panel.value)(p), 70.0 + ROW * i as f64);
        let long = if most > 0.0 { (PANEL - 75.0) * value / most } else { 0.0 };
        let _ = write!(s, r##"<rect x="{x:.1}" y="{:.1}" width="{:.1}" height="15" fill="{}"/>"##, y + 3.0, long.max(1.0), panel.colour);
        let _ =
            write!(s, r##"<text x="{:.1}" y="{:.1}" font-size="12" fill="#1b1f24">{}</text>"##, x + long + 5.0, y + 15.0, escaped(&(panel.words)(sweep, p)));
    }
}

const CSS: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:24px auto;padding:0 16px;color:#1b1f24;background:#fff}\
svg{max-width:100%;height:auto;border:1px solid #d4d9df;border-radius:8px}.wide{overflow-x:auto}\
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}th,td{padding:4px 9px;border-bottom:1px solid #d4d9df;text-align:right;white-space:nowrap}\
th:first-child,td:first-child{text-align:left}p.advice{border-left:4px solid #0072b2;padding-left:10px}\
@media(prefers-color-scheme:dark){body{color:#e7eaee;background:#14171c}th,td{border-color:#343b45}}";

/// The page.
pub fn html(sweep: &Sweep) -> String {
    let title = escaped(&title(sweep));
    let mut s = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>{CSS}</style></head>\n<body><h1>{title}</h1>\n"
    );
    for line in advice(sweep) {
        let _ = writeln!(s, "<p class=\"advice\">{}</p>", escaped(&line));
    }
    s.push_str(&svg(sweep));
    s.push_str("<div class=\"wide\"><table><thead><tr>");
    for name in ["setting", "time", "speed", "switches: ticks", "io", "block", "GIL wait", "wake-up, median", "99 % within", "fairness (Jain)", "failing runs"]
    {
        let _ = write!(s, "<th scope=\"col\">{name}</th>");
    }
    s.push_str("</tr></thead><tbody>\n");
    for p in &sweep.points {
        s.push_str("<tr>");
        for cell in row(sweep, p) {
            let _ = write!(s, "<td>{}</td>", escaped(&cell));
        }
        s.push_str("</tr>\n");
    }
    s.push_str("</tbody></table></div>\n</body></html>\n");
    s
}
