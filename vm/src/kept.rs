//! An isolate that has done a program's beginning once and then runs the rest again and again.
//!
//! The *beginning* of a script is the longest row of its first statements that only import, define functions and classes, and bind
//! constants: whatever the schedule, it comes to the same. It is run once, in a world of its own. If that world has seen nothing but
//! computing (no thread, no output, no sleep, no file written), every run may start behind it: with the heap as it is then, and with the clock
//! and the ticks that the beginning took. Else only the imports at the top are taken for the beginning, else nothing.
//!
//! Each run has a world and a GIL of its own. What it made and changed in the isolate is undone afterwards (`heap/rollback.rs`,
//! `isolate/rollback.rs`), so a run costs what it does itself. A run that ends in a panic leaves the isolate unusable.

use crate::code::{CodeProto, Const};
use crate::compile::effects::effect;
use crate::control::Sites;
use crate::gil::Gil;
use crate::image::Image;
use crate::isolate::{EntropyUse, Exit, Isolate, Library, Settings};
use crate::op::{END, Instr, JUMP, Op};
use crate::start::{AtEnd, Program};
use crate::thread::{IsolatePtr, begin_main, end_of_first, explainer};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::sim::{Mark, SimWorld};
use crate::world::{Outcome, World};
use parking_lot::Mutex;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// See the module's page. Stays on the OS thread that made it.
pub struct Kept {
    iso: NonNull<Isolate>,
    start: Arc<Start>,
    exit: Arc<Exit>,
    broken: bool,
}

/// Where runs begin.
struct Start {
    /// The main module's code object, and the context of the main thread (`contextvars`).
    code: Value,
    context: Value,
    /// What is to be made again of each world's entropy, in order.
    entropy: Vec<EntropyUse>,
    /// Instructions of the beginning.
    at: usize,
    /// Ticks to the next switch.
    until_switch: i64,
    mark: Arc<Mark>,
    /// See [`Kept::finalised`].
    finalised: AtomicBool,
}
// SAFETY: the values are used only by whoever runs the isolate, on the OS thread where `Kept` stays.
unsafe impl Send for Start {}
// SAFETY: the same.
unsafe impl Sync for Start {}

/// What a kept isolate is made of.
pub struct Parts<'a> {
    /// The built-in objects.
    pub image: &'a Arc<Image>,
    /// The modules.
    pub library: &'a Arc<dyn Library>,
    /// The settings, as a run has them.
    pub settings: &'a Settings,
    /// What is run: code that was compiled before.
    pub program: &'a Program,
    /// Makes a world, and a GIL with the policy that runs have.
    pub world: &'a dyn Fn() -> (Arc<SimWorld>, Arc<Gil>),
    /// For tests: see that nothing changes unlogged. Slow.
    pub check: bool,
}

impl Kept {
    /// Runs the program's beginning and keeps what is then.
    ///
    /// # Errors
    /// Why not even the state before the program's first statement can be kept.
    pub fn new(parts: &Parts) -> Result<Kept, String> {
        let Program::Code { code, .. } = parts.program else { return Err("the program is not compiled".into()) };
        let mut why = String::new();
        for at in beginnings(code) {
            match Kept::behind(parts, code, at) {
                Ok(kept) => return Ok(kept),
                Err(reason) => why = reason,
            }
        }
        Err(why)
    }

    /// Keeps the state behind `at` instructions.
    fn behind(parts: &Parts, proto: &Arc<CodeProto>, at: usize) -> Result<Kept, String> {
        let (sim, gil) = (parts.world)();
        let world: Arc<dyn World> = sim.clone();
        let settings = Settings { exit: Arc::default(), ..parts.settings.clone() };
        let exit = settings.exit.clone();
        let mut iso = Isolate::new(parts.image.clone(), world.clone(), gil.clone(), parts.library.clone(), settings);
        // observed runs call objects after their birth
        iso.heap.births = Some(Default::default());
        let iso = NonNull::from(Box::leak(iso));
        let (program, beginning, check) = (parts.program.clone(), beginning(proto, at), parts.check);
        let slot: Arc<Mutex<Result<Option<Start>, String>>> = Arc::new(Mutex::new(Ok(None)));
        let made = slot.clone();
        let outcome = live(iso, &world, &gil, move |vm| {
            crate::builtins::init(vm);
            *made.lock() = vm.begin_program(program, beginning, at, &sim, check).map(Some);
        });
        let start = std::mem::replace(&mut *slot.lock(), Ok(None));
        let failed = match (outcome, start) {
            (Outcome::Finished, Ok(Some(start))) if exit.take_unwritten().is_empty() => {
                let mut kept = Kept { iso, start: Arc::new(start), exit: exit.clone(), broken: false };
                // what the main thread has made in leaving
                // SAFETY: no thread of the isolate lives between two runs.
                unsafe { kept.iso.as_mut() }.roll_back();
                return Ok(kept);
            }
            (Outcome::Finished, Ok(_)) => "the beginning has written something".into(),
            (Outcome::Finished, Err(why)) => why,
            (outcome, start) => {
                // nobody walks what has panicked
                std::mem::forget(start);
                return Err(format!("the beginning did not come to its end: {outcome:?}"));
            }
        };
        // SAFETY: made by `Box::leak`; no thread of it lives.
        drop(unsafe { Box::from_raw(iso.as_ptr()) });
        Err(failed)
    }

