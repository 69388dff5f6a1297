//! The network as both worlds offer it: addresses, sockets, and the one wait that blocking calls are made of.
//!
//! A socket's own calls never wait: they answer `EAGAIN` (`EINPROGRESS` for a connect). [`until_ready`] tries again when
//! [`World::poll`] says so; timeouts, interrupts and the end of the run are its business, in both worlds alike.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::files::{Handle, OsError, OsResult};
use super::ready::{Interest, PollEntry};
use super::{Blocked, Ns, Tid, Wake, World};

/// What a call of the network costs in the simulated world, in virtual ns.
pub const CALL_NS: Ns = 2_000;

/// How long a call rests that was told in vain that its socket is ready, ns.
const NAP: Ns = 200_000;

/// Where a socket is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Address {
    /// Nowhere.
    Unnamed,
    /// An address of the internet, version 4 or 6, and a port. Flow and scope are version 6's.
    Ip { ip: IpAddr, port: u16, flow: u32, scope: u32 },
    /// A path; empty: unnamed; beginning with a zero byte: a name of Linux's abstract space.
    Unix(Vec<u8>),
}

impl Address {
    /// An address of the internet.
    pub fn ip(ip: IpAddr, port: u16) -> Address {
        Address::Ip { ip, port, flow: 0, scope: 0 }
    }

    /// All addresses of a family, no port yet.
    pub fn any(domain: i32) -> Address {
        match domain {
            libc::AF_INET => Address::ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0),
            libc::AF_INET6 => Address::ip(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0),
            libc::AF_UNIX => Address::Unix(Vec::new()),
            _ => Address::Unnamed,
        }
    }

    /// `AF_INET`, ..
    pub fn domain(&self) -> i32 {
        match self {
            Address::Unnamed => libc::AF_UNSPEC,
            Address::Ip { ip: IpAddr::V4(_), .. } => libc::AF_INET,
            Address::Ip { ip: IpAddr::V6(_), .. } => libc::AF_INET6,
            Address::Unix(_) => libc::AF_UNIX,
        }
    }

    /// The port; 0 where there is none.
    pub fn port(&self) -> u16 {
        match self {
            Address::Ip { port, .. } => *port,
            _ => 0,
        }
    }

    /// For reports: `127.0.0.1:80`.
    pub fn shown(&self) -> String {
        match self {
            Address::Unnamed => "nowhere".to_owned(),
            Address::Ip { ip: IpAddr::V4(ip), port, .. } => format!("{ip}:{port}"),
            Address::Ip { ip: IpAddr::V6(ip), port, .. } => format!("[{ip}]:{port}"),
            Address::Unix(path) => String::from_utf8_lossy(path).into_owned(),
        }
    }
}

/// Domain (`AF_INET`, ..), type (`SOCK_STREAM`, ..) and protocol as in `libc`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SocketKind {
    pub domain: i32,
    pub kind: i32,
    pub protocol: i32,
}

impl SocketKind {
    /// Whether bytes come in order, without borders.
    pub fn is_stream(self) -> bool {
        self.kind == libc::SOCK_STREAM
    }
}

/// What a receive brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received {
    /// Bytes in the buffer.
    pub n: usize,
    /// Bytes of the message, of which the buffer may hold less.
    pub whole: usize,
    /// Who sent it; nobody is told for connected streams.
    pub from: Address,
}

/// A file that talks to others. None of the calls waits.
pub trait Socket {
    /// Domain, type, protocol.
    fn kind(&self) -> SocketKind;

    /// Gives it an address. `EADDRINUSE`, `EADDRNOTAVAIL`, `EINVAL`, `EACCES`, ..
    fn bind(&self, to: &Address) -> OsResult<()>;

    /// Lets others connect; `backlog` + 1 connections wait to be accepted, as on Linux.
    fn listen(&self, backlog: i32) -> OsResult<()>;

    /// Begins to connect. `EINPROGRESS`: when writing is possible, [`Socket::take_error`] tells. `EAGAIN` (only local sockets): no room yet.
    fn connect(&self, to: &Address) -> OsResult<()>;

    /// The next connection. `EAGAIN`.
    fn accept(&self) -> OsResult<(Handle, Address)>;

    /// Sends some of `data`, or a whole message; `flags` are `MSG_*`.
    fn send(&self, data: &[u8], to: Option<&Address>, flags: i32) -> OsResult<usize>;

    /// Receives; `flags` are `MSG_*`.
    fn receive(&self, buf: &mut [u8], flags: i32) -> OsResult<Received>;

    /// Ends one direction or both: `SHUT_RD`, `SHUT_WR`, `SHUT_RDWR`.
    fn shutdown(&self, how: i32) -> OsResult<()>;

    /// Its own address.
    fn local(&self) -> OsResult<Address>;

    /// The other end's. `ENOTCONN`.
    fn peer(&self) -> OsResult<Address>;

    /// An option's bytes. `ENOPROTOOPT`.
    fn option(&self, level: i32, name: i32) -> OsResult<Vec<u8>>;

    /// Sets an option.
    fn set_option(&self, level: i32, name: i32, value: &[u8]) -> OsResult<()>;

    /// The error that waits to be told (`SO_ERROR`), once; 0: none.
    fn take_error(&self) -> i32;
}

/// How long a call waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Patience {
    /// Not at all: `EAGAIN`.
    None,
    /// Until then, or for ever.
    Until(Option<Ns>),
}

/// Why a call of the network came to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The system's answer. `EINTR`: interrupted; `ECANCELED`: the thread is over.
    Error(OsError),
    /// The deadline came first.
    TimedOut,
}

impl From<OsError> for Stop {
    fn from(e: OsError) -> Stop {
        Stop::Error(e)
    }
}

/// Tries `step` until it does not answer `EAGAIN`, waiting in between until `file` is ready for `want`. Without the GIL.
pub fn until_ready<R>(
    world: &dyn World,
    me: Tid,
    file: &Handle,
    want: Interest,
    patience: Patience,
    why: &dyn Fn() -> Blocked,
    mut step: impl FnMut() -> OsResult<R>,
) -> Result<R, Stop> {
    let mut in_vain = 0;
    loop {
        match step() {
            Err(OsError { errno: libc::EAGAIN }) if patience != Patience::None => {
                let why = why();
                wait_ready(world, me, file, want, patience, &why)?;
                in_vain += 1;
                if in_vain > 2 {
                    // the kernel calls some ready that are not: a local socket whose receiver has no room
                    if world.park(me, Some(world.now() + NAP), &why) == Wake::Interrupted {
                        return Err(OsError::new(libc::EINTR).into());
                    }
                }
            }
            result => {
                world.charge_ns(me, CALL_NS);
                return Ok(result?);
            }
        }
    }
}

/// Waits until `file` is ready for `want`, or may be.
pub fn wait_ready(world: &dyn World, me: Tid, file: &Handle, want: Interest, patience: Patience, why: &Blocked) -> Result<(), Stop> {
    let Patience::Until(deadline) = patience else { return Ok(()) };
    let mut files = [PollEntry::new(file.clone(), want)];
    loop {
        match world.poll(me, &mut files, deadline, why) {
            Wake::Killed => return Err(OsError::new(libc::ECANCELED).into()),
            Wake::Interrupted => return Err(OsError::new(libc::EINTR).into()),
            _ if !files[0].got.is_empty() => return Ok(()),
            Wake::TimedOut => return Err(Stop::TimedOut),
            Wake::Unparked => {}
        }
    }
}
