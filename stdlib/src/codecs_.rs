//! `_codecs`: the registry of codecs and the machine's own encoders and decoders (`Modules/_codecsmodule.c`).

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::text::codec::Codec;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::list::List;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const SEARCH: &str = "codecs.search";
const CACHE: &str = "codecs.cache";

/// The functions of one codec: `X_encode` and `X_decode`.
macro_rules! pair {
    ($enc:literal, $dec:literal, $name:literal) => {
        [
            function(concat!($enc, "(str, errors=None, /)"), |vm, a| encode_by(vm, a, $name)),
            function(concat!($dec, "(data, errors=None, final=False, /)"), |vm, a| decode_by(vm, a, $name)),
        ]
    };
}

static PAIRS: &[[NativeDef; 2]] = &[
    pair!("utf_8_encode", "utf_8_decode", "utf-8"),
    pair!("utf_16_encode", "utf_16_decode", "utf-16"),
    pair!("utf_16_le_encode", "utf_16_le_decode", "utf-16-le"),
    pair!("utf_16_be_encode", "utf_16_be_decode", "utf-16-be"),
    pair!("utf_32_encode", "utf_32_decode", "utf-32"),
    pair!("utf_32_le_encode", "utf_32_le_decode", "utf-32-le"),
    pair!("utf_32_be_encode", "utf_32_be_decode", "utf-32-be"),
    pair!("latin_1_encode", "latin_1_decode", "latin-1"),
    pair!("ascii_encode", "ascii_decode", "ascii"),
    pair!("unicode_escape_encode", "unicode_escape_decode", "unicode_escape"),
    pair!("raw_unicode_escape_encode", "raw_unicode_escape_decode", "raw_unicode_escape"),
];

static FUNCTIONS: &[NativeDef] = &[
    function("register(search_function, /)", register).doc("Register a codec search function."),
    function("unregister(search_function, /)", unregister).doc("Unregister a codec search function and clear the registry's cache."),
    function("lookup(encoding, /)", |vm, a| {
        let name = vm.expect_str(&a[0], "lookup() argument")?;
        lookup(vm, &name)
    })
    .doc("Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."),
    function("_forget_codec(encoding, /)", forget),
    function("encode(obj, encoding='utf-8', errors='strict')", |vm, a| convert(vm, a, 0)).doc("Encodes obj using the codec registered for encoding."),
    function("decode(obj, encoding='utf-8', errors='strict')", |vm, a| convert(vm, a, 1)).doc("Decodes obj using the codec registered for encoding."),
    function("register_error(errors, handler, /)", register_error).doc("Register the specified error handler under the name errors."),
    function("lookup_error(name, /)", lookup_error).doc("lookup_error(errors) -> handler"),
    function("escape_decode(data, errors=None, /)", escape_decode),
    function("escape_encode(data, errors=None, /)", escape_encode),
    function("readbuffer_encode(data, errors=None, /)", |vm, a| {
        let bytes = match a[0].get::<Str>() {
            Some(s) => s.bytes().to_vec(),
            None => vm.buffer_bytes(&a[0])?,
        };
        with_len(vm, bytes)
    }),
    function("charmap_build(map, /)", charmap_build),
    function("charmap_encode(str, errors=None, mapping=None, /)", charmap_encode),
    function("charmap_decode(data, errors=None, mapping=None, /)", charmap_decode),
    function("utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)", utf_16_ex),
    function("utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)", utf_32_ex),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_codecs", "", FUNCTIONS);
    for pair in PAIRS {
        vm.module_add_functions(&m, "_codecs", pair);
    }
    let f = vm.attr(&m, "lookup")?;
    vm.set_codec_lookup(f);
    Ok(m)
}

fn errors_arg(vm: &mut Vm, v: &Value) -> PyResult<String> {
    if v.is_none() || v.is_null() { Ok("strict".into()) } else { vm.expect_str(v, "argument 2") }
}

