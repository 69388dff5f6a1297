//! Generators and coroutines: frames that wait in an object.
//!
//! The frame's window is the generator's own memory from the moment RETURN_GENERATOR runs, so resuming and yielding copy
//! nothing: a frame that points into it is pushed and popped.
//!
//! SAFETY, for the whole file: F1 of `frame`; while the state is `Running` the window belongs to the frame on the stack.

use super::frame::{ENTRY, Frame, GENERATOR};
use super::run::Next;
use crate::code::flags as cf;
use crate::error::{Exc, PyResult, Raised};
use crate::object::{Changes, Cloner, Kind, Payload};
use crate::op::Op;
use crate::special::{Name, Special};
use crate::types::T;
use crate::types::exception::Exception;
use crate::types::function::Code;
use crate::value::Value;
use crate::vm::Vm;
use std::mem::MaybeUninit;

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not yet resumed.
    Created,
    /// At a `yield`.
    Suspended,
    /// On some thread's stack.
    Running,
    /// Ended.
    Done,
}

/// What kind of object it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GenKind {
    /// `generator`
    Generator,
    /// `coroutine`
    Coroutine,
    /// `async_generator`
    AsyncGenerator,
}

/// The payload of generators, coroutines and async generators.
pub struct Generator {
    window: Box<[MaybeUninit<Value>]>,
    /// Values in the window while it is not running.
    used: usize,
    slots: usize,
    /// Index of the instruction with which it goes on.
    at: usize,
    code: *const Code,
    globals: u64,
    builtins: u64,
    owner: Value,
    handled: Value,
    /// Where it stands.
    pub state: State,
    /// What it is.
    pub kind: GenKind,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    frame_object: Value,
    /// Async generators: `aclose` was called, or it has ended.
    pub closed: bool,
    /// Async generators: an `asend`/`athrow`/`aclose` is running.
    pub running_async: bool,
    /// Async generators: the hooks have been told.
    pub hooked: bool,
    /// Async generators: the finaliser hook, or absent.
    pub finalizer: Value,
}

impl Generator {
    fn values(&self, n: usize) -> &[Value] {
        // SAFETY: the first n entries are values.
        unsafe { std::slice::from_raw_parts(self.window.as_ptr() as *const Value, n) }
    }
    /// The function (or code object) whose body this is.
    pub fn owner(&self) -> &Value {
        &self.owner
    }
    /// The code.
    pub fn code(&self) -> Option<&Code> {
        // SAFETY: `owner` keeps the code alive.
        if self.code.is_null() { None } else { Some(unsafe { &*self.code }) }
    }
    /// The instruction at which it waits.
    pub fn last_instr(&self) -> usize {
        self.at.saturating_sub(1)
    }
    /// What it delegates to by `yield from` or `await`, if it waits there.
    pub fn delegate(&self) -> Option<&Value> {
        if self.state != State::Suspended {
            return None;
        }
        let i = self.code()?.proto.instrs.get(self.last_instr())?;
        if i.op == Op::YieldValue && i.c == 1 { self.values(self.used).last() } else { None }
    }
    fn release(&mut self) {
        for i in (0..std::mem::take(&mut self.used)).rev() {
            // SAFETY: entries below `used` are values, each dropped once.
            unsafe { self.window[i].assume_init_drop() };
        }
        self.window = Box::default();
    }
}

impl Drop for Generator {
    fn drop(&mut self) {
        self.release();
    }
}

