//! `_struct`: C structs as bytes (`Modules/_struct.c`).

mod format;
mod pack;

use crate::exceptions::ExcDef;
use crate::payload::payload;
use format::Layout;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::bytes::{ByteArray, Bytes};
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{NativeDef, function, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::sync::Arc;

static ERROR: ExcDef = ExcDef { full_name: "struct.error", base: Exc::Exception };

const DOC: &str = "Functions to convert between Python values and C structs.\nPython bytes objects are used to hold the data representing the C struct\n\
and also as format strings (explained below) to describe the layout of data\nin the C struct.";

const FUNCTIONS: &[NativeDef] = &[
    function("calcsize(format, /)", |vm, a| Ok(Value::small_wrap(layout_arg(vm, &a[0])?.size as i64)))
        .doc("Return size in bytes of the struct described by the format string."),
    function("pack(*args)", |vm, a| with_format(vm, a, pack_values)).doc("pack(format, v1, v2, ...) -> bytes"),
    function("pack_into(*args)", |vm, a| with_format(vm, a, pack_into)).doc("pack_into(format, buffer, offset, v1, v2, ...)"),
    function("unpack(format, buffer, /)", |vm, a| {
        let layout = layout_arg(vm, &a[0])?;
        unpack(vm, &layout, &a[1])
    })
    .doc("Return a tuple containing values unpacked according to the format string."),
    function("unpack_from(format, /, buffer, offset=0)", |vm, a| {
        let layout = layout_arg(vm, &a[0])?;
        unpack_from(vm, &layout, &a[1], &a[2])
    })
    .doc("Return a tuple containing values unpacked according to the format string."),
    function("iter_unpack(format, buffer, /)", |vm, a| {
        let layout = layout_arg(vm, &a[0])?;
        iter_unpack(vm, layout, &a[1])
    })
    .doc("Return an iterator yielding tuples unpacked from the given bytes."),
    function("_clearcache()", |_, _| Ok(Value::NONE)).doc("Clear the internal cache."),
];

/// The payload of `Struct`.
struct Struct {
    /// The format's text; absent before `__init__`.
    text: Vec<u8>,
    layout: Option<Arc<Layout>>,
}
payload!(Struct { one: [], many: [], plain: [text, layout] });

/// The payload of iterators over the structs in a buffer. The view keeps the buffer from being resized.
struct UnpackIter {
    view: Value,
    layout: Arc<Layout>,
    at: usize,
}
payload!(UnpackIter { one: [view], many: [], plain: [layout, at] });

static STRUCT: TypeDef = TypeDef::new("_struct.Struct", layout_of::<Struct>())
    .flags(flags::BASE)
    .doc("Struct(fmt) --> compiled struct object")
    .methods(&[
        static_method("__new__(cls, /, *args, **kwargs)", |vm, a| Ok(vm.new_of(&a[0], Struct { text: Vec::new(), layout: None }))),
        method("__init__(self, /, format)", init_struct),
        method("pack(self, /, *args)", |vm, a| {
            let layout = layout_of_struct(vm, &a[0])?;
            pack_values(vm, &layout, tuple(&a[1]))
        })
        .doc("S.pack(v1, v2, ...) -> bytes"),
        method("pack_into(self, /, *args)", |vm, a| {
            let layout = layout_of_struct(vm, &a[0])?;
            pack_into(vm, &layout, tuple(&a[1]))
        })
        .doc("S.pack_into(buffer, offset, v1, v2, ...)"),
        method("unpack(self, buffer, /)", |vm, a| {
            let layout = layout_of_struct(vm, &a[0])?;
            unpack(vm, &layout, &a[1])
        })
        .doc("Return a tuple containing unpacked values."),
        method("unpack_from(self, /, buffer, offset=0)", |vm, a| {
            let layout = layout_of_struct(vm, &a[0])?;
            unpack_from(vm, &layout, &a[1], &a[2])
        })
        .doc("Return a tuple containing unpacked values."),
        method("iter_unpack(self, buffer, /)", |vm, a| {
            let layout = layout_of_struct(vm, &a[0])?;
            iter_unpack(vm, layout, &a[1])
        })
        .doc("Return an iterator yielding tuples."),
        method("__reduce__(self, /)", |vm, a| {
            let name = vm.type_name(&a[0]);
            Err(vm.type_error(format!("cannot pickle '{name}' object")))
        }),
    ])
    .getset(&[
        getter("format", |vm, v| {
            let text = String::from_utf8_lossy(&v.borrow::<Struct>(vm).expect("a Struct").text).into_owned();
            Ok(vm.new_str(text))
        }),
        getter("size", |vm, v| {
            let size = v.borrow::<Struct>(vm).and_then(|s| s.layout.as_ref()).map_or(-1, |l| l.size as i64);
            Ok(Value::small_wrap(size))
        }),
    ]);

static UNPACK_ITER: TypeDef = TypeDef::new("_struct.unpack_iterator", layout_of::<UnpackIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", step),
    method("__length_hint__(self, /)", |vm, a| {
        let it = a[0].borrow::<UnpackIter>(vm).expect("an iterator");
        let (view, size, at) = (it.view.clone(), it.layout.size, it.at);
        let len = if view.is_none() { at } else { vm.buffer_len(&view)? };
        Ok(Value::small_wrap(((len - at) / size) as i64))
    }),
]);

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_struct", DOC, FUNCTIONS);
    vm.module_add_type(&m, &STRUCT);
    let error = ERROR.class(vm)?;
    vm.module_set(&m, "error", error);
    Ok(m)
}

