//! Reading through the buffer.

use super::{Raw, is_free, locked, open_raw, this, this_mut, write::flush_locked};
use crate::io::base::copy_into;
use crate::io::size_arg;
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A single read past the buffer asks for no more than this, in bytes: memory grows with what really comes.
const MOST_AT_ONCE: usize = 1 << 20;

/// What waits to be written goes first (a BufferedRandom).
fn settle_writes(vm: &mut Vm, v: &Value, raw: &Raw) -> PyResult<()> {
    if this(vm, v).writable { flush_locked(vm, v, raw) } else { Ok(()) }
}

/// Takes everything that was read ahead.
fn take_rest(vm: &mut Vm, v: &Value) -> Vec<u8> {
    let b = this_mut(vm, v);
    let n = b.rest().len();
    let part = b.give(n);
    b.reset();
    part
}

/// Fills the empty buffer by one read; 0 at the end, `None` where it would block.
fn fill(vm: &mut Vm, v: &Value, raw: &Raw) -> PyResult<Option<usize>> {
    let size = this(vm, v).size;
    this_mut(vm, v).reset();
    let Some(bytes) = raw.read(vm, size)? else { return Ok(None) };
    let n = bytes.len();
    let b = this_mut(vm, v);
    (b.ahead, b.at) = (bytes, 0);
    Ok(Some(n))
}

/// `n` bytes, fewer at the end; `None` where nothing has come and more would block.
fn read_generic(vm: &mut Vm, v: &Value, raw: &Raw, n: usize) -> PyResult<Option<Vec<u8>>> {
    settle_writes(vm, v, raw)?;
    let have = this(vm, v).rest().len();
    if have >= n {
        return Ok(Some(this_mut(vm, v).give(n)));
    }
    let mut out = take_rest(vm, v);
    let size = this(vm, v).size;
    while n - out.len() >= size {
        // whole buffers go straight on
        let whole = (n - out.len()) / size * size;
        let ask = if whole > MOST_AT_ONCE { (MOST_AT_ONCE / size).max(1) * size } else { whole };
        match raw.read(vm, ask)? {
            None => return Ok(if out.is_empty() { None } else { Some(out) }),
            Some(part) if part.is_empty() => return Ok(Some(out)),
            Some(part) if out.is_empty() => out = part,
            Some(part) => out.extend_from_slice(&part),
        }
    }
    while out.len() < n {
        match fill(vm, v, raw)? {
            None => return Ok(if out.is_empty() { None } else { Some(out) }),
            Some(0) => break,
            Some(got) => {
                let part = this_mut(vm, v).give(got.min(n - out.len()));
                out.extend_from_slice(&part);
            }
        }
    }
    Ok(Some(out))
}

fn read_all(vm: &mut Vm, v: &Value, raw: &Raw) -> PyResult<Option<Vec<u8>>> {
    settle_writes(vm, v, raw)?;
    let mut out = take_rest(vm, v);
    match raw.read_all(vm)? {
        None if out.is_empty() => Ok(None),
        None => Ok(Some(out)),
        Some(more) if out.is_empty() => Ok(Some(more)),
        Some(more) => {
            out.extend_from_slice(&more);
            Ok(Some(out))
        }
    }
}

/// At most `n` bytes by at most one read.
fn read_once(vm: &mut Vm, v: &Value, raw: &Raw, n: usize) -> PyResult<Vec<u8>> {
    let have = this(vm, v).rest().len();
    if have > 0 {
        return Ok(this_mut(vm, v).give(n.min(have)));
    }
    settle_writes(vm, v, raw)?;
    this_mut(vm, v).reset();
    Ok(raw.read(vm, n.min(MOST_AT_ONCE))?.unwrap_or_default())
}

fn opt_bytes(vm: &mut Vm, bytes: Option<Vec<u8>>) -> PyResult {
    Ok(bytes.map_or(Value::NONE, |b| vm.new_bytes(b)))
}

/// `read1(n)` for the text stream above.
pub fn read_chunk(vm: &mut Vm, v: &Value, n: usize) -> PyResult<Vec<u8>> {
    let raw = open_raw(vm, v, "read of closed file")?;
    locked(vm, v, |vm| read_once(vm, v, &raw, n))
}

/// `read()` for the text stream above.
pub fn read_rest(vm: &mut Vm, v: &Value) -> PyResult<Option<Vec<u8>>> {
    let raw = open_raw(vm, v, "read of closed file")?;
    locked(vm, v, |vm| read_all(vm, v, &raw))
}

