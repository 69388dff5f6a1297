//! Data races: two accesses to one place, one of them a write, by threads between which nothing orders them.
//!
//! As FastTrack does (Flanagan & Freund, PLDI 2009), each place keeps the epoch of its last write, and of the last reads that are not
//! ordered among themselves; a race is found when it happens, in the run at hand, whatever the GIL made of it. Python knows no torn
//! words, so a race is told by what could be lost: see [`Kind`].

use super::clock::{Clock, Epoch};
use super::happens::Happens;
use super::place::{At, Places, StackId};
pub use super::words::Location;
use gilbert_vm::probe::Part;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a race is worth.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing orders the two, in any Python.
    Data,
    /// An update, read and write, which CPython since 3.10 does not interrupt: a thread switch cannot come between. Without a GIL, or in
    /// Python 2, it can.
    Hidden,
    /// Both sides are single methods of a built-in container: each is whole under the GIL, and no race.
    Atomic,
    /// One side waits in a loop for the other: no race as long as a plain variable is seen by all threads at once, which the GIL sees to.
    BusyWait,
}

/// How a place was touched.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Manner {
    /// A name, an attribute, an item, a loop.
    Plain,
    /// A native method or operator of a container, one instruction.
    Method,
    /// A read in the test of a loop that only waits.
    Waiting,
}

/// One access.
#[derive(Clone, Copy, Debug)]
pub struct Touch {
    /// Where in the script.
    pub stack: StackId,
    /// Written, or only read.
    pub write: bool,
    /// How.
    pub manner: Manner,
    /// The locks that the thread held: the number of such a set.
    pub held: u32,
}

#[derive(Clone, Copy)]
struct Kept {
    at: Epoch,
    touch: Touch,
    /// For a write: where the same thread read the place last.
    read_at: Option<StackId>,
}

#[derive(Default)]
struct Place {
    write: Option<Kept>,
    reads: Vec<Kept>,
    /// Where each thread has read it last, also when that was overwritten since.
    last_read: Vec<(u32, StackId)>,
    /// What the last writer had seen then, for those who wait for its write.
    published: Option<Arc<Clock>>,
    /// Somebody waits in a loop for this place to change.
    awaited: bool,
}

#[derive(Default)]
struct Object {
    whole: Place,
    parts: HashMap<Part, Place>,
    /// All that touched a part, written or read.
    touched: Clock,
}

/// One side of a race, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// The thread's number and name.
    pub thread: String,
    /// It reads there, and it writes there.
    pub reads: bool,
    /// See `reads`.
    pub writes: bool,
    /// Where, innermost call first.
    pub stack: Vec<At>,
    /// The locks that it held there.
    pub held: Vec<String>,
}

/// Two places in the script that race.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Race {
    /// What it is worth; the gravest that was met.
    pub kind: Kind,
    /// What both touch: ``global `n` ``.
    pub what: String,
    /// The same without an item's key or the container's name.
    pub coarse: String,
    /// An update of one side can be interrupted by the other.
    pub update: bool,
    /// The two sides, in the order of the script's lines.
    pub sides: [Side; 2],
    /// How often it was met.
    pub count: u64,
}

/// Races by their two lines and what they are about.
pub type Found = BTreeMap<(At, At, String), Race>;

/// Places that are watched at most; what comes later is not.
const MOST: usize = 3_000_000;

/// With so few threads each write is told apart from what its thread does next, so that a wait for one is no wait for the other.
const FEW: usize = 64;

/// See the module's page.
#[derive(Default)]
pub struct Races {
    objects: HashMap<u64, Object>,
    places: usize,
    waiting: HashMap<StackId, bool>,
    /// What was found.
    pub found: Found,
    /// There were more places than are watched.
    pub full: bool,
}

/// What tells of threads, locks and places in words, when a race is found.
pub struct Words<'a> {
    /// All stacks.
    pub places: &'a Places,
    /// A thread's number and name.
    pub thread: &'a dyn Fn(u32) -> String,
    /// The locks of a set.
    pub held: &'a dyn Fn(u32) -> Vec<String>,
    /// What is touched now.
    pub what: &'a dyn Fn() -> Option<Location>,
}

