//! Values to opcodes: what has opcodes of its own.

use super::buffer::{self, PickleBuffer};
use super::{PICKLING_ERROR, Table, op};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::num::Int;
use gilbert_vm::num::int::Order;
use gilbert_vm::types::T;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::int::BigInt;
use gilbert_vm::types::seq;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Bytes of a frame's opcode with its length.
const FRAME_HEAD: usize = 9;
/// A frame ends once it is this long; longer bytes stand outside of frames.
const FRAME_TARGET: usize = 64 * 1024;
const FRAME_LEAST: usize = 4;
/// Items that one APPENDS or SETITEMS takes.
const BATCH: usize = 1000;

/// One pickle being written.
pub struct Saver {
    /// The protocol, 0 to 5.
    pub proto: u8,
    /// Python 2's names for modules up to protocol 2.
    pub fix_imports: bool,
    /// Without a memo.
    pub fast: bool,
    /// `dispatch_table`, `reducer_override`, `persistent_id`, `buffer_callback`, the file's `write`: absent where there are none.
    pub dispatch_table: Value,
    /// A plain dict that is asked first, or absent.
    pub reducers: Value,
    pub reducer_override: Value,
    pub persistent_id: Value,
    pub buffer_callback: Value,
    pub write: Value,
    /// Where each object stands in the memo, and the objects, so that their addresses stay theirs.
    pub memo: Table<u64, u32>,
    pub kept: Vec<Value>,
    pub out: Vec<u8>,
    framing: bool,
    frame: Option<usize>,
}

impl Saver {
    /// With nothing but a protocol.
    pub fn new(proto: u8, fix_imports: bool) -> Saver {
        Saver {
            proto,
            fix_imports,
            fast: false,
            dispatch_table: Value::NULL,
            reducers: Value::NULL,
            reducer_override: Value::NULL,
            persistent_id: Value::NULL,
            buffer_callback: Value::NULL,
            write: Value::NULL,
            memo: Table::default(),
            kept: Vec::new(),
            out: Vec::new(),
            framing: false,
            frame: None,
        }
    }
    /// Writes a whole pickle to `out` (or the file).
    pub fn dump(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if self.proto >= 2 {
            self.out.extend([op::PROTO, self.proto]);
            self.framing = self.proto >= 4;
        }
        self.save(vm, v)?;
        self.put(&[op::STOP]);
        self.end_frame();
        self.framing = false;
        self.flush(vm)
    }
    fn flush(&mut self, vm: &mut Vm) -> PyResult<()> {
        if self.write.is_null() {
            return Ok(());
        }
        let bytes = vm.new_bytes(std::mem::take(&mut self.out));
        vm.call(&self.write, &[bytes]).map(drop)
    }

    // --- frames ---------------------------------------------------------------------------------------------

