//! `_codecs`: the registry of codecs and error handlers, and the machine's codecs as functions (`Modules/_codecsmodule.c`).
//!
//! The machine converts by its own codecs where it has one of that name; the registry answers `codecs.lookup` and knows the codecs
//! written in Python. `utf-7` and the `mbcs` family are not there.

mod charmap;
mod handlers;

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::text::codec::{Codec, Endian, unknown_encoding, unknown_handler};
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const SEARCH: &str = "_codecs.search";
const FOUND: &str = "_codecs.found";

/// The module's state under a key, made when first asked for.
fn state(vm: &mut Vm, key: &'static str, make: fn(&mut Vm) -> Value) -> Value {
    if let Some(v) = vm.iso().state.get(key) {
        return v.clone();
    }
    let v = make(vm);
    vm.iso_mut().state.insert(key, v.clone());
    v
}
fn search_functions(vm: &mut Vm) -> Value {
    state(vm, SEARCH, |vm| vm.new_list(vec![]))
}
fn found_codecs(vm: &mut Vm) -> Value {
    state(vm, FOUND, Vm::new_dict)
}

fn callable(vm: &Vm, v: &Value) -> bool {
    !v.class(vm).special(gilbert_vm::special::Special::Call).is_null() || vm.is_type(v)
}

fn register(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !callable(vm, &a[0]) {
        return Err(vm.type_error("argument must be callable"));
    }
    let list = search_functions(vm);
    if let Some(l) = list.borrow_mut::<List>(vm) {
        l.items_mut().push(a[0].clone());
    }
    Ok(Value::NONE)
}

fn unregister(vm: &mut Vm, a: &[Value]) -> PyResult {
    let list = search_functions(vm);
    let removed = list.borrow_mut::<List>(vm).and_then(|l| {
        let at = l.items().iter().position(|f| f.is(&a[0]))?;
        Some(l.items_mut().remove(at))
    });
    drop(removed);
    vm.iso_mut().state.remove(FOUND);
    Ok(Value::NONE)
}

/// A str argument's text.
fn text_arg(vm: &mut Vm, v: &Value, what: &str) -> PyResult<String> {
    match v.get::<Str>() {
        Some(s) => Ok(s.lossy().into_owned()),
        None => Err(vm.must_be_str(what, v)),
    }
}

/// The `errors` argument: None is "strict".
fn errors_arg(vm: &mut Vm, v: &Value, what: &str) -> PyResult<String> {
    if v.is_none() { Ok("strict".into()) } else { text_arg(vm, v, what) }
}

