//! What the compiler makes of a source text: code that knows no heap, so that any number of isolates can share it.

use crate::op::Instr;
use std::sync::Arc;

/// A constant of a code object; the isolate turns it into a value when it first runs the code.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `...`
    Ellipsis,
    /// An int that fits 64 bits.
    Int(i64),
    /// A larger int: its digits (no underscores, no prefix) in a radix.
    BigInt(Arc<str>, u32),
    /// A float.
    Float(f64),
    /// An imaginary literal.
    Imag(f64),
    /// A complex number, folded.
    Complex(f64, f64),
    /// A str.
    Str(Arc<str>),
    /// A str with lone surrogates, as WTF-8.
    StrWtf8(Arc<[u8]>),
    /// A bytes object.
    Bytes(Arc<[u8]>),
    /// A tuple of constants.
    Tuple(Arc<[Const]>),
    /// A frozenset of constants (of `x in {1, 2}`).
    FrozenSet(Arc<[Const]>),
    /// The code of a function, class body, comprehension ..
    Code(Arc<CodeProto>),
}

/// Where an instruction comes from. Lines count from 1, columns are UTF-8 bytes from 0. Line 0: no place (artificial).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pos {
    /// First line.
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column, in bytes; saturates at 65535.
    pub col: u16,
    /// Column behind the end, in bytes.
    pub end_col: u16,
}

/// A stretch of instructions whose exceptions go to a handler (the zero-cost scheme of CPython 3.11,
/// `Objects/exception_handling_notes.txt`). The innermost entry stands first among those that hold an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExcEntry {
    /// First instruction.
    pub start: u32,
    /// Instruction behind the last.
    pub end: u32,
    /// The handler.
    pub target: u32,
    /// How many values of the operand stack stay.
    pub depth: u32,
    /// Whether the failing instruction's index is pushed (as an int) below the exception.
    pub lasti: bool,
}

/// Properties of a code object (`CO_*` of CPython's `code.h`).
pub mod flags {
    /// Locals are slots.
    pub const OPTIMIZED: u32 = 0x1;
    /// A new namespace for each call.
    pub const NEWLOCALS: u32 = 0x2;
    /// `*args`
    pub const VARARGS: u32 = 0x4;
    /// `**kwargs`
    pub const VARKEYWORDS: u32 = 0x8;
    /// Defined inside a function.
    pub const NESTED: u32 = 0x10;
    /// A generator.
    pub const GENERATOR: u32 = 0x20;
    /// `async def`
    pub const COROUTINE: u32 = 0x80;
    /// A generator usable with `await` (`types.coroutine`).
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    /// `async def` with `yield`.
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// `from __future__ import annotations`
    pub const FUTURE_ANNOTATIONS: u32 = 0x100_0000;
    /// The first constant is a docstring.
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    /// A function in a class body.
    pub const METHOD: u32 = 0x800_0000;
}

/// Code, as the compiler leaves it.
///
/// A frame's local slots are `varnames` (parameters first: positional-only, positional, keyword-only, `*args`, `**kwargs`),
/// then `cellvars` that are not parameters, then `freevars`. A parameter that is a cell keeps its slot (`MakeCell` wraps it) and
/// is listed in `cellvars` too. `slot_names` has the name of every slot in this order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CodeProto {
    /// `co_name`
    pub name: Arc<str>,
    /// `co_qualname`
    pub qualname: Arc<str>,
    /// `co_filename`
    pub filename: Arc<str>,
    /// `co_firstlineno`
    pub first_line: u32,
    /// The instructions.
    pub instrs: Vec<Instr>,
    /// For each instruction, where it comes from.
    pub positions: Vec<Pos>,
    /// The exception table, innermost entries first.
    pub exc_table: Vec<ExcEntry>,
    /// `co_consts`
    pub consts: Vec<Const>,
    /// `co_names`
    pub names: Vec<Arc<str>>,
    /// `co_varnames`
    pub varnames: Vec<Arc<str>>,
    /// `co_cellvars`
    pub cellvars: Vec<Arc<str>>,
    /// `co_freevars`
    pub freevars: Vec<Arc<str>>,
    /// The name of each local slot.
    pub slot_names: Vec<Arc<str>>,
    /// Positional parameters, the positional-only ones included, without `*args`.
    pub arg_count: u32,
    /// Positional-only parameters.
    pub posonly_count: u32,
    /// Keyword-only parameters.
    pub kwonly_count: u32,
    /// Bits of [`flags`].
    pub flags: u32,
    /// The deepest operand stack.
    pub stack_size: u32,
}

impl CodeProto {
    /// The line of an instruction; one without a place belongs to what stands before it.
    pub fn line_at(&self, at: usize) -> u32 {
        let before = self.positions.get(..=at).unwrap_or(&self.positions);
        before.iter().rev().map(|p| p.line).find(|&l| l != 0).unwrap_or(self.first_line)
    }
    /// How many local slots a frame has.
    pub fn slots(&self) -> usize {
        self.slot_names.len()
    }
    /// The slot of the first free variable.
    pub fn first_free_slot(&self) -> usize {
        self.slot_names.len() - self.freevars.len()
    }
}
