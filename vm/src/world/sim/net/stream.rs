//! Streams: listening, connecting, bytes in order, half-close, reset.
//!
//! The bytes of both directions lie at their receivers: what the sender may have under way is one sum, its send buffer plus the receiver's
//! receive buffer. A socket that is closed while it holds unread bytes, or that is told not to linger, resets the connection.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::super::super::net::{Address, Received};
use super::super::super::{Interest, OsResult};
use super::error;
use super::table::{Body, Id, Sock, Table, is_ours};

/// The most connections that wait to be accepted (`net.core.somaxconn`).
const MOST_BACKLOG: i32 = 4096;

/// One end of a connection.
#[derive(Default)]
pub struct Stream {
    /// The other end; `None`: closed.
    pub peer: Option<Id>,
    pub inbox: VecDeque<u8>,
    /// The other end writes no more.
    pub ended: bool,
    pub read_shut: bool,
    pub write_shut: bool,
    /// Whoever writes gets an error.
    pub broken: bool,
    /// A connect that answered `EINPROGRESS` has come about and nobody has been told yet.
    pub fresh: bool,
}

impl Stream {
    pub fn ready(&self, room: bool, failed: bool) -> Interest {
        let over = self.ended || self.read_shut;
        Interest::READ.when(!self.inbox.is_empty() || over || failed)
            | Interest::WRITE.when(room || self.broken || self.write_shut || failed)
            | Interest::PEER_CLOSED.when(over)
            | Interest::HANG_UP.when((over && self.write_shut) || self.broken)
    }
}

impl Table {
    fn stream(&mut self, id: Id) -> Option<&mut Stream> {
        match &mut self.find_mut(id)?.body {
            Body::Stream(stream) => Some(stream),
            _ => None,
        }
    }

    // ---- connections ----

    pub fn listen(&mut self, id: Id, most: i32) -> OsResult<()> {
        let most = most.clamp(0, MOST_BACKLOG) as usize;
        let sock = self.sock(id);
        let (kind, local) = (sock.kind, sock.local.clone());
        if !kind.is_stream() {
            return error(libc::EOPNOTSUPP);
        }
        match &mut sock.body {
            Body::Listening { backlog, .. } => *backlog = most,
            Body::Idle if local == Address::Unix(Vec::new()) => return error(libc::EINVAL),
            Body::Idle => {
                if local.port() == 0 && kind.domain != libc::AF_UNIX {
                    let any = Address::any(kind.domain);
                    self.bind(id, &any)?;
                }
                self.sock(id).body = Body::Listening { backlog: most, ready: VecDeque::new(), waiting: VecDeque::new() };
            }
            _ => return error(libc::EINVAL),
        }
        Ok(())
    }

    pub fn connect_stream(&mut self, id: Id, to: &Address) -> OsResult<()> {
        let sock = self.sock(id);
        match &mut sock.body {
            Body::Stream(stream) => return if std::mem::take(&mut stream.fresh) { Ok(()) } else { error(libc::EISCONN) },
            Body::Listening { .. } => return error(libc::EISCONN),
            Body::Connecting(_) => return error(libc::EALREADY),
            _ => {}
        }
        self.pending_error(id)?;
        match to {
            Address::Ip { ip, port, .. } => self.connect_port(id, *ip, *port),
            Address::Unix(path) => self.connect_path(id, path),
            Address::Unnamed => Ok(()),
        }
    }

