//! `StringIO`: a text stream in memory (`Modules/_io/stringio.c`). Positions count code points; the text is held as WTF-8 beside
//! the byte offset of the position, so that appending and reading on need no search.

use super::base::{TEXT_IO_BASE, str_bytes};
use super::newline::{Newline, Newlines};
use super::{IoType, size_arg};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::Part;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::text::wtf8;
use gilbert_vm::types::native::{NativeDef, getter, method, static_method};
use gilbert_vm::types::str::{MAX_BYTES, Str};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `StringIO`.
#[derive(Clone)]
pub struct StringIo {
    text: Vec<u8>,
    /// Code points of `text`.
    chars: usize,
    /// The position in code points; may lie beyond the end.
    pos: usize,
    /// The byte offset of the position, where it lies within the text.
    byte: usize,
    newline: Newline,
    newlines: Newlines,
    /// `__init__` was called.
    ready: bool,
    closed: bool,
    derived: bool,
}

impl Payload for StringIo {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> StringIo {
        self.clone()
    }
    fn wants_finalizer(&self) -> bool {
        self.derived
    }
}

impl StringIo {
    fn ascii(&self) -> bool {
        self.chars == self.text.len()
    }
    /// What lies behind the position.
    fn rest(&self) -> &[u8] {
        if self.pos >= self.chars { &[] } else { &self.text[self.byte..] }
    }
    /// The byte offset `n` code points behind the position (or the end), and how many there are.
    fn ahead(&self, n: usize) -> (usize, usize) {
        let rest = self.rest();
        if n >= self.chars.saturating_sub(self.pos) {
            return (self.text.len(), self.chars.saturating_sub(self.pos));
        }
        if self.ascii() { (self.byte + n, n) } else { (self.byte + wtf8::byte_of(rest, n), n) }
    }
    fn move_to(&mut self, pos: usize) {
        self.pos = pos;
        self.byte = if pos >= self.chars {
            self.text.len()
        } else if self.ascii() {
            pos
        } else {
            wtf8::byte_of(&self.text, pos)
        };
    }
    /// Gives out `bytes` bytes that are `chars` code points.
    fn give(&mut self, bytes: usize, chars: usize) -> Vec<u8> {
        let part = self.text[self.byte..self.byte + bytes].to_vec();
        self.byte += bytes;
        self.pos += chars;
        part
    }
    /// Overwrites from the position on.
    fn put(&mut self, new: &[u8], chars: usize) {
        if self.pos > self.chars {
            self.text.resize(self.text.len() + self.pos - self.chars, 0);
            self.chars = self.pos;
            self.byte = self.text.len();
        }
        if self.pos == self.chars {
            self.text.extend_from_slice(new);
            self.chars += chars;
        } else {
            let (end, gone) = self.ahead(chars);
            self.text.splice(self.byte..end, new.iter().copied());
            self.chars = self.chars - gone + chars;
        }
        self.pos += chars;
        self.byte += new.len();
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut StringIo {
    v.borrow_mut::<StringIo>(vm).expect("a StringIO")
}

/// The open stream.
fn open<'a>(vm: &'a mut Vm, v: &'a Value) -> PyResult<&'a mut StringIo> {
    vm.touch_write(v, Part::Whole);
    let s = this(vm, v);
    let text = match (s.ready, s.closed) {
        (false, _) => "I/O operation on uninitialized object",
        (true, true) => "I/O operation on closed file",
        (true, false) => return Ok(this(vm, v)),
    };
    Err(vm.value_error(text))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let native = super::class(vm, &STRING_IO);
    let derived = !args[0].is(&native);
    let blank =
        StringIo { text: Vec::new(), chars: 0, pos: 0, byte: 0, newline: Newline::Lf, newlines: Newlines::default(), ready: false, closed: false, derived };
    Ok(vm.new_of(&args[0], blank))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let newline = Newline::parse(vm, &args[2], true)?;
    if !args[1].is_none() && !args[1].is_a::<Str>() {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("initial_value must be str or None, not {name}")));
    }
    vm.touch_write(&args[0], Part::Whole);
    let s = this(vm, &args[0]);
    (s.chars, s.pos, s.byte, s.closed, s.ready) = (0, 0, 0, false, true);
    s.text = Vec::new();
    s.newline = newline;
    s.newlines = Newlines::new(newline == Newline::Universal);
    if args[1].is_a::<Str>() {
        put(vm, &args[0], &args[1])?;
        this(vm, &args[0]).move_to(0);
    }
    Ok(Value::NONE)
}

