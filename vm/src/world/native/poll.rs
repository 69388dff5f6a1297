//! Waiting for descriptors of the host: poll(2) together with the thread's wake descriptor.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::Ordering;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::super::ready::{Interest, PollEntry, Watcher};
use super::super::{Blocked, Ns, OsError, OsResult, Tid, WaitKind, Wake};
use super::slot::{EMPTY, POLLING, Slot, Waiting};
use super::threads::Threads;

const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };

fn flags_of(want: Interest) -> PollFlags {
    let mut flags = PollFlags::empty();
    flags.set(PollFlags::IN, want.contains(Interest::READ));
    flags.set(PollFlags::OUT, want.contains(Interest::WRITE));
    flags.set(PollFlags::PRI, want.contains(Interest::PRIORITY));
    flags.set(PollFlags::RDHUP, want.contains(Interest::PEER_CLOSED));
    flags
}

fn interest_of(flags: PollFlags) -> Interest {
    Interest::READ.when(flags.contains(PollFlags::IN))
        | Interest::WRITE.when(flags.contains(PollFlags::OUT))
        | Interest::PRIORITY.when(flags.contains(PollFlags::PRI))
        | Interest::PEER_CLOSED.when(flags.contains(PollFlags::RDHUP))
        | Interest::HANG_UP.when(flags.contains(PollFlags::HUP))
        | Interest::ERROR.when(flags.intersects(PollFlags::ERR | PollFlags::NVAL))
}

/// What of `want` the kernel says of a descriptor now.
pub fn ready_now(fd: BorrowedFd<'_>, want: Interest) -> Interest {
    let mut fds = [PollFd::from_borrowed_fd(fd, flags_of(want))];
    match poll(&mut fds, Some(&NOW)) {
        Ok(1..) => interest_of(fds[0].revents()),
        _ => Interest::NONE,
    }
}

/// Whether a read of the descriptor would not wait.
pub fn readable_now(fd: &OwnedFd) -> bool {
    ready_now(fd.as_fd(), Interest::READ).contains(Interest::READ)
}

impl Threads {
    /// [`World::poll`](super::super::World::poll) natively.
    pub fn poll_files(&self, me: Tid, files: &mut [PollEntry], deadline: Option<Ns>, why: &Blocked) -> Wake {
        let who = Watcher::Thread(me);
        files.iter().for_each(|entry| entry.file.watch(who.clone(), entry.want));
        let wake = match look(files) {
            true => Wake::Unparked,
            false => {
                let wake = self.wait_for_files(me, files, deadline, why);
                look(files);
                wake
            }
        };
        files.iter().for_each(|entry| entry.file.unwatch(&who));
        wake
    }

    fn wait_for_files(&self, me: Tid, files: &[PollEntry], deadline: Option<Ns>, why: &Blocked) -> Wake {
        let of_host = files.iter().filter_map(|entry| Some((entry.file.host_fd()?, flags_of(entry.want))));
        let fds: Vec<PollFd<'_>> = of_host.map(|(fd, flags)| PollFd::from_borrowed_fd(fd, flags)).collect();
        let mut why = why.clone();
        why.outside |= files.iter().any(|entry| entry.file.outside());
        if fds.is_empty() { self.park(me, deadline, &why) } else { self.poll_fds(me, &fds, deadline, why).0 }
    }

    /// Waits until `fd` is ready for `events`. `EINTR` when interrupted, `ECANCELED` when killed, `ETIMEDOUT` at the deadline.
    pub fn wait_ready(&self, me: Tid, fd: impl AsFd, events: PollFlags, deadline: Option<Ns>, note: &'static str) -> OsResult<()> {
        loop {
            let fds = [PollFd::new(&fd, events)];
            let (wake, ready) = self.poll_fds(me, &fds, deadline, Blocked::outside(WaitKind::Io, note));
            match wake {
                Wake::Killed => return Err(OsError::new(libc::ECANCELED)),
                Wake::Interrupted => return Err(OsError::new(libc::EINTR)),
                Wake::TimedOut => return Err(OsError::new(libc::ETIMEDOUT)),
                Wake::Unparked if ready => return Ok(()),
                Wake::Unparked => {}
            }
        }
    }

