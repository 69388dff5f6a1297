//! What an isolate must put back, beside its heap, to run again from a kept state (see `heap/rollback.rs`).

use super::Isolate;
use crate::builtins::Output;
use crate::control::{Births, Sites};
use crate::heap::Refused;
use crate::process::Process;
use crate::thread::{Counts, ThreadInfo};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Tid, World};
use std::collections::HashMap;
use std::sync::Arc;

/// The isolate's own part of a kept state.
pub(crate) struct Kept {
    /// Places of the lookup cache that have been filled since with what will not stay.
    pub lookups: Vec<u32>,
    /// Natives' types made since.
    pub types: Vec<usize>,
    state: HashMap<&'static str, Value>,
    modules: Value,
    builtins: Value,
    sys: Value,
    recursion_limit: u32,
    int_max_str_digits: usize,
    stdout: Output,
    threads: Counts,
    /// The main thread's object (`threading.main_thread()`), and the thread-local objects with values for it.
    main: (Value, Vec<Value>),
    close_files: Option<fn(&mut Vm)>,
    signal_hook: Option<fn(&mut Vm, i32) -> crate::error::PyResult<()>>,
    restricted_switches: bool,
    /// The world in which the state was made, and its GIL: where the isolate is between two runs, so that it keeps nothing of a run's.
    home: (Arc<dyn World>, Arc<crate::gil::Gil>),
    /// The names of the kept objects, for observed runs.
    births: Arc<Births>,
    /// The visible instructions that code has been made ready with.
    sites: Arc<Sites>,
    cwd: std::path::PathBuf,
    umask: u32,
    environ: std::collections::BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Isolate {
    /// Makes the present state the one that [`Isolate::roll_back`] goes back to. No thread of the isolate runs any more but the main
    /// one, `me`, which is about to leave. `check`: see [`crate::heap::Heap::keep`].
    ///
    /// # Errors
    /// Why that cannot be; the isolate is as it was.
    pub(crate) fn keep(&mut self, me: Tid, check: bool) -> Result<(), Refused> {
        self.heap.keep(check)?;
        let main = self.threads.get(me).map(|t| (t.object.clone(), t.locals.clone())).unwrap_or_default();
        self.kept = Some(Box::new(Kept {
            lookups: Vec::new(),
            types: Vec::new(),
            state: self.state.clone(),
            modules: self.modules.clone(),
            builtins: self.builtins.clone(),
            sys: self.sys.clone(),
            recursion_limit: self.recursion_limit,
            int_max_str_digits: self.int_max_str_digits,
            stdout: Output { object: self.stdout.object.clone(), write: self.stdout.write },
            threads: self.threads.counts(),
            main,
            close_files: self.close_files,
            signal_hook: self.signal_hook,
            restricted_switches: self.restricted_switches,
            home: (self.world.clone(), self.gil.clone()),
            births: self.heap.births.take().map(|b| Arc::new(*b)).unwrap_or_default(),
            sites: self.settings.visible.clone().unwrap_or_default(),
            cwd: self.process.cwd.clone(),
            umask: self.process.umask,
            environ: self.process.environ.clone(),
        }));
        self.subclasses.keep();
        Ok(())
    }

    /// Goes back to the kept state. No thread of the isolate runs, and none waits.
    pub(crate) fn roll_back(&mut self) {
        let Some(mut kept) = self.kept.take() else { return };
        for at in kept.lookups.drain(..) {
            self.lookups[at as usize] = (0, 0, Value::NULL);
        }
        for key in kept.types.drain(..) {
            self.native_types.remove(&key);
        }
        self.subclasses.roll_back();
        let same = self.state.len() == kept.state.len() && self.state.iter().all(|(k, v)| kept.state.get(k).is_some_and(|old| old.is(v)));
        if !same {
            self.state = kept.state.clone();
        }
        (self.modules, self.builtins, self.sys) = (kept.modules.clone(), kept.builtins.clone(), kept.sys.clone());
        (self.recursion_limit, self.int_max_str_digits) = (kept.recursion_limit, kept.int_max_str_digits);
        self.stdout = Output { object: kept.stdout.object.clone(), write: kept.stdout.write };
        self.threads = kept.threads.again();
        (self.close_files, self.signal_hook, self.restricted_switches) = (kept.close_files, kept.signal_hook, kept.restricted_switches);
        self.probe = None;
        self.stepper = None;
        self.heap.births = None;
        self.exit_code = None;
        self.import_locks = Default::default();
        self.arrived_signals.clear();
        self.alarm = None;
        self.begin = None;
        self.greenlets = Default::default();
        (self.world, self.gil) = kept.home.clone();
        self.process = Process::none();
        self.heap.roll_back();
        self.kept = Some(kept);
    }

    /// Puts an isolate between two runs into a world.
    pub(crate) fn enter_world(&mut self, world: &Arc<dyn World>, gil: &Arc<crate::gil::Gil>) {
        self.world = world.clone();
        self.gil = gil.clone();
        self.main = world.main_tid();
        self.process = Process::new(&**world);
        if let Some(kept) = &self.kept {
            (self.process.cwd, self.process.umask, self.process.environ) = (kept.cwd.clone(), kept.umask, kept.environ.clone());
        }
        self.settings.exit.clear();
        self.heap.budget = self.heap.budget.again();
    }
    /// Puts visible instructions in the place of others, in code that was made ready before; the next run is a controlled one. `None`: it is
    /// not.
    pub(crate) fn make_visible(&mut self, sites: Option<Arc<Sites>>) {
        self.settings.visible = sites.clone();
        let Some(kept) = &mut self.kept else { return };
        let sites = sites.unwrap_or_default();
        if Arc::ptr_eq(&sites, &kept.sites) || *sites == *kept.sites {
            return;
        }
        let old = std::mem::replace(&mut kept.sites, sites.clone());
        self.heap.each_code(|code| {
            if old.of(code.key()) != sites.of(code.key()) {
                crate::interp::quicken::patch_again(code, &sites);
            }
        });
    }
    /// Names objects from here on, where a run from a kept state is observed.
    pub(crate) fn name_births(&mut self) {
        if let (Some(kept), None) = (&self.kept, &self.heap.births) {
            self.heap.births = Some(Box::new(Births::after(kept.births.clone())));
        }
    }
    /// The main thread of a run from a kept state, as that has it.
    pub(crate) fn main_again(&self, tid: Tid) -> ThreadInfo {
        let mut info = ThreadInfo::new(tid, false, None);
        if let Some(kept) = &self.kept {
            (info.object, info.locals) = kept.main.clone();
        }
        info
    }
}
