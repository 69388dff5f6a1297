//! Displays, unpacking, formatting, pattern matching, and the rare instructions.

use super::run::Next;
use crate::code::{CodeProto, Const};
use crate::error::{Exc, PyResult, Raised};
use crate::num::Int;
use crate::op::Intrinsic;
use crate::special::{Name, Special};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::function::{BoundMethod, Cell, Code, Function};
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;
use std::sync::Arc;

impl Vm {
    // --- code -------------------------------------------------------------------------------------------------

    /// The isolate's code object for shared code. Its constants and names are made when it first runs ([`Vm::load_code`]).
    pub fn new_code(&mut self, proto: &Arc<CodeProto>) -> Value {
        let texts = [self.intern(&proto.name), self.intern(&proto.qualname), self.intern(&proto.filename)];
        self.new_object(T::Code, super::quicken::unloaded(proto.clone(), texts))
    }
    /// Makes a code object's constants, names and instructions, unless they are there.
    #[cold]
    pub fn load_code(&mut self, code: &Code) {
        if code.is_loaded() {
            return;
        }
        let proto = &code.proto;
        // what older code is made of stays with it, whatever a run undoes
        let stays = self.heap().is_lasting_place(code as *const Code as usize);
        let lasting = if stays { self.heap().begin_lasting() } else { None };
        let consts = proto.consts.iter().map(|c| self.constant(c)).collect();
        let (names, slots) = (self.interned_all(&proto.names), self.interned_all(&proto.slot_names));
        super::quicken::load(code, consts, names, slots, self.iso().settings.visible.as_deref());
        self.heap().end_lasting(lasting);
    }
    /// Names as interned strings.
    pub(crate) fn interned_all(&mut self, names: &[Arc<str>]) -> Vec<Value> {
        names.iter().map(|n| self.intern(n)).collect()
    }
    /// A code object's docstring, or None.
    pub(crate) fn docstring(&mut self, code: &Code) -> Value {
        if code.proto.flags & crate::code::flags::HAS_DOCSTRING == 0 {
            return Value::NONE;
        }
        match code.consts.first() {
            Some(doc) => doc.clone(),
            None => code.proto.consts.first().map_or(Value::NONE, |doc| self.constant(doc)),
        }
    }
    /// A constant as a value. Strings that look like names are interned, as in CPython.
    fn constant(&mut self, c: &Const) -> Value {
        match c {
            Const::None => Value::NONE,
            Const::True => Value::TRUE,
            Const::False => Value::FALSE,
            Const::Ellipsis => Value::ELLIPSIS,
            Const::Int(i) => self.new_int(*i),
            Const::BigInt(digits, radix) => match Int::parse(digits, *radix, usize::MAX) {
                Ok(i) => self.new_bigint(i),
                Err(_) => Value::NONE,
            },
            Const::Float(f) => Value::float(*f),
            Const::Imag(f) => crate::types::complex::new_complex(self, 0.0, *f),
            Const::Complex(re, im) => crate::types::complex::new_complex(self, *re, *im),
            Const::Str(s) => {
                if s.len() <= 40 && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                    self.intern(s)
                } else {
                    let v = self.new_str(&**s);
                    if let Some(s) = v.get::<Str>() {
                        crate::proto::compare::str_hash(s);
                    }
                    v
                }
            }
            Const::StrWtf8(b) => self.new_str_wtf8(b.to_vec()),
            Const::Bytes(b) => self.new_bytes(&**b),
            Const::Tuple(items) => {
                let items = items.iter().map(|c| self.constant(c)).collect();
                self.new_tuple(items)
            }
            Const::FrozenSet(items) => {
                let items: Vec<Value> = items.iter().map(|c| self.constant(c)).collect();
                // CPython's compiler makes the constant anew from the first one's order, and scripts see the order
                let first = self.new_frozenset(&items).unwrap_or(Value::NONE);
                let items = if first.is_none() { Vec::new() } else { self.set_items(&first) };
                self.new_frozenset(&items).unwrap_or(Value::NONE)
            }
            Const::Code(p) => self.new_code(p),
        }
    }

    // --- displays ---------------------------------------------------------------------------------------------

    pub(crate) fn build_map(&mut self, items: &[Value]) -> PyResult {
        let d = self.new_object(T::Dict, Dict::with_capacity(items.len() / 2));
        for pair in items.chunks_exact(2) {
            self.dict_set(&d, &pair[0], pair[1].clone())?;
        }
        Ok(d)
    }
    pub(crate) fn build_set(&mut self, items: &[Value]) -> PyResult {
        self.new_set(items)
    }
    pub(crate) fn build_string(&mut self, items: &[Value]) -> Value {
        let total = items.iter().filter_map(|v| v.get::<Str>()).map(|s| s.bytes().len()).sum();
        let mut out: Vec<u8> = Vec::with_capacity(total);
        for s in items.iter().filter_map(|v| v.get::<Str>()) {
            out.extend_from_slice(s.bytes());
        }
        self.new_str_wtf8(out)
    }
    /// LIST_EXTEND: `[*v]`
    pub(crate) fn list_extend_star(&mut self, list: &Value, v: &Value) -> PyResult<()> {
        let items = match self.collect(v) {
            Ok(items) => items,
            Err(e) => {
                if self.is_exc(&e, Exc::TypeError) && v.class(self).special(Special::Iter).is_null() && v.class(self).special(Special::GetItem).is_null() {
                    let name = self.type_name(v);
                    return Err(self.type_error(format!("Value after * must be an iterable, not {name}")));
                }
                return Err(e);
            }
        };
        list.borrow_mut::<List>(self).expect("a list").items_mut().extend(items);
        Ok(())
    }
    /// DICT_UPDATE: `{**v}`
    pub(crate) fn dict_update_display(&mut self, dict: &Value, v: &Value) -> PyResult<()> {
        let keys = self.name(Name::Keys);
        if !v.is_a::<Dict>() && self.get_attr_opt(v, &keys)?.is_none() {
            let name = self.type_name(v);
            return Err(self.type_error(format!("'{name}' object is not a mapping")));
        }
        self.dict_update(dict, v)
    }
    /// DICT_MERGE: `f(**v)`
    pub(crate) fn dict_merge(&mut self, callable: &Value, dict: &Value, v: &Value) -> PyResult<()> {
        let keys = self.name(Name::Keys);
        if !v.is_a::<Dict>() && self.get_attr_opt(v, &keys)?.is_none() {
            let (f, name) = (self.function_text(callable), self.type_name(v));
            return Err(self.type_error(format!("{f} argument after ** must be a mapping, not {name}")));
        }
        let pairs = if v.is_a::<Dict>() {
            self.dict_items(v)
        } else {
            let mut out = Vec::new();
            let ks = self.call_method_name(v, &keys, &[])?;
            for k in self.collect(&ks)? {
                let item = self.get_item(v, &k)?;
                out.push((k, item));
            }
            out
        };
        for (k, value) in pairs {
            if !k.is_a::<Str>() {
                return Err(self.type_error("keywords must be strings"));
            }
            if self.dict_get(dict, &k)?.is_some() {
                let (f, name) = (self.function_text(callable), self.text(&k));
                return Err(self.type_error(format!("{f} got multiple values for keyword argument '{name}'")));
            }
            self.dict_set(dict, &k, value)?;
        }
        Ok(())
    }
    pub(crate) fn format_value(&mut self, v: &Value, conversion: u8, spec: &Value) -> PyResult {
        let converted = match conversion {
            1 => self.str(v)?,
            2 => self.repr(v)?,
            3 => self.ascii(v)?,
            _ => v.clone(),
        };
        let spec = if spec.is_null() { self.name(Name::Empty) } else { spec.clone() };
        self.format(&converted, &spec)
    }

    pub(crate) fn check_eg_match(&mut self, e: &Value, ty: &Value) -> PyResult<(Value, Value)> {
        let (rest, matched) = crate::types::exc_group::check_eg_match(self, e, ty)?;
        if !matched.is_none() {
            // the handler's own errors have the matching part as their context
            self.handled = matched.clone();
        }
        Ok((rest, matched))
    }
    pub(crate) fn prep_reraise_star(&mut self, orig: &Value, excs: &Value) -> PyResult {
        crate::types::exc_group::prep_reraise_star(self, orig, excs)
    }
    /// Writes the report of an exception to standard error.
    pub fn print_exception(&mut self, e: &Raised) {
        if !e.0.is_a::<crate::types::exception::Exception>() {
            let name = self.type_name(&e.0);
            return self.write_error_text(&format!("TypeError: print_exception(): Exception expected for value, {name} found\n"));
        }
        match crate::traceback::format_exception(self, &e.0) {
            Ok(text) => self.write_error_text(&text),
            Err(second) if second.is_killed() => {}
            Err(_) => {
                let name = self.type_name(&e.0);
                self.write_stderr(&format!("{name}\n"));
            }
        }
    }

    // --- unpacking --------------------------------------------------------------------------------------------

    fn unpack_iter(&mut self, seq: &Value) -> PyResult {
        self.iter(seq).map_err(|e| {
            if self.is_exc(&e, Exc::TypeError) && seq.class(self).special(Special::Iter).is_null() && seq.class(self).special(Special::GetItem).is_null() {
                let name = self.type_name(seq);
                self.type_error(format!("cannot unpack non-iterable {name} object"))
            } else {
                e
            }
        })
    }
    pub(crate) fn unpack(&mut self, seq: &Value, n: usize) -> PyResult<Vec<Value>> {
        let it = self.unpack_iter(seq)?;
        let mut out = Vec::with_capacity(n);
        while out.len() < n {
            match self.next(&it)? {
                Some(v) => out.push(v),
                None => {
                    let got = out.len();
                    return Err(self.value_error(format!("not enough values to unpack (expected {n}, got {got})")));
                }
            }
        }
        if self.next(&it)?.is_some() {
            return Err(self.value_error(format!("too many values to unpack (expected {n})")));
        }
        Ok(out)
    }
    pub(crate) fn unpack_ex(&mut self, seq: &Value, before: usize, after: usize) -> PyResult<Vec<Value>> {
        let it = self.unpack_iter(seq)?;
        let mut out = Vec::with_capacity(before + after + 1);
        while out.len() < before {
            match self.next(&it)? {
                Some(v) => out.push(v),
                None => {
                    let got = out.len();
                    return Err(self.value_error(format!("not enough values to unpack (expected at least {}, got {got})", before + after)));
                }
            }
        }
        let mut rest = self.collect(&it)?;
        if rest.len() < after {
            let got = before + rest.len();
            return Err(self.value_error(format!("not enough values to unpack (expected at least {}, got {got})", before + after)));
        }
        let tail = rest.split_off(rest.len() - after);
        out.push(self.new_list(rest));
        out.extend(tail);
        Ok(out)
    }

    // --- match ------------------------------------------------------------------------------------------------

    /// MATCH_CLASS: the attributes as a tuple, or None where the subject does not match.
    pub(crate) fn match_class(&mut self, subject: &Value, cls: &Value, names: &Value, positional: usize) -> PyResult {
        if !cls.is_a::<TypeObj>() {
            return Err(self.type_error("called match pattern must be a class"));
        }
        if !self.isinstance(subject, cls)? {
            return Ok(Value::NONE);
        }
        let mut seen: Vec<String> = Vec::new();
        let mut out = Vec::new();
        if positional > 0 {
            let key = self.name(Name::DunderMatchArgs);
            let cls_name = cls.get_type_name();
            match self.get_attr_opt(cls, &key)? {
                Some(args) => {
                    let Some(items) = args.get::<Tuple>() else {
                        let t = self.type_name(&args);
                        return Err(self.type_error(format!("{cls_name}.__match_args__ must be a tuple (got {t})")));
                    };
                    let n = items.items().len();
                    if n < positional {
                        return Err(
                            self.type_error(format!("{cls_name}() accepts {n} positional sub-pattern{} ({positional} given)", if n == 1 { "" } else { "s" }))
                        );
                    }
                    for name in &items.items()[..positional] {
                        if !name.is_a::<Str>() {
                            let t = self.type_name(name);
                            return Err(self.type_error(format!("__match_args__ elements must be strings (got {t})")));
                        }
                        match self.match_attr(subject, cls, name, &mut seen)? {
                            Some(v) => out.push(v),
                            None => return Ok(Value::NONE),
                        }
                    }
                }
                None if cls.borrow::<TypeObj>(self).is_some_and(|t| t.has(flags::MATCH_SELF)) => {
                    if positional > 1 {
                        return Err(self.type_error(format!("{cls_name}() accepts 1 positional sub-pattern ({positional} given)")));
                    }
                    out.push(subject.clone());
                }
                None => {
                    return Err(self.type_error(format!("{cls_name}() accepts 0 positional sub-patterns ({positional} given)")));
                }
            }
        }
        for name in names.get::<Tuple>().map_or(&[][..], |t| t.items()) {
            match self.match_attr(subject, cls, name, &mut seen)? {
                Some(v) => out.push(v),
                None => return Ok(Value::NONE),
            }
        }
        Ok(self.new_tuple(out))
    }
    fn match_attr(&mut self, subject: &Value, cls: &Value, name: &Value, seen: &mut Vec<String>) -> PyResult<Option<Value>> {
        let text = self.text(name);
        if seen.contains(&text) {
            let c = cls.get_type_name();
            return Err(self.type_error(format!("{c}() got multiple sub-patterns for attribute '{text}'")));
        }
        seen.push(text);
        self.get_attr_opt(subject, name)
    }
    /// MATCH_KEYS: the values of the keys as a tuple, or None.
    pub(crate) fn match_keys(&mut self, subject: &Value, keys: &Value) -> PyResult {
        let keys = keys.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
        let get = self.name(Name::Get);
        let get = self.get_attr(subject, &get)?;
        let dummy = self.new_list(vec![]);
        let mut out = Vec::new();
        for (i, k) in keys.iter().enumerate() {
            for earlier in &keys[..i] {
                if self.eq(earlier, k)? {
                    let r = self.repr_text(k)?;
                    return Err(self.value_error(format!("mapping pattern checks duplicate key ({r})")));
                }
            }
            let v = self.call(&get, &[k.clone(), dummy.clone()])?;
            if v.is(&dummy) {
                return Ok(Value::NONE);
            }
            out.push(v);
        }
        Ok(self.new_tuple(out))
    }

    // --- the rest ---------------------------------------------------------------------------------------------

    pub(crate) fn load_build_class(&mut self) -> PyResult {
        let builtins = self.stack.frames.len().checked_sub(1).map(|at| self.dicts_of_frame(at).1).unwrap_or_default();
        let name = self.name(Name::DunderBuildClass);
        match self.dict_get_str(&builtins, &name) {
            Some(f) => Ok(f),
            None => Err(self.err(Exc::NameError, "__build_class__ not found")),
        }
    }
    /// PRINT_EXPR: `sys.displayhook(v)`
    pub(crate) fn print_expr(&mut self, v: &Value) -> PyResult<()> {
        let (sys, name) = (self.iso().sys.clone(), self.name(Name::DisplayHook));
        match self.dict_get_str(&sys, &name) {
            Some(hook) => self.call(&hook, &[v.clone()]).map(drop),
            None => Err(self.runtime_error("lost sys.displayhook")),
        }
    }
    /// What zero-argument `super()` means in the running frame: the class from `__class__` and the first argument.
    pub fn super_args(&mut self) -> PyResult<(Value, Value)> {
        let Some(at) = self.stack.frames.len().checked_sub(1) else {
            return Err(self.runtime_error("super(): no current frame"));
        };
        let slots = self.frame_slots(at);
        let code = self.stack.frames[at].code();
        let (argc, names, first_free) = (code.proto.arg_count, code.slot_names.to_vec(), code.proto.first_free_slot());
        if argc == 0 {
            return Err(self.runtime_error("super(): no arguments"));
        }
        let mut this = slots[0].clone();
        if let Some(c) = this.borrow::<Cell>(self) {
            this = c.value.clone();
        }
        if this.is_null() {
            return Err(self.runtime_error("super(): arg[0] deleted"));
        }
        let class = self.name(Name::DunderClass);
        for i in first_free..slots.len() {
            if names[i].is(&class) {
                let v = slots[i].borrow::<Cell>(self).map(|c| c.value.clone()).unwrap_or_default();
                if v.is_null() {
                    return Err(self.runtime_error("super(): empty __class__ cell"));
                }
                return Ok((v, this));
            }
        }
        Err(self.runtime_error("super(): __class__ cell not found"))
    }
    /// LOAD_SUPER_ATTR: (attribute, absent), or for c & 1 possibly (function, self).
    pub(crate) fn load_super_attr(&mut self, sup: &Value, cls: &Value, this: &Value, name: &Value, c: u8) -> PyResult<(Value, Value)> {
        let real = sup.is(self.ty(T::Super));
        if !real {
            let object = if c & 2 != 0 { self.call(sup, &[cls.clone(), this.clone()])? } else { self.call(sup, &[])? };
            return Ok((self.get_attr(&object, name)?, Value::NULL));
        }
        if let Some(d) = self.super_method(cls, this, name) {
            if c & 1 != 0 {
                return Ok((d, this.clone()));
            }
            return Ok((self.new_object(T::BoundMethod, BoundMethod { func: d, this: this.clone() }), Value::NULL));
        }
        let object = self.call(sup, &[cls.clone(), this.clone()])?;
        Ok((self.get_attr(&object, name)?, Value::NULL))
    }
    /// The plain function that `super(cls, this).name` finds, for an instance `this`.
    fn super_method(&mut self, cls: &Value, this: &Value, name: &Value) -> Option<Value> {
        if this.is_a::<TypeObj>() || !cls.is_a::<TypeObj>() {
            return None;
        }
        let class = this.class(self);
        let at = class.mro.iter().position(|c| c.is(cls))?;
        for c in &class.mro[at + 1..] {
            if let Some(d) = c.borrow::<TypeObj>(self).and_then(|t| t.dict.get_str(name)) {
                return if d.is_a::<Function>() { Some(d.clone()) } else { None };
            }
        }
        None
    }
    /// CALL_INTRINSIC
    pub(crate) unsafe fn intrinsic(&mut self, which: u8) -> PyResult<Next> {
        // SAFETY: the arguments lie on the stack as the table says.
        unsafe {
            let kind = Intrinsic::from_u8(which);
            let n = match kind {
                Intrinsic::TypeVar | Intrinsic::ParamSpec | Intrinsic::TypeVarTuple | Intrinsic::SubscriptGeneric | Intrinsic::TypeAlias => 1,
                Intrinsic::TypeVarWithBound | Intrinsic::TypeVarWithConstraints | Intrinsic::SetTypeParamDefault | Intrinsic::BuildTemplate => 2,
                Intrinsic::BuildInterpolation => 4,
            };
            let mut args: Vec<Value> = (0..n).map(|_| self.pop_operand()).collect();
            args.reverse();
            let r = self.run_intrinsic(kind, args)?;
            self.push_operand(r);
            Ok(Next::Go)
        }
    }
    /// The module that implements type parameters and templates does the work, so that only programs that use them load it.
    fn run_intrinsic(&mut self, kind: Intrinsic, args: Vec<Value>) -> PyResult {
        let (module, function) = match kind {
            Intrinsic::TypeVar => ("_typing", "_make_typevar"),
            Intrinsic::TypeVarWithBound => ("_typing", "_make_typevar_with_bound"),
            Intrinsic::TypeVarWithConstraints => ("_typing", "_make_typevar_with_constraints"),
            Intrinsic::ParamSpec => ("_typing", "_make_paramspec"),
            Intrinsic::TypeVarTuple => ("_typing", "_make_typevartuple"),
            Intrinsic::SetTypeParamDefault => ("_typing", "_set_typeparam_default"),
            Intrinsic::SubscriptGeneric => ("_typing", "_subscript_generic"),
            Intrinsic::TypeAlias => ("_typing", "_make_typealias"),
            Intrinsic::BuildTemplate => ("_template", "_make_template"),
            Intrinsic::BuildInterpolation => ("_template", "_make_interpolation"),
        };
        let m = self.import(module)?;
        let f = self.attr(&m, function)?;
        self.call(&f, &args)
    }
    /// `warnings.warn(text, category)`
    pub fn warn(&mut self, category: &Value, text: &str) -> PyResult<()> {
        let m = self.import("warnings")?;
        let f = self.attr(&m, "warn")?;
        let text = self.new_str(text);
        self.call(&f, &[text, category.clone()]).map(drop)
    }
    /// A SyntaxError of the parser or compiler as a Python exception.
    pub fn syntax_error(&mut self, e: &gilbert_parser::SyntaxError, source: &str, filename: &str) -> Raised {
        crate::proto::errors::from_syntax(self, e, source, filename)
    }
    /// The code object of a code value.
    pub fn code_of(&self, f: &Value) -> Option<Value> {
        f.borrow::<Function>(self).map(|f| f.code.clone()).or_else(|| f.get::<Code>().map(|_| f.clone()))
    }
}
