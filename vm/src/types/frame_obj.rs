//! `frame` and `traceback`: what Python sees of running and failed calls.
//!
//! A frame object is made when somebody asks for one (a traceback, `sys._getframe`). While the frame runs, the object finds its
//! state on the thread's stack; when the frame ends, the object takes the locals over.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Kind, Payload, layout_of};
use crate::types::function::{Cell, Code};
use crate::types::native::{GetSet, NativeDef, getset, getter, method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// No instruction of the frame has been traced.
pub const NO_INSTRUCTION: u32 = u32::MAX;

/// The payload of `frame`.
#[derive(Default)]
pub struct FrameObj {
    /// The code object.
    pub code: Value,
    /// The module's dict.
    pub globals: Value,
    /// The builtins' dict.
    pub builtins: Value,
    /// The mapping of a module's or class's names; absent for functions.
    pub names: Value,
    /// The local slots, once the frame has ended.
    pub slots: Vec<Value>,
    /// The caller's frame object, once the frame has ended; absent for none.
    pub back: Value,
    /// Index of the last instruction, as last seen.
    pub lasti: u32,
    /// `f_trace`, or absent.
    pub trace: Value,
    /// `not f_trace_lines`
    pub no_lines: bool,
    /// `f_trace_opcodes`
    pub opcodes: bool,
    /// For the tracer: the instruction seen last, or [`NO_INSTRUCTION`].
    pub traced_instr: u32,
    /// For the tracer: the line seen last.
    pub traced_line: u32,
    /// For the tracer: the generator has yielded and has not gone on.
    pub suspended: bool,
    /// The dict that `f_locals` gave, so that it stays the same object.
    pub locals: Value,
}

impl Payload for FrameObj {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Frame;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.code, &self.globals, &self.builtins, &self.names, &self.back, &self.trace, &self.locals] {
            visit(v);
        }
        self.slots.iter().for_each(visit);
    }
    fn clear(&mut self) {
        self.slots = Vec::new();
        self.back = Value::NULL;
        self.names = Value::NULL;
        self.trace = Value::NULL;
        self.locals = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> FrameObj {
        FrameObj {
            code: c.value(&self.code),
            globals: c.value(&self.globals),
            builtins: c.value(&self.builtins),
            names: c.value(&self.names),
            slots: c.values(&self.slots),
            back: c.value(&self.back),
            lasti: self.lasti,
            trace: c.value(&self.trace),
            locals: c.value(&self.locals),
            no_lines: self.no_lines,
            opcodes: self.opcodes,
            traced_instr: self.traced_instr,
            traced_line: self.traced_line,
            suspended: self.suspended,
        }
    }
}

/// The payload of `traceback`.
pub struct Traceback {
    /// The next inner entry, or None.
    pub next: Value,
    /// The frame object.
    pub frame: Value,
    /// Index of the instruction that failed.
    pub lasti: u32,
    /// Its line; 0: to be computed from `lasti`.
    pub lineno: u32,
}

impl Payload for Traceback {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Traceback;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.next);
        visit(&self.frame);
    }
    fn clear(&mut self) {
        self.next = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> Traceback {
        Traceback { next: c.value(&self.next), frame: c.value(&self.frame), lasti: self.lasti, lineno: self.lineno }
    }
}

