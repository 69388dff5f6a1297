//! From a script to a finished run: the main thread's life.

use crate::compile::{self, Mode, Options};
use crate::error::{Exc, PyResult, Raised};
use crate::interp::frame::Frame;
use crate::isolate::Isolate;
use crate::probe::Event;
use crate::special::Name;
use crate::types::module::Module;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Site};

/// Sources shorter than this many bytes are compiled on the thread's own stack.
const SHALLOW: usize = 100;

/// What to run as `__main__`.
#[derive(Clone, Debug)]
pub enum Program {
    /// A source text with the name that tracebacks show and whether it is a file (`__file__`).
    Source {
        /// The text.
        text: String,
        /// The file's name, or `<string>`, `<stdin>`.
        name: String,
        /// Whether `name` is a file.
        file: bool,
    },
    /// A file's bytes, decoded as its coding line says.
    Bytes {
        /// The contents.
        bytes: Vec<u8>,
        /// The file's name.
        name: String,
        /// Whether `name` is a file.
        file: bool,
    },
    /// A module by name (`-m`).
    Module(String),
    /// Code that was compiled before, for many runs of one script.
    Code {
        /// The module's code.
        code: std::sync::Arc<crate::code::CodeProto>,
        /// The file's name.
        name: String,
        /// Whether `name` is a file.
        file: bool,
    },
}

/// Called when all threads but daemons have ended, before `atexit` and the last finalisers.
pub type AtEnd<'a> = &'a mut dyn FnMut(&mut Vm);

