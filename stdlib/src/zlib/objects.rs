//! Compressor and decompressor objects.

use super::codec::{Packer, Unpacker};
use super::wrap::Wrap;
use super::{ERROR, raise};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `zlib.Compress`.
struct Compress(Packer);

impl Payload for Compress {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Compress {
        Compress(self.0.clone())
    }
}

/// The payload of `zlib.Decompress` and `zlib._ZlibDecompressor`.
#[derive(Clone)]
struct Decompress {
    stream: Unpacker,
    /// What followed the end of the stream.
    unused: Vec<u8>,
    /// Input that a limit kept back.
    tail: Vec<u8>,
}

impl Payload for Decompress {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Decompress {
        self.clone()
    }
}

static COMPRESS: TypeDef = TypeDef::new("zlib.Compress", layout_of::<Compress>()).flags(flags::NO_NEW).methods(&[
    method("compress(self, data, /)", |vm, a| {
        let data = vm.simple_buffer(&a[1])?;
        let p = packer(vm, &a[0]);
        if p.finished {
            return Err(ERROR.raise(vm, "Error -2 while compressing data: inconsistent stream state"));
        }
        let out = p.compress(&data);
        Ok(vm.new_bytes(out))
    })
    .doc("Returns a bytes object containing compressed data."),
    method("flush(self, mode=4, /)", flush).doc("Return a bytes object containing any remaining compressed data."),
    method("copy(self, /)", copy_compress).doc("Return a copy of the compression object."),
    method("__copy__(self, /)", copy_compress),
    method("__deepcopy__(self, memo, /)", copy_compress),
]);

static DECOMPRESS: TypeDef = TypeDef::new("zlib.Decompress", layout_of::<Decompress>())
    .flags(flags::NO_NEW)
    .methods(&[
        method("decompress(self, data, /, max_length=0)", decompress).doc("Return a bytes object containing the decompressed version of the data."),
        method("flush(self, length=16384, /)", flush_decompress).doc("Return a bytes object containing any remaining decompressed data."),
        method("copy(self, /)", copy_decompress).doc("Return a copy of the decompression object."),
        method("__copy__(self, /)", copy_decompress),
        method("__deepcopy__(self, memo, /)", copy_decompress),
    ])
    .getset(&[
        getter("unused_data", |vm, v| {
            let bytes = this(vm, v).unused.clone();
            Ok(vm.new_bytes(bytes))
        }),
        getter("unconsumed_tail", |vm, v| {
            let bytes = this(vm, v).tail.clone();
            Ok(vm.new_bytes(bytes))
        }),
        getter("eof", |vm, v| Ok(Value::bool(this(vm, v).stream.ended()))),
    ]);

/// `zlib._ZlibDecompressor`, which keeps its unused input to itself.
pub static ZLIB_DECOMPRESSOR: TypeDef = TypeDef::new("zlib._ZlibDecompressor", layout_of::<Decompress>())
    .doc("Create a decompressor object for decompressing data incrementally.")
    .methods(&[
        static_method("__new__(cls, wbits=15, zdict=NULL)", |vm, a| {
            let d = new_decompress(vm, &a[1], &a[2])?;
            Ok(vm.new_of(&a[0], d))
        }),
        method("decompress(self, /, data, max_length=-1)", decompress_buffered).doc("Decompress *data*, returning uncompressed data as bytes."),
    ])
    .getset(&[
        getter("unused_data", |vm, v| {
            let bytes = this(vm, v).unused.clone();
            Ok(vm.new_bytes(bytes))
        }),
        getter("eof", |vm, v| Ok(Value::bool(this(vm, v).stream.ended()))),
        getter("needs_input", |vm, v| {
            let d = this(vm, v);
            Ok(Value::bool(!d.stream.ended() && d.tail.is_empty()))
        }),
    ]);

fn packer<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Packer {
    vm.touch_write(v, Part::Whole);
    &mut v.borrow_mut::<Compress>(vm).expect("a compressor").0
}
fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Decompress {
    vm.touch_write(v, Part::Whole);
    v.borrow_mut::<Decompress>(vm).expect("a decompressor")
}
fn dictionary(vm: &mut Vm, v: &Value) -> PyResult<Option<Vec<u8>>> {
    if v.is_null() { Ok(None) } else { Ok(Some(vm.simple_buffer(v)?.into_owned())) }
}

