//! Names of hosts, services and protocols.

use super::address::{from_python, host_text, to_python};
use super::numbers::parse_v4;
use super::{GAI_ERROR, H_ERROR};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::gil::Cause;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Address, OsError};

/// Services that scripts ask for: name, port, whether by UDP too.
const SERVICES: &[(&str, u16, bool)] = &[
    ("echo", 7, true),
    ("discard", 9, true),
    ("daytime", 13, true),
    ("ftp-data", 20, false),
    ("ftp", 21, false),
    ("ssh", 22, false),
    ("telnet", 23, false),
    ("smtp", 25, false),
    ("time", 37, true),
    ("domain", 53, true),
    ("http", 80, false),
    ("pop3", 110, false),
    ("nntp", 119, false),
    ("ntp", 123, true),
    ("imap2", 143, false),
    ("snmp", 161, true),
    ("ldap", 389, true),
    ("https", 443, true),
    ("imaps", 993, false),
    ("pop3s", 995, false),
    ("mysql", 3306, false),
    ("postgresql", 5432, false),
];

const PROTOCOLS: &[(&str, i32)] = &[("ip", 0), ("icmp", 1), ("igmp", 2), ("tcp", 6), ("udp", 17), ("ipv6", 41), ("ipv6-icmp", 58)];

fn gai_error(vm: &mut Vm, code: i32) -> Raised {
    let text = match code {
        libc::EAI_FAMILY => "ai_family not supported",
        libc::EAI_SOCKTYPE => "ai_socktype not supported",
        libc::EAI_SERVICE => "Servname not supported for ai_socktype",
        libc::EAI_BADFLAGS => "Bad value for ai_flags",
        _ => "Name or service not known",
    };
    let args = vec![Value::i32(code), vm.new_str(text)];
    match GAI_ERROR.class(vm).and_then(|class| vm.call(&class, &args)) {
        Ok(v) => Raised(v),
        Err(e) => e,
    }
}

/// A number as an address is written.
fn numeric(host: &str, domain: i32) -> Option<IpAddr> {
    let v4 = || parse_v4(host).map(IpAddr::V4);
    let v6 = || host.split('%').next()?.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    match domain {
        libc::AF_INET => v4(),
        libc::AF_INET6 => v6(),
        _ => v4().or_else(v6),
    }
}

fn fits(ip: IpAddr, domain: i32) -> bool {
    match domain {
        libc::AF_INET => ip.is_ipv4(),
        libc::AF_INET6 => ip.is_ipv6(),
        _ => true,
    }
}

/// All addresses of a host in a family; asking for a name may take long, so the GIL is away meanwhile.
fn lookup(vm: &mut Vm, host: &str, domain: i32) -> PyResult<Vec<IpAddr>> {
    if let Some(ip) = numeric(host, domain) {
        return Ok(vec![ip]);
    }
    vm.may_use_network()?;
    let found: Vec<IpAddr> = vm.without_gil(Cause::Io, |world, _| world.resolve(host))?;
    let found: Vec<IpAddr> = found.into_iter().filter(|ip| fits(*ip, domain)).collect();
    if found.is_empty() { Err(gai_error(vm, libc::EAI_NONAME)) } else { Ok(found) }
}

/// The address that `bind`, `connect` and others take for a host.
pub fn host_ip(vm: &mut Vm, host: &str, domain: i32) -> PyResult<IpAddr> {
    let six = domain == libc::AF_INET6;
    match host {
        "" if six => Ok(IpAddr::V6(Ipv6Addr::UNSPECIFIED)),
        "" => Ok(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        "<broadcast>" | "255.255.255.255" if !six => Ok(IpAddr::V4(Ipv4Addr::BROADCAST)),
        "<broadcast>" => Err(vm.err(Exc::OSError, "address family mismatched")),
        host => Ok(lookup(vm, host, domain)?[0]),
    }
}

// ---- getaddrinfo and its reverse ----

/// `getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)`
pub fn getaddrinfo(vm: &mut Vm, args: &[Value]) -> PyResult {
    let host = match args[0].is_none() {
        true => None,
        false if !args[0].is_a::<Str>() && !args[0].is_a::<Bytes>() => return Err(vm.type_error("getaddrinfo() argument 1 must be string or None")),
        false => Some(host_text(vm, &args[0])?),
    };
    let [family, kind, proto, flags] = [vm.to_i32(&args[2])?, vm.to_i32(&args[3])?, vm.to_i32(&args[4])?, vm.to_i32(&args[5])?];
    let host = host.filter(|h| !h.is_empty());
    if !matches!(family, libc::AF_UNSPEC | libc::AF_INET | libc::AF_INET6) {
        return Err(gai_error(vm, libc::EAI_FAMILY));
    }
    let kinds = kinds(vm, kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC), proto)?;
    let (port, kinds) = service(vm, &args[1], kinds, host.is_none(), flags)?;
    let ips = match &host {
        None => nobody(family, flags),
        Some(host) if flags & libc::AI_NUMERICHOST != 0 => match numeric(host, family) {
            Some(ip) => vec![ip],
            None => return Err(gai_error(vm, libc::EAI_NONAME)),
        },
        Some(host) => match (numeric(host, libc::AF_UNSPEC), numeric(host, family)) {
            // an address of the other family
            (Some(_), None) => return Err(gai_error(vm, -9)),
            _ => lookup(vm, host, family)?,
        },
    };
    let (mut all, canonical) = (Vec::new(), host.filter(|_| flags & libc::AI_CANONNAME != 0).unwrap_or_default());
    for (i, ip) in ips.into_iter().enumerate() {
        for (j, &(kind, proto)) in kinds.iter().enumerate() {
            let name = if (i, j) == (0, 0) { canonical.clone() } else { String::new() };
            let domain = if ip.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
            let entry = [Value::i32(domain), Value::i32(kind), Value::i32(proto), vm.new_str(name), to_python(vm, &Address::ip(ip, port))?];
            all.push(vm.new_tuple(entry.to_vec()));
        }
    }
    Ok(vm.new_list(all))
}

