//! `sys.settrace` and `sys.setprofile`: a traced thread's countdown is always used up, so that it comes by here before each instruction.
//! A thread that is not traced pays nothing.
//!
//! What differs from CPython: profile functions are not told of calls of natives (`c_call` ..).
//!
//! SAFETY, for the whole file: F1 of `frame`; `ip` points at the instruction that comes next.

use super::frame::Frame;
use crate::error::PyResult;
use crate::op::{Instr, Op};
use crate::types::frame_obj::FrameObj;
use crate::value::Value;
use crate::vm::Vm;

/// How far the tracing of a thread is.
#[derive(Default)]
pub struct Tracing {
    /// For each frame by depth: the last instruction seen, and its line.
    seen: Vec<Option<(usize, u32)>>,
    /// A trace function runs.
    inside: bool,
}

impl Vm {
    /// Sets the trace function; absent: none.
    pub fn set_trace(&mut self, function: Value) {
        let old = std::mem::replace(&mut self.trace, function);
        drop(old);
        self.update_stepping();
    }
    /// Sets the profile function; absent: none.
    pub fn set_profile(&mut self, function: Value) {
        let old = std::mem::replace(&mut self.profile, function);
        drop(old);
        self.update_stepping();
    }
    fn update_stepping(&mut self) {
        let wanted = !(self.trace.is_null() && self.profile.is_null()) && !self.tracing.inside;
        self.turn.single_step = wanted;
        if wanted {
            let gil = self.gil.clone();
            gil.look_again(&mut self.turn);
        }
    }
    /// Tells of what the next instruction of the frame on top is about to do.
    #[cold]
    pub(crate) fn trace_step(&mut self) -> PyResult<()> {
        let depth = self.stack.frames.len();
        let Some(frame) = self.stack.frames.last() else { return Ok(()) };
        // SAFETY: see the file's head.
        let (at, next, before) = unsafe {
            let at = position(frame);
            (at, *frame.ip, (at > 0).then(|| *frame.ip.sub(1)))
        };
        let line = frame.code().proto.positions.get(at).map_or(0, |p| p.line);
        self.tracing.seen.resize(depth, None);
        let last = self.tracing.seen[depth - 1];
        let resumed = before.is_some_and(|i| i.op == Op::YieldValue) && last.is_none_or(|(i, _)| i + 1 == at);
        if next.op == Op::Resume || resumed {
            self.tracing.seen[depth - 1] = Some((at, line));
            return self.at_instruction(|vm, frame| vm.trace_call(frame));
        }
        if is_return(next) {
            self.line_event(at, line, last)?;
            let result = self.about_to_return(next);
            return self.at_instruction(|vm, frame| vm.trace_return(frame, result));
        }
        self.line_event(at, line, last)
    }
    /// A line begins, or a jump goes back within one.
    fn line_event(&mut self, at: usize, line: u32, last: Option<(usize, u32)>) -> PyResult<()> {
        let depth = self.stack.frames.len();
        if line == 0 {
            return Ok(());
        }
        self.tracing.seen[depth - 1] = Some((at, line));
        if last.is_some_and(|(i, l)| l == line && at > i) || self.trace.is_null() {
            return Ok(());
        }
        self.at_instruction(|vm, frame| vm.trace_local(frame, "line", Value::NONE))
    }
    /// Runs `f` as if the next instruction were running, so that frames show its line.
    fn at_instruction(&mut self, f: impl FnOnce(&mut Vm, &Value) -> PyResult<()>) -> PyResult<()> {
        let depth = self.stack.frames.len() - 1;
        let ip = self.stack.frames[depth].ip;
        // SAFETY: an instruction stands at `ip`, so the end of the code is at least one further.
        self.stack.frames[depth].ip = unsafe { ip.add(1) };
        let object = self.frame_object_at(depth);
        let result = f(self, &object);
        if result.is_ok() {
            self.stack.frames[depth].ip = ip;
        }
        result
    }
    fn trace_call(&mut self, frame: &Value) -> PyResult<()> {
        let profile = self.profile.clone();
        self.run_tracer(&profile, frame, "call", Value::NONE)?;
        let trace = self.trace.clone();
        let local = self.run_tracer(&trace, frame, "call", Value::NONE)?;
        self.set_local_trace(frame, local);
        Ok(())
    }
    fn trace_return(&mut self, frame: &Value, result: Value) -> PyResult<()> {
        if !self.trace.is_null() {
            self.trace_local(frame, "return", result.clone())?;
        }
        let profile = self.profile.clone();
        self.run_tracer(&profile, frame, "return", result).map(drop)
    }
    fn trace_local(&mut self, frame: &Value, event: &'static str, arg: Value) -> PyResult<()> {
        let local = frame.borrow::<FrameObj>(self).map(|f| f.trace.clone()).unwrap_or_default();
        let next = self.run_tracer(&local, frame, event, arg)?;
        self.set_local_trace(frame, next);
        Ok(())
    }
    /// What a trace function gives is the frame's next one, unless it is None.
    fn set_local_trace(&mut self, frame: &Value, function: Value) {
        if function.is_none() || function.is_null() {
            return;
        }
        let old = frame.borrow_mut::<FrameObj>(self).map(|f| std::mem::replace(&mut f.trace, function));
        drop(old);
    }
    /// Calls a trace function, if there is one, untraced. One that raises is not called again.
    fn run_tracer(&mut self, function: &Value, frame: &Value, event: &'static str, arg: Value) -> PyResult {
        if function.is_null() || function.is_none() {
            return Ok(Value::NONE);
        }
        self.tracing.inside = true;
        self.turn.single_step = false;
        let event = self.intern(event);
        let result = self.call(function, &[frame.clone(), event, arg]);
        self.tracing.inside = false;
        if result.is_err() {
            self.set_trace(Value::NULL);
            self.set_profile(Value::NULL);
        }
        self.update_stepping();
        result
    }
    /// An exception is raised in, or comes to, the frame on top.
    #[cold]
    pub(crate) fn trace_exception(&mut self, exc: &Value) {
        if self.trace.is_null() || self.tracing.inside || exc.is_null() {
            return;
        }
        let frame = self.frame_object_at(self.stack.frames.len() - 1);
        let tb = self.traceback_of(exc);
        let parts = vec![exc.type_of(self).clone(), exc.clone(), if tb.is_null() { Value::NONE } else { tb }];
        let arg = self.new_tuple(parts);
        if let Err(e) = self.trace_local(&frame, "exception", arg) {
            self.unraisable(e, &frame);
        }
    }
    /// The frame on top is left by an exception.
    #[cold]
    pub(crate) fn trace_unwound(&mut self) {
        if self.tracing.inside {
            return;
        }
        let frame = self.frame_object_at(self.stack.frames.len() - 1);
        if let Err(e) = self.trace_return(&frame, Value::NONE) {
            self.unraisable(e, &frame);
        }
    }
    /// Whether somebody listens.
    #[inline]
    pub(crate) fn is_traced(&self) -> bool {
        self.turn.single_step
    }
    fn about_to_return(&mut self, i: Instr) -> Value {
        let Some(frame) = self.stack.frames.last() else { return Value::NONE };
        match i.op {
            Op::ReturnConst => frame.code().consts.get(i.b as usize).cloned().unwrap_or(Value::NONE),
            // SAFETY: the instruction takes its operand from the top.
            _ => unsafe { (*frame.sp.sub(1)).clone() },
        }
    }
}

fn is_return(i: Instr) -> bool {
    matches!(i.op, Op::ReturnValue | Op::ReturnConst | Op::YieldValue)
}

/// # Safety
/// F1.
unsafe fn position(frame: &Frame) -> usize {
    // SAFETY: `ip` points into the code's instructions.
    unsafe { frame.ip.offset_from((&(*(*frame.code).instrs.get())).as_ptr()) as usize }
}
