//! Addresses as bytes, and the byte order of the network.

use core::net::{Ipv4Addr, Ipv6Addr};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

fn text_arg(vm: &mut Vm, v: &Value, function: &str, n: u32) -> PyResult<String> {
    match v.get::<Str>() {
        Some(s) => Ok(s.lossy().into_owned()),
        None => {
            let t = vm.type_name(v);
            let place = if n == 0 { "argument".to_owned() } else { format!("argument {n}") };
            Err(vm.type_error(format!("{function}() {place} must be str, not {t}")))
        }
    }
}

/// One number of an address as the C library reads it: decimal, octal or hexadecimal.
fn part(text: &str) -> Option<u64> {
    let (digits, radix) = match text {
        _ if text.len() > 2 && (text.starts_with("0x") || text.starts_with("0X")) => (&text[2..], 16),
        _ if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        _ => (text, 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// An IPv4 address as `inet_aton(3)` reads it: one to four numbers, the last of which fills what is left.
pub fn parse_v4(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<u64> = text.split('.').map(part).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if parts.len() > 4 || first.iter().any(|n| *n > 255) || *last >= 1 << (8 * (4 - first.len())) {
        return None;
    }
    let high = first.iter().enumerate().fold(0, |sum, (i, n)| sum | n << (8 * (3 - i)));
    Some(Ipv4Addr::from((high | last) as u32))
}

pub fn inet_aton(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = text_arg(vm, &args[0], "inet_aton", 0)?;
    match parse_v4(text.trim_end()) {
        Some(ip) => Ok(vm.new_bytes(ip.octets().to_vec())),
        None => Err(vm.err(Exc::OSError, "illegal IP address string passed to inet_aton")),
    }
}

pub fn inet_ntoa(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = vm.buffer_bytes(&args[0])?;
    match <[u8; 4]>::try_from(bytes) {
        Ok(octets) => Ok(vm.new_str(Ipv4Addr::from(octets).to_string())),
        Err(_) => Err(vm.err(Exc::OSError, "packed IP wrong length for inet_ntoa")),
    }
}

pub fn inet_pton(vm: &mut Vm, args: &[Value]) -> PyResult {
    let family = vm.to_i32(&args[0])?;
    let text = text_arg(vm, &args[1], "inet_pton", 2)?;
    let bytes = match family {
        libc::AF_INET => text.parse::<Ipv4Addr>().ok().map(|ip| ip.octets().to_vec()),
        libc::AF_INET6 => text.parse::<Ipv6Addr>().ok().map(|ip| ip.octets().to_vec()),
        _ => return Err(vm.os_error(gilbert_vm::world::OsError::new(libc::EAFNOSUPPORT), None)),
    };
    match bytes {
        Some(bytes) => Ok(vm.new_bytes(bytes)),
        None => Err(vm.err(Exc::OSError, "illegal IP address string passed to inet_pton")),
    }
}

pub fn inet_ntop(vm: &mut Vm, args: &[Value]) -> PyResult {
    let family = vm.to_i32(&args[0])?;
    let bytes = vm.buffer_bytes(&args[1])?;
    let text = match family {
        libc::AF_INET => <[u8; 4]>::try_from(bytes).map(|b| Ipv4Addr::from(b).to_string()),
        libc::AF_INET6 => <[u8; 16]>::try_from(bytes).map(|b| Ipv6Addr::from(b).to_string()),
        _ => return Err(vm.value_error(format!("unknown address family {family}"))),
    };
    match text {
        Ok(text) => Ok(vm.new_str(text)),
        Err(_) => Err(vm.value_error("invalid length of packed IP address string")),
    }
}

/// `htons` and `ntohs`
pub fn short(vm: &mut Vm, v: &Value, function: &str) -> PyResult {
    let n = vm.to_i32(v)?;
    if n < 0 {
        return Err(vm.err(Exc::OverflowError, format!("{function}: can't convert negative Python int to C 16-bit unsigned integer")));
    }
    match u16::try_from(n) {
        Ok(n) => Ok(Value::i32(i32::from(n.to_be()))),
        Err(_) => Err(vm.err(Exc::OverflowError, format!("{function}: Python int too large to convert to C 16-bit unsigned integer"))),
    }
}

/// `htonl` and `ntohl`
pub fn long(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !gilbert_vm::builtins::is_int(&args[0]) {
        let t = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("expected int, {t} found")));
    }
    let n = vm.to_i64(&args[0])?;
    match u32::try_from(n) {
        Ok(n) => Ok(vm.new_uint(u64::from(n.to_be()))),
        Err(_) if n < 0 => Err(vm.err(Exc::OverflowError, "can't convert negative value to unsigned int")),
        Err(_) => Err(vm.err(Exc::OverflowError, "int larger than 32 bits")),
    }
}

/// `CMSG_LEN` and `CMSG_SPACE`: a header of 16 bytes and the data, rounded up as `mask` says; `least` is what the header and the first byte take.
pub fn control_length(vm: &mut Vm, v: &Value, function: &str, mask: i64, least: i64) -> PyResult {
    let n = vm.to_i64(v)?;
    if !(0..=i64::from(i32::MAX) - least).contains(&n) {
        return Err(vm.err(Exc::OverflowError, format!("{function}() argument out of range")));
    }
    Ok(vm.new_int(16 + ((n + mask) & !mask)))
}
