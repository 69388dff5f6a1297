//! The built-in types, one file each.

pub mod dict;
pub mod function;
pub mod list;
pub mod native;
pub mod str;
pub mod tuple;
pub mod type_;