    /// Appends opcodes.
    pub fn put(&mut self, bytes: &[u8]) {
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.out.len());
            self.out.extend([0; FRAME_HEAD]);
        }
        self.out.extend_from_slice(bytes);
    }
    fn end_frame(&mut self) {
        let Some(start) = self.frame.take() else { return };
        let len = self.out.len() - start - FRAME_HEAD;
        if len < FRAME_LEAST {
            self.out.drain(start..start + FRAME_HEAD);
            return;
        }
        self.out[start] = op::FRAME;
        self.out[start + 1..start + FRAME_HEAD].copy_from_slice(&(len as u64).to_le_bytes());
    }
    /// Between two values: a long frame ends.
    fn boundary(&mut self, vm: &mut Vm) -> PyResult<()> {
        match self.frame {
            Some(start) if self.out.len() - start - FRAME_HEAD >= FRAME_TARGET => {
                self.end_frame();
                self.flush(vm)
            }
            _ => Ok(()),
        }
    }
    /// Appends bytes behind their opcode and length; long ones outside of frames.
    fn put_bytes(&mut self, head: &[u8], data: &[u8]) {
        let framing = self.framing;
        if data.len() >= FRAME_TARGET {
            self.end_frame();
            self.framing = false;
        }
        self.put(head);
        self.put(data);
        self.framing = framing;
    }

    // --- the memo -------------------------------------------------------------------------------------------

    /// Remembers the object that was written last.
    pub fn memoize(&mut self, v: &Value) {
        if self.fast {
            return;
        }
        let i = self.kept.len() as u32;
        self.memo.insert(v.bits(), i);
        self.kept.push(v.clone());
        match self.proto {
            4.. => self.put(&[op::MEMOIZE]),
            1..=3 => self.put_index(op::BINPUT, op::LONG_BINPUT, i),
            _ => self.put(format!("p{i}\n").as_bytes()),
        }
    }
    fn put_index(&mut self, short: u8, long: u8, i: u32) {
        match u8::try_from(i) {
            Ok(b) => self.put(&[short, b]),
            Err(_) => {
                self.put(&[long]);
                self.put(&i.to_le_bytes());
            }
        }
    }
    /// Whether the object was written before; if so, writes a reference to it.
    pub fn recall(&mut self, v: &Value) -> bool {
        let Some(&i) = self.memo.get(&v.bits()) else { return false };
        match self.proto {
            1.. => self.put_index(op::BINGET, op::LONG_BINGET, i),
            _ => self.put(format!("g{i}\n").as_bytes()),
        }
        true
    }

    // --- values ---------------------------------------------------------------------------------------------

    /// Writes a value.
    pub fn save(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        self.boundary(vm)?;
        if !self.persistent_id.is_null() && self.save_persistent(vm, v)? {
            return Ok(());
        }
        self.save_known(vm, v)
    }
    fn save_known(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if self.atom(vm, v)? || self.recall(v) {
            return Ok(());
        }
        let ty = v.type_of(vm).clone();
        if ty.is(vm.ty(T::Str)) {
            return self.text(vm, v);
        }
        if ty.is(vm.ty(T::Bytes)) {
            return self.bytes(vm, v);
        }
        if vm.enter_native().is_err() {
            return Err(vm.err(Exc::RecursionError, "maximum recursion depth exceeded while pickling an object"));
        }
        let r = self.container(vm, v, &ty);
        vm.leave_native();
        r
    }
    fn save_persistent(&mut self, vm: &mut Vm, v: &Value) -> PyResult<bool> {
        let f = self.persistent_id.clone();
        let id = vm.call(&f, &[v.clone()])?;
        if id.is_none() {
            return Ok(false);
        }
        if self.proto > 0 {
            self.save_known(vm, &id)?;
            self.put(&[op::BINPERSID]);
            return Ok(true);
        }
        let text = vm.str_text(&id)?;
        if !text.is_ascii() {
            return Err(PICKLING_ERROR.raise(vm, "persistent IDs in protocol 0 must be ASCII strings"));
        }
        self.put(format!("P{text}\n").as_bytes());
        Ok(true)
    }
    /// None, bools, ints and floats; false for anything else.
    fn atom(&mut self, vm: &mut Vm, v: &Value) -> PyResult<bool> {
        if v.is_none() {
            self.put(&[op::NONE]);
        } else if v.is_bool() {
            match (self.proto >= 2, v.is_true()) {
                (true, true) => self.put(&[op::NEWTRUE]),
                (true, false) => self.put(&[op::NEWFALSE]),
                (false, true) => self.put(b"I01\n"),
                (false, false) => self.put(b"I00\n"),
            }
        } else if let Some(i) = v.as_small() {
            self.int(i);
        } else if let Some(f) = v.as_float() {
            match self.proto {
                0 => self.put(format!("F{}\n", gilbert_vm::num::float::repr(f)).as_bytes()),
                _ => {
                    self.put(&[op::BINFLOAT]);
                    self.put(&f.to_be_bytes());
                }
            }
        } else if v.is_a::<BigInt>() && v.type_of(vm).is(vm.ty(T::Int)) {
            let i = vm.int_value(v).unwrap_or_else(|| Int::from(0));
            self.long(&i);
        } else {
            return Ok(false);
        }
        Ok(true)
    }
    fn int(&mut self, i: i64) {
        match i {
            _ if i32::try_from(i).is_err() => self.long(&Int::from(i)),
            _ if self.proto == 0 => self.put(format!("I{i}\n").as_bytes()),
            0..=0xff => self.put(&[op::BININT1, i as u8]),
            0x100..=0xffff => self.put(&[op::BININT2, i as u8, (i >> 8) as u8]),
            _ => {
                self.put(&[op::BININT]);
                self.put(&(i as i32).to_le_bytes());
            }
        }
    }
    fn long(&mut self, i: &Int) {
        if self.proto < 2 {
            // pickles are no place for the limit on digits
            let text = i.to_decimal(0).unwrap_or_default();
            return self.put(format!("L{text}L\n").as_bytes());
        }
        let mut len = (i.bit_length() / 8 + 1) as usize;
        let mut bytes = i.to_bytes(len, Order::Little, true).unwrap_or_default();
        // -128 needs one byte, not two
        if i.is_negative() && len > 1 && bytes[len - 1] == 0xff && bytes[len - 2] & 0x80 != 0 {
            bytes.pop();
            len -= 1;
        }
        match u8::try_from(len) {
            Ok(n) => self.put(&[op::LONG1, n]),
            Err(_) => {
                self.put(&[op::LONG4]);
                self.put(&(len as u32).to_le_bytes());
            }
        }
        self.put(&bytes);
    }
    fn text(&mut self, _: &mut Vm, v: &Value) -> PyResult<()> {
        let s = v.get::<Str>().expect("a str");
        if self.proto == 0 {
            let mut line = vec![op::UNICODE];
            raw_escape(s, &mut line);
            line.push(b'\n');
            self.put(&line);
        } else {
            let data = s.bytes();
            match (data.len(), self.proto) {
                (n @ ..=0xff, 4..) => self.put_bytes(&[op::SHORT_BINUNICODE, n as u8], data),
                (n @ ..=0xffff_ffff, _) => self.put_bytes(&head4(op::BINUNICODE, n), data),
                (n, _) => self.put_bytes(&head8(op::BINUNICODE8, n), data),
            }
        }
        self.memoize(v);
        Ok(())
    }
    fn bytes(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        let data = vm.simple_buffer(v)?;
        if self.proto < 3 {
            return self.old_bytes(vm, v, &data);
        }
        self.plain_bytes(&data);
        self.memoize(v);
        Ok(())
    }
    fn plain_bytes(&mut self, data: &[u8]) {
        match (data.len(), self.proto) {
            (n @ ..=0xff, _) => self.put_bytes(&[op::SHORT_BINBYTES, n as u8], data),
            (n @ ..=0xffff_ffff, _) => self.put_bytes(&head4(op::BINBYTES, n), data),
            (n, _) => self.put_bytes(&head8(op::BINBYTES8, n), data),
        }
    }
    /// Bytes for Python 2: an empty `bytes()`, or Latin-1 text that is encoded again.
    fn old_bytes(&mut self, vm: &mut Vm, v: &Value, data: &[u8]) -> PyResult<()> {
        let (f, args) = if data.is_empty() {
            (vm.ty(T::Bytes).clone(), Vec::new())
        } else {
            let codecs = vm.import("codecs")?;
            let text: String = data.iter().map(|b| char::from(*b)).collect();
            (vm.attr(&codecs, "encode")?, vec![vm.new_str(text), vm.intern("latin1")])
        };
        let args = vm.new_tuple(args);
        self.reduce_value(vm, &[f, args], Some(v))
    }
    /// Containers of exact built-in types; anything else is reduced.
    fn container(&mut self, vm: &mut Vm, v: &Value, ty: &Value) -> PyResult<()> {
        let is = |t: T| ty.is(vm.ty(t));
        if is(T::Tuple) {
            self.tuple(vm, v)
        } else if is(T::List) {
            self.list(vm, v)
        } else if is(T::Dict) {
            self.dict(vm, v)
        } else if is(T::Set) {
            self.set(vm, v)
        } else if is(T::FrozenSet) {
            self.frozen_set(vm, v)
        } else if is(T::ByteArray) {
            self.byte_array(vm, v)
        } else if v.is_a::<PickleBuffer>() {
            self.buffer(vm, v)
        } else {
            self.other(vm, v, ty)
        }
    }
    /// A tuple may hold itself through something mutable: then it is in the memo once its items are written.
    fn tuple(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        let items = v.get::<Tuple>().map_or(&[][..], Tuple::items);
        if items.is_empty() {
            self.put(if self.proto > 0 { &[op::EMPTY_TUPLE] } else { &[op::MARK, op::TUPLE] });
            return Ok(());
        }
        let short = items.len() <= 3 && self.proto >= 2;
        if !short {
            self.put(&[op::MARK]);
        }
        for item in items {
            self.save(vm, item)?;
        }
        if self.memo.contains_key(&v.bits()) {
            if !short && self.proto > 0 {
                self.put(&[op::POP_MARK]);
            } else {
                self.put(&vec![op::POP; items.len() + usize::from(!short)]);
            }
            self.recall(v);
            return Ok(());
        }
        self.put(&[if short { op::TUPLE1 + items.len() as u8 - 1 } else { op::TUPLE }]);
        self.memoize(v);
        Ok(())
    }
    fn list(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        self.put(if self.proto > 0 { &[op::EMPTY_LIST] } else { &[op::MARK, op::LIST] });
        self.memoize(v);
        vm.touch_read(v, gilbert_vm::probe::Part::Whole);
        let mut at = 0;
        loop {
            let batch: Vec<Value> = seq::items(vm, v).iter().skip(at).take(BATCH).cloned().collect();
            at += batch.len();
            self.append_batch(vm, &batch)?;
            if batch.len() < BATCH {
                return Ok(());
            }
        }
    }
    /// Appends up to a batch of items to the list on the stack.
    fn append_batch(&mut self, vm: &mut Vm, items: &[Value]) -> PyResult<()> {
        if self.proto == 0 || items.len() == 1 {
            for item in items {
                self.save(vm, item)?;
                self.put(&[op::APPEND]);
            }
        } else if !items.is_empty() {
            self.put(&[op::MARK]);
            for item in items {
                self.save(vm, item)?;
            }
            self.put(&[op::APPENDS]);
        }
        Ok(())
    }
    /// Appends what an iterator gives.
    pub fn append_all(&mut self, vm: &mut Vm, it: &Value) -> PyResult<()> {
        loop {
            let batch = take(vm, it)?;
            self.append_batch(vm, &batch)?;
            if batch.len() < BATCH {
                return Ok(());
            }
        }
    }
    fn dict(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        self.put(if self.proto > 0 { &[op::EMPTY_DICT] } else { &[op::MARK, op::DICT] });
        self.memoize(v);
        let items = vm.dict_items(v);
        let changes = v.borrow::<Dict>(vm).map(Dict::changes);
        for batch in items.chunks(BATCH) {
            self.set_batch(vm, batch)?;
            if v.borrow::<Dict>(vm).map(Dict::changes) != changes && v.borrow::<Dict>(vm).map(Dict::len) != Some(items.len()) {
                return Err(vm.runtime_error("dictionary changed size during iteration"));
            }
        }
        Ok(())
    }
    fn set_batch(&mut self, vm: &mut Vm, items: &[(Value, Value)]) -> PyResult<()> {
        let one_by_one = self.proto == 0 || items.len() == 1;
        if !one_by_one && !items.is_empty() {
            self.put(&[op::MARK]);
        }
        for (key, value) in items {
            self.save(vm, key)?;
            self.save(vm, value)?;
            if one_by_one {
                self.put(&[op::SETITEM]);
            }
        }
        if !one_by_one && !items.is_empty() {
            self.put(&[op::SETITEMS]);
        }
        Ok(())
    }
    /// Sets the pairs that an iterator gives.
    pub fn set_all(&mut self, vm: &mut Vm, it: &Value) -> PyResult<()> {
        loop {
            let mut pairs = Vec::new();
            for item in take(vm, it)? {
                match item.get::<Tuple>().map(Tuple::items) {
                    Some([k, v]) => pairs.push((k.clone(), v.clone())),
                    _ => return Err(vm.type_error("dict items iterator must return 2-tuples")),
                }
            }
            self.set_batch(vm, &pairs)?;
            if pairs.len() < BATCH {
                return Ok(());
            }
        }
    }
    fn set(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if self.proto < 4 {
            return self.old_set(vm, v);
        }
        self.put(&[op::EMPTY_SET]);
        self.memoize(v);
        let items = vm.collect(v)?;
        for batch in items.chunks(BATCH) {
            self.put(&[op::MARK]);
            for item in batch {
                self.save(vm, item)?;
            }
            self.put(&[op::ADDITEMS]);
        }
        Ok(())
    }
    fn frozen_set(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if self.proto < 4 {
            return self.old_set(vm, v);
        }
        self.put(&[op::MARK]);
        for item in vm.collect(v)? {
            self.save(vm, &item)?;
        }
        if self.memo.contains_key(&v.bits()) {
            self.put(&[op::POP_MARK]);
            self.recall(v);
            return Ok(());
        }
        self.put(&[op::FROZENSET]);
        self.memoize(v);
        Ok(())
    }
    fn old_set(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        let ty = v.type_of(vm).clone();
        let items = vm.collect(v)?;
        let list = vm.new_list(items);
        let args = vm.new_tuple(vec![list]);
        self.reduce_value(vm, &[ty, args], Some(v))
    }
    fn byte_array(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        let data = vm.buffer_bytes(v)?;
        if self.proto < 5 {
            let args = if data.is_empty() { Vec::new() } else { vec![vm.new_bytes(data)] };
            let args = vm.new_tuple(args);
            return self.reduce_value(vm, &[vm.ty(T::ByteArray).clone(), args], Some(v));
        }
        self.put_bytes(&head8(op::BYTEARRAY8, data.len()), &data);
        self.memoize(v);
        Ok(())
    }
    fn buffer(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if self.proto < 5 {
            return Err(PICKLING_ERROR.raise(vm, "PickleBuffer can only pickled with protocol >= 5"));
        }
        let view = buffer::view_of(vm, v)?;
        if vm.attr(&view, "contiguous")?.is_false() {
            return Err(PICKLING_ERROR.raise(vm, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer"));
        }
        let readonly = vm.attr(&view, "readonly")?.is_true();
        let in_band = match self.buffer_callback.clone().opt() {
            Some(f) => {
                let r = vm.call(&f, &[v.clone()])?;
                vm.truthy(&r)?
            }
            None => true,
        };
        if !in_band {
            self.put(&[op::NEXT_BUFFER]);
            if readonly {
                self.put(&[op::READONLY_BUFFER]);
            }
            return Ok(());
        }
        let data = vm.buffer_bytes(&view)?;
        match readonly {
            true => self.plain_bytes(&data),
            false => self.put_bytes(&head8(op::BYTEARRAY8, data.len()), &data),
        }
        self.memoize(v);
        Ok(())
    }
}

fn take(vm: &mut Vm, it: &Value) -> PyResult<Vec<Value>> {
    let mut batch = Vec::new();
    while batch.len() < BATCH {
        match vm.next(it)? {
            Some(v) => batch.push(v),
            None => break,
        }
    }
    Ok(batch)
}
fn head4(opcode: u8, n: usize) -> Vec<u8> {
    [&[opcode][..], &(n as u32).to_le_bytes()].concat()
}
fn head8(opcode: u8, n: usize) -> Vec<u8> {
    [&[opcode][..], &(n as u64).to_le_bytes()].concat()
}
/// Text in Latin-1 with escapes, on one line (protocol 0).
fn raw_escape(s: &Str, out: &mut Vec<u8>) {
    for c in (0..s.char_len()).filter_map(|i| s.char_at(i)) {
        match c {
            0 | 0x0a | 0x0d | 0x1a | 0x5c | 0x100..=0xffff => out.extend(format!("\\u{c:04x}").bytes()),
            0x10000.. => out.extend(format!("\\U{c:08x}").bytes()),
            _ => out.push(c as u8),
        }
    }
}
