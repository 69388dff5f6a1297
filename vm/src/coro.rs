//! Native stacks for coroutines, and the coroutines that simulated threads and greenlets are.
//!
//! Stacks are cut from slabs: one mapping holds many, since a mapping and a guard page for each stack would meet the kernel's
//! limit on maps near 32,000. The memory is reserved, not committed: a stack costs the pages that it has touched. The first
//! stacks of a pool have a guard page each all the same, and each slab has one below it; what really guards a stack is the
//! interpreter, which compares the stack pointer with [`StackBounds::floor`] at every re-entry.
//!
//! A [`Fiber`] that is dropped half-way is reset, not unwound: what lives on its stack is forgotten. That leaks what the stack
//! owned, and is sound, because nobody outside holds pointers into a stack.

use std::num::NonZeroUsize;
use std::ptr::NonNull;
use std::sync::Arc;

use corosensei::stack::{Stack, StackPointer};
use corosensei::{Coroutine, CoroutineResult, Yielder};
use parking_lot::Mutex;

use crate::world::StackBounds;

/// Smallest stack for a coroutine that runs the interpreter: a greenlet's.
pub const GREENLET_STACK: usize = 256 << 10;

const PAGE: usize = 4096;
/// Address space of a slab, unless a single stack is larger.
const SLAB: usize = 64 << 20;
/// Stacks with a guard page of their own, for each pool.
const GUARDED: usize = 4096;

/// Stacks of one size, reused last in, first out.
pub struct StackPool {
    size: usize,
    stacks: Mutex<Stacks>,
}

#[derive(Default)]
struct Stacks {
    /// Lowest addresses of stacks that were used and given back.
    free: Vec<usize>,
    slabs: Vec<Slab>,
    /// Stacks cut from the last slab.
    cut: usize,
    /// Stacks cut from all slabs.
    total: usize,
}

/// One mapping. Unmapped when the pool goes, which every stack keeps alive.
struct Slab {
    start: usize,
    len: usize,
}

/// A stack out of a pool; goes back when dropped.
pub struct SlabStack {
    limit: usize,
    size: usize,
    pool: Arc<StackPool>,
}

/// The host gives no more memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoStack;

impl StackPool {
    /// A pool of stacks of `size` bytes of address space, rounded up to whole pages.
    pub fn new(size: usize) -> Arc<StackPool> {
        let size = size.max(4 * PAGE).next_multiple_of(PAGE);
        Arc::new(StackPool { size, stacks: Mutex::new(Stacks::default()) })
    }

    /// A stack.
    ///
    /// # Errors
    /// [`NoStack`] when the host refuses a mapping.
    pub fn take(self: &Arc<StackPool>) -> Result<SlabStack, NoStack> {
        let mut stacks = self.stacks.lock();
        let limit = match stacks.free.pop() {
            Some(limit) => limit,
            None => stacks.cut(self.size)?,
        };
        Ok(SlabStack { limit, size: self.size, pool: Arc::clone(self) })
    }
}

impl Stacks {
    fn cut(&mut self, size: usize) -> Result<usize, NoStack> {
        let per_slab = (SLAB / size).max(1);
        if self.slabs.is_empty() || self.cut == per_slab {
            self.slabs.push(Slab::map(PAGE + per_slab * size)?);
            self.cut = 0;
        }
        let slab = self.slabs.last().ok_or(NoStack)?;
        let limit = slab.start + PAGE + self.cut * size;
        self.cut += 1;
        self.total += 1;
        if self.cut > 1 && self.total <= GUARDED {
            slab.protect(limit);
        }
        Ok(limit)
    }
}

impl Slab {
    fn map(len: usize) -> Result<Slab, NoStack> {
        // SAFETY: a fresh private anonymous mapping at an address of the kernel's choice touches nobody else's memory.
        let start = unsafe {
            libc::mmap(std::ptr::null_mut(), len, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE, -1, 0)
        };
        if start == libc::MAP_FAILED {
            return Err(NoStack);
        }
        let slab = Slab { start: start as usize, len };
        slab.refuse_huge_pages();
        slab.protect(slab.start);
        Ok(slab)
    }

    /// With huge pages the first touch of a stack would commit 2 MiB.
    fn refuse_huge_pages(&self) {
        #[cfg(target_os = "linux")]
        // SAFETY: advice about a mapping that we own; its contents do not change.
        unsafe {
            libc::madvise(self.start as *mut libc::c_void, self.len, libc::MADV_NOHUGEPAGE);
        }
    }

