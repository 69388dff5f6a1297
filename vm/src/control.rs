//! Controlled runs, as an isolate sees them: where the strategy is asked, and what each step is reported to have touched.
//!
//! In a controlled run (`world::sim::Order::Controlled`, no GIL) a thread runs unpreempted between its scheduling points. Those are
//! its start and end, whatever it waits for, operations on synchronisation objects ([`Vm::point`], called by these natives
//! themselves), and *visible instructions*: those that touch what another thread touches too. Which these are is learned: an
//! observed run reports every access with its site, and the explorer runs again with the larger set. In an isolate's own copy of the
//! code such an instruction is replaced by `Op::Visible`; what it stands for is kept beside (`Code::visible`).
//!
//! Locations have names that are the same in every run of a script: an object is called after the thread that made it, its layout,
//! and how many of these the thread had made before ([`Births`]).

use crate::error::{PyResult, Raised};
use crate::op::{Instr, Op};
use crate::probe::{Access, Event, Part, Wait};
use crate::start::Woken;
use crate::types::function::Code;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Tid};
use std::collections::HashMap;
use std::sync::Arc;

/// A place in a script's code, the same in every run: the code object's key and the instruction's index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CodeSite {
    /// From file, qualified name and first line.
    pub code: u64,
    /// Which instruction.
    pub at: u32,
}

/// The visible instructions of a controlled run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sites {
    by_code: HashMap<u64, Vec<u32>>,
    /// Whether some thread clears an event: then the beginning of a wait for it is a step of its own.
    pub events_are_cleared: bool,
    /// Whether the run shall tell of each step with source lines and values (`Event::Told`, `Event::Value`).
    pub telling: bool,
}

impl Sites {
    /// The same, with or without telling.
    #[must_use]
    pub fn telling(mut self, telling: bool) -> Sites {
        self.telling = telling;
        self
    }
    /// Adds one; false where it was there.
    pub fn add(&mut self, site: CodeSite) -> bool {
        let sites = self.by_code.entry(site.code).or_default();
        match sites.binary_search(&site.at) {
            Ok(_) => false,
            Err(at) => {
                sites.insert(at, site.at);
                true
            }
        }
    }
    /// Whether it is one.
    pub fn contains(&self, site: CodeSite) -> bool {
        self.by_code.get(&site.code).is_some_and(|s| s.binary_search(&site.at).is_ok())
    }
    /// How many.
    pub fn len(&self) -> usize {
        self.by_code.values().map(Vec::len).sum()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }
    /// All of them by code object, in order.
    pub fn all(&self) -> Vec<(u64, &[u32])> {
        let mut all: Vec<(u64, &[u32])> = self.by_code.iter().map(|(code, at)| (*code, at.as_slice())).collect();
        all.sort_unstable();
        all
    }
    /// Those of one code object, in order.
    pub fn of(&self, code: u64) -> &[u32] {
        self.by_code.get(&code).map_or(&[], Vec::as_slice)
    }
}

/// What a code object is called in every run.
pub fn code_key(file: &str, qualname: &str, first_line: u32) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64 ^ u64::from(first_line);
    for b in file.bytes().chain([0]).chain(qualname.bytes()) {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(h) % KEYS
}

/// So many keys there are: five digits in base 62. Where two code objects share one, some instructions are visible for nothing.
const KEYS: u64 = 62u64.pow(5);

pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Names of objects: see the module's page.
#[derive(Default)]
pub struct Births {
    thread: u32,
    counts: HashMap<(u32, usize), u64>,
    names: HashMap<usize, u64>,
    /// Those of the kept state in which the run has begun.
    before: Option<Arc<Births>>,
}

impl Births {
    /// No objects yet but those of a kept state.
    pub fn after(before: Arc<Births>) -> Births {
        Births { before: Some(before), ..Births::default() }
    }
    /// Whose objects are made from now on.
    pub fn set_thread(&mut self, tid: Tid) {
        self.thread = tid.0;
    }
    /// An object of this layout was made.
    #[cold]
    pub fn born(&mut self, address: usize, layout: usize) {
        let (key, before) = ((self.thread, layout), self.before.as_deref());
        let n = self.counts.entry(key).or_insert_with(|| before.and_then(|b| b.counts.get(&key)).copied().unwrap_or_default());
        *n += 1;
        let name = mix(mix(layout as u64 ^ u64::from(self.thread) << 48).wrapping_add(*n));
        self.names.insert(address, name);
    }
    /// An object's name; older ones are called by their address.
    pub fn name(&self, address: usize) -> u64 {
        let before = || self.before.as_ref().and_then(|b| b.names.get(&address));
        self.names.get(&address).or_else(before).copied().unwrap_or(address as u64)
    }
}

