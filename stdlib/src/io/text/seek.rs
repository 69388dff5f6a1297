//! Positions of a text stream. A position is a byte offset where the decoder can start afresh, else a cookie that also tells the
//! decoder's state, how many bytes to feed it, and how many of the characters to skip (`cookie_type` in textio.c).

use super::coding::Decoding;
use super::write::flush_all;
use super::{Snapshot, buffer, open_buffer, read, this, this_mut};
use crate::io::unsupported;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::num::{Int, Order};
use gilbert_vm::text::wtf8;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A place in a text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Cookie {
    /// Byte offset at which the decoder starts.
    start: u64,
    /// Its state there.
    flags: u32,
    /// Bytes to feed it.
    feed: u32,
    /// Characters of the result to skip.
    skip: u32,
    /// Whether the end comes behind the bytes fed.
    at_end: bool,
}

impl Cookie {
    fn pack(self, vm: &mut Vm) -> Value {
        let mut bytes = self.start.to_le_bytes().to_vec();
        for part in [self.flags, self.feed, self.skip] {
            bytes.extend(part.to_le_bytes());
        }
        bytes.push(self.at_end as u8);
        vm.new_bigint(Int::from_bytes(&bytes, Order::Little, false))
    }
    fn unpack(vm: &mut Vm, v: &Value) -> PyResult<Cookie> {
        let n = vm.to_int(v)?;
        let b = n.to_bytes(21, Order::Little, false).map_err(|e| vm.num_err(e))?;
        let word = |i: usize| u32::from_le_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]]);
        Ok(Cookie { start: word(0) as u64 | (word(4) as u64) << 32, flags: word(8), feed: word(12), skip: word(16), at_end: b[20] != 0 })
    }
}

fn not_seekable(vm: &mut Vm) -> gilbert_vm::error::Raised {
    unsupported(vm, "underlying stream is not seekable")
}

pub fn tell(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    open_buffer(vm, v)?;
    if !this(vm, v).seekable {
        return Err(not_seekable(vm));
    }
    if !this(vm, v).telling {
        return Err(vm.err(Exc::OSError, "telling position disabled by next() call"));
    }
    flush_for_tell(vm, v)?;
    let b = buffer(vm, v)?;
    let position = vm.call_method(&b, "tell", &[])?;
    let (Some(snapshot), Some(decoding)) = (this(vm, v).snapshot.clone(), this(vm, v).decoding.as_ref().map(Decoding::again)) else {
        return Ok(position);
    };
    let start = (vm.to_i64(&position)? as u64).wrapping_sub(snapshot.input.len() as u64);
    let cookie = place(vm, v, snapshot, decoding, start)?;
    Ok(cookie.pack(vm))
}

fn flush_for_tell(vm: &mut Vm, v: &Value) -> PyResult<()> {
    if this(vm, v).derived { vm.call_method(v, "flush", &[]).map(drop) } else { flush_all(vm, v) }
}

/// The cookie of the place up to which the decoded text was given out.
fn place(vm: &mut Vm, v: &Value, snapshot: Snapshot, decoding: Decoding, start: u64) -> PyResult<Cookie> {
    let plain = Cookie { start, flags: snapshot.flags as u32, ..Cookie::default() };
    let t = this(vm, v);
    if t.at == 0 {
        return Ok(plain);
    }
    if let Some(n) = utf8_place(&t.decoded[..t.at], t.decoded.len(), &snapshot, decoding.is_utf8(), t.newline.universal(), t.newlines.translate) {
        return Ok(Cookie { start: start + n as u64, flags: 0, ..plain });
    }
    walk(vm, v, snapshot, decoding, plain)
}

/// UTF-8 without faults: text and bytes run in step, but for newlines.
fn utf8_place(given: &[u8], decoded: usize, s: &Snapshot, utf8: bool, universal: bool, translate: bool) -> Option<usize> {
    if !utf8 || s.flags != 0 || decoded > s.input.len() {
        return None;
    }
    if !universal || !translate || memchr::memchr(b'\r', &s.input).is_none() {
        return s.input.starts_with(given).then_some(given.len());
    }
    let mut at = 0;
    for &b in given {
        match s.input.get(at..) {
            Some([b'\r', b'\n', ..]) if b == b'\n' => at += 2,
            Some([b'\r', ..]) if b == b'\n' => at += 1,
            Some([c, ..]) if *c == b => at += 1,
            _ => return None,
        }
    }
    Some(at)
}

/// Feeds the bytes again, one by one, and looks where the text given out ends.
fn walk(vm: &mut Vm, v: &Value, snapshot: Snapshot, decoding: Decoding, plain: Cookie) -> PyResult<Cookie> {
    let kept = decoder_state_of(vm, v)?;
    let chars = wtf8::len(&this(vm, v).decoded[..this(vm, v).at]);
    let r = walk_from(vm, v, &snapshot, chars, plain);
    // the decoder goes back to where it was
    restore(vm, v, decoding, kept)?;
    r
}

/// What `walk` has to put back: newline state and, of a foreign decoder, its own state.
struct Kept {
    newlines: crate::io::newline::Newlines,
    input: Vec<u8>,
    flags: u64,
}

fn decoder_state_of(vm: &mut Vm, v: &Value) -> PyResult<Kept> {
    let (input, flags) = read::decoder_state(vm, v)?;
    Ok(Kept { newlines: this(vm, v).newlines, input, flags })
}

