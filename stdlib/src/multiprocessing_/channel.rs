//! A pipe that carries whole messages between the threads of one machine, of whichever process.
//!
//! Messages are byte strings in a crossbeam channel, used by its non-blocking calls only: whoever must wait parks. A channel has a
//! capacity in bytes, as a pipe of the operating system has; who sends what does not fit waits until so much has been received that
//! the rest would lie in the pipe. Positions in the stream of bytes tell which message that is true of.
//!
//! Nothing here waits. To wait without losing a call: enlist, look again, park, leave. A message calls one reader; a reader that was called
//! and leaves without a message calls the next.

use crossbeam_channel::{Receiver, Sender, TryRecvError};
use gilbert_vm::world::{Blocked, File, FileStat, Handle, Interest, OsError, OsResult, Tid, Watcher, Watchers, World};
use parking_lot::Mutex;
use std::any::Any;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};

/// Bytes that a one-way pipe holds, as on Linux.
pub const PIPE_CAPACITY: u64 = 64 * 1024;
/// Bytes that one direction of a two-way pipe holds (a Linux socket's usual buffer).
pub const DUPLEX_CAPACITY: u64 = 208 * 1024;
/// What a message takes up besides its bytes: its length.
const HEAD: u64 = 4;

/// Which task a message is, for pools: job and index.
pub type Tag = (i64, i64);

/// A message.
pub struct Message {
    /// The bytes.
    pub bytes: Box<[u8]>,
    /// Which task it is.
    pub tag: Option<Tag>,
}

/// What a look into the channel finds.
pub enum Found {
    /// The next message.
    Message(Message),
    /// Nothing yet.
    Nothing,
    /// Nothing, and nobody can send any more.
    End,
}

/// See the module's page.
pub struct Channel {
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    capacity: u64,
    /// Bytes ever sent and received.
    sent: AtomicU64,
    read: AtomicU64,
    readable: AtomicBool,
    writable: AtomicBool,
    /// How many wait, and whether somebody watches: nobody spares the lock.
    attention: AtomicUsize,
    watched: AtomicBool,
    waiting: Mutex<Waiting>,
    watchers: Watchers,
    /// Which task each process (by number) has taken and not answered.
    custody: Mutex<HashMap<u32, Tag>>,
    world: Arc<dyn World>,
}

#[derive(Default)]
struct Waiting {
    readers: VecDeque<Tid>,
    writers: VecDeque<Tid>,
}

impl Channel {
    fn new(world: &Arc<dyn World>, capacity: u64) -> Arc<Channel> {
        let (sender, receiver) = crossbeam_channel::unbounded();
        Arc::new(Channel {
            sender,
            receiver,
            capacity,
            sent: AtomicU64::new(0),
            read: AtomicU64::new(0),
            readable: AtomicBool::new(true),
            writable: AtomicBool::new(true),
            attention: AtomicUsize::new(0),
            watched: AtomicBool::new(false),
            waiting: Mutex::default(),
            watchers: Watchers::default(),
            custody: Mutex::default(),
            world: Arc::clone(world),
        })
    }

    fn somebody_waits(&self) -> bool {
        self.attention.load(SeqCst) > 0 || self.watched.load(SeqCst)
    }

    // ---- receiving ----

