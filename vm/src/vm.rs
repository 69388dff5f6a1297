//! The virtual machine as one Python thread sees it, and the token that stands for holding the GIL.
//!
//! A `&mut Vm` says: this thread holds its isolate's GIL and nobody borrows contents of objects. Natives get it as their first
//! argument. What needs to run Python, release the GIL or park takes it mutably; what only looks takes it shared.

use crate::code::CodeProto;
use crate::error::{Exc, Raised};
use crate::gil::{Gil, Turn};
use crate::heap::Heap;
use crate::image::Interner;
use crate::interp::frame::Stack;
use crate::interp::greenlet::Weave;
use crate::interp::trace::Tracing;
use crate::isolate::Isolate;
use crate::num::Int;
use crate::object::Payload;
use crate::probe::{Event, Part};
use crate::special::{Name, Special};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::int::BigInt;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::TypeObj;
use crate::value::Value;
use crate::world::{StackBounds, Tid};
use compact_str::CompactString;
use std::ptr::NonNull;
use std::sync::Arc;

/// A thread of an isolate, holding the GIL.
pub struct Vm {
    iso: NonNull<Isolate>,
    /// The countdown and the thread's side of the GIL.
    pub turn: Turn,
    /// The isolate's GIL.
    pub gil: Arc<Gil>,
    /// Frames and values.
    pub(crate) stack: Stack,
    /// The exception being handled (`sys.exception()`), or absent.
    pub(crate) handled: Value,
    /// Whether accesses are reported.
    pub observed: bool,
    /// Whether somebody looks before each instruction (`stepper`).
    pub(crate) stepping: bool,
    /// Whether the run is a controlled one (`control`).
    pub controlled: bool,
    /// The instruction that was begun last, in observed runs: its code's key, its index, whether it is visible.
    pub(crate) site_code: u64,
    pub(crate) site_at: u32,
    pub(crate) site_visible: bool,
    /// How many instructions were begun, in observed controlled runs.
    pub(crate) begun_instructions: u64,
    /// Whether steps are told of, and whether one has a result to be told next.
    pub(crate) telling: bool,
    pub(crate) untold: bool,
    /// Below this address no native re-entry may begin.
    pub(crate) stack_floor: usize,
    /// Containers whose repr this thread is making, by address.
    pub(crate) in_repr: Vec<u64>,
    /// Depth of Python frames and native re-entries, against the recursion limit.
    pub(crate) depth: u32,
    /// The exception being unwound was raised before: its traceback and context stay.
    pub(crate) reraising: bool,
    /// RERAISE of an exception that was raised at this instruction of the same frame: the next handler is to know.
    pub(crate) reraised_at: Option<i64>,
    /// Finalisers are running.
    pub(crate) in_pending: bool,
    /// Switches happen only at backward jumps, calls and function entry.
    pub restricted_switches: bool,
    /// `sys.settrace` and `sys.setprofile`.
    pub tracing: Tracing,
    /// The current `contextvars` context, or absent.
    pub context: Value,
    /// The thread's greenlets, once it has asked for one.
    pub(crate) weave: Option<Box<Weave>>,
}

