//! The methods that `bytes` and `bytearray` share, and their tables.

use super::ops::{self, exact, same_type};
use super::{ByteArray, Bytes, buffer_arg, data, touch};
use crate::error::{Exc, PyResult, Raised};
use crate::proto::args::clamp_bounds;
use crate::text::case;
use crate::text::search::{self, Unit};
use crate::text::split::{self, Kind, Side};
use crate::types::native::{NativeDef, class_method, method, static_method};
use crate::types::str::{MAX_BYTES, Str, codec, methods::collect_for_join};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use std::borrow::Cow;

// --- searching ----------------------------------------------------------------------------------------------

/// What `find` looks for: a byte or bytes.
fn needle<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if vm.is_buffer(v) {
        return buffer_arg(vm, v);
    }
    if vm.is_index(v) {
        return super::byte_arg(vm, v, "byte must be in range(0, 256)").map(|b| Cow::Owned(vec![b]));
    }
    let name = vm.type_name(v);
    Err(vm.type_error(format!("argument should be integer or bytes-like object, not '{name}'")))
}

/// The bounds in bytes; `None` where the start lies beyond the end.
fn window(vm: &mut Vm, a: &[Value]) -> PyResult<Option<(usize, usize)>> {
    let (start, end) = (vm.arg_bound(&a[2], 0)?, vm.arg_bound(&a[3], isize::MAX)?);
    let (start, end) = clamp_bounds(start, end, data(vm, &a[0]).len());
    Ok(if start > end { None } else { Some((start, end)) })
}

type Finder = fn(&[u8], &[u8]) -> Option<usize>;

fn locate(vm: &mut Vm, a: &[Value], finder: Finder) -> PyResult<Option<i64>> {
    let sub = match needle(vm, &a[1]) {
        Ok(sub) => sub,
        // bad bounds are complained about first
        Err(e) => {
            window(vm, a)?;
            return Err(e);
        }
    };
    touch(vm, &a[0]);
    let Some((start, end)) = window(vm, a)? else { return Ok(None) };
    Ok(finder(&data(vm, &a[0])[start..end], &sub).map(|at| (start + at) as i64))
}
fn find(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::small_wrap(locate(vm, a, search::find)?.unwrap_or(-1)))
}
fn rfind(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::small_wrap(locate(vm, a, search::rfind)?.unwrap_or(-1)))
}
fn not_found(vm: &mut Vm) -> Raised {
    vm.value_error("subsection not found")
}
fn index(vm: &mut Vm, a: &[Value]) -> PyResult {
    locate(vm, a, search::find)?.map(Value::small_wrap).ok_or_else(|| not_found(vm))
}
fn rindex(vm: &mut Vm, a: &[Value]) -> PyResult {
    locate(vm, a, search::rfind)?.map(Value::small_wrap).ok_or_else(|| not_found(vm))
}
fn count(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sub = match needle(vm, &a[1]) {
        Ok(sub) => sub,
        Err(e) => {
            window(vm, a)?;
            return Err(e);
        }
    };
    touch(vm, &a[0]);
    let n = window(vm, a)?.map_or(0, |(start, end)| search::count(&data(vm, &a[0])[start..end], &sub, Unit::Bytes));
    Ok(Value::small_wrap(n as i64))
}

fn affix(vm: &mut Vm, a: &[Value], name: &str, test: fn(&[u8], &[u8]) -> bool) -> PyResult {
    let bounds = window(vm, a)?;
    touch(vm, &a[0]);
    if let Some(subs) = a[1].get::<Tuple>() {
        for v in subs.items() {
            let sub = buffer_arg(vm, v)?;
            if let Some((start, end)) = bounds
                && data(vm, &a[0]).get(start..end).is_some_and(|part| test(part, &sub))
            {
                return Ok(Value::TRUE);
            }
        }
        return Ok(Value::FALSE);
    }
    if !vm.is_buffer(&a[1]) {
        let got = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("{name} first arg must be bytes or a tuple of bytes, not {got}")));
    }
    let sub = buffer_arg(vm, &a[1])?;
    Ok(Value::bool(bounds.is_some_and(|(start, end)| data(vm, &a[0]).get(start..end).is_some_and(|part| test(part, &sub)))))
}
fn starts_with(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "startswith", |text, sub| text.starts_with(sub))
}
fn ends_with(vm: &mut Vm, a: &[Value]) -> PyResult {
    affix(vm, a, "endswith", |text, sub| text.ends_with(sub))
}

