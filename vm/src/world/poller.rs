//! A standing poller: thousands of files, of which a wait costs only those that are ready (epoll(7)).
//!
//! Files of the host's kernel are in an epoll object of the host; files in memory tell the poller by [`Poller::notice`], which puts their key on
//! a list of candidates. A wait looks at the candidates only. A poller keeps no file open: an entry whose file is gone is no entry.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};

use super::files::{File, FileStat, Handle, OsError, OsResult};
use super::ready::{Interest, PollEntry, Watcher, Watchers};
use super::{Blocked, Ns, Tid, Wake, World};

/// How an entry tells that its file is ready.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PollMode {
    /// Only when readiness has changed (`EPOLLET`).
    pub edge: bool,
    /// Once, until the entry is modified (`EPOLLONESHOT`).
    pub once: bool,
}

struct Entry {
    file: Weak<dyn File>,
    want: Interest,
    mode: PollMode,
    /// Whether it has told once and is silent now.
    spent: bool,
    /// Whether the host polls it.
    host: bool,
}

#[derive(Default)]
struct State {
    entries: BTreeMap<u64, Entry>,
    /// Keys of files in memory that may be ready, in the order in which they told so.
    candidates: VecDeque<u64>,
    queued: BTreeSet<u64>,
    /// Keys of files that the outside can make ready.
    outside: Vec<u64>,
}

impl State {
    fn alive(&self, key: u64) -> Option<(&Entry, Handle)> {
        let entry = self.entries.get(&key)?;
        Some((entry, entry.file.upgrade()?))
    }

    fn queue(&mut self, key: u64) {
        if self.queued.insert(key) {
            self.candidates.push_back(key);
        }
    }
}

/// See the module's page. A [`File`] itself: ready to be read when one of its files is ready.
pub struct Poller {
    me: Weak<Poller>,
    state: Mutex<State>,
    watchers: Watchers,
    host: OnceLock<OwnedFd>,
}

impl Poller {
    /// A poller without files.
    pub fn new() -> Arc<Poller> {
        Arc::new_cyclic(|me| Poller { me: me.clone(), state: Mutex::default(), watchers: Watchers::default(), host: OnceLock::new() })
    }

    /// The poller as its owners hold it; `None` while it is being dropped.
    pub fn shared(&self) -> Option<Arc<Poller>> {
        self.me.upgrade()
    }

    /// Enters a file under a key of the caller's.
    ///
    /// # Errors
    /// `EEXIST` where the key is in use by a file that is still open, `EPERM` for a file that is always ready.
    pub fn add(self: &Arc<Poller>, key: u64, file: &Handle, want: Interest, mode: PollMode) -> OsResult<()> {
        if !file.pollable() {
            return Err(OsError::new(libc::EPERM));
        }
        if self.state.lock().alive(key).is_some() {
            return Err(OsError::new(libc::EEXIST));
        }
        let host = file.host_fd().is_some();
        if let Some(fd) = file.host_fd() {
            epoll::add(self.host()?, fd, EventData::new_u64(key), event_flags(want, mode))?;
        }
        let entry = Entry { file: Arc::downgrade(file), want, mode, spent: false, host };
        self.state.lock().entries.insert(key, entry);
        self.begin(key, file, want);
        Ok(())
    }

    /// Changes what a file is watched for. `ENOENT`.
    pub fn modify(self: &Arc<Poller>, key: u64, want: Interest, mode: PollMode) -> OsResult<()> {
        let file = {
            let mut state = self.state.lock();
            let Some((_, file)) = state.alive(key) else { return Err(OsError::new(libc::ENOENT)) };
            if let Some(entry) = state.entries.get_mut(&key) {
                (entry.want, entry.mode, entry.spent) = (want, mode, false);
            }
            file
        };
        if let Some(fd) = file.host_fd() {
            epoll::modify(self.host()?, fd, EventData::new_u64(key), event_flags(want, mode))?;
        }
        self.begin(key, &file, want);
        Ok(())
    }

