//! A heap that goes back to an earlier state: what makes thousands of short runs from one snapshot cheap.
//!
//! [`Heap::keep`] declares the present state to be the one to go back to. From then on
//! - new objects are made in pages of their own, so that [`Heap::roll_back`] drops all of them without looking at the rest;
//! - before an older object's contents change for the first time, a copy of its payload is logged ([`KEPT`] is asked at each mutable borrow,
//!   and by the loop where it goes around that); rolling back puts the copy in its place. An undo log, as databases have it;
//! - no older object dies, since the snapshot holds a reference to each;
//! - names that are interned later, and what older code objects are made of when they first run, stay for good, in pages of their own:
//!   shapes, caches and code refer to them.
//!
//! So a rollback costs what the run has made and changed, not what there is. Pages are used again in the same order, so objects of a later
//! run lie where those of the earlier one did, and `id()` says the same.
//!
//! What a payload must promise for this is told by its [`crate::object::Changes`], which has no default. A state is refused
//! where something could be missed: see [`Refused`].

use super::{CLASSES, Heap, IMMORTAL, Page, slots, wants_finalizer};
use super::{Header, KEPT};
use crate::object::{Cloner, How, Kind};
use crate::types::function::Code;
use crate::types::type_::flags;
use crate::value::Value;
use crate::weak::WeakRef;
use std::alloc;
use std::collections::HashSet;
use std::fmt;
use std::ptr;

/// Why a state cannot be kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
    /// There is an object of this type, which stands for something outside of the heap.
    Outside(String),
    /// There is an object of this type, whose end scripts notice: nothing of a kept state ends in a run.
    Finalizer(String),
    /// Finalisers or callbacks are due.
    Pending,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Outside(ty) => write!(f, "an object of type {ty} stands for something outside"),
            Refused::Finalizer(ty) => write!(f, "an object of type {ty} has a finaliser"),
            Refused::Pending => f.write_str("finalisers are due"),
        }
    }
}

/// Where the next objects are made.
struct Place {
    current: [*mut Page; CLASSES * 2],
    avail: [*mut Page; CLASSES * 2],
    page_count: u32,
}

/// The numbers of the pages for lasting objects begin here, beyond those of any other page.
const NAMES: u32 = 1 << 28;

/// The state to go back to.
pub(crate) struct Keep {
    /// How many objects that state has.
    objects: usize,
    /// What has changed since.
    log: Vec<Saved>,
    /// Objects that change without a mutable borrow (iterators): put back each time.
    restless: Vec<Saved>,
    /// Pages of that state, and of lasting objects.
    pages: usize,
    /// Where lasting objects are made, and whether one is being made.
    names: Place,
    making: bool,
    /// Put aside meanwhile: lasting objects are not made in every run, so they do not count.
    births: Option<Box<crate::control::Births>>,
    page_count: u32,
    live: usize,
    threshold: usize,
    collections: (u64, u64),
    gc_enabled: bool,
    /// For tests: what the payloads looked like, bit by bit, of objects that must not change unlogged.
    image: Option<Vec<(*mut Header, Box<[u64]>)>>,
}

/// An object's payload as it was.
struct Saved {
    object: *mut Header,
    /// A reference of its own.
    ty: *mut Header,
    flags: u8,
    /// As large as the object, its header left out of account.
    copy: Box<[u64]>,
}

impl Saved {
    /// # Safety
    /// `object` is alive and nobody borrows its contents mutably.
    unsafe fn of(heap: *mut Heap, object: *mut Header) -> Saved {
        // SAFETY: the copy is written by the layout's own clone, into room of the object's size and alignment.
        unsafe {
            let layout = (*object).type_head().layout;
            let mut copy = vec![0u64; layout.size.div_ceil(8)].into_boxed_slice();
            (layout.clone)(object, copy.as_mut_ptr() as *mut Header, &mut Cloner::same_heap(&*heap));
            let ty = (*object).ty.get();
            (*ty).incref();
            Saved { object, ty, flags: (*object).flags.get(), copy }
        }
    }
    /// Puts the copy in the place of the present payload, which is dropped.
    ///
    /// # Safety
    /// As for `of`; the copy is used up.
    unsafe fn put_back(&mut self) {
        // SAFETY: the old payload is dropped once, the copy is moved once.
        unsafe {
            let layout = (*self.object).type_head().layout;
            (layout.drop)(self.object);
            let body = layout.size - size_of::<Header>();
            ptr::copy_nonoverlapping((self.copy.as_ptr() as *const u8).add(size_of::<Header>()), self.object.add(1) as *mut u8, body);
            (*self.object).flags.set(self.flags);
            super::decref((*self.object).ty.replace(self.ty));
        }
    }
}

