//! `c_make_scanner`: JSON text to values.

use super::strings::{self, Content};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::proto::compare::str_hash;
use gilbert_vm::types::T;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `c_make_scanner`; hooks are None where there are none.
struct Scanner {
    strict: Value,
    object_hook: Value,
    object_pairs_hook: Value,
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
}
crate::payload::payload!(Scanner { one: [strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant], many: [], plain: [] });
impl gilbert_vm::object::Immutable for Scanner {}

/// `_json.Scanner`
pub static SCANNER: TypeDef = TypeDef::new("_json.Scanner", layout_of::<Scanner>())
    .flags(flags::BASE)
    .doc("JSON scanner object")
    .methods(&[static_method("__new__(cls, context)", new), method("__call__(self, string, idx)", call)])
    .getset(&[
        getter("strict", |_, v| Ok(this(v).strict.clone())),
        getter("object_hook", |_, v| Ok(this(v).object_hook.clone())),
        getter("object_pairs_hook", |_, v| Ok(this(v).object_pairs_hook.clone())),
        getter("parse_float", |_, v| Ok(this(v).parse_float.clone())),
        getter("parse_int", |_, v| Ok(this(v).parse_int.clone())),
        getter("parse_constant", |_, v| Ok(this(v).parse_constant.clone())),
    ]);

fn this(v: &Value) -> &Scanner {
    v.get::<Scanner>().expect("a Scanner")
}

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let strict = vm.attr(&a[1], "strict")?;
    let strict = Value::bool(vm.truthy(&strict)?);
    let scanner = Scanner {
        strict,
        object_hook: vm.attr(&a[1], "object_hook")?,
        object_pairs_hook: vm.attr(&a[1], "object_pairs_hook")?,
        parse_float: vm.attr(&a[1], "parse_float")?,
        parse_int: vm.attr(&a[1], "parse_int")?,
        parse_constant: vm.attr(&a[1], "parse_constant")?,
    };
    Ok(vm.new_of(&a[0], scanner))
}

fn call(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(s) = a[1].get::<Str>() else {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("first argument must be a string, not {name}")));
    };
    let idx = vm.arg_ssize(&a[2])?;
    let Ok(idx) = usize::try_from(idx) else { return Err(vm.value_error("idx cannot be negative")) };
    if idx >= s.char_len() {
        return Err(vm.stop_iteration(Value::small_wrap(idx as i64)));
    }
    let scanner = this(&a[0]);
    let mut reader = Reader {
        s: scanner,
        string: &a[1],
        text: s.bytes(),
        strict: scanner.strict.is_true(),
        plain_int: scanner.parse_int.is(vm.ty(T::Int)),
        plain_float: scanner.parse_float.is(vm.ty(T::Float)),
        keys: Keys::new(),
    };
    let (value, end) = reader.value(vm, s.byte_of(idx))?;
    Ok(vm.new_tuple(vec![value, Value::small_wrap(s.char_of(end) as i64)]))
}

/// `JSONDecodeError(text, string, at)`, `at` a byte.
pub fn fail(vm: &mut Vm, text: &str, string: &Value, at: usize) -> Raised {
    let chars = match at {
        // before the text: a string that was scanned from its very beginning
        usize::MAX => -1,
        _ => string.get::<Str>().map_or(0, |s| s.char_of(at.min(s.bytes().len())) as i64),
    };
    let text = vm.new_str(text);
    let made =
        vm.import("json.decoder").and_then(|m| vm.attr(&m, "JSONDecodeError")).and_then(|c| vm.call(&c, &[text, string.clone(), Value::small_wrap(chars)]));
    match made {
        Ok(e) => Raised(e),
        Err(e) => e,
    }
}

/// The keys that were seen lately, so that equal keys are one str.
struct Keys {
    slots: Vec<Option<Value>>,
}

