//! The heap of an isolate: reference counts, pages of equal slots, the cycle collector.
//!
//! Every object begins with a [`Header`] of 16 bytes, followed by its payload. Objects live in pages of 16 KiB, aligned to
//! their size, so an object's page (and through it its heap) is found by masking its address: dropping a value needs no
//! context. A page holds slots of one size and either objects that can be part of cycles or objects that cannot; the
//! collector looks only at the former. A free slot has a null type.
//!
//! - Dropping never runs Python: an object with a finaliser is put into a queue that the interpreter empties at
//!   the next instruction boundary; so are the callbacks of weak references.
//! - Dropping is iterative beyond a small depth: a list nested a million deep drops without recursion.
//! - The collector is that of CPython (`Python/gc.c`): it subtracts the references that come from inside the heap, and what has none
//!   left and is not reached from what has some is garbage. It runs when the number of collectable objects has
//!   grown by half since the last time, so its cost stays proportional to allocation.
//!
//! Invariants that the unsafe code here relies on:
//! - H1: all objects of one heap are reached only by the thread that holds its isolate's GIL, or (image) are frozen.
//! - H2: a `Value` counts one reference; a slot is freed only at count 0.
//! - H3: `Header::ty` is a live type object for as long as the object lives (it counts a reference to it), and the payload is
//!   what that type's layout says.

mod rollback;

use crate::isolate::Exit;
use crate::object::Layout;
use crate::value::Value;
use crate::world::Tid;
use rollback::Keep;
pub use rollback::Refused;
use std::alloc;
use std::cell::Cell;
use std::collections::HashMap;
use std::ptr::{self, NonNull};
use std::sync::Arc;

const PAGE: usize = 16 * 1024;
const CHUNK: usize = 16 * PAGE;
const GRAIN: usize = 16;
const CLASSES: usize = 40;
const MAX_SMALL: usize = GRAIN * CLASSES;
const IMMORTAL: u32 = 1 << 31;
const DEPTH: u32 = 48;

/// What every object begins with.
#[repr(C)]
pub struct Header {
    rc: Cell<u32>,
    kind: u8,
    flags: Cell<u8>,
    spare: Cell<u16>,
    ty: Cell<*mut Header>,
}

/// `Header::flags`: the finaliser has run or is queued.
pub const FINALIZED: u8 = 1;
/// `Header::flags`: somebody holds a weak reference.
pub const HAS_WEAKREFS: u8 = 2;
/// `Header::flags`: free for the type's own use (`Str`: interned).
pub const TYPE_BIT: u8 = 4;
/// `Header::flags`: belongs to a kept state and has not changed since (`rollback.rs`).
pub(crate) const KEPT: u8 = 8;
/// `Header::flags`: a container that is being printed (cycles in `repr`).
pub const IN_REPR: u8 = 16;

/// The beginning of a type object's payload: what the heap must know of a type.
#[repr(C)]
pub struct TypeHead {
    /// How instances are laid out.
    pub layout: &'static Layout,
    /// Bits of `types::type_::flags`.
    pub flags: Cell<u32>,
    /// Changes whenever a lookup on the type might have another result.
    pub version: Cell<u32>,
}

/// `TypeHead::flags`: instances have a finaliser.
pub const TYPE_HAS_FINALIZER: u32 = 1 << 31;

impl Header {
    /// One more reference.
    #[inline(always)]
    pub(crate) fn incref(&self) {
        let rc = self.rc.get();
        if (rc as i32) >= 0 {
            self.rc.set(rc + 1);
        }
    }
    /// How many references there are.
    pub fn ref_count(&self) -> u32 {
        self.rc.get() & !IMMORTAL
    }
    /// Whether the count is never written.
    pub fn is_immortal(&self) -> bool {
        self.rc.get() & IMMORTAL != 0
    }
    /// Which built-in layout this is (`object::Kind`).
    #[inline(always)]
    pub fn kind(&self) -> u8 {
        self.kind
    }
    /// Is this flag set?
    #[inline(always)]
    pub fn has(&self, flag: u8) -> bool {
        self.flags.get() & flag != 0
    }
    /// Sets a flag (not on an immortal object: frozen).
    pub(crate) fn set(&self, flag: u8) {
        self.flags.set(self.flags.get() | flag);
    }
    /// Clears a flag.
    pub(crate) fn unset(&self, flag: u8) {
        self.flags.set(self.flags.get() & !flag);
    }
    /// Where the type's address is stored.
    #[inline(always)]
    pub(crate) fn ty_slot(&self) -> *const *mut Header {
        self.ty.as_ptr()
    }
    /// The beginning of the type's payload.
    #[inline(always)]
    pub(crate) fn type_head(&self) -> &TypeHead {
        // SAFETY: H3; a type object's payload begins with a TypeHead.
        unsafe { &*(self.ty.get().add(1) as *const TypeHead) }
    }
    /// Exchanges the type; the caller has checked that the layouts agree.
    pub(crate) fn set_type(&self, ty: &Value) {
        // SAFETY: the header is an object's.
        unsafe { about_to_change(self as *const Header as *mut Header) };
        let new = ty.clone();
        let old = self.ty.replace(new.ptr());
        std::mem::forget(new);
        // SAFETY: the header owned one reference to its old type.
        drop(unsafe { Value::from_raw(NonNull::new_unchecked(old)) });
    }
}

