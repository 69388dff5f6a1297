//! Text on plain Rust types, with CPython 3.12's results and message texts. Knows nothing of Python values.
//!
//! A Python string is held as WTF-8: UTF-8, with lone surrogates encoded like other characters.

pub mod repr;
mod tables;
pub mod unicode;
pub mod wtf8;
