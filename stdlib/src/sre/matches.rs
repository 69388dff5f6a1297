//! `re.Match`.

use super::engine::{self, Found, Span, Window};
use super::pattern::{self, Pattern};
use super::substitute;
use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::types::native::{class_method, getter, method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `re.Match`.
pub struct Match {
    pattern: Value,
    /// As it was given.
    string: Value,
    /// A str or bytes to cut the groups from; differs from `string` for other bytes-like objects.
    text: Value,
    pos: usize,
    endpos: usize,
    found: Found,
}
payload!(Match { one: [pattern, string, text], many: [], plain: [pos, endpos, found] });
impl Immutable for Match {}

/// `re.Match`
pub static MATCH: TypeDef = TypeDef::new("re.Match", layout_of::<Match>())
    .flags(flags::NO_NEW)
    .doc("The result of re.match() and re.search().\nMatch objects always have a boolean value of True.")
    .methods(&[
        method("group(self, /, *args)", group).doc("Returns one or more subgroups of the match.\n\nFor 0 as argument, returns the whole match."),
        method("__getitem__(self, key, /)", |vm, a| one(vm, &a[0], &a[1])),
        method("groups(self, /, default=None)", groups).doc("Return a tuple containing all the subgroups of the match, from 1."),
        method("groupdict(self, /, default=None)", groupdict)
            .doc("Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name."),
        method("start(self, group=0, /)", |vm, a| Ok(Value::small_wrap(span_of(vm, &a[0], &a[1])?.0 as i64)))
            .doc("Return index of the start of the substring matched by group."),
        method("end(self, group=0, /)", |vm, a| Ok(Value::small_wrap(span_of(vm, &a[0], &a[1])?.1 as i64)))
            .doc("Return index of the end of the substring matched by group."),
        method("span(self, group=0, /)", |vm, a| {
            let s = span_of(vm, &a[0], &a[1])?;
            Ok(pair(vm, s))
        })
        .doc("For match object m, return the 2-tuple (m.start(group), m.end(group))."),
        method("expand(self, /, template)", |vm, a| {
            let m = this(&a[0]);
            substitute::expand(vm, &m.pattern, &a[0], &a[1])
        })
        .doc("Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."),
        method("__copy__(self, /)", |_, a| Ok(a[0].clone())),
        method("__deepcopy__(self, memo, /)", |_, a| Ok(a[0].clone())),
        method("__repr__(self, /)", repr),
        class_method("__class_getitem__(cls, item, /)", crate::functools::class_getitem),
    ])
    .getset(&[
        getter("re", |_, v| Ok(this(v).pattern.clone())),
        getter("string", |_, v| Ok(this(v).string.clone())),
        getter("pos", |_, v| Ok(Value::small_wrap(this(v).pos as i64))),
        getter("endpos", |_, v| Ok(Value::small_wrap(this(v).endpos as i64))),
        getter("lastindex", |_, v| {
            Ok(match this(v).found.last_index {
                -1 => Value::NONE,
                i => Value::small_wrap(i as i64),
            })
        }),
        getter("lastgroup", |_, v| {
            Ok(usize::try_from(this(v).found.last_index).ok().and_then(|i| source(this(v)).names.get(i).cloned()).unwrap_or(Value::NONE))
        }),
        getter("regs", |vm, v| {
            let all = this(v).found.spans.iter().map(|s| pair(vm, *s)).collect();
            Ok(vm.new_tuple(all))
        }),
    ]);

/// A new match.
pub fn new(vm: &mut Vm, pattern: &Value, string: &Value, text: &Value, w: Window, found: Found) -> Value {
    vm.new_native(&MATCH, Match { pattern: pattern.clone(), string: string.clone(), text: text.clone(), pos: w.start, endpos: w.end, found })
}

fn this(v: &Value) -> &Match {
    v.get::<Match>().expect("a match")
}
fn source(m: &Match) -> &Pattern {
    pattern::this(&m.pattern)
}
fn pair(vm: &mut Vm, s: Span) -> Value {
    vm.new_pair(Value::small_wrap(s.0 as i64), Value::small_wrap(s.1 as i64))
}

/// The number of a group given by number or name.
fn group_number(vm: &mut Vm, m: &Match, key: &Value) -> PyResult<usize> {
    let number = if vm.is_index(key) {
        Some(vm.to_isize_clamped(key)?)
    } else {
        match vm.dict_get(source(m).index(), key) {
            Ok(Some(v)) => Some(vm.to_isize(&v)?),
            _ => None,
        }
    };
    match number.and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= source(m).groups) {
        Some(n) => Ok(n),
        None => Err(vm.err(Exc::IndexError, "no such group")),
    }
}
fn span_of(vm: &mut Vm, v: &Value, key: &Value) -> PyResult<Span> {
    let m = this(v);
    Ok(m.found.spans[group_number(vm, m, key)?])
}
/// What group `n` matched, or the default.
pub fn piece(vm: &mut Vm, v: &Value, n: usize, default: &Value) -> Value {
    let m = this(v);
    match m.found.spans.get(n) {
        Some((a, b)) if *a >= 0 => engine::slice(vm, &m.text, *a as usize, *b as usize),
        _ => default.clone(),
    }
}
fn one(vm: &mut Vm, v: &Value, key: &Value) -> PyResult {
    let n = group_number(vm, this(v), key)?;
    Ok(piece(vm, v, n, &Value::NONE))
}
fn group(vm: &mut Vm, a: &[Value]) -> PyResult {
    match a[1].get::<Tuple>().map_or(&[][..], Tuple::items) {
        [] => Ok(piece(vm, &a[0], 0, &Value::NONE)),
        [key] => one(vm, &a[0], key),
        keys => {
            let all = keys.iter().map(|k| one(vm, &a[0], k)).collect::<PyResult<Vec<_>>>()?;
            Ok(vm.new_tuple(all))
        }
    }
}
fn groups(vm: &mut Vm, a: &[Value]) -> PyResult {
    let all = (1..=source(this(&a[0])).groups).map(|n| piece(vm, &a[0], n, &a[1])).collect();
    Ok(vm.new_tuple(all))
}
fn groupdict(vm: &mut Vm, a: &[Value]) -> PyResult {
    let d = vm.new_dict();
    for (name, number) in vm.dict_items(source(this(&a[0])).index()) {
        let n = vm.to_usize(&number)?;
        let text = piece(vm, &a[0], n, &a[1]);
        vm.dict_set(&d, &name, text)?;
    }
    Ok(d)
}
fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (start, end) = this(&a[0]).found.spans[0];
    let whole = piece(vm, &a[0], 0, &Value::NONE);
    let whole = vm.repr_text(&whole)?;
    let whole: String = whole.chars().take(50).collect();
    Ok(vm.new_str(format!("<re.Match object; span=({start}, {end}), match={whole}>")))
}
/// The spans of a match and the text they lie in.
pub fn spans(v: &Value) -> (Box<[Span]>, Value) {
    (this(v).found.spans.clone(), this(v).text.clone())
}