/// `Part::Name` of this: all attributes, as when they move to a dict.
pub const ALL_NAMES: u64 = 0;
const ATTRIBUTES: u64 = 0xA77A_77A7_7A77_A77A;

/// The clock, as a location.
pub const CLOCK: u64 = 1;

/// The first of the standard streams, as a location: what was written to descriptor n is `OUTPUT + n`.
pub const OUTPUT: u64 = 16;

/// The time limit of a thread's wait, as a location.
pub fn limit_of(tid: Tid) -> u64 {
    mix(0x71AE_0000_0000 + u64::from(tid.0))
}

/// The beginning of a thread, as a location.
pub fn birth_of(tid: Tid) -> u64 {
    mix(0xB127_0000_0000 + u64::from(tid.0))
}

/// The end of a thread, as a location.
pub fn end_of(tid: Tid) -> u64 {
    mix(0x7EAD_0000_0000 + u64::from(tid.0))
}

/// The instructions that `Op::Visible` stands for in one code object: by index.
pub type Originals = Vec<(u32, Instr)>;

/// Puts `Op::Visible` in the place of visible instructions, and undoes the fusions that would jump over one.
pub(crate) fn patch(instrs: &mut [Instr], plain: &[Instr], sites: &[u32]) -> Originals {
    // the instruction that is there, without fusion
    let unfused = |instrs: &[Instr], i: usize| if instrs[i].op == plain[i].op { instrs[i] } else { plain[i] };
    let mut originals = Originals::new();
    for &at in sites {
        let Some(&_) = instrs.get(at as usize) else { continue };
        for i in (at as usize).saturating_sub(LONGEST_FUSION)..at as usize {
            if instrs[i].op != Op::Visible {
                instrs[i] = unfused(instrs, i);
            }
        }
        let original = unfused(instrs, at as usize);
        originals.push((at, original));
        instrs[at as usize] = Instr { op: Op::Visible, ..original };
    }
    originals
}

/// A fused instruction stands for at most so many more.
const LONGEST_FUSION: usize = 3;

