//! Dict operations on values: hashing, Python-level equality, footprints.

use crate::error::PyResult;
use crate::probe::Part;
use crate::types::dict::{Dict, Found};
use crate::types::str::Str;
use crate::types::type_::TypeObj;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// The index of a key in a dict object, calling Python's `__hash__` and `__eq__` where needed.
    #[inline]
    pub(crate) fn dict_find(&mut self, dict: &Value, hash: i64, key: &Value) -> PyResult<Option<usize>> {
        match dict.borrow::<Dict>(self).expect("a dict").find(hash, key) {
            Found::At(i) => Ok(Some(i)),
            Found::No => Ok(None),
            Found::Ask(_) => self.dict_find_asking(dict, hash, key),
        }
    }
    #[cold]
    fn dict_find_asking(&mut self, dict: &Value, hash: i64, key: &Value) -> PyResult<Option<usize>> {
        let mut asked: Vec<Value> = Vec::new();
        'again: loop {
            let d = dict.borrow::<Dict>(self).expect("a dict");
            let candidates = match d.find(hash, key) {
                Found::At(i) => return Ok(Some(i)),
                Found::No => return Ok(None),
                Found::Ask(c) => c,
            };
            let changes = d.changes();
            for (i, candidate) in candidates {
                if asked.iter().any(|a| a.is(&candidate)) {
                    continue;
                }
                let same = self.eq(&candidate, key)?;
                // the comparison may have changed the dict
                if !dict.borrow::<Dict>(self).expect("a dict").holds_at(i, &candidate) {
                    asked.clear();
                    continue 'again;
                }
                if same {
                    return Ok(Some(i));
                }
                asked.push(candidate);
            }
            if dict.borrow::<Dict>(self).expect("a dict").changes() == changes {
                return Ok(None);
            }
        }
    }
    /// `dict.get(key)`: the value or `None`. TypeError where the key is unhashable.
    pub fn dict_get(&mut self, dict: &Value, key: &Value) -> PyResult<Option<Value>> {
        let hash = self.hash(key)?;
        self.dict_get_hashed(dict, hash, key)
    }
    /// `dict.get(key)` with the key's hash known.
    pub fn dict_get_hashed(&mut self, dict: &Value, hash: i64, key: &Value) -> PyResult<Option<Value>> {
        self.touch_read(dict, Part::Hash(hash));
        let i = self.dict_find(dict, hash, key)?;
        Ok(i.and_then(|i| dict.borrow::<Dict>(self).and_then(|d| d.value_at(i).cloned())))
    }
    /// `dict[key] = value`
    pub fn dict_set(&mut self, dict: &Value, key: &Value, value: Value) -> PyResult<()> {
        let hash = self.hash(key)?;
        self.dict_set_hashed(dict, hash, key, value)
    }
    /// `dict[key] = value` with the key's hash known.
    pub fn dict_set_hashed(&mut self, dict: &Value, hash: i64, key: &Value, value: Value) -> PyResult<()> {
        self.touch_write(dict, Part::Hash(hash));
        let d = dict.borrow_mut::<Dict>(self).expect("a dict");
        let value = match d.set_plain(hash, key, value) {
            Ok(_old) => return Ok(()),
            Err(value) => value,
        };
        match self.dict_find(dict, hash, key)? {
            Some(i) => {
                let old = dict.borrow_mut::<Dict>(self).and_then(|d| d.value_at_mut(i).map(|v| std::mem::replace(v, value)));
                drop(old);
            }
            None => dict.borrow_mut::<Dict>(self).expect("a dict").insert_new(hash, key.clone(), value),
        }
        Ok(())
    }
    /// Removes a key; the key and value removed, or `None` where it is missing.
    pub fn dict_remove(&mut self, dict: &Value, key: &Value) -> PyResult<Option<(Value, Value)>> {
        let hash = self.hash(key)?;
        self.dict_remove_hashed(dict, hash, key)
    }
    /// Removes a key whose hash is known.
    pub fn dict_remove_hashed(&mut self, dict: &Value, hash: i64, key: &Value) -> PyResult<Option<(Value, Value)>> {
        self.touch_write(dict, Part::Hash(hash));
        match self.dict_find(dict, hash, key)? {
            Some(i) => Ok(dict.borrow_mut::<Dict>(self).and_then(|d| d.remove_at(i))),
            None => Ok(None),
        }
    }
    /// The value of a name (an interned str).
    #[inline]
    pub fn dict_get_str(&mut self, dict: &Value, name: &Value) -> Option<Value> {
        self.touch_read(dict, Part::Hash(name.get::<Str>().map_or(0, Str::cached_hash)));
        dict.borrow::<Dict>(self)?.get_str(name).cloned()
    }
    /// Sets the value of a name (an interned str).
    pub fn dict_set_str(&mut self, dict: &Value, name: &Value, value: Value) {
        self.touch_write(dict, Part::Hash(name.get::<Str>().map_or(0, Str::cached_hash)));
        let old = dict.borrow_mut::<Dict>(self).and_then(|d| d.set_str(name, value));
        drop(old);
    }
    /// Removes a name (an interned str).
    pub fn dict_remove_str(&mut self, dict: &Value, name: &Value) -> Option<Value> {
        self.touch_write(dict, Part::Hash(name.get::<Str>().map_or(0, Str::cached_hash)));
        dict.borrow_mut::<Dict>(self)?.remove_str(name)
    }
    /// Sets a name given as text.
    pub fn dict_set_text(&mut self, dict: &Value, name: &str, value: Value) {
        let name = self.intern(name);
        self.dict_set_str(dict, &name, value);
    }
    /// Keys and values as they are now.
    pub fn dict_items(&mut self, dict: &Value) -> Vec<(Value, Value)> {
        self.touch_read(dict, Part::Whole);
        dict.borrow::<Dict>(self).map(|d| d.iter().map(|(k, v)| (k.value.clone(), v.clone())).collect()).unwrap_or_default()
    }
    /// `key in dict`
    pub fn dict_contains(&mut self, dict: &Value, key: &Value) -> PyResult<bool> {
        let hash = self.hash(key)?;
        self.touch_read(dict, Part::Hash(hash));
        Ok(self.dict_find(dict, hash, key)?.is_some())
    }
    /// `dict.setdefault(key, default)`: the value there, or `default` put there.
    pub fn dict_setdefault(&mut self, dict: &Value, key: &Value, default: Value) -> PyResult {
        let hash = self.hash(key)?;
        self.touch_write(dict, Part::Hash(hash));
        if let Some(i) = self.dict_find(dict, hash, key)?
            && let Some(v) = dict.borrow::<Dict>(self).and_then(|d| d.value_at(i))
        {
            return Ok(v.clone());
        }
        dict.borrow_mut::<Dict>(self).expect("a dict").insert_new(hash, key.clone(), default.clone());
        Ok(default)
    }
    /// `dict.update(mapping)`: anything with `keys()`.
    pub fn dict_update(&mut self, dict: &Value, other: &Value) -> PyResult<()> {
        if self.is_plain_dict(other) {
            return self.dict_update_from(dict, other);
        }
        let keys = self.call_method(other, "keys", &[])?;
        self.for_each(&keys, |vm, key| {
            let value = vm.get_item(other, &key)?;
            vm.dict_set(dict, &key, value)
        })
    }
    /// A dict whose entries may be read without its methods: it does not say itself how it is iterated.
    pub fn is_plain_dict(&self, v: &Value) -> bool {
        let iter = crate::special::Special::Iter;
        let own = self.ty(crate::types::T::Dict);
        v.is_a::<Dict>() && (v.type_of(self).is(own) || own.borrow::<TypeObj>(self).is_some_and(|d| v.class(self).special(iter).is(d.special(iter))))
    }
    /// Sets all entries of another dict, as they are now.
    pub fn dict_update_from(&mut self, dict: &Value, other: &Value) -> PyResult<()> {
        self.touch_read(other, Part::Whole);
        self.touch_write(dict, Part::Whole);
        if dict.is(other) {
            return Ok(());
        }
        if dict.borrow::<Dict>(self).is_some_and(Dict::is_empty) {
            let copy = other.borrow::<Dict>(self).expect("a dict").copy();
            let old = {
                let d = dict.borrow_mut::<Dict>(self).expect("a dict");
                let old = d.take_all();
                d.fill_from(copy);
                old
            };
            drop(old);
            return Ok(());
        }
        let other = other.borrow::<Dict>(self).expect("a dict");
        let entries: Vec<(i64, Value, Value)> = other.iter().map(|(k, v)| (k.hash, k.value.clone(), v.clone())).collect();
        for (h, k, v) in entries {
            self.dict_set_hashed(dict, h, &k, v)?;
        }
        Ok(())
    }
}
