//! `bytes` and `bytearray`: the payloads, and what makes one from something else.
//!
//! `ops` and `methods` have what both types share, `iter` their iterators; `types::bytearray` what changes a bytearray.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::probe::Part;
use crate::special::Special;
use crate::types::T;
use crate::types::buffer::{Buffer, Exports, MemoryMut};
use crate::types::str::{MAX_BYTES, Str, codec};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::atomic::{AtomicI64, Ordering};

pub mod iter;
pub mod methods;
pub mod ops;

/// The payload of `bytes`. The cached hash is atomic, since isolates share the bytes of an image.
pub struct Bytes {
    data: Box<[u8]>,
    hash: AtomicI64,
}

impl Bytes {
    /// From its bytes.
    pub fn new(data: impl Into<Box<[u8]>>) -> Bytes {
        Bytes { data: data.into(), hash: AtomicI64::new(0) }
    }
    /// The bytes.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        &self.data
    }
    /// The hash: that of a str of the same bytes.
    pub fn hash(&self) -> i64 {
        match self.hash.load(Ordering::Relaxed) {
            0 => {
                let h = crate::hash::bytes(&self.data);
                self.hash.store(h, Ordering::Relaxed);
                h
            }
            h => h,
        }
    }
}

impl Payload for Bytes {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::Bytes;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn outside(&self) -> usize {
        self.data.len()
    }
    fn clone_in(&self, _: &mut Cloner) -> Bytes {
        Bytes::new(self.data.clone())
    }
    fn buffer(&self) -> Option<Buffer<'_>> {
        Some(Buffer::bytes(&self.data))
    }
}
impl Immutable for Bytes {}

/// The payload of `bytearray`.
#[derive(Default)]
pub struct ByteArray {
    data: Vec<u8>,
    exports: Option<Exports>,
}

impl ByteArray {
    /// From its bytes.
    pub fn new(data: Vec<u8>) -> ByteArray {
        ByteArray { data, exports: None }
    }
    /// The bytes.
    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        &self.data
    }
    /// The bytes, to be changed but not resized.
    #[inline(always)]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.data
    }
    /// The bytes, to be resized; `None` while a view looks at them.
    pub fn resizable(&mut self) -> Option<&mut Vec<u8>> {
        if self.exports.as_ref().is_some_and(|e| e.get() > 0) { None } else { Some(&mut self.data) }
    }
}

impl Payload for ByteArray {
    // the cell counts views, and no view is ever kept
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::ByteArray;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn outside(&self) -> usize {
        self.data.capacity()
    }
    fn clone_in(&self, c: &mut Cloner) -> ByteArray {
        ByteArray { data: self.data.clone(), exports: self.exports.as_ref().map(|e| c.counter(e)) }
    }
    fn buffer(&self) -> Option<Buffer<'_>> {
        Some(Buffer::writable(&self.data))
    }
    fn buffer_mut(&mut self) -> Option<MemoryMut<'_>> {
        Some(MemoryMut::Slice(&mut self.data))
    }
    fn exports(&mut self) -> Option<Exports> {
        Some(self.exports.get_or_insert_with(|| Exports::new(Cell::new(0))).clone())
    }
}

impl Vm {
    /// A bytes object.
    pub fn new_bytes(&mut self, bytes: impl Into<Box<[u8]>>) -> Value {
        self.new_object(T::Bytes, Bytes::new(bytes))
    }
    /// A bytearray.
    pub fn new_bytearray(&mut self, bytes: Vec<u8>) -> Value {
        self.new_object(T::ByteArray, ByteArray::new(bytes))
    }
}

/// The bytes of a bytes or bytearray object; nothing for anything else. Borrowed through the token.
pub fn data<'a>(vm: &'a Vm, v: &'a Value) -> &'a [u8] {
    match v.get::<Bytes>() {
        Some(b) => b.bytes(),
        None => v.borrow::<ByteArray>(vm).map_or(&[], ByteArray::bytes),
    }
}

/// Reports that a bytearray is read.
pub fn touch(vm: &mut Vm, v: &Value) {
    if v.is_a::<ByteArray>() {
        vm.touch_read(v, Part::Whole);
    }
}

/// The bytes of a bytes-like argument, copied only where they could change.
pub fn buffer_arg<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    match v.get::<Bytes>() {
        Some(b) => Ok(Cow::Borrowed(b.bytes())),
        None => vm.buffer_bytes(v).map(Cow::Owned),
    }
}

/// A byte of an iterable or argument: ValueError "byte must be in range(0, 256)".
pub fn byte_arg(vm: &mut Vm, v: &Value, range_text: &str) -> PyResult<u8> {
    let i = match v.as_small_or_bool() {
        Some(i) => i,
        None => vm.to_int(v)?.to_i64().unwrap_or(-1),
    };
    u8::try_from(i).map_err(|_| vm.value_error(range_text))
}

/// How `bytes` and `bytearray` differ where they are made from something else.
struct Maker {
    type_name: &'static str,
    range_text: &'static str,
}

const BYTES: Maker = Maker { type_name: "bytes", range_text: "bytes must be in range(0, 256)" };
const BYTEARRAY: Maker = Maker { type_name: "bytearray", range_text: "byte must be in range(0, 256)" };

