//! Greenlets: stackful coroutines of one thread (the API of the `greenlet` package).
//!
//! A thread has one [`Vm`] and one set of greenlets. A greenlet that does not run keeps in its object what it has of a machine's state
//! ([`Parts`]: frames and values, the exception being handled, depth, stack bounds ..); a switch exchanges the parts of the one that
//! leaves and the one that arrives, then the native stacks. Every greenlet but the thread's main one has a native stack of its own,
//! so that a switch may come from anywhere: from a sort key, an `__eq__`, an import.
//!
//! Native stacks are changed by corosensei, whose coroutines know only "resume" and "suspend". So the main greenlet, while it is
//! switched away from, stands in a loop ([`Vm::trampoline`]) that resumes whoever is current; any other suspends itself, and says who
//! is next by having made it current.
//!
//! What a greenlet runs is kept in its object ([`Greenlet::call`]) and its frames are shown to the collector from there, so a
//! greenlet that nobody can switch to any more is found, also in a cycle. It is finalised by throwing GreenletExit into it; one that goes
//! on all the same is discarded: its frames are dropped, its native stack is reset, not unwound.
//!
//! SAFETY, for the whole file.
//! - G1: all greenlets of a thread work on the same `Vm`, by address: it lives on the thread's own stack below all of them until the
//!   thread ends, and `Weave` is part of it. Several native stacks hold a `&mut Vm`, but only the running one uses it: every other
//!   one is inside `suspend` or `resume`, to which it has given its `&mut Vm` away as a pointer, as to any opaque call, and it expects
//!   the machine changed when that call returns. A token's meaning, "this thread holds the GIL and nobody borrows contents", is
//!   the thread's; no borrow of contents lives across a switch, as a switch takes the token mutably.
//! - G2: a strand is resumed only by the trampoline of its own thread, when its greenlet is `Active`, current, and not running.
//! - G3: a running greenlet is referred to by `Weave::current`, one that has just been left by `Weave::left` until its native stack has
//!   been left too; so a native stack is never freed under somebody's feet.
//! - F1 of `frame` holds for the frames in `Parts` as for those of a thread.

use super::frame::{GENERATOR, Stack};
use super::generator::{Generator, State as GenState};
use crate::attrs::Attrs;
use crate::coro::{Fiber, Resumed, StackPool, Strand, Suspender};
use crate::error::{Exc, PyResult, Raised};
use crate::object::{Changes, Cloner, Payload};
use crate::special::Special;
use crate::types::frame_obj::FrameObj;
use crate::types::function::BoundMethod;
use crate::types::native::Kwargs;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::{STACK_RESERVE, Vm};
use crate::world::{Site, THREAD_STACK, Tid};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The exception class that ends a greenlet quietly, in `Isolate::state`.
pub const EXIT: &str = "greenlet.GreenletExit";
/// `greenlet.error`, likewise.
pub const ERROR: &str = "greenlet.error";
/// What the GreenletExit says that ends a greenlet whose last reference has gone.
const VANISHED: &str = "Killing the greenlet because all references have vanished.";
/// States of ended greenlets that a thread keeps for new ones.
const SPARE: usize = 64;

/// Where a greenlet stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not yet started.
    Pending,
    /// Running or switched away from.
    Active,
    /// Ended.
    Dead,
    /// It was active when its process was forked off: its stack is the parent's.
    Lost,
}

/// The payload of `greenlet.greenlet`.
#[repr(C)]
pub struct Greenlet {
    /// Where it stands.
    pub state: State,
    /// Its thread, for a main greenlet and for one that has started.
    pub home: Option<Tid>,
    /// Whether it is its thread's main greenlet.
    pub main: bool,
    /// `run`, until it is started; absent for none.
    pub run: Value,
    /// `parent`; absent for a main greenlet.
    pub parent: Value,
    /// The context it shall start in; absent for an empty one.
    pub context: Value,
    /// Whether its class has a `__del__`.
    has_del: bool,
    /// What it has of a machine while it does not run.
    parts: Option<Box<Parts>>,
    /// Its native stack.
    strand: Option<Strand>,
    back: Option<Suspender>,
    /// What it runs: callable and arguments, names and values of keyword arguments. The native stack has only borrowed copies.
    call: Option<Box<[Vec<Value>; 3]>>,
    /// The instance attributes.
    attrs: Attrs,
}

