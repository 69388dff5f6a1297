//! The table of `str`'s methods, and the methods about case, kinds of characters, padding and joining.

use super::{MAX_BYTES, Str, codec, format, iter, ops, percent, search, table, this};
use crate::error::{Exc, PyResult};
use crate::text::split::{self, Kind, Side};
use crate::text::{case, unicode};
use crate::types::T;
use crate::types::list::List;
use crate::types::native::{NativeDef, method, static_method};
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use compact_str::CompactString;

fn changed(vm: &mut Vm, a: &[Value], change: fn(&[u8]) -> Vec<u8>) -> PyResult {
    let text = change(this(&a[0]).bytes());
    Ok(vm.new_str_wtf8(text))
}
fn lower(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::lower)
}
fn upper(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::upper)
}
fn title(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::title)
}
fn capitalize(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::capitalize)
}
fn swapcase(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::swapcase)
}
fn casefold(vm: &mut Vm, a: &[Value]) -> PyResult {
    changed(vm, a, case::casefold)
}

fn each(a: &[Value], test: fn(u32) -> bool) -> PyResult {
    Ok(Value::bool(case::all(this(&a[0]).bytes(), test)))
}
fn is_alpha(_: &mut Vm, a: &[Value]) -> PyResult {
    each(a, unicode::is_alpha)
}
fn is_alnum(_: &mut Vm, a: &[Value]) -> PyResult {
    each(a, unicode::is_alnum)
}
fn is_decimal(_: &mut Vm, a: &[Value]) -> PyResult {
    each(a, unicode::is_decimal)
}
fn is_digit(_: &mut Vm, a: &[Value]) -> PyResult {
    each(a, unicode::is_digit)
}
fn is_numeric(_: &mut Vm, a: &[Value]) -> PyResult {
    each(a, unicode::is_numeric)
}
fn is_space(_: &mut Vm, a: &[Value]) -> PyResult {
    each(a, unicode::is_space)
}
fn is_printable(_: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(&a[0]);
    Ok(Value::bool(s.char_len() == 0 || case::all(s.bytes(), unicode::is_printable)))
}
fn is_ascii(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::bool(this(&a[0]).is_ascii()))
}
fn is_lower(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::bool(case::is_lower(this(&a[0]).bytes())))
}
fn is_upper(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::bool(case::is_upper(this(&a[0]).bytes())))
}
fn is_title(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::bool(case::is_title(this(&a[0]).bytes())))
}
fn is_identifier(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::bool(case::is_identifier(this(&a[0]).bytes())))
}

fn justify(vm: &mut Vm, a: &[Value], side: Side) -> PyResult {
    let width = vm.arg_ssize(&a[1])?.max(0) as usize;
    let fill = match a[2].get::<Str>() {
        Some(f) if f.char_len() == 1 => f,
        Some(_) => return Err(vm.type_error("The fill character must be exactly one character long")),
        None => {
            let name = vm.type_name(&a[2]);
            return Err(vm.type_error(format!("The fill character must be a unicode character, not {name}")));
        }
    };
    let s = this(&a[0]);
    if width <= s.char_len() {
        return Ok(vm.exact_str(&a[0]));
    }
    match split::justify(s.bytes(), s.char_len(), width, fill.bytes(), side, MAX_BYTES) {
        Ok(text) => Ok(vm.new_str_wtf8(text)),
        Err(e) => Err(vm.num_err(e)),
    }
}
fn center(vm: &mut Vm, a: &[Value]) -> PyResult {
    justify(vm, a, Side::Center)
}
fn ljust(vm: &mut Vm, a: &[Value]) -> PyResult {
    justify(vm, a, Side::Left)
}
fn rjust(vm: &mut Vm, a: &[Value]) -> PyResult {
    justify(vm, a, Side::Right)
}
fn zfill(vm: &mut Vm, a: &[Value]) -> PyResult {
    let width = vm.arg_ssize(&a[1])?.max(0) as usize;
    let s = this(&a[0]);
    if width <= s.char_len() {
        return Ok(vm.exact_str(&a[0]));
    }
    match split::zfill(s.bytes(), s.char_len(), width, MAX_BYTES) {
        Ok(text) => Ok(vm.new_str_wtf8(text)),
        Err(e) => Err(vm.num_err(e)),
    }
}
fn expand_tabs(vm: &mut Vm, a: &[Value]) -> PyResult {
    let size = vm.arg_int(&a[1])?.max(0) as usize;
    match split::expand_tabs(this(&a[0]).bytes(), size, Kind::Str, MAX_BYTES) {
        Ok(text) => Ok(vm.new_str_wtf8(text)),
        Err(e) => Err(vm.num_err(e)),
    }
}

/// What can be wrong with the items of a join.
enum JoinError {
    /// The item at this index is no str.
    NotStr(usize),
    /// The result would be too large.
    TooLarge,
}

