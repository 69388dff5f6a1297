//! The processes of one machine: who exists, whose child it is, who waits for its end, how it ended. The same table in both worlds.
//!
//! A process is a set of threads with an identity of its own. It ends once: by [`super::World::end_process`], from whichever thread of
//! whichever process. From then on it counts as dead (its exit status is known, its descriptors are closed, whoever waited is woken),
//! while its threads leave one by one; when the last one has left, what the process owned is freed.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::files::{File, FileStat, Handle, OsError, OsResult};
use super::ready::{Interest, Watcher, Watchers};
use super::{Explain, Ns, OnSignal, Tid};

/// Runs once, on whichever thread ends the process or leaves it last. Without any GIL.
pub type Once = Box<dyn FnOnce() + Send>;

/// One process.
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its first thread.
    pub main: Tid,
    ppid: AtomicU32,
    dead: AtomicBool,
    paused: AtomicBool,
    /// Processor time of threads that have left, in ns.
    pub spent: AtomicU64,
    state: Mutex<State>,
    /// Who wants to hear of its end.
    watchers: Watchers,
}

struct State {
    name: Arc<str>,
    /// How it ended: an exit code, or minus a signal's number.
    status: Option<i32>,
    threads: BTreeSet<Tid>,
    /// The main thread has not been started yet.
    unborn: bool,
    watched: BTreeMap<i32, Watch>,
    arrived: Vec<i32>,
    explain: Option<Arc<Explain>>,
    on_end: Option<Once>,
    on_gone: Option<Once>,
    /// Who waits for its first pause.
    for_pause: Vec<Tid>,
    /// Declared sources of wake-ups from outside.
    outside: i32,
}

#[derive(Clone)]
struct Watch {
    outside: bool,
    on_signal: OnSignal,
}

impl Process {
    fn new(pid: u32, ppid: u32, main: Tid, name: &str) -> Arc<Process> {
        let state = State {
            name: Arc::from(name),
            status: None,
            threads: BTreeSet::new(),
            unborn: true,
            watched: BTreeMap::new(),
            arrived: Vec::new(),
            explain: None,
            on_end: None,
            on_gone: None,
            for_pause: Vec::new(),
            outside: 0,
        };
        Arc::new(Process {
            pid,
            main,
            ppid: AtomicU32::new(ppid),
            dead: AtomicBool::new(false),
            paused: AtomicBool::new(false),
            spent: AtomicU64::new(0),
            state: Mutex::new(state),
            watchers: Watchers::default(),
        })
    }

    /// Its parent's number; 1 when the parent has gone.
    pub fn ppid(&self) -> u32 {
        self.ppid.load(Ordering::Relaxed)
    }

    /// What it is called in reports.
    pub fn name(&self) -> Arc<str> {
        Arc::clone(&self.state.lock().name)
    }

    /// Calls it so.
    pub fn set_name(&self, name: &str) {
        self.state.lock().name = Arc::from(name);
    }

    /// Whether it has ended; threads of it may still be leaving.
    pub fn is_dead(&self) -> bool {
        self.dead.load(Ordering::SeqCst)
    }

    /// How it ended, if it has.
    pub fn status(&self) -> Option<i32> {
        self.state.lock().status
    }

    /// Its threads, in order of their start.
    pub fn threads(&self) -> Vec<Tid> {
        self.state.lock().threads.iter().copied().collect()
    }

    /// A thread of it begins. False where the process has ended.
    pub fn enter(&self, tid: Tid) -> bool {
        let mut state = self.state.lock();
        if self.is_dead() && tid != self.main {
            return false;
        }
        state.unborn = false;
        state.threads.insert(tid);
        true
    }

    /// A thread has left, for good. What the process owned is freed with its last one, on the caller's thread.
    pub fn leave(&self, tid: Tid) {
        let freed = {
            let mut state = self.state.lock();
            state.threads.remove(&tid);
            if state.threads.is_empty() && self.is_dead() { state.on_gone.take() } else { None }
        };
        if let Some(free) = freed {
            free();
        }
    }

    /// What runs at its end, and when its last thread has left.
    pub fn at_end(&self, on_end: Once, on_gone: Option<Once>) {
        let mut state = self.state.lock();
        state.on_end = Some(on_end);
        state.on_gone = on_gone;
    }

