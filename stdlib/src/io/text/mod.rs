//! `TextIOWrapper`: text upon a buffered binary stream (`Modules/_io/textio.c`).
//!
//! Encodings that the machine has are converted by it; others by the incremental codecs that Python knows. Written text waits as
//! bytes (`pending`) until there are enough of them, a line ends on a line-buffered stream, or somebody flushes. Read text is kept
//! decoded, with the bytes that it came from (`snapshot`), so that `tell` can name a place in the middle.

mod coding;
mod read;
mod seek;
mod write;

pub use coding::Config;
pub use write::write_text;

use super::base::TEXT_IO_BASE;
use super::newline::{Newline, Newlines};
use super::store::Store;
use super::{IoType, buffered, no_pickle, unsupported};
use coding::{Decoding, Encoding};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::Part;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::native::{NativeDef, getset, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `TextIOWrapper`.
pub struct TextIo {
    /// `__init__` has succeeded, and nobody has detached the buffer.
    ready: bool,
    detached: bool,
    derived: bool,
    /// The binary stream below; absent when detached.
    buffer: Value,
    /// It is exactly a native buffered stream.
    native: bool,
    /// It has a `read1`.
    has_read1: bool,
    seekable: bool,
    /// `tell` is possible: no iteration is under way.
    telling: bool,
    /// `encoding` and `errors`, as they are shown.
    encoding: Value,
    errors: Value,
    decoding: Option<Decoding>,
    encoding_state: Option<Encoding>,
    newline: Newline,
    newlines: Newlines,
    line_buffering: bool,
    write_through: bool,
    /// Encoded text that waits.
    pending: Store,
    /// Decoded text (WTF-8), given out up to `at`.
    decoded: Vec<u8>,
    at: usize,
    /// Where the decoded text came from.
    snapshot: Option<Snapshot>,
    /// Bytes that are read at once, and characters that wait at most.
    chunk: usize,
    /// Held while a chunk is read, which releases the GIL: readers of several threads get whole lines.
    lock: Value,
    /// Standard stream number, for the event log.
    stdio: Option<i32>,
}

/// What the decoder was given for the decoded text.
#[derive(Clone)]
struct Snapshot {
    /// The decoder's state before.
    flags: u64,
    /// The bytes, those kept from before included.
    input: Vec<u8>,
}

impl Payload for TextIo {
    // the cells are those of the run's `Exit`, which is emptied between runs
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.buffer, &self.encoding, &self.errors, &self.lock].into_iter().for_each(&mut *visit);
        self.decoding.iter().for_each(|d| d.traverse(visit));
        self.encoding_state.iter().for_each(|e| e.traverse(visit));
    }
    // no `clear`: what waits must still find its way to the buffer; a cycle breaks elsewhere
    fn clone_in(&self, c: &mut Cloner) -> TextIo {
        TextIo {
            buffer: c.value(&self.buffer),
            encoding: c.value(&self.encoding),
            errors: c.value(&self.errors),
            lock: c.value(&self.lock),
            decoding: self.decoding.as_ref().map(|d| d.clone_in(c)),
            encoding_state: self.encoding_state.as_ref().map(|e| e.clone_in(c)),
            pending: self.pending.clone_in(c),
            decoded: self.decoded.clone(),
            snapshot: self.snapshot.clone(),
            ..*self
        }
    }
    fn wants_finalizer(&self) -> bool {
        self.derived || self.ready
    }
}

/// `_CHUNK_SIZE` at the start, in bytes.
const CHUNK: usize = 8192;

fn blank(derived: bool) -> TextIo {
    TextIo {
        ready: false,
        detached: false,
        derived,
        buffer: Value::NULL,
        native: false,
        has_read1: false,
        seekable: false,
        telling: false,
        encoding: Value::NONE,
        errors: Value::NONE,
        decoding: None,
        encoding_state: None,
        newline: Newline::Universal,
        newlines: Newlines::default(),
        line_buffering: false,
        write_through: false,
        pending: Store::default(),
        decoded: Vec::new(),
        at: 0,
        snapshot: None,
        chunk: CHUNK,
        lock: Value::NONE,
        stdio: None,
    }
}

fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a TextIo {
    v.borrow::<TextIo>(vm).expect("a TextIOWrapper")
}

fn this_mut<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut TextIo {
    v.borrow_mut::<TextIo>(vm).expect("a TextIOWrapper")
}

