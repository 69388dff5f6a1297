//! The machine: values, heap, compiler, interpreter, GIL, worlds, isolates.

pub mod attrs;
pub mod builtins;
pub mod code;
pub mod compile;
pub mod coro;
pub mod deep;
pub mod error;
pub mod gil;
pub mod hash;
pub mod heap;
pub mod ids;
pub mod image;
pub mod import;
pub mod interp;
pub mod isolate;
pub mod num;
pub mod object;
pub mod op;
pub mod probe;
pub mod process;
pub mod proto;
pub mod signals;
pub mod special;
pub mod start;
pub mod strategy;
pub mod sync;
#[doc(hidden)]
pub mod testing;
pub mod text;
pub mod thread;
pub mod traceback;
pub mod types;
pub mod value;
pub mod vm;
pub mod weak;
pub mod world;