/// To be called before an object's contents change: a kept state wants a copy (`rollback.rs`).
///
/// # Safety
/// `h` is alive, the caller holds the GIL, and nobody borrows the contents mutably.
#[inline(always)]
pub(crate) unsafe fn about_to_change(h: *mut Header) {
    // SAFETY: the caller's promise; an object's heap is found through its page.
    unsafe {
        if (*h).has(KEPT) {
            (*(*page_of(h)).heap).log_change(h);
        }
    }
}

/// Gives up one reference.
///
/// # Safety
/// The caller owned it (H2) and holds the GIL (H1).
#[inline(always)]
pub(crate) unsafe fn decref(h: *mut Header) {
    // SAFETY: h is live, as the caller owned a reference.
    unsafe {
        let rc = (*h).rc.get();
        if (rc as i32) < 0 {
            return;
        }
        (*h).rc.set(rc - 1);
        if rc == 1 {
            dealloc(h);
        }
    }
}

#[repr(C)]
struct Page {
    heap: *mut Heap,
    free: *mut FreeSlot,
    slot: u32,
    used: u32,
    capacity: u32,
    carved: u32,
    class: u32,
    listed: bool,
    /// Counts the heap's pages in the order they were made; the same in every run.
    number: u32,
    /// During a collection: for each slot, the references from outside.
    gc_refs: Vec<u32>,
    next: *mut Page,
    /// While the heap is cloned: this page's counterpart.
    forward: *mut Page,
}

#[repr(C)]
struct FreeSlot {
    next: *mut FreeSlot,
    ty: *mut Header,
}

const PAGE_HEADER: usize = (size_of::<Page>() + GRAIN - 1) & !(GRAIN - 1);

#[inline(always)]
fn page_of(h: *const Header) -> *mut Page {
    ((h as usize) & !(PAGE - 1)) as *mut Page
}

/// A heap; see the module's page.
pub struct Heap {
    current: [*mut Page; CLASSES * 2],
    avail: [*mut Page; CLASSES * 2],
    pool: Vec<*mut Page>,
    chunks: Vec<(*mut u8, alloc::Layout)>,
    pages: Vec<*mut Page>,
    page_count: u32,
    large: HashMap<usize, alloc::Layout>,
    depth: u32,
    trash: Vec<*mut Header>,
    /// Collectable objects alive.
    live: usize,
    threshold: usize,
    /// Whether the collector runs by itself (`gc.enable`).
    pub gc_enabled: bool,
    collecting: bool,
    /// Objects whose finaliser is due.
    pub finalizers: Vec<Value>,
    /// Weak references whose callback is due: (reference, callback).
    pub callbacks: Vec<(Value, Value)>,
    weak: HashMap<usize, Vec<NonNull<Header>>>,
    /// Work for the next instruction boundary: a collection, finalisers or callbacks.
    pub pending: Cell<bool>,
    gc_due: bool,
    /// Bytes of all pages.
    pub page_bytes: usize,
    /// `--max-memory`.
    pub budget: crate::budget::Budget,
    /// The names of objects, in controlled runs.
    pub births: Option<Box<crate::control::Births>>,
    /// Collections done, objects collected.
    pub collections: (u64, u64),
    /// The state to go back to, if there is one.
    keep: Option<Box<Keep>>,
}

const GC_FIRST: usize = 10_000;

impl Heap {
    /// An empty heap, at a fixed address as its pages point back to it.
    pub fn new() -> Box<Heap> {
        Box::new(Heap {
            current: [ptr::null_mut(); CLASSES * 2],
            avail: [ptr::null_mut(); CLASSES * 2],
            pool: Vec::new(),
            chunks: Vec::new(),
            pages: Vec::new(),
            page_count: 0,
            large: HashMap::new(),
            depth: 0,
            trash: Vec::new(),
            live: 0,
            threshold: GC_FIRST,
            gc_enabled: true,
            collecting: false,
            finalizers: Vec::new(),
            callbacks: Vec::new(),
            weak: HashMap::new(),
            pending: Cell::new(false),
            gc_due: false,
            page_bytes: 0,
            budget: Default::default(),
            births: None,
            collections: (0, 0),
            keep: None,
        })
    }