/// The buffer below; ValueError where there is none.
fn buffer(vm: &mut Vm, v: &Value) -> PyResult {
    let t = this(vm, v);
    if t.ready {
        return Ok(t.buffer.clone());
    }
    let text = if t.detached { "underlying buffer has been detached" } else { "I/O operation on uninitialized object" };
    Err(vm.value_error(text))
}

/// The buffer below, which must be open.
fn open_buffer(vm: &mut Vm, v: &Value) -> PyResult {
    if this(vm, v).stdio.is_none() {
        vm.touch_write(v, Part::Whole);
    }
    let b = buffer(vm, v)?;
    let closed = match this(vm, v).derived {
        // a class of the user's may say for itself what closed is
        true => super::base::is_closed(vm, v)?,
        false => buffer_closed(vm, v, &b)?,
    };
    if closed { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(b) }
}

fn buffer_closed(vm: &mut Vm, v: &Value, b: &Value) -> PyResult<bool> {
    if this(vm, v).native { buffered::is_closed(vm, b) } else { super::base::is_closed(vm, b) }
}

// --- making them -----------------------------------------------------------------------------------------------------

/// A TextIOWrapper upon a binary stream.
pub fn make(vm: &mut Vm, buffer: &Value, config: Config) -> PyResult {
    let ty = super::class(vm, &TEXT_IO_WRAPPER);
    let v = vm.new_of(&ty, blank(false));
    set_up(vm, &v, buffer, config)?;
    Ok(v)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let native = super::class(vm, &TEXT_IO_WRAPPER);
    Ok(vm.new_of(&args[0], blank(!args[0].is(&native))))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let t = this_mut(vm, v);
    (t.ready, t.detached) = (false, false);
    for (i, name) in [(2, "encoding"), (3, "errors")] {
        coding::opt_str(vm, &args[i], name)?;
    }
    let mut config = Config::parse(vm, &args[2], &args[3], &args[4])?;
    config.line_buffering = vm.truthy(&args[5])?;
    config.write_through = vm.truthy(&args[6])?;
    set_up(vm, v, &args[1], config)?;
    Ok(Value::NONE)
}

fn set_up(vm: &mut Vm, v: &Value, buffer: &Value, config: Config) -> PyResult<()> {
    let native = buffered::is_native(vm, buffer);
    let (readable, writable, seekable) = match native {
        true => buffered::abilities(vm, buffer)?,
        false => {
            let readable = coding::able(vm, buffer, "readable")?;
            let writable = coding::able(vm, buffer, "writable")?;
            (readable, writable, coding::able(vm, buffer, "seekable")?)
        }
    };
    let decoding = if readable { Some(Decoding::new(vm, &config)?) } else { None };
    let mut encoding_state = if writable { Some(Encoding::new(vm, &config)?) } else { None };
    if seekable && writable && config.marks() && coding::position(vm, buffer)? != 0 {
        // in the middle of a text no byte order mark is written
        if let Some(e) = &mut encoding_state {
            e.set_started(vm, true)?;
        }
    }
    let lock = if readable { vm.new_stream_lock() } else { Value::NONE };
    let has_read1 = native || vm.attr_opt(buffer, "read1")?.is_some();
    let t = this_mut(vm, v);
    (t.native, t.has_read1, t.seekable, t.telling) = (native, has_read1, seekable, seekable);
    (t.decoding, t.encoding_state) = (decoding, encoding_state);
    t.newline = config.newline;
    t.newlines = Newlines::new(config.newline == Newline::Universal);
    (t.line_buffering, t.write_through) = (config.line_buffering, config.write_through);
    t.decoded.clear();
    (t.at, t.snapshot) = (0, None);
    let old = (
        std::mem::replace(&mut t.buffer, buffer.clone()),
        std::mem::replace(&mut t.encoding, config.encoding),
        std::mem::replace(&mut t.errors, config.errors),
    );
    t.ready = true;
    let older = std::mem::replace(&mut t.lock, lock);
    drop((old, older));
    Ok(())
}

/// Makes the stream one of the process's standard ones.
pub fn mark_stdio(vm: &mut Vm, v: &Value, n: i32, pending: Store) {
    let t = this_mut(vm, v);
    (t.stdio, t.pending) = (Some(n), pending);
}

