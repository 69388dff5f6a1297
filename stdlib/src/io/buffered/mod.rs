//! `BufferedReader`, `BufferedWriter`, `BufferedRandom` (`Modules/_io/bufferedio.c`).
//!
//! One payload for all three: bytes read ahead (`ahead`, given out up to `at`) and bytes that wait to be written (`waiting`); never both at
//! once. Whatever the buffers can answer is answered at once, with the GIL held throughout; what needs the raw stream takes the
//! stream's lock first, since the GIL is released below.

mod read;
mod seek;
mod write;

pub use read::{read_chunk, read_rest};
pub use write::{flush_native, write_bytes};

use super::base::{BUFFERED_IO_BASE, check_able};
use super::raw::Raw;
use super::store::Store;
use super::{BUFFER_SIZE, IoType, file_io, no_pickle, repr_with_name};
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::Part;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::native::{GetSet, NativeDef, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of the three classes.
pub struct Buffered {
    raw: Raw,
    /// `__init__` has succeeded, and nobody has detached the raw stream.
    ready: bool,
    detached: bool,
    readable: bool,
    writable: bool,
    /// Bytes that the buffer holds at most.
    size: usize,
    /// Bytes read from the raw stream.
    ahead: Vec<u8>,
    /// How many of them have been given out.
    at: usize,
    /// Bytes that wait to be written.
    waiting: Store,
    /// Held while the raw stream is called.
    lock: Value,
    /// An instance of a class written in Python, whose methods may be its own.
    derived: bool,
}

impl Payload for Buffered {
    // the cells are those of the run's `Exit`, which is emptied between runs
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const FINALIZER_RANK: u8 = 1;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.raw.object);
        visit(&self.lock);
    }
    // no `clear`: what waits must still find its way to the raw stream; a cycle breaks elsewhere
    fn clone_in(&self, c: &mut Cloner) -> Buffered {
        Buffered {
            raw: Raw { object: c.value(&self.raw.object), native: self.raw.native },
            ahead: self.ahead.clone(),
            waiting: self.waiting.clone_in(c),
            lock: c.value(&self.lock),
            ..*self
        }
    }
    fn wants_finalizer(&self) -> bool {
        self.derived || self.ready
    }
}

impl Buffered {
    fn blank(derived: bool) -> Buffered {
        Buffered {
            raw: Raw::default(),
            ready: false,
            detached: false,
            readable: false,
            writable: false,
            size: BUFFER_SIZE,
            ahead: Vec::new(),
            at: 0,
            waiting: Store::default(),
            lock: Value::NONE,
            derived,
        }
    }
    /// What was read and not given out.
    fn rest(&self) -> &[u8] {
        &self.ahead[self.at..]
    }
    /// Forgets what was read ahead.
    fn reset(&mut self) {
        self.ahead.clear();
        self.at = 0;
    }
    /// Gives out the next `n` bytes of what was read.
    fn give(&mut self, n: usize) -> Vec<u8> {
        let part = self.ahead[self.at..self.at + n].to_vec();
        self.at += n;
        part
    }
}

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a Buffered {
    v.borrow::<Buffered>(vm).expect("a buffered stream")
}

fn this_mut<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Buffered {
    v.borrow_mut::<Buffered>(vm).expect("a buffered stream")
}

/// Whether the buffers may be looked at without the lock: nobody is in the raw stream.
fn is_free(vm: &Vm, v: &Value) -> bool {
    super::lock::is_free(vm, &this(vm, v).lock)
}

/// Runs `f` with the stream's lock held.
fn locked<R>(vm: &mut Vm, v: &Value, f: impl FnOnce(&mut Vm) -> PyResult<R>) -> PyResult<R> {
    let lock = this(vm, v).lock.clone();
    super::lock::locked(vm, v, &lock, f)
}

#[cold]
fn not_ready(vm: &mut Vm, v: &Value) -> Raised {
    vm.value_error(if this(vm, v).detached { "raw stream has been detached" } else { "I/O operation on uninitialized object" })
}

/// The raw stream; ValueError where there is none.
fn raw(vm: &mut Vm, v: &Value) -> PyResult<Raw> {
    let b = this(vm, v);
    if b.ready { Ok(b.raw.clone()) } else { Err(not_ready(vm, v)) }
}

/// The raw stream, which must be open: ValueError with this text otherwise.
fn open_raw(vm: &mut Vm, v: &Value, text: &str) -> PyResult<Raw> {
    vm.touch_write(v, Part::Whole);
    let raw = raw(vm, v)?;
    if raw.closed(vm)? { Err(vm.value_error(text)) } else { Ok(raw) }
}

// --- making them -----------------------------------------------------------------------------------------------------

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut derived = true;
    for t in [&READER, &WRITER, &RANDOM] {
        derived &= !args[0].is(&super::class(vm, t));
    }
    Ok(vm.new_of(&args[0], Buffered::blank(derived)))
}