impl Vm {
    /// Compiles source text to a code object of this isolate. SyntaxError as Python raises it.
    pub fn compile(&mut self, source: &str, filename: &str, mode: Mode, options: &Options) -> PyResult {
        // short texts cannot nest deep
        let compiled = if source.len() < SHALLOW {
            compile::compile_source(source, filename, mode, options)
        } else {
            crate::deep::on_big_stack(|| compile::compile_source(source, filename, mode, options))
        };
        self.compiled(compiled, source, filename)
    }
    /// Compiles a tree that a script made.
    pub fn compile_tree(&mut self, tree: compile::Tree, filename: &str, options: &Options) -> PyResult {
        let compiled = crate::deep::on_big_stack(|| compile::compile_any(tree, filename, options));
        self.compiled(compiled, "", filename)
    }
    pub(crate) fn compiled(&mut self, compiled: Result<compile::Compiled, gilbert_parser::SyntaxError>, source: &str, filename: &str) -> PyResult {
        match compiled {
            Ok(c) => {
                let code = self.new_code(&c.code);
                for w in &c.warnings {
                    self.syntax_warning(w, source, filename)?;
                }
                Ok(code)
            }
            Err(e) => Err(self.syntax_error(&e, source, filename)),
        }
    }
    /// The default compiler options of the run.
    pub fn compile_options(&self) -> Options {
        Options { optimize: self.iso().settings.optimize, ..Options::default() }
    }
    /// The `__main__` module's namespace.
    pub fn main_namespace(&mut self) -> Value {
        let (modules, key) = (self.iso().modules.clone(), self.name(Name::DunderMain));
        if let Some(m) = self.dict_get_str(&modules, &key)
            && let Some(m) = m.get::<Module>()
        {
            return m.dict.clone();
        }
        let m = self.new_module("__main__", "", &[]);
        let dict = m.get::<Module>().expect("a module").dict.clone();
        self.dict_set_text(&dict, "__package__", Value::NONE);
        if let Err(e) = self.import("sys") {
            self.print_exception(&e);
        }
        let builtins = self.import("builtins").unwrap_or_else(|_| self.iso().builtins.clone());
        self.dict_set_text(&dict, "__builtins__", builtins);
        self.dict_set_str(&modules, &key, m);
        dict
    }
    /// Runs a program as `__main__`, then what comes at a process's end. Gives the exit code.
    pub fn run_program(&mut self, program: &Program) -> i32 {
        self.run_program_and(program, &mut |_| {})
    }
    /// As [`Vm::run_program`], with a look at the state that the script has left; not where the run is ended from outside.
    pub fn run_program_and(&mut self, program: &Program, look: AtEnd) -> i32 {
        self.watch_interrupts();
        let result = self.run_main_module(program);
        let code = self.finish_main(result);
        self.finish_process_and(code, look)
    }
    /// Ctrl-C raises KeyboardInterrupt, also while the main thread waits.
    pub(crate) fn watch_interrupts(&mut self) {
        if self.iso().world.ignored_signals() & 1 << (libc::SIGINT - 1) == 0 {
            let _ = self.watch_signal(libc::SIGINT, false);
        }
    }
    fn run_main_module(&mut self, program: &Program) -> PyResult<()> {
        if !self.iso().settings.warn_options.is_empty() {
            self.import("warnings")?;
        }
        match program {
            Program::Source { text, name, file } => self.run_main_source(text, name, *file),
            Program::Bytes { bytes, name, file } => {
                let text = match gilbert_parser::decode_file(bytes, name) {
                    Ok(t) => t,
                    Err(e) => return Err(self.undecodable(&e, bytes, name)),
                };
                self.run_main_source(&text, name, *file)
            }
            Program::Module(name) => {
                let runpy = self.import("runpy")?;
                let f = self.attr(&runpy, "_run_module_as_main")?;
                let name = self.new_str(name.clone());
                self.call(&f, &[name, Value::FALSE]).map(drop)
            }
            Program::Code { code, name, file } => {
                let ns = self.main_namespace_of(name, *file);
                let code = self.new_code(code);
                self.run_code(&code, &ns, None).map(drop)
            }
        }
    }
    /// The `__main__` module's namespace, with the script's file where it is one.
    pub(crate) fn main_namespace_of(&mut self, name: &str, file: bool) -> Value {
        let ns = self.main_namespace();
        if file {
            let path = self.new_str(name);
            self.dict_set_text(&ns, "__file__", path);
            self.dict_set_text(&ns, "__cached__", Value::NONE);
        }
        ns
    }
    /// A script's bytes are no text. CPython names a place only where it has begun to read lines.
    fn undecodable(&mut self, e: &gilbert_parser::SyntaxError, bytes: &[u8], name: &str) -> Raised {
        if let Some(at) = bytes.iter().position(|&b| b == 0)
            && e.msg.contains("null bytes")
        {
            let before = String::from_utf8_lossy(&bytes[..at]).into_owned();
            let place = gilbert_parser::Span::at(before.rfind('\n').map_or(0, |i| i as u32 + 1));
            let error = gilbert_parser::SyntaxError::new(e.msg.clone(), place);
            return self.syntax_error_without_column(&error, &before, name);
        }
        let msg = match e.msg.strip_prefix("unknown encoding: ") {
            Some(encoding) => format!("encoding problem: {encoding}"),
            None if e.msg.starts_with("'ascii' codec") => "encoding problem: ascii".to_string(),
            None => e.msg.replace(": latin-1 with BOM", ": iso-8859-1 with BOM"),
        };
        self.plain_syntax_error(&msg)
    }
    fn syntax_error_without_column(&mut self, e: &gilbert_parser::SyntaxError, source: &str, name: &str) -> Raised {
        let raised = self.syntax_error(e, source, name);
        let offset = self.intern("offset");
        let _ = self.set_attr(&raised.0, &offset, Value::NONE);
        raised
    }
    fn run_main_source(&mut self, text: &str, name: &str, file: bool) -> PyResult<()> {
        let ns = self.main_namespace_of(name, file);
        let options = self.compile_options();
        let code = self.compile(text, name, Mode::Exec, &options)?;
        self.run_code(&code, &ns, None).map(drop)
    }
    /// Waits without the GIL until unparked, the deadline (the world's clock, ns), or a signal, whose handler has then run.
    ///
    /// # Errors
    /// What a signal handler raised; [`Raised::KILLED`] where the thread is over.
    pub fn park(&mut self, deadline: Option<u64>, why: Blocked) -> PyResult<Woken> {
        self.park_as(deadline, why, crate::gil::Cause::Block)
    }
    /// As [`Vm::park`], saying why the GIL is released.
    pub fn park_as(&mut self, deadline: Option<u64>, why: Blocked, cause: crate::gil::Cause) -> PyResult<Woken> {
        self.park_where(deadline, why, cause, None)
    }
    /// The same; `gate`: for something that is there already, or not (`World::park_gate`).
    pub(crate) fn park_where(&mut self, deadline: Option<u64>, why: Blocked, cause: crate::gil::Cause, gate: Option<bool>) -> PyResult<Woken> {
        use crate::world::Wake;
        let why = self.at_this_place(why);
        if self.observed {
            self.event(&Event::Blocks { kind: why.kind, note: why.note.clone() });
        }
        let limit = (self.controlled && deadline.is_some() && why.kind != crate::world::WaitKind::Sleep).then(|| crate::control::limit_of(self.tid()));
        if let Some(limit) = limit {
            self.sync_access_at(limit, true, false, crate::probe::Wait::No);
        }
        if self.is_logged() {
            self.log_block(&why);
        }
        let woken = self.away_from_gil(cause, |world, me| match gate {
            Some(open) => world.park_gate(me, deadline, &why, open),
            None => world.park(me, deadline, &why),
        });
        self.runs_again();
        if self.observed && woken.is_ok() {
            self.event(&Event::Resumes);
        }
        if let (Some(limit), Ok(woken)) = (limit, &woken) {
            let over = *woken == Wake::TimedOut;
            self.sync_access_at(limit, !over, true, if over { crate::probe::Wait::Last } else { crate::probe::Wait::No });
        }
        match woken? {
            Wake::Unparked => Ok(Woken::Unparked),
            Wake::TimedOut => Ok(Woken::TimedOut),
            Wake::Killed => Err(Raised::KILLED),
            Wake::Interrupted => {
                self.gil.clear_pending(crate::gil::pending::SIGNAL);
                self.run_signal_handlers()?;
                Ok(Woken::Interrupted)
            }
        }
    }
    /// A wait with the place in Python where it happens.
    pub fn at_this_place(&self, mut why: Blocked) -> Blocked {
        if why.at.is_none() {
            (why.at, why.within) = place_in(&self.stack.frames);
        }
        why
    }
    /// Where the script waits, and where in the library if that waits for it.
    pub fn waiting_place(&self) -> Option<(Site, Option<Site>)> {
        let (at, within) = place_in(&self.stack.frames);
        at.map(|at| (at, within))
    }
    /// The text of a str argument; TypeError otherwise.
    pub fn expect_str(&mut self, v: &Value, what: &str) -> PyResult<String> {
        match v.get::<Str>() {
            Some(s) => Ok(s.lossy().into_owned()),
            None => {
                let name = self.type_name(v);
                Err(self.type_error(format!("{what} must be str, not {name}")))
            }
        }
    }
    /// `warnings.warn_explicit(text, SyntaxWarning, ..)`. A filter that makes it an error makes it a SyntaxError.
    pub fn syntax_warning(&mut self, w: &gilbert_parser::Warning, source: &str, filename: &str) -> PyResult<()> {
        let kind = match w.kind {
            gilbert_parser::WarningKind::Deprecation => Exc::DeprecationWarning,
            _ => Exc::SyntaxWarning,
        };
        let line = gilbert_parser::LineIndex::new(source).line(w.span.start);
        let warnings = self.import("warnings")?;
        let f = self.attr(&warnings, "warn_explicit")?;
        let category = self.exc_type(kind).clone();
        let args = [self.new_str(w.msg.clone()), category.clone(), self.new_str(filename), Value::small_wrap(i64::from(line))];
        match self.call(&f, &args) {
            Err(e) if e.0.class(self).is_subtype_of(&category) => {
                let error = gilbert_parser::SyntaxError::new(w.msg.clone(), w.span).of_stage(gilbert_parser::Stage::Code);
                Err(self.syntax_error(&error, source, filename))
            }
            r => r.map(drop),
        }
    }
}