    /// Frees what it owned: the run is over, and no thread of it is left.
    pub fn free(&self) {
        let (gone, never_ended, watched) = {
            let mut state = self.state.lock();
            state.explain = None;
            (state.on_gone.take(), state.on_end.take(), std::mem::take(&mut state.watched))
        };
        // these refer to the world, which refers to the process
        drop((never_ended, watched));
        if let Some(gone) = gone {
            gone();
        }
    }

    /// Never frees what it owns: it may not be whole.
    pub fn leak(&self) {
        let gone = self.state.lock().on_gone.take();
        drop(gone);
    }

    /// Makes it nobody's child of this machine: a peer.
    pub fn set_ppid(&self, ppid: u32) {
        self.ppid.store(ppid, Ordering::Relaxed);
    }

    /// Whether a thread of it has ever waited, or it has ended.
    pub fn has_paused(&self) -> bool {
        self.paused.load(Ordering::SeqCst)
    }

    /// Notes that a thread of it waits, for something other than its GIL.
    #[inline]
    pub fn pause(&self, unpark: impl FnMut(Tid)) {
        if !self.paused.load(Ordering::Relaxed) {
            self.first_pause(unpark);
        }
    }

    #[cold]
    fn first_pause(&self, unpark: impl FnMut(Tid)) {
        self.paused.store(true, Ordering::SeqCst);
        let waiting = std::mem::take(&mut self.state.lock().for_pause);
        waiting.into_iter().for_each(unpark);
    }

    /// Has `tid` unparked when [`Process::has_paused`] becomes true.
    pub fn tell_pause(&self, tid: Tid) {
        self.state.lock().for_pause.push(tid);
    }

    /// What to ask for the holders in a report.
    pub fn set_explain(&self, explain: Explain) {
        self.state.lock().explain = Some(Arc::new(explain));
    }

    /// That.
    pub fn explain(&self) -> Option<Arc<Explain>> {
        self.state.lock().explain.clone()
    }

    /// Notes a change of the outside sources it has declared; false where it has ended and none count any more.
    pub fn note_outside(&self, change: i32) -> bool {
        let mut state = self.state.lock();
        if self.is_dead() {
            return false;
        }
        state.outside += change;
        true
    }

    // ---- signals ----

    /// Watches a signal. By how much the number of outside sources changes.
    pub fn watch(&self, signum: i32, outside: bool, on_signal: OnSignal) -> i32 {
        let mut state = self.state.lock();
        if self.is_dead() {
            return 0;
        }
        let before = state.watched.insert(signum, Watch { outside, on_signal });
        let change = i32::from(outside) - i32::from(before.is_some_and(|w| w.outside));
        state.outside += change;
        change
    }

    /// Watches no more; the same return.
    pub fn unwatch(&self, signum: i32) -> i32 {
        let mut state = self.state.lock();
        let change = -i32::from(state.watched.remove(&signum).is_some_and(|w| w.outside));
        state.outside += change;
        change
    }

    /// The signals it watches, and whether each counts as an outside source.
    pub fn watched(&self) -> Vec<(i32, bool)> {
        self.state.lock().watched.iter().map(|(n, w)| (*n, w.outside)).collect()
    }

    /// A signal has come: queued, and who is to be told; `None` where it does not watch it.
    pub fn arrive(&self, signum: i32) -> Option<OnSignal> {
        let mut state = self.state.lock();
        let callback = state.watched.get(&signum).map(|w| Arc::clone(&w.on_signal))?;
        state.arrived.push(signum);
        Some(callback)
    }

    /// Whom a signal would be told to.
    pub fn arrive_at(&self, signum: i32) -> Option<OnSignal> {
        self.state.lock().watched.get(&signum).map(|w| Arc::clone(&w.on_signal))
    }

    /// What has come since the last call.
    pub fn take_arrived(&self) -> Vec<i32> {
        std::mem::take(&mut self.state.lock().arrived)
    }

    // ---- its end ----

    /// Who watches its end: to be woken when it has come.
    pub fn watchers(&self) -> &Watchers {
        &self.watchers
    }

