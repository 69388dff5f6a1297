//! Addresses between Python and the world: a tuple of host and port, or a path.

use super::names;
use core::net::IpAddr;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Address;

/// The longest path of a local socket, in bytes, with its final zero byte.
const MOST_PATH: usize = 108;

/// The address that Python means, for a socket of this domain; `caller` is named in errors.
pub fn from_python(vm: &mut Vm, v: &Value, domain: i32, caller: &str) -> PyResult<Address> {
    match domain {
        libc::AF_INET | libc::AF_INET6 => from_tuple(vm, v, domain, caller),
        libc::AF_UNIX => from_path(vm, v),
        _ => Err(vm.err(Exc::OSError, format!("{caller}(): unknown address family"))),
    }
}

fn from_tuple(vm: &mut Vm, v: &Value, domain: i32, caller: &str) -> PyResult<Address> {
    let six = domain == libc::AF_INET6;
    let family = if six { "AF_INET6" } else { "AF_INET" };
    let Some(items) = v.get::<Tuple>().map(|t| t.items().to_vec()) else {
        let t = vm.type_name(v);
        return Err(vm.type_error(format!("{caller}(): {family} address must be tuple, not {t}")));
    };
    let right = if six { (2..=4).contains(&items.len()) } else { items.len() == 2 };
    if !right {
        return Err(vm.type_error(match six {
            true => "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])",
            false => "AF_INET address must be a pair (host, port)",
        }));
    }
    let host = host_text(vm, &items[0])?;
    let port = vm.to_i64(&items[1]).map_err(|e| out_of_range(vm, e, caller))?;
    let Ok(port) = u16::try_from(port) else {
        return Err(vm.err(Exc::OverflowError, format!("{caller}(): port must be 0-65535.")));
    };
    let flow = match items.get(2) {
        Some(v) => vm.to_i64(v)?,
        None => 0,
    };
    if !(0..=0xfffff).contains(&flow) {
        return Err(vm.err(Exc::OverflowError, format!("{caller}(): flowinfo must be 0-1048575.")));
    }
    let scope = match items.get(3) {
        Some(v) => vm.to_i64(v)? as u32,
        None => 0,
    };
    let ip = names::host_ip(vm, &host, domain)?;
    Ok(Address::Ip { ip, port, flow: flow as u32, scope })
}

/// A port too large for a C int is out of range too.
fn out_of_range(vm: &mut Vm, e: gilbert_vm::error::Raised, caller: &str) -> gilbert_vm::error::Raised {
    let overflow = vm.exc_type(Exc::OverflowError).clone();
    match e.is_killed() || !e.0.class(vm).is_subtype_of(&overflow) {
        true => e,
        false => vm.err(Exc::OverflowError, format!("{caller}(): port must be 0-65535.")),
    }
}

/// A host's name: text (as IDNA where it is not ASCII), or bytes.
pub fn host_text(vm: &mut Vm, v: &Value) -> PyResult<String> {
    if let Some(s) = v.get::<Str>() {
        if s.is_ascii() {
            let text = s.lossy().into_owned();
            return no_zero(vm, text);
        }
        let encoded = vm.encode(v, "idna", "strict")?;
        return Ok(String::from_utf8_lossy(&encoded).into_owned());
    }
    if v.get::<Bytes>().is_some() || vm.is_buffer(v) {
        let bytes = vm.buffer_bytes(v)?;
        return no_zero(vm, String::from_utf8_lossy(&bytes).into_owned());
    }
    let t = vm.type_name(v);
    Err(vm.type_error(format!("str, bytes or bytearray expected, not {t}")))
}

fn no_zero(vm: &mut Vm, text: String) -> PyResult<String> {
    if text.contains('\0') { Err(vm.type_error("host name must not contain null character")) } else { Ok(text) }
}

fn from_path(vm: &mut Vm, v: &Value) -> PyResult<Address> {
    let bytes = if v.is_a::<Str>() {
        vm.encode(v, "utf-8", "surrogateescape")?
    } else if vm.is_buffer(v) {
        vm.buffer_bytes(v)?
    } else {
        let path = vm.fspath(v).map_err(|_| {
            let t = vm.type_name(v);
            vm.type_error(format!("a bytes-like object is required, not '{t}'"))
        })?;
        return from_path(vm, &path);
    };
    let named = bytes.first().is_some_and(|b| *b != 0);
    if bytes.len() > MOST_PATH || (named && bytes.len() >= MOST_PATH) {
        return Err(vm.err(Exc::OSError, "AF_UNIX path too long"));
    }
    // the working directory is the isolate's
    let absolute = match named && bytes[0] != b'/' && vm.iso().process.cwd != vm.iso().world.start_dir() {
        true => {
            use std::os::unix::ffi::{OsStrExt, OsStringExt};
            let path = vm.iso().process.absolute(std::path::Path::new(std::ffi::OsStr::from_bytes(&bytes)));
            path.into_os_string().into_vec()
        }
        false => bytes,
    };
    Ok(Address::Unix(absolute))
}

/// An address as Python shows it; None where there is none.
pub fn to_python(vm: &mut Vm, address: &Address) -> PyResult {
    Ok(match address {
        Address::Unnamed => Value::NONE,
        Address::Ip { ip: IpAddr::V4(ip), port, .. } => {
            let parts = vec![vm.new_str(ip.to_string()), Value::i32(i32::from(*port))];
            vm.new_tuple(parts)
        }
        Address::Ip { ip: ip @ IpAddr::V6(_), port, flow, scope } => {
            let parts = vec![vm.new_str(ip.to_string()), Value::i32(i32::from(*port)), vm.new_uint(u64::from(*flow)), vm.new_uint(u64::from(*scope))];
            vm.new_tuple(parts)
        }
        Address::Unix(path) if path.first() == Some(&0) => vm.new_bytes(path.clone()),
        Address::Unix(path) => return vm.decode(path, "utf-8", "surrogateescape"),
    })
}