fn encode_by(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let errors = errors_arg(vm, &args[1])?;
    if !args[0].is_a::<Str>() {
        let t = vm.type_name(&args[0]);
        let f = name.replace('-', "_");
        return Err(vm.type_error(format!("{f}_encode() argument 1 must be str, not {t}")));
    }
    let n = vm.len(&args[0])?;
    let bytes = vm.encode(&args[0], name, &errors)?;
    let bytes = vm.new_bytes(bytes);
    Ok(vm.new_tuple(vec![bytes, Value::small_wrap(n as i64)]))
}

fn decode_by(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    // those of escapes take text too, and are whole by default
    let escape = name.contains("escape");
    let bytes = match args[0].get::<Str>() {
        Some(s) if escape => s.bytes().to_vec(),
        _ => vm.buffer_bytes(&args[0])?,
    };
    let errors = errors_arg(vm, &args[1])?;
    let last = vm.truthy(&args[2])? || escape;
    decode_part(vm, &bytes, name, &errors, last)
}

fn decode_part(vm: &mut Vm, bytes: &[u8], name: &str, errors: &str, last: bool) -> PyResult {
    let Some(codec) = Codec::find(name) else { return Err(vm.err(Exc::LookupError, format!("unknown encoding: {name}"))) };
    let object = vm.new_bytes(bytes.to_vec());
    let (text, used) = vm.decode_with(codec, bytes, &object, errors, last)?;
    Ok(vm.new_tuple(vec![text, Value::small_wrap(used as i64)]))
}

/// `utf_16_ex_decode`: (text, used, byte order found).
fn ex_decode(vm: &mut Vm, args: &[Value], unit: usize, names: [&str; 2]) -> PyResult {
    let bytes = vm.buffer_bytes(&args[0])?;
    let errors = errors_arg(vm, &args[1])?;
    let mut order = vm.to_i64(&args[2])?;
    let last = vm.truthy(&args[3])?;
    let mut skip = 0;
    if order == 0 {
        if bytes.len() < unit && !last {
            let empty = vm.new_str("");
            return Ok(vm.new_tuple(vec![empty, Value::i32(0), Value::i32(0)]));
        }
        let (le, be): (&[u8], &[u8]) = if unit == 2 { (b"\xff\xfe", b"\xfe\xff") } else { (b"\xff\xfe\0\0", b"\0\0\xfe\xff") };
        if bytes.starts_with(le) {
            (order, skip) = (-1, unit);
        } else if bytes.starts_with(be) {
            (order, skip) = (1, unit);
        }
    }
    let name = if order > 0 { names[1] } else { names[0] };
    let r = decode_part(vm, &bytes[skip..], name, &errors, last)?;
    let items = r.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let used = vm.to_i64(&items[1])? + skip as i64;
    Ok(vm.new_tuple(vec![items[0].clone(), Value::small_wrap(used), Value::small_wrap(order)]))
}
fn utf_16_ex(vm: &mut Vm, args: &[Value]) -> PyResult {
    ex_decode(vm, args, 2, ["utf-16-le", "utf-16-be"])
}
fn utf_32_ex(vm: &mut Vm, args: &[Value]) -> PyResult {
    ex_decode(vm, args, 4, ["utf-32-le", "utf-32-be"])
}

fn state(vm: &mut Vm, key: &'static str, make: fn(&mut Vm) -> Value) -> Value {
    if let Some(v) = vm.iso().state.get(key) {
        return v.clone();
    }
    let v = make(vm);
    vm.iso_mut().state.insert(key, v.clone());
    v
}

fn register(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !gilbert_vm::builtins::is_callable(vm, &args[0]) {
        return Err(vm.type_error("argument must be callable"));
    }
    let list = state(vm, SEARCH, |vm| vm.new_list(vec![]));
    if let Some(l) = list.borrow_mut::<List>(vm) {
        l.items_mut().push(args[0].clone());
    }
    Ok(Value::NONE)
}