    /// A new object of type `ty` with this layout, its payload still to be written: count 1, a reference to `ty` is taken.
    ///
    /// # Safety
    /// The caller writes a payload of this layout before anyone sees the object, and `ty`'s layout is `layout`.
    #[inline]
    pub(crate) unsafe fn alloc(&mut self, layout: &'static Layout, ty: *mut Header) -> *mut Header {
        let h = if layout.size <= MAX_SMALL {
            let class = layout.size.div_ceil(GRAIN) - 1 + if layout.gc { CLASSES } else { 0 };
            let page = self.current[class];
            // SAFETY: pages in `current` are valid; a free slot is ours to use (H2).
            unsafe {
                if !page.is_null() && !(*page).free.is_null() {
                    let slot = (*page).free;
                    (*page).free = (*slot).next;
                    (*page).used += 1;
                    slot as *mut Header
                } else {
                    self.alloc_slow(class)
                }
            }
        } else {
            self.alloc_large(layout)
        };
        if layout.gc {
            self.live += 1;
            if self.live >= self.threshold && self.gc_enabled {
                self.gc_due = true;
                self.pending.set(true);
            }
        }
        if let Some(births) = &mut self.births {
            births.born(h as usize, layout as *const Layout as usize);
        }
        // SAFETY: the slot is at least as large as a header; the type is alive.
        unsafe {
            if !ty.is_null() {
                (*ty).incref();
            }
            h.write(Header { rc: Cell::new(1), kind: layout.kind as u8, flags: Cell::new(0), spare: Cell::new(0), ty: Cell::new(ty) });
        }
        h
    }

    #[cold]
    fn alloc_slow(&mut self, class: usize) -> *mut Header {
        // SAFETY: all pages in the lists belong to this heap; carving stays inside the page.
        unsafe {
            let mut page = self.current[class];
            if page.is_null() || ((*page).free.is_null() && (*page).carved == (*page).capacity) {
                page = self.avail[class];
                if page.is_null() {
                    page = self.new_page(class);
                } else {
                    self.avail[class] = (*page).next;
                    (*page).listed = false;
                }
                self.current[class] = page;
            }
            if (*page).free.is_null() {
                let n = ((*page).capacity - (*page).carved).min(16);
                let base = (page as *mut u8).add(PAGE_HEADER);
                for i in (0..n).rev() {
                    let slot = base.add(((*page).carved + i) as usize * (*page).slot as usize) as *mut FreeSlot;
                    slot.write(FreeSlot { next: (*page).free, ty: ptr::null_mut() });
                    (*page).free = slot;
                }
                (*page).carved += n;
            }
            let slot = (*page).free;
            (*page).free = (*slot).next;
            (*page).used += 1;
            slot as *mut Header
        }
    }

    fn new_page(&mut self, class: usize) -> *mut Page {
        let page = self.pool.pop().unwrap_or_else(|| self.new_chunk());
        let slot = (class % CLASSES + 1) * GRAIN;
        // SAFETY: the page is ours, PAGE bytes, aligned.
        unsafe { self.init_page(page, class, slot, (PAGE - PAGE_HEADER) / slot) };
        page
    }

    unsafe fn init_page(&mut self, page: *mut Page, class: usize, slot: usize, capacity: usize) {
        // SAFETY: the caller's page is at least a page header long.
        unsafe {
            page.write(Page {
                heap: self,
                free: ptr::null_mut(),
                slot: slot as u32,
                used: 0,
                capacity: capacity as u32,
                carved: 0,
                class: class as u32,
                listed: false,
                number: self.page_count,
                gc_refs: Vec::new(),
                next: ptr::null_mut(),
                forward: ptr::null_mut(),
            });
        }
        self.page_count += 1;
        self.pages.push(page);
    }

    fn new_chunk(&mut self) -> *mut Page {
        let layout = alloc::Layout::from_size_align(CHUNK, PAGE).unwrap();
        // SAFETY: the layout is not empty.
        let p = unsafe { alloc::alloc(layout) };
        if p.is_null() {
            alloc::handle_alloc_error(layout);
        }
        self.chunks.push((p, layout));
        self.page_bytes += CHUNK;
        for i in (1..CHUNK / PAGE).rev() {
            // SAFETY: inside the chunk.
            self.pool.push(unsafe { p.add(i * PAGE) } as *mut Page);
        }
        p as *mut Page
    }

    #[cold]
    fn alloc_large(&mut self, layout: &'static Layout) -> *mut Header {
        let size = PAGE_HEADER + layout.size;
        assert!(size <= PAGE, "a payload of {} bytes does not fit a page", layout.size);
        let mem = alloc::Layout::from_size_align(size, PAGE).unwrap();
        // SAFETY: not empty.
        let p = unsafe { alloc::alloc(mem) } as *mut Page;
        if p.is_null() {
            alloc::handle_alloc_error(mem);
        }
        self.large.insert(p as usize, mem);
        let class = if layout.gc { CLASSES * 2 - 1 } else { CLASSES - 1 };
        // SAFETY: fresh memory; one slot.
        unsafe {
            self.init_page(p, class, layout.size, 1);
            (*p).carved = 1;
            (*p).used = 1;
            (p as *mut u8).add(PAGE_HEADER) as *mut Header
        }
    }