    /// Where the worlds of runs are to begin ([`crate::world::sim::SimOptions::from`]).
    pub fn mark(&self) -> Arc<Mark> {
        self.start.mark.clone()
    }

    /// Instructions of the main module that every run finds done.
    pub fn skipped(&self) -> usize {
        self.start.at
    }

    /// One run, in a world of its own that begins at [`Kept::mark`]; with `sites` a controlled one, with these visible instructions. `begin` is called before its first instruction, `look` when all threads but
    /// daemons have ended. What it leaves behind is in [`Kept::exit`] until the next run.
    ///
    /// Panics where an earlier run has panicked (see [`Kept::is_broken`]).
    pub fn run(
        &mut self,
        world: &Arc<dyn World>,
        gil: &Arc<Gil>,
        sites: Option<Arc<Sites>>,
        begin: impl FnOnce(&mut Vm) + Send + 'static,
        mut look: impl FnMut(&mut Vm) + Send + 'static,
    ) -> Outcome {
        assert!(!self.broken, "an isolate that panicked does not run again");
        // SAFETY: no thread of the isolate lives between two runs.
        let iso = unsafe { self.iso.as_mut() };
        iso.enter_world(world, gil);
        iso.make_visible(sites);
        let (start, exit) = (self.start.clone(), self.exit.clone());
        let outcome = live(self.iso, world, gil, move |vm| {
            begin(vm);
            let (code, finalised) = vm.run_from(&start, &mut look);
            exit.set_code(code);
            start.finalised.fetch_or(finalised, Ordering::Relaxed);
        });
        if matches!(outcome, Outcome::Panicked { .. }) {
            self.broken = true;
        } else {
            // SAFETY: the same.
            unsafe { self.iso.as_mut() }.roll_back();
        }
        outcome
    }

    /// What the last run has left behind.
    pub fn exit(&self) -> &Arc<Exit> {
        &self.exit
    }

    /// Whether a run has left something behind that notices the end of a process (a finaliser, the callback of a weak reference). Fresh
    /// isolates are better for such a program: there all comes in the order that a process's end has.
    pub fn finalised(&self) -> bool {
        self.start.finalised.load(Ordering::Relaxed)
    }

    /// Whether a run has panicked.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Objects of the kept state, and bytes of all pages.
    pub fn size(&self) -> (usize, usize) {
        // SAFETY: no thread of the isolate lives between two runs.
        let heap = &unsafe { self.iso.as_ref() }.heap;
        (heap.kept_counts().0, heap.page_bytes)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if self.broken {
            // it is never walked, so it is leaked, and with it what refers to its objects
            std::mem::forget(self.start.clone());
            return;
        }
        self.start = Arc::new(Start::none(&self.start));
        // SAFETY: made by `Box::leak`; no thread of the isolate lives.
        drop(unsafe { Box::from_raw(self.iso.as_ptr()) });
    }
}

impl Start {
    /// Without values, which must go before their heap does.
    fn none(old: &Start) -> Start {
        Start {
            entropy: Vec::new(),
            code: Value::NULL,
            context: Value::NULL,
            at: 0,
            until_switch: 0,
            mark: old.mark.clone(),
            finalised: AtomicBool::new(false),
        }
    }
}

fn live(iso: NonNull<Isolate>, world: &Arc<dyn World>, gil: &Arc<Gil>, main: impl FnOnce(&mut Vm) + Send + 'static) -> Outcome {
    let (ptr, own) = (IsolatePtr(iso), gil.clone());
    world.on_stuck(explainer(IsolatePtr(iso), gil));
    world.process().at_end(end_of_first(&ptr, gil), None);
    world.run_main(Box::new(move |start| {
        let ptr = ptr;
        let Some(mut vm) = begin_main(&ptr, &own, start) else { return };
        vm.show_frames();
        main(&mut vm);
        own.kill();
    }))
}

/// The ends of possible beginnings, as numbers of instructions, the longest first; the last is 0.
pub fn beginnings(code: &CodeProto) -> Vec<usize> {
    let (mut all, mut imports) = (0, 0);
    let (mut from, mut depth) = (0, 0u32);
    let mut only_imports = true;
    for (i, instr) in code.instrs.iter().enumerate() {
        let Some(change) = effect(instr).filter(|e| e.pops <= depth && instr.op.flags() & (JUMP | END) == 0) else { break };
        depth = depth - change.pops + change.pushes;
        if depth > 0 {
            continue;
        }
        let statement = &code.instrs[from..=i];
        if !may_begin(statement) {
            break;
        }
        (from, all) = (i + 1, i + 1);
        only_imports &= is_import(statement);
        if only_imports {
            imports = all;
        }
    }
    let mut ends = vec![all, imports, 0];
    ends.dedup();
    ends
}

