//! Reading text.

use super::write::write_pending;
use super::{Snapshot, open_buffer, this, this_mut};
use crate::io::{buffered, lock, size_arg, unsupported};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::text::wtf8;
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// What has to be so before a read: open, able, and nothing waiting to be written.
fn begin(vm: &mut Vm, v: &Value) -> PyResult {
    let b = open_buffer(vm, v)?;
    if this(vm, v).decoding.is_none() {
        return Err(unsupported(vm, "not readable"));
    }
    if !this(vm, v).pending.is_empty() {
        write_pending(vm, v)?;
    }
    Ok(b)
}

/// Bytes from the buffer below.
fn read_bytes(vm: &mut Vm, v: &Value, b: &Value, n: usize) -> PyResult<Vec<u8>> {
    if this(vm, v).native {
        return buffered::read_chunk(vm, b, n);
    }
    let how = if this(vm, v).has_read1 { "read1" } else { "read" };
    let got = vm.call_method(b, how, &[Value::small_wrap(n as i64)])?;
    if !vm.is_buffer(&got) {
        let name = vm.type_name(&got);
        return Err(vm.type_error(format!("underlying {how}() should have returned a bytes-like object, not '{name}'")));
    }
    vm.buffer_bytes(&got)
}

/// Decodes bytes by the stream's decoder.
pub fn decode(vm: &mut Vm, v: &Value, bytes: Vec<u8>, last: bool) -> PyResult<Vec<u8>> {
    let t = this_mut(vm, v);
    let (errors, universal) = (t.errors.clone(), t.newline.universal());
    let Some(mut decoding) = t.decoding.take() else { return Err(unsupported(vm, "not readable")) };
    let text = decoding.feed(vm, bytes, &errors, last);
    let t = this_mut(vm, v);
    t.decoding = Some(decoding);
    let text = text?;
    Ok(if universal { t.newlines.feed(text, last) } else { text })
}

/// The decoder's state: bytes kept, and the number that a cookie holds.
pub fn decoder_state(vm: &mut Vm, v: &Value) -> PyResult<(Vec<u8>, u64)> {
    let Some(decoding) = this(vm, v).decoding.as_ref().map(super::coding::Decoding::again) else { return Ok((Vec::new(), 0)) };
    let (kept, mut flags) = decoding.state(vm)?;
    let t = this(vm, v);
    if t.newline.universal() {
        flags = flags << 1 | t.newlines.pending_cr as u64;
    }
    Ok((kept, flags))
}

/// Reads and decodes the next chunk in place of what was decoded and given out; false at the end. `hint`: characters wanted.
fn read_chunk(vm: &mut Vm, v: &Value, b: &Value, hint: usize) -> PyResult<bool> {
    let before = if this(vm, v).telling { Some(decoder_state(vm, v)?) } else { None };
    let n = this(vm, v).chunk.max(hint);
    let bytes = read_bytes(vm, v, b, n)?;
    let end = bytes.is_empty();
    let snapshot = before.map(|(mut input, flags)| {
        input.extend_from_slice(&bytes);
        Snapshot { flags, input }
    });
    let text = decode(vm, v, bytes, end)?;
    let more = !end || !text.is_empty();
    let t = this_mut(vm, v);
    (t.decoded, t.at) = (text, 0);
    if snapshot.is_some() {
        t.snapshot = snapshot;
    }
    Ok(more)
}

/// Gives out `n` bytes of the decoded text.
fn give(vm: &mut Vm, v: &Value, n: usize) -> Vec<u8> {
    let t = this_mut(vm, v);
    let part = t.decoded[t.at..t.at + n].to_vec();
    t.at += n;
    part
}

/// Gives out at most `n` characters; says how many they were.
fn give_chars(vm: &mut Vm, v: &Value, n: usize) -> (Vec<u8>, usize) {
    let t = this(vm, v);
    let rest = &t.decoded[t.at..];
    let (bytes, chars) = match rest.len() <= n {
        true => (rest.len(), wtf8::len(rest)),
        false => {
            let end = wtf8::byte_of(rest, n);
            (end, if end == rest.len() { wtf8::len(rest) } else { n })
        }
    };
    (give(vm, v, bytes), chars)
}

