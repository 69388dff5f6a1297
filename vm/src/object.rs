//! Payloads: what follows an object's header, and how the machine reaches it safely.
//!
//! A native type is a Rust struct that implements [`Payload`]. Its objects are `Header` + payload; instances of
//! Python subclasses are `Header` + [`Sub`]`<payload>`, which adds instance attributes behind the base payload, so that both can
//! be looked at as the base.
//!
//! Contents are borrowed through the token `Vm`, which stands for holding the GIL (the idea of GhostCell, Yanovski et al.,
//! ICFP 2021): shared borrows of any number of objects live as long as a shared borrow of the token, one mutable borrow as
//! long as a mutable one. Whatever may run Python, release the GIL or park takes `&mut Vm`, so no borrow of contents lives across
//! it. Payloads that never change once made ([`Immutable`]) need no token.

use crate::attrs::Attrs;
use crate::heap::{Header, Heap, about_to_change};
use crate::isolate::Exit;
use crate::types::buffer::{Buffer, Exports, MemoryMut};
use crate::types::function::Code;
use crate::types::type_::TypeObj;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::Tid;
use std::any::TypeId;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::panic::RefUnwindSafe;
use std::ptr;
use std::sync::Arc;

/// Tells the built-in layouts apart with one byte; everything else is `Other` and told apart by its Rust type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Kind {
    Other,
    Type,
    Str,
    BigInt,
    Float,
    Complex,
    Bytes,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    Range,
    Slice,
    Function,
    Native,
    BoundMethod,
    Code,
    Cell,
    Generator,
    Module,
    Exception,
    Instance,
    Property,
    StaticMethod,
    ClassMethod,
    ListIter,
    TupleIter,
    RangeIter,
    DictIter,
    StrIter,
    Frame,
    Traceback,
}

/// What an object holds behind its header.
pub trait Payload: Sized + 'static {
    /// The layout's short name; leave it for types outside the core.
    const KIND: Kind = Kind::Other;
    /// Whether objects can be part of a cycle.
    const GC: bool = true;
    /// Shows every value held to the collector.
    fn traverse(&self, visit: &mut dyn FnMut(&Value));
    /// Drops the values held, to break cycles. May leave the payload empty but must leave it valid.
    fn clear(&mut self) {}
    /// The same payload in another heap (fork, snapshots): values go through `c`.
    fn clone_in(&self, c: &mut Cloner) -> Self;
    /// Which objects of a cycle are finalised first: those that use others before those that are used (a buffer before its file).
    const FINALIZER_RANK: u8 = 0;
    /// Bytes that the payload owns outside of the object's slot: what `--max-memory` counts besides the slots.
    fn outside(&self) -> usize {
        0
    }
    /// Whether an object of a type with finalisers really needs its finaliser run.
    fn wants_finalizer(&self) -> bool {
        true
    }
    /// How a kept state (`heap/rollback.rs`) learns of changes. Has no default, so that no type is forgotten.
    const CHANGES: Changes<Self>;
    /// Where the instance attributes lie in the payload, if it has any.
    const ATTRS: Option<usize> = None;
    /// The bytes that the object lends through the buffer protocol; `None` where it has no such protocol.
    fn buffer(&self) -> Option<Buffer<'_>> {
        None
    }
    /// The same bytes, to be written; `None` where they are read-only.
    fn buffer_mut(&mut self) -> Option<MemoryMut<'_>> {
        None
    }
    /// Counts the views upon the bytes, for objects that must not be resized meanwhile.
    fn exports(&mut self) -> Option<Exports> {
        None
    }
}

