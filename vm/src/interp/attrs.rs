//! Attributes and methods, through inline caches by the type's version and the object's shape.

use super::frame::DISCARD;
use super::run::Next;
use crate::attrs::{Attrs, DICT_SHAPE};
use crate::error::PyResult;
use crate::heap::{Header, about_to_change};
use crate::object::Kind;
use crate::probe::Part;
use crate::special::Special;
use crate::types::T;
use crate::types::descriptor::Property;
use crate::types::dict::Dict;
use crate::types::function::Cache;
use crate::types::module::Module;
use crate::types::native::{Binding, Kwargs, Native, SlotDescr};
use crate::types::str::Str;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

/// `Cache::kind`: the instance attribute at `index` of objects of this shape; `object` is the attributes' offset.
const FIELD: u32 = 1;
/// `object`, found in the class and not shadowed in objects of this shape.
const CLASS: u32 = 2;
/// A method found in the class; `index` is the attributes' offset plus one, 0 where objects have none.
const METHOD: u32 = 3;
/// Adding an attribute: objects of this shape go over to shape `index`.
const ADD: u32 = 5;
/// An attribute of a type object with this version.
const OF_TYPE: u32 = 6;
/// Entry `index` of the dict, of this version, of a module.
const OF_MODULE: u32 = 7;

/// `object` is a property whose getter is written in Python. The getter is read at each use: `property.__init__` may change it.
const PROPERTY: u32 = 8;

/// The caches of one site: a second entry lets it see objects of two classes by turns.
pub(crate) type Pair = [Cache; 2];

/// Puts an entry in front.
fn remember(pair: &mut Pair, c: Cache) {
    pair[1] = pair[0];
    pair[0] = c;
}

#[inline(always)]
unsafe fn attrs_at(h: &Header, offset: usize) -> &Attrs {
    // SAFETY: the cache's type version tells the layout.
    unsafe { &*((h as *const Header as *const u8).add(offset) as *const Attrs) }
}