impl Keys {
    const SLOTS: usize = 256;
    fn new() -> Keys {
        Keys { slots: Vec::new() }
    }
    fn get(&mut self, vm: &mut Vm, text: &[u8]) -> Value {
        if self.slots.is_empty() {
            self.slots.resize(Keys::SLOTS, None);
        }
        let hash = text.iter().fold(text.len(), |h, b| h.wrapping_mul(31).wrapping_add(usize::from(*b)));
        let slot = &mut self.slots[hash % Keys::SLOTS];
        if let Some(v) = slot
            && v.get::<Str>().is_some_and(|s| s.bytes() == text)
        {
            return v.clone();
        }
        let v = vm.new_str_piece(text);
        *slot = Some(v.clone());
        v
    }
}

/// One text being read. Positions are bytes.
struct Reader<'a> {
    s: &'a Scanner,
    string: &'a Value,
    text: &'a [u8],
    strict: bool,
    plain_int: bool,
    plain_float: bool,
    keys: Keys,
}

impl<'a> Reader<'a> {
    fn peek(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }
    fn skip(&self, mut at: usize) -> usize {
        while matches!(self.text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }
    #[cold]
    fn fail<R>(&self, vm: &mut Vm, text: &str, at: usize) -> PyResult<R> {
        Err(fail(vm, text, self.string, at))
    }
    /// There is no value here: `StopIteration(at)`.
    #[cold]
    fn nothing<R>(&self, vm: &mut Vm, at: usize) -> PyResult<R> {
        let chars = self.string.get::<Str>().map_or(0, |s| s.char_of(at.min(self.text.len())));
        Err(vm.stop_iteration(Value::small_wrap(chars as i64)))
    }
    /// The value at `at` and where it ends.
    fn value(&mut self, vm: &mut Vm, at: usize) -> PyResult<(Value, usize)> {
        let rest = &self.text[at.min(self.text.len())..];
        match self.peek(at) {
            b'"' => {
                let (content, end) = self.content(vm, at + 1)?;
                let v = match content {
                    Content::Piece(p) => vm.new_str_piece(p),
                    Content::Own(o) => vm.new_str_wtf8(o),
                };
                Ok((v, end))
            }
            b'{' => self.nested(vm, at, Reader::object, "object"),
            b'[' => self.nested(vm, at, Reader::array, "array"),
            b'n' if rest.starts_with(b"null") => Ok((Value::NONE, at + 4)),
            b't' if rest.starts_with(b"true") => Ok((Value::TRUE, at + 4)),
            b'f' if rest.starts_with(b"false") => Ok((Value::FALSE, at + 5)),
            b'N' if rest.starts_with(b"NaN") => self.constant(vm, "NaN", at),
            b'I' if rest.starts_with(b"Infinity") => self.constant(vm, "Infinity", at),
            b'-' if rest.starts_with(b"-Infinity") => self.constant(vm, "-Infinity", at),
            b'-' | b'0'..=b'9' => self.number(vm, at),
            _ => self.nothing(vm, at),
        }
    }
    fn constant(&self, vm: &mut Vm, name: &str, at: usize) -> PyResult<(Value, usize)> {
        let text = vm.new_str(name);
        Ok((vm.call(&self.s.parse_constant, &[text])?, at + name.len()))
    }
    fn content(&self, vm: &mut Vm, at: usize) -> PyResult<(Content<'a>, usize)> {
        strings::find(self.text, at, self.strict).map_err(|(text, at)| fail(vm, text, self.string, at))
    }
    fn nested(&mut self, vm: &mut Vm, at: usize, read: fn(&mut Self, &mut Vm, usize) -> PyResult<(Value, usize)>, what: &str) -> PyResult<(Value, usize)> {
        if vm.enter_native().is_err() {
            let text = format!("maximum recursion depth exceeded while decoding a JSON {what} from a unicode string");
            return Err(vm.err(Exc::RecursionError, text));
        }
        let r = read(self, vm, at + 1);
        vm.leave_native();
        r
    }
    fn array(&mut self, vm: &mut Vm, at: usize) -> PyResult<(Value, usize)> {
        let mut items = Vec::new();
        let mut at = self.skip(at);
        if self.peek(at) != b']' {
            loop {
                let (item, next) = self.value(vm, at)?;
                items.push(item);
                at = self.skip(next);
                match self.peek(at) {
                    b']' => break,
                    b',' => at = self.skip(at + 1),
                    _ => return self.fail(vm, "Expecting ',' delimiter", at),
                }
            }
        }
        Ok((vm.new_list(items), at + 1))
    }
    fn object(&mut self, vm: &mut Vm, at: usize) -> PyResult<(Value, usize)> {
        let mut pairs = Vec::new();
        let mut at = self.skip(at);
        if self.peek(at) != b'}' {
            loop {
                if self.peek(at) != b'"' {
                    return self.fail(vm, "Expecting property name enclosed in double quotes", at);
                }
                let (content, next) = self.content(vm, at + 1)?;
                let key = match content {
                    Content::Piece(p) => self.keys.get(vm, p),
                    Content::Own(o) => self.keys.get(vm, &o),
                };
                at = self.skip(next);
                if self.peek(at) != b':' {
                    return self.fail(vm, "Expecting ':' delimiter", at);
                }
                let (value, next) = self.value(vm, self.skip(at + 1))?;
                pairs.push((key, value));
                at = self.skip(next);
                match self.peek(at) {
                    b'}' => break,
                    b',' => at = self.skip(at + 1),
                    _ => return self.fail(vm, "Expecting ',' delimiter", at),
                }
            }
        }
        Ok((self.finish(vm, pairs)?, at + 1))
    }
    /// The object of these pairs: through the hooks, where there are any.
    fn finish(&self, vm: &mut Vm, pairs: Vec<(Value, Value)>) -> PyResult {
        if !self.s.object_pairs_hook.is_none() {
            let pairs = pairs.into_iter().map(|(k, v)| vm.new_tuple(vec![k, v])).collect();
            let list = vm.new_list(pairs);
            return vm.call(&self.s.object_pairs_hook, &[list]);
        }
        let mut dict = Dict::with_capacity(pairs.len());
        for (key, value) in pairs {
            let hash = key.get::<Str>().map_or(0, str_hash);
            // a str key asks no Python
            let _ = dict.set_plain(hash, &key, value);
        }
        let dict = vm.new_object(T::Dict, dict);
        if self.s.object_hook.is_none() { Ok(dict) } else { vm.call(&self.s.object_hook, &[dict]) }
    }
    fn digits(&self, mut at: usize) -> usize {
        while self.peek(at).is_ascii_digit() {
            at += 1;
        }
        at
    }
    fn number(&self, vm: &mut Vm, start: usize) -> PyResult<(Value, usize)> {
        let first = start + usize::from(self.peek(start) == b'-');
        let mut end = match self.peek(first) {
            b'0' => first + 1,
            b'1'..=b'9' => self.digits(first),
            _ => return self.nothing(vm, start),
        };
        let mut float = false;
        if self.peek(end) == b'.' && self.peek(end + 1).is_ascii_digit() {
            float = true;
            end = self.digits(end + 1);
        }
        if matches!(self.peek(end), b'e' | b'E') {
            let sign = usize::from(matches!(self.peek(end + 1), b'+' | b'-'));
            if self.peek(end + 1 + sign).is_ascii_digit() {
                float = true;
                end = self.digits(end + 1 + sign);
            }
        }
        let text = std::str::from_utf8(&self.text[start..end]).unwrap_or("0");
        let value = if float { self.float(vm, text)? } else { self.int(vm, text)? };
        Ok((value, end))
    }
    fn float(&self, vm: &mut Vm, text: &str) -> PyResult {
        if self.plain_float {
            return Ok(Value::float(text.parse().unwrap_or(f64::NAN)));
        }
        let text = vm.new_str(text);
        vm.call(&self.s.parse_float, &[text])
    }
    fn int(&self, vm: &mut Vm, text: &str) -> PyResult {
        if self.plain_int
            && text.len() <= 18
            && let Ok(i) = text.parse()
        {
            return Ok(vm.new_int(i));
        }
        let text = vm.new_str(text);
        vm.call(&self.s.parse_int, &[text])
    }
}
