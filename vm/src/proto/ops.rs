//! Operators, items, lengths, instance checks.

use crate::error::{Exc, PyResult};
use crate::object::Kind;
use crate::op::BinOp;
use crate::probe::Part;
use crate::special::{Name, Special};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::set_table::Set;
use crate::types::tuple::Tuple;
use crate::types::type_::TypeObj;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `a <op> b`
    pub fn binary(&mut self, op: BinOp, a: &Value, b: &Value) -> PyResult {
        let r = self.binary_raw(op, a, b)?;
        if r.is_not_implemented() { Err(self.bad_operands(op, false, a, b)) } else { Ok(r) }
    }
    /// `a <op>= b`
    pub fn binary_inplace(&mut self, op: BinOp, a: &Value, b: &Value) -> PyResult {
        let f = a.class(self).special(Special::IAdd.nth(op as u8)).clone();
        if !f.is_null() {
            let r = self.call_special(&f, &[a.clone(), b.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        let r = self.binary_raw(op, a, b)?;
        if r.is_not_implemented() { Err(self.bad_operands(op, true, a, b)) } else { Ok(r) }
    }
    /// Both operands' methods in Python's order; NotImplemented where neither knows.
    pub fn binary_raw(&mut self, op: BinOp, a: &Value, b: &Value) -> PyResult {
        self.enter_native()?;
        let r = self.binary_by(Special::Add.nth(op as u8), Special::RAdd.nth(op as u8), a, b);
        self.leave_native();
        r
    }
    /// `divmod(a, b)`
    pub fn divmod(&mut self, a: &Value, b: &Value) -> PyResult {
        let r = self.binary_by(Special::DivMod, Special::RDivMod, a, b)?;
        if r.is_not_implemented() {
            let (x, y) = (self.type_name(a), self.type_name(b));
            return Err(self.type_error(format!("unsupported operand type(s) for divmod(): '{x}' and '{y}'")));
        }
        Ok(r)
    }
    fn binary_by(&mut self, forward: Special, reflected: Special, a: &Value, b: &Value) -> PyResult {
        let (ta, tb) = (a.type_of(self), b.type_of(self));
        let f = a.class(self).special(forward).clone();
        let mut g = if ta.is(tb) { Value::NULL } else { b.class(self).special(reflected).clone() };
        if !g.is_null() && b.class(self).is_subtype_of(ta) && !a.class(self).special(reflected).is(&g) {
            let r = self.call_special(&g, &[b.clone(), a.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
            g = Value::NULL;
        }
        if !f.is_null() {
            let r = self.call_special(&f, &[a.clone(), b.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        if !g.is_null() {
            return self.call_special(&g, &[b.clone(), a.clone()]);
        }
        Ok(Value::NOT_IMPLEMENTED)
    }
    /// The TypeError for operands that no method takes.
    #[cold]
    pub fn bad_operands(&mut self, op: BinOp, inplace: bool, a: &Value, b: &Value) -> crate::error::Raised {
        let (x, y) = (self.type_name(a), self.type_name(b));
        // a sequence on the left has the last word, as CPython's sq_concat has
        if op == BinOp::Add && (x == "str" || x == "list" || x == "tuple") {
            return self.type_error(if x == "str" {
                format!("can only concatenate str (not \"{y}\") to str")
            } else {
                format!("can only concatenate {x} (not \"{y}\") to {x}")
            });
        }
        if op == BinOp::Add && (x == "bytes" || x == "bytearray") {
            return self.type_error(format!("can't concat {y} to {x}"));
        }
        let seq = |n: &str| matches!(n, "str" | "list" | "tuple" | "bytes" | "bytearray" | "array.array" | "collections.deque");
        if op == BinOp::Mul && (seq(&x) || seq(&y)) {
            let other = if seq(&x) { &y } else { &x };
            return self.type_error(format!("can't multiply sequence by non-int of type '{other}'"));
        }
        let sign = if op == BinOp::Pow {
            if inplace { "**=".into() } else { "** or pow()".into() }
        } else if inplace {
            format!("{}=", op.text())
        } else {
            op.text().to_string()
        };
        self.type_error(format!("unsupported operand type(s) for {sign}: '{x}' and '{y}'"))
    }
    /// `-v`, `+v`, `~v`
    pub fn unary(&mut self, s: Special, v: &Value) -> PyResult {
        match self.special(v, s) {
            Some(f) => self.call_special(&f, &[v.clone()]),
            None => {
                let sign = match s {
                    Special::Neg => "-",
                    Special::Pos => "+",
                    _ => "~",
                };
                let name = self.type_name(v);
                Err(self.type_error(format!("bad operand type for unary {sign}: '{name}'")))
            }
        }
    }
    /// The length of a str, tuple, list, dict or set whose class is no Python class: nothing can say otherwise there.
    #[inline]
    pub fn plain_len(&mut self, v: &Value) -> Option<usize> {
        let h = v.header()?;
        if h.type_head().flags.get() & crate::types::type_::flags::HEAP != 0 {
            return None;
        }
        if let Some(s) = v.get::<crate::types::str::Str>() {
            return Some(s.char_len());
        }
        if let Some(t) = v.get::<Tuple>() {
            return Some(t.items().len());
        }
        let kind = h.kind();
        if kind != Kind::List as u8 && kind != Kind::Dict as u8 && kind != Kind::Set as u8 {
            return None;
        }
        self.touch_read(v, Part::Whole);
        match v.borrow::<List>(self) {
            Some(l) => Some(l.items().len()),
            None => v.borrow::<Dict>(self).map(Dict::len).or_else(|| v.borrow::<Set>(self).map(Set::len)),
        }
    }
    /// `len(v)`
    pub fn len(&mut self, v: &Value) -> PyResult<usize> {
        if let Some(n) = self.plain_len(v) {
            return Ok(n);
        }
        let Some(f) = self.special(v, Special::Len) else {
            let name = self.type_name(v);
            return Err(self.type_error(format!("object of type '{name}' has no len()")));
        };
        let r = self.call_special(&f, &[v.clone()])?;
        let i = self.index(&r)?;
        match i.as_small() {
            Some(n) if n >= 0 => Ok(n as usize),
            Some(_) => Err(self.value_error("__len__() should return >= 0")),
            None if i.get::<crate::types::int::BigInt>().is_some_and(|i| i.0.is_negative()) => Err(self.value_error("__len__() should return >= 0")),
            None => Err(self.err(Exc::OverflowError, "cannot fit 'int' into an index-sized integer")),
        }
    }
    /// `v[key]`
    pub fn get_item(&mut self, v: &Value, key: &Value) -> PyResult {
        if let Some(f) = self.special(v, Special::GetItem) {
            return self.call_special(&f, &[v.clone(), key.clone()]);
        }
        if v.is(self.ty(T::Type)) {
            return crate::types::generic_alias::new_alias(self, v, key);
        }
        if v.is_a::<TypeObj>() {
            let name = self.special_name(Special::ClassGetItem);
            if let Some(f) = self.type_find_attr(v, &name)? {
                return self.call(&f, &[key.clone()]);
            }
            let name = v.get_type_name();
            return Err(self.type_error(format!("type '{name}' is not subscriptable")));
        }
        let name = self.type_name(v);
        Err(self.type_error(format!("'{name}' object is not subscriptable")))
    }
    /// `v[key] = value`
    pub fn set_item(&mut self, v: &Value, key: &Value, value: Value) -> PyResult<()> {
        match self.special(v, Special::SetItem) {
            Some(f) => self.call_special(&f, &[v.clone(), key.clone(), value]).map(drop),
            None => {
                let name = self.type_name(v);
                Err(self.type_error(format!("'{name}' object does not support item assignment")))
            }
        }
    }
    /// `del v[key]`
    pub fn del_item(&mut self, v: &Value, key: &Value) -> PyResult<()> {
        match self.special(v, Special::DelItem) {
            Some(f) => self.call_special(&f, &[v.clone(), key.clone()]).map(drop),
            None => {
                let name = self.type_name(v);
                // CPython's two paths, for sequences and for everything else, word it differently
                let sequence = [Kind::Str, Kind::Bytes, Kind::Tuple, Kind::Range].iter().any(|k| v.kind() == Some(*k as u8));
                let not = if sequence && self.is_index(key) { "doesn't" } else { "does not" };
                Err(self.type_error(format!("'{name}' object {not} support item deletion")))
            }
        }
    }
    /// `isinstance(v, cls)`
    pub fn isinstance(&mut self, v: &Value, cls: &Value) -> PyResult<bool> {
        if v.type_of(self).is(cls) {
            return Ok(true);
        }
        if let Some(t) = cls.get::<Tuple>() {
            for c in t.items() {
                if self.isinstance(v, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if cls.type_of(self).is(self.ty(T::Type)) {
            return self.isinstance_plain(v, cls);
        }
        if let Some(check) = self.special(cls, Special::InstanceCheck) {
            let r = self.call_special(&check, &[cls.clone(), v.clone()])?;
            return self.truthy(&r);
        }
        self.isinstance_plain(v, cls)
    }
    /// `type.__instancecheck__`
    pub fn isinstance_plain(&mut self, v: &Value, cls: &Value) -> PyResult<bool> {
        if !cls.is_a::<TypeObj>() {
            return Err(self.type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"));
        }
        if v.class(self).is_subtype_of(cls) {
            return Ok(true);
        }
        // an object may claim another class (mocks, proxies)
        if v.class(self).has(crate::types::type_::flags::HEAP) {
            let name = self.name(Name::DunderClass);
            if let Some(c) = self.get_attr_opt(v, &name)?
                && !c.is(v.type_of(self))
                && let Some(t) = c.borrow::<TypeObj>(self)
            {
                return Ok(t.is_subtype_of(cls));
            }
        }
        Ok(false)
    }
    /// `issubclass(sub, cls)`
    pub fn issubclass(&mut self, sub: &Value, cls: &Value) -> PyResult<bool> {
        if let Some(t) = cls.get::<Tuple>() {
            for c in t.items() {
                if self.issubclass(sub, c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if !cls.type_of(self).is(self.ty(T::Type))
            && let Some(check) = self.special(cls, Special::SubclassCheck)
        {
            let r = self.call_special(&check, &[cls.clone(), sub.clone()])?;
            return self.truthy(&r);
        }
        self.issubclass_plain(sub, cls)
    }
    /// `type.__subclasscheck__`
    pub fn issubclass_plain(&mut self, sub: &Value, cls: &Value) -> PyResult<bool> {
        if !cls.is_a::<TypeObj>() {
            return Err(self.type_error("issubclass() arg 2 must be a class, a tuple of classes, or a union"));
        }
        match sub.borrow::<TypeObj>(self) {
            Some(t) => Ok(t.is_subtype_of(cls)),
            None => {
                let name = self.name(Name::DunderMro);
                match self.get_attr_opt(sub, &name)? {
                    Some(mro) => Ok(mro.get::<Tuple>().is_some_and(|m| m.items().iter().any(|c| c.is(cls)))),
                    None => Err(self.type_error("issubclass() arg 1 must be a class")),
                }
            }
        }
    }
}
