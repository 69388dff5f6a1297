//! The end of a run: what nobody caught, exit codes, `atexit`, the last finalisers (`Python/pylifecycle.c`, `Python/pythonrun.c`).

use crate::error::{Exc, PyResult, Raised};
use crate::special::Name;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, WaitKind};

/// The exit code of a process that could not write all of its output (`Py_RunMain`).
const LOST_OUTPUT: i32 = 120;
/// The exit code of a process that ends by KeyboardInterrupt, as a shell tells it: 128 + SIGINT.
pub const INTERRUPTED: i32 = 130;

impl Vm {
    /// Reports how the main thread's code ended; gives the exit code.
    pub fn finish_main(&mut self, result: PyResult<()>) -> i32 {
        match result {
            Ok(()) => 0,
            Err(e) if e.is_killed() => self.iso().exit_code.unwrap_or(0),
            Err(e) => self.report_uncaught(e),
        }
    }
    /// An exception that nobody caught: SystemExit's code, or the traceback by `sys.excepthook` and 1.
    pub fn report_uncaught(&mut self, e: Raised) -> i32 {
        if self.is_exc(&e, Exc::SystemExit) {
            return self.system_exit_code(&e);
        }
        if self.is_exc(&e, Exc::KeyboardInterrupt) {
            let code = self.show_uncaught(e);
            self.iso().settings.exit.set_signal(libc::SIGINT);
            return if code == 1 { INTERRUPTED } else { code };
        }
        self.show_uncaught(e)
    }
    /// Prints what nobody caught, by `sys.excepthook`; gives 1, or the code of a SystemExit that the hook raised.
    pub fn show_uncaught(&mut self, e: Raised) -> i32 {
        self.note_uncaught(&e);
        self.flush_stdio();
        let code = 1;
        self.remember_last(&e);
        let (sys, hook, original) = (self.iso().sys.clone(), self.name(Name::ExceptHook), self.intern("__excepthook__"));
        let Some(h) = self.dict_get_str(&sys, &hook) else {
            // before `sys` is there nobody can have deleted it
            if self.dict_get_str(&sys, &original).is_some() {
                self.write_stderr("sys.excepthook is missing\n");
            }
            self.print_exception(&e);
            return code;
        };
        if self.dict_get_str(&sys, &original).is_some_and(|o| o.is(&h)) {
            self.print_exception(&e);
            return code;
        }
        let ty = e.0.type_of(self).clone();
        let tb = self.traceback_of(&e.0);
        match self.call(&h, &[ty, e.0.clone(), tb]) {
            Err(second) if self.is_exc(&second, Exc::SystemExit) => return self.system_exit_code(&second),
            Err(second) if !second.is_killed() => {
                self.write_stderr("Error in sys.excepthook:\n");
                self.print_exception(&second);
                self.write_stderr("\nOriginal exception was:\n");
                self.print_exception(&e);
            }
            _ => {}
        }
        code
    }
    /// Keeps for whoever ran the process that an exception ended a thread.
    pub fn note_uncaught(&mut self, e: &Raised) {
        // without running Python: a `__str__` may do anything
        let first = e.0.borrow::<crate::types::exception::Exception>(self).map(|x| x.args.clone()).unwrap_or_default();
        let first = first.get::<Tuple>().and_then(|t| t.items().first().cloned()).unwrap_or_default();
        let text = first.as_small().map_or_else(|| self.text(&first), |i| i.to_string());
        let (name, line) = (self.type_name(&e.0), text.lines().next().unwrap_or_default());
        let what = if line.is_empty() { name } else { format!("{name}: {line}") };
        let tid = self.tid();
        self.iso().settings.exit.note_uncaught(tid, what);
    }
    /// `sys.last_exc` and its older parts.
    fn remember_last(&mut self, e: &Raised) {
        let sys = self.iso().sys.clone();
        let ty = e.0.type_of(self).clone();
        let tb = self.traceback_of(&e.0);
        for (name, v) in [("last_exc", e.0.clone()), ("last_type", ty), ("last_value", e.0.clone()), ("last_traceback", tb)] {
            self.dict_set_text(&sys, name, v);
        }
    }
    /// The exit code of a SystemExit; a message goes to standard error.
    pub fn system_exit_code(&mut self, e: &Raised) -> i32 {
        let name = self.name(Name::Code);
        let code = self.get_attr_opt(&e.0, &name).ok().flatten().unwrap_or(Value::NONE);
        if code.is_none() {
            return 0;
        }
        if let Some(i) = code.as_small_or_bool() {
            return (i & 0xFF) as i32;
        }
        if let Some(i) = self.int_value(&code) {
            return match i.to_i64() {
                Some(i) => (i & 0xFF) as i32,
                None => {
                    self.write_stderr("OverflowError: Python int too large to convert to C long\n");
                    0xFF
                }
            };
        }
        self.flush_stdio();
        let text = self.str_text(&code).unwrap_or_default();
        self.write_error_text(&format!("{text}\n"));
        1
    }
    /// What comes when the main thread's code has ended: other non-daemon threads are waited for, `atexit` runs, finalisers run,
    /// streams are flushed.
    pub fn finish_process(&mut self, code: i32) -> i32 {
        self.finish_process_and(code, &mut |_| {})
    }
    /// As [`Vm::finish_process`], with a look at the state before finalisers change it.
    pub fn finish_process_and(&mut self, code: i32, look: crate::start::AtEnd) -> i32 {
        if !self.outlive_threads(look) {
            return self.iso().exit_code.unwrap_or(code);
        }
        self.finish_rest(code)
    }
    /// What comes behind `atexit`.
    fn finish_rest(&mut self, code: i32) -> i32 {
        let mut whole = self.flush_at_exit();
        self.tear_down();
        if let Some(close) = self.iso().close_files {
            close(self);
        }
        whole &= self.flush_at_exit();
        let code = self.iso().exit_code.unwrap_or(code);
        if whole { code } else { LOST_OUTPUT }
    }
    /// Waits for the other non-daemon threads, then runs `atexit`; false where the process was killed meanwhile.
    fn outlive_threads(&mut self, look: crate::start::AtEnd) -> bool {
        match self.main_has_ended() {
            Err(e) if e.is_killed() => return false,
            Err(e) => self.shutdown_error(e),
            Ok(()) => {}
        }
        if self.wait_for_threads().is_err() {
            return false;
        }
        look(self);
        self.iso_mut().threads.finalizing = true;
        self.run_atexit();
        true
    }
    /// As [`Vm::finish_process_and`] in a run from a kept state, whose modules stay: they are put back anyway. The second result says that this made
    /// a difference: the run has left something behind that notices its end. Its finalisers run then, but perhaps not in the order in
    /// which a process's end would have run them.
    pub(crate) fn finish_kept(&mut self, code: i32, look: crate::start::AtEnd) -> (i32, bool) {
        if !self.outlive_threads(look) {
            return (self.iso().exit_code.unwrap_or(code), false);
        }
        let mut whole = self.flush_at_exit();
        let noticed = self.heap().end_would_be_noticed();
        if noticed {
            self.heap().finalize_new();
            let _ = self.run_pending();
            whole &= self.flush_at_exit();
        }
        let code = self.iso().exit_code.unwrap_or(code);
        (if whole { code } else { LOST_OUTPUT }, noticed)
    }
    /// Waits until only daemon threads are left.
    pub fn wait_for_threads(&mut self) -> PyResult<()> {
        let me = self.tid();
        loop {
            if !self.iso().threads.others_awaited(me) {
                if self.controlled {
                    self.after_all_threads();
                }
                return Ok(());
            }
            if !self.iso().threads.waiting_for_exit.contains(&me) {
                self.iso_mut().threads.waiting_for_exit.push(me);
            }
            let why = Blocked { note: "the other threads".into(), ..Blocked::new(WaitKind::Join, 0) };
            match self.park(None, why) {
                Ok(_) => {}
                Err(e) if e.is_killed() => return Err(e),
                Err(e) => {
                    self.shutdown_error(e);
                    return Ok(());
                }
            }
        }
    }
    /// Reports that this thread goes on after the end of all that have been started.
    fn after_all_threads(&mut self) {
        let started = self.iso().threads.started as u32;
        for tid in (1..=started).map(crate::world::Tid) {
            if self.iso().threads.get(tid).is_some() {
                continue;
            }
            self.sync_access_at(crate::control::end_of(tid), false, true, crate::probe::Wait::Last);
        }
    }
    /// An error while the last threads were waited for.
    fn shutdown_error(&mut self, e: Raised) {
        let threading = self.import("threading").unwrap_or_default();
        self.unraisable(e, &threading);
    }
    /// Runs what `atexit` holds, last come first.
    pub fn run_atexit(&mut self) {
        let Some(callbacks) = self.iso().state.get("atexit").cloned() else { return };
        loop {
            let last = callbacks.borrow_mut::<List>(self).and_then(|l| l.items_mut().pop());
            let Some(entry) = last else { return };
            // (function, args, kwargs)
            let items = entry.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
            let [f, args, kwargs] = items.as_slice() else { continue };
            let (mut names, mut values) = (Vec::new(), Vec::new());
            if kwargs.is_a::<Dict>() {
                for (k, v) in self.dict_items(kwargs) {
                    names.push(k);
                    values.push(v);
                }
            }
            let args = args.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
            let kw = crate::types::native::Kwargs { names: &names, values: &values };
            if let Err(e) = self.call_kw(f, &args, kw) {
                if e.is_killed() {
                    return;
                }
                self.unraisable_as("Exception ignored in atexit callback", e, f);
            }
        }
    }
    /// Flushes `sys.stdout` and `sys.stderr` for the last time; false where that failed.
    fn flush_at_exit(&mut self) -> bool {
        let sys = self.iso().sys.clone();
        let mut whole = true;
        for name in [Name::Stdout, Name::Stderr] {
            let key = self.name(name);
            let Some(f) = self.dict_get_str(&sys, &key).filter(|f| !f.is_none()) else { continue };
            if self.attr(&f, "closed").is_ok_and(|c| self.truthy(&c).unwrap_or(false)) {
                continue;
            }
            if let Err(e) = self.call_method(&f, "flush", &[]) {
                whole = false;
                // what could not be written now will not be written later
                let _ = self.iso().settings.exit.take_unwritten();
                if name == Name::Stdout {
                    self.unraisable(e, &f);
                }
            }
        }
        whole
    }
    /// Flushes `sys.stdout` and `sys.stderr`, ignoring errors.
    pub fn flush_stdio(&mut self) {
        let sys = self.iso().sys.clone();
        for name in [Name::Stdout, Name::Stderr] {
            let key = self.name(name);
            if let Some(f) = self.dict_get_str(&sys, &key)
                && !f.is_none()
            {
                let _ = self.call_method(&f, "flush", &[]);
            }
        }
    }