impl Vm {
    /// The machine of a thread that has just been given the GIL.
    ///
    /// # Safety
    /// `iso` outlives the result, and from now on is reached through it only while the thread holds the isolate's GIL.
    pub(crate) unsafe fn new(iso: NonNull<Isolate>, turn: Turn, bounds: StackBounds) -> Vm {
        // SAFETY: the thread holds the GIL.
        let (gil, restricted_switches) = unsafe { (iso.as_ref().gil.clone(), iso.as_ref().restricted_switches) };
        let mut vm = Vm {
            iso,
            gil,
            reraising: false,
            reraised_at: None,
            in_pending: false,
            restricted_switches,
            turn,
            stack: Stack::new(),
            handled: Value::NULL,
            observed: false,
            stepping: false,
            controlled: false,
            site_code: 0,
            site_at: 0,
            site_visible: false,
            begun_instructions: 0,
            telling: false,
            untold: false,
            stack_floor: bounds.floor(STACK_RESERVE),
            in_repr: Vec::new(),
            depth: 0,
            tracing: Tracing::default(),
            context: Value::NULL,
            weave: None,
        };
        vm.stepping = vm.iso().stepper.is_some();
        vm.observed = vm.stepping || vm.iso().probe.is_some();
        vm.controlled = vm.iso().settings.visible.is_some();
        vm.telling = vm.iso().settings.visible.as_ref().is_some_and(|v| v.telling);
        vm.runs_again();
        vm
    }
    /// The exception that is being handled (`sys.exception()`), or None.
    pub fn handled_exception(&self) -> Value {
        let e = self.handled_or_null();
        if e.is_null() { Value::NONE } else { e }
    }
    /// The same, absent where there is none. A generator that handles nothing itself sees what its resumer handles.
    pub(crate) fn handled_or_null(&self) -> Value {
        if !self.handled.is_null() {
            return self.handled.clone();
        }
        let outer = self.stack.frames.iter().rev().find(|f| !f.outer_handled.is_null());
        outer.map(|f| f.outer_handled.clone()).unwrap_or_default()
    }
    /// Python frames and native re-entries on this thread now.
    pub fn recursion_depth(&self) -> u32 {
        self.depth
    }
    /// This thread.
    pub fn tid(&self) -> Tid {
        self.turn.tid()
    }
    /// The isolate.
    #[inline(always)]
    pub fn iso(&self) -> &Isolate {
        // SAFETY: the token is held (shared), so nobody changes the isolate.
        unsafe { self.iso.as_ref() }
    }
    /// The isolate, to be changed.
    #[inline(always)]
    pub fn iso_mut(&mut self) -> &mut Isolate {
        // SAFETY: the token is held mutably, so nobody else reaches the isolate.
        unsafe { self.iso.as_mut() }
    }
    pub(crate) fn iso_ptr(&self) -> NonNull<Isolate> {
        self.iso
    }
    /// The heap.
    #[inline(always)]
    pub fn heap(&mut self) -> &mut Heap {
        &mut self.iso_mut().heap
    }

    // --- types and names ------------------------------------------------------------------------------------

    /// A built-in type.
    #[inline(always)]
    pub fn ty(&self, t: T) -> &Value {
        self.iso().image.ty(t)
    }
    /// A built-in exception type.
    pub fn exc_type(&self, e: Exc) -> &Value {
        self.iso().image.exc(e)
    }
    /// The type of an immediate value.
    #[cold]
    pub fn immediate_type(&self, v: &Value) -> &Value {
        self.ty(if v.is_small() {
            T::Int
        } else if v.is_float() {
            T::Float
        } else if v.is_bool() {
            T::Bool
        } else if v.is_none() {
            T::NoneType
        } else if v.is_not_implemented() {
            T::NotImplementedType
        } else {
            T::EllipsisType
        })
    }
    /// The name of the value's type, for error texts.
    pub fn type_name(&self, v: &Value) -> String {
        self.full_type_name(v.type_of(self))
    }
    /// A type's name, for error texts.
    pub fn full_type_name(&self, ty: &Value) -> String {
        let Some(class) = ty.header().and_then(crate::object::type_payload) else { return String::new() };
        match class.module.get::<Str>().and_then(|m| m.as_str()) {
            // types of native modules are called by their full names, as CPython's are
            Some(m) if m != "builtins" && !class.has(crate::types::type_::flags::HEAP) => format!("{m}.{}", class.short_name()),
            _ => class.short_name(),
        }
    }
    /// The type's name without its module, for representations.
    pub fn short_type_name(&self, v: &Value) -> String {
        v.class(self).short_name()
    }
    /// A name the machine uses.
    #[inline(always)]
    pub fn name(&self, n: Name) -> Value {
        self.iso().image.name(n).clone()
    }
    /// A special method's name.
    pub fn special_name(&self, s: Special) -> Value {
        self.iso().image.special_name(s).clone()
    }
    /// The interned str of a text.
    pub fn intern(&mut self, text: &str) -> Value {
        self.iso_mut().intern(text)
    }
    /// The special method of a value's type, or `None`.
    #[inline(always)]
    pub fn special(&self, v: &Value, s: Special) -> Option<Value> {
        v.class(self).special(s).as_opt().cloned()
    }
    /// Looks a name up along a type's MRO (no descriptors, no metaclass).
    #[inline]
    pub fn type_lookup(&mut self, ty: &Value, name: &Value) -> Option<Value> {
        let t = ty.header().and_then(crate::object::type_payload)?;
        self.iso_mut().lookup(t, name).opt()
    }