/// How the payload of a `T` changes, and so how a kept state puts it back: see [`Payload::CHANGES`].
pub struct Changes<T>(How, PhantomData<fn(T)>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum How {
    /// Only under a mutable borrow, which logs a copy first.
    ByBorrow,
    /// Likewise, but for what is only cached.
    ButCaches,
    /// At any time: copied when the state is kept, put back after each run.
    Restless,
    /// Outside of the heap too, where nothing is put back: no state with such an object is kept.
    Outside,
}

impl<T: RefUnwindSafe> Changes<T> {
    /// Contents change only under a mutable borrow. The compiler's rule for `RefUnwindSafe` makes sure that there is no cell in them.
    pub const BY_BORROW: Changes<T> = Changes(How::ByBorrow, PhantomData);
}

impl<T> Changes<T> {
    /// Like [`Changes::BY_BORROW`], for contents with cells which only hold what follows from the rest or from what never changes
    /// (hashes, inline caches guarded by versions that are never used twice).
    pub const BY_BORROW_BUT_CACHES: Changes<T> = Changes(How::ButCaches, PhantomData);
    /// There are cells that change at any time, as an iterator's place does.
    pub const RESTLESS: Changes<T> = Changes(How::Restless, PhantomData);
    /// What the payload stands for lies outside of the heap and changes there: a file, a thread, memory that processes share.
    pub const OUTSIDE: Changes<T> = Changes(How::Outside, PhantomData);
    /// As the payload it is built upon.
    pub const fn like<B>(base: Changes<B>) -> Changes<T> {
        Changes(base.0, PhantomData)
    }
}

/// A payload that never changes where Python or another thread could see it; reached without the token. Interior `Cell`s
/// may cache what follows from the rest.
pub trait Immutable: Payload {}

/// How objects of one Rust type are laid out and handled.
pub struct Layout {
    /// Bytes, header included.
    pub size: usize,
    /// The built-in layout.
    pub kind: Kind,
    /// Can be part of a cycle.
    pub gc: bool,
    /// [`Payload::FINALIZER_RANK`]
    pub rank: u8,
    /// [`Payload::CHANGES`]
    pub(crate) changes: How,
    /// The payload's Rust type; for `Sub<T>` that of T.
    pub base_id: fn() -> TypeId,
    /// The payload's own Rust type.
    pub own_id: fn() -> TypeId,
    /// Bytes from the header to the instance attributes.
    pub attrs: Option<usize>,
    /// This layout with instance attributes.
    pub with_attrs: fn() -> &'static Layout,
    pub(crate) drop: unsafe fn(*mut Header),
    pub(crate) traverse: unsafe fn(*const Header, &mut dyn FnMut(&Value)),
    pub(crate) clear: unsafe fn(*mut Header),
    pub(crate) outside: unsafe fn(*const Header) -> usize,
    pub(crate) wants_finalizer: unsafe fn(*const Header) -> bool,
    pub(crate) clone: unsafe fn(*const Header, *mut Header, &mut Cloner),
    pub(crate) buffer: unsafe fn(&Header) -> Option<Buffer<'_>>,
    pub(crate) buffer_mut: unsafe fn(&Header) -> Option<MemoryMut<'_>>,
    pub(crate) exports: unsafe fn(&Header) -> Option<Exports>,
}

impl Layout {
    /// Whether both lay out the same payload. Addresses do not tell: a layout may have several copies.
    pub fn same(&self, other: &Layout) -> bool {
        std::ptr::eq(self, other) || (self.own_id)() == (other.own_id)()
    }
}

/// An object: header, then payload.
#[repr(C)]
pub(crate) struct Obj<T> {
    pub header: Header,
    pub body: T,
}

/// A base payload with instance attributes behind it.
#[repr(C)]
pub struct Sub<T> {
    base: T,
    attrs: Attrs,
}

impl<T> Sub<T> {
    /// A base payload with no attributes yet.
    pub fn new(base: T) -> Sub<T> {
        Sub { base, attrs: Attrs::default() }
    }
}

impl<T: Payload> Payload for Sub<T> {
    const CHANGES: Changes<Self> = Changes::like(T::CHANGES);
    const KIND: Kind = T::KIND;
    const GC: bool = true;
    const ATTRS: Option<usize> = match T::ATTRS {
        Some(a) => Some(a),
        None => Some(std::mem::offset_of!(Sub<T>, attrs)),
    };
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.base.traverse(visit);
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.base.clear();
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> Self {
        Sub { base: self.base.clone_in(c), attrs: self.attrs.clone_in(c) }
    }
    fn outside(&self) -> usize {
        self.base.outside() + self.attrs.outside()
    }
    fn wants_finalizer(&self) -> bool {
        self.base.wants_finalizer()
    }
    fn buffer(&self) -> Option<Buffer<'_>> {
        self.base.buffer()
    }
    fn buffer_mut(&mut self) -> Option<MemoryMut<'_>> {
        self.base.buffer_mut()
    }
    fn exports(&mut self) -> Option<Exports> {
        self.base.exports()
    }
}

/// A plain instance of a class written in Python.
#[repr(C)]
#[derive(Default)]
pub struct Instance {
    /// The instance attributes.
    pub attrs: Attrs,
}