fn tuple(v: &Value) -> &[Value] {
    v.get::<Tuple>().map_or(&[], Tuple::items)
}

/// The text of a format argument.
fn format_text(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    if let Some(s) = v.get::<Str>() {
        if s.is_ascii() {
            return Ok(s.bytes().to_vec());
        }
        let ascii = vm.new_str("ascii");
        let encoded = vm.call_method(v, "encode", &[ascii])?;
        return vm.buffer_bytes(&encoded);
    }
    if v.is_a::<Bytes>() {
        return vm.buffer_bytes(v);
    }
    let name = vm.type_name(v);
    Err(vm.type_error(format!("Struct() argument 1 must be a str or bytes object, not {name}")))
}

fn parse(vm: &mut Vm, text: &[u8]) -> PyResult<Arc<Layout>> {
    if text.contains(&0) {
        return Err(ERROR.raise(vm, "embedded null character"));
    }
    format::parse(text).map(Arc::new).map_err(|text| ERROR.raise(vm, text))
}

fn layout_arg(vm: &mut Vm, v: &Value) -> PyResult<Arc<Layout>> {
    // CPython looks the format up in a cache first, which refuses what has no hash
    vm.hash(v)?;
    let text = format_text(vm, v)?;
    parse(vm, &text)
}

fn layout_of_struct(vm: &mut Vm, v: &Value) -> PyResult<Arc<Layout>> {
    match &v.borrow::<Struct>(vm).expect("a Struct").layout {
        Some(l) => Ok(l.clone()),
        None => Err(vm.runtime_error("Struct object is not initialized")),
    }
}

fn init_struct(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = format_text(vm, &a[1])?;
    let layout = parse(vm, &text)?;
    if let Some(s) = a[0].borrow_mut::<Struct>(vm) {
        *s = Struct { text, layout: Some(layout) };
    }
    Ok(Value::NONE)
}

/// Calls what takes a layout and arguments with the format that stands first among the arguments.
fn with_format(vm: &mut Vm, a: &[Value], f: fn(&mut Vm, &Arc<Layout>, &[Value]) -> PyResult) -> PyResult {
    let Some((format, rest)) = tuple(&a[0]).split_first() else { return Err(vm.type_error("missing format argument")) };
    let layout = layout_arg(vm, format)?;
    f(vm, &layout, rest)
}

fn check_count(vm: &mut Vm, what: &str, layout: &Layout, given: usize) -> PyResult<()> {
    if given == layout.values {
        return Ok(());
    }
    Err(ERROR.raise(vm, format!("{what} expected {} items for packing (got {given})", layout.values)))
}

fn pack_values(vm: &mut Vm, layout: &Arc<Layout>, values: &[Value]) -> PyResult {
    check_count(vm, "pack", layout, values.len())?;
    let mut out = pack::room(vm, layout.size)?;
    pack::pack_all(vm, layout, values, &mut out)?;
    Ok(vm.new_bytes(out))
}

