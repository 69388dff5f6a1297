//! `memoryview`: a view upon the bytes that another object lends.
//!
//! A view knows the object that lends (never another view), where its first item lies, and for each dimension how many items there
//! are and how far apart. While a view lives, the lender's counter forbids resizing.

use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::probe::Part;
use crate::types::T;
use crate::types::buffer::{Exports, Memory, MemoryMut};
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

pub mod item;
mod methods;

/// One dimension of a view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dim {
    /// How many items.
    pub len: usize,
    /// Bytes from one to the next.
    pub stride: isize,
}

/// The payload of `memoryview`.
pub struct MemoryView {
    /// Who lends; absent when the view was released.
    source: Value,
    counter: Option<Exports>,
    /// Byte offset of the first item.
    offset: usize,
    dims: Vec<Dim>,
    itemsize: usize,
    format: String,
    readonly: bool,
    hash: Cell<Option<i64>>,
}

impl MemoryView {
    /// Whether `release` was called.
    pub fn released(&self) -> bool {
        self.source.is_null()
    }
    /// Bytes of all items.
    pub fn nbytes(&self) -> usize {
        self.dims.iter().map(|d| d.len).product::<usize>() * self.itemsize
    }
    fn release(&mut self) -> Value {
        if let Some(c) = self.counter.take() {
            c.set(c.get().saturating_sub(1));
        }
        self.source.take()
    }
    /// Whether the items lie one behind the other in order.
    fn contiguous(&self) -> bool {
        let mut expected = self.itemsize as isize;
        self.nbytes() == 0
            || self.dims.iter().rev().all(|d| {
                let fits = d.len == 1 || d.stride == expected;
                expected *= d.len as isize;
                fits
            })
    }
    /// The same view again, counted.
    fn again(&self) -> MemoryView {
        if let Some(c) = &self.counter {
            c.set(c.get() + 1);
        }
        MemoryView {
            source: self.source.clone(),
            counter: self.counter.clone(),
            offset: self.offset,
            dims: self.dims.clone(),
            itemsize: self.itemsize,
            format: self.format.clone(),
            readonly: self.readonly,
            hash: Cell::new(None),
        }
    }
    /// Byte offsets of all items, in order.
    fn offsets(&self) -> Vec<usize> {
        let mut out = vec![self.offset as isize];
        for d in &self.dims {
            out = out.iter().flat_map(|base| (0..d.len as isize).map(move |i| base + i * d.stride)).collect();
        }
        out.into_iter().map(|o| o as usize).collect()
    }
}

impl Drop for MemoryView {
    fn drop(&mut self) {
        drop(self.release());
    }
}

impl Payload for MemoryView {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.source);
    }
    fn clear(&mut self) {
        drop(self.release());
    }
    fn clone_in(&self, c: &mut Cloner) -> MemoryView {
        MemoryView {
            source: c.value(&self.source),
            counter: self.counter.as_ref().map(|n| c.counter(n)),
            offset: self.offset,
            dims: self.dims.clone(),
            itemsize: self.itemsize,
            format: self.format.clone(),
            readonly: self.readonly,
            hash: self.hash.clone(),
        }
    }
}

/// "operation forbidden on released memoryview object"
#[cold]
fn released(vm: &mut Vm) -> Raised {
    vm.value_error("operation forbidden on released memoryview object")
}

/// The view, unless it was released. The result is borrowed through the token.
fn check(vm: &mut Vm, v: &Value) -> PyResult<()> {
    if this(vm, v).released() { Err(released(vm)) } else { Ok(()) }
}

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a MemoryView {
    v.borrow::<MemoryView>(vm).expect("a memoryview")
}

fn put(vm: &mut Vm, view: MemoryView) -> Value {
    vm.new_object(T::MemoryView, view)
}