impl Payload for Instance {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Instance;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(Instance, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        self.attrs.clear();
    }
    fn clone_in(&self, c: &mut Cloner) -> Self {
        Instance { attrs: self.attrs.clone_in(c) }
    }
    fn outside(&self) -> usize {
        self.attrs.outside()
    }
}

/// The payload of `object()` itself: nothing.
pub struct Bare;

impl Payload for Bare {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Self {
        Bare
    }
}
impl Immutable for Bare {}

struct LayoutOf<T>(T);

impl<T: Payload> LayoutOf<T> {
    const LAYOUT: Layout = Layout {
        size: size_of::<Obj<T>>(),
        kind: T::KIND,
        gc: T::GC,
        rank: T::FINALIZER_RANK,
        changes: T::CHANGES.0,
        base_id: TypeId::of::<T>,
        own_id: TypeId::of::<T>,
        attrs: match T::ATTRS {
            Some(a) => Some(a + size_of::<Header>()),
            None => None,
        },
        with_attrs: attr_layout::<T>,
        drop: drop_payload::<T>,
        traverse: traverse_payload::<T>,
        clear: clear_payload::<T>,
        outside: outside_payload::<T>,
        wants_finalizer: wants_finalizer_payload::<T>,
        clone: clone_payload::<T>,
        buffer: buffer_payload::<T>,
        buffer_mut: buffer_mut_payload::<T>,
        exports: exports_payload::<T>,
    };
    const SUB: Layout = Layout {
        size: size_of::<Obj<Sub<T>>>(),
        gc: true,
        own_id: TypeId::of::<Sub<T>>,
        attrs: match <Sub<T> as Payload>::ATTRS {
            Some(a) => Some(a + size_of::<Header>()),
            None => None,
        },
        drop: drop_payload::<Sub<T>>,
        traverse: traverse_payload::<Sub<T>>,
        clear: clear_payload::<Sub<T>>,
        outside: outside_payload::<Sub<T>>,
        wants_finalizer: wants_finalizer_payload::<Sub<T>>,
        clone: clone_payload::<Sub<T>>,
        buffer: buffer_payload::<Sub<T>>,
        buffer_mut: buffer_mut_payload::<Sub<T>>,
        exports: exports_payload::<Sub<T>>,
        ..LayoutOf::<T>::LAYOUT
    };
}

/// The layout of objects with payload `T`.
pub const fn layout_of<T: Payload>() -> &'static Layout {
    const { assert!(align_of::<T>() <= 8) };
    &LayoutOf::<T>::LAYOUT
}

/// The layout of objects with payload `T` and instance attributes behind it, where `T` has none of its own.
pub const fn attr_layout<T: Payload>() -> &'static Layout {
    if T::ATTRS.is_some() { &LayoutOf::<T>::LAYOUT } else { &LayoutOf::<T>::SUB }
}

unsafe fn drop_payload<T>(h: *mut Header) {
    // SAFETY: H3 of the heap: the layout tells the payload's type; called once.
    unsafe { ptr::drop_in_place(&mut (*(h as *mut Obj<T>)).body) }
}
unsafe fn traverse_payload<T: Payload>(h: *const Header, visit: &mut dyn FnMut(&Value)) {
    // SAFETY: H3.
    unsafe { (*(h as *const Obj<T>)).body.traverse(visit) }
}
unsafe fn outside_payload<T: Payload>(h: *const Header) -> usize {
    // SAFETY: H3; the heap is counted with the token held mutably, so nobody borrows the payload mutably.
    unsafe { (*(h as *const Obj<T>)).body.outside() }
}
unsafe fn clear_payload<T: Payload>(h: *mut Header) {
    // SAFETY: H3; the collector runs with the token held mutably, so nobody borrows the payload.
    unsafe { (*(h as *mut Obj<T>)).body.clear() }
}
unsafe fn wants_finalizer_payload<T: Payload>(h: *const Header) -> bool {
    // SAFETY: H3.
    unsafe { (*(h as *const Obj<T>)).body.wants_finalizer() }
}
unsafe fn clone_payload<T: Payload>(from: *const Header, to: *mut Header, c: &mut Cloner) {
    // SAFETY: H3; `to` is a fresh slot of the same layout.
    unsafe { ptr::write(&raw mut (*(to as *mut Obj<T>)).body, (*(from as *const Obj<T>)).body.clone_in(c)) }
}
unsafe fn buffer_payload<T: Payload>(h: &Header) -> Option<Buffer<'_>> {
    // SAFETY: H3; the caller holds the token for as long as the result lives, so nobody borrows the payload mutably.
    unsafe { (*(h as *const Header as *const Obj<T>)).body.buffer() }
}
unsafe fn buffer_mut_payload<T: Payload>(h: &Header) -> Option<MemoryMut<'_>> {
    // SAFETY: H3; the caller holds the token mutably for as long as the result lives.
    unsafe { (*(h as *const Header as *mut Obj<T>)).body.buffer_mut() }
}
unsafe fn exports_payload<T: Payload>(h: &Header) -> Option<Exports> {
    // SAFETY: H3; the caller holds the token mutably.
    unsafe { (*(h as *const Header as *mut Obj<T>)).body.exports() }
}

