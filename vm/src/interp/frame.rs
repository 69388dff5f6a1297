//! Frames, and the stack of values they are windows on.
//!
//! A thread has a vector of frames and a list of chunks of values. A frame's window holds its local slots, then its operand stack,
//! as deep as the compiler computed. Chunks never move, so natives may be handed slices of a window; when a window does not fit
//! the current chunk, a new one begins. A generator's frame has its window in the generator object instead, for good.
//!
//! Invariant F1: `base[..slots]` are values (absent ones included) while the frame exists; `base + slots .. sp` are
//! values; what lies above is not initialised. The loop keeps `ip` and `sp` in registers and stores them before anything that
//! could look.

use crate::op::Instr;
use crate::types::function::Code;
use crate::value::Value;
use std::mem::MaybeUninit;

/// `Frame::flags`: the frame returns to Rust (`run` ends with it).
pub const ENTRY: u8 = 1;
/// The frame runs a generator's body.
pub const GENERATOR: u8 = 2;
/// The frame is an `__init__`: its result must be None and the instance is already on the caller's stack.
pub const INIT: u8 = 4;
/// The result is dropped (`__setattr__`, `__setitem__` ..).
pub const DISCARD: u8 = 8;
/// The window begins a chunk, which goes with the frame.
pub const NEW_CHUNK: u8 = 16;
/// The frame is the special method of a binary operator or comparison whose operands still are on the caller's stack.
pub const OPERATOR: u8 = 32;
/// The result is turned into its truth value, and inverted where the caller's instruction says so (`__contains__`).
pub const TRUTH: u8 = 64;

/// A frame object exists that must take the locals over when the frame ends.
pub const HAS_OBJECT: u8 = 128;

/// One running call of a Python function.
pub struct Frame {
    /// The code, kept alive by `owner`.
    pub code: *const Code,
    /// The next instruction.
    pub ip: *const Instr,
    /// The first local slot.
    pub base: *mut Value,
    /// One above the operand stack's top.
    pub sp: *mut Value,
    /// The module's dict, kept alive by `owner` or `namespace`. A borrowed copy of the bits.
    pub globals: u64,
    /// The builtins' dict, likewise borrowed.
    pub builtins: u64,
    /// Where the stack of values ended before this window.
    pub below: *mut Value,
    /// See the flags.
    pub flags: u8,
    /// The function, or the code object of a module or class body.
    pub owner: Value,
    /// The mapping of a module's, class's or `exec`'s names; absent for functions.
    pub locals: Value,
    /// For code without a function: what keeps globals alive.
    pub keep: Value,
    /// The generator whose body this is.
    pub generator: Value,
    /// For a generator's frame: what was being handled when it was resumed.
    pub outer_handled: Value,
    /// The frame object, once somebody asked for it.
    pub object: Value,
}

impl Frame {
    /// The index of the instruction before `ip`: the one that runs or has failed.
    pub fn last_instr(&self) -> usize {
        // SAFETY: ip points into the code's instructions (or one behind the last).
        let start = unsafe { (&(*(*self.code).instrs.get())).as_ptr() };
        ((self.ip as usize - start as usize) / size_of::<Instr>()).saturating_sub(1)
    }
    /// The code.
    pub fn code(&self) -> &Code {
        // SAFETY: `owner` keeps it alive.
        unsafe { &*self.code }
    }
    /// The line that runs.
    pub fn line(&self) -> u32 {
        let code = self.code();
        code.proto.line_at(self.last_instr())
    }
}

/// Room for a frame's values.
#[derive(Clone, Copy)]
pub struct Window {
    /// The first slot.
    pub base: *mut Value,
    /// See [`Frame::below`].
    pub below: *mut Value,
    /// `NEW_CHUNK` or 0.
    pub flag: u8,
}

struct Chunk {
    values: Box<[MaybeUninit<Value>]>,
    /// Where the chunk before was left.
    old_top: *mut Value,
    old_end: *mut Value,
}