/// What a greenlet has for its own of a machine's state.
struct Parts {
    stack: Stack,
    handled: Value,
    context: Value,
    stack_floor: usize,
    in_repr: Vec<u64>,
    depth: u32,
    reraising: bool,
    reraised_at: Option<i64>,
    in_pending: bool,
    native_calls: Vec<(usize, Value)>,
}

/// A thread's greenlets.
pub struct Weave {
    main: Value,
    /// The one that runs.
    current: Value,
    /// The one that ran before, until the one that arrives drops it.
    left: Value,
    parcel: Parcel,
    /// `greenlet.settrace`; absent for none.
    pub tracer: Value,
    #[allow(clippy::vec_box)] // boxes are handed on as they are
    spare: Vec<Box<Parts>>,
}

/// What the greenlets of all threads share.
#[derive(Default)]
pub struct Shared {
    pool: Option<Arc<StackPool>>,
    /// Greenlets that nobody refers to any more, for their own thread to end.
    doomed: BTreeMap<Tid, Vec<Value>>,
}

/// What a switch carries.
#[derive(Default)]
pub enum Parcel {
    /// `switch()`
    #[default]
    Nothing,
    /// `switch(value)`, or a result.
    One(Value),
    /// Several arguments: a tuple, and a dict or the absent value.
    Many(Value, Value),
    /// An exception to be raised.
    Throw(Raised),
}

impl Parts {
    fn fresh() -> Box<Parts> {
        Box::new(Parts {
            stack: Stack::new(),
            handled: Value::NULL,
            context: Value::NULL,
            stack_floor: 0,
            in_repr: Vec::new(),
            depth: 0,
            reraising: false,
            reraised_at: None,
            in_pending: false,
            native_calls: Vec::new(),
        })
    }
    /// As fresh, keeping memory.
    fn reset(&mut self) {
        debug_assert!(self.stack.frames.is_empty());
        self.handled = Value::NULL;
        self.context = Value::NULL;
        self.in_repr.clear();
        self.depth = 0;
        self.reraising = false;
        self.reraised_at = None;
        self.in_pending = false;
        self.native_calls.clear();
        self.stack.trim();
    }
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for f in &self.stack.frames {
            for v in [&f.owner, &f.locals, &f.keep, &f.generator, &f.outer_handled, &f.object] {
                visit(v);
            }
            // SAFETY: F1; every frame but a running loop's was stored before the call that led to the switch.
            let window = unsafe { std::slice::from_raw_parts(f.base, (f.sp as usize - f.base as usize) / size_of::<Value>()) };
            window.iter().for_each(&mut *visit);
        }
        visit(&self.handled);
        visit(&self.context);
        self.native_calls.iter().for_each(|(_, v)| visit(v));
    }
    /// Drops the frames of a greenlet that will never run again.
    fn discard(&mut self) {
        while let Some(f) = self.stack.frames.pop() {
            if f.flags & GENERATOR != 0 && f.generator.header().is_some_and(|h| h.is_immortal()) {
                // the heap is dropped whole, and the window's memory may be gone
                continue;
            }
            // SAFETY: F1; the frame was just popped, so each value is dropped once. A generator's window is alive as the frame refers to
            // the generator.
            unsafe {
                let mut p = f.base;
                while p < f.sp {
                    drop(p.read());
                    p = p.add(1);
                }
                if f.flags & GENERATOR != 0 {
                    (*f.generator.body::<Generator>()).state = GenState::Done;
                }
            }
        }
    }
}

impl Greenlet {
    /// A greenlet that has not started.
    pub fn new(parent: Value, has_del: bool) -> Greenlet {
        Greenlet {
            state: State::Pending,
            home: None,
            main: false,
            run: Value::NULL,
            parent,
            context: Value::NULL,
            has_del,
            parts: None,
            strand: None,
            back: None,
            call: None,
            attrs: Attrs::default(),
        }
    }
    fn discard(&mut self) {
        if let Some(mut parts) = self.parts.take() {
            parts.discard();
        }
        self.strand = None;
        self.call = None;
        if self.state == State::Active && !self.main {
            self.state = State::Dead;
        }
    }
    /// Whether its frames and stack are kept here: active and not running.
    pub fn suspended(&self) -> bool {
        self.parts.is_some()
    }
}

