//! An isolate: the whole state of one Python process. Many live side by side in one OS process; what they share is the image.

pub(crate) mod rollback;
mod subclasses;

use crate::attrs::Shapes;
use crate::error::PyResult;
use crate::gil::Gil;
use crate::heap::Heap;
use crate::image::{Image, Interner, new_name};
use crate::probe::Probe;
use crate::types::T;
use crate::types::str::Str;
use crate::types::type_::TypeObj;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Site, Tid, World};
use std::collections::HashMap;
use std::sync::Arc;
pub use subclasses::Subclasses;

/// Makes a module when it is first imported.
pub type ModuleInit = fn(&mut Vm) -> PyResult;

/// Modules that are not files: natives, and Python sources embedded in the binary.
#[derive(Clone)]
pub enum Builtin {
    /// Written in Rust: makes the module object.
    Native(ModuleInit),
    /// Written in Python.
    Source(Source),
}

/// The source of a module of the library.
#[derive(Clone, Debug)]
pub struct Source {
    /// The module's full name.
    pub name: String,
    /// Gives the text of the module of this name; only asked where the code is not known already.
    pub load: fn(&str) -> Arc<str>,
    /// Whether the module is a package (its `__init__.py`).
    pub package: bool,
    /// The nominal file, as tracebacks show it: `<lib>/json/decoder.py`.
    pub file: String,
}

impl Source {
    /// The text.
    pub fn text(&self) -> Arc<str> {
        (self.load)(&self.name)
    }
}