/// The text of several strs with a separator between them: measured first, allocated once.
fn join_items(sep: &Str, items: &[Value]) -> Result<Str, JoinError> {
    let mut size = sep.bytes().len().saturating_mul(items.len().saturating_sub(1));
    let mut chars = sep.char_len().saturating_mul(items.len().saturating_sub(1));
    let mut plain = sep.as_str().is_some();
    for (i, v) in items.iter().enumerate() {
        let s = v.get::<Str>().ok_or(JoinError::NotStr(i))?;
        size = size.saturating_add(s.bytes().len());
        chars = chars.saturating_add(s.char_len());
        plain &= s.as_str().is_some();
    }
    if size > MAX_BYTES {
        return Err(JoinError::TooLarge);
    }
    if !plain {
        let pieces: Vec<&[u8]> = items.iter().filter_map(|v| v.get::<Str>()).map(Str::bytes).collect();
        return Ok(Str::from_wtf8(pieces.join(sep.bytes())));
    }
    let mut text = CompactString::with_capacity(size);
    let sep = sep.as_str().unwrap_or_default();
    for (i, v) in items.iter().enumerate() {
        if i > 0 && !sep.is_empty() {
            text.push_str(sep);
        }
        text.push_str(v.get::<Str>().and_then(Str::as_str).unwrap_or_default());
    }
    Ok(Str::with_len(text, chars))
}

/// `sep.join(iterable)`
pub fn join(vm: &mut Vm, sep: &Value, iterable: &Value) -> PyResult {
    let plain = iterable.header().is_some_and(|h| h.type_head().flags.get() & flags::HEAP == 0);
    let joined = if plain && let Some(t) = iterable.get::<Tuple>() {
        join_checked(t.items(), sep)
    } else if plain && iterable.is_a::<List>() {
        vm.touch_read(iterable, crate::probe::Part::Whole);
        join_checked(iterable.borrow::<List>(vm).map_or(&[][..], List::items), sep)
    } else {
        let items = collect_for_join(vm, iterable)?;
        join_checked(&items, sep)
    };
    match joined {
        Ok(Joined::New(s)) => Ok(vm.new_object(T::Str, s)),
        Ok(Joined::Same(v)) => Ok(vm.exact_str(&v)),
        Ok(Joined::Empty) => Ok(vm.new_str_piece(b"")),
        Err(Ok((i, v))) => {
            let name = vm.type_name(&v);
            Err(vm.type_error(format!("sequence item {i}: expected str instance, {name} found")))
        }
        Err(Err(_)) => Err(vm.memory_error()),
    }
}

enum Joined {
    New(Str),
    Same(Value),
    Empty,
}

fn join_checked(items: &[Value], sep: &Value) -> Result<Joined, Result<(usize, Value), JoinError>> {
    match items {
        [] => return Ok(Joined::Empty),
        [one] if one.is_a::<Str>() => return Ok(Joined::Same(one.clone())),
        _ => {}
    }
    match join_items(this(sep), items) {
        Ok(s) if s.char_len() < 2 => Ok(match s.bytes() {
            [] => Joined::Empty,
            _ => Joined::Same(items.iter().find(|v| v.get::<Str>().is_some_and(|s| s.char_len() == 1)).unwrap_or(sep).clone()),
        }),
        Ok(s) => Ok(Joined::New(s)),
        Err(JoinError::NotStr(i)) => Err(Ok((i, items[i].clone()))),
        Err(e) => Err(Err(e)),
    }
}

/// The items of what is joined: "can only join an iterable" for what is not iterable.
pub fn collect_for_join(vm: &mut Vm, iterable: &Value) -> PyResult<Vec<Value>> {
    if let Some(items) = vm.exact_items(iterable) {
        return Ok(items);
    }
    let it = match vm.iter(iterable) {
        Ok(it) => it,
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Err(vm.type_error("can only join an iterable")),
        Err(e) => return Err(e),
    };
    let mut items = Vec::new();
    while let Some(v) = vm.next(&it)? {
        items.push(v);
    }
    Ok(items)
}

fn str_join(vm: &mut Vm, a: &[Value]) -> PyResult {
    join(vm, &a[0], &a[1])
}

