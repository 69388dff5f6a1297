//! The buffer protocol: bytes that one object lends to others.
//!
//! A payload that has bytes to lend implements `Payload::buffer` (and `buffer_mut` where they can be written, `exports` where the object
//! must not be resized while a view looks at it). Natives take any such object by [`Vm::with_buffer`], [`Vm::buffer_bytes`] and
//! [`Vm::with_buffer_mut`]; views (`memoryview`) and classes with a `__buffer__` written in Python are resolved there.
//! Memory that several processes share is never lent as a slice: its bytes are atomic, and copied in and out.

use crate::error::{Exc, PyResult, Raised};
use crate::probe::Part;
use crate::special::Special;
use crate::sync::shared_bytes::SharedBytes;
use crate::types::bytes::{ByteArray, Bytes};
use crate::types::memoryview::{self, MemoryView};
use crate::value::Value;
use crate::vm::Vm;
use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

/// A counter of views, shared by an object and the views upon it.
pub type Exports = Rc<Cell<usize>>;

/// Bytes lent for reading.
#[derive(Clone, Copy)]
pub enum Memory<'a> {
    /// Bytes of this process.
    Slice(&'a [u8]),
    /// Bytes that processes share.
    Shared(&'a SharedBytes),
}

/// Bytes lent for writing.
pub enum MemoryMut<'a> {
    /// Bytes of this process.
    Slice(&'a mut [u8]),
    /// Bytes that processes share.
    Shared(&'a SharedBytes),
}

/// What an object lends.
#[derive(Clone, Copy)]
pub struct Buffer<'a> {
    /// The bytes.
    pub memory: Memory<'a>,
    /// What an item is, in the letters of the `struct` module.
    pub format: &'static str,
    /// Bytes of an item.
    pub itemsize: usize,
    /// Whether views may not write.
    pub readonly: bool,
}

impl<'a> Buffer<'a> {
    /// Plain bytes that views may not write.
    pub fn bytes(bytes: &'a [u8]) -> Buffer<'a> {
        Buffer { memory: Memory::Slice(bytes), format: "B", itemsize: 1, readonly: true }
    }
    /// Plain bytes that views may write.
    pub fn writable(bytes: &'a [u8]) -> Buffer<'a> {
        Buffer { readonly: false, ..Buffer::bytes(bytes) }
    }
}

impl<'a> Memory<'a> {
    /// How many bytes.
    pub fn len(&self) -> usize {
        match self {
            Memory::Slice(s) => s.len(),
            Memory::Shared(s) => s.len(),
        }
    }
    /// No bytes?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Copies the bytes from `at` on; nothing where there are fewer (a lender that does not forbid resizing).
    pub fn copy(&self, at: usize, out: &mut [u8]) {
        match self {
            Memory::Slice(s) => {
                if let Some(from) = s.get(at..at + out.len()) {
                    out.copy_from_slice(from);
                }
            }
            Memory::Shared(s) => s.load(at, out),
        }
    }
    /// A copy of all bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        match self {
            Memory::Slice(s) => s.to_vec(),
            Memory::Shared(s) => s.to_vec(),
        }
    }
}

impl MemoryMut<'_> {
    /// How many bytes.
    pub fn len(&self) -> usize {
        match self {
            MemoryMut::Slice(s) => s.len(),
            MemoryMut::Shared(s) => s.len(),
        }
    }
    /// No bytes?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Overwrites the bytes from `at` on.
    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        match self {
            MemoryMut::Slice(s) => {
                if let Some(to) = s.get_mut(at..at + bytes.len()) {
                    to.copy_from_slice(bytes);
                }
            }
            MemoryMut::Shared(s) => s.store(at, bytes),
        }
    }
}

