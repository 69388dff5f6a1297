//! Processes: an isolate that begins as a clone of another (`fork`), or fresh (`spawn`), in a process of its own of the same machine.
//!
//! A fork copies the whole heap at once, with the parent's GIL held: objects keep their identity, their place (`id()`), and who refers to
//! whom; held locks stay held, generators stand where they stood. The child has one thread, the clone of the one that forked. It starts on
//! a stack of its own with the callable it was forked for, so values on the parent's native and Python stacks are kept alive but never seen
//! by anybody. Descriptors are cloned (the open files are shared), signal handlers are kept, alarms and pending signals are not
//! (POSIX `fork`).
//!
//! A process ends when its main entry returns, by `os._exit`, a signal, or a panic: its threads leave by the killed path, which runs no
//! `finally`, and the last one frees the isolate.

use crate::error::PyResult;
use crate::gil::{Gil, Stats};
use crate::isolate::{Exit, Isolate, Settings};
use crate::object::Cloner;
use crate::thread::{IsolatePtr, ThreadInfo, born, explainer};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{ThreadStart, World};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::{Arc, Weak};

/// What a process's main thread runs, given the value it was started with. Gives the exit code, or minus the signal that it ends by.
pub type Main = fn(&mut Vm, Value) -> i32;
type BoxedMain = Box<dyn FnOnce(&mut Vm, Value) -> i32 + Send>;

/// What a process made by [`Vm::fork`] or [`Vm::spawn`] begins with; in its isolate until its main thread has taken it.
pub struct Begin {
    main: BoxedMain,
    arg: Value,
    /// The context (`contextvars`) of the thread that forked.
    context: Value,
}

impl Vm {
    /// Starts a child process that is a clone of this one and runs `main(arg)`. Gives its number; it has not run yet when this returns.
    /// What is not written yet by buffered streams is in both: flush first.
    ///
    /// # Errors
    /// BlockingIOError where the host has no more threads; RuntimeError at the end of the process.
    pub fn fork(&mut self, name: &str, main: Main, arg: &Value) -> PyResult<u32> {
        let world = self.new_process(name)?;
        let gil = self.gil_like_ours(&world);
        let begin = Begin { main: Box::new(main), arg: arg.clone(), context: self.context.clone() };
        let threads = (self.tid(), world.main_tid());
        let child = self.iso_mut().fork(threads, world.clone(), gil.clone(), begin);
        for (signum, outside) in self.iso().world.watched_signals() {
            let _ = crate::signals::watch(&world, &gil, signum, outside);
        }
        self.launch(child, world, gil)
    }
    /// Starts a fresh child process that runs `main(arg)` after nothing but the machine's own start. `settings`: as a program's; of the
    /// parent's descriptors it gets the standard streams and `keep`. `arg` is made by `make` in the child's heap.
    ///
    /// # Errors
    /// As [`Vm::fork`].
    pub fn spawn(
        &mut self,
        name: &str,
        main: impl FnOnce(&mut Vm, Value) -> i32 + Send + 'static,
        make: impl FnOnce(&mut Isolate) -> Value,
        settings: Settings,
        keep: &[i32],
    ) -> PyResult<u32> {
        let world = self.new_process(name)?;
        let gil = self.gil_like_ours(&world);
        let iso = self.iso();
        let mut child = Isolate::new(iso.image.clone(), world.clone(), gil.clone(), iso.library.clone(), settings);
        child.process = iso.process.spawn(keep);
        child.fresh = true;
        let arg = make(&mut child);
        child.begin = Some(Begin { main: Box::new(main), arg, context: Value::NULL });
        self.launch(child, world, gil)
    }
    fn new_process(&mut self, name: &str) -> PyResult<Arc<dyn World>> {
        if self.iso().threads.finalizing {
            return Err(self.runtime_error("can't fork at interpreter shutdown"));
        }
        let gil = Arc::clone(&self.gil);
        gil.sync_clock(&mut self.turn);
        let world = self.iso().world.clone();
        if !crate::limits::Limits::of(&*world).enter_thread() {
            return Err(self.os_error(crate::world::OsError::new(libc::EAGAIN), None));
        }
        world.fork_process(name).map_err(|_| self.os_error(crate::world::OsError::new(libc::EAGAIN), None))
    }
    fn gil_like_ours(&mut self, world: &Arc<dyn World>) -> Arc<Gil> {
        Arc::new(self.gil.again(world.clone()))
    }
    /// Lets a process begin.
    fn launch(&mut self, child: Box<Isolate>, world: Arc<dyn World>, gil: Arc<Gil>) -> PyResult<u32> {
        self.event(&crate::probe::Event::ProcessStart);
        let pid = world.pid();
        if let Some(log) = gil.log() {
            log.name_process(pid, world.process().name());
        }
        let (fds, child_exit) = (child.process.fds.clone(), child.settings.exit.clone());
        world.shelf().get::<Unwritten>().add(&child_exit);
        let ptr = NonNull::from(Box::leak(child));
        world.on_stuck(explainer(IsolatePtr(ptr), &gil));
        let killed = gil.clone();
        let exit = child_exit.clone();
        let (counts, counted, process) = (world.shelf().get::<Counts>(), gil.clone(), Arc::downgrade(world.process()));
        let limits = crate::limits::Limits::of(&*world);
        let end = Box::new(move || {
            // first: who has the GIL is not to see the files gone
            killed.kill();
            fds.close_all();
            // as after `os._exit`, what was not written is lost
            let _ = exit.take_unwritten();
            limits.leave_thread();
            if let Some(process) = process.upgrade() {
                counts.note(process.pid, &process.name(), &counted);
            }
        });
        let whole = IsolatePtr(ptr);
        // SAFETY: this runs when the process's last thread has left, or has never begun, and nobody else has the pointer then: an
        // explainer is forgotten when the process ends.
        let free = Box::new(move || drop(unsafe { whole.into_box() }));
        world.process().at_end(end, Some(free));
        let (body_ptr, body_gil, body_world) = (IsolatePtr(ptr), gil.clone(), world.clone());
        let started = world.start_main(Box::new(move |start| live(body_ptr, body_gil, body_world, start)));
        if started.is_err() {
            world.abandon();
            // SAFETY: nothing of it has begun, and the process is forgotten.
            drop(unsafe { IsolatePtr(ptr).into_box() });
            return Err(self.os_error(crate::world::OsError::new(libc::EAGAIN), None));
        }
        Ok(pid)
    }
}

