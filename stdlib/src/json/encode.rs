//! `c_make_encoder`: values to JSON text.

use super::escape;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::num;
use gilbert_vm::object::layout_of;
use gilbert_vm::probe::Part;
use gilbert_vm::proto::compare::float_value;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::int::BigInt;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{Native, NativeFn, method, static_method};
use gilbert_vm::types::seq;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// How strings are encoded.
#[derive(Clone, Copy, PartialEq)]
enum Strings {
    /// By `encode_basestring_ascii`.
    Ascii,
    /// By `encode_basestring`.
    Plain,
    /// By some other callable.
    Custom,
}

/// The payload of `c_make_encoder`.
struct Encoder {
    markers: Value,
    default: Value,
    encoder: Value,
    indent: Value,
    key_separator: Value,
    item_separator: Value,
    strings: Strings,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
}
crate::payload::payload!(Encoder {
    one: [markers, default, encoder, indent, key_separator, item_separator],
    many: [],
    plain: [strings, sort_keys, skip_keys, allow_nan]
});
impl gilbert_vm::object::Immutable for Encoder {}

/// `_json.Encoder`
pub static ENCODER: TypeDef = TypeDef::new("_json.Encoder", layout_of::<Encoder>())
    .flags(flags::BASE)
    .doc("Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)")
    .methods(&[
        static_method("__new__(cls, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)", new),
        method("__call__(self, obj, _current_indent_level)", call),
    ])
    .getset(&[
        gilbert_vm::types::native::getter("markers", |_, v| Ok(this(v).markers.clone())),
        gilbert_vm::types::native::getter("default", |_, v| Ok(this(v).default.clone())),
        gilbert_vm::types::native::getter("encoder", |_, v| Ok(this(v).encoder.clone())),
        gilbert_vm::types::native::getter("indent", |_, v| Ok(this(v).indent.clone())),
        gilbert_vm::types::native::getter("key_separator", |_, v| Ok(this(v).key_separator.clone())),
        gilbert_vm::types::native::getter("item_separator", |_, v| Ok(this(v).item_separator.clone())),
        gilbert_vm::types::native::getter("sort_keys", |_, v| Ok(Value::bool(this(v).sort_keys))),
        gilbert_vm::types::native::getter("skipkeys", |_, v| Ok(Value::bool(this(v).skip_keys))),
    ]);

fn this(v: &Value) -> &Encoder {
    v.get::<Encoder>().expect("an Encoder")
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[1].is_none() && !a[1].is_a::<Dict>() {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("make_encoder() argument 1 must be dict or None, not {name}")));
    }
    for (i, name) in [(5, "key_separator"), (6, "item_separator")] {
        if !a[i].is_a::<Str>() {
            let ty = vm.type_name(&a[i]);
            return Err(vm.type_error(format!("make_encoder() argument {i} must be str, not {ty} ({name})")));
        }
    }
    let is = |f: NativeFn| a[3].get::<Native>().is_some_and(|n| std::ptr::fn_addr_eq(n.def.fun, f));
    let strings = if is(escape::encode_ascii) {
        Strings::Ascii
    } else if is(escape::encode_plain) {
        Strings::Plain
    } else {
        Strings::Custom
    };
    let (sort_keys, skip_keys, allow_nan) = (vm.truthy(&a[7])?, vm.truthy(&a[8])?, vm.truthy(&a[9])?);
    let encoder = Encoder {
        markers: a[1].clone(),
        default: a[2].clone(),
        encoder: a[3].clone(),
        indent: a[4].clone(),
        key_separator: a[5].clone(),
        item_separator: a[6].clone(),
        strings,
        sort_keys,
        skip_keys,
        allow_nan,
    };
    Ok(vm.new_of(&a[0], encoder))
}

fn call(vm: &mut Vm, a: &[Value]) -> PyResult {
    let level = vm.arg_ssize(&a[2])?.max(0) as usize;
    let mut w = Writer { e: this(&a[0]), out: Vec::new(), open: Vec::new(), level };
    w.value(vm, &a[1])?;
    let text = vm.new_str_wtf8(w.out);
    Ok(vm.new_tuple(vec![text]))
}

