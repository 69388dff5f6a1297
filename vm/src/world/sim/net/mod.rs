//! The loopback network of a simulated machine: TCP, UDP and local sockets between all its processes.
//!
//! All sockets lie in one table behind one lock; a [`SimSocket`] is a number in it. Nothing here waits: whoever changes what another
//! socket could do notes its watchers, and they are told when the lock is free again. Bytes arrive the moment they are sent; what a
//! call costs in virtual time is charged by [`until_ready`](super::super::net::until_ready).

mod datagram;
mod options;
mod stream;
mod table;

use std::any::Any;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::net::{Address, Received, Socket, SocketKind};
use super::super::{Blocked, File, FileStat, Handle, Interest, OsError, OsResult, Tid, WaitKind, Watcher, Whence};
use super::Core;
use super::streams::carry_on;
pub use table::Network;
use table::{Body, Id, Table};

const fn error<T>(errno: i32) -> OsResult<T> {
    Err(OsError::new(errno))
}

/// The addresses of a name: only this machine's.
pub fn resolve(name: &str, hostname: &str) -> Vec<IpAddr> {
    match name {
        "localhost" => vec![IpAddr::from([127, 0, 0, 1])],
        "ip6-localhost" | "ip6-loopback" => vec![IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1u16])],
        _ if name == hostname => vec![IpAddr::from([127, 0, 1, 1])],
        _ => Vec::new(),
    }
}

/// A new socket.
pub fn socket(core: &Arc<Core>, kind: SocketKind) -> OsResult<Handle> {
    let stream_or_datagram = matches!(kind.kind, libc::SOCK_STREAM | libc::SOCK_DGRAM);
    match kind.domain {
        _ if !(0..11).contains(&kind.kind) => return error(libc::EINVAL),
        libc::AF_INET | libc::AF_INET6 | libc::AF_UNIX if !stream_or_datagram => return error(libc::ESOCKTNOSUPPORT),
        libc::AF_INET | libc::AF_INET6 => {
            let own = if kind.is_stream() { libc::IPPROTO_TCP } else { libc::IPPROTO_UDP };
            if kind.protocol != 0 && kind.protocol != own {
                return error(libc::EPROTONOSUPPORT);
            }
        }
        libc::AF_UNIX if kind.protocol == 0 => {}
        libc::AF_UNIX => return error(libc::EPROTONOSUPPORT),
        _ => return error(libc::EAFNOSUPPORT),
    }
    let id = core.net(|table| table.create(kind));
    Ok(SimSocket::handle(core, id, kind))
}

/// Two that are connected.
pub fn pair(core: &Arc<Core>, kind: SocketKind) -> OsResult<(Handle, Handle)> {
    if kind.domain != libc::AF_UNIX {
        return error(libc::EOPNOTSUPP);
    }
    let (a, b) = (socket(core, kind)?, socket(core, kind)?);
    let id = |handle: &Handle| handle.as_any().downcast_ref::<SimSocket>().map(|s| s.id);
    if let (Some(x), Some(y)) = (id(&a), id(&b)) {
        core.net(|table| table.join(x, y));
    }
    Ok((a, b))
}

impl Core {
    /// Changes the network and tells whoever watches what has changed.
    pub(super) fn net<R>(&self, change: impl FnOnce(&mut Table) -> R) -> R {
        let (result, changed) = self.network.with(change);
        for (watchers, what) in changed {
            watchers.wake(what, &|tid| self.with(|machine| machine.unpark(tid)));
        }
        result
    }
}

/// One socket of the table; closed when dropped.
struct SimSocket {
    core: Arc<Core>,
    id: Id,
    kind: SocketKind,
    blocking: AtomicBool,
}

impl SimSocket {
    fn handle(core: &Arc<Core>, id: Id, kind: SocketKind) -> Handle {
        Arc::new(SimSocket { core: Arc::clone(core), id, kind, blocking: AtomicBool::new(true) })
    }

    /// Tries until it does not answer `EAGAIN`, parking in between: what `os.read` and `os.write` do.
    fn until<R>(&self, me: Tid, want: Interest, note: &'static str, mut step: impl FnMut() -> OsResult<R>) -> OsResult<R> {
        let who = Watcher::Thread(me);
        loop {
            self.watch(who.clone(), want);
            let result = step();
            if result.as_ref().err() != Some(&OsError::new(libc::EAGAIN)) || !self.blocking() {
                self.unwatch(&who);
                return result;
            }
            let mut why = Blocked::new(WaitKind::Io, 0);
            why.note = note.into();
            let wake = self.core.park(me, None, &why);
            self.unwatch(&who);
            carry_on(wake)?;
        }
    }
}

impl Drop for SimSocket {
    fn drop(&mut self) {
        self.core.net(|table| table.close(self.id));
    }
}

