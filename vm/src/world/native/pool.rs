//! OS threads that outlive the Python threads they run: starting one costs several times as much as waking one.

#![allow(clippy::disallowed_methods)] // the world is what may

use std::sync::{Arc, OnceLock, Weak};
use std::thread::Thread;

use parking_lot::Mutex;

use super::super::{StackBounds, THREAD_STACK, stack_pointer};

/// What an OS thread does for one Python thread.
pub type Job = Box<dyn FnOnce(StackBounds) + Send>;

/// Idle OS threads that are kept.
const KEEP_IDLE: usize = 32;
/// What the OS thread needs beside the Python thread's stack.
const OVERHEAD: usize = 128 << 10;
/// Address space that must be free before another OS thread is made, where `ulimit -v` limits it: a new thread that finds no room
/// for its signal stack ends the process. Large enough that the allocator asks the system for it.
const SPARE: usize = 40 << 20;

/// The idle OS threads of one world.
pub struct Pool {
    idle: Mutex<Vec<Arc<Worker>>>,
    /// Whether the process's address space is limited.
    limited: OnceLock<bool>,
}

struct Worker {
    next: Mutex<Next>,
    thread: Thread,
}

enum Next {
    Wait,
    Run(Job),
    Quit,
}

impl Pool {
    pub fn new() -> Arc<Pool> {
        Arc::new(Pool { idle: Mutex::new(Vec::new()), limited: OnceLock::new() })
    }

    /// Runs `job` on an idle OS thread, or on a new one.
    pub fn run(self: &Arc<Pool>, job: Job) -> std::io::Result<()> {
        let idle = self.idle.lock().pop();
        match idle {
            Some(worker) => {
                worker.call(Next::Run(job));
                Ok(())
            }
            None if !self.has_room() => Err(std::io::ErrorKind::OutOfMemory.into()),
            None => {
                let pool = Arc::downgrade(self);
                std::thread::Builder::new().name("gilbert".to_owned()).stack_size(THREAD_STACK + OVERHEAD).spawn(move || work(&pool, job)).map(drop)
            }
        }
    }

    /// Whether the system has room for another thread, as far as that can be asked.
    fn has_room(&self) -> bool {
        let limited = *self.limited.get_or_init(|| rustix::process::getrlimit(rustix::process::Resource::As).current.is_some());
        if !limited {
            return true;
        }
        let mut spare = Vec::<u8>::new();
        let some = spare.try_reserve_exact(SPARE).is_ok();
        std::hint::black_box(&spare);
        some
    }

    /// Whether `worker` shall wait for another job.
    fn keep(&self, worker: &Arc<Worker>) -> bool {
        let mut idle = self.idle.lock();
        let keep = idle.len() < KEEP_IDLE;
        if keep {
            idle.push(Arc::clone(worker));
        }
        keep
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for worker in self.idle.lock().drain(..) {
            worker.call(Next::Quit);
        }
    }
}

impl Worker {
    fn call(&self, next: Next) {
        *self.next.lock() = next;
        self.thread.unpark();
    }

    fn wait(&self) -> Next {
        loop {
            // not in the match, which would hold the lock
            let next = std::mem::replace(&mut *self.next.lock(), Next::Wait);
            match next {
                Next::Wait => std::thread::park(),
                next => return next,
            }
        }
    }
}

/// The life of an OS thread.
fn work(pool: &Weak<Pool>, mut job: Job) {
    let base = stack_pointer();
    let stack = StackBounds { base, limit: base.saturating_sub(THREAD_STACK) };
    let worker = Arc::new(Worker { next: Mutex::new(Next::Wait), thread: std::thread::current() });
    sharpen_timers();
    loop {
        job(stack);
        if !pool.upgrade().is_some_and(|pool| pool.keep(&worker)) {
            return;
        }
        job = match worker.wait() {
            Next::Run(job) => job,
            Next::Quit | Next::Wait => return,
        };
    }
}

/// By default Linux lets a timed wait be 50 µs late.
fn sharpen_timers() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1_000));
}
