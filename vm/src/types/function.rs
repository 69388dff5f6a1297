//! Functions, code objects, cells and bound methods.

use crate::attrs::Attrs;
use crate::code::CodeProto;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::Instr;
use crate::types::type_::flags;
use crate::value::Value;
use std::cell::UnsafeCell;
use std::sync::Arc;

/// An inline cache of one instruction. What the fields mean is the instruction's business; zero is empty.
#[derive(Clone, Copy, Default)]
pub struct Cache {
    /// The type's version, or the version of a dict's keys.
    pub version: u32,
    /// A shape, or a second dict's version.
    pub shape: u32,
    /// An index, plus one; 0 is none.
    pub index: u32,
    /// What kind of hit this caches.
    pub kind: u32,
    /// A borrowed object that the versions keep alive.
    pub object: u64,
}

/// The payload of `code`: what an isolate makes of a [`CodeProto`].
pub struct Code {
    /// The shared part.
    pub proto: Arc<CodeProto>,
    /// Constants as values.
    pub consts: Late<[Value]>,
    /// Names, interned.
    pub names: Late<[Value]>,
    /// Names of the local slots, interned.
    pub slot_names: Late<[Value]>,
    /// `co_name`, `co_qualname`, `co_filename`
    pub name: Value,
    /// `co_qualname`
    pub qualname: Value,
    /// `co_filename`
    pub filename: Value,
    /// Instructions with fusions and cache slots; the loop's copy. Never written; shared with the code's clones in forked processes.
    pub(crate) instrs: UnsafeCell<Arc<[Instr]>>,
    /// What `Op::Visible` stands for, by index.
    pub(crate) visible: Late<[(u32, Instr)]>,
    /// See [`Code::key`].
    pub(crate) key: std::cell::Cell<u64>,
    /// The inline caches.
    pub(crate) caches: UnsafeCell<Box<[Cache]>>,
    /// Loaded, and positional parameters, `*args` and `**kwargs` absent and no cells among them: a call can copy the arguments straight in.
    pub simple_args: std::cell::Cell<bool>,
    /// Slots plus the deepest operand stack.
    pub frame_size: usize,
    /// Positional parameters.
    pub arg_count: usize,
    /// Local slots, cells and free variables included.
    pub slots: usize,
}

impl Payload for Code {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::Code;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.consts.iter().for_each(&mut *visit);
        self.names.iter().for_each(&mut *visit);
        self.slot_names.iter().for_each(&mut *visit);
        visit(&self.name);
        visit(&self.qualname);
        visit(&self.filename);
    }
    fn clone_in(&self, c: &mut Cloner) -> Code {
        // SAFETY: instructions are never written once they are there, and the GIL is held.
        let (instrs, caches) = unsafe { ((*self.instrs.get()).clone(), (&(*self.caches.get())).len()) };
        Code {
            proto: self.proto.clone(),
            consts: c.values(&self.consts).into(),
            names: c.values(&self.names).into(),
            slot_names: c.values(&self.slot_names).into(),
            name: c.value(&self.name),
            qualname: c.value(&self.qualname),
            filename: c.value(&self.filename),
            visible: self.visible.to_vec().into(),
            key: self.key.clone(),
            instrs: UnsafeCell::new(instrs),
            caches: UnsafeCell::new(vec![Cache::default(); caches].into()),
            simple_args: self.simple_args.clone(),
            frame_size: self.frame_size,
            arg_count: self.arg_count,
            slots: self.slots,
        }
    }
}
impl Immutable for Code {}

/// A slice that is empty until the code is loaded, and never changes after that.
pub struct Late<T: ?Sized>(UnsafeCell<Box<T>>);

impl<T> Default for Late<[T]> {
    fn default() -> Self {
        Late(UnsafeCell::default())
    }
}

impl<T> From<Vec<T>> for Late<[T]> {
    fn from(items: Vec<T>) -> Self {
        Late(UnsafeCell::new(items.into()))
    }
}

impl<T: ?Sized> std::ops::Deref for Late<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: written once, with the GIL held, when nobody can have borrowed more than an empty slice.
        unsafe { &**self.0.get() }
    }
}

impl<T> Late<[T]> {
    /// Fills it in; later calls do nothing.
    pub(crate) fn fill(&self, items: Vec<T>) {
        if self.is_empty() {
            // SAFETY: the GIL is held, and a borrow of the empty slice reads no memory.
            unsafe { *self.0.get() = items.into() };
        }
    }
    /// Exchanges it, while no frame runs the code.
    pub(crate) fn replace(&self, items: Vec<T>) {
        // SAFETY: the GIL is held, and nobody borrows the slice for longer than he runs the code.
        unsafe { *self.0.get() = items.into() };
    }
}

