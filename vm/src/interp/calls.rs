//! Calls of Python functions: frames pushed and popped, arguments bound, results handed on.
//!
//! SAFETY, for the whole file: F1 of `frame`; operand counts come from the compiler.

use super::frame::{DISCARD, ENTRY, Frame, GENERATOR, HAS_OBJECT, INIT, OPERATOR, TRUTH, Window};
use super::run::{Next, run};
use crate::code::flags as cf;
use crate::error::{PyResult, Raised};
use crate::object::{Instance, Kind};
use crate::op::{BinOp, CmpOp, Op};
use crate::special::Special;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::function::{BoundMethod, Code, Function};
use crate::types::native::{self, Binding, Kwargs, Native};
use crate::types::tuple::Tuple;
use crate::types::type_::{TypeObj, flags as tf};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// Runs the frame on top, which has the `ENTRY` flag.
    pub(crate) fn run_top(&mut self) -> PyResult {
        if crate::world::stack_pointer() < self.stack_floor {
            self.abandon_top();
            return Err(self.recursion_error());
        }
        // SAFETY: the frame was pushed by this module.
        unsafe {
            if self.controlled {
                return self.run_top_controlled();
            }
            if self.observed || self.tracing.on {
                return run::<true, false>(self);
            }
            let result = run::<false, false>(self);
            let result = if std::mem::take(&mut self.tracing.hand_over) { run::<true, false>(self) } else { result };
            if self.tracing.on {
                // the loop that goes on may be the plain one still
                self.turn.expire_now();
            }
            result
        }
    }
    #[cold]
    unsafe fn run_top_controlled(&mut self) -> PyResult {
        // SAFETY: the caller's.
        unsafe {
            if self.observed || self.tracing.on {
                return run::<true, true>(self);
            }
            let result = run::<false, true>(self);
            if std::mem::take(&mut self.tracing.hand_over) { run::<true, true>(self) } else { result }
        }
    }
    /// Pops a frame that was never run.
    pub(crate) fn abandon_top(&mut self) {
        let _ = self.drop_top_frame();
    }

    /// Pushes a frame for `owner` (a function whose code is `code`) on a window of which the first `filled` slots are; the others
    /// become absent, or the closure's cells.
    #[inline(always)]
    pub(crate) unsafe fn push_frame(&mut self, code: *const Code, owner: Value, window: Window, filled: usize, flags: u8) -> *mut Frame {
        // SAFETY: the owner is a function and keeps code and globals alive; the window is as large as the code's frame.
        unsafe {
            let f = &*owner.body::<Function>();
            let end = window.base.add((*code).slots);
            let mut p = window.base.add(filled);
            while p < end {
                // one at a time: they are few, and a call of memset costs more
                (p as *mut u64).write_volatile(Value::NULL.bits());
                p = p.add(1);
            }
            if let Some(closure) = f.closure.get::<Tuple>() {
                let cells = closure.items();
                let first = end.sub(cells.len());
                for (i, cell) in cells.iter().enumerate() {
                    first.add(i).write(cell.clone());
                }
            }
            let frame = self.stack.next_frame();
            frame.write(Frame {
                code,
                ip: (&(*(*code).instrs.get())).as_ptr(),
                base: window.base,
                sp: end,
                globals: f.globals.bits(),
                builtins: f.builtins.bits(),
                below: window.below,
                flags: flags | window.flag,
                owner,
                locals: Value::NULL,
                keep: Value::NULL,
                generator: Value::NULL,
                outer_handled: Value::NULL,
                object: Value::NULL,
            });
            self.depth += 1;
            frame
        }
    }
    /// Pops a plain frame whose window has been dropped; the frame that is on top then.
    #[inline(always)]
    pub(crate) unsafe fn pop_plain_frame(&mut self, flags: u8) -> *mut Frame {
        // SAFETY: there is a frame below a plain one; its window's values are gone, and all others but the owner are absent.
        unsafe {
            let n = self.stack.frames.len() - 1;
            let frame = self.stack.frames.as_mut_ptr().add(n);
            debug_assert!((*frame).locals.is_null() && (*frame).keep.is_null() && (*frame).object.is_null());
            self.stack.frames.set_len(n);
            self.stack.release((*frame).below, flags);
            self.depth -= 1;
            drop(std::ptr::read(&raw const (*frame).owner));
            frame.sub(1)
        }
    }
    /// The frame on top.
    #[inline(always)]
    pub(crate) fn top(&mut self) -> &mut Frame {
        self.stack.frames.last_mut().expect("a running frame")
    }
    /// Pops the frame on top, whose window has been dropped, and hands `v` to whoever waits for it: `Some` for a Rust
    /// caller, else it is on the caller's operand stack (or wherever its flags say).
    pub(crate) unsafe fn leave_frame(&mut self, v: Value) -> PyResult<Option<Value>> {
        // SAFETY: F1; the callers' stacks have room as the compiler computed.
        unsafe {
            let frame = self.stack.frames.pop().expect("a running frame");
            self.depth -= 1;
            if frame.flags & GENERATOR != 0 {
                return self.leave_generator(frame, v);
            }
            self.stack.release(frame.below, frame.flags);
            let flags = frame.flags;
            drop(frame);
            if flags & ENTRY != 0 {
                return Ok(Some(v));
            }
            if flags & INIT != 0 {
                if !v.is_none() {
                    let name = self.type_name(&v);
                    return Err(self.type_error(format!("__init__() should return None, not '{name}'")));
                }
                return Ok(None);
            }
            if flags & DISCARD != 0 {
                return Ok(None);
            }
            if flags & OPERATOR != 0 {
                return self.leave_operator(v).map(|_| None);
            }
            let v = if flags & TRUTH != 0 { Value::bool(self.truthy(&v)?) } else { v };
            self.push_operand(v);
            Ok(None)
        }
    }
    /// Pushes onto the top frame's operand stack.
    #[inline(always)]
    pub(crate) unsafe fn push_operand(&mut self, v: Value) {
        // SAFETY: the compiler reserved the slot.
        unsafe {
            let f = self.top();
            f.sp.write(v);
            f.sp = f.sp.add(1);
        }
    }
    /// Pops from the top frame's operand stack.
    #[inline(always)]
    pub(crate) unsafe fn pop_operand(&mut self) -> Value {
        // SAFETY: the compiler's stack effects say a value is there.
        unsafe {
            let f = self.top();
            f.sp = f.sp.sub(1);
            f.sp.read()
        }
    }
    /// The n-th operand from the top (1 is the top).
    #[inline(always)]
    pub(crate) unsafe fn operand(&mut self, n: usize) -> &'static Value {
        // SAFETY: the slot stays where it is until popped; the caller does not keep the reference longer.
        unsafe { &*self.top().sp.sub(n) }
    }
    /// A special method of an operator has returned: the operands are still on the stack.
    unsafe fn leave_operator(&mut self, v: Value) -> PyResult<()> {
        // SAFETY: as above.
        unsafe {
            let result = if v.is_not_implemented() {
                let frame = self.top();
                let i = frame.code().proto.instrs[frame.last_instr()];
                let (a, b) = (self.operand(2), self.operand(1));
                match i.op {
                    Op::BinaryOp => {
                        let op = BinOp::from_u8(i.c & 31);
                        self.after_forward(op, i.c & crate::op::INPLACE != 0, a, b)?
                    }
                    _ => self.compare_after_forward(CmpOp::from_u8(i.c), a, b)?,
                }
            } else {
                v
            };
            drop(self.pop_operand());
            let f = self.top();
            *f.sp.sub(1) = result;
            Ok(())
        }
    }

    /// Drops the top frame's window and the frame, for an exception or an abandoned call; gives its flags.
    pub(crate) fn drop_top_frame(&mut self) -> u8 {
        // SAFETY: F1.
        unsafe {
            if self.top().flags & HAS_OBJECT != 0 {
                self.detach_frame_object();
            }
            let frame = self.stack.frames.pop().expect("a running frame");
            self.depth -= 1;
            let mut p = frame.base;
            while p < frame.sp {
                drop(p.read());
                p = p.add(1);
            }
            if frame.flags & GENERATOR != 0 {
                self.generator_done(&frame);
            } else {
                self.stack.release(frame.below, frame.flags);
            }
            frame.flags
        }
    }

    // --- calls from the loop ----------------------------------------------------------------------------------

    /// CALL, where the short cut does not fit.
    pub(crate) unsafe fn call_op(&mut self, n: usize) -> PyResult<Next> {
        // SAFETY: `callable self|NULL args` lie on the stack.
        unsafe {
            let sp = self.top().sp;
            let callable = sp.sub(n + 2);
            let this = sp.sub(n + 1);
            match (*callable).kind() {
                Some(k) if k == Kind::BoundMethod as u8 && (*this).is_null() => {
                    let m = (*callable).get::<BoundMethod>().expect("kind checked");
                    let (func, object) = (m.func.clone(), m.this.clone());
                    this.write(object);
                    *callable = func;
                    self.call_op(n)
                }
                Some(k) if k == Kind::Native as u8 => {
                    let result = self.call_native_slice(&*callable, this, n)?;
                    self.finish_call(n + 2, result)
                }
                Some(k) if k == Kind::Function as u8 => {
                    let has_this = !(*this).is_null() as usize;
                    let args = std::slice::from_raw_parts(sp.sub(n + has_this), n + has_this);
                    let f = (*callable).clone();
                    if self.enter_in_place(&f, n + has_this, 0)? {
                        self.drop_below(2 - has_this);
                        return Ok(Next::Frame);
                    }
                    self.push_call(&f, args, Kwargs::NONE, 0)?;
                    self.drop_below(n + 2);
                    Ok(Next::Frame)
                }
                Some(k) if k == Kind::Type as u8 && (*this).is_null() => self.call_class(&*callable, n),
                _ => {
                    let has_this = !(*this).is_null() as usize;
                    let args = std::slice::from_raw_parts(sp.sub(n + has_this), n + has_this);
                    let result = self.call(&*callable, args)?;
                    self.finish_call(n + 2, result)
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn call_native_slice(&mut self, callable: &Value, this: *mut Value, n: usize) -> PyResult {
        // SAFETY: self and args are contiguous.
        unsafe {
            let nat = callable.get::<Native>().expect("kind checked");
            let has_this = !(*this).is_null() as usize;
            let args = std::slice::from_raw_parts(this.add(1 - has_this), n + has_this);
            // a `__new__` called by name is checked there
            if !nat.this.is_null() || nat.def.binding == Binding::Static {
                return self.call_native(callable, args, Kwargs::NONE);
            }
            if nat.def.binding == Binding::Method
                && let Some(first) = args.first()
                && !first.type_of(self).is(&nat.class)
                && !first.class(self).is_subtype_of(&nat.class)
            {
                return Err(self.wrong_self(nat, first));
            }
            let r = native::call(self, nat, args, Kwargs::NONE)?;
            if r.is_null() { Err(self.stop_iteration(Value::NONE)) } else { Ok(r) }
        }
    }
    /// Drops `n` operands and pushes the result.
    #[inline(always)]
    unsafe fn finish_call(&mut self, n: usize, result: Value) -> PyResult<Next> {
        // SAFETY: n operands are there.
        unsafe {
            let f = self.top();
            let to = f.sp.sub(n);
            while f.sp > to {
                f.sp = f.sp.sub(1);
                let v = f.sp.read();
                drop(v);
            }
            f.sp.write(result);
            f.sp = f.sp.add(1);
            if self.heap_pending() {
                self.run_pending()?;
            }
            Ok(Next::Go)
        }
    }
    /// Drops `n` operands of the frame below the top one.
    unsafe fn drop_below(&mut self, n: usize) {
        // SAFETY: n operands are there.
        unsafe {
            let len = self.stack.frames.len();
            let f = &mut self.stack.frames[len - 2];
            let to = f.sp.sub(n);
            let mut p = f.sp;
            f.sp = to;
            while p > to {
                p = p.sub(1);
                drop(p.read());
            }
        }
    }
    /// A call of a class: where `__new__` is object's and `__init__` is Python, a frame instead of a recursion.
    unsafe fn call_class(&mut self, ty: &Value, n: usize) -> PyResult<Next> {
        // SAFETY: see call_op.
        unsafe {
            let sp = self.top().sp;
            let args = std::slice::from_raw_parts(sp.sub(n), n);
            let t = &*ty.body::<TypeObj>();
            if ty.type_of(self).is(self.ty(T::Type)) && t.has(tf::HEAP) && !t.has(tf::ABSTRACT) && t.layout().kind == Kind::Instance {
                let init = t.special(Special::Init);
                if self.is_object_new(t.special(Special::New)) && init.kind() == Some(Kind::Function as u8) {
                    let init = init.clone();
                    let obj = self.new_of(ty, Instance::default());
                    // the instance stands in the callable's place; args behind it
                    let with_self = sp.sub(n + 1);
                    with_self.write(obj.clone());
                    if self.enter_in_place(&init, n + 1, INIT)? {
                        let len = self.stack.frames.len();
                        *self.stack.frames[len - 2].sp.sub(1) = obj;
                        return Ok(Next::Frame);
                    }
                    let args = std::slice::from_raw_parts(with_self, n + 1);
                    self.push_call(&init, args, Kwargs::NONE, INIT)?;
                    self.drop_below(n + 1);
                    let len = self.stack.frames.len();
                    let caller = &mut self.stack.frames[len - 2];
                    *caller.sp.sub(1) = obj;
                    return Ok(Next::Frame);
                }
            }
            let new = t.special(Special::New);
            if let Some(nat) = new.get::<Native>()
                && ty.type_of(self).is(self.ty(T::Type))
                && !t.has(tf::NO_NEW)
                && !self.is_object_new(new)
                && self.is_object_init(t.special(Special::Init))
                && !ty.is(self.ty(T::Type))
            {
                // the class goes before its arguments, into the place that waits for a `self`
                let first = sp.sub(n + 1);
                first.write(ty.clone());
                let obj = native::call(self, nat, std::slice::from_raw_parts(first, n + 1), Kwargs::NONE)?;
                if obj.type_of(self).is(ty) || self.is_object_init(obj.class(self).special(Special::Init)) {
                    return self.finish_call(n + 2, obj);
                }
                let args = std::slice::from_raw_parts(first.add(1), n);
                self.init_instance(ty, &obj, args, Kwargs::NONE)?;
                return self.finish_call(n + 2, obj);
            }
            let result = self.call(ty, args)?;
            self.finish_call(n + 2, result)
        }
    }
    /// Whether an `__init__` is object's own.
    pub(crate) fn is_object_init(&self, init: &Value) -> bool {
        let object = self.ty(T::Object).header().and_then(crate::object::type_payload).expect("a type");
        init.is(object.special(Special::Init))
    }
    /// Whether a `__new__` is object's own.
    pub(crate) fn is_object_new(&self, new: &Value) -> bool {
        let object = self.ty(T::Object).header().and_then(crate::object::type_payload).expect("a type");
        new.is(object.special(Special::New))
    }
    /// CALL_KW
    pub(crate) unsafe fn call_kw_op(&mut self, n: usize) -> PyResult<Next> {
        // SAFETY: `callable self|NULL args.. kwnames` lie on the stack.
        unsafe {
            let names = self.pop_operand();
            let sp = self.top().sp;
            let names_items = names.get::<Tuple>().expect("a tuple of names").items();
            let k = names_items.len();
            let this = sp.sub(n + 1);
            let has_this = !(*this).is_null() as usize;
            let mut callable = (*sp.sub(n + 2)).clone();
            let mut has_this = has_this;
            if has_this == 0
                && let Some(m) = callable.get::<BoundMethod>()
            {
                this.write(m.this.clone());
                callable = m.func.clone();
                has_this = 1;
            }
            let args = std::slice::from_raw_parts(sp.sub(n + has_this), n - k + has_this);
            let kw = Kwargs { names: names_items, values: std::slice::from_raw_parts(sp.sub(k), k) };
            if callable.kind() == Some(Kind::Function as u8) {
                self.push_call(&callable, args, kw, 0)?;
                self.drop_below(n + 2);
                return Ok(Next::Frame);
            }
            let result = self.call_kw(&callable, args, kw)?;
            self.finish_call(n + 2, result)
        }
    }
    /// CALL_FUNCTION_EX
    pub(crate) unsafe fn call_ex_op(&mut self, with_kw: bool) -> PyResult<Next> {
        // SAFETY: `callable self|NULL args [kwargs]` lie on the stack.
        unsafe {
            let at = with_kw as usize;
            let callable = self.operand(3 + at).clone();
            let this = self.operand(2 + at).clone();
            let star = self.operand(1 + at);
            let mut args = self.star_args(&callable, star)?;
            if !this.is_null() {
                args.insert(0, this);
            }
            let (mut names, mut values) = (Vec::new(), Vec::new());
            if with_kw {
                let kwargs = self.operand(1).clone();
                let dict = if kwargs.is_a::<Dict>() {
                    kwargs
                } else {
                    let d = self.new_dict();
                    self.dict_merge(&callable, &d, &kwargs)?;
                    d
                };
                for (k, v) in self.dict_items(&dict) {
                    if !k.is_a::<crate::types::str::Str>() {
                        return Err(self.type_error("keywords must be strings"));
                    }
                    names.push(k);
                    values.push(v);
                }
            }
            let kw = Kwargs { names: &names, values: &values };
            if callable.kind() == Some(Kind::Function as u8) {
                self.push_call(&callable, &args, kw, 0)?;
                self.drop_below(3 + at);
                return Ok(Next::Frame);
            }
            let result = self.call_kw(&callable, &args, kw)?;
            self.finish_call(3 + at, result)
        }
    }
    fn star_args(&mut self, callable: &Value, star: &Value) -> PyResult<Vec<Value>> {
        if let Some(items) = self.exact_items(star) {
            return Ok(items);
        }
        let class = star.class(self);
        if class.special(Special::Iter).is_null() && class.special(Special::GetItem).is_null() {
            let (f, t) = (self.function_text(callable), self.type_name(star));
            return Err(self.type_error(format!("{f} argument after * must be an iterable, not {t}")));
        }
        self.collect(star)
    }
    /// A callable as error texts of calls name it: `mod.f()`.
    pub(crate) fn function_text(&mut self, f: &Value) -> String {
        let this = f.get::<BoundMethod>().map(|m| m.func.clone());
        let f = this.as_ref().unwrap_or(f);
        match f.borrow::<Function>(self) {
            Some(x) => {
                let (m, q) = (self.text(&x.module), self.text(&x.qualname));
                if m.is_empty() || m == "builtins" { format!("{q}()") } else { format!("{m}.{q}()") }
            }
            None => match f.get::<Native>() {
                Some(n) => format!("{}()", n.full_name()),
                None => match f.borrow::<TypeObj>(self) {
                    Some(_) => {
                        let q = f.get_type_name();
                        format!("{q}()")
                    }
                    None => format!("{} object", self.type_name(f)),
                },
            },
        }
    }

    // --- calls from natives -----------------------------------------------------------------------------------

    /// Calls a Python function from a native.
    pub fn call_function(&mut self, f: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        // SAFETY: the frame is complete.
        unsafe { self.push_call(f, args, kw, ENTRY)? };
        self.run_top()
    }
    /// Runs a class body: a function's code with `namespace` as its names.
    pub fn call_function_with_locals(&mut self, f: &Value, namespace: &Value) -> PyResult {
        // SAFETY: as above.
        unsafe { self.push_call(f, &[], Kwargs::NONE, ENTRY)? };
        self.top().locals = namespace.clone();
        self.run_top()
    }
    /// Runs a code object with globals and, where they differ, locals (module bodies, `exec`, `eval`).
    pub fn run_code(&mut self, code: &Value, globals: &Value, locals: Option<&Value>) -> PyResult {
        self.run_code_from(code, globals, locals, 0)
    }
    /// As [`Vm::run_code`], from the instruction `at`, where the operand stack is empty.
    pub(crate) fn run_code_from(&mut self, code: &Value, globals: &Value, locals: Option<&Value>, at: usize) -> PyResult {
        let builtins = self.builtins_of(globals)?;
        let c: *const Code = code.get::<Code>().expect("a code object");
        if self.depth >= self.iso().recursion_limit {
            return Err(self.recursion_error());
        }
        // SAFETY: `owner` keeps the code alive, `keep` the globals and builtins.
        unsafe {
            if !(&*c).proto.freevars.is_empty() {
                return Err(self.type_error("code object passed to exec() may not contain free variables"));
            }
            self.load_code(&*c);
            let window = self.stack.window((*c).frame_size);
            let slots = (*c).slots;
            std::ptr::write_bytes(window.base, 0, slots);
            let keep = self.new_tuple(vec![globals.clone(), builtins.clone()]);
            self.stack.frames.push(Frame {
                code: c,
                ip: (&(*(*c).instrs.get()))[at..].as_ptr(),
                base: window.base,
                sp: window.base.add(slots),
                globals: globals.bits(),
                builtins: builtins.bits(),
                below: window.below,
                flags: ENTRY | window.flag,
                owner: code.clone(),
                locals: locals.filter(|l| !l.is(globals)).cloned().unwrap_or_default(),
                keep,
                generator: Value::NULL,
                outer_handled: Value::NULL,
                object: Value::NULL,
            });
            self.depth += 1;
        }
        self.run_top()
    }
    /// The builtins that code with these globals sees.
    pub(crate) fn builtins_of(&mut self, globals: &Value) -> PyResult {
        let name = self.name(crate::special::Name::DunderBuiltins);
        match self.dict_get_str(globals, &name) {
            Some(m) => match m.get::<crate::types::module::Module>() {
                Some(m) => Ok(m.dict.clone()),
                None if m.is_a::<Dict>() => Ok(m),
                None => Ok(self.iso().builtins.clone()),
            },
            None => {
                let b = self.iso().builtins.clone();
                self.dict_set_str(globals, &name, b.clone());
                Ok(b)
            }
        }
    }

    /// Binds arguments and pushes the frame.
    ///
    /// # Safety
    /// `f` is a function; whoever runs the frame obeys `flags`.
    pub(crate) unsafe fn push_call(&mut self, f: &Value, args: &[Value], kw: Kwargs, flags: u8) -> PyResult<()> {
        // SAFETY: the window is filled before the frame is pushed.
        unsafe {
            if self.depth >= self.iso().recursion_limit {
                return Err(self.recursion_error());
            }
            let code: *const Code = (*f.body::<Function>()).code.body::<Code>();
            let window = self.stack.window((*code).frame_size);
            if (*code).simple_args.get() && kw.is_empty() && args.len() == (*code).arg_count {
                for (i, a) in args.iter().enumerate() {
                    window.base.add(i).write(a.clone());
                }
                self.push_frame(code, f.clone(), window, args.len(), flags);
                return Ok(());
            }
            if !(*code).is_loaded() {
                self.load_code(&*code);
            }
            let slots = (*code).slots;
            std::ptr::write_bytes(window.base, 0, slots);
            let values = std::slice::from_raw_parts_mut(window.base, slots);
            if let Err(e) = self.bind_arguments(f, &*code, values, args, kw) {
                for i in 0..slots {
                    drop(window.base.add(i).read());
                }
                self.stack.release(window.below, window.flag);
                return Err(e);
            }
            let code_ref = &*code;
            self.push_frame(code, f.clone(), window, slots - code_ref.proto.freevars.len(), flags);
            Ok(())
        }
    }
    /// Pushes the frame of a function whose `n` positional arguments are the last operands of the frame on top, where the arguments
    /// can stay where they are: they become the new window's first slots and are no longer the caller's. False: nothing was done.
    pub(crate) unsafe fn enter_in_place(&mut self, f: &Value, n: usize, flags: u8) -> PyResult<bool> {
        // SAFETY: n operands are there; the caller's `sp` goes below them.
        unsafe {
            let function = &*f.body::<Function>();
            let code: *const Code = function.code.body::<Code>();
            let given = if (*code).simple_args.get() { (*code).arg_count.wrapping_sub(n) } else { usize::MAX };
            let defaults = match given {
                0 => &[][..],
                _ => function.defaults.get::<Tuple>().map_or(&[][..], |t| t.items()),
            };
            if given > defaults.len() {
                return Ok(false);
            }
            if self.depth >= self.iso().recursion_limit {
                return Err(self.recursion_error());
            }
            let frame = self.top();
            let (first, caller) = (frame.sp.sub(n), frame.flags);
            let Some(window) = self.stack.extend(first, caller, (*code).frame_size) else { return Ok(false) };
            self.top().sp = first;
            for (i, d) in defaults[defaults.len() - given..].iter().enumerate() {
                first.add(n + i).write(d.clone());
            }
            self.push_frame(code, f.clone(), window, n + given, flags);
            Ok(true)
        }
    }

    /// Binds arguments to parameters (`Python/ceval.c`, `initialize_locals`), with CPython's error texts.
    fn bind_arguments(&mut self, f: &Value, code: &Code, slots: &mut [Value], args: &[Value], kw: Kwargs) -> PyResult<()> {
        let p = &code.proto;
        let (npos, nkw) = (p.arg_count as usize, p.kwonly_count as usize);
        let total = npos + nkw;
        for (slot, a) in slots.iter_mut().zip(args.iter().take(npos)) {
            *slot = a.clone();
        }
        if p.flags & cf::VARARGS != 0 {
            slots[total] = self.new_tuple(args.iter().skip(npos).cloned().collect());
        }
        let extra = if p.flags & cf::VARKEYWORDS != 0 {
            let d = self.new_dict();
            let at = total + (p.flags & cf::VARARGS != 0) as usize;
            slots[at] = d.clone();
            Some(d)
        } else {
            None
        };
        for (name, value) in kw.iter() {
            match self.find_parameter(code, name, p.posonly_count as usize, total) {
                Some(i) if !slots[i].is_null() => {
                    let (q, n) = (self.shown_function(f), self.text(name));
                    return Err(self.type_error(format!("{q}() got multiple values for argument '{n}'")));
                }
                Some(i) => slots[i] = value.clone(),
                None => match &extra {
                    Some(d) => self.dict_set(d, name, value.clone())?,
                    None => return Err(self.unexpected_keyword(f, code, name, kw)),
                },
            }
        }
        if args.len() > npos && p.flags & cf::VARARGS == 0 {
            return Err(self.too_many_positional(f, code, args.len(), slots));
        }
        if args.len() < npos {
            let defaults = f.borrow::<Function>(self).map(|f| f.defaults.clone()).unwrap_or_default();
            let items = defaults.get::<Tuple>().map_or(&[][..], |t| t.items());
            let first = npos.saturating_sub(items.len());
            for i in args.len().max(first)..npos {
                if slots[i].is_null() {
                    slots[i] = items[i - first].clone();
                }
            }
            let missing: Vec<usize> = (0..npos).filter(|&i| slots[i].is_null()).collect();
            if !missing.is_empty() {
                return Err(self.missing_arguments(f, code, &missing, "positional"));
            }
        }
        if nkw > 0 {
            let defaults = f.borrow::<Function>(self).map(|f| f.kwdefaults.clone()).unwrap_or_default();
            let mut missing = Vec::new();
            for i in npos..total {
                if slots[i].is_null() {
                    let found = if defaults.is_null() { None } else { self.dict_get_str(&defaults, &code.slot_names[i]) };
                    match found {
                        Some(v) => slots[i] = v,
                        None => missing.push(i),
                    }
                }
            }
            if !missing.is_empty() {
                return Err(self.missing_arguments(f, code, &missing, "keyword-only"));
            }
        }
        Ok(())
    }
    /// The function's `__qualname__`, which may have been changed.
    fn shown_function(&self, f: &Value) -> String {
        f.borrow::<Function>(self).map(|f| self.text(&f.qualname)).unwrap_or_default()
    }
    fn find_parameter(&self, code: &Code, name: &Value, from: usize, to: usize) -> Option<usize> {
        let names = &code.slot_names[..to];
        (from..to).find(|&i| names[i].is(name)).or_else(|| {
            let text = name.get::<crate::types::str::Str>()?.bytes();
            (from..to).find(|&i| names[i].get::<crate::types::str::Str>().is_some_and(|s| s.bytes() == text))
        })
    }
    #[cold]
    fn unexpected_keyword(&mut self, f: &Value, code: &Code, name: &Value, kw: Kwargs) -> Raised {
        let q = self.shown_function(f);
        let posonly = code.proto.posonly_count as usize;
        let wrong: Vec<String> =
            (0..posonly).filter(|&i| kw.names.iter().any(|n| self.text(n) == self.text(&code.slot_names[i]))).map(|i| self.text(&code.slot_names[i])).collect();
        if !wrong.is_empty() {
            return self.type_error(format!("{q}() got some positional-only arguments passed as keyword arguments: '{}'", wrong.join(", ")));
        }
        let n = self.text(name);
        self.type_error(format!("{q}() got an unexpected keyword argument '{n}'"))
    }
    #[cold]
    fn too_many_positional(&mut self, f: &Value, code: &Code, given: usize, slots: &[Value]) -> Raised {
        let p = &code.proto;
        let npos = p.arg_count as usize;
        let defaults = f.borrow::<Function>(self).and_then(|f| f.defaults.get::<Tuple>().map(|t| t.items().len())).unwrap_or(0);
        let kwonly = (npos..npos + p.kwonly_count as usize).filter(|&i| !slots[i].is_null()).count();
        let q = self.shown_function(f);
        let (takes, plural) = if defaults > 0 { (format!("from {} to {npos}", npos - defaults), true) } else { (npos.to_string(), npos != 1) };
        let given_text = if kwonly > 0 {
            format!(
                "{given} positional argument{} (and {kwonly} keyword-only argument{}) were",
                if given == 1 { "" } else { "s" },
                if kwonly == 1 { "" } else { "s" }
            )
        } else {
            format!("{given} {}", if given == 1 { "was" } else { "were" })
        };
        self.type_error(format!("{q}() takes {takes} positional argument{} but {given_text} given", if plural { "s" } else { "" }))
    }
    #[cold]
    fn missing_arguments(&mut self, f: &Value, code: &Code, missing: &[usize], kind: &str) -> Raised {
        let q = self.shown_function(f);
        let names: Vec<String> = missing.iter().map(|&i| format!("'{}'", self.text(&code.slot_names[i]))).collect();
        let list = match names.as_slice() {
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
            [] => String::new(),
        };
        self.type_error(format!("{q}() missing {} required {kind} argument{}: {list}", names.len(), if names.len() == 1 { "" } else { "s" }))
    }

    // --- functions --------------------------------------------------------------------------------------------

    /// MAKE_FUNCTION
    pub(crate) fn make_function(&mut self, code: Value) -> Value {
        // SAFETY: globals and builtins are borrowed bits of live dicts; new references are made of them.
        let (globals, builtins) = unsafe {
            let f = self.top();
            let (g, b) = (Value::new_ref(f.globals as *const _), Value::new_ref(f.builtins as *const _));
            (g, b)
        };
        self.new_python_function(code, globals, builtins)
    }
    /// A function object.
    pub fn new_python_function(&mut self, code: Value, globals: Value, builtins: Value) -> Value {
        let c = code.get::<Code>().expect("a code object");
        let (name, qualname) = (c.name.clone(), c.qualname.clone());
        let key = self.name(crate::special::Name::DunderName);
        let module = self.dict_get_str(&globals, &key).unwrap_or(Value::NONE);
        let body = Function {
            code: code.clone(),
            globals,
            builtins,
            name,
            qualname,
            module,
            doc: Value::NULL,
            defaults: Value::NULL,
            kwdefaults: Value::NULL,
            closure: Value::NULL,
            annotations: Value::NULL,
            annotate: Value::NULL,
            type_params: Value::NULL,
            attrs: Default::default(),
        };
        self.new_object(T::Function, body)
    }
    /// SET_FUNCTION_ATTRIBUTE
    pub(crate) fn set_function_attribute(&mut self, f: &Value, which: u32, v: Value) {
        let f = f.borrow_mut::<Function>(self).expect("a function");
        match which {
            1 => f.defaults = v,
            2 => f.kwdefaults = v,
            4 => f.annotations = v,
            8 => f.closure = v,
            16 => f.annotate = v,
            _ => f.type_params = v,
        }
    }
    /// A cell.
    pub fn new_cell(&mut self, value: Value) -> Value {
        self.new_object(T::Cell, crate::types::function::Cell { value })
    }
}
