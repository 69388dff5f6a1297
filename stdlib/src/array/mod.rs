//! `array`: sequences of numbers in their machine form (`Modules/arraymodule.c`).

mod edit;
mod item;
mod iter;
mod pickle;

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::op::CmpOp;
use gilbert_vm::probe::Part;
use gilbert_vm::proto::compare::holds;
use gilbert_vm::types::buffer::{Buffer, Exports, MemoryMut};
use gilbert_vm::types::bytes::{ByteArray, Bytes};
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, class_method, function, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] =
    &[function("_array_reconstructor(arraytype, typecode, mformat_code, items, /)", pickle::reconstruct).doc("Internal. Used for pickling support.")];

/// The payload of `array`.
pub struct Array {
    code: u8,
    bytes: Vec<u8>,
    exports: Option<Exports>,
}

impl Payload for Array {
    // the cell counts views, and no view is ever kept
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, c: &mut Cloner) -> Array {
        Array { code: self.code, bytes: self.bytes.clone(), exports: self.exports.as_ref().map(|e| c.counter(e)) }
    }
    fn buffer(&self) -> Option<Buffer<'_>> {
        Some(Buffer { format: item::format(self.code), itemsize: self.size(), ..Buffer::writable(&self.bytes) })
    }
    fn buffer_mut(&mut self) -> Option<MemoryMut<'_>> {
        Some(MemoryMut::Slice(&mut self.bytes))
    }
    fn exports(&mut self) -> Option<Exports> {
        Some(self.exports.get_or_insert_with(|| Exports::new(std::cell::Cell::new(0))).clone())
    }
}

impl Array {
    /// From items in their machine form.
    fn new(code: u8, bytes: Vec<u8>) -> Array {
        Array { code, bytes, exports: None }
    }
    /// Bytes of an item.
    fn size(&self) -> usize {
        item::size(self.code).unwrap_or(1)
    }
    /// How many items.
    fn len(&self) -> usize {
        self.bytes.len() / self.size()
    }
    /// The bytes of item `i`.
    fn raw(&self, i: usize) -> Option<&[u8]> {
        let size = self.size();
        self.bytes.get(i * size..(i + 1) * size)
    }
}