impl Drop for Greenlet {
    fn drop(&mut self) {
        self.discard();
    }
}

impl Payload for Greenlet {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(Greenlet, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.run, &self.parent, &self.context] {
            visit(v);
        }
        if let Some(p) = &self.parts {
            p.traverse(visit);
        }
        if let Some(call) = &self.call {
            call.iter().flatten().for_each(&mut *visit);
        }
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.discard();
        self.run = Value::NULL;
        self.context = Value::NULL;
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> Greenlet {
        let state = if self.state == State::Active { State::Lost } else { self.state };
        Greenlet {
            state,
            home: self.home.map(|tid| c.thread(tid)),
            main: self.main,
            run: c.value(&self.run),
            parent: c.value(&self.parent),
            context: c.value(&self.context),
            has_del: self.has_del,
            parts: None,
            strand: None,
            back: None,
            call: None,
            attrs: self.attrs.clone_in(c),
        }
    }
    fn outside(&self) -> usize {
        self.attrs.outside()
    }
    fn wants_finalizer(&self) -> bool {
        self.has_del || (self.state == State::Active && !self.main)
    }
}

fn payload<'a>(vm: &'a Vm, g: &'a Value) -> &'a Greenlet {
    g.borrow::<Greenlet>(vm).expect("a greenlet")
}
fn payload_mut<'a>(vm: &'a mut Vm, g: &'a Value) -> &'a mut Greenlet {
    g.borrow_mut::<Greenlet>(vm).expect("a greenlet")
}

// --- the thread's greenlets ----------------------------------------------------------------------------------------

impl Vm {
    /// The thread's greenlets; the first call makes the main one.
    pub fn weave(&mut self) -> &mut Weave {
        if self.weave.is_none() {
            let tid = self.tid();
            let mut g = Greenlet::new(Value::NULL, false);
            (g.state, g.home, g.main) = (State::Active, Some(tid), true);
            let main = self.new_native(&crate::greenlet::DEF, g);
            self.weave =
                Some(Box::new(Weave { current: main.clone(), main, left: Value::NULL, parcel: Parcel::Nothing, tracer: Value::NULL, spare: Vec::new() }));
        }
        self.weave.as_mut().expect("just made")
    }
    /// The greenlet that runs.
    pub fn current_greenlet(&mut self) -> Value {
        self.weave().current.clone()
    }
    /// Ends the greenlets of this thread that other threads were the last to refer to.
    pub fn end_doomed_greenlets(&mut self) {
        if self.iso().greenlets.doomed.is_empty() {
            return;
        }
        let me = self.tid();
        for g in self.iso_mut().greenlets.doomed.remove(&me).unwrap_or_default() {
            if let Err(e) = self.kill_greenlet(&g) {
                self.unraisable(e, &g);
            }
        }
    }
    /// The main greenlet of the thread that a greenlet belongs to, by its ancestors; absent where it has none.
    fn main_of(&self, g: &Value) -> Value {
        let mut g = g.clone();
        loop {
            let p = payload(self, &g);
            if p.main || p.parent.is_null() {
                return if p.main { g } else { Value::NULL };
            }
            g = p.parent.clone();
        }
    }
    /// Whether the greenlet's thread has ended.
    pub fn greenlet_thread_over(&self, g: &Value) -> bool {
        payload(self, g).home.is_some_and(|tid| self.iso().threads.get(tid).is_none())
    }
    /// Whether it runs now, in this thread.
    pub fn greenlet_is_current(&self, g: &Value) -> bool {
        self.weave.as_ref().is_some_and(|w| w.current.is(g))
    }
    #[cold]
    fn greenlet_error(&mut self, text: impl Into<String>) -> Raised {
        let text = self.new_str(text.into());
        let Some(class) = self.iso().state.get(ERROR).cloned() else { return self.runtime_error("greenlet is not imported") };
        match self.call(&class, &[text]) {
            Ok(e) => Raised(e),
            Err(e) => e,
        }
    }
    /// Whether an exception is a GreenletExit.
    fn is_greenlet_exit(&self, e: &Raised) -> bool {
        !e.is_killed() && self.iso().state.get(EXIT).is_some_and(|class| e.0.class(self).is_subtype_of(class))
    }
    /// A new GreenletExit.
    pub fn new_greenlet_exit(&mut self) -> PyResult<Raised> {
        let class = self.iso().state.get(EXIT).cloned().unwrap_or_else(|| self.exc_type(Exc::SystemExit).clone());
        self.call(&class, &[]).map(Raised)
    }
}

