//! All sockets of a machine, and the names under which they are found.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;

use super::super::super::net::{Address, SocketKind};
use super::super::super::{Interest, OsResult, Watchers};
use super::datagram::Datagrams;
use super::error;
use super::options::Options;
use super::stream::Stream;

/// A socket's number in the table; never used again.
pub type Id = u32;

/// Who has become ready for what.
pub type Changes = Vec<(Arc<Watchers>, Interest)>;

/// Ports given to those who want any, as on Linux.
const EPHEMERAL: std::ops::Range<u16> = 32_768..61_000;

/// The network of one machine.
#[derive(Default)]
pub struct Network(Mutex<Table>);

impl Network {
    /// Changes it; gives who is to be told.
    pub fn with<R>(&self, change: impl FnOnce(&mut Table) -> R) -> (R, Changes) {
        let mut table = self.0.lock();
        let result = change(&mut table);
        (result, std::mem::take(&mut table.changes))
    }
}

/// What a socket is doing.
pub enum Body {
    /// A stream that is not connected.
    Idle,
    /// Waits for connections: those to be accepted, and those for which there was no room among them.
    Listening { backlog: usize, ready: VecDeque<Id>, waiting: VecDeque<Id> },
    /// Waits for room in the queue of a listening socket.
    Connecting(Id),
    /// A connected stream.
    Stream(Stream),
    /// Takes and gives messages.
    Datagrams(Datagrams),
}

/// One socket.
pub struct Sock {
    pub kind: SocketKind,
    pub local: Address,
    pub remote: Address,
    pub body: Body,
    pub options: Options,
    /// `SO_ERROR`: told once.
    pub error: i32,
    pub watchers: Arc<Watchers>,
    /// Who had no room for what it wanted to send, or for its connection.
    pub stuck: Option<Id>,
}

/// Where a bound address is found: whether a stream, whether version 6, the port.
type PortKey = (bool, bool, u16);

/// See the module's page.
#[derive(Default)]
pub struct Table {
    socks: BTreeMap<Id, Sock>,
    ports: BTreeMap<PortKey, Vec<Id>>,
    paths: BTreeMap<Vec<u8>, Id>,
    next: Id,
    next_port: u16,
    changes: Changes,
}

impl Table {
    pub fn create(&mut self, kind: SocketKind) -> Id {
        self.next += 1;
        let body = if kind.is_stream() { Body::Idle } else { Body::Datagrams(Datagrams::default()) };
        let (local, remote) = (Address::any(kind.domain), Address::Unnamed);
        let sock = Sock { kind, local, remote, body, options: Options::new(kind), error: 0, watchers: Arc::default(), stuck: None };
        self.socks.insert(self.next, sock);
        self.next
    }

    /// A socket that is there: its handle is alive, or another socket refers to it.
    pub fn sock(&mut self, id: Id) -> &mut Sock {
        self.socks.get_mut(&id).expect("a socket that is referred to is in the table")
    }

    pub fn find(&self, id: Id) -> Option<&Sock> {
        self.socks.get(&id)
    }

    pub fn find_mut(&mut self, id: Id) -> Option<&mut Sock> {
        self.socks.get_mut(&id)
    }

    /// Notes that a socket may have become ready for `what`.
    pub fn tell(&mut self, id: Id, what: Interest) {
        if let Some(sock) = self.socks.get(&id)
            && !sock.watchers.is_empty()
        {
            self.changes.push((sock.watchers.clone(), what));
        }
    }

    pub fn take_error(&mut self, id: Id) -> i32 {
        std::mem::take(&mut self.sock(id).error)
    }

    /// An error that waits is told first.
    pub fn pending_error(&mut self, id: Id) -> OsResult<()> {
        match self.take_error(id) {
            0 => Ok(()),
            errno => error(errno),
        }
    }

    pub fn peer_address(&mut self, id: Id) -> OsResult<Address> {
        let sock = self.sock(id);
        match (&sock.body, &sock.remote) {
            (_, Address::Unnamed) | (Body::Idle | Body::Connecting(_) | Body::Listening { .. }, _) => error(libc::ENOTCONN),
            (_, remote) => Ok(remote.clone()),
        }
    }

    // ---- names ----