/// `compressobj(level, method, wbits, memLevel, strategy, zdict)`
pub fn compressobj(vm: &mut Vm, a: &[Value]) -> PyResult {
    const DEFLATED: i32 = 8;
    let mut numbers = [0; 5];
    for (n, v) in numbers.iter_mut().zip(a) {
        *n = vm.arg_int(v)?;
    }
    let [level, method, wbits, memory, strategy] = numbers;
    let zdict = dictionary(vm, &a[5])?;
    let known = (-1..=9).contains(&level) && method == DEFLATED && (1..=9).contains(&memory) && (0..=4).contains(&strategy);
    match Wrap::from_bits(wbits, true).filter(|_| known) {
        Some((wrap, bits)) => {
            let packer = Packer::new(level, wrap, bits, strategy, zdict.as_deref());
            Ok(vm.new_native(&COMPRESS, Compress(packer)))
        }
        None => Err(vm.value_error("Invalid initialization option")),
    }
}
fn flush(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mode = vm.arg_int(&a[1])?;
    if mode == 0 {
        return Ok(vm.new_bytes(Vec::new()));
    }
    let p = packer(vm, &a[0]);
    if p.finished || !(0..=5).contains(&mode) {
        return Err(ERROR.raise(vm, "Error -2 while flushing: inconsistent stream state"));
    }
    let out = p.flush(mode);
    Ok(vm.new_bytes(out))
}
fn copy_compress(vm: &mut Vm, a: &[Value]) -> PyResult {
    let p = packer(vm, &a[0]);
    if p.finished {
        return Err(vm.value_error("Inconsistent stream state"));
    }
    let again = p.clone();
    Ok(vm.new_native(&COMPRESS, Compress(again)))
}

fn new_decompress(vm: &mut Vm, wbits: &Value, zdict: &Value) -> PyResult<Decompress> {
    let wbits = vm.arg_int(wbits)?;
    let zdict = dictionary(vm, zdict)?;
    match Wrap::from_bits(wbits, false) {
        Some((wrap, bits)) => Ok(Decompress { stream: Unpacker::new(wrap, bits, zdict), unused: Vec::new(), tail: Vec::new() }),
        None => Err(vm.value_error("Invalid initialization option")),
    }
}
/// `decompressobj(wbits, zdict)`
pub fn decompressobj(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = new_decompress(vm, &a[0], &a[1])?;
    Ok(vm.new_native(&DECOMPRESS, d))
}
/// Decompresses at most `most` bytes; what is left goes to the tail or, after the end, to the unused data.
fn run(vm: &mut Vm, v: &Value, data: &[u8], most: usize) -> PyResult<Vec<u8>> {
    let d = this(vm, v);
    if d.stream.ended() {
        d.unused.extend_from_slice(data);
        d.tail.clear();
        return Ok(Vec::new());
    }
    match d.stream.decompress(data, most) {
        Ok((out, used)) => {
            let rest = data[used..].to_vec();
            if d.stream.ended() {
                d.unused.extend(rest);
                d.tail.clear();
            } else {
                d.tail = rest;
            }
            Ok(out)
        }
        Err(fault) => Err(raise(vm, fault)),
    }
}
fn decompress(vm: &mut Vm, a: &[Value]) -> PyResult {
    let data = vm.simple_buffer(&a[1])?;
    let most = vm.arg_ssize(&a[2])?;
    let most = match usize::try_from(most) {
        Ok(0) => gilbert_vm::types::arith::max_bytes(vm),
        Ok(n) => n,
        Err(_) => return Err(vm.value_error("max_length must be non-negative")),
    };
    let out = run(vm, &a[0], &data, most)?;
    Ok(vm.new_bytes(out))
}
fn flush_decompress(vm: &mut Vm, a: &[Value]) -> PyResult {
    if vm.arg_ssize(&a[1])? <= 0 {
        return Err(vm.value_error("length must be greater than zero"));
    }
    let tail = std::mem::take(&mut this(vm, &a[0]).tail);
    let most = gilbert_vm::types::arith::max_bytes(vm);
    let out = run(vm, &a[0], &tail, most)?;
    Ok(vm.new_bytes(out))
}
fn copy_decompress(vm: &mut Vm, a: &[Value]) -> PyResult {
    let again = this(vm, &a[0]).clone();
    Ok(vm.new_native(&DECOMPRESS, again))
}
fn decompress_buffered(vm: &mut Vm, a: &[Value]) -> PyResult {
    let data = vm.simple_buffer(&a[1])?;
    let most = vm.arg_ssize(&a[2])?;
    let most = usize::try_from(most).unwrap_or(gilbert_vm::types::arith::max_bytes(vm));
    if this(vm, &a[0]).stream.ended() {
        return Err(vm.err(Exc::EOFError, "End of stream already reached"));
    }
    let mut all = std::mem::take(&mut this(vm, &a[0]).tail);
    all.extend_from_slice(&data);
    let out = run(vm, &a[0], &all, most)?;
    Ok(vm.new_bytes(out))
}