fn restore(vm: &mut Vm, v: &Value, decoding: Decoding, kept: Kept) -> PyResult<()> {
    if matches!(decoding, Decoding::Native(..)) {
        this_mut(vm, v).decoding = Some(decoding);
    } else {
        set_decoder(vm, v, kept.flags, false)?;
        read::decode(vm, v, kept.input, false)?;
    }
    this_mut(vm, v).newlines = kept.newlines;
    Ok(())
}

fn walk_from(vm: &mut Vm, v: &Value, snapshot: &Snapshot, chars: usize, plain: Cookie) -> PyResult<Cookie> {
    set_decoder(vm, v, snapshot.flags, plain.start == 0 && snapshot.flags == 0)?;
    // `begin`: the characters before the last place where a decoder could start
    let (mut cookie, mut begin, mut out, mut fed) = (plain, 0, 0, 0u32);
    for &b in &snapshot.input {
        fed += 1;
        let text = read::decode(vm, v, vec![b], false)?;
        out += wtf8::len(&text);
        let (kept, flags) = read::decoder_state(vm, v)?;
        if kept.is_empty() && out <= chars {
            cookie = Cookie { start: cookie.start + fed as u64, flags: flags as u32, ..plain };
            (begin, fed) = (out, 0);
            if out == chars {
                return Ok(cookie);
            }
        }
        if out >= chars {
            return Ok(Cookie { feed: fed, skip: (chars - begin) as u32, ..cookie });
        }
    }
    // only the end brings the rest out
    Ok(Cookie { feed: fed, skip: (chars - begin) as u32, at_end: true, ..cookie })
}

/// Sets the decoder's state; `start`: the text begins here.
fn set_decoder(vm: &mut Vm, v: &Value, flags: u64, start: bool) -> PyResult<()> {
    let t = this_mut(vm, v);
    let universal = t.newline.universal();
    t.newlines.pending_cr = universal && flags & 1 != 0;
    let Some(mut decoding) = t.decoding.take() else { return Ok(()) };
    let r = decoding.set_state(vm, if universal { flags >> 1 } else { flags }, start);
    this_mut(vm, v).decoding = Some(decoding);
    r
}

fn set_encoder(vm: &mut Vm, v: &Value, start: bool) -> PyResult<()> {
    let Some(mut e) = this_mut(vm, v).encoding_state.take() else { return Ok(()) };
    let r = e.set_started(vm, !start);
    this_mut(vm, v).encoding_state = Some(e);
    r
}

/// Forgets what was decoded.
fn drop_decoded(vm: &mut Vm, v: &Value) {
    let t = this_mut(vm, v);
    t.decoded.clear();
    (t.at, t.snapshot) = (0, None);
}

pub fn seek(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let whence = vm.arg_int(&args[2])?;
    let b = open_buffer(vm, v)?;
    if !this(vm, v).seekable {
        return Err(not_seekable(vm));
    }
    let mut target = args[1].clone();
    let zero = |vm: &mut Vm, t: &Value| vm.eq(t, &Value::i32(0));
    match whence {
        0 => {}
        1 => {
            if !zero(vm, &target)? {
                return Err(unsupported(vm, "can't do nonzero cur-relative seeks"));
            }
            // the position itself: seeking there also drops what was read ahead
            target = vm.call_method(v, "tell", &[])?;
        }
        2 => {
            if !zero(vm, &target)? {
                return Err(unsupported(vm, "can't do nonzero end-relative seeks"));
            }
            return seek_end(vm, v, &b);
        }
        _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    }
    if vm.less(&target, &Value::i32(0))? {
        let shown = vm.repr_text(&target)?;
        return Err(vm.value_error(format!("negative seek position {shown}")));
    }
    flush_for_tell(vm, v)?;
    let c = Cookie::unpack(vm, &target)?;
    let at = vm.new_uint(c.start);
    vm.call_method(&b, "seek", &[at])?;
    drop_decoded(vm, v);
    if this(vm, v).decoding.is_some() {
        set_decoder(vm, v, c.flags as u64, c.start == 0 && c.flags == 0)?;
        this_mut(vm, v).snapshot = Some(Snapshot { flags: c.flags as u64, input: Vec::new() });
    }
    if c.skip > 0 {
        skip(vm, v, &b, c)?;
    }
    set_encoder(vm, v, c.start == 0 && c.flags == 0)?;
    Ok(target)
}

fn seek_end(vm: &mut Vm, v: &Value, b: &Value) -> PyResult {
    flush_for_tell(vm, v)?;
    drop_decoded(vm, v);
    set_decoder(vm, v, 0, true)?;
    let at = vm.call_method(b, "seek", &[Value::i32(0), Value::i32(2)])?;
    let start = vm.eq(&at, &Value::i32(0))?;
    set_encoder(vm, v, start)?;
    Ok(at)
}

/// Feeds the decoder, and skips characters.
fn skip(vm: &mut Vm, v: &Value, b: &Value, c: Cookie) -> PyResult<()> {
    let input = vm.call_method(b, "read", &[Value::small_wrap(c.feed as i64)])?;
    let input = vm.buffer_bytes(&input)?;
    let text = read::decode(vm, v, input.clone(), c.at_end)?;
    if wtf8::len(&text) < c.skip as usize {
        return Err(vm.err(Exc::OSError, "can't restore logical file position"));
    }
    let t = this_mut(vm, v);
    t.at = wtf8::byte_of(&text, c.skip as usize);
    t.decoded = text;
    t.snapshot = Some(Snapshot { flags: c.flags as u64, input });
    Ok(())
}

pub fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let b = buffer(vm, &args[0])?;
    flush_for_tell(vm, &args[0])?;
    vm.call_method(&b, "truncate", &[args[1].clone()])
}