impl Vm {
    /// LOAD_ATTR by its cache.
    #[inline(always)]
    pub(crate) unsafe fn cached_attr<const OBSERVED: bool>(&mut self, c: &Cache, obj: &Value, name: &Value) -> Option<Value> {
        // SAFETY: a hit says that the type's version and the shape are those the cache was filled for; a borrowed object lives as long
        // as they stand.
        unsafe {
            let h = obj.header()?;
            if c.kind == OF_TYPE {
                if h.kind() == Kind::Type as u8 && (*obj.body::<TypeObj>()).version() == c.version {
                    if OBSERVED {
                        self.touch_read(obj, Part::Name(name.bits()));
                    }
                    return Some(Value::new_ref(c.object as *const Header));
                }
                return None;
            }
            if c.kind == OF_MODULE {
                return self.cached_in_module(c, obj, name);
            }
            if h.type_head().version.get() != c.version || c.version == 0 {
                return None;
            }
            match c.kind {
                FIELD => {
                    let attrs = attrs_at(h, c.object as usize);
                    if attrs.shape() != c.shape {
                        return None;
                    }
                    if OBSERVED {
                        self.touch_read(obj, Part::Name(name.bits()));
                    }
                    let v = attrs.values().get_unchecked(c.index as usize);
                    if v.is_null() { None } else { Some(v.clone()) }
                }
                CLASS => {
                    if c.index != 0 && attrs_at(h, c.index as usize - 1).shape() != c.shape {
                        return None;
                    }
                    if OBSERVED {
                        self.class_read(obj, name);
                    }
                    Some(Value::new_ref(c.object as *const Header))
                }
                _ => None,
            }
        }
    }
    fn cached_in_module(&mut self, c: &Cache, obj: &Value, name: &Value) -> Option<Value> {
        let m = obj.get::<Module>().filter(|_| !obj.class(self).has(flags::HEAP))?;
        let dict = m.dict.borrow::<Dict>(self).filter(|d| d.version_now() == c.version)?;
        let v = dict.value_at(c.index as usize).cloned();
        if self.observed {
            self.touch_read(&m.dict, Part::Hash(name.get::<Str>().map_or(0, Str::cached_hash)));
        }
        v
    }
    fn fill_module_attr(&mut self, pair: &mut Pair, obj: &Value, name: &Value) {
        let ty = obj.type_of(self).clone();
        if obj.class(self).has(flags::HEAP) || self.type_lookup(&ty, name).is_some() {
            return;
        }
        let Some(m) = obj.get::<Module>() else { return };
        if let Some(i) = m.dict.borrow::<Dict>(self).and_then(|d| d.find_str(name)) {
            let fresh = self.iso_mut().fresh_dict_version();
            let version = m.dict.borrow::<Dict>(self).map_or(0, |d| d.version(|| fresh));
            remember(pair, Cache { version, index: i as u32, kind: OF_MODULE, ..Cache::default() });
        }
    }
    /// LOAD_ATTR where the first entry does not know: the second one, else in full; pushes a frame for a property written in Python.
    #[inline(never)]
    pub(crate) unsafe fn load_attr(&mut self, pair: &mut Pair, name: &Value) -> PyResult<Next> {
        // SAFETY: the object is on the operand stack.
        unsafe {
            let obj = self.operand(1);
            if let Some(getter) = cached_property(self, pair, obj) {
                return self.enter_property(&getter);
            }
            if let Some(v) = self.cached_attr::<true>(&pair[1], obj, name) {
                *self.top().sp.sub(1) = v;
                return Ok(Next::Go);
            }
            if obj.class(self).has(flags::PLAIN_GETATTR)
                && let Some(getter) = self.fill_attr(pair, obj, name)
            {
                return self.enter_property(&getter);
            }
            let v = self.get_attr(obj, name)?;
            self.fill_other_attr(pair, obj, name, &v);
            *self.top().sp.sub(1) = v;
            Ok(Next::Go)
        }
    }
    /// Calls a getter with the object on top of the stack.
    unsafe fn enter_property(&mut self, getter: &Value) -> PyResult<Next> {
        // SAFETY: the object is on the operand stack.
        unsafe {
            if !self.enter_in_place(getter, 1, 0)? {
                let obj = self.operand(1);
                self.push_call(getter, std::slice::from_ref(obj), Kwargs::NONE, 0)?;
                let len = self.stack.frames.len();
                let caller = &mut self.stack.frames[len - 2];
                caller.sp = caller.sp.sub(1);
                drop(caller.sp.read());
            }
            Ok(Next::Frame)
        }
    }
    fn fill_other_attr(&mut self, pair: &mut Pair, obj: &Value, name: &Value, v: &Value) {
        if obj.is_a::<TypeObj>() {
            self.fill_type_attr(pair, obj, name, v);
        } else if obj.kind() == Some(Kind::Module as u8) {
            self.fill_module_attr(pair, obj, name);
        }
    }
    /// Fills the cache of an attribute access on an object with plain attribute lookup; gives a property's Python getter.
    fn fill_attr(&mut self, pair: &mut Pair, obj: &Value, name: &Value) -> Option<Value> {
        let h = obj.header()?;
        let version = h.type_head().version.get();
        let ty = obj.type_of(self).clone();
        let in_class = self.type_lookup(&ty, name);
        let offset = h.type_head().layout.attrs;
        let attrs = obj.attrs(self);
        let shape = attrs.map_or(0, Attrs::shape);
        if shape == DICT_SHAPE && !matches!(&in_class, Some(d) if d.is_a::<Property>()) {
            return None;
        }
        if let Some(d) = &in_class {
            if let Some(p) = d.borrow::<Property>(self)
                && !d.class(self).has(flags::HEAP)
            {
                let getter = p.get.clone();
                if getter.kind() != Some(Kind::Function as u8) {
                    return None;
                }
                if version != 0 {
                    remember(pair, Cache { version, kind: PROPERTY, object: d.bits(), ..Cache::default() });
                }
                return Some(getter);
            }
            if self.is_data_descriptor(d) && !d.is_a::<SlotDescr>() {
                return None;
            }
        }
        if version == 0 {
            return None;
        }
        let own = if attrs.is_some() { self.iso().shapes.find(shape, name) } else { None };
        if let Some(index) = own {
            remember(pair, Cache { version, shape, index: index as u32, kind: FIELD, object: offset? as u64 });
            return None;
        }
        if let Some(d) = &in_class {
            if d.is_object() && d.class(self).special(Special::Get).is_null() && !is_binding(d) && h.kind() != Kind::Module as u8 {
                remember(pair, Cache { version, shape, index: offset.map_or(0, |o| o as u32 + 1), kind: CLASS, object: d.bits() });
            }
        }
        None
    }
    fn fill_type_attr(&mut self, pair: &mut Pair, ty: &Value, name: &Value, v: &Value) {
        if !ty.type_of(self).is(self.ty(T::Type)) || !v.is_object() {
            return;
        }
        let meta = ty.type_of(self).clone();
        if self.type_lookup(&meta, name).is_some() {
            return;
        }
        let version = ty.borrow::<TypeObj>(self).map_or(0, |t| t.version());
        // only what the class itself keeps alive may be borrowed
        if version != 0 && self.type_lookup(ty, name).is_some_and(|d| d.is(v)) {
            remember(pair, Cache { version, kind: OF_TYPE, object: v.bits(), ..Cache::default() });
        }
    }