/// The descriptor at the bottom, where there is one.
pub fn descriptor(vm: &Vm, v: &Value) -> Option<i32> {
    v.borrow::<TextIo>(vm).filter(|t| t.native).and_then(|t| buffered::descriptor(vm, &t.buffer))
}

/// Whether the value is a TextIOWrapper of any class.
pub fn is_text(vm: &Vm, v: &Value) -> bool {
    v.borrow::<TextIo>(vm).is_some_and(|t| t.ready)
}

// --- methods -----------------------------------------------------------------------------------------------------------

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let b = buffer(vm, v)?;
    let closed = if this(vm, v).derived { super::base::is_closed(vm, v)? } else { buffer_closed(vm, v, &b)? };
    if closed {
        return Ok(Value::NONE);
    }
    let flushed = match this(vm, v).derived {
        true => vm.call_method(v, "flush", &[]).map(drop),
        false => write::flush_all(vm, v),
    };
    let closed = vm.call_method(&b, "close", &[]).map(drop);
    super::chain(vm, flushed, closed)?;
    Ok(Value::NONE)
}

fn detach(vm: &mut Vm, args: &[Value]) -> PyResult {
    let b = buffer(vm, &args[0])?;
    vm.call_method(&args[0], "flush", &[])?;
    let t = this_mut(vm, &args[0]);
    (t.ready, t.detached) = (false, true);
    let old = t.buffer.take();
    drop(old);
    Ok(b)
}

fn ask(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let b = buffer(vm, &args[0])?;
    vm.call_method(&b, name, &[])
}

fn reconfigure(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [v, encoding, errors, newline, line_buffering, write_through] = args else { return Ok(Value::NONE) };
    let changes_reading = !encoding.is_none() || !errors.is_none() || !newline.is_null();
    if changes_reading && (this(vm, v).snapshot.is_some() || !this(vm, v).decoded.is_empty()) {
        return Err(unsupported(vm, "It is not possible to set the encoding or newline of stream after the first read"));
    }
    coding::opt_str(vm, encoding, "encoding")?;
    coding::opt_str(vm, errors, "errors")?;
    let old = this(vm, v).newline;
    let newline = if newline.is_null() { old } else { Newline::parse(vm, newline, false)? };
    let line_buffering = if line_buffering.is_none() { this(vm, v).line_buffering } else { vm.truthy(line_buffering)? };
    let write_through = if write_through.is_none() { this(vm, v).write_through } else { vm.truthy(write_through)? };
    vm.call_method(v, "flush", &[])?;
    if changes_reading {
        let (shown, shown_errors) = (this(vm, v).encoding.clone(), this(vm, v).errors.clone());
        let (e, r) = match (encoding.is_none(), errors.is_none()) {
            (true, true) => (shown, shown_errors),
            (true, false) => (shown, errors.clone()),
            // a new encoding begins with strict errors
            (false, true) => (encoding.clone(), Value::NONE),
            (false, false) => (encoding.clone(), errors.clone()),
        };
        let nl = newline.value(vm);
        let config = Config::parse(vm, &e, &r, &nl)?;
        recode(vm, v, config)?;
    }
    let t = this_mut(vm, v);
    (t.line_buffering, t.write_through) = (line_buffering, write_through);
    Ok(Value::NONE)
}

/// Changes encoding, errors and newline of a stream from which nothing was read.
fn recode(vm: &mut Vm, v: &Value, config: Config) -> PyResult<()> {
    let marks = config.marks();
    let (reads, writes) = (this(vm, v).decoding.is_some(), this(vm, v).encoding_state.is_some());
    let decoding = if reads { Some(Decoding::new(vm, &config)?) } else { None };
    let mut encoding_state = if writes { Some(Encoding::new(vm, &config)?) } else { None };
    let b = buffer(vm, v)?;
    if let Some(e) = &mut encoding_state
        && this(vm, v).seekable
        && marks
        && coding::position(vm, &b)? != 0
    {
        e.set_started(vm, true)?;
    }
    let t = this_mut(vm, v);
    (t.decoding, t.encoding_state, t.newline) = (decoding, encoding_state, config.newline);
    t.newlines = Newlines::new(config.newline == Newline::Universal);
    let old = (std::mem::replace(&mut t.encoding, config.encoding), std::mem::replace(&mut t.errors, config.errors));
    drop(old);
    Ok(())
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    if !this(vm, v).detached {
        buffer(vm, v)?;
    }
    let mut text = format!("<{}", vm.type_name(v));
    if !vm.enter_repr(v) {
        return Err(vm.runtime_error(format!("reentrant call inside {}.__repr__", vm.type_name(v))));
    }
    let parts = shown_parts(vm, v, &mut text);
    vm.leave_repr(v);
    parts?;
    Ok(vm.new_str(text))
}

