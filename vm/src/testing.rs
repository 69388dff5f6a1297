//! A toy process for tests and measurements of world and GIL: threads whose "bytecode" is Rust closures that count ticks.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use parking_lot::Mutex;

use crate::gil::{Cause, DEFAULT_BOUND, Gil, Handoff, Killed, Policy, Turn, pending};
use crate::world::{Blocked, Ns, Outcome, ThreadStart, Tid, WaitKind, Wake, World};

/// A process without Python.
pub struct Toy {
    pub world: Arc<dyn World>,
    pub gil: Gil,
    /// Set while some thread believes that it holds the GIL.
    inside: AtomicBool,
    /// Threads that found another one inside.
    pub violations: AtomicUsize,
    left: AtomicUsize,
}

/// A thread of it.
pub struct ToyThread {
    pub toy: Arc<Toy>,
    pub turn: Turn,
}

/// A lock of the user's, as the interpreter would write it: FIFO, handed over directly.
#[derive(Default)]
pub struct ToyLock {
    state: Mutex<(Option<Tid>, VecDeque<Tid>)>,
}

impl Toy {
    /// A process under these settings.
    pub fn new(world: Arc<dyn World>, policy: Policy, handoff: Handoff) -> Arc<Toy> {
        let gil = Gil::new(policy, handoff, Arc::clone(&world), DEFAULT_BOUND).expect("settings of a test");
        Arc::new(Toy { world, gil, inside: AtomicBool::new(false), violations: AtomicUsize::new(0), left: AtomicUsize::new(0) })
    }

    /// Runs `main` as the main thread, and waits there for all that it has spawned. What one of them asserts in vain fails the test.
    pub fn run(self: &Arc<Toy>, main: impl FnOnce(&mut ToyThread) + Send + 'static) -> Outcome {
        let toy = Arc::clone(self);
        let outcome = self.world.run_main(Box::new(move |start| {
            toy.clone().live(start, move |thread| {
                main(thread);
                thread.join_all();
            });
        }));
        if let Outcome::Panicked { tid, message } = &outcome {
            panic!("thread {tid} panicked: {message}");
        }
        outcome
    }

    /// Starts a thread.
    pub fn spawn(self: &Arc<Toy>, name: &str, body: impl FnOnce(&mut ToyThread) + Send + 'static) -> Tid {
        self.left.fetch_add(1, Ordering::SeqCst);
        let toy = Arc::clone(self);
        let body = Box::new(move |start: ThreadStart| {
            toy.clone().live(start, body);
            toy.left.fetch_sub(1, Ordering::SeqCst);
            toy.world.unpark(Tid::MAIN);
        });
        self.world.spawn(name, false, body).expect("a thread")
    }

    /// Threads that were spawned and have not ended.
    pub fn left(&self) -> usize {
        self.left.load(Ordering::SeqCst)
    }

    fn live(self: Arc<Toy>, start: ThreadStart, body: impl FnOnce(&mut ToyThread)) {
        let turn = self.gil.turn(start.tid);
        let mut thread = ToyThread { toy: self, turn };
        if thread.acquire().is_ok() {
            body(&mut thread);
        }
        if thread.turn.holds() {
            thread.leave();
        }
        thread.toy.gil.exit(thread.turn);
    }
}

impl ToyThread {
    pub fn tid(&self) -> Tid {
        self.turn.tid()
    }

    fn enter(&self) {
        if self.toy.inside.swap(true, Ordering::SeqCst) {
            self.toy.violations.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn leave(&self) {
        self.toy.inside.store(false, Ordering::SeqCst);
    }

    pub fn acquire(&mut self) -> Result<(), Killed> {
        let acquired = self.toy.gil.acquire(&mut self.turn);
        if self.turn.holds() {
            self.enter();
        }
        acquired
    }

    pub fn release(&mut self, cause: Cause) {
        self.leave();
        self.toy.gil.release(&mut self.turn, cause);
    }

    /// Executes `n` instructions. False: killed.
    pub fn ticks(&mut self, n: u32) -> bool {
        for _ in 0..n {
            self.turn.left -= 1;
            if self.turn.left <= 0 {
                self.leave();
                let flags = self.toy.gil.tick_expired(&mut self.turn);
                if self.turn.holds() {
                    self.enter();
                }
                if flags & pending::KILL != 0 {
                    return false;
                }
            }
        }
        true
    }

    /// One instruction that calls into the OS, which returns at once.
    pub fn io(&mut self) -> bool {
        if !self.ticks(1) {
            return false;
        }
        self.release(Cause::Io);
        self.acquire().is_ok()
    }

    /// Parks without the GIL.
    pub fn park(&mut self, cause: Cause, deadline: Option<Ns>, why: &Blocked) -> Wake {
        self.release(cause);
        let wake = self.toy.world.park(self.tid(), deadline, why);
        match self.acquire() {
            Ok(()) => wake,
            Err(Killed) => Wake::Killed,
        }
    }

    pub fn sleep(&mut self, ns: Ns) -> Wake {
        self.toy.gil.sync_clock(&mut self.turn);
        let deadline = self.toy.world.now() + ns;
        loop {
            match self.park(Cause::Io, Some(deadline), &Blocked::new(WaitKind::Sleep, 0)) {
                Wake::Unparked => {}
                other => return other,
            }
        }
    }

    /// Waits until every spawned thread is gone.
    pub fn join_all(&mut self) {
        while self.toy.left.load(Ordering::SeqCst) > 0 {
            if self.park(Cause::Block, None, &Blocked::new(WaitKind::Join, 0)) == Wake::Killed {
                return;
            }
        }
    }

    /// Takes a lock. False: killed.
    pub fn lock(&mut self, lock: &ToyLock) -> bool {
        {
            let mut state = lock.state.lock();
            if state.0.is_none() {
                state.0 = Some(self.tid());
                return true;
            }
            state.1.push_back(self.tid());
        }
        while lock.owner() != Some(self.tid()) {
            if self.park(Cause::Block, None, &Blocked::new(WaitKind::Lock, 1)) == Wake::Killed {
                return false;
            }
        }
        true
    }

    pub fn unlock(&mut self, lock: &ToyLock) {
        let next = {
            let mut state = lock.state.lock();
            state.0 = state.1.pop_front();
            state.0
        };
        if let Some(next) = next {
            self.toy.world.unpark(next);
        }
    }
}

impl ToyLock {
    pub fn owner(&self) -> Option<Tid> {
        self.state.lock().0
    }

    pub fn waiters(&self) -> usize {
        self.state.lock().1.len()
    }
}