// --- switching ----------------------------------------------------------------------------------------------------------

impl Parcel {
    /// What `switch()` gives to whoever is switched to.
    fn open(self, vm: &mut Vm) -> PyResult {
        match self {
            Parcel::Nothing => Ok(vm.new_tuple(Vec::new())),
            Parcel::One(v) => Ok(v),
            Parcel::Throw(e) => Err(e),
            Parcel::Many(args, kwargs) => {
                let positional = args.get::<Tuple>().map_or(&[][..], |t| t.items());
                if kwargs.is_null() || vm.dict_items(&kwargs).is_empty() {
                    return Ok(if let [one] = positional { one.clone() } else { args });
                }
                if positional.is_empty() {
                    return Ok(kwargs);
                }
                Ok(vm.new_tuple(vec![args, kwargs]))
            }
        }
    }
    /// The arguments with which a greenlet starts: positional ones, names and values of the others.
    fn arguments(self, vm: &mut Vm) -> [Vec<Value>; 3] {
        match self {
            Parcel::Nothing | Parcel::Throw(_) => Default::default(),
            Parcel::One(v) => [vec![v], Vec::new(), Vec::new()],
            Parcel::Many(args, kwargs) => {
                let positional = args.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
                let (names, values) = if kwargs.is_null() { Default::default() } else { vm.dict_items(&kwargs).into_iter().unzip() };
                [positional, names, values]
            }
        }
    }
}