    /// An identity-preserving copy of all objects (fork, snapshots): cycles and sharing stay as they are, immortal objects are shared.
    /// Each page has its counterpart, and each object lies at the same place of it, so that `id()` and what hashes by it stay as they are.
    ///
    /// `roots` is called with the cloner to copy whatever else refers to objects. What else the old heap's objects are referred to by
    /// (values on native stacks and in frames of running threads) stays alive in the copy for as long as that lives: a fork copies
    /// those stacks, but nobody runs there.
    ///
    /// Nobody may be using the heap meanwhile (the caller holds the GIL).
    pub(crate) fn clone_heap<R>(&self, threads: (Tid, Tid), exit: Option<Arc<Exit>>, roots: impl FnOnce(&mut crate::object::Cloner) -> R) -> (Box<Heap>, R) {
        let mut new = Heap::new();
        let mut cloner = crate::object::Cloner { same: false, from: self, heap: &mut *new, counters: HashMap::new(), threads, exit };
        // SAFETY: the pages are laid out first, then all headers are written, then all payloads; each new object holds one reference
        // of its own until the end.
        unsafe {
            let pages: Vec<*mut Page> = self.pages.iter().copied().filter(|&p| (*p).used > 0).collect();
            for &page in &pages {
                let copy = new.twin_page(page);
                (*page).forward = copy;
            }
            new.page_count = self.page_count;
            for &page in &pages {
                new.copy_headers(page, &cloner);
            }
            for &page in &pages {
                let shift = ((*page).forward as isize).wrapping_sub(page as isize);
                for h in slots(page) {
                    let slot = (h as *mut u8).wrapping_offset(shift) as *mut Header;
                    (*(*slot).ty.get()).incref();
                    // the old type says how: the new one's payload may not be there yet
                    ((*h).type_head().layout.clone)(h, slot, &mut cloner);
                }
            }
            for (target, list) in &self.weak {
                let to = cloner.relocate(*target as *mut Header);
                let refs = list.iter().filter_map(|w| NonNull::new(cloner.relocate(w.as_ptr())));
                new.weak.insert(to as usize, refs.collect());
            }
            new.finalizers = cloner.values(&self.finalizers);
            new.callbacks = self.callbacks.iter().map(|(w, f)| (cloner.value(w), cloner.value(f))).collect();
            new.pending.set(self.pending.get());
            (new.gc_due, new.gc_enabled, new.threshold, new.collections) = (self.gc_due, self.gc_enabled, self.threshold, self.collections);
            new.budget = self.budget.again();
            let r = roots(&mut cloner);
            for &page in &pages {
                let shift = ((*page).forward as isize).wrapping_sub(page as isize);
                (*page).forward = ptr::null_mut();
                for h in slots(page) {
                    let slot = (h as *mut u8).wrapping_offset(shift) as *mut Header;
                    // what else referred to the old object would, after a fork, refer to the new one for good
                    if (*h).ref_count() < (*slot).ref_count() {
                        decref(slot);
                    }
                }
            }
            (new, r)
        }
    }

    /// A page of the same shape and number, its slots still to be written.
    unsafe fn twin_page(&mut self, page: *mut Page) -> *mut Page {
        // SAFETY: the caller's page is whole; the new one is fresh memory of the same size.
        unsafe {
            let single = (*page).capacity == 1 && PAGE_HEADER + (*page).slot as usize > PAGE_HEADER + MAX_SMALL;
            let copy = if single {
                let mem = alloc::Layout::from_size_align(PAGE_HEADER + (*page).slot as usize, PAGE).unwrap();
                let p = alloc::alloc(mem) as *mut Page;
                if p.is_null() {
                    alloc::handle_alloc_error(mem);
                }
                self.large.insert(p as usize, mem);
                p
            } else {
                self.pool.pop().unwrap_or_else(|| self.new_chunk())
            };
            self.page_count = (*page).number;
            self.init_page(copy, (*page).class as usize, (*page).slot as usize, (*page).capacity as usize);
            ((*copy).carved, (*copy).used) = ((*page).carved, (*page).used);
            let class = (*page).class as usize;
            if !single && ((*page).used < (*page).carved || (*page).carved < (*page).capacity) {
                (*copy).listed = true;
                (*copy).next = self.avail[class];
                self.avail[class] = copy;
            }
            if class >= CLASSES {
                self.live += (*page).used as usize;
            }
            copy
        }
    }