impl Socket for SimSocket {
    fn kind(&self) -> SocketKind {
        self.kind
    }

    fn bind(&self, to: &Address) -> OsResult<()> {
        self.core.net(|table| table.bind(self.id, to))
    }

    fn listen(&self, backlog: i32) -> OsResult<()> {
        self.core.net(|table| table.listen(self.id, backlog))
    }

    fn connect(&self, to: &Address) -> OsResult<()> {
        self.core.net(|table| match self.kind.is_stream() {
            true => table.connect_stream(self.id, to),
            false => table.connect_datagram(self.id, to),
        })
    }

    fn accept(&self) -> OsResult<(Handle, Address)> {
        let (id, from) = self.core.net(|table| table.accept(self.id))?;
        Ok((SimSocket::handle(&self.core, id, self.kind), from))
    }

    fn send(&self, data: &[u8], to: Option<&Address>, flags: i32) -> OsResult<usize> {
        if flags & libc::MSG_OOB != 0 {
            return error(libc::EOPNOTSUPP);
        }
        self.core.net(|table| match self.kind.is_stream() {
            true => table.send_stream(self.id, data),
            false => table.send_datagram(self.id, data, to),
        })
    }

    fn receive(&self, buf: &mut [u8], flags: i32) -> OsResult<Received> {
        if flags & libc::MSG_OOB != 0 {
            return error(if self.kind.domain == libc::AF_UNIX { libc::EOPNOTSUPP } else { libc::EINVAL });
        }
        let keep = flags & libc::MSG_PEEK != 0;
        self.core.net(|table| match self.kind.is_stream() {
            true => table.receive_stream(self.id, buf, keep),
            false => table.receive_datagram(self.id, buf, keep),
        })
    }

    fn shutdown(&self, how: i32) -> OsResult<()> {
        let (read, write) = match how {
            libc::SHUT_RD => (true, false),
            libc::SHUT_WR => (false, true),
            libc::SHUT_RDWR => (true, true),
            _ => return error(libc::EINVAL),
        };
        self.core.net(|table| table.shutdown(self.id, read, write))
    }

    fn local(&self) -> OsResult<Address> {
        Ok(self.core.net(|table| table.sock(self.id).local.clone()))
    }

    fn peer(&self) -> OsResult<Address> {
        self.core.net(|table| table.peer_address(self.id))
    }

    fn option(&self, level: i32, name: i32) -> OsResult<Vec<u8>> {
        self.core.net(|table| table.option(self.id, level, name))
    }

    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> OsResult<()> {
        self.core.net(|table| table.set_option(self.id, level, name, value))
    }

    fn take_error(&self) -> i32 {
        self.core.net(|table| table.take_error(self.id))
    }
}

impl File for SimSocket {
    fn read(&self, me: Tid, buf: &mut [u8]) -> OsResult<usize> {
        self.until(me, Interest::READ, "data in a socket", || self.receive(buf, 0).map(|r| r.n))
    }

    fn write(&self, me: Tid, data: &[u8]) -> OsResult<usize> {
        self.until(me, Interest::WRITE, "room in a socket", || self.send(data, None, 0))
    }

    fn pread(&self, _buf: &mut [u8], _offset: u64) -> OsResult<usize> {
        error(libc::ESPIPE)
    }

    fn pwrite(&self, _data: &[u8], _offset: u64) -> OsResult<usize> {
        error(libc::ESPIPE)
    }

    fn seek(&self, _offset: i64, _whence: Whence) -> OsResult<u64> {
        error(libc::ESPIPE)
    }

    fn truncate(&self, _len: u64) -> OsResult<()> {
        error(libc::EINVAL)
    }

    fn sync(&self) -> OsResult<()> {
        error(libc::EINVAL)
    }

    fn stat(&self) -> OsResult<FileStat> {
        let (uid, gid) = (super::overlay::OWNER, super::overlay::OWNER);
        Ok(FileStat { mode: libc::S_IFSOCK | 0o777, nlink: 1, ino: u64::from(self.id), uid, gid, blksize: 4096, ..FileStat::default() })
    }

    fn set_blocking(&self, blocking: bool) -> OsResult<()> {
        self.blocking.store(blocking, Ordering::Relaxed);
        Ok(())
    }

    fn blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    fn ready(&self, want: Interest) -> Interest {
        self.core.net(|table| table.ready(self.id)).told(want)
    }

    fn watch(&self, who: Watcher, want: Interest) {
        self.core.net(|table| table.sock(self.id).watchers.clone()).add(who, want);
    }

    fn unwatch(&self, who: &Watcher) {
        self.core.net(|table| table.sock(self.id).watchers.clone()).remove(who);
    }

    fn outside(&self) -> bool {
        self.core.net(|table| matches!(table.sock(self.id).body, Body::Listening { .. }))
    }

    fn socket(&self) -> Option<&dyn Socket> {
        Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