impl Vm {
    /// `target.switch(..)` and `target.throw(..)`: returns when somebody switches back.
    ///
    /// # Errors
    /// `greenlet.error` for a greenlet of another thread; what is thrown into the caller's greenlet.
    pub fn greenlet_switch(&mut self, target: &Value, parcel: Parcel) -> PyResult {
        self.weave();
        self.end_doomed_greenlets();
        let next = self.settle(target, parcel)?;
        let me = &self.weave().current;
        if me.is(&next) {
            return self.arrived(next);
        }
        let (main, back) = {
            let me = me.clone();
            let p = payload(self, &me);
            (p.main, p.back)
        };
        self.exchange_with(next, false);
        match back {
            Some(back) if !main => {
                // SAFETY: G1, G2: this is the greenlet's own stack or one resumed from it, and its body has not returned.
                unsafe { back.suspend() }
            }
            _ => self.trampoline(),
        }
        let left = std::mem::take(&mut self.weave().left);
        self.arrived(left)
    }
    /// The greenlet that really is to go on when `target` is switched to: one that is pending is started, for a dead one its
    /// parent. The parcel is laid ready for it.
    fn settle(&mut self, target: &Value, mut parcel: Parcel) -> PyResult {
        self.check_thread(target)?;
        let mut target = target.clone();
        loop {
            let p = payload(self, &target);
            match p.state {
                State::Active => {
                    self.weave().parcel = parcel;
                    return Ok(target);
                }
                State::Dead => {
                    let parent = p.parent.clone();
                    target = if parent.is_null() { self.weave().main.clone() } else { parent };
                }
                // the child's own main greenlet stands for the one that forked
                State::Lost if p.main => target = self.weave().main.clone(),
                State::Lost => {
                    return Err(self.greenlet_error("cannot switch to a greenlet that was active when this process was forked off: its stack is the parent's"));
                }
                State::Pending => match self.start_greenlet(&target, parcel)? {
                    None => return Ok(target),
                    // somebody has started it meanwhile
                    Some(p) => parcel = p,
                },
            }
        }
    }
    fn check_thread(&mut self, target: &Value) -> PyResult<()> {
        let me = self.tid();
        if payload(self, target).home == Some(me) {
            return Ok(());
        }
        if payload(self, target).state == State::Lost {
            return Ok(());
        }
        let main = self.main_of(target);
        if main.is_null() {
            return Err(self.greenlet_error("cannot switch to a garbage collected greenlet"));
        }
        let home = payload(self, &main).home;
        if home == Some(me) {
            return Ok(());
        }
        if home.is_none_or(|tid| self.iso().threads.get(tid).is_none()) {
            return Err(self.greenlet_error("cannot switch to a different thread (which happens to have exited)"));
        }
        let mine = self.weave().main.clone();
        let (mine, theirs) = (self.repr_text(&mine)?, self.repr_text(&main)?);
        Err(self.greenlet_error(format!("Cannot switch to a different thread\n\tCurrent:  {mine}\n\tExpected: {theirs}")))
    }
    /// Makes a pending greenlet active, with a native stack on which its `run` will be called. Gives the parcel back where `run`'s
    /// attribute lookup has led to its being started.
    fn start_greenlet(&mut self, g: &Value, parcel: Parcel) -> PyResult<Option<Parcel>> {
        let name = self.intern("run");
        let mut run = self.get_attr(g, &name)?;
        if payload(self, g).state != State::Pending {
            return Ok(Some(parcel));
        }
        let pool = Arc::clone(self.iso_mut().greenlets.pool.get_or_insert_with(|| StackPool::new(THREAD_STACK)));
        let Ok(stack) = pool.take() else { return Err(self.err(Exc::MemoryError, "no memory for a greenlet's stack")) };
        let floor = stack.bounds().floor(STACK_RESERVE);
        let vm: *mut Vm = self;
        // SAFETY: G1: the machine outlives its thread's greenlets; the body runs when the greenlet is current.
        let fiber = Fiber::new(stack, move |back| unsafe { live(&mut *vm, back) });
        let mut weave_parcel = Parcel::Nothing;
        let [mut args, names, values] = match parcel {
            Parcel::Throw(e) => {
                weave_parcel = Parcel::Throw(e);
                Default::default()
            }
            other => other.arguments(self),
        };
        // a bound method is taken apart, so that no reference to its object hides on the native stack
        if let Some(m) = run.get::<BoundMethod>() {
            args.insert(0, m.this.clone());
            let func = m.func.clone();
            run = func;
        }
        args.insert(0, run);
        let mut parts = self.weave().spare.pop().unwrap_or_else(Parts::fresh);
        let home = self.tid();
        let p = payload_mut(self, g);
        parts.stack_floor = floor;
        parts.context = p.context.take();
        p.state = State::Active;
        p.home = Some(home);
        p.parts = Some(parts);
        p.strand = Some(Strand::new(fiber));
        p.call = Some(Box::new([args, names, values]));
        let old = p.run.take();
        self.weave().parcel = weave_parcel;
        drop(old);
        Ok(None)
    }
    /// Makes `next` current: its parts become the machine's, the machine's go to the one that leaves.
    fn exchange_with(&mut self, next: Value, dying: bool) {
        let mut parts = payload_mut(self, &next).parts.take().expect("a suspended greenlet has its parts");
        self.exchange(&mut parts);
        let weave = self.weave.as_mut().expect("whoever switches has made it");
        let left = std::mem::replace(&mut weave.current, next);
        debug_assert!(weave.left.is_null());
        if dying {
            parts.reset();
            if weave.spare.len() < SPARE {
                weave.spare.push(parts);
            }
            weave.left = left;
        } else {
            weave.left = left.clone();
            payload_mut(self, &left).parts = Some(parts);
        }
    }
    fn exchange(&mut self, parts: &mut Parts) {
        use std::mem::swap;
        swap(&mut self.stack, &mut parts.stack);
        swap(&mut self.handled, &mut parts.handled);
        swap(&mut self.context, &mut parts.context);
        swap(&mut self.stack_floor, &mut parts.stack_floor);
        swap(&mut self.in_repr, &mut parts.in_repr);
        swap(&mut self.depth, &mut parts.depth);
        swap(&mut self.reraising, &mut parts.reraising);
        swap(&mut self.reraised_at, &mut parts.reraised_at);
        swap(&mut self.in_pending, &mut parts.in_pending);
        swap(&mut self.tracing.native_calls, &mut parts.native_calls);
    }
    /// On the main greenlet's stack: runs whoever is current until that is the main greenlet again.
    fn trampoline(&mut self) {
        loop {
            let weave = self.weave.as_ref().expect("whoever switches has made it");
            if weave.current.is(&weave.main) {
                return;
            }
            let Some(strand) = payload(self, &weave.current).strand.as_ref().map(Strand::handle) else { return };
            // SAFETY: G2 and G3.
            let how = unsafe { strand.resume() };
            if how == Resumed::Finished {
                // its stack has been left for good
                let ended = self.weave().left.clone();
                let strand = payload_mut(self, &ended).strand.take();
                drop(strand);
            }
        }
    }
    /// What the current greenlet has to do first after a switch: `left` is where it came from.
    fn arrived(&mut self, left: Value) -> PyResult {
        if self.tracing.on {
            // the loop that goes on here may be the plain one
            self.turn.expire_now();
        }
        let weave = self.weave();
        let parcel = std::mem::take(&mut weave.parcel);
        // a thread that is killed runs no Python any more
        let killed = matches!(&parcel, Parcel::Throw(e) if e.is_killed());
        if weave.tracer.is_null() || killed {
            drop(left);
            return parcel.open(self);
        }
        let event = if matches!(parcel, Parcel::Throw(_)) { "throw" } else { "switch" };
        match self.trace_switch(event, &left) {
            Ok(()) => parcel.open(self),
            Err(e) => Err(e),
        }
    }
    /// Tells the tracer of a switch from `origin` to the current greenlet. A tracer that fails is removed.
    #[cold]
    fn trace_switch(&mut self, event: &str, origin: &Value) -> PyResult<()> {
        let tracer = self.weave().tracer.take();
        let pair = vec![origin.clone(), self.weave().current.clone()];
        let (event, pair) = (self.new_str(event), self.new_tuple(pair));
        let handled = self.handled.clone();
        let result = self.call(&tracer, &[event, pair]);
        self.handled = handled;
        if result.is_ok() && self.weave().tracer.is_null() {
            self.weave().tracer = tracer;
        }
        result.map(drop)
    }
    /// Throws GreenletExit into a greenlet that nobody refers to; it ends into the caller's.
    fn kill_greenlet(&mut self, g: &Value) -> PyResult<()> {
        let p = payload(self, g);
        if p.state != State::Active || p.main || !p.suspended() {
            return Ok(());
        }
        let exit = self.new_greenlet_exit()?;
        let text = self.new_str(VANISHED);
        let args = self.new_tuple(vec![text]);
        if let Some(e) = exit.0.borrow_mut::<crate::types::exception::Exception>(self) {
            e.args = args;
        }
        let current = self.current_greenlet();
        let parent = std::mem::replace(&mut payload_mut(self, g).parent, current);
        let result = self.greenlet_switch(g, Parcel::Throw(exit));
        let old = std::mem::replace(&mut payload_mut(self, g).parent, parent);
        drop(old);
        result.map(drop)
    }
    /// The finaliser: `__del__`, then GreenletExit, in the greenlet's own thread.
    pub(crate) fn finalize_greenlet(&mut self, g: &Value) {
        if payload(self, g).has_del
            && let Some(del) = self.special(g, Special::Del)
            && let Err(e) = self.call_special(&del, &[g.clone()])
        {
            self.unraisable(e, &del);
        }
        // at the process's end they are just dropped, as CPython drops them
        let over = self.iso().threads.finalizing;
        let p = payload(self, g);
        if p.state != State::Active || p.main || p.home.is_none() || over {
            return;
        }
        let home = p.home.unwrap_or(self.tid());
        if home != self.tid() {
            if self.iso().threads.get(home).is_some() {
                self.iso_mut().greenlets.doomed.entry(home).or_default().push(g.clone());
            }
            return;
        }
        if let Err(e) = self.kill_greenlet(g) {
            self.unraisable(e, g);
        }
    }
}

