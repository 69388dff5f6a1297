//! `TypeVar`, `ParamSpec`, `TypeVarTuple`, and the `args` and `kwargs` of a `ParamSpec`.

use super::{call_typing, caller_module, const_evaluator, evaluate, no_default, set_module, union_of};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, attr_layout, layout_of};
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{GetSet, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Which of the three kinds of type parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    TypeVar,
    ParamSpec,
    TypeVarTuple,
}

#[derive(Clone, Copy, Default)]
struct Variance {
    covariant: bool,
    contravariant: bool,
    infer: bool,
}

/// The payload of all three; a field that is absent has not been evaluated, or is not there.
struct TypeParam {
    name: Value,
    bound: Value,
    evaluate_bound: Value,
    constraints: Value,
    evaluate_constraints: Value,
    default: Value,
    evaluate_default: Value,
    kind: Kind,
    variance: Variance,
}
payload!(TypeParam { one: [name, bound, evaluate_bound, constraints, evaluate_constraints, default, evaluate_default], many: [], plain: [kind, variance] });

fn param<'a>(vm: &'a Vm, v: &'a Value) -> &'a TypeParam {
    v.borrow::<TypeParam>(vm).expect("a type parameter")
}
fn definition(kind: Kind) -> &'static TypeDef {
    match kind {
        Kind::TypeVar => &TYPE_VAR,
        Kind::ParamSpec => &PARAM_SPEC,
        Kind::TypeVarTuple => &TYPE_VAR_TUPLE,
    }
}
fn blank(name: &Value, kind: Kind) -> TypeParam {
    TypeParam {
        name: name.clone(),
        bound: Value::NULL,
        evaluate_bound: Value::NULL,
        constraints: Value::NULL,
        evaluate_constraints: Value::NULL,
        default: Value::NULL,
        evaluate_default: Value::NULL,
        kind,
        variance: Variance::default(),
    }
}

/// A parameter of the new syntax: `evaluate` gives its bound or constraints, or is absent.
pub(super) fn make(vm: &mut Vm, kind: Kind, name: &Value, evaluate: Value, constraints: bool) -> PyResult {
    let mut body = blank(name, kind);
    body.variance.infer = kind != Kind::TypeVarTuple;
    if constraints {
        body.evaluate_constraints = evaluate;
    } else {
        body.evaluate_bound = evaluate;
    }
    Ok(vm.new_native(definition(kind), body))
}

/// `[T = default]`
pub(super) fn set_default(vm: &mut Vm, args: &[Value]) -> PyResult {
    if let Some(p) = args[0].borrow_mut::<TypeParam>(vm) {
        p.evaluate_default = args[1].clone();
    }
    Ok(args[0].clone())
}

fn type_check(vm: &mut Vm, v: &Value, msg: &str) -> PyResult {
    // None stands for its type
    let msg = vm.new_str(msg);
    call_typing(vm, "_type_check", &[v.clone(), msg])
}
fn must_be_str(vm: &mut Vm, name: &Value, what: &str) -> PyResult<()> {
    if name.is_a::<Str>() {
        return Ok(());
    }
    let got = vm.type_name(name);
    Err(vm.type_error(format!("{what}() argument 'name' must be str, not {got}")))
}
fn variance(vm: &mut Vm, args: &[Value]) -> PyResult<Variance> {
    let v = Variance { covariant: vm.truthy(&args[0])?, contravariant: vm.truthy(&args[1])?, infer: vm.truthy(&args[2])? };
    if v.covariant && v.contravariant {
        return Err(vm.value_error("Bivariant types are not supported."));
    }
    if v.infer && (v.covariant || v.contravariant) {
        return Err(vm.value_error("Variance cannot be specified with infer_variance."));
    }
    Ok(v)
}
/// An argument whose default is "none given".
fn given_default(vm: &mut Vm, v: &Value) -> Value {
    let none = no_default(vm);
    if v.is(&none) { Value::NULL } else { v.clone() }
}

