//! Methods of `str` that look for text, and those that cut it: `find`, `replace`, `split`, `strip` and their kin.

use super::{MAX_BYTES, Str, str_arg, this};
use crate::error::{PyResult, Raised};
use crate::proto::args::clamp_bounds;
use crate::text::search::{self, Unit};
use crate::text::split::{self, Kind};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

fn unit(s: &Str) -> Unit {
    if s.is_ascii() { Unit::Bytes } else { Unit::Chars }
}

/// "must be str, not int"
fn needle<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<&'a Str> {
    match v.get::<Str>() {
        Some(s) => Ok(s),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(format!("must be str, not {name}")))
        }
    }
}

/// The part of a text that `start` and `end` leave, and its first byte's offset; `None` where the start lies beyond the end.
struct Window<'a> {
    bytes: &'a [u8],
    from: usize,
}

fn window<'a>(vm: &mut Vm, s: &'a Str, start: &Value, end: &Value) -> PyResult<Option<Window<'a>>> {
    if start.is_none() && end.is_none() {
        return Ok(Some(Window { bytes: s.bytes(), from: 0 }));
    }
    let (start, end) = (vm.arg_bound(start, 0)?, vm.arg_bound(end, isize::MAX)?);
    let (start, end) = clamp_bounds(start, end, s.char_len());
    if start > end {
        return Ok(None);
    }
    let from = s.byte_of(start);
    Ok(Some(Window { bytes: &s.bytes()[from..s.byte_of(end)], from }))
}

type Finder = fn(&[u8], &[u8]) -> Option<usize>;

/// The index of a substring in characters.
fn locate(vm: &mut Vm, a: &[Value], finder: Finder) -> PyResult<Option<i64>> {
    let s = this(&a[0]);
    let w = window(vm, s, &a[2], &a[3])?;
    let sub = needle(vm, &a[1])?;
    Ok(w.and_then(|w| finder(w.bytes, sub.bytes()).map(|at| s.char_of(w.from + at) as i64)))
}
pub fn find(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::small_wrap(locate(vm, a, search::find)?.unwrap_or(-1)))
}
pub fn rfind(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::small_wrap(locate(vm, a, search::rfind)?.unwrap_or(-1)))
}
fn not_found(vm: &mut Vm) -> Raised {
    vm.value_error("substring not found")
}
pub fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    locate(vm, a, search::find)?.map(Value::small_wrap).ok_or_else(|| not_found(vm))
}
pub fn rindex(vm: &mut Vm, a: &[Value]) -> PyResult {
    locate(vm, a, search::rfind)?.map(Value::small_wrap).ok_or_else(|| not_found(vm))
}
pub fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(&a[0]);
    let w = window(vm, s, &a[2], &a[3])?;
    let sub = needle(vm, &a[1])?;
    Ok(Value::small_wrap(w.map_or(0, |w| search::count(w.bytes, sub.bytes(), unit(s))) as i64))
}

/// `startswith` and `endswith`
fn affix(vm: &mut Vm, a: &[Value], name: &str, test: fn(&[u8], &[u8]) -> bool) -> PyResult {
    let s = this(&a[0]);
    let w = window(vm, s, &a[2], &a[3])?;
    let hit = |sub: &Str| w.as_ref().is_some_and(|w| test(w.bytes, sub.bytes()));
    if let Some(sub) = a[1].get::<Str>() {
        return Ok(Value::bool(hit(sub)));
    }
    let Some(subs) = a[1].get::<Tuple>() else {
        let got = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("{name} first arg must be str or a tuple of str, not {got}")));
    };
    for v in subs.items() {
        match v.get::<Str>() {
            Some(sub) if hit(sub) => return Ok(Value::TRUE),
            Some(_) => {}
            None => {
                let got = vm.type_name(v);
                return Err(vm.type_error(format!("tuple for {name} must only contain str, not {got}")));
            }
        }
    }
    Ok(Value::FALSE)
}
pub fn starts_with(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "startswith", |text, sub| text.starts_with(sub))
}
pub fn ends_with(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "endswith", |text, sub| text.ends_with(sub))
}
pub fn remove_prefix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sub = str_arg(vm, &a[1], "removeprefix() argument")?;
    match this(&a[0]).bytes().strip_prefix(sub.bytes()) {
        Some(rest) if !sub.bytes().is_empty() => Ok(vm.new_str_piece(rest)),
        _ => Ok(vm.exact_str(&a[0])),
    }
}
pub fn remove_suffix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sub = str_arg(vm, &a[1], "removesuffix() argument")?;
    match this(&a[0]).bytes().strip_suffix(sub.bytes()) {
        Some(rest) if !sub.bytes().is_empty() => Ok(vm.new_str_piece(rest)),
        _ => Ok(vm.exact_str(&a[0])),
    }
}

