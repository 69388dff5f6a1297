//! The attributes of named tuples.

use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{getset, method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct TupleGetter {
    index: usize,
    doc: Value,
}
payload!(TupleGetter { one: [doc], many: [], plain: [index] });

/// `collections._tuplegetter`
pub static TUPLE_GETTER: TypeDef = TypeDef::new("collections._tuplegetter", layout_of::<TupleGetter>())
    .methods(&[
        static_method("__new__(cls, index, doc, /)", |vm, a| {
            let index = vm.to_usize(&a[1])?;
            Ok(vm.new_of(&a[0], TupleGetter { index, doc: a[2].clone() }))
        }),
        method("__get__(self, instance, owner=None, /)", get),
        method("__set__(self, instance, value, /)", |vm, _| Err(vm.err(Exc::AttributeError, "can't set attribute"))),
        method("__delete__(self, instance, /)", |vm, _| Err(vm.err(Exc::AttributeError, "can't delete attribute"))),
        method("__reduce__(self, /)", reduce),
        method("__repr__(self, /)", repr),
    ])
    .getset(&[getset("__doc__", |vm, v| Ok(this(vm, v).doc.clone()), set_doc)]);

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a TupleGetter {
    v.borrow::<TupleGetter>(vm).expect("a tuplegetter")
}
fn get(vm: &mut Vm, args: &[Value]) -> PyResult {
    let index = this(vm, &args[0]).index;
    if let Some(t) = args[1].get::<Tuple>() {
        return t.items().get(index).cloned().ok_or_else(|| vm.err(Exc::IndexError, "tuple index out of range"));
    }
    if args[1].is_none() {
        return Ok(args[0].clone());
    }
    let name = vm.type_name(&args[1]);
    Err(vm.type_error(format!("descriptor for index '{index}' for tuple subclasses doesn't apply to '{name}' object")))
}
fn set_doc(vm: &mut Vm, v: &Value, doc: Value) -> PyResult<()> {
    let doc = if doc.is_null() { Value::NONE } else { doc };
    let old = std::mem::replace(&mut v.borrow_mut::<TupleGetter>(vm).expect("a tuplegetter").doc, doc);
    drop(old);
    Ok(())
}
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (index, doc) = (this(vm, &args[0]).index, this(vm, &args[0]).doc.clone());
    let ty = args[0].type_of(vm).clone();
    let parts = vm.new_tuple(vec![Value::small_wrap(index as i64), doc]);
    Ok(vm.new_tuple(vec![ty, parts]))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (index, doc) = (this(vm, &args[0]).index, this(vm, &args[0]).doc.clone());
    let doc = vm.repr_text(&doc)?;
    Ok(vm.new_str(format!("_tuplegetter({index}, {doc})")))
}
