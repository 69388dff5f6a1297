//! The Trace Event Format that Perfetto and chrome://tracing open: one JSON object whose `traceEvents` are complete events (`X`) for
//! spans, instants (`i`) for marks, and metadata (`M`) for names. Times are in microseconds; a track of its own shows who holds each lock.

use super::{CAUSES, Lane, MarkKind, NONE, State, Trace};
use gilbert_vm::world::Ns;
use std::io::{self, Write};

/// Tracks of locks are numbered from here.
const LOCKS: u32 = 1_000_000;

/// Writes the trace.
///
/// # Errors
/// Those of `out`.
pub fn json(trace: &Trace, out: &mut impl Write) -> io::Result<()> {
    let mut w = Events { out, buffer: Vec::with_capacity(1 << 16), first: true, trace };
    w.buffer.extend_from_slice(b"{\"displayTimeUnit\":\"ns\",\"otherData\":{\"script\":");
    text(&mut w.buffer, &trace.about.script);
    w.buffer.extend_from_slice(b",\"settings\":");
    text(&mut w.buffer, &trace.about.settings());
    w.buffer.extend_from_slice(b",\"outcome\":");
    text(&mut w.buffer, &trace.outcome);
    w.buffer.extend_from_slice(b",\"dropped\":");
    text(&mut w.buffer, &trace.dropped_note());
    w.buffer.extend_from_slice(b"},\"traceEvents\":[\n");
    w.names()?;
    for lane in &trace.lanes {
        w.lane(lane)?;
    }
    w.holds()?;
    w.buffer.extend_from_slice(b"\n]}\n");
    w.flush()
}

struct Events<'a, W> {
    out: &'a mut W,
    buffer: Vec<u8>,
    first: bool,
    trace: &'a Trace,
}

impl<W: Write> Events<'_, W> {
    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
    /// Begins an event: phase, process, thread.
    fn begin(&mut self, phase: u8, pid: u32, tid: u32) -> io::Result<()> {
        if self.buffer.len() > (1 << 16) - 1024 {
            self.flush()?;
        }
        let separator: &[u8] = if std::mem::replace(&mut self.first, false) { b"" } else { b",\n" };
        let b = &mut self.buffer;
        b.extend_from_slice(separator);
        b.extend_from_slice(b"{\"ph\":\"");
        b.push(phase);
        b.extend_from_slice(b"\",\"pid\":");
        number(b, u64::from(pid));
        b.extend_from_slice(b",\"tid\":");
        number(b, u64::from(tid));
        Ok(())
    }
    fn name(&mut self, kind: &str, pid: u32, tid: u32, name: &str) -> io::Result<()> {
        self.begin(b'M', pid, tid)?;
        let b = &mut self.buffer;
        b.extend_from_slice(b",\"name\":\"");
        b.extend_from_slice(kind.as_bytes());
        b.extend_from_slice(b"\",\"args\":{\"name\":");
        text(b, name);
        b.extend_from_slice(b"}}");
        Ok(())
    }
    fn names(&mut self) -> io::Result<()> {
        let trace = self.trace;
        for process in &trace.processes {
            self.name("process_name", process.pid, 0, &format!("{} {}", process.name, process.pid))?;
        }
        for lane in &trace.lanes {
            self.name("thread_name", lane.pid, lane.tid, &format!("{} (T{})", lane.name, lane.tid))?;
        }
        for (i, object) in trace.objects.iter().enumerate().filter(|(_, o)| o.held) {
            self.name("thread_name", object.pid, LOCKS + i as u32, &object.label)?;
        }
        Ok(())
    }
    /// `,"ts":..` and, for a span, `,"dur":..`
    fn time(&mut self, at: Ns, end: Option<Ns>) {
        self.buffer.extend_from_slice(b",\"ts\":");
        micros(&mut self.buffer, at);
        if let Some(end) = end {
            self.buffer.extend_from_slice(b",\"dur\":");
            micros(&mut self.buffer, end - at);
        }
    }
    /// `"at":"file:line"` among the arguments.
    fn place(&mut self, file: u16, line: u32) {
        self.buffer.extend_from_slice(b"\"at\":\"");
        escaped(&mut self.buffer, self.trace.files.get(usize::from(file)).map_or("", |f| f.name.as_str()));
        self.buffer.push(b':');
        number(&mut self.buffer, u64::from(line));
        self.buffer.push(b'"');
    }
    fn lane(&mut self, lane: &Lane) -> io::Result<()> {
        for (i, (span, end)) in lane.spans().enumerate() {
            self.begin(b'X', lane.pid, lane.tid)?;
            self.time(span.from, Some(end));
            self.buffer.extend_from_slice(b",\"cat\":\"gil\",\"name\":\"");
            self.buffer.extend_from_slice(span.state.name().as_bytes());
            if span.object != NONE {
                self.buffer.extend_from_slice(b": ");
                let what = self.trace.waits_for(span.object);
                escaped(&mut self.buffer, &what);
            }
            self.buffer.extend_from_slice(b"\",\"args\":{");
            self.place(span.file, span.line);
            if span.state == State::Run {
                self.buffer.extend_from_slice(b",\"ticks\":");
                number(&mut self.buffer, lane.ticks_after(i) - span.ticks);
                self.buffer.extend_from_slice(b",\"until\":\"");
                self.buffer.extend_from_slice(CAUSES[usize::from(span.cause.min(4))].as_bytes());
                self.buffer.push(b'"');
            }
            self.buffer.extend_from_slice(b"}}");
        }
        for mark in &lane.marks {
            self.begin(b'i', lane.pid, lane.tid)?;
            self.time(mark.at, None);
            self.buffer.extend_from_slice(b",\"s\":\"t\",\"name\":\"");
            let name = self.trace.mark_name(mark);
            escaped(&mut self.buffer, &name);
            self.buffer.extend_from_slice(b"\",\"args\":{");
            self.place(mark.file, mark.line);
            self.buffer.extend_from_slice(b"}}");
        }
        Ok(())
    }
    fn holds(&mut self) -> io::Result<()> {
        let trace = self.trace;
        for hold in &trace.holds {
            let pid = trace.objects[hold.object as usize].pid;
            self.begin(b'X', pid, LOCKS + hold.object)?;
            self.time(hold.from, Some(hold.to));
            self.buffer.extend_from_slice(b",\"cat\":\"lock\",\"name\":\"held by ");
            escaped(&mut self.buffer, trace.lanes.get(hold.lane as usize).map_or("", |l| l.name.as_str()));
            self.buffer.extend_from_slice(b"\",\"args\":{");
            self.place(hold.file, hold.line);
            self.buffer.extend_from_slice(b"}}");
        }
        Ok(())
    }
}