/// Clones objects from one heap into another; made by the heap's clone operation.
pub struct Cloner<'a> {
    pub(crate) from: &'a Heap,
    pub(crate) heap: *mut Heap,
    pub(crate) counters: HashMap<usize, Exports>,
    /// The thread that clones, and what it will be in the copy: the only one there.
    pub(crate) threads: (Tid, Tid),
    pub(crate) exit: Option<Arc<Exit>>,
    /// The copy goes into the same heap, where every object is its own counterpart.
    pub(crate) same: bool,
}

impl<'a> Cloner<'a> {
    /// Copies payloads within their own heap: what they refer to stays the same.
    pub(crate) fn same_heap(heap: &'a Heap) -> Cloner<'a> {
        let nobody = (Tid(u32::MAX), Tid(u32::MAX));
        Cloner { from: heap, heap: heap as *const Heap as *mut Heap, counters: HashMap::new(), threads: nobody, exit: None, same: true }
    }
    /// The value's counterpart in the new heap. Immediates and immortal objects are themselves.
    pub fn value(&mut self, v: &Value) -> Value {
        match v.header() {
            Some(h) if !h.is_immortal() && !self.same => {
                let new = self.relocate(v.ptr());
                // SAFETY: every object of the old heap has its slot in the new one before payloads are cloned.
                if new.is_null() { Value::NULL } else { unsafe { Value::new_ref(new) } }
            }
            _ => v.clone(),
        }
    }
    /// The counterparts of several values.
    pub fn values(&mut self, vs: &[Value]) -> Vec<Value> {
        vs.iter().map(|v| self.value(v)).collect()
    }
    /// The code, globals and builtins that a waiting frame of `owner` borrows, as addresses in the new heap. The payloads there
    /// may not be written yet, so only addresses are computed.
    pub(crate) fn code_of(&mut self, owner: &Value, code: *const Code, globals: u64, builtins: u64) -> (*const Code, u64, u64) {
        // SAFETY: `owner` is a function or a code object of the old heap, whose payloads are whole.
        let old = unsafe {
            match owner.kind() {
                Some(k) if k == Kind::Function as u8 => (*owner.body::<crate::types::function::Function>()).code.clone(),
                _ => owner.clone(),
            }
        };
        let new = self.relocate(old.ptr());
        // SAFETY: only the payload's address behind the header.
        let code = if new.is_null() { code } else { unsafe { &raw const (*(new as *mut Obj<Code>)).body } };
        (code, self.address(globals), self.address(builtins))
    }
    /// Where the counterpart lies; null for what is shared.
    pub(crate) fn relocate(&self, old: *mut Header) -> *mut Header {
        self.from.forward(old)
    }
    /// An object's address (a value's bits) as a key: that of its counterpart.
    pub(crate) fn address(&self, bits: u64) -> u64 {
        match self.relocate(bits as *mut Header) as u64 {
            0 => bits,
            new => new,
        }
    }
    /// A thread as an owner of something: the cloning thread becomes the copy's only one; others own in vain what they own.
    pub fn thread(&self, tid: Tid) -> Tid {
        if tid == self.threads.0 { self.threads.1 } else { tid }
    }
    /// Whether this is the thread that clones, and so lives on in the copy.
    pub fn lives_on(&self, tid: Tid) -> bool {
        self.same || tid == self.threads.0
    }
    /// Whether the copy is one of the same process's object at another time, not one for a child process.
    pub fn same_process(&self) -> bool {
        self.same
    }
    /// What the copy's process leaves behind, if it is a process.
    pub fn exit(&self) -> Option<Arc<Exit>> {
        self.exit.clone()
    }
    pub(crate) fn heap(&self) -> *mut Heap {
        self.heap
    }
    /// The counterpart of a counter that several payloads share.
    pub fn counter(&mut self, old: &Exports) -> Exports {
        if self.same {
            return old.clone();
        }
        let key = std::rc::Rc::as_ptr(old) as usize;
        self.counters.entry(key).or_insert_with(|| Exports::new(std::cell::Cell::new(old.get()))).clone()
    }
}

#[inline(always)]
fn is_payload<T: Payload>(h: &Header) -> bool {
    if T::KIND as u8 == Kind::Other as u8 {
        h.kind() == Kind::Other as u8 && (h.type_head().layout.base_id)() == TypeId::of::<T>()
    } else {
        h.kind() == T::KIND as u8
    }
}

/// A type object's payload. Types change only under the GIL and never while borrowed here for longer than a lookup; what is
/// handed out must not be kept across a call that may run Python.
#[inline(always)]
pub(crate) fn type_payload(h: &Header) -> Option<&TypeObj> {
    // SAFETY: the kind tells the payload's type.
    if h.kind() == Kind::Type as u8 { Some(unsafe { &(*(h as *const Header as *const Obj<TypeObj>)).body }) } else { None }
}

impl Value {
    /// Whether the payload is a `T` (also for instances of subclasses).
    #[inline(always)]
    pub fn is_a<T: Payload>(&self) -> bool {
        self.header().is_some_and(is_payload::<T>)
    }
    /// The kind of layout; `None` for immediates.
    #[inline(always)]
    pub fn kind(&self) -> Option<u8> {
        self.header().map(|h| h.kind())
    }
    /// The payload of an immutable type.
    #[inline(always)]
    pub fn get<T: Immutable>(&self) -> Option<&T> {
        // SAFETY: the check tells the payload's type; an immutable payload is never mutably borrowed.
        if self.is_a::<T>() { Some(unsafe { &(*(self.ptr() as *const Obj<T>)).body }) } else { None }
    }
    /// The payload, while the token is held.
    #[inline(always)]
    pub fn borrow<'a, T: Payload>(&'a self, _token: &'a Vm) -> Option<&'a T> {
        // SAFETY: the check tells the payload's type; mutable borrows need `&mut Vm`, so none lives beside this.
        if self.is_a::<T>() { Some(unsafe { &(*(self.ptr() as *const Obj<T>)).body }) } else { None }
    }
    /// The payload, to be changed, while the token is held mutably.
    #[inline(always)]
    pub fn borrow_mut<'a, T: Payload>(&'a self, _token: &'a mut Vm) -> Option<&'a mut T> {
        // SAFETY: the check tells the payload's type; the token is borrowed mutably, so this is the only borrow of contents.
        unsafe {
            if !self.is_a::<T>() {
                return None;
            }
            about_to_change(self.ptr());
            Some(&mut (*(self.ptr() as *mut Obj<T>)).body)
        }
    }
    /// The bytes the object lends, while the token is held; `None` where it lends none (immediates, and views: see `Vm::with_buffer`).
    pub fn buffer<'a>(&'a self, _token: &'a Vm) -> Option<Buffer<'a>> {
        let h = self.header()?;
        // SAFETY: the layout is the object's own; the token excludes mutable borrows for as long as the result lives.
        unsafe { (h.type_head().layout.buffer)(h) }
    }
    /// The bytes the object lends, to be written.
    pub fn buffer_mut<'a>(&'a self, _token: &'a mut Vm) -> Option<MemoryMut<'a>> {
        let h = self.header()?;
        // SAFETY: likewise; the token is borrowed mutably, so this is the only borrow of contents.
        unsafe {
            about_to_change(self.ptr());
            (h.type_head().layout.buffer_mut)(h)
        }
    }
    /// The object's counter of views, where it must not be resized while there are any.
    pub fn buffer_exports(&self, _token: &mut Vm) -> Option<Exports> {
        let h = self.header()?;
        // SAFETY: likewise.
        unsafe { (h.type_head().layout.exports)(h) }
    }
    /// The type object that tells what this value is.
    #[inline(always)]
    pub fn type_of<'a>(&'a self, vm: &'a Vm) -> &'a Value {
        match self.header() {
            // SAFETY: a Value is its bits; the header keeps the type alive as long as the object.
            Some(h) => unsafe { &*(h.ty_slot() as *const Value) },
            None => vm.immediate_type(self),
        }
    }
    /// The payload of the value's type.
    #[inline(always)]
    pub fn class<'a>(&'a self, vm: &'a Vm) -> &'a TypeObj {
        let h = self.type_of(vm).header().expect("types are objects");
        // SAFETY: H3 of the heap: what a header names as its type is a type object.
        unsafe { &(*(h as *const Header as *const Obj<TypeObj>)).body }
    }
    /// The payload without a check of its type.
    ///
    /// # Safety
    /// The object's payload is a `T`, and no borrow of it conflicts.
    #[inline(always)]
    pub(crate) unsafe fn body<T: Payload>(&self) -> *mut T {
        debug_assert!(self.is_a::<T>());
        // SAFETY: the caller's promise.
        unsafe { &raw mut (*(self.ptr() as *mut Obj<T>)).body }
    }
    /// The instance attributes, if objects of this type have any.
    #[inline]
    pub fn attrs<'a>(&'a self, _token: &'a Vm) -> Option<&'a Attrs> {
        let h = self.header()?;
        let at = h.type_head().layout.attrs?;
        // SAFETY: the layout says where the attributes lie; the token excludes mutable borrows.
        Some(unsafe { &*((h as *const Header as *const u8).add(at) as *const Attrs) })
    }
    /// The instance attributes, to be changed.
    #[inline]
    pub fn attrs_mut<'a>(&'a self, _token: &'a mut Vm) -> Option<&'a mut Attrs> {
        let h = self.header()?;
        let at = h.type_head().layout.attrs?;
        // SAFETY: as in `attrs`, with the token held mutably.
        unsafe { about_to_change(self.ptr()) };
        // SAFETY: the same.
        Some(unsafe { &mut *((h as *const Header as *mut u8).add(at) as *mut Attrs) })
    }
}

impl Heap {
    /// A new object of type `ty` with payload `body`.
    ///
    /// Panics where the type's layout is neither that of `T` nor that of `Sub<T>`: a native's mistake.
    #[inline]
    pub fn new_object<T: Payload>(&mut self, ty: &Value, body: T) -> Value {
        let head = crate::types::type_::head(ty);
        let layout = head.layout;
        if ptr::eq(layout, layout_of::<T>()) || (layout.own_id)() == TypeId::of::<T>() {
            // SAFETY: the payload is written at once, in its own layout.
            unsafe { self.alloc_body(layout, ty, body) }
        } else {
            assert!((layout.own_id)() == TypeId::of::<Sub<T>>(), "the payload does not fit the type's layout");
            // SAFETY: likewise.
            unsafe { self.alloc_body(layout, ty, Sub::new(body)) }
        }
    }
    #[inline(always)]
    unsafe fn alloc_body<T: Payload>(&mut self, layout: &'static Layout, ty: &Value, body: T) -> Value {
        // SAFETY: the caller's layout is that of T.
        unsafe {
            let h = self.alloc(layout, ty.ptr());
            ptr::write(&raw mut (*(h as *mut Obj<T>)).body, body);
            if self.budget.limit != 0 {
                self.charge_object(h);
            }
            Value::from_raw(ptr::NonNull::new_unchecked(h))
        }
    }
}

impl Heap {
    /// A type object still to be filled. `meta` absent: the type is its own type (`type` itself).
    pub(crate) fn new_type(&mut self, meta: Option<&Value>, layout: &'static Layout, flags: u32) -> Value {
        // SAFETY: the payload is written at once; where the type is its own, the reference to itself is counted here.
        unsafe {
            let h = self.alloc(layout_of::<TypeObj>(), meta.map_or(ptr::null_mut(), |m| m.ptr()));
            ptr::write(&raw mut (*(h as *mut Obj<TypeObj>)).body, TypeObj::blank(layout, flags));
            if meta.is_none() {
                *((*h).ty_slot() as *mut *mut Header) = h;
                (*h).incref();
            }
            Value::from_raw(ptr::NonNull::new_unchecked(h))
        }
    }
    /// A type of this heap, to be filled or changed. Panics on anything else.
    pub(crate) fn type_mut<'a>(&'a mut self, ty: &'a Value) -> &'a mut TypeObj {
        assert!(self.owns(ty) && ty.is_a::<TypeObj>(), "a type of this heap");
        // SAFETY: types of a heap are borrowed mutably only through the heap or the token, both held mutably by the caller.
        unsafe { about_to_change(ty.ptr()) };
        // SAFETY: the same.
        unsafe { &mut (*(ty.ptr() as *mut Obj<TypeObj>)).body }
    }
}
