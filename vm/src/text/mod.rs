//! Text on plain Rust types, with CPython 3.12's results and message texts. Knows nothing of Python values.
//!
//! A Python string is held as WTF-8: UTF-8, with lone surrogates encoded like other characters (see `wtf8.rs`).

pub mod case;
pub mod codec;
pub mod hash;
pub mod printf;
pub mod repr;
pub mod search;
pub mod split;
mod tables;
pub mod template;
pub mod unicode;
pub mod wtf8;