impl Code {
    /// What the code is called in every run (`control::code_key`).
    pub fn key(&self) -> u64 {
        if self.key.get() == 0 {
            let p = &self.proto;
            self.key.set(crate::control::code_key(&p.filename, &p.qualname, p.first_line));
        }
        self.key.get()
    }
    /// Whether constants, names and instructions are there. Most of a library's functions never run: until its first call, code is
    /// no more than its shared part and its three names.
    pub fn is_loaded(&self) -> bool {
        // SAFETY: the GIL is held; nobody writes meanwhile.
        unsafe { !(&*self.instrs.get()).is_empty() }
    }
}

/// The payload of `function`.
pub struct Function {
    /// The code object.
    pub code: Value,
    /// The module's dict.
    pub globals: Value,
    /// The builtins' dict.
    pub builtins: Value,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `__module__`
    pub module: Value,
    /// `__doc__`; absent: the code's docstring.
    pub doc: Value,
    /// `__defaults__`: a tuple or absent.
    pub defaults: Value,
    /// `__kwdefaults__`: a dict or absent.
    pub kwdefaults: Value,
    /// `__closure__`: a tuple of cells or absent.
    pub closure: Value,
    /// `__annotations__`, once evaluated; or absent.
    pub annotations: Value,
    /// `__annotate__`: a function or absent.
    pub annotate: Value,
    /// `__type_params__`: a tuple or absent.
    pub type_params: Value,
    /// Other attributes.
    pub attrs: Attrs,
}

impl Payload for Function {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Function;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(Function, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in self.values() {
            visit(v);
        }
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.closure = Value::NULL;
        self.globals = Value::NULL;
        self.defaults = Value::NULL;
        self.kwdefaults = Value::NULL;
        self.annotations = Value::NULL;
        self.annotate = Value::NULL;
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> Function {
        Function {
            code: c.value(&self.code),
            globals: c.value(&self.globals),
            builtins: c.value(&self.builtins),
            name: c.value(&self.name),
            qualname: c.value(&self.qualname),
            module: c.value(&self.module),
            doc: c.value(&self.doc),
            defaults: c.value(&self.defaults),
            kwdefaults: c.value(&self.kwdefaults),
            closure: c.value(&self.closure),
            annotations: c.value(&self.annotations),
            annotate: c.value(&self.annotate),
            type_params: c.value(&self.type_params),
            attrs: self.attrs.clone_in(c),
        }
    }
}

impl Function {
    fn values(&self) -> [&Value; 13] {
        [
            &self.code,
            &self.globals,
            &self.builtins,
            &self.name,
            &self.qualname,
            &self.module,
            &self.doc,
            &self.defaults,
            &self.kwdefaults,
            &self.closure,
            &self.annotations,
            &self.annotate,
            &self.type_params,
        ]
    }
}

/// The payload of `cell`: a variable shared by a function and its closures; absent content is an unset variable.
#[derive(Default)]
pub struct Cell {
    /// The content.
    pub value: Value,
}

impl Payload for Cell {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Cell;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.value);
    }
    fn clear(&mut self) {
        self.value = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> Cell {
        Cell { value: c.value(&self.value) }
    }
}

/// The payload of `method`: a function bound to an object.
pub struct BoundMethod {
    /// The callable.
    pub func: Value,
    /// The object.
    pub this: Value,
}

impl Payload for BoundMethod {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::BoundMethod;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        visit(&self.this);
    }
    fn clone_in(&self, c: &mut Cloner) -> BoundMethod {
        BoundMethod { func: c.value(&self.func), this: c.value(&self.this) }
    }
}
impl Immutable for BoundMethod {}

// --- function ------------------------------------------------------------------------------------------------------------

use crate::error::{PyResult, Raised};
use crate::special::Name;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::native::{GetSet, NativeDef, getset, getter, method, static_method};
use crate::types::object_;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::vm::Vm;

