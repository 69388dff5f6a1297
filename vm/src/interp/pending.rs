//! What happens between instructions: the tick's end, finalisers, collections, signals.

use crate::error::{Exc, PyResult, Raised};
use crate::gil::pending as flags;
use crate::op::Op;
use crate::special::{Name, Special};
use crate::value::Value;
use crate::vm::Vm;

impl Raised {
    /// What unwinds a thread that has been killed: no handler catches it, no `finally` runs.
    pub const KILLED: Raised = Raised(Value::NULL);
    /// Is it that?
    pub fn is_killed(&self) -> bool {
        self.0.is_null()
    }
}

impl Vm {
    /// The countdown has run out.
    #[cold]
    #[inline(never)]
    pub(crate) fn tick_expired(&mut self) -> PyResult<()> {
        let pending = self.gil.tick_expired(&mut self.turn);
        if self.is_logged() {
            self.log_place_last();
        }
        if pending != 0 {
            self.check_pending(pending)?;
        }
        self.heap().tick_budget();
        if self.heap_pending() {
            self.run_pending()?;
        }
        Ok(())
    }
    /// Lets the world's clock catch up with the instructions that the thread has run.
    pub fn sync_clock(&mut self) {
        let gil = std::sync::Arc::clone(&self.gil);
        gil.sync_clock(&mut self.turn);
    }
    /// The short way of [`Vm::tick_expired`], for a lone thread: the ticks it has now. 0: that will not do.
    #[inline(always)]
    pub(crate) fn tick_alone(&mut self) -> i32 {
        let heap = &self.iso().heap;
        match heap.pending.get() || heap.is_limited() {
            true => 0,
            false => self.gil.tick_alone(&mut self.turn),
        }
    }
    /// Acts on the GIL's pending flags: what may raise an exception waits for the next place where CPython would let it.
    #[cold]
    fn check_pending(&mut self, pending: u32) -> PyResult<()> {
        let me = self.tid();
        let signal = pending & flags::SIGNAL != 0 && me == self.iso().main;
        let exception = pending & flags::ASYNC_EXC != 0 && self.iso().threads.get(me).is_some_and(|t| !t.async_exc.is_null());
        if pending & flags::KILL == 0 && (signal || exception) && !self.at_interrupt_point() {
            self.gil.look_again(&mut self.turn);
            return self.handle_pending(pending & !(flags::SIGNAL | flags::ASYNC_EXC));
        }
        self.handle_pending(pending)
    }
    /// Whether an exception from outside may be raised now: after a call, at a function's entry and at a backward jump
    /// (CPython 3.12's `CHECK_EVAL_BREAKER`). Elsewhere it could come between `with`'s last instruction and its `__exit__`, or
    /// between `finally:` and `lock.release()`. The entry or the jump is made the instruction that has failed.
    fn at_interrupt_point(&mut self) -> bool {
        let Some(frame) = self.stack.frames.last_mut() else { return true };
        // SAFETY: `ip` points into the code's instructions, behind the first one unless it is the first.
        unsafe {
            let start = (&(*(*frame.code).instrs.get())).as_ptr();
            let here = matches!((*frame.ip).op, Op::Resume | Op::JumpBack);
            frame.ip = frame.ip.add(usize::from(here));
            here || frame.ip > start && matches!((*frame.ip.sub(1)).op, Op::Call | Op::CallKw | Op::CallEx)
        }
    }
    /// Acts on the GIL's pending flags.
    #[cold]
    pub(crate) fn handle_pending(&mut self, pending: u32) -> PyResult<()> {
        if pending & (flags::KILL | flags::STOP) != 0 || self.iso().world.stopped() {
            self.note_stopped();
            return Err(Raised::KILLED);
        }
        if pending & flags::SIGNAL != 0 && self.tid() == self.iso().main {
            self.gil.clear_pending(flags::SIGNAL);
            self.run_signal_handlers()?;
        }
        if pending & flags::ASYNC_EXC != 0 {
            let tid = self.tid();
            if let Some(t) = self.iso_mut().threads.get_mut(tid) {
                let e = t.async_exc.take();
                if !e.is_null() {
                    let others = self.iso().threads.iter().any(|t| !t.async_exc.is_null());
                    if !others {
                        self.gil.clear_pending(flags::ASYNC_EXC);
                    }
                    let e = self.make_exception(&e)?;
                    return Err(Raised(e));
                }
            }
        }
        Ok(())
    }
    /// Where this thread was when the run was ended.
    fn note_stopped(&self) {
        if self.iso().world.stopped()
            && let Some((place, _)) = self.waiting_place()
        {
            self.iso().settings.exit.note_stopped(self.tid(), place);
        }
    }
    /// Runs the Python handlers of signals that have arrived. Without handlers SIGINT raises KeyboardInterrupt.
    pub fn run_signal_handlers(&mut self) -> PyResult<()> {
        let mut arrived = self.iso().world.take_signals();
        self.iso_mut().arrived_signals.append(&mut arrived);
        while !self.iso().arrived_signals.is_empty() {
            let signum = self.iso_mut().arrived_signals.remove(0);
            let result = match self.iso().signal_hook {
                Some(hook) => hook(self, signum),
                None if signum == libc::SIGINT => Err(self.err_args(Exc::KeyboardInterrupt, vec![])),
                None => Ok(()),
            };
            if result.is_err() && !self.iso().arrived_signals.is_empty() {
                // the others' turn comes after the exception
                self.gil.set_pending(flags::SIGNAL);
            }
            result?;
        }
        Ok(())
    }
    /// Whether a collection, finalisers or callbacks are due.
    #[inline(always)]
    pub(crate) fn heap_pending(&self) -> bool {
        self.iso().heap.pending.get()
    }
    /// Runs what dropping has queued: collections, callbacks of weak references, finalisers.
    #[cold]
    #[inline(never)]
    pub fn run_pending(&mut self) -> PyResult<()> {
        if self.in_pending {
            return Ok(());
        }
        if self.heap().budget.over {
            self.over_budget()?;
        }
        self.in_pending = true;
        self.heap().pending.set(false);
        if self.heap().take_gc_due() {
            self.collect_garbage();
        }
        loop {
            let heap = self.heap();
            if let Some((weak, callback)) = heap.callbacks.pop() {
                if let Err(e) = self.call(&callback, &[weak]) {
                    self.unraisable(e, &callback);
                }
                continue;
            }
            if self.heap().finalizers.is_empty() {
                break;
            }
            let object = self.heap().finalizers.remove(0);
            self.finalize(&object);
        }
        self.heap().pending.set(false);
        self.in_pending = false;
        Ok(())
    }
    /// A collection of cycles; how many objects were unreachable.
    pub fn collect_garbage(&mut self) -> usize {
        self.iso_mut().clear_lookups();
        self.heap().collect()
    }
    fn finalize(&mut self, object: &Value) {
        // a finaliser must not disturb what is being handled
        let handled = self.handled.take();
        if object.is_a::<super::generator::Generator>() {
            if let Err(e) = self.finalize_generator(object) {
                self.unraisable(e, object);
            }
        } else if object.is_a::<super::greenlet::Greenlet>() {
            self.finalize_greenlet(object);
        } else if let Some(del) = self.special(object, Special::Del)
            && let Err(e) = self.call_special(&del, &[object.clone()])
        {
            self.unraisable(e, &del);
        }
        self.handled = handled;
    }
    /// An error that nobody can catch (`sys.unraisablehook`).
    pub fn unraisable(&mut self, e: Raised, object: &Value) {
        self.unraisable_as("Exception ignored in", e, object);
    }
    /// The same with another message; `object` may be absent.
    pub fn unraisable_as(&mut self, message: &str, e: Raised, object: &Value) {
        if e.is_killed() {
            return;
        }
        if self.traceback_of(&e.0).is_none() && !self.stack.frames.is_empty() {
            self.add_traceback(&e.0);
        }
        let (sys, hook, original) = (self.iso().sys.clone(), self.name(Name::UnraisableHook), self.intern("__unraisablehook__"));
        let h = self.dict_get_str(&sys, &hook);
        let replaced = h.filter(|h| !self.dict_get_str(&sys, &original).is_some_and(|o| o.is(h)));
        match replaced {
            Some(h) if !h.is_none() => {
                if let Err(second) = self.call_unraisable_hook(&h, message, &e, object) {
                    self.write_unraisable("Exception ignored in sys.unraisablehook", &second, &h);
                }
            }
            _ => self.write_unraisable(message, &e, object),
        }
    }
    fn call_unraisable_hook(&mut self, hook: &Value, message: &str, e: &Raised, object: &Value) -> PyResult<()> {
        let sys = self.import("sys")?;
        let make = self.attr(&sys, "UnraisableHookArgs")?;
        let (ty, tb) = (e.0.type_of(self).clone(), self.traceback_of(&e.0));
        let text = if message == "Exception ignored in" { Value::NONE } else { self.new_str(message) };
        let object = if object.is_null() { Value::NONE } else { object.clone() };
        let fields = self.new_tuple(vec![ty, e.0.clone(), tb, text, object]);
        let args = self.call(&make, &[fields])?;
        self.call(hook, &[args]).map(drop)
    }
    /// What `sys.__unraisablehook__` prints.
    pub fn write_unraisable(&mut self, message: &str, e: &Raised, object: &Value) {
        let head = if object.is_null() {
            format!("{message}:\n")
        } else {
            let place = self.repr_text(object).unwrap_or_else(|_| "<object repr() failed>".into());
            format!("{message}: {place}\n")
        };
        let text = crate::traceback::format_unraisable(self, &e.0);
        self.write_error_text(&format!("{head}{text}"));
    }
    /// Writes to what a script has put in place of `sys.stderr`, else to the process's standard error; nothing where it is None.
    pub fn write_error_text(&mut self, text: &str) {
        let (sys, key, original) = (self.iso().sys.clone(), self.name(Name::Stderr), self.intern("__stderr__"));
        match self.dict_get_str(&sys, &key) {
            Some(f) if f.is_none() => {}
            Some(f) if !self.dict_get_str(&sys, &original).is_some_and(|o| o.is(&f)) => {
                let text = self.new_str(text);
                let _ = self.call_method(&f, "write", &[text]).and_then(|_| self.call_method(&f, "flush", &[]));
            }
            _ => self.write_stderr(text),
        }
    }
    /// Writes text to `sys.stderr`; to the process's own standard error where that cannot be.
    pub fn write_stderr(&mut self, text: &str) {
        let (sys, key) = (self.iso().sys.clone(), self.name(crate::special::Name::Stderr));
        match self.dict_get_str(&sys, &key) {
            Some(f) if f.is_none() => return,
            Some(f) => {
                let text = self.new_str(text);
                if self.call_method(&f, "write", &[text]).is_ok() {
                    // an error now is no reason to write it again
                    let _ = self.call_method(&f, "flush", &[]);
                    return;
                }
            }
            None => {}
        }
        let (stderr, me) = (self.iso().world.stdio(2), self.tid());
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match stderr.write(me, rest) {
                Ok(n) if n > 0 => rest = &rest[n..],
                _ => break,
            }
        }
    }
}
