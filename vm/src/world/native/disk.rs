//! Files of the host.
//!
//! What can block for long (terminals, pipes) is polled together with the thread's wake descriptor, so the wait can be cancelled.
//! Pipes made here are non-blocking underneath. Standard output is written directly: a full pipe behind it blocks in the kernel.

use std::any::Any;
use std::ffi::OsString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::PollFlags;
use rustix::fs::{self, AtFlags, CWD, FileType, Mode, OFlags, SeekFrom, Stat, Timestamps};
use rustix::io::Errno;

use super::super::Tid;
use super::super::files::{DirEntry, File, FileStat, Handle, OsError, OsResult, Whence};
use super::super::ready::Interest;
use super::threads::Threads;

impl From<Errno> for OsError {
    fn from(errno: Errno) -> OsError {
        OsError::new(errno.raw_os_error())
    }
}

/// How reads and writes wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// Never for long: regular files, directories.
    Never,
    /// Reads are polled first; writes go straight on.
    ToRead,
    /// The descriptor is non-blocking; both are tried, and polled when they would block.
    Both,
}

struct HostFile {
    fd: OwnedFd,
    waits: Waits,
    /// What a wait is for, in reports.
    note: &'static str,
    blocking: AtomicBool,
    /// `None`: a plain file of the simulated world, which never waits.
    threads: Option<Arc<Threads>>,
}

impl HostFile {
    fn handle(threads: Option<&Arc<Threads>>, fd: OwnedFd, waits: Waits, note: &'static str) -> Handle {
        Arc::new(HostFile { fd, waits, note, blocking: AtomicBool::new(true), threads: threads.cloned() })
    }

    fn wait(&self, me: Tid, events: PollFlags) -> OsResult<()> {
        match &self.threads {
            Some(threads) => threads.wait_ready(me, self.fd.as_fd(), events, None, self.note),
            None => Ok(()),
        }
    }

    /// Whether to wait (or else give up) after `EAGAIN`.
    fn wait_again(&self, me: Tid, events: PollFlags) -> OsResult<()> {
        if self.waits != Waits::Both || !self.blocking() {
            return Err(OsError::new(libc::EAGAIN));
        }
        self.wait(me, events)
    }
}

impl File for HostFile {
    fn read(&self, me: Tid, buf: &mut [u8]) -> OsResult<usize> {
        if self.waits == Waits::ToRead && self.blocking() {
            self.wait(me, PollFlags::IN)?;
        }
        loop {
            match rustix::io::read(&self.fd, &mut *buf) {
                Err(Errno::AGAIN) => self.wait_again(me, PollFlags::IN)?,
                Err(Errno::INTR) => {}
                other => return Ok(other?),
            }
        }
    }

    fn write(&self, me: Tid, data: &[u8]) -> OsResult<usize> {
        let mut done = 0;
        loop {
            let failed = match rustix::io::write(&self.fd, &data[done..]) {
                Err(Errno::AGAIN) => self.wait_again(me, PollFlags::OUT).err(),
                Err(Errno::INTR) => None,
                Err(e) => Some(e.into()),
                // underneath the descriptor does not block, so a large write is done in parts, to its end like the kernel's
                Ok(n) if self.waits == Waits::Both && self.blocking() && done + n < data.len() => {
                    done += n;
                    None
                }
                Ok(n) => return Ok(done + n),
            };
            match failed {
                Some(_) if done > 0 => return Ok(done),
                Some(e) => return Err(e),
                None => {}
            }
        }
    }

    fn pread(&self, buf: &mut [u8], offset: u64) -> OsResult<usize> {
        Ok(rustix::io::pread(&self.fd, buf, offset)?)
    }

    fn pwrite(&self, data: &[u8], offset: u64) -> OsResult<usize> {
        Ok(rustix::io::pwrite(&self.fd, data, offset)?)
    }

    fn seek(&self, offset: i64, whence: Whence) -> OsResult<u64> {
        let to = match whence {
            Whence::Start => SeekFrom::Start(u64::try_from(offset).map_err(|_| OsError::new(libc::EINVAL))?),
            Whence::Current => SeekFrom::Current(offset),
            Whence::End => SeekFrom::End(offset),
        };
        Ok(fs::seek(&self.fd, to)?)
    }