    /// Makes the page at `address` a guard page. If the kernel refuses, we go without.
    fn protect(&self, address: usize) {
        debug_assert!((self.start..self.start + self.len).contains(&address));
        // SAFETY: the page belongs to this slab and to no stack in use: it lies below the usable part of a stack that has not
        // been handed out yet.
        unsafe {
            libc::mprotect(address as *mut libc::c_void, PAGE, libc::PROT_NONE);
        }
    }
}

impl Drop for Slab {
    fn drop(&mut self) {
        // SAFETY: `map` made this mapping; every stack cut from it holds the pool, so none is in use.
        unsafe {
            libc::munmap(self.start as *mut libc::c_void, self.len);
        }
    }
}

impl SlabStack {
    /// Where it lies. The lowest page may be a guard page and is not counted.
    pub fn bounds(&self) -> StackBounds {
        StackBounds { base: self.limit + self.size, limit: self.limit + PAGE }
    }
}

impl Drop for SlabStack {
    fn drop(&mut self) {
        self.pool.stacks.lock().free.push(self.limit);
    }
}

// SAFETY: `base` and `limit` delimit memory of our own mapping, page-aligned, of at least 4 pages, which lives as long as `pool`.
// Overflow is kept out by the interpreter's check of the stack pointer (and a guard page, for the first stacks of a pool).
unsafe impl Stack for SlabStack {
    fn base(&self) -> StackPointer {
        NonZeroUsize::new(self.limit + self.size).unwrap_or(NonZeroUsize::MAX)
    }

    fn limit(&self) -> StackPointer {
        NonZeroUsize::new(self.limit).unwrap_or(NonZeroUsize::MIN)
    }
}

/// Runs `f` on a stack of `pool`'s: for library code that recurses deeply and never blocks. `f` must not suspend the fiber
/// or park the thread that it runs on.
///
/// # Errors
/// [`NoStack`] when there is no memory for a stack; `f` was not run.
pub fn on_stack_of<R>(pool: &Arc<StackPool>, f: impl FnOnce() -> R) -> Result<R, NoStack> {
    let stack = pool.take()?;
    Ok(corosensei::on_stack(stack, f))
}

/// What [`Fiber::resume`] came back with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resumed {
    /// The body has suspended itself.
    Suspended,
    /// The body has returned.
    Finished,
}

/// A stackful coroutine. Stays on the OS thread that made it.
pub struct Fiber {
    coroutine: Coroutine<(), (), (), SlabStack>,
    bounds: StackBounds,
}

/// The body's way back to whoever resumed it. Valid while the body runs.
#[derive(Clone, Copy)]
pub struct Suspender(*const Yielder<(), ()>);

// SAFETY: a suspender is an address; using it is `unsafe`, and its contract asks for the fiber's own OS thread.
unsafe impl Send for Suspender {}

impl Fiber {
    /// A fiber that will run `body`.
    pub fn new(stack: SlabStack, body: impl FnOnce(Suspender) + 'static) -> Fiber {
        let bounds = stack.bounds();
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder<(), ()>, ()| {
            body(Suspender(std::ptr::from_ref(yielder)));
        });
        Fiber { coroutine, bounds }
    }

    /// Where its stack lies.
    pub fn bounds(&self) -> StackBounds {
        self.bounds
    }

    /// Runs the body until it suspends or returns. A panic of the body comes out here.
    ///
    /// # Panics
    /// If the fiber has finished.
    pub fn resume(&mut self) -> Resumed {
        match self.coroutine.resume(()) {
            CoroutineResult::Yield(()) => Resumed::Suspended,
            CoroutineResult::Return(()) => Resumed::Finished,
        }
    }

    /// Whether the body has returned.
    pub fn finished(&self) -> bool {
        self.coroutine.done()
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        if self.coroutine.started() && !self.coroutine.done() {
            // SAFETY: the frames on the stack are forgotten without running their destructors. By the rule that natives own
            // nothing outside the heap or the world's tables across a suspension, nothing outside refers into the stack;
            // what the frames own is leaked.
            unsafe { self.coroutine.force_reset() }
        }
    }
}

impl Suspender {
    /// Goes back to the resumer; returns when resumed again. May be called from the stack of another fiber that this fiber's
    /// body has resumed: all of them are then suspended together.
    ///
    /// # Safety
    /// The fiber of this suspender is running: its body has not returned, and the call comes from its stack or from a
    /// stack that was resumed from it.
    pub unsafe fn suspend(self) {
        // SAFETY: the yielder lives at the root of the fiber's stack for as long as the body runs, which the caller promises.
        unsafe { (*self.0).suspend(()) }
    }
}

