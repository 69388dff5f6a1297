//! `PickleBuffer`: bytes that may travel outside the pickle (PEP 574).

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `PickleBuffer`: a memoryview, None once released.
pub struct PickleBuffer {
    view: Value,
}
crate::payload::payload!(PickleBuffer { one: [view], many: [], plain: [] });

/// `pickle.PickleBuffer`
pub static PICKLE_BUFFER: TypeDef =
    TypeDef::new("pickle.PickleBuffer", layout_of::<PickleBuffer>()).doc("Wrapper for potentially out-of-band buffers").methods(&[
        static_method("__new__(cls, object, /)", |vm, a| {
            let view = vm.new_memoryview(&a[1])?;
            Ok(vm.new_of(&a[0], PickleBuffer { view }))
        }),
        method("raw(self, /)", |vm, a| {
            let view = view_of(vm, &a[0])?;
            if vm.attr(&view, "contiguous")?.is_false() {
                return Err(vm.err(Exc::BufferError, "cannot extract raw buffer from non-contiguous buffer"));
            }
            let bytes = vm.new_str("B");
            vm.call_method(&view, "cast", &[bytes])
        })
        .doc("Return a memoryview of the raw memory underlying this buffer."),
        method("release(self, /)", |vm, a| {
            let view = a[0].borrow::<PickleBuffer>(vm).expect("a PickleBuffer").view.clone();
            if !view.is_none() {
                vm.call_method(&view, "release", &[])?;
                a[0].borrow_mut::<PickleBuffer>(vm).expect("a PickleBuffer").view = Value::NONE;
            }
            Ok(Value::NONE)
        })
        .doc("Release the underlying buffer exposed by the PickleBuffer object."),
        method("__buffer__(self, flags, /)", |vm, a| {
            let view = view_of(vm, &a[0])?;
            gilbert_vm::types::memoryview::of_flags(vm, &view, &a[1])
        }),
    ]);

/// The view, unless it was released.
pub fn view_of(vm: &mut Vm, v: &Value) -> PyResult {
    match v.borrow::<PickleBuffer>(vm) {
        Some(b) if !b.view.is_none() => Ok(b.view.clone()),
        _ => Err(vm.value_error("operation forbidden on released PickleBuffer object")),
    }
}