    /// Waits until one of `fds` is ready (the second half of the answer), the thread is unparked, the deadline.
    fn poll_fds(&self, me: Tid, fds: &[PollFd<'_>], deadline: Option<Ns>, why: Blocked) -> (Wake, bool) {
        let Some(slot) = self.slot(me) else {
            return (Wake::Killed, false);
        };
        slot.process.pause(|tid| self.unpark(tid));
        *slot.waiting.lock() = Some(Waiting { why, since: self.now(), deadline });
        let answer = self.poll_with_slot(&slot, fds, deadline);
        *slot.waiting.lock() = None;
        answer
    }

    fn poll_with_slot(&self, slot: &Slot, fds: &[PollFd<'_>], deadline: Option<Ns>) -> (Wake, bool) {
        let Ok(wake_fd) = slot.wake_fd() else {
            return (Wake::Unparked, true);
        };
        let mut all: Vec<PollFd<'_>> = fds.to_vec();
        all.push(PollFd::new(wake_fd, PollFlags::IN));
        loop {
            if let Some(wake) = self.answer_at_once(slot, true) {
                return (wake, false);
            }
            if slot.state.compare_exchange(EMPTY, POLLING, Ordering::SeqCst, Ordering::SeqCst).is_err() {
                continue;
            }
            let polled = poll(&mut all, self.left_until(deadline).as_ref());
            let roused = all.last().is_some_and(|last| !last.revents().is_empty());
            let token = slot.state.compare_exchange(POLLING, EMPTY, Ordering::SeqCst, Ordering::SeqCst).is_err();
            if token || roused {
                // The waker writes after it has set the token: this read waits for it if need be.
                let _ = rustix::io::read(wake_fd, &mut [0u8; 8]);
            }
            match polled {
                Ok(n) if n > usize::from(roused) => {
                    // the signal came first, as far as can be told
                    let interrupted = slot.interrupted.swap(false, Ordering::SeqCst);
                    return (if interrupted { Wake::Interrupted } else { Wake::Unparked }, true);
                }
                Ok(_) | Err(rustix::io::Errno::INTR) if !token && deadline.is_some_and(|at| self.now() >= at) => return (Wake::TimedOut, false),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return (Wake::Unparked, true),
            }
        }
    }

    fn left_until(&self, deadline: Option<Ns>) -> Option<Timespec> {
        let left = deadline?.saturating_sub(self.now());
        Some(Timespec { tv_sec: (left / 1_000_000_000) as i64, tv_nsec: (left % 1_000_000_000) as _ })
    }
}

/// Fills in what is ready, the host's descriptors by one call; whether anything is.
fn look(files: &mut [PollEntry]) -> bool {
    let mut from_host = ask_host(files).into_iter();
    let mut any = false;
    for entry in files.iter_mut() {
        entry.got = match entry.file.host_fd() {
            Some(_) => from_host.next().unwrap_or(Interest::NONE),
            None => entry.file.ready(entry.want),
        };
        any |= !entry.got.is_empty();
    }
    any
}

fn ask_host(files: &[PollEntry]) -> Vec<Interest> {
    let of_host = files.iter().filter_map(|entry| Some((entry.file.host_fd()?, flags_of(entry.want))));
    let mut fds: Vec<PollFd<'_>> = of_host.map(|(fd, flags)| PollFd::from_borrowed_fd(fd, flags)).collect();
    if fds.is_empty() || poll(&mut fds, Some(&NOW)).is_err() {
        return Vec::new();
    }
    fds.iter().map(|fd| interest_of(fd.revents())).collect()
}
