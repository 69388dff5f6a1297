//! `_multiprocessing.Block`: memory that processes share.

use super::transit;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::sync::shared_bytes::SharedBytes;
use gilbert_vm::types::buffer::{Buffer, Memory, MemoryMut};
use gilbert_vm::types::native::{class_method, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::OsError;
use std::sync::{Arc, Weak};

/// The memory.
pub struct Block {
    /// Its number in the machine.
    pub id: u64,
    bytes: SharedBytes,
}

/// The payload: one process's hold of it.
pub struct SharedBlock(Arc<Block>);

impl Payload for SharedBlock {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> SharedBlock {
        SharedBlock(Arc::clone(&self.0))
    }
    fn outside(&self) -> usize {
        self.0.bytes.len()
    }
    fn buffer(&self) -> Option<Buffer<'_>> {
        Some(Buffer { memory: Memory::Shared(&self.0.bytes), format: "B", itemsize: 1, readonly: false })
    }
    fn buffer_mut(&mut self) -> Option<MemoryMut<'_>> {
        Some(MemoryMut::Shared(&self.0.bytes))
    }
}

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a SharedBlock {
    v.borrow::<SharedBlock>(vm).expect("a native's own instance")
}
fn allocate(vm: &mut Vm, size: &Value) -> PyResult<Arc<Block>> {
    let Ok(size) = usize::try_from(vm.to_isize(size)?) else { return Err(vm.value_error("Size {0:n} out of range")) };
    let Some(bytes) = SharedBytes::zeros(size) else { return Err(vm.memory_error()) };
    Ok(transit::with(vm, |t| {
        let block = Arc::new(Block { id: t.number(), bytes });
        t.enter(&block);
        block
    }))
}
fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let block = allocate(vm, &a[1])?;
    Ok(vm.new_of(&a[0], SharedBlock(block)))
}
fn missing(vm: &mut Vm, name: Option<&Value>) -> Raised {
    vm.os_error(OsError::new(libc::ENOENT), name)
}
/// `_rebuild(id)`: the same memory in another process.
fn rebuild(vm: &mut Vm, a: &[Value]) -> PyResult {
    let id = vm.to_i64(&a[1])? as u64;
    match transit::with(vm, |t| t.blocks.get(&id).and_then(Weak::upgrade)) {
        Some(block) => Ok(vm.new_of(&a[0], SharedBlock(block))),
        None => Err(missing(vm, None)),
    }
}

/// `shm_create(name, size)`; FileExistsError.
pub fn create(vm: &mut Vm, a: &[Value]) -> PyResult {
    let name = vm.expect_str(&a[0], "name")?;
    if transit::with(vm, |t| t.named.contains_key(&name)) {
        return Err(vm.os_error(OsError::new(libc::EEXIST), Some(&a[0])));
    }
    let block = allocate(vm, &a[1])?;
    transit::with(vm, |t| t.named.insert(name, Arc::clone(&block)));
    Ok(vm.new_native(&DEF, SharedBlock(block)))
}
/// `shm_open(name)`; FileNotFoundError.
pub fn open(vm: &mut Vm, a: &[Value]) -> PyResult {
    let name = vm.expect_str(&a[0], "name")?;
    match transit::with(vm, |t| t.named.get(&name).cloned()) {
        Some(block) => Ok(vm.new_native(&DEF, SharedBlock(block))),
        None => Err(missing(vm, Some(&a[0]))),
    }
}
/// `shm_unlink(name)`; FileNotFoundError.
pub fn unlink(vm: &mut Vm, a: &[Value]) -> PyResult {
    let name = vm.expect_str(&a[0], "name")?;
    match transit::with(vm, |t| t.named.remove(&name)) {
        Some(_) => Ok(Value::NONE),
        None => Err(missing(vm, Some(&a[0]))),
    }
}

/// `_multiprocessing.Block`
pub static DEF: TypeDef = TypeDef::new("_multiprocessing.Block", layout_of::<SharedBlock>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, size, /)", new),
        class_method("_rebuild(cls, id, /)", rebuild),
        method("__len__(self, /)", |vm, a| Ok(Value::small_wrap(this(vm, &a[0]).0.bytes.len() as i64))),
        method("__reduce__(self, /)", |vm, _| Err(vm.err(Exc::TypeError, "cannot pickle '_multiprocessing.Block' object"))),
    ])
    .getset(&[getter("id", |vm, v| {
        let id = this(vm, v).0.id;
        Ok(vm.new_uint(id))
    })])
    .doc("Memory that processes share.");
