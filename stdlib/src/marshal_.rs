//! `marshal`: plain values as bytes, in CPython's format (`Python/marshal.c`, version 2 without references when writing; references
//! are understood when reading). Code objects cannot be marshalled: Gilbert's code is not CPython's.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::num::Int;
use gilbert_vm::types::T;
use gilbert_vm::types::complex::Complex;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::set_table::Set;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// How deeply containers may nest, as in CPython.
const MAX_DEPTH: usize = 2000;
const VERSION: i32 = 4;

static FUNCTIONS: &[NativeDef] = &[
    function("dumps(value, version=4, /, *, allow_code=True)", |vm, a| {
        let bytes = dump(vm, &a[0])?;
        Ok(vm.new_bytes(bytes))
    }),
    function("loads(bytes, /, *, allow_code=True)", |vm, a| {
        let bytes = vm.buffer_bytes(&a[0])?;
        load(vm, &bytes).map(|(v, _)| v)
    }),
    function("dump(value, file, version=4, /, *, allow_code=True)", |vm, a| {
        let bytes = dump(vm, &a[0])?;
        let bytes = vm.new_bytes(bytes);
        vm.call_method(&a[1], "write", &[bytes])
    }),
    function("load(file, /, *, allow_code=True)", |vm, a| {
        let all = vm.call_method(&a[0], "read", &[])?;
        let bytes = vm.buffer_bytes(&all)?;
        let (v, used) = load(vm, &bytes)?;
        if used < bytes.len() {
            let back = vm.new_int(used as i64 - bytes.len() as i64);
            vm.call_method(&a[0], "seek", &[back, Value::i32(1)])?;
        }
        Ok(v)
    }),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("marshal", "This module contains functions that can read and write Python values in\na binary format.", FUNCTIONS);
    vm.module_set(&m, "version", Value::i32(VERSION));
    Ok(m)
}

fn dump(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    write(vm, v, &mut out, 0)?;
    Ok(out)
}
fn sized(vm: &mut Vm, code: u8, n: usize, out: &mut Vec<u8>) -> PyResult<()> {
    let Ok(n) = i32::try_from(n) else { return Err(vm.value_error("unmarshallable object")) };
    out.push(code);
    out.extend(n.to_le_bytes());
    Ok(())
}
fn write(vm: &mut Vm, v: &Value, out: &mut Vec<u8>, depth: usize) -> PyResult<()> {
    if depth > MAX_DEPTH {
        return Err(vm.value_error("object too deeply nested to marshal"));
    }
    if v.is_none() {
        out.push(b'N');
    } else if v.is_bool() {
        out.push(if v.is_true() { b'T' } else { b'F' });
    } else if v.is(&Value::ELLIPSIS) {
        out.push(b'.');
    } else if let Some(f) = v.as_float() {
        out.push(b'g');
        out.extend(f.to_le_bytes());
    } else if let Some(i) = vm.int_value(v) {
        write_int(&i, out);
    } else if let Some(z) = v.get::<Complex>() {
        out.push(b'y');
        out.extend(z.0.to_le_bytes());
        out.extend(z.1.to_le_bytes());
    } else if let Some(s) = v.get::<Str>() {
        sized(vm, b'u', s.bytes().len(), out)?;
        out.extend(s.bytes());
    } else if vm.is_buffer(v) {
        let bytes = vm.buffer_bytes(v)?;
        sized(vm, b's', bytes.len(), out)?;
        out.extend(bytes);
    } else {
        write_container(vm, v, out, depth)?;
    }
    Ok(())
}
fn write_int(i: &Int, out: &mut Vec<u8>) {
    if let Some(small) = i.to_i64().and_then(|i| i32::try_from(i).ok()) {
        out.push(b'i');
        out.extend(small.to_le_bytes());
        return;
    }
    // digits of 15 bits, lowest first; their number carries the sign
    let (negative, words) = i.words();
    let mut digits: Vec<u16> = Vec::new();
    let (mut buffer, mut bits) = (0u128, 0);
    for w in words {
        buffer |= (*w as u128) << bits;
        bits += 64;
        while bits >= 15 {
            digits.push((buffer & 0x7FFF) as u16);
            buffer >>= 15;
            bits -= 15;
        }
    }
    digits.push(buffer as u16);
    while digits.last() == Some(&0) {
        digits.pop();
    }
    let n = digits.len() as i32;
    out.push(b'l');
    out.extend((if negative { -n } else { n }).to_le_bytes());
    digits.iter().for_each(|d| out.extend(d.to_le_bytes()));
}
fn write_container(vm: &mut Vm, v: &Value, out: &mut Vec<u8>, depth: usize) -> PyResult<()> {
    if v.is_a::<Dict>() {
        out.push(b'{');
        for (k, item) in vm.dict_items(v) {
            write(vm, &k, out, depth + 1)?;
            write(vm, &item, out, depth + 1)?;
        }
        out.push(b'0');
        return Ok(());
    }
    let (code, items) = if let Some(t) = v.get::<Tuple>() {
        (b'(', t.items().to_vec())
    } else if let Some(l) = v.borrow::<List>(vm) {
        (b'[', l.items().to_vec())
    } else if v.is_a::<Set>() {
        let code = if v.type_of(vm).is(vm.ty(T::FrozenSet)) { b'>' } else { b'<' };
        (code, vm.set_items(v))
    } else {
        return Err(vm.value_error("unmarshallable object"));
    };
    sized(vm, code, items.len(), out)?;
    for i in items {
        write(vm, &i, out, depth + 1)?;
    }
    Ok(())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    refs: Vec<Value>,
}

