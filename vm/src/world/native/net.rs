//! Sockets of the host. They are non-blocking underneath; all waiting is ours.

use std::any::Any;
use std::net::{IpAddr, SocketAddrV4, SocketAddrV6, ToSocketAddrs};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::PollFlags;
use rustix::io::Errno;
use rustix::net::{self, AddressFamily, Protocol, RecvFlags, SendFlags, Shutdown, SocketAddrAny, SocketAddrUnix, SocketFlags, SocketType, sockopt};

use super::super::Tid;
use super::super::files::{File, FileStat, Handle, OsError, OsResult};
use super::super::net::{Address, Received, Socket, SocketKind};
use super::super::ready::Interest;
use super::disk;
use super::threads::Threads;

const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

struct HostSocket {
    fd: OwnedFd,
    kind: SocketKind,
    blocking: AtomicBool,
    threads: Arc<Threads>,
}

/// A new socket.
pub fn socket(threads: &Arc<Threads>, kind: SocketKind) -> OsResult<Handle> {
    let fd = net::socket_with(family(kind.domain)?, socket_type(kind.kind), FLAGS, protocol(kind.protocol))?;
    Ok(handle(threads, fd, kind))
}

/// Two that are connected.
pub fn pair(threads: &Arc<Threads>, kind: SocketKind) -> OsResult<(Handle, Handle)> {
    let (a, b) = net::socketpair(family(kind.domain)?, socket_type(kind.kind), FLAGS, protocol(kind.protocol))?;
    Ok((handle(threads, a, kind), handle(threads, b, kind)))
}

/// The addresses of a name, asked of the host.
pub fn resolve(name: &str) -> Vec<IpAddr> {
    let found = (name, 0).to_socket_addrs();
    let mut all: Vec<IpAddr> = found.map(|all| all.map(|a| a.ip()).collect()).unwrap_or_default();
    let mut seen = std::collections::HashSet::new();
    all.retain(|ip| seen.insert(*ip));
    all
}

fn handle(threads: &Arc<Threads>, fd: OwnedFd, kind: SocketKind) -> Handle {
    Arc::new(HostSocket { fd, kind, blocking: AtomicBool::new(true), threads: Arc::clone(threads) })
}

fn family(domain: i32) -> OsResult<AddressFamily> {
    u16::try_from(domain).map(AddressFamily::from_raw).map_err(|_| OsError::new(libc::EAFNOSUPPORT))
}

fn socket_type(kind: i32) -> SocketType {
    SocketType::from_raw(kind as u32)
}

fn protocol(n: i32) -> Option<Protocol> {
    std::num::NonZeroU32::new(n as u32).map(Protocol::from_raw)
}

fn address_of(any: Option<SocketAddrAny>) -> Address {
    let Some(any) = any else { return Address::Unnamed };
    if let Ok(v4) = SocketAddrV4::try_from(any.clone()) {
        return Address::ip(IpAddr::V4(*v4.ip()), v4.port());
    }
    if let Ok(v6) = SocketAddrV6::try_from(any.clone()) {
        return Address::Ip { ip: IpAddr::V6(*v6.ip()), port: v6.port(), flow: v6.flowinfo(), scope: v6.scope_id() };
    }
    match SocketAddrUnix::try_from(any) {
        Ok(path) => Address::Unix(match path.abstract_name() {
            Some([]) => Vec::new(),
            Some(name) => [b"\0", name].concat(),
            None => path.path_bytes().map(|bytes| bytes.strip_suffix(b"\0").unwrap_or(bytes).to_vec()).unwrap_or_default(),
        }),
        Err(_) => Address::Unnamed,
    }
}

fn host_address(address: &Address) -> OsResult<SocketAddrAny> {
    Ok(match address {
        Address::Unnamed => return Err(OsError::new(libc::EINVAL)),
        Address::Ip { ip: IpAddr::V4(ip), port, .. } => SocketAddrV4::new(*ip, *port).into(),
        Address::Ip { ip: IpAddr::V6(ip), port, flow, scope } => SocketAddrV6::new(*ip, *port, *flow, *scope).into(),
        Address::Unix(path) if path.is_empty() => SocketAddrUnix::new_unnamed().into(),
        Address::Unix(path) => match path.strip_prefix(b"\0") {
            Some(name) => SocketAddrUnix::new_abstract_name(name)?.into(),
            None => SocketAddrUnix::new(path.as_slice())?.into(),
        },
    })
}

