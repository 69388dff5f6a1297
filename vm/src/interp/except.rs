//! Exceptions: from where they are raised to their handler.
//!
//! SAFETY, for the whole file: F1 of `frame`; depths come from the compiler's exception table.

use super::frame::{ENTRY, GENERATOR};
use crate::error::{Exc, PyResult, Raised};
use crate::special::Special;
use crate::types::T;
use crate::types::exception::Exception;
use crate::types::frame_obj::Traceback;
use crate::types::tuple::Tuple;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Finds the handler of an exception raised in the frame on top, leaving frames on the way. `Err`: it leaves the frame that was
    /// entered from Rust.
    #[cold]
    #[inline(never)]
    pub(crate) fn unwind(&mut self, raised: Raised) -> PyResult<()> {
        let mut exc = raised.0;
        let mut again = std::mem::take(&mut self.reraising);
        let mut raised_at = self.reraised_at.take();
        // what the failing instruction dropped is finalised before its handler runs
        if self.heap_pending() && !exc.is_null() {
            let _ = self.run_pending();
        }
        loop {
            if !exc.is_null() {
                if !again {
                    self.add_context(&exc);
                    self.add_traceback(&exc);
                    if self.tracing.on {
                        let result = self.trace_exception(&exc);
                        exc = self.traced(exc, result);
                    }
                }
                again = false;
                if self.enter_handler(&exc, raised_at.take()) {
                    return Ok(());
                }
                if self.tracing.on {
                    let result = self.trace_unwind();
                    exc = self.traced(exc, result);
                }
            }
            let flags = self.drop_top_frame();
            if flags & ENTRY != 0 {
                return Err(Raised(exc));
            }
            debug_assert!(flags & GENERATOR == 0 || !self.stack.frames.is_empty());
        }
    }
    /// Goes to the handler in the frame on top, if the failing instruction has one. `raised_at`: where the exception was raised first,
    /// when it is raised again.
    fn enter_handler(&mut self, exc: &Value, raised_at: Option<i64>) -> bool {
        // SAFETY: the entry's depth is at most the present one.
        unsafe {
            let f = self.top();
            let at = f.last_instr() as u32;
            let Some(entry) = f.code().proto.exc_table.iter().find(|e| e.start <= at && at < e.end).copied() else { return false };
            let floor = f.base.add(f.code().proto.slots() + entry.depth as usize);
            while f.sp > floor {
                f.sp = f.sp.sub(1);
                drop(f.sp.read());
            }
            if entry.lasti {
                f.sp.write(Value::small_wrap(raised_at.unwrap_or(i64::from(at))));
                f.sp = f.sp.add(1);
            }
            f.sp.write(exc.clone());
            f.sp = f.sp.add(1);
            f.ip = (&(*(*f.code).instrs.get())).as_ptr().add(entry.target as usize);
            true
        }
    }
    /// An exception raised while another is handled remembers that one.
    fn add_context(&mut self, exc: &Value) {
        let fresh = exc.borrow::<Exception>(self).is_some_and(|e| e.traceback.is_null() && e.context.is_null());
        if fresh {
            self.set_context(exc);
        }
    }
    /// Makes what is being handled the context of `exc`, and breaks a cycle that would make.
    pub(crate) fn set_context(&mut self, exc: &Value) {
        let handled = self.handled_or_null();
        if handled.is_null() || handled.is(exc) {
            return;
        }
        let mut cursor = handled.clone();
        let mut steps = 0;
        while let Some(e) = cursor.borrow::<Exception>(self) {
            let next = e.context.clone();
            if next.is(exc) {
                if let Some(e) = cursor.borrow_mut::<Exception>(self) {
                    e.context = Value::NULL;
                }
                break;
            }
            steps += 1;
            if next.is_null() || steps > 10_000 {
                break;
            }
            cursor = next;
        }
        let old = exc.borrow_mut::<Exception>(self).map(|e| std::mem::replace(&mut e.context, handled));
        drop(old);
    }
    /// Adds the frame on top to the traceback.
    pub(crate) fn add_traceback(&mut self, exc: &Value) {
        let at = self.stack.frames.len() - 1;
        let lasti = self.stack.frames[at].last_instr() as u32;
        let frame = self.frame_object_at(at);
        let next = exc.borrow::<Exception>(self).map(|e| e.traceback.clone()).unwrap_or_default();
        let next = if next.is_null() { Value::NONE } else { next };
        let tb = self.new_object(T::Traceback, Traceback { next, frame, lasti, lineno: 0 });
        if let Some(e) = exc.borrow_mut::<Exception>(self) {
            let old = std::mem::replace(&mut e.traceback, tb);
            drop(old);
        }
    }

    /// RAISE_VARARGS: the exception to raise.
    pub(crate) fn do_raise(&mut self, mut args: Vec<Value>) -> Raised {
        let cause = if args.len() == 2 { args.pop() } else { None };
        let Some(what) = args.pop() else {
            let handled = self.handled_or_null();
            if handled.is_null() {
                return self.runtime_error("No active exception to reraise");
            }
            self.reraising = true;
            return Raised(handled);
        };
        let exc = match self.make_exception(&what) {
            Ok(e) => e,
            Err(e) => return e,
        };
        if let Some(cause) = cause {
            let cause = if cause.is_none() {
                Value::NULL
            } else {
                match self.make_exception(&cause) {
                    Ok(c) => c,
                    Err(_) if !cause.is_a::<Exception>() && !self.is_exception_class(&cause) => {
                        return self.type_error("exception causes must derive from BaseException");
                    }
                    Err(e) => return e,
                }
            };
            if let Some(e) = exc.borrow_mut::<Exception>(self) {
                e.suppress_context = true;
                let old = std::mem::replace(&mut e.cause, cause);
                drop(old);
            }
        }
        self.set_context(&exc);
        Raised(exc)
    }
    fn is_exception_class(&self, v: &Value) -> bool {
        v.borrow::<TypeObj>(self).is_some_and(|t| t.has(flags::EXCEPTION))
    }
    /// The instance that `raise v` raises: classes are called.
    pub fn make_exception(&mut self, v: &Value) -> PyResult {
        if v.is_a::<Exception>() {
            return Ok(v.clone());
        }
        if self.is_exception_class(v) {
            let e = self.call(v, &[])?;
            if !e.is_a::<Exception>() {
                let class = e.type_of(self).clone();
                let (t, n) = (self.repr_text(v)?, self.repr_text(&class)?);
                return Err(self.type_error(format!("calling {t} should have returned an instance of BaseException, not {n}")));
            }
            return Ok(e);
        }
        Err(self.type_error("exceptions must derive from BaseException"))
    }
    /// CHECK_EXC_MATCH
    pub(crate) fn check_exc_match(&mut self, exc: &Value, ty: &Value) -> PyResult<bool> {
        let catchable = match ty.get::<Tuple>() {
            Some(t) => t.items().iter().all(|c| self.is_exception_class(c)),
            None => self.is_exception_class(ty),
        };
        if !catchable {
            return Err(self.type_error("catching classes that do not inherit from BaseException is not allowed"));
        }
        Ok(self.exc_matches(exc, ty))
    }
    /// Whether an exception is an instance of a class or of one of a tuple of classes, by the MRO alone.
    pub fn exc_matches(&self, exc: &Value, ty: &Value) -> bool {
        match ty.get::<Tuple>() {
            Some(t) => t.items().iter().any(|c| exc.class(self).is_subtype_of(c)),
            None => exc.class(self).is_subtype_of(ty),
        }
    }
    /// STOPITERATION_ERROR (PEP 479)
    pub(crate) fn stop_iteration_error(&mut self, e: Value, kind: u8) -> Value {
        let class = e.class(self);
        let is_stop = class.is_subtype_of(self.exc_type(Exc::StopIteration));
        let is_async_stop = kind == 2 && class.is_subtype_of(self.exc_type(Exc::StopAsyncIteration));
        if !is_stop && !is_async_stop {
            return e;
        }
        let what = ["generator", "coroutine", "async generator"][kind.min(2) as usize];
        let which = if is_async_stop { "StopAsyncIteration" } else { "StopIteration" };
        let r = self.runtime_error(format!("{what} raised {which}"));
        if let Some(x) = r.0.borrow_mut::<Exception>(self) {
            x.cause = e.clone();
            x.context = e;
            x.suppress_context = true;
        }
        r.0
    }
    /// BEFORE_WITH: the bound `__exit__` and the result of `__enter__()`.
    pub(crate) fn before_with(&mut self, mgr: &Value) -> PyResult<(Value, Value)> {
        let (exit, enter) = self.with_methods(mgr, Special::Enter, Special::Exit, "context manager")?;
        let entered = self.call(&enter, &[])?;
        Ok((exit, entered))
    }
    /// BEFORE_ASYNC_WITH: the bound `__aexit__` and the awaitable of `__aenter__()`.
    pub(crate) fn before_async_with(&mut self, mgr: &Value) -> PyResult<(Value, Value)> {
        let (exit, enter) = self.with_methods(mgr, Special::AEnter, Special::AExit, "asynchronous context manager")?;
        let awaitable = self.call(&enter, &[])?;
        Ok((exit, awaitable))
    }
    fn with_methods(&mut self, mgr: &Value, enter: Special, exit: Special, what: &str) -> PyResult<(Value, Value)> {
        let ty = mgr.type_of(self).clone();
        let (f, g) = (self.special(mgr, enter), self.special(mgr, exit));
        let name = self.type_name(mgr);
        let Some(f) = f else {
            return Err(self.type_error(format!("'{name}' object does not support the {what} protocol")));
        };
        let Some(g) = g else {
            let missing = exit.name();
            return Err(self.type_error(format!("'{name}' object does not support the {what} protocol (missed {missing} method)")));
        };
        let bound_enter = self.descriptor_get(&f, mgr, &ty)?;
        let bound_exit = self.descriptor_get(&g, mgr, &ty)?;
        Ok((bound_exit, bound_enter))
    }
    /// WITH_EXCEPT_START
    pub(crate) fn with_except_start(&mut self, exit: &Value, exc: &Value) -> PyResult {
        let ty = exc.type_of(self).clone();
        let tb = exc.borrow::<Exception>(self).map(|e| e.traceback.clone()).unwrap_or_default();
        let tb = if tb.is_null() { Value::NONE } else { tb };
        self.call(exit, &[ty, exc.clone(), tb])
    }
}