    pub fn bind(&mut self, id: Id, to: &Address) -> OsResult<()> {
        let sock = self.sock(id);
        let kind = sock.kind;
        if to.domain() != kind.domain {
            return error(if kind.domain == libc::AF_UNIX { libc::EINVAL } else { libc::EAFNOSUPPORT });
        }
        if sock.local != Address::any(kind.domain) || !matches!(sock.body, Body::Idle | Body::Datagrams(_)) {
            return error(libc::EINVAL);
        }
        match to {
            Address::Ip { ip, port, .. } => self.bind_port(id, *ip, *port),
            Address::Unix(path) => self.bind_path(id, path),
            Address::Unnamed => error(libc::EINVAL),
        }
    }

    fn bind_port(&mut self, id: Id, ip: IpAddr, port: u16) -> OsResult<()> {
        if !is_ours(ip) && !ip.is_unspecified() {
            return error(libc::EADDRNOTAVAIL);
        }
        let stream = self.sock(id).kind.is_stream();
        let port = match port {
            0 => self.free_port(stream, ip.is_ipv6())?,
            port => port,
        };
        let key = (stream, ip.is_ipv6(), port);
        let others = self.ports.get(&key).cloned().unwrap_or_default();
        if others.iter().any(|other| self.conflict(id, *other, ip)) {
            return error(libc::EADDRINUSE);
        }
        self.ports.entry(key).or_default().push(id);
        self.sock(id).local = Address::ip(ip, port);
        Ok(())
    }

    /// Whether both cannot have overlapping addresses and the same port.
    fn conflict(&self, one: Id, other: Id, ip: IpAddr) -> bool {
        let (Some(one), Some(other)) = (self.find(one), self.find(other)) else { return false };
        let Address::Ip { ip: taken, .. } = other.local else { return false };
        let overlap = taken == ip || taken.is_unspecified() || ip.is_unspecified();
        let listens = matches!(other.body, Body::Listening { .. });
        let shared = (one.options.reuse_address && other.options.reuse_address && !listens) || (one.options.reuse_port && other.options.reuse_port);
        overlap && !shared
    }

    fn free_port(&mut self, stream: bool, v6: bool) -> OsResult<u16> {
        for _ in EPHEMERAL {
            if !EPHEMERAL.contains(&self.next_port) {
                self.next_port = EPHEMERAL.start;
            }
            let port = self.next_port;
            self.next_port += 1;
            if !self.ports.contains_key(&(stream, v6, port)) {
                return Ok(port);
            }
        }
        error(libc::EADDRINUSE)
    }

    fn bind_path(&mut self, id: Id, path: &[u8]) -> OsResult<()> {
        let name = match path {
            // a name of the kernel's choice
            [] => format!("\0{id:05x}").into_bytes(),
            path => path.to_vec(),
        };
        // a path in the file system was free: whoever had it before has lost it
        if name[0] == 0 && self.paths.contains_key(&name) {
            return error(libc::EADDRINUSE);
        }
        self.paths.insert(name.clone(), id);
        self.sock(id).local = Address::Unix(name);
        Ok(())
    }

    /// Gives a socket that talks to `ip` an address of its own, if it has none.
    pub fn bind_to_reach(&mut self, id: Id, ip: IpAddr) -> OsResult<()> {
        let stream = self.sock(id).kind.is_stream();
        let own = match ip {
            IpAddr::V4(_) => IpAddr::from([127, 0, 0, 1]),
            IpAddr::V6(_) => ip,
        };
        match self.sock(id).local.clone() {
            Address::Ip { port: 0, .. } => {
                let port = self.free_port(stream, ip.is_ipv6())?;
                self.ports.entry((stream, ip.is_ipv6(), port)).or_default().push(id);
                self.sock(id).local = Address::ip(own, port);
            }
            Address::Ip { ip: bound, port, .. } if bound.is_unspecified() => self.sock(id).local = Address::ip(own, port),
            _ => {}
        }
        Ok(())
    }