impl HostSocket {
    fn wait_again(&self, me: Tid, events: PollFlags) -> OsResult<()> {
        if !self.blocking() {
            return Err(OsError::new(libc::EAGAIN));
        }
        self.threads.wait_ready(me, self.fd.as_fd(), events, None, "a socket")
    }
}

impl Socket for HostSocket {
    fn kind(&self) -> SocketKind {
        self.kind
    }

    fn bind(&self, to: &Address) -> OsResult<()> {
        Ok(net::bind(&self.fd, &host_address(to)?)?)
    }

    fn listen(&self, backlog: i32) -> OsResult<()> {
        Ok(net::listen(&self.fd, backlog)?)
    }

    fn connect(&self, to: &Address) -> OsResult<()> {
        match to {
            Address::Unnamed => Ok(net::connect_unspec(&self.fd)?),
            to => Ok(net::connect(&self.fd, &host_address(to)?)?),
        }
    }

    fn accept(&self) -> OsResult<(Handle, Address)> {
        let (fd, from) = net::acceptfrom_with(&self.fd, FLAGS)?;
        Ok((handle(&self.threads, fd, self.kind), address_of(from)))
    }

    fn send(&self, data: &[u8], to: Option<&Address>, flags: i32) -> OsResult<usize> {
        let flags = SendFlags::from_bits_retain(flags as u32) | SendFlags::NOSIGNAL;
        match to {
            Some(to) => Ok(net::sendto(&self.fd, data, flags, &host_address(to)?)?),
            None => Ok(net::send(&self.fd, data, flags)?),
        }
    }

    fn receive(&self, buf: &mut [u8], flags: i32) -> OsResult<Received> {
        let flags = RecvFlags::from_bits_retain(flags as u32);
        let (n, whole, from) = net::recvfrom(&self.fd, buf, flags)?;
        Ok(Received { n, whole, from: address_of(from) })
    }

    fn shutdown(&self, how: i32) -> OsResult<()> {
        let how = match how {
            libc::SHUT_RD => Shutdown::Read,
            libc::SHUT_WR => Shutdown::Write,
            libc::SHUT_RDWR => Shutdown::Both,
            _ => return Err(OsError::new(libc::EINVAL)),
        };
        Ok(net::shutdown(&self.fd, how)?)
    }

    fn local(&self) -> OsResult<Address> {
        Ok(address_of(Some(net::getsockname(&self.fd)?)))
    }

    fn peer(&self) -> OsResult<Address> {
        Ok(address_of(net::getpeername(&self.fd)?))
    }

    fn option(&self, level: i32, name: i32) -> OsResult<Vec<u8>> {
        get_option(&self.fd, self.kind, level, name)
    }

    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> OsResult<()> {
        set_option(&self.fd, level, name, value)
    }

    fn take_error(&self) -> i32 {
        match sockopt::socket_error(&self.fd) {
            Ok(Err(error)) | Err(error) => error.raw_os_error(),
            Ok(Ok(())) => 0,
        }
    }
}