/// What the GILs of ended processes, other than the first one, have counted: on the machine's shelf.
#[derive(Default)]
pub struct Counts(Mutex<Vec<(u32, Arc<str>, Stats)>>);

/// Of so many processes the counts are kept.
const KEPT_COUNTS: usize = 64;

impl Counts {
    fn note(&self, pid: u32, name: &Arc<str>, gil: &Gil) {
        let mut all = self.0.lock();
        if all.len() < KEPT_COUNTS {
            all.push((pid, name.clone(), gil.stats()));
        }
    }
    /// Number, name and counts of the first processes that have ended.
    pub fn take(&self) -> Vec<(u32, Arc<str>, Stats)> {
        std::mem::take(&mut self.0.lock())
    }
}

/// What the living processes other than the first have not written to standard output yet: on the machine's shelf.
#[derive(Default)]
pub struct Unwritten(Mutex<Vec<Weak<Exit>>>);

impl Unwritten {
    fn add(&self, exit: &Arc<Exit>) {
        let mut all = self.0.lock();
        all.retain(|e| e.strong_count() > 0);
        all.push(Arc::downgrade(exit));
    }
    /// Takes it all, at the end of a run that ended them from outside.
    pub fn take(&self) -> Vec<u8> {
        let exits: Vec<Arc<Exit>> = self.0.lock().iter().filter_map(Weak::upgrade).collect();
        exits.iter().flat_map(|e| e.take_unwritten()).collect()
    }
}

/// A table whose values live in a heap, cloned without hashing its keys again.
fn clone_table<K: Clone>(table: &HashMap<K, Value>, c: &mut Cloner) -> HashMap<K, Value> {
    let mut table = table.clone();
    table.values_mut().for_each(|v| *v = c.value(v));
    table
}

/// The life of a process's main thread.
fn live(ptr: IsolatePtr, gil: Arc<Gil>, world: Arc<dyn World>, start: ThreadStart) {
    let Some(mut vm) = born(&ptr, &gil, start) else { return world.end_process(0) };
    if vm.iso().fresh {
        vm.iso_mut().threads.enter(ThreadInfo::new(start.tid, false, None));
        crate::builtins::init(&mut vm);
    }
    vm.show_frames();
    if let Some(after_fork) = vm.iso().threads.after_fork {
        after_fork(&mut vm);
    }
    let Some(Begin { main, arg, context }) = vm.iso_mut().begin.take() else { return };
    vm.context = context;
    let code = main(&mut vm, arg);
    let code = vm.iso().exit_code.unwrap_or(code);
    world.end_process(code);
    gil.exit(vm.into_turn());
}

impl Isolate {
    /// A clone of everything. `threads`: the thread that forks, and the child's main thread.
    fn fork(&mut self, threads: (crate::world::Tid, crate::world::Tid), world: Arc<dyn World>, gil: Arc<Gil>, begin: Begin) -> Box<Isolate> {
        let exit: Arc<Exit> = Arc::default();
        let this: &Isolate = self;
        let (heap, mut child) = this.heap.clone_heap(threads, Some(exit.clone()), |c| this.clone_in(c, world, gil, begin));
        child.heap = heap;
        child.settings.exit = exit;
        child
    }
    fn clone_in(&self, c: &mut Cloner, world: Arc<dyn World>, gil: Arc<Gil>, begin: Begin) -> Box<Isolate> {
        let lookups = self.clone_lookups(c);
        Box::new(Isolate {
            // the caller puts the real one in
            heap: crate::heap::Heap::new(),
            image: self.image.clone(),
            gil,
            library: self.library.clone(),
            settings: Settings { exit: Arc::default(), ..self.settings.clone() },
            shapes: self.shapes.clone_in(c),
            interned: clone_table(&self.interned, c),
            modules: c.value(&self.modules),
            builtins: c.value(&self.builtins),
            sys: c.value(&self.sys),
            versions: self.versions,
            dict_versions: self.dict_versions,
            lookups,
            subclasses: self.subclasses.clone_in(c),
            kept: None,
            entropy_uses: None,
            native_types: self.native_types.iter().map(|(k, v)| (*k, c.value(v))).collect(),
            state: self.state.iter().map(|(k, v)| (*k, c.value(v))).collect(),
            recursion_limit: self.recursion_limit,
            int_max_str_digits: self.int_max_str_digits,
            stdout: crate::builtins::Output { object: c.value(&self.stdout.object), write: self.stdout.write },
            probe: None,
            stepper: None,
            close_files: self.close_files,
            signal_hook: self.signal_hook,
            restricted_switches: self.restricted_switches,
            exit_code: None,
            process: self.process.fork(),
            import_locks: self.import_locks.clone_in(c),
            arrived_signals: Vec::new(),
            alarm: None,
            threads: self.threads.clone_in(c),
            greenlets: Default::default(),
            begin: Some(Begin { main: begin.main, arg: c.value(&begin.arg), context: c.value(&begin.context) }),
            fresh: false,
            main: world.main_tid(),
            world,
        })
    }
}
