//! `str`: text by code point. Held as UTF-8; the rare string with lone surrogates as WTF-8.
//!
//! `ops` has the special methods, `methods` and `search` the rest, `table` translation tables, `format` and `percent` the two ways of formatting,
//! `codec` bytes to text and back, `iter` the iterators.

use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::special::Name;
use crate::text::wtf8::{self, Crumbs};
use crate::types::T;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use compact_str::CompactString;
use once_cell::race::OnceBox;
use std::sync::atomic::{AtomicI64, Ordering};

pub mod codec;
pub mod format;
pub mod iter;
pub mod methods;
pub mod ops;
pub mod percent;
pub mod search;
pub mod table;
#[cfg(test)]
mod tests;

/// The payload of `str`. What it caches is atomic, since isolates on several OS threads share the strs of an image.
pub struct Str {
    data: Data,
    chars: usize,
    hash: AtomicI64,
    crumbs: OnceBox<Crumbs>,
}

/// Short texts (24 bytes) lie in the object itself.
enum Data {
    Text(CompactString),
    Wtf8(Box<[u8]>),
}

/// Texts shorter than this (in bytes) are indexed by a walk.
const INDEX_FROM: usize = 256;

impl Str {
    /// From text.
    pub fn new(text: impl Into<CompactString>) -> Str {
        let text = text.into();
        let chars = if text.is_ascii() { text.len() } else { wtf8::len(text.as_bytes()) };
        Str::of(Data::Text(text), chars)
    }
    /// From text whose length in code points is known.
    pub fn with_len(text: impl Into<CompactString>, chars: usize) -> Str {
        let text = text.into();
        debug_assert_eq!(text.chars().count(), chars);
        Str::of(Data::Text(text), chars)
    }
    /// From WTF-8; becomes plain text where it has no surrogates.
    pub fn from_wtf8(bytes: Vec<u8>) -> Str {
        match String::from_utf8(bytes) {
            Ok(text) => Str::new(text),
            Err(e) => {
                let bytes = e.into_bytes();
                let chars = wtf8::len(&bytes);
                Str::of(Data::Wtf8(bytes.into()), chars)
            }
        }
    }
    fn of(data: Data, chars: usize) -> Str {
        Str { data, chars, hash: AtomicI64::new(0), crumbs: OnceBox::new() }
    }
    /// The text; `None` where it has lone surrogates.
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Text(t) => Some(t),
            Data::Wtf8(_) => None,
        }
    }
    /// The text, lone surrogates replaced by U+FFFD.
    pub fn lossy(&self) -> std::borrow::Cow<'_, str> {
        match &self.data {
            Data::Text(t) => t.as_str().into(),
            Data::Wtf8(b) => String::from_utf8_lossy(b),
        }
    }
    /// The UTF-8 or WTF-8 bytes.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        match &self.data {
            Data::Text(t) => t.as_bytes(),
            Data::Wtf8(b) => b,
        }
    }
    /// How many code points.
    #[inline]
    pub fn char_len(&self) -> usize {
        self.chars
    }
    /// Only ASCII?
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.chars == self.bytes().len()
    }
    /// The cached hash, 0 where not yet known.
    #[inline(always)]
    pub fn cached_hash(&self) -> i64 {
        self.hash.load(Ordering::Relaxed)
    }
    pub(crate) fn set_hash(&self, h: i64) {
        self.hash.store(h, Ordering::Relaxed);
    }
    /// Appends in place. Only for the one owner of a string (count 1), who may treat it as a new one.
    pub(crate) fn append(&mut self, more: &Str) -> bool {
        match (&mut self.data, &more.data) {
            (Data::Text(a), Data::Text(b)) if a.len() + b.len() <= MAX_BYTES => {
                a.push_str(b);
                self.chars += more.chars;
                self.hash = AtomicI64::new(0);
                self.crumbs = OnceBox::new();
                true
            }
            _ => false,
        }
    }
    fn crumbs(&self) -> &Crumbs {
        self.crumbs.get_or_init(|| Box::new(Crumbs::new(self.bytes())))
    }
    /// Where the `i`-th code point begins, in bytes (the end for `i` at or past it).
    #[inline]
    pub fn byte_of(&self, i: usize) -> usize {
        let bytes = self.bytes();
        if self.is_ascii() {
            i.min(bytes.len())
        } else if bytes.len() < INDEX_FROM {
            wtf8::byte_of(bytes, i)
        } else {
            self.crumbs().byte_of(bytes, i)
        }
    }
    /// How many code points begin before a byte offset.
    #[inline]
    pub fn char_of(&self, at: usize) -> usize {
        let bytes = self.bytes();
        if self.is_ascii() {
            at.min(bytes.len())
        } else if bytes.len() < INDEX_FROM {
            wtf8::char_of(bytes, at)
        } else {
            self.crumbs().char_of(bytes, at)
        }
    }
    /// The `i`-th code point.
    #[inline]
    pub fn char_at(&self, i: usize) -> Option<u32> {
        let bytes = self.bytes();
        if self.is_ascii() {
            return bytes.get(i).map(|b| u32::from(*b));
        }
        wtf8::first(&bytes[self.byte_of(i)..]).map(|(c, _)| c)
    }
    /// A copy without what is cached about the text.
    pub fn copy(&self) -> Str {
        let data = match &self.data {
            Data::Text(t) => Data::Text(t.clone()),
            Data::Wtf8(b) => Data::Wtf8(b.clone()),
        };
        Str { data, chars: self.chars, hash: AtomicI64::new(self.cached_hash()), crumbs: OnceBox::new() }
    }
}