    /// Writes the headers of a page's counterpart, each with one reference, and chains its free slots.
    unsafe fn copy_headers(&mut self, page: *mut Page, cloner: &crate::object::Cloner) {
        // SAFETY: both pages have the same slots; carved slots of the old one hold a live object or are free.
        unsafe {
            let copy = (*page).forward;
            let size = (*page).slot as usize;
            for i in (0..(*page).carved as usize).rev() {
                let old = (page as *mut u8).add(PAGE_HEADER + i * size) as *mut Header;
                let slot = (copy as *mut u8).add(PAGE_HEADER + i * size) as *mut Header;
                let ty = (*old).ty.get();
                if ty.is_null() {
                    (slot as *mut FreeSlot).write(FreeSlot { next: (*copy).free, ty: ptr::null_mut() });
                    (*copy).free = slot as *mut FreeSlot;
                } else {
                    let to = cloner.relocate(ty);
                    slot.write(Header {
                        rc: Cell::new(1),
                        kind: (*old).kind,
                        // a kept state is not inherited
                        flags: Cell::new((*old).flags.get() & !KEPT),
                        spare: (*old).spare.clone(),
                        ty: Cell::new(if to.is_null() { ty } else { to }),
                    });
                }
            }
        }
    }

    /// Where the counterpart of an object lies, while this heap is cloned; null for what is not of this heap.
    pub(crate) fn forward(&self, old: *mut Header) -> *mut Header {
        if old.is_null() {
            return ptr::null_mut();
        }
        let page = page_of(old);
        // SAFETY: object pointers lie in pages (H3).
        unsafe {
            if (*page).heap as *const Heap != self || (*page).forward.is_null() {
                return ptr::null_mut();
            }
            let shift = (old as usize) - (page as usize);
            ((*page).forward as *mut u8).add(shift) as *mut Header
        }
    }

    /// Makes every object immortal: the end of building an image.
    pub(crate) fn freeze(&mut self) {
        for &page in &self.pages {
            // SAFETY: H1, the heap is still private to its builder.
            unsafe {
                for h in slots(page) {
                    (*h).rc.set(IMMORTAL | 1);
                }
            }
        }
        self.gc_enabled = false;
    }

    /// Whether `v` lives in this heap.
    pub(crate) fn owns(&self, v: &Value) -> bool {
        // SAFETY: object pointers lie in pages (H3).
        v.is_object() && unsafe { (*page_of(v.ptr())).heap as *const Heap == self }
    }

    /// Where an object lies, told without the host's addresses: the page's number and the place in it. Not a pointer.
    pub(crate) fn place_of(v: &Value) -> Option<u64> {
        let h = v.header()?;
        let page = page_of(h);
        // SAFETY: object pointers lie in pages (H3).
        let number = unsafe { (*page).number };
        Some(number as u64 * PAGE as u64 + (h as *const Header as usize - page as usize) as u64)
    }
    /// Asks for a collection at the next instruction boundary, or does nothing if none is due; true where one is due.
    pub fn take_gc_due(&mut self) -> bool {
        std::mem::take(&mut self.gc_due)
    }
    /// Collectable objects alive.
    pub fn live_objects(&self) -> usize {
        self.live
    }
    /// How many collectable objects make a collection due.
    pub fn set_threshold(&mut self, n: usize) {
        self.threshold = n.max(1);
    }

    /// The living objects whose finaliser is still to be run.
    pub fn finalizable(&self) -> Vec<Value> {
        let mut found = Vec::new();
        for &page in &self.pages {
            // SAFETY: the pages are this heap's, and nobody changes them meanwhile; every slot yielded holds a live object.
            unsafe {
                found.extend(slots(page).filter(|&h| wants_finalizer(h)).map(|h| Value::new_ref(h)));
            }
        }
        found
    }
    /// Counts a new object against the budget.
    #[cold]
    pub(crate) fn charge_object(&mut self, h: *mut Header) {
        // SAFETY: a live object whose payload was just written.
        let bytes = unsafe {
            let layout = (*h).type_head().layout;
            layout.size + (layout.outside)(h)
        };
        if self.budget.charge(bytes) && self.recount() {
            self.budget.over = true;
            self.pending.set(true);
        }
    }
    /// Whether the heap may be full before the host's memory is.
    #[inline]
    pub(crate) fn is_limited(&self) -> bool {
        self.budget.limit != 0
    }
    /// A tick of the clock of instructions: containers may have grown in place.
    pub(crate) fn tick_budget(&mut self) {
        if self.budget.limit != 0 && self.budget.tick(self.live) && self.recount() {
            self.budget.over = true;
            self.pending.set(true);
        }
    }
    /// Counts what all objects take, slots and what they own outside; true where that is beyond the limit. Needs the token held mutably.
    pub(crate) fn recount(&mut self) -> bool {
        let mut used = 0;
        for &page in &self.pages {
            // SAFETY: live objects of this heap; nobody borrows contents mutably.
            unsafe {
                let slot = (*page).slot as usize;
                for h in slots(page) {
                    used += slot + ((*h).type_head().layout.outside)(h);
                }
            }
        }
        self.budget.counted(used)
    }

