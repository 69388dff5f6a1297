//! What changes arrays: items, slices, growth, files.

use super::{ARRAY, Array, check_resizable, check_size, find, get, item, missing, read, resize, write};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::probe::Part;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::list::List;
use gilbert_vm::types::seq::resolve;
use gilbert_vm::types::slice::{self, Slice, Span};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

fn new_array(vm: &mut Vm, code: u8, bytes: Vec<u8>) -> Value {
    vm.new_native(&ARRAY, Array::new(code, bytes))
}

// --- items and slices -----------------------------------------------------------------------------------------

fn index_arg(vm: &mut Vm, key: &Value) -> PyResult<isize> {
    if vm.is_index(key) { vm.to_isize(key) } else { Err(vm.type_error("array indices must be integers")) }
}
fn out_of_range(vm: &mut Vm, what: &str) -> Raised {
    vm.err(Exc::IndexError, format!("array {what} out of range"))
}
fn span(vm: &mut Vm, array: &Value, s: &Slice) -> PyResult<Span> {
    let raw = slice::unpack(vm, s)?;
    Ok(slice::adjust(read(vm, array).len(), raw))
}

pub fn get_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(s) = a[1].get::<Slice>() {
        let span = span(vm, &a[0], s)?;
        let array = read(vm, &a[0]);
        let (code, size) = (array.code, array.size());
        let bytes = match span.step {
            1 => array.bytes[span.range().start * size..span.range().end * size].to_vec(),
            _ => span.indices().flat_map(|i| array.raw(i).unwrap_or(&[])).copied().collect(),
        };
        return Ok(new_array(vm, code, bytes));
    }
    let i = index_arg(vm, &a[1])?;
    let len = read(vm, &a[0]).len();
    match resolve(i, len) {
        Some(i) => Ok(get(vm, &a[0], i)?.unwrap_or(Value::NONE)),
        None => Err(out_of_range(vm, "index")),
    }
}
pub fn set_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(s) = a[1].get::<Slice>() {
        return set_slice(vm, &a[0], s, &a[2]).map(|()| Value::NONE);
    }
    let i = index_arg(vm, &a[1])?;
    let len = read(vm, &a[0]).len();
    if resolve(i, len).is_none() {
        return Err(out_of_range(vm, "assignment index"));
    }
    let (code, size) = (read(vm, &a[0]).code, read(vm, &a[0]).size());
    let raw = item::pack(vm, code, &a[2])?;
    // the conversion may have run Python
    let len = read(vm, &a[0]).len();
    let Some(i) = resolve(i, len) else { return Err(out_of_range(vm, "assignment index")) };
    vm.touch_write(&a[0], Part::Index(i as i64));
    let array = a[0].borrow_mut::<Array>(vm).expect("an array");
    array.bytes[i * size..(i + 1) * size].copy_from_slice(&raw[..size]);
    Ok(Value::NONE)
}
fn set_slice(vm: &mut Vm, this: &Value, s: &Slice, value: &Value) -> PyResult<()> {
    let Some(other) = value.borrow::<Array>(vm) else {
        let name = vm.type_name(value);
        return Err(vm.type_error(format!("can only assign array (not \"{name}\") to array slice")));
    };
    let (code, new) = (other.code, other.bytes.clone());
    if code != read(vm, this).code {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    let span = span(vm, this, s)?;
    replace(vm, this, span, &new)
}
fn replace(vm: &mut Vm, this: &Value, span: Span, new: &[u8]) -> PyResult<()> {
    let size = read(vm, this).size();
    let count = new.len() / size;
    if span.step == 1 {
        let range = span.range();
        let range = range.start * size..range.end * size;
        if range.len() == new.len() {
            write(vm, this)[range].copy_from_slice(new);
        } else {
            resize(vm, this)?.splice(range, new.iter().copied());
        }
        return Ok(());
    }
    if count != span.count {
        return Err(vm.value_error(format!("attempt to assign array of size {count} to extended slice of size {}", span.count)));
    }
    let bytes = write(vm, this);
    for (i, raw) in span.indices().zip(new.chunks_exact(size)) {
        bytes[i * size..(i + 1) * size].copy_from_slice(raw);
    }
    Ok(())
}
pub fn del_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    let size = read(vm, &a[0]).size();
    let span = match a[1].get::<Slice>() {
        Some(s) => span(vm, &a[0], s)?,
        None => {
            let i = index_arg(vm, &a[1])?;
            let len = read(vm, &a[0]).len();
            match resolve(i, len) {
                Some(i) => Span { start: i as isize, stop: i as isize + 1, step: 1, count: 1 },
                None => return Err(out_of_range(vm, "assignment index")),
            }
        }
    };
    if span.step == 1 {
        replace(vm, &a[0], span, &[])?;
    } else if span.count > 0 {
        let bytes = resize(vm, &a[0])?;
        let mut gone = vec![false; bytes.len() / size];
        span.indices().for_each(|i| gone[i] = true);
        let kept = bytes.chunks_exact(size).zip(gone).filter(|(_, gone)| !gone).flat_map(|(raw, _)| raw).copied().collect();
        *bytes = kept;
    }
    Ok(Value::NONE)
}