    /// Takes the next message.
    pub fn take(&self) -> Found {
        let message = match self.receiver.try_recv() {
            Ok(message) => message,
            Err(TryRecvError::Empty | TryRecvError::Disconnected) if self.writable.load(SeqCst) => return Found::Nothing,
            // the last message may have come between the two looks
            Err(_) => match self.receiver.try_recv() {
                Ok(message) => message,
                Err(_) => return Found::End,
            },
        };
        self.read.fetch_add(message.bytes.len() as u64 + HEAD, SeqCst);
        if self.somebody_waits() {
            self.call_writers();
            // others may have been called before us and be gone
            if !self.receiver.is_empty() {
                self.call_reader();
            }
        }
        Found::Message(message)
    }
    /// Whether a look would find something.
    pub fn has_something(&self) -> bool {
        !self.receiver.is_empty() || !self.writable.load(SeqCst)
    }
    /// Queues up for a message. Look again afterwards.
    pub fn enlist_reader(&self, me: Tid) {
        self.waiting.lock().readers.push_back(me);
        self.attention.fetch_add(1, SeqCst);
    }
    /// Leaves that queue; whether a message has called.
    pub fn leave_readers(&self, me: Tid) -> bool {
        self.attention.fetch_sub(1, SeqCst);
        let mut waiting = self.waiting.lock();
        match waiting.readers.iter().position(|t| *t == me) {
            Some(at) => {
                waiting.readers.remove(at);
                false
            }
            None => true,
        }
    }
    /// A called reader goes without a message: the next one is called.
    pub fn pass_on(&self) {
        if self.has_something() {
            self.call_reader();
        }
    }
    fn call_reader(&self) {
        let next = self.waiting.lock().readers.pop_front();
        if let Some(tid) = next {
            self.world.unpark(tid);
        }
    }

    // ---- sending ----

    /// Whether somebody can still receive.
    pub fn has_reader(&self) -> bool {
        self.readable.load(SeqCst)
    }
    /// Whether the beginning of another message fits.
    pub fn has_room(&self) -> bool {
        self.sent.load(SeqCst) - self.read.load(SeqCst) < self.capacity
    }
    /// Sends, whether there is room or not. The position in the stream behind the message.
    pub fn push(&self, bytes: Box<[u8]>, tag: Option<Tag>) -> u64 {
        let size = bytes.len() as u64 + HEAD;
        let end = self.sent.fetch_add(size, SeqCst) + size;
        // cannot fail: the receiver lives as long as we do
        let _ = self.sender.send(Message { bytes, tag });
        if self.somebody_waits() {
            self.call_reader();
            self.watchers.wake(Interest::READ, &|tid| self.world.unpark(tid));
        }
        end
    }
    /// Whether everything up to this position has been received or lies in the pipe.
    pub fn is_drained(&self, end: u64) -> bool {
        end.saturating_sub(self.read.load(SeqCst)) <= self.capacity
    }
    /// Queues up for room. Look again afterwards.
    pub fn enlist_writer(&self, me: Tid) {
        self.waiting.lock().writers.push_back(me);
        self.attention.fetch_add(1, SeqCst);
    }
    /// Leaves that queue.
    pub fn leave_writers(&self, me: Tid) {
        self.attention.fetch_sub(1, SeqCst);
        self.waiting.lock().writers.retain(|t| *t != me);
    }
    fn call_writers(&self) {
        let all = std::mem::take(&mut self.waiting.lock().writers);
        all.into_iter().for_each(|tid| self.world.unpark(tid));
        self.watchers.wake(Interest::WRITE, &|tid| self.world.unpark(tid));
    }

    // ---- tasks ----

    /// The process has this task now.
    pub fn note_taken(&self, pid: u32, tag: Tag) {
        self.custody.lock().insert(pid, tag);
    }
    /// The process has answered, or is gone; what it had.
    pub fn settle(&self, pid: u32) -> Option<Tag> {
        self.custody.lock().remove(&pid)
    }

    fn call_all(&self) {
        let all = std::mem::take(&mut *self.waiting.lock());
        all.readers.into_iter().chain(all.writers).for_each(|tid| self.world.unpark(tid));
        self.watchers.wake(Interest::READ | Interest::WRITE | Interest::HANG_UP, &|tid| self.world.unpark(tid));
    }
}

/// One end of a pipe: an entry of descriptor tables. Closed when the last table drops it.
pub struct End {
    reads: Option<Arc<Channel>>,
    writes: Option<Arc<Channel>>,
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(channel) = &self.reads {
            channel.readable.store(false, SeqCst);
            channel.call_all();
        }
        if let Some(channel) = &self.writes {
            channel.writable.store(false, SeqCst);
            channel.call_all();
        }
    }
}

