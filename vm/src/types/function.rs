//! Functions, code objects, cells and bound methods.

use crate::image::TypeDef;
use crate::types::type_::flags;
use crate::attrs::Attrs;
use crate::code::CodeProto;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::Instr;
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
    pub consts: Box<[Value]>,
    /// Names, interned.
    pub names: Box<[Value]>,
    /// Names of the local slots, interned.
    pub slot_names: Box<[Value]>,
    /// `co_name`, `co_qualname`, `co_filename`
    pub name: Value,
    /// `co_qualname`
    pub qualname: Value,
    /// `co_filename`
    pub filename: Value,
    /// Instructions with fusions and cache slots; the loop's copy.
    pub(crate) instrs: UnsafeCell<Box<[Instr]>>,
    /// The inline caches.
    pub(crate) caches: UnsafeCell<Box<[Cache]>>,
    /// Positional parameters, `*args` and `**kwargs` absent and no cells among them: a call can copy the arguments straight in.
    pub simple_args: bool,
    /// Slots plus the deepest operand stack.
    pub frame_size: usize,
}

impl Payload for Code {
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
        crate::interp::quicken::prepare(
            self.proto.clone(),
            c.values(&self.consts),
            c.values(&self.names),
            c.values(&self.slot_names),
            [c.value(&self.name), c.value(&self.qualname), c.value(&self.filename)],
        )
    }
}
impl Immutable for Code {}

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
    /// `__doc__`
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


/// `function`
pub static FUNCTION: TypeDef = TypeDef::new("function", layout_of::<Function>).flags(flags::HAS_DICT | flags::NO_NEW);
/// `code`
pub static CODE: TypeDef = TypeDef::new("code", layout_of::<Code>).flags(flags::NO_NEW);
/// `cell`
pub static CELL: TypeDef = TypeDef::new("cell", layout_of::<Cell>);
/// `method`
pub static BOUND_METHOD: TypeDef = TypeDef::new("method", layout_of::<BoundMethod>);