fn unregister(vm: &mut Vm, args: &[Value]) -> PyResult {
    let list = state(vm, SEARCH, |vm| vm.new_list(vec![]));
    let kept: Vec<Value> = vm.collect(&list)?.into_iter().filter(|f| !f.is(&args[0])).collect();
    let old = list.borrow_mut::<List>(vm).map(|l| std::mem::replace(l.items_mut(), kept));
    drop(old);
    vm.iso_mut().state.remove(CACHE);
    Ok(Value::NONE)
}

fn normalize(name: &str) -> String {
    name.chars().map(|c| if c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect()
}

/// The CodecInfo of an encoding, from the cache or the search functions.
pub fn lookup(vm: &mut Vm, encoding: &str) -> PyResult {
    let key = normalize(encoding);
    let key = vm.intern(&key);
    let cache = state(vm, CACHE, |vm| vm.new_dict());
    if let Some(info) = vm.dict_get_str(&cache, &key) {
        return Ok(info);
    }
    // the search function of the library registers itself
    vm.import("encodings")?;
    let list = state(vm, SEARCH, |vm| vm.new_list(vec![]));
    for f in vm.collect(&list)? {
        let info = vm.call(&f, &[key.clone()])?;
        if info.is_none() {
            continue;
        }
        if info.get::<Tuple>().is_none_or(|t| t.items().len() != 4) {
            return Err(vm.type_error("codec search functions must return 4-tuples"));
        }
        vm.dict_set_str(&cache, &key, info.clone());
        return Ok(info);
    }
    Err(vm.err(Exc::LookupError, format!("unknown encoding: {encoding}")))
}

fn forget(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "_forget_codec() argument")?;
    let (cache, key) = (state(vm, CACHE, |vm| vm.new_dict()), vm.intern(&normalize(&name)));
    vm.dict_remove_str(&cache, &key);
    Ok(Value::NONE)
}

/// `codecs.encode` and `codecs.decode`: any object to any object.
fn convert(vm: &mut Vm, args: &[Value], which: i64) -> PyResult {
    let encoding = vm.expect_str(&args[1], "argument 'encoding'")?;
    let errors = vm.expect_str(&args[2], "argument 'errors'")?;
    if which == 0 && args[0].is_a::<Str>() && Codec::find(&encoding).is_some() {
        let b = vm.encode(&args[0], &encoding, &errors)?;
        return Ok(vm.new_bytes(b));
    }
    if which == 1 && vm.is_buffer(&args[0]) && Codec::find(&encoding).is_some() {
        let b = vm.buffer_bytes(&args[0])?;
        return vm.decode(&b, &encoding, &errors);
    }
    let info = lookup(vm, &encoding)?;
    let f = vm.get_item(&info, &Value::small_wrap(which))?;
    let r = vm.call(&f, &[args[0].clone(), args[2].clone()])?;
    match r.get::<Tuple>().map(|t| t.items()) {
        Some([v, _]) => Ok(v.clone()),
        _ => Err(vm.type_error(format!("{} must return a tuple (object, integer)", if which == 0 { "encoder" } else { "decoder" }))),
    }
}

fn register_error(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "register_error() argument 1")?;
    if !gilbert_vm::builtins::is_callable(vm, &args[1]) {
        return Err(vm.type_error("handler must be callable"));
    }
    vm.register_error(&name, args[1].clone());
    Ok(Value::NONE)
}

