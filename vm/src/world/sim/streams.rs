//! Standard streams and pipes of the simulated world.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::super::{Blocked, File, FileStat, Handle, Interest, OsError, OsResult, Tid, WaitKind, Wake, Watcher, Watchers, Whence};
use super::Core;

/// What standard input holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// Nothing ever comes: a read waits for the outside.
    Silent,
}

/// Where standard output and error go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Output {
    /// Kept for [`super::SimWorld::take_output`].
    Capture,
    /// To the host's streams, at once.
    PassOn,
}

/// The three standard streams.
pub struct Streams {
    stdin: Handle,
    out: [Arc<Sink>; 2],
    read: Arc<AtomicBool>,
}

impl Streams {
    pub fn new(input: Input, output: Output, core: Arc<Core>) -> Streams {
        let (silent, bytes) = match input {
            Input::Bytes(bytes) => (false, bytes),
            Input::Silent => (true, Vec::new()),
        };
        let read: Arc<AtomicBool> = Arc::default();
        let stdin = Source { read: read.clone(), left: Mutex::new(VecDeque::from(bytes)), silent, core, blocking: AtomicBool::new(true) };
        let sink = |n| Arc::new(Sink { n, output, written: Mutex::new(Vec::new()), used: AtomicBool::new(false) });
        Streams { stdin: Arc::new(stdin), out: [sink(1), sink(2)], read }
    }

    pub fn handle(&self, n: u32) -> Handle {
        match n {
            0 => Arc::clone(&self.stdin),
            1 => self.out[0].clone(),
            _ => self.out[1].clone(),
        }
    }

    /// Whether anything was read or written.
    pub fn were_used(&self) -> bool {
        self.read.load(Ordering::Relaxed) || self.out.iter().any(|sink| sink.used.load(Ordering::Relaxed))
    }

    pub fn take(&self, n: u32) -> Vec<u8> {
        let sink = if n == 2 { &self.out[1] } else { &self.out[0] };
        std::mem::take(&mut sink.written.lock())
    }
}

/// The waits of a stream: what a finished park means for a read or write.
pub(super) fn carry_on(wake: Wake) -> OsResult<()> {
    match wake {
        Wake::Killed => Err(OsError::new(libc::ECANCELED)),
        Wake::Interrupted => Err(OsError::new(libc::EINTR)),
        Wake::Unparked | Wake::TimedOut => Ok(()),
    }
}

fn fifo_stat() -> FileStat {
    FileStat { mode: libc::S_IFIFO | 0o600, nlink: 1, uid: super::overlay::OWNER, gid: super::overlay::OWNER, blksize: 4096, ..FileStat::default() }
}

const NOT_SEEKABLE: OsError = OsError::new(libc::ESPIPE);
const NOT_OPEN_SO: OsError = OsError::new(libc::EBADF);

struct Source {
    /// Whether anybody has tried.
    read: Arc<AtomicBool>,
    left: Mutex<VecDeque<u8>>,
    silent: bool,
    core: Arc<Core>,
    blocking: AtomicBool,
}

struct Sink {
    n: u32,
    output: Output,
    written: Mutex<Vec<u8>>,
    used: AtomicBool,
}

