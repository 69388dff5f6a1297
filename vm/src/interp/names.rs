//! Globals and names, through inline caches by the version of the dicts' keys.

use super::frame::Frame;
use crate::error::{Exc, PyResult, Raised};
use crate::probe::Part;
use crate::special::Name;
use crate::types::dict::Dict;
use crate::types::exception::field;
use crate::types::function::{Cache, Cell, Code};
use crate::value::Value;
use crate::vm::Vm;

/// `Cache::kind`: `index` is an entry of the globals.
const GLOBAL: u32 = 1;
/// `index` is an entry of the builtins, whose version is in `shape`.
const BUILTIN: u32 = 2;

impl Vm {
    /// The cached value of a global name.
    #[inline(always)]
    pub(crate) unsafe fn cached_global<const OBSERVED: bool>(&mut self, c: &Cache, globals: &Value, builtins: u64) -> Option<Value> {
        // SAFETY: globals and builtins are dicts that the frame keeps alive.
        unsafe {
            let g = &*globals.body::<Dict>();
            if c.version == 0 || g.version_now() != c.version {
                return None;
            }
            if c.kind == GLOBAL {
                if OBSERVED {
                    let hash = g.at(c.index as usize)?.0.hash;
                    self.touch_read(globals, Part::Hash(hash));
                }
                return g.value_at(c.index as usize).cloned();
            }
            let b = std::mem::ManuallyDrop::new(Value::from_bits(builtins));
            let b = &*b.body::<Dict>();
            if b.version_now() != c.shape {
                return None;
            }
            b.value_at(c.index as usize).cloned()
        }
    }
    fn frame_dicts(&self) -> (Value, Value) {
        let f: &Frame = self.stack.frames.last().expect("a running frame");
        // SAFETY: the frame keeps both dicts alive.
        unsafe { (Value::new_ref(f.globals as *const _), Value::new_ref(f.builtins as *const _)) }
    }
    /// LOAD_GLOBAL, where the cache does not know.
    #[inline(never)]
    pub(crate) fn load_global(&mut self, c: &mut Cache, name: &Value) -> PyResult {
        let (globals, builtins) = self.frame_dicts();
        let hash = name.get::<crate::types::str::Str>().map_or(0, |s| s.cached_hash());
        self.touch_read(&globals, Part::Hash(hash));
        if let Some(i) = globals.borrow::<Dict>(self).and_then(|d| d.find_str(name)) {
            let fresh = self.iso_mut().fresh_dict_version();
            let d = globals.borrow::<Dict>(self).expect("a dict");
            *c = Cache { version: d.version(|| fresh), index: i as u32, kind: GLOBAL, ..Cache::default() };
            return Ok(d.value_at(i).expect("just found").clone());
        }
        // a subclass of dict may have `__missing__`
        if globals.class(self).has(crate::types::type_::flags::HEAP)
            && let Some(v) = self.mapping_get(&globals, name)?
        {
            return Ok(v);
        }
        if !builtins.is_a::<Dict>() {
            return self.get_item(&builtins, name).map_err(|e| if self.is_exc(&e, Exc::KeyError) { self.name_error(name) } else { e });
        }
        match builtins.borrow::<Dict>(self).and_then(|d| d.find_str(name)) {
            Some(i) => {
                let (f1, f2) = (self.iso_mut().fresh_dict_version(), self.iso_mut().fresh_dict_version());
                let g = globals.borrow::<Dict>(self).expect("a dict");
                let b = builtins.borrow::<Dict>(self).expect("a dict");
                *c = Cache { version: g.version(|| f1), shape: b.version(|| f2), index: i as u32, kind: BUILTIN, ..Cache::default() };
                Ok(b.value_at(i).expect("just found").clone())
            }
            None => Err(self.name_error(name)),
        }
    }
    /// STORE_GLOBAL
    #[inline(always)]
    pub(crate) unsafe fn store_global<const OBSERVED: bool>(&mut self, c: &mut Cache, globals: &Value, name: &Value, v: Value) {
        // SAFETY: globals is a dict that the frame keeps alive; the token is held mutably.
        unsafe {
            crate::heap::about_to_change(globals.ptr());
            let g = &mut *globals.body::<Dict>();
            if !OBSERVED && c.version != 0 && g.version_now() == c.version && c.kind == GLOBAL {
                if let Some(slot) = g.value_at_mut(c.index as usize) {
                    let old = std::mem::replace(slot, v);
                    drop(old);
                    return;
                }
            }
            self.store_global_slow(c, globals, name, v);
        }
    }
    #[inline(never)]
    fn store_global_slow(&mut self, c: &mut Cache, globals: &Value, name: &Value, v: Value) {
        self.dict_set_str(globals, name, v);
        let fresh = self.iso_mut().fresh_dict_version();
        let d = globals.borrow::<Dict>(self).expect("a dict");
        if let Some(i) = d.find_str(name) {
            *c = Cache { version: d.version(|| fresh), index: i as u32, kind: GLOBAL, ..Cache::default() };
        }
    }
    /// DELETE_GLOBAL
    pub(crate) fn delete_global(&mut self, name: &Value) -> PyResult<()> {
        let (globals, _) = self.frame_dicts();
        match self.dict_remove_str(&globals, name) {
            Some(_) => Ok(()),
            None => Err(self.name_error(name)),
        }
    }
    fn frame_locals(&self) -> Value {
        self.stack.frames.last().map(|f| f.locals.clone()).unwrap_or_default()
    }
    /// LOAD_NAME in a body with a namespace of its own.
    pub(crate) fn load_name(&mut self, name: &Value) -> PyResult {
        let locals = self.frame_locals();
        if let Some(v) = self.mapping_get(&locals, name)? {
            return Ok(v);
        }
        self.load_global(&mut Cache::default(), name)
    }
    /// STORE_NAME in a body with a namespace of its own.
    pub(crate) fn store_name(&mut self, name: &Value, v: Value) -> PyResult<()> {
        let locals = self.frame_locals();
        if locals.class(self).has(crate::types::type_::flags::HEAP) || !locals.is_a::<Dict>() {
            return self.set_item(&locals, name, v);
        }
        self.dict_set_str(&locals, name, v);
        Ok(())
    }
    /// DELETE_NAME
    pub(crate) fn delete_name(&mut self, name: &Value) -> PyResult<()> {
        let locals = self.frame_locals();
        if locals.is_null() {
            return self.delete_global(name);
        }
        self.del_item(&locals, name).map_err(|e| if self.is_exc(&e, Exc::KeyError) { self.name_error(name) } else { e })
    }
    /// An item of a namespace; `None` where it is missing.
    pub(crate) fn mapping_get(&mut self, mapping: &Value, name: &Value) -> PyResult<Option<Value>> {
        if mapping.is_a::<Dict>() && !mapping.class(self).has(crate::types::type_::flags::HEAP) {
            return Ok(self.dict_get_str(mapping, name));
        }
        match self.get_item(mapping, name) {
            Ok(v) => Ok(Some(v)),
            Err(e) if self.is_exc(&e, Exc::KeyError) => Ok(None),
            Err(e) => Err(e),
        }
    }
    /// LOAD_FROM_DICT_OR_GLOBALS
    pub(crate) fn load_from_dict_or_globals(&mut self, mapping: &Value, name: &Value) -> PyResult {
        match self.mapping_get(mapping, name)? {
            Some(v) => Ok(v),
            None => self.load_global(&mut Cache::default(), name),
        }
    }
    /// LOAD_FROM_DICT_OR_DEREF
    pub(crate) fn load_from_dict_or_deref(&mut self, code: &Code, mapping: &Value, slot: u32, cell: &Value) -> PyResult {
        let name = code.slot_names[slot as usize].clone();
        if let Some(v) = self.mapping_get(mapping, &name)? {
            return Ok(v);
        }
        let v = cell.borrow::<Cell>(self).map(|c| c.value.clone()).unwrap_or_default();
        if v.is_null() { Err(self.unbound_deref(code, slot)) } else { Ok(v) }
    }
    /// LOAD_LOCALS
    pub(crate) fn current_locals(&mut self) -> PyResult {
        let l = self.frame_locals();
        if l.is_null() { Ok(self.frame_dicts().0) } else { Ok(l) }
    }
    /// SETUP_ANNOTATIONS
    pub(crate) fn setup_annotations(&mut self) -> PyResult<()> {
        let ns = self.current_locals()?;
        let name = self.name(Name::DunderAnnotations);
        if self.mapping_get(&ns, &name)?.is_none() {
            let d = self.new_dict();
            self.set_item(&ns, &name, d)?;
        }
        Ok(())
    }
    /// "name 'x' is not defined"
    #[cold]
    pub(crate) fn name_error(&mut self, name: &Value) -> Raised {
        let n = self.text(name);
        let e = self.err(Exc::NameError, format!("name '{n}' is not defined"));
        self.set_exc_field(&e.0, field::NAME, name.clone());
        e
    }
    /// The error for an unset local.
    #[cold]
    pub(crate) fn unbound(&mut self, code: &Code, slot: u32) -> Raised {
        let name = code.slot_names[slot as usize].clone();
        let n = self.text(&name);
        self.err(Exc::UnboundLocalError, format!("cannot access local variable '{n}' where it is not associated with a value"))
    }
    /// The error for an empty cell.
    #[cold]
    pub(crate) fn unbound_deref(&mut self, code: &Code, slot: u32) -> Raised {
        if (slot as usize) < code.proto.first_free_slot() {
            return self.unbound(code, slot);
        }
        let name = code.slot_names[slot as usize].clone();
        let n = self.text(&name);
        let e = self.err(Exc::NameError, format!("cannot access free variable '{n}' where it is not associated with a value in enclosing scope"));
        self.set_exc_field(&e.0, field::NAME, name);
        e
    }
}
