//! The methods and attributes of `memoryview`, and its iterator.

use super::{Dim, MemoryView, check, equal, item, of, of_flags, put, read_item, released, this, to_list, view_bytes, write_bytes, write_item};
use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::probe::Part;
use crate::types::T;
use crate::types::bytes::methods::{hex_arguments, hex_text};
use crate::types::list::List;
use crate::types::native::{GetSet, NativeDef, class_method, getter, method, static_method};
use crate::types::slice::{self, Slice};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    of(vm, &a[1])
}

fn from_flags(vm: &mut Vm, a: &[Value]) -> PyResult {
    of_flags(vm, &a[1], &a[2])
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let at = vm.address_of(&a[0]);
    let what = if this(vm, &a[0]).released() { "released memory" } else { "memory" };
    Ok(vm.new_str(format!("<{what} at {at:#x}>")))
}

fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    match this(vm, &a[0]).dims.first() {
        Some(d) => Ok(Value::small_wrap(d.len as i64)),
        None => Err(vm.type_error("0-dim memory has no length")),
    }
}

fn out_of_bounds(vm: &mut Vm, dimension: usize) -> Raised {
    vm.err(Exc::IndexError, format!("index out of bounds on dimension {dimension}"))
}

/// The byte offset of an item that one index for each dimension names.
fn place(vm: &mut Vm, v: &Value, indices: &[Value]) -> PyResult<usize> {
    let mut at = this(vm, v).offset as isize;
    for (d, index) in indices.iter().enumerate() {
        let i = vm.arg_index(index)?;
        check(vm, v)?;
        let Some(&Dim { len, stride }) = this(vm, v).dims.get(d) else { return Err(out_of_bounds(vm, d + 1)) };
        let i = if i < 0 { i + len as isize } else { i };
        if !(0..len as isize).contains(&i) {
            return Err(out_of_bounds(vm, d + 1));
        }
        at += i * stride;
    }
    Ok(at as usize)
}

/// What a key names.
enum Target {
    /// One item, at this offset.
    Item(usize),
    /// The whole view.
    Whole,
    /// A part, as a view of its own.
    Part(Value),
}

fn resolve(vm: &mut Vm, v: &Value, key: &Value) -> PyResult<Target> {
    let ndim = this(vm, v).dims.len();
    if ndim == 0 {
        return match key.get::<Tuple>() {
            Some(t) if t.items().is_empty() => Ok(Target::Item(this(vm, v).offset)),
            _ if key.bits() == Value::ELLIPSIS.bits() => Ok(Target::Whole),
            _ => Err(vm.type_error("invalid indexing of 0-dim memory")),
        };
    }
    if vm.is_index(key) {
        if ndim > 1 {
            return Err(vm.err(Exc::NotImplementedError, "multi-dimensional sub-views are not implemented"));
        }
        return place(vm, v, std::slice::from_ref(key)).map(Target::Item);
    }
    if let Some(bounds) = key.get::<Slice>() {
        let raw = slice::unpack(vm, bounds)?;
        check(vm, v)?;
        return Ok(Target::Part(sliced(vm, v, raw)));
    }
    if let Some(keys) = key.get::<Tuple>() {
        if keys.items().iter().all(|k| vm.is_index(k)) {
            let n = keys.items().len();
            if n < ndim {
                return Err(vm.err(Exc::NotImplementedError, "sub-views are not implemented"));
            }
            if n > ndim {
                return Err(vm.type_error(format!("cannot index {ndim}-dimension view with {n}-element tuple")));
            }
            return place(vm, v, keys.items()).map(Target::Item);
        }
        if !keys.items().is_empty() && keys.items().iter().all(|k| k.is_a::<Slice>()) {
            return Err(vm.err(Exc::NotImplementedError, "multi-dimensional slicing is not implemented"));
        }
    }
    Err(vm.type_error("memoryview: invalid slice key"))
}

/// The part of the first dimension that a slice names.
fn sliced(vm: &mut Vm, v: &Value, raw: (isize, isize, isize)) -> Value {
    let mut view = this(vm, v).again();
    let span = slice::adjust(view.dims[0].len, raw);
    let first = view.dims[0];
    if span.count > 0 {
        view.offset = (view.offset as isize + span.start * first.stride) as usize;
    }
    view.dims[0] = Dim { len: span.count, stride: first.stride.saturating_mul(span.step) };
    put(vm, view)
}

