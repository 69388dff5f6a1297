//! Replacing: `sub`, `subn`, `expand`, and the templates they fill in.

use super::engine::{self, Found, Span, Window};
use super::{matches, pattern};
use crate::payload::payload;
use gilbert_vm::builtins::is_int;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::special::Special;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of templates: literals, and between them the numbers of groups.
pub struct Template {
    literals: Vec<Value>,
    groups: Vec<usize>,
}
payload!(Template { one: [], many: [literals], plain: [groups] });
impl Immutable for Template {}

/// `_sre.SRE_Template`
pub static TEMPLATE: TypeDef = TypeDef::new("_sre.SRE_Template", layout_of::<Template>()).flags(flags::NO_NEW);

/// `_sre.template`: from the alternating list that `re._parser` makes.
pub fn template(vm: &mut Vm, a: &[Value]) -> PyResult {
    let items = vm.collect(&a[1])?;
    let (mut literals, mut groups) = (Vec::new(), Vec::new());
    for (i, item) in items.iter().enumerate() {
        if i % 2 == 0 {
            literals.push(item.clone());
        } else if is_int(item) {
            groups.push(vm.to_usize(item)?);
        }
    }
    if literals.len() != groups.len() + 1 || items.len() % 2 == 0 {
        return Err(vm.type_error("invalid template"));
    }
    Ok(vm.new_native(&TEMPLATE, Template { literals, groups }))
}

/// The bytes of a str or a bytes-like object.
fn raw(vm: &mut Vm, v: &Value, text: &Value) -> PyResult<Vec<u8>> {
    if text.is_a::<Str>() {
        return match v.get::<Str>() {
            Some(s) => Ok(s.bytes().to_vec()),
            None => {
                let name = vm.type_name(v);
                Err(vm.type_error(format!("expected str instance, {name} found")))
            }
        };
    }
    if vm.is_buffer(v) {
        return vm.buffer_bytes(v);
    }
    let name = vm.type_name(v);
    Err(vm.type_error(format!("expected a bytes-like object, {name} found")))
}

/// A replacement that needs no Python.
enum Filler {
    Literal(Vec<u8>),
    Template(Vec<Vec<u8>>, Vec<usize>),
    Function(Value),
}

fn compile_template(vm: &mut Vm, p: &Value, repl: &Value) -> PyResult {
    let re = vm.import("re")?;
    vm.call_method(&re, "_compile_template", &[p.clone(), repl.clone()])
}
/// A compiled template with its literals as bytes of the text's kind.
fn filled(vm: &mut Vm, t: &Value, text: &Value) -> PyResult<Filler> {
    let Some(t) = t.get::<Template>() else { return Ok(Filler::Function(t.clone())) };
    let literals = t.literals.iter().map(|l| raw(vm, l, text)).collect::<PyResult<Vec<_>>>()?;
    Ok(Filler::Template(literals, t.groups.clone()))
}
fn filler(vm: &mut Vm, p: &Value, repl: &Value, text: &Value) -> PyResult<Filler> {
    if vm.special(repl, Special::Call).is_some() {
        return Ok(Filler::Function(repl.clone()));
    }
    let plain = repl.get::<Str>().map(Str::bytes).or_else(|| repl.get::<Bytes>().map(Bytes::bytes));
    if plain.is_some_and(|b| !b.contains(&b'\\')) {
        return Ok(Filler::Literal(raw(vm, repl, text)?));
    }
    let t = compile_template(vm, p, repl)?;
    filled(vm, &t, text)
}

fn fill_template(out: &mut Vec<u8>, literals: &[Vec<u8>], groups: &[usize], text: &Value, spans: &[Span]) {
    out.extend(&literals[0]);
    for (group, literal) in groups.iter().zip(&literals[1..]) {
        if let Some((a, b)) = spans.get(*group).filter(|s| s.0 >= 0) {
            out.extend(engine::piece(text, *a as usize, *b as usize));
        }
        out.extend(literal);
    }
}
fn finish(vm: &mut Vm, text: &Value, out: Vec<u8>) -> Value {
    if text.is_a::<Str>() { vm.new_str_wtf8(out) } else { vm.new_bytes(out) }
}

/// The text with its matches replaced, and how many there were.
fn replaced(vm: &mut Vm, a: &[Value]) -> PyResult<(Value, usize)> {
    let text = engine::subject(vm, pattern::this(&a[0]), &a[2])?;
    let fill = filler(vm, &a[0], &a[1], &text)?;
    let most = pattern::limit(vm, &a[3])?;
    let len = engine::length(&text);
    let w = Window { start: 0, end: len, must_advance: false };
    let all: Vec<Found> = engine::find_all(pattern::this(&a[0]), &text, w, most);
    let count = all.len();
    let (mut out, mut at) = (Vec::new(), 0);
    for f in all {
        let (start, end) = f.whole();
        out.extend(engine::piece(&text, at, start));
        match &fill {
            Filler::Literal(bytes) => out.extend(bytes),
            Filler::Template(literals, groups) => fill_template(&mut out, literals, groups, &text, &f.spans),
            Filler::Function(call) => {
                let m = matches::new(vm, &a[0], &a[2], &text, w, f);
                let piece = vm.call(call, &[m])?;
                if !piece.is_none() {
                    out.extend(raw(vm, &piece, &text)?);
                }
            }
        }
        if out.len() > gilbert_vm::types::str::MAX_BYTES {
            return Err(vm.err(Exc::MemoryError, ""));
        }
        at = end;
    }
    out.extend(engine::piece(&text, at, len));
    Ok((finish(vm, &text, out), count))
}
/// `Pattern.sub`
pub fn sub(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(replaced(vm, a)?.0)
}
/// `Pattern.subn`
pub fn subn(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (text, n) = replaced(vm, a)?;
    Ok(vm.new_pair(text, Value::small_wrap(n as i64)))
}
/// `Match.expand`
pub fn expand(vm: &mut Vm, p: &Value, m: &Value, template: &Value) -> PyResult {
    let t = compile_template(vm, p, template)?;
    let (spans, text) = matches::spans(m);
    let Filler::Template(literals, groups) = filled(vm, &t, &text)? else { return Err(vm.type_error("not a template")) };
    let mut out = Vec::new();
    fill_template(&mut out, &literals, &groups, &text, &spans);
    Ok(finish(vm, &text, out))
}
