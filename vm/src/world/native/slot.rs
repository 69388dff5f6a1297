//! What a native world knows of one thread.

#![allow(clippy::disallowed_methods)] // the world is what may

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;

use parking_lot::Mutex;

use super::super::processes::Process;
use super::super::{Blocked, BlockedThread, Ns, Tid};

/// Nobody has unparked the thread since its last park.
pub const EMPTY: u32 = 0;
/// The next park returns at once.
pub const TOKEN: u32 = 1;
/// Parked; only a thread of this world can end it. Counted as not live.
pub const ASLEEP: u32 = 2;
/// Parked, with a deadline or waiting for the outside. Still counted as live.
pub const DOZING: u32 = 3;
/// In `poll` on a descriptor and on `wake_fd`. Still counted as live.
pub const POLLING: u32 = 4;

/// What a parked thread waits for.
pub struct Waiting {
    pub why: Blocked,
    pub since: Ns,
    pub deadline: Option<Ns>,
}

/// One thread.
pub struct Slot {
    pub tid: Tid,
    /// Whose thread it is.
    pub process: Arc<Process>,
    pub name: Arc<str>,
    pub daemon: bool,
    /// `EMPTY` .. `POLLING`.
    pub state: AtomicU32,
    pub interrupted: AtomicBool,
    pub killed: AtomicBool,
    pub waiting: Mutex<Option<Waiting>>,
    /// Set by the thread itself before its body runs.
    pub thread: OnceLock<Thread>,
    /// An event descriptor that ends a `poll`, made at the first one.
    pub wake_fd: OnceLock<OwnedFd>,
    pub native_id: AtomicU64,
    /// When it was last woken from its sleep, in the world's time.
    pub roused_at: AtomicU64,
    /// How many of its last waits were short; see `Threads::learn`.
    pub patience: AtomicU32,
}

impl Slot {
    pub fn new(tid: Tid, process: Arc<Process>, name: &str, daemon: bool) -> Slot {
        Slot {
            tid,
            process,
            name: Arc::from(name),
            daemon,
            state: AtomicU32::new(EMPTY),
            interrupted: AtomicBool::new(false),
            killed: AtomicBool::new(false),
            waiting: Mutex::new(None),
            thread: OnceLock::new(),
            wake_fd: OnceLock::new(),
            native_id: AtomicU64::new(0),
            roused_at: AtomicU64::new(0),
            patience: AtomicU32::new(0),
        }
    }

    /// Uses up a token, if there is one.
    pub fn take_token(&self) -> bool {
        self.state.compare_exchange(TOKEN, EMPTY, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    }

    /// The event descriptor, made now if need be.
    pub fn wake_fd(&self) -> rustix::io::Result<&OwnedFd> {
        if self.wake_fd.get().is_none() {
            let fd = rustix::event::eventfd(0, rustix::event::EventfdFlags::CLOEXEC)?;
            let _ = self.wake_fd.set(fd);
        }
        self.wake_fd.get().ok_or(rustix::io::Errno::BADF)
    }

    /// Wakes the thread after its state has become `TOKEN` from `was`.
    pub fn rouse(&self, was: u32) {
        if was == POLLING {
            if let Some(fd) = self.wake_fd.get() {
                // A full counter means that a wake-up is under way already.
                let _ = rustix::io::write(fd, &1u64.to_ne_bytes());
            }
        } else if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// Processor time that its OS thread has used, in ns, as the kernel tells others.
    pub fn cpu(&self) -> Ns {
        let path = format!("/proc/self/task/{}/schedstat", self.native_id.load(Ordering::Relaxed));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or(0)
    }

    /// This thread's line in a report, if it waits.
    pub fn report(&self) -> Option<BlockedThread> {
        let waiting = self.waiting.lock();
        waiting.as_ref().map(|w| BlockedThread {
            tid: self.tid,
            process: (self.process.pid, self.process.name()),
            name: Arc::clone(&self.name),
            daemon: self.daemon,
            since: w.since,
            deadline: w.deadline,
            why: w.why.clone(),
            held_by: None,
        })
    }
}
