//! What processes of a machine find by number or name: open files on their way from one to another, shared memory, listeners.

use super::block::Block;
use super::listener::Backlog;
use crate::posix::fds;
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Handle, OsError};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// The machine's table.
#[derive(Default)]
pub struct Transit(Mutex<Table>);

/// See [`Transit`].
#[derive(Default)]
pub struct Table {
    last: u64,
    /// Open files that somebody has given and nobody taken.
    files: HashMap<u64, Handle>,
    /// Memory without a name, as long as some process has it.
    pub blocks: HashMap<u64, Weak<Block>>,
    tidy_at: usize,
    /// Memory with a name, until it is unlinked.
    pub named: HashMap<String, Arc<Block>>,
    /// Listeners by address.
    pub listeners: HashMap<String, Weak<Backlog>>,
}

impl Table {
    /// A number that no entry has had.
    pub fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
    /// Enters memory under its number.
    pub fn enter(&mut self, block: &Arc<Block>) {
        if self.blocks.len() >= self.tidy_at {
            self.blocks.retain(|_, b| b.strong_count() > 0);
            self.tidy_at = self.blocks.len() * 2 + 64;
        }
        self.blocks.insert(block.id, Arc::downgrade(block));
    }
}

/// Calls `f` with the machine's table.
pub fn with<R>(vm: &Vm, f: impl FnOnce(&mut Table) -> R) -> R {
    let table = vm.iso().world.shelf().get::<Transit>();
    let mut table = table.0.lock();
    f(&mut table)
}

/// `give(fd)`: puts the open file where another process can take it; the number to take it by.
pub fn give(vm: &mut Vm, a: &[Value]) -> PyResult {
    let file = fds::handle(vm, &a[0])?;
    let id = with(vm, |t| {
        let id = t.number();
        t.files.insert(id, file);
        id
    });
    Ok(vm.new_uint(id))
}
/// `take(number)`: the open file as a descriptor of this process. Works once.
pub fn take(vm: &mut Vm, a: &[Value]) -> PyResult {
    let id = vm.to_i64(&a[0])? as u64;
    match with(vm, |t| t.files.remove(&id)) {
        Some(file) => Ok(Value::i32(fds::enter(vm, file, libc::O_RDWR)?)),
        None => Err(vm.os_error(OsError::new(libc::ENOENT), None)),
    }
}