/// The entry of an encoding: `(encoder, decoder, reader, writer)`.
fn lookup(vm: &mut Vm, a: &[Value]) -> PyResult {
    let encoding = text_arg(vm, &a[0], "lookup() argument")?;
    let normal: String = encoding.chars().map(|c| if c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect();
    let (key, found) = (vm.new_str(normal), found_codecs(vm));
    if let Some(info) = vm.dict_get(&found, &key)? {
        return Ok(info);
    }
    vm.import("encodings")?;
    let list = search_functions(vm);
    for f in vm.collect(&list)? {
        let info = vm.call(&f, std::slice::from_ref(&key))?;
        if info.is_none() {
            continue;
        }
        if info.get::<Tuple>().is_none_or(|t| t.items().len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        vm.dict_set(&found, &key, info.clone())?;
        return Ok(info);
    }
    Err(vm.num_err(unknown_encoding(&encoding)))
}

/// Encodes (0) or decodes (1) by the registry.
fn convert(vm: &mut Vm, a: &[Value], which: i32) -> PyResult {
    let info = lookup(vm, std::slice::from_ref(&a[1]))?;
    let f = vm.get_item(&info, &Value::i32(which))?;
    let given = if a[2].is_null() { vec![a[0].clone()] } else { vec![a[0].clone(), a[2].clone()] };
    let r = vm.call(&f, &given)?;
    match r.get::<Tuple>().map(Tuple::items) {
        Some([result, _]) => Ok(result.clone()),
        _ => {
            let what = if which == 0 { "encoder" } else { "decoder" };
            Err(vm.type_error(format!("{what} must return a tuple (object, integer)")))
        }
    }
}

fn register_error(vm: &mut Vm, a: &[Value]) -> PyResult {
    let name = text_arg(vm, &a[0], "register_error() argument 1")?;
    if !callable(vm, &a[1]) {
        return Err(vm.type_error("handler must be callable"));
    }
    vm.register_error(&name, a[1].clone());
    Ok(Value::NONE)
}

fn lookup_error(vm: &mut Vm, a: &[Value]) -> PyResult {
    let name = text_arg(vm, &a[0], "lookup_error() argument")?;
    if let Some(f) = vm.registered_error(&name) {
        return Ok(f);
    }
    match handlers::function_of(vm, &name) {
        Some(f) => Ok(f),
        None => Err(vm.num_err(unknown_handler(&name))),
    }
}

fn pair(vm: &mut Vm, result: Value, n: usize) -> PyResult {
    Ok(vm.new_tuple(vec![result, Value::small_wrap(n as i64)]))
}

/// `(bytes, how many characters)`
fn encode_by(vm: &mut Vm, a: &[Value], codec: Codec) -> PyResult {
    let Some(n) = a[0].get::<Str>().map(Str::char_len) else { return Err(vm.must_be_str("argument 1", &a[0])) };
    let errors = errors_arg(vm, &a[1], "argument 2")?;
    let bytes = vm.encode_with(codec, &a[0], &errors)?;
    let bytes = vm.new_bytes(bytes);
    pair(vm, bytes, n)
}

/// `(text, how many bytes)`
fn decode_by(vm: &mut Vm, a: &[Value], codec: Codec, last: bool) -> PyResult {
    let errors = errors_arg(vm, &a[1], "argument 2")?;
    // the escapes may also be given as text
    let bytes = match a[0].get::<Str>() {
        Some(s) if matches!(codec, Codec::UnicodeEscape | Codec::RawUnicodeEscape) => s.bytes().to_vec(),
        _ => vm.buffer_bytes(&a[0])?,
    };
    let object = vm.new_bytes(bytes.clone());
    let (text, used) = vm.decode_with(codec, &bytes, &object, &errors, last)?;
    pair(vm, text, used)
}

fn decode_incrementally(vm: &mut Vm, a: &[Value], codec: Codec) -> PyResult {
    let last = vm.truthy(&a[2])?;
    decode_by(vm, a, codec, last)
}

/// `utf_16_ex_decode` and its kin: also the byte order, -1 little, 1 big, 0 not yet known.
fn decode_ex(vm: &mut Vm, a: &[Value], codec: fn(Option<Endian>) -> Codec, unit: usize) -> PyResult {
    let (mut order, last) = (vm.arg_int(&a[2])?, vm.truthy(&a[3])?);
    let bytes = vm.buffer_bytes(&a[0])?;
    let mut skip = 0;
    if order == 0 {
        let (little, big): (&[u8], &[u8]) = if unit == 2 { (b"\xff\xfe", b"\xfe\xff") } else { (b"\xff\xfe\0\0", b"\0\0\xfe\xff") };
        if bytes.len() < unit && !last {
            let empty = vm.new_str("");
            return Ok(vm.new_tuple(vec![empty, Value::i32(0), Value::i32(0)]));
        }
        if bytes.starts_with(little) {
            (order, skip) = (-1, unit);
        } else if bytes.starts_with(big) {
            (order, skip) = (1, unit);
        }
    }
    let endian = if order > 0 { Endian::Big } else { Endian::Little };
    let errors = errors_arg(vm, &a[1], "argument 2")?;
    let object = vm.new_bytes(bytes.clone());
    let (text, used) = vm.decode_with(codec(Some(endian)), &bytes[skip..], &object, &errors, last)?;
    Ok(vm.new_tuple(vec![text, Value::small_wrap((used + skip) as i64), Value::i32(order)]))
}

fn readbuffer_encode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let bytes = match a[0].get::<Str>() {
        Some(s) => s.bytes().to_vec(),
        None => vm.buffer_bytes(&a[0])?,
    };
    let n = bytes.len();
    let bytes = vm.new_bytes(bytes);
    pair(vm, bytes, n)
}

/// `escape_encode`: the text of a bytes literal.
fn escape_encode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let bytes = vm.buffer_bytes(&a[0])?;
    let mut out = Vec::with_capacity(bytes.len());
    for b in &bytes {
        match b {
            b'\\' | b'\'' => out.extend([b'\\', *b]),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            0x20..0x7f => out.push(*b),
            _ => out.extend(format!("\\x{b:02x}").bytes()),
        }
    }
    let out = vm.new_bytes(out);
    pair(vm, out, bytes.len())
}

/// `escape_decode`: the bytes of a bytes literal's text.
fn escape_decode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = match a[0].get::<Str>() {
        Some(s) => s.bytes().to_vec(),
        None => vm.buffer_bytes(&a[0])?,
    };
    let (mut out, mut at) = (Vec::with_capacity(text.len()), 0);
    while at < text.len() {
        let b = text[at];
        at += 1;
        if b != b'\\' {
            out.push(b);
            continue;
        }
        let Some(&c) = text.get(at) else { return Err(vm.value_error("Trailing \\ in string")) };
        at += 1;
        match c {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(c),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'r' => out.push(13),
            b'0'..=b'7' => {
                let digits = text[at - 1..].iter().take(3).take_while(|d| matches!(d, b'0'..=b'7')).count();
                out.push(text[at - 1..at - 1 + digits].iter().fold(0u32, |n, d| n * 8 + u32::from(d - b'0')) as u8);
                at += digits - 1;
            }
            b'x' => {
                let digit = |i: usize| text.get(i).and_then(|d| (*d as char).to_digit(16));
                match (digit(at), digit(at + 1)) {
                    (Some(x), Some(y)) => out.push((x * 16 + y) as u8),
                    _ => return Err(vm.value_error(format!("invalid \\x escape at position {}", at - 2))),
                }
                at += 2;
            }
            _ => out.extend([b'\\', c]),
        }
    }
    let n = text.len();
    let out = vm.new_bytes(out);
    pair(vm, out, n)
}

