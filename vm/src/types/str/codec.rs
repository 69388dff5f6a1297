//! Bytes to text and back: `str.encode`, `bytes.decode`, `str(bytes, encoding)`, and what the `codecs` module builds upon.
//!
//! The codecs themselves are in `text::codec`. Here error handlers written in Python meet them ([`Vm::register_error`]), and codecs
//! that only Python knows ([`Vm::set_codec_lookup`]).

use super::{Str, this};
use crate::error::{Exc, PyResult, Raised};
use crate::num::{Kind as ErrKind, PyErr};
use crate::text::codec::{self, Codec, Fault, Handler, Policy, Replacement};
use crate::types::bytes::{ByteArray, Bytes};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

const HANDLERS: &str = "codecs.errors";
const LOOKUP: &str = "codecs.lookup";

/// What stops a codec: an error of the library, or an exception from a handler.
enum Stop {
    Library(PyErr),
    Raised(Raised),
}

impl From<PyErr> for Stop {
    fn from(e: PyErr) -> Stop {
        Stop::Library(e)
    }
}

/// Hands faults to a built-in policy or to a registered function, whichever the name means when the fault occurs.
struct Bridge<'a> {
    vm: &'a mut Vm,
    errors: &'a str,
    /// The bytes or str that is being converted.
    object: &'a Value,
}

impl Bridge<'_> {
    fn registered(&mut self) -> Option<Value> {
        self.vm.registered_error(self.errors)
    }
    fn policy(&self) -> Result<Policy, Stop> {
        Policy::by_name(self.errors).ok_or_else(|| codec::unknown_handler(self.errors).into())
    }
    /// Calls a handler with an exception: what it puts in place, and where to go on (of `len`).
    fn ask(&mut self, handler: &Value, error: &Raised, len: usize, what: &str, accept: fn(&Value) -> bool) -> Result<(Value, usize), Stop> {
        let vm = &mut *self.vm;
        let answer = vm.call(handler, std::slice::from_ref(&error.0)).map_err(Stop::Raised)?;
        let pair = answer.get::<Tuple>().map(Tuple::items).filter(|i| i.len() == 2 && accept(&i[0]) && vm.is_index(&i[1]));
        let Some([new, position]) = pair else {
            let vowel = if what == "decoding" { "str" } else { "str/bytes" };
            return Err(Stop::Raised(vm.type_error(format!("{what} error handler must return ({vowel}, int) tuple"))));
        };
        let asked = vm.arg_ssize(position).map_err(Stop::Raised)?;
        let at = if asked < 0 { asked + len as isize } else { asked };
        if at < 0 || at as usize > len {
            return Err(Stop::Raised(vm.err(Exc::IndexError, format!("position {at} from error handler out of bounds"))));
        }
        Ok((new.clone(), at as usize))
    }
}

impl Handler for Bridge<'_> {
    type Error = Stop;
    fn decode_fault(&mut self, fault: &Fault, input: &[u8]) -> Result<(Vec<u8>, usize), Stop> {
        let Some(handler) = self.registered() else { return Ok(self.policy()?.decode_fault(fault, input)?) };
        let error = unicode_error(self.vm, Exc::UnicodeDecodeError, fault.encoding, self.object, (fault.start, fault.end), fault.reason);
        let (new, at) = self.ask(&handler, &error, input.len(), "decoding", |v| v.is_a::<Str>())?;
        Ok((this(&new).bytes().to_vec(), at))
    }
    fn encode_fault(&mut self, fault: &Fault, text: &[u8]) -> Result<(Replacement, usize), Stop> {
        let Some(handler) = self.registered() else { return Ok(self.policy()?.encode_fault(fault, text)?) };
        let error = unicode_error(self.vm, Exc::UnicodeEncodeError, fault.encoding, self.object, (fault.start, fault.end), fault.reason);
        let len = crate::text::wtf8::len(text);
        let (new, at) = self.ask(&handler, &error, len, "encoding", |v| v.is_a::<Str>() || v.is_a::<Bytes>())?;
        let replacement = match new.get::<Bytes>() {
            Some(b) => Replacement::Bytes(b.bytes().to_vec()),
            None => Replacement::Text(this(&new).bytes().to_vec()),
        };
        Ok((replacement, at))
    }
}

/// A UnicodeDecodeError or UnicodeEncodeError with its five attributes.
pub fn unicode_error(vm: &mut Vm, exc: Exc, encoding: &str, object: &Value, (start, end): (usize, usize), reason: &str) -> Raised {
    let args = vec![vm.new_str(encoding), object.clone(), Value::small_wrap(start as i64), Value::small_wrap(end as i64), vm.new_str(reason)];
    let class = vm.exc_type(exc).clone();
    match vm.call(&class, &args) {
        Ok(e) => Raised(e),
        Err(e) => e,
    }
}

