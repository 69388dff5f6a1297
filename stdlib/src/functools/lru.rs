//! The wrapper of `lru_cache`: a dict from arguments to results, the one used last at its end.

use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::attr_layout;
use gilbert_vm::probe::Part;
use gilbert_vm::types::T;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::native::{Kwargs, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Cache {
    func: Value,
    info: Value,
    /// Results by arguments, oldest use first.
    results: Value,
    /// Stands between positional and keyword arguments in a key.
    mark: Value,
    /// `None`: without limit.
    max: Option<usize>,
    typed: bool,
    hits: i64,
    misses: i64,
}
payload!(Cache { one: [func, info, results, mark], many: [], plain: [max, typed, hits, misses] });

/// `functools._lru_cache_wrapper`
pub static LRU_CACHE: TypeDef = TypeDef::new("functools._lru_cache_wrapper", attr_layout::<Cache>())
    .flags(flags::BASE | flags::HAS_DICT)
    .doc("Create a cached callable that wraps another function.")
    .methods(&[
        static_method("__new__(cls, user_function, maxsize, typed, cache_info_type)", new),
        method("__call__(self, /, *args, **kwargs)", call),
        method("__get__(self, instance, owner=None, /)", get),
        method("__reduce__(self, /)", |vm, a| vm.attr(&a[0], "__qualname__")),
        method("__copy__(self, /)", |_, a| Ok(a[0].clone())),
        method("__deepcopy__(self, memo, /)", |_, a| Ok(a[0].clone())),
        method("cache_info(self, /)", cache_info).doc("Report cache statistics"),
        method("cache_clear(self, /)", cache_clear).doc("Clear the cache and cache statistics"),
    ]);

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, func, max, typed, info) = (&args[0], &args[1], &args[2], &args[3], &args[4]);
    if !gilbert_vm::builtins::is_callable(vm, func) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let max = if max.is_none() {
        None
    } else if gilbert_vm::builtins::is_int(max) {
        Some(vm.to_isize(max)?.max(0) as usize)
    } else {
        return Err(vm.type_error("maxsize should be integer or None"));
    };
    let typed = vm.truthy(typed)?;
    let results = vm.new_dict();
    let object = vm.ty(T::Object).clone();
    let mark = vm.call(&object, &[])?;
    Ok(vm.new_of(cls, Cache { func: func.clone(), info: info.clone(), results, mark, max, typed, hits: 0, misses: 0 }))
}

fn state<'a>(vm: &'a mut Vm, this: &'a Value) -> &'a mut Cache {
    vm.touch_write(this, Part::Whole);
    this.borrow_mut::<Cache>(vm).expect("an lru_cache wrapper")
}

/// The key of a call's arguments: a single int or str itself, else a tuple.
fn key_of(vm: &mut Vm, args: &[Value], kw: &[(Value, Value)], mark: &Value, typed: bool) -> Value {
    if kw.is_empty() && !typed && args.len() == 1 {
        let exact = |v: &Value| v.is_small() || (v.is_a::<Str>() && v.type_of(vm).is(vm.ty(T::Str)));
        if exact(&args[0]) {
            return args[0].clone();
        }
    }
    let mut all = args.to_vec();
    if !kw.is_empty() {
        all.push(mark.clone());
        all.extend(kw.iter().flat_map(|(n, v)| [n.clone(), v.clone()]));
    }
    if typed {
        all.extend(args.iter().chain(kw.iter().map(|(_, v)| v)).map(|v| v.type_of(vm).clone()));
    }
    vm.new_tuple(all)
}

fn call(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state(vm, &args[0]);
    let (func, results, mark, max, typed) = (c.func.clone(), c.results.clone(), c.mark.clone(), c.max, c.typed);
    let given = args[1].get::<Tuple>().expect("bound").items();
    let kw = vm.dict_items(&args[2]);
    let (names, values): (Vec<Value>, Vec<Value>) = kw.iter().cloned().unzip();
    let kwargs = Kwargs { names: &names, values: &values };
    if max == Some(0) {
        state(vm, &args[0]).misses += 1;
        return vm.call_kw(&func, given, kwargs);
    }
    let key = key_of(vm, given, &kw, &mark, typed);
    let hash = vm.hash(&key)?;
    if let Some(found) = vm.dict_get_hashed(&results, hash, &key)? {
        state(vm, &args[0]).hits += 1;
        if max.is_some() {
            // the one used last goes to the end
            vm.dict_remove_hashed(&results, hash, &key)?;
            vm.dict_set_hashed(&results, hash, &key, found.clone())?;
        }
        return Ok(found);
    }
    state(vm, &args[0]).misses += 1;
    let result = vm.call_kw(&func, given, kwargs)?;
    if let Some(max) = max {
        // the call may have stored it already, by recursion or in another thread
        if vm.dict_get_hashed(&results, hash, &key)?.is_some() {
            return Ok(result);
        }
        let oldest = results.borrow::<Dict>(vm).filter(|d| d.len() >= max).and_then(|d| d.iter().next().map(|(k, _)| (k.value.clone(), k.hash)));
        if let Some((oldest, hash)) = oldest {
            vm.dict_remove_hashed(&results, hash, &oldest)?;
        }
    }
    vm.dict_set_hashed(&results, hash, &key, result.clone())?;
    Ok(result)
}

fn get(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() { Ok(args[0].clone()) } else { Ok(vm.bind_method(&args[0], &args[1])) }
}
fn cache_info(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state(vm, &args[0]);
    let (info, results, hits, misses, max) = (c.info.clone(), c.results.clone(), c.hits, c.misses, c.max);
    let size = vm.len(&results)? as i64;
    let max = max.map_or(Value::NONE, |m| Value::small_wrap(m as i64));
    vm.call(&info, &[Value::small_wrap(hits), Value::small_wrap(misses), max, Value::small_wrap(size)])
}
fn cache_clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fresh = vm.new_dict();
    let c = state(vm, &args[0]);
    c.hits = 0;
    c.misses = 0;
    let old = std::mem::replace(&mut c.results, fresh);
    drop(old);
    Ok(Value::NONE)
}
