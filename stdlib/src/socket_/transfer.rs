//! Sending and receiving.

use super::address::{from_python, to_python};
use super::sock::{attempt, call, domain, handle, patience, stopped};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Interest;
use gilbert_vm::world::net::Received;

/// No single receive brings more than this, bytes: what is asked for beyond it need not be allocated.
const MOST: usize = 8 << 20;

/// Receives at most `n` bytes; with `MSG_WAITALL` waits for all of them.
fn receive(vm: &mut Vm, v: &Value, n: usize, flags: i32) -> PyResult<(Vec<u8>, Received)> {
    let all = flags & libc::MSG_WAITALL != 0;
    let n = if all { n } else { n.min(MOST) };
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(n).is_err() {
        return Err(vm.memory_error());
    }
    buffer.resize(n, 0);
    let mut got = call(vm, v, Interest::READ, flags, |s| s.receive(&mut buffer, flags))?;
    while all && got.n > 0 && got.n < n && flags & (libc::MSG_PEEK | libc::MSG_DONTWAIT) == 0 {
        let at = got.n;
        match call(vm, v, Interest::READ, flags, |s| s.receive(&mut buffer[at..], flags))?.n {
            0 => break,
            more => got.n += more,
        }
    }
    buffer.truncate(got.n);
    Ok((buffer, got))
}

fn size_arg(vm: &mut Vm, v: &Value, function: &str) -> PyResult<usize> {
    let n = vm.to_i64(v)?;
    usize::try_from(n).map_err(|_| vm.value_error(format!("negative buffersize in {function}")))
}

/// `recv(bufsize[, flags])`
pub fn recv(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (n, flags) = (size_arg(vm, &args[1], "recv")?, vm.to_i32(&args[2])?);
    let (bytes, _) = receive(vm, &args[0], n, flags)?;
    Ok(vm.new_bytes(bytes))
}

/// `recvfrom(bufsize[, flags])`
pub fn recvfrom(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (n, flags) = (size_arg(vm, &args[1], "recvfrom")?, vm.to_i32(&args[2])?);
    let (bytes, got) = receive(vm, &args[0], n, flags)?;
    let parts = vec![vm.new_bytes(bytes), to_python(vm, &got.from)?];
    Ok(vm.new_tuple(parts))
}

/// Receives into a writable buffer; how much, and from whom.
fn receive_into(vm: &mut Vm, args: &[Value], function: &str) -> PyResult<Received> {
    let room = vm.with_buffer_mut(&args[1], |b| b.len())?;
    let (n, flags) = (size_arg(vm, &args[2], function)?, vm.to_i32(&args[3])?);
    if n > room {
        return Err(vm.value_error(match function {
            "recv_into" => "buffer too small for requested bytes",
            _ => "nbytes is greater than the length of the buffer",
        }));
    }
    let (bytes, got) = receive(vm, &args[0], if n == 0 { room } else { n }, flags)?;
    copy_into(vm, &args[1], &bytes)?;
    Ok(got)
}

fn copy_into(vm: &mut Vm, buffer: &Value, bytes: &[u8]) -> PyResult<()> {
    let fits = vm.with_buffer_mut(buffer, |b| b.get_mut(..bytes.len()).map(|to| to.copy_from_slice(bytes)).is_some())?;
    if fits { Ok(()) } else { Err(vm.err(Exc::BufferError, "the buffer was resized while it was received into")) }
}

/// `recv_into(buffer[, nbytes[, flags]])`
pub fn recv_into(vm: &mut Vm, args: &[Value]) -> PyResult {
    let got = receive_into(vm, args, "recv_into")?;
    Ok(Value::small_wrap(got.n as i64))
}

/// `recvfrom_into(buffer[, nbytes[, flags]])`
pub fn recvfrom_into(vm: &mut Vm, args: &[Value]) -> PyResult {
    let got = receive_into(vm, args, "recvfrom_into")?;
    let parts = vec![Value::small_wrap(got.n as i64), to_python(vm, &got.from)?];
    Ok(vm.new_tuple(parts))
}

/// Has the system tell a message's whole length; for a stream the flag means something else.
fn with_length(vm: &mut Vm, v: &Value, flags: i32) -> PyResult<i32> {
    let file = handle(vm, v)?;
    let message = file.socket().is_some_and(|s| !s.kind().is_stream());
    Ok(if message { flags | libc::MSG_TRUNC } else { flags })
}