/// `array.array`
pub static ARRAY: TypeDef = TypeDef::new("array.array", layout_of::<Array>())
    .flags(flags::BASE | flags::SEQUENCE | flags::UNHASHABLE)
    .doc("array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted by typecode, and\ninitialized from the optional initializer value.")
    .methods(&[
        static_method("__new__(cls, /, *args, **kwargs)", new),
        method("__init__(self, /, *args, **kwargs)", |_, _| Ok(Value::NONE)),
        method("__len__(self, /)", |vm, a| Ok(Value::small_wrap(read(vm, &a[0]).len() as i64))),
        method("__getitem__(self, index, /)", edit::get_item),
        method("__setitem__(self, index, value, /)", edit::set_item),
        method("__delitem__(self, index, /)", edit::del_item),
        method("__contains__(self, value, /)", |vm, a| Ok(Value::bool(find(vm, &a[0], &a[1], 0, isize::MAX as usize)?.is_some()))),
        method("__iter__(self, /)", iter::new),
        method("__add__(self, value, /)", edit::add),
        method("__iadd__(self, value, /)", edit::iadd),
        method("__mul__(self, value, /)", edit::mul),
        method("__rmul__(self, value, /)", edit::mul),
        method("__imul__(self, value, /)", edit::imul),
        method("__lt__(self, value, /)", compare::<{ CmpOp::Lt as u8 }>),
        method("__le__(self, value, /)", compare::<{ CmpOp::Le as u8 }>),
        method("__eq__(self, value, /)", compare::<{ CmpOp::Eq as u8 }>),
        method("__ne__(self, value, /)", compare::<{ CmpOp::Ne as u8 }>),
        method("__gt__(self, value, /)", compare::<{ CmpOp::Gt as u8 }>),
        method("__ge__(self, value, /)", compare::<{ CmpOp::Ge as u8 }>),
        method("__repr__(self, /)", repr),
        method("__copy__(self, /)", copy).doc("Return a copy of the array."),
        method("__deepcopy__(self, unused, /)", copy).doc("Return a copy of the array."),
        method("__reduce_ex__(self, value, /)", reduce_ex).doc("Return state information for pickling."),
        method("__sizeof__(self, /)", |vm, a| Ok(Value::small_wrap(64 + read(vm, &a[0]).bytes.len() as i64))),
        method("append(self, v, /)", edit::append).doc("Append new value v to the end of the array."),
        method("extend(self, bb, /)", |vm, a| edit::extend(vm, &a[0], &a[1]).map(|()| Value::NONE)).doc("Append items to the end of the array."),
        method("insert(self, i, v, /)", edit::insert).doc("Insert a new item v into the array before position i."),
        method("pop(self, i=-1, /)", edit::pop).doc("Return the i-th element and delete it from the array."),
        method("remove(self, v, /)", edit::remove).doc("Remove the first occurrence of v in the array."),
        method("reverse(self, /)", edit::reverse).doc("Reverse the order of the items in the array."),
        method("byteswap(self, /)", edit::byteswap).doc("Byteswap all items of the array."),
        method("count(self, v, /)", count).doc("Return number of occurrences of v in the array."),
        method("index(self, v, start=0, stop=9223372036854775807, /)", index).doc("Return index of first occurrence of v in the array."),
        method("tobytes(self, /)", |vm, a| {
            let bytes = read(vm, &a[0]).bytes.clone();
            Ok(vm.new_bytes(bytes))
        })
        .doc("Convert the array to an array of machine values and return the bytes representation."),
        method("frombytes(self, buffer, /)", edit::frombytes).doc("Appends items from the string, interpreting it as an array of machine values."),
        method("tolist(self, /)", |vm, a| {
            let all = items(vm, &a[0])?;
            Ok(vm.new_list(all))
        })
        .doc("Convert array to an ordinary list with the same items."),
        method("fromlist(self, list, /)", edit::fromlist).doc("Append items to array from list."),
        method("tounicode(self, /)", |vm, a| match read(vm, &a[0]).code {
            b'u' => text(vm, &a[0]),
            _ => Err(vm.value_error("tounicode() may only be called on unicode type arrays")),
        })
        .doc("Convert the array to a unicode string."),
        method("fromunicode(self, ustr, /)", edit::fromunicode).doc("Extends this array with data from the unicode string ustr."),
        method("tofile(self, f, /)", edit::tofile).doc("Write all items (as machine values) to the file object f."),
        method("fromfile(self, f, n, /)", edit::fromfile).doc("Read n objects from the file object f and append them to the end of the array."),
        method("buffer_info(self, /)", |vm, a| {
            let (address, len) = (vm.address_of(&a[0]), read(vm, &a[0]).len());
            let address = vm.new_int(address as i64);
            Ok(vm.new_tuple(vec![address, Value::small_wrap(len as i64)]))
        })
        .doc("Return a tuple (address, length)."),
        method("__buffer__(self, flags, /)", |vm, a| gilbert_vm::types::memoryview::of_flags(vm, &a[0], &a[1])),
        class_method("__class_getitem__(cls, item, /)", crate::functools::class_getitem),
    ])
    .getset(&[
        getter("typecode", |vm, v| {
            let code = read(vm, v).code;
            Ok(vm.new_char(u32::from(code)))
        }),
        getter("itemsize", |vm, v| Ok(Value::small_wrap(read(vm, v).size() as i64))),
    ]);

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("array", "This module defines an object type which can efficiently represent an array of basic values.", FUNCTIONS);
    let ty = vm.module_add_type(&m, &ARRAY);
    vm.module_set(&m, "ArrayType", ty.clone());
    let codes = vm.new_str(item::CODES);
    vm.module_set(&m, "typecodes", codes);
    let abc = vm.import("collections.abc")?;
    let sequence = vm.attr(&abc, "MutableSequence")?;
    vm.call_method(&sequence, "register", &[ty])?;
    Ok(m)
}