/// The object with other bytes; itself (exact bytes) where `new` is absent.
fn outcome(vm: &mut Vm, a: &[Value], new: Option<Vec<u8>>) -> PyResult {
    match new {
        Some(bytes) => Ok(same_type(vm, &a[0], bytes)),
        None => Ok(exact(vm, &a[0])),
    }
}

fn remove_prefix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sub = buffer_arg(vm, &a[1])?;
    touch(vm, &a[0]);
    let rest = data(vm, &a[0]).strip_prefix(&*sub).filter(|_| !sub.is_empty()).map(<[u8]>::to_vec);
    outcome(vm, a, rest)
}
fn remove_suffix(vm: &mut Vm, a: &[Value]) -> PyResult {
    let sub = buffer_arg(vm, &a[1])?;
    touch(vm, &a[0]);
    let rest = data(vm, &a[0]).strip_suffix(&*sub).filter(|_| !sub.is_empty()).map(<[u8]>::to_vec);
    outcome(vm, a, rest)
}
fn replace(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (old, new) = (buffer_arg(vm, &a[1])?, buffer_arg(vm, &a[2])?);
    let most = usize::try_from(vm.arg_ssize(&a[3])?).ok();
    touch(vm, &a[0]);
    match search::replace(data(vm, &a[0]), &old, &new, most, Unit::Bytes, MAX_BYTES) {
        Ok(new) => outcome(vm, a, new),
        Err(e) => Err(vm.num_err(e)),
    }
}

// --- cutting ------------------------------------------------------------------------------------------------

fn pieces(vm: &mut Vm, a: &[Value], parts: Vec<Vec<u8>>) -> PyResult {
    let items = parts.into_iter().map(|p| same_type(vm, &a[0], p)).collect();
    Ok(vm.new_list(items))
}
fn owned(parts: Vec<&[u8]>) -> Vec<Vec<u8>> {
    parts.into_iter().map(<[u8]>::to_vec).collect()
}
fn separator<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Option<Cow<'a, [u8]>>> {
    if v.is_none() {
        return Ok(None);
    }
    let sep = buffer_arg(vm, v)?;
    if sep.is_empty() { Err(vm.value_error("empty separator")) } else { Ok(Some(sep)) }
}
fn split(vm: &mut Vm, a: &[Value]) -> PyResult {
    let most = usize::try_from(vm.arg_ssize(&a[2])?).ok();
    let sep = separator(vm, &a[1])?;
    touch(vm, &a[0]);
    let bytes = data(vm, &a[0]);
    let parts = owned(match &sep {
        Some(sep) => split::split(bytes, sep, most),
        None => split::split_space(bytes, most, Kind::Bytes),
    });
    pieces(vm, a, parts)
}
fn rsplit(vm: &mut Vm, a: &[Value]) -> PyResult {
    let most = usize::try_from(vm.arg_ssize(&a[2])?).ok();
    let sep = separator(vm, &a[1])?;
    touch(vm, &a[0]);
    let bytes = data(vm, &a[0]);
    let parts = owned(match &sep {
        Some(sep) => split::rsplit(bytes, sep, most),
        None => split::rsplit_space(bytes, most, Kind::Bytes),
    });
    pieces(vm, a, parts)
}
fn split_lines(vm: &mut Vm, a: &[Value]) -> PyResult {
    let keep = vm.truthy(&a[1])?;
    touch(vm, &a[0]);
    let parts = owned(split::split_lines(data(vm, &a[0]), keep, Kind::Bytes));
    pieces(vm, a, parts)
}

type Partition = for<'a> fn(&'a [u8], &[u8]) -> Option<(&'a [u8], &'a [u8])>;

