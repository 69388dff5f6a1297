//! `repr`, `str`, `ascii`, `format`.

use crate::error::PyResult;
use crate::special::Special;
use crate::types::str::Str;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `repr(v)`, a str object.
    pub fn repr(&mut self, v: &Value) -> PyResult {
        if let Some(i) = v.as_small() {
            return Ok(self.new_str(itoa::Buffer::new().format(i)));
        }
        let Some(f) = self.special(v, Special::Repr) else {
            let name = self.type_name(v);
            return Ok(self.new_str(format!("<{name} object>")));
        };
        self.enter_native_for(" while getting the repr of an object")?;
        let r = self.call_special(&f, &[v.clone()]);
        self.leave_native();
        let r = r?;
        if !r.is_a::<Str>() {
            let name = self.type_name(&r);
            return Err(self.type_error(format!("__repr__ returned non-string (type {name})")));
        }
        Ok(r)
    }
    /// `repr(v)` as text.
    pub fn repr_text(&mut self, v: &Value) -> PyResult<String> {
        let r = self.repr(v)?;
        Ok(self.text(&r))
    }
    /// `str(v)`, a str object.
    pub fn str(&mut self, v: &Value) -> PyResult {
        if v.is_a::<Str>() && v.header().is_some_and(|h| h.type_head().flags.get() & flags::HEAP == 0) {
            return Ok(v.clone());
        }
        if let Some(i) = v.as_small() {
            return Ok(self.new_str(itoa::Buffer::new().format(i)));
        }
        let Some(f) = self.special(v, Special::Str) else { return self.repr(v) };
        self.enter_native_for(" while getting the str of an object")?;
        let r = self.call_special(&f, &[v.clone()]);
        self.leave_native();
        let r = r?;
        if !r.is_a::<Str>() {
            let name = self.type_name(&r);
            return Err(self.type_error(format!("__str__ returned non-string (type {name})")));
        }
        Ok(r)
    }
    /// `str(v)` as text.
    pub fn str_text(&mut self, v: &Value) -> PyResult<String> {
        let r = self.str(v)?;
        Ok(self.text(&r))
    }
    /// `ascii(v)`
    pub fn ascii(&mut self, v: &Value) -> PyResult {
        let r = self.repr(v)?;
        let bytes = r.get::<Str>().map(|s| s.bytes().to_vec()).unwrap_or_default();
        if bytes.is_ascii() {
            return Ok(r);
        }
        let text = crate::text::repr::ascii_of(&bytes);
        Ok(self.new_str(text))
    }
    /// `format(v, spec)`
    pub fn format(&mut self, v: &Value, spec: &Value) -> PyResult {
        if spec.get::<Str>().is_some_and(|s| s.char_len() == 0) && v.is_a::<Str>() {
            return self.str(v);
        }
        let Some(f) = self.special(v, Special::Format) else { return self.str(v) };
        let r = self.call_special(&f, &[v.clone(), spec.clone()])?;
        if !r.is_a::<Str>() {
            let name = self.type_name(&r);
            return Err(self.type_error(format!("__format__ must return a str, not {name}")));
        }
        Ok(r)
    }
}