/// One text being written.
struct Writer<'a> {
    e: &'a Encoder,
    out: Vec<u8>,
    /// The containers being written, by identity: one that appears again is a cycle.
    open: Vec<u64>,
    level: usize,
}

fn bytes_of(v: &Value) -> &[u8] {
    v.get::<Str>().map_or(&[], Str::bytes)
}
fn is_python_class(vm: &Vm, v: &Value) -> bool {
    v.class(vm).has(flags::HEAP)
}

impl Writer<'_> {
    fn value(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if self.plain(vm, v)? {
            return Ok(());
        }
        if v.is_a::<List>() || v.is_a::<Tuple>() {
            return self.nested(vm, v, Writer::list);
        }
        if v.is_a::<Dict>() {
            return self.nested(vm, v, Writer::dict);
        }
        self.nested(vm, v, |w, vm, v| {
            let replaced = vm.call(&w.e.default, &[v.clone()])?;
            w.value(vm, &replaced)
        })
    }
    /// Writes what holds nothing else; false for everything else.
    fn plain(&mut self, vm: &mut Vm, v: &Value) -> PyResult<bool> {
        if let Some(s) = v.get::<Str>() {
            self.string(vm, v, s)?;
        } else if v.is_none() {
            self.out.extend_from_slice(b"null");
        } else if v.is_true() {
            self.out.extend_from_slice(b"true");
        } else if v.is_false() {
            self.out.extend_from_slice(b"false");
        } else if let Some(i) = v.as_small() {
            push_int(&mut self.out, i);
        } else if let Some(f) = float_value(v) {
            let text = self.float(vm, v, f)?;
            self.out.extend_from_slice(text.as_bytes());
        } else if v.is_a::<BigInt>() {
            let text = vm.int_text(v)?;
            self.out.extend_from_slice(text.as_bytes());
        } else {
            return Ok(false);
        }
        Ok(true)
    }
    fn string(&mut self, vm: &mut Vm, v: &Value, s: &Str) -> PyResult<()> {
        if self.e.strings != Strings::Custom {
            escape::push(&mut self.out, s.bytes(), self.e.strings == Strings::Ascii);
            return Ok(());
        }
        let encoded = vm.call(&self.e.encoder, &[v.clone()])?;
        if !encoded.is_a::<Str>() {
            let name = vm.type_name(&encoded);
            return Err(vm.type_error(format!("encoder() must return a string, not {name}")));
        }
        self.out.extend_from_slice(bytes_of(&encoded));
        Ok(())
    }
    fn float(&self, vm: &mut Vm, v: &Value, f: f64) -> PyResult<String> {
        if f.is_finite() {
            return Ok(num::float::repr(f));
        }
        if !self.e.allow_nan {
            let shown = vm.repr_text(v)?;
            return Err(vm.value_error(format!("Out of range float values are not JSON compliant: {shown}")));
        }
        Ok(if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_string())
    }
    /// Writes a container, unless it is being written already.
    fn nested(&mut self, vm: &mut Vm, v: &Value, write: fn(&mut Self, &mut Vm, &Value) -> PyResult<()>) -> PyResult<()> {
        if !self.e.markers.is_none() {
            if self.open.contains(&v.bits()) {
                return Err(vm.value_error("Circular reference detected"));
            }
            self.open.push(v.bits());
        }
        vm.enter_native()?;
        let r = write(self, vm, v);
        vm.leave_native();
        if !self.e.markers.is_none() {
            self.open.pop();
        }
        r
    }
    fn newline(&mut self) {
        if self.e.indent.is_none() {
            return;
        }
        self.out.push(b'\n');
        for _ in 0..self.level {
            self.out.extend_from_slice(bytes_of(&self.e.indent));
        }
    }
    fn list(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        // a subclass is asked for its iterator
        let own = if is_python_class(vm, v) {
            let all = vm.collect(v)?;
            Some(vm.new_list(all))
        } else {
            None
        };
        let v = own.as_ref().unwrap_or(v);
        if seq::items(vm, v).is_empty() {
            self.out.extend_from_slice(b"[]");
            return Ok(());
        }
        if v.is_a::<List>() {
            vm.touch_read(v, Part::Whole);
        }
        self.out.push(b'[');
        self.level += 1;
        self.newline();
        let mut i = 0;
        // `default` may change the list meanwhile
        while let Some(item) = seq::items(vm, v).get(i).cloned() {
            if i > 0 {
                self.out.extend_from_slice(bytes_of(&self.e.item_separator));
                self.newline();
            }
            self.value(vm, &item)?;
            i += 1;
        }
        self.level -= 1;
        self.newline();
        self.out.push(b']');
        Ok(())
    }
    fn dict(&mut self, vm: &mut Vm, v: &Value) -> PyResult<()> {
        if v.borrow::<Dict>(vm).is_some_and(Dict::is_empty) {
            self.out.extend_from_slice(b"{}");
            return Ok(());
        }
        let items = self.items(vm, v)?;
        self.out.push(b'{');
        self.level += 1;
        let mut first = true;
        for (key, value) in &items {
            let before = self.out.len();
            if !first {
                self.out.extend_from_slice(bytes_of(&self.e.item_separator));
            }
            self.newline();
            if !self.key(vm, key)? {
                self.out.truncate(before);
                continue;
            }
            first = false;
            self.out.extend_from_slice(bytes_of(&self.e.key_separator));
            self.value(vm, value)?;
        }
        self.level -= 1;
        if !first {
            self.newline();
        }
        self.out.push(b'}');
        Ok(())
    }
    /// Keys and values in the order they are written.
    fn items(&self, vm: &mut Vm, v: &Value) -> PyResult<Vec<(Value, Value)>> {
        let python = is_python_class(vm, v);
        if !python && !self.e.sort_keys {
            return Ok(vm.dict_items(v));
        }
        let items = vm.call_method(v, "items", &[])?;
        let all = vm.collect(&items)?;
        let list = vm.new_list(all);
        if self.e.sort_keys {
            vm.call_method(&list, "sort", &[])?;
        }
        let mut out = Vec::new();
        for pair in seq::items(vm, &list).to_vec() {
            match pair.get::<Tuple>().map(Tuple::items) {
                Some([k, v]) => out.push((k.clone(), v.clone())),
                _ => return Err(vm.value_error("items must return 2-tuples")),
            }
        }
        Ok(out)
    }
    /// Writes a key; false where it is to be skipped.
    fn key(&mut self, vm: &mut Vm, key: &Value) -> PyResult<bool> {
        if let Some(s) = key.get::<Str>() {
            self.string(vm, key, s)?;
            return Ok(true);
        }
        let text = if key.is_none() {
            "null".to_string()
        } else if key.is_bool() {
            if key.is_true() { "true" } else { "false" }.to_string()
        } else if let Some(f) = float_value(key) {
            self.float(vm, key, f)?
        } else if key.is_small() || key.is_a::<BigInt>() {
            vm.int_text(key)?
        } else if self.e.skip_keys {
            return Ok(false);
        } else {
            return Err(bad_key(vm, key));
        };
        let text = vm.new_str(text);
        if let Some(s) = text.get::<Str>() {
            self.string(vm, &text, s)?;
        }
        Ok(true)
    }
}

#[cold]
fn bad_key(vm: &mut Vm, key: &Value) -> Raised {
    let name = vm.type_name(key);
    vm.err(Exc::TypeError, format!("keys must be str, int, float, bool or None, not {name}"))
}

/// Appends a decimal number.
fn push_int(out: &mut Vec<u8>, i: i64) {
    let mut buffer = [0; 20];
    let mut at = buffer.len();
    let mut n = i.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    if i < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&buffer[at..]);
}
