//! The page: one self-contained file. The events lie in it as columns of numbers, as narrow as their greatest value allows, in base 64;
//! times and ticks as differences within a lane. The page's own text is in `page/`.

use super::json::text;
use super::{Lane, Trace, base64};
use crate::json;
use crate::json::Json;
use crate::trace::figures::LaneFigures;
use std::io::{self, Write};

const PAGE: &str = include_str!("page/page.html");
const CSS: &str = include_str!("page/page.css");
const SCRIPTS: [&str; 5] =
    [include_str!("page/data.js"), include_str!("page/words.js"), include_str!("page/draw.js"), include_str!("page/input.js"), include_str!("page/main.js")];

/// Writes the page.
///
/// # Errors
/// Those of `out`.
pub fn html(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let title = format!("{} · Gilbert", short_name(&trace.about.script));
    let mut rest = PAGE;
    while let Some(at) = rest.find("{{") {
        let Some(end) = rest[at..].find("}}") else { break };
        out.write_all(&rest.as_bytes()[..at])?;
        match &rest[at + 2..at + end] {
            "TITLE" => out.write_all(escaped(&title).as_bytes())?,
            "CSS" => out.write_all(CSS.trim_end().as_bytes())?,
            "DATA" => data(trace, out)?,
            _ => {
                out.write_all(b"\"use strict\";\n(() => {\n")?;
                for script in SCRIPTS {
                    out.write_all(script.as_bytes())?;
                }
                out.write_all(b"})();")?;
            }
        }
        rest = &rest[at + end + 2..];
    }
    out.write_all(rest.as_bytes())
}