    fn connect_port(&mut self, id: Id, ip: IpAddr, port: u16) -> OsResult<()> {
        let domain = self.sock(id).kind.domain;
        if Address::ip(ip, port).domain() != domain {
            return error(libc::EAFNOSUPPORT);
        }
        let ip = match ip {
            IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1u16]),
            ip => ip,
        };
        if !is_ours(ip) {
            return error(libc::ENETUNREACH);
        }
        self.bind_to_reach(id, ip)?;
        self.sock(id).remote = Address::ip(ip, port);
        match self.at_port(true, ip, port, |sock| matches!(sock.body, Body::Listening { .. })) {
            Some(listener) => self.ask(id, listener),
            None => self.refuse(id),
        }
        error(libc::EINPROGRESS)
    }

    fn connect_path(&mut self, id: Id, path: &[u8]) -> OsResult<()> {
        let listener = match self.at_path(path) {
            Some(at) if self.find(at).is_some_and(|sock| !sock.kind.is_stream()) => return error(libc::EPROTOTYPE),
            Some(at) if self.find(at).is_some_and(|sock| matches!(sock.body, Body::Listening { .. })) => at,
            _ => return error(libc::ECONNREFUSED),
        };
        if self.is_full(listener) {
            self.sock(id).stuck = Some(listener);
            return error(libc::EAGAIN);
        }
        self.sock(id).remote = Address::Unix(path.to_vec());
        self.ask(id, listener);
        if let Some(stream) = self.stream(id) {
            stream.fresh = false;
        }
        Ok(())
    }

    fn refuse(&mut self, id: Id) {
        let sock = self.sock(id);
        (sock.body, sock.error) = (Body::Idle, libc::ECONNREFUSED);
        self.tell(id, Interest::WRITE | Interest::ERROR);
    }

    /// Asks a listening socket for a connection: it comes about if there is room, else waits for it.
    fn ask(&mut self, id: Id, listener: Id) {
        if self.is_full(listener) {
            self.sock(id).body = Body::Connecting(listener);
            if let Body::Listening { waiting, .. } = &mut self.sock(listener).body {
                waiting.push_back(id);
            }
            return;
        }
        let kind = self.sock(id).kind;
        let (local, remote) = (self.sock(id).remote.clone(), self.sock(id).local.clone());
        let child = self.create(kind);
        let options = self.sock(listener).options.clone();
        let sock = self.sock(child);
        (sock.local, sock.remote, sock.options) = (local, remote, options);
        self.join(id, child);
        if let Some(stream) = self.stream(id) {
            stream.fresh = true;
        }
        if let Body::Listening { ready, .. } = &mut self.sock(listener).body {
            ready.push_back(child);
        }
        self.tell(listener, Interest::READ);
        self.tell(id, Interest::WRITE);
    }

    /// Connects two sockets with each other.
    pub fn join(&mut self, a: Id, b: Id) {
        for (one, other) in [(a, b), (b, a)] {
            let sock = self.sock(one);
            if sock.remote == Address::Unnamed {
                sock.remote = Address::Unix(Vec::new());
            }
            match &mut sock.body {
                Body::Datagrams(messages) => messages.peer = Some(other),
                body => *body = Body::Stream(Stream { peer: Some(other), ..Stream::default() }),
            }
        }
    }

    pub fn accept(&mut self, id: Id) -> OsResult<(Id, Address)> {
        let sock = self.sock(id);
        let is_stream = sock.kind.is_stream();
        let Body::Listening { ready, waiting, .. } = &mut sock.body else {
            return error(if is_stream { libc::EINVAL } else { libc::EOPNOTSUPP });
        };
        let Some(child) = ready.pop_front() else { return error(libc::EAGAIN) };
        let next = waiting.pop_front();
        if let Some(next) = next {
            self.ask(next, id);
        }
        self.tell_stuck(id);
        Ok((child, self.sock(child).remote.clone()))
    }

    /// The end of a listening socket: who was not accepted is reset, who waited for room is refused.
    pub fn close_queue(&mut self, ready: VecDeque<Id>, waiting: VecDeque<Id>) {
        for child in ready {
            self.unname(child);
            let peer = self.stream(child).and_then(|stream| stream.peer);
            if let Some(peer) = peer {
                self.reset(peer);
            }
            self.forget(child);
        }
        waiting.into_iter().for_each(|id| self.refuse(id));
    }

    fn forget(&mut self, child: Id) {
        if let Some(stream) = self.stream(child) {
            stream.peer = None;
        }
        self.close(child);
    }

    /// A socket that waited for room in a queue does so no more.
    pub fn give_up(&mut self, listener: Id, id: Id) {
        if let Some(sock) = self.find_mut(listener)
            && let Body::Listening { waiting, .. } = &mut sock.body
        {
            waiting.retain(|other| *other != id);
        }
    }

    // ---- bytes ----

    /// How many bytes `sender` may send now, and how many may be under way at most.
    pub fn room_at(&self, sender: &Sock, peer: Id) -> (usize, usize) {
        let Some(receiver) = self.find(peer) else { return (usize::MAX / 4, 1) };
        let capacity = sender.options.send_buffer + if sender.kind.domain == libc::AF_UNIX { 0 } else { receiver.options.receive_buffer };
        let held = match &receiver.body {
            Body::Stream(stream) => stream.inbox.len(),
            _ => 0,
        };
        (capacity.saturating_sub(held), capacity)
    }

    pub fn send_stream(&mut self, id: Id, data: &[u8]) -> OsResult<usize> {
        self.pending_error(id)?;
        let local = self.sock(id).kind.domain == libc::AF_UNIX;
        let Some(stream) = self.stream(id) else {
            let connecting = matches!(self.sock(id).body, Body::Connecting(_));
            return error(match (local, connecting) {
                (_, true) => libc::EAGAIN,
                (true, _) => libc::ENOTCONN,
                (false, _) => libc::EPIPE,
            });
        };
        if stream.broken || stream.write_shut {
            return error(libc::EPIPE);
        }
        let Some(peer) = stream.peer else {
            // the first bytes for nobody are answered by a reset, which the next call meets
            stream.broken = true;
            return if local { error(libc::EPIPE) } else { Ok(data.len()) };
        };
        if data.is_empty() {
            return Ok(0);
        }
        let room = self.find(id).map_or(0, |sock| self.room_at(sock, peer).0);
        let n = room.min(data.len());
        if n == 0 {
            return error(libc::EAGAIN);
        }
        if let Some(other) = self.stream(peer)
            && !(local && other.read_shut)
        {
            if other.inbox.try_reserve(n).is_err() {
                return error(libc::ENOBUFS);
            }
            other.inbox.extend(&data[..n]);
        }
        self.tell(peer, Interest::READ);
        Ok(n)
    }

    pub fn receive_stream(&mut self, id: Id, buf: &mut [u8], keep: bool) -> OsResult<Received> {
        let local = self.sock(id).kind.domain == libc::AF_UNIX;
        let Some(stream) = self.stream(id) else {
            self.pending_error(id)?;
            let connecting = matches!(self.sock(id).body, Body::Connecting(_));
            return error(match (local, connecting) {
                (_, true) => libc::EAGAIN,
                (true, _) => libc::EINVAL,
                (false, _) => libc::ENOTCONN,
            });
        };
        if stream.inbox.is_empty() {
            let over = stream.ended || stream.read_shut;
            self.pending_error(id)?;
            return if over || buf.is_empty() { Ok(received(0)) } else { error(libc::EAGAIN) };
        }
        let n = stream.inbox.len().min(buf.len());
        let (front, back) = stream.inbox.as_slices();
        let from_front = n.min(front.len());
        buf[..from_front].copy_from_slice(&front[..from_front]);
        buf[from_front..n].copy_from_slice(&back[..n - from_front]);
        if !keep {
            stream.inbox.drain(..n);
            if let Some(peer) = stream.peer {
                self.tell(peer, Interest::WRITE);
            }
        }
        Ok(received(n))
    }

    pub fn shutdown(&mut self, id: Id, read: bool, write: bool) -> OsResult<()> {
        let sock = self.sock(id);
        let peer = match &mut sock.body {
            Body::Stream(stream) => {
                stream.read_shut |= read;
                stream.write_shut |= write;
                stream.peer
            }
            Body::Datagrams(messages) => return messages.shutdown(read, write),
            Body::Listening { ready, waiting, .. } => {
                if read {
                    let (ready, waiting) = (std::mem::take(ready), std::mem::take(waiting));
                    sock.body = Body::Idle;
                    self.close_queue(ready, waiting);
                    self.tell(id, Interest::READ | Interest::HANG_UP);
                }
                return Ok(());
            }
            Body::Idle | Body::Connecting(_) => return error(libc::ENOTCONN),
        };
        self.tell(id, Interest::READ | Interest::WRITE);
        if let Some(peer) = peer.filter(|_| write) {
            if let Some(other) = self.stream(peer) {
                other.ended = true;
            }
            self.tell(peer, Interest::READ | Interest::PEER_CLOSED);
        }
        Ok(())
    }

    /// One end is closed: the other reads what is left and then the end, or is reset.
    pub fn close_stream(&mut self, stream: Stream, local: bool, resets: bool) {
        let Some(peer) = stream.peer else { return };
        if resets || !stream.inbox.is_empty() {
            return self.reset(peer);
        }
        if let Some(other) = self.stream(peer) {
            (other.peer, other.ended, other.broken) = (None, true, local);
        }
        self.tell(peer, Interest::HANG_UP | Interest::READ | Interest::WRITE | Interest::PEER_CLOSED);
    }

    fn reset(&mut self, id: Id) {
        if let Some(stream) = self.stream(id) {
            (stream.peer, stream.ended, stream.broken) = (None, true, true);
        }
        if let Some(sock) = self.find_mut(id) {
            sock.error = libc::ECONNRESET;
        }
        self.tell(id, Interest::READ | Interest::WRITE | Interest::ERROR | Interest::HANG_UP);
    }
}

fn received(n: usize) -> Received {
    Received { n, whole: n, from: Address::Unnamed }
}