fn partition_by(vm: &mut Vm, a: &[Value], cut: Partition, whole_first: bool) -> PyResult {
    let sep = buffer_arg(vm, &a[1])?;
    if sep.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    touch(vm, &a[0]);
    let found = cut(data(vm, &a[0]), &sep).map(|(before, after)| (before.to_vec(), after.to_vec()));
    let parts = match found {
        Some((before, after)) => {
            // bytes give the very separator back, whatever it is
            let middle = if a[0].is_a::<Bytes>() { a[1].clone() } else { same_type(vm, &a[0], sep.into_owned()) };
            vec![same_type(vm, &a[0], before), middle, same_type(vm, &a[0], after)]
        }
        None if whole_first => vec![exact(vm, &a[0]), same_type(vm, &a[0], vec![]), same_type(vm, &a[0], vec![])],
        None => vec![same_type(vm, &a[0], vec![]), same_type(vm, &a[0], vec![]), exact(vm, &a[0])],
    };
    Ok(vm.new_tuple(parts))
}
fn partition(vm: &mut Vm, a: &[Value]) -> PyResult {
    partition_by(vm, a, split::partition, true)
}
fn rpartition(vm: &mut Vm, a: &[Value]) -> PyResult {
    partition_by(vm, a, split::rpartition, false)
}

fn strip_ends(vm: &mut Vm, a: &[Value], left: bool, right: bool) -> PyResult {
    let chars = if a[1].is_none() { None } else { Some(buffer_arg(vm, &a[1])?) };
    touch(vm, &a[0]);
    let bytes = data(vm, &a[0]);
    let rest = match &chars {
        None => split::strip_space(bytes, left, right, Kind::Bytes),
        Some(chars) => split::strip_chars(bytes, chars, left, right, Kind::Bytes),
    };
    let new = if rest.len() == bytes.len() { None } else { Some(rest.to_vec()) };
    outcome(vm, a, new)
}
fn strip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_ends(vm, a, true, true)
}
fn lstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_ends(vm, a, true, false)
}
fn rstrip(vm: &mut Vm, a: &[Value]) -> PyResult {
    strip_ends(vm, a, false, true)
}

// --- padding ------------------------------------------------------------------------------------------------

fn justify(vm: &mut Vm, a: &[Value], name: &str, side: Side) -> PyResult {
    let width = vm.arg_ssize(&a[1])?.max(0) as usize;
    let fill = if a[2].is_null() {
        b' '
    } else {
        let one = a[2].is_a::<Bytes>() || a[2].is_a::<ByteArray>();
        match data(vm, &a[2]) {
            [b] if one => *b,
            _ => {
                let got = vm.type_name(&a[2]);
                return Err(vm.type_error(format!("{name}() argument 2 must be a byte string of length 1, not {got}")));
            }
        }
    };
    touch(vm, &a[0]);
    let bytes = data(vm, &a[0]);
    if width <= bytes.len() {
        return outcome(vm, a, None);
    }
    match split::justify(bytes, bytes.len(), width, &[fill], side, MAX_BYTES) {
        Ok(new) => outcome(vm, a, Some(new)),
        Err(e) => Err(vm.num_err(e)),
    }
}
fn center(vm: &mut Vm, a: &[Value]) -> PyResult {
    justify(vm, a, "center", Side::Center)
}
fn ljust(vm: &mut Vm, a: &[Value]) -> PyResult {
    justify(vm, a, "ljust", Side::Left)
}
fn rjust(vm: &mut Vm, a: &[Value]) -> PyResult {
    justify(vm, a, "rjust", Side::Right)
}
fn zfill(vm: &mut Vm, a: &[Value]) -> PyResult {
    let width = vm.arg_ssize(&a[1])?.max(0) as usize;
    touch(vm, &a[0]);
    let bytes = data(vm, &a[0]);
    if width <= bytes.len() {
        return outcome(vm, a, None);
    }
    match split::zfill(bytes, bytes.len(), width, MAX_BYTES) {
        Ok(new) => outcome(vm, a, Some(new)),
        Err(e) => Err(vm.num_err(e)),
    }
}
fn expand_tabs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let size = vm.arg_int(&a[1])?.max(0) as usize;
    touch(vm, &a[0]);
    match split::expand_tabs(data(vm, &a[0]), size, Kind::Bytes, MAX_BYTES) {
        Ok(new) => outcome(vm, a, Some(new)),
        Err(e) => Err(vm.num_err(e)),
    }
}