    fn truncate(&self, len: u64) -> OsResult<()> {
        Ok(fs::ftruncate(&self.fd, len)?)
    }

    fn sync(&self) -> OsResult<()> {
        Ok(fs::fsync(&self.fd)?)
    }

    fn isatty(&self) -> bool {
        rustix::termios::isatty(&self.fd)
    }

    fn stat(&self) -> OsResult<FileStat> {
        Ok(file_stat(&fs::fstat(&self.fd)?))
    }

    fn terminal_size(&self) -> OsResult<(u16, u16)> {
        let size = rustix::termios::tcgetwinsize(&self.fd)?;
        Ok((size.ws_col, size.ws_row))
    }

    fn set_blocking(&self, blocking: bool) -> OsResult<()> {
        if self.waits != Waits::Both {
            let flags = fs::fcntl_getfl(&self.fd)?;
            fs::fcntl_setfl(&self.fd, if blocking { flags - OFlags::NONBLOCK } else { flags | OFlags::NONBLOCK })?;
        }
        self.blocking.store(blocking, Ordering::Relaxed);
        Ok(())
    }

    fn blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    fn ready(&self, want: Interest) -> Interest {
        match self.waits {
            Waits::Never => want & (Interest::READ | Interest::WRITE),
            _ => super::poll::ready_now(self.fd.as_fd(), want),
        }
    }

    fn host_fd(&self) -> Option<BorrowedFd<'_>> {
        (self.waits != Waits::Never && self.threads.is_some()).then(|| self.fd.as_fd())
    }

    fn outside(&self) -> bool {
        self.host_fd().is_some()
    }

    fn pollable(&self) -> bool {
        self.waits != Waits::Never
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A descriptor that was closed before we started.
struct Closed;

impl File for Closed {
    fn read(&self, _me: Tid, _buf: &mut [u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EBADF))
    }

    fn write(&self, _me: Tid, _data: &[u8]) -> OsResult<usize> {
        Err(OsError::new(libc::EBADF))
    }

    fn pread(&self, _buf: &mut [u8], _offset: u64) -> OsResult<usize> {
        Err(OsError::new(libc::EBADF))
    }

    fn pwrite(&self, _data: &[u8], _offset: u64) -> OsResult<usize> {
        Err(OsError::new(libc::EBADF))
    }

    fn seek(&self, _offset: i64, _whence: Whence) -> OsResult<u64> {
        Err(OsError::new(libc::EBADF))
    }

    fn truncate(&self, _len: u64) -> OsResult<()> {
        Err(OsError::new(libc::EBADF))
    }

    fn sync(&self) -> OsResult<()> {
        Err(OsError::new(libc::EBADF))
    }

    fn stat(&self) -> OsResult<FileStat> {
        Err(OsError::new(libc::EBADF))
    }

    fn set_blocking(&self, _blocking: bool) -> OsResult<()> {
        Err(OsError::new(libc::EBADF))
    }

    fn blocking(&self) -> bool {
        true
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Standard input, output or error: a duplicate, so that closing the handle leaves the host's descriptor alone.
pub fn stdio(threads: &Arc<Threads>, n: u32) -> Handle {
    let stream: BorrowedFd<'static> = match n {
        0 => rustix::stdio::stdin(),
        1 => rustix::stdio::stdout(),
        _ => rustix::stdio::stderr(),
    };
    match rustix::io::fcntl_dupfd_cloexec(stream, 3) {
        Ok(fd) => {
            let waits = waits_of(&fd);
            let note = if n == 0 { "standard input" } else { "standard output" };
            HostFile::handle(Some(threads), fd, waits, note)
        }
        Err(_) => Arc::new(Closed),
    }
}

fn waits_of(fd: &OwnedFd) -> Waits {
    let file_type = fs::fstat(fd).map(|stat| FileType::from_raw_mode(stat.st_mode));
    match file_type {
        Ok(FileType::RegularFile | FileType::Directory) | Err(_) => Waits::Never,
        Ok(_) => Waits::ToRead,
    }
}

pub fn open(threads: Option<&Arc<Threads>>, path: &Path, flags: i32, mode: u32) -> OsResult<Handle> {
    let flags = OFlags::from_bits_retain(flags as u32) | OFlags::CLOEXEC;
    let fd = fs::open(path, flags, Mode::from_bits_truncate(mode))?;
    let waits = waits_of(&fd);
    Ok(HostFile::handle(threads, fd, waits, "a file"))
}

pub fn pipe(threads: &Arc<Threads>) -> OsResult<(Handle, Handle)> {
    use rustix::pipe::{PipeFlags, pipe_with};
    let (read, write) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
    Ok((HostFile::handle(Some(threads), read, Waits::Both, "data in a pipe"), HostFile::handle(Some(threads), write, Waits::Both, "room in a pipe")))
}

pub fn stat(path: &Path, follow: bool) -> OsResult<FileStat> {
    let found = if follow { fs::stat(path)? } else { fs::lstat(path)? };
    Ok(file_stat(&found))
}

/// What is known of an open descriptor.
pub fn stat_open(fd: &OwnedFd) -> OsResult<FileStat> {
    Ok(file_stat(&fs::fstat(fd)?))
}

fn file_stat(stat: &Stat) -> FileStat {
    let ns = |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
    FileStat {
        dev: stat.st_dev,
        ino: stat.st_ino,
        mode: stat.st_mode,
        nlink: stat.st_nlink,
        uid: stat.st_uid,
        gid: stat.st_gid,
        rdev: stat.st_rdev,
        size: stat.st_size as u64,
        blksize: stat.st_blksize as u64,
        blocks: stat.st_blocks as u64,
        atime: ns(stat.st_atime, stat.st_atime_nsec as i64),
        mtime: ns(stat.st_mtime, stat.st_mtime_nsec as i64),
        ctime: ns(stat.st_ctime, stat.st_ctime_nsec as i64),
    }
}

pub fn listdir(path: &Path) -> OsResult<Vec<DirEntry>> {
    let dir = fs::open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let mut entries = Vec::new();
    for entry in fs::Dir::read_from(&dir)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." {
            let file_type = match entry.file_type() {
                FileType::Unknown => 0,
                known => known.as_raw_mode() & libc::S_IFMT,
            };
            entries.push(DirEntry { name: OsString::from_vec(name.to_vec()), file_type, ino: entry.ino() });
        }
    }
    Ok(entries)
}