fn get_option(fd: &OwnedFd, kind: SocketKind, level: i32, name: i32) -> OsResult<Vec<u8>> {
    let whole_seconds = |time: Duration| time.as_secs() as i32;
    let n = match (level, name) {
        (libc::SOL_SOCKET, libc::SO_REUSEADDR) => sockopt::socket_reuseaddr(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_REUSEPORT) => sockopt::socket_reuseport(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_KEEPALIVE) => sockopt::socket_keepalive(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_BROADCAST) => sockopt::socket_broadcast(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_OOBINLINE) => sockopt::socket_oobinline(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_PASSCRED) => sockopt::socket_passcred(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_ACCEPTCONN) => sockopt::socket_acceptconn(fd)?.into(),
        (libc::SOL_SOCKET, libc::SO_RCVBUF) => sockopt::socket_recv_buffer_size(fd)? as i32,
        (libc::SOL_SOCKET, libc::SO_SNDBUF) => sockopt::socket_send_buffer_size(fd)? as i32,
        (libc::SOL_SOCKET, libc::SO_DOMAIN) => sockopt::socket_domain(fd)?.as_raw().into(),
        (libc::SOL_SOCKET, libc::SO_TYPE) => kind.kind,
        (libc::SOL_SOCKET, libc::SO_PROTOCOL) => sockopt::socket_protocol(fd)?.map_or(0, |p| p.as_raw().get() as i32),
        (libc::SOL_SOCKET, libc::SO_ERROR) => sockopt::socket_error(fd)?.err().map_or(0, Errno::raw_os_error),
        (libc::SOL_SOCKET, libc::SO_LINGER) => {
            let linger = sockopt::socket_linger(fd)?;
            let (on, seconds) = (i32::from(linger.is_some()), linger.map_or(0, whole_seconds));
            return Ok([on.to_ne_bytes(), seconds.to_ne_bytes()].concat());
        }
        (libc::IPPROTO_TCP, libc::TCP_NODELAY) => sockopt::tcp_nodelay(fd)?.into(),
        (libc::IPPROTO_TCP, libc::TCP_CORK) => sockopt::tcp_cork(fd)?.into(),
        (libc::IPPROTO_TCP, libc::TCP_QUICKACK) => sockopt::tcp_quickack(fd)?.into(),
        (libc::IPPROTO_TCP, libc::TCP_KEEPCNT) => sockopt::tcp_keepcnt(fd)? as i32,
        (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE) => whole_seconds(sockopt::tcp_keepidle(fd)?),
        (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL) => whole_seconds(sockopt::tcp_keepintvl(fd)?),
        (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT) => sockopt::tcp_user_timeout(fd)? as i32,
        (libc::IPPROTO_IP, libc::IP_TTL) => sockopt::ip_ttl(fd)? as i32,
        (libc::IPPROTO_IP, libc::IP_TOS) => sockopt::ip_tos(fd)?.into(),
        (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL) => sockopt::ip_multicast_ttl(fd)? as i32,
        (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP) => sockopt::ip_multicast_loop(fd)?.into(),
        (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY) => sockopt::ipv6_v6only(fd)?.into(),
        (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS) => sockopt::ipv6_unicast_hops(fd)?.into(),
        _ => return Err(OsError::new(libc::ENOPROTOOPT)),
    };
    Ok(n.to_ne_bytes().to_vec())
}

