//! Newlines: how lines end, how they are translated, and `IncrementalNewlineDecoder` (`Modules/_io/textio.c`).

use super::IoType;
use super::base::str_bytes;
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A `newline=` argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Newline {
    /// None: any newline ends a line and is read as `\n`.
    #[default]
    Universal,
    /// `''`: any newline ends a line and is read as it is.
    Any,
    /// `'\n'`
    Lf,
    /// `'\r'`
    Cr,
    /// `'\r\n'`
    CrLf,
}

impl Newline {
    /// Reads the argument; a stream in memory words its errors differently.
    pub fn parse(vm: &mut Vm, v: &Value, memory: bool) -> PyResult<Newline> {
        if v.is_none() {
            return Ok(Newline::Universal);
        }
        if !v.is_a::<Str>() {
            let name = vm.type_name(v);
            let what = if memory { "newline" } else { "TextIOWrapper() argument 'newline'" };
            return Err(vm.type_error(format!("{what} must be str or None, not {name}")));
        }
        match str_bytes(v) {
            b"" => Ok(Newline::Any),
            b"\n" => Ok(Newline::Lf),
            b"\r" => Ok(Newline::Cr),
            b"\r\n" => Ok(Newline::CrLf),
            _ => Err(illegal(vm, v, memory)),
        }
    }
    /// Any newline ends a line.
    pub fn universal(self) -> bool {
        matches!(self, Newline::Universal | Newline::Any)
    }
    /// What `\n` becomes when written; `None` where it stays.
    pub fn written(self) -> Option<&'static [u8]> {
        match self {
            Newline::Cr => Some(b"\r"),
            Newline::CrLf => Some(b"\r\n"),
            _ => None,
        }
    }
    /// Where the first line of `text` ends, newline included; `None` where no newline is in it.
    pub fn line_end(self, text: &[u8]) -> Option<usize> {
        match self {
            Newline::Universal | Newline::Lf => memchr::memchr(b'\n', text).map(|i| i + 1),
            Newline::Cr => memchr::memchr(b'\r', text).map(|i| i + 1),
            Newline::CrLf => memchr::memmem::find(text, b"\r\n").map(|i| i + 2),
            Newline::Any => memchr::memchr2(b'\n', b'\r', text).map(|i| if text[i..].starts_with(b"\r\n") { i + 2 } else { i + 1 }),
        }
    }
    /// The argument again.
    pub fn value(self, vm: &mut Vm) -> Value {
        match self {
            Newline::Universal => Value::NONE,
            Newline::Any => vm.intern(""),
            Newline::Lf => vm.intern("\n"),
            Newline::Cr => vm.intern("\r"),
            Newline::CrLf => vm.intern("\r\n"),
        }
    }
}

#[cold]
fn illegal(vm: &mut Vm, v: &Value, quoted: bool) -> Raised {
    let shown = if quoted { vm.repr_text(v).unwrap_or_default() } else { vm.text(v) };
    vm.value_error(format!("illegal newline value: {shown}"))
}

const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/// Text that comes in pieces: which newlines it has, and their translation.
#[derive(Clone, Copy, Default, Debug)]
pub struct Newlines {
    /// Whether all become `\n`.
    pub translate: bool,
    /// The last piece ended in `\r`, which waits for a `\n`.
    pub pending_cr: bool,
    seen: u8,
}

impl Newlines {
    /// At the start of a text.
    pub fn new(translate: bool) -> Newlines {
        Newlines { translate, ..Newlines::default() }
    }
    /// The next piece (WTF-8); `last` says that nothing follows.
    pub fn feed(&mut self, mut text: Vec<u8>, last: bool) -> Vec<u8> {
        if self.pending_cr && (last || !text.is_empty()) {
            text.insert(0, b'\r');
            self.pending_cr = false;
        }
        if !last && text.last() == Some(&b'\r') {
            text.pop();
            self.pending_cr = true;
        }
        if memchr::memchr(b'\r', &text).is_none() {
            if self.seen & SEEN_LF == 0 && memchr::memchr(b'\n', &text).is_some() {
                self.seen |= SEEN_LF;
            }
            return text;
        }
        self.translated(text)
    }
    fn translated(&mut self, text: Vec<u8>) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text.as_slice();
        while let Some(i) = memchr::memchr2(b'\r', b'\n', rest) {
            let n = match &rest[i..] {
                [b'\r', b'\n', ..] => {
                    self.seen |= SEEN_CRLF;
                    2
                }
                [b'\r', ..] => {
                    self.seen |= SEEN_CR;
                    1
                }
                _ => {
                    self.seen |= SEEN_LF;
                    1
                }
            };
            out.extend_from_slice(&rest[..i]);
            if self.translate {
                out.push(b'\n');
            } else {
                out.extend_from_slice(&rest[i..i + n]);
            }
            rest = &rest[i + n..];
        }
        out.extend_from_slice(rest);
        out
    }
    /// Back to the start; what was seen stays known until then.
    pub fn reset(&mut self) {
        (self.pending_cr, self.seen) = (false, 0);
    }
    /// `newlines`: None, a str, or a tuple of those that were seen.
    pub fn value(&self, vm: &mut Vm) -> Value {
        let mut found: Vec<Value> = Vec::new();
        for (bit, text) in [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")] {
            if self.seen & bit != 0 {
                found.push(vm.intern(text));
            }
        }
        match found.len() {
            0 => Value::NONE,
            1 => found.remove(0),
            _ => vm.new_tuple(found),
        }
    }
}

