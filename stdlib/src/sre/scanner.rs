//! Scanners: what `finditer` walks with.

use super::engine::{self, Mode, Window};
use super::{matches, pattern};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::{getter, method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of scanners: where the next match is looked for.
pub struct Scanner {
    pattern: Value,
    string: Value,
    text: Value,
    whole: Window,
    rest: Window,
    done: bool,
}
payload!(Scanner { one: [pattern, string, text], many: [], plain: [whole, rest, done] });

/// `_sre.SRE_Scanner`
pub static SCANNER: TypeDef = TypeDef::new("_sre.SRE_Scanner", layout_of::<Scanner>())
    .flags(flags::NO_NEW)
    .methods(&[method("match(self, /)", |vm, a| step(vm, &a[0], Mode::Match)), method("search(self, /)", |vm, a| step(vm, &a[0], Mode::Search))])
    .getset(&[getter("pattern", |vm, v| Ok(v.borrow::<Scanner>(vm).map_or(Value::NONE, |s| s.pattern.clone())))]);

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = engine::subject(vm, pattern::this(&a[0]), &a[1])?;
    let w = pattern::window(vm, &a[2], &a[3], engine::length(&text))?;
    Ok(vm.new_native(&SCANNER, Scanner { pattern: a[0].clone(), string: a[1].clone(), text, whole: w, rest: w, done: false }))
}
/// `Pattern.scanner`
pub fn scanner(vm: &mut Vm, a: &[Value]) -> PyResult {
    new(vm, a)
}
/// `Pattern.finditer`: calls `search` until it says None.
pub fn finditer(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = new(vm, a)?;
    let search = vm.attr(&s, "search")?;
    let iter = vm.builtin("iter")?;
    vm.call(&iter, &[search, Value::NONE])
}

fn step(vm: &mut Vm, v: &Value, mode: Mode) -> PyResult {
    vm.touch_write(v, Part::Whole);
    let (p, string, text, whole, rest) = match v.borrow::<Scanner>(vm) {
        Some(s) if !s.done => (s.pattern.clone(), s.string.clone(), s.text.clone(), s.whole, s.rest),
        _ => return Ok(Value::NONE),
    };
    let found = engine::find(pattern::this(&p), &text, mode, rest);
    if let Some(s) = v.borrow_mut::<Scanner>(vm) {
        match &found {
            Some(f) => {
                let (start, end) = f.whole();
                s.rest = Window { start: end, end: rest.end, must_advance: start == end };
            }
            None => s.done = true,
        }
    }
    Ok(found.map_or(Value::NONE, |f| matches::new(vm, &p, &string, &text, whole, f)))
}
