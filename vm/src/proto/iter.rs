//! Iteration.

use crate::error::{Exc, PyResult};
use crate::object::Kind;
use crate::probe::Part;
use crate::special::Special;
use crate::types::dict_views::DictIter;
use crate::types::iterators::{ListIter, TupleIter};
use crate::types::list::List;
use crate::types::range::RangeIter;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `iter(v)`
    pub fn iter(&mut self, v: &Value) -> PyResult {
        let class = v.class(self);
        let f = class.special(Special::Iter).clone();
        if f.is_null() || f.is_none() {
            if f.is_null() && !class.special(Special::GetItem).is_null() && !class.has(flags::MAPPING) {
                return Ok(self.new_seq_iter(v));
            }
            let name = self.type_name(v);
            return Err(self.type_error(format!("'{name}' object is not iterable")));
        }
        let it = self.call_special(&f, &[v.clone()])?;
        if it.class(self).special(Special::Next).is_null() {
            let name = self.type_name(&it);
            return Err(self.type_error(format!("iter() returned non-iterator of type '{name}'")));
        }
        Ok(it)
    }
    /// `next(it)`: `None` at the end.
    pub fn next(&mut self, it: &Value) -> PyResult<Option<Value>> {
        self.touch_write(it, Part::Whole);
        if let Some(l) = it.get::<ListIter>() {
            self.touch_read(&l.list, Part::Index(l.index.get() as i64));
            return Ok(l.step(self));
        }
        if let Some(t) = it.get::<TupleIter>() {
            return Ok(t.step());
        }
        if let Some(d) = it.get::<DictIter>() {
            return d.step(self);
        }
        if let Some(r) = it.get::<RangeIter>() {
            return Ok(r.step());
        }
        let f = it.class(self).special(Special::Next).clone();
        if f.is_null() {
            let name = self.type_name(it);
            return Err(self.type_error(format!("'{name}' object is not an iterator")));
        }
        match self.call_special(&f, &[it.clone()]) {
            // natives say "no more" by returning the absent value instead of raising
            Ok(v) => Ok(v.opt()),
            Err(e) if self.is_exc(&e, Exc::StopIteration) => Ok(None),
            Err(e) => Err(e),
        }
    }
    /// Calls `f` with each item.
    pub fn for_each(&mut self, v: &Value, mut f: impl FnMut(&mut Vm, Value) -> PyResult<()>) -> PyResult<()> {
        let it = self.iter(v)?;
        let mut n = 0_u32;
        while let Some(item) = self.next(&it)? {
            f(self, item)?;
            // no instruction ends meanwhile, so the budget is looked at here
            n = n.wrapping_add(1);
            if n.is_multiple_of(1 << 16) {
                self.check_growth()?;
            }
        }
        Ok(())
    }
    /// All items of an iterable.
    pub fn collect(&mut self, v: &Value) -> PyResult<Vec<Value>> {
        if let Some(items) = self.exact_items(v) {
            return Ok(items);
        }
        let hint = self.length_hint(v)?.min(1 << 20);
        let mut out = Vec::with_capacity(hint);
        self.for_each(v, |vm, item| {
            if out.len() == out.capacity() && out.len() > 1 << 12 {
                vm.room_for(2 * out.len() * size_of::<Value>())?;
            }
            out.push(item);
            Ok(())
        })?;
        Ok(out)
    }
    /// A copy of the items of an exact list or tuple.
    pub fn exact_items(&mut self, v: &Value) -> Option<Vec<Value>> {
        let h = v.header()?;
        if h.type_head().flags.get() & flags::HEAP != 0 {
            return None;
        }
        if h.kind() == Kind::Tuple as u8 {
            return v.get::<Tuple>().map(|t| t.items().to_vec());
        }
        if h.kind() == Kind::List as u8 {
            self.touch_read(v, Part::Whole);
            return v.borrow::<List>(self).map(|l| l.items().to_vec());
        }
        None
    }
    /// `operator.length_hint(v, 0)`
    pub fn length_hint(&mut self, v: &Value) -> PyResult<usize> {
        if self.special(v, Special::Len).is_some() {
            match self.len(v) {
                Err(e) if self.is_exc(&e, Exc::TypeError) => {}
                r => return r,
            }
        }
        let Some(f) = self.special(v, Special::LengthHint) else { return Ok(0) };
        let hint = match self.call_special(&f, &[v.clone()]) {
            Ok(n) if n.is_not_implemented() => return Ok(0),
            Ok(n) => n,
            Err(e) if self.is_exc(&e, Exc::TypeError) => return Ok(0),
            Err(e) => return Err(e),
        };
        match self.int_value(&hint) {
            Some(n) if n.is_negative() => Err(self.value_error("__length_hint__() should return >= 0")),
            Some(n) => Ok(n.to_usize().unwrap_or(usize::MAX)),
            None => {
                let name = self.type_name(&hint);
                Err(self.type_error(format!("__length_hint__ must be an integer, not {name}")))
            }
        }
    }
}