/// A codec's error as an exception, with the object that was converted.
fn raise(vm: &mut Vm, stop: Stop, object: &Value) -> Raised {
    let e = match stop {
        Stop::Raised(r) => return r,
        Stop::Library(e) => e,
    };
    match &e.kind {
        ErrKind::UnicodeDecode { encoding, start, end, reason } => unicode_error(vm, Exc::UnicodeDecodeError, encoding, object, (*start, *end), reason),
        ErrKind::UnicodeEncode { encoding, start, end, reason } => unicode_error(vm, Exc::UnicodeEncodeError, encoding, object, (*start, *end), reason),
        _ => vm.num_err(e),
    }
}

/// The spellings that need no search.
fn is_utf8(encoding: &str) -> bool {
    matches!(encoding, "utf-8" | "utf8" | "UTF-8" | "utf_8")
}

impl Vm {
    /// The function registered under this name by `codecs.register_error`, if there is one.
    pub fn registered_error(&mut self, name: &str) -> Option<Value> {
        let handlers = self.iso().state.get(HANDLERS)?.clone();
        let key = self.intern(name);
        self.dict_get_str(&handlers, &key)
    }
    /// `codecs.register_error(name, handler)`
    pub fn register_error(&mut self, name: &str, handler: Value) {
        if !self.iso().state.contains_key(HANDLERS) {
            let dict = self.new_dict();
            self.iso_mut().state.insert(HANDLERS, dict);
        }
        let handlers = self.iso().state.get(HANDLERS).cloned().unwrap_or_default();
        self.dict_set_text(&handlers, name, handler);
    }
    /// Sets the function that finds codecs which the machine does not have: `lookup(encoding)` gives a `CodecInfo` or raises LookupError.
    pub fn set_codec_lookup(&mut self, lookup: Value) {
        self.iso_mut().state.insert(LOOKUP, lookup);
    }
    /// The text of bytes. `object` is the bytes object that errors name, or absent (it is made when needed).
    pub fn decode_object(&mut self, bytes: &[u8], object: &Value, encoding: &str, errors: &str) -> PyResult {
        if is_utf8(encoding)
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Ok(self.new_str(text));
        }
        let object = if object.is_a::<Bytes>() { object.clone() } else { self.new_bytes(bytes.to_vec()) };
        match Codec::find(encoding) {
            Some(codec) => self.decode_with(codec, bytes, &object, errors, true).map(|(text, _)| text),
            None => {
                let text = self.foreign_codec(encoding, 1, &object, errors)?;
                if text.is_a::<Str>() {
                    return Ok(text);
                }
                let name = self.type_name(&text);
                Err(self.type_error(format!("'{encoding}' decoder returned '{name}' instead of 'str'; use codecs.decode() to decode to arbitrary types")))
            }
        }
    }
    /// The text of bytes.
    pub fn decode(&mut self, bytes: &[u8], encoding: &str, errors: &str) -> PyResult {
        self.decode_object(bytes, &Value::NULL, encoding, errors)
    }
    /// Decodes with a codec what is complete; gives the text and how many bytes it took. `object` is the bytes object for errors.
    pub fn decode_with(&mut self, codec: Codec, bytes: &[u8], object: &Value, errors: &str, last: bool) -> PyResult<(Value, usize)> {
        let mut bridge = Bridge { vm: self, errors, object };
        match codec.decode_part(bytes, last, &mut bridge) {
            Ok((text, used)) => Ok((self.new_str_wtf8(text), used)),
            Err(stop) => Err(raise(self, stop, object)),
        }
    }
    /// Decodes the next piece of an input that comes in pieces (WTF-8). After an error the decoder is as it was before.
    pub fn feed_decoder(&mut self, decoder: &mut codec::Decoder, bytes: &[u8], errors: &str, last: bool) -> PyResult<Vec<u8>> {
        let before = decoder.clone();
        let object = self.new_bytes([before.pending(), bytes].concat());
        let mut bridge = Bridge { vm: self, errors, object: &object };
        match decoder.feed(bytes, last, &mut bridge) {
            Ok(text) => Ok(text),
            Err(stop) => {
                *decoder = before;
                Err(raise(self, stop, &object))
            }
        }
    }
    /// The bytes of a str object.
    pub fn encode(&mut self, text: &Value, encoding: &str, errors: &str) -> PyResult<Vec<u8>> {
        if is_utf8(encoding)
            && let Some(t) = text.get::<Str>().and_then(Str::as_str)
        {
            return Ok(t.as_bytes().to_vec());
        }
        match Codec::find(encoding) {
            Some(codec) => self.encode_with(codec, text, errors),
            None => {
                let r = self.foreign_codec(encoding, 0, text, errors)?;
                if r.is_a::<Bytes>() || r.is_a::<ByteArray>() {
                    return self.buffer_bytes(&r);
                }
                let name = self.type_name(&r);
                Err(self.type_error(format!("'{encoding}' encoder returned '{name}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types")))
            }
        }
    }
    /// Encodes a str object with a codec.
    pub fn encode_with(&mut self, codec: Codec, text: &Value, errors: &str) -> PyResult<Vec<u8>> {
        let bytes = this(text).bytes();
        let mut bridge = Bridge { vm: self, errors, object: text };
        match codec.encode(bytes, &mut bridge) {
            Ok(bytes) => Ok(bytes),
            Err(stop) => Err(raise(self, stop, text)),
        }
    }
    /// Calls a codec that only Python knows; `which` is 0 for its encoder, 1 for its decoder.
    fn foreign_codec(&mut self, encoding: &str, which: usize, object: &Value, errors: &str) -> PyResult {
        if !self.iso().state.contains_key(LOOKUP) {
            // the module sets the function when it is first imported
            let _ = self.import("_codecs");
        }
        let Some(lookup) = self.iso().state.get(LOOKUP).cloned() else {
            return Err(self.num_err(codec::unknown_encoding(encoding)));
        };
        let name = self.new_str(encoding);
        let info = self.call(&lookup, &[name])?;
        if let Some(is_text) = self.attr_opt(&info, "_is_text_encoding")?
            && !self.truthy(&is_text)?
        {
            let other = if which == 0 { "encode" } else { "decode" };
            let text = format!("'{encoding}' is not a text encoding; use codecs.{other}() to handle arbitrary codecs");
            return Err(self.err(Exc::LookupError, text));
        }
        let convert = self.get_item(&info, &Value::small_wrap(which as i64))?;
        let errors = self.new_str(errors);
        let r = self.call(&convert, &[object.clone(), errors])?;
        match r.get::<Tuple>().map(Tuple::items) {
            Some([result, _]) => Ok(result.clone()),
            _ => {
                let what = if which == 0 { "encoder" } else { "decoder" };
                Err(self.type_error(format!("{what} must return a tuple (object, integer)")))
            }
        }
    }
}