/// The handlers that need no registration, as functions.
static HANDLERS: &[NativeDef] = &[
    function("strict_errors(exception, /)", |vm, a| {
        if vm.is_exc(&gilbert_vm::error::Raised(a[0].clone()), Exc::BaseException) {
            return Err(gilbert_vm::error::Raised(a[0].clone()));
        }
        Err(vm.type_error("codec must pass exception instance"))
    }),
    function("ignore_errors(exception, /)", |vm, a| {
        let end = vm.attr(&a[0], "end")?;
        let empty = vm.new_str("");
        Ok(vm.new_tuple(vec![empty, end]))
    }),
    function("replace_errors(exception, /)", |vm, a| {
        let (start, end) = (vm.attr(&a[0], "start")?, vm.attr(&a[0], "end")?);
        let n = (vm.to_i64(&end)? - vm.to_i64(&start)?).clamp(0, 1 << 30) as usize;
        let encode = vm.is_exc(&gilbert_vm::error::Raised(a[0].clone()), Exc::UnicodeEncodeError);
        let decode = vm.is_exc(&gilbert_vm::error::Raised(a[0].clone()), Exc::UnicodeDecodeError);
        let text = if encode { "?".repeat(n) } else if decode { "\u{FFFD}".to_string() } else { "\u{FFFD}".repeat(n) };
        let text = vm.new_str(text);
        Ok(vm.new_tuple(vec![text, end]))
    }),
    function("backslashreplace_errors(exception, /)", |vm, a| by_encoding(vm, a, "backslashreplace")),
    function("xmlcharrefreplace_errors(exception, /)", |vm, a| by_encoding(vm, a, "xmlcharrefreplace")),
    function("namereplace_errors(exception, /)", |vm, a| by_encoding(vm, a, "namereplace")),
];

/// What a policy puts in place of the text that an exception is about.
fn by_encoding(vm: &mut Vm, args: &[Value], policy: &str) -> PyResult {
    let (object, start, end) = (vm.attr(&args[0], "object")?, vm.attr(&args[0], "start")?, vm.attr(&args[0], "end")?);
    let ty = vm.ty(gilbert_vm::types::T::Slice).clone();
    let slice = vm.call(&ty, &[start, end.clone()])?;
    let part = vm.get_item(&object, &slice)?;
    let bytes = match part.get::<Str>() {
        Some(_) => vm.encode(&part, "ascii", policy)?,
        None => vm.buffer_bytes(&part)?.iter().flat_map(|b| format!("\\x{b:02x}").into_bytes()).collect(),
    };
    let text = vm.decode(&bytes, "ascii", "strict")?;
    Ok(vm.new_tuple(vec![text, end]))
}

fn lookup_error(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "lookup_error() argument")?;
    if let Some(f) = vm.registered_error(&name) {
        return Ok(f);
    }
    let wanted = format!("{name}_errors");
    match HANDLERS.iter().find(|d| d.name() == wanted) {
        Some(def) => Ok(vm.new_function(def, "_codecs")),
        None => Err(vm.err(Exc::LookupError, format!("unknown error handler name '{name}'"))),
    }
}

fn with_len(vm: &mut Vm, bytes: Vec<u8>) -> PyResult {
    let n = bytes.len() as i64;
    let b = vm.new_bytes(bytes);
    Ok(vm.new_tuple(vec![b, Value::small_wrap(n)]))
}

/// Backslash escapes of bytes literals.
fn escape_decode(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = match args[0].get::<Str>() {
        Some(s) => s.bytes().to_vec(),
        None => vm.buffer_bytes(&args[0])?,
    };
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let b = bytes[i];
        i += 1;
        if b != b'\\' {
            out.push(b);
            continue;
        }
        let Some(&c) = bytes.get(i) else { return Err(vm.value_error("Trailing \\ in string")) };
        i += 1;
        match c {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(c),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => {
                let mut n = u32::from(c - b'0');
                for _ in 0..2 {
                    match bytes.get(i) {
                        Some(d @ b'0'..=b'7') => n = n * 8 + u32::from(d - b'0'),
                        _ => break,
                    }
                    i += 1;
                }
                out.push(n as u8);
            }
            b'x' => match bytes.get(i..i + 2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok()) {
                Some(n) => {
                    out.push(n);
                    i += 2;
                }
                None => return Err(vm.value_error(format!("invalid \\x escape at position {}", i - 2))),
            },
            _ => out.extend([b'\\', c]),
        }
    }
    let n = bytes.len() as i64;
    let b = vm.new_bytes(out);
    Ok(vm.new_tuple(vec![b, Value::small_wrap(n)]))
}

