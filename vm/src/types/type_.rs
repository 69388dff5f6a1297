//! `type`: classes, how they are made and searched.

use crate::image::TypeDef;
use crate::heap::TypeHead;
use crate::object::{Cloner, Kind, Layout, Payload, layout_of};
use crate::special::{SPECIALS, Special};
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;
use std::cell::Cell;

/// Bits of `TypeHead::flags`.
pub mod flags {
    /// Made by a class statement or `type()`: mutable, counted.
    pub const HEAP: u32 = 1;
    /// May be a base class.
    pub const BASE: u32 = 2;
    /// Instances compare with each other without running Python (exact str, int, tuple, bytes ..).
    pub const PLAIN_EQ: u32 = 4;
    /// `==` is identity: `__eq__` is object's.
    pub const IDENTITY_EQ: u32 = 8;
    /// `__getattribute__` is object's and there is no `__getattr__`: the loop may look attributes up itself.
    pub const PLAIN_GETATTR: u32 = 16;
    /// `__setattr__` and `__delattr__` are object's.
    pub const PLAIN_SETATTR: u32 = 32;
    /// Instances have a `__dict__`.
    pub const HAS_DICT: u32 = 64;
    /// `type` or a subclass of it.
    pub const TYPE: u32 = 128;
    /// `BaseException` or a subclass.
    pub const EXCEPTION: u32 = 256;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 512;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 1024;
    /// Cannot be called to make an instance.
    pub const NO_NEW: u32 = 2048;
    /// Has abstract methods left.
    pub const ABSTRACT: u32 = 4096;
    /// Instances can be weakly referenced.
    pub const WEAKREF: u32 = 8192;
    /// Attributes cannot be set (built-in types).
    pub const IMMUTABLE: u32 = 1 << 14;
    /// In a class pattern a single positional sub-pattern matches the subject itself (int, str ..).
    pub const MATCH_SELF: u32 = 1 << 15;
    /// `Special::Iter`/`Next`.. lookups found a Python-level `__hash__ = None`.
    pub const UNHASHABLE: u32 = 1 << 16;
    /// What a class takes over from its base.
    pub const INHERITED: u32 = TYPE | EXCEPTION | HAS_DICT | WEAKREF | SEQUENCE | MAPPING | MATCH_SELF;
    /// Instances have a finaliser.
    pub const FINALIZER: u32 = crate::heap::TYPE_HAS_FINALIZER;
}

/// The payload of a type object. The heap looks at its head.
#[repr(C)]
pub struct TypeObj {
    pub(crate) head: TypeHead,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `__module__`, where the type is built in; classes keep it in their dict.
    pub module: Value,
    /// `__base__`; absent for object.
    pub base: Value,
    /// `__bases__`, a tuple.
    pub bases: Value,
    /// The method resolution order, this type first.
    pub mro: Vec<Value>,
    /// The namespace.
    pub dict: Dict,
    /// The special methods as found along the MRO; absent where there is none. Not counted twice: these are owned references.
    pub special: Box<[Value; SPECIALS]>,
    /// Names of own `__slots__`, mangled.
    pub slots: Vec<Value>,
    /// Number that `super` and caches may use to tell types apart; never reused within an isolate.
    pub id: u32,
}

impl TypeObj {
    /// A type that is still to be filled.
    pub fn blank(layout: &'static Layout, flags: u32) -> TypeObj {
        TypeObj {
            head: TypeHead { layout, flags: Cell::new(flags), version: Cell::new(0) },
            name: Value::NULL,
            qualname: Value::NULL,
            module: Value::NULL,
            base: Value::NULL,
            bases: Value::NULL,
            mro: Vec::new(),
            dict: Dict::new(),
            special: Box::new([const { Value::NULL }; SPECIALS]),
            slots: Vec::new(),
            id: 0,
        }
    }
    /// The flags.
    #[inline(always)]
    pub fn flags(&self) -> u32 {
        self.head.flags.get()
    }
    /// Is this flag set?
    #[inline(always)]
    pub fn has(&self, flag: u32) -> bool {
        self.head.flags.get() & flag != 0
    }
    /// Sets or clears flags.
    pub fn set_flag(&self, flag: u32, on: bool) {
        let f = self.head.flags.get();
        self.head.flags.set(if on { f | flag } else { f & !flag });
    }
    /// The version that inline caches compare; never 0 for a usable type.
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.head.version.get()
    }
    /// The layout of instances.
    pub fn layout(&self) -> &'static Layout {
        self.head.layout
    }
    /// The special method, or absent.
    #[inline(always)]
    pub fn special(&self, s: Special) -> &Value {
        &self.special[s as usize]
    }
    /// The name as text.
    pub fn short_name(&self) -> String {
        self.name.get::<Str>().map_or_else(|| "?".into(), |s| s.lossy().into_owned())
    }
    /// Whether `other` stands in this type's MRO.
    #[inline]
    pub fn is_subtype_of(&self, other: &Value) -> bool {
        self.mro.iter().any(|t| t.is(other))
    }
}

impl Payload for TypeObj {
    const KIND: Kind = Kind::Type;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.name, &self.qualname, &self.module, &self.base, &self.bases] {
            visit(v);
        }
        self.mro.iter().for_each(&mut *visit);
        self.dict.traverse(visit);
        self.special.iter().for_each(&mut *visit);
        self.slots.iter().for_each(&mut *visit);
    }
    fn clear(&mut self) {
        // the MRO and base stay: instances may still be looked at while the rest of the garbage is cleared
        let own = std::mem::take(&mut self.mro);
        self.dict.clear();
        self.special.iter_mut().for_each(|v| *v = Value::NULL);
        drop(own);
    }
    fn clone_in(&self, c: &mut Cloner) -> TypeObj {
        let mut special = Box::new([const { Value::NULL }; SPECIALS]);
        for (to, from) in special.iter_mut().zip(self.special.iter()) {
            *to = c.value(from);
        }
        TypeObj {
            head: TypeHead { layout: self.head.layout, flags: self.head.flags.clone(), version: self.head.version.clone() },
            name: c.value(&self.name),
            qualname: c.value(&self.qualname),
            module: c.value(&self.module),
            base: c.value(&self.base),
            bases: c.value(&self.bases),
            mro: c.values(&self.mro),
            dict: self.dict.clone_in(c),
            special,
            slots: c.values(&self.slots),
            id: self.id,
        }
    }
}

/// The head of a type object. Panics on anything else: a native's mistake.
#[inline(always)]
pub(crate) fn head(ty: &Value) -> &TypeHead {
    ty.header().and_then(crate::object::type_payload).map(|t| &t.head).expect("a type")
}

/// The C3 linearisation (`Objects/typeobject.c`, `mro_implementation`): `None` where the bases' orders conflict.
pub fn c3(own: Value, bases: &[(Value, Vec<Value>)]) -> Option<Vec<Value>> {
    let mut lists: Vec<Vec<Value>> = bases.iter().map(|(_, mro)| mro.clone()).collect();
    lists.push(bases.iter().map(|(b, _)| b.clone()).collect());
    let mut out = vec![own];
    loop {
        lists.retain(|l| !l.is_empty());
        if lists.is_empty() {
            return Some(out);
        }
        let next = lists.iter().map(|l| &l[0]).find(|c| !lists.iter().any(|l| l[1..].iter().any(|v| v.is(c))))?.clone();
        for l in &mut lists {
            if l[0].is(&next) {
                l.remove(0);
            }
        }
        out.push(next);
    }
}

/// `type`
pub static DEF: TypeDef = TypeDef::new("type", layout_of::<TypeObj>).flags(flags::BASE | flags::TYPE);
