//! The regular expression engine seen from here: subjects in, spans out. Everything counts in characters.

use super::pattern::Pattern;
use gilbert_vm::error::PyResult;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use rustpython_sre_engine::{Request, State, StrDrive};
use rustpython_wtf8::Wtf8;

/// A text to search in, in the cheapest form that can hold it.
enum Subject<'a> {
    /// Bytes, or ASCII text: one byte is one character.
    Narrow(&'a [u8]),
    Wide(&'a str),
    /// Text with lone surrogates.
    Odd(&'a Wtf8),
}

impl<'a> Subject<'a> {
    fn of(v: &'a Value) -> Subject<'a> {
        match v.get::<Str>() {
            Some(s) if s.is_ascii() => Subject::Narrow(s.bytes()),
            Some(s) => match s.as_str() {
                Some(text) => Subject::Wide(text),
                None => Wtf8::from_bytes(s.bytes()).map_or(Subject::Narrow(&[]), Subject::Odd),
            },
            None => Subject::Narrow(v.get::<Bytes>().map_or(&[], Bytes::bytes)),
        }
    }
}

/// How a pattern is laid upon a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// At the start.
    Match,
    /// At the start, up to the end.
    FullMatch,
    /// Anywhere.
    Search,
}

/// A span of characters; both -1 where a group took no part.
pub type Span = (isize, isize);

/// One match: the groups' spans (group 0 first) and the number of the group closed last (-1: none).
#[derive(Clone)]
pub struct Found {
    /// Group 0 first.
    pub spans: Box<[Span]>,
    /// -1 where no group matched.
    pub last_index: isize,
}

impl Found {
    /// The span of the whole match.
    pub fn whole(&self) -> (usize, usize) {
        (self.spans[0].0 as usize, self.spans[0].1 as usize)
    }
    fn of(state: &State, groups: usize) -> Found {
        let mut spans = Vec::with_capacity(groups + 1);
        spans.push((state.start as isize, state.cursor.position as isize));
        for g in 0..groups {
            let (a, b) = state.marks.get(g);
            spans.push(match (a.into_option(), b.into_option()) {
                (Some(a), Some(b)) => (a as isize, b as isize),
                _ => (-1, -1),
            });
        }
        Found { spans: spans.into(), last_index: state.marks.last_index() }
    }
}

/// The part of a text that a search may look at, and whether an empty match at its start is ruled out.
#[derive(Clone, Copy)]
pub struct Window {
    /// The first character.
    pub start: usize,
    /// Behind the last character.
    pub end: usize,
    /// Whether the match must not be empty at `start`.
    pub must_advance: bool,
}

/// A checked subject: a str, or bytes (other bytes-like objects are copied), fitting the pattern.
pub fn subject(vm: &mut Vm, p: &Pattern, v: &Value) -> PyResult {
    if v.is_a::<Str>() {
        if p.bytes == Some(true) {
            return Err(vm.type_error("cannot use a bytes pattern on a string-like object"));
        }
        return Ok(v.clone());
    }
    let fits = if v.is_a::<Bytes>() {
        v.clone()
    } else if vm.is_buffer(v) {
        let copy = vm.buffer_bytes(v)?;
        vm.new_bytes(copy)
    } else {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("expected string or bytes-like object, got '{name}'")));
    };
    if p.bytes == Some(false) {
        return Err(vm.type_error("cannot use a string pattern on a bytes-like object"));
    }
    Ok(fits)
}

/// How many characters a subject has.
pub fn length(v: &Value) -> usize {
    match v.get::<Str>() {
        Some(s) => s.char_len(),
        None => v.get::<Bytes>().map_or(0, |b| b.bytes().len()),
    }
}

/// The bytes of a piece of a subject.
pub fn piece(v: &Value, start: usize, end: usize) -> &[u8] {
    let (bytes, from, to) = match v.get::<Str>() {
        Some(s) => (s.bytes(), s.byte_of(start), s.byte_of(end)),
        None => (v.get::<Bytes>().map_or(&[][..], Bytes::bytes), start, end),
    };
    bytes.get(from..to).unwrap_or(&[])
}

/// A piece of a subject as a str or bytes.
pub fn slice(vm: &mut Vm, v: &Value, start: usize, end: usize) -> Value {
    if v.is_a::<Str>() { vm.new_str_piece(piece(v, start, end)) } else { vm.new_bytes(piece(v, start, end)) }
}

fn request<'a, S: StrDrive>(p: &'a Pattern, string: S, mode: Mode, w: Window) -> Request<'a, S> {
    Request { string, start: w.start, end: w.end, pattern_codes: &p.code, match_all: mode == Mode::FullMatch, must_advance: w.must_advance }
}
fn one<S: StrDrive>(p: &Pattern, s: S, mode: Mode, w: Window) -> Option<Found> {
    let req = request(p, s, mode, w);
    let mut state = State::default();
    state.reset(&req, w.start);
    let found = if mode == Mode::Search { state.search(req) } else { state.py_match(&req) };
    found.then(|| Found::of(&state, p.groups))
}
fn many<S: StrDrive>(p: &Pattern, s: S, w: Window, most: usize) -> Vec<Found> {
    let mut req = request(p, s, Mode::Search, w);
    let mut state = State::default();
    let mut all = Vec::new();
    while req.start <= req.end && all.len() < most {
        state.reset(&req, req.start);
        if !state.search(req) {
            break;
        }
        all.push(Found::of(&state, p.groups));
        req.must_advance = state.cursor.position == state.start;
        req.start = state.cursor.position;
    }
    all
}

/// One match, if there is one.
pub fn find(p: &Pattern, text: &Value, mode: Mode, w: Window) -> Option<Found> {
    match Subject::of(text) {
        Subject::Narrow(s) => one(p, s, mode, w),
        Subject::Wide(s) => one(p, s, mode, w),
        Subject::Odd(s) => one(p, s, mode, w),
    }
}

/// The first `most` matches, one behind the other.
pub fn find_all(p: &Pattern, text: &Value, w: Window, most: usize) -> Vec<Found> {
    match Subject::of(text) {
        Subject::Narrow(s) => many(p, s, w, most),
        Subject::Wide(s) => many(p, s, w, most),
        Subject::Odd(s) => many(p, s, w, most),
    }
}
