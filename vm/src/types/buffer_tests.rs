//! Tests of the buffer protocol as natives use it, with a type whose bytes are shared between processes.

use crate::error::Exc;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::sync::shared_bytes::SharedBytes;
use crate::thread::with_vm;
use crate::types::buffer::{Buffer, Memory, MemoryMut};
use crate::value::Value;
use crate::vm::Vm;
use std::sync::Arc;

/// Bytes as shared memory has them: atomic, never lent as a slice.
struct Shared(Arc<SharedBytes>);

impl Payload for Shared {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Shared {
        Shared(self.0.clone())
    }
    fn buffer(&self) -> Option<Buffer<'_>> {
        Some(Buffer { memory: Memory::Shared(&self.0), format: "H", itemsize: 2, readonly: false })
    }
    fn buffer_mut(&mut self) -> Option<MemoryMut<'_>> {
        Some(MemoryMut::Shared(&self.0))
    }
}

static SHARED: TypeDef = TypeDef::new("test.shared", layout_of::<Shared>());

fn shared(vm: &mut Vm, bytes: &[u8]) -> Value {
    vm.new_native(&SHARED, Shared(Arc::new(SharedBytes::from(bytes))))
}

fn list_text(vm: &mut Vm, view: &Value) -> String {
    let list = vm.call_method(view, "tolist", &[]).unwrap();
    vm.repr_text(&list).unwrap()
}

#[test]
fn natives_read_and_write_any_buffer() {
    with_vm(|vm| {
        let objects = [vm.new_bytearray(b"abcd".to_vec()), shared(vm, b"abcd")];
        for v in objects {
            assert!(vm.is_buffer(&v));
            assert_eq!(vm.buffer_bytes(&v).unwrap(), b"abcd");
            vm.with_buffer_mut(&v, |b| b[1] = b'X').unwrap();
            assert_eq!(vm.with_buffer(&v, <[u8]>::to_vec).unwrap(), b"aXcd");
            assert_eq!(vm.buffer_len(&v).unwrap(), 4);
        }
        let b = vm.new_bytes(b"ro".to_vec());
        let e = vm.with_buffer_mut(&b, |_| ()).unwrap_err();
        assert!(vm.is_exc(&e, Exc::TypeError));
        let s = vm.new_str("text");
        assert!(!vm.is_buffer(&s) && !vm.is_buffer(&Value::i32(3)));
        let e = vm.buffer_bytes(&s).unwrap_err();
        assert_eq!(vm.str_text(&e.0).unwrap(), "a bytes-like object is required, not 'str'");
    });
}

#[test]
fn views_upon_shared_memory_see_its_items() {
    with_vm(|vm| {
        let v = shared(vm, &[1, 0, 2, 0, 3, 1]);
        let view = vm.new_memoryview(&v).unwrap();
        assert_eq!(list_text(vm, &view), "[1, 2, 259]");
        vm.set_item(&view, &Value::i32(0), Value::i32(515)).unwrap();
        assert_eq!(vm.buffer_bytes(&v).unwrap(), [3, 2, 2, 0, 3, 1]);
        let back = vm.new_slice(Value::NONE, Value::NONE, Value::i32(-1));
        let reversed = vm.get_item(&view, &back).unwrap();
        assert_eq!(list_text(vm, &reversed), "[259, 2, 515]");
        vm.with_buffer_mut(&reversed, |b| b.fill(1)).unwrap();
        assert_eq!(vm.buffer_bytes(&v).unwrap(), [1; 6]);
    });
}

#[test]
fn a_bytearray_is_locked_exactly_while_views_live() {
    with_vm(|vm| {
        let v = vm.new_bytearray(b"abc".to_vec());
        let first = vm.new_memoryview(&v).unwrap();
        let second = vm.new_memoryview(&first).unwrap();
        drop(first);
        let e = vm.call_method(&v, "append", &[Value::i32(1)]).unwrap_err();
        assert!(vm.is_exc(&e, Exc::BufferError));
        vm.call_method(&second, "release", &[]).unwrap();
        vm.call_method(&v, "append", &[Value::i32(1)]).unwrap();
        // a released view does not count down again when it is dropped
        drop(second);
        let third = vm.new_memoryview(&v).unwrap();
        assert!(vm.call_method(&v, "clear", &[]).is_err());
        drop(third);
        vm.call_method(&v, "clear", &[]).unwrap();
    });
}