/// `(data or count, ancillary data, flags, address)`
fn message(vm: &mut Vm, first: Value, got: &Received) -> PyResult {
    let cut = if got.whole > got.n { libc::MSG_TRUNC } else { 0 };
    let parts = vec![first, vm.new_list(vec![]), Value::i32(cut), to_python(vm, &got.from)?];
    Ok(vm.new_tuple(parts))
}

/// `recvmsg(bufsize[, ancbufsize[, flags]])`: no ancillary data ever comes.
pub fn recvmsg(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_i64(&args[1])?;
    if n < 0 {
        return Err(vm.value_error("negative buffer size in recvmsg()"));
    }
    let flags = vm.to_i32(&args[3])?;
    let flags = with_length(vm, &args[0], flags)?;
    let (bytes, got) = receive(vm, &args[0], n as usize, flags)?;
    let data = vm.new_bytes(bytes);
    message(vm, data, &got)
}

/// `recvmsg_into(buffers[, ancbufsize[, flags]])`
pub fn recvmsg_into(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (buffers, flags) = (vm.collect(&args[1])?, vm.to_i32(&args[3])?);
    let mut sizes = Vec::new();
    for buffer in &buffers {
        sizes.push(vm.with_buffer_mut(buffer, |b| b.len())?);
    }
    let flags = with_length(vm, &args[0], flags)?;
    let (bytes, got) = receive(vm, &args[0], sizes.iter().sum(), flags)?;
    let mut rest = bytes.as_slice();
    for (buffer, size) in buffers.iter().zip(sizes) {
        let (part, left) = rest.split_at(size.min(rest.len()));
        copy_into(vm, buffer, part)?;
        rest = left;
    }
    message(vm, Value::small_wrap(got.n as i64), &got)
}

/// `send(data[, flags])`
pub fn send(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, flags) = (vm.buffer_bytes(&args[1])?, vm.to_i32(&args[2])?);
    let n = call(vm, &args[0], Interest::WRITE, flags, |s| s.send(&data, None, flags))?;
    Ok(Value::small_wrap(n as i64))
}

/// `sendall(data[, flags])`: the timeout is for all of it.
pub fn sendall(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, flags) = (vm.buffer_bytes(&args[1])?, vm.to_i32(&args[2])?);
    let patience = patience(vm, &args[0], flags)?;
    let mut rest = data.as_slice();
    loop {
        let file = handle(vm, &args[0])?;
        match attempt(vm, &file, Interest::WRITE, patience, |s| s.send(rest, None, flags))? {
            Ok(n) => rest = &rest[n..],
            Err(stop) => return Err(stopped(vm, stop)),
        }
        if rest.is_empty() {
            return Ok(Value::NONE);
        }
    }
}

/// `sendto(data[, flags], address)`
pub fn sendto(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let (flags, address) = match given.as_slice() {
        [_, address] => (0, address),
        [data, flags, address] => {
            if !vm.is_buffer(data) {
                vm.buffer_bytes(data)?;
            }
            (vm.to_i32(flags)?, address)
        }
        _ => {
            let n = given.len();
            return Err(vm.type_error(format!("sendto() takes 2 or 3 arguments ({n} given)")));
        }
    };
    let data = vm.buffer_bytes(&given[0])?;
    let family = domain(vm, &args[0]);
    let to = from_python(vm, address, family, "sendto")?;
    let n = call(vm, &args[0], Interest::WRITE, flags, |s| s.send(&data, Some(&to), flags))?;
    Ok(Value::small_wrap(n as i64))
}

/// `sendmsg(buffers[, ancdata[, flags[, address]]])`
pub fn sendmsg(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_a::<Bytes>() {
        return Err(vm.type_error("sendmsg() argument 1 must be an iterable of bytes-like objects"));
    }
    let mut data = Vec::new();
    for part in vm.collect(&args[1])? {
        data.extend(vm.buffer_bytes(&part)?);
    }
    if !args[2].is_none() && !vm.collect(&args[2])?.is_empty() {
        return Err(vm.err(Exc::NotImplementedError, "Gilbert sends no ancillary data; multiprocessing passes sockets on by fork"));
    }
    let flags = vm.to_i32(&args[3])?;
    let to = match args[4].is_none() {
        true => None,
        false => {
            let family = domain(vm, &args[0]);
            Some(from_python(vm, &args[4], family, "sendmsg")?)
        }
    };
    let n = call(vm, &args[0], Interest::WRITE, flags, |s| s.send(&data, to.as_ref(), flags))?;
    Ok(Value::small_wrap(n as i64))
}