fn put(vm: &mut Vm, v: &Value, text: &Value) -> PyResult<()> {
    let given = text.get::<Str>().expect("checked by the caller");
    let s = open(vm, v)?;
    if s.pos + s.text.len() + given.bytes().len() > MAX_BYTES {
        return Err(vm.memory_error());
    }
    if s.newline == Newline::Lf || !s.newline.universal() && memchr::memchr(b'\n', given.bytes()).is_none() {
        s.put(given.bytes(), given.char_len());
        return Ok(());
    }
    let mut bytes = given.bytes().to_vec();
    if s.newline.universal() {
        bytes = s.newlines.feed(bytes, true);
    }
    if let Some(nl) = s.newline.written() {
        bytes = replace_newlines(&bytes, nl);
    }
    let chars = wtf8::len(&bytes);
    s.put(&bytes, chars);
    Ok(())
}

/// Every `\n` becomes `nl`.
pub fn replace_newlines(text: &[u8], nl: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 16);
    for (i, part) in text.split(|&b| b == b'\n').enumerate() {
        if i > 0 {
            out.extend_from_slice(nl);
        }
        out.extend_from_slice(part);
    }
    out
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(n) = args[1].get::<Str>().map(Str::char_len) else {
        let name = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("string argument expected, got '{name}'")));
    };
    open(vm, &args[0])?;
    if n > 0 {
        put(vm, &args[0], &args[1])?;
    }
    Ok(Value::small_wrap(n as i64))
}

fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    open(vm, &args[0])?;
    let n = size_arg(vm, &args[1])?.unwrap_or(usize::MAX);
    let s = this(vm, &args[0]);
    if s.rest().is_empty() {
        return Ok(vm.new_str(""));
    }
    let (end, chars) = s.ahead(n);
    let bytes = end - s.byte;
    let part = s.give(bytes, chars);
    Ok(vm.new_str_wtf8(part))
}

/// The next line; empty at the end.
fn line(vm: &mut Vm, v: &Value, limit: Option<usize>) -> PyResult<Vec<u8>> {
    let s = open(vm, v)?;
    let rest = s.rest();
    let mut bytes = s.newline.line_end(rest).unwrap_or(rest.len());
    if let Some(limit) = limit {
        let (end, _) = s.ahead(limit);
        bytes = bytes.min(if rest.is_empty() { 0 } else { end - s.byte });
    }
    if bytes == 0 {
        return Ok(Vec::new());
    }
    let chars = if s.ascii() { bytes } else { wtf8::len(&rest[..bytes]) };
    Ok(s.give(bytes, chars))
}

fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    open(vm, &args[0])?;
    let limit = size_arg(vm, &args[1])?;
    let part = line(vm, &args[0], limit)?;
    Ok(vm.new_str_wtf8(part))
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    if this(vm, &args[0]).derived {
        let line = vm.call_method(&args[0], "readline", &[])?;
        return Ok(if vm.len(&line)? == 0 { Value::NULL } else { line });
    }
    let part = line(vm, &args[0], None)?;
    Ok(if part.is_empty() { Value::NULL } else { vm.new_str_wtf8(part) })
}

fn seek(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (pos, whence) = (vm.arg_ssize(&args[1])?, vm.arg_int(&args[2])?);
    open(vm, &args[0])?;
    if !(0..=2).contains(&whence) {
        return Err(vm.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)")));
    }
    if pos < 0 && whence == 0 {
        return Err(vm.value_error(format!("Negative seek position {pos}")));
    }
    if whence != 0 && pos != 0 {
        return Err(vm.err(Exc::OSError, "Can't do nonzero cur-relative seeks"));
    }
    let s = this(vm, &args[0]);
    let at = match whence {
        0 => pos as usize,
        1 => s.pos,
        _ => s.chars,
    };
    s.move_to(at);
    Ok(Value::small_wrap(at as i64))
}

