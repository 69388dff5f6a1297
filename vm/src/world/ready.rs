//! Readiness: what a file could do now without waiting, and who wants to be told when that changes.
//!
//! A wait loses no change if it watches first and looks afterwards: `watch`, then [`File::ready`](super::File::ready), then a park.
//! Files in memory tell their watchers themselves; what the host's kernel holds is polled there ([`File::host_fd`](super::File::host_fd)).

use std::fmt;
use std::ops::{BitAnd, BitOr, BitOrAssign, Not};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::poller::Poller;
use super::{Handle, Tid};

/// What somebody wants to do with a file, or could do: a set.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Interest(pub u8);

impl Interest {
    /// Nothing.
    pub const NONE: Interest = Interest(0);
    /// A read would not wait: data, the end, a connection to accept, an error.
    pub const READ: Interest = Interest(1);
    /// A write would not wait.
    pub const WRITE: Interest = Interest(2);
    /// Urgent data.
    pub const PRIORITY: Interest = Interest(4);
    /// The peer writes no more (`EPOLLRDHUP`).
    pub const PEER_CLOSED: Interest = Interest(8);
    /// The other end is gone (`POLLHUP`). Told whether asked for or not.
    pub const HANG_UP: Interest = Interest(16);
    /// There is an error to be fetched, or nobody reads any more (`POLLERR`). Told whether asked for or not.
    pub const ERROR: Interest = Interest(32);
    /// What is told whether asked for or not.
    pub const ALWAYS: Interest = Interest(16 | 32);

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the two have something in common.
    pub const fn meets(self, other: Interest) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether all of `other` is in it.
    pub const fn contains(self, other: Interest) -> bool {
        self.0 & other.0 == other.0
    }

    /// `self` if `when`, else nothing.
    pub const fn when(self, when: bool) -> Interest {
        if when { self } else { Interest::NONE }
    }

    /// What of `self` somebody who wants `want` is told.
    pub fn told(self, want: Interest) -> Interest {
        self & (want | Interest::ALWAYS)
    }
}

impl BitOr for Interest {
    type Output = Interest;
    fn bitor(self, other: Interest) -> Interest {
        Interest(self.0 | other.0)
    }
}

impl BitOrAssign for Interest {
    fn bitor_assign(&mut self, other: Interest) {
        self.0 |= other.0;
    }
}

impl BitAnd for Interest {
    type Output = Interest;
    fn bitand(self, other: Interest) -> Interest {
        Interest(self.0 & other.0)
    }
}

impl Not for Interest {
    type Output = Interest;
    fn not(self) -> Interest {
        Interest(!self.0 & 63)
    }
}

impl fmt::Debug for Interest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["READ", "WRITE", "PRIORITY", "PEER_CLOSED", "HANG_UP", "ERROR"];
        let set: Vec<_> = names.iter().enumerate().filter(|(i, _)| self.0 >> i & 1 != 0).map(|(_, name)| *name).collect();
        write!(f, "{}", if set.is_empty() { "NONE".to_owned() } else { set.join("|") })
    }
}

/// One file of a [`World::poll`](super::World::poll).
#[derive(Clone)]
pub struct PollEntry {
    /// The file.
    pub file: Handle,
    /// What for.
    pub want: Interest,
    /// What came of it.
    pub got: Interest,
}

impl PollEntry {
    /// A file and what for.
    pub fn new(file: Handle, want: Interest) -> PollEntry {
        PollEntry { file, want, got: Interest::NONE }
    }
}

/// Who is told when a file's readiness may have changed.
#[derive(Clone)]
pub enum Watcher {
    /// A thread: it is unparked.
    Thread(Tid),
    /// A standing poller, under the key by which it knows the file.
    Poller(Weak<Poller>, u64),
}

impl PartialEq for Watcher {
    fn eq(&self, other: &Watcher) -> bool {
        match (self, other) {
            (Watcher::Thread(a), Watcher::Thread(b)) => a == b,
            (Watcher::Poller(a, x), Watcher::Poller(b, y)) => x == y && Weak::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// The watchers of one file in memory. Whoever changes the file's readiness calls [`Watchers::wake`] afterwards, holding no lock that
/// an unpark or the file's `ready` takes.
#[derive(Default)]
pub struct Watchers(Mutex<Vec<(Watcher, Interest)>>);

impl Watchers {
    /// Adds a watcher; of one who watches already, changes what for.
    pub fn add(&self, who: Watcher, want: Interest) {
        let mut all = self.0.lock();
        match all.iter_mut().find(|(w, _)| *w == who) {
            Some((_, wanted)) => *wanted = want,
            None => all.push((who, want)),
        }
    }

    /// Takes a watcher out.
    pub fn remove(&self, who: &Watcher) {
        self.0.lock().retain(|(w, _)| w != who);
    }

    /// Whether nobody watches.
    pub fn is_empty(&self) -> bool {
        self.0.lock().is_empty()
    }

    /// Tells those who want some of `changed`, and everybody of hang-ups and errors.
    pub fn wake(&self, changed: Interest, unpark: &dyn Fn(Tid)) {
        let told: Vec<Watcher> = {
            let mut all = self.0.lock();
            all.retain(|(who, _)| !matches!(who, Watcher::Poller(poller, _) if poller.strong_count() == 0));
            let wanted = all.iter().filter(|(_, want)| changed.meets(*want | Interest::ALWAYS));
            wanted.map(|(who, _)| who.clone()).collect()
        };
        for who in told {
            match who {
                Watcher::Thread(tid) => unpark(tid),
                Watcher::Poller(poller, key) => {
                    if let Some(poller) = Weak::upgrade(&poller) {
                        Arc::as_ref(&poller).notice(key, unpark);
                    }
                }
            }
        }
    }
}