fn read<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a Array {
    vm.touch_read(v, Part::Whole);
    v.borrow::<Array>(vm).expect("an array")
}
/// The bytes, to be changed but not resized.
fn write<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Vec<u8> {
    vm.touch_write(v, Part::Whole);
    &mut v.borrow_mut::<Array>(vm).expect("an array").bytes
}
/// The bytes, to be resized: BufferError while a view looks at them.
fn resize<'a>(vm: &'a mut Vm, v: &'a Value) -> PyResult<&'a mut Vec<u8>> {
    check_resizable(vm, v)?;
    Ok(write(vm, v))
}
fn check_resizable(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let locked = v.borrow::<Array>(vm).and_then(|a| a.exports.as_ref()).is_some_and(|e| e.get() > 0);
    if locked { Err(vm.err(Exc::BufferError, "cannot resize an array that is exporting buffers")) } else { Ok(()) }
}
/// Refuses a size in bytes that is not to be allocated.
fn check_size(vm: &mut Vm, bytes: Option<usize>) -> PyResult<()> {
    match bytes {
        Some(n) if n <= gilbert_vm::types::arith::max_bytes(vm) => Ok(()),
        _ => Err(vm.memory_error()),
    }
}
/// Item `i`, if there is one.
fn get(vm: &mut Vm, v: &Value, i: usize) -> PyResult<Option<Value>> {
    let a = read(vm, v);
    let code = a.code;
    let mut raw = [0; 8];
    let Some(bytes) = a.raw(i) else { return Ok(None) };
    let size = bytes.len();
    raw[..size].copy_from_slice(bytes);
    item::unpack(vm, code, &raw[..size]).map(Some)
}
/// All items as values.
fn items(vm: &mut Vm, v: &Value) -> PyResult<Vec<Value>> {
    let a = read(vm, v);
    let (code, size, bytes) = (a.code, a.size(), a.bytes.clone());
    bytes.chunks_exact(size).map(|raw| item::unpack(vm, code, raw)).collect()
}
fn text(vm: &mut Vm, v: &Value) -> PyResult {
    let mut out = Vec::new();
    for c in items(vm, v)? {
        out.extend_from_slice(c.get::<Str>().map_or(&[], Str::bytes));
    }
    Ok(vm.new_str_wtf8(out))
}

// --- construction -------------------------------------------------------------------------------------------

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let base = vm.native_type(&ARRAY);
    if a[0].is(&base) && vm.len(&a[2])? > 0 {
        return Err(vm.type_error("array.array() takes no keyword arguments"));
    }
    let args = a[1].get::<Tuple>().map_or(&[][..], Tuple::items);
    let (code, initial) = match args {
        [code] => (code, None),
        [code, initial] => (code, Some(initial)),
        [] => return Err(vm.type_error("array() takes at least 1 argument (0 given)")),
        _ => return Err(vm.type_error(format!("array() takes at most 2 arguments ({} given)", args.len()))),
    };
    let Some(code) = code.get::<Str>().filter(|s| s.char_len() == 1).and_then(|s| s.char_at(0)) else {
        let name = vm.type_name(code);
        return Err(vm.type_error(format!("array() argument 1 must be a unicode character, not {name}")));
    };
    if let Some(v) = initial {
        check_text(vm, code, v)?;
    }
    let known = u8::try_from(code).ok().filter(|c| item::size(*c).is_some());
    let Some(code) = known else { return Err(vm.value_error("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)")) };
    let array = vm.new_of(&a[0], Array::new(code, Vec::new()));
    if let Some(v) = initial {
        fill(vm, &array, code, v)?;
    }
    Ok(array)
}
/// Text goes only into arrays of text.
fn check_text(vm: &mut Vm, code: u32, v: &Value) -> PyResult<()> {
    let shown = char::from_u32(code).unwrap_or('?');
    if code == u32::from(b'u') {
        return Ok(());
    }
    if v.is_a::<Str>() {
        return Err(vm.type_error(format!("cannot use a str to initialize an array with typecode '{shown}'")));
    }
    if v.borrow::<Array>(vm).is_some_and(|a| a.code == b'u') {
        return Err(vm.type_error(format!("cannot use a unicode array to initialize an array with typecode '{shown}'")));
    }
    Ok(())
}
fn fill(vm: &mut Vm, array: &Value, code: u8, v: &Value) -> PyResult<()> {
    if v.is_a::<Bytes>() || v.is_a::<ByteArray>() {
        return edit::append_bytes(vm, array, v);
    }
    if v.is_a::<Str>() && code == b'u' {
        return edit::append_text(vm, array, v);
    }
    if v.is_a::<List>() || v.is_a::<Tuple>() {
        let all = gilbert_vm::types::seq::items(vm, v).to_vec();
        return edit::append_all(vm, array, &all);
    }
    if let Some(other) = v.borrow::<Array>(vm) {
        if other.code == code {
            let bytes = read(vm, v).bytes.clone();
            *write(vm, array) = bytes;
            return Ok(());
        }
        let all = items(vm, v)?;
        return edit::append_all(vm, array, &all);
    }
    edit::append_iterable(vm, array, v)
}