/// The methods that make no sense on a stream without position.
macro_rules! stream_methods {
    () => {
        fn pread(&self, _buf: &mut [u8], _offset: u64) -> OsResult<usize> {
            Err(NOT_SEEKABLE)
        }

        fn pwrite(&self, _data: &[u8], _offset: u64) -> OsResult<usize> {
            Err(NOT_SEEKABLE)
        }

        fn seek(&self, _offset: i64, _whence: Whence) -> OsResult<u64> {
            Err(NOT_SEEKABLE)
        }

        fn truncate(&self, _len: u64) -> OsResult<()> {
            Err(OsError::new(libc::EINVAL))
        }

        fn sync(&self) -> OsResult<()> {
            Err(OsError::new(libc::EINVAL))
        }

        fn isatty(&self) -> bool {
            false
        }

        fn stat(&self) -> OsResult<FileStat> {
            Ok(fifo_stat())
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    };
}

impl File for Source {
    fn read(&self, me: Tid, buf: &mut [u8]) -> OsResult<usize> {
        self.read.store(true, Ordering::Relaxed);
        loop {
            let n = drain(&mut self.left.lock(), buf);
            if n > 0 || !self.silent || buf.is_empty() {
                return Ok(n);
            }
            if !self.blocking() {
                return Err(OsError::new(libc::EAGAIN));
            }
            carry_on(self.core.park(me, None, &Blocked::outside(WaitKind::Io, "standard input")))?;
        }
    }

    fn write(&self, _me: Tid, _data: &[u8]) -> OsResult<usize> {
        Err(NOT_OPEN_SO)
    }

    stream_methods!();

    fn set_blocking(&self, blocking: bool) -> OsResult<()> {
        self.blocking.store(blocking, Ordering::Relaxed);
        Ok(())
    }

    fn blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    fn ready(&self, want: Interest) -> Interest {
        Interest::READ.when(!self.silent || !self.left.lock().is_empty()).told(want)
    }

    fn outside(&self) -> bool {
        self.silent
    }
}

impl File for Sink {
    fn read(&self, _me: Tid, _buf: &mut [u8]) -> OsResult<usize> {
        Err(NOT_OPEN_SO)
    }

    fn write(&self, _me: Tid, data: &[u8]) -> OsResult<usize> {
        self.used.store(true, Ordering::Relaxed);
        match self.output {
            Output::Capture => {
                let mut written = self.written.lock();
                written.try_reserve(data.len()).map_err(|_| OsError::new(libc::ENOSPC))?;
                written.extend_from_slice(data);
                Ok(data.len())
            }
            Output::PassOn if self.n == 1 => Ok(rustix::io::write(rustix::stdio::stdout(), data)?),
            Output::PassOn => Ok(rustix::io::write(rustix::stdio::stderr(), data)?),
        }
    }

    stream_methods!();

    fn set_blocking(&self, _blocking: bool) -> OsResult<()> {
        Ok(())
    }

    fn blocking(&self) -> bool {
        true
    }
}

fn drain(from: &mut VecDeque<u8>, buf: &mut [u8]) -> usize {
    let n = from.len().min(buf.len());
    for (to, byte) in buf.iter_mut().zip(from.drain(..n)) {
        *to = byte;
    }
    n
}

/// Bytes that a pipe holds, as on Linux.
const CAPACITY: usize = 64 << 10;
/// What fits in one atomic write is not split.
const ATOMIC: usize = 4096;

struct PipeState {
    data: VecDeque<u8>,
    read_end: bool,
    write_end: bool,
}

impl PipeState {
    fn ready(&self, writes: bool) -> Interest {
        if writes {
            let room = CAPACITY - self.data.len().min(CAPACITY);
            Interest::WRITE.when(room >= ATOMIC || !self.read_end) | Interest::ERROR.when(!self.read_end)
        } else {
            Interest::READ.when(!self.data.is_empty()) | Interest::HANG_UP.when(!self.write_end)
        }
    }
}

struct PipeCore {
    state: Mutex<PipeState>,
    /// Of either end.
    watchers: Watchers,
    core: Arc<Core>,
}

struct PipeEnd {
    pipe: Arc<PipeCore>,
    writes: bool,
    blocking: AtomicBool,
}

/// A pipe in memory: (read end, write end).
pub fn pipe(core: Arc<Core>) -> (Handle, Handle) {
    let state = PipeState { data: VecDeque::new(), read_end: true, write_end: true };
    let pipe = Arc::new(PipeCore { state: Mutex::new(state), watchers: Watchers::default(), core });
    let end = |writes| PipeEnd { pipe: Arc::clone(&pipe), writes, blocking: AtomicBool::new(true) };
    (Arc::new(end(false)), Arc::new(end(true)))
}

impl PipeCore {
    /// Tries until `step` has a result, parking in between.
    fn until<T>(&self, me: Tid, blocking: bool, note: &'static str, mut step: impl FnMut(&mut PipeState) -> Option<OsResult<T>>) -> OsResult<T> {
        let who = Watcher::Thread(me);
        loop {
            {
                let mut state = self.state.lock();
                if let Some(result) = step(&mut state) {
                    drop(state);
                    self.wake();
                    return result;
                }
                if !blocking {
                    return Err(OsError::new(libc::EAGAIN));
                }
                self.watchers.add(who.clone(), Interest::READ | Interest::WRITE);
            }
            let mut why = Blocked::new(WaitKind::Io, 0);
            why.note = note.into();
            let wake = self.core.park(me, None, &why);
            self.watchers.remove(&who);
            carry_on(wake)?;
        }
    }

    /// Either end may have become ready for anything.
    fn wake(&self) {
        self.watchers.wake(Interest::READ | Interest::WRITE, &|tid| self.core.with(|machine| machine.unpark(tid)));
    }
}

impl File for PipeEnd {
    fn read(&self, me: Tid, buf: &mut [u8]) -> OsResult<usize> {
        if self.writes {
            return Err(NOT_OPEN_SO);
        }
        self.pipe.until(me, self.blocking(), "data in a pipe", |state| match drain(&mut state.data, buf) {
            0 if state.write_end && !buf.is_empty() => None,
            n => Some(Ok(n)),
        })
    }

    fn write(&self, me: Tid, data: &[u8]) -> OsResult<usize> {
        if !self.writes {
            return Err(NOT_OPEN_SO);
        }
        let mut done = 0;
        loop {
            let rest = &data[done..];
            let written = self.pipe.until(me, self.blocking(), "room in a pipe", |state| {
                if !state.read_end {
                    return Some(Err(OsError::new(libc::EPIPE)));
                }
                let room = CAPACITY - state.data.len().min(CAPACITY);
                if room == 0 || (data.len() <= ATOMIC && room < rest.len()) {
                    return None;
                }
                let n = room.min(rest.len());
                state.data.extend(&rest[..n]);
                Some(Ok(n))
            });
            match written {
                Ok(n) => done += n,
                Err(_) if done > 0 => return Ok(done),
                Err(e) => return Err(e),
            }
            if done == data.len() || !self.blocking() {
                return Ok(done);
            }
        }
    }

    stream_methods!();

    fn set_blocking(&self, blocking: bool) -> OsResult<()> {
        self.blocking.store(blocking, Ordering::Relaxed);
        Ok(())
    }

    fn blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    fn ready(&self, want: Interest) -> Interest {
        self.pipe.state.lock().ready(self.writes).told(want)
    }

    fn watch(&self, who: Watcher, want: Interest) {
        self.pipe.watchers.add(who, want);
    }

    fn unwatch(&self, who: &Watcher) {
        self.pipe.watchers.remove(who);
    }
}

impl Drop for PipeEnd {
    fn drop(&mut self) {
        {
            let mut state = self.pipe.state.lock();
            if self.writes {
                state.write_end = false;
            } else {
                state.read_end = false;
            }
        }
        self.pipe.wake();
    }
}