// --- case and kinds -----------------------------------------------------------------------------------------

fn changed(vm: &mut Vm, a: &[Value], change: fn(&[u8]) -> Vec<u8>) -> PyResult {
    touch(vm, &a[0]);
    let new = change(data(vm, &a[0]));
    Ok(same_type(vm, &a[0], new))
}
fn lower(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, <[u8]>::to_ascii_lowercase)
}
fn upper(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, <[u8]>::to_ascii_uppercase)
}
fn title(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::ascii_title)
}
fn capitalize(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::ascii_capitalize)
}
fn swapcase(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::ascii_swapcase)
}
fn tested(vm: &mut Vm, a: &[Value], test: fn(&[u8]) -> bool) -> PyResult {
    touch(vm, &a[0]);
    Ok(Value::bool(test(data(vm, &a[0]))))
}
fn is_alnum(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, |b| !b.is_empty() && b.iter().all(u8::is_ascii_alphanumeric))
}
fn is_alpha(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, |b| !b.is_empty() && b.iter().all(u8::is_ascii_alphabetic))
}
fn is_digit(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, |b| !b.is_empty() && b.iter().all(u8::is_ascii_digit))
}
fn is_space(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, |b| !b.is_empty() && b.iter().all(|c| matches!(c, 9..=13 | 32)))
}
fn is_ascii(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, <[u8]>::is_ascii)
}
fn is_lower(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, |b| case::ascii_is_case(b, true))
}
fn is_upper(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, |b| case::ascii_is_case(b, false))
}
fn is_title(vm: &mut Vm, a: &[Value]) -> PyResult {
    tested(vm, a, case::ascii_is_title)
}

// --- joining, translating, hexadecimal ----------------------------------------------------------------------

fn join(vm: &mut Vm, a: &[Value]) -> PyResult {
    let items = collect_for_join(vm, &a[1])?;
    touch(vm, &a[0]);
    if let [one] = &items[..]
        && a[0].is_a::<Bytes>()
        && one.type_of(vm).is(vm.ty(crate::types::T::Bytes))
    {
        return Ok(one.clone());
    }
    let sep = data(vm, &a[0]).to_vec();
    let mut out = Vec::new();
    for (i, v) in items.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(&sep);
        }
        if !vm.is_buffer(v) {
            let name = vm.type_name(v);
            return Err(vm.type_error(format!("sequence item {i}: expected a bytes-like object, {name} found")));
        }
        vm.with_buffer(v, |b| out.extend_from_slice(b))?;
        if out.len() > MAX_BYTES {
            return Err(vm.err(Exc::OverflowError, "join() result is too long"));
        }
    }
    Ok(same_type(vm, &a[0], out))
}