impl Keep {
    /// Drops the copies: the end of the heap, whose objects are immortal by now.
    pub(super) fn forget(self: Box<Keep>) {
        let Keep { log, restless, .. } = *self;
        for mut saved in log.into_iter().chain(restless) {
            // SAFETY: a copy is a payload of the object's layout, dropped once.
            unsafe { ((*saved.object).type_head().layout.drop)(saved.copy.as_mut_ptr() as *mut Header) };
        }
    }
}

/// The payload's bits.
///
/// # Safety
/// `h` is alive.
unsafe fn bits_of(h: *mut Header) -> Box<[u64]> {
    // SAFETY: objects are of whole words; padding is copied as it lies, by pointer, and only compared as long as nobody writes there.
    unsafe {
        let words = ((*h).type_head().layout.size - size_of::<Header>()) / 8;
        let mut copy = vec![0u64; words].into_boxed_slice();
        ptr::copy_nonoverlapping(h.add(1) as *const u64, copy.as_mut_ptr(), words);
        copy
    }
}

impl Heap {
    /// Makes the present state the one that [`Heap::roll_back`] goes back to. Nobody may borrow contents. `check`: each
    /// rollback looks whether anything has changed that was not logged, and panics then (for tests; slow).
    pub(crate) fn keep(&mut self, check: bool) -> Result<(), Refused> {
        assert!(self.keep.is_none(), "one state is kept");
        if !self.finalizers.is_empty() || !self.callbacks.is_empty() {
            return Err(Refused::Pending);
        }
        let heap: *mut Heap = self;
        let (mut objects, mut restless) = (0, Vec::new());
        for &page in &self.pages {
            // SAFETY: live objects of this heap; the caller has the token mutably.
            unsafe { slots(page).try_for_each(|h| can_be_kept(h))? };
        }
        for &page in &self.pages {
            // SAFETY: the same.
            unsafe {
                for h in slots(page) {
                    (*h).incref();
                    objects += 1;
                    match (*h).type_head().layout.changes {
                        How::Restless => restless.push(Saved::of(heap, h)),
                        _ => (*h).set(KEPT),
                    }
                }
            }
        }
        self.current.fill(ptr::null_mut());
        self.avail.fill(ptr::null_mut());
        let none = [ptr::null_mut(); CLASSES * 2];
        self.keep = Some(Box::new(Keep {
            objects,
            log: Vec::new(),
            restless,
            pages: self.pages.len(),
            names: Place { current: none, avail: none, page_count: NAMES },
            making: false,
            births: None,
            page_count: self.page_count,
            live: self.live,
            threshold: self.threshold,
            collections: self.collections,
            gc_enabled: self.gc_enabled,
            image: None,
        }));
        if check {
            self.take_image();
        }
        Ok(())
    }

    /// An object of the kept state is about to change.
    #[cold]
    #[inline(never)]
    pub(crate) fn log_change(&mut self, object: *mut Header) {
        // SAFETY: the caller holds the token mutably and is only about to borrow.
        unsafe {
            if self.keep.is_some() {
                let saved = Saved::of(self, object);
                if let Some(keep) = &mut self.keep {
                    keep.log.push(saved);
                }
            }
            (*object).unset(KEPT);
        }
    }