    /// Who of those bound to a port satisfies `is`, the most exactly addressed first.
    pub fn at_port(&self, stream: bool, ip: IpAddr, port: u16, is: impl Fn(&Sock) -> bool) -> Option<Id> {
        let bound = self.ports.get(&(stream, ip.is_ipv6(), port))?;
        let at = |wanted: fn(IpAddr, IpAddr) -> bool| {
            let fits = |sock: &Sock| matches!(sock.local, Address::Ip { ip: own, .. } if wanted(own, ip)) && is(sock);
            bound.iter().copied().find(|id| self.find(*id).is_some_and(fits))
        };
        at(|own, ip| own == ip).or_else(|| at(|own, _| own.is_unspecified()))
    }

    pub fn at_path(&self, path: &[u8]) -> Option<Id> {
        self.paths.get(path).copied()
    }

    /// Takes a socket's names away.
    pub fn unname(&mut self, id: Id) {
        let Some(sock) = self.socks.get(&id) else { return };
        match &sock.local {
            Address::Ip { ip, port, .. } => {
                let key = (sock.kind.is_stream(), ip.is_ipv6(), *port);
                if let Some(bound) = self.ports.get_mut(&key) {
                    bound.retain(|other| *other != id);
                    if bound.is_empty() {
                        self.ports.remove(&key);
                    }
                }
            }
            Address::Unix(path) if self.paths.get(path) == Some(&id) => drop(self.paths.remove(path)),
            _ => {}
        }
    }

    // ---- the end ----

    /// The last handle is gone.
    pub fn close(&mut self, id: Id) {
        self.unname(id);
        let Some(sock) = self.socks.remove(&id) else { return };
        match sock.body {
            Body::Listening { ready, waiting, .. } => {
                self.close_queue(ready, waiting);
                self.tell_stuck(id);
            }
            Body::Connecting(listener) => self.give_up(listener, id),
            Body::Stream(stream) => self.close_stream(stream, sock.kind.domain == libc::AF_UNIX, sock.options.resets()),
            Body::Datagrams(_) => self.tell_stuck(id),
            Body::Idle => {}
        }
    }

    /// Tells those who could not send to `id`.
    pub fn tell_stuck(&mut self, id: Id) {
        if self.find(id).is_some_and(|sock| sock.kind.domain != libc::AF_UNIX) {
            return;
        }
        let stuck: Vec<Id> = self.socks.iter().filter(|(_, sock)| sock.stuck == Some(id)).map(|(id, _)| *id).collect();
        for id in stuck {
            self.sock(id).stuck = None;
            self.tell(id, Interest::WRITE);
        }
    }

    // ---- readiness ----

    pub fn ready(&mut self, id: Id) -> Interest {
        let stuck = self.sock(id).stuck.is_some_and(|on| self.is_full(on));
        let room = self.has_room(id);
        let sock = self.sock(id);
        let failed = Interest::ERROR.when(sock.error != 0);
        failed
            | match &sock.body {
                Body::Idle if sock.error != 0 => Interest::READ | Interest::WRITE | Interest::HANG_UP,
                Body::Idle if stuck => Interest::NONE,
                Body::Idle => Interest::WRITE | Interest::HANG_UP,
                Body::Listening { ready, .. } => Interest::READ.when(!ready.is_empty()),
                Body::Connecting(_) => Interest::NONE,
                Body::Stream(stream) => stream.ready(room, sock.error != 0),
                Body::Datagrams(messages) => messages.ready(room && !stuck, sock.error != 0),
            }
    }

    fn has_room(&self, id: Id) -> bool {
        let Some(sock) = self.find(id) else { return false };
        match &sock.body {
            Body::Stream(stream) => stream.peer.is_none_or(|peer| {
                let (room, capacity) = self.room_at(sock, peer);
                room * 3 >= capacity
            }),
            Body::Datagrams(messages) => messages.peer.is_none_or(|peer| !self.is_full(peer)),
            _ => true,
        }
    }

    /// Whether a listening socket or one for local messages takes no more.
    pub fn is_full(&self, id: Id) -> bool {
        self.find(id).is_some_and(|sock| match &sock.body {
            Body::Listening { backlog, ready, .. } => ready.len() > *backlog,
            Body::Datagrams(messages) => messages.is_full(sock.kind.domain),
            _ => false,
        })
    }
}

/// Whether an address is the machine's own.
pub fn is_ours(ip: IpAddr) -> bool {
    ip.is_loopback()
}
