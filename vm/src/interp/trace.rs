//! `sys.settrace` and `sys.setprofile`: the events of a thread's Python code (`Python/legacy_tracing.c`).
//!
//! The plain loop knows nothing of them. Setting a function lets the countdown expire, so that the plain loop hands the frame over to
//! the observed one, which calls [`Vm::trace_step`] before every instruction. Code that the tracing function runs is not traced.

use super::frame::{Frame, GENERATOR};
use crate::error::{PyResult, Raised};
use crate::op::Op;
use crate::types::exception::Exception;
use crate::types::frame_obj::{FrameObj, NO_INSTRUCTION};
use crate::types::function::BoundMethod;
use crate::types::native::Native;
use crate::value::Value;
use crate::vm::Vm;

/// What a thread has to know to trace.
#[derive(Default)]
pub struct Tracing {
    /// `sys.settrace`'s function, or absent.
    pub trace: Value,
    /// `sys.setprofile`'s function, or absent.
    pub profile: Value,
    /// One of them is set and not running now.
    pub(crate) on: bool,
    /// One of them runs.
    inside: bool,
    /// The plain loop is to hand over to the observed one.
    pub(crate) hand_over: bool,
    /// Natives that Python code has called and that have not returned: the number of frames then, and the callable.
    pub(super) native_calls: Vec<(usize, Value)>,
}

impl Vm {
    /// `sys.settrace(f)`; absent for none.
    pub fn set_trace(&mut self, f: Value) {
        let old = std::mem::replace(&mut self.tracing.trace, f);
        self.tracing_changed();
        drop(old);
    }
    /// `sys.setprofile(f)`; absent for none.
    pub fn set_profile(&mut self, f: Value) {
        let old = std::mem::replace(&mut self.tracing.profile, f);
        if self.tracing.profile.is_null() {
            self.tracing.native_calls.clear();
        }
        self.tracing_changed();
        drop(old);
    }
    fn tracing_changed(&mut self) {
        let t = &mut self.tracing;
        let wanted = !t.trace.is_null() || !t.profile.is_null();
        t.on = wanted && !t.inside;
        if t.on {
            // the plain loop looks when its countdown has expired
            self.turn.expire_now();
        }
    }
    /// Calls the tracing function; while it runs nothing is traced. Where it fails it is set no more.
    fn call_tracer(&mut self, f: &Value, object: &Value, event: &str, arg: Value) -> PyResult {
        let kept = (std::mem::take(&mut self.reraising), self.reraised_at.take(), self.handled.clone());
        self.tracing.on = false;
        self.tracing.inside = true;
        let event = self.intern(event);
        let result = self.call(f, &[object.clone(), event, arg]);
        self.tracing.inside = false;
        (self.reraising, self.reraised_at, self.handled) = kept;
        if result.is_err() {
            self.tracing.trace = Value::NULL;
            self.tracing.profile = Value::NULL;
        }
        self.tracing.on = !(self.tracing.trace.is_null() && self.tracing.profile.is_null());
        result
    }
    fn local_trace(&self, object: &Value) -> Option<Value> {
        object.borrow::<FrameObj>(self).map(|o| o.trace.clone()).filter(|t| !t.is_null())
    }
    /// An event for the function in `f_trace`; what it returns takes its place.
    fn trace_local(&mut self, object: &Value, event: &str, arg: Value) -> PyResult<()> {
        if self.tracing.trace.is_null() {
            return Ok(());
        }
        let Some(f) = self.local_trace(object) else { return Ok(()) };
        match self.call_tracer(&f, object, event, arg) {
            Ok(next) => {
                if !next.is_none() {
                    self.set_local_trace(object, next);
                }
                Ok(())
            }
            Err(e) => {
                self.set_local_trace(object, Value::NULL);
                Err(e)
            }
        }
    }
    fn set_local_trace(&mut self, object: &Value, f: Value) {
        let old = object.borrow_mut::<FrameObj>(self).map(|o| std::mem::replace(&mut o.trace, f));
        drop(old);
    }
    fn profile_event(&mut self, object: &Value, event: &str, arg: Value) -> PyResult<()> {
        if self.tracing.profile.is_null() {
            return Ok(());
        }
        let f = self.tracing.profile.clone();
        self.call_tracer(&f, object, event, arg).map(drop)
    }

