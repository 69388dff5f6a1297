//! What both worlds say about files: errors, handles, metadata.

use std::any::Any;
use std::ffi::OsString;
use std::fmt;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

use super::Tid;
use super::ready::{Interest, Watcher};

/// An error of the operating system by its number. The text comes from the isolate (`os.strerror`), not from the host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OsError {
    /// `ENOENT` and so on, as in `libc`.
    pub errno: i32,
}

impl OsError {
    /// The error of this number.
    pub const fn new(errno: i32) -> OsError {
        OsError { errno }
    }
}

impl fmt::Display for OsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "errno {}", self.errno)
    }
}

impl std::error::Error for OsError {}

impl From<std::io::Error> for OsError {
    fn from(error: std::io::Error) -> OsError {
        OsError { errno: error.raw_os_error().unwrap_or(libc::EIO) }
    }
}

/// Result of a call into the operating system.
pub type OsResult<T> = Result<T, OsError>;

/// Where a seek counts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whence {
    Start,
    Current,
    End,
}

/// What `stat` tells. Times in ns since 1970.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FileStat {
    pub dev: u64,
    pub ino: u64,
    /// Type and permissions, as `st_mode`.
    pub mode: u32,
    pub nlink: u64,
    pub uid: u32,
    pub gid: u32,
    pub rdev: u64,
    pub size: u64,
    pub blksize: u64,
    pub blocks: u64,
    pub atime: i64,
    pub mtime: i64,
    pub ctime: i64,
}

impl FileStat {
    /// Whether the mode says directory.
    pub fn is_dir(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFDIR
    }

    /// Whether the mode says regular file.
    pub fn is_file(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFREG
    }

    /// Whether the mode says symbolic link.
    pub fn is_symlink(&self) -> bool {
        self.mode & libc::S_IFMT == libc::S_IFLNK
    }
}

/// A name in a directory, with the type bits of its mode (`S_IFREG`, ..; 0 if unknown) and its inode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirEntry {
    pub name: OsString,
    pub file_type: u32,
    pub ino: u64,
}

/// An open file. Closed when the last handle is dropped; `os.dup` is a clone of the `Arc`.
///
/// What is not a place on a disk (a pipe, a socket) has no position, length or terminal: the methods' own bodies say so.
///
/// Reads and writes may block: the caller has released the GIL. A wait is a park of `me`, so it can be cancelled: an interrupt
/// makes it return `EINTR`, the end of the run `ECANCELED`.
pub trait File: Send + Sync {
    /// Reads at the file's position; 0 at the end. `EISDIR`, `EBADF`, `EAGAIN`, `EINTR`, ..
    fn read(&self, me: Tid, buf: &mut [u8]) -> OsResult<usize>;

    /// Writes at the file's position (or at its end, if opened so); may write less than asked.
    fn write(&self, me: Tid, data: &[u8]) -> OsResult<usize>;

    /// Reads at `offset`, leaving the position.
    fn pread(&self, _buf: &mut [u8], _offset: u64) -> OsResult<usize> {
        Err(OsError::new(libc::ESPIPE))
    }

    /// Writes at `offset`, leaving the position.
    fn pwrite(&self, _data: &[u8], _offset: u64) -> OsResult<usize> {
        Err(OsError::new(libc::ESPIPE))
    }

    /// Moves the position and returns it, from the start. `ESPIPE` where there is none.
    fn seek(&self, _offset: i64, _whence: Whence) -> OsResult<u64> {
        Err(OsError::new(libc::ESPIPE))
    }

    /// Sets the length.
    fn truncate(&self, _len: u64) -> OsResult<()> {
        Err(OsError::new(libc::EINVAL))
    }

    /// Has the contents reach the disk.
    fn sync(&self) -> OsResult<()> {
        Err(OsError::new(libc::EINVAL))
    }

    /// Whether this is a terminal.
    fn isatty(&self) -> bool {
        false
    }

    /// What is known about it.
    fn stat(&self) -> OsResult<FileStat>;

    /// Width and height of the terminal in characters. `ENOTTY` otherwise.
    fn terminal_size(&self) -> OsResult<(u16, u16)> {
        Err(OsError::new(libc::ENOTTY))
    }

    /// Whether a read or write that would block answers `EAGAIN` from now on.
    fn set_blocking(&self, blocking: bool) -> OsResult<()>;

    /// Whether a read or write that would block waits.
    fn blocking(&self) -> bool;

    /// What of `want` could be done now without waiting; hang-ups and errors besides. Regular files: all of it.
    fn ready(&self, want: Interest) -> Interest {
        want & (Interest::READ | Interest::WRITE)
    }

    /// Has `who` told whenever `ready` may have changed. Nothing for files that are always ready or that the host polls.
    /// To lose nothing, watch first and then look at `ready`. A file in memory keeps a [`Watchers`](super::ready::Watchers).
    fn watch(&self, _who: Watcher, _want: Interest) {}

    /// Ends [`File::watch`].
    fn unwatch(&self, _who: &Watcher) {}

    /// The host's descriptor, where readiness is the kernel's business.
    fn host_fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    /// Whether something outside this world could make it ready: standard input, a listening socket.
    fn outside(&self) -> bool {
        false
    }

    /// Whether a [`Poller`](super::Poller) takes it: not regular files and directories, which are always ready.
    fn pollable(&self) -> bool {
        true
    }

    /// The socket that it is, if it is one.
    fn socket(&self) -> Option<&dyn super::net::Socket> {
        None
    }

    /// The file itself, for those who know its kind.
    fn as_any(&self) -> &dyn Any;
}

/// A shared open file.
pub type Handle = Arc<dyn File>;