/// `memoryview(v)`
pub fn of(vm: &mut Vm, v: &Value) -> PyResult {
    if v.is_a::<MemoryView>() {
        check(vm, v)?;
        let view = this(vm, v).again();
        return Ok(put(vm, view));
    }
    if let Some(b) = v.buffer(vm) {
        let (len, format, itemsize, readonly) = (b.memory.len(), b.format, b.itemsize, b.readonly);
        let dims = vec![Dim { len: len / itemsize.max(1), stride: itemsize as isize }];
        let counter = v.buffer_exports(vm);
        if let Some(c) = &counter {
            c.set(c.get() + 1);
        }
        let view = MemoryView { source: v.clone(), counter, offset: 0, dims, itemsize, format: format.into(), readonly, hash: Cell::new(None) };
        return Ok(put(vm, view));
    }
    match vm.python_buffer(v)? {
        Some(view) => of(vm, &view),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(format!("memoryview: a bytes-like object is required, not '{name}'")))
        }
    }
}

/// The view that a native `__buffer__(flags)` gives: BufferError where it is to be writable and is not.
pub fn of_flags(vm: &mut Vm, v: &Value, flags: &Value) -> PyResult {
    const WRITABLE: i32 = 1;
    let flags = vm.arg_int(flags)?;
    let view = of(vm, v)?;
    if flags & WRITABLE != 0 && this(vm, &view).readonly {
        let text = if v.is_a::<MemoryView>() { "memoryview: underlying buffer is not writable" } else { "Object is not writable." };
        return Err(vm.err(Exc::BufferError, text));
    }
    Ok(view)
}

impl Vm {
    /// `memoryview(v)`
    pub fn new_memoryview(&mut self, v: &Value) -> PyResult {
        of(self, v)
    }
}

/// Who lends the bytes of a contiguous view, and which of them they are; `None` where the items lie apart.
pub(crate) fn plain_range(vm: &mut Vm, v: &Value) -> PyResult<Option<(Value, std::ops::Range<usize>)>> {
    check(vm, v)?;
    let m = this(vm, v);
    if !m.contiguous() {
        return Ok(None);
    }
    Ok(Some((m.source.clone(), m.offset..m.offset + m.nbytes())))
}

/// The bytes of a view, in the order of its items.
pub fn view_bytes(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    check(vm, v)?;
    let source = this(vm, v).source.clone();
    vm.touch_read(&source, Part::Whole);
    let m = this(vm, v);
    let Some(memory) = source.buffer(vm).map(|b| b.memory) else { return Ok(Vec::new()) };
    let mut out = vec![0; m.nbytes()];
    if m.contiguous() {
        memory.copy(m.offset, &mut out);
        return Ok(out);
    }
    for (at, slot) in m.offsets().into_iter().zip(out.chunks_exact_mut(m.itemsize.max(1))) {
        memory.copy(at, slot);
    }
    Ok(out)
}

/// Refuses a view that may not be written.
pub(crate) fn check_writable(vm: &mut Vm, v: &Value) -> PyResult<()> {
    check(vm, v)?;
    if this(vm, v).readonly { Err(vm.type_error("read-write bytes-like object expected")) } else { Ok(()) }
}

/// Overwrites the items of a view with bytes in their order.
pub(crate) fn write_bytes(vm: &mut Vm, v: &Value, bytes: &[u8]) -> PyResult<()> {
    check(vm, v)?;
    let source = this(vm, v).source.clone();
    vm.touch_write(&source, Part::Whole);
    let m = this(vm, v);
    let (offset, itemsize) = (m.offset, m.itemsize.max(1));
    let apart = if m.contiguous() { None } else { Some(m.offsets()) };
    let Some(mut memory) = source.buffer_mut(vm) else { return Ok(()) };
    match apart {
        None => memory.write(offset, bytes),
        Some(offsets) => offsets.into_iter().zip(bytes.chunks_exact(itemsize)).for_each(|(at, b)| memory.write(at, b)),
    }
    Ok(())
}

/// Reads the item at a byte offset.
fn read_item(vm: &mut Vm, v: &Value, at: usize) -> PyResult {
    let m = this(vm, v);
    let (source, itemsize) = (m.source.clone(), m.itemsize);
    let part = if itemsize == 1 { Part::Index(at as i64) } else { Part::Whole };
    vm.touch_read(&source, part);
    if itemsize == 1 && this(vm, v).format == "B" {
        let mut byte = [0];
        if let Some(b) = source.buffer(vm) {
            b.memory.copy(at, &mut byte);
        }
        return Ok(Value::i32(i32::from(byte[0])));
    }
    let mut raw = vec![0; itemsize];
    if let Some(b) = source.buffer(vm) {
        b.memory.copy(at, &mut raw);
    }
    let format = this(vm, v).format.clone();
    item::unpack(vm, &format, &raw)
}

