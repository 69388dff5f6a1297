//! Writing text.

use super::coding::{Encoding, encode_foreign};
use super::{buffer, open_buffer, this, this_mut};
use crate::io::string_io::replace_newlines;
use crate::io::{buffered, unsupported};
use gilbert_vm::error::PyResult;
use gilbert_vm::probe::Event;
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(text) = args[1].get::<Str>() else {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("write() argument must be str, not {name}")));
    };
    write_text(vm, &args[0], text.bytes(), &args[1])?;
    Ok(Value::small_wrap(text.char_len() as i64))
}

/// Writes a text (WTF-8). `object` is the same text as a str object, or absent (it is made when needed).
pub fn write_text(vm: &mut Vm, v: &Value, text: &[u8], object: &Value) -> PyResult<()> {
    open_buffer(vm, v)?;
    let t = this(vm, v);
    let Some(encoding) = &t.encoding_state else { return Err(unsupported(vm, "not writable")) };
    let translated = match t.newline.written() {
        Some(nl) if memchr::memchr(b'\n', text).is_some() => Some(replace_newlines(text, nl)),
        _ => None,
    };
    let ends_line = t.line_buffering && memchr::memchr2(b'\n', b'\r', text).is_some();
    let (through, chunk) = (t.write_through, t.chunk);
    let written = translated.as_deref().unwrap_or(text);
    if encoding.is_utf8() && std::str::from_utf8(written).is_ok() {
        keep(vm, v, written, chunk)?;
    } else {
        let object = match translated {
            Some(new) => vm.new_str_wtf8(new),
            None if object.is_null() => vm.new_str_wtf8(text.to_vec()),
            None => object.clone(),
        };
        let bytes = encode(vm, v, &object)?;
        keep(vm, v, &bytes, chunk)?;
    }
    if through || ends_line || this(vm, v).pending.len() >= chunk {
        write_pending(vm, v)?;
    }
    let t = this_mut(vm, v);
    if t.decoding.is_some() && (t.snapshot.is_some() || !t.decoded.is_empty()) {
        forget_read(vm, v)?;
    }
    if ends_line {
        flush_buffer(vm, v)?;
    }
    Ok(())
}

/// Adds to what waits; what waited goes first where both would be too much.
fn keep(vm: &mut Vm, v: &Value, bytes: &[u8], chunk: usize) -> PyResult<()> {
    if let Some(n) = this(vm, v).stdio {
        vm.event(&Event::Output(n, bytes.len()));
        vm.log_output(n, bytes.len());
        vm.touch_output(n);
    }
    let waits = this(vm, v).pending.len();
    if waits > 0 && waits + bytes.len() > chunk {
        write_pending(vm, v)?;
    }
    this_mut(vm, v).pending.push(bytes);
    Ok(())
}

fn encode(vm: &mut Vm, v: &Value, text: &Value) -> PyResult<Vec<u8>> {
    let errors = this(vm, v).errors.clone();
    match this_mut(vm, v).encoding_state.as_mut().map(Encoding::next) {
        Some(Ok(codec)) => vm.encode_with(codec, text, errors.get::<Str>().and_then(Str::as_str).unwrap_or("strict")),
        Some(Err(encoder)) => encode_foreign(vm, &encoder, text),
        None => Err(unsupported(vm, "not writable")),
    }
}

/// What was decoded is not what comes next any more.
fn forget_read(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let t = this_mut(vm, v);
    t.decoded.clear();
    (t.at, t.snapshot) = (0, None);
    t.newlines.pending_cr = false;
    let mut decoding = t.decoding.take();
    let r = match &mut decoding {
        Some(d) => d.set_state(vm, 0, true),
        None => Ok(()),
    };
    this_mut(vm, v).decoding = decoding;
    r
}

/// Hands what waits to the buffer.
pub fn write_pending(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let data = this_mut(vm, v).pending.take();
    if data.is_empty() {
        return Ok(());
    }
    let b = this(vm, v).buffer.clone();
    if this(vm, v).native {
        return buffered::write_bytes(vm, &b, &data);
    }
    let bytes = vm.new_bytes(data);
    vm.call_method(&b, "write", &[bytes]).map(drop)
}

fn flush_buffer(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let b = this(vm, v).buffer.clone();
    if this(vm, v).native && buffered::is_writable(vm, &b) { buffered::flush_native(vm, &b) } else { vm.call_method(&b, "flush", &[]).map(drop) }
}

/// `flush()`
pub fn flush_all(vm: &mut Vm, v: &Value) -> PyResult<()> {
    open_buffer(vm, v)?;
    let t = this_mut(vm, v);
    t.telling = t.seekable;
    write_pending(vm, v)?;
    flush_buffer(vm, v)
}

pub fn flush(vm: &mut Vm, args: &[Value]) -> PyResult {
    buffer(vm, &args[0])?;
    flush_all(vm, &args[0])?;
    Ok(Value::NONE)
}