/// A fiber at a fixed address, which can be resumed by whoever knows it: a greenlet's.
pub struct Strand(NonNull<Fiber>);

impl Strand {
    /// The fiber, from now on at a fixed address.
    pub fn new(fiber: Fiber) -> Strand {
        Strand(NonNull::from(Box::leak(Box::new(fiber))))
    }
    /// Where its stack lies.
    pub fn bounds(&self) -> StackBounds {
        // SAFETY: `drop` alone frees the fiber; its bounds never change.
        unsafe { (*self.0.as_ptr()).bounds }
    }
    /// A second name for the fiber, for the time of one resumption.
    pub fn handle(&self) -> StrandHandle {
        StrandHandle(self.0)
    }
}

impl Drop for Strand {
    fn drop(&mut self) {
        // SAFETY: made by `new` from a box. By the contract of `StrandHandle::resume` the fiber is not running, or it never goes on:
        // the thread below it has been forgotten.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// See [`Strand::handle`].
#[derive(Clone, Copy)]
pub struct StrandHandle(NonNull<Fiber>);

impl StrandHandle {
    /// As [`Fiber::resume`].
    ///
    /// # Safety
    /// The fiber has neither finished nor is it running, and its [`Strand`] is not dropped before this returns (or never returns, since
    /// the thread that calls is itself a fiber and is dropped half-way). The caller is on the OS thread that made it.
    pub unsafe fn resume(self) -> Resumed {
        // SAFETY: the caller's promise: nobody else uses the fiber meanwhile.
        unsafe { (*self.0.as_ptr()).resume() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    #[test]
    fn fibers_suspend_and_finish() {
        let pool = StackPool::new(GREENLET_STACK);
        let steps = Rc::new(Cell::new(0));
        let seen = Rc::clone(&steps);
        let mut fiber = Fiber::new(pool.take().unwrap(), move |back| {
            for _ in 0..3 {
                seen.set(seen.get() + 1);
                // SAFETY: called from the fiber's own stack.
                unsafe { back.suspend() }
            }
        });
        for n in 1..=3 {
            assert_eq!(fiber.resume(), Resumed::Suspended);
            assert_eq!(steps.get(), n);
        }
        assert_eq!(fiber.resume(), Resumed::Finished);
    }

    #[test]
    fn an_outer_fiber_suspends_from_an_inner_stack() {
        let pool = StackPool::new(GREENLET_STACK);
        let log = Rc::new(Cell::new(0));
        let (seen, inner_pool) = (Rc::clone(&log), Arc::clone(&pool));
        let mut outer = Fiber::new(pool.take().unwrap(), move |outer_back| {
            let mut inner = Fiber::new(inner_pool.take().unwrap(), move |_| {
                seen.set(1);
                // SAFETY: the inner fiber was resumed from the outer one's stack.
                unsafe { outer_back.suspend() }
                seen.set(2);
            });
            assert_eq!(inner.resume(), Resumed::Finished);
        });
        assert_eq!(outer.resume(), Resumed::Suspended);
        assert_eq!(log.get(), 1);
        assert_eq!(outer.resume(), Resumed::Finished);
        assert_eq!(log.get(), 2);
    }

    #[test]
    fn stacks_are_reused_last_in_first_out() {
        let pool = StackPool::new(1 << 20);
        let (a, b) = (pool.take().unwrap(), pool.take().unwrap());
        let (at_a, at_b) = (a.bounds(), b.bounds());
        assert_ne!(at_a, at_b);
        drop(a);
        drop(b);
        assert_eq!(pool.take().unwrap().bounds(), at_b);
    }

    #[test]
    fn a_dropped_fiber_is_reset_and_an_unstarted_one_drops_its_body() {
        let pool = StackPool::new(GREENLET_STACK);
        let owned = Arc::new(());
        let held = Arc::clone(&owned);
        let never = Fiber::new(pool.take().unwrap(), move |_| drop(held));
        drop(never);
        assert_eq!(Arc::strong_count(&owned), 1);
        // SAFETY: called from the fiber's own stack.
        let mut half = Fiber::new(pool.take().unwrap(), |back| unsafe { back.suspend() });
        assert_eq!(half.resume(), Resumed::Suspended);
        drop(half);
        assert!(pool.take().is_ok());
    }

    #[test]
    fn deep_recursion_on_a_large_stack() {
        fn depth(n: u64) -> u64 {
            if n == 0 { 0 } else { 1 + std::hint::black_box(depth(n - 1)) }
        }
        let pool = StackPool::new(256 << 20);
        assert_eq!(on_stack_of(&pool, || depth(500_000)), Ok(500_000));
    }
}
