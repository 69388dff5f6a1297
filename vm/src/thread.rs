//! The Python threads of an isolate.

use crate::value::Value;
use crate::world::Tid;

/// What the isolate knows of a running thread.
pub struct ThreadInfo {
    /// Its identity in the world.
    pub tid: Tid,
    /// Its `threading.Thread` object, if it has one.
    pub object: Value,
    /// Whether the process ends without waiting for it.
    pub daemon: bool,
    /// An exception set from outside (`PyThreadState_SetAsyncExc`), or absent.
    pub async_exc: Value,
}

/// The running threads, in the order of their start.
#[derive(Default)]
pub struct Threads {
    /// All that have started and not ended.
    pub running: Vec<ThreadInfo>,
    /// How many threads were ever started.
    pub started: u64,
    /// Threads that wait for all non-daemon threads to end (the main thread at exit).
    pub waiting_for_exit: Vec<Tid>,
}

impl Threads {
    /// The entry of a thread.
    pub fn get(&self, tid: Tid) -> Option<&ThreadInfo> {
        self.running.iter().find(|t| t.tid == tid)
    }
    /// The entry of a thread, to be changed.
    pub fn get_mut(&mut self, tid: Tid) -> Option<&mut ThreadInfo> {
        self.running.iter_mut().find(|t| t.tid == tid)
    }
}

use crate::gil::Gil;
use crate::image::Image;
use crate::isolate::{Isolate, Library, Settings};
use crate::vm::Vm;
use crate::world::{Outcome, World};
use std::ptr::NonNull;
use std::sync::Arc;

/// What sends a thread's pointer to its isolate to another OS thread.
pub(crate) struct IsolatePtr(pub NonNull<Isolate>);
// SAFETY: the isolate is reached through the pointer only by whoever holds its GIL (H1 of the heap), and outlives its threads.
unsafe impl Send for IsolatePtr {}

/// Runs `main` as the main thread of a new isolate in `world`, and says how the run ended. The isolate is discarded whole.
pub fn run_isolate(
    image: Arc<Image>,
    world: Arc<dyn World>,
    gil: Arc<Gil>,
    library: Arc<dyn Library>,
    settings: Settings,
    main: impl FnOnce(&mut Vm) + Send + 'static,
) -> Outcome {
    let isolate = Box::leak(Isolate::new(image, world.clone(), gil.clone(), library, settings));
    let ptr = IsolatePtr(NonNull::from(isolate));
    let for_drop = ptr.0;
    let outcome = world.run_main(Box::new(move |start| {
        let ptr = ptr;
        let mut turn = gil.turn(start.tid);
        if gil.acquire(&mut turn).is_err() {
            return;
        }
        // SAFETY: this thread holds the GIL; the isolate lives until run_main has returned.
        let mut vm = unsafe { Vm::new(ptr.0, turn, start.stack) };
        crate::builtins::init(&mut vm);
        main(&mut vm);
        gil.kill();
    }));
    if matches!(outcome, Outcome::Finished) && world.simulated() {
        // SAFETY: simulated threads share this OS thread and have been dropped; nobody else reaches the isolate.
        drop(unsafe { Box::from_raw(for_drop.as_ptr()) });
    }
    outcome
}


/// Runs `f` on the main thread of a fresh isolate in a simulated world and gives back what it says: for tests of natives.
#[doc(hidden)]
pub fn with_vm<R: Send + 'static>(f: impl FnOnce(&mut Vm) -> R + Send + 'static) -> R {
    with_library(Arc::new(crate::isolate::NoLibrary), f)
}

/// As [`with_vm`], with modules.
#[doc(hidden)]
pub fn with_library<R: Send + 'static>(library: Arc<dyn Library>, f: impl FnOnce(&mut Vm) -> R + Send + 'static) -> R {
    use crate::gil::{DEFAULT_BOUND, Handoff, Policy};
    use crate::world::sim::{SimOptions, SimWorld};
    let world: Arc<dyn World> = SimWorld::new(SimOptions::default());
    let gil = Arc::new(Gil::new(Policy::Ticks(100), Handoff::Fair, world.clone(), DEFAULT_BOUND).expect("settings of a test"));
    let result = Arc::new(parking_lot::Mutex::new(None));
    let slot = result.clone();
    let outcome = run_isolate(Image::new(), world, gil, library, Settings::default(), move |vm| {
        let r = f(vm);
        *slot.lock() = Some(r);
    });
    let r = result.lock().take();
    r.unwrap_or_else(|| panic!("the run ended with {outcome:?}"))
}