impl Payload for Generator {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    const KIND: Kind = Kind::Generator;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        // a running window is its frame's: leaving its references uncounted only keeps them alive
        self.values(self.used).iter().for_each(&mut *visit);
        for v in [&self.owner, &self.handled, &self.name, &self.qualname, &self.frame_object, &self.finalizer] {
            visit(v);
        }
    }
    fn clear(&mut self) {
        if self.state != State::Running {
            self.state = State::Done;
            self.release();
        }
    }
    fn clone_in(&self, c: &mut Cloner) -> Generator {
        let mut window: Box<[MaybeUninit<Value>]> = Box::new_uninit_slice(self.window.len());
        for (to, from) in window.iter_mut().zip(self.values(self.used)) {
            to.write(c.value(from));
        }
        let owner = c.value(&self.owner);
        let (code, globals, builtins) = c.code_of(&self.owner, self.code, self.globals, self.builtins);
        Generator {
            window,
            used: self.used,
            slots: self.slots,
            at: self.at,
            code,
            globals,
            builtins,
            owner,
            handled: c.value(&self.handled),
            state: self.state,
            kind: self.kind,
            name: c.value(&self.name),
            qualname: c.value(&self.qualname),
            frame_object: c.value(&self.frame_object),
            closed: self.closed,
            running_async: self.running_async,
            hooked: self.hooked,
            finalizer: c.value(&self.finalizer),
        }
    }
    fn wants_finalizer(&self) -> bool {
        // only a body that waits inside a `try` or `with`, or an async generator, notices that it is closed
        match self.state {
            State::Suspended => {
                let at = self.last_instr() as u32;
                // every body is covered by the handler that turns StopIteration into RuntimeError
                let in_try = self.code().is_some_and(|c| {
                    let handler = c.proto.exc_table.iter().find(|e| e.start <= at && at < e.end);
                    handler.is_some_and(|e| c.proto.instrs[e.target as usize].op != Op::StopIterationError)
                });
                in_try || self.delegate().is_some() || self.kind == GenKind::AsyncGenerator
            }
            State::Created => self.kind == GenKind::Coroutine || !self.finalizer.is_null(),
            _ => false,
        }
    }
}

/// How a resumption ended.
pub enum Resumed {
    /// At a `yield`, with this value.
    Yield(Value),
    /// With `return`.
    Return(Value),
}