/// The methods of `str`.
pub const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, object=NULL, encoding=NULL, errors=NULL)", ops::new),
    method("__repr__(self, /)", ops::repr),
    method("__str__(self, /)", ops::str),
    method("__hash__(self, /)", ops::hash),
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
    method("__mod__(self, value, /)", percent::str_mod),
    method("__rmod__(self, value, /)", percent::str_rmod),
    method("__contains__(self, key, /)", ops::contains),
    method("__getitem__(self, key, /)", ops::get_item),
    method("__iter__(self, /)", iter::iter),
    method("__getnewargs__(self, /)", ops::get_new_args),
    method("__sizeof__(self, /)", ops::size_of).doc("Return the size of the string in memory, in bytes."),
    method("__format__(self, format_spec, /)", ops::format).doc("Return a formatted version of the string as described by format_spec."),
    method("capitalize(self, /)", capitalize).doc("Return a capitalized version of the string."),
    method("casefold(self, /)", casefold).doc("Return a version of the string suitable for caseless comparisons."),
    method("center(self, width, fillchar=' ', /)", center).doc("Return a centered string of length width."),
    method("count(self, sub, start=None, end=None, //)", search::count).doc("Count occurrences that do not overlap."),
    method("encode(self, encoding='utf-8', errors='strict')", codec::str_encode).doc("Encode the string using the codec registered for encoding."),
    method("endswith(self, suffix, start=None, end=None, //)", search::ends_with).doc("Return True if the string ends with the suffix."),
    method("expandtabs(self, tabsize=8)", expand_tabs).doc("Return a copy where all tab characters are expanded using spaces."),
    method("find(self, sub, start=None, end=None, //)", search::find).doc("Return the lowest index where sub is found, -1 if it is not."),
    method("format(self, /, *args, **kwargs)", format::str_format).doc("Return a formatted version of the string, by the values of args and kwargs."),
    method("format_map(self, mapping, /)", format::str_format_map).doc("Return a formatted version of the string, by the values of mapping."),
    method("index(self, sub, start=None, end=None, //)", search::index).doc("Return the lowest index where sub is found; ValueError if it is not."),
    method("isalnum(self, /)", is_alnum).doc("Return True if the string is an alpha-numeric string, False otherwise."),
    method("isalpha(self, /)", is_alpha).doc("Return True if the string is an alphabetic string, False otherwise."),
    method("isascii(self, /)", is_ascii).doc("Return True if all characters in the string are ASCII, False otherwise."),
    method("isdecimal(self, /)", is_decimal).doc("Return True if the string is a decimal string, False otherwise."),
    method("isdigit(self, /)", is_digit).doc("Return True if the string is a digit string, False otherwise."),
    method("isidentifier(self, /)", is_identifier).doc("Return True if the string is a valid Python identifier, False otherwise."),
    method("islower(self, /)", is_lower).doc("Return True if the string is a lowercase string, False otherwise."),
    method("isnumeric(self, /)", is_numeric).doc("Return True if the string is a numeric string, False otherwise."),
    method("isprintable(self, /)", is_printable).doc("Return True if all characters in the string are printable, False otherwise."),
    method("isspace(self, /)", is_space).doc("Return True if the string is a whitespace string, False otherwise."),
    method("istitle(self, /)", is_title).doc("Return True if the string is a title-cased string, False otherwise."),
    method("isupper(self, /)", is_upper).doc("Return True if the string is an uppercase string, False otherwise."),
    method("join(self, iterable, /)", str_join).doc("Concatenate any number of strings, this one between them."),
    method("ljust(self, width, fillchar=' ', /)", ljust).doc("Return a left-justified string of length width."),
    method("lower(self, /)", lower).doc("Return a copy of the string converted to lowercase."),
    method("lstrip(self, chars=None, /)", search::lstrip).doc("Return a copy of the string with leading whitespace removed."),
    static_method("maketrans(x, y=NULL, z=NULL, /)", table::make_trans).doc("Return a translation table usable for str.translate()."),
    method("partition(self, sep, /)", search::partition).doc("Partition the string into three parts at the first separator."),
    method("removeprefix(self, prefix, /)", search::remove_prefix).doc("Return a str with the given prefix string removed if present."),
    method("removesuffix(self, suffix, /)", search::remove_suffix).doc("Return a str with the given suffix string removed if present."),
    method("replace(self, old, new, count=-1, /)", search::replace).doc("Return a copy with all occurrences of substring old replaced by new."),
    method("rfind(self, sub, start=None, end=None, //)", search::rfind).doc("Return the highest index where sub is found, -1 if it is not."),
    method("rindex(self, sub, start=None, end=None, //)", search::rindex).doc("Return the highest index where sub is found; ValueError if it is not."),
    method("rjust(self, width, fillchar=' ', /)", rjust).doc("Return a right-justified string of length width."),
    method("rpartition(self, sep, /)", search::rpartition).doc("Partition the string into three parts at the last separator."),
    method("rsplit(self, sep=None, maxsplit=-1)", search::rsplit).doc("Return a list of the substrings in the string, split from the right."),
    method("rstrip(self, chars=None, /)", search::rstrip).doc("Return a copy of the string with trailing whitespace removed."),
    method("split(self, sep=None, maxsplit=-1)", search::split).doc("Return a list of the substrings in the string, using sep as the separator."),
    method("splitlines(self, keepends=False)", search::split_lines).doc("Return a list of the lines in the string, breaking at line boundaries."),
    method("startswith(self, prefix, start=None, end=None, //)", search::starts_with).doc("Return True if the string starts with the prefix."),
    method("strip(self, chars=None, /)", search::strip).doc("Return a copy of the string with leading and trailing whitespace removed."),
    method("swapcase(self, /)", swapcase).doc("Convert uppercase characters to lowercase and lowercase ones to uppercase."),
    method("title(self, /)", title).doc("Return a version of the string where each word is titlecased."),
    method("translate(self, table, /)", table::translate).doc("Replace each character in the string using the given translation table."),
    method("upper(self, /)", upper).doc("Return a copy of the string converted to uppercase."),
    method("zfill(self, width, /)", zfill).doc("Pad a numeric string with zeros on the left, to fill a field of the given width."),
];
