//! Modules of a few natives each.

pub mod atexit;
pub mod errno;
pub mod gc;
pub mod weakref;