    /// Takes a file out. `ENOENT`.
    pub fn remove(self: &Arc<Poller>, key: u64) -> OsResult<()> {
        let entry = self.state.lock().entries.remove(&key);
        let Some(file) = entry.and_then(|entry| entry.file.upgrade()) else { return Err(OsError::new(libc::ENOENT)) };
        file.unwatch(&self.as_watcher(key));
        if let Some(fd) = file.host_fd() {
            epoll::delete(self.host()?, fd)?;
        }
        Ok(())
    }

    /// How many files are in it that are still open.
    pub fn len(&self) -> usize {
        self.state.lock().entries.values().filter(|entry| entry.file.strong_count() > 0).count()
    }

    /// Whether no open file is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn as_watcher(self: &Arc<Poller>, key: u64) -> Watcher {
        Watcher::Poller(Arc::downgrade(self), key)
    }

    fn begin(self: &Arc<Poller>, key: u64, file: &Handle, want: Interest) {
        file.watch(self.as_watcher(key), want);
        let mut state = self.state.lock();
        state.outside.retain(|k| *k != key);
        if file.outside() {
            state.outside.push(key);
        }
        if file.host_fd().is_none() {
            state.queue(key);
        }
    }

    /// A file in memory may have become ready.
    pub(super) fn notice(&self, key: u64, unpark: &dyn Fn(Tid)) {
        {
            let mut state = self.state.lock();
            match state.entries.get(&key) {
                Some(entry) if !entry.spent => state.queue(key),
                _ => return,
            }
        }
        self.watchers.wake(Interest::READ, unpark);
    }

    fn host(&self) -> OsResult<&OwnedFd> {
        if self.host.get().is_none() {
            let _ = self.host.set(epoll::create(epoll::CreateFlags::CLOEXEC)?);
        }
        self.host.get().ok_or(OsError::new(libc::EBADF))
    }

    /// What is ready now, at most `max`: key and what could be done.
    pub fn collect(&self, max: usize) -> OsResult<Vec<(u64, Interest)>> {
        let mut found = self.collect_memory(max);
        if found.len() < max {
            self.collect_host(max - found.len(), &mut found)?;
        }
        Ok(found)
    }

    fn collect_memory(&self, max: usize) -> Vec<(u64, Interest)> {
        let mut found = Vec::new();
        let mut looked_at = self.state.lock().candidates.len();
        while looked_at > 0 && found.len() < max {
            looked_at -= 1;
            let Some((key, want, mode, file)) = self.take_candidate() else { continue };
            let got = file.ready(want);
            if got.is_empty() {
                continue;
            }
            found.push((key, got));
            let mut state = self.state.lock();
            if mode.once {
                if let Some(entry) = state.entries.get_mut(&key) {
                    entry.spent = true;
                }
            } else if !mode.edge {
                state.queue(key);
            }
        }
        found
    }

    fn take_candidate(&self) -> Option<(u64, Interest, PollMode, Handle)> {
        let mut state = self.state.lock();
        let key = state.candidates.pop_front()?;
        state.queued.remove(&key);
        let (entry, file) = state.alive(key)?;
        let told = (key, entry.want, entry.mode, file);
        (!entry.spent).then_some(told)
    }

    fn collect_host(&self, max: usize, found: &mut Vec<(u64, Interest)>) -> OsResult<()> {
        let Some(host) = self.host.get() else { return Ok(()) };
        let mut events = Vec::with_capacity(max.min(1024));
        let at_once = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
        epoll::wait(host, spare_capacity(&mut events), Some(&at_once))?;
        found.extend(events.iter().map(|event| (event.data.u64(), interest_of(event.flags))));
        Ok(())
    }

    /// Waits until a file is ready, the deadline, an interrupt, the end; without the GIL. `Wake::Unparked` with an empty list: the thread
    /// was unparked for another reason, or for none.
    pub fn wait(self: &Arc<Poller>, world: &dyn World, me: Tid, deadline: Option<Ns>, max: usize, why: &Blocked) -> OsResult<(Wake, Vec<(u64, Interest)>)> {
        let found = self.collect(max)?;
        if !found.is_empty() {
            return Ok((Wake::Unparked, found));
        }
        let handle: Handle = self.clone();
        let wake = world.poll(me, &mut [PollEntry::new(handle, Interest::READ)], deadline, why);
        match wake {
            Wake::Unparked | Wake::TimedOut => Ok((wake, self.collect(max)?)),
            other => Ok((other, Vec::new())),
        }
    }

    fn has_host_files(&self) -> bool {
        self.host.get().is_some() && self.state.lock().entries.values().any(|entry| entry.host && entry.file.strong_count() > 0)
    }
}

