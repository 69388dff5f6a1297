//! The lock of a buffered stream: held while the stream calls the raw one below, which releases the GIL.

use gilbert_vm::error::PyResult;
use gilbert_vm::sync::lock::Lock;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Whether nobody holds the lock.
pub fn is_free(vm: &Vm, lock: &Value) -> bool {
    lock.borrow::<Lock>(vm).is_none_or(|l| !l.locked())
}

/// Runs `f` with the lock held. RuntimeError "reentrant call inside ..." where this thread holds it already (a signal handler, or a raw
/// stream written in Python, that uses the stream itself).
pub fn locked<R>(vm: &mut Vm, stream: &Value, lock: &Value, f: impl FnOnce(&mut Vm) -> PyResult<R>) -> PyResult<R> {
    let me = vm.tid();
    if lock.borrow::<Lock>(vm).is_some_and(|l| l.locked() && l.owner == Some(me)) {
        let shown = vm.repr_text(stream)?;
        return Err(vm.runtime_error(format!("reentrant call inside {shown}")));
    }
    vm.lock_acquire(lock, None)?;
    let r = f(vm);
    match &r {
        // whoever is killed leaves at once
        Err(e) if e.is_killed() => {}
        _ => vm.lock_release(lock)?,
    }
    r
}