pub fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let size = if args[1].is_none() { -1 } else { vm.arg_ssize(&args[1])? };
    if size < -1 {
        return Err(vm.value_error("read length must be non-negative or -1"));
    }
    let raw = open_raw(vm, v, "read of closed file")?;
    if size >= 0 && is_free(vm, v) && this(vm, v).rest().len() >= size as usize {
        let part = this_mut(vm, v).give(size as usize);
        return Ok(vm.new_bytes(part));
    }
    let bytes = locked(vm, v, |vm| if size < 0 { read_all(vm, v, &raw) } else { read_generic(vm, v, &raw, size as usize) })?;
    opt_bytes(vm, bytes)
}

pub fn read1(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let size = vm.arg_ssize(&args[1])?;
    let n = if size < 0 { this(vm, v).size } else { size as usize };
    let raw = open_raw(vm, v, "read of closed file")?;
    let part = if n == 0 { Vec::new() } else { locked(vm, v, |vm| read_once(vm, v, &raw, n))? };
    Ok(vm.new_bytes(part))
}

pub fn readinto(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let raw = open_raw(vm, v, "readinto of closed file")?;
    let room = crate::io::room(vm, &args[1], "readinto")?;
    let got = locked(vm, v, |vm| read_generic(vm, v, &raw, room))?;
    give_into(vm, &args[1], got)
}

pub fn readinto1(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let raw = open_raw(vm, v, "readinto of closed file")?;
    let room = crate::io::room(vm, &args[1], "readinto1")?;
    let got = locked(vm, v, |vm| {
        if room == 0 || room > this(vm, v).size || !this(vm, v).rest().is_empty() {
            return if room == 0 { Ok(Some(Vec::new())) } else { read_once(vm, v, &raw, room).map(Some) };
        }
        settle_writes(vm, v, &raw)?;
        Ok(fill(vm, v, &raw)?.map(|n| this_mut(vm, v).give(n.min(room))))
    })?;
    give_into(vm, &args[1], got)
}

fn give_into(vm: &mut Vm, buffer: &Value, got: Option<Vec<u8>>) -> PyResult {
    let Some(bytes) = got else { return Ok(Value::NONE) };
    copy_into(vm, buffer, &bytes)?;
    Ok(Value::small_wrap(bytes.len() as i64))
}

pub fn peek(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    vm.arg_ssize(&args[1])?;
    let raw = open_raw(vm, v, "peek of closed file")?;
    locked(vm, v, |vm| {
        settle_writes(vm, v, &raw)?;
        if this(vm, v).rest().is_empty() { fill(vm, v, &raw).map(drop) } else { Ok(()) }
    })?;
    let ahead = this(vm, v).rest().to_vec();
    Ok(vm.new_bytes(ahead))
}

/// How much of `bytes` belongs to the line, and whether it ends there.
fn line_end(bytes: &[u8], limit: usize) -> (usize, bool) {
    let part = &bytes[..bytes.len().min(limit)];
    match memchr::memchr(b'\n', part) {
        Some(i) => (i + 1, true),
        None => (part.len(), part.len() == limit),
    }
}

fn line(vm: &mut Vm, v: &Value, limit: usize) -> PyResult<Vec<u8>> {
    let raw = open_raw(vm, v, "readline of closed file")?;
    if is_free(vm, v) {
        let (n, whole) = line_end(this(vm, v).rest(), limit);
        if whole {
            return Ok(this_mut(vm, v).give(n));
        }
    }
    locked(vm, v, |vm| {
        settle_writes(vm, v, &raw)?;
        let mut out = Vec::new();
        loop {
            let (n, whole) = line_end(this(vm, v).rest(), limit - out.len());
            let part = this_mut(vm, v).give(n);
            out.extend_from_slice(&part);
            if whole || fill(vm, v, &raw)?.unwrap_or(0) == 0 {
                return Ok(out);
            }
        }
    })
}

pub fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    let limit = size_arg(vm, &args[1])?.unwrap_or(usize::MAX);
    let out = line(vm, &args[0], limit)?;
    Ok(vm.new_bytes(out))
}

pub fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    if this(vm, &args[0]).derived {
        let line = vm.call_method(&args[0], "readline", &[])?;
        if !line.is_a::<gilbert_vm::types::bytes::Bytes>() {
            let name = vm.type_name(&line);
            return Err(vm.err(gilbert_vm::error::Exc::OSError, format!("readline() should have returned a bytes object, not '{name}'")));
        }
        return Ok(if vm.len(&line)? == 0 { Value::NULL } else { line });
    }
    let out = line(vm, &args[0], usize::MAX)?;
    Ok(if out.is_empty() { Value::NULL } else { vm.new_bytes(out) })
}