impl Vm {
    /// RETURN_GENERATOR: makes the generator of the frame on top, which is then popped by the caller.
    pub(crate) unsafe fn make_generator(&mut self) -> Value {
        // SAFETY: the window's values move into the generator; the frame keeps none.
        unsafe {
            let frame: *mut Frame = self.top();
            let code = (*frame).code;
            let slots = (*code).proto.slots();
            let mut window: Box<[MaybeUninit<Value>]> = Box::new_uninit_slice((*code).frame_size);
            std::ptr::copy_nonoverlapping((*frame).base, window.as_mut_ptr() as *mut Value, slots);
            (*frame).sp = (*frame).base;
            let flags = (*(*code).proto).flags;
            let (kind, ty) = if flags & cf::ASYNC_GENERATOR != 0 {
                (GenKind::AsyncGenerator, T::AsyncGenerator)
            } else if flags & cf::COROUTINE != 0 {
                (GenKind::Coroutine, T::Coroutine)
            } else {
                (GenKind::Generator, T::Generator)
            };
            let owner = (*frame).owner.clone();
            let (name, qualname) = match owner.borrow::<crate::types::function::Function>(self) {
                Some(f) => (f.name.clone(), f.qualname.clone()),
                None => ((*code).name.clone(), (*code).qualname.clone()),
            };
            let body = Generator {
                window,
                used: slots,
                slots,
                at: (*frame).last_instr() + 1,
                code,
                globals: (*frame).globals,
                builtins: (*frame).builtins,
                owner,
                handled: Value::NULL,
                state: State::Created,
                kind,
                name,
                qualname,
                frame_object: (*frame).object.take(),
                closed: false,
                running_async: false,
                hooked: false,
                finalizer: Value::NULL,
            };
            (*frame).flags &= !super::frame::HAS_OBJECT;
            self.new_object(ty, body)
        }
    }
    /// Pushes the frame of a generator that is not running, with the value sent to it.
    unsafe fn push_generator(&mut self, g: &Value, sent: Value, flags: u8) -> PyResult<()> {
        self.touch_write(g, crate::probe::Part::Whole);
        // SAFETY: the state says that nobody else runs the window.
        unsafe {
            if self.depth >= self.iso().recursion_limit {
                return Err(self.recursion_error());
            }
            let gen_ = &mut *g.body::<Generator>();
            debug_assert!(gen_.state == State::Created || gen_.state == State::Suspended);
            gen_.state = State::Running;
            let base = gen_.window.as_mut_ptr() as *mut Value;
            let sp = base.add(gen_.used);
            sp.write(sent);
            gen_.used = 0;
            // inside an `except` it goes on handling that; else it sees what its resumer handles, through the frame
            let handled = std::mem::replace(&mut self.handled, gen_.handled.take());
            let object = gen_.frame_object.take();
            let has_object = if object.is_null() { 0 } else { super::frame::HAS_OBJECT };
            self.stack.next_frame().write(Frame {
                code: gen_.code,
                ip: (&(*(*gen_.code).instrs.get())).as_ptr().add(gen_.at),
                base,
                below: std::ptr::null_mut(),
                sp: sp.add(1),
                globals: gen_.globals,
                builtins: gen_.builtins,
                flags: GENERATOR | flags | has_object,
                owner: gen_.owner.clone(),
                locals: Value::NULL,
                keep: Value::NULL,
                generator: g.clone(),
                outer_handled: handled,
                object,
            });
            self.depth += 1;
            Ok(())
        }
    }
    /// YIELD_VALUE: suspends the generator on top and hands `v` to whoever resumed it; `Some` for a Rust caller.
    pub(crate) unsafe fn yield_value(&mut self, v: Value) -> PyResult<Option<Value>> {
        // SAFETY: the frame's values stay in the window.
        unsafe {
            // in place: moving a frame out costs more than all the rest
            let n = self.stack.frames.len() - 1;
            let frame = &mut *self.stack.frames.as_mut_ptr().add(n);
            self.stack.frames.set_len(n);
            self.depth -= 1;
            let lasti = frame.last_instr();
            let generator = std::ptr::read(&raw const frame.generator);
            let gen_ = &mut *generator.body::<Generator>();
            gen_.at = lasti + 1;
            gen_.used = (frame.sp as usize - frame.base as usize) / size_of::<Value>();
            gen_.state = State::Suspended;
            if !frame.object.is_null() {
                gen_.frame_object = frame.object.take();
                if let Some(o) = gen_.frame_object.borrow_mut::<crate::types::frame_obj::FrameObj>(self) {
                    o.lasti = lasti as u32;
                }
            }
            let own = std::mem::replace(&mut self.handled, std::ptr::read(&raw const frame.outer_handled));
            // inside an `except` it goes on handling that when it is resumed
            gen_.handled = own;
            let flags = frame.flags;
            drop(std::ptr::read(&raw const frame.owner));
            // may be the last reference, where nobody waits for the next value
            drop(generator);
            if flags & ENTRY != 0 {
                return Ok(Some(v));
            }
            self.push_operand(v);
            Ok(None)
        }
    }
    /// The generator of a popped frame has ended.
    pub(crate) fn generator_done(&mut self, frame: &Frame) {
        self.handled = frame.outer_handled.clone();
        if let Some(g) = frame.generator.borrow_mut::<Generator>(self) {
            g.state = State::Done;
            g.used = 0;
            g.window = Box::default();
        }
    }
    /// A generator's frame has returned `v` and been popped.
    pub(crate) unsafe fn leave_generator(&mut self, frame: Frame, v: Value) -> PyResult<Option<Value>> {
        // SAFETY: the resumer's instruction says what it waits for.
        unsafe {
            self.generator_done(&frame);
            if frame.flags & ENTRY != 0 {
                return Ok(Some(v));
            }
            let f = self.top();
            let i = f.code().proto.instrs[f.last_instr()];
            let start = (&(*(*f.code).instrs.get())).as_ptr();
            f.ip = start.add(i.b as usize);
            if i.op == Op::ForIter {
                f.sp = f.sp.sub(1);
                drop(f.sp.read());
            } else {
                self.push_operand(v);
            }
            Ok(None)
        }
    }
    /// Resumes from Rust. The generator must not be running; an ended one returns None at once.
    pub fn generator_send(&mut self, g: &Value, sent: Value) -> PyResult<Resumed> {
        match self.check_generator(g, &sent)? {
            State::Done => Ok(Resumed::Return(Value::NONE)),
            _ => {
                // SAFETY: the state was checked.
                unsafe { self.push_generator(g, sent, ENTRY)? };
                let v = self.run_top()?;
                Ok(self.resumed(g, v))
            }
        }
    }
    fn resumed(&self, g: &Value, v: Value) -> Resumed {
        match g.borrow::<Generator>(self).map(|g| g.state) {
            Some(State::Suspended) => Resumed::Yield(v),
            _ => Resumed::Return(v),
        }
    }
    fn check_generator(&mut self, g: &Value, sent: &Value) -> PyResult<State> {
        let gen_ = g.borrow::<Generator>(self).expect("a generator");
        let what = kind_name(gen_.kind);
        match gen_.state {
            State::Running => Err(self.value_error(format!("{what} already executing"))),
            State::Created if !sent.is_none() => Err(self.type_error(format!("can't send non-None value to a just-started {what}"))),
            State::Done if gen_.kind == GenKind::Coroutine => Err(self.runtime_error("cannot reuse already awaited coroutine")),
            s => Ok(s),
        }
    }
    /// Raises an exception at the `yield` where the generator waits.
    pub fn generator_throw(&mut self, g: &Value, exc: Raised) -> PyResult<Resumed> {
        self.enter_native()?;
        let r = self.generator_throw_inner(g, exc);
        self.leave_native();
        r
    }
    fn generator_throw_inner(&mut self, g: &Value, exc: Raised) -> PyResult<Resumed> {
        let gen_ = g.borrow::<Generator>(self).expect("a generator");
        match gen_.state {
            State::Running => return Err(self.value_error("generator already executing")),
            State::Done if gen_.kind == GenKind::Coroutine => return Err(self.runtime_error("cannot reuse already awaited coroutine")),
            State::Done => return Err(exc),
            _ => {}
        }
        let delegate = gen_.delegate().cloned();
        let exc = match delegate {
            Some(d) if self.is_exc(&exc, Exc::GeneratorExit) => {
                self.set_delegating(g, true);
                let closed = self.close_iterator(&d);
                self.set_delegating(g, false);
                match closed {
                    Ok(()) => exc,
                    Err(e) => e,
                }
            }
            Some(d) => match self.throw_into(g, &d, exc)? {
                Ok(r) => return Ok(r),
                Err(e) => e,
            },
            None => exc,
        };
        // SAFETY: the state was checked above.
        unsafe {
            // what stands for the value sent stays: the handler of a `yield from` counts on it, others drop it
            self.push_generator(g, Value::NONE, ENTRY)?;
        }
        self.unwind(exc)?;
        let v = self.run_top()?;
        Ok(self.resumed(g, v))
    }
    /// While a delegate is thrown into, the delegating generator counts as running.
    fn set_delegating(&mut self, g: &Value, on: bool) {
        if let Some(x) = g.borrow_mut::<Generator>(self) {
            x.state = if on { State::Running } else { State::Suspended };
        }
    }
    /// Throws into a delegate: `Ok(Ok)`: it yielded; `Ok(Err)`: what the delegating generator must see.
    fn throw_into(&mut self, g: &Value, d: &Value, exc: Raised) -> PyResult<Result<Resumed, Raised>> {
        let result = if d.is_a::<Generator>() {
            self.set_delegating(g, true);
            let r = self.generator_throw(d, exc);
            self.set_delegating(g, false);
            match r {
                Ok(Resumed::Yield(v)) => return Ok(Ok(Resumed::Yield(v))),
                Ok(Resumed::Return(v)) => return Ok(Err(self.stop_iteration(v))),
                Err(e) => Err(e),
            }
        } else {
            let name = self.name(Name::Throw);
            match self.get_attr_opt(d, &name)? {
                None => return Ok(Err(exc)),
                Some(throw) => {
                    self.set_delegating(g, true);
                    let r = self.call(&throw, &[exc.0]);
                    self.set_delegating(g, false);
                    r
                }
            }
        };
        match result {
            Ok(v) => Ok(Ok(Resumed::Yield(v))),
            Err(e) => Ok(Err(e)),
        }
    }
    /// `it.close()`, where it has one.
    fn close_iterator(&mut self, it: &Value) -> PyResult<()> {
        if it.is_a::<Generator>() {
            return self.generator_close(it).map(drop);
        }
        let name = self.name(Name::Close);
        match self.get_attr_opt(it, &name)? {
            Some(close) => self.call(&close, &[]).map(drop),
            None => Ok(()),
        }
    }
    /// `generator.close()`: the value it returned (3.13), or None.
    pub fn generator_close(&mut self, g: &Value) -> PyResult {
        let gen_ = g.borrow_mut::<Generator>(self).expect("a generator");
        let what = kind_name(gen_.kind);
        match gen_.state {
            State::Done => return Ok(Value::NONE),
            State::Created => {
                gen_.state = State::Done;
                let used = std::mem::take(&mut gen_.used);
                let window = std::mem::take(&mut gen_.window);
                for mut v in window.into_iter().take(used) {
                    // SAFETY: entries below `used` are values.
                    unsafe { v.assume_init_drop() };
                }
                return Ok(Value::NONE);
            }
            _ => {}
        }
        let exit = self.err_args(Exc::GeneratorExit, vec![]);
        match self.generator_throw(g, exit) {
            Ok(Resumed::Yield(_)) => Err(self.runtime_error(format!("{what} ignored GeneratorExit"))),
            Ok(Resumed::Return(_)) => Ok(Value::NONE),
            Err(e) if self.is_exc(&e, Exc::GeneratorExit) || self.is_exc(&e, Exc::StopIteration) => Ok(Value::NONE),
            Err(e) => Err(e),
        }
    }
    /// What dropping an unfinished generator does, between instructions.
    pub(crate) fn finalize_generator(&mut self, g: &Value) -> PyResult<()> {
        let gen_ = g.borrow::<Generator>(self).expect("a generator");
        if gen_.kind == GenKind::Coroutine && gen_.state == State::Created {
            return self.warn_unawaited(g);
        }
        let finalizer = gen_.finalizer.clone();
        if gen_.kind == GenKind::AsyncGenerator && !finalizer.is_null() && !gen_.closed {
            return self.call(&finalizer, &[g.clone()]).map(drop);
        }
        self.generator_close(g).map(drop)
    }