    /// Every object the collector knows of, as new references.
    pub fn objects(&self) -> Vec<Value> {
        let mut all = Vec::new();
        for &page in self.gc_pages() {
            // SAFETY: live objects of this heap.
            unsafe { all.extend(slots(page).map(|h| Value::new_ref(h))) };
        }
        all
    }

    fn gc_pages(&self) -> impl Iterator<Item = &*mut Page> {
        // SAFETY: pages are valid.
        self.pages.iter().filter(|p| unsafe { (***p).class as usize >= CLASSES })
    }

    // --- weak references -------------------------------------------------------------------------------------

    /// Notes that `weak` (a weak reference object) refers to `target`. Immortal targets never die and are not noted.
    pub(crate) fn add_weak(&mut self, target: &Value, weak: &Value) {
        let Some(h) = target.header() else { return };
        if h.is_immortal() {
            return;
        }
        h.set(HAS_WEAKREFS);
        self.weak.entry(target.bits() as usize).or_default().push(NonNull::new(weak.ptr()).expect("a weak reference is an object"));
    }
    /// Forgets a weak reference object that dies itself.
    pub(crate) fn remove_weak(&mut self, target: *mut Header, weak: *mut Header) {
        if let Some(list) = self.weak.get_mut(&(target as usize)) {
            list.retain(|w| w.as_ptr() != weak);
            if list.is_empty() {
                self.weak.remove(&(target as usize));
            }
        }
    }
    /// The weak reference objects that refer to `target`.
    pub(crate) fn weak_refs(&self, target: &Value) -> Vec<Value> {
        // SAFETY: a weak reference object leaves the table when it dies.
        self.weak.get(&(target.bits() as usize)).map_or(Vec::new(), |l| l.iter().map(|w| unsafe { Value::new_ref(w.as_ptr()) }).collect())
    }
    fn clear_weak(&mut self, target: *mut Header, calls: impl Fn(*mut Header) -> bool) {
        let Some(list) = self.weak.remove(&(target as usize)) else { return };
        for w in list {
            // SAFETY: as in weak_refs; `kill_weak` only writes the reference's own cell.
            unsafe {
                let callback = crate::weak::kill(w.as_ptr());
                if (*w.as_ptr()).ref_count() > 0 && !callback.is_null() && calls(w.as_ptr()) {
                    self.callbacks.push((Value::new_ref(w.as_ptr()), callback));
                    self.pending.set(true);
                }
            }
        }
    }

    // --- collection ------------------------------------------------------------------------------------------

    /// Collects cycles; returns how many objects were found unreachable. Needs that nobody borrows contents (the
    /// caller holds the token mutably).
    pub(crate) fn collect(&mut self) -> usize {
        if self.collecting {
            return 0;
        }
        self.collecting = true;
        self.gc_due = false;
        let pages: Vec<*mut Page> = self.gc_pages().copied().collect();
        // SAFETY: H1-H3 hold for every slot visited; traversal only reads; the garbage is kept alive by `garbage` while
        // it is cleared.
        let found = unsafe {
            self.count_outside(&pages);
            let mut work = Vec::new();
            for &page in &pages {
                for h in slots(page) {
                    if *gc_ref(h) > 0 {
                        work.push(h);
                    }
                }
            }
            mark(self, work);
            // what is left at 0 is unreachable
            let mut garbage: Vec<*mut Header> = Vec::new();
            for &page in &pages {
                for h in slots(page) {
                    if *gc_ref(h) == 0 {
                        garbage.push(h);
                    }
                }
            }
            let mut due: Vec<*mut Header> = garbage.iter().copied().filter(|&h| wants_finalizer(h) && !comes_late(h)).collect();
            due.sort_by_key(|&h| (*h).type_head().layout.rank);
            for &h in &garbage {
                if (*h).has(HAS_WEAKREFS) {
                    (*h).unset(HAS_WEAKREFS);
                    let heap: *mut Heap = self;
                    // a reference that is garbage itself is not called back
                    self.clear_weak(h, |w| !is_collectable(heap, w) || *gc_ref(w) != 0);
                }
            }
            for &h in &due {
                (*h).set(FINALIZED);
                self.finalizers.push(Value::new_ref(h));
                self.pending.set(true);
            }
            // what a finaliser may still see stays for the next collection
            mark(self, due);
            let doomed: Vec<Value> = garbage.into_iter().filter(|&h| *gc_ref(h) == 0).map(|h| Value::new_ref(h)).collect();
            for &page in &pages {
                (*page).gc_refs = Vec::new();
            }
            for v in &doomed {
                let h = v.ptr();
                ((*h).type_head().layout.clear)(h);
            }
            doomed.len()
        };
        self.threshold = (self.live + self.live / 2).max(GC_FIRST);
        self.collections.0 += 1;
        self.collections.1 += found as u64;
        self.collecting = false;
        found
    }

