//! Waiting. Everything that blocks is written here once, upon [`World::park`](crate::world::World::park), and runs unchanged in both worlds.

pub mod barrier;
pub mod condition;
pub mod event;
pub mod local;
pub mod lock;
pub mod rlock;
pub mod sem_lock;
pub mod semaphore;
pub mod settings;
pub mod shared_bytes;
pub mod simple_queue;
pub mod sleep;
pub mod timeout;
pub mod turnstile;

use crate::error::{Exc, PyResult, Raised};
use crate::gil::Cause;
use crate::probe::Event;
use crate::types::T;
use crate::types::native::Kwargs;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Tid, WaitKind, World};
use std::sync::Arc;

impl Vm {
    /// Runs `f`, a call into the outside that may block, without the GIL. Owns nothing of Python's meanwhile.
    ///
    /// # Errors
    /// The thread has been killed: nothing but leaving is left.
    pub fn without_gil<R>(&mut self, cause: Cause, f: impl FnOnce(&dyn World, Tid) -> R) -> PyResult<R> {
        if self.is_logged() {
            let kind = if cause == Cause::Io { WaitKind::Io } else { WaitKind::Other };
            self.log_block(&Blocked::new(kind, 0));
        }
        let told = self.observed && cause == Cause::Io;
        if told {
            self.event(&Event::Blocks { kind: WaitKind::Io, note: "".into() });
        }
        let r = self.away_from_gil(cause, f);
        if told && r.is_ok() {
            self.event(&Event::Resumes);
        }
        r
    }
    /// The same, where the log knows already what the thread waits for.
    pub(crate) fn away_from_gil<R>(&mut self, cause: Cause, f: impl FnOnce(&dyn World, Tid) -> R) -> PyResult<R> {
        let (gil, world) = (Arc::clone(&self.iso().gil), Arc::clone(&self.iso().world));
        let me = self.tid();
        gil.release(&mut self.turn, cause);
        let r = f(&*world, me);
        self.turn.mark_woken(&*world);
        match gil.acquire(&mut self.turn) {
            Ok(()) => {
                if self.is_logged() {
                    self.log_place_last();
                }
                Ok(r)
            }
            Err(_) => Err(Raised::KILLED),
        }
    }
    /// An exception type that the thread modules share, made when first asked for: `BrokenBarrierError`, `Empty`, `itimer_error`.
    pub fn thread_error_type(&mut self, name: &'static str) -> PyResult {
        if let Some(ty) = self.iso().state.get(name) {
            return Ok(ty.clone());
        }
        let (module, base, doc) = match name {
            "Empty" => ("_queue", Exc::Exception, "Exception raised by Queue.get(block=0)/get_nowait()."),
            "itimer_error" => ("signal", Exc::OSError, ""),
            _ => ("threading", Exc::RuntimeError, ""),
        };
        let (bases, dict) = (vec![self.exc_type(base).clone()], self.new_dict());
        let (bases, text, module, doc) = (self.new_tuple(bases), self.intern(name), self.intern(module), self.new_str(doc));
        self.dict_set_text(&dict, "__module__", module);
        if !self.text(&doc).is_empty() {
            self.dict_set_text(&dict, "__doc__", doc);
        }
        let meta = self.ty(T::Type).clone();
        let ty = self.call(&meta, &[text, bases, dict])?;
        self.iso_mut().state.insert(name, ty.clone());
        Ok(ty)
    }
    /// `warnings.warn(text, DeprecationWarning)` about the native that is being called; nothing where there is no such module.
    pub fn deprecated(&mut self, text: &str) -> PyResult<()> {
        let warn = match self.import("warnings").and_then(|m| self.attr(&m, "warn")) {
            Ok(f) => f,
            Err(e) if e.is_killed() => return Err(e),
            Err(_) => return Ok(()),
        };
        let args = [self.new_str(text), self.exc_type(Exc::DeprecationWarning).clone()];
        self.call_kw(&warn, &args, Kwargs::NONE).map(drop)
    }
}

pub use crate::object::attr_layout;

/// `module.qualname` of an object's type.
pub(crate) fn type_path_of(vm: &mut Vm, v: &Value) -> String {
    let ty = v.type_of(vm).clone();
    crate::types::object_::type_path(vm, &ty)
}
