//! `itertools`: all of CPython 3.12's iterators (`Modules/itertoolsmodule.c`). Each is a type; the state of one is a part of the heap that
//! threads can share, so each step is a write in the footprint.

mod combine;
mod endless;
mod group;
mod join;
mod select;

use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    const FUNCTIONS: &[NativeDef] = &[function("tee(iterable, n=2, /)", group::tee).doc("Returns a tuple of n independent iterators.")];
    let m = vm.new_module("itertools", "Functional tools for creating and using iterators.", FUNCTIONS);
    let types: [&[&'static TypeDef]; 5] = [combine::TYPES, endless::TYPES, group::TYPES, join::TYPES, select::TYPES];
    for def in types.into_iter().flatten() {
        vm.module_add_type(&m, def);
    }
    Ok(m)
}

/// The declaration of one of the module's types.
const fn iterator<P: Payload>(name: &'static str, methods: &'static [NativeDef], doc: &'static str) -> TypeDef {
    TypeDef::new(name, layout_of::<P>()).flags(flags::BASE).methods(methods).doc(doc)
}

/// The state of an iterator, to be read; the step that follows writes it.
fn state<'a, P: Payload>(vm: &'a mut Vm, this: &'a Value) -> &'a mut P {
    vm.touch_write(this, Part::Whole);
    this.borrow_mut::<P>(vm).expect("the binding has checked the type")
}
