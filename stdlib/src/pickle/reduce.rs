//! Values to opcodes: everything that is reduced to a call (PEP 307).

use super::save::Saver;
use super::{PICKLING_ERROR, op};
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::special::Special;
use gilbert_vm::types::T;
use gilbert_vm::types::native::Kwargs;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

impl Saver {
    /// A value without opcodes of its own.
    pub(super) fn other(&mut self, vm: &mut Vm, v: &Value, ty: &Value) -> PyResult<()> {
        if !self.reducer_override.is_null() {
            let f = self.reducer_override.clone();
            let r = vm.call(&f, &[v.clone()])?;
            if !r.is_not_implemented() {
                return self.reduced(vm, v, &r);
            }
        }
        if ty.is(vm.ty(T::Type)) {
            return self.type_object(vm, v);
        }
        if ty.is(vm.ty(T::Function)) {
            return self.global(vm, v, None);
        }
        if let Some(table) = self.reducers.clone().opt()
            && let Some(f) = vm.dict_get(&table, ty)?
        {
            let r = vm.call(&f, &[v.clone()])?;
            return self.reduced(vm, v, &r);
        }
        let table = match self.dispatch_table.clone().opt() {
            Some(t) => t,
            None => {
                let copyreg = vm.import("copyreg")?;
                vm.attr(&copyreg, "dispatch_table")?
            }
        };
        let found = if vm.is_plain_dict(&table) {
            vm.dict_get(&table, ty)?
        } else {
            match vm.get_item(&table, ty) {
                Ok(f) => Some(f),
                Err(e) if vm.is_exc(&e, gilbert_vm::error::Exc::KeyError) => None,
                Err(e) => return Err(e),
            }
        };
        if let Some(f) = found {
            let r = vm.call(&f, &[v.clone()])?;
            return self.reduced(vm, v, &r);
        }
        if vm.is_type(v) {
            return self.global(vm, v, None);
        }
        let r = match vm.attr_opt(v, "__reduce_ex__")? {
            Some(f) => vm.call(&f, &[Value::i32(i32::from(self.proto))])?,
            None => match vm.attr_opt(v, "__reduce__")? {
                Some(f) => vm.call(&f, &[])?,
                None => {
                    let (name, shown) = (vm.type_name(v), vm.repr_text(v)?);
                    return Err(PICKLING_ERROR.raise(vm, format!("can't pickle '{name}' object: {shown}")));
                }
            },
        };
        self.reduced(vm, v, &r)
    }
    /// The types of the singletons are reached through them; others are globals.
    fn type_object(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        for (t, one) in [(T::NoneType, Value::NONE), (T::EllipsisType, Value::ELLIPSIS), (T::NotImplementedType, Value::NOT_IMPLEMENTED)] {
            if v.is(vm.ty(t)) {
                let args = vm.new_tuple(vec![one]);
                return self.reduce_value(vm, &[vm.ty(T::Type).clone(), args], Some(v));
            }
        }
        self.global(vm, v, None)
    }
    /// What `__reduce__` returned.
    fn reduced(&mut self, vm: &mut Vm, v: &Value, r: &Value) -> PyResult<()> {
        if r.is_a::<Str>() {
            return self.global(vm, v, Some(r));
        }
        match r.get::<Tuple>() {
            Some(t) => self.reduce_value(vm, t.items(), Some(v)),
            None => Err(PICKLING_ERROR.raise(vm, "__reduce__ must return a string or tuple")),
        }
    }
    /// A callable with arguments, and what is to be done with the result.
    pub fn reduce_value(&mut self, vm: &mut Vm, parts: &[Value], obj: Option<&Value>) -> PyResult<()> {
        if !(2..=6).contains(&parts.len()) {
            return Err(PICKLING_ERROR.raise(vm, "tuple returned by __reduce__ must contain 2 through 6 elements"));
        }
        let part = |i: usize| parts.get(i).filter(|v: &&Value| !v.is_none());
        let f = &parts[0];
        if vm.special(f, Special::Call).is_none() && !vm.is_type(f) {
            return Err(PICKLING_ERROR.raise(vm, "first item of the tuple returned by __reduce__ must be callable"));
        }
        if !parts[1].is_a::<Tuple>() {
            return Err(PICKLING_ERROR.raise(vm, "second item of the tuple returned by __reduce__ must be a tuple"));
        }
        for (i, which) in [(3, "fourth"), (4, "fifth")] {
            if let Some(it) = part(i)
                && vm.special(it, Special::Next).is_none()
            {
                let name = vm.type_name(it);
                return Err(PICKLING_ERROR.raise(vm, format!("{which} element of the tuple returned by __reduce__ must be an iterator, not {name}")));
            }
        }
        self.save_call(vm, f, &parts[1], obj)?;
        if let Some(obj) = obj {
            if self.memo.contains_key(&obj.bits()) {
                // the arguments hold the object itself
                self.put(&[op::POP]);
                self.recall(obj);
                return Ok(());
            }
            self.memoize(obj);
        }
        if let Some(items) = part(3) {
            self.append_all(vm, items)?;
        }
        if let Some(items) = part(4) {
            self.set_all(vm, items)?;
        }
        let Some(state) = part(2) else { return Ok(()) };
        match (part(5), obj) {
            (Some(setter), Some(obj)) => {
                self.save(vm, setter)?;
                self.save(vm, obj)?;
                self.save(vm, state)?;
                self.put(&[op::TUPLE2, op::REDUCE, op::POP]);
            }
            _ => {
                self.save(vm, state)?;
                self.put(&[op::BUILD]);
            }
        }
        Ok(())
    }
    /// The call itself: `copyreg.__newobj__` and its like have opcodes.
    fn save_call(&mut self, vm: &mut Vm, f: &Value, args: &Value, obj: Option<&Value>) -> PyResult<()> {
        let name = match self.proto >= 2 {
            true => vm.attr_opt(f, "__name__")?.map(|n| vm.text(&n)).unwrap_or_default(),
            false => String::new(),
        };
        let items = args.get::<Tuple>().map_or(&[][..], Tuple::items);
        match name.as_str() {
            "__newobj_ex__" => self.new_object_ex(vm, items),
            "__newobj__" => self.new_object(vm, items, obj),
            _ => {
                self.save(vm, f)?;
                self.save(vm, args)?;
                self.put(&[op::REDUCE]);
                Ok(())
            }
        }
    }
    fn new_object(&mut self, vm: &mut Vm, items: &[Value], obj: Option<&Value>) -> PyResult<()> {
        let fail = |vm: &mut Vm, text: &str| -> Raised { PICKLING_ERROR.raise(vm, text) };
        let Some((cls, rest)) = items.split_first() else { return Err(fail(vm, "__newobj__ arglist is empty")) };
        if vm.attr_opt(cls, "__new__")?.is_none() {
            return Err(fail(vm, "args[0] from __newobj__ args has no __new__"));
        }
        if let Some(obj) = obj
            && !vm.attr(obj, "__class__")?.is(cls)
        {
            return Err(fail(vm, "args[0] from __newobj__ args has the wrong class"));
        }
        let rest = vm.new_tuple(rest.to_vec());
        self.save(vm, cls)?;
        self.save(vm, &rest)?;
        self.put(&[op::NEWOBJ]);
        Ok(())
    }
    fn new_object_ex(&mut self, vm: &mut Vm, items: &[Value]) -> PyResult<()> {
        let [cls, args, kwargs] = items else {
            let n = items.len();
            return Err(PICKLING_ERROR.raise(vm, format!("length of the NEWOBJ_EX argument tuple must be exactly 3, not {n}")));
        };
        if self.proto >= 4 {
            for part in items {
                self.save(vm, part)?;
            }
            self.put(&[op::NEWOBJ_EX]);
            return Ok(());
        }
        // as partial(cls.__new__, cls, *args, **kwargs)()
        let functools = vm.import("functools")?;
        let (partial, new) = (vm.attr(&functools, "partial")?, vm.attr(cls, "__new__")?);
        let mut all = vec![new, cls.clone()];
        all.extend(args.get::<Tuple>().map_or(&[][..], Tuple::items).iter().cloned());
        let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(kwargs).into_iter().unzip();
        let call = vm.call_kw(&partial, &all, Kwargs { names: &names, values: &values })?;
        self.save(vm, &call)?;
        self.put(&[op::EMPTY_TUPLE, op::REDUCE]);
        Ok(())
    }
}