fn pack_into(vm: &mut Vm, layout: &Arc<Layout>, args: &[Value]) -> PyResult {
    let (buffer, offset, values) = match args {
        [buffer, offset, values @ ..] => (buffer, offset, values),
        [] => return Err(ERROR.raise(vm, "pack_into expected buffer argument")),
        [_] => return Err(ERROR.raise(vm, "pack_into expected offset argument")),
    };
    check_count(vm, "pack_into", layout, values.len())?;
    let view = writable_view(vm, buffer)?;
    let offset = vm.to_isize(offset)?;
    let len = vm.buffer_len(&view)?;
    let at = pack::place(vm, true, offset, layout.size, len)?;
    let mut out = pack::room(vm, layout.size)?;
    let packed = pack::pack_all(vm, layout, values, &mut out);
    vm.with_buffer_mut(&view, |bytes| bytes[at..at + out.len()].copy_from_slice(&out))?;
    // so that the buffer is free as soon as this returns
    vm.call_method(&view, "release", &[])?;
    packed?;
    Ok(Value::NONE)
}

/// A view upon a writable buffer; while it lives the buffer cannot be resized.
fn writable_view(vm: &mut Vm, buffer: &Value) -> PyResult {
    let refused = |vm: &mut Vm| -> Raised {
        let name = vm.type_name(buffer);
        vm.type_error(format!("argument must be read-write bytes-like object, not {name}"))
    };
    if !vm.is_buffer(buffer) {
        return Err(refused(vm));
    }
    let view = vm.new_memoryview(buffer)?;
    let readonly = vm.attr(&view, "readonly")?;
    let gaps = vm.attr(&view, "c_contiguous")?.is_false();
    if readonly.is_true() || gaps { Err(refused(vm)) } else { Ok(view) }
}

fn unpack(vm: &mut Vm, layout: &Arc<Layout>, buffer: &Value) -> PyResult {
    let bytes = vm.simple_buffer(buffer)?;
    if bytes.len() != layout.size {
        return Err(ERROR.raise(vm, format!("unpack requires a buffer of {} bytes", layout.size)));
    }
    let values = pack::unpack_all(vm, layout, &bytes);
    Ok(vm.new_tuple(values))
}

fn unpack_from(vm: &mut Vm, layout: &Arc<Layout>, buffer: &Value, offset: &Value) -> PyResult {
    if !vm.is_buffer(buffer) {
        return Err(vm.not_bytes_like(buffer));
    }
    let offset = vm.arg_ssize(offset)?;
    let bytes = window(vm, buffer, offset, layout.size)?;
    let values = pack::unpack_all(vm, layout, &bytes);
    Ok(vm.new_tuple(values))
}

/// A copy of the `size` bytes at an offset; only those are copied.
fn window(vm: &mut Vm, buffer: &Value, offset: isize, size: usize) -> PyResult<Vec<u8>> {
    if !buffer.is_a::<Bytes>() && !buffer.is_a::<ByteArray>() {
        let bytes = vm.simple_buffer(buffer)?;
        let at = pack::place(vm, false, offset, size, bytes.len())?;
        return Ok(bytes[at..at + size].to_vec());
    }
    let len = vm.buffer_len(buffer)?;
    let at = pack::place(vm, false, offset, size, len)?;
    vm.with_buffer(buffer, |b| b[at..at + size].to_vec())
}

fn iter_unpack(vm: &mut Vm, layout: Arc<Layout>, buffer: &Value) -> PyResult {
    if layout.size == 0 {
        return Err(ERROR.raise(vm, "cannot iteratively unpack with a struct of length 0"));
    }
    if !vm.is_buffer(buffer) {
        return Err(vm.not_bytes_like(buffer));
    }
    let view = vm.new_memoryview(buffer)?;
    if vm.buffer_len(&view)? % layout.size != 0 {
        return Err(ERROR.raise(vm, format!("iterative unpacking requires a buffer of a multiple of {} bytes", layout.size)));
    }
    Ok(vm.new_native(&UNPACK_ITER, UnpackIter { view, layout, at: 0 }))
}

fn step(vm: &mut Vm, a: &[Value]) -> PyResult {
    let it = a[0].borrow_mut::<UnpackIter>(vm).expect("an iterator");
    let (view, layout, at) = (it.view.clone(), it.layout.clone(), it.at);
    if view.is_none() {
        return Ok(Value::NULL);
    }
    let item = vm.with_buffer(&view, |b| b.get(at..at + layout.size).map(<[u8]>::to_vec))?;
    let it = a[0].borrow_mut::<UnpackIter>(vm).expect("an iterator");
    match item {
        Some(bytes) => {
            it.at += layout.size;
            let values = pack::unpack_all(vm, &layout, &bytes);
            Ok(vm.new_tuple(values))
        }
        None => {
            it.view = Value::NONE;
            Ok(Value::NULL)
        }
    }
}
