//! The error type of the pure libraries `num` and `text`.
//!
//! [`PyErr`] says which Python exception is meant and with which text; the machine turns it into an
//! exception object. Nothing here knows of Python values.
//!
//! Functions: [`value_error`], [`overflow_error`], [`type_error`], [`zero_division`], [`memory_error`],
//! [`index_error`], [`lookup_error`].

use std::borrow::Cow;

/// Which exception class is meant, with what that class carries besides its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `ValueError`
    Value,
    /// `OverflowError`
    Overflow,
    /// `TypeError`
    Type,
    /// `ZeroDivisionError`
    ZeroDivision,
    /// `MemoryError`
    Memory,
    /// `IndexError`
    Index,
    /// `LookupError` (an unknown encoding or error handler)
    Lookup,
    /// `UnicodeDecodeError`; `start` and `end` are byte offsets into the input. `PyErr::msg` is the full text.
    UnicodeDecode {
        /// The codec's canonical name, the exception's `encoding`.
        encoding: Cow<'static, str>,
        /// First offending byte.
        start: usize,
        /// One past the last offending byte.
        end: usize,
        /// The exception's `reason`.
        reason: Cow<'static, str>,
    },
    /// `UnicodeEncodeError`; `start` and `end` are code point offsets into the input.
    UnicodeEncode {
        /// The codec's canonical name, the exception's `encoding`.
        encoding: Cow<'static, str>,
        /// First offending character.
        start: usize,
        /// One past the last offending character.
        end: usize,
        /// The exception's `reason`.
        reason: Cow<'static, str>,
    },
}

/// An exception to be raised: its class and its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PyErr {
    /// Which exception.
    pub kind: Kind,
    /// CPython's message text.
    pub msg: Cow<'static, str>,
}

/// What fallible functions of these libraries return.
pub type PyResult<T> = Result<T, PyErr>;

impl std::fmt::Display for PyErr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.msg)
    }
}

impl std::error::Error for PyErr {}

impl PyErr {
    /// An error of `kind` with text `msg`.
    pub fn new(kind: Kind, msg: impl Into<Cow<'static, str>>) -> PyErr {
        PyErr { kind, msg: msg.into() }
    }
}

/// A `ValueError`.
pub fn value_error(msg: impl Into<Cow<'static, str>>) -> PyErr {
    PyErr::new(Kind::Value, msg)
}

/// An `OverflowError`.
pub fn overflow_error(msg: impl Into<Cow<'static, str>>) -> PyErr {
    PyErr::new(Kind::Overflow, msg)
}

/// A `TypeError`.
pub fn type_error(msg: impl Into<Cow<'static, str>>) -> PyErr {
    PyErr::new(Kind::Type, msg)
}

/// A `ZeroDivisionError`.
pub fn zero_division(msg: impl Into<Cow<'static, str>>) -> PyErr {
    PyErr::new(Kind::ZeroDivision, msg)
}

/// A `MemoryError` (its text is empty, as in CPython).
pub fn memory_error() -> PyErr {
    PyErr::new(Kind::Memory, "")
}

/// An `IndexError`.
pub fn index_error(msg: impl Into<Cow<'static, str>>) -> PyErr {
    PyErr::new(Kind::Index, msg)
}

/// A `LookupError`.
pub fn lookup_error(msg: impl Into<Cow<'static, str>>) -> PyErr {
    PyErr::new(Kind::Lookup, msg)
}