fn escape_encode(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(b) = args[0].get::<Bytes>() else {
        let t = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("escape_encode() argument 1 must be bytes, not {t}")));
    };
    let mut out = Vec::new();
    for &b in b.bytes() {
        match b {
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\\' | b'\'' => out.extend([b'\\', b]),
            b' '..=b'~' => out.push(b),
            _ => out.extend(format!("\\x{b:02x}").bytes()),
        }
    }
    let n = args[0].get::<Bytes>().map_or(0, |b| b.bytes().len());
    let b = vm.new_bytes(out);
    Ok(vm.new_tuple(vec![b, Value::small_wrap(n as i64)]))
}

/// The dict from character to byte of a decoding table.
fn charmap_build(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = vm.expect_str(&args[0], "charmap_build() argument")?;
    let dict = vm.new_dict();
    for (i, c) in text.chars().enumerate() {
        vm.dict_set(&dict, &Value::small_wrap(c as i64), Value::small_wrap(i as i64))?;
    }
    Ok(dict)
}

fn charmap_encode(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[2].is_none() {
        return encode_by(vm, &args[..2], "latin-1");
    }
    let errors = errors_arg(vm, &args[1])?;
    let text = vm.expect_str(&args[0], "charmap_encode() argument 1")?;
    let mut out = Vec::new();
    let mut n = 0;
    for (i, c) in text.chars().enumerate() {
        n = i + 1;
        let found = match vm.get_item(&args[2], &Value::small_wrap(c as i64)) {
            Ok(v) if !v.is_none() => Some(v),
            Ok(_) => None,
            Err(e) if vm.is_exc(&e, Exc::LookupError) => None,
            Err(e) => return Err(e),
        };
        match found {
            Some(v) if v.is_a::<Bytes>() => out.extend_from_slice(&vm.buffer_bytes(&v)?),
            Some(v) => out.push(vm.to_i64(&v)? as u8),
            None => match errors.as_str() {
                "ignore" => {}
                "replace" => out.push(b'?'),
                _ => {
                    let reason = "character maps to <undefined>";
                    return Err(gilbert_vm::types::str::codec::unicode_error(vm, Exc::UnicodeEncodeError, "charmap", &args[0], (i, i + 1), reason));
                }
            },
        }
    }
    let b = vm.new_bytes(out);
    Ok(vm.new_tuple(vec![b, Value::small_wrap(n as i64)]))
}

fn charmap_decode(vm: &mut Vm, args: &[Value]) -> PyResult {
    let bytes = vm.buffer_bytes(&args[0])?;
    let errors = errors_arg(vm, &args[1])?;
    if args[2].is_none() {
        return decode_part(vm, &bytes, "latin-1", &errors, true);
    }
    let table: Option<Vec<char>> = args[2].get::<Str>().map(|s| s.lossy().chars().collect());
    let mut out = String::new();
    for (i, &b) in bytes.iter().enumerate() {
        let found = match &table {
            Some(t) => t.get(b as usize).copied().filter(|c| *c != '\u{FFFE}').map(String::from),
            None => match vm.get_item(&args[2], &Value::small_wrap(b as i64)) {
                Ok(v) if v.is_none() => None,
                Ok(v) if v.is_a::<Str>() => Some(vm.text(&v)),
                Ok(v) => char::from_u32(vm.to_i64(&v)? as u32).map(String::from),
                Err(e) if vm.is_exc(&e, Exc::LookupError) => None,
                Err(e) => return Err(e),
            },
        };
        match found {
            Some(s) => out.push_str(&s),
            None => match errors.as_str() {
                "ignore" => {}
                "replace" => out.push('\u{FFFD}'),
                _ => {
                    let object = vm.new_bytes(bytes.clone());
                    let reason = "character maps to <undefined>";
                    return Err(gilbert_vm::types::str::codec::unicode_error(vm, Exc::UnicodeDecodeError, "charmap", &object, (i, i + 1), reason));
                }
            },
        }
    }
    let n = bytes.len() as i64;
    let text = vm.new_str(out);
    Ok(vm.new_tuple(vec![text, Value::small_wrap(n)]))
}