/// The bytes that `bytes(source, encoding, errors)` has, and `bytearray(..)` alike.
fn make(vm: &mut Vm, source: &Value, encoding: &Value, errors: &Value, maker: &Maker) -> PyResult<Vec<u8>> {
    if !encoding.is_null() || !errors.is_null() {
        let encoding_text = codec::name_arg(vm, encoding, &format!("{}() argument 'encoding'", maker.type_name), "utf-8")?;
        let errors_text = codec::name_arg(vm, errors, &format!("{}() argument 'errors'", maker.type_name), "strict")?;
        if !source.is_a::<Str>() {
            let what = if encoding.is_null() { "errors" } else { "encoding" };
            return Err(vm.type_error(format!("{what} without a string argument")));
        }
        if encoding.is_null() {
            return Err(vm.type_error("string argument without an encoding"));
        }
        return vm.encode(source, encoding_text, errors_text);
    }
    if source.is_null() {
        return Ok(Vec::new());
    }
    if source.is_a::<Str>() {
        return Err(vm.type_error("string argument without an encoding"));
    }
    if vm.is_index(source) {
        match vm.index(source) {
            Ok(n) => return zeros(vm, &n),
            Err(e) if vm.is_exc(&e, Exc::TypeError) => {}
            Err(e) => return Err(e),
        }
    }
    if vm.is_buffer(source) {
        return vm.buffer_bytes(source);
    }
    from_iterable(vm, source, maker)
}

fn zeros(vm: &mut Vm, n: &Value) -> PyResult<Vec<u8>> {
    let n = vm.arg_repeat(n)?;
    let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("negative count")) };
    vm.room_for(n)?;
    let mut out = Vec::new();
    if n > MAX_BYTES || out.try_reserve_exact(n).is_err() {
        return Err(vm.memory_error());
    }
    out.resize(n, 0);
    Ok(out)
}

fn from_iterable(vm: &mut Vm, source: &Value, maker: &Maker) -> PyResult<Vec<u8>> {
    let items = match vm.exact_items(source) {
        Some(items) => {
            return items.iter().map(|v| byte_arg(vm, v, maker.range_text)).collect();
        }
        None => match vm.iter(source) {
            Ok(it) => it,
            Err(e) if vm.is_exc(&e, Exc::TypeError) && vm.special(source, Special::Iter).is_none() => {
                let name = vm.type_name(source);
                return Err(vm.type_error(format!("cannot convert '{name}' object to {}", maker.type_name)));
            }
            Err(e) => return Err(e),
        },
    };
    let mut out = Vec::new();
    while let Some(v) = vm.next(&items)? {
        out.push(byte_arg(vm, &v, maker.range_text)?);
    }
    Ok(out)
}

/// The bytes object that `__bytes__` gives, if the value has such a method.
pub fn by_dunder_bytes(vm: &mut Vm, v: &Value) -> PyResult<Option<Value>> {
    let Some(f) = vm.special(v, Special::Bytes) else { return Ok(None) };
    let r = vm.call_special(&f, std::slice::from_ref(v))?;
    if r.is_a::<Bytes>() {
        return Ok(Some(r));
    }
    let name = vm.type_name(&r);
    Err(vm.type_error(format!("__bytes__ returned non-bytes (type {name})")))
}

/// `bytes.__new__(cls, source, encoding, errors)`
fn bytes_new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let exact = a[0].is(vm.ty(T::Bytes));
    if !a[1].is_null() && a[2].is_null() && a[3].is_null() {
        if exact && a[1].type_of(vm).is(vm.ty(T::Bytes)) {
            return Ok(a[1].clone());
        }
        if let Some(b) = by_dunder_bytes(vm, &a[1])? {
            if exact {
                return Ok(b);
            }
            let copy = data(vm, &b).to_vec();
            return Ok(vm.new_of(&a[0], Bytes::new(copy)));
        }
    }
    let bytes = make(vm, &a[1], &a[2], &a[3], &BYTES)?;
    Ok(vm.new_of(&a[0], Bytes::new(bytes)))
}

/// `bytes(v)` for natives that take what the constructor takes.
pub fn bytes_of(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    if let Some(b) = by_dunder_bytes(vm, v)? {
        return Ok(data(vm, &b).to_vec());
    }
    if vm.is_buffer(v) {
        return vm.buffer_bytes(v);
    }
    if v.is_a::<Str>() {
        return Err(vm.type_error("cannot convert 'str' object to bytes"));
    }
    from_iterable(vm, v, &BYTES)
}

/// The bytes that `bytearray(source, encoding, errors)` has.
pub(crate) fn bytearray_source(vm: &mut Vm, a: &[Value]) -> PyResult<Vec<u8>> {
    make(vm, &a[0], &a[1], &a[2], &BYTEARRAY)
}

/// The bytes that `bytearray.extend` and slice assignment take.
pub(crate) fn bytearray_items(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    from_iterable(vm, v, &BYTEARRAY)
}

/// `bytes`
pub static DEF: TypeDef =
    TypeDef::new("bytes", layout_of::<Bytes>()).flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF).methods(methods::BYTES_METHODS).doc(DOC);

const DOC: &str = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\nbytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n\
bytes(int) -> bytes object of size given by the parameter initialized with null bytes\nbytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n\
  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified encoding\n  - any object implementing the buffer API.\n  - an integer";
