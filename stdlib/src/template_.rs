//! `_template`: what t-strings make (PEP 750). `string.templatelib` takes the two types from a t-string.

use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::types::generic_alias::class_getitem;
use gilbert_vm::types::native::{NativeDef, class_method, function, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    function("_make_template(strings, interpolations, /)", |vm, a| {
        Ok(vm.new_native(&TEMPLATE, Template { strings: a[0].clone(), interpolations: a[1].clone() }))
    }),
    function("_make_interpolation(value, text, conversion, format_spec, /)", |vm, a| {
        Ok(vm.new_native(&INTERPOLATION, Interpolation { value: a[0].clone(), text: a[1].clone(), conversion: a[2].clone(), spec: a[3].clone() }))
    }),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_template", "", FUNCTIONS);
    let fields = ["value", "expression", "conversion", "format_spec"].map(|n| vm.intern(n)).to_vec();
    let (ty, fields) = (vm.native_type(&INTERPOLATION), vm.new_tuple(fields));
    vm.native_type_set(&ty, "__match_args__", fields);
    vm.native_type(&TEMPLATE);
    Ok(m)
}

struct Template {
    /// A tuple, one longer than the other.
    strings: Value,
    interpolations: Value,
}
payload!(Template { one: [strings, interpolations], many: [], plain: [] });
impl Immutable for Template {}

struct Interpolation {
    value: Value,
    text: Value,
    conversion: Value,
    spec: Value,
}
payload!(Interpolation { one: [value, text, conversion, spec], many: [], plain: [] });
impl Immutable for Interpolation {}

fn items(v: &Value) -> Vec<Value> {
    v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default()
}
fn template(v: &Value) -> &Template {
    v.get::<Template>().expect("a template")
}
fn interpolation(v: &Value) -> &Interpolation {
    v.get::<Interpolation>().expect("an interpolation")
}

/// Texts that follow each other become one; between two interpolations stands an empty one.
fn build(vm: &mut Vm, cls: &Value, parts: &[Value]) -> PyResult {
    let (mut strings, mut fields) = (vec![String::new()], Vec::new());
    for p in parts {
        if p.is_a::<Str>() {
            let text = vm.text(p);
            strings.last_mut().expect("never empty").push_str(&text);
        } else if p.is_a::<Interpolation>() {
            fields.push(p.clone());
            strings.push(String::new());
        } else {
            let got = vm.type_name(p);
            return Err(vm.type_error(format!("Template.__new__ *args need to be of type 'str' or 'Interpolation', got {got}")));
        }
    }
    let strings = strings.into_iter().map(|s| vm.new_str(s)).collect();
    let (strings, interpolations) = (vm.new_tuple(strings), vm.new_tuple(fields));
    Ok(vm.new_of(cls, Template { strings, interpolations }))
}
/// Texts and interpolations in order; empty texts left out where `skip_empty`.
fn parts(vm: &mut Vm, v: &Value, skip_empty: bool) -> Vec<Value> {
    let (strings, mut fields) = (items(&template(v).strings), items(&template(v).interpolations).into_iter());
    let mut out = Vec::new();
    for s in strings {
        if !skip_empty || !vm.text(&s).is_empty() {
            out.push(s);
        }
        out.extend(fields.next());
    }
    out
}
fn template_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = template(&args[0]);
    let (a, b) = (vm.repr_text(&t.strings)?, vm.repr_text(&t.interpolations)?);
    Ok(vm.new_str(format!("Template(strings={a}, interpolations={b})")))
}
fn template_add(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[0].is_a::<Template>() || !args[1].is_a::<Template>() {
        let (a, b) = (vm.type_name(&args[0]), vm.type_name(&args[1]));
        return Err(vm.type_error(format!(
            "can only concatenate string.templatelib.Template (not \"{}\") to string.templatelib.Template",
            if args[0].is_a::<Template>() { b } else { a }
        )));
    }
    let mut all = parts(vm, &args[0], false);
    all.extend(parts(vm, &args[1], false));
    let cls = args[0].type_of(vm).clone();
    build(vm, &cls, &all)
}
fn template_values(vm: &mut Vm, v: &Value) -> PyResult {
    let values = items(&template(v).interpolations).iter().map(|i| interpolation(i).value.clone()).collect();
    Ok(vm.new_tuple(values))
}
fn template_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lib = vm.import("string.templatelib")?;
    let f = vm.attr(&lib, "_template_unpickle")?;
    let t = template(&args[0]);
    let both = vm.new_tuple(vec![t.strings.clone(), t.interpolations.clone()]);
    Ok(vm.new_tuple(vec![f, both]))
}

static TEMPLATE: TypeDef = TypeDef::new("string.templatelib.Template", layout_of::<Template>())
    .doc("Template object")
    .methods(&[
        static_method("__new__(cls, *strings)", |vm, a| {
            let parts = items(&a[1]);
            build(vm, &a[0], &parts)
        }),
        method("__repr__(self, /)", template_repr),
        method("__iter__(self, /)", |vm, a| {
            let all = parts(vm, &a[0], true);
            let list = vm.new_list(all);
            vm.iter(&list)
        }),
        method("__add__(self, value, /)", template_add),
        method("__radd__(self, value, /)", |vm, a| template_add(vm, &[a[1].clone(), a[0].clone()])),
        method("__reduce__(self, /)", template_reduce),
    ])
    .getset(&[
        getter("strings", |_, v| Ok(template(v).strings.clone())),
        getter("interpolations", |_, v| Ok(template(v).interpolations.clone())),
        getter("values", template_values),
    ]);

fn interpolation_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, value, text, conversion, spec] = args else { unreachable!("bound") };
    let known = conversion.is_none() || matches!(vm.text(conversion).as_str(), "s" | "r" | "a") && conversion.is_a::<Str>();
    if !known {
        return Err(if conversion.is_a::<Str>() {
            vm.value_error("Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'")
        } else {
            let got = vm.type_name(conversion);
            vm.type_error(format!("Interpolation() argument 'conversion' must be str, not {got}"))
        });
    }
    Ok(vm.new_of(cls, Interpolation { value: value.clone(), text: text.clone(), conversion: conversion.clone(), spec: spec.clone() }))
}
fn interpolation_fields(v: &Value) -> [Value; 4] {
    let i = interpolation(v);
    [i.value.clone(), i.text.clone(), i.conversion.clone(), i.spec.clone()]
}

static INTERPOLATION: TypeDef = TypeDef::new("string.templatelib.Interpolation", layout_of::<Interpolation>())
    .doc("Interpolation object")
    .methods(&[
        static_method("__new__(cls, value, expression='', conversion=None, format_spec='')", interpolation_new),
        class_method("__class_getitem__(cls, item, /)", class_getitem),
        method("__repr__(self, /)", |vm, a| {
            let mut texts = Vec::new();
            for f in interpolation_fields(&a[0]) {
                texts.push(vm.repr_text(&f)?);
            }
            Ok(vm.new_str(format!("Interpolation({})", texts.join(", "))))
        }),
        method("__reduce__(self, /)", |vm, a| {
            let ty = a[0].type_of(vm).clone();
            let fields = vm.new_tuple(interpolation_fields(&a[0]).to_vec());
            Ok(vm.new_tuple(vec![ty, fields]))
        }),
    ])
    .getset(&[
        getter("value", |_, v| Ok(interpolation(v).value.clone())),
        getter("expression", |_, v| Ok(interpolation(v).text.clone())),
        getter("conversion", |_, v| Ok(interpolation(v).conversion.clone())),
        getter("format_spec", |_, v| Ok(interpolation(v).spec.clone())),
    ]);