/// What an error handler puts in place of bytes that could not be decoded (WTF-8), and where to go on.
pub fn decode_fault(vm: &mut Vm, errors: &str, object: &Value, input: &[u8], fault: &Fault) -> PyResult<(Vec<u8>, usize)> {
    let result = Bridge { vm, errors, object }.decode_fault(fault, input);
    result.map_err(|stop| raise(vm, stop, object))
}

/// What an error handler puts in place of characters of the str `object` that could not be encoded, and where to go on.
pub fn encode_fault(vm: &mut Vm, errors: &str, object: &Value, fault: &Fault) -> PyResult<(Replacement, usize)> {
    let result = Bridge { vm, errors, object }.encode_fault(fault, this(object).bytes());
    result.map_err(|stop| raise(vm, stop, object))
}

/// An `encoding` or `errors` argument; `default` where it is absent.
pub fn name_arg<'a>(vm: &mut Vm, v: &'a Value, what: &str, default: &'a str) -> PyResult<&'a str> {
    if v.is_null() {
        return Ok(default);
    }
    let text = super::str_arg(vm, v, what)?;
    match text.as_str() {
        Some(t) if !t.contains('\0') => Ok(t),
        Some(_) => Err(vm.value_error("embedded null character")),
        None => Err(raise_surrogates(vm, v)),
    }
}

/// The UnicodeEncodeError of a name with lone surrogates.
fn raise_surrogates(vm: &mut Vm, v: &Value) -> Raised {
    match vm.encode_with(Codec::Utf8, v, "strict") {
        Err(e) => e,
        Ok(_) => vm.value_error("invalid name"),
    }
}

/// `s.encode(encoding, errors)`
pub fn str_encode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let encoding = name_arg(vm, &a[1], "encode() argument 'encoding'", "utf-8")?;
    let errors = name_arg(vm, &a[2], "encode() argument 'errors'", "strict")?;
    let bytes = vm.encode(&a[0], encoding, errors)?;
    Ok(vm.new_bytes(bytes))
}

/// `str(object, encoding, errors)`
pub fn decode_argument(vm: &mut Vm, object: &Value, encoding: &Value, errors: &Value) -> PyResult {
    let encoding = name_arg(vm, encoding, "str() argument 'encoding'", "utf-8")?;
    let errors = name_arg(vm, errors, "str() argument 'errors'", "strict")?;
    if object.is_a::<Str>() {
        return Err(vm.type_error("decoding str is not supported"));
    }
    if !vm.is_buffer(object) {
        let name = vm.type_name(object);
        return Err(vm.type_error(format!("decoding to str: need a bytes-like object, {name} found")));
    }
    let bytes = vm.buffer_bytes(object)?;
    if bytes.is_empty() {
        // not even the encoding is looked at
        return Ok(vm.new_str_piece(b""));
    }
    vm.decode_object(&bytes, object, encoding, errors)
}