    /// LOAD_METHOD by its cache: the function, to be called with the object.
    #[inline(always)]
    pub(crate) unsafe fn cached_method<const OBSERVED: bool>(&mut self, c: &Cache, obj: &Value, name: &Value) -> Option<Value> {
        // SAFETY: as for cached_attr.
        unsafe {
            let h = obj.header()?;
            if c.kind != METHOD || h.type_head().version.get() != c.version {
                return None;
            }
            if c.index != 0 {
                if attrs_at(h, c.index as usize - 1).shape() != c.shape {
                    return None;
                }
                if OBSERVED {
                    self.touch_read(obj, Part::Name(name.bits()));
                }
            }
            if OBSERVED {
                self.class_read(obj, name);
            }
            Some(Value::new_ref(c.object as *const Header))
        }
    }
    /// Reports that an attribute of the object's class was read, which any of its Python classes might have, or get.
    #[inline]
    pub(crate) fn class_read(&mut self, obj: &Value, name: &Value) {
        if self.observed && obj.class(self).has(flags::HEAP) {
            self.report_class_read(obj, name);
        }
    }
    #[cold]
    fn report_class_read(&mut self, obj: &Value, name: &Value) {
        let classes: Vec<Value> = obj.class(self).mro.iter().filter(|c| c.borrow::<TypeObj>(self).is_some_and(|t| t.has(flags::HEAP))).cloned().collect();
        for class in classes {
            self.touch_read(&class, Part::Name(name.bits()));
        }
    }
    /// LOAD_METHOD where the first entry is no method of the object's: (function, object) or (attribute, absent).
    #[inline(never)]
    pub(crate) fn load_method(&mut self, pair: &mut Pair, obj: &Value, name: &Value) -> PyResult<(Value, Value)> {
        // SAFETY: as for the first entry, which the loop has tried.
        unsafe {
            if let Some(f) = self.cached_method::<true>(&pair[1], obj, name) {
                return Ok((f, obj.clone()));
            }
            for c in &*pair {
                if let Some(v) = self.cached_attr::<true>(c, obj, name) {
                    return Ok((v, Value::NULL));
                }
            }
        }
        let plain = obj.class(self).has(flags::PLAIN_GETATTR);
        if plain && obj.kind() != Some(Kind::Module as u8) {
            let ty = obj.type_of(self).clone();
            if let Some(d) = self.type_lookup(&ty, name)
                && is_method(&d)
                && self.instance_attr(obj, name).is_none()
            {
                if let Some(h) = obj.header() {
                    let version = h.type_head().version.get();
                    let (offset, shape) = (h.type_head().layout.attrs, obj.attrs(self).map_or(0, Attrs::shape));
                    if version != 0 && shape != DICT_SHAPE {
                        remember(pair, Cache { version, shape, index: offset.map_or(0, |o| o as u32 + 1), kind: METHOD, object: d.bits() });
                    }
                }
                return Ok((d, obj.clone()));
            }
        }
        let v = self.get_attr(obj, name)?;
        if plain {
            self.fill_attr(pair, obj, name);
        }
        self.fill_other_attr(pair, obj, name, &v);
        Ok((v, Value::NULL))
    }