impl Vm {
    /// Calls `f` with the bytes of a bytes-like object. TypeError "a bytes-like object is required, not 'X'".
    pub fn with_buffer<R>(&mut self, v: &Value, f: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
        if let Some(b) = v.get::<Bytes>() {
            return Ok(f(b.bytes()));
        }
        if v.is_a::<ByteArray>() {
            self.touch_read(v, Part::Whole);
            return Ok(f(v.borrow::<ByteArray>(self).map_or(&[][..], ByteArray::bytes)));
        }
        if v.is_a::<MemoryView>() {
            if let Some((source, range)) = memoryview::plain_range(self, v)? {
                self.touch_read(&source, Part::Whole);
                if let Some(part) = memoryview::source_bytes(self, &source).and_then(|b| b.get(range)) {
                    return Ok(f(part));
                }
            }
            let bytes = memoryview::view_bytes(self, v)?;
            return Ok(f(&bytes));
        }
        if v.buffer(self).is_some() {
            self.touch_read(v, Part::Whole);
            return Ok(match v.buffer(self).map(|b| b.memory) {
                Some(Memory::Slice(s)) => f(s),
                Some(shared) => f(&shared.to_vec()),
                None => f(&[]),
            });
        }
        match self.python_buffer(v)? {
            Some(view) => self.with_buffer(&view, f),
            None => Err(self.not_bytes_like(v)),
        }
    }
    /// A copy of the bytes of a bytes-like object.
    pub fn buffer_bytes(&mut self, v: &Value) -> PyResult<Vec<u8>> {
        self.with_buffer(v, <[u8]>::to_vec)
    }
    /// Calls `f` with the bytes of a writable bytes-like object. What `f` writes is in the object afterwards. TypeError
    /// "read-write bytes-like object expected" for others.
    pub fn with_buffer_mut<R>(&mut self, v: &Value, f: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
        if v.is_a::<MemoryView>() {
            return self.with_view_mut(v, f);
        }
        if v.buffer(self).is_some() {
            self.touch_write(v, Part::Whole);
            match v.buffer_mut(self) {
                Some(MemoryMut::Slice(s)) => return Ok(f(s)),
                Some(mut shared @ MemoryMut::Shared(_)) => {
                    let mut copy = match &shared {
                        MemoryMut::Shared(s) => Memory::Shared(s).to_vec(),
                        MemoryMut::Slice(_) => Vec::new(),
                    };
                    let result = f(&mut copy);
                    shared.write(0, &copy);
                    return Ok(result);
                }
                None => {}
            }
            return Err(self.not_writable(v));
        }
        match self.python_buffer(v)? {
            Some(view) => self.with_buffer_mut(&view, f),
            None => Err(self.not_writable(v)),
        }
    }
    fn with_view_mut<R>(&mut self, v: &Value, f: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
        memoryview::check_writable(self, v)?;
        if let Some((source, range)) = memoryview::plain_range(self, v)? {
            self.touch_write(&source, Part::Whole);
            if let Some(part) = memoryview::source_bytes_mut(self, &source).and_then(|b| b.get_mut(range)) {
                return Ok(f(part));
            }
        }
        let mut bytes = memoryview::view_bytes(self, v)?;
        let result = f(&mut bytes);
        memoryview::write_bytes(self, v, &bytes)?;
        Ok(result)
    }
    /// The bytes of a bytes-like argument whose items must lie one behind the other, copied only where they could change.
    /// TypeError "a bytes-like object is required, not 'X'"; BufferError for a view with gaps.
    pub fn simple_buffer<'a>(&mut self, v: &'a Value) -> PyResult<Cow<'a, [u8]>> {
        if let Some(b) = v.get::<Bytes>() {
            return Ok(Cow::Borrowed(b.bytes()));
        }
        if v.is_a::<MemoryView>() && memoryview::plain_range(self, v)?.is_none() {
            return Err(self.err(Exc::BufferError, "memoryview: underlying buffer is not C-contiguous"));
        }
        self.buffer_bytes(v).map(Cow::Owned)
    }
    /// How many bytes a bytes-like object lends.
    pub fn buffer_len(&mut self, v: &Value) -> PyResult<usize> {
        if let Some(m) = v.borrow::<MemoryView>(self)
            && !m.released()
        {
            return Ok(m.nbytes());
        }
        if let Some(b) = v.buffer(self) {
            return Ok(b.memory.len());
        }
        self.with_buffer(v, <[u8]>::len)
    }
    /// Whether the value has the buffer protocol.
    pub fn is_buffer(&self, v: &Value) -> bool {
        v.is_object() && (v.is_a::<MemoryView>() || v.buffer(self).is_some() || !v.class(self).special(Special::Buffer).is_null())
    }
    /// The view that a `__buffer__` written in Python gives.
    pub(crate) fn python_buffer(&mut self, v: &Value) -> PyResult<Option<Value>> {
        let Some(f) = self.special(v, Special::Buffer) else { return Ok(None) };
        const FULL_RO: i32 = 0x011C;
        let view = self.call_special(&f, &[v.clone(), Value::i32(FULL_RO)])?;
        if !view.is_a::<MemoryView>() {
            return Err(self.type_error("__buffer__ returned non-memoryview object"));
        }
        Ok(Some(view))
    }
    /// "a bytes-like object is required, not 'X'"
    #[cold]
    pub fn not_bytes_like(&mut self, v: &Value) -> Raised {
        let name = self.type_name(v);
        self.err(Exc::TypeError, format!("a bytes-like object is required, not '{name}'"))
    }
    #[cold]
    fn not_writable(&mut self, v: &Value) -> Raised {
        let name = self.type_name(v);
        self.err(Exc::TypeError, format!("a read-write bytes-like object is required, not '{name}'"))
    }
}