impl Payload for Str {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const KIND: Kind = Kind::Str;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn outside(&self) -> usize {
        let text = match &self.data {
            Data::Text(t) if t.is_heap_allocated() => t.capacity(),
            Data::Text(_) => 0,
            Data::Wtf8(b) => b.len(),
        };
        text + self.crumbs.get().map_or(0, Crumbs::heap_bytes)
    }
    fn clone_in(&self, _: &mut Cloner) -> Str {
        self.copy()
    }
}
impl Immutable for Str {}

/// The most bytes a text or bytes object may have.
pub const MAX_BYTES: usize = 1 << 32;

impl Vm {
    /// The str of one code point (also a surrogate).
    #[inline]
    pub fn new_char(&mut self, c: u32) -> Value {
        if c < 256 {
            return self.iso().image.char(c as u8).clone();
        }
        match char::from_u32(c) {
            Some(ch) => self.new_object(T::Str, Str::with_len(&*ch.encode_utf8(&mut [0; 4]), 1)),
            None => {
                let mut bytes = Vec::with_capacity(3);
                wtf8::push(&mut bytes, c);
                self.new_object(T::Str, Str::from_wtf8(bytes))
            }
        }
    }
    /// A str from a piece of a text (WTF-8).
    pub fn new_str_piece(&mut self, piece: &[u8]) -> Value {
        match piece {
            [] => self.name(Name::Empty),
            [b] => self.iso().image.char(*b & 0x7f).clone(),
            _ => match std::str::from_utf8(piece) {
                Ok(t) => self.new_object(T::Str, Str::new(t)),
                Err(_) => self.new_object(T::Str, Str::from_wtf8(piece.to_vec())),
            },
        }
    }
    /// A str of ASCII bytes.
    pub fn new_ascii(&mut self, bytes: Vec<u8>) -> Value {
        debug_assert!(bytes.is_ascii());
        self.new_str_wtf8(bytes)
    }
    /// `s[i]` for an index within bounds.
    #[inline]
    pub fn str_item(&mut self, s: &Str, i: usize) -> Value {
        let c = s.char_at(i).unwrap_or(0);
        self.new_char(c)
    }
    /// The value itself if it is an exact str, else an exact copy of an instance of a subclass.
    pub fn exact_str(&mut self, v: &Value) -> Value {
        match v.get::<Str>() {
            Some(s) if v.class(self).has(flags::HEAP) => self.new_object(T::Str, s.copy()),
            _ => v.clone(),
        }
    }
    /// TypeError "find() argument 1 must be str, not int"; `what` is "find() argument 1". None is called "None".
    #[cold]
    pub fn must_be_str(&mut self, what: &str, v: &Value) -> Raised {
        let name = if v.is_none() { "None".into() } else { self.type_name(v) };
        self.type_error(format!("{what} must be str, not {name}"))
    }
}

/// The payload of a str argument that the caller knows to be one.
#[inline(always)]
pub(crate) fn this(v: &Value) -> &Str {
    v.get::<Str>().expect("a str")
}

/// A str argument: "replace() argument 1 must be str, not int".
pub(crate) fn str_arg<'a>(vm: &mut Vm, v: &'a Value, what: &str) -> PyResult<&'a Str> {
    match v.get::<Str>() {
        Some(s) => Ok(s),
        None => Err(vm.must_be_str(what, v)),
    }
}

/// `str`
pub static DEF: TypeDef = TypeDef::new("str", layout_of::<Str>()).flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF).methods(methods::METHODS).doc(DOC);

const DOC: &str = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\nCreate a new string object from the given object. \
If encoding or\nerrors is specified, then the object must expose a data buffer\nthat will be decoded using the given encoding and error handler.\n\
Otherwise, returns the result of object.__str__() (if defined)\nor repr(object).\nencoding defaults to sys.getdefaultencoding().\nerrors defaults to 'strict'.";