fn type_var_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, name, constraints, bound, default, rest @ ..] = args else { unreachable!("bound") };
    must_be_str(vm, name, "typevar")?;
    let mut body = blank(name, Kind::TypeVar);
    body.variance = variance(vm, rest)?;
    if !bound.is_none() {
        body.bound = type_check(vm, bound, "Bound must be a type.")?;
    }
    match constraints.get::<Tuple>().map_or(0, |t| t.items().len()) {
        0 => {}
        1 => return Err(vm.type_error("A single constraint is not allowed")),
        _ if !body.bound.is_null() => return Err(vm.type_error("Constraints cannot be combined with bound=...")),
        _ => body.constraints = constraints.clone(),
    }
    body.default = given_default(vm, default);
    finish(vm, cls, body)
}
fn param_spec_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, name, bound, default, rest @ ..] = args else { unreachable!("bound") };
    must_be_str(vm, name, "paramspec")?;
    let mut body = blank(name, Kind::ParamSpec);
    body.variance = variance(vm, rest)?;
    if !bound.is_none() {
        body.bound = type_check(vm, bound, "Bound must be a type.")?;
    }
    body.default = given_default(vm, default);
    finish(vm, cls, body)
}
fn type_var_tuple_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    must_be_str(vm, &args[1], "typevartuple")?;
    let mut body = blank(&args[1], Kind::TypeVarTuple);
    body.default = given_default(vm, &args[2]);
    finish(vm, &args[0], body)
}
fn finish(vm: &mut Vm, cls: &Value, body: TypeParam) -> PyResult {
    let p = vm.new_of(cls, body);
    let module = caller_module(vm);
    set_module(vm, &p, module);
    Ok(p)
}

// --- attributes -------------------------------------------------------------------------------------------------------

/// A lazy field: its value if it is known, else evaluated once, else what stands for nothing.
fn lazy(vm: &mut Vm, v: &Value, field: fn(&mut TypeParam) -> (&mut Value, &Value), nothing: Value) -> PyResult {
    let p = v.borrow_mut::<TypeParam>(vm).expect("a type parameter");
    let (value, f) = field(p);
    if !value.is_null() {
        return Ok(value.clone());
    }
    if f.is_null() {
        return Ok(nothing);
    }
    let f = f.clone();
    let made = evaluate(vm, &f)?;
    let p = v.borrow_mut::<TypeParam>(vm).expect("a type parameter");
    *field(p).0 = made.clone();
    Ok(made)
}
fn get_bound(vm: &mut Vm, v: &Value) -> PyResult {
    lazy(vm, v, |p| (&mut p.bound, &p.evaluate_bound), Value::NONE)
}
fn get_constraints(vm: &mut Vm, v: &Value) -> PyResult {
    let empty = vm.new_tuple(vec![]);
    lazy(vm, v, |p| (&mut p.constraints, &p.evaluate_constraints), empty)
}
fn get_default(vm: &mut Vm, v: &Value) -> PyResult {
    let none = no_default(vm);
    lazy(vm, v, |p| (&mut p.default, &p.evaluate_default), none)
}
/// The function behind a lazy field; a value given at once is dressed as one.
fn evaluator(vm: &mut Vm, f: Value, value: Value) -> PyResult {
    Ok(match (f.is_null(), value.is_null()) {
        (false, _) => f,
        (true, false) => const_evaluator(vm, &value),
        (true, true) => Value::NONE,
    })
}
fn get_evaluate_bound(vm: &mut Vm, v: &Value) -> PyResult {
    let p = param(vm, v);
    let (f, value) = (p.evaluate_bound.clone(), p.bound.clone());
    evaluator(vm, f, value)
}
fn get_evaluate_constraints(vm: &mut Vm, v: &Value) -> PyResult {
    let p = param(vm, v);
    let (f, value) = (p.evaluate_constraints.clone(), p.constraints.clone());
    evaluator(vm, f, value)
}
fn get_evaluate_default(vm: &mut Vm, v: &Value) -> PyResult {
    let p = param(vm, v);
    let (f, value) = (p.evaluate_default.clone(), p.default.clone());
    evaluator(vm, f, value)
}
fn get_name(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(param(vm, v).name.clone())
}
fn get_covariant(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(param(vm, v).variance.covariant))
}
fn get_contravariant(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(param(vm, v).variance.contravariant))
}
fn get_infer(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(param(vm, v).variance.infer))
}

// --- methods ----------------------------------------------------------------------------------------------------------