fn init(vm: &mut Vm, args: &[Value], readable: bool, writable: bool) -> PyResult {
    let (v, object) = (&args[0], &args[1]);
    let b = this_mut(vm, v);
    (b.ready, b.detached) = (false, false);
    for (able, what) in [(readable && writable, "seekable"), (readable, "readable"), (writable, "writable")] {
        if able {
            check_able(vm, object, what)?;
        }
    }
    let size = match vm.arg_ssize(&args[2])? {
        n if n > 0 => n as usize,
        _ => return Err(vm.value_error("buffer size must be strictly positive")),
    };
    set_up(vm, v, object, size, readable, writable);
    Ok(Value::NONE)
}

fn set_up(vm: &mut Vm, v: &Value, object: &Value, size: usize, readable: bool, writable: bool) {
    let (raw, lock) = (Raw::new(vm, object), vm.new_stream_lock());
    let b = this_mut(vm, v);
    let old = std::mem::replace(&mut b.raw, raw);
    b.reset();
    (b.lock, b.size, b.readable, b.writable, b.ready) = (lock, size, readable, writable, true);
    drop(old);
}

/// A buffered stream of a native class upon a raw one that is known to be able.
pub fn make(vm: &mut Vm, class: &'static IoType, object: &Value, size: usize) -> Value {
    let ty = super::class(vm, class);
    let v = vm.new_of(&ty, Buffered::blank(false));
    let (readable, writable) = (!std::ptr::eq(class, &WRITER), !std::ptr::eq(class, &READER));
    set_up(vm, &v, object, size, readable, writable);
    v
}

/// Has the stream's writes wait in this store.
pub fn keep_writes_in(vm: &mut Vm, v: &Value, store: Store) {
    this_mut(vm, v).waiting = store;
}

/// Whether the value is exactly one of the three classes.
pub fn is_native(vm: &mut Vm, v: &Value) -> bool {
    v.borrow::<Buffered>(vm).is_some_and(|b| !b.derived)
}

/// Whether the value is a buffered stream of any class.
pub fn is_buffered(vm: &Vm, v: &Value) -> bool {
    v.borrow::<Buffered>(vm).is_some_and(|b| b.ready)
}

/// The descriptor below, where it is a FileIO's.
pub fn descriptor(vm: &Vm, v: &Value) -> Option<i32> {
    v.borrow::<Buffered>(vm).filter(|b| b.ready && b.raw.native).map(|b| file_io::descriptor(vm, &b.raw.object))
}

// --- what is handed on to the raw stream -----------------------------------------------------------------------------

fn ask(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let raw = raw(vm, &args[0])?;
    vm.call_method(&raw.object, name, &[])
}

fn attribute(vm: &mut Vm, v: &Value, name: &str) -> PyResult {
    let raw = raw(vm, v)?;
    vm.attr(&raw.object, name)
}

fn closed(vm: &mut Vm, v: &Value) -> PyResult {
    let raw = raw(vm, v)?;
    if raw.native { Ok(Value::bool(file_io::is_closed(vm, &raw.object))) } else { vm.attr(&raw.object, "closed") }
}

fn simple_flush(vm: &mut Vm, args: &[Value]) -> PyResult {
    let raw = raw(vm, &args[0])?;
    if raw.native {
        return match file_io::is_closed(vm, &raw.object) {
            true => Err(vm.value_error("I/O operation on closed file.")),
            false => Ok(Value::NONE),
        };
    }
    vm.call_method(&raw.object, "flush", &[])
}

fn detach(vm: &mut Vm, args: &[Value]) -> PyResult {
    let raw = raw(vm, &args[0])?;
    vm.call_method(&args[0], "flush", &[])?;
    let b = this_mut(vm, &args[0]);
    (b.ready, b.detached) = (false, true);
    b.reset();
    let held = std::mem::take(&mut b.raw);
    drop(held);
    Ok(raw.object)
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let raw = raw(vm, v)?;
    if raw.closed(vm)? {
        return Ok(Value::NONE);
    }
    let flushed = match this(vm, v).derived {
        true => vm.call_method(v, "flush", &[]).map(drop),
        false if this(vm, v).writable => flush_native(vm, v),
        false => simple_flush(vm, args).map(drop),
    };
    let closed = if raw.native { file_io::close_native(vm, &raw.object) } else { vm.call_method(&raw.object, "close", &[]).map(drop) };
    // what could not be written is lost
    let b = this_mut(vm, v);
    b.reset();
    b.waiting.take();
    super::chain(vm, flushed, closed)?;
    Ok(Value::NONE)
}

// --- the classes -------------------------------------------------------------------------------------------------------