    /// What is due before an instruction of the frame on top.
    #[cold]
    #[inline(never)]
    pub(crate) fn trace_step(&mut self, op: Op) -> PyResult<()> {
        let at = self.stack.frames.len() - 1;
        let frame = &self.stack.frames[at];
        let here = frame.last_instr() as u32;
        if here < first_instruction(frame) {
            return Ok(());
        }
        self.native_returned()?;
        let frame = &self.stack.frames[at];
        let object = frame.object.clone();
        if op == Op::Resume {
            return self.trace_enter(at, true);
        }
        let resumed = frame.flags & GENERATOR != 0 && object.borrow::<FrameObj>(self).is_none_or(|o| o.suspended);
        if resumed {
            self.trace_enter(at, false)?;
        }
        let object = self.stack.frames[at].object.clone();
        if !resumed && !object.is_null() && self.local_trace(&object).is_some() {
            self.trace_line(&object, here, op)?;
        }
        match op {
            Op::ReturnValue | Op::ReturnConst | Op::YieldValue => self.trace_leave(at, op),
            Op::Call | Op::CallKw if !self.tracing.profile.is_null() => self.native_called(at, (op == Op::CallKw) as usize),
            _ => Ok(()),
        }
    }
    /// A function begins, or a generator goes on.
    fn trace_enter(&mut self, at: usize, fresh: bool) -> PyResult<()> {
        let object = self.frame_object_at(at);
        let (here, line) = (self.stack.frames[at].last_instr() as u32, self.stack.frames[at].line());
        if let Some(o) = object.borrow_mut::<FrameObj>(self) {
            o.suspended = false;
            o.traced_instr = if fresh { NO_INSTRUCTION } else { here };
            o.traced_line = line;
        }
        if !self.tracing.trace.is_null() {
            let f = self.tracing.trace.clone();
            let local = self.call_tracer(&f, &object, "call", Value::NONE)?;
            self.set_local_trace(&object, if local.is_none() { Value::NULL } else { local });
        }
        self.profile_event(&object, "call", Value::NONE)
    }
    /// The events "line" and "opcode".
    fn trace_line(&mut self, object: &Value, here: u32, op: Op) -> PyResult<()> {
        let Some(frame) = self.stack.frames.last() else { return Ok(()) };
        let positions = &frame.code().proto.positions;
        let line = positions.get(here as usize).map_or(0, |p| p.line);
        let begins = here == 0 || positions.get(here as usize - 1).is_none_or(|p| p.line != line);
        let Some(o) = object.borrow_mut::<FrameObj>(self) else { return Ok(()) };
        let (before, last_line) = (o.traced_instr, o.traced_line);
        let (lines, opcodes) = (!o.no_lines, o.opcodes);
        o.traced_instr = here;
        if line != 0 {
            o.traced_line = line;
        }
        let fresh = before == NO_INSTRUCTION;
        // in the middle of a statement, when the tracing function has just been set
        let unknown = before == 0 && last_line == 0;
        let jumped = !unknown && !fresh && here != before + 1;
        let back = jumped && here <= before && op != Op::Send;
        let due = line != 0 && (fresh || back || (line != last_line && (begins || jumped)));
        if due && lines {
            self.trace_local(object, "line", Value::NONE)?;
        }
        if opcodes {
            self.trace_local(object, "opcode", Value::NONE)?;
        }
        Ok(())
    }
    /// The function returns, or the generator yields, what lies on the stack's top.
    fn trace_leave(&mut self, at: usize, op: Op) -> PyResult<()> {
        let frame = &self.stack.frames[at];
        let object = frame.object.clone();
        let value = if op == Op::ReturnConst {
            let code = frame.code();
            code.proto.instrs.get(frame.last_instr()).and_then(|i| code.consts.get(i.b as usize)).cloned().unwrap_or(Value::NONE)
        } else {
            // SAFETY: the instruction finds its operand there.
            unsafe { (*frame.sp.sub(1)).clone() }
        };
        if op == Op::YieldValue
            && let Some(o) = object.borrow_mut::<FrameObj>(self)
        {
            o.suspended = true;
        }
        if !object.is_null() {
            self.trace_local(&object, "return", value.clone())?;
        }
        if self.tracing.profile.is_null() {
            return Ok(());
        }
        let object = self.frame_object_at(at);
        self.profile_event(&object, "return", value)
    }
    /// An exception has come to the frame on top.
    #[cold]
    pub(crate) fn trace_exception(&mut self, exc: &Value) -> PyResult<()> {
        let at = self.stack.frames.len() - 1;
        self.native_failed()?;
        let object = self.stack.frames[at].object.clone();
        if self.stack.frames[at].flags & GENERATOR != 0 && object.borrow::<FrameObj>(self).is_some_and(|o| o.suspended) {
            // thrown into the generator
            self.trace_enter(at, false)?;
        }
        if object.is_null() || self.local_trace(&object).is_none() {
            return Ok(());
        }
        let (ty, tb) = (exc.type_of(self).clone(), exc.borrow::<Exception>(self).map(|e| e.traceback.clone()).unwrap_or_default());
        let tb = if tb.is_null() { Value::NONE } else { tb };
        let arg = self.new_tuple(vec![ty, exc.clone(), tb]);
        self.trace_local(&object, "exception", arg)
    }
    /// An exception leaves the frame on top.
    #[cold]
    pub(crate) fn trace_unwind(&mut self) -> PyResult<()> {
        let at = self.stack.frames.len() - 1;
        let object = self.stack.frames[at].object.clone();
        if object.is_null() {
            return Ok(());
        }
        self.trace_local(&object, "return", Value::NONE)?;
        self.profile_event(&object, "return", Value::NONE)
    }