const FUNCTIONS: &[NativeDef] = &[
    function("register(search_function, /)", register).doc("Register a codec search function."),
    function("unregister(search_function, /)", unregister).doc("Unregister a codec search function and clear the registry's cache."),
    function("lookup(encoding, /)", lookup).doc("Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."),
    function("encode(obj, encoding='utf-8', errors=NULL)", |vm, a| convert(vm, a, 0)).doc("Encodes obj using the codec registered for encoding."),
    function("decode(obj, encoding='utf-8', errors=NULL)", |vm, a| convert(vm, a, 1)).doc("Decodes obj using the codec registered for encoding."),
    function("register_error(errors, handler, /)", register_error).doc("Register the specified error handler under the name errors."),
    function("lookup_error(name, /)", lookup_error).doc("lookup_error(errors) -> handler"),
    function("utf_8_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Utf8)),
    function("utf_8_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf8)),
    function("utf_16_encode(str, errors=None, byteorder=0, /)", |vm, a| {
        let codec = by_order(vm, &a[2], Codec::Utf16)?;
        encode_by(vm, a, codec)
    }),
    function("utf_16_le_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Utf16(Some(Endian::Little)))),
    function("utf_16_be_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Utf16(Some(Endian::Big)))),
    function("utf_16_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf16(None))),
    function("utf_16_le_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf16(Some(Endian::Little)))),
    function("utf_16_be_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf16(Some(Endian::Big)))),
    function("utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)", |vm, a| decode_ex(vm, a, Codec::Utf16, 2)),
    function("utf_32_encode(str, errors=None, byteorder=0, /)", |vm, a| {
        let codec = by_order(vm, &a[2], Codec::Utf32)?;
        encode_by(vm, a, codec)
    }),
    function("utf_32_le_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Utf32(Some(Endian::Little)))),
    function("utf_32_be_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Utf32(Some(Endian::Big)))),
    function("utf_32_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf32(None))),
    function("utf_32_le_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf32(Some(Endian::Little)))),
    function("utf_32_be_decode(data, errors=None, final=False, /)", |vm, a| decode_incrementally(vm, a, Codec::Utf32(Some(Endian::Big)))),
    function("utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)", |vm, a| decode_ex(vm, a, Codec::Utf32, 4)),
    function("latin_1_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Latin1)),
    function("latin_1_decode(data, errors=None, /)", |vm, a| decode_by(vm, a, Codec::Latin1, true)),
    function("ascii_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::Ascii)),
    function("ascii_decode(data, errors=None, /)", |vm, a| decode_by(vm, a, Codec::Ascii, true)),
    function("unicode_escape_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::UnicodeEscape)),
    function("unicode_escape_decode(data, errors=None, final=True, /)", |vm, a| decode_incrementally(vm, a, Codec::UnicodeEscape)),
    function("raw_unicode_escape_encode(str, errors=None, /)", |vm, a| encode_by(vm, a, Codec::RawUnicodeEscape)),
    function("raw_unicode_escape_decode(data, errors=None, final=True, /)", |vm, a| decode_incrementally(vm, a, Codec::RawUnicodeEscape)),
    function("charmap_encode(str, errors=None, mapping=None, /)", charmap::encode),
    function("charmap_decode(data, errors=None, mapping=None, /)", charmap::decode),
    function("charmap_build(map, /)", charmap::build),
    function("escape_encode(data, errors=None, /)", escape_encode),
    function("escape_decode(data, errors=None, /)", escape_decode),
    function("readbuffer_encode(data, errors=None, /)", readbuffer_encode),
];

fn by_order(vm: &mut Vm, order: &Value, codec: fn(Option<Endian>) -> Codec) -> PyResult<Codec> {
    let order = vm.arg_int(order)?;
    Ok(codec(match order {
        0 => None,
        1.. => Some(Endian::Big),
        _ => Some(Endian::Little),
    }))
}

/// Makes the module, and tells the machine where codecs are found that it does not have.
pub fn init(vm: &mut Vm) -> PyResult {
    let module = vm.new_module("_codecs", "", FUNCTIONS);
    let lookup = vm.attr(&module, "lookup")?;
    vm.set_codec_lookup(lookup);
    Ok(module)
}

/// Whether an exception is of one of the kinds that handlers know.
fn is_unicode_error(vm: &Vm, e: &Value, exc: Exc) -> bool {
    e.class(vm).is_subtype_of(vm.exc_type(exc))
}
