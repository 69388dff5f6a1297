//! `_contextvars` (PEP 567): variables whose values belong to a context; every thread starts with an empty one.

use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::types::generic_alias::class_getitem;
use gilbert_vm::types::native::{Kwargs, NativeDef, class_method, function, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Context {
    /// variable -> value
    values: Value,
    /// Whether some thread runs in it.
    entered: bool,
    previous: Value,
}
payload!(Context { one: [values, previous], many: [], plain: [entered] });

struct ContextVar {
    name: Value,
    /// Absent: none.
    default: Value,
}
payload!(ContextVar { one: [name, default], many: [], plain: [] });
impl Immutable for ContextVar {}

struct Token {
    var: Value,
    /// Absent: the variable had no value.
    old: Value,
    context: Value,
    used: bool,
}
payload!(Token { one: [var, old, context], many: [], plain: [used] });

static FUNCTIONS: &[NativeDef] = &[function("copy_context()", copy_context).doc("Return a shallow copy of the current Context object.")];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_contextvars", "Context Variables", FUNCTIONS);
    for def in [&CONTEXT, &VAR, &TOKEN] {
        vm.module_add_type(&m, def);
    }
    let token = vm.native_type(&TOKEN);
    let missing = missing(vm);
    vm.native_type_set(&token, "MISSING", missing);
    Ok(m)
}

fn missing(vm: &mut Vm) -> Value {
    if let Some(v) = vm.iso().state.get("contextvars.missing") {
        return v.clone();
    }
    let v = vm.new_native(&MISSING, Missing);
    vm.iso_mut().state.insert("contextvars.missing", v.clone());
    v
}

struct Missing;
payload!(Missing { one: [], many: [], plain: [] });
static MISSING: TypeDef = TypeDef::new("Token.MISSING", layout_of::<Missing>())
    .flags(flags::NO_NEW)
    .methods(&[method("__repr__(self, /)", |vm, _| Ok(vm.new_str("<Token.MISSING>")))]);

/// The thread's context, made when first needed.
fn current(vm: &mut Vm) -> Value {
    if vm.context.is_null() {
        let values = vm.new_dict();
        vm.context = vm.new_native(&CONTEXT, Context { values, entered: false, previous: Value::NULL });
    }
    vm.context.clone()
}

fn values_of(vm: &Vm, context: &Value) -> Value {
    context.borrow::<Context>(vm).map(|c| c.values.clone()).unwrap_or_default()
}

fn copy_of(vm: &mut Vm, context: &Value) -> PyResult {
    let (values, copy) = (values_of(vm, context), vm.new_dict());
    vm.dict_update(&copy, &values)?;
    Ok(vm.new_native(&CONTEXT, Context { values: copy, entered: false, previous: Value::NULL }))
}

fn copy_context(vm: &mut Vm, _: &[Value]) -> PyResult {
    let c = current(vm);
    copy_of(vm, &c)
}

fn run(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [context, f, positional, keywords] = args else { unreachable!("bound") };
    if context.borrow::<Context>(vm).is_some_and(|c| c.entered) {
        let r = vm.repr_text(context)?;
        return Err(vm.runtime_error(format!("cannot enter context: {r} is already entered")));
    }
    if let Some(c) = context.borrow_mut::<Context>(vm) {
        c.entered = true;
    }
    let outer = std::mem::replace(&mut vm.context, context.clone());
    let items = positional.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let (names, values): (Vec<Value>, Vec<Value>) = vm.dict_items(keywords).into_iter().unzip();
    let result = vm.call_kw(f, &items, Kwargs { names: &names, values: &values });
    vm.context = outer;
    if let Some(c) = context.borrow_mut::<Context>(vm) {
        c.entered = false;
    }
    result
}

fn var_key(vm: &mut Vm, key: &Value) -> PyResult<()> {
    if key.is_a::<ContextVar>() {
        return Ok(());
    }
    let r = vm.repr_text(key)?;
    Err(vm.type_error(format!("a ContextVar key was expected, got {r}")))
}

fn view(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let values = values_of(vm, &args[0]);
    vm.call_method(&values, name, &[])
}

