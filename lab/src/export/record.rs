//! What of a run must be forced: each thread's instructions that touch what others touch, or that order threads, with their places.

use crate::outcome::RunResult;
use crate::steps::of_library;
use gilbert_vm::code::{CodeProto, Const};
use gilbert_vm::op::{NAME, Op, SWITCH};
use gilbert_vm::probe::{Event, Part, Probe};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Outcome, Tid};
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What tells an instruction of one CPython from the next one's: not its number, but what it does.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// `co_name` of the function that is written in the source: a comprehension counts for the one around it.
    pub function: Arc<str>,
    /// The line; 0 where versions disagree about it.
    pub line: u32,
    /// `load`, `store`, `call` ..
    pub class: &'static str,
    /// The variable or attribute, empty where there is none.
    pub name: Arc<str>,
}

/// How a gate is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Waits for its turn; the turn goes on when the instruction is done.
    Step,
    /// The same, but the instruction waits inside for others: the turn goes on before.
    Enters,
    /// The end of an instruction that waited.
    Leaves,
    /// The instruction does not come to an end: a deadlock.
    Blocks,
}

impl Mode {
    /// As the exported script writes it.
    pub fn text(self) -> &'static str {
        match self {
            Mode::Step => "step",
            Mode::Enters => "enters",
            Mode::Leaves => "leaves",
            Mode::Blocks => "blocks",
        }
    }
}

/// One step that is forced.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Whose.
    pub thread: u32,
    /// At which instruction.
    pub key: Key,
    /// At its so manieth execution by this thread.
    pub count: u64,
    /// How.
    pub mode: Mode,
    spot: (usize, u32),
}

/// Where a thread is.
#[derive(Clone)]
struct Here {
    key: Option<Key>,
    count: u64,
    spot: (usize, u32),
    code: Arc<CodeProto>,
}

#[derive(Clone)]
struct Matter {
    thread: u32,
    here: Here,
    /// The part of an object that was touched; `None`: an operation that orders threads.
    access: Option<(u64, Part, bool)>,
}

/// See the module's page.
#[derive(Default)]
pub struct Recorded {
    now: HashMap<u32, Here>,
    counts: HashMap<(u32, Key), u64>,
    matters: Vec<Matter>,
    codes: HashMap<usize, Arc<CodeProto>>,
    /// Whom each thread has started, in order.
    pub children: BTreeMap<u32, Vec<u32>>,
    /// Processes were started, by this module.
    pub processes: Option<String>,
    /// Greenlets were switched.
    pub greenlets: bool,
    /// A wait with a limit ended by it.
    pub timed_out: bool,
}

/// Listens to a run.
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Recorded>>);

impl Recorder {
    /// Makes the isolate's main thread, and those that it starts, report here.
    pub fn listen(&self, vm: &mut Vm) {
        vm.observe(Box::new(self.clone()));
        let recorded = self.0.clone();
        vm.step_with(Box::new(move |vm: &mut Vm| recorded.lock().instruction(vm)));
    }
    /// What was heard.
    pub fn take(&self) -> Recorded {
        std::mem::take(&mut *self.0.lock())
    }
}

impl Probe for Recorder {
    fn event(&mut self, _: Tid, _: &Event) {}
    fn event_in(&mut self, vm: &Vm, event: &Event, _: Option<&Value>) {
        let mut recorded = self.0.lock();
        let me = vm.tid().0;
        match event {
            // the library's own frames run as a whole under the call of the script that got there
            Event::Access(a) if !a.sync && vm.calls().next().is_some_and(|(code, _)| !of_library(code)) => {
                recorded.matter(me, Some((a.object, a.part, a.write)));
            }
            Event::Sync { .. } | Event::Joined(_) => recorded.matter(me, None),
            Event::Started { tid, .. } => {
                recorded.children.entry(me).or_default().push(tid.0);
                recorded.matter(me, None);
            }
            _ => {}
        }
    }
}

impl Recorded {
    fn instruction(&mut self, vm: &Vm) {
        let me = vm.tid().0;
        let Some((code, at)) = vm.calls().next() else { return };
        if of_library(code) {
            self.note_library(code);
            return;
        }
        let key = key(code, at as usize);
        let count = match &key {
            Some(key) => {
                let n = self.counts.entry((me, key.clone())).or_default();
                *n += 1;
                *n
            }
            None => 0,
        };
        let address = Arc::as_ptr(code) as usize;
        self.codes.entry(address).or_insert_with(|| Arc::clone(code));
        self.now.insert(me, Here { key, count, spot: (address, at), code: Arc::clone(code) });
    }

    fn note_library(&mut self, code: &CodeProto) {
        let file = &*code.filename;
        if file.contains("multiprocessing/process") && &*code.name == "start" {
            self.processes = Some("multiprocessing".into());
        }
        self.greenlets |= file.contains("gevent/");
    }

    fn matter(&mut self, thread: u32, access: Option<(u64, Part, bool)>) {
        // before the first thread there is nothing to be ordered
        if let Some(here) = self.now.get(&thread).filter(|_| !self.children.is_empty()) {
            self.matters.push(Matter { thread, here: here.clone(), access });
        }
    }

    /// The objects' parts that several threads touch, one of them writing.
    fn contended(&self) -> HashSet<(u64, Part)> {
        // (one thread or several, written)
        let mut parts: HashMap<u64, HashMap<Part, (u32, bool, bool)>> = HashMap::new();
        for m in &self.matters {
            let Some((object, part, write)) = m.access else { continue };
            let seen = parts.entry(object).or_default().entry(part).or_insert((m.thread, false, false));
            seen.1 |= seen.0 != m.thread;
            seen.2 |= write;
        }
        let mut out = HashSet::new();
        for (object, parts) in parts {
            let whole = parts.get(&Part::Whole).copied();
            for (part, (thread, several, written)) in &parts {
                let with_whole = whole.is_some_and(|w| (w.0 != *thread || w.1 || *several) && (w.2 || *written));
                if *several && *written || with_whole {
                    out.insert((object, *part));
                    if with_whole {
                        out.insert((object, Part::Whole));
                    }
                }
            }
        }
        out
    }