// --- IncrementalNewlineDecoder ---------------------------------------------------------------------------------------

/// The payload of `IncrementalNewlineDecoder`.
struct NewlineDecoder {
    /// Makes text of bytes; None where text comes in.
    decoder: Value,
    newlines: Newlines,
}

impl Payload for NewlineDecoder {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.decoder);
    }
    fn clone_in(&self, c: &mut Cloner) -> NewlineDecoder {
        NewlineDecoder { decoder: c.value(&self.decoder), newlines: self.newlines }
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut NewlineDecoder {
    v.borrow_mut::<NewlineDecoder>(vm).expect("an IncrementalNewlineDecoder")
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], NewlineDecoder { decoder: Value::NONE, newlines: Newlines::default() }))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let translate = vm.truthy(&args[2])?;
    let d = this(vm, &args[0]);
    d.newlines = Newlines::new(translate);
    let old = std::mem::replace(&mut d.decoder, args[1].clone());
    drop(old);
    Ok(Value::NONE)
}

fn decode(vm: &mut Vm, args: &[Value]) -> PyResult {
    let last = vm.truthy(&args[2])?;
    let decoder = this(vm, &args[0]).decoder.clone();
    let text = match decoder.is_none() {
        true => args[1].clone(),
        false => vm.call_method(&decoder, "decode", &[args[1].clone(), Value::bool(last)])?,
    };
    if !text.is_a::<Str>() {
        let name = vm.type_name(&text);
        return Err(vm.type_error(format!("decoder should return a string result, not '{name}'")));
    }
    let out = this(vm, &args[0]).newlines.feed(str_bytes(&text).to_vec(), last);
    Ok(vm.new_str_wtf8(out))
}

fn getstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (decoder, cr) = (this(vm, &args[0]).decoder.clone(), this(vm, &args[0]).newlines.pending_cr);
    let (buffer, flag) = match decoder.is_none() {
        true => (vm.new_bytes(Vec::new()), 0),
        false => {
            let state = vm.call_method(&decoder, "getstate", &[])?;
            match state.get::<Tuple>().map(Tuple::items) {
                Some([buffer, flag]) => (buffer.clone(), vm.to_i64(flag)?),
                _ => return Err(vm.type_error("illegal decoder state")),
            }
        }
    };
    let flag = vm.new_int((flag << 1) | cr as i64);
    Ok(vm.new_tuple(vec![buffer, flag]))
}

fn setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let [buffer, flag] = items.as_slice() else { return Err(vm.type_error("state argument must be a tuple")) };
    let flag = vm.to_i64(flag)?;
    let d = this(vm, &args[0]);
    d.newlines.pending_cr = flag & 1 != 0;
    let decoder = d.decoder.clone();
    if !decoder.is_none() {
        let flag = vm.new_int(flag >> 1);
        let state = vm.new_tuple(vec![buffer.clone(), flag]);
        vm.call_method(&decoder, "setstate", &[state])?;
    }
    Ok(Value::NONE)
}

fn reset(vm: &mut Vm, args: &[Value]) -> PyResult {
    let d = this(vm, &args[0]);
    d.newlines.reset();
    let decoder = d.decoder.clone();
    if decoder.is_none() { Ok(Value::NONE) } else { vm.call_method(&decoder, "reset", &[]) }
}

/// `_io.IncrementalNewlineDecoder`
pub static NEWLINE_DECODER: IoType = IoType {
    def: TypeDef::new("_io.IncrementalNewlineDecoder", attr_layout::<NewlineDecoder>())
        .flags(flags::BASE)
        .doc("Codec used when reading a file in universal newlines mode.")
        .methods(&[
            static_method("__new__(cls, /, *args, **kwargs)", new),
            method("__init__(self, decoder, translate, errors='strict')", init),
            method("decode(self, input, final=False)", decode),
            method("getstate(self, /)", getstate),
            method("setstate(self, state, /)", setstate),
            method("reset(self, /)", reset),
        ])
        .getset(&[getter("newlines", |vm, v| {
            let newlines = this(vm, v).newlines;
            Ok(newlines.value(vm))
        })]),
    base: None,
};