/// Where the script is, and where in the library if that works for it.
pub(crate) fn place_in(frames: &[Frame]) -> (Option<Site>, Option<Site>) {
    let site = |f: &Frame| Site { file: f.code().proto.filename.clone(), line: f.line() };
    let Some(last) = frames.last() else { return (None, None) };
    let of_script = frames.iter().rev().find(|f| !f.code().proto.filename.starts_with("<lib>"));
    match of_script {
        Some(f) if !std::ptr::eq(f, last) => (Some(site(f)), Some(site(last))),
        _ => (Some(site(last)), None),
    }
}

/// How a [`Vm::park`] ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Woken {
    /// Somebody unparked us, or nobody did: look again.
    Unparked,
    /// The deadline has passed.
    TimedOut,
    /// A signal's handler has run: look again.
    Interrupted,
}

impl Isolate {
    /// Ends the process at once with this code, or minus the number of a signal: no `finally`, no `atexit` (`os._exit`).
    pub fn exit_now(&mut self, code: i32) {
        self.exit_code = Some(code);
        // output that is still buffered is lost, as in CPython
        let _ = self.settings.exit.take_unwritten();
        self.settings.exit.set_code(if code < 0 { 128 - code } else { code });
        self.gil.kill();
        self.world.end_process(code);
    }
}