impl Vm {
    /// The object of the frame that is `up` calls above the running one; `None` beyond the outermost.
    pub fn frame_object(&mut self, up: usize) -> Option<Value> {
        let at = self.stack.frames.len().checked_sub(up + 1)?;
        Some(self.frame_object_at(at))
    }
    pub(crate) fn frame_object_at(&mut self, at: usize) -> Value {
        let f = &self.stack.frames[at];
        if !f.object.is_null() {
            let object = f.object.clone();
            let lasti = f.last_instr() as u32;
            if let Some(o) = object.borrow_mut::<FrameObj>(self) {
                o.lasti = lasti;
            }
            return object;
        }
        let code = match f.owner.borrow::<crate::types::function::Function>(self) {
            Some(func) => func.code.clone(),
            None => f.owner.clone(),
        };
        // SAFETY-free: the accessors below make new references of what the frame borrows.
        let (globals, builtins) = self.dicts_of_frame(at);
        let f = &self.stack.frames[at];
        let body = FrameObj { code, globals, builtins, names: f.locals.clone(), lasti: f.last_instr() as u32, ..FrameObj::default() };
        let object = self.new_object(crate::types::T::Frame, body);
        let f = &mut self.stack.frames[at];
        f.object = object.clone();
        f.flags |= crate::interp::frame::HAS_OBJECT;
        object
    }
    /// The frame on top ends: its object, if it has one, takes the locals over.
    pub(crate) fn detach_frame_object(&mut self) {
        let at = self.stack.frames.len() - 1;
        let object = self.stack.frames[at].object.clone();
        if object.is_null() {
            return;
        }
        let slots = self.frame_slots(at);
        let back = if at > 0 { self.frame_object_at(at - 1) } else { Value::NULL };
        let lasti = self.stack.frames[at].last_instr() as u32;
        if let Some(o) = object.borrow_mut::<FrameObj>(self) {
            o.slots = slots;
            o.back = back;
            o.lasti = lasti;
        }
    }
    fn live_frame(&self, object: &Value) -> Option<usize> {
        self.stack.frames.iter().rposition(|f| f.object.is(object))
    }
    /// A frame object's locals as names and values, cells looked into.
    pub fn frame_variables(&mut self, object: &Value) -> Vec<(Value, Value)> {
        let code = object.borrow::<FrameObj>(self).map(|o| o.code.clone()).unwrap_or_default();
        let slots = match self.live_frame(object) {
            Some(at) => self.frame_slots(at),
            None => object.borrow::<FrameObj>(self).map(|o| o.slots.clone()).unwrap_or_default(),
        };
        let Some(c) = code.get::<Code>() else { return Vec::new() };
        let mut out = Vec::new();
        for (name, v) in c.slot_names.iter().zip(slots) {
            let v = match v.borrow::<Cell>(self) {
                Some(cell) => cell.value.clone(),
                None => v,
            };
            let hidden = self.text(name).starts_with('.');
            if !v.is_null() && !hidden {
                out.push((name.clone(), v));
            }
        }
        out
    }
    /// `frame.f_locals`
    pub fn frame_locals_of(&mut self, object: &Value) -> PyResult {
        let o = object.borrow::<FrameObj>(self).expect("a frame");
        if !o.names.is_null() {
            return Ok(o.names.clone());
        }
        let is_function = o.code.get::<Code>().is_some_and(|c| c.proto.flags & crate::code::flags::OPTIMIZED != 0);
        if !is_function {
            return Ok(o.globals.clone());
        }
        let variables = self.frame_variables(object);
        let dict = self.new_dict();
        for (k, v) in variables {
            self.dict_set_str(&dict, &k, v);
        }
        Ok(dict)
    }
    /// `frame.f_lineno`
    pub fn frame_line(&mut self, object: &Value) -> u32 {
        if let Some(at) = self.live_frame(object) {
            let frame = &self.stack.frames[at];
            let placed = frame.code().proto.positions.get(frame.last_instr()).is_some_and(|p| p.line != 0);
            // what has no place of its own belongs to the line that was traced last
            return match object.borrow::<FrameObj>(self).map_or(0, |o| o.traced_line) {
                traced if traced != 0 && !placed => traced,
                _ => frame.line(),
            };
        }
        let Some(o) = object.borrow::<FrameObj>(self) else { return 0 };
        line_of(&o.code, o.lasti)
    }
    /// The Python file and line that run now, for reports.
    pub fn current_place(&self) -> Option<(std::sync::Arc<str>, u32)> {
        let f = self.stack.frames.last()?;
        Some((f.code().proto.filename.clone(), f.line()))
    }
}

/// The line of an instruction.
pub fn line_of(code: &Value, lasti: u32) -> u32 {
    code.get::<Code>().map_or(0, |c| c.proto.line_at(lasti as usize))
}

fn field(v: &Value) -> Value {
    if v.is_null() { Value::NONE } else { v.clone() }
}

macro_rules! frame_field {
    ($name:ident) => {
        |vm, o| Ok(field(&o.borrow::<FrameObj>(vm).expect("a frame").$name))
    };
}

fn frame<'a>(vm: &'a Vm, o: &'a Value) -> &'a FrameObj {
    o.borrow::<FrameObj>(vm).expect("a frame")
}

fn flag(vm: &mut Vm, v: &Value) -> PyResult<bool> {
    if v.is_bool() { Ok(v.is_true()) } else { Err(vm.type_error("attribute value type must be bool")) }
}

fn f_back(vm: &mut Vm, o: &Value) -> PyResult {
    match vm.live_frame(o) {
        Some(0) => Ok(Value::NONE),
        Some(at) => Ok(vm.frame_object_at(at - 1)),
        None => Ok(field(&o.borrow::<FrameObj>(vm).expect("a frame").back)),
    }
}

fn f_lasti(vm: &mut Vm, o: &Value) -> PyResult {
    let lasti = match vm.live_frame(o) {
        Some(at) => vm.stack.frames[at].last_instr() as u32,
        None => o.borrow::<FrameObj>(vm).expect("a frame").lasti,
    };
    Ok(Value::small_wrap(lasti as i64 * 2))
}

fn frame_clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.live_frame(&args[0]).is_some() {
        return Err(vm.runtime_error("cannot clear an executing frame"));
    }
    let old = args[0].borrow_mut::<FrameObj>(vm).map(|o| std::mem::take(&mut o.slots));
    drop(old);
    Ok(Value::NONE)
}