// --- looking ------------------------------------------------------------------------------------------------

/// The first index from `i` on (and before `stop`) whose item equals `v`. Comparisons may change the array.
fn find(vm: &mut Vm, array: &Value, v: &Value, mut i: usize, stop: usize) -> PyResult<Option<usize>> {
    while i < stop {
        let Some(item) = get(vm, array, i)? else { break };
        if vm.eq(&item, v)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}
fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (mut n, mut i) = (0, 0);
    while let Some(at) = find(vm, &a[0], &a[1], i, usize::MAX)? {
        n += 1;
        i = at + 1;
    }
    Ok(Value::small_wrap(n))
}
fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    let len = read(vm, &a[0]).len() as isize;
    let mut bound = |v: &Value| -> PyResult<usize> {
        if !vm.is_index(v) {
            return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
        }
        let i = vm.to_isize_clamped(v)?;
        Ok(if i < 0 { i.saturating_add(len).max(0) } else { i } as usize)
    };
    let (start, stop) = (bound(&a[2])?, bound(&a[3])?);
    match find(vm, &a[0], &a[1], start, stop)? {
        Some(i) => Ok(Value::small_wrap(i as i64)),
        None => Err(missing(vm, "index")),
    }
}
fn missing(vm: &mut Vm, what: &str) -> Raised {
    vm.value_error(format!("array.{what}(x): x not in array"))
}
fn compare<const OP: u8>(vm: &mut Vm, a: &[Value]) -> PyResult {
    let op = CmpOp::from_u8(OP);
    if !a[1].is_a::<Array>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (m, n) = (read(vm, &a[0]).len(), read(vm, &a[1]).len());
    if m != n && matches!(op, CmpOp::Eq | CmpOp::Ne) {
        return Ok(Value::bool(op == CmpOp::Ne));
    }
    let (x, y) = (items(vm, &a[0])?, items(vm, &a[1])?);
    for (x, y) in x.iter().zip(&y) {
        // numbers and text only: no Python runs, and a NaN differs from itself
        if !vm.compare_bool(CmpOp::Eq, x, y)? {
            return if op == CmpOp::Eq { Ok(Value::FALSE) } else { vm.compare(op, x, y) };
        }
    }
    Ok(Value::bool(holds(op, m.cmp(&n))))
}
fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let name = vm.short_type_name(&a[0]);
    let (code, len) = (read(vm, &a[0]).code, read(vm, &a[0]).len());
    let shown = char::from(code);
    if len == 0 {
        return Ok(vm.new_str(format!("{name}('{shown}')")));
    }
    let inner = match code {
        b'u' => text(vm, &a[0])?,
        _ => {
            let all = items(vm, &a[0])?;
            vm.new_list(all)
        }
    };
    let mut out = format!("{name}('{shown}', ").into_bytes();
    gilbert_vm::types::seq::push_repr(vm, &mut out, &inner)?;
    out.push(b')');
    Ok(vm.new_str_wtf8(out))
}
fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (code, bytes) = (read(vm, &a[0]).code, read(vm, &a[0]).bytes.clone());
    Ok(vm.new_native(&ARRAY, Array::new(code, bytes)))
}
fn reduce_ex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let protocol = vm.to_i64(&a[1])?;
    let class = a[0].type_of(vm).clone();
    let state = match a[0].attrs(vm) {
        Some(_) => vm.attr(&a[0], "__dict__")?,
        None => Value::NONE,
    };
    let code = read(vm, &a[0]).code;
    let shown = vm.new_char(u32::from(code));
    if protocol < 3 {
        let all = items(vm, &a[0])?;
        let list = vm.new_list(all);
        let args = vm.new_tuple(vec![shown, list]);
        return Ok(vm.new_tuple(vec![class, args, state]));
    }
    let module = vm.import("array")?;
    let maker = vm.attr(&module, "_array_reconstructor")?;
    let bytes = read(vm, &a[0]).bytes.clone();
    let bytes = vm.new_bytes(bytes);
    let args = vm.new_tuple(vec![class, shown, Value::small_wrap(pickle::format_of(code)), bytes]);
    Ok(vm.new_tuple(vec![maker, args, state]))
}