/// What all three have.
macro_rules! common {
    () => {
        [
            static_method("__new__(cls, /, *args, **kwargs)", new),
            method("detach(self, /)", detach),
            method("close(self, /)", close),
            method("seekable(self, /)", |vm, a| ask(vm, a, "seekable")),
            method("fileno(self, /)", |vm, a| ask(vm, a, "fileno")),
            method("isatty(self, /)", |vm, a| ask(vm, a, "isatty")),
            method("seek(self, target, whence=0, /)", seek::seek),
            method("tell(self, /)", seek::tell),
            method("truncate(self, pos=None, /)", seek::truncate),
            method("__repr__(self, /)", |vm, a| repr_with_name(vm, &a[0])),
            method("__getstate__(self, /)", no_pickle),
            method("__reduce__(self, /)", no_pickle),
            method("__reduce_ex__(self, protocol, /)", no_pickle),
        ]
    };
}

const READING: [NativeDef; 8] = [
    method("readable(self, /)", |vm, a| ask(vm, a, "readable")),
    method("read(self, size=-1, /)", read::read),
    method("read1(self, size=-1, /)", read::read1),
    method("readinto(self, buffer, /)", read::readinto),
    method("readinto1(self, buffer, /)", read::readinto1),
    method("peek(self, size=0, /)", read::peek),
    method("readline(self, size=-1, /)", read::readline),
    method("__next__(self, /)", read::next),
];

const WRITING: [NativeDef; 3] =
    [method("writable(self, /)", |vm, a| ask(vm, a, "writable")), method("write(self, buffer, /)", write::write), method("flush(self, /)", write::flush)];

/// Two tables of methods one behind the other.
const fn join<const A: usize, const B: usize, const N: usize>(a: [NativeDef; A], b: [NativeDef; B]) -> [NativeDef; N] {
    assert!(A + B == N);
    let mut all = [a[0]; N];
    let mut i = 0;
    while i < N {
        all[i] = if i < A { a[i] } else { b[i - A] };
        i += 1;
    }
    all
}

const READER_METHODS: [NativeDef; 23] = join::<21, 2, 23>(
    join::<13, 8, 21>(common!(), READING),
    [method("__init__(self, raw, buffer_size=8192)", |vm, a| init(vm, a, true, false)), method("flush(self, /)", simple_flush)],
);
const WRITER_METHODS: [NativeDef; 17] =
    join::<16, 1, 17>(join::<13, 3, 16>(common!(), WRITING), [method("__init__(self, raw, buffer_size=8192)", |vm, a| init(vm, a, false, true))]);
const RANDOM_METHODS: [NativeDef; 25] = join::<24, 1, 25>(
    join::<21, 3, 24>(join::<13, 8, 21>(common!(), READING), WRITING),
    [method("__init__(self, raw, buffer_size=8192)", |vm, a| init(vm, a, true, true))],
);

const GETSET: &[GetSet] = &[
    getter("closed", closed),
    getter("name", |vm, v| attribute(vm, v, "name")),
    getter("mode", |vm, v| attribute(vm, v, "mode")),
    getter("raw", |vm, v| Ok(this(vm, v).raw.object.clone().opt().unwrap_or(Value::NONE))),
];

/// `_io.BufferedReader`
pub static READER: IoType = IoType {
    def: TypeDef::new("_io.BufferedReader", attr_layout::<Buffered>())
        .flags(flags::BASE)
        .doc("Create a new buffered reader using the given readable raw IO object.")
        .methods(&READER_METHODS)
        .getset(GETSET),
    base: Some(&BUFFERED_IO_BASE),
};
/// `_io.BufferedWriter`
pub static WRITER: IoType = IoType {
    def: TypeDef::new("_io.BufferedWriter", attr_layout::<Buffered>())
        .flags(flags::BASE)
        .doc("A buffer for a writeable sequential RawIO object.")
        .methods(&WRITER_METHODS)
        .getset(GETSET),
    base: Some(&BUFFERED_IO_BASE),
};
/// `_io.BufferedRandom`
pub static RANDOM: IoType = IoType {
    def: TypeDef::new("_io.BufferedRandom", attr_layout::<Buffered>())
        .flags(flags::BASE)
        .doc("A buffered interface to random access streams.")
        .methods(&RANDOM_METHODS)
        .getset(GETSET),
    base: Some(&BUFFERED_IO_BASE),
};

/// Whether the raw stream below is closed.
pub fn is_closed(vm: &mut Vm, v: &Value) -> PyResult<bool> {
    raw(vm, v)?.closed(vm)
}

/// Whether the stream can read, write, and seek.
pub fn abilities(vm: &mut Vm, v: &Value) -> PyResult<(bool, bool, bool)> {
    let raw = raw(vm, v)?;
    let seekable = match raw.native {
        true => file_io::is_seekable(vm, &raw.object)?,
        false => {
            let r = vm.call_method(&raw.object, "seekable", &[])?;
            vm.truthy(&r)?
        }
    };
    let b = this(vm, v);
    Ok((b.readable, b.writable, seekable))
}

/// Whether the stream was made for writing.
pub fn is_writable(vm: &Vm, v: &Value) -> bool {
    this(vm, v).writable
}