/// Whether a statement imports, defines a function or a class, or binds a constant.
fn may_begin(statement: &[Instr]) -> bool {
    let known = |i: &Instr| {
        matches!(
            i.op,
            Op::Nop
                | Op::Resume
                | Op::Pop
                | Op::Copy
                | Op::Swap
                | Op::PushNull
                | Op::LoadConst
                | Op::LoadName
                | Op::LoadGlobal
                | Op::StoreName
                | Op::StoreGlobal
                | Op::LoadAttr
                | Op::LoadMethod
                | Op::ImportName
                | Op::ImportFrom
                | Op::MakeFunction
                | Op::SetFunctionAttribute
                | Op::LoadBuildClass
                | Op::BuildTuple
                | Op::BuildList
                | Op::BuildMap
                | Op::BuildSet
                | Op::ListExtend
                | Op::SetupAnnotations
                | Op::Call
                | Op::CallKw
        )
    };
    let calls = statement.iter().any(|i| matches!(i.op, Op::Call | Op::CallKw));
    statement.iter().all(known) && (!calls || statement.iter().any(|i| i.op == Op::MakeFunction))
}

/// Docstrings too.
fn is_import(statement: &[Instr]) -> bool {
    let imports = statement.iter().any(|i| i.op == Op::ImportName);
    imports || statement.iter().all(|i| matches!(i.op, Op::Nop | Op::Resume | Op::LoadConst | Op::StoreName))
}

/// The code of a beginning: it returns where the rest would begin.
fn beginning(code: &CodeProto, at: usize) -> CodeProto {
    let mut begin = code.clone();
    begin.instrs.truncate(at);
    begin.instrs.push(Instr::new(Op::ReturnConst, begin.consts.len() as u32));
    begin.consts.push(Const::None);
    begin.positions.truncate(at + 1);
    begin.exc_table.clear();
    begin
}

/// What ending the beginning takes, in ticks: the loop has counted them.
const RETURN_TICKS: u32 = 1;

impl Vm {
    /// Notes that an object was made of the world's entropy, in case this state is to be kept.
    pub fn note_entropy_use(&mut self, made: EntropyUse) {
        if let Some(uses) = &mut self.iso_mut().entropy_uses {
            uses.push(made);
        }
    }
    /// Runs the beginning of a program and keeps the state behind it.
    fn begin_program(&mut self, program: Program, beginning: CodeProto, at: usize, sim: &SimWorld, check: bool) -> Result<Start, String> {
        let Program::Code { code, name, file } = &program else { return Err("the program is not compiled".into()) };
        self.watch_interrupts();
        if !self.iso().settings.warn_options.is_empty() && self.import("warnings").is_err() {
            return Err("warnings cannot be imported".into());
        }
        self.iso_mut().entropy_uses = Some(Vec::new());
        let ns = self.main_namespace_of(name, *file);
        let code = self.new_code(code);
        if at > 0 {
            let begin = self.new_code(&Arc::new(beginning));
            let done = self.run_code(&begin, &ns, None);
            if let Err(e) = done {
                return Err(format!("the beginning raises {}", self.type_name(&e.0)));
            }
            self.turn.give_back(RETURN_TICKS);
        }
        if self.run_pending().is_err() {
            return Err("a finaliser ended the run".into());
        }
        let gil = Arc::clone(&self.gil);
        gil.sync_clock(&mut self.turn);
        let mark = sim.mark()?;
        if self.is_watched_otherwise() {
            return Err("a trace function or a handler of a signal is set".into());
        }
        if self.iso().process.fds.count() > 3 {
            return Err("the beginning opens files".into());
        }
        let entropy = self.iso_mut().entropy_uses.take().unwrap_or_default();
        if mark.entropy != entropy.iter().map(|u| u.bytes).sum::<u64>() || entropy.iter().any(|u| !(u.unused)(self, &u.object)) {
            return Err("the beginning makes use of entropy".into());
        }
        let start = Start {
            entropy,
            code,
            context: self.context.clone(),
            at,
            until_switch: self.turn.until_switch(),
            mark: Arc::new(mark),
            finalised: AtomicBool::new(false),
        };
        let me = self.tid();
        drop(ns);
        self.iso_mut().keep(me, check).map_err(|why| why.to_string())?;
        Ok(start)
    }
    /// Whether something of the main thread is set that a run would not find again.
    fn is_watched_otherwise(&self) -> bool {
        self.iso().world.watched_signals().len() > 1
    }
    /// Runs a program from where it was kept, then what comes at a process's end. Gives the exit code.
    fn run_from(&mut self, start: &Start, look: AtEnd) -> (i32, bool) {
        self.watch_interrupts();
        let ns = self.main_namespace();
        self.context = start.context.clone();
        start.entropy.iter().for_each(|u| (u.again)(self, &u.object));
        let gil = Arc::clone(&self.gil);
        gil.go_on(&mut self.turn, start.until_switch);
        let result = self.run_code_from(&start.code, &ns, None, start.at).map(drop);
        let code = self.finish_main(result);
        self.finish_kept(code, look)
    }
}