impl Vm {
    /// A scheduling point, where the run is a controlled one: others may run before this returns.
    ///
    /// # Errors
    /// [`Raised::KILLED`]: the run or the thread is over.
    #[inline]
    pub fn point(&mut self) -> PyResult<()> {
        if self.controlled { self.ask() } else { Ok(()) }
    }
    #[cold]
    pub(crate) fn ask(&mut self) -> PyResult<()> {
        self.report_point();
        let world = Arc::clone(&self.iso().world);
        self.gil.sync_clock(&mut self.turn);
        let alive = world.point(self.tid());
        self.runs_again();
        match alive && !self.gil.is_killed() {
            true => Ok(()),
            false => Err(Raised::KILLED),
        }
    }
    /// This thread runs again.
    pub(crate) fn runs_again(&mut self) {
        if self.observed {
            let me = self.tid();
            if let Some(births) = &mut self.heap().births {
                births.set_thread(me);
            }
        }
    }
    /// Tells where the thread is, and what it does there.
    pub(crate) fn tell_place(&mut self, what: String, value: String) {
        let (file, line) = match self.stack.frames.last() {
            Some(f) => (f.code().proto.filename.clone(), f.line()),
            None => ("".into(), 0),
        };
        self.event(&Event::Told { file, line, what, value });
    }
    fn report_point(&mut self) {
        if self.observed {
            let (state, site, begun) = (self.local_state(), self.site(), self.begun_instructions);
            self.event(&Event::Point { state, site, begun });
        }
    }
    /// Reports what a thread is about to wait for.
    pub(crate) fn report_wait(&mut self, object: &Value) {
        if self.observed && self.controlled {
            let object = self.location(object);
            self.event(&Event::Waits(object));
        }
    }
    /// The instruction that was begun last (with switches only at calls and loops: the last of these).
    pub fn site(&self) -> CodeSite {
        CodeSite { code: self.site_code, at: self.site_at }
    }
    /// From now on this thread, and those that it starts, report to `probe`.
    pub fn observe(&mut self, probe: Box<dyn crate::probe::Probe>) {
        let probe: Box<dyn crate::probe::Probe> = match self.iso_mut().probe.take() {
            None => probe,
            Some(first) => Box::new(crate::probe::Fan(vec![first, probe])),
        };
        self.iso_mut().probe = Some(probe);
        self.iso_mut().name_births();
        self.observed = true;
        self.runs_again();
    }
    /// The name of an object as a location.
    pub fn location(&mut self, v: &Value) -> u64 {
        self.iso_mut().name_births();
        let address = v.bits();
        let pointer = v.header().map(|h| h as *const _ as usize);
        match (&self.heap().births, pointer) {
            (Some(births), Some(p)) => births.name(p),
            _ => address,
        }
    }
    /// Reports that a synchronisation object was read or changed, by a native that has asked for the point itself. `open`: whether it
    /// let waiters pass before; `wait`: whether this access had to wait for that.
    pub fn sync_access(&mut self, object: &Value, write: bool, open: bool, wait: Wait) {
        if self.observed {
            let location = self.location(object);
            if self.telling {
                let what = object.class(self).short_name();
                self.tell_place(what, String::new());
            }
            self.sync_access_at(location, write, open, wait);
        }
    }
    /// The same, for a location that is no object.
    pub fn sync_access_at(&mut self, location: u64, write: bool, open: bool, wait: Wait) {
        if self.observed {
            let site = self.site();
            self.event(&Event::Access(Access { object: location, part: Part::Whole, write, site, visible: true, sync: true, open, wait }));
        }
    }
    /// Reports that the current instruction read the clock.
    #[inline]
    pub fn touch_clock(&mut self) {
        if self.observed {
            let (site, visible) = (self.site(), self.site_visible);
            self.event(&Event::Access(Access { object: CLOCK, part: Part::Whole, write: false, site, visible, sync: false, open: true, wait: Wait::No }));
        }
    }
    /// Reports that the current instruction writes to a standard stream.
    pub fn touch_output(&mut self, fd: i32) {
        if self.observed && self.controlled {
            let (site, visible, object) = (self.site(), self.site_visible, OUTPUT + fd as u64);
            self.event(&Event::Access(Access { object, part: Part::Whole, write: true, site, visible, sync: false, open: true, wait: Wait::No }));
        }
    }
    /// [`Vm::park`] for something that may be there already: see [`crate::world::World::park_gate`].
    ///
    /// # Errors
    /// As `park`.
    pub fn park_gate(&mut self, deadline: Option<u64>, why: Blocked, open: bool) -> PyResult<Woken> {
        if self.controlled {
            self.report_point();
        }
        self.park_where(deadline, why, crate::gil::Cause::Block, Some(open))
    }
    /// Reports an access of the current instruction, under names that are the same in every run.
    #[cold]
    pub(crate) fn report(&mut self, object: &Value, part: Part, write: bool) {
        let (mut location, site, visible) = (self.location(object), self.site(), self.site_visible);
        let part = match part {
            // attributes are a location of their own beside an object's items
            Part::Name(bits) if self.controlled => {
                location ^= ATTRIBUTES;
                if bits == ALL_NAMES { Part::Whole } else { Part::Hash(crate::interp::visible::name_hash(bits)) }
            }
            part => part,
        };
        if self.is_logged() {
            self.log_access(location, part, write);
        }
        let access = Access { object: location, part, write, site, visible, sync: false, open: true, wait: Wait::No };
        self.event_of(&Event::Access(access), Some(object));
    }
}

/// The instruction in whose place `Op::Visible` stands.
pub(crate) fn original(code: &Code, at: u32) -> *const Instr {
    match code.visible.binary_search_by_key(&at, |o| o.0) {
        Ok(i) => &code.visible[i].1,
        Err(_) => unreachable!("Op::Visible stands only where `patch` has put it"),
    }
}