/// A thread's frames and values.
pub struct Stack {
    /// The frames, innermost last.
    pub frames: Vec<Frame>,
    top: *mut Value,
    end: *mut Value,
    chunks: Vec<Chunk>,
    /// One chunk kept for the next overflow, so that a call at a chunk's edge does not allocate each time.
    spare: Option<Box<[MaybeUninit<Value>]>>,
}

const FIRST_CHUNK: usize = 256;
/// Frames that a stack keeps room for when it is trimmed.
const FEW_FRAMES: usize = 16;
const LAST_CHUNK: usize = 64 * 1024;

impl Default for Stack {
    fn default() -> Stack {
        Stack::new()
    }
}

impl Stack {
    /// An empty stack.
    pub fn new() -> Stack {
        Stack { frames: Vec::new(), top: std::ptr::null_mut(), end: std::ptr::null_mut(), chunks: Vec::new(), spare: None }
    }
    /// Where the next frame goes. It counts as pushed; the caller writes it at once, in place, since moving one there costs more than
    /// filling it.
    ///
    /// # Safety
    /// The caller writes the frame before anything else looks at the frames.
    #[inline(always)]
    pub unsafe fn next_frame(&mut self) -> *mut Frame {
        let n = self.frames.len();
        if n == self.frames.capacity() {
            more_frames(&mut self.frames);
        }
        // SAFETY: there is room for one more, and the caller writes it.
        unsafe {
            self.frames.set_len(n + 1);
            self.frames.as_mut_ptr().add(n)
        }
    }
    /// A window of `n` values, not initialised.
    #[inline(always)]
    pub fn window(&mut self, n: usize) -> Window {
        let below = self.top;
        if (self.end as usize - below as usize) / size_of::<Value>() >= n {
            // SAFETY: inside the chunk, as just checked.
            self.top = unsafe { below.add(n) };
            Window { base: below, below, flag: 0 }
        } else {
            Window { base: self.grow(n), below, flag: NEW_CHUNK }
        }
    }
    /// A window of `n` values that begins at `first`, an operand of the frame on top (whose flags are given), so that the arguments
    /// of a call need not be moved. `None` where it would not fit, or where the operands lie in a generator.
    #[inline(always)]
    pub fn extend(&mut self, first: *mut Value, caller: u8, n: usize) -> Option<Window> {
        let after = first.wrapping_add(n);
        if caller & GENERATOR != 0 || after > self.end {
            return None;
        }
        let below = std::mem::replace(&mut self.top, after);
        Some(Window { base: first, below, flag: 0 })
    }
    #[cold]
    #[inline(never)]
    fn grow(&mut self, n: usize) -> *mut Value {
        let size = (FIRST_CHUNK << self.chunks.len().min(12)).min(LAST_CHUNK).max(n);
        let mut values = match self.spare.take() {
            Some(s) if s.len() >= n => s,
            _ => Box::new_uninit_slice(size),
        };
        let base = values.as_mut_ptr() as *mut Value;
        let end = base.wrapping_add(values.len());
        self.chunks.push(Chunk { values, old_top: self.top, old_end: self.end });
        self.top = base.wrapping_add(n);
        self.end = end;
        base
    }
    /// Gives the last window back: `below` and the `NEW_CHUNK` flag are its frame's.
    #[inline(always)]
    pub fn release(&mut self, below: *mut Value, flags: u8) {
        if flags & NEW_CHUNK != 0 { self.shrink() } else { self.top = below }
    }
    /// Gives back the memory that only deep recursion needs.
    pub fn trim(&mut self) {
        if self.spare.as_ref().is_some_and(|s| s.len() > FIRST_CHUNK) {
            self.spare = None;
        }
        self.frames.shrink_to(FEW_FRAMES);
    }
    #[cold]
    #[inline(never)]
    fn shrink(&mut self) {
        if let Some(c) = self.chunks.pop() {
            self.top = c.old_top;
            self.end = c.old_end;
            self.spare = Some(c.values);
        }
    }
}

#[cold]
#[inline(never)]
fn more_frames(frames: &mut Vec<Frame>) {
    frames.reserve(1);
}
