//! What a run may use at most, beside memory ([`crate::budget`]): threads, ticks, output, files, the network. One set for all processes of a
//! machine, on its shelf.
//!
//! Threads and doors end in a Python exception where they are asked for. What is used up as the run goes on (ticks, output) ends the
//! whole run: its threads leave as killed ones do, without running Python, and the command says which limit it was.

use crate::error::{Exc, PyResult, Raised};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::World;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// What may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Python threads of all processes at once, main threads included; 0: any number.
    pub threads: usize,
    /// Bytes of standard output and standard error; 0: any number.
    pub output: u64,
    /// No path may be opened, made, removed or looked at. What `import` finds is read all the same.
    pub no_files: bool,
    /// No socket may be made and no name of a host be asked for.
    pub no_network: bool,
}

/// The limits of a machine, and what has been used.
#[derive(Default)]
pub struct Limits {
    allowed: Mutex<Allowed>,
    /// Whether there is any: asked where nothing may be paid without.
    any: AtomicBool,
    threads: AtomicUsize,
    written: AtomicU64,
    exceeded: Mutex<Option<String>>,
}

impl Limits {
    /// The limits of a world's machine.
    pub fn of(world: &dyn World) -> Arc<Limits> {
        world.shelf().get::<Limits>()
    }
    /// Sets what is allowed; before the run.
    pub fn allow(&self, allowed: Allowed) {
        self.any.store(allowed != Allowed::default(), Ordering::Relaxed);
        *self.allowed.lock() = allowed;
    }
    /// Which limit has ended the run, in words.
    pub fn exceeded(&self) -> Option<String> {
        self.exceeded.lock().clone()
    }
    /// Notes which limit ends the run; the first one counts.
    pub fn note(&self, what: String) {
        self.exceeded.lock().get_or_insert(what);
    }
    fn get(&self) -> Allowed {
        match self.any.load(Ordering::Relaxed) {
            true => *self.allowed.lock(),
            false => Allowed::default(),
        }
    }
    /// A thread begins; false where there are as many as may be.
    pub(crate) fn enter_thread(&self) -> bool {
        let now = self.threads.fetch_add(1, Ordering::Relaxed) + 1;
        let most = self.get().threads;
        // the first main thread is not entered
        let fits = most == 0 || now < most;
        if !fits {
            self.threads.fetch_sub(1, Ordering::Relaxed);
        }
        fits
    }
    /// A thread has left.
    pub(crate) fn leave_thread(&self) {
        self.threads.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Vm {
    /// PermissionError where files are forbidden (`--no-files`).
    pub fn may_use_files(&mut self, path: &Value) -> PyResult<()> {
        if !Limits::of(&*self.iso().world).get().no_files {
            return Ok(());
        }
        Err(self.forbidden("files are forbidden (--no-files)", Some(path)))
    }
    /// PermissionError where the network is forbidden (`--no-network`).
    pub fn may_use_network(&mut self) -> PyResult<()> {
        if !Limits::of(&*self.iso().world).get().no_network {
            return Ok(());
        }
        Err(self.forbidden("the network is forbidden (--no-network)", None))
    }
    fn forbidden(&mut self, why: &str, path: Option<&Value>) -> Raised {
        let mut args = vec![Value::i32(libc::EPERM), self.new_str(why)];
        args.extend(path.cloned());
        let ty = self.exc_type(Exc::PermissionError).clone();
        match self.call(&ty, &args) {
            Ok(e) => Raised(e),
            Err(e) => e,
        }
    }
    /// How many of `bytes` more may be written to a standard stream (`--max-output`); where that is none, the run is over.
    ///
    /// # Errors
    /// [`Raised::KILLED`]: the run is over.
    pub fn may_write(&mut self, stream: i32, bytes: usize) -> PyResult<usize> {
        let limits = Limits::of(&*self.iso().world);
        let most = limits.get().output;
        if most == 0 || !matches!(stream, 1 | 2) {
            return Ok(bytes);
        }
        let room = most.saturating_sub(limits.written.load(Ordering::Relaxed));
        let fits = (bytes as u64).min(room);
        if fits == 0 && bytes > 0 {
            limits.note(format!("more than {most} bytes of output (--max-output)"));
            return Err(self.end_run());
        }
        limits.written.fetch_add(fits, Ordering::Relaxed);
        Ok(fits as usize)
    }
    /// Ends the run of the whole machine at once.
    fn end_run(&mut self) -> Raised {
        let _ = self.iso().settings.exit.take_unwritten();
        self.gil.kill();
        self.iso().world.stop();
        Raised::KILLED
    }
}
