//! Options of sockets: those that matter are fields, the others are remembered.

use std::collections::BTreeMap;

use super::super::super::OsResult;
use super::super::super::net::SocketKind;
use super::error;
use super::table::{Body, Id, Table};

/// What a socket was told.
#[derive(Clone)]
pub struct Options {
    pub reuse_address: bool,
    pub reuse_port: bool,
    /// Bytes.
    pub send_buffer: usize,
    /// Bytes.
    pub receive_buffer: usize,
    /// `SO_LINGER`: on, seconds.
    linger: [i32; 2],
    others: BTreeMap<(i32, i32), i32>,
}

/// Sizes that Linux gives TCP on the loopback device.
const TCP_SEND: usize = 2_626_560;
const TCP_RECEIVE: usize = 131_072;
/// `net.core.wmem_default`, `net.core.rmem_default`, and the most that one may ask for (which the kernel doubles).
const DEFAULT_BUFFER: usize = 212_992;

impl Options {
    pub fn new(kind: SocketKind) -> Options {
        let tcp = kind.is_stream() && kind.domain != libc::AF_UNIX;
        let (send_buffer, receive_buffer) = if tcp { (TCP_SEND, TCP_RECEIVE) } else { (DEFAULT_BUFFER, DEFAULT_BUFFER) };
        Options { reuse_address: false, reuse_port: false, send_buffer, receive_buffer, linger: [0; 2], others: BTreeMap::new() }
    }

    /// Whether closing resets the connection.
    pub fn resets(&self) -> bool {
        self.linger[0] != 0 && self.linger[1] == 0
    }
}

/// Options that are remembered and have no effect here, with what they are at first.
fn remembered(level: i32, name: i32) -> Option<i32> {
    Some(match (level, name) {
        (libc::SOL_SOCKET, libc::SO_KEEPALIVE | libc::SO_BROADCAST | libc::SO_OOBINLINE | libc::SO_PASSCRED) => 0,
        (libc::IPPROTO_TCP, libc::TCP_NODELAY | libc::TCP_CORK | libc::TCP_USER_TIMEOUT) => 0,
        (libc::IPPROTO_TCP, libc::TCP_QUICKACK) => 1,
        (libc::IPPROTO_TCP, libc::TCP_KEEPCNT) => 9,
        (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE) => 7200,
        (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL) => 75,
        (libc::IPPROTO_IP, libc::IP_TTL) => 64,
        (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL | libc::IP_MULTICAST_LOOP) => 1,
        (libc::IPPROTO_IP, libc::IP_TOS) | (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY) => 0,
        (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS) => 64,
        _ => return None,
    })
}

/// What the kernel makes of a wanted buffer size.
fn buffer_size(wanted: i32, least: usize) -> usize {
    ((wanted.max(0) as usize).min(DEFAULT_BUFFER) * 2).max(least)
}

impl Table {
    pub fn option(&mut self, id: Id, level: i32, name: i32) -> OsResult<Vec<u8>> {
        let error_now = if (level, name) == (libc::SOL_SOCKET, libc::SO_ERROR) { self.take_error(id) } else { 0 };
        let sock = self.sock(id);
        let (options, kind) = (&sock.options, sock.kind);
        let n = match (level, name) {
            (libc::SOL_SOCKET, libc::SO_ERROR) => error_now,
            (libc::SOL_SOCKET, libc::SO_REUSEADDR) => options.reuse_address.into(),
            (libc::SOL_SOCKET, libc::SO_REUSEPORT) => options.reuse_port.into(),
            (libc::SOL_SOCKET, libc::SO_SNDBUF) => options.send_buffer as i32,
            (libc::SOL_SOCKET, libc::SO_RCVBUF) => options.receive_buffer as i32,
            (libc::SOL_SOCKET, libc::SO_TYPE) => kind.kind,
            (libc::SOL_SOCKET, libc::SO_DOMAIN) => kind.domain,
            (libc::SOL_SOCKET, libc::SO_PROTOCOL) => match kind.domain {
                libc::AF_UNIX => 0,
                _ if kind.is_stream() => libc::IPPROTO_TCP,
                _ => libc::IPPROTO_UDP,
            },
            (libc::SOL_SOCKET, libc::SO_ACCEPTCONN) => matches!(sock.body, Body::Listening { .. }).into(),
            (libc::SOL_SOCKET, libc::SO_LINGER) => return Ok(options.linger.iter().flat_map(|n| n.to_ne_bytes()).collect()),
            _ => match remembered(level, name) {
                Some(first) => options.others.get(&(level, name)).copied().unwrap_or(first),
                None => return error(libc::ENOPROTOOPT),
            },
        };
        Ok(n.to_ne_bytes().to_vec())
    }

    pub fn set_option(&mut self, id: Id, level: i32, name: i32, value: &[u8]) -> OsResult<()> {
        let word = |at: usize| value.get(at..at + 4).and_then(|b| b.try_into().ok()).map(i32::from_ne_bytes);
        let Some(n) = word(0) else { return error(libc::EINVAL) };
        let options = &mut self.sock(id).options;
        match (level, name) {
            (libc::SOL_SOCKET, libc::SO_REUSEADDR) => options.reuse_address = n != 0,
            (libc::SOL_SOCKET, libc::SO_REUSEPORT) => options.reuse_port = n != 0,
            (libc::SOL_SOCKET, libc::SO_SNDBUF) => options.send_buffer = buffer_size(n, 4608),
            (libc::SOL_SOCKET, libc::SO_RCVBUF) => options.receive_buffer = buffer_size(n, 2304),
            (libc::SOL_SOCKET, libc::SO_LINGER) => match word(4) {
                Some(seconds) => options.linger = [i32::from(n != 0), seconds],
                None => return error(libc::EINVAL),
            },
            (libc::SOL_SOCKET, _) if remembered(level, name).is_some() => drop(options.others.insert((level, name), i32::from(n != 0))),
            _ if remembered(level, name).is_some() => drop(options.others.insert((level, name), n)),
            _ => return error(libc::ENOPROTOOPT),
        }
        Ok(())
    }
}
