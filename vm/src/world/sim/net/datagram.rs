//! Messages: UDP, which drops what finds no room, and local ones, which wait.

use std::collections::VecDeque;
use std::net::IpAddr;

use super::super::super::net::{Address, Received};
use super::super::super::{Interest, OsResult};
use super::error;
use super::table::{Body, Id, Sock, Table, is_ours};

/// The longest message of UDP, in bytes.
const MOST: usize = 65_507;
/// The longest local message, in bytes.
const MOST_LOCAL: usize = 212_960;
/// Local messages that wait to be received (`net.unix.max_dgram_qlen`, and one).
const MOST_WAITING: usize = 11;
/// What the kernel's administration of a message takes of a receive buffer, in bytes.
const OVERHEAD: usize = 768;

/// What a socket for messages holds.
#[derive(Default)]
pub struct Datagrams {
    inbox: VecDeque<(Address, Vec<u8>)>,
    /// Bytes in the inbox, with their overhead.
    held: usize,
    /// The other end of a local connection or pair.
    pub peer: Option<Id>,
    connected: bool,
    read_shut: bool,
    write_shut: bool,
}

impl Datagrams {
    pub fn ready(&self, room: bool, failed: bool) -> Interest {
        Interest::READ.when(!self.inbox.is_empty() || failed || self.read_shut)
            | Interest::WRITE.when(room || failed || self.write_shut)
            | Interest::HANG_UP.when(self.read_shut && self.write_shut)
    }

    pub fn is_full(&self, domain: i32) -> bool {
        domain == libc::AF_UNIX && self.inbox.len() >= MOST_WAITING
    }

    pub fn shutdown(&mut self, read: bool, write: bool) -> OsResult<()> {
        if !self.connected && self.peer.is_none() {
            return error(libc::ENOTCONN);
        }
        self.read_shut |= read;
        self.write_shut |= write;
        Ok(())
    }
}

impl Table {
    fn messages(&mut self, id: Id) -> Option<&mut Datagrams> {
        match &mut self.find_mut(id)?.body {
            Body::Datagrams(messages) => Some(messages),
            _ => None,
        }
    }

    pub fn connect_datagram(&mut self, id: Id, to: &Address) -> OsResult<()> {
        let domain = self.sock(id).kind.domain;
        if *to != Address::Unnamed && to.domain() != domain {
            return error(libc::EAFNOSUPPORT);
        }
        let peer = match to {
            Address::Unnamed => None,
            Address::Ip { ip, .. } if !is_ours(*ip) && !ip.is_unspecified() => return error(libc::ENETUNREACH),
            Address::Ip { ip, .. } => {
                self.bind_to_reach(id, *ip)?;
                None
            }
            Address::Unix(path) => Some(self.local_receiver(path)?),
        };
        self.sock(id).remote = to.clone();
        if let Some(messages) = self.messages(id) {
            (messages.peer, messages.connected) = (peer, *to != Address::Unnamed);
        }
        Ok(())
    }

    fn local_receiver(&self, path: &[u8]) -> OsResult<Id> {
        match self.at_path(path) {
            Some(at) if self.find(at).is_some_and(|sock| sock.kind.is_stream()) => error(libc::EPROTOTYPE),
            Some(at) => Ok(at),
            None => error(libc::ECONNREFUSED),
        }
    }

    pub fn send_datagram(&mut self, id: Id, data: &[u8], to: Option<&Address>) -> OsResult<usize> {
        self.pending_error(id)?;
        if self.messages(id).is_some_and(|messages| messages.write_shut) {
            return error(libc::EPIPE);
        }
        match self.sock(id).kind.domain {
            libc::AF_UNIX => self.send_local(id, data, to),
            _ => self.send_udp(id, data, to),
        }
    }