    fn end(&self, status: i32) -> Option<Ending> {
        let mut state = self.state.lock();
        if state.status.is_some() {
            return None;
        }
        state.status = Some(status);
        self.dead.store(true, Ordering::SeqCst);
        self.paused.store(true, Ordering::SeqCst);
        state.watched.clear();
        state.arrived.clear();
        state.explain = None;
        let gone = if state.threads.is_empty() { state.on_gone.take() } else { None };
        let outside = std::mem::take(&mut state.outside);
        Some(Ending {
            on_end: state.on_end.take(),
            gone,
            threads: state.threads.iter().copied().collect(),
            wake: std::mem::take(&mut state.for_pause),
            outside,
            sigchld: None,
            last: false,
        })
    }
}

/// What is to be done when a process has ended, in this order, without locks: `on_end`; `threads` are killed; `wake` are unparked.
pub struct Ending {
    /// Closes its descriptors and has its threads leave.
    pub on_end: Option<Once>,
    /// Frees what it owned, where no thread is left to do so.
    pub gone: Option<Once>,
    /// Its threads.
    pub threads: Vec<Tid>,
    /// Who waits for its end.
    pub wake: Vec<Tid>,
    /// How many outside sources it had declared.
    pub outside: i32,
    /// Who gets SIGCHLD.
    pub sigchld: Option<Arc<Process>>,
    /// Whether no process of the machine is left.
    pub last: bool,
}

/// What [`Processes::take_ended`] finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Child {
    /// This one has ended, with this status (an exit code, or minus a signal's number); it is forgotten now.
    Ended(u32, i32),
    /// There are such children, and none has ended.
    Living,
    /// There is no such child.
    None,
}

/// All processes of a machine, until their parents have taken note of their end.
pub struct Processes {
    all: Mutex<All>,
}

struct All {
    by_pid: BTreeMap<u32, Arc<Process>>,
    /// Who waits for the end of any child of a process.
    waiting: Vec<(u32, Tid)>,
    next: u32,
    /// How many have not ended.
    alive: usize,
    /// Whether there ever was a second one.
    many: bool,
}

/// The highest number a process gets, as on Linux.
const LAST_PID: u32 = 4_194_303;

impl Processes {
    /// A machine with its first process.
    pub fn new(pid: u32, ppid: u32) -> (Processes, Arc<Process>) {
        let root = Process::new(pid, ppid, Tid::MAIN, "MainProcess");
        let all = All { by_pid: BTreeMap::from([(pid, Arc::clone(&root))]), waiting: Vec::new(), next: pid, alive: 1, many: false };
        (Processes { all: Mutex::new(all) }, root)
    }

    /// A new process. `at_least`: its number is this or the next free one; `taken`: whether a number is in use elsewhere.
    pub fn fork(&self, parent: &Process, main: Tid, name: &str, at_least: u32, taken: impl Fn(u32) -> bool) -> Arc<Process> {
        let mut all = self.all.lock();
        all.next = all.next.max(at_least.saturating_sub(1));
        let pid = loop {
            all.next = if all.next >= LAST_PID { 300 } else { all.next + 1 };
            if !all.by_pid.contains_key(&all.next) && !taken(all.next) {
                break all.next;
            }
        };
        let process = Process::new(pid, parent.pid, main, name);
        all.by_pid.insert(pid, Arc::clone(&process));
        all.alive += 1;
        all.many = true;
        process
    }

    /// Forgets a process that could not be started.
    pub fn forget(&self, process: &Process) {
        let mut all = self.all.lock();
        if all.by_pid.remove(&process.pid).is_some() {
            all.alive -= 1;
        }
    }

    /// The process of this number, dead ones that nobody has waited for included.
    pub fn get(&self, pid: u32) -> Option<Arc<Process>> {
        self.all.lock().by_pid.get(&pid).cloned()
    }

    /// All of them.
    pub fn list(&self) -> Vec<Arc<Process>> {
        self.all.lock().by_pid.values().cloned().collect()
    }

    /// The numbers of all that have not ended, `me` last.
    pub fn group(&self, me: &Process) -> Vec<u32> {
        let all = self.all.lock();
        let others = all.by_pid.values().filter(|p| !p.is_dead() && p.pid != me.pid).map(|p| p.pid);
        others.chain([me.pid]).collect()
    }

