//! "Did you mean: 'x'?" (`Python/suggestions.c`).

use crate::error::{Exc, PyResult};
use crate::types::exception::{Exception, field};
use crate::types::frame_obj::Traceback;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

const MAX_CANDIDATES: usize = 750;
const MAX_LENGTH: usize = 40;
const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;

fn substitution_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

/// The distance between two texts; anything above `max` where it exceeds that.
fn distance(a: &[u8], b: &[u8], max: usize) -> usize {
    let pre = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[pre..], &b[pre..]);
    let post = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - post], &b[..b.len() - post]);
    if a.is_empty() || b.is_empty() {
        return (a.len() + b.len()) * MOVE_COST;
    }
    if a.len() > MAX_LENGTH || b.len() > MAX_LENGTH {
        return max + 1;
    }
    let (a, b) = if b.len() < a.len() { (b, a) } else { (a, b) };
    if (b.len() - a.len()) * MOVE_COST > max {
        return max + 1;
    }
    let mut row: Vec<usize> = (1..=a.len()).map(|i| i * MOVE_COST).collect();
    let mut result = 0;
    for (i, &bc) in b.iter().enumerate() {
        let mut diagonal = i * MOVE_COST;
        result = diagonal;
        let mut least = usize::MAX;
        for (cell, &ac) in row.iter_mut().zip(a) {
            let substitute = diagonal + substitution_cost(bc, ac);
            diagonal = *cell;
            result = substitute.min(result.min(diagonal) + MOVE_COST);
            *cell = result;
            least = least.min(result);
        }
        if least > max {
            return max + 1;
        }
    }
    result
}

/// The candidate nearest to a wrong name, if one is near enough.
fn nearest(wrong: &str, candidates: &[String]) -> Option<String> {
    if candidates.len() > MAX_CANDIDATES || wrong.len() > MAX_LENGTH {
        return None;
    }
    let mut best: Option<(&String, usize)> = None;
    for c in candidates.iter().filter(|c| *c != wrong) {
        let mut max = (wrong.len() + c.len() + 3) * MOVE_COST / 6;
        if let Some((_, d)) = best {
            max = max.min(d.saturating_sub(1));
        }
        let d = distance(wrong.as_bytes(), c.as_bytes(), max);
        if d <= max && best.is_none_or(|(_, b)| d < b) {
            best = Some((c, d));
        }
    }
    best.map(|(c, _)| c.clone())
}

fn texts(vm: &Vm, names: Vec<Value>) -> Vec<String> {
    names.into_iter().filter(|n| n.is_a::<Str>()).map(|n| vm.text(&n)).collect()
}

/// What `dir(obj)` gives, as texts.
fn dir(vm: &mut Vm, obj: &Value) -> PyResult<Vec<String>> {
    let builtins = vm.iso().builtins.clone();
    let key = vm.intern("dir");
    let f = vm.dict_get_str(&builtins, &key).unwrap_or(Value::NONE);
    let list = vm.call(&f, &[obj.clone()])?;
    let names = vm.collect(&list)?;
    Ok(texts(vm, names))
}

/// What to add to the last line of a report; empty for nothing. Errors on the way are no reason to fail.
pub fn suggestion(vm: &mut Vm, exc: &Value) -> String {
    let class = exc.class(vm);
    let is = |e: Exc| class.is_subtype_of(vm.exc_type(e));
    let (attribute, name, import) = (is(Exc::AttributeError), is(Exc::NameError), is(Exc::ImportError));
    let result = if attribute {
        for_attribute(vm, exc)
    } else if name {
        for_name(vm, exc)
    } else if import {
        for_import(vm, exc)
    } else {
        Ok(None)
    };
    let found = result.ok().flatten();
    let mut out = found.as_ref().map(|s| format!(". Did you mean: '{s}'?")).unwrap_or_default();
    if name
        && let Some(n) = wrong_name(vm, exc, field::NAME)
        && is_module(vm, &n)
    {
        out.push_str(&if found.is_some() { format!(" Or did you forget to import '{n}'?") } else { format!(". Did you forget to import '{n}'?") });
    }
    out
}

fn is_module(vm: &Vm, name: &str) -> bool {
    let library = &vm.iso().library;
    !name.contains('.') && (library.names().contains(&name) || library.source_names().contains(&name))
}

fn wrong_name(vm: &Vm, exc: &Value, place: usize) -> Option<String> {
    let n = vm.exc_field(exc, place);
    n.is_a::<Str>().then(|| vm.text(&n))
}

fn for_attribute(vm: &mut Vm, exc: &Value) -> PyResult<Option<String>> {
    let (Some(name), obj) = (wrong_name(vm, exc, field::NAME), vm.exc_field(exc, field::OBJ)) else { return Ok(None) };
    if obj.is_null() {
        return Ok(None);
    }
    let names = dir(vm, &obj)?;
    Ok(nearest(&name, &names))
}

fn for_import(vm: &mut Vm, exc: &Value) -> PyResult<Option<String>> {
    let (Some(name), Some(module)) = (wrong_name(vm, exc, field::IMPORT_NAME_FROM), wrong_name(vm, exc, field::IMPORT_NAME)) else { return Ok(None) };
    let (modules, key) = (vm.iso().modules.clone(), vm.intern(&module));
    let Some(module) = vm.dict_get_str(&modules, &key) else { return Ok(None) };
    let names = dir(vm, &module)?;
    Ok(nearest(&name, &names))
}

fn for_name(vm: &mut Vm, exc: &Value) -> PyResult<Option<String>> {
    let Some(name) = wrong_name(vm, exc, field::NAME) else { return Ok(None) };
    let mut tb = exc.borrow::<Exception>(vm).map(|e| e.traceback.clone()).unwrap_or_default();
    let mut frame = Value::NULL;
    while let Some(t) = tb.borrow::<Traceback>(vm) {
        frame = t.frame.clone();
        let next = t.next.clone();
        tb = next;
    }
    if frame.is_null() {
        return Ok(None);
    }
    let locals = vm.frame_locals_of(&frame)?;
    let self_name = vm.intern("self");
    if locals.is_a::<crate::types::dict::Dict>()
        && let Some(this) = vm.dict_get_str(&locals, &self_name)
        && vm.attr_opt(&this, &name)?.is_some()
    {
        return Ok(Some(format!("self.{name}")));
    }
    let mut names = vm.collect(&locals)?;
    for what in ["f_globals", "f_builtins"] {
        let d = vm.attr(&frame, what)?;
        names.extend(vm.dict_items(&d).into_iter().map(|(k, _)| k));
    }
    let names = texts(vm, names);
    Ok(nearest(&name, &names))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_suggested_and_far_ones_not() {
        let all: Vec<String> = ["append", "print", "self", "Value"].map(String::from).into();
        assert_eq!(nearest("appendx", &all).as_deref(), Some("append"));
        assert_eq!(nearest("prnt", &all).as_deref(), Some("print"));
        assert_eq!(nearest("value", &all).as_deref(), Some("Value"));
        assert_eq!(nearest("zzzz", &all), None);
    }
}