fn func<'a>(vm: &'a Vm, v: &'a Value) -> &'a Function {
    v.borrow::<Function>(vm).expect("a function")
}
fn or_none(v: &Value) -> Value {
    v.as_opt().cloned().unwrap_or(Value::NONE)
}
/// Exchanges a field; the old value is dropped when the borrow has ended.
fn exchange(vm: &mut Vm, v: &Value, field: impl FnOnce(&mut Function) -> &mut Value, new: Value) {
    let old = v.borrow_mut::<Function>(vm).map(|f| std::mem::replace(field(f), new));
    drop(old);
}
fn must_be_text(vm: &mut Vm, value: &Value, what: &str) -> PyResult<()> {
    if value.is_a::<Str>() { Ok(()) } else { Err(vm.type_error(format!("{what} must be set to a string object"))) }
}
fn get_name(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(func(vm, v).name.clone())
}
fn set_name(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    must_be_text(vm, &value, "__name__")?;
    exchange(vm, v, |f| &mut f.name, value);
    Ok(())
}
fn get_qualname(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(func(vm, v).qualname.clone())
}
fn set_qualname(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    must_be_text(vm, &value, "__qualname__")?;
    exchange(vm, v, |f| &mut f.qualname, value);
    Ok(())
}
fn get_module(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).module))
}
fn set_module(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    exchange(vm, v, |f| &mut f.module, value.opt().unwrap_or(Value::NONE));
    Ok(())
}
fn get_doc(vm: &mut Vm, v: &Value) -> PyResult {
    let f = func(vm, v);
    if !f.doc.is_null() {
        return Ok(f.doc.clone());
    }
    let code = f.code.clone();
    let doc = vm.docstring(code.get::<Code>().expect("a code object"));
    exchange(vm, v, |f| &mut f.doc, doc.clone());
    Ok(doc)
}
fn set_doc(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    exchange(vm, v, |f| &mut f.doc, value.opt().unwrap_or(Value::NONE));
    Ok(())
}
fn get_defaults(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).defaults))
}
fn set_defaults(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let value = if value.is_none() { Value::NULL } else { value };
    if !value.is_null() && !value.is_a::<Tuple>() {
        return Err(vm.type_error("__defaults__ must be set to a tuple object"));
    }
    exchange(vm, v, |f| &mut f.defaults, value);
    Ok(())
}
fn get_kwdefaults(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).kwdefaults))
}
fn set_kwdefaults(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let value = if value.is_none() { Value::NULL } else { value };
    if !value.is_null() && !value.is_a::<Dict>() {
        return Err(vm.type_error("__kwdefaults__ must be set to a dict object"));
    }
    exchange(vm, v, |f| &mut f.kwdefaults, value);
    Ok(())
}
fn get_code(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(func(vm, v).code.clone())
}
fn free_count(code: &Value) -> usize {
    code.get::<Code>().map_or(0, |c| c.proto.freevars.len())
}
fn set_code(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if !value.is_a::<Code>() {
        return Err(vm.type_error("__code__ must be set to a code object"));
    }
    let f = func(vm, v);
    let closure = f.closure.get::<Tuple>().map_or(0, |t| t.items().len());
    let want = free_count(&value);
    if closure != want {
        let name = vm.text(&f.name);
        return Err(vm.value_error(format!("{name}() requires a code object with {closure} free vars, not {want}")));
    }
    // the docstring stays the old code's
    get_doc(vm, v)?;
    exchange(vm, v, |f| &mut f.code, value);
    Ok(())
}
fn get_globals(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).globals))
}
fn get_builtins(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).builtins))
}
fn get_closure(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).closure))
}
/// The setter of what cannot be set.
pub(crate) fn set_readonly(vm: &mut Vm, _: &Value, _: Value) -> PyResult<()> {
    Err(vm.err(crate::error::Exc::AttributeError, "readonly attribute"))
}
fn get_annotations(vm: &mut Vm, v: &Value) -> PyResult {
    let f = func(vm, v);
    let (made, annotate) = (f.annotations.clone(), f.annotate.clone());
    if !made.is_null() {
        return Ok(made);
    }
    let made = if annotate.is_null() || annotate.is_none() {
        vm.new_dict()
    } else {
        let d = vm.call(&annotate, &[Value::i32(1)])?;
        if !d.is_a::<Dict>() {
            let got = vm.type_name(&d);
            return Err(vm.type_error(format!("__annotate__ returned non-dict of type '{got}'")));
        }
        d
    };
    exchange(vm, v, |f| &mut f.annotations, made.clone());
    Ok(made)
}
fn set_annotations(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let value = if value.is_none() { Value::NULL } else { value };
    if !value.is_null() && !value.is_a::<Dict>() {
        return Err(vm.type_error("__annotations__ must be set to a dict object"));
    }
    exchange(vm, v, |f| &mut f.annotations, value);
    exchange(vm, v, |f| &mut f.annotate, Value::NULL);
    Ok(())
}
fn get_annotate(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(or_none(&func(vm, v).annotate))
}
fn set_annotate(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return Err(vm.type_error("__annotate__ cannot be deleted"));
    }
    if !value.is_none() {
        if vm.special(&value, crate::special::Special::Call).is_none() {
            return Err(vm.type_error("__annotate__ must be callable or None"));
        }
        exchange(vm, v, |f| &mut f.annotations, Value::NULL);
    }
    exchange(vm, v, |f| &mut f.annotate, value);
    Ok(())
}
fn get_type_params(vm: &mut Vm, v: &Value) -> PyResult {
    match func(vm, v).type_params.clone().opt() {
        Some(t) => Ok(t),
        None => Ok(vm.new_tuple(vec![])),
    }
}
fn set_type_params(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if !value.is_a::<Tuple>() {
        return Err(vm.type_error("__type_params__ must be set to a tuple"));
    }
    exchange(vm, v, |f| &mut f.type_params, value);
    Ok(())
}
fn function_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let q = func(vm, &args[0]).qualname.clone();
    let text = format!("<function {} at {:#x}>", vm.text(&q), vm.address_of(&args[0]));
    Ok(vm.new_str(text))
}
fn function_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() { Ok(args[0].clone()) } else { Ok(vm.bind_method(&args[0], &args[1])) }
}
fn call_any(vm: &mut Vm, args: &[Value]) -> PyResult {
    object_::call_packed(vm, &args[0], &args[1], &args[2])
}
fn function_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (code, globals, name, defaults, closure, kwdefaults) = (&args[1], &args[2], &args[3], &args[4], &args[5], &args[6]);
    if !code.is_a::<Code>() {
        let got = vm.type_name(code);
        return Err(vm.type_error(format!("function() argument 'code' must be code, not {got}")));
    }
    if !globals.is_a::<Dict>() {
        let got = vm.type_name(globals);
        return Err(vm.type_error(format!("function() argument 'globals' must be dict, not {got}")));
    }
    if !name.is_none() && !name.is_a::<Str>() {
        return Err(vm.type_error("arg 3 (name) must be None or string"));
    }
    if !defaults.is_none() && !defaults.is_a::<Tuple>() {
        return Err(vm.type_error("arg 4 (defaults) must be None or tuple"));
    }
    check_closure(vm, code, closure)?;
    // globals that do not say which builtins they mean see the running code's, and are left as they are
    let key = vm.name(Name::DunderBuiltins);
    let builtins = if vm.dict_get_str(globals, &key).is_some() { vm.builtins_of(globals)? } else { vm.iso().builtins.clone() };
    let f = vm.new_python_function(code.clone(), globals.clone(), builtins);
    for (value, which) in [(defaults, 0), (closure, 1), (kwdefaults, 2), (name, 3)] {
        if value.is_none() {
            continue;
        }
        match which {
            0 => exchange(vm, &f, |f| &mut f.defaults, value.clone()),
            1 => exchange(vm, &f, |f| &mut f.closure, value.clone()),
            2 => exchange(vm, &f, |f| &mut f.kwdefaults, value.clone()),
            _ => exchange(vm, &f, |f| &mut f.name, value.clone()),
        }
    }
    Ok(f)
}
fn check_closure(vm: &mut Vm, code: &Value, closure: &Value) -> PyResult<()> {
    let want = free_count(code);
    let name = code.get::<Code>().map_or(String::new(), |c| c.proto.name.to_string());
    let Some(cells) = closure.get::<Tuple>() else {
        if want > 0 {
            return Err(vm.type_error("arg 5 (closure) must be tuple"));
        }
        return if closure.is_none() { Ok(()) } else { Err(vm.type_error("arg 5 (closure) must be None or tuple")) };
    };
    if cells.items().len() != want {
        let got = cells.items().len();
        return Err(vm.value_error(format!("{name} requires closure of length {want}, not {got}")));
    }
    match cells.items().iter().find(|c| !c.is_a::<Cell>()) {
        Some(odd) => {
            let got = vm.type_name(odd);
            Err(vm.type_error(format!("arg 5 (closure) expected cell, found {got}")))
        }
        None => Ok(()),
    }
}