    /// The gates of a run that ended so.
    ///
    /// # Errors
    /// An instruction that matters has no counterpart in CPython.
    pub fn gates(&self, result: &RunResult) -> Result<Vec<Gate>, String> {
        let contended = self.contended();
        let mut gates: Vec<Gate> = Vec::new();
        for m in &self.matters {
            if m.access.is_some_and(|(object, part, _)| !contended.contains(&(object, part))) {
                continue;
            }
            self.push(&mut gates, m.thread, &m.here, Mode::Step)?;
        }
        if let Outcome::Deadlock(threads) = &result.ended {
            for t in threads {
                if let Some(here) = self.now.get(&t.tid.0) {
                    self.push(&mut gates, t.tid.0, here, Mode::Blocks)?;
                }
            }
        }
        Ok(gates)
    }

    fn push(&self, gates: &mut Vec<Gate>, thread: u32, here: &Here, mode: Mode) -> Result<(), String> {
        let Some(key) = here.key.clone() else {
            let (line, op) = (here.code.line_at(here.spot.1 as usize), here.code.instrs[here.spot.1 as usize].op.name());
            return Err(format!("what line {line} of {} does by {op} cannot be told apart in CPython's bytecode", here.code.filename));
        };
        let same = |g: &Gate| g.thread == thread && g.key == key && g.count == here.count;
        if gates.last().is_some_and(same) && mode == Mode::Step {
            return Ok(());
        }
        // an instruction that comes back several times leaves only once, at last
        if let Some(at) = gates.iter().rposition(|g| g.thread == thread).filter(|&at| same(&gates[at]) && gates[at].mode == Mode::Leaves) {
            gates.remove(at);
        }
        let mode = match gates.iter_mut().rev().find(|g| g.thread == thread).filter(|g| same(g)) {
            // it has waited inside the instruction, and others have come meanwhile
            Some(first) => {
                if first.mode == Mode::Step {
                    first.mode = Mode::Enters;
                }
                if mode == Mode::Blocks {
                    return Ok(());
                }
                Mode::Leaves
            }
            None => mode,
        };
        gates.push(Gate { thread, key, count: here.count, mode, spot: here.spot });
        Ok(())
    }

    /// The first place where the order needs a switch of threads that CPython since 3.10 would not make by itself.
    pub fn unreachable_alone(&self, gates: &[Gate]) -> Option<String> {
        let mut last: HashMap<u32, (usize, &Gate)> = HashMap::new();
        for (i, gate) in gates.iter().enumerate() {
            if let Some((n, before)) = last.insert(gate.thread, (i, gate))
                && n + 1 < i
                && before.spot.0 == gate.spot.0
                && before.spot.1 < gate.spot.1
                && let Some(code) = self.codes.get(&gate.spot.0)
                && !code.instrs[before.spot.1 as usize + 1..=gate.spot.1 as usize].iter().any(|i| i.op.flags() & SWITCH != 0)
            {
                let file = code.filename.rsplit('/').next().unwrap_or_default();
                return Some(format!("{file}:{}", code.line_at(gate.spot.1 as usize)));
            }
        }
        None
    }
}

/// The key of an instruction; `None` for what only the thread itself sees, and for what has no counterpart.
fn key(code: &CodeProto, at: usize) -> Option<Key> {
    let instr = code.instrs.get(at)?;
    let class = match instr.op {
        Op::LoadGlobal | Op::LoadName => "load",
        Op::StoreGlobal | Op::StoreName => "store",
        Op::DeleteGlobal | Op::DeleteName => "delete",
        Op::LoadAttr | Op::LoadMethod => "attr",
        Op::StoreAttr => "setattr",
        Op::DeleteAttr => "delattr",
        Op::LoadDeref => "deref",
        Op::StoreDeref => "setderef",
        Op::BinarySubscr => "item",
        Op::StoreSubscr => "setitem",
        Op::DeleteSubscr => "delitem",
        Op::ForIter => "for",
        Op::GetIter => "iter",
        Op::ContainsOp => "in",
        Op::BeforeWith => "with",
        Op::WithExceptStart => "exit",
        Op::Call if leaves_with(code, at) => "exit",
        Op::Call | Op::CallKw | Op::CallEx => "call",
        Op::BinaryOp => "op",
        Op::CompareOp => "compare",
        Op::UnpackSequence => "unpack",
        Op::PopJumpIfFalse | Op::PopJumpIfTrue => "jump",
        _ => return None,
    };
    let name = match instr.op {
        Op::LoadDeref | Op::StoreDeref => code.slot_names.get(instr.b as usize)?.clone(),
        op if op.flags() & NAME != 0 => code.names.get(instr.b as usize)?.clone(),
        _ => "".into(),
    };
    // before 3.10 the end of a `with` belongs to the last line of its body
    let line = if class == "exit" { 0 } else { code.line_at(at) };
    Some(Key { function: code.name.clone(), line, class, name })
}

/// Whether the call is that of `__exit__` where nothing was raised.
fn leaves_with(code: &CodeProto, at: usize) -> bool {
    let none = |i: usize| code.instrs[i].op == Op::LoadConst && code.consts.get(code.instrs[i].b as usize) == Some(&Const::None);
    at >= 3 && code.instrs[at].b == 2 && (at - 3..at).all(none)
}
