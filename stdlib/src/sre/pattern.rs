//! `re.Pattern`.

use super::engine::{self, Mode, Window, find, find_all};
use super::{matches, scanner, substitute};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::types::native::{class_method, getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::sync::Arc;

/// The bits of a pattern's flags that matter here.
pub mod flag {
    /// `re.UNICODE`
    pub const UNICODE: i32 = 32;
    /// In the order of `repr`.
    pub const NAMES: [(i32, &str); 7] =
        [(2, "re.IGNORECASE"), (4, "re.LOCALE"), (8, "re.MULTILINE"), (16, "re.DOTALL"), (64, "re.VERBOSE"), (128, "re.DEBUG"), (256, "re.ASCII")];
}

/// The payload of `re.Pattern`.
pub struct Pattern {
    source: Value,
    group_index: Value,
    /// The groups' names (None where they have none), from group 0 on.
    pub names: Vec<Value>,
    flags: i32,
    /// The engine's code.
    pub code: Arc<[u32]>,
    /// How many groups, without group 0.
    pub groups: usize,
    /// For bytes, for str, or (without a source) for either.
    pub bytes: Option<bool>,
}
payload!(Pattern { one: [source, group_index], many: [names], plain: [flags, code, groups, bytes] });
impl Immutable for Pattern {}

impl Pattern {
    /// The dict from names to numbers.
    pub fn index(&self) -> &Value {
        &self.group_index
    }
}

/// `re.Pattern`
pub static PATTERN: TypeDef = TypeDef::new("re.Pattern", layout_of::<Pattern>())
    .flags(flags::NO_NEW)
    .doc("Compiled regular expression object.")
    .methods(&[
        method("match(self, /, string, pos=0, endpos=9223372036854775807)", |vm, a| apply(vm, a, Mode::Match)).doc("Matches zero or more characters at the beginning of the string."),
        method("fullmatch(self, /, string, pos=0, endpos=9223372036854775807)", |vm, a| apply(vm, a, Mode::FullMatch)).doc("Matches against all of the string."),
        method("search(self, /, string, pos=0, endpos=9223372036854775807)", |vm, a| apply(vm, a, Mode::Search))
            .doc("Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches."),
        method("findall(self, /, string, pos=0, endpos=9223372036854775807)", findall).doc("Return a list of all non-overlapping matches of pattern in string."),
        method("finditer(self, /, string, pos=0, endpos=9223372036854775807)", scanner::finditer)
            .doc("Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object."),
        method("scanner(self, /, string, pos=0, endpos=9223372036854775807)", scanner::scanner),
        method("split(self, /, string, maxsplit=0)", split).doc("Split string by the occurrences of pattern."),
        method("sub(self, /, repl, string, count=0)", substitute::sub).doc("Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl."),
        method("subn(self, /, repl, string, count=0)", substitute::subn)
            .doc("Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl."),
        method("__copy__(self, /)", |_, a| Ok(a[0].clone())),
        method("__deepcopy__(self, memo, /)", |_, a| Ok(a[0].clone())),
        method("__repr__(self, /)", repr),
        method("__eq__(self, value, /)", eq),
        method("__hash__(self, /)", hash),
        class_method("__class_getitem__(cls, item, /)", crate::functools::class_getitem),
    ])
    .getset(&[
        getter("pattern", |_, v| Ok(this(v).source.clone())),
        getter("flags", |_, v| Ok(Value::small_wrap(i64::from(this(v).flags)))),
        getter("groups", |_, v| Ok(Value::small_wrap(this(v).groups as i64))),
        getter("groupindex", |vm, v| {
            let ty = vm.ty(gilbert_vm::types::T::MappingProxy).clone();
            vm.call(&ty, &[this(v).group_index.clone()])
        }),
    ]);

/// The payload of a pattern.
pub fn this(v: &Value) -> &Pattern {
    v.get::<Pattern>().expect("a pattern")
}

/// `_sre.compile`
pub fn compile(vm: &mut Vm, a: &[Value]) -> PyResult {
    let flags = vm.to_i32(&a[1])?;
    let items = vm.collect(&a[2])?;
    let mut code = Vec::with_capacity(items.len());
    for item in &items {
        let n = vm.to_i64(item)?;
        code.push(u32::try_from(n).map_err(|_| vm.err(gilbert_vm::error::Exc::OverflowError, "regular expression code size limit exceeded"))?);
    }
    let groups = vm.to_usize(&a[3])?;
    let names = vm.collect(&a[5])?;
    let bytes = if a[0].is_none() {
        None
    } else if a[0].is_a::<Str>() {
        Some(false)
    } else if vm.is_buffer(&a[0]) {
        Some(true)
    } else {
        let name = vm.type_name(&a[0]);
        return Err(vm.type_error(format!("expected string or bytes-like object, got '{name}'")));
    };
    if !super::validate::valid(&code, groups) {
        return Err(vm.runtime_error("invalid SRE code"));
    }
    let body = Pattern { source: a[0].clone(), group_index: a[4].clone(), names, flags, code: code.into(), groups, bytes };
    Ok(vm.new_native(&PATTERN, body))
}

/// The window that `pos` and `endpos` open on a text of this length.
pub fn window(vm: &mut Vm, pos: &Value, endpos: &Value, len: usize) -> PyResult<Window> {
    let clamp = |i: isize| usize::try_from(i).unwrap_or(0).min(len);
    let start = clamp(vm.to_isize_clamped(pos)?);
    let end = clamp(vm.to_isize_clamped(endpos)?);
    Ok(Window { start: start.min(end), end, must_advance: false })
}

fn apply(vm: &mut Vm, a: &[Value], mode: Mode) -> PyResult {
    let text = engine::subject(vm, this(&a[0]), &a[1])?;
    let w = window(vm, &a[2], &a[3], engine::length(&text))?;
    Ok(match find(this(&a[0]), &text, mode, w) {
        Some(found) => matches::new(vm, &a[0], &a[1], &text, w, found),
        None => Value::NONE,
    })
}

/// What `findall` gives of one match: the whole, the one group, or the tuple of groups.
fn found_item(vm: &mut Vm, text: &Value, found: &engine::Found) -> Value {
    let group = |vm: &mut Vm, span: engine::Span| engine::slice(vm, text, span.0.max(0) as usize, span.1.max(0) as usize);
    match &found.spans[..] {
        [whole] => group(vm, *whole),
        [_, one] => group(vm, *one),
        [_, all @ ..] => {
            let items = all.iter().map(|s| group(vm, *s)).collect();
            vm.new_tuple(items)
        }
        [] => Value::NONE,
    }
}
fn findall(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = engine::subject(vm, this(&a[0]), &a[1])?;
    let w = window(vm, &a[2], &a[3], engine::length(&text))?;
    let all = find_all(this(&a[0]), &text, w, usize::MAX);
    let items = all.iter().map(|f| found_item(vm, &text, f)).collect();
    Ok(vm.new_list(items))
}

/// A count argument as "at most": 0 and less mean all (`split` reads less as none).
pub fn limit(vm: &mut Vm, v: &Value) -> PyResult<usize> {
    let n = vm.to_isize(v)?;
    Ok(if n <= 0 { usize::MAX } else { n as usize })
}

fn split(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = engine::subject(vm, this(&a[0]), &a[1])?;
    let n = vm.to_isize(&a[2])?;
    let most = if n < 0 { 0 } else { limit(vm, &a[2])? };
    let len = engine::length(&text);
    let all = find_all(this(&a[0]), &text, Window { start: 0, end: len, must_advance: false }, most);
    let mut items = Vec::with_capacity(all.len() + 1);
    let mut at = 0;
    for f in &all {
        let (start, end) = f.whole();
        items.push(engine::slice(vm, &text, at, start));
        for span in &f.spans[1..] {
            items.push(if span.0 < 0 { Value::NONE } else { engine::slice(vm, &text, span.0 as usize, span.1 as usize) });
        }
        at = end;
    }
    items.push(engine::slice(vm, &text, at, len));
    Ok(vm.new_list(items))
}

fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let p = this(&a[0]);
    let source = vm.repr_text(&p.source)?;
    let source: String = source.chars().take(200).collect();
    let mut bits = p.flags;
    if p.source.is_a::<Str>() && bits & (flag::UNICODE | 4 | 256) == flag::UNICODE {
        bits &= !flag::UNICODE;
    }
    let mut names: Vec<String> = Vec::new();
    for (bit, name) in flag::NAMES {
        if bits & bit != 0 {
            names.push(name.into());
            bits &= !bit;
        }
    }
    if bits != 0 {
        names.push(format!("{bits:#x}"));
    }
    let tail = if names.is_empty() { String::new() } else { format!(", {}", names.join("|")) };
    Ok(vm.new_str(format!("re.compile({source}{tail})")))
}
fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (p, Some(q)) = (this(&a[0]), a[1].get::<Pattern>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    let same = p.flags == q.flags && p.bytes == q.bytes && p.code == q.code;
    Ok(Value::bool(same && vm.eq(&p.source, &q.source)?))
}
fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let p = this(&a[0]);
    let key = vm.new_tuple(vec![p.source.clone(), Value::small_wrap(i64::from(p.flags))]);
    let h = vm.hash(&key)?;
    Ok(vm.new_int(h))
}