    unsafe fn count_outside(&mut self, pages: &[*mut Page]) {
        let heap: *mut Heap = self;
        // SAFETY: see collect.
        unsafe {
            for &page in pages {
                (*page).gc_refs = vec![0; (*page).capacity as usize];
                for h in slots(page) {
                    *gc_ref(h) = (*h).ref_count();
                }
            }
            let mut subtract = |v: &Value| {
                if v.is_object() && is_collectable(heap, v.ptr()) {
                    *gc_ref(v.ptr()) -= 1;
                }
            };
            for &page in pages {
                for h in slots(page) {
                    visit_children(h, &mut subtract);
                }
            }
        }
    }
}

/// A count that marks an object as reached.
const REACHED: u32 = u32::MAX;

unsafe fn mark(heap: *mut Heap, mut work: Vec<*mut Header>) {
    // SAFETY: see Heap::collect.
    unsafe {
        work.retain(|&h| std::mem::replace(gc_ref(h), REACHED) != REACHED);
        while let Some(h) = work.pop() {
            visit_children(h, &mut |v: &Value| {
                if v.is_object() && is_collectable(heap, v.ptr()) && *gc_ref(v.ptr()) != REACHED {
                    *gc_ref(v.ptr()) = REACHED;
                    work.push(v.ptr());
                }
            });
        }
    }
}

unsafe fn visit_children(h: *mut Header, visit: &mut dyn FnMut(&Value)) {
    // SAFETY: H3. The reference to the type is counted like any other.
    unsafe {
        let ty = std::mem::ManuallyDrop::new(Value::from_bits((*h).ty.get() as u64));
        visit(&ty);
        ((*h).type_head().layout.traverse)(h, visit);
    }
}

unsafe fn is_collectable(heap: *mut Heap, h: *mut Header) -> bool {
    // SAFETY: object pointers lie in pages.
    unsafe {
        let page = page_of(h);
        (*page).heap == heap && (*page).class as usize >= CLASSES && !(*h).is_immortal()
    }
}

unsafe fn gc_ref<'a>(h: *mut Header) -> &'a mut u32 {
    // SAFETY: only called during a collection, for objects of collectable pages.
    unsafe {
        let page = page_of(h);
        let index = (h as usize - page as usize - PAGE_HEADER) / (*page).slot as usize;
        &mut (&mut (*page).gc_refs)[index]
    }
}

/// The live objects of a page.
unsafe fn slots(page: *mut Page) -> impl Iterator<Item = *mut Header> {
    // SAFETY: carved slots hold either a live object or a FreeSlot, both with `ty` at the same offset.
    unsafe {
        let base = (page as *mut u8).add(PAGE_HEADER);
        let size = (*page).slot as usize;
        (0..(*page).carved as usize).map(move |i| base.add(i * size) as *mut Header).filter(|&h| !(*h).ty.get().is_null())
    }
}

unsafe fn wants_finalizer(h: *mut Header) -> bool {
    // SAFETY: h is live.
    unsafe {
        let head = (*h).type_head();
        head.flags.get() & TYPE_HAS_FINALIZER != 0 && !(*h).has(FINALIZED) && (head.layout.wants_finalizer)(h)
    }
}

/// A native object that others of its cycle may use in their finalisers: it is finalised when nothing refers to it any more.
unsafe fn comes_late(h: *mut Header) -> bool {
    // SAFETY: h is live.
    unsafe {
        let head = (*h).type_head();
        head.layout.rank > 0 && head.flags.get() & crate::types::type_::flags::HEAP == 0
    }
}

#[cold]
#[inline(never)]
unsafe fn dealloc(h: *mut Header) {
    // SAFETY: the count is 0, nobody else refers to the object; its payload is dropped once and its slot returned once.
    unsafe {
        let heap = &mut *(*page_of(h)).heap;
        if wants_finalizer(h) {
            (*h).set(FINALIZED);
            (*h).rc.set(1);
            heap.finalizers.push(Value::from_raw(NonNull::new_unchecked(h)));
            heap.pending.set(true);
            return;
        }
        if heap.depth >= DEPTH {
            heap.trash.push(h);
            return;
        }
        heap.depth += 1;
        destroy(heap, h);
        heap.depth -= 1;
        if heap.depth == 0 {
            while let Some(h) = heap.trash.pop() {
                heap.depth = DEPTH / 2;
                destroy(heap, h);
                heap.depth = 0;
            }
        }
    }
}