// --- growth -----------------------------------------------------------------------------------------------------

/// Appends raw items.
fn push(vm: &mut Vm, array: &Value, raw: &[u8]) -> PyResult<()> {
    let len = read(vm, array).bytes.len();
    check_size(vm, Some(len + raw.len()))?;
    resize(vm, array)?.extend_from_slice(raw);
    Ok(())
}
pub fn append(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (code, size) = (read(vm, &a[0]).code, read(vm, &a[0]).size());
    let raw = item::pack(vm, code, &a[1])?;
    push(vm, &a[0], &raw[..size])?;
    Ok(Value::NONE)
}
/// Appends each value; all or, where one does not fit, those before it.
pub fn append_all(vm: &mut Vm, array: &Value, values: &[Value]) -> PyResult<()> {
    let (code, size) = (read(vm, array).code, read(vm, array).size());
    for v in values {
        let raw = item::pack(vm, code, v)?;
        push(vm, array, &raw[..size])?;
    }
    Ok(())
}
pub fn append_iterable(vm: &mut Vm, array: &Value, v: &Value) -> PyResult<()> {
    let (code, size) = (read(vm, array).code, read(vm, array).size());
    vm.for_each(v, |vm, v| {
        let raw = item::pack(vm, code, &v)?;
        push(vm, array, &raw[..size])
    })
}
pub fn append_bytes(vm: &mut Vm, array: &Value, v: &Value) -> PyResult<()> {
    let size = read(vm, array).size();
    let bytes = vm.simple_buffer(v)?;
    if bytes.len() % size != 0 {
        return Err(vm.value_error("bytes length not a multiple of item size"));
    }
    if bytes.is_empty() { Ok(()) } else { push(vm, array, &bytes) }
}
pub fn append_text(vm: &mut Vm, array: &Value, v: &Value) -> PyResult<()> {
    let raw: Vec<u8> = v.get::<Str>().map_or_else(Vec::new, |s| (0..s.char_len()).filter_map(|i| s.char_at(i)).flat_map(u32::to_le_bytes).collect());
    if raw.is_empty() { Ok(()) } else { push(vm, array, &raw) }
}
pub fn extend(vm: &mut Vm, array: &Value, v: &Value) -> PyResult<()> {
    let Some(other) = v.borrow::<Array>(vm) else { return append_iterable(vm, array, v) };
    let code = other.code;
    if code != read(vm, array).code {
        return Err(vm.type_error("can only extend with array of same kind"));
    }
    let bytes = read(vm, v).bytes.clone();
    if bytes.is_empty() { Ok(()) } else { push(vm, array, &bytes) }
}
pub fn frombytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    append_bytes(vm, &a[0], &a[1]).map(|()| Value::NONE)
}
/// Appends a list's items, or none where one does not fit.
pub fn fromlist(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[1].is_a::<List>() {
        return Err(vm.type_error("arg must be list"));
    }
    let values = gilbert_vm::types::seq::items(vm, &a[1]).to_vec();
    let before = read(vm, &a[0]).bytes.len();
    if let Err(e) = append_all(vm, &a[0], &values) {
        if check_resizable(vm, &a[0]).is_ok() {
            write(vm, &a[0]).truncate(before);
        }
        return Err(e);
    }
    Ok(Value::NONE)
}
pub fn fromunicode(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[1].is_a::<Str>() {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("fromunicode() argument must be str, not {name}")));
    }
    if read(vm, &a[0]).code != b'u' {
        return Err(vm.value_error("fromunicode() may only be called on unicode type arrays"));
    }
    append_text(vm, &a[0], &a[1]).map(|()| Value::NONE)
}
pub fn insert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let i = vm.arg_ssize(&a[1])?;
    let (code, size) = (read(vm, &a[0]).code, read(vm, &a[0]).size());
    let raw = item::pack(vm, code, &a[2])?;
    let len = read(vm, &a[0]).len() as isize;
    let at = if i < 0 { i.saturating_add(len).max(0) } else { i.min(len) } as usize * size;
    resize(vm, &a[0])?.splice(at..at, raw[..size].iter().copied());
    Ok(Value::NONE)
}
pub fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let i = vm.arg_ssize(&a[1])?;
    let (len, size) = (read(vm, &a[0]).len(), read(vm, &a[0]).size());
    if len == 0 {
        return Err(vm.err(Exc::IndexError, "pop from empty array"));
    }
    let Some(i) = resolve(i, len) else { return Err(vm.err(Exc::IndexError, "pop index out of range")) };
    let v = get(vm, &a[0], i)?.unwrap_or(Value::NONE);
    resize(vm, &a[0])?.drain(i * size..(i + 1) * size);
    Ok(v)
}
pub fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let size = read(vm, &a[0]).size();
    let Some(i) = find(vm, &a[0], &a[1], 0, usize::MAX)? else { return Err(missing(vm, "remove")) };
    let bytes = resize(vm, &a[0])?;
    // the comparison may have shortened it
    if (i + 1) * size <= bytes.len() {
        bytes.drain(i * size..(i + 1) * size);
    }
    Ok(Value::NONE)
}
pub fn reverse(vm: &mut Vm, a: &[Value]) -> PyResult {
    let size = read(vm, &a[0]).size();
    let bytes = write(vm, &a[0]);
    bytes.reverse();
    bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    Ok(Value::NONE)
}
pub fn byteswap(vm: &mut Vm, a: &[Value]) -> PyResult {
    let size = read(vm, &a[0]).size();
    write(vm, &a[0]).chunks_exact_mut(size).for_each(<[u8]>::reverse);
    Ok(Value::NONE)
}

