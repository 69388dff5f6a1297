//! The machine that pickles are programs of.

use super::load::{Options, set_protocol};
use super::{Table, UNPICKLING_ERROR, global, op};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::num::Int;
use gilbert_vm::num::int::Order;
use gilbert_vm::types::T;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::Kwargs;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Where the bytes come from. From a file exactly what is needed is read, as others may read on.
pub struct Input {
    bytes: Vec<u8>,
    at: usize,
    /// `read` and `readline` of the file; absent for bytes.
    read: Value,
    readline: Value,
}

impl Input {
    /// All is here.
    pub fn of_bytes(bytes: Vec<u8>) -> Input {
        Input { bytes, at: 0, read: Value::NULL, readline: Value::NULL }
    }
    /// From an object with `read` and `readline`.
    pub fn of_file(vm: &mut Vm, file: &Value) -> PyResult<Input> {
        Ok(Input { bytes: Vec::new(), at: 0, read: vm.attr(file, "read")?, readline: vm.attr(file, "readline")? })
    }
    fn left(&self) -> usize {
        self.bytes.len() - self.at
    }
    /// Asks the file for more bytes; what it gave is appended.
    fn fetch(&mut self, vm: &mut Vm, f: &Value, args: &[Value], what: &str) -> PyResult<()> {
        let got = vm.call(f, args)?;
        let Some(b) = got.get::<Bytes>() else {
            let name = vm.type_name(&got);
            return Err(vm.type_error(format!("{what}() returned non-bytes object ({name})")));
        };
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(b.bytes());
        Ok(())
    }
    /// Whether `n` bytes are there, once the file was asked.
    fn have(&mut self, vm: &mut Vm, n: usize) -> PyResult<bool> {
        if self.left() < n && !self.read.is_null() {
            let (read, missing) = (self.read.clone(), n - self.left());
            self.fetch(vm, &read, &[Value::small_wrap(missing.min(1 << 46) as i64)], "read")?;
        }
        Ok(self.left() >= n)
    }
    /// The next `n` bytes. UnpicklingError "pickle data was truncated".
    fn take(&mut self, vm: &mut Vm, n: usize) -> PyResult<&[u8]> {
        if !self.have(vm, n)? {
            return Err(truncated(vm));
        }
        self.at += n;
        Ok(&self.bytes[self.at - n..self.at])
    }
    /// A line without its end.
    fn line(&mut self, vm: &mut Vm) -> PyResult<Vec<u8>> {
        loop {
            if let Some(n) = self.bytes[self.at..].iter().position(|b| *b == b'\n') {
                let line = self.bytes[self.at..self.at + n].to_vec();
                self.at += n + 1;
                return Ok(line);
            }
            let before = self.left();
            if !self.readline.is_null() {
                let readline = self.readline.clone();
                self.fetch(vm, &readline, &[], "readline")?;
            }
            if self.left() == before {
                return Err(truncated(vm));
            }
        }
    }
}

#[cold]
fn truncated(vm: &mut Vm) -> Raised {
    UNPICKLING_ERROR.raise(vm, "pickle data was truncated")
}
#[cold]
fn wrong<R>(vm: &mut Vm, text: &str) -> PyResult<R> {
    Err(UNPICKLING_ERROR.raise(vm, text))
}

/// One pickle being read.
pub struct Loader {
    input: Input,
    options: Options,
    buffers: Value,
    /// Overrides, absent where there are none.
    pub persistent_load: Value,
    pub find_class: Value,
    /// The `Unpickler`, to be told the protocol; absent for `loads`.
    pub unpickler: Value,
    pub memo: Table<u64, Value>,
    stack: Vec<Value>,
    marks: Vec<usize>,
    proto: u8,
}

