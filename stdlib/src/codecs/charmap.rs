//! Codecs by a mapping: `charmap_encode`, `charmap_decode`, `charmap_build`.

use super::{errors_arg, pair};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::text::codec::{Codec, Fault, Replacement};
use gilbert_vm::text::wtf8;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::str::{Str, codec};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const REASON: &str = "character maps to <undefined>";

fn fault(start: usize, end: usize) -> Fault {
    Fault { encoding: "charmap", start, end, reason: REASON }
}

/// `mapping[key]`, or `None` where it has no such key or says None.
fn look_up(vm: &mut Vm, mapping: &Value, key: u32) -> PyResult<Option<Value>> {
    match vm.get_item(mapping, &Value::i32(key as i32)) {
        Ok(v) => Ok(if v.is_none() { None } else { Some(v) }),
        Err(e) if vm.is_exc(&e, Exc::LookupError) => Ok(None),
        Err(e) => Err(e),
    }
}

/// `charmap_decode(data, errors, mapping)`
pub fn decode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let errors = errors_arg(vm, &a[1], "charmap_decode() argument 2")?;
    let bytes = vm.buffer_bytes(&a[0])?;
    let object = vm.new_bytes(bytes.clone());
    if a[2].is_none() {
        let (text, used) = vm.decode_with(Codec::Latin1, &bytes, &object, &errors, true)?;
        return pair(vm, text, used);
    }
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&b) = bytes.get(at) {
        let known = match a[2].get::<Str>() {
            Some(table) => match table.char_at(usize::from(b)) {
                Some(c) if c != 0xfffe => {
                    wtf8::push(&mut out, c);
                    true
                }
                _ => false,
            },
            None => put_text(vm, &a[2], b, &mut out)?,
        };
        if known {
            at += 1;
        } else {
            let (text, next) = codec::decode_fault(vm, &errors, &object, &bytes, &fault(at, at + 1))?;
            out.extend(text);
            at = next;
        }
    }
    let text = vm.new_str_wtf8(out);
    pair(vm, text, bytes.len())
}

/// Appends what a mapping says of a byte; false where it says nothing.
fn put_text(vm: &mut Vm, mapping: &Value, b: u8, out: &mut Vec<u8>) -> PyResult<bool> {
    let Some(v) = look_up(vm, mapping, u32::from(b))? else { return Ok(false) };
    if let Some(s) = v.get::<Str>() {
        if s.bytes() == "\u{fffe}".as_bytes() {
            return Ok(false);
        }
        out.extend_from_slice(s.bytes());
        return Ok(true);
    }
    match vm.int_value(&v).map(|i| i.to_i64().filter(|i| (0..0x11_0000).contains(i))) {
        Some(Some(0xfffe)) => Ok(false),
        Some(Some(c)) => {
            wtf8::push(out, c as u32);
            Ok(true)
        }
        Some(None) => Err(vm.type_error("character mapping must be in range(0x110000)")),
        None => Err(vm.type_error("character mapping must return integer, None or str")),
    }
}

/// `charmap_encode(str, errors, mapping)`
pub fn encode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(text) = a[0].get::<Str>() else { return Err(vm.must_be_str("charmap_encode() argument 1", &a[0])) };
    let errors = errors_arg(vm, &a[1], "charmap_encode() argument 2")?;
    if a[2].is_none() {
        let bytes = vm.encode_with(Codec::Latin1, &a[0], &errors)?;
        let bytes = vm.new_bytes(bytes);
        return pair(vm, bytes, text.char_len());
    }
    let chars: Vec<u32> = wtf8::code_points(text.bytes()).collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if put_bytes(vm, &a[2], chars[at], &mut out)? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < chars.len() && !put_bytes(vm, &a[2], chars[end], &mut Vec::new())? {
            end += 1;
        }
        let (new, next) = codec::encode_fault(vm, &errors, &a[0], &fault(at, end))?;
        match new {
            Replacement::Bytes(b) => out.extend(b),
            Replacement::Text(t) => {
                for c in wtf8::code_points(&t) {
                    if !put_bytes(vm, &a[2], c, &mut out)? {
                        return Err(codec::unicode_error(vm, Exc::UnicodeEncodeError, "charmap", &a[0], (at, end), REASON));
                    }
                }
            }
        }
        at = next;
    }
    let bytes = vm.new_bytes(out);
    pair(vm, bytes, chars.len())
}

/// Appends what a mapping says of a character; false where it says nothing.
fn put_bytes(vm: &mut Vm, mapping: &Value, c: u32, out: &mut Vec<u8>) -> PyResult<bool> {
    let Some(v) = look_up(vm, mapping, c)? else { return Ok(false) };
    if let Some(b) = v.get::<Bytes>() {
        out.extend_from_slice(b.bytes());
        return Ok(true);
    }
    match vm.int_value(&v).map(|i| i.to_i64().and_then(|i| u8::try_from(i).ok())) {
        Some(Some(b)) => {
            out.push(b);
            Ok(true)
        }
        Some(None) => Err(vm.type_error("character mapping must be in range(256)")),
        None => {
            let name = vm.type_name(&v);
            Err(vm.type_error(format!("character mapping must return integer, bytes or None, not {name}")))
        }
    }
}

/// `charmap_build(map)`: the mapping that encodes what the table decodes.
pub fn build(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(table) = a[0].get::<Str>() else { return Err(vm.must_be_str("charmap_build() argument", &a[0])) };
    let dict = vm.new_dict();
    for (i, c) in wtf8::code_points(table.bytes()).enumerate().take(256) {
        if c != 0xfffe {
            vm.dict_set(&dict, &Value::i32(c as i32), Value::small_wrap(i as i64))?;
        }
    }
    Ok(dict)
}