// --- operators --------------------------------------------------------------------------------------------------

pub fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(other) = a[1].borrow::<Array>(vm) else {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("can only append array (not \"{name}\") to array")));
    };
    let (code, tail) = (other.code, other.bytes.clone());
    if code != read(vm, &a[0]).code {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    let mut bytes = read(vm, &a[0]).bytes.clone();
    check_size(vm, bytes.len().checked_add(tail.len()))?;
    bytes.extend(tail);
    Ok(new_array(vm, code, bytes))
}
pub fn iadd(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[1].is_a::<Array>() {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("can only extend array with array (not \"{name}\")")));
    }
    extend(vm, &a[0], &a[1])?;
    Ok(a[0].clone())
}
fn repeated(vm: &mut Vm, array: &Value, n: usize) -> PyResult<Vec<u8>> {
    let len = read(vm, array).bytes.len();
    check_size(vm, len.checked_mul(n))?;
    Ok(read(vm, array).bytes.repeat(n))
}
pub fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_index(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.arg_repeat(&a[1])?.max(0) as usize;
    let code = read(vm, &a[0]).code;
    let bytes = repeated(vm, &a[0], n)?;
    Ok(new_array(vm, code, bytes))
}
pub fn imul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_index(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.arg_repeat(&a[1])?.max(0) as usize;
    let bytes = repeated(vm, &a[0], n)?;
    if bytes.len() != read(vm, &a[0]).bytes.len() {
        *resize(vm, &a[0])? = bytes;
    }
    Ok(a[0].clone())
}

// --- files ------------------------------------------------------------------------------------------------------

pub fn tofile(vm: &mut Vm, a: &[Value]) -> PyResult {
    const BLOCK: usize = 64 * 1024;
    let bytes = read(vm, &a[0]).bytes.clone();
    let write = vm.attr(&a[1], "write")?;
    for block in bytes.chunks(BLOCK) {
        let block = vm.new_bytes(block);
        vm.call(&write, &[block])?;
    }
    Ok(Value::NONE)
}
pub fn fromfile(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = vm.arg_ssize(&a[2])?;
    let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("negative count")) };
    let wanted = n.checked_mul(read(vm, &a[0]).size()).filter(|n| *n <= isize::MAX as usize);
    let Some(wanted) = wanted else { return Err(vm.memory_error()) };
    let got = vm.call_method(&a[1], "read", &[Value::small_wrap(wanted as i64)])?;
    let Some(len) = got.get::<Bytes>().map(|b| b.bytes().len()) else { return Err(vm.type_error("read() didn't return bytes")) };
    append_bytes(vm, &a[0], &got)?;
    if len != wanted { Err(vm.err(Exc::EOFError, "read() didn't return enough bytes")) } else { Ok(Value::NONE) }
}