impl Races {
    /// `thread` touches a part of an object.
    pub fn access(&mut self, happens: &mut Happens, thread: u32, object: u64, part: Part, mut touch: Touch, words: &Words) {
        if self.places >= MOST && !self.objects.contains_key(&object) {
            self.full = true;
            return;
        }
        let now = happens.now(thread);
        let clock = happens.clock(thread).clone();
        let shadow = self.objects.entry(object).or_insert_with(|| {
            self.places += 1;
            Object::default()
        });
        let mut against: Vec<(Kept, Option<Arc<Clock>>)> = Vec::new();
        conflicts(&shadow.whole, now, &clock, touch.write, &mut against);
        match part {
            Part::Whole if !shadow.touched.within(&clock) => shadow.parts.values().for_each(|p| conflicts(p, now, &clock, touch.write, &mut against)),
            Part::Whole => {}
            part => {
                if let Some(p) = shadow.parts.get(&part) {
                    conflicts(p, now, &clock, touch.write, &mut against);
                }
            }
        }
        // the earliest in the script first, whatever order a table has
        against.sort_by_key(|(k, _)| (k.at.thread, k.at.time, k.touch.stack, k.touch.write));
        let own = self.places;
        let place = place_of(&mut self.objects, &mut self.places, object, part);
        let created = self.places - own;
        debug_assert!(created <= 1, "one access makes one place");
        let previous_read = place.last_read.iter().find(|k| k.0 == thread).map(|k| k.1);
        if !touch.write && !against.is_empty() && self.is_waiting(touch.stack, words.places) {
            touch.manner = Manner::Waiting;
            let place = place_of(&mut self.objects, &mut self.places, object, part);
            place.awaited = true;
            for (_, published) in &against {
                if let Some(seen) = published {
                    happens.receive(thread, seen);
                }
            }
        }
        for (old, _) in &against {
            let mut old = *old;
            if !old.touch.write && old.touch.manner != Manner::Waiting && self.is_waiting(old.touch.stack, words.places) {
                old.touch.manner = Manner::Waiting;
            }
            let read_at = if touch.write { previous_read } else { None };
            self.note(&old, &Kept { at: now, touch, read_at }, words);
        }
        let clock = happens.clock(thread).clone();
        let shadow = self.objects.entry(object).or_default();
        if part != Part::Whole {
            shadow.touched.join(&single(now));
        }
        let place = if part == Part::Whole { &mut shadow.whole } else { shadow.parts.entry(part).or_default() };
        if touch.write {
            place.write = Some(Kept { at: now, touch, read_at: previous_read });
            place.published = Some(clock);
            place.reads.retain(|k| k.at.thread == thread);
            if place.awaited || happens.threads() <= FEW {
                // who sees this write has not seen what comes after it
                happens.tick(thread);
            }
        } else {
            place.reads.retain(|k| k.at.thread != thread && !k.at.before(&clock));
            place.reads.push(Kept { at: now, touch, read_at: None });
            match place.last_read.iter_mut().find(|k| k.0 == thread) {
                Some(last) => last.1 = touch.stack,
                None => place.last_read.push((thread, touch.stack)),
            }
        }
    }

    fn is_waiting(&mut self, stack: StackId, places: &Places) -> bool {
        *self.waiting.entry(stack).or_insert_with(|| places.spot(stack).is_some_and(|s| s.in_waiting_loop()))
    }