fn load(vm: &mut Vm, bytes: &[u8]) -> PyResult<(Value, usize)> {
    let mut r = Reader { bytes, at: 0, refs: Vec::new() };
    let v = r.value(vm, 0)?;
    if v.is_null() {
        return Err(vm.type_error("NULL object in marshal data for object"));
    }
    Ok((v, r.at))
}

impl Reader<'_> {
    fn take(&mut self, vm: &mut Vm, n: usize) -> PyResult<&[u8]> {
        if self.bytes.len() - self.at < n {
            return Err(vm.err(Exc::EOFError, "marshal data too short"));
        }
        self.at += n;
        Ok(&self.bytes[self.at - n..self.at])
    }
    fn number(&mut self, vm: &mut Vm) -> PyResult<i32> {
        let b = self.take(vm, 4)?;
        Ok(i32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }
    fn double(&mut self, vm: &mut Vm) -> PyResult<f64> {
        let b = self.take(vm, 8)?;
        let mut all = [0; 8];
        all.copy_from_slice(b);
        Ok(f64::from_le_bytes(all))
    }
    fn size(&mut self, vm: &mut Vm, what: &str, short: bool) -> PyResult<usize> {
        let n = if short { self.take(vm, 1)?[0] as i32 } else { self.number(vm)? };
        usize::try_from(n).map_err(|_| bad(vm, &format!("{what} size out of range")))
    }
    /// One value; absent at the end of a dict.
    fn value(&mut self, vm: &mut Vm, depth: usize) -> PyResult {
        if depth > MAX_DEPTH {
            return Err(vm.value_error("recursion limit exceeded"));
        }
        if self.at >= self.bytes.len() {
            return Err(vm.err(Exc::EOFError, "EOF read where object expected"));
        }
        let code = self.take(vm, 1)?[0];
        let slot = (code & 0x80 != 0).then(|| {
            self.refs.push(Value::NONE);
            self.refs.len() - 1
        });
        let v = self.body(vm, code & 0x7F, depth)?;
        if let Some(slot) = slot {
            self.refs[slot] = v.clone();
        }
        Ok(v)
    }
    fn body(&mut self, vm: &mut Vm, code: u8, depth: usize) -> PyResult {
        Ok(match code {
            b'0' => Value::NULL,
            b'N' => Value::NONE,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'.' => Value::ELLIPSIS,
            b'i' => Value::i32(self.number(vm)?),
            b'l' => self.long(vm)?,
            b'g' => Value::float(self.double(vm)?),
            b'y' => {
                let (re, im) = (self.double(vm)?, self.double(vm)?);
                gilbert_vm::types::complex::new_complex(vm, re, im)
            }
            b's' => {
                let n = self.size(vm, "bytes object", false)?;
                let bytes = self.take(vm, n)?.to_vec();
                vm.new_bytes(bytes)
            }
            b'u' | b't' | b'a' | b'A' | b'z' | b'Z' => {
                let n = self.size(vm, "string", matches!(code, b'z' | b'Z'))?;
                let bytes = self.take(vm, n)?.to_vec();
                vm.new_str_wtf8(bytes)
            }
            b'(' | b')' | b'[' | b'<' | b'>' => {
                let n = self.size(vm, "container", code == b')')?;
                self.sequence(vm, code, n, depth)?
            }
            b'{' => self.dict(vm, depth)?,
            b'r' => {
                let n = self.number(vm)?;
                match usize::try_from(n).ok().and_then(|n| self.refs.get(n)) {
                    Some(v) => v.clone(),
                    None => return Err(bad(vm, "invalid reference")),
                }
            }
            b'c' => return Err(bad(vm, "code objects of CPython cannot be loaded by Gilbert")),
            _ => return Err(bad(vm, "unknown type code")),
        })
    }
    fn long(&mut self, vm: &mut Vm) -> PyResult {
        let n = self.number(vm)?;
        let bytes = self.take(vm, n.unsigned_abs() as usize * 2)?.to_vec();
        let mut packed = Vec::with_capacity(bytes.len());
        let (mut buffer, mut bits) = (0u32, 0);
        for d in bytes.chunks_exact(2) {
            buffer |= (u16::from_le_bytes([d[0], d[1]]) as u32) << bits;
            bits += 15;
            while bits >= 8 {
                packed.push(buffer as u8);
                buffer >>= 8;
                bits -= 8;
            }
        }
        packed.push(buffer as u8);
        let i = Int::from_bytes(&packed, gilbert_vm::num::Order::Little, false);
        Ok(vm.new_bigint(if n < 0 { i.neg() } else { i }))
    }
    fn sequence(&mut self, vm: &mut Vm, code: u8, n: usize, depth: usize) -> PyResult {
        let mut items = Vec::new();
        for _ in 0..n {
            let v = self.value(vm, depth + 1)?;
            if v.is_null() {
                return Err(vm.type_error("NULL object in marshal data for container"));
            }
            items.push(v);
        }
        match code {
            b'[' => Ok(vm.new_list(items)),
            b'<' => vm.new_set(&items),
            b'>' => vm.new_frozenset(&items),
            _ => Ok(vm.new_tuple(items)),
        }
    }
    fn dict(&mut self, vm: &mut Vm, depth: usize) -> PyResult {
        let d = vm.new_dict();
        loop {
            let k = self.value(vm, depth + 1)?;
            if k.is_null() {
                return Ok(d);
            }
            let v = self.value(vm, depth + 1)?;
            if v.is_null() {
                return Ok(d);
            }
            vm.dict_set(&d, &k, v)?;
        }
    }
}

fn bad(vm: &mut Vm, why: &str) -> Raised {
    vm.value_error(format!("bad marshal data ({why})"))
}