/// Writes the item at a byte offset.
fn write_item(vm: &mut Vm, v: &Value, at: usize, value: &Value) -> PyResult<()> {
    let format = this(vm, v).format.clone();
    let raw = item::pack(vm, &format, value)?;
    // the conversion may have run Python
    check(vm, v)?;
    let source = this(vm, v).source.clone();
    let part = if raw.len() == 1 { Part::Index(at as i64) } else { Part::Whole };
    vm.touch_write(&source, part);
    if let Some(mut memory) = source.buffer_mut(vm) {
        memory.write(at, &raw);
    }
    Ok(())
}

/// All items as nested lists.
fn to_list(vm: &mut Vm, v: &Value) -> PyResult {
    let bytes = view_bytes(vm, v)?;
    let m = this(vm, v);
    let (format, itemsize) = (m.format.clone(), m.itemsize.max(1));
    let lens: Vec<usize> = m.dims.iter().map(|d| d.len).collect();
    let mut items = Vec::with_capacity(bytes.len() / itemsize);
    for raw in bytes.chunks_exact(itemsize) {
        items.push(item::unpack(vm, &format, raw)?);
    }
    if lens.is_empty() {
        return Ok(items.pop().unwrap_or(Value::NONE));
    }
    for len in lens[1..].iter().rev() {
        let rows: Vec<Vec<Value>> = if *len == 0 { Vec::new() } else { items.chunks(*len).map(<[Value]>::to_vec).collect() };
        items = rows.into_iter().map(|row| vm.new_list(row)).collect();
    }
    Ok(vm.new_list(items))
}

/// Whether two buffers have the same shape and equal items.
fn equal(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<bool> {
    let (x, y) = (this(vm, a), this(vm, b));
    let lens = |m: &MemoryView| m.dims.iter().map(|d| d.len).collect::<Vec<_>>();
    if lens(x) != lens(y) {
        return Ok(false);
    }
    let (fx, fy) = (x.format.clone(), y.format.clone());
    let (sx, sy) = (x.itemsize.max(1), y.itemsize.max(1));
    let (bx, by) = (view_bytes(vm, a)?, view_bytes(vm, b)?);
    let (lx, ly) = (item::letter(&fx), item::letter(&fy));
    if item::native_size(&fx).is_none() || item::native_size(&fy).is_none() {
        return Ok(fx == fy && bx == by);
    }
    if lx == ly && !matches!(lx, Some(b'f' | b'd' | b'e')) {
        return Ok(bx == by);
    }
    for (p, q) in bx.chunks_exact(sx).zip(by.chunks_exact(sy)) {
        let (p, q) = (item::unpack(vm, &fx, p)?, item::unpack(vm, &fy, q)?);
        // not by identity: a NaN differs from itself
        if !vm.compare_bool(crate::op::CmpOp::Eq, &p, &q)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Bytes of an object of a view's kind, for natives that only read: a slice where that is possible.
pub fn source_bytes<'a>(vm: &'a Vm, source: &'a Value) -> Option<&'a [u8]> {
    match source.buffer(vm).map(|b| b.memory) {
        Some(Memory::Slice(s)) => Some(s),
        _ => None,
    }
}

/// The bytes that a source lends for writing, where they are a slice.
pub(crate) fn source_bytes_mut<'a>(vm: &'a mut Vm, source: &'a Value) -> Option<&'a mut [u8]> {
    match source.buffer_mut(vm) {
        Some(MemoryMut::Slice(s)) => Some(s),
        _ => None,
    }
}

/// `memoryview`
pub static DEF: TypeDef = TypeDef::new("memoryview", layout_of::<MemoryView>())
    .flags(crate::types::type_::flags::SEQUENCE)
    .methods(methods::METHODS)
    .getset(methods::GETSET)
    .doc("Create a new memoryview object which references the given object.");
pub use methods::MEMORY_ITER;