fn set_option(fd: &OwnedFd, level: i32, name: i32, value: &[u8]) -> OsResult<()> {
    let word = |at: usize| value.get(at..at + 4).and_then(|b| b.try_into().ok()).map(i32::from_ne_bytes);
    let n = word(0).ok_or(OsError::new(libc::EINVAL))?;
    let (on, size, seconds) = (n != 0, n.max(0) as usize, Duration::from_secs(n.max(0) as u64));
    match (level, name) {
        (libc::SOL_SOCKET, libc::SO_REUSEADDR) => sockopt::set_socket_reuseaddr(fd, on)?,
        (libc::SOL_SOCKET, libc::SO_REUSEPORT) => sockopt::set_socket_reuseport(fd, on)?,
        (libc::SOL_SOCKET, libc::SO_KEEPALIVE) => sockopt::set_socket_keepalive(fd, on)?,
        (libc::SOL_SOCKET, libc::SO_BROADCAST) => sockopt::set_socket_broadcast(fd, on)?,
        (libc::SOL_SOCKET, libc::SO_OOBINLINE) => sockopt::set_socket_oobinline(fd, on)?,
        (libc::SOL_SOCKET, libc::SO_PASSCRED) => sockopt::set_socket_passcred(fd, on)?,
        (libc::SOL_SOCKET, libc::SO_RCVBUF) => sockopt::set_socket_recv_buffer_size(fd, size)?,
        (libc::SOL_SOCKET, libc::SO_SNDBUF) => sockopt::set_socket_send_buffer_size(fd, size)?,
        (libc::SOL_SOCKET, libc::SO_LINGER) => {
            let last = word(4).ok_or(OsError::new(libc::EINVAL))?;
            sockopt::set_socket_linger(fd, on.then(|| Duration::from_secs(last.max(0) as u64)))?
        }
        (libc::IPPROTO_TCP, libc::TCP_NODELAY) => sockopt::set_tcp_nodelay(fd, on)?,
        (libc::IPPROTO_TCP, libc::TCP_CORK) => sockopt::set_tcp_cork(fd, on)?,
        (libc::IPPROTO_TCP, libc::TCP_QUICKACK) => sockopt::set_tcp_quickack(fd, on)?,
        (libc::IPPROTO_TCP, libc::TCP_KEEPCNT) => sockopt::set_tcp_keepcnt(fd, n.max(0) as u32)?,
        (libc::IPPROTO_TCP, libc::TCP_KEEPIDLE) => sockopt::set_tcp_keepidle(fd, seconds)?,
        (libc::IPPROTO_TCP, libc::TCP_KEEPINTVL) => sockopt::set_tcp_keepintvl(fd, seconds)?,
        (libc::IPPROTO_TCP, libc::TCP_USER_TIMEOUT) => sockopt::set_tcp_user_timeout(fd, n.max(0) as u32)?,
        (libc::IPPROTO_IP, libc::IP_TTL) => sockopt::set_ip_ttl(fd, n.max(0) as u32)?,
        (libc::IPPROTO_IP, libc::IP_TOS) => sockopt::set_ip_tos(fd, n as u8)?,
        (libc::IPPROTO_IP, libc::IP_MULTICAST_TTL) => sockopt::set_ip_multicast_ttl(fd, n.max(0) as u32)?,
        (libc::IPPROTO_IP, libc::IP_MULTICAST_LOOP) => sockopt::set_ip_multicast_loop(fd, on)?,
        (libc::IPPROTO_IP, libc::IP_ADD_MEMBERSHIP | libc::IP_DROP_MEMBERSHIP) => {
            let ip = |at: usize| value.get(at..at + 4).and_then(|b| <[u8; 4]>::try_from(b).ok()).map(std::net::Ipv4Addr::from);
            let (Some(group), Some(on)) = (ip(0), ip(4)) else { return Err(OsError::new(libc::EINVAL)) };
            match name {
                libc::IP_ADD_MEMBERSHIP => sockopt::set_ip_add_membership(fd, &group, &on)?,
                _ => sockopt::set_ip_drop_membership(fd, &group, &on)?,
            }
        }
        (libc::IPPROTO_IPV6, libc::IPV6_V6ONLY) => sockopt::set_ipv6_v6only(fd, on)?,
        (libc::IPPROTO_IPV6, libc::IPV6_UNICAST_HOPS) => sockopt::set_ipv6_unicast_hops(fd, u8::try_from(n).ok())?,
        _ => return Err(OsError::new(libc::ENOPROTOOPT)),
    }
    Ok(())
}

impl File for HostSocket {
    fn read(&self, me: Tid, buf: &mut [u8]) -> OsResult<usize> {
        loop {
            match rustix::io::read(&self.fd, &mut *buf) {
                Err(Errno::AGAIN) => self.wait_again(me, PollFlags::IN)?,
                Err(Errno::INTR) => {}
                other => return Ok(other?),
            }
        }
    }

    fn write(&self, me: Tid, data: &[u8]) -> OsResult<usize> {
        loop {
            match net::send(&self.fd, data, SendFlags::NOSIGNAL) {
                Err(Errno::AGAIN) => self.wait_again(me, PollFlags::OUT)?,
                Err(Errno::INTR) => {}
                other => return Ok(other?),
            }
        }
    }

    fn stat(&self) -> OsResult<FileStat> {
        disk::stat_open(&self.fd)
    }

    fn set_blocking(&self, blocking: bool) -> OsResult<()> {
        self.blocking.store(blocking, Ordering::Relaxed);
        Ok(())
    }

    fn blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    fn ready(&self, want: Interest) -> Interest {
        super::poll::ready_now(self.fd.as_fd(), want)
    }

    fn host_fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.fd.as_fd())
    }

    fn outside(&self) -> bool {
        true
    }

    fn socket(&self) -> Option<&dyn Socket> {
        Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