fn has_default(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = param(vm, &args[0]);
    Ok(Value::bool(!p.default.is_null() || !p.evaluate_default.is_null()))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = param(vm, &args[0]);
    let mark = match p.variance {
        _ if p.kind == Kind::TypeVarTuple => "",
        Variance { infer: true, .. } => "",
        Variance { covariant: true, .. } => "+",
        Variance { contravariant: true, .. } => "-",
        _ => "~",
    };
    let text = format!("{mark}{}", vm.text(&p.name));
    Ok(vm.new_str(text))
}
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    get_name(vm, &args[0])
}
fn or(vm: &mut Vm, args: &[Value]) -> PyResult {
    union_of(vm, &args[0], &args[1])
}
fn ror(vm: &mut Vm, args: &[Value]) -> PyResult {
    union_of(vm, &args[1], &args[0])
}
fn mro_entries(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.short_type_name(&args[0]);
    Err(vm.type_error(format!("Cannot subclass an instance of {name}")))
}
fn type_var_subst(vm: &mut Vm, args: &[Value]) -> PyResult {
    call_typing(vm, "_typevar_subst", args)
}
fn param_spec_subst(vm: &mut Vm, args: &[Value]) -> PyResult {
    call_typing(vm, "_paramspec_subst", args)
}
fn param_spec_prepare(vm: &mut Vm, args: &[Value]) -> PyResult {
    call_typing(vm, "_paramspec_prepare_subst", args)
}
fn tuple_subst(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("Substitution of bare TypeVarTuple is not supported"))
}
fn tuple_prepare(vm: &mut Vm, args: &[Value]) -> PyResult {
    call_typing(vm, "_typevartuple_prepare_subst", args)
}
/// Arguments that run out at this variable are filled up with its default.
fn type_var_prepare(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [this, alias, given] = args else { unreachable!("bound") };
    let params = vm.attr(alias, "__parameters__")?;
    let params = vm.collect(&params)?;
    let index = params.iter().position(|p| p.is(this)).unwrap_or(params.len());
    let mut items = vm.collect(given)?;
    if index < items.len() {
        return Ok(given.clone());
    }
    let default = get_default(vm, this)?;
    if index > items.len() || default.is(&no_default(vm)) {
        let text = vm.str_text(alias)?;
        let tuple = vm.native_type(&TYPE_VAR_TUPLE);
        let open = params.iter().any(|p| p.type_of(vm).is(&tuple));
        let (least, want) = if open { ("at least ", params.len() - 1) } else { ("", params.len()) };
        return Err(vm.type_error(format!("Too few arguments for {text}; actual {}, expected {least}{want}", items.len())));
    }
    items.push(default);
    Ok(if given.is_a::<List>() { vm.new_list(items) } else { vm.new_tuple(items) })
}
fn tuple_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let typing = vm.import("typing")?;
    let unpack = vm.attr(&typing, "Unpack")?;
    let item = vm.get_item(&unpack, &args[0])?;
    let one = vm.new_tuple(vec![item]);
    vm.iter(&one)
}

const DEFAULT_ATTRS: [GetSet; 3] = [getter("__name__", get_name), getter("__default__", get_default), getter("evaluate_default", get_evaluate_default)];

/// `typing.TypeVar`
pub(super) static TYPE_VAR: TypeDef = TypeDef::new("typing.TypeVar", attr_layout::<TypeParam>())
    .flags(flags::HAS_DICT)
    .doc("Type variable.")
    .methods(&[
        static_method("__new__(cls, name, *constraints, bound=None, default=NULL, covariant=False, contravariant=False, infer_variance=False)", type_var_new),
        method("__repr__(self, /)", repr),
        method("__reduce__(self, /)", reduce),
        method("__or__(self, value, /)", or),
        method("__ror__(self, value, /)", ror),
        method("__mro_entries__(self, bases, /)", mro_entries),
        method("__typing_subst__(self, arg, /)", type_var_subst),
        method("__typing_prepare_subst__(self, alias, args, /)", type_var_prepare),
        method("has_default(self, /)", has_default),
    ])
    .getset(&[
        DEFAULT_ATTRS[0],
        DEFAULT_ATTRS[1],
        DEFAULT_ATTRS[2],
        getter("__bound__", get_bound),
        getter("__constraints__", get_constraints),
        getter("__covariant__", get_covariant),
        getter("__contravariant__", get_contravariant),
        getter("__infer_variance__", get_infer),
        getter("evaluate_bound", get_evaluate_bound),
        getter("evaluate_constraints", get_evaluate_constraints),
    ]);