    /// Whether there is, or was, more than one.
    pub fn many(&self) -> bool {
        self.all.lock().many
    }

    /// How many have not ended.
    pub fn alive(&self) -> usize {
        self.all.lock().alive
    }

    /// Ends a process; `None` where it has ended already.
    pub fn end(&self, process: &Arc<Process>, status: i32) -> Option<Ending> {
        let mut all = self.all.lock();
        let mut ending = process.end(status)?;
        all.alive -= 1;
        ending.last = all.alive == 0;
        // its children are nobody's: those that have ended are forgotten
        let orphans: Vec<u32> = all.by_pid.values().filter(|p| p.ppid() == process.pid).map(|p| p.pid).collect();
        for pid in orphans {
            let Some(orphan) = all.by_pid.get(&pid) else { continue };
            orphan.ppid.store(1, Ordering::Relaxed);
            if orphan.is_dead() {
                all.by_pid.remove(&pid);
            }
        }
        let parent = all.by_pid.get(&process.ppid()).filter(|p| !p.is_dead()).cloned();
        match &parent {
            Some(parent) => {
                let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut all.waiting).into_iter().partition(|w| w.0 == parent.pid);
                all.waiting = later;
                ending.wake.extend(now.into_iter().map(|w| w.1));
            }
            // the root stays, so that its number stays taken
            None if process.main != Tid::MAIN => drop(all.by_pid.remove(&process.pid)),
            None => {}
        }
        ending.sigchld = parent;
        Some(ending)
    }

    /// Takes note of the end of a child of `parent`: of the one with this number, or (`None`) of any, the oldest first. `wait`: who is to be
    /// woken at the next end of a child, where none has ended yet.
    pub fn take_ended(&self, parent: &Process, which: Option<u32>, wait: Option<Tid>) -> Child {
        let mut all = self.all.lock();
        let mut children = all.by_pid.values().filter(|p| p.ppid() == parent.pid && which.is_none_or(|pid| p.pid == pid)).peekable();
        if children.peek().is_none() {
            return Child::None;
        }
        let ended = children.find_map(|p| p.status().map(|status| (p.pid, status)));
        match ended {
            Some((pid, status)) => {
                all.by_pid.remove(&pid);
                Child::Ended(pid, status)
            }
            None => {
                if let Some(me) = wait
                    && !all.waiting.contains(&(parent.pid, me))
                {
                    all.waiting.push((parent.pid, me));
                }
                Child::Living
            }
        }
    }

    /// Who waited for children and waits no more.
    pub fn wait_no_more(&self, parent: &Process, me: Tid) {
        self.all.lock().waiting.retain(|w| *w != (parent.pid, me));
    }
}

/// What a signal does that nobody watches.
pub fn is_ignored_by_default(signum: i32) -> bool {
    [libc::SIGCHLD, libc::SIGURG, libc::SIGWINCH, libc::SIGCONT].contains(&signum)
}

/// Adds up the processor time of a process's threads that have left.
pub fn spend(process: &Process, ns: Ns) {
    process.spent.fetch_add(ns, Ordering::Relaxed);
}

/// A file that becomes readable when a process has ended, like a `pidfd`.
pub struct Sentinel(pub Arc<Process>);

impl Sentinel {
    /// Its handle.
    pub fn handle(process: Arc<Process>) -> Handle {
        Arc::new(Sentinel(process))
    }
}

impl File for Sentinel {
    fn read(&self, _me: Tid, _buf: &mut [u8]) -> OsResult<usize> {
        if self.0.is_dead() { Ok(0) } else { Err(OsError::new(libc::EAGAIN)) }
    }
    fn write(&self, _me: Tid, _data: &[u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EBADF))
    }
    fn stat(&self) -> OsResult<FileStat> {
        Ok(FileStat { mode: libc::S_IFIFO | 0o600, nlink: 1, blksize: 4096, ..FileStat::default() })
    }
    fn set_blocking(&self, _blocking: bool) -> OsResult<()> {
        Ok(())
    }
    fn blocking(&self) -> bool {
        false
    }
    fn ready(&self, want: Interest) -> Interest {
        (Interest::READ.when(self.0.is_dead())).told(want)
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