    // --- the last finalisers ----------------------------------------------------------------------------------

    /// Takes the modules apart, so that what they hold is finalised (`finalize_modules`). What is left dies with the isolate.
    fn tear_down(&mut self) {
        self.handled = Value::NULL;
        self.clear_specials();
        let modules = self.iso().modules.clone();
        let dicts = self.module_dicts(&modules);
        let old = modules.borrow_mut::<Dict>(self).map(std::mem::take);
        drop(old);
        // what only the modules held; their functions still see the globals
        for _ in 0..2 {
            if self.run_pending().is_err() {
                return;
            }
            self.collect_garbage();
        }
        if self.run_pending().is_err() {
            return;
        }
        // modules that something keeps alive lose their names
        for weak in dicts.into_iter().rev() {
            let Some(module) = self.weak_target(&weak) else { continue };
            let Some(dict) = module.get::<Module>().map(|m| m.dict.clone()) else { continue };
            drop(module);
            self.clear_module(&dict);
            if self.run_pending().is_err() {
                return;
            }
        }
        self.collect_garbage();
        let _ = self.run_pending();
    }
    /// `sys.last_exc`, `builtins._` and the like hold what a script left behind.
    fn clear_specials(&mut self) {
        let (sys, builtins) = (self.iso().sys.clone(), self.iso().builtins.clone());
        let key = self.name(Name::Underscore);
        if self.dict_get_str(&builtins, &key).is_some() {
            self.dict_set_str(&builtins, &key, Value::NONE);
        }
        for name in ["path", "argv", "ps1", "ps2", "last_exc", "last_type", "last_value", "last_traceback", "path_hooks", "path_importer_cache", "meta_path"] {
            let key = self.intern(name);
            if self.dict_get_str(&sys, &key).is_some() {
                self.dict_set_str(&sys, &key, Value::NONE);
            }
        }
    }
    /// Weak references to the modules, in the order of their import; the machine's own are left alone.
    fn module_dicts(&mut self, modules: &Value) -> Vec<Value> {
        let mut weak = Vec::new();
        for (_, m) in self.dict_items(modules) {
            let Some(dict) = m.get::<Module>().map(|m| m.dict.clone()) else { continue };
            if dict.is(&self.iso().sys) || dict.is(&self.iso().builtins) {
                continue;
            }
            if let Ok(w) = self.weak_ref(&m) {
                weak.push(w);
            }
        }
        weak
    }
    /// `_PyModule_Clear`: names with one underscore first, then all but `__builtins__`.
    fn clear_module(&mut self, dict: &Value) {
        for private in [true, false] {
            for (name, v) in self.dict_items(dict) {
                let text = self.text(&name);
                let first = text.starts_with('_') && !text.starts_with("__");
                if v.is_none() || text == "__builtins__" || (private && !first) {
                    continue;
                }
                drop(v);
                self.dict_set_str(dict, &name, Value::NONE);
                if self.heap_pending() {
                    let _ = self.run_pending();
                }
            }
        }
    }
}