static CONTEXT: TypeDef = TypeDef::new("_contextvars.Context", layout_of::<Context>()).methods(&[
    static_method("__new__(cls)", |vm, _| {
        let values = vm.new_dict();
        Ok(vm.new_native(&CONTEXT, Context { values, entered: false, previous: Value::NULL }))
    }),
    method("run(self, callable, /, *args, **kwargs)", run),
    method("copy(self, /)", |vm, a| copy_of(vm, &a[0])),
    method("__len__(self, /)", |vm, a| {
        let values = values_of(vm, &a[0]);
        let n = vm.len(&values)?;
        Ok(Value::small_wrap(n as i64))
    }),
    method("__iter__(self, /)", |vm, a| {
        let values = values_of(vm, &a[0]);
        vm.iter(&values)
    }),
    method("__contains__(self, key, /)", |vm, a| {
        var_key(vm, &a[1])?;
        let values = values_of(vm, &a[0]);
        Ok(Value::bool(vm.dict_contains(&values, &a[1])?))
    }),
    method("__getitem__(self, key, /)", |vm, a| {
        var_key(vm, &a[1])?;
        let values = values_of(vm, &a[0]);
        vm.get_item(&values, &a[1])
    }),
    method("get(self, key, default=None, /)", |vm, a| {
        var_key(vm, &a[1])?;
        let values = values_of(vm, &a[0]);
        Ok(vm.dict_get(&values, &a[1])?.unwrap_or_else(|| a[2].clone()))
    }),
    method("keys(self, /)", |vm, a| view(vm, a, "keys")),
    method("values(self, /)", |vm, a| view(vm, a, "values")),
    method("items(self, /)", |vm, a| view(vm, a, "items")),
]);

fn var_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Str>() {
        return Err(vm.type_error("context variable name must be a str"));
    }
    Ok(vm.new_native(&VAR, ContextVar { name: args[1].clone(), default: args[2].clone() }))
}

fn var_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    // a thread that has set nothing has no context yet, and needs none to be asked
    let c = vm.context.clone();
    if !c.is_null() {
        let values = values_of(vm, &c);
        if let Some(v) = vm.dict_get(&values, &args[0])? {
            return Ok(v);
        }
    }
    if !args[1].is_null() {
        return Ok(args[1].clone());
    }
    let default = args[0].get::<ContextVar>().map(|v| v.default.clone()).unwrap_or_default();
    if default.is_null() {
        return Err(vm.err_args(Exc::LookupError, vec![args[0].clone()]));
    }
    Ok(default)
}

fn var_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    let context = current(vm);
    let values = values_of(vm, &context);
    let old = vm.dict_get(&values, &args[0])?.unwrap_or_default();
    vm.dict_set(&values, &args[0], args[1].clone())?;
    Ok(vm.new_native(&TOKEN, Token { var: args[0].clone(), old, context, used: false }))
}

fn var_reset(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(token) = args[1].borrow::<Token>(vm) else {
        let t = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("expected an instance of Token, got {t}")));
    };
    let (var, old, context, used) = (token.var.clone(), token.old.clone(), token.context.clone(), token.used);
    let r = vm.repr_text(&args[1])?;
    if used {
        return Err(vm.runtime_error(format!("{r} has already been used once")));
    }
    if !var.is(&args[0]) {
        return Err(vm.value_error(format!("{r} was created by a different ContextVar")));
    }
    if !context.is(&current(vm)) {
        return Err(vm.value_error(format!("{r} was created in a different Context")));
    }
    let values = values_of(vm, &context);
    if old.is_null() {
        vm.dict_remove(&values, &var)?;
    } else {
        vm.dict_set(&values, &var, old)?;
    }
    if let Some(t) = args[1].borrow_mut::<Token>(vm) {
        t.used = true;
    }
    Ok(Value::NONE)
}

static VAR: TypeDef = TypeDef::new("_contextvars.ContextVar", layout_of::<ContextVar>())
    .methods(&[
        static_method("__new__(cls, name, /, *, default=NULL)", var_new),
        method("get(self, default=NULL, /)", var_get),
        method("set(self, value, /)", var_set),
        method("reset(self, token, /)", var_reset),
        method("__repr__(self, /)", |vm, a| {
            let name = a[0].get::<ContextVar>().map(|v| v.name.clone()).unwrap_or_default();
            let (name, id) = (vm.repr_text(&name)?, vm.address_of(&a[0]));
            Ok(vm.new_str(format!("<ContextVar name={name} at {id:#x}>")))
        }),
        class_method("__class_getitem__(cls, item, /)", class_getitem),
    ])
    .getset(&[getter("name", |_, v| Ok(v.get::<ContextVar>().map(|v| v.name.clone()).unwrap_or_default()))]);

static TOKEN: TypeDef = TypeDef::new("_contextvars.Token", layout_of::<Token>())
    .flags(flags::NO_NEW)
    .methods(&[
        class_method("__class_getitem__(cls, item, /)", class_getitem),
        method("__enter__(self, /)", |_, a| Ok(a[0].clone())),
        method("__exit__(self, type, value, tb, /)", |vm, a| {
            let var = a[0].borrow::<Token>(vm).map(|t| t.var.clone()).unwrap_or_default();
            var_reset(vm, &[var, a[0].clone()])
        }),
    ])
    .getset(&[
        getter("var", |vm, t| Ok(t.borrow::<Token>(vm).map(|t| t.var.clone()).unwrap_or_default())),
        getter("old_value", |vm, t| {
            let old = t.borrow::<Token>(vm).map(|t| t.old.clone()).unwrap_or_default();
            Ok(if old.is_null() { missing(vm) } else { old })
        }),
    ]);