    fn note(&mut self, old: &Kept, new: &Kept, words: &Words) {
        let Some(Location { coarse, told }) = (words.what)() else { return };
        let kind = kind_of(old, new, words.places);
        let update = [old, new].iter().any(|k| is_update(k, words.places).is_some());
        let side = |k: &Kept| Side {
            thread: (words.thread)(k.at.thread),
            reads: !k.touch.write || k.read_at.is_some_and(|r| same_line(r, k.touch.stack, words.places)),
            writes: k.touch.write,
            stack: words.places.stack(k.touch.stack),
            held: (words.held)(k.touch.held),
        };
        let (mut one, mut two) = (side(old), side(new));
        let first = |s: &Side| s.stack.first().cloned().unwrap_or_else(nowhere);
        if first(&two) < first(&one) {
            std::mem::swap(&mut one, &mut two);
        }
        let race = Race { kind, what: told, coarse, update, sides: [one, two], count: 1 };
        add(&mut self.found, race);
    }
}

fn nowhere() -> At {
    At { file: "".into(), line: 0, function: "".into() }
}

/// Adds a race to those that were found; the same pair of lines is one race.
pub fn add(found: &mut Found, race: Race) {
    let first = |s: &Side| s.stack.first().cloned().unwrap_or_else(nowhere);
    let key = (first(&race.sides[0]), first(&race.sides[1]), race.coarse.clone());
    match found.get_mut(&key) {
        None => drop(found.insert(key, race)),
        Some(known) => {
            known.count += race.count;
            known.kind = known.kind.min(race.kind);
            known.update |= race.update;
            for (side, new) in known.sides.iter_mut().zip(&race.sides) {
                side.reads |= new.reads;
                side.writes |= new.writes;
            }
        }
    }
}

fn single(epoch: Epoch) -> Clock {
    let mut clock = Clock::default();
    clock.set(epoch.thread, epoch.time);
    clock
}

fn place_of<'a>(objects: &'a mut HashMap<u64, Object>, places: &mut usize, object: u64, part: Part) -> &'a mut Place {
    let shadow = objects.entry(object).or_default();
    match part {
        Part::Whole => &mut shadow.whole,
        part => shadow.parts.entry(part).or_insert_with(|| {
            *places += 1;
            Place::default()
        }),
    }
}

/// What of a place the access races with.
fn conflicts(place: &Place, now: Epoch, clock: &Clock, write: bool, against: &mut Vec<(Kept, Option<Arc<Clock>>)>) {
    let races = |k: &&Kept| k.at.thread != now.thread && !k.at.before(clock);
    if let Some(w) = place.write.as_ref().filter(races) {
        against.push((*w, place.published.clone()));
    }
    if write {
        against.extend(place.reads.iter().filter(races).map(|r| (*r, None)));
    }
}

/// The spots of the read and the write of an update of this place.
fn is_update(k: &Kept, places: &Places) -> Option<(StackId, StackId)> {
    let read = k.read_at.filter(|_| k.touch.write)?;
    let (r, w) = (places.spot(read)?, places.spot(k.touch.stack)?);
    (Arc::ptr_eq(&r.code, &w.code) && r.at < w.at).then_some((read, k.touch.stack))
}

fn same_line(a: StackId, b: StackId, places: &Places) -> bool {
    places.spot(a).map(|s| s.place()) == places.spot(b).map(|s| s.place())
}

fn kind_of(old: &Kept, new: &Kept, places: &Places) -> Kind {
    let manners = [old.touch.manner, new.touch.manner];
    if manners.contains(&Manner::Waiting) {
        return Kind::BusyWait;
    }
    if manners == [Manner::Method, Manner::Method] {
        return Kind::Atomic;
    }
    // an update without a switch point inside, on every side that has one
    let mut updates = [old, new].into_iter().filter_map(|k| is_update(k, places)).peekable();
    let whole = |(r, w): (StackId, StackId)| match (places.spot(r), places.spot(w)) {
        (Some(r), Some(w)) => same_statement(r, w) && !r.can_switch_before(w),
        _ => false,
    };
    if updates.peek().is_some() && updates.all(whole) { Kind::Hidden } else { Kind::Data }
}

/// `n += 1` and the like: read and written by one line.
fn same_statement(read: &super::place::Spot, write: &super::place::Spot) -> bool {
    read.place() == write.place()
}