    /// From here to [`Heap::end_lasting`], objects are made that stay when the heap is rolled back: names, what code is made of. They refer
    /// to nothing that does not stay, and something that stays refers to them. What is given back goes to `end_lasting`.
    pub(crate) fn begin_lasting(&mut self) -> Option<usize> {
        let keep = self.keep.as_mut().filter(|k| !k.making)?;
        keep.making = true;
        keep.births = self.births.take();
        self.exchange_place();
        Some(self.live)
    }
    /// See [`Heap::begin_lasting`].
    pub(crate) fn end_lasting(&mut self, live: Option<usize>) {
        let Some(live) = live else { return };
        self.exchange_place();
        // they are not counted, so that collections come when they would come in any other run
        self.live = live;
        if let Some(keep) = &mut self.keep {
            keep.making = false;
            self.births = keep.births.take();
        }
    }
    fn exchange_place(&mut self) {
        let Some(keep) = &mut self.keep else { return };
        std::mem::swap(&mut self.current, &mut keep.names.current);
        std::mem::swap(&mut self.avail, &mut keep.names.avail);
        std::mem::swap(&mut self.page_count, &mut keep.names.page_count);
    }
    /// Whether an object lives until the heap ends, if a state is kept.
    pub(crate) fn is_lasting(&self, v: &Value) -> bool {
        v.header().is_none_or(|h| h.is_immortal() || self.is_lasting_place(h as *const Header as usize))
    }
    /// Whether what lies there, an object or its payload, does.
    pub(crate) fn is_lasting_place(&self, address: usize) -> bool {
        let Some(keep) = &self.keep else { return true };
        // SAFETY: objects lie in pages.
        unsafe { lasts(super::page_of(address as *const Header), keep.page_count) }
    }

    /// Whether a script could notice that what it has made since the kept state ends.
    pub(crate) fn end_would_be_noticed(&self) -> bool {
        let Some(keep) = &self.keep else { return true };
        let noticed = |h: *mut Header| {
            // SAFETY: a live object; the kind of payload is asked first.
            unsafe {
                let callback = ((*h).type_head().layout.base_id)() == std::any::TypeId::of::<WeakRef>() && !(*(h.add(1) as *const WeakRef)).callback.is_null();
                callback || wants_finalizer(h)
            }
        };
        // SAFETY: live objects of this heap.
        !self.finalizers.is_empty() || !self.callbacks.is_empty() || self.pages[keep.pages..].iter().any(|&page| unsafe { slots(page).any(noticed) })
    }

    /// Queues the finalisers of all that was made since the kept state and still wants one.
    pub(crate) fn finalize_new(&mut self) {
        let Some(keep) = &self.keep else { return };
        // SAFETY: live objects of this heap.
        unsafe {
            let mut due: Vec<*mut Header> = self.pages[keep.pages..].iter().flat_map(|&page| slots(page)).filter(|&h| wants_finalizer(h)).collect();
            due.sort_by_key(|&h| (*h).type_head().layout.rank);
            for h in due {
                (*h).set(super::FINALIZED);
                self.finalizers.push(Value::new_ref(h));
                self.pending.set(true);
            }
        }
    }

    /// Goes back to the kept state. Whatever holds references from outside the heap must have dropped those to newer objects.
    pub(crate) fn roll_back(&mut self) {
        let Some(mut keep) = self.keep.take() else { return };
        let (lasting, new): (Vec<*mut Page>, Vec<*mut Page>) = self.pages.split_off(keep.pages).into_iter().partition(|&p| {
            // SAFETY: pages of this heap.
            unsafe { lasts(p, keep.page_count) }
        });
        self.pages.extend(lasting);
        keep.pages = self.pages.len();
        // SAFETY: newer objects are made immortal first, so that dropping a reference to one touches no slot; their memory stays
        // until everything that refers to them has been dropped. Types go last: they say how their instances are laid out.
        let mut put_back = HashSet::new();
        unsafe {
            let mut types = Vec::new();
            for &page in &new {
                slots(page).for_each(|h| (*h).rc.set(IMMORTAL | 1));
            }
            self.finalizers.clear();
            self.callbacks.clear();
            for &page in &new {
                for h in slots(page) {
                    if (*h).kind == Kind::Type as u8 {
                        types.push(h);
                    } else {
                        ((*h).type_head().layout.drop)(h);
                    }
                }
            }
            for mut saved in keep.log.drain(..).rev() {
                if keep.image.is_some() {
                    put_back.insert(saved.object);
                }
                saved.put_back();
                (*saved.object).set(KEPT);
            }
            for saved in &mut keep.restless {
                saved.put_back();
                *saved = Saved::of(self, saved.object);
            }
            // references that newer objects held to their (older) types
            for &page in &new {
                slots(page).for_each(|h| super::decref((*h).ty.get()));
            }
            for h in types {
                ((*h).type_head().layout.drop)(h);
            }
            for &page in new.iter().rev() {
                self.discard(page);
            }
        }
        self.current.fill(ptr::null_mut());
        self.avail.fill(ptr::null_mut());
        self.depth = 0;
        self.gc_due = false;
        self.pending.set(false);
        (self.page_count, self.live, self.threshold) = (keep.page_count, keep.live, keep.threshold);
        (self.collections, self.gc_enabled) = (keep.collections, keep.gc_enabled);
        let checked = keep.image.is_some();
        self.keep = Some(keep);
        if checked {
            self.compare_image(&put_back);
        }
    }