    /// STORE_ATTR by its cache; true where done.
    #[inline(always)]
    pub(crate) unsafe fn cached_store<const OBSERVED: bool>(&mut self, c: &Cache, obj: &Value, name: &Value, value: &Value) -> bool {
        // SAFETY: as for cached_attr; the token is held mutably.
        unsafe {
            let Some(h) = obj.header() else { return false };
            if c.version == 0 || h.type_head().version.get() != c.version {
                return false;
            }
            about_to_change(obj.ptr());
            let attrs = &mut *((h as *const Header as *mut u8).add(c.object as usize) as *mut Attrs);
            if attrs.shape() != c.shape {
                return false;
            }
            if OBSERVED {
                self.touch_write(obj, Part::Name(name.bits()));
            }
            if c.kind == FIELD {
                let old = std::mem::replace(attrs.values_mut().get_unchecked_mut(c.index as usize), value.clone());
                drop(old);
            } else {
                attrs.push(c.index, value.clone());
            }
            true
        }
    }
    /// STORE_ATTR in full.
    #[inline(never)]
    pub(crate) unsafe fn store_attr(&mut self, pair: &mut Pair, name: &Value) -> PyResult<Next> {
        // SAFETY: `value obj` are on the operand stack.
        unsafe {
            let (new, target) = (self.operand(2), self.operand(1));
            if self.cached_store::<true>(&pair[1], target, name, new) {
                drop_two(self.top());
                return self.run_due();
            }
            let (value, obj) = (self.operand(2).clone(), self.operand(1).clone());
            let class = obj.class(self);
            if !class.has(flags::PLAIN_SETATTR) {
                let f = class.special(Special::SetAttr).clone();
                if f.kind() == Some(Kind::Function as u8) {
                    self.push_call(&f, &[obj, name.clone(), value], Kwargs::NONE, DISCARD)?;
                    let len = self.stack.frames.len();
                    drop_two(&mut self.stack.frames[len - 2]);
                    return Ok(Next::Frame);
                }
            }
            let before = obj.attrs(self).map(Attrs::shape);
            let plain = class.has(flags::PLAIN_SETATTR) && self.stores_plainly(&obj, name);
            self.set_attr(&obj, name, value)?;
            if plain {
                self.fill_store(pair, &obj, name, before);
            }
            drop_two(self.top());
            Ok(Next::Go)
        }
    }
    /// Whether a store goes straight to the object's own attributes.
    fn stores_plainly(&mut self, obj: &Value, name: &Value) -> bool {
        let ty = obj.type_of(self).clone();
        match self.type_lookup(&ty, name) {
            Some(d) => d.is_a::<SlotDescr>() || (obj.class(self).has(flags::HAS_DICT) && !self.is_data_descriptor(&d)),
            None => obj.class(self).has(flags::HAS_DICT) && obj.kind() != Some(Kind::Module as u8) && obj.kind() != Some(Kind::Type as u8),
        }
    }
    /// What dropping has queued, at the end of an instruction.
    fn run_due(&mut self) -> PyResult<Next> {
        if self.heap_pending() {
            self.run_pending()?;
        }
        Ok(Next::Go)
    }
    fn fill_store(&mut self, pair: &mut Pair, obj: &Value, name: &Value, before: Option<u32>) {
        let (Some(before), Some(h)) = (before, obj.header()) else { return };
        let version = h.type_head().version.get();
        let Some(offset) = h.type_head().layout.attrs else { return };
        let Some(after) = obj.attrs(self).map(Attrs::shape) else { return };
        if version == 0 || before == DICT_SHAPE || after == DICT_SHAPE {
            return;
        }
        let object = offset as u64;
        if before == after {
            if let Some(i) = self.iso().shapes.find(after, name) {
                remember(pair, Cache { version, shape: before, index: i as u32, kind: FIELD, object });
            }
        } else {
            remember(pair, Cache { version, shape: before, index: after, kind: ADD, object });
        }
    }
}

/// The Python getter of the property that a site's caches have for an object.
fn cached_property(vm: &Vm, pair: &Pair, obj: &Value) -> Option<Value> {
    let version = obj.header()?.type_head().version.get();
    let c = pair.iter().find(|c| c.kind == PROPERTY && c.version == version)?;
    // SAFETY: the class of this version keeps the property.
    let property = unsafe { Value::new_ref(c.object as *const Header) };
    let getter = property.borrow::<Property>(vm)?.get.clone();
    (getter.kind() == Some(Kind::Function as u8)).then_some(getter)
}

unsafe fn drop_two(f: &mut super::frame::Frame) {
    // SAFETY: two operands are there.
    unsafe {
        for _ in 0..2 {
            f.sp = f.sp.sub(1);
            drop(f.sp.read());
        }
    }
}

/// Whether a class attribute becomes a bound method when it is found through an instance.
fn is_method(d: &Value) -> bool {
    match d.kind() {
        Some(k) if k == Kind::Function as u8 => true,
        Some(k) if k == Kind::Native as u8 => d.get::<Native>().is_some_and(|n| n.def.binding == Binding::Method && n.this.is_null()),
        _ => false,
    }
}

/// Whether the generic lookup treats a class attribute specially although its type has no `__get__` in its table.
fn is_binding(d: &Value) -> bool {
    [Kind::Function, Kind::Native, Kind::Property, Kind::StaticMethod, Kind::ClassMethod].iter().any(|&k| d.kind() == Some(k as u8)) || d.is_a::<SlotDescr>()
}