    // --- new objects ----------------------------------------------------------------------------------------

    /// A new object of a built-in type.
    #[inline(always)]
    pub fn new_object<P: Payload>(&mut self, t: T, body: P) -> Value {
        // the image keeps the type alive
        let iso = self.iso_mut();
        let Isolate { heap, image, .. } = iso;
        heap.new_object(image.ty(t), body)
    }
    /// A new object of any type whose layout fits the payload.
    #[inline]
    pub fn new_of<P: Payload>(&mut self, ty: &Value, body: P) -> Value {
        self.heap().new_object(ty, body)
    }
    /// A type that a native declares.
    pub fn native_type(&mut self, def: &'static crate::image::TypeDef) -> Value {
        self.iso_mut().native_type(def)
    }
    /// A new object of a native's type.
    pub fn new_native<P: Payload>(&mut self, def: &'static crate::image::TypeDef, body: P) -> Value {
        let ty = self.native_type(def);
        self.new_of(&ty, body)
    }
    /// A str.
    pub fn new_str(&mut self, text: impl Into<CompactString>) -> Value {
        let text: CompactString = text.into();
        if text.len() <= 2 {
            let mut chars = text.chars();
            if let (first, None) = (chars.next(), chars.next()) {
                match first {
                    None => return self.name(Name::Empty),
                    Some(c) if (c as u32) < 256 => return self.iso().image.char(c as u8).clone(),
                    _ => {}
                }
            }
        }
        self.new_object(T::Str, Str::new(text))
    }
    /// A str from WTF-8 bytes.
    pub fn new_str_wtf8(&mut self, bytes: Vec<u8>) -> Value {
        match String::from_utf8(bytes) {
            Ok(t) => self.new_str(t),
            Err(e) => self.new_object(T::Str, Str::from_wtf8(e.into_bytes())),
        }
    }
    /// A tuple.
    pub fn new_tuple(&mut self, items: Vec<Value>) -> Value {
        if items.is_empty() {
            return self.iso().image.empty_tuple().clone();
        }
        self.new_object(T::Tuple, Tuple::new(items))
    }
    /// A list.
    pub fn new_list(&mut self, items: Vec<Value>) -> Value {
        self.new_object(T::List, List::new(items))
    }
    /// An empty dict.
    pub fn new_dict(&mut self) -> Value {
        self.new_object(T::Dict, Dict::new())
    }
    /// An int.
    #[inline]
    pub fn new_int(&mut self, i: i64) -> Value {
        match Value::small(i) {
            Some(v) => v,
            None => self.new_object(T::Int, BigInt(Int::from(i))),
        }
    }
    /// An int of any size.
    pub fn new_bigint(&mut self, i: Int) -> Value {
        match i.to_i64() {
            Some(small) => self.new_int(small),
            None => self.new_object(T::Int, BigInt(i)),
        }
    }
    /// An int from an unsigned number.
    pub fn new_uint(&mut self, i: u64) -> Value {
        match i64::try_from(i) {
            Ok(i) => self.new_int(i),
            Err(_) => self.new_object(T::Int, BigInt(Int::from(i))),
        }
    }

    // --- errors ---------------------------------------------------------------------------------------------