fn read_all(vm: &mut Vm, v: &Value, b: &Value) -> PyResult {
    let bytes = if this(vm, v).native {
        buffered::read_rest(vm, b)?
    } else {
        let got = vm.call_method(b, "read", &[])?;
        if got.is_none() { None } else { Some(vm.buffer_bytes(&got)?) }
    };
    let Some(bytes) = bytes else { return Err(vm.type_error("a bytes-like object is required, not 'NoneType'")) };
    let text = decode(vm, v, bytes, true)?;
    let t = this_mut(vm, v);
    let out = if t.at == t.decoded.len() {
        text
    } else {
        let mut out = t.decoded.split_off(t.at);
        out.extend_from_slice(&text);
        out
    };
    t.decoded.clear();
    t.at = 0;
    t.snapshot = None;
    Ok(vm.new_str_wtf8(out))
}

pub fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let n = size_arg(vm, &args[1])?;
    let b = begin(vm, v)?;
    locked(vm, v, |vm| match n {
        None => read_all(vm, v, &b),
        Some(n) => read_some(vm, v, &b, n),
    })
}

/// Runs `f` with the stream's lock held.
fn locked<R>(vm: &mut Vm, v: &Value, f: impl FnOnce(&mut Vm) -> PyResult<R>) -> PyResult<R> {
    let lock = this(vm, v).lock.clone();
    lock::locked(vm, v, &lock, f)
}

fn read_some(vm: &mut Vm, v: &Value, b: &Value, n: usize) -> PyResult {
    let (mut out, mut have) = give_chars(vm, v, n);
    while have < n {
        if !read_chunk(vm, v, b, (n - have).min(1 << 20))? {
            break;
        }
        let (part, chars) = give_chars(vm, v, n - have);
        out.extend_from_slice(&part);
        have += chars;
    }
    Ok(vm.new_str_wtf8(out))
}

/// The next line; empty at the end. `limit` counts characters.
fn line(vm: &mut Vm, v: &Value, limit: Option<usize>) -> PyResult<Vec<u8>> {
    let b = begin(vm, v)?;
    let t = this(vm, v);
    if limit.is_none() && lock::is_free(vm, &t.lock) {
        let rest = &t.decoded[t.at..];
        if let Some(end) = t.newline.line_end(rest) {
            return Ok(give(vm, v, end));
        }
    }
    locked(vm, v, |vm| line_by_chunks(vm, v, &b, limit))
}

fn line_by_chunks(vm: &mut Vm, v: &Value, b: &Value, limit: Option<usize>) -> PyResult<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    let mut left = limit.unwrap_or(usize::MAX);
    loop {
        let t = this(vm, v);
        let rest = &t.decoded[t.at..];
        // the newline may begin in what was taken before
        let split = t.newline == crate::io::newline::Newline::CrLf && out.last() == Some(&b'\r') && rest.first() == Some(&b'\n');
        let end = if split { Some(1) } else { t.newline.line_end(rest) };
        if limit.is_some() {
            let most = if rest.len() <= left { rest.len() } else { wtf8::byte_of(rest, left) };
            let take = end.unwrap_or(rest.len()).min(most);
            let whole = end.is_some_and(|e| e <= most) || (take == most && most < rest.len());
            left -= wtf8::len(&rest[..take]);
            let part = give(vm, v, take);
            out.extend_from_slice(&part);
            if whole || left == 0 {
                return Ok(out);
            }
        } else {
            let take = end.unwrap_or(rest.len());
            let part = give(vm, v, take);
            if end.is_some() && out.is_empty() {
                return Ok(part);
            }
            out.extend_from_slice(&part);
            if end.is_some() {
                return Ok(out);
            }
        }
        if !read_chunk(vm, v, b, 0)? {
            if !out.is_empty() {
                let t = this_mut(vm, v);
                t.decoded.clear();
                t.at = 0;
                t.snapshot = None;
            }
            return Ok(out);
        }
    }
}

pub fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    let limit = match vm.arg_ssize(&args[1])? {
        n if n < 0 => None,
        n => Some(n as usize),
    };
    let out = line(vm, &args[0], limit)?;
    Ok(vm.new_str_wtf8(out))
}

pub fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    super::buffer(vm, v)?;
    this_mut(vm, v).telling = false;
    let line = if this(vm, v).derived {
        let line = vm.call_method(v, "readline", &[])?;
        if !line.is_a::<Str>() {
            let name = vm.type_name(&line);
            return Err(vm.err(Exc::OSError, format!("readline() should have returned a str object, not '{name}'")));
        }
        line
    } else {
        let out = line(vm, v, None)?;
        vm.new_str_wtf8(out)
    };
    if vm.len(&line)? > 0 {
        return Ok(line);
    }
    let t = this_mut(vm, v);
    t.snapshot = None;
    t.telling = t.seekable;
    Ok(Value::NULL)
}