    /// Shows all code objects that have been made ready to run.
    pub(crate) fn each_code(&self, mut f: impl FnMut(&Code)) {
        for &page in &self.pages {
            // SAFETY: live objects of this heap; the kind tells the payload.
            unsafe { slots(page).filter(|&h| (*h).kind == Kind::Code as u8).map(|h| &*(h.add(1) as *const Code)).filter(|c| c.is_loaded()).for_each(&mut f) };
        }
    }

    /// Gives a page of dead objects back.
    unsafe fn discard(&mut self, page: *mut Page) {
        // SAFETY: nobody refers into the page any more.
        unsafe {
            ptr::drop_in_place(page);
            match self.large.remove(&(page as usize)) {
                Some(layout) => alloc::dealloc(page as *mut u8, layout),
                None => self.pool.push(page),
            }
        }
    }

    /// How many objects the kept state has, and how many of them have been changed since.
    pub fn kept_counts(&self) -> (usize, usize) {
        self.keep.as_ref().map_or((0, 0), |k| (k.objects, k.log.len()))
    }

    // --- for tests: has anything changed unseen? ------------------------------------------------------------------

    fn take_image(&mut self) {
        let mut image = Vec::new();
        for &page in &self.pages {
            // SAFETY: live objects; the caller has the token mutably.
            unsafe { image.extend(slots(page).filter(|&h| (*h).type_head().layout.changes == How::ByBorrow).map(|h| (h, bits_of(h)))) };
        }
        if let Some(keep) = &mut self.keep {
            keep.image = Some(image);
        }
    }
    /// What was put back lies elsewhere and may look different; the rest must be as it was, to the bit.
    fn compare_image(&mut self, put_back: &HashSet<*mut Header>) {
        for (h, bits) in self.keep.as_mut().and_then(|k| k.image.as_mut()).into_iter().flatten() {
            // SAFETY: objects of the kept state never die.
            unsafe {
                let now = bits_of(*h);
                if put_back.contains(h) {
                    *bits = now;
                } else {
                    let name = Value::new_ref(*h).get_type_name();
                    assert_eq!(*bits, now, "an object of type {name} has changed and was not logged");
                }
            }
        }
    }
}

/// Whether the objects of a page stay when the heap is rolled back.
///
/// # Safety
/// `page` is a page of a heap whose kept state has so many pages.
unsafe fn lasts(page: *const Page, page_count: u32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { (*page).number < page_count || (*page).number >= NAMES }
}

/// Whether an object can belong to a kept state.
///
/// # Safety
/// `h` is alive.
unsafe fn can_be_kept(h: *mut Header) -> Result<(), Refused> {
    // SAFETY: the caller's promise; the type is alive.
    unsafe {
        let head = (*h).type_head();
        let name = || Value::new_ref(h).get_type_name();
        if head.layout.changes == How::Outside {
            return Err(Refused::Outside(name()));
        }
        let noticed = head.flags.get() & flags::HEAP != 0 || (*h).kind == Kind::Generator as u8;
        if noticed && wants_finalizer(h) { Err(Refused::Finalizer(name())) } else { Ok(()) }
    }
}
