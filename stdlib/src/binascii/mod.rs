//! `binascii`: bytes as text and back, checksums (`Modules/binascii.c`).

mod base64;
mod quoted;

use crate::exceptions::ExcDef;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::bytes::methods::{hex_arguments, hex_text};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::borrow::Cow;

static ERROR: ExcDef = ExcDef { full_name: "binascii.Error", base: Exc::ValueError };
static INCOMPLETE: ExcDef = ExcDef { full_name: "binascii.Incomplete", base: Exc::Exception };

const FUNCTIONS: &[NativeDef] = &[
    function("a2b_uu(data, /)", a2b_uu).doc("Decode a line of uuencoded data."),
    function("b2a_uu(data, /, *, backtick=False)", b2a_uu).doc("Uuencode line of data."),
    function("a2b_base64(data, /, *, strict_mode=False)", a2b_base64).doc("Decode a line of base64 data."),
    function("b2a_base64(data, /, *, newline=True)", b2a_base64).doc("Base64-code line of data."),
    function("b2a_hex(data, sep=NULL, bytes_per_sep=1)", hexlify).doc("Hexadecimal representation of binary data."),
    function("hexlify(data, sep=NULL, bytes_per_sep=1)", hexlify).doc("Hexadecimal representation of binary data."),
    function("a2b_hex(hexstr, /)", unhexlify).doc("Binary data of hexadecimal representation."),
    function("unhexlify(hexstr, /)", unhexlify).doc("Binary data of hexadecimal representation."),
    function("crc32(data, crc=0, /)", crc32).doc("Compute CRC-32 incrementally."),
    function("crc_hqx(data, crc, /)", crc_hqx).doc("Compute CRC-CCITT incrementally."),
    function("a2b_qp(data, header=False)", a2b_qp).doc("Decode a string of qp-encoded data."),
    function("b2a_qp(data, quotetabs=False, istext=True, header=False)", b2a_qp).doc("Encode a string using quoted-printable encoding."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("binascii", "Conversion between binary data and ASCII", FUNCTIONS);
    let (error, incomplete) = (ERROR.class(vm)?, INCOMPLETE.class(vm)?);
    vm.module_set(&m, "Error", error);
    vm.module_set(&m, "Incomplete", incomplete);
    Ok(m)
}

/// The bytes of an argument that may be ASCII text too.
fn ascii_arg<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if let Some(s) = v.get::<Str>() {
        return if s.is_ascii() { Ok(Cow::Borrowed(s.bytes())) } else { Err(vm.value_error("string argument should contain only ASCII characters")) };
    }
    if !vm.is_buffer(v) {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("argument should be bytes, buffer or ASCII string, not '{name}'")));
    }
    vm.simple_buffer(v)
}

fn a2b_uu(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = ascii_arg(vm, &a[0])?;
    match base64::uu_decode(&text) {
        Ok(bytes) => Ok(vm.new_bytes(bytes)),
        Err(e) => Err(ERROR.raise(vm, e)),
    }
}
fn b2a_uu(vm: &mut Vm, a: &[Value]) -> PyResult {
    let backtick = vm.truthy(&a[1])?;
    let data = vm.simple_buffer(&a[0])?;
    if data.len() > 45 {
        return Err(ERROR.raise(vm, "At most 45 bytes at once"));
    }
    Ok(vm.new_bytes(base64::uu_encode(&data, backtick)))
}
fn a2b_base64(vm: &mut Vm, a: &[Value]) -> PyResult {
    let strict = vm.truthy(&a[1])?;
    let text = ascii_arg(vm, &a[0])?;
    match base64::decode(&text, strict) {
        Ok(bytes) => Ok(vm.new_bytes(bytes)),
        Err(e) => Err(ERROR.raise(vm, e)),
    }
}
fn b2a_base64(vm: &mut Vm, a: &[Value]) -> PyResult {
    let newline = vm.truthy(&a[1])?;
    let data = vm.simple_buffer(&a[0])?;
    let mut out = base64::encode(&data);
    if newline {
        out.push(b'\n');
    }
    Ok(vm.new_bytes(out))
}
fn hexlify(vm: &mut Vm, a: &[Value]) -> PyResult {
    let data = vm.simple_buffer(&a[0])?;
    let (sep, group) = separator(vm, &a[1], &a[2])?;
    Ok(vm.new_bytes(hex_text(&data, sep, group)))
}
/// The separator and how many bytes stand between two; not only ASCII here, as the result is bytes.
fn separator(vm: &mut Vm, sep: &Value, group: &Value) -> PyResult<(Option<u8>, i32)> {
    let latin = sep.get::<Str>().filter(|s| s.char_len() == 1).and_then(|s| s.char_at(0)).and_then(|c| u8::try_from(c).ok());
    let byte = latin.or_else(|| sep.get::<Bytes>().filter(|b| b.bytes().len() == 1).map(|b| b.bytes()[0]));
    match byte {
        Some(b) => Ok((Some(b), vm.arg_int(group)?)),
        None => hex_arguments(vm, sep, group),
    }
}
fn unhexlify(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = ascii_arg(vm, &a[0])?;
    if text.len() % 2 != 0 {
        return Err(ERROR.raise(vm, "Odd-length string"));
    }
    let digit = |c: u8| char::from(c).to_digit(16).map(|d| d as u8);
    let bytes: Option<Vec<u8>> = text.chunks_exact(2).map(|p| Some(digit(p[0])? << 4 | digit(p[1])?)).collect();
    match bytes {
        Some(bytes) => Ok(vm.new_bytes(bytes)),
        None => Err(ERROR.raise(vm, "Non-hexadecimal digit found")),
    }
}
/// The low 32 bits of an argument.
pub fn mask_arg(vm: &mut Vm, v: &Value) -> PyResult<u32> {
    Ok(vm.to_int(v)?.low_u64() as u32)
}
/// `crc32(data, value)`; also `zlib`'s.
pub fn crc32(vm: &mut Vm, a: &[Value]) -> PyResult {
    let start = mask_arg(vm, &a[1])?;
    let data = vm.simple_buffer(&a[0])?;
    let mut hasher = crc32fast::Hasher::new_with_initial(start);
    hasher.update(&data);
    Ok(vm.new_int(i64::from(hasher.finalize())))
}
fn crc_hqx(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut crc = mask_arg(vm, &a[1])? as u16;
    let data = vm.simple_buffer(&a[0])?;
    for b in data.iter() {
        crc ^= u16::from(*b) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 };
        }
    }
    Ok(Value::i32(i32::from(crc)))
}
fn a2b_qp(vm: &mut Vm, a: &[Value]) -> PyResult {
    let header = vm.truthy(&a[1])?;
    let data = ascii_arg(vm, &a[0])?;
    Ok(vm.new_bytes(quoted::decode(&data, header)))
}
fn b2a_qp(vm: &mut Vm, a: &[Value]) -> PyResult {
    let quote = quoted::Quote { tabs: vm.truthy(&a[1])?, text: vm.truthy(&a[2])?, header: vm.truthy(&a[3])? };
    let data = vm.simple_buffer(&a[0])?;
    Ok(vm.new_bytes(quoted::encode(&data, &quote)))
}