unsafe fn destroy(heap: *mut Heap, h: *mut Header) {
    // SAFETY: see dealloc.
    unsafe {
        if (*h).has(HAS_WEAKREFS) {
            (*heap).clear_weak(h, |_| true);
        }
        let layout = (*h).type_head().layout;
        (layout.drop)(h);
        let ty = (*h).ty.get();
        if layout.gc {
            (*heap).live -= 1;
        }
        free_slot(heap, h);
        decref(ty);
    }
}

unsafe fn free_slot(heap: *mut Heap, h: *mut Header) {
    // SAFETY: the payload has been dropped.
    unsafe {
        let page = page_of(h);
        (*page).used -= 1;
        let class = (*page).class as usize;
        if (*page).used == 0 && (*page).capacity == 1 && (*heap).large.contains_key(&(page as usize)) {
            (*heap).pages.retain(|&p| p != page);
            let layout = (*heap).large.remove(&(page as usize)).expect("checked");
            ptr::drop_in_place(page);
            alloc::dealloc(page as *mut u8, layout);
            return;
        }
        let slot = h as *mut FreeSlot;
        slot.write(FreeSlot { next: (*page).free, ty: ptr::null_mut() });
        (*page).free = slot;
        if !(*page).listed && (*heap).current[class] != page {
            (*page).listed = true;
            (*page).next = (*heap).avail[class];
            (*heap).avail[class] = page;
        }
    }
}

impl Drop for Heap {
    /// Discards the heap whole: payloads are dropped without following references (every object is dropped by itself),
    /// type objects last, since they say how instances are laid out.
    fn drop(&mut self) {
        self.finalizers.drain(..).for_each(std::mem::forget);
        self.callbacks.drain(..).for_each(std::mem::forget);
        self.weak.clear();
        let keep = self.keep.take();
        let type_kind = crate::object::Kind::Type as u8;
        // SAFETY: counts are made immortal first, so that dropping a value inside a payload touches no other object's slot;
        // every slot's memory stays until the chunks are freed below.
        unsafe {
            for &page in &self.pages {
                for h in slots(page) {
                    (*h).rc.set(IMMORTAL | 1);
                }
            }
            keep.into_iter().for_each(|k| k.forget());
            for last in [false, true] {
                for &page in &self.pages {
                    for h in slots(page) {
                        if ((*h).kind == type_kind) == last {
                            ((*h).type_head().layout.drop)(h);
                        }
                    }
                }
            }
            for &page in &self.pages {
                ptr::drop_in_place(page);
            }
            for (p, layout) in self.chunks.drain(..) {
                alloc::dealloc(p, layout);
            }
            for (p, layout) in self.large.drain() {
                alloc::dealloc(p as *mut u8, layout);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::thread::with_vm;
    use crate::types::list::List;
    use crate::value::Value;
    use crate::world::Tid;

    #[test]
    fn cycles_are_collected_and_what_is_reachable_stays() {
        with_vm(|vm| {
            vm.heap().collect();
            let before = vm.heap().live_objects();
            for _ in 0..1000 {
                let (a, b) = (vm.new_list(vec![]), vm.new_list(vec![]));
                a.borrow_mut::<List>(vm).unwrap().items_mut().push(b.clone());
                b.borrow_mut::<List>(vm).unwrap().items_mut().push(a.clone());
            }
            let kept = vm.new_list(vec![]);
            kept.borrow_mut::<List>(vm).unwrap().items_mut().push(kept.clone());
            assert_eq!(vm.heap().collect(), 2000);
            assert_eq!(vm.heap().live_objects(), before + 1);
            assert!(kept.borrow::<List>(vm).unwrap().items()[0].is(&kept));
        });
    }

    #[test]
    fn a_million_deep_list_is_dropped_without_recursion() {
        with_vm(|vm| {
            let mut v = vm.new_list(vec![]);
            for _ in 0..1_000_000 {
                v = vm.new_list(vec![v]);
            }
            let live = vm.heap().live_objects();
            drop(v);
            assert!(vm.heap().live_objects() + 1_000_000 <= live);
        });
    }

    #[test]
    fn a_cloned_heap_keeps_sharing_and_cycles_and_is_its_own() {
        with_vm(|vm| {
            let shared = vm.new_list(vec![Value::i32(1)]);
            let top = vm.new_list(vec![shared.clone(), shared.clone()]);
            top.borrow_mut::<List>(vm).unwrap().items_mut().push(top.clone());
            let (heap, copy) = vm.heap().clone_heap((Tid::MAIN, Tid::MAIN), None, |c| c.value(&top));
            let items = copy.borrow::<List>(vm).unwrap().items().to_vec();
            assert!(items[0].is(&items[1]) && items[2].is(&copy) && !items[0].is(&shared) && !copy.is(&top));
            items[0].borrow_mut::<List>(vm).unwrap().items_mut().push(Value::NONE);
            assert_eq!(shared.borrow::<List>(vm).unwrap().items().len(), 1);
            drop((items, copy));
            drop(heap);
        });
    }
}