fn shown_parts(vm: &mut Vm, v: &Value, text: &mut String) -> PyResult<()> {
    for name in ["name", "mode"] {
        let found = match vm.attr_opt(v, name) {
            Err(e) if vm.is_exc(&e, Exc::ValueError) => None,
            r => r?,
        };
        if let Some(found) = found {
            text.push_str(&format!(" {name}={}", vm.repr_text(&found)?));
        }
    }
    let encoding = this(vm, v).encoding.clone();
    text.push_str(&format!(" encoding={}>", vm.repr_text(&encoding)?));
    Ok(())
}

fn set_chunk(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return Err(vm.err(Exc::AttributeError, "cannot delete attribute"));
    }
    buffer(vm, v)?;
    match vm.arg_ssize(&value)? {
        n if n > 0 => this_mut(vm, v).chunk = n as usize,
        _ => return Err(vm.value_error("a strictly positive integer is required")),
    }
    Ok(())
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__init__(self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)", init),
    method("reconfigure(self, /, *, encoding=None, errors=None, newline=NULL, line_buffering=None, write_through=None)", reconfigure)
        .doc("Reconfigure the text stream with new parameters."),
    method("detach(self, /)", detach),
    method("write(self, text, /)", write::write),
    method("read(self, size=-1, /)", read::read),
    method("readline(self, size=-1, /)", read::readline),
    method("__next__(self, /)", read::next),
    method("flush(self, /)", write::flush),
    method("close(self, /)", close),
    method("fileno(self, /)", |vm, a| ask(vm, a, "fileno")),
    method("seekable(self, /)", |vm, a| ask(vm, a, "seekable")),
    method("readable(self, /)", |vm, a| ask(vm, a, "readable")),
    method("writable(self, /)", |vm, a| ask(vm, a, "writable")),
    method("isatty(self, /)", |vm, a| ask(vm, a, "isatty")),
    method("seek(self, cookie, whence=0, /)", seek::seek),
    method("tell(self, /)", seek::tell),
    method("truncate(self, pos=None, /)", seek::truncate),
    method("__repr__(self, /)", repr),
    method("__getstate__(self, /)", no_pickle),
    method("__reduce__(self, /)", no_pickle),
    method("__reduce_ex__(self, protocol, /)", no_pickle),
];

/// `_io.TextIOWrapper`
pub static TEXT_IO_WRAPPER: IoType = IoType {
    def: TypeDef::new("_io.TextIOWrapper", attr_layout::<TextIo>())
        .flags(flags::BASE)
        .doc("Character and line based layer over a BufferedIOBase object, buffer.")
        .methods(METHODS)
        .getset(&[
            getter("encoding", |vm, v| Ok(this(vm, v).encoding.clone())),
            getter("errors", |vm, v| {
                buffer(vm, v)?;
                Ok(this(vm, v).errors.clone())
            }),
            getter("buffer", |vm, v| Ok(this(vm, v).buffer.clone().opt().unwrap_or(Value::NONE))),
            getter("line_buffering", |vm, v| Ok(Value::bool(this(vm, v).line_buffering))),
            getter("write_through", |vm, v| Ok(Value::bool(this(vm, v).write_through))),
            getter("newlines", |vm, v| {
                buffer(vm, v)?;
                let newlines = this(vm, v).newlines;
                Ok(if this(vm, v).newline.universal() { newlines.value(vm) } else { Value::NONE })
            }),
            getter("closed", |vm, v| {
                let b = buffer(vm, v)?;
                vm.attr(&b, "closed")
            }),
            getter("name", |vm, v| {
                let b = buffer(vm, v)?;
                vm.attr(&b, "name")
            }),
            getset("_CHUNK_SIZE", |vm, v| Ok(Value::small_wrap(this(vm, v).chunk as i64)), set_chunk),
        ]),
    base: Some(&TEXT_IO_BASE),
};