    /// `warnings._warn_unawaited_coroutine(coro)`
    fn warn_unawaited(&mut self, g: &Value) -> PyResult<()> {
        let (modules, key) = (self.iso().modules.clone(), self.intern("warnings"));
        let torn_down = self.iso().threads.finalizing && self.dict_get_str(&modules, &key).is_none();
        if torn_down {
            // no Python is left to warn: what is printed then is all that CPython says too
            let name = self.attr(g, "__qualname__").map(|n| self.text(&n)).unwrap_or_default();
            self.write_error_text(&format!("sys:1: RuntimeWarning: coroutine '{name}' was never awaited\n"));
            return Ok(());
        }
        let warnings = self.import("warnings")?;
        let f = self.attr(&warnings, "_warn_unawaited_coroutine")?;
        self.call(&f, &[g.clone()]).map(drop)
    }

    // --- instructions -----------------------------------------------------------------------------------------

    /// FOR_ITER, where the iterator is none of the short cut's: a generator's frame is pushed, others are asked.
    pub(crate) unsafe fn for_iter(&mut self, target: u32) -> PyResult<Next> {
        // SAFETY: the iterator is on the operand stack.
        unsafe {
            let it = self.operand(1);
            if let Some(g) = it.borrow::<Generator>(self)
                && g.kind == GenKind::Generator
                && !it.class(self).special(Special::Next).is_null()
            {
                match g.state {
                    State::Running => return Err(self.value_error("generator already executing")),
                    State::Done => {}
                    _ => {
                        self.push_generator(it, Value::NONE, 0)?;
                        return Ok(Next::Frame);
                    }
                }
            } else if let Some(v) = self.next(it)? {
                self.push_operand(v);
                return Ok(Next::Go);
            }
            drop(self.pop_operand());
            self.jump_to(target);
            Ok(Next::Go)
        }
    }
    unsafe fn jump_to(&mut self, target: u32) {
        // SAFETY: targets lie in the code; the loop takes `ip` from the frame after every step.
        unsafe {
            let f = self.top();
            f.ip = (&(*(*f.code).instrs.get())).as_ptr().add(target as usize);
        }
    }
    /// SEND
    pub(crate) unsafe fn send_op(&mut self, target: u32) -> PyResult<Next> {
        // SAFETY: `iter v` are on the operand stack.
        unsafe {
            let it = self.operand(2).clone();
            if let Some(g) = it.borrow::<Generator>(self)
                && g.kind != GenKind::AsyncGenerator
            {
                let sent = self.operand(1).clone();
                if self.check_generator(&it, &sent)? != State::Done {
                    drop(self.pop_operand());
                    self.push_generator(&it, sent, 0)?;
                    return Ok(Next::Frame);
                }
                *self.top().sp.sub(1) = Value::NONE;
                self.jump_to(target);
                return Ok(Next::Go);
            }
            let sent = self.operand(1);
            let result = if sent.is_none() {
                let f = it.class(self).special(Special::Next).clone();
                if f.is_null() {
                    let name = self.type_name(&it);
                    return Err(self.type_error(format!("'{name}' object is not an iterator")));
                }
                self.call_special(&f, &[it.clone()])
            } else {
                let name = self.name(Name::Send);
                self.call_method_name(&it, &name, std::slice::from_ref(sent))
            };
            match result {
                Ok(v) if !v.is_null() => {
                    *self.top().sp.sub(1) = v;
                    Ok(Next::Go)
                }
                ended => {
                    let value = match ended {
                        Ok(_) => Value::NONE,
                        Err(e) if self.is_exc(&e, Exc::StopIteration) => self.stop_value(&e)?,
                        Err(e) => return Err(e),
                    };
                    *self.top().sp.sub(1) = value;
                    self.jump_to(target);
                    Ok(Next::Go)
                }
            }
        }
    }
    /// The value of a StopIteration.
    pub fn stop_value(&mut self, e: &Raised) -> PyResult {
        Ok(self.stop_iteration_value(&e.0))
    }
    /// CLEANUP_THROW
    pub(crate) unsafe fn cleanup_throw(&mut self) -> PyResult<Next> {
        // SAFETY: `iter sent exc` are on the operand stack.
        unsafe {
            let exc = self.operand(1).clone();
            if !exc.class(self).is_subtype_of(self.exc_type(Exc::StopIteration)) {
                self.reraising = true;
                return Err(Raised(exc));
            }
            let value = self.stop_value(&Raised(exc))?;
            drop(self.pop_operand());
            *self.top().sp.sub(1) = value;
            *self.top().sp.sub(2) = Value::NONE;
            Ok(Next::Go)
        }
    }
    /// GET_YIELD_FROM_ITER
    pub(crate) fn yield_from_iter(&mut self, v: &Value, code: &Code) -> PyResult {
        if let Some(g) = v.borrow::<Generator>(self) {
            if g.kind == GenKind::Generator {
                return Ok(v.clone());
            }
            if g.kind == GenKind::Coroutine {
                if code.proto.flags & (cf::COROUTINE | cf::ITERABLE_COROUTINE) == 0 {
                    return Err(self.type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"));
                }
                return Ok(v.clone());
            }
        }
        self.iter(v)
    }
    /// GET_AWAITABLE
    pub(crate) fn get_awaitable(&mut self, v: &Value, from: u32) -> PyResult {
        if let Some(g) = v.borrow::<Generator>(self) {
            let iterable = g.code().is_some_and(|c| c.proto.flags & cf::ITERABLE_COROUTINE != 0);
            if g.kind == GenKind::Coroutine && g.delegate().is_some() && g.state == State::Suspended {
                return Err(self.runtime_error("coroutine is being awaited already"));
            }
            if g.kind == GenKind::Coroutine || iterable {
                return Ok(v.clone());
            }
        }
        let Some(f) = self.special(v, Special::Await) else {
            let name = self.type_name(v);
            return Err(self.type_error(match from {
                1 => format!("'async with' received an object from __aenter__ that does not implement __await__: {name}"),
                3 => format!("'async for' received an invalid object from __anext__: {name}"),
                2 => format!("'async with' received an object from __aexit__ that does not implement __await__: {name}"),
                _ => format!("object {name} can't be used in 'await' expression"),
            }));
        };
        let it = self.call_special(&f, &[v.clone()])?;
        if it.borrow::<Generator>(self).is_some_and(|g| g.kind == GenKind::Coroutine) {
            return Err(self.type_error("__await__() returned a coroutine"));
        }
        if it.class(self).special(Special::Next).is_null() {
            let name = self.type_name(&it);
            return Err(self.type_error(format!("__await__() returned non-iterator of type '{name}'")));
        }
        Ok(it)
    }
    /// GET_AITER
    pub(crate) fn get_aiter(&mut self, v: &Value) -> PyResult {
        let Some(f) = self.special(v, Special::AIter) else {
            let name = self.type_name(v);
            return Err(self.type_error(format!("'async for' requires an object with __aiter__ method, got {name}")));
        };
        let it = self.call_special(&f, &[v.clone()])?;
        if it.class(self).special(Special::ANext).is_null() {
            let name = self.type_name(&it);
            return Err(self.type_error(format!("'async for' received an object from __aiter__ that does not implement __anext__: {name}")));
        }
        Ok(it)
    }
    /// GET_ANEXT
    pub(crate) fn get_anext(&mut self, it: &Value) -> PyResult {
        let Some(f) = self.special(it, Special::ANext) else {
            let name = self.type_name(it);
            return Err(self.type_error(format!("'async for' requires an iterator with __anext__ method, got {name}")));
        };
        let awaitable = self.call_special(&f, &[it.clone()])?;
        self.get_awaitable(&awaitable, 3)
    }
    /// END_ASYNC_FOR
    pub(crate) fn end_async_for(&mut self, exc: Value) -> PyResult<()> {
        if exc.class(self).is_subtype_of(self.exc_type(Exc::StopAsyncIteration)) {
            return Ok(());
        }
        self.reraising = true;
        Err(Raised(exc))
    }
    /// The frame object of a generator that waits; `None` for one that has ended.
    pub fn generator_frame(&mut self, g: &Value) -> Option<Value> {
        let gen_ = g.borrow::<Generator>(self)?;
        if gen_.state == State::Running {
            let at = self.stack.frames.iter().rposition(|f| f.generator.is(g))?;
            return Some(self.frame_object_at(at));
        }
        if gen_.state == State::Done {
            return None;
        }
        if !gen_.frame_object.is_null() {
            return Some(gen_.frame_object.clone());
        }
        let lasti = gen_.last_instr() as u32;
        let slots = gen_.values(gen_.used)[..gen_.slots.min(gen_.used)].to_vec();
        let owner = gen_.owner.clone();
        let code = owner.borrow::<crate::types::function::Function>(self).map_or(owner.clone(), |f| f.code.clone());
        // SAFETY: the owner keeps both alive.
        let (globals, builtins) = unsafe { (Value::new_ref(gen_.globals as *const _), Value::new_ref(gen_.builtins as *const _)) };
        let body = crate::types::frame_obj::FrameObj { code, globals, builtins, slots, lasti, ..Default::default() };
        let object = self.new_object(T::Frame, body);
        if let Some(x) = g.borrow_mut::<Generator>(self) {
            x.frame_object = object.clone();
        }
        Some(object)
    }
    /// The dict pair that a frame borrows, as new references.
    pub(crate) fn dicts_of_frame(&self, at: usize) -> (Value, Value) {
        let f = &self.stack.frames[at];
        // SAFETY: the frame keeps both alive.
        unsafe { (Value::new_ref(f.globals as *const _), Value::new_ref(f.builtins as *const _)) }
    }
    /// Copies of a running frame's local slots.
    pub(crate) fn frame_slots(&self, at: usize) -> Vec<Value> {
        let f = &self.stack.frames[at];
        // SAFETY: F1.
        unsafe { std::slice::from_raw_parts(f.base, f.code().proto.slots()).to_vec() }
    }
    /// The traceback of an exception as an object, or None.
    pub fn traceback_of(&self, exc: &Value) -> Value {
        let tb = exc.borrow::<Exception>(self).map(|e| e.traceback.clone()).unwrap_or_default();
        if tb.is_null() { Value::NONE } else { tb }
    }
}

/// The word for it in error texts.
pub fn kind_name(k: GenKind) -> &'static str {
    match k {
        GenKind::Generator => "generator",
        GenKind::Coroutine => "coroutine",
        GenKind::AsyncGenerator => "async generator",
    }
}