/// The combinations of type and protocol that are asked for.
fn kinds(vm: &mut Vm, kind: i32, proto: i32) -> PyResult<Vec<(i32, i32)>> {
    const ALL: [(i32, i32); 3] = [(libc::SOCK_STREAM, libc::IPPROTO_TCP), (libc::SOCK_DGRAM, libc::IPPROTO_UDP), (libc::SOCK_RAW, 0)];
    let fits = |&(k, p): &(i32, i32)| (kind == 0 || k == kind) && (proto == 0 || p == proto || (k == libc::SOCK_RAW && kind != 0));
    let found: Vec<(i32, i32)> = ALL.iter().copied().filter(fits).map(|(k, p)| (k, if k == libc::SOCK_RAW { proto } else { p })).collect();
    match found.is_empty() {
        true if kind != 0 && !ALL.iter().any(|(k, _)| *k == kind) => Err(gai_error(vm, libc::EAI_SOCKTYPE)),
        true if kind != 0 => Err(gai_error(vm, libc::EAI_SOCKTYPE)),
        _ => Ok(found),
    }
}

/// The port, and which types of socket the service has.
fn service(vm: &mut Vm, v: &Value, kinds: Vec<(i32, i32)>, no_host: bool, flags: i32) -> PyResult<(u16, Vec<(i32, i32)>)> {
    if v.is_none() {
        return if no_host { Err(gai_error(vm, libc::EAI_NONAME)) } else { Ok((0, kinds)) };
    }
    if gilbert_vm::builtins::is_int(v) {
        return Ok((vm.to_i64(v)? as u16, kinds));
    }
    if !v.is_a::<Str>() && !v.is_a::<Bytes>() {
        return Err(vm.err(Exc::OSError, "Int or String expected"));
    }
    let name = host_text(vm, v)?;
    if name.is_empty() || name.bytes().all(|b| b.is_ascii_digit()) {
        return Ok((name.parse::<u64>().unwrap_or(0) as u16, kinds));
    }
    if flags & libc::AI_NUMERICSERV != 0 {
        return Err(gai_error(vm, libc::EAI_NONAME));
    }
    let Some((_, port, udp)) = SERVICES.iter().find(|(n, ..)| *n == name) else { return Err(gai_error(vm, libc::EAI_SERVICE)) };
    let offered = |&(kind, _): &(i32, i32)| kind == libc::SOCK_STREAM || (kind == libc::SOCK_DGRAM && *udp);
    let kinds: Vec<_> = kinds.into_iter().filter(offered).collect();
    if kinds.is_empty() { Err(gai_error(vm, libc::EAI_SERVICE)) } else { Ok((*port, kinds)) }
}

/// The addresses that stand for no host: to listen on, or of this machine.
fn nobody(family: i32, flags: i32) -> Vec<IpAddr> {
    let passive = flags & libc::AI_PASSIVE != 0;
    let all: [IpAddr; 2] = match passive {
        true => [Ipv4Addr::UNSPECIFIED.into(), Ipv6Addr::UNSPECIFIED.into()],
        false => [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()],
    };
    all.into_iter().filter(|ip| fits(*ip, family)).collect()
}

/// `getnameinfo(sockaddr, flags, /)`
pub fn getnameinfo(vm: &mut Vm, args: &[Value]) -> PyResult {
    use gilbert_vm::types::tuple::Tuple;
    let flags = vm.to_i32(&args[1])?;
    let Some(n) = args[0].get::<Tuple>().map(|t| t.items().len()) else { return Err(vm.type_error("getnameinfo() argument 1 must be a tuple")) };
    let host = match args[0].get::<Tuple>().and_then(|t| t.items().first().cloned()) {
        Some(host) if (2..=4).contains(&n) => host_text(vm, &host)?,
        _ => return Err(vm.type_error("getnameinfo(): illegal sockaddr argument")),
    };
    if numeric(&host, libc::AF_UNSPEC).is_none() {
        return Err(gai_error(vm, libc::EAI_NONAME));
    }
    let domain = if host.contains(':') { libc::AF_INET6 } else { libc::AF_INET };
    let Address::Ip { ip, port, .. } = from_python(vm, &args[0], domain, "getnameinfo")? else { return Ok(Value::NONE) };
    let name = match reverse(vm, ip) {
        Some(name) if flags & libc::NI_NUMERICHOST == 0 => name,
        None if flags & libc::NI_NAMEREQD != 0 => return Err(gai_error(vm, libc::EAI_NONAME)),
        _ => ip.to_string(),
    };
    let known = SERVICES.iter().find(|(_, p, udp)| *p == port && (*udp || flags & libc::NI_DGRAM == 0));
    let service = match known {
        Some((name, ..)) if flags & libc::NI_NUMERICSERV == 0 => (*name).to_owned(),
        _ => port.to_string(),
    };
    let parts = vec![vm.new_str(name), vm.new_str(service)];
    Ok(vm.new_tuple(parts))
}

