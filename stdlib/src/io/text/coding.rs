//! Encodings of a text stream: by the machine's codecs, or by incremental ones that only Python knows.

use crate::io::base::str_bytes;
use crate::io::newline::Newline;
use crate::io::open::locale_encoding;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::object::Cloner;
use gilbert_vm::text::codec::{Codec, Decoder, Endian};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::Kwargs;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// How a text stream is made.
pub struct Config {
    /// As it is shown.
    pub encoding: Value,
    /// As it is shown.
    pub errors: Value,
    /// The codec, if the machine has it.
    pub codec: Option<Codec>,
    /// The `newline` argument.
    pub newline: Newline,
    /// Flushes at the end of a line.
    pub line_buffering: bool,
    /// Hands every write on to the buffer.
    pub write_through: bool,
}

/// A `str` or None argument.
pub fn opt_str(vm: &mut Vm, v: &Value, name: &str) -> PyResult<()> {
    if v.is_none() || v.is_a::<Str>() {
        return Ok(());
    }
    let got = vm.type_name(v);
    Err(vm.type_error(format!("TextIOWrapper() argument '{name}' must be str or None, not {got}")))
}

/// Whether a stream of any kind says that it is able.
pub fn able(vm: &mut Vm, stream: &Value, what: &str) -> PyResult<bool> {
    let r = vm.call_method(stream, what, &[])?;
    vm.truthy(&r)
}

/// `stream.tell()`
pub fn position(vm: &mut Vm, stream: &Value) -> PyResult<i64> {
    let at = vm.call_method(stream, "tell", &[])?;
    vm.to_i64(&at)
}

impl Config {
    /// From the arguments `encoding`, `errors` and `newline`. LookupError where nobody knows the encoding.
    pub fn parse(vm: &mut Vm, encoding: &Value, errors: &Value, newline: &Value) -> PyResult<Config> {
        let encoding = if locale_encoding(encoding) { vm.intern("UTF-8") } else { encoding.clone() };
        for v in [&encoding, errors] {
            if str_bytes(v).contains(&0) {
                return Err(vm.value_error("embedded null character"));
            }
        }
        let newline = Newline::parse(vm, newline, false)?;
        let errors = if errors.is_none() { vm.intern("strict") } else { errors.clone() };
        let codec = encoding.get::<Str>().and_then(Str::as_str).and_then(Codec::find);
        if codec.is_none() {
            lookup(vm, &encoding)?;
        }
        Ok(Config { encoding, errors, codec, newline, line_buffering: false, write_through: false })
    }
}

impl Config {
    /// Whether a text may begin with a byte order mark: it matters then where a stream begins.
    pub fn marks(&self) -> bool {
        matches!(self.codec, None | Some(Codec::Utf8Sig | Codec::Utf16(None) | Codec::Utf32(None)))
    }
}

/// The `CodecInfo` of a text encoding that the machine does not have.
fn lookup(vm: &mut Vm, encoding: &Value) -> PyResult {
    let codecs = vm.import("codecs")?;
    let info = vm.call_method(&codecs, "lookup", &[encoding.clone()])?;
    if let Some(is_text) = vm.attr_opt(&info, "_is_text_encoding")?
        && !vm.truthy(&is_text)?
    {
        let name = vm.text(encoding);
        return Err(vm.err(Exc::LookupError, format!("'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs")));
    }
    Ok(info)
}

fn incremental(vm: &mut Vm, config: &Config, which: &str) -> PyResult {
    let info = lookup(vm, &config.encoding)?;
    let factory = vm.attr(&info, which)?;
    if factory.is_none() {
        let name = vm.text(&config.encoding);
        return Err(vm.err(Exc::LookupError, format!("'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs")));
    }
    vm.call_kw(&factory, &[config.errors.clone()], Kwargs::NONE)
}

// --- bytes to text ---------------------------------------------------------------------------------------------------

/// Makes text of the bytes that come.
pub enum Decoding {
    /// By the machine.
    Native(Decoder, Codec),
    /// By an incremental decoder of Python's.
    Foreign(Value),
}