fn tell(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(open(vm, &args[0])?.pos as i64))
}

fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let pos = open(vm, &args[0])?.pos;
    let size = if args[1].is_none() { pos as isize } else { vm.arg_ssize(&args[1])? };
    if size < 0 {
        return Err(vm.value_error(format!("Negative size value {size}")));
    }
    let s = this(vm, &args[0]);
    if (size as usize) < s.chars {
        let end = if s.ascii() { size as usize } else { wtf8::byte_of(&s.text, size as usize) };
        s.text.truncate(end);
        s.chars = size as usize;
        s.move_to(pos);
    }
    Ok(Value::small_wrap(size as i64))
}

fn getvalue(vm: &mut Vm, args: &[Value]) -> PyResult {
    let text = open(vm, &args[0])?.text.clone();
    Ok(vm.new_str_wtf8(text))
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    let s = this(vm, &args[0]);
    s.closed = true;
    s.text = Vec::new();
    (s.chars, s.pos, s.byte) = (0, 0, 0);
    Ok(Value::NONE)
}

fn yes(vm: &mut Vm, args: &[Value]) -> PyResult {
    open(vm, &args[0])?;
    Ok(Value::TRUE)
}

fn getstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let value = getvalue(vm, args)?;
    let (newline, pos) = (this(vm, &args[0]).newline, this(vm, &args[0]).pos);
    let newline = newline.value(vm);
    let dict = vm.instance_dict(&args[0]).map_or(Ok(Value::NONE), |d| vm.call_method(&d, "copy", &[]))?;
    Ok(vm.new_tuple(vec![value, newline, Value::small_wrap(pos as i64), dict]))
}

fn setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let [value, newline, pos, dict] = items.as_slice() else {
        let (ty, got) = (vm.type_name(&args[0]), vm.type_name(&args[1]));
        return Err(vm.type_error(format!("{ty}.__setstate__ argument should be 4-tuple, got {got}")));
    };
    // the value is taken as it is: its newlines have been translated already
    init(vm, &[args[0].clone(), Value::NONE, newline.clone()])?;
    let at = vm.arg_ssize(pos)?;
    if at < 0 {
        return Err(vm.value_error("position value cannot be negative"));
    }
    let s = this(vm, &args[0]);
    s.put(str_bytes(value), value.get::<Str>().map_or(0, Str::char_len));
    s.move_to(at as usize);
    if !dict.is_none()
        && let Some(own) = vm.instance_dict(&args[0])
    {
        vm.dict_update(&own, dict)?;
    }
    Ok(Value::NONE)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__init__(self, initial_value='', newline='\n')", init),
    method("read(self, size=-1, /)", read).doc("Read at most size characters, returned as a string."),
    method("readline(self, size=-1, /)", readline).doc("Read until newline or EOF."),
    method("__next__(self, /)", next),
    method("write(self, s, /)", write).doc("Write string to file."),
    method("tell(self, /)", tell).doc("Tell the current file position."),
    method("seek(self, pos, whence=0, /)", seek).doc("Change stream position."),
    method("truncate(self, pos=None, /)", truncate).doc("Truncate size to pos."),
    method("getvalue(self, /)", getvalue).doc("Retrieve the entire contents of the object."),
    method("close(self, /)", close).doc("Close the IO object."),
    method("readable(self, /)", yes),
    method("writable(self, /)", yes),
    method("seekable(self, /)", yes),
    method("__getstate__(self, /)", getstate),
    method("__setstate__(self, state, /)", setstate),
];

/// `_io.StringIO`
pub static STRING_IO: IoType = IoType {
    def: TypeDef::new("_io.StringIO", attr_layout::<StringIo>())
        .flags(flags::BASE)
        .doc("Text I/O implementation using an in-memory buffer.")
        .methods(METHODS)
        .getset(&[
            getter("closed", |vm, v| Ok(Value::bool(this(vm, v).closed))),
            getter("line_buffering", |vm, v| open(vm, v).map(|_| Value::FALSE)),
            getter("newlines", |vm, v| {
                let newlines = open(vm, v)?.newlines;
                Ok(newlines.value(vm))
            }),
        ]),
    base: Some(&TEXT_IO_BASE),
};
