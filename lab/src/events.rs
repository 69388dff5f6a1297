//! The event log of a run: who touched what that threads share, in what order. Objects are numbered by first sight, so that two runs of
//! one program can be compared line by line.

use gilbert_vm::probe::{Access, Event, Part, Probe};
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Tid;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Events kept of a run; what comes later is only counted in [`Log::checksum`].
const MOST: usize = 2_000_000;

/// One event.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub struct Line {
    /// The thread that did it.
    pub thread: Tid,
    /// Where in the script or the library: file and line.
    pub at: Option<(Arc<str>, u32)>,
    /// What.
    pub what: What,
}

/// What a thread did.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum What {
    /// Read or wrote a part of an object.
    Access { object: u64, part: String, write: bool },
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.thread)?;
        if let Some((file, line)) = &self.at {
            write!(f, " {}:{line}", file.rsplit('/').next().unwrap_or(file))?;
        }
        match &self.what {
            What::Access { object, part, write } => write!(f, " {} object {object}{part}", if *write { "writes" } else { "reads" }),
            What::Other(text) => write!(f, " {text}"),
        }
    }
}

#[derive(Default)]
struct Kept {
    lines: Vec<Line>,
    count: u64,
    checksum: u64,
    objects: HashMap<u64, u64>,
    names: HashMap<u64, u64>,
}

impl Kept {
    fn number(of: &mut HashMap<u64, u64>, address: u64) -> u64 {
        let next = of.len() as u64;
        *of.entry(address).or_insert(next)
    }

    fn line(&mut self, thread: Tid, event: &Event) -> Line {
        let what = match event {
            Event::Access(Access { object, part, write, .. }) => {
                let object = Kept::number(&mut self.objects, *object);
                let part = match part {
                    Part::Name(address) => format!(".name{}", Kept::number(&mut self.names, *address)),
                    Part::Index(i) => format!("[{i}]"),
                    // hashes of objects come from their addresses
                    Part::Hash(_) => "[key]".to_owned(),
                    _ => String::new(),
                };
                What::Access { object, part, write: *write }
            }
            Event::Sync { object, acquired, .. } => {
                let object = Kept::number(&mut self.objects, *object);
                What::Other(format!("{} object {object}", if *acquired { "acquires" } else { "releases" }))
            }
            Event::ThreadStart(tid) => What::Other(format!("starts {tid}")),
            Event::ThreadEnd(tid) => What::Other(format!("ends {tid}")),
            Event::Output(fd, bytes) => What::Other(format!("writes {bytes} bytes to descriptor {fd}")),
            Event::GilRelease(tid, why) => What::Other(format!("{tid} releases the GIL: {why}")),
            Event::GilAcquire(tid) => What::Other(format!("{tid} takes the GIL")),
            #[allow(unreachable_patterns)]
            other => What::Other(format!("{other:?}")),
        };
        Line { thread, at: None, what }
    }
}

/// Where the events of a run are kept.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Kept>>);

impl Log {
    /// Makes this isolate's main thread, and those that it starts, report here.
    pub fn listen(&self, vm: &mut Vm) {
        vm.observe(Box::new(self.clone()));
    }
    /// What was kept.
    pub fn take(&self) -> Vec<Line> {
        std::mem::take(&mut self.0.lock().lines)
    }
    /// A number over all events, kept or not.
    pub fn checksum(&self) -> (u64, u64) {
        let kept = self.0.lock();
        (kept.count, kept.checksum)
    }
}

impl Probe for Log {
    fn event(&mut self, _: Tid, _: &Event) {}
    fn event_in(&mut self, vm: &Vm, event: &Event, _: Option<&gilbert_vm::value::Value>) {
        let mut kept = self.0.lock();
        let at = vm.calls().next().map(|(code, at)| (code.filename.clone(), code.line_at(at as usize)));
        let line = Line { at, ..kept.line(vm.tid(), event) };
        let text = line.to_string();
        kept.count += 1;
        kept.checksum = gilbert_vm::world::sim::fingerprint(text.as_bytes()) ^ kept.checksum.rotate_left(5);
        if kept.lines.len() < MOST {
            kept.lines.push(line);
        }
    }
}
