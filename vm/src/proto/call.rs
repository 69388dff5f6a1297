//! Calls from natives.

use crate::error::PyResult;
use crate::object::Kind;
use crate::special::Special;
use crate::types::T;
use crate::types::function::BoundMethod;
use crate::types::native::{self, Binding, Kwargs, Native};
use crate::types::object_;
use crate::types::type_::{TypeObj, flags};
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `f(*args)`
    pub fn call(&mut self, f: &Value, args: &[Value]) -> PyResult {
        self.call_kw(f, args, Kwargs::NONE)
    }
    /// `f(*args, **kw)`
    pub fn call_kw(&mut self, f: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        let kind = f.header().map_or(0, |h| h.kind());
        if kind == Kind::Function as u8 {
            return self.call_function(f, args, kw);
        }
        if kind == Kind::Native as u8 {
            return self.call_native(f, args, kw);
        }
        if kind == Kind::BoundMethod as u8 {
            let m = f.get::<BoundMethod>().expect("kind checked");
            let (func, this) = (m.func.clone(), m.this.clone());
            return with_first(&this, args, |args| self.call_kw(&func, args, kw));
        }
        if kind == Kind::Type as u8 && f.type_of(self).is(self.ty(T::Type)) {
            return self.call_type(f, args, kw);
        }
        match self.special(f, Special::Call) {
            Some(call) => {
                // what is called may be an instance with a `__call__` in turn, and so on
                self.enter_native()?;
                let r = with_first(f, args, |args| self.call_special_kw(&call, args, kw));
                self.leave_native();
                r
            }
            None => Err(self.not_callable(f)),
        }
    }
    /// The TypeError for calling what cannot be called.
    #[cold]
    pub fn not_callable(&mut self, f: &Value) -> crate::error::Raised {
        let name = self.type_name(f);
        self.type_error(format!("'{name}' object is not callable"))
    }
    /// Calls a native function object. A native's absent result (an iterator's end) becomes StopIteration.
    pub fn call_native(&mut self, f: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        let r = self.call_native_raw(f, args, kw)?;
        if r.is_null() { Err(self.stop_iteration(Value::NONE)) } else { Ok(r) }
    }
    fn call_native_raw(&mut self, f: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        let n = f.get::<Native>().expect("a native");
        if !n.this.is_null() {
            return with_first(&n.this, args, |args| native::call(self, n, args, kw));
        }
        if n.def.binding == Binding::Method
            && let Some(this) = args.first()
            && !this.class(self).is_subtype_of(&n.class)
        {
            return Err(self.wrong_self(n, this));
        }
        native::call(self, n, args, kw)
    }
    /// Calls what a type's special-method table holds; `args[0]` is the instance.
    #[inline]
    pub fn call_special(&mut self, f: &Value, args: &[Value]) -> PyResult {
        if let Some(n) = f.get::<Native>()
            && n.def.binding == Binding::Method
            && n.sig.is_plain()
            && n.sig.params.len() == args.len()
        {
            self.check_stack()?;
            return (n.def.fun)(self, args);
        }
        self.call_special_kw(f, args, Kwargs::NONE)
    }
    /// As [`Vm::call_special`], with keywords.
    pub fn call_special_kw(&mut self, f: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        match f.header().map(|h| h.kind()) {
            Some(k) if k == Kind::Function as u8 => self.call_function(f, args, kw),
            Some(k) if k == Kind::Native as u8 => {
                let n = f.get::<Native>().expect("kind checked");
                match n.def.binding {
                    Binding::Method => native::call(self, n, args, kw),
                    _ => {
                        let ty = args[0].type_of(self).clone();
                        let bound = self.descriptor_get(f, &args[0], &ty)?;
                        self.call_kw(&bound, &args[1..], kw)
                    }
                }
            }
            None if f.is_none() => {
                let name = self.type_name(&args[0]);
                Err(self.type_error(format!("'{name}' object is not callable")))
            }
            _ => {
                let ty = args[0].type_of(self).clone();
                let bound = self.descriptor_get(f, &args[0], &ty)?;
                self.call_kw(&bound, &args[1..], kw)
            }
        }
    }
    /// `obj.name(*args)`
    pub fn call_method(&mut self, obj: &Value, name: &str, args: &[Value]) -> PyResult {
        let name = self.intern(name);
        self.call_method_name(obj, &name, args)
    }
    /// `obj.name(*args)` with an interned name.
    pub fn call_method_name(&mut self, obj: &Value, name: &Value, args: &[Value]) -> PyResult {
        let f = self.get_attr(obj, name)?;
        self.call(&f, args)
    }
    /// `type.__call__`: `__new__`, then `__init__` where the result is an instance.
    pub fn call_type(&mut self, ty: &Value, args: &[Value], kw: Kwargs) -> PyResult {
        let t = ty.borrow::<TypeObj>(self).expect("a type");
        if ty.is(self.ty(T::Type)) && args.len() == 1 && kw.is_empty() {
            return Ok(args[0].type_of(self).clone());
        }
        if t.has(flags::NO_NEW) {
            let name = self.full_type_name(ty);
            return Err(self.type_error(format!("cannot create '{name}' instances")));
        }
        let new = t.special(Special::New).clone();
        let obj = if self.is_object_new(&new) {
            if !args.is_empty() || !kw.is_empty() {
                object_::check_new_arguments(self, ty)?;
            }
            object_::instantiate(self, ty)?
        } else {
            with_first(ty, args, |args| self.call_kw(&unwrap_static(self, &new), args, kw))?
        };
        self.init_instance(ty, &obj, args, kw)?;
        Ok(obj)
    }
    /// The second half of `type.__call__`: `__init__` of what `__new__` gave, where that is an instance of `ty`.
    pub(crate) fn init_instance(&mut self, ty: &Value, obj: &Value, args: &[Value], kw: Kwargs) -> PyResult<()> {
        let class = obj.class(self);
        if !class.is_subtype_of(ty) {
            return Ok(());
        }
        let init = class.special(Special::Init).clone();
        if self.is_object_init(&init) {
            if !args.is_empty() || !kw.is_empty() {
                object_::check_init_arguments(self, obj)?;
            }
            return Ok(());
        }
        let result = with_first(obj, args, |args| self.call_special_kw(&init, args, kw))?;
        if !result.is_none() {
            let name = self.type_name(&result);
            return Err(self.type_error(format!("__init__() should return None, not '{name}'")));
        }
        Ok(())
    }
}

/// The function of a `__new__` that a class may have wrapped in a staticmethod.
pub(crate) fn unwrap_static(vm: &Vm, f: &Value) -> Value {
    f.borrow::<crate::types::descriptor::StaticMethod>(vm).map_or_else(|| f.clone(), |s| s.func.clone())
}

/// Calls `body` with `first` before `args`.
pub(crate) fn with_first<R>(first: &Value, args: &[Value], body: impl FnOnce(&[Value]) -> R) -> R {
    const N: usize = 6;
    if args.len() < N {
        let mut all = [const { Value::NULL }; N];
        all[0] = first.clone();
        for (to, from) in all[1..].iter_mut().zip(args) {
            *to = from.clone();
        }
        return body(&all[..args.len() + 1]);
    }
    let all: Vec<Value> = std::iter::once(first).chain(args).cloned().collect();
    body(&all)
}
