//! Bytes that wait to be written. Those of standard output are kept where the end of a run finds them, however it ends.

use gilbert_vm::isolate::Exit;
use gilbert_vm::object::Cloner;
use std::sync::Arc;

/// Which of standard output's two buffers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// The BufferedWriter's.
    Bytes,
    /// The TextIOWrapper's above it.
    Text,
}

/// See the module's page.
pub enum Store {
    /// A stream's own.
    Own(Vec<u8>),
    /// Standard output's.
    Exit(Arc<Exit>, Slot),
}

impl Default for Store {
    fn default() -> Store {
        Store::Own(Vec::new())
    }
}

impl Store {
    /// A fork copies what waits; standard output's is kept where the end of the child finds it.
    pub fn clone_in(&self, c: &Cloner) -> Store {
        if let Store::Exit(exit, slot) = self
            && c.same_process()
        {
            return Store::Exit(exit.clone(), *slot);
        }
        let waiting = self.with_ref(Vec::clone);
        match (self, c.exit()) {
            (Store::Exit(_, slot), Some(exit)) => {
                exit.with_unwritten(*slot as usize, |v| *v = waiting);
                Store::Exit(exit, *slot)
            }
            _ => Store::Own(waiting),
        }
    }
    /// Calls `f` with the bytes.
    pub fn with<R>(&mut self, f: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        match self {
            Store::Own(v) => f(v),
            Store::Exit(e, slot) => e.with_unwritten(*slot as usize, f),
        }
    }
    fn with_ref<R>(&self, f: impl FnOnce(&Vec<u8>) -> R) -> R {
        match self {
            Store::Own(v) => f(v),
            Store::Exit(e, slot) => e.with_unwritten(*slot as usize, |v| f(v)),
        }
    }
    /// How many bytes wait.
    pub fn len(&self) -> usize {
        self.with_ref(Vec::len)
    }
    /// None?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Takes them all.
    pub fn take(&mut self) -> Vec<u8> {
        self.with(std::mem::take)
    }
    /// Adds bytes at the end.
    pub fn push(&mut self, bytes: &[u8]) {
        self.with(|v| v.extend_from_slice(bytes));
    }
    /// Puts bytes back before what has come since.
    pub fn put_back(&mut self, mut bytes: Vec<u8>) {
        self.with(|v| {
            bytes.append(v);
            *v = bytes;
        });
    }
}
