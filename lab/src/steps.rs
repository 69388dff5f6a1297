//! A run as a row of steps: a thread begins a line of the script. What `gilbert replay --step` walks along.

use crate::detect::place::At;
use crate::outcome::RunResult;
use crate::runner::Runner;
use crate::schedule::{Mismatch, Schedule};
use gilbert_vm::code::CodeProto;
use gilbert_vm::op::Op;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Tid;
use std::collections::HashMap;
use std::sync::Arc;

/// A thread begins a line, or goes on in it after others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its number in the run, from 1.
    pub number: usize,
    /// Who.
    pub thread: Tid,
    /// Calls of the script around it.
    pub depth: usize,
    /// Where.
    pub at: At,
    /// It does not begin the line: it was interrupted in the midst of it, and goes on.
    pub goes_on: bool,
}

/// What shall happen after a step was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Go {
    /// On.
    On,
    /// The run is ended here.
    End,
}

/// Whether a file belongs to the library.
pub fn of_library(code: &CodeProto) -> bool {
    code.filename.starts_with("<lib>") || code.filename.starts_with("<frozen")
}

/// Where the calls of one thread stand: code, line, instruction, from the outermost on.
#[derive(Default)]
struct Standing(Vec<(usize, u32, u32)>);

impl Standing {
    /// Whether the innermost call begins a line with this instruction.
    fn begins(&mut self, depth: usize, code: &Arc<CodeProto>, at: u32) -> bool {
        let now = (Arc::as_ptr(code) as usize, code.line_at(at as usize), at);
        self.0.truncate(depth);
        match self.0.get_mut(depth - 1) {
            Some(was) => {
                let same = was.0 == now.0 && was.1 == now.1 && was.2 < now.2;
                *was = now;
                !same
            }
            None => {
                self.0.resize(depth - 1, (0, 0, 0));
                self.0.push(now);
                true
            }
        }
    }
}

/// Finds the steps in a run's instructions.
#[derive(Default)]
pub struct Finder {
    threads: HashMap<u32, Standing>,
    last: Option<Tid>,
    count: usize,
}

impl Finder {
    /// Before an instruction: the step that it begins, if it begins one.
    pub fn look(&mut self, vm: &Vm) -> Option<Step> {
        let (code, at) = vm.calls().next()?;
        let begins_call = matches!(code.instrs.get(at as usize)?.op, Op::Resume | Op::MakeCell | Op::ReturnGenerator);
        if of_library(code) || begins_call {
            return None;
        }
        let depth = vm.calls().count();
        let thread = vm.tid();
        let begins = self.threads.entry(thread.0).or_default().begins(depth, code, at);
        let switched = self.last.replace(thread).is_some_and(|last| last != thread);
        if !begins && !switched {
            return None;
        }
        self.count += 1;
        let place = At { file: code.filename.clone(), line: code.line_at(at as usize), function: code.qualname.clone() };
        Some(Step { number: self.count, thread, depth, at: place, goes_on: !begins })
    }
}

/// Runs a schedule again; `visit` looks at each step before it is made.
///
/// # Errors
/// The schedule does not fit.
pub fn walk(schedule: &Schedule, runner: &Runner, mut visit: impl FnMut(&mut Vm, &Step) -> Go + Send + 'static) -> Result<RunResult, Mismatch> {
    schedule.replay_with(runner, move |vm| {
        let mut finder = Finder::default();
        vm.step_with(Box::new(move |vm: &mut Vm| {
            if let Some(step) = finder.look(vm)
                && visit(vm, &step) == Go::End
            {
                vm.iso().world.stop();
            }
        }));
    })
}
