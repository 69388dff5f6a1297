//! Protocols: what Python means by an attribute, a call, an iteration .., for any value. The counterparts of CPython's `Objects/abstract.c`,
//! as methods of [`Vm`](crate::vm::Vm).

pub mod args;
pub mod attr;
pub mod call;
pub mod compare;
pub mod dict;
pub mod errors;
pub mod iter;
pub mod module;
pub mod number;
pub mod ops;
pub mod text;