    // --- natives, for the profiler

    /// A call is about to be made: of a native?
    fn native_called(&mut self, at: usize, names: usize) -> PyResult<()> {
        let frame = &self.stack.frames[at];
        let Some(n) = frame.code().proto.instrs.get(frame.last_instr()).map(|i| i.b as usize) else { return Ok(()) };
        let n = n + names;
        // SAFETY: callable, self or nothing, n arguments and perhaps the tuple of names lie on the stack.
        let (callable, this) = unsafe { ((*frame.sp.sub(n + 2)).clone(), (*frame.sp.sub(n + 1)).clone()) };
        let shown = if callable.get::<BoundMethod>().is_some_and(|m| m.func.is_a::<Native>()) {
            callable
        } else if !callable.is_a::<Native>() {
            return Ok(());
        } else if this.is_null() {
            callable
        } else {
            let ty = this.type_of(self).clone();
            self.descriptor_get(&callable, &this, &ty)?
        };
        let object = self.frame_object_at(at);
        self.tracing.native_calls.push((at, shown.clone()));
        self.profile_event(&object, "c_call", shown)
    }
    fn native_returned(&mut self) -> PyResult<()> {
        self.native_ended("c_return")
    }
    fn native_failed(&mut self) -> PyResult<()> {
        self.native_ended("c_exception")
    }
    fn native_ended(&mut self, event: &str) -> PyResult<()> {
        let at = self.stack.frames.len() - 1;
        while let Some((depth, callable)) = self.tracing.native_calls.pop() {
            if depth < at {
                self.tracing.native_calls.push((depth, callable));
                break;
            }
            if depth == at && !self.tracing.profile.is_null() {
                let object = self.frame_object_at(at);
                self.profile_event(&object, event, callable)?;
            }
        }
        Ok(())
    }
    /// The exception to go on with when the tracing function may have failed.
    pub(crate) fn traced(&mut self, exc: Value, result: PyResult<()>) -> Value {
        match result {
            Ok(()) => exc,
            Err(Raised(e)) => e,
        }
    }
}

/// The instruction at which a function's body begins; what stands before it makes cells and the generator.
fn first_instruction(frame: &Frame) -> u32 {
    frame.code().proto.instrs.iter().position(|i| i.op == Op::Resume).unwrap_or(0) as u32
}