fn get_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    match resolve(vm, &a[0], &a[1])? {
        Target::Item(at) => read_item(vm, &a[0], at),
        Target::Whole => Ok(a[0].clone()),
        Target::Part(view) => Ok(view),
    }
}

fn set_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    if this(vm, &a[0]).readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    match resolve(vm, &a[0], &a[1])? {
        Target::Item(at) => write_item(vm, &a[0], at, &a[2])?,
        Target::Whole => {
            let at = this(vm, &a[0]).offset;
            write_item(vm, &a[0], at, &a[2])?;
        }
        Target::Part(part) => assign(vm, &part, &a[2])?,
    }
    Ok(Value::NONE)
}

/// `view[..] = value` for a buffer of the same structure.
fn assign(vm: &mut Vm, part: &Value, value: &Value) -> PyResult<()> {
    if !vm.is_buffer(value) {
        return Err(vm.not_bytes_like(value));
    }
    if this(vm, part).dims.len() != 1 {
        return Err(vm.err(Exc::NotImplementedError, "memoryview slice assignments are currently restricted to ndim = 1"));
    }
    let other = of(vm, value)?;
    let (x, y) = (this(vm, part), this(vm, &other));
    let same = item::letter(&x.format) == item::letter(&y.format) && x.itemsize == y.itemsize && y.dims.len() == 1 && x.dims[0].len == y.dims[0].len;
    if !same {
        return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    let bytes = view_bytes(vm, &other)?;
    write_bytes(vm, part, &bytes)
}

fn del_item(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.type_error("cannot delete memory"))
}

/// Whether the two are equal; `None` where the other is no buffer.
fn equals(vm: &mut Vm, a: &[Value]) -> PyResult<Option<bool>> {
    if this(vm, &a[0]).released() {
        return Ok(Some(a[0].is(&a[1])));
    }
    if let Some(other) = a[1].borrow::<MemoryView>(vm) {
        if other.released() {
            return Ok(Some(a[0].is(&a[1])));
        }
        return equal(vm, &a[0], &a[1]).map(Some);
    }
    if !vm.is_buffer(&a[1]) {
        return Ok(None);
    }
    match of(vm, &a[1]) {
        Ok(other) => equal(vm, &a[0], &other).map(Some),
        Err(_) => Ok(None),
    }
}
fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(equals(vm, a)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))
}
fn ne(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(equals(vm, a)?.map_or(Value::NOT_IMPLEMENTED, |same| Value::bool(!same)))
}

fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(h) = this(vm, &a[0]).hash.get() {
        return Ok(vm.new_int(h));
    }
    check(vm, &a[0])?;
    let m = this(vm, &a[0]);
    if !m.readonly {
        return Err(vm.value_error("cannot hash writable memoryview object"));
    }
    if !matches!(item::letter(&m.format), Some(b'B' | b'b' | b'c')) {
        return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    let source = m.source.clone();
    // an object that is itself unhashable says so
    vm.hash(&source)?;
    let h = crate::hash::bytes(&view_bytes(vm, &a[0])?);
    this(vm, &a[0]).hash.set(Some(h));
    Ok(vm.new_int(h))
}

fn release(vm: &mut Vm, a: &[Value]) -> PyResult {
    let source = a[0].borrow_mut::<MemoryView>(vm).map(MemoryView::release);
    drop(source);
    Ok(Value::NONE)
}

fn enter(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    Ok(a[0].clone())
}

fn to_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    if !a[1].is_none() {
        let order = match a[1].get::<Str>() {
            Some(s) => s.lossy().into_owned(),
            None => {
                let name = vm.type_name(&a[1]);
                return Err(vm.type_error(format!("tobytes() argument 'order' must be str or None, not {name}")));
            }
        };
        if !matches!(&*order, "C" | "F" | "A") {
            return Err(vm.value_error("order must be 'C', 'F' or 'A'"));
        }
        if order == "F" && this(vm, &a[0]).dims.len() > 1 {
            return fortran_bytes(vm, &a[0]);
        }
    }
    let bytes = view_bytes(vm, &a[0])?;
    Ok(vm.new_bytes(bytes))
}

/// The items with the first index running fastest.
fn fortran_bytes(vm: &mut Vm, v: &Value) -> PyResult {
    let bytes = view_bytes(vm, v)?;
    let m = this(vm, v);
    let size = m.itemsize.max(1);
    let lens: Vec<usize> = m.dims.iter().map(|d| d.len).collect();
    let mut out = Vec::with_capacity(bytes.len());
    for n in 0..bytes.len() / size {
        let (mut rest, mut at) = (n, 0);
        for (d, len) in lens.iter().enumerate() {
            at += rest % len * lens[d + 1..].iter().product::<usize>();
            rest /= len;
        }
        out.extend_from_slice(&bytes[at * size..(at + 1) * size]);
    }
    Ok(vm.new_bytes(out))
}