impl Decoding {
    pub fn new(vm: &mut Vm, config: &Config) -> PyResult<Decoding> {
        Ok(match config.codec {
            Some(codec) => Decoding::Native(Decoder::new(codec), codec),
            None => Decoding::Foreign(incremental(vm, config, "incrementaldecoder")?),
        })
    }
    pub fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        if let Decoding::Foreign(v) = self {
            visit(v);
        }
    }
    pub fn clone_in(&self, c: &mut Cloner) -> Decoding {
        match self {
            Decoding::Native(d, codec) => Decoding::Native(d.clone(), *codec),
            Decoding::Foreign(v) => Decoding::Foreign(c.value(v)),
        }
    }
    /// The same decoder again; a foreign one is the same object.
    pub fn again(&self) -> Decoding {
        match self {
            Decoding::Native(d, codec) => Decoding::Native(d.clone(), *codec),
            Decoding::Foreign(v) => Decoding::Foreign(v.clone()),
        }
    }
    /// Decodes the next bytes (WTF-8).
    pub fn feed(&mut self, vm: &mut Vm, bytes: Vec<u8>, errors: &Value, last: bool) -> PyResult<Vec<u8>> {
        match self {
            Decoding::Native(d, Codec::Utf8) if d.pending().is_empty() => {
                // the usual case: whole and valid
                match String::from_utf8(bytes) {
                    Ok(text) => Ok(text.into_bytes()),
                    Err(e) => feed_native(vm, d, &e.into_bytes(), errors, last),
                }
            }
            Decoding::Native(d, _) => feed_native(vm, d, &bytes, errors, last),
            Decoding::Foreign(v) => {
                let bytes = vm.new_bytes(bytes);
                let text = vm.call_method(v, "decode", &[bytes, Value::bool(last)])?;
                if !text.is_a::<Str>() {
                    let name = vm.type_name(&text);
                    return Err(vm.type_error(format!("decoder should return a string result, not '{name}'")));
                }
                Ok(str_bytes(&text).to_vec())
            }
        }
    }
    /// The decoder's state: bytes that wait for more, and a number.
    pub fn state(&self, vm: &mut Vm) -> PyResult<(Vec<u8>, u64)> {
        match self {
            Decoding::Native(d, _) => Ok((d.pending().to_vec(), d.state())),
            Decoding::Foreign(v) => {
                let state = vm.call_method(v, "getstate", &[])?;
                match state.get::<Tuple>().map(|t| t.items().to_vec()).as_deref() {
                    Some([buffer, flags]) if buffer.is_a::<Bytes>() => Ok((vm.buffer_bytes(buffer)?, vm.to_i64(flags)? as u64)),
                    _ => Err(vm.type_error("illegal decoder state")),
                }
            }
        }
    }
    /// Goes back to a state.
    pub fn set_state(&mut self, vm: &mut Vm, flags: u64, start: bool) -> PyResult<()> {
        match self {
            Decoding::Native(d, codec) => {
                *d = if start { Decoder::new(*codec) } else { Decoder::resumed(*codec, flags) };
                Ok(())
            }
            Decoding::Foreign(v) if start => vm.call_method(v, "reset", &[]).map(drop),
            Decoding::Foreign(v) => {
                let (empty, flags) = (vm.new_bytes(Vec::new()), vm.new_uint(flags));
                let state = vm.new_tuple(vec![empty, flags]);
                vm.call_method(v, "setstate", &[state]).map(drop)
            }
        }
    }
    /// Whether decoded text is the bytes themselves, where they are valid.
    pub fn is_utf8(&self) -> bool {
        matches!(self, Decoding::Native(_, Codec::Utf8))
    }
}

fn feed_native(vm: &mut Vm, d: &mut Decoder, bytes: &[u8], errors: &Value, last: bool) -> PyResult<Vec<u8>> {
    let errors = errors.get::<Str>().and_then(Str::as_str).unwrap_or("strict");
    vm.feed_decoder(d, bytes, errors, last)
}

// --- text to bytes ---------------------------------------------------------------------------------------------------

/// Makes bytes of the text that comes.
pub enum Encoding {
    /// By the machine; `started`: a byte order mark is not due any more.
    Native {
        /// The codec.
        codec: Codec,
        /// Something was written, or the stream did not begin at 0.
        started: bool,
    },
    /// By an incremental encoder of Python's.
    Foreign(Value),
}

impl Encoding {
    pub fn new(vm: &mut Vm, config: &Config) -> PyResult<Encoding> {
        Ok(match config.codec {
            Some(codec) => Encoding::Native { codec, started: false },
            None => Encoding::Foreign(incremental(vm, config, "incrementalencoder")?),
        })
    }
    pub fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        if let Encoding::Foreign(v) = self {
            visit(v);
        }
    }
    pub fn clone_in(&self, c: &mut Cloner) -> Encoding {
        match self {
            Encoding::Native { codec, started } => Encoding::Native { codec: *codec, started: *started },
            Encoding::Foreign(v) => Encoding::Foreign(c.value(v)),
        }
    }
    /// Whether text is its own bytes.
    pub fn is_utf8(&self) -> bool {
        matches!(self, Encoding::Native { codec: Codec::Utf8, .. })
    }
    /// The codec to use now, or Python's encoder.
    pub fn next(&mut self) -> Result<Codec, Value> {
        match self {
            Encoding::Native { codec, started } => Ok(match (std::mem::replace(started, true), *codec) {
                (false, c) => c,
                (true, Codec::Utf8Sig) => Codec::Utf8,
                (true, Codec::Utf16(None)) => Codec::Utf16(Some(Endian::Little)),
                (true, Codec::Utf32(None)) => Codec::Utf32(Some(Endian::Little)),
                (true, c) => c,
            }),
            Encoding::Foreign(v) => Err(v.clone()),
        }
    }
    /// Whether a byte order mark is due at the next write.
    pub fn set_started(&mut self, vm: &mut Vm, now: bool) -> PyResult<()> {
        match self {
            Encoding::Native { started, .. } => {
                *started = now;
                Ok(())
            }
            Encoding::Foreign(v) if now => vm.call_method(v, "setstate", &[Value::i32(0)]).map(drop),
            Encoding::Foreign(v) => vm.call_method(v, "reset", &[]).map(drop),
        }
    }
}

/// The bytes that Python's encoder makes of a text.
pub fn encode_foreign(vm: &mut Vm, encoder: &Value, text: &Value) -> PyResult<Vec<u8>> {
    let bytes = vm.call_method(encoder, "encode", &[text.clone()])?;
    if bytes.is_a::<Bytes>() { vm.buffer_bytes(&bytes) } else { Err(not_bytes(vm, &bytes)) }
}

#[cold]
fn not_bytes(vm: &mut Vm, v: &Value) -> Raised {
    let name = vm.type_name(v);
    vm.type_error(format!("encoder should return a bytes object, not '{name}'"))
}