/// `typing.ParamSpec`
pub(super) static PARAM_SPEC: TypeDef = TypeDef::new("typing.ParamSpec", attr_layout::<TypeParam>())
    .flags(flags::HAS_DICT)
    .doc("Parameter specification.")
    .methods(&[
        static_method("__new__(cls, name, *, bound=None, default=NULL, covariant=False, contravariant=False, infer_variance=False)", param_spec_new),
        method("__repr__(self, /)", repr),
        method("__reduce__(self, /)", reduce),
        method("__or__(self, value, /)", or),
        method("__ror__(self, value, /)", ror),
        method("__mro_entries__(self, bases, /)", mro_entries),
        method("__typing_subst__(self, arg, /)", param_spec_subst),
        method("__typing_prepare_subst__(self, alias, args, /)", param_spec_prepare),
        method("has_default(self, /)", has_default),
    ])
    .getset(&[
        DEFAULT_ATTRS[0],
        DEFAULT_ATTRS[1],
        DEFAULT_ATTRS[2],
        getter("__bound__", get_bound),
        getter("__covariant__", get_covariant),
        getter("__contravariant__", get_contravariant),
        getter("__infer_variance__", get_infer),
        getter("args", |vm, v| Ok(vm.new_native(&PARAM_SPEC_ARGS, Part { origin: v.clone(), name: "args" }))),
        getter("kwargs", |vm, v| Ok(vm.new_native(&PARAM_SPEC_KWARGS, Part { origin: v.clone(), name: "kwargs" }))),
    ]);

/// `typing.TypeVarTuple`
pub(super) static TYPE_VAR_TUPLE: TypeDef = TypeDef::new("typing.TypeVarTuple", attr_layout::<TypeParam>())
    .flags(flags::HAS_DICT)
    .doc("Type variable tuple.")
    .methods(&[
        static_method("__new__(cls, name, *, default=NULL)", type_var_tuple_new),
        method("__repr__(self, /)", repr),
        method("__reduce__(self, /)", reduce),
        method("__iter__(self, /)", tuple_iter),
        method("__mro_entries__(self, bases, /)", mro_entries),
        method("__typing_subst__(self, arg, /)", tuple_subst),
        method("__typing_prepare_subst__(self, alias, args, /)", tuple_prepare),
        method("has_default(self, /)", has_default),
    ])
    .getset(&DEFAULT_ATTRS);

// --- P.args and P.kwargs ------------------------------------------------------------------------------------------------

struct Part {
    origin: Value,
    name: &'static str,
}
payload!(Part { one: [origin], many: [], plain: [name] });
impl Immutable for Part {}

fn part(v: &Value) -> &Part {
    v.get::<Part>().expect("args or kwargs of a ParamSpec")
}
fn part_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = part(&args[0]);
    let name = match vm.attr_opt(&p.origin, "__name__")? {
        Some(n) if p.origin.is_a::<TypeParam>() => vm.str_text(&n)?,
        _ => vm.repr_text(&p.origin)?,
    };
    Ok(vm.new_str(format!("{name}.{}", p.name)))
}
fn part_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    match args[1].get::<Part>() {
        Some(b) if b.name == part(&args[0]).name => Ok(Value::bool(vm.eq(&part(&args[0]).origin, &b.origin)?)),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn part_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let h = vm.hash(&part(&args[0]).origin)?;
    Ok(vm.new_int(h))
}
fn part_origin(_: &mut Vm, v: &Value) -> PyResult {
    Ok(part(v).origin.clone())
}

macro_rules! part_type {
    ($full:literal, $name:literal) => {
        TypeDef::new($full, layout_of::<Part>())
            .methods(&[
                static_method("__new__(cls, origin)", |vm, a| Ok(vm.new_of(&a[0], Part { origin: a[1].clone(), name: $name }))),
                method("__repr__(self, /)", part_repr),
                method("__eq__(self, value, /)", part_eq),
                method("__hash__(self, /)", part_hash),
                method("__mro_entries__(self, bases, /)", mro_entries),
            ])
            .getset(&[getter("__origin__", part_origin)])
    };
}
/// `P.args`
pub(super) static PARAM_SPEC_ARGS: TypeDef = part_type!("typing.ParamSpecArgs", "args");
/// `P.kwargs`
pub(super) static PARAM_SPEC_KWARGS: TypeDef = part_type!("typing.ParamSpecKwargs", "kwargs");