fn make_trans(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (from, to) = (buffer_arg(vm, &a[0])?, buffer_arg(vm, &a[1])?);
    if from.len() != to.len() {
        return Err(vm.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (f, t) in from.iter().zip(&*to) {
        table[usize::from(*f)] = *t;
    }
    Ok(vm.new_bytes(table))
}

fn translate(vm: &mut Vm, a: &[Value]) -> PyResult {
    let table = if a[1].is_none() { None } else { Some(buffer_arg(vm, &a[1])?) };
    if table.as_ref().is_some_and(|t| t.len() != 256) {
        return Err(vm.value_error("translation table must be 256 characters long"));
    }
    let delete = if a[2].is_null() { Cow::Borrowed(&[][..]) } else { buffer_arg(vm, &a[2])? };
    let mut dropped = [false; 256];
    delete.iter().for_each(|b| dropped[usize::from(*b)] = true);
    touch(vm, &a[0]);
    let kept = data(vm, &a[0]).iter().filter(|b| !dropped[usize::from(**b)]);
    let new: Vec<u8> = match &table {
        Some(t) => kept.map(|b| t[usize::from(*b)]).collect(),
        None => kept.copied().collect(),
    };
    Ok(same_type(vm, &a[0], new))
}

fn from_hex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(text) = a[1].get::<Str>() else { return Err(vm.must_be_str("fromhex() argument", &a[1])) };
    let bytes = match parse_hex(text.bytes()) {
        Ok(bytes) => bytes,
        Err(at) => {
            let at = text.char_of(at);
            return Err(vm.value_error(format!("non-hexadecimal number found in fromhex() arg at position {at}")));
        }
    };
    let (bytes_type, array_type) = (vm.ty(crate::types::T::Bytes), vm.ty(crate::types::T::ByteArray));
    if a[0].is(bytes_type) {
        return Ok(vm.new_bytes(bytes));
    }
    if a[0].is(array_type) {
        return Ok(vm.new_bytearray(bytes));
    }
    let plain = vm.new_bytes(bytes);
    vm.call(&a[0], &[plain])
}

/// Pairs of hexadecimal digits, with ASCII whitespace between pairs; the offset of the offending character.
fn parse_hex(text: &[u8]) -> Result<Vec<u8>, usize> {
    let digit = |at: usize| text.get(at).and_then(|b| (*b as char).to_digit(16)).ok_or(at);
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    while at < text.len() {
        if matches!(text[at], 9..=13 | 32) {
            at += 1;
            continue;
        }
        out.push((digit(at)? * 16 + digit(at + 1)?) as u8);
        at += 2;
    }
    Ok(out)
}

/// The arguments `sep` and `bytes_per_sep` of `hex`.
pub fn hex_arguments(vm: &mut Vm, sep: &Value, group: &Value) -> PyResult<(Option<u8>, i32)> {
    let group = vm.arg_int(group)?;
    if sep.is_null() {
        return Ok((None, 0));
    }
    if vm.len(sep)? != 1 {
        return Err(vm.value_error("sep must be length 1."));
    }
    let byte = if let Some(s) = sep.get::<Str>() {
        s.char_at(0).and_then(|c| u8::try_from(c).ok()).filter(u8::is_ascii)
    } else if let Some(b) = sep.get::<Bytes>() {
        b.bytes().first().copied().filter(u8::is_ascii)
    } else {
        return Err(vm.type_error("sep must be str or bytes."));
    };
    match byte {
        Some(b) => Ok((Some(b), group)),
        None => Err(vm.value_error("sep must be ASCII.")),
    }
}

/// Hexadecimal digits with a separator every `group` bytes, counted from the right (from the left where it is negative).
pub fn hex_text(bytes: &[u8], sep: Option<u8>, group: i32) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let every = group.unsigned_abs() as usize;
    let mut out = Vec::with_capacity(bytes.len() * 2 + bytes.len().checked_div(every).unwrap_or(0));
    for (i, b) in bytes.iter().enumerate() {
        let before = if group > 0 { bytes.len() - i } else { i };
        if let Some(sep) = sep
            && every > 0
            && i > 0
            && before % every == 0
        {
            out.push(sep);
        }
        out.extend([DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    }
    out
}

fn hex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (sep, group) = hex_arguments(vm, &a[1], &a[2])?;
    touch(vm, &a[0]);
    let text = hex_text(data(vm, &a[0]), sep, group);
    Ok(vm.new_ascii(text))
}

fn decode(vm: &mut Vm, a: &[Value]) -> PyResult {
    let encoding = codec::name_arg(vm, &a[1], "decode() argument 'encoding'", "utf-8")?;
    let errors = codec::name_arg(vm, &a[2], "decode() argument 'errors'", "strict")?;
    if let Some(b) = a[0].get::<Bytes>() {
        return vm.decode_object(b.bytes(), &a[0], encoding, errors);
    }
    let bytes = vm.buffer_bytes(&a[0])?;
    vm.decode(&bytes, encoding, errors)
}

/// A table of methods: the shared ones and those of one type.
macro_rules! table {
    ($($own:expr,)*) => {
        &[
            $($own,)*
            method("__repr__(self, /)", ops::repr),
            method("__str__(self, /)", ops::str),
            method("__len__(self, /)", ops::len),
            method("__lt__(self, value, /)", ops::lt),
            method("__le__(self, value, /)", ops::le),
            method("__eq__(self, value, /)", ops::eq),
            method("__ne__(self, value, /)", ops::ne),
            method("__gt__(self, value, /)", ops::gt),
            method("__ge__(self, value, /)", ops::ge),
            method("__add__(self, value, /)", ops::add),
            method("__mul__(self, value, /)", ops::mul),
            method("__rmul__(self, value, /)", ops::rmul),
            method("__mod__(self, value, /)", ops::modulo),
            method("__rmod__(self, value, /)", ops::rmod),
            method("__contains__(self, key, /)", ops::contains),
            method("__getitem__(self, key, /)", ops::get_item),
            method("__iter__(self, /)", super::iter::iter),
            method("__sizeof__(self, /)", ops::size_of).doc("Returns the size of the object in memory, in bytes."),
            method("__buffer__(self, flags, /)", ops::buffer).doc("Return a buffer object that exposes the underlying memory of the object."),
            method("capitalize(self, /)", capitalize).doc("Return a copy with only its first character capitalized (ASCII) and the rest lower-cased."),
            method("center(self, width, fillchar=NULL, /)", center).doc("Return a centered string of length width."),
            method("count(self, sub, start=None, end=None, //)", count).doc("Count occurrences that do not overlap."),
            method("decode(self, encoding='utf-8', errors='strict')", decode).doc("Decode the bytes using the codec registered for encoding."),
            method("endswith(self, suffix, start=None, end=None, //)", ends_with).doc("Return True if the bytes end with the suffix."),
            method("expandtabs(self, tabsize=8)", expand_tabs).doc("Return a copy where all tab characters are expanded using spaces."),
            method("find(self, sub, start=None, end=None, //)", find).doc("Return the lowest index where sub is found, -1 if it is not."),
            class_method("fromhex(cls, string, /)", from_hex).doc("Create an object from a string of hexadecimal numbers."),
            method("hex(self, sep=NULL, bytes_per_sep=1)", hex).doc("Create a string of hexadecimal numbers."),
            method("index(self, sub, start=None, end=None, //)", index).doc("Return the lowest index where sub is found; ValueError if it is not."),
            method("isalnum(self, /)", is_alnum).doc("Return True if all characters are alphanumeric (ASCII) and there is one."),
            method("isalpha(self, /)", is_alpha).doc("Return True if all characters are alphabetic (ASCII) and there is one."),
            method("isascii(self, /)", is_ascii).doc("Return True if all characters are ASCII."),
            method("isdigit(self, /)", is_digit).doc("Return True if all characters are digits (ASCII) and there is one."),
            method("islower(self, /)", is_lower).doc("Return True if all cased characters are lowercase and there is one."),
            method("isspace(self, /)", is_space).doc("Return True if all characters are whitespace and there is one."),
            method("istitle(self, /)", is_title).doc("Return True if the bytes are titlecased."),
            method("isupper(self, /)", is_upper).doc("Return True if all cased characters are uppercase and there is one."),
            method("join(self, iterable_of_bytes, /)", join).doc("Concatenate any number of bytes objects, this one between them."),
            method("ljust(self, width, fillchar=NULL, /)", ljust).doc("Return a left-justified string of length width."),
            method("lower(self, /)", lower).doc("Return a copy with all ASCII characters converted to lowercase."),
            method("lstrip(self, bytes=None, /)", lstrip).doc("Strip leading bytes contained in the argument."),
            static_method("maketrans(frm, to, /)", make_trans).doc("Return a translation table usable for the translate method."),
            method("partition(self, sep, /)", partition).doc("Partition into three parts at the first separator."),
            method("removeprefix(self, prefix, /)", remove_prefix).doc("Return a copy with the given prefix removed if present."),
            method("removesuffix(self, suffix, /)", remove_suffix).doc("Return a copy with the given suffix removed if present."),
            method("replace(self, old, new, count=-1, /)", replace).doc("Return a copy with all occurrences of old replaced by new."),
            method("rfind(self, sub, start=None, end=None, //)", rfind).doc("Return the highest index where sub is found, -1 if it is not."),
            method("rindex(self, sub, start=None, end=None, //)", rindex).doc("Return the highest index where sub is found; ValueError if it is not."),
            method("rjust(self, width, fillchar=NULL, /)", rjust).doc("Return a right-justified string of length width."),
            method("rpartition(self, sep, /)", rpartition).doc("Partition into three parts at the last separator."),
            method("rsplit(self, sep=None, maxsplit=-1)", rsplit).doc("Return a list of the sections, split from the right."),
            method("rstrip(self, bytes=None, /)", rstrip).doc("Strip trailing bytes contained in the argument."),
            method("split(self, sep=None, maxsplit=-1)", split).doc("Return a list of the sections, using sep as the delimiter."),
            method("splitlines(self, keepends=False)", split_lines).doc("Return a list of the lines, breaking at line boundaries."),
            method("startswith(self, prefix, start=None, end=None, //)", starts_with).doc("Return True if the bytes start with the prefix."),
            method("strip(self, bytes=None, /)", strip).doc("Strip leading and trailing bytes contained in the argument."),
            method("swapcase(self, /)", swapcase).doc("Return a copy with uppercase ASCII characters converted to lowercase and vice versa."),
            method("title(self, /)", title).doc("Return a titlecased version."),
            method("translate(self, table, /, delete=NULL)", translate).doc("Return a copy with each character mapped by the given translation table."),
            method("upper(self, /)", upper).doc("Return a copy with all ASCII characters converted to uppercase."),
            method("zfill(self, width, /)", zfill).doc("Pad a numeric string with zeros on the left, to fill a field of the given width."),
        ]
    };
}

/// The methods of `bytes`.
pub const BYTES_METHODS: &[NativeDef] = table! {
    static_method("__new__(cls, source=NULL, encoding=NULL, errors=NULL)", super::bytes_new),
    method("__hash__(self, /)", ops::hash),
    method("__bytes__(self, /)", ops::to_bytes).doc("Convert this value to exact type bytes."),
    method("__getnewargs__(self, /)", ops::get_new_args),
};

use crate::types::bytearray as array;

/// The methods of `bytearray`.
pub const BYTEARRAY_METHODS: &[NativeDef] = table! {
    static_method("__new__(cls, /, *args, **kwargs)", array::new),
    method("__init__(self, source=NULL, encoding=NULL, errors=NULL)", array::init),
    method("__setitem__(self, key, value, /)", array::set_item),
    method("__delitem__(self, key, /)", array::del_item),
    method("__iadd__(self, value, /)", array::iadd),
    method("__imul__(self, value, /)", array::imul),
    method("__alloc__(self, /)", array::alloc).doc("Return the number of bytes actually allocated."),
    method("__reduce__(self, /)", array::reduce).doc("Return state information for pickling."),
    method("__reduce_ex__(self, proto=0, /)", array::reduce_ex).doc("Return state information for pickling."),
    method("append(self, item, /)", array::append).doc("Append a single item to the end of the bytearray."),
    method("clear(self, /)", array::clear).doc("Remove all items from the bytearray."),
    method("copy(self, /)", array::copy).doc("Return a copy of B."),
    method("extend(self, iterable_of_ints, /)", array::extend).doc("Append all the items from the iterator or sequence to the end of the bytearray."),
    method("insert(self, index, item, /)", array::insert).doc("Insert a single item into the bytearray before the given index."),
    method("pop(self, index=-1, /)", array::pop).doc("Remove and return a single item from B."),
    method("remove(self, value, /)", array::remove).doc("Remove the first occurrence of a value in the bytearray."),
    method("reverse(self, /)", array::reverse).doc("Reverse the order of the values in B in place."),
};