    /// An exception of a built-in type with a message.
    #[cold]
    pub fn err(&mut self, e: Exc, msg: impl Into<String>) -> Raised {
        let text = self.new_str(msg.into());
        self.err_args(e, vec![text])
    }
    /// An exception of a built-in type with these `args`.
    #[cold]
    pub fn err_args(&mut self, e: Exc, args: Vec<Value>) -> Raised {
        let args = self.new_tuple(args);
        let ty = self.exc_type(e).clone();
        Raised(self.new_of(&ty, crate::types::exception::Exception { args, ..Default::default() }))
    }
    /// `TypeError(msg)`
    #[cold]
    pub fn type_error(&mut self, msg: impl Into<String>) -> Raised {
        self.err(Exc::TypeError, msg)
    }
    /// `ValueError(msg)`
    #[cold]
    pub fn value_error(&mut self, msg: impl Into<String>) -> Raised {
        self.err(Exc::ValueError, msg)
    }
    /// `RuntimeError(msg)`
    #[cold]
    pub fn runtime_error(&mut self, msg: impl Into<String>) -> Raised {
        self.err(Exc::RuntimeError, msg)
    }
    /// `KeyError(key)`
    #[cold]
    pub fn key_error(&mut self, key: &Value) -> Raised {
        self.err_args(Exc::KeyError, vec![key.clone()])
    }
    /// An error of the numeric or text library as a Python exception.
    #[cold]
    pub fn num_err(&mut self, e: crate::num::PyErr) -> Raised {
        crate::proto::errors::from_num(self, e)
    }
    /// Whether the exception is an instance of a built-in exception type.
    pub fn is_exc(&self, r: &Raised, e: Exc) -> bool {
        r.0.class(self).is_subtype_of(self.exc_type(e))
    }

    /// Begins a container's repr: false where this thread is making it already (the container holds itself).
    pub fn enter_repr(&mut self, v: &Value) -> bool {
        let new = !self.in_repr.contains(&v.bits());
        if new {
            self.in_repr.push(v.bits());
        }
        new
    }
    /// Ends what [`Vm::enter_repr`] began.
    pub fn leave_repr(&mut self, v: &Value) {
        if let Some(i) = self.in_repr.iter().rposition(|&bits| bits == v.bits()) {
            self.in_repr.remove(i);
        }
    }

    // --- footprints -----------------------------------------------------------------------------------------

    /// Reports that the current instruction read this part of an object.
    #[inline(always)]
    pub fn touch_read(&mut self, object: &Value, part: Part) {
        if self.observed {
            self.report(object, part, false);
        }
    }
    /// Reports that the current instruction wrote this part of an object.
    #[inline(always)]
    pub fn touch_write(&mut self, object: &Value, part: Part) {
        if self.observed {
            self.report(object, part, true);
        }
    }
    /// Hands an event to the probe, if there is one.
    pub fn event(&mut self, event: &Event) {
        self.event_of(event, None);
    }
    /// The same, for something that happens to an object.
    pub(crate) fn event_of(&mut self, event: &Event, object: Option<&Value>) {
        // out of the isolate meanwhile, since it may look at the isolate
        let Some(mut probe) = self.iso_mut().probe.take() else { return };
        probe.event_in(self, event, object);
        self.iso_mut().probe = Some(probe);
    }
    /// The calls of this thread, innermost first: the code, and which of its instructions runs. In observed runs that is exact.
    pub fn calls(&self) -> impl Iterator<Item = (&Arc<CodeProto>, u32)> {
        self.stack.frames.iter().rev().map(|f| (&f.code().proto, f.last_instr() as u32))
    }

    // --- text -----------------------------------------------------------------------------------------------

    /// The text of a str object; lone surrogates become U+FFFD.
    pub fn text(&self, v: &Value) -> String {
        v.get::<Str>().map(|s| s.lossy().into_owned()).unwrap_or_default()
    }
    /// Whether the value is a type object.
    pub fn is_type(&self, v: &Value) -> bool {
        v.is_a::<TypeObj>()
    }
}

/// Bytes of native stack that natives may use beyond the last check.
pub const STACK_RESERVE: usize = 160 * 1024;
