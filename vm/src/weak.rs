//! Weak references: an object's address that is forgotten when the object dies.

use crate::heap::{Header, Heap};
use crate::object::{Changes, Cloner, Payload};
use crate::value::Value;
use std::cell::Cell;
use std::ptr;

/// The payload of `weakref.ref` and the proxies: the target's address, or null when it has died.
pub struct WeakRef {
    target: Cell<*mut Header>,
    heap: *mut Heap,
    /// Called with the reference when the target dies; absent for none.
    pub callback: Value,
    /// The target's hash, once asked for.
    pub hash: Cell<Option<i64>>,
}

impl WeakRef {
    /// A dead reference; [`bind`] gives it its target.
    pub fn new(callback: Value) -> WeakRef {
        WeakRef { target: Cell::new(ptr::null_mut()), heap: ptr::null_mut(), callback, hash: Cell::new(None) }
    }
    /// The target, while it lives.
    pub fn target(&self) -> Option<Value> {
        let t = self.target.get();
        // SAFETY: the heap clears the address before the target's slot is freed.
        if t.is_null() || unsafe { (*t).ref_count() == 0 } { None } else { Some(unsafe { Value::new_ref(t) }) }
    }
}

/// Makes the weak reference object `weak` refer to `target`. False where `target` is no object (nothing to refer to).
pub(crate) fn bind(heap: &mut Heap, weak: &Value, target: &Value) -> bool {
    if !target.is_object() {
        return false;
    }
    let heap_ptr: *mut Heap = heap;
    // SAFETY: `weak` was just made by the caller with this payload and nobody else borrows it.
    unsafe {
        let w = &mut *(weak.ptr().add(1) as *mut WeakRef);
        w.target.set(target.ptr());
        if target.header().is_some_and(|h| !h.is_immortal()) {
            w.heap = heap_ptr;
        }
    }
    heap.add_weak(target, weak);
    true
}

/// The target dies: forgets it and hands out the callback (absent for none).
///
/// # Safety
/// `weak` is a live object whose payload begins with a `WeakRef`.
pub(crate) unsafe fn kill(weak: *mut Header) -> Value {
    // SAFETY: the caller's promise.
    unsafe {
        let w = &*(weak.add(1) as *const WeakRef);
        w.target.set(ptr::null_mut());
        w.callback.clone()
    }
}

impl Drop for WeakRef {
    fn drop(&mut self) {
        let t = self.target.get();
        if !t.is_null() && !self.heap.is_null() {
            let me = (self as *mut WeakRef as *mut Header).wrapping_sub(1);
            // SAFETY: the heap outlives its objects; the payload follows its header directly.
            unsafe { (*self.heap).remove_weak(t, me) };
        }
    }
}

impl Payload for WeakRef {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.callback);
    }
    fn clear(&mut self) {
        self.callback = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> WeakRef {
        let (target, callback) = (self.target.get(), c.value(&self.callback));
        // what is shared is its own counterpart, and never dies
        let (target, heap) = match c.relocate(target) {
            new if new.is_null() => (target, ptr::null_mut()),
            new => (new, c.heap()),
        };
        WeakRef { target: Cell::new(target), heap, callback, hash: self.hash.clone() }
    }
}
