//! `str`: text by code point. Held as UTF-8; the rare string with lone surrogates as WTF-8.

use crate::image::TypeDef;
use crate::types::type_::flags;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use std::cell::Cell;

/// The payload of `str`.
pub struct Str {
    data: Data,
    chars: usize,
    hash: Cell<i64>,
}

enum Data {
    Text(String),
    Wtf8(Box<[u8]>),
}

impl Str {
    /// From text.
    pub fn new(text: String) -> Str {
        let chars = if text.is_ascii() { text.len() } else { text.chars().count() };
        Str { data: Data::Text(text), chars, hash: Cell::new(0) }
    }
    /// From text whose length in code points is known.
    pub fn with_len(text: String, chars: usize) -> Str {
        debug_assert_eq!(text.chars().count(), chars);
        Str { data: Data::Text(text), chars, hash: Cell::new(0) }
    }
    /// From WTF-8; becomes plain text where it has no surrogates.
    pub fn from_wtf8(bytes: Vec<u8>) -> Str {
        match String::from_utf8(bytes) {
            Ok(text) => Str::new(text),
            Err(e) => {
                let bytes = e.into_bytes();
                let chars = bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count();
                Str { data: Data::Wtf8(bytes.into()), chars, hash: Cell::new(0) }
            }
        }
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
        self.hash.get()
    }
    pub(crate) fn set_hash(&self, h: i64) {
        self.hash.set(h);
    }
    /// Appends in place. Only for the one owner of a string (count 1), who may treat it as a new one.
    pub(crate) fn append(&mut self, more: &Str) -> bool {
        match (&mut self.data, &more.data) {
            (Data::Text(a), Data::Text(b)) => {
                a.push_str(b);
                self.chars += more.chars;
                self.hash.set(0);
                true
            }
            _ => false,
        }
    }
}

impl Payload for Str {
    const KIND: Kind = Kind::Str;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&crate::value::Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Str {
        let data = match &self.data {
            Data::Text(t) => Data::Text(t.clone()),
            Data::Wtf8(b) => Data::Wtf8(b.clone()),
        };
        Str { data, chars: self.chars, hash: self.hash.clone() }
    }
}
impl Immutable for Str {}

/// `str`
pub static DEF: TypeDef = TypeDef::new("str", layout_of::<Str>).flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF);