const FUNCTION_METHODS: &[NativeDef] = &[
    static_method("__new__(cls, code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)", function_new),
    method("__repr__(self, /)", function_repr),
    method("__get__(self, instance, owner=None, /)", function_get),
    method("__call__(self, /, *args, **kwargs)", call_any),
];
const FUNCTION_GETSET: &[GetSet] = &[
    getset("__name__", get_name, set_name),
    getset("__qualname__", get_qualname, set_qualname),
    getset("__module__", get_module, set_module),
    getset("__doc__", get_doc, set_doc),
    getset("__defaults__", get_defaults, set_defaults),
    getset("__kwdefaults__", get_kwdefaults, set_kwdefaults),
    getset("__code__", get_code, set_code),
    getset("__globals__", get_globals, set_readonly),
    getter("__builtins__", get_builtins),
    getset("__closure__", get_closure, set_readonly),
    getset("__annotations__", get_annotations, set_annotations),
    getset("__annotate__", get_annotate, set_annotate),
    getset("__type_params__", get_type_params, set_type_params),
    getset("__dict__", object_::get_dict, object_::set_dict),
];
/// `function`
pub static FUNCTION: TypeDef = TypeDef::new("function", layout_of::<Function>()).flags(flags::HAS_DICT).methods(FUNCTION_METHODS).getset(FUNCTION_GETSET);