/// A pipe's two ends: one that reads and one that writes.
pub fn pipe(world: &Arc<dyn World>) -> (Handle, Handle) {
    let channel = Channel::new(world, PIPE_CAPACITY);
    (Arc::new(End { reads: Some(Arc::clone(&channel)), writes: None }), Arc::new(End { reads: None, writes: Some(channel) }))
}
/// A pipe's two ends, each of which reads and writes.
pub fn duplex(world: &Arc<dyn World>) -> (Handle, Handle) {
    let (a, b) = (Channel::new(world, DUPLEX_CAPACITY), Channel::new(world, DUPLEX_CAPACITY));
    (Arc::new(End { reads: Some(Arc::clone(&a)), writes: Some(Arc::clone(&b)) }), Arc::new(End { reads: Some(b), writes: Some(a) }))
}

impl End {
    /// The end behind a descriptor, if it is one.
    pub fn of(file: &Handle) -> Option<&End> {
        file.as_any().downcast_ref::<End>()
    }
    /// What it receives from.
    pub fn reads(&self) -> OsResult<&Arc<Channel>> {
        self.reads.as_ref().ok_or(OsError::new(libc::EBADF))
    }
    /// What it sends to.
    pub fn writes(&self) -> OsResult<&Arc<Channel>> {
        self.writes.as_ref().ok_or(OsError::new(libc::EBADF))
    }
    /// Whether `other` is the end (or one of the ends) that sends what this one receives.
    pub fn receives_from(&self, other: &End) -> bool {
        matches!((&self.reads, &other.writes), (Some(a), Some(b)) if Arc::ptr_eq(a, b))
    }
    /// Whether `other` receives what this one sends.
    pub fn sends_to(&self, other: &End) -> bool {
        other.receives_from(self)
    }
    fn channels(&self) -> impl Iterator<Item = &Arc<Channel>> {
        self.reads.iter().chain(&self.writes)
    }
}

/// A wait for a message or for room.
pub fn why(note: impl Into<std::borrow::Cow<'static, str>>) -> Blocked {
    Blocked { note: note.into(), ..Blocked::new(gilbert_vm::world::WaitKind::Io, 0) }
}

impl File for End {
    // messages are no stream of bytes: they are read and written through a Connection only
    fn read(&self, _: Tid, _: &mut [u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EOPNOTSUPP))
    }
    fn write(&self, _: Tid, _: &[u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EOPNOTSUPP))
    }
    fn stat(&self) -> OsResult<FileStat> {
        Ok(FileStat { mode: libc::S_IFIFO | 0o600, nlink: 1, blksize: 4096, ..FileStat::default() })
    }
    fn set_blocking(&self, _: bool) -> OsResult<()> {
        Ok(())
    }
    fn blocking(&self) -> bool {
        true
    }
    fn ready(&self, want: Interest) -> Interest {
        let read = self.reads.as_ref().is_some_and(|c| c.has_something());
        let write = self.writes.as_ref().is_some_and(|c| c.has_room() || !c.has_reader());
        let over = self.reads.as_ref().is_some_and(|c| !c.writable.load(SeqCst)) || self.writes.as_ref().is_some_and(|c| !c.has_reader());
        let now = Interest::READ.when(read) | Interest::WRITE.when(write) | Interest::HANG_UP.when(over);
        now.told(want)
    }
    fn watch(&self, who: Watcher, want: Interest) {
        for channel in self.channels() {
            let _guard = channel.waiting.lock();
            channel.watchers.add(who.clone(), want);
            channel.watched.store(true, SeqCst);
        }
    }
    fn unwatch(&self, who: &Watcher) {
        for channel in self.channels() {
            let _guard = channel.waiting.lock();
            channel.watchers.remove(who);
            channel.watched.store(!channel.watchers.is_empty(), SeqCst);
        }
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}