fn hex(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    let (sep, group) = hex_arguments(vm, &a[1], &a[2])?;
    let text = hex_text(&view_bytes(vm, &a[0])?, sep, group);
    Ok(vm.new_ascii(text))
}

fn list(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    to_list(vm, &a[0])
}

fn to_readonly(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    let mut view = this(vm, &a[0]).again();
    view.readonly = true;
    Ok(put(vm, view))
}

/// The dimensions that `cast` asks for.
fn shape_argument(vm: &mut Vm, shape: &Value) -> PyResult<Vec<usize>> {
    let items = match (shape.get::<Tuple>(), shape.borrow::<List>(vm)) {
        (Some(t), _) => t.items().to_vec(),
        (_, Some(l)) => l.items().to_vec(),
        _ => return Err(vm.type_error("shape must be a list or a tuple")),
    };
    if items.len() > 64 {
        return Err(vm.value_error("memoryview: number of dimensions must not exceed 64"));
    }
    let mut lens = Vec::with_capacity(items.len());
    for v in &items {
        if vm.int_value(v).is_none() {
            return Err(vm.type_error("memoryview.cast(): elements of shape must be integers"));
        }
        let n = vm.arg_ssize(v)?;
        if n <= 0 {
            return Err(vm.value_error("memoryview.cast(): elements of shape must be integers > 0"));
        }
        lens.push(n as usize);
    }
    Ok(lens)
}