// --- the life of a greenlet -----------------------------------------------------------------------------------------------

/// A greenlet's whole life, on its own native stack. Nothing that it owns is left on the stack when it returns.
fn live(vm: &mut Vm, back: Suspender) {
    let (left, call) = {
        let weave = vm.weave();
        let (left, me) = (std::mem::take(&mut weave.left), weave.current.clone());
        let p = payload_mut(vm, &me);
        p.back = Some(back);
        (left, p.call.as_ref().map(|c| std::ptr::from_ref(&**c)))
    };
    let result = match vm.arrived(left) {
        Err(e) => Err(e),
        Ok(_) => match call {
            // SAFETY: the object keeps what is called, unchanged, until it ends or is discarded, and is alive as long as this runs (G3).
            Some(call) => unsafe {
                let [args, names, values] = &*call;
                vm.call_kw(&args[0], &args[1..], Kwargs { names, values })
            },
            None => Ok(Value::NONE),
        },
    };
    end(vm, result);
}

/// The end of the current greenlet: the result goes to its parent, which becomes current.
fn end(vm: &mut Vm, result: PyResult) {
    let me = vm.current_greenlet();
    let context = vm.context.clone();
    let p = payload_mut(vm, &me);
    p.state = State::Dead;
    p.context = context;
    let mut parent = p.parent.clone();
    let call = p.call.take();
    drop(call);
    let mut parcel = match result {
        Ok(v) => Parcel::One(v),
        Err(e) if e.is_killed() => {
            // the thread is over: its main greenlet leaves, and nobody else is heard
            parent = vm.weave().main.clone();
            Parcel::Throw(e)
        }
        Err(e) if vm.is_greenlet_exit(&e) => Parcel::One(e.0),
        Err(e) => Parcel::Throw(e),
    };
    drop(me);
    let next = loop {
        match vm.settle(&parent, parcel) {
            Ok(next) => break next,
            Err(e) => {
                parcel = Parcel::Throw(e);
                let above = payload(vm, &parent).parent.clone();
                parent = if above.is_null() { vm.weave().main.clone() } else { above };
            }
        }
    };
    drop(parent);
    vm.exchange_with(next, true);
}