fn frame_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let o = &args[0];
    let line = vm.frame_line(o);
    let code = o.borrow::<FrameObj>(vm).expect("a frame").code.clone();
    let (file, name) = code.get::<Code>().map(|c| (c.proto.filename.to_string(), c.proto.name.to_string())).unwrap_or_default();
    let address = vm.address_of(o);
    Ok(vm.new_str(format!("<frame at {address:#x}, file '{file}', line {line}, code {name}>")))
}

static FRAME_METHODS: &[NativeDef] = &[method("clear(self, /)", frame_clear), method("__repr__(self, /)", frame_repr)];
static FRAME_GETSET: &[GetSet] = &[
    getter("f_code", frame_field!(code)),
    getter("f_globals", frame_field!(globals)),
    getter("f_builtins", frame_field!(builtins)),
    getter("f_locals", |vm, o| vm.frame_locals_of(o)),
    getter("f_lineno", |vm, o| Ok(Value::small_wrap(vm.frame_line(o) as i64))),
    getter("f_lasti", f_lasti),
    getter("f_back", f_back),
    getset("f_trace", frame_field!(trace), |vm, o, v| {
        let v = if v.is_none() { Value::NULL } else { v };
        let old = o.borrow_mut::<FrameObj>(vm).map(|f| std::mem::replace(&mut f.trace, v));
        drop(old);
        Ok(())
    }),
    getset(
        "f_trace_lines",
        |vm, o| Ok(Value::bool(!frame(vm, o).no_lines)),
        |vm, o, v| {
            let on = flag(vm, &v)?;
            if let Some(f) = o.borrow_mut::<FrameObj>(vm) {
                f.no_lines = !on;
            }
            Ok(())
        },
    ),
    getset(
        "f_trace_opcodes",
        |vm, o| Ok(Value::bool(frame(vm, o).opcodes)),
        |vm, o, v| {
            let on = flag(vm, &v)?;
            if let Some(f) = o.borrow_mut::<FrameObj>(vm) {
                f.opcodes = on;
            }
            Ok(())
        },
    ),
];

fn tb_lineno(tb: &Traceback, vm: &Vm) -> u32 {
    if tb.lineno != 0 {
        return tb.lineno;
    }
    tb.frame.borrow::<FrameObj>(vm).map_or(0, |f| line_of(&f.code, tb.lasti))
}

fn set_tb_next(vm: &mut Vm, o: &Value, v: Value) -> PyResult<()> {
    if !v.is_none() && !v.is_a::<Traceback>() {
        let name = vm.type_name(&v);
        return Err(vm.type_error(format!("expected traceback object, got '{name}'")));
    }
    let mut cursor = v.clone();
    while let Some(t) = cursor.borrow::<Traceback>(vm) {
        if cursor.is(o) {
            return Err(vm.value_error("traceback loop detected"));
        }
        let next = t.next.clone();
        cursor = next;
    }
    let old = o.borrow_mut::<Traceback>(vm).map(|t| std::mem::replace(&mut t.next, v));
    drop(old);
    Ok(())
}

fn tb_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (lasti, lineno) = (vm.to_i64(&args[3])?, vm.to_i64(&args[4])?);
    let body = Traceback { next: args[1].clone(), frame: args[2].clone(), lasti: (lasti / 2) as u32, lineno: lineno as u32 };
    Ok(vm.new_of(&args[0], body))
}

static TRACEBACK_METHODS: &[NativeDef] = &[crate::types::native::static_method("__new__(cls, tb_next, tb_frame, tb_lasti, tb_lineno)", tb_new)];
static TRACEBACK_GETSET: &[GetSet] = &[
    getset("tb_next", |vm, o| Ok(o.borrow::<Traceback>(vm).expect("a traceback").next.clone()), set_tb_next),
    getter("tb_frame", |vm, o| Ok(o.borrow::<Traceback>(vm).expect("a traceback").frame.clone())),
    getter("tb_lasti", |vm, o| Ok(Value::small_wrap(o.borrow::<Traceback>(vm).expect("a traceback").lasti as i64 * 2))),
    getter("tb_lineno", |vm, o| Ok(Value::small_wrap(tb_lineno(o.borrow::<Traceback>(vm).expect("a traceback"), vm) as i64))),
];

/// `frame`
pub static FRAME: TypeDef = TypeDef::new("frame", layout_of::<FrameObj>()).flags(flags::NO_NEW).methods(FRAME_METHODS).getset(FRAME_GETSET);
/// `traceback`
pub static TRACEBACK: TypeDef = TypeDef::new("traceback", layout_of::<Traceback>()).methods(TRACEBACK_METHODS).getset(TRACEBACK_GETSET);