    fn send_local(&mut self, id: Id, data: &[u8], to: Option<&Address>) -> OsResult<usize> {
        let peer = self.messages(id).and_then(|messages| messages.peer);
        let receiver = match (to, peer) {
            (Some(Address::Unix(path)), _) => self.local_receiver(path)?,
            (_, Some(peer)) if self.find(peer).is_some() => peer,
            (_, Some(_)) => return error(libc::ECONNREFUSED),
            (_, None) => return error(libc::ENOTCONN),
        };
        if data.len() > MOST_LOCAL {
            return error(libc::EMSGSIZE);
        }
        if self.is_full(receiver) {
            self.sock(id).stuck = Some(receiver);
            return error(libc::EAGAIN);
        }
        let from = self.sock(id).local.clone();
        self.deliver(receiver, from, data);
        Ok(data.len())
    }

    fn send_udp(&mut self, id: Id, data: &[u8], to: Option<&Address>) -> OsResult<usize> {
        let connected = self.sock(id).remote.clone();
        let (ip, port) = match to.unwrap_or(&connected) {
            Address::Ip { ip, port, .. } => (*ip, *port),
            _ => return error(libc::EDESTADDRREQ),
        };
        if data.len() > MOST {
            return error(libc::EMSGSIZE);
        }
        if port == 0 {
            return error(libc::EINVAL);
        }
        let ip = match ip {
            IpAddr::V4(v4) if v4.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            ip => ip,
        };
        if !is_ours(ip) {
            return error(libc::ENETUNREACH);
        }
        let from = self.source(id, ip)?;
        // those who are connected with somebody else do not hear it
        let exact = self.at_port(false, ip, port, |sock| sock.remote == from);
        let receiver = exact.or_else(|| self.at_port(false, ip, port, |sock: &Sock| sock.remote == Address::Unnamed));
        match receiver {
            Some(receiver) => self.deliver(receiver, from, data),
            None if to.is_none() => {
                self.sock(id).error = libc::ECONNREFUSED;
                self.tell(id, Interest::READ | Interest::ERROR);
            }
            None => {}
        }
        Ok(data.len())
    }

    /// From where a message to `ip` comes.
    fn source(&mut self, id: Id, ip: IpAddr) -> OsResult<Address> {
        match self.sock(id).local.clone() {
            Address::Ip { ip: own, port, .. } if port != 0 => Ok(match own.is_unspecified() {
                true => Address::ip(if ip.is_ipv4() { IpAddr::from([127, 0, 0, 1]) } else { ip }, port),
                false => Address::ip(own, port),
            }),
            _ => {
                let domain = self.sock(id).kind.domain;
                self.bind(id, &Address::any(domain))?;
                self.source(id, ip)
            }
        }
    }

    fn deliver(&mut self, receiver: Id, from: Address, data: &[u8]) {
        let most = self.sock(receiver).options.receive_buffer;
        let drops = self.sock(receiver).kind.domain != libc::AF_UNIX;
        let Some(messages) = self.messages(receiver) else { return };
        if messages.read_shut || (drops && messages.held > most) {
            return;
        }
        messages.held += data.len() + OVERHEAD;
        messages.inbox.push_back((from, data.to_vec()));
        self.tell(receiver, Interest::READ);
    }

    pub fn receive_datagram(&mut self, id: Id, buf: &mut [u8], keep: bool) -> OsResult<Received> {
        self.pending_error(id)?;
        let Some(messages) = self.messages(id) else { return error(libc::EINVAL) };
        let Some((from, data)) = messages.inbox.front() else {
            let over = messages.read_shut;
            return if over { Ok(Received { n: 0, whole: 0, from: Address::Unnamed }) } else { error(libc::EAGAIN) };
        };
        let n = data.len().min(buf.len());
        buf[..n].copy_from_slice(&data[..n]);
        let received = Received { n, whole: data.len(), from: from.clone() };
        if !keep {
            messages.held -= data.len() + OVERHEAD;
            messages.inbox.pop_front();
            self.tell_stuck(id);
            self.tell_senders(id);
        }
        Ok(received)
    }

    /// Tells the other end of a pair that there is room again.
    fn tell_senders(&mut self, id: Id) {
        if let Some(peer) = self.messages(id).and_then(|messages| messages.peer) {
            self.tell(peer, Interest::WRITE);
        }
    }
}
