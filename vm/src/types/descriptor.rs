//! `staticmethod`, `classmethod`, `property`.

use crate::attrs::Attrs;
use crate::image::TypeDef;
use crate::object::{Cloner, Kind, Payload, layout_of};
use crate::types::type_::flags;
use crate::value::Value;

/// The payload of `staticmethod`.
pub struct StaticMethod {
    /// The callable.
    pub func: Value,
    attrs: Attrs,
}

impl StaticMethod {
    /// Wraps a callable.
    pub fn new(func: Value) -> StaticMethod {
        StaticMethod { func, attrs: Attrs::default() }
    }
}

impl Payload for StaticMethod {
    const KIND: Kind = Kind::StaticMethod;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(StaticMethod, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.func = Value::NONE;
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> StaticMethod {
        StaticMethod { func: c.value(&self.func), attrs: self.attrs.clone_in(c) }
    }
}

/// The payload of `classmethod`.
pub struct ClassMethod {
    /// The callable.
    pub func: Value,
    attrs: Attrs,
}

impl ClassMethod {
    /// Wraps a callable.
    pub fn new(func: Value) -> ClassMethod {
        ClassMethod { func, attrs: Attrs::default() }
    }
}

impl Payload for ClassMethod {
    const KIND: Kind = Kind::ClassMethod;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(ClassMethod, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.func);
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.func = Value::NONE;
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> ClassMethod {
        ClassMethod { func: c.value(&self.func), attrs: self.attrs.clone_in(c) }
    }
}

/// The payload of `property`.
#[derive(Default)]
pub struct Property {
    /// The getter, or absent.
    pub get: Value,
    /// The setter, or absent.
    pub set: Value,
    /// The deleter, or absent.
    pub del: Value,
    /// The docstring.
    pub doc: Value,
    /// The name (`__set_name__`), or absent.
    pub name: Value,
}

impl Payload for Property {
    const KIND: Kind = Kind::Property;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.get, &self.set, &self.del, &self.doc, &self.name] {
            visit(v);
        }
    }
    fn clear(&mut self) {
        *self = Property::default();
    }
    fn clone_in(&self, c: &mut Cloner) -> Property {
        Property { get: c.value(&self.get), set: c.value(&self.set), del: c.value(&self.del), doc: c.value(&self.doc), name: c.value(&self.name) }
    }
}

/// `staticmethod`
pub static STATIC_METHOD: TypeDef = TypeDef::new("staticmethod", layout_of::<StaticMethod>).flags(flags::BASE | flags::HAS_DICT);
/// `classmethod`
pub static CLASS_METHOD: TypeDef = TypeDef::new("classmethod", layout_of::<ClassMethod>).flags(flags::BASE | flags::HAS_DICT);
/// `property`
pub static PROPERTY: TypeDef = TypeDef::new("property", layout_of::<Property>).flags(flags::BASE);
