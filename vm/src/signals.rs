//! Signals: how they reach the main thread, and the alarm clock.

use crate::error::PyResult;
use crate::gil::{Gil, pending};
use crate::vm::Vm;
use crate::world::{Blocked, Ns, OsResult, Tid, WaitKind, Wake, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A running alarm clock (`signal.alarm`, `setitimer`).
pub struct Alarm {
    tid: Tid,
    /// When it goes off next, in the world's time.
    at: Arc<AtomicU64>,
    every: Ns,
    cancelled: Arc<AtomicBool>,
}

/// Has a signal interrupt the main thread of a process, and its GIL's holder run handlers.
pub(crate) fn watch(world: &Arc<dyn World>, gil: &Arc<Gil>, signum: i32, outside: bool) -> OsResult<()> {
    let (gil, weak, main) = (Arc::clone(gil), Arc::downgrade(world), world.main_tid());
    let on_signal = Arc::new(move |_| {
        gil.set_pending(pending::SIGNAL);
        if let Some(world) = weak.upgrade() {
            world.interrupt(main);
        }
    });
    world.watch_signal(signum, outside, on_signal)
}

impl Vm {
    /// Watches a signal: it makes the main thread run its handler between two instructions, and ends its waits. `outside`: whether it
    /// counts as a source of wake-ups, so that threads that wait for ever are no deadlock.
    pub fn watch_signal(&mut self, signum: i32, outside: bool) -> PyResult<()> {
        let world = Arc::clone(&self.iso().world);
        watch(&world, &self.gil, signum, outside).map_err(|e| self.os_error(e, None))
    }
    /// Makes the main thread run the handler of a signal as if it had come (`_thread.interrupt_main`).
    pub fn simulate_signal(&mut self, signum: i32) {
        self.iso_mut().arrived_signals.push(signum);
        self.gil.set_pending(pending::SIGNAL);
        self.iso().world.interrupt(self.iso().main);
    }
    /// Sets the alarm clock to so many ns from now and then every so many; `None` stops it. Gives what was left and the old interval.
    ///
    /// # Errors
    /// RuntimeError where no thread can be had for it.
    pub fn set_alarm(&mut self, after: Option<Ns>, every: Ns) -> PyResult<(Ns, Ns)> {
        let old = self.alarm();
        if let Some(alarm) = self.iso_mut().alarm.take() {
            alarm.cancelled.store(true, Ordering::Relaxed);
            self.iso().world.unpark(alarm.tid);
        }
        if let Some(after) = after {
            let (at, cancelled) = (Arc::new(AtomicU64::new(self.now().saturating_add(after))), Arc::new(AtomicBool::new(false)));
            let (world, time, stop) = (Arc::clone(&self.iso().world), Arc::clone(&at), Arc::clone(&cancelled));
            let started = self.iso().world.spawn(
                "alarm",
                true,
                Box::new(move |start| {
                    while !stop.load(Ordering::Relaxed) {
                        let deadline = time.load(Ordering::Relaxed);
                        match world.park(start.tid, Some(deadline), &Blocked::new(WaitKind::Sleep, 0)) {
                            Wake::Killed => return,
                            Wake::TimedOut if !stop.load(Ordering::Relaxed) => {
                                let _ = world.raise_signal(libc::SIGALRM);
                                if every == 0 {
                                    time.store(0, Ordering::Relaxed);
                                    return;
                                }
                                time.store(deadline.saturating_add(every), Ordering::Relaxed);
                            }
                            _ => {}
                        }
                    }
                }),
            );
            let Ok(tid) = started else { return Err(self.runtime_error("can't start new thread")) };
            self.iso_mut().alarm = Some(Alarm { tid, at, every, cancelled });
        }
        Ok(old)
    }
    /// What is left until the alarm, and its interval; 0: not set.
    pub fn alarm(&mut self) -> (Ns, Ns) {
        let now = self.now();
        match &self.iso().alarm {
            Some(a) => match a.at.load(Ordering::Relaxed) {
                0 => (0, 0),
                at => (at.saturating_sub(now).max(1), a.every),
            },
            None => (0, 0),
        }
    }
}