pub fn mkdir(path: &Path, mode: u32) -> OsResult<()> {
    Ok(fs::mkdir(path, Mode::from_bits_truncate(mode))?)
}

pub fn rmdir(path: &Path) -> OsResult<()> {
    Ok(fs::rmdir(path)?)
}

pub fn unlink(path: &Path) -> OsResult<()> {
    Ok(fs::unlink(path)?)
}

pub fn rename(from: &Path, to: &Path) -> OsResult<()> {
    Ok(fs::rename(from, to)?)
}

pub fn link(original: &Path, link: &Path) -> OsResult<()> {
    Ok(fs::link(original, link)?)
}

pub fn symlink(target: &Path, link: &Path) -> OsResult<()> {
    Ok(fs::symlink(target, link)?)
}

pub fn readlink(path: &Path) -> OsResult<PathBuf> {
    Ok(PathBuf::from(OsString::from_vec(fs::readlink(path, Vec::new())?.into_bytes())))
}

pub fn chmod(path: &Path, mode: u32) -> OsResult<()> {
    Ok(fs::chmod(path, Mode::from_bits_truncate(mode))?)
}

pub fn utime(path: &Path, atime: i64, mtime: i64) -> OsResult<()> {
    let times = Timestamps { last_access: timespec(atime), last_modification: timespec(mtime) };
    Ok(fs::utimensat(CWD, path, &times, AtFlags::empty())?)
}

fn timespec(ns: i64) -> rustix::time::Timespec {
    const SECOND: i64 = 1_000_000_000;
    rustix::time::Timespec { tv_sec: ns.div_euclid(SECOND), tv_nsec: ns.rem_euclid(SECOND) as _ }
}

pub fn truncate(path: &Path, len: u64) -> OsResult<()> {
    let fd = fs::open(path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())?;
    Ok(fs::ftruncate(fd, len)?)
}

pub fn access(path: &Path, mode: u32) -> OsResult<()> {
    Ok(fs::access(path, fs::Access::from_bits_retain(mode))?)
}