/// The name of an address: only this machine's are known.
fn reverse(vm: &Vm, ip: IpAddr) -> Option<String> {
    match ip {
        _ if ip == IpAddr::from([127, 0, 1, 1]) => Some(vm.iso().world.hostname()),
        _ if ip.is_loopback() => Some("localhost".to_owned()),
        _ => None,
    }
}

// ---- the older calls ----

pub fn gethostname(vm: &mut Vm, _: &[Value]) -> PyResult {
    let name = vm.iso().world.hostname();
    Ok(vm.new_str(name))
}

pub fn gethostbyname(vm: &mut Vm, args: &[Value]) -> PyResult {
    let host = host_text(vm, &args[0])?;
    let ip = host_ip(vm, &host, libc::AF_INET)?;
    Ok(vm.new_str(ip.to_string()))
}

fn host_entry(vm: &mut Vm, name: String, ips: &[IpAddr]) -> PyResult {
    let shown: Vec<Value> = ips.iter().map(|ip| vm.new_str(ip.to_string())).collect();
    let parts = vec![vm.new_str(name), vm.new_list(vec![]), vm.new_list(shown)];
    Ok(vm.new_tuple(parts))
}

pub fn gethostbyname_ex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let host = host_text(vm, &args[0])?;
    let ips = match host.as_str() {
        "" => vec![IpAddr::V4(Ipv4Addr::UNSPECIFIED)],
        host => lookup(vm, host, libc::AF_INET)?,
    };
    host_entry(vm, host, &ips)
}

pub fn gethostbyaddr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let host = host_text(vm, &args[0])?;
    let ip = lookup(vm, &host, libc::AF_UNSPEC)?[0];
    match reverse(vm, ip) {
        Some(name) => host_entry(vm, name, &[ip]),
        None => {
            let args = vec![Value::i32(1), vm.new_str("Unknown host")];
            match H_ERROR.class(vm).and_then(|class| vm.call(&class, &args)) {
                Ok(v) => Err(Raised(v)),
                Err(e) => Err(e),
            }
        }
    }
}

// ---- services, protocols, interfaces ----

/// Whether a protocol's name, if one is given, is UDP's.
fn by_udp(vm: &mut Vm, v: &Value) -> PyResult<Option<bool>> {
    if v.is_null() {
        return Ok(None);
    }
    Ok(Some(vm.expect_str(v, "argument 2")? == "udp"))
}

pub fn getservbyname(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "getservbyname() argument 1")?;
    let udp = by_udp(vm, &args[1])?;
    match SERVICES.iter().find(|(n, _, has_udp)| *n == name && (udp != Some(true) || *has_udp)) {
        Some((_, port, _)) => Ok(Value::i32(i32::from(*port))),
        None => Err(vm.err(Exc::OSError, "service/proto not found")),
    }
}

pub fn getservbyport(vm: &mut Vm, args: &[Value]) -> PyResult {
    let port = vm.to_i64(&args[0])?;
    let Ok(port) = u16::try_from(port) else { return Err(vm.err(Exc::OverflowError, "getservbyport: port must be 0-65535.")) };
    let udp = by_udp(vm, &args[1])?;
    match SERVICES.iter().find(|(_, p, has_udp)| *p == port && (udp != Some(true) || *has_udp)) {
        Some((name, ..)) => Ok(vm.new_str(*name)),
        None => Err(vm.err(Exc::OSError, "port/proto not found")),
    }
}

pub fn getprotobyname(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "getprotobyname() argument")?;
    match PROTOCOLS.iter().find(|(n, _)| *n == name) {
        Some((_, n)) => Ok(Value::i32(*n)),
        None => Err(vm.err(Exc::OSError, "protocol not found")),
    }
}

pub fn if_nameindex(vm: &mut Vm, _: &[Value]) -> PyResult {
    let lo = vec![Value::i32(1), vm.new_str("lo")];
    let lo = vm.new_tuple(lo);
    Ok(vm.new_list(vec![lo]))
}

pub fn if_nametoindex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.path_text(&args[0])?;
    if name == "lo" { Ok(Value::i32(1)) } else { Err(vm.err(Exc::OSError, "no interface with this name")) }
}

pub fn if_indextoname(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.to_i64(&args[0])? {
        1 => Ok(vm.new_str("lo")),
        _ => Err(vm.os_error(OsError::new(libc::ENXIO), None)),
    }
}