// --- cell ----------------------------------------------------------------------------------------------------------------

fn cell_value(vm: &mut Vm, v: &Value) -> Option<Value> {
    vm.touch_read(v, crate::probe::Part::Whole);
    v.borrow::<Cell>(vm).and_then(|c| c.value.clone().opt())
}
fn cell_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Cell { value: args[1].clone() }))
}
fn cell_get(vm: &mut Vm, v: &Value) -> PyResult {
    match cell_value(vm, v) {
        Some(v) => Ok(v),
        None => Err(vm.value_error("Cell is empty")),
    }
}
fn cell_set(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    vm.touch_write(v, crate::probe::Part::Whole);
    let old = v.borrow_mut::<Cell>(vm).map(|c| std::mem::replace(&mut c.value, value));
    drop(old);
    Ok(())
}
fn cell_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let at = vm.address_of(&args[0]);
    let text = match cell_value(vm, &args[0]) {
        Some(v) => format!("<cell at {at:#x}: {} object at {:#x}>", vm.type_name(&v), vm.address_of(&v)),
        None => format!("<cell at {at:#x}: empty>"),
    };
    Ok(vm.new_str(text))
}
fn cell_compare(vm: &mut Vm, args: &[Value], op: crate::op::CmpOp) -> PyResult {
    if !args[1].is_a::<Cell>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    match (cell_value(vm, &args[0]), cell_value(vm, &args[1])) {
        (Some(a), Some(b)) => vm.compare(op, &a, &b),
        (a, b) => Ok(Value::bool(crate::proto::compare::holds(op, a.is_some().cmp(&b.is_some())))),
    }
}
macro_rules! cell_comparisons {
    ($($name:ident $op:ident,)*) => { $(fn $name(vm: &mut Vm, args: &[Value]) -> PyResult { cell_compare(vm, args, crate::op::CmpOp::$op) })* };
}
cell_comparisons! { cell_eq Eq, cell_ne Ne, cell_lt Lt, cell_le Le, cell_gt Gt, cell_ge Ge, }

/// `cell`
pub static CELL: TypeDef = TypeDef::new("cell", layout_of::<Cell>())
    .methods(&[
        static_method("__new__(cls, contents=NULL, /)", cell_new),
        method("__repr__(self, /)", cell_repr),
        method("__eq__(self, value, /)", cell_eq),
        method("__ne__(self, value, /)", cell_ne),
        method("__lt__(self, value, /)", cell_lt),
        method("__le__(self, value, /)", cell_le),
        method("__gt__(self, value, /)", cell_gt),
        method("__ge__(self, value, /)", cell_ge),
    ])
    .getset(&[getset("cell_contents", cell_get, cell_set)]);

// --- bound methods -----------------------------------------------------------------------------------------------------------