/// Where an isolate finds modules that are not files of the user's. Given by the layer above.
pub trait Library: Send + Sync {
    /// The module of this full name.
    fn find(&self, name: &str) -> Option<Builtin>;
    /// The names of the natives, for `sys.builtin_module_names`.
    fn names(&self) -> Vec<&'static str>;
    /// The code of a module's source, where it was compiled before with this level of optimisation.
    fn code(&self, _name: &str, _optimize: u8) -> Option<Arc<crate::code::CodeProto>> {
        None
    }
    /// Keeps the code of a module's source for later isolates and processes.
    fn keep_code(&self, _name: &str, _optimize: u8, _code: &Arc<crate::code::CodeProto>) {}
    /// The code of a file's text, where it was compiled before with this level of optimisation and nothing was said about it.
    fn file_code(&self, _file: &str, _text: &str, _optimize: u8) -> Option<Arc<crate::code::CodeProto>> {
        None
    }
    /// Keeps that for later isolates.
    fn keep_file_code(&self, _file: &str, _text: &str, _optimize: u8, _code: &Arc<crate::code::CodeProto>) {}
    /// Why a module that scripts may expect is not there, and what to use instead.
    fn why_missing(&self, _name: &str) -> Option<&'static str> {
        None
    }
    /// The names of the modules that are sources.
    fn source_names(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// No modules but the machine's own.
pub struct NoLibrary;
impl Library for NoLibrary {
    fn find(&self, _: &str) -> Option<Builtin> {
        None
    }
    fn names(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// What a run is given from outside.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// `sys.argv`
    pub argv: Vec<String>,
    /// Directories of `sys.path` before the library.
    pub path: Vec<String>,
    /// `sys.executable`
    pub program: String,
    /// Seeds `hash()` of str and bytes.
    pub hash_seed: u64,
    /// Optimisation level (`-O`): 1 drops asserts, 2 docstrings too.
    pub optimize: u8,
    /// Bytes the isolate may hold; 0: no limit.
    pub max_memory: usize,
    /// Switches happen only at backward jumps, calls and function entry.
    pub restricted_switches: bool,
    /// Standard output is handed over at every write (`-u`).
    pub unbuffered: bool,
    /// `sys.warnoptions`: filters of warnings, the last one comes first.
    pub warn_options: Vec<String>,
    /// A controlled run: its visible instructions.
    pub visible: Option<Arc<crate::control::Sites>>,
    /// What is left when the run is over.
    pub exit: Arc<Exit>,
}

/// What a run leaves behind, however it ended: its exit code, and output that was still in the buffer.
#[derive(Default, Debug)]
pub struct Exit {
    code: std::sync::atomic::AtomicI32,
    set: std::sync::atomic::AtomicBool,
    signal: std::sync::atomic::AtomicI32,
    /// The first exception that ended a thread, and which.
    uncaught: parking_lot::Mutex<Option<(Tid, String)>>,
    /// Where threads were that were running when the run was ended from outside.
    stopped_at: parking_lot::Mutex<Vec<(Tid, Site)>>,
    /// What waits to be written to standard output: first what its binary buffer holds, then what the text layer above does.
    unwritten: parking_lot::Mutex<[Vec<u8>; 2]>,
}

impl Exit {
    /// The exit code.
    pub fn code(&self) -> i32 {
        self.code.load(std::sync::atomic::Ordering::SeqCst)
    }
    /// Sets the exit code, unless it has been set: the first word counts.
    pub fn set_code(&self, code: i32) {
        if !self.set.swap(true, std::sync::atomic::Ordering::SeqCst) {
            self.code.store(code, std::sync::atomic::Ordering::SeqCst);
        }
    }
    /// The signal that the process shall end by, as if nobody had caught it; 0: none.
    pub fn signal(&self) -> i32 {
        self.signal.load(std::sync::atomic::Ordering::SeqCst)
    }
    /// Sets that.
    pub fn set_signal(&self, signum: i32) {
        self.signal.store(signum, std::sync::atomic::Ordering::SeqCst);
    }
    /// The first exception that nobody caught: whose, and its type and message.
    pub fn uncaught(&self) -> Option<(Tid, String)> {
        self.uncaught.lock().clone()
    }
    pub(crate) fn note_uncaught(&self, tid: Tid, what: String) {
        self.uncaught.lock().get_or_insert((tid, what));
    }
    /// Where threads were that were running, not waiting, when the run was ended from outside.
    pub fn stopped_at(&self) -> Vec<(Tid, Site)> {
        self.stopped_at.lock().clone()
    }
    pub(crate) fn note_stopped(&self, tid: Tid, at: Site) {
        self.stopped_at.lock().push((tid, at));
    }
    /// Forgets all of it, for another run.
    pub(crate) fn clear(&self) {
        use std::sync::atomic::Ordering::SeqCst;
        self.code.store(0, SeqCst);
        self.set.store(false, SeqCst);
        self.signal.store(0, SeqCst);
        *self.uncaught.lock() = None;
        self.stopped_at.lock().clear();
        self.unwritten.lock().iter_mut().for_each(Vec::clear);
    }
    /// What had not been written when the run ended.
    pub fn take_unwritten(&self) -> Vec<u8> {
        let [mut bytes, text] = std::mem::take(&mut *self.unwritten.lock());
        bytes.extend_from_slice(&text);
        bytes
    }
    /// Calls `f` with what waits in standard output's binary buffer (slot 0) or text layer (slot 1).
    pub fn with_unwritten<R>(&self, slot: usize, f: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        f(&mut self.unwritten.lock()[slot])
    }
}

/// Something made of the world's entropy that can be made again from another's: a generator of random numbers.
#[derive(Clone)]
pub struct EntropyUse {
    /// The object.
    pub object: Value,
    /// Bytes that it has taken.
    pub bytes: u64,
    /// Makes it again.
    pub again: fn(&mut Vm, &Value),
    /// Whether nobody has used it since.
    pub unused: fn(&Vm, &Value) -> bool,
}

/// See the module's page.
pub struct Isolate {
    /// The outside.
    pub world: Arc<dyn World>,
    /// The lock.
    pub gil: Arc<Gil>,
    /// The native and embedded modules.
    pub library: Arc<dyn Library>,
    /// The settings of the run.
    pub settings: Settings,
    /// Shapes of instance attributes.
    pub shapes: Shapes,
    pub(crate) interned: HashMap<Arc<str>, Value>,
    /// `sys.modules`, a dict.
    pub modules: Value,
    /// The namespace of builtins, a dict.
    pub builtins: Value,
    /// The sys module's namespace, a dict.
    pub sys: Value,
    pub(crate) versions: u32,
    pub(crate) dict_versions: u32,
    /// (type version, name) -> what a lookup along the MRO finds; absent for nothing.
    pub(crate) lookups: Vec<(u32, u64, Value)>,
    /// Direct subclasses of each type, by address: weak references.
    pub subclasses: Subclasses,
    /// Types declared by natives above the core, made when first used.
    pub(crate) native_types: HashMap<usize, Value>,
    /// State of native modules, by name.
    pub state: HashMap<&'static str, Value>,
    /// `sys.getrecursionlimit()`, in Python frames.
    pub recursion_limit: u32,
    /// `sys.get_int_max_str_digits()`; 0: no limit.
    pub int_max_str_digits: usize,
    /// The process's standard output, for `print`.
    pub stdout: crate::builtins::Output,
    /// The sink of events, if the run is observed.
    pub probe: Option<Box<dyn Probe>>,
    /// Who looks before each instruction.
    pub stepper: Option<crate::stepper::Stepper>,
    /// Closes files that are still open when the process ends; set by the `io` module.
    pub close_files: Option<fn(&mut Vm)>,
    /// Runs the Python handler of a signal; set by the `signal` module.
    pub signal_hook: Option<fn(&mut Vm, i32) -> PyResult<()>>,
    /// Switches happen only at backward jumps, calls and function entry (`--switch-points loops-and-calls`).
    pub restricted_switches: bool,
    /// The exit code of a process that was ended at once (`os._exit`).
    pub exit_code: Option<i32>,
    /// Working directory, umask, descriptors.
    pub process: crate::process::Process,
    /// Modules that are being imported.
    pub import_locks: crate::import::ImportLocks,
    /// Signals whose handlers are to run: those that have come, and those that nobody sent (`_thread.interrupt_main`).
    pub arrived_signals: Vec<i32>,
    /// The alarm clock, if it is set.
    pub alarm: Option<crate::signals::Alarm>,
    /// The threads.
    pub threads: crate::thread::Threads,
    /// The main thread.
    pub main: crate::world::Tid,
    /// What the main thread of a child process is to run, until it does.
    pub(crate) begin: Option<crate::fork::Begin>,
    /// A child process that is no clone: its first thread makes builtins.
    pub(crate) fresh: bool,
    /// What the threads' greenlets share.
    pub greenlets: crate::interp::greenlet::Shared,
    /// While a state to be kept is being made: what was made of entropy so far.
    pub(crate) entropy_uses: Option<Vec<EntropyUse>>,
    /// What to put back before the next run, where a state is kept.
    pub(crate) kept: Option<Box<rollback::Kept>>,
    /// The objects. Behind everything that holds values, and before the image, as fields are dropped in this order.
    pub heap: Box<Heap>,
    /// What is shared.
    pub image: Arc<Image>,
}

const LOOKUPS: usize = 2048;

impl Isolate {
    /// A fresh isolate; builtins and sys are made by its first thread.
    pub fn new(image: Arc<Image>, world: Arc<dyn World>, gil: Arc<Gil>, library: Arc<dyn Library>, settings: Settings) -> Box<Isolate> {
        let mut lookups = Vec::new();
        lookups.resize_with(LOOKUPS, || (0, 0, Value::NULL));
        let versions = image.next_version();
        let restricted_switches = settings.restricted_switches;
        let process = crate::process::Process::new(&*world);
        let mut isolate = Box::new(Isolate {
            heap: {
                let mut heap = Heap::new();
                heap.budget = crate::budget::Budget::new(settings.max_memory);
                heap.births = settings.visible.is_some().then(Default::default);
                heap
            },
            image,
            main: world.main_tid(),
            world,
            gil,
            library,
            settings,
            shapes: Shapes::default(),
            interned: HashMap::new(),
            modules: Value::NULL,
            builtins: Value::NULL,
            sys: Value::NULL,
            versions,
            dict_versions: 0,
            lookups,
            subclasses: Subclasses::default(),
            kept: None,
            entropy_uses: None,
            native_types: HashMap::new(),
            state: HashMap::new(),
            recursion_limit: 1000,
            int_max_str_digits: crate::num::int_text::DEFAULT_MAX_STR_DIGITS,
            stdout: Default::default(),
            probe: None,
            stepper: None,
            close_files: None,
            signal_hook: None,
            exit_code: None,
            restricted_switches,
            process,
            import_locks: Default::default(),
            arrived_signals: Vec::new(),
            alarm: None,
            threads: Default::default(),
            begin: None,
            fresh: false,
            greenlets: Default::default(),
        });
        let dict = isolate.image.ty(T::Dict).clone();
        for slot in 0..3 {
            let d = isolate.heap.new_object(&dict, crate::types::dict::Dict::new());
            match slot {
                0 => isolate.modules = d,
                1 => isolate.builtins = d,
                _ => isolate.sys = d,
            }
        }
        isolate
    }
    /// A number no type of this isolate has had.
    pub fn fresh_version(&mut self) -> u32 {
        self.versions += 1;
        self.versions
    }
    /// A number no state of a dict's keys has had.
    pub fn fresh_dict_version(&mut self) -> u32 {
        self.dict_versions += 1;
        self.dict_versions
    }
    /// The type that a native declares, made when first asked for.
    pub fn native_type(&mut self, def: &'static crate::image::TypeDef) -> Value {
        let key = def as *const _ as usize;
        if let Some(t) = self.native_types.get(&key) {
            return t.clone();
        }
        let base = def.base.map(|b| self.image.ty(b).clone());
        self.make_native_type(def, base, key)
    }
    /// As [`Isolate::native_type`], with a base that is no core type.
    pub fn native_type_with_base(&mut self, def: &'static crate::image::TypeDef, base: &Value) -> Value {
        let key = def as *const _ as usize;
        match self.native_types.get(&key) {
            Some(t) => t.clone(),
            None => self.make_native_type(def, Some(base.clone()), key),
        }
    }
    fn make_native_type(&mut self, def: &'static crate::image::TypeDef, base: Option<Value>, key: usize) -> Value {
        use crate::types::type_::flags;
        let meta = self.image.ty(T::Type).clone();
        let ty = self.heap.new_type(Some(&meta), def.layout, def.flags | flags::IMMUTABLE | flags::WEAKREF);
        let version = self.fresh_version();
        crate::image::fill_type(self, &ty, def, base, &[], version);
        self.native_types.insert(key, ty.clone());
        if let Some(kept) = &mut self.kept {
            kept.types.push(key);
        }
        ty
    }
    /// Looks a name up along a type's MRO, through the cache.
    #[inline]
    pub(crate) fn lookup(&mut self, ty: &TypeObj, name: &Value) -> Value {
        let version = ty.version();
        let slot = slot_of_lookup(version, name.bits());
        let hit = {
            let e = &self.lookups[slot];
            version != 0 && e.0 == version && e.1 == name.bits()
        };
        if hit {
            return self.lookups[slot].2.clone();
        }
        let mut found = Value::NULL;
        for class in &ty.mro {
            if let Some(v) = class.header().and_then(crate::object::type_payload).and_then(|t| t.dict.get_str(name)) {
                found = v.clone();
                break;
            }
        }
        if version != 0 && name.header().is_some_and(|h| h.has(crate::heap::TYPE_BIT)) {
            self.lookups[slot] = (version, name.bits(), found.clone());
            if !self.heap.is_lasting(&found)
                && let Some(kept) = &mut self.kept
            {
                kept.lookups.push(slot as u32);
            }
        }
        found
    }
    /// The lookup cache for a clone. The slot of a name hangs on its address.
    pub(crate) fn clone_lookups(&self, c: &mut crate::object::Cloner) -> Vec<(u32, u64, Value)> {
        let mut lookups = Vec::new();
        lookups.resize_with(LOOKUPS, || (0, 0, Value::NULL));
        for (version, name, found) in self.lookups.iter().filter(|e| e.0 != 0) {
            let name = c.address(*name);
            lookups[slot_of_lookup(*version, name)] = (*version, name, c.value(found));
        }
        lookups
    }
    /// Empties the lookup cache (it holds references).
    pub fn clear_lookups(&mut self) {
        for e in &mut self.lookups {
            *e = (0, 0, Value::NULL);
        }
    }
}

#[inline(always)]
fn slot_of_lookup(version: u32, name: u64) -> usize {
    (u64::from(version) ^ (name >> 4)) as usize & (LOOKUPS - 1)
}

impl Interner for Isolate {
    fn intern(&mut self, text: &str) -> Value {
        if let Some(v) = self.image.interned(text) {
            return v.clone();
        }
        if let Some(v) = self.interned.get(text) {
            return v.clone();
        }
        let ty = self.image.ty(T::Str);
        let lasting = self.heap.begin_lasting();
        let v = new_name(&mut self.heap, ty, text);
        self.heap.end_lasting(lasting);
        self.interned.insert(text.into(), v.clone());
        v
    }
    fn heap(&mut self) -> &mut Heap {
        &mut self.heap
    }
    fn core_type(&self, t: T) -> Value {
        self.image.ty(t).clone()
    }
}

impl Isolate {
    /// The interned twin of a str object.
    pub fn intern_value(&mut self, v: &Value) -> Value {
        if v.header().is_some_and(|h| h.has(crate::heap::TYPE_BIT)) {
            return v.clone();
        }
        match v.get::<Str>().and_then(|s| s.as_str()) {
            Some(t) => self.intern(t),
            None => v.clone(),
        }
    }
}
