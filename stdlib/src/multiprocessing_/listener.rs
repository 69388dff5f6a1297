//! Listeners within the machine: who knows the address gets a two-way pipe to whoever accepts.

use super::channel::{self, why};
use super::transit;
use crate::posix::fds;
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{File, FileStat, Handle, Interest, OsError, OsResult, Tid, Watcher, Watchers, World};
use parking_lot::Mutex;
use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;

/// Connections that nobody has accepted yet.
pub struct Backlog {
    most: usize,
    state: Mutex<State>,
    watchers: Watchers,
    world: Arc<dyn World>,
}

#[derive(Default)]
struct State {
    pending: VecDeque<Handle>,
    closed: bool,
    /// Who waits to accept, or for room.
    waiting: Vec<Tid>,
}

impl Backlog {
    /// Changes the state and wakes everybody who may be concerned; these are few.
    fn change<R>(&self, f: impl FnOnce(&mut State) -> R) -> R {
        let (result, all) = {
            let mut state = self.state.lock();
            let result = f(&mut state);
            (result, std::mem::take(&mut state.waiting))
        };
        all.into_iter().for_each(|tid| self.world.unpark(tid));
        self.watchers.wake(Interest::READ, &|tid| self.world.unpark(tid));
        result
    }
}

/// A listener's entry in descriptor tables.
struct Listening(Arc<Backlog>);

impl Drop for Listening {
    fn drop(&mut self) {
        // who has connected and was not accepted sees the end
        let left = self.0.change(|s| {
            s.closed = true;
            std::mem::take(&mut s.pending)
        });
        drop(left);
    }
}

fn backlog_of(vm: &mut Vm, fd: &Value) -> PyResult<Arc<Backlog>> {
    let file = fds::handle(vm, fd)?;
    match file.as_any().downcast_ref::<Listening>() {
        Some(l) => Ok(Arc::clone(&l.0)),
        None => Err(vm.os_error(OsError::new(libc::EINVAL), None)),
    }
}

/// `listen(address, backlog)`: a descriptor; EADDRINUSE.
pub fn listen(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (address, most) = (vm.expect_str(&a[0], "address")?, vm.arg_int(&a[1])?.max(1) as usize);
    let world = Arc::clone(&vm.iso().world);
    let backlog = Arc::new(Backlog { most, state: Mutex::default(), watchers: Watchers::default(), world });
    let taken = transit::with(vm, |t| {
        let taken = t.listeners.get(&address).is_some_and(|l| l.upgrade().is_some_and(|l| !l.state.lock().closed));
        if !taken {
            t.listeners.insert(address.clone(), Arc::downgrade(&backlog));
        }
        taken
    });
    if taken {
        return Err(vm.os_error(OsError::new(libc::EADDRINUSE), None));
    }
    Ok(Value::i32(fds::enter(vm, Arc::new(Listening(backlog)), libc::O_RDWR)?))
}
/// `unlisten(address)`: the address is free again.
pub fn unlisten(vm: &mut Vm, a: &[Value]) -> PyResult {
    let address = vm.expect_str(&a[0], "address")?;
    transit::with(vm, |t| t.listeners.remove(&address));
    Ok(Value::NONE)
}
/// `accept(fd)`: the descriptor of a connection.
pub fn accept(vm: &mut Vm, a: &[Value]) -> PyResult {
    loop {
        let backlog = backlog_of(vm, &a[0])?;
        let first = backlog.state.lock().pending.pop_front();
        if let Some(end) = first {
            // who waits for room in the backlog
            backlog.change(|_| ());
            return Ok(Value::i32(fds::enter(vm, end, libc::O_RDWR)?));
        }
        let me = vm.tid();
        let nothing = {
            let mut state = backlog.state.lock();
            state.waiting.push(me);
            state.pending.is_empty()
        };
        if nothing {
            vm.park(None, why("a connection from within the machine"))?;
        }
    }
}
/// `connect(address)`: the descriptor of a connection; FileNotFoundError, ConnectionRefusedError.
pub fn connect(vm: &mut Vm, a: &[Value]) -> PyResult {
    let address = vm.expect_str(&a[0], "address")?;
    loop {
        let found = transit::with(vm, |t| t.listeners.get(&address).cloned());
        let Some(found) = found else { return Err(vm.os_error(OsError::new(libc::ENOENT), None)) };
        let Some(backlog) = found.upgrade().filter(|b| !b.state.lock().closed) else {
            return Err(vm.os_error(OsError::new(libc::ECONNREFUSED), None));
        };
        let world = Arc::clone(&vm.iso().world);
        let (theirs, mine) = channel::duplex(&world);
        let me = vm.tid();
        let entered = {
            let mut state = backlog.state.lock();
            let room = state.pending.len() <= backlog.most;
            if !room {
                state.waiting.push(me);
            }
            room
        };
        if entered {
            backlog.change(|s| s.pending.push_back(theirs));
            return Ok(Value::i32(fds::enter(vm, mine, libc::O_RDWR)?));
        }
        drop(backlog);
        vm.park(None, why("room in a listener's backlog"))?;
    }
}

impl File for Listening {
    fn read(&self, _: Tid, _: &mut [u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EINVAL))
    }
    fn write(&self, _: Tid, _: &[u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EINVAL))
    }
    fn stat(&self) -> OsResult<FileStat> {
        Ok(FileStat { mode: libc::S_IFSOCK | 0o600, nlink: 1, blksize: 4096, ..FileStat::default() })
    }
    fn set_blocking(&self, _: bool) -> OsResult<()> {
        Ok(())
    }
    fn blocking(&self) -> bool {
        true
    }
    fn ready(&self, want: Interest) -> Interest {
        Interest::READ.when(!self.0.state.lock().pending.is_empty()).told(want)
    }
    fn watch(&self, who: Watcher, want: Interest) {
        self.0.watchers.add(who, want);
    }
    fn unwatch(&self, who: &Watcher) {
        self.0.watchers.remove(who);
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}
