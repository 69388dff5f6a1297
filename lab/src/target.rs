//! What is run again and again: a script, compiled once, and how its machine is set up.

use crate::data::Data;
use gilbert_vm::code::CodeProto;
use gilbert_vm::compile::{self, Mode, Options};
use gilbert_vm::deep::on_big_stack;
use gilbert_vm::gil::{Handoff, Policy};
use gilbert_vm::isolate::{Builtin, Library};
use gilbert_vm::limits::Allowed;
use gilbert_vm::start::Program;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::sim::{FsMode, fingerprint};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::outcome::Evaluated;
use gilbert_vm::error::Exc;

/// A script and its surroundings.
#[derive(Clone, Debug)]
pub struct Target {
    /// The source, as bytes.
    pub source: Vec<u8>,
    /// Its name, as tracebacks show it: a path, or `<string>`.
    pub name: String,
    /// Whether the name is a file's.
    pub file: bool,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// The first entries of `sys.path`.
    pub path: Vec<String>,
}

impl Target {
    /// A source text that is no file.
    pub fn text(source: &str) -> Target {
        Target { source: source.as_bytes().to_vec(), name: "<string>".into(), file: false, argv: vec![String::new()], path: Vec::new() }
    }

    /// Tells this source from others.
    pub fn fingerprint(&self) -> u64 {
        fingerprint(&self.source)
    }

    /// The program: compiled here once if that goes without a word, else each time, so that each run says it.
    pub fn program(&self, optimize: u8) -> Program {
        let options = Options { optimize, ..Options::default() };
        let compiled = on_big_stack(|| {
            let text = gilbert_parser::decode_file(&self.source, &self.name).ok()?;
            compile::compile_source(&text, &self.name, Mode::Exec, &options).ok()
        });
        match compiled {
            Some(c) if c.warnings.is_empty() => Program::Code { code: c.code, name: self.name.clone(), file: self.file },
            _ => Program::Bytes { bytes: self.source.clone(), name: self.name.clone(), file: self.file },
        }
    }
}

/// How the simulated machine is set up. What is not set is as `gilbert run --sim` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Machine {
    /// When threads switch under `tick-fair`: the policy of the GIL.
    pub policy: Policy,
    /// Who gets a released GIL, likewise.
    pub handoff: Handoff,
    /// Switches only at backward jumps, calls and function entry.
    pub restricted_switches: bool,
    /// Virtual ns of an instruction.
    pub tick_ns: u64,
    /// Virtual ns of a switch.
    pub switch_ns: u64,
    /// A run is ended as a livelock after so many ticks of all threads; 0: never.
    pub max_ticks: u64,
    /// Bytes that a run may hold; 0: any number.
    pub max_memory: usize,
    /// Other limits of a run.
    pub allowed: Allowed,
    /// `-O`, 0 to 2.
    pub optimize: u8,
    /// Where the process starts.
    pub start_dir: PathBuf,
    /// What happens to files that it writes.
    pub fs: FsMode,
}

impl Default for Machine {
    fn default() -> Machine {
        Machine {
            policy: Policy::Ticks(100),
            handoff: Handoff::Fair,
            restricted_switches: false,
            tick_ns: 50,
            switch_ns: 5000,
            max_ticks: DEFAULT_MAX_TICKS,
            max_memory: 0,
            allowed: Allowed::default(),
            optimize: 0,
            start_dir: PathBuf::from("/"),
            fs: FsMode::Overlay,
        }
    }
}

/// A run of more ticks than this counts as a livelock, unless set otherwise: a second or so of real time.
pub const DEFAULT_MAX_TICKS: u64 = 50_000_000;

/// An expression that is evaluated in the main module's namespace at the end of each run.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Its text.
    pub text: String,
    code: Arc<CodeProto>,
}

impl Expr {
    /// Parses the expression; `option` is named in errors.
    ///
    /// # Errors
    /// What is wrong with it, in a line.
    pub fn new(text: &str, option: &str) -> Result<Expr, String> {
        let compiled = on_big_stack(|| compile::compile_source(text.trim(), &format!("<{option}>"), Mode::Eval, &Options::default()));
        match compiled {
            Ok(c) => Ok(Expr { text: text.to_owned(), code: c.code }),
            Err(e) => Err(format!("{option} {text}: {}", e.msg)),
        }
    }

    /// Its value in this isolate.
    pub fn evaluate(&self, vm: &mut Vm) -> Evaluated {
        let ns = vm.main_namespace();
        let code = vm.new_code(&self.code);
        match vm.run_code(&code, &ns, None) {
            Ok(v) => Evaluated::Value(Data::of(vm, &v)),
            Err(e) => {
                let text = format!("{}: {}", vm.type_name(&e.0), vm.str_text(&e.0).unwrap_or_default());
                if vm.is_exc(&e, Exc::NameError) { Evaluated::Unknown(text) } else { Evaluated::Raised(text) }
            }
        }
    }

    /// Whether it is true in this isolate.
    pub fn is_true(&self, vm: &mut Vm) -> Evaluated {
        let ns = vm.main_namespace();
        let code = vm.new_code(&self.code);
        let truth = vm.run_code(&code, &ns, None).and_then(|v| vm.truthy(&v));
        match truth {
            Ok(b) => Evaluated::Value(Data::Bool(b)),
            Err(e) => {
                let text = format!("{}: {}", vm.type_name(&e.0), vm.str_text(&e.0).unwrap_or_default());
                if vm.is_exc(&e, Exc::NameError) { Evaluated::Unknown(text) } else { Evaluated::Raised(text) }
            }
        }
    }
}

/// A library that keeps the code of the user's own modules too, from run to run.
pub struct Kept {
    library: Arc<dyn Library>,
    files: Mutex<HashMap<(String, u8), (u64, Arc<CodeProto>)>>,
}

impl Kept {
    /// The same library, keeping more.
    pub fn new(library: Arc<dyn Library>) -> Kept {
        Kept { library, files: Mutex::default() }
    }
}

impl Library for Kept {
    fn find(&self, name: &str) -> Option<Builtin> {
        self.library.find(name)
    }
    fn names(&self) -> Vec<&'static str> {
        self.library.names()
    }
    fn code(&self, name: &str, optimize: u8) -> Option<Arc<CodeProto>> {
        self.library.code(name, optimize)
    }
    fn keep_code(&self, name: &str, optimize: u8, code: &Arc<CodeProto>) {
        self.library.keep_code(name, optimize, code);
    }
    fn file_code(&self, file: &str, text: &str, optimize: u8) -> Option<Arc<CodeProto>> {
        let files = self.files.lock();
        let (print, code) = files.get(&(file.to_owned(), optimize))?;
        (*print == fingerprint(text.as_bytes())).then(|| code.clone())
    }
    fn keep_file_code(&self, file: &str, text: &str, optimize: u8, code: &Arc<CodeProto>) {
        self.files.lock().insert((file.to_owned(), optimize), (fingerprint(text.as_bytes()), code.clone()));
    }
    fn why_missing(&self, name: &str) -> Option<&'static str> {
        self.library.why_missing(name)
    }
    fn source_names(&self) -> Vec<&'static str> {
        self.library.source_names()
    }
}