pub fn replace(vm: &mut Vm, a: &[Value]) -> PyResult {
    let old = str_arg(vm, &a[1], "replace() argument 1")?;
    let new = str_arg(vm, &a[2], "replace() argument 2")?;
    let most = usize::try_from(vm.arg_ssize(&a[3])?).ok();
    let s = this(&a[0]);
    match search::replace(s.bytes(), old.bytes(), new.bytes(), most, unit(s), MAX_BYTES) {
        Ok(Some(text)) => Ok(vm.new_str_wtf8(text)),
        Ok(None) => Ok(vm.exact_str(&a[0])),
        Err(e) => Err(vm.num_err(e)),
    }
}

/// A list of pieces of a text.
fn list(vm: &mut Vm, pieces: &[&[u8]]) -> PyResult {
    let items = pieces.iter().map(|p| vm.new_str_piece(p)).collect();
    Ok(vm.new_list(items))
}

/// The separator of `split`: `None` for whitespace.
fn separator<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Option<&'a [u8]>> {
    if v.is_none() {
        return Ok(None);
    }
    match v.get::<Str>() {
        Some(s) if s.char_len() == 0 => Err(vm.value_error("empty separator")),
        Some(s) => Ok(Some(s.bytes())),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(format!("must be str or None, not {name}")))
        }
    }
}
pub fn split(vm: &mut Vm, a: &[Value]) -> PyResult {
    let most = usize::try_from(vm.arg_ssize(&a[2])?).ok();
    let sep = separator(vm, &a[1])?;
    let text = this(&a[0]).bytes();
    let pieces = match sep {
        Some(sep) => split::split(text, sep, most),
        None => split::split_space(text, most, Kind::Str),
    };
    list(vm, &pieces)
}
pub fn rsplit(vm: &mut Vm, a: &[Value]) -> PyResult {
    let most = usize::try_from(vm.arg_ssize(&a[2])?).ok();
    let sep = separator(vm, &a[1])?;
    let text = this(&a[0]).bytes();
    let pieces = match sep {
        Some(sep) => split::rsplit(text, sep, most),
        None => split::rsplit_space(text, most, Kind::Str),
    };
    list(vm, &pieces)
}
pub fn split_lines(vm: &mut Vm, a: &[Value]) -> PyResult {
    let keep = vm.truthy(&a[1])?;
    let pieces = split::split_lines(this(&a[0]).bytes(), keep, Kind::Str);
    list(vm, &pieces)
}

fn partition_sep<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<&'a [u8]> {
    let sep = needle(vm, v)?.bytes();
    if sep.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(sep) }
}
pub fn partition(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sep = partition_sep(vm, &a[1])?;
    let parts = match split::partition(this(&a[0]).bytes(), sep) {
        Some((before, after)) => vec![vm.new_str_piece(before), a[1].clone(), vm.new_str_piece(after)],
        None => vec![vm.exact_str(&a[0]), vm.new_str_piece(b""), vm.new_str_piece(b"")],
    };
    Ok(vm.new_tuple(parts))
}
pub fn rpartition(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sep = partition_sep(vm, &a[1])?;
    let parts = match split::rpartition(this(&a[0]).bytes(), sep) {
        Some((before, after)) => vec![vm.new_str_piece(before), a[1].clone(), vm.new_str_piece(after)],
        None => vec![vm.new_str_piece(b""), vm.new_str_piece(b""), vm.exact_str(&a[0])],
    };
    Ok(vm.new_tuple(parts))
}

fn strip_ends(vm: &mut Vm, a: &[Value], name: &str, left: bool, right: bool) -> PyResult {
    let text = this(&a[0]).bytes();
    let rest = if a[1].is_none() {
        split::strip_space(text, left, right, Kind::Str)
    } else {
        match a[1].get::<Str>() {
            Some(chars) => split::strip_chars(text, chars.bytes(), left, right, Kind::Str),
            None => return Err(vm.type_error(format!("{name} arg must be None or str"))),
        }
    };
    if rest.len() == text.len() { Ok(vm.exact_str(&a[0])) } else { Ok(vm.new_str_piece(rest)) }
}
pub fn strip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_ends(vm, a, "strip", true, true)
}
pub fn lstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_ends(vm, a, "lstrip", true, false)
}
pub fn rstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_ends(vm, a, "rstrip", false, true)
}