fn bound(v: &Value) -> &BoundMethod {
    v.get::<BoundMethod>().expect("a bound method")
}
fn bound_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.special(&args[1], crate::special::Special::Call).is_none() {
        return Err(vm.type_error("first argument must be callable"));
    }
    if args[2].is_none() {
        return Err(vm.type_error("instance must not be None"));
    }
    Ok(vm.new_of(&args[0], BoundMethod { func: args[1].clone(), this: args[2].clone() }))
}
fn bound_getattribute(vm: &mut Vm, args: &[Value]) -> PyResult {
    object_::check_name(vm, &args[1])?;
    let name = vm.iso_mut().intern_value(&args[1]);
    let ty = args[0].type_of(vm).clone();
    if let Some(d) = vm.type_lookup(&ty, &name) {
        // what only object has is the function's
        let (object, ours) = (vm.ty(T::Object).clone(), vm.type_lookup(&ty, &name));
        let inherited = vm.type_lookup(&object, &name);
        if !matches!((&ours, &inherited), (Some(a), Some(b)) if a.is(b)) || vm.text(&name).starts_with("__") {
            return vm.descriptor_get(&d, &args[0], &ty);
        }
    }
    vm.get_attr(&bound(&args[0]).func, &name)
}
fn bound_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = bound(&args[0]);
    let name = match vm.attr_opt(&m.func, "__qualname__")? {
        Some(q) if q.is_a::<Str>() => vm.text(&q),
        _ => match vm.attr_opt(&m.func, "__name__")? {
            Some(n) if n.is_a::<Str>() => vm.text(&n),
            _ => "?".into(),
        },
    };
    let this = vm.repr_text(&m.this)?;
    Ok(vm.new_str(format!("<bound method {name} of {this}>")))
}
fn bound_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, Some(b)) = (bound(&args[0]), args[1].get::<BoundMethod>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(a.this.is(&b.this) && vm.eq(&a.func, &b.func)?))
}
fn bound_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = bound(&args[0]);
    let h = vm.identity_hash(&m.this) ^ vm.hash(&m.func)?;
    Ok(vm.new_int(h))
}
fn bound_get(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(args[0].clone())
}
fn bound_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = bound(&args[0]);
    let builtins = vm.iso().builtins.clone();
    let key = vm.intern("getattr");
    let getattr = vm.dict_get_str(&builtins, &key).unwrap_or(Value::NONE);
    let name = vm.attr(&m.func, "__name__")?;
    let parts = vm.new_tuple(vec![m.this.clone(), name]);
    Ok(vm.new_tuple(vec![getattr, parts]))
}
fn bound_func(_: &mut Vm, v: &Value) -> PyResult {
    Ok(bound(v).func.clone())
}
fn bound_self(_: &mut Vm, v: &Value) -> PyResult {
    Ok(bound(v).this.clone())
}
fn bound_doc(vm: &mut Vm, v: &Value) -> PyResult {
    let name = vm.name(Name::DunderDoc);
    Ok(vm.get_attr_opt(&bound(v).func, &name)?.unwrap_or(Value::NONE))
}
fn bound_forward(vm: &mut Vm, v: &Value, name: &str) -> PyResult {
    vm.attr(&bound(v).func, name)
}
fn bound_name(vm: &mut Vm, v: &Value) -> PyResult {
    bound_forward(vm, v, "__name__")
}
fn bound_qualname(vm: &mut Vm, v: &Value) -> PyResult {
    bound_forward(vm, v, "__qualname__")
}
fn bound_module(vm: &mut Vm, v: &Value) -> PyResult {
    bound_forward(vm, v, "__module__")
}
fn bound_dict(vm: &mut Vm, v: &Value) -> PyResult {
    bound_forward(vm, v, "__dict__")
}
fn bound_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    object_::check_name(vm, &args[1])?;
    let n = vm.text(&args[1]);
    Err(bound_no_attr(vm, &args[0], &args[1], &n))
}
fn bound_no_attr(vm: &mut Vm, obj: &Value, name: &Value, text: &str) -> Raised {
    vm.attribute_error(obj, name, format!("'method' object has no attribute '{text}'"))
}

/// `method`
pub static BOUND_METHOD: TypeDef = TypeDef::new("method", layout_of::<BoundMethod>())
    .methods(&[
        static_method("__new__(cls, function, instance, /)", bound_new),
        method("__getattribute__(self, name, /)", bound_getattribute),
        method("__setattr__(self, name, value, /)", bound_set),
        method("__repr__(self, /)", bound_repr),
        method("__eq__(self, value, /)", bound_eq),
        method("__hash__(self, /)", bound_hash),
        method("__get__(self, instance, owner=None, /)", bound_get),
        method("__call__(self, /, *args, **kwargs)", call_any),
        method("__reduce__(self, /)", bound_reduce),
    ])
    .getset(&[
        getter("__func__", bound_func),
        getter("__self__", bound_self),
        getter("__doc__", bound_doc),
        getter("__name__", bound_name),
        getter("__qualname__", bound_qualname),
        getter("__module__", bound_module),
        getter("__dict__", bound_dict),
    ]);