const NOT_SO: OsError = OsError::new(libc::EINVAL);

impl File for Poller {
    fn read(&self, _me: Tid, _buf: &mut [u8]) -> OsResult<usize> {
        Err(NOT_SO)
    }

    fn write(&self, _me: Tid, _data: &[u8]) -> OsResult<usize> {
        Err(NOT_SO)
    }

    fn truncate(&self, _len: u64) -> OsResult<()> {
        Err(NOT_SO)
    }

    fn sync(&self) -> OsResult<()> {
        Err(NOT_SO)
    }

    fn stat(&self) -> OsResult<FileStat> {
        Ok(FileStat { mode: 0o600, nlink: 1, blksize: 4096, ..FileStat::default() })
    }

    fn set_blocking(&self, _blocking: bool) -> OsResult<()> {
        Ok(())
    }

    fn blocking(&self) -> bool {
        true
    }

    fn ready(&self, want: Interest) -> Interest {
        let keys: Vec<u64> = self.state.lock().candidates.iter().copied().collect();
        let in_memory = keys.into_iter().any(|key| {
            let state = self.state.lock();
            let found = state.alive(key).filter(|(entry, _)| !entry.spent).map(|(entry, file)| (entry.want, file));
            drop(state);
            found.is_some_and(|(want, file)| !file.ready(want).is_empty())
        });
        let ready = in_memory || self.host.get().is_some_and(super::native::readable_now);
        Interest::READ.when(ready).told(want)
    }

    fn watch(&self, who: Watcher, want: Interest) {
        self.watchers.add(who, want);
    }

    fn unwatch(&self, who: &Watcher) {
        self.watchers.remove(who);
    }

    fn host_fd(&self) -> Option<BorrowedFd<'_>> {
        self.has_host_files().then(|| self.host.get().map(AsFd::as_fd)).flatten()
    }

    fn outside(&self) -> bool {
        let state = self.state.lock();
        state.outside.iter().any(|key| state.alive(*key).is_some_and(|(_, file)| file.outside()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn event_flags(want: Interest, mode: PollMode) -> EventFlags {
    let mut flags = EventFlags::empty();
    flags.set(EventFlags::IN, want.contains(Interest::READ));
    flags.set(EventFlags::OUT, want.contains(Interest::WRITE));
    flags.set(EventFlags::PRI, want.contains(Interest::PRIORITY));
    flags.set(EventFlags::RDHUP, want.contains(Interest::PEER_CLOSED));
    flags.set(EventFlags::ET, mode.edge);
    flags.set(EventFlags::ONESHOT, mode.once);
    flags
}

fn interest_of(flags: EventFlags) -> Interest {
    Interest::READ.when(flags.contains(EventFlags::IN))
        | Interest::WRITE.when(flags.contains(EventFlags::OUT))
        | Interest::PRIORITY.when(flags.contains(EventFlags::PRI))
        | Interest::PEER_CLOSED.when(flags.contains(EventFlags::RDHUP))
        | Interest::HANG_UP.when(flags.contains(EventFlags::HUP))
        | Interest::ERROR.when(flags.contains(EventFlags::ERR))
}