// --- what Python sees of it -----------------------------------------------------------------------------------------------

impl Vm {
    /// `gr_frame`: the innermost frame of a greenlet; its frame objects are brought up to date.
    pub fn greenlet_frame(&mut self, g: &Value) -> Value {
        if self.greenlet_is_current(g) {
            return self.frame_object(0).unwrap_or(Value::NONE);
        }
        let Some(mut parts) = payload_mut(self, g).parts.take() else { return Value::NONE };
        self.exchange(&mut parts);
        let mut below = Value::NULL;
        for at in 0..self.stack.frames.len() {
            let (object, slots) = (self.frame_object_at(at), self.frame_slots(at));
            let lasti = self.stack.frames[at].last_instr() as u32;
            if let Some(o) = object.borrow_mut::<FrameObj>(self) {
                let old = (std::mem::replace(&mut o.slots, slots), std::mem::replace(&mut o.back, below));
                o.lasti = lasti;
                drop(old);
            }
            below = object;
        }
        self.exchange(&mut parts);
        payload_mut(self, g).parts = Some(parts);
        if below.is_null() { Value::NONE } else { below }
    }
    /// Where the thread's main greenlet is, for reports on a wait of another one (`gevent`'s hub): in the script, and in the library
    /// that works for it.
    pub fn main_greenlet_place(&self) -> (Option<Site>, Option<Site>) {
        let main = self.weave.as_ref().and_then(|w| payload(self, &w.main).parts.as_ref());
        let frames = main.map_or(&self.stack.frames, |parts| &parts.stack.frames);
        crate::start::place_in(frames)
    }
    /// `gr_context`; absent for none.
    pub fn greenlet_context(&mut self, g: &Value) -> Value {
        if self.greenlet_is_current(g) {
            return self.context.clone();
        }
        let p = payload(self, g);
        p.parts.as_ref().map_or(&p.context, |parts| &parts.context).clone()
    }
    /// Sets it.
    pub fn set_greenlet_context(&mut self, g: &Value, context: Value) {
        let old = if self.greenlet_is_current(g) {
            std::mem::replace(&mut self.context, context)
        } else {
            let p = payload_mut(self, g);
            let place = match &mut p.parts {
                Some(parts) => &mut parts.context,
                None => &mut p.context,
            };
            std::mem::replace(place, context)
        };
        drop(old);
    }
}