impl Trace {
    /// A mark in words.
    pub fn mark_name(&self, mark: &super::Mark) -> String {
        let object = || self.objects.get(mark.arg as usize).map_or("", |o| o.label.as_str());
        let lane = || self.lanes.get(mark.arg as usize).map_or("a thread", |l| l.name.as_str());
        match mark.kind {
            MarkKind::InVain => "woken in vain".to_owned(),
            MarkKind::Asks => "asks for the GIL".to_owned(),
            MarkKind::Take => format!("takes {}", object()),
            MarkKind::Give => format!("gives {}", object()),
            MarkKind::Output => format!("writes {} bytes", mark.arg),
            MarkKind::Start => format!("starts {}", lane()),
            MarkKind::Step => format!("step {}", mark.arg),
        }
    }
}

/// Decimal digits.
pub(super) fn number(out: &mut Vec<u8>, mut n: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// ns as microseconds with three decimals.
fn micros(out: &mut Vec<u8>, ns: Ns) {
    number(out, ns / 1000);
    let rest = (ns % 1000) as u16;
    if rest != 0 {
        let digit = |n: u16| b'0' + (n % 10) as u8;
        out.extend_from_slice(&[b'.', digit(rest / 100), digit(rest / 10), digit(rest)]);
    }
}

/// A JSON string.
pub(super) fn text(out: &mut Vec<u8>, s: &str) {
    out.push(b'"');
    escaped(out, s);
    out.push(b'"');
}

/// The inside of a JSON string; `<` too, so that it may stand in a page.
pub(super) fn escaped(out: &mut Vec<u8>, s: &str) {
    for &b in s.as_bytes() {
        match b {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', b]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'<' => out.extend_from_slice(b"\\u003c"),
            0..0x20 | 0x7f => {
                let hex = |n: u8| b"0123456789abcdef"[usize::from(n)];
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', hex(b >> 4), hex(b & 15)]);
            }
            _ => out.push(b),
        }
    }
}