impl Loader {
    /// A fresh machine.
    pub fn new(input: Input, options: Options, buffers: Value) -> Loader {
        Loader {
            input,
            options,
            buffers,
            persistent_load: Value::NULL,
            find_class: Value::NULL,
            unpickler: Value::NULL,
            memo: Table::default(),
            stack: Vec::new(),
            marks: Vec::new(),
            proto: 0,
        }
    }
    /// Runs the program; what is on top of the stack at its end.
    pub fn load(&mut self, vm: &mut Vm) -> PyResult {
        loop {
            if !self.input.have(vm, 1)? {
                return Err(vm.err(Exc::EOFError, "Ran out of input"));
            }
            let opcode = self.input.take(vm, 1)?[0];
            if opcode == op::STOP {
                return self.pop(vm);
            }
            self.step(vm, opcode)?;
        }
    }

    // --- the stack ------------------------------------------------------------------------------------------

    fn fence(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }
    #[cold]
    fn underflow<R>(&self, vm: &mut Vm) -> PyResult<R> {
        wrong(vm, if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" })
    }
    fn push(&mut self, v: Value) -> PyResult<()> {
        self.stack.push(v);
        Ok(())
    }
    fn pop(&mut self, vm: &mut Vm) -> PyResult {
        if self.stack.len() <= self.fence() {
            return self.underflow(vm);
        }
        Ok(self.stack.pop().unwrap_or(Value::NONE))
    }
    fn top(&mut self, vm: &mut Vm) -> PyResult {
        match self.stack.last() {
            Some(v) if self.stack.len() > self.fence() => Ok(v.clone()),
            _ => self.underflow(vm),
        }
    }
    /// The values above the last mark, which goes.
    fn pop_mark(&mut self, vm: &mut Vm) -> PyResult<Vec<Value>> {
        match self.marks.pop() {
            Some(at) => Ok(self.stack.split_off(at.min(self.stack.len()))),
            None => wrong(vm, "could not find MARK"),
        }
    }
    /// The last `n` values.
    fn pop_many(&mut self, vm: &mut Vm, n: usize) -> PyResult<Vec<Value>> {
        if self.stack.len() < self.fence() + n {
            return self.underflow(vm);
        }
        Ok(self.stack.split_off(self.stack.len() - n))
    }

    // --- operands -------------------------------------------------------------------------------------------

    fn number(&mut self, vm: &mut Vm, size: usize) -> PyResult<u64> {
        let mut word = [0; 8];
        word[..size].copy_from_slice(self.input.take(vm, size)?);
        Ok(u64::from_le_bytes(word))
    }
    /// A length in `size` bytes, and that many bytes.
    fn counted(&mut self, vm: &mut Vm, size: usize, what: &str) -> PyResult<&[u8]> {
        let n = self.number(vm, size)?;
        if n > isize::MAX as u64 {
            return Err(vm.err(Exc::OverflowError, format!("{what} exceeds system's maximum size of {} bytes", isize::MAX)));
        }
        self.input.take(vm, n as usize)
    }
    /// A line that is not empty, as text.
    fn line_text(&mut self, vm: &mut Vm) -> PyResult<String> {
        let line = self.input.line(vm)?;
        if line.is_empty() { Err(truncated(vm)) } else { Ok(String::from_utf8_lossy(&line).into_owned()) }
    }

    // --- opcodes --------------------------------------------------------------------------------------------

    fn step(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        match opcode {
            op::NONE => self.push(Value::NONE),
            op::NEWTRUE => self.push(Value::TRUE),
            op::NEWFALSE => self.push(Value::FALSE),
            op::BININT1 => {
                let n = self.number(vm, 1)?;
                self.push(Value::small_wrap(n as i64))
            }
            op::BININT2 => {
                let n = self.number(vm, 2)?;
                self.push(Value::small_wrap(n as i64))
            }
            op::BININT => {
                let n = self.number(vm, 4)?;
                self.push(Value::i32(n as i32))
            }
            op::INT | op::LONG | op::FLOAT => self.number_line(vm, opcode),
            op::LONG1 | op::LONG4 => self.long(vm, opcode),
            op::BINFLOAT => {
                let n = self.number(vm, 8)?;
                self.push(Value::float(f64::from_bits(n.swap_bytes())))
            }
            op::STRING | op::BINSTRING | op::SHORT_BINSTRING => self.old_string(vm, opcode),
            op::UNICODE | op::BINUNICODE | op::SHORT_BINUNICODE | op::BINUNICODE8 => self.text(vm, opcode),
            op::BINBYTES | op::SHORT_BINBYTES | op::BINBYTES8 | op::BYTEARRAY8 => self.bytes(vm, opcode),
            op::NEXT_BUFFER | op::READONLY_BUFFER => self.buffer(vm, opcode),
            op::MARK => {
                self.marks.push(self.stack.len());
                Ok(())
            }
            op::POP => {
                if self.marks.last() == Some(&self.stack.len()) {
                    self.marks.pop();
                    return Ok(());
                }
                self.pop(vm).map(drop)
            }
            op::POP_MARK => self.pop_mark(vm).map(drop),
            op::DUP => {
                let v = self.top(vm)?;
                self.push(v)
            }
            op::EMPTY_TUPLE | op::TUPLE | op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => self.tuple(vm, opcode),
            op::EMPTY_LIST => {
                let v = vm.new_list(Vec::new());
                self.push(v)
            }
            op::EMPTY_DICT => {
                let v = vm.new_dict();
                self.push(v)
            }
            op::EMPTY_SET | op::FROZENSET => self.set(vm, opcode),
            op::LIST => {
                let items = self.pop_mark(vm)?;
                let v = vm.new_list(items);
                self.push(v)
            }
            op::DICT => {
                let items = self.pop_mark(vm)?;
                if items.len() % 2 != 0 {
                    return wrong(vm, "odd number of items for DICT");
                }
                let v = vm.new_dict();
                self.set_items(vm, &v, &items)?;
                self.push(v)
            }
            op::APPEND => {
                let item = self.pop(vm)?;
                let list = self.top(vm)?;
                append(vm, &list, vec![item])
            }
            op::APPENDS => {
                let items = self.pop_mark(vm)?;
                let list = self.top(vm)?;
                append(vm, &list, items)
            }
            op::SETITEM => {
                let items = self.pop_many(vm, 2)?;
                let dict = self.top(vm)?;
                self.set_items(vm, &dict, &items)
            }
            op::SETITEMS => {
                let items = self.pop_mark(vm)?;
                let dict = self.top(vm)?;
                self.set_items(vm, &dict, &items)
            }
            op::ADDITEMS => {
                let items = self.pop_mark(vm)?;
                let set = self.top(vm)?;
                add(vm, &set, items)
            }
            op::GET | op::BINGET | op::LONG_BINGET => self.get(vm, opcode),
            op::PUT | op::BINPUT | op::LONG_BINPUT | op::MEMOIZE => self.put(vm, opcode),
            op::PROTO => self.protocol(vm),
            op::FRAME => self.frame(vm),
            _ => self.step_object(vm, opcode),
        }
    }
    /// Opcodes that look classes up and call.
    fn step_object(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        match opcode {
            op::GLOBAL => {
                let (module, name) = (self.line_text(vm)?, self.line_text(vm)?);
                let (module, name) = (vm.new_str(module), vm.new_str(name));
                let v = self.find(vm, &module, &name)?;
                self.push(v)
            }
            op::STACK_GLOBAL => {
                let pair = self.pop_many(vm, 2)?;
                if !pair.iter().all(|v| v.is_a::<Str>()) {
                    return wrong(vm, "STACK_GLOBAL requires str");
                }
                let v = self.find(vm, &pair[0], &pair[1])?;
                self.push(v)
            }
            op::EXT1 => self.extension(vm, 1),
            op::EXT2 => self.extension(vm, 2),
            op::EXT4 => self.extension(vm, 4),
            op::REDUCE => {
                let mut parts = self.pop_many(vm, 2)?;
                let args = parts.pop().unwrap_or(Value::NONE);
                let Some(args) = args.get::<Tuple>() else { return Err(vm.type_error("argument list must be a tuple")) };
                let v = vm.call(&parts[0], args.items())?;
                self.push(v)
            }
            op::NEWOBJ | op::NEWOBJ_EX => self.new_object(vm, opcode),
            op::INST => {
                if self.marks.is_empty() {
                    return wrong(vm, "could not find MARK");
                }
                let (module, name) = (self.line_text(vm)?, self.line_text(vm)?);
                let args = self.pop_mark(vm)?;
                let (module, name) = (vm.new_str(module), vm.new_str(name));
                let cls = self.find(vm, &module, &name)?;
                let v = instantiate(vm, &cls, &args)?;
                self.push(v)
            }
            op::OBJ => {
                let all = self.pop_mark(vm)?;
                let Some((cls, args)) = all.split_first() else { return self.underflow(vm) };
                let v = instantiate(vm, cls, args)?;
                self.push(v)
            }
            op::BUILD => self.build(vm),
            op::PERSID => {
                let id = self.input.line(vm)?;
                let Ok(id) = String::from_utf8(id) else { return wrong(vm, "persistent IDs in protocol 0 must be ASCII strings") };
                let id = vm.new_str(id);
                self.persistent(vm, &id)
            }
            op::BINPERSID => {
                let id = match self.persistent_load.is_null() {
                    true => Value::NONE,
                    false => self.pop(vm)?,
                };
                self.persistent(vm, &id)
            }
            c if c.is_ascii_graphic() || c == b' ' => wrong(vm, &format!("invalid load key, '{}'.", char::from(c))),
            c => wrong(vm, &format!("invalid load key, '\\x{c:02x}'.")),
        }
    }
    fn protocol(&mut self, vm: &mut Vm) -> PyResult<()> {
        self.proto = self.number(vm, 1)? as u8;
        if self.proto > 5 {
            return Err(vm.value_error(format!("unsupported pickle protocol: {}", self.proto)));
        }
        let (unpickler, proto) = (self.unpickler.clone(), self.proto);
        set_protocol(vm, &unpickler, proto);
        Ok(())
    }
    fn frame(&mut self, vm: &mut Vm) -> PyResult<()> {
        let n = self.number(vm, 8)?;
        if n > isize::MAX as u64 {
            return Err(vm.err(Exc::OverflowError, format!("FRAME length exceeds system's maximum of {} bytes", isize::MAX)));
        }
        if self.input.have(vm, n as usize)? { Ok(()) } else { Err(truncated(vm)) }
    }
    fn number_line(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let text = self.line_text(vm)?;
        let shown = text.trim_end_matches('\0');
        let v = match (opcode, shown) {
            (op::INT, "00") => Value::FALSE,
            (op::INT, "01") => Value::TRUE,
            (op::FLOAT, t) => match gilbert_vm::num::float::parse_opt(t) {
                Some(f) => Value::float(f),
                None => return Err(vm.value_error("could not convert string to float")),
            },
            (_, t) => match Int::parse(t.strip_suffix('L').unwrap_or(t), 0, 0) {
                Ok(i) => vm.new_bigint(i),
                Err(_) => return Err(vm.value_error("could not convert string to int")),
            },
        };
        self.push(v)
    }
    fn long(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let n = self.number(vm, if opcode == op::LONG1 { 1 } else { 4 })?;
        if n > i32::MAX as u64 {
            return wrong(vm, "LONG pickle has negative byte count");
        }
        let i = Int::from_bytes(self.input.take(vm, n as usize)?, Order::Little, true);
        let v = vm.new_bigint(i);
        self.push(v)
    }
    /// A str of Python 2: bytes in some encoding.
    fn old_string(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let bytes = match opcode {
            op::STRING => {
                let line = self.input.line(vm)?;
                let line = line.trim_ascii_end();
                match line {
                    [q @ (b'\'' | b'"'), inner @ .., end] if q == end => {
                        let inner = vm.new_bytes(inner);
                        let codecs = vm.import("codecs")?;
                        let pair = vm.call_method(&codecs, "escape_decode", &[inner])?;
                        let first = vm.get_item(&pair, &Value::i32(0))?;
                        vm.buffer_bytes(&first)?
                    }
                    _ => return wrong(vm, "the STRING opcode argument must be quoted"),
                }
            }
            op::SHORT_BINSTRING => self.counted(vm, 1, "SHORT_BINSTRING")?.to_vec(),
            _ => self.counted(vm, 4, "BINSTRING")?.to_vec(),
        };
        let bytes = vm.new_bytes(bytes);
        if self.options.encoding == "bytes" {
            return self.push(bytes);
        }
        let (encoding, errors) = (vm.new_str(self.options.encoding.as_str()), vm.new_str(self.options.errors.as_str()));
        let v = vm.call_method(&bytes, "decode", &[encoding, errors])?;
        self.push(v)
    }
    fn text(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let bytes = match opcode {
            op::UNICODE => {
                let line = self.input.line(vm)?;
                let (line, codec) = (vm.new_bytes(line), vm.new_str("raw_unicode_escape"));
                let v = vm.call_method(&line, "decode", &[codec])?;
                return self.push(v);
            }
            op::SHORT_BINUNICODE => self.counted(vm, 1, "SHORT_BINUNICODE")?,
            op::BINUNICODE => self.counted(vm, 4, "BINUNICODE")?,
            _ => self.counted(vm, 8, "BINUNICODE8")?,
        };
        let v = match std::str::from_utf8(bytes) {
            Ok(t) => vm.new_str(t),
            Err(_) => {
                // lone surrogates, or an error
                let raw = vm.new_bytes(bytes);
                let (codec, errors) = (vm.new_str("utf-8"), vm.new_str("surrogatepass"));
                vm.call_method(&raw, "decode", &[codec, errors])?
            }
        };
        self.push(v)
    }
    fn bytes(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let bytes = match opcode {
            op::SHORT_BINBYTES => self.counted(vm, 1, "SHORT_BINBYTES")?,
            op::BINBYTES => self.counted(vm, 4, "BINBYTES")?,
            op::BINBYTES8 => self.counted(vm, 8, "BINBYTES8")?,
            _ => self.counted(vm, 8, "BYTEARRAY8")?,
        }
        .to_vec();
        let v = if opcode == op::BYTEARRAY8 { vm.new_bytearray(bytes) } else { vm.new_bytes(bytes) };
        self.push(v)
    }
    fn buffer(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        if opcode == op::READONLY_BUFFER {
            let v = self.pop(vm)?;
            let view = vm.new_memoryview(&v)?;
            let v = if vm.attr(&view, "readonly")?.is_true() { v } else { vm.call_method(&view, "toreadonly", &[])? };
            return self.push(v);
        }
        if self.buffers.is_null() {
            return wrong(vm, "pickle stream refers to out-of-band data but no *buffers* argument was given");
        }
        let buffers = self.buffers.clone();
        match vm.next(&buffers)? {
            Some(v) => self.push(v),
            None => wrong(vm, "not enough out-of-band buffers"),
        }
    }
    fn tuple(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let items = match opcode {
            op::EMPTY_TUPLE => Vec::new(),
            op::TUPLE => self.pop_mark(vm)?,
            _ => self.pop_many(vm, usize::from(opcode - op::TUPLE1) + 1)?,
        };
        let v = vm.new_tuple(items);
        self.push(v)
    }
    fn set(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let (ty, items) = match opcode {
            op::EMPTY_SET => (T::Set, Vec::new()),
            _ => (T::FrozenSet, self.pop_mark(vm)?),
        };
        let (ty, list) = (vm.ty(ty).clone(), vm.new_list(items));
        let v = vm.call(&ty, &[list])?;
        self.push(v)
    }
    fn set_items(&mut self, vm: &mut Vm, dict: &Value, items: &[Value]) -> PyResult<()> {
        if items.len() % 2 != 0 {
            return wrong(vm, "odd number of items for SETITEMS");
        }
        let plain = vm.is_plain_dict(dict);
        for pair in items.chunks_exact(2) {
            match plain {
                true => vm.dict_set(dict, &pair[0], pair[1].clone())?,
                false => vm.set_item(dict, &pair[0], pair[1].clone())?,
            }
        }
        Ok(())
    }
    fn get(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let i = match opcode {
            op::BINGET => self.number(vm, 1)?,
            op::LONG_BINGET => self.number(vm, 4)?,
            _ => self.index_line(vm)?,
        };
        match self.memo.get(&i) {
            Some(v) => {
                let v = v.clone();
                self.push(v)
            }
            None => wrong(vm, &format!("Memo value not found at index {i}")),
        }
    }
    fn index_line(&mut self, vm: &mut Vm) -> PyResult<u64> {
        let text = self.line_text(vm)?;
        match text.trim().parse::<i64>() {
            Ok(i) => u64::try_from(i).map_err(|_| vm.value_error("negative PUT argument")),
            Err(_) => {
                let text = vm.new_str(text);
                let shown = vm.repr_text(&text)?;
                Err(vm.value_error(format!("invalid literal for int() with base 10: {shown}")))
            }
        }
    }
    fn put(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let i = match opcode {
            op::BINPUT => self.number(vm, 1)?,
            op::LONG_BINPUT => self.number(vm, 4)?,
            op::MEMOIZE => self.memo.len() as u64,
            _ => self.index_line(vm)?,
        };
        let v = self.top(vm)?;
        self.memo.insert(i, v);
        Ok(())
    }
    fn find(&mut self, vm: &mut Vm, module: &Value, name: &Value) -> PyResult {
        match self.find_class.clone().opt() {
            Some(f) => vm.call(&f, &[module.clone(), name.clone()]),
            None => global::find_class(vm, module, name, self.proto, self.options.fix_imports),
        }
    }
    fn extension(&mut self, vm: &mut Vm, size: usize) -> PyResult<()> {
        let code = self.number(vm, size)?;
        if code == 0 || code > i32::MAX as u64 {
            return wrong(vm, "EXT specifies code <= 0");
        }
        let copyreg = vm.import("copyreg")?;
        let inverted = vm.attr(&copyreg, "_inverted_registry")?;
        let key = Value::small_wrap(code as i64);
        let Some(pair) = vm.dict_get(&inverted, &key)? else {
            return Err(vm.value_error(format!("unregistered extension code {code}")));
        };
        let Some([module, name]) = pair.get::<Tuple>().map(Tuple::items) else {
            return Err(vm.value_error("_inverted_registry is not a 2-tuple"));
        };
        let v = self.find(vm, module, name)?;
        self.push(v)
    }
    fn persistent(&mut self, vm: &mut Vm, id: &Value) -> PyResult<()> {
        let Some(f) = self.persistent_load.clone().opt() else {
            return wrong(vm, "A load persistent id instruction was encountered, but no persistent_load function was specified.");
        };
        let v = vm.call(&f, &[id.clone()])?;
        self.push(v)
    }
    fn new_object(&mut self, vm: &mut Vm, opcode: u8) -> PyResult<()> {
        let (name, n) = if opcode == op::NEWOBJ { ("NEWOBJ", 2) } else { ("NEWOBJ_EX", 3) };
        let parts = self.pop_many(vm, n)?;
        let cls = &parts[0];
        if !vm.is_type(cls) {
            let ty = vm.type_name(cls);
            return wrong(vm, &format!("{name} class argument must be a type, not {ty}"));
        }
        let Some(args) = parts[1].get::<Tuple>() else {
            let ty = vm.type_name(&parts[1]);
            return wrong(vm, &format!("{name} args argument must be a tuple, not {ty}"));
        };
        let new = vm.attr(cls, "__new__")?;
        let mut all = vec![cls.clone()];
        all.extend(args.items().iter().cloned());
        let (names, values): (Vec<Value>, Vec<Value>) = match parts.get(2) {
            Some(kw) => vm.dict_items(kw).into_iter().unzip(),
            None => (Vec::new(), Vec::new()),
        };
        let v = vm.call_kw(&new, &all, Kwargs { names: &names, values: &values })?;
        self.push(v)
    }
    /// Gives the object on top its state.
    fn build(&mut self, vm: &mut Vm) -> PyResult<()> {
        let state = self.pop(vm)?;
        let obj = self.top(vm)?;
        if let Some(f) = vm.attr_opt(&obj, "__setstate__")? {
            return vm.call(&f, &[state]).map(drop);
        }
        let (state, slots) = match state.get::<Tuple>().map(Tuple::items) {
            Some([state, slots]) => (state.clone(), slots.clone()),
            _ => (state, Value::NONE),
        };
        if !state.is_none() {
            set_state(vm, &obj, &state)?;
        }
        if !slots.is_none() {
            if vm.dict_items(&slots).is_empty() && !vm.is_plain_dict(&slots) {
                return wrong(vm, "slot state is not a dictionary");
            }
            for (k, v) in vm.dict_items(&slots) {
                let name = vm.iso_mut().intern_value(&k);
                vm.set_attr(&obj, &name, v)?;
            }
        }
        Ok(())
    }
}

/// Fills an object's `__dict__`.
fn set_state(vm: &mut Vm, obj: &Value, state: &Value) -> PyResult<()> {
    if !state.is_a::<gilbert_vm::types::dict::Dict>() {
        return wrong(vm, "state is not a dictionary");
    }
    let direct = obj.attrs(vm).is_some() && obj.class(vm).has(flags::HAS_DICT);
    let items = vm.dict_items(state);
    if direct && items.iter().all(|(k, _)| k.is_a::<Str>()) {
        for (k, v) in items {
            let name = vm.iso_mut().intern_value(&k);
            vm.put_attr(obj, &name, v);
        }
        return Ok(());
    }
    let dict = vm.attr(obj, "__dict__")?;
    for (k, v) in items {
        vm.set_item(&dict, &k, v)?;
    }
    Ok(())
}

/// An instance as protocol 0 makes them: without arguments `__init__` is not called.
fn instantiate(vm: &mut Vm, cls: &Value, args: &[Value]) -> PyResult {
    if args.is_empty() && vm.is_type(cls) && vm.attr_opt(cls, "__getinitargs__")?.is_none() {
        let new = vm.attr(cls, "__new__")?;
        return vm.call(&new, &[cls.clone()]);
    }
    vm.call(cls, args)
}

/// Appends to a list, or to what has `extend` or `append`.
fn append(vm: &mut Vm, list: &Value, items: Vec<Value>) -> PyResult<()> {
    if list.type_of(vm).is(vm.ty(T::List)) {
        vm.touch_write(list, gilbert_vm::probe::Part::Whole);
        if let Some(l) = list.borrow_mut::<List>(vm) {
            l.items_mut().extend(items);
        }
        return Ok(());
    }
    if let Some(f) = vm.attr_opt(list, "extend")? {
        let items = vm.new_list(items);
        return vm.call(&f, &[items]).map(drop);
    }
    let f = vm.attr(list, "append")?;
    for item in items {
        vm.call(&f, &[item])?;
    }
    Ok(())
}

/// Adds to a set, or to what has `add`.
fn add(vm: &mut Vm, set: &Value, items: Vec<Value>) -> PyResult<()> {
    if set.type_of(vm).is(vm.ty(T::Set)) {
        let items = vm.new_list(items);
        return vm.call_method(set, "update", &[items]).map(drop);
    }
    let f = vm.attr(set, "add")?;
    for item in items {
        vm.call(&f, &[item])?;
    }
    Ok(())
}