fn cast(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    let format = match a[1].get::<Str>() {
        Some(s) => s.lossy().into_owned(),
        None => return Err(vm.must_be_str("cast() argument 'format'", &a[1])),
    };
    let shape = if a[2].is_null() { None } else { Some(shape_argument(vm, &a[2])?) };
    let m = this(vm, &a[0]);
    if !m.contiguous() {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    if shape.as_ref().is_some_and(|s| s.len() != 1) && m.dims.len() != 1 {
        return Err(vm.type_error("memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    let Some(old) = item::letter(&m.format).filter(|_| item::native_size(&m.format).is_some()) else {
        return Err(vm.value_error("memoryview: source format must be a native single character format prefixed with an optional '@'"));
    };
    let nbytes = m.nbytes();
    let (Some(new), Some(itemsize)) = (item::letter(&format), item::native_size(&format)) else {
        return Err(vm.value_error("memoryview: destination format must be a native single character format prefixed with an optional '@'"));
    };
    let is_byte = |c: u8| matches!(c, b'b' | b'B' | b'c');
    if !is_byte(old) && !is_byte(new) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    if nbytes % itemsize != 0 {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    let lens = shape.unwrap_or_else(|| vec![nbytes / itemsize]);
    let total = lens.iter().try_fold(itemsize, |n, len| n.checked_mul(*len));
    if total != Some(nbytes) {
        return Err(vm.type_error("memoryview: product(shape) * itemsize != buffer size"));
    }
    let mut view = this(vm, &a[0]).again();
    let mut stride = itemsize as isize;
    view.dims = lens.iter().map(|len| Dim { len: *len, stride: 0 }).collect();
    for d in view.dims.iter_mut().rev() {
        d.stride = stride;
        stride *= d.len as isize;
    }
    (view.format, view.itemsize) = (format, itemsize);
    Ok(put(vm, view))
}

// --- attributes ---------------------------------------------------------------------------------------------

fn obj(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(this(vm, v).source.clone())
}
fn nbytes(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(Value::small_wrap(this(vm, v).nbytes() as i64))
}
fn readonly(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(Value::bool(this(vm, v).readonly))
}
fn itemsize(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(Value::small_wrap(this(vm, v).itemsize as i64))
}
fn format(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    let format = this(vm, v).format.clone();
    Ok(vm.new_str(format))
}
fn ndim(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(Value::small_wrap(this(vm, v).dims.len() as i64))
}
fn dims(vm: &mut Vm, v: &Value, f: fn(&Dim) -> i64) -> PyResult {
    check(vm, v)?;
    let numbers = this(vm, v).dims.iter().map(|d| Value::small_wrap(f(d))).collect();
    Ok(vm.new_tuple(numbers))
}
fn shape(vm: &mut Vm, v: &Value) -> PyResult {
    dims(vm, v, |d| d.len as i64)
}
fn strides(vm: &mut Vm, v: &Value) -> PyResult {
    dims(vm, v, |d| d.stride as i64)
}
fn suboffsets(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(vm.new_tuple(vec![]))
}
fn c_contiguous(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    Ok(Value::bool(this(vm, v).contiguous()))
}
fn f_contiguous(vm: &mut Vm, v: &Value) -> PyResult {
    check(vm, v)?;
    let m = this(vm, v);
    Ok(Value::bool(m.contiguous() && m.dims.iter().filter(|d| d.len > 1).count() <= 1))
}

// --- iteration ----------------------------------------------------------------------------------------------

/// The payload of `memory_iterator`.
pub struct MemoryIter {
    view: Value,
    index: Cell<usize>,
}

impl Payload for MemoryIter {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.view);
    }
    fn clear(&mut self) {
        self.view = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> MemoryIter {
        MemoryIter { view: c.value(&self.view), index: self.index.clone() }
    }
}
impl Immutable for MemoryIter {}

fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    check(vm, &a[0])?;
    match this(vm, &a[0]).dims.len() {
        1 => Ok(vm.new_object(T::MemoryIter, MemoryIter { view: a[0].clone(), index: Cell::new(0) })),
        0 => Err(vm.type_error("invalid indexing of 0-dim memory")),
        _ => Err(vm.err(Exc::NotImplementedError, "multi-dimensional sub-views are not implemented")),
    }
}

fn iter_self(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(a[0].clone())
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_write(&a[0], Part::Whole);
    let it = a[0].get::<MemoryIter>().expect("a memory iterator");
    let Some(m) = it.view.borrow::<MemoryView>(vm) else { return Ok(Value::NULL) };
    if m.released() {
        return Err(released(vm));
    }
    let i = it.index.get();
    let Dim { len, stride } = m.dims[0];
    if i >= len {
        it.index.set(usize::MAX);
        return Ok(Value::NULL);
    }
    let at = (m.offset as isize + i as isize * stride) as usize;
    it.index.set(i + 1);
    read_item(vm, &it.view, at)
}

/// `memory_iterator`
pub static MEMORY_ITER: TypeDef = TypeDef::new("memory_iterator", layout_of::<MemoryIter>())
    .flags(flags::NO_NEW)
    .methods(&[method("__iter__(self, /)", iter_self), method("__next__(self, /)", next)]);

/// The methods of `memoryview`.
pub const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, object)", new),
    class_method("_from_flags(cls, object, flags)", from_flags),
    method("__repr__(self, /)", repr),
    method("__len__(self, /)", len),
    method("__getitem__(self, key, /)", get_item),
    method("__setitem__(self, key, value, /)", set_item),
    method("__delitem__(self, key, /)", del_item),
    method("__iter__(self, /)", iter),
    method("__eq__(self, value, /)", eq),
    method("__ne__(self, value, /)", ne),
    method("__hash__(self, /)", hash),
    method("__enter__(self, /)", enter),
    method("__exit__(self, /, *exc_info)", release),
    method("__buffer__(self, flags, /)", |vm, a| of_flags(vm, &a[0], &a[1])),
    method("release(self, /)", release).doc("Release the underlying buffer exposed by the memoryview object."),
    method("tobytes(self, order='C')", to_bytes).doc("Return the data in the buffer as a byte string."),
    method("hex(self, sep=NULL, bytes_per_sep=1)", hex).doc("Return the data in the buffer as a str of hexadecimal numbers."),
    method("tolist(self, /)", list).doc("Return the data in the buffer as a list of elements."),
    method("cast(self, format, shape=NULL)", cast).doc("Cast a memoryview to a new format or shape."),
    method("toreadonly(self, /)", to_readonly).doc("Return a readonly version of the memoryview."),
];

/// The attributes of `memoryview`.
pub const GETSET: &[GetSet] = &[
    getter("obj", obj),
    getter("nbytes", nbytes),
    getter("readonly", readonly),
    getter("itemsize", itemsize),
    getter("format", format),
    getter("ndim", ndim),
    getter("shape", shape),
    getter("strides", strides),
    getter("suboffsets", suboffsets),
    getter("c_contiguous", c_contiguous),
    getter("f_contiguous", f_contiguous),
    getter("contiguous", c_contiguous),
];