/// The last part of a path.
pub fn short_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Text for HTML and SVG.
pub fn escaped(s: &str) -> String {
    s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn data(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let figures = trace.figures();
    let mut head = Vec::new();
    head.extend_from_slice(b"{\"title\":");
    text(&mut head, short_name(&trace.about.script));
    for (name, value) in [("settings", trace.about.settings()), ("outcome", trace.outcome.clone()), ("note", trace.dropped_note())] {
        head.extend_from_slice(format!(",\"{name}\":").as_bytes());
        text(&mut head, &value);
    }
    let controlled = matches!(trace.about.policy, gilbert_vm::gil::Policy::Off(_));
    let numbers = format!(",\"controlled\":{controlled},\"end\":{},\"tickNs\":{},\"events\":{},\"files\":[", trace.end, trace.about.tick_ns, trace.events());
    head.extend_from_slice(numbers.as_bytes());
    for (i, file) in trace.files.iter().enumerate() {
        head.extend_from_slice(if i == 0 { b"{\"name\":" } else { b",{\"name\":" });
        text(&mut head, &file.name);
        head.extend_from_slice(b",\"lines\":");
        match &file.text {
            None => head.extend_from_slice(b"null"),
            Some(source) => {
                for (i, line) in source.lines().enumerate() {
                    head.push(if i == 0 { b'[' } else { b',' });
                    text(&mut head, line);
                }
                head.extend_from_slice(if source.is_empty() { b"[]" } else { b"]" });
            }
        }
        head.push(b'}');
    }
    let processes: Vec<Json> = trace.processes.iter().map(|p| json!({"pid": p.pid, "name": p.name.as_str()})).collect();
    let objects: Vec<Json> = trace.objects.iter().map(|o| json!({"pid": o.pid, "label": o.label.as_str(), "held": o.held})).collect();
    let lanes = lanes(trace, &figures.lanes);
    let steps: Vec<Json> = trace
        .steps
        .iter()
        .map(|s| json!({"thread": s.thread.as_str(), "lane": s.lane, "at": s.at, "place": s.place.as_str(), "text": s.text.as_str()}))
        .collect();
    for (name, value) in [("processes", processes), ("objects", objects), ("lanes", lanes), ("steps", steps)] {
        let list = Json::List(value).to_string().replace('<', "\\u003c");
        head.extend_from_slice(format!("{}\"{name}\":{list}", if name == "processes" { "]," } else { "," }).as_bytes());
    }
    out.write_all(&head)?;
    columns(trace, out)?;
    out.write_all(b"}")
}

fn lanes(trace: &Trace, figures: &[LaneFigures]) -> Vec<Json> {
    let (mut spans, mut marks) = (0, 0);
    let lane = |(lane, f): (&Lane, &LaneFigures)| {
        let (s, m) = (spans, marks);
        spans += lane.spans.len();
        marks += lane.marks.len();
        let numbers = json!({
            "time": f.time.to_vec(), "waits": f.waits, "longest": f.longest_wait, "longestAt": f.longest_wait_at,
            "switches": f.switches.to_vec(), "kept": f.kept, "inVain": f.in_vain
        });
        json!({
            "pid": lane.pid, "tid": lane.tid, "name": lane.name.as_str(), "end": lane.end, "ticks": lane.ticks, "ended": lane.ended,
            "spans": vec![s, lane.spans.len()], "marks": vec![m, lane.marks.len()], "figures": numbers
        })
    };
    trace.lanes.iter().zip(figures).map(lane).collect()
}

fn columns(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let spans: Vec<_> = trace.lanes.iter().flat_map(|l| &l.spans).collect();
    let marks: Vec<_> = trace.lanes.iter().flat_map(|l| &l.marks).collect();
    let mut c = Columns { out, bytes: Vec::new(), coded: Vec::new() };
    c.group(
        ",\"spans\":{",
        &[
            ("from", &differences(trace, |l| l.spans.iter().map(|s| s.from).collect())),
            ("ticks", &differences(trace, |l| l.spans.iter().map(|s| s.ticks).collect())),
            ("state", &spans.iter().map(|s| s.state as u64).collect::<Vec<_>>()),
            ("cause", &spans.iter().map(|s| u64::from(s.cause)).collect::<Vec<_>>()),
            ("file", &spans.iter().map(|s| u64::from(s.file)).collect::<Vec<_>>()),
            ("line", &spans.iter().map(|s| u64::from(s.line)).collect::<Vec<_>>()),
            ("object", &spans.iter().map(|s| u64::from(s.object)).collect::<Vec<_>>()),
            ("kept", &spans.iter().map(|s| u64::from(s.kept)).collect::<Vec<_>>()),
        ],
    )?;
    c.group(
        "},\"marks\":{",
        &[
            ("at", &differences(trace, |l| l.marks.iter().map(|m| m.at).collect())),
            ("ticks", &differences(trace, |l| l.marks.iter().map(|m| m.ticks).collect())),
            ("kind", &marks.iter().map(|m| m.kind as u64).collect::<Vec<_>>()),
            ("arg", &marks.iter().map(|m| u64::from(m.arg)).collect::<Vec<_>>()),
            ("file", &marks.iter().map(|m| u64::from(m.file)).collect::<Vec<_>>()),
            ("line", &marks.iter().map(|m| u64::from(m.line)).collect::<Vec<_>>()),
        ],
    )?;
    let holds = &trace.holds;
    c.group(
        "},\"holds\":{",
        &[
            ("object", &holds.iter().map(|h| u64::from(h.object)).collect::<Vec<_>>()),
            ("lane", &holds.iter().map(|h| u64::from(h.lane)).collect::<Vec<_>>()),
            ("from", &holds.iter().map(|h| h.from).collect::<Vec<_>>()),
            ("to", &holds.iter().map(|h| h.to).collect::<Vec<_>>()),
            ("file", &holds.iter().map(|h| u64::from(h.file)).collect::<Vec<_>>()),
            ("line", &holds.iter().map(|h| u64::from(h.line)).collect::<Vec<_>>()),
        ],
    )?;
    c.out.write_all(b"}")
}

/// A column's values less the one before, anew in each lane.
fn differences(trace: &Trace, values: impl Fn(&Lane) -> Vec<u64>) -> Vec<u64> {
    let mut all = Vec::new();
    for lane in &trace.lanes {
        let mut before = 0;
        all.extend(values(lane).into_iter().map(|v| {
            let d = v.saturating_sub(before);
            before = before.max(v);
            d
        }));
    }
    all
}

struct Columns<'a, W> {
    out: &'a mut W,
    bytes: Vec<u8>,
    coded: Vec<u8>,
}

impl<W: Write> Columns<'_, W> {
    fn group(&mut self, open: &str, columns: &[(&str, &[u64])]) -> io::Result<()> {
        self.out.write_all(open.as_bytes())?;
        for (i, (name, values)) in columns.iter().enumerate() {
            self.column(name, values, i == 0)?;
        }
        Ok(())
    }
    fn column(&mut self, name: &str, values: &[u64], first: bool) -> io::Result<()> {
        self.bytes.clear();
        self.coded.clear();
        let kind = match values.iter().copied().max().unwrap_or(0) {
            0..=0xff => {
                self.bytes.extend(values.iter().map(|&v| v as u8));
                "u1"
            }
            0x100..=0xffff => {
                self.bytes.extend(values.iter().flat_map(|&v| (v as u16).to_le_bytes()));
                "u2"
            }
            0x1_0000..=0xffff_ffff => {
                self.bytes.extend(values.iter().flat_map(|&v| (v as u32).to_le_bytes()));
                "u4"
            }
            _ => {
                self.bytes.extend(values.iter().flat_map(|&v| (v as f64).to_le_bytes()));
                "f8"
            }
        };
        base64::encode(&self.bytes, &mut self.coded);
        write!(self.out, "{}\"{name}\":[\"{kind}\",\"", if first { "" } else { "," })?;
        self.out.write_all(&self.coded)?;
        self.out.write_all(b"\"]")
    }
}
