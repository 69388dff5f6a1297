//! A unit: the code object being written, its tables and its open blocks.

use crate::code::{CodeProto, Const, Pos, flags};
use crate::compile::assemble::{Kind, Label, Stream, assemble};
use crate::compile::consts::ConstTable;
use crate::compile::symtable::ScopeId;
use crate::op;
use gilbert_parser::ast::{Ident, Stmt};
use indexmap::IndexSet;
use std::sync::Arc;

/// What a unit is the code of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum UnitKind {
    #[default]
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    TypeParams,
    /// Annotations, a type variable's bound, a type alias's value.
    Lazy,
}

/// An open block that `break`, `continue` and `return` must get out of.
#[derive(Clone, Copy)]
pub struct FBlock<'a> {
    pub kind: FKind,
    /// Where `continue` goes.
    pub start: Label,
    /// Where `break` goes.
    pub exit: Label,
    pub datum: Datum<'a>,
}

/// Kinds of open blocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FKind {
    While,
    For,
    TryExcept,
    FinallyTry,
    FinallyEnd,
    With,
    AsyncWith,
    HandlerCleanup,
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
}

/// What an open block needs for getting out of it.
#[derive(Clone, Copy)]
pub enum Datum<'a> {
    None,
    /// The `finally` body.
    Finally(&'a [Stmt]),
    /// Where the `with` item stands.
    Place(Pos),
    /// The name that `except .. as` bound.
    Name(&'a Ident),
}

/// See the module's page.
#[derive(Default)]
pub struct Unit<'a> {
    pub kind: UnitKind,
    pub scope: ScopeId,
    pub name: Arc<str>,
    pub qualname: Arc<str>,
    /// The class whose private names are mangled.
    pub class: Option<Ident>,
    pub first_line: u32,
    pub code: Stream,
    pub consts: ConstTable,
    pub names: IndexSet<Ident>,
    /// Slots in order of first use; numbered for good at the end.
    slots: IndexSet<Ident>,
    pub params: Vec<Ident>,
    pub cellvars: Vec<Ident>,
    pub freevars: Vec<Ident>,
    pub fblocks: Vec<FBlock<'a>>,
    /// Scopes of the comprehensions that are being compiled in place, outermost first.
    pub inlined: Vec<ScopeId>,
    /// `self.name = ..` seen in a class's methods.
    pub static_attributes: IndexSet<Ident>,
    pub stop_iteration: Option<Label>,
    pub flags: u32,
    pub arg_count: u32,
    pub posonly_count: u32,
    pub kwonly_count: u32,
    /// Annotated names with the number of their condition (`None`: unconditional), by node.
    pub conditions: std::collections::HashMap<usize, Option<u32>>,
}

impl<'a> Unit<'a> {
    pub fn new(kind: UnitKind, scope: ScopeId, name: Arc<str>, qualname: Arc<str>, class: Option<Ident>, first_line: u32) -> Unit<'a> {
        Unit { kind, scope, name, qualname, class, first_line, ..Unit::default() }
    }

    /// Parameters first among the cells, in their order.
    pub fn order_cells(&mut self) {
        let rank = |n: &Ident| {
            let at = self.params.iter().position(|p| p == n);
            at.unwrap_or(usize::MAX)
        };
        let mut cells = std::mem::take(&mut self.cellvars);
        cells.sort_by_key(rank);
        self.cellvars = cells;
    }

    pub fn const_index(&mut self, value: Const) -> u32 {
        self.consts.index(value)
    }

    pub fn name_index(&mut self, name: &Ident) -> u32 {
        if let Some(at) = self.names.get_index_of(name) {
            return at as u32;
        }
        self.names.insert_full(name.clone()).0 as u32
    }

    /// A provisional slot number for `name`.
    pub fn slot(&mut self, name: &Ident) -> u32 {
        if let Some(at) = self.slots.get_index_of(name) {
            return at as u32;
        }
        self.slots.insert_full(name.clone()).0 as u32
    }

    /// Numbers the slots, assembles, and makes the code object. Errors are a limit or a bug of the compiler.
    pub fn finish(mut self, filename: Arc<str>, more_flags: u32) -> Result<CodeProto, String> {
        let mut varnames = self.params.clone();
        for name in &self.slots {
            let known = self.params.contains(name) || self.cellvars.contains(name) || self.freevars.contains(name);
            if !known {
                varnames.push(name.clone());
            }
        }
        let mut slot_names: IndexSet<Ident> = varnames.iter().cloned().collect();
        slot_names.extend(self.cellvars.iter().cloned());
        slot_names.extend(self.freevars.iter().cloned());
        if slot_names.len() > u16::MAX as usize {
            return Err("too many local variables in one function (more than 65535)".to_owned());
        }
        self.renumber_slots(&slot_names)?;
        let values = self.consts.take();
        let bug = |what: String| format!("internal error of the compiler in {}: {what}", self.qualname);
        let out = assemble(std::mem::take(&mut self.code), &values, self.first_line).map_err(bug)?;
        let doc = (self.flags | more_flags) & flags::HAS_DOCSTRING != 0;
        let (instrs, consts) = drop_unused(out.instrs, values, doc);
        Ok(CodeProto {
            name: self.name,
            qualname: self.qualname,
            filename,
            first_line: self.first_line,
            instrs,
            positions: out.positions,
            exc_table: out.exc_table,
            consts,
            names: self.names.into_iter().collect(),
            varnames,
            cellvars: self.cellvars,
            freevars: self.freevars,
            slot_names: slot_names.into_iter().collect(),
            arg_count: self.arg_count,
            posonly_count: self.posonly_count,
            kwonly_count: self.kwonly_count,
            flags: self.flags | more_flags,
            stack_size: out.stack_size,
        })
    }

    fn renumber_slots(&mut self, slot_names: &IndexSet<Ident>) -> Result<(), String> {
        let mut map = Vec::with_capacity(self.slots.len());
        for name in &self.slots {
            let at = slot_names.get_index_of(name).ok_or_else(|| format!("internal error of the compiler: no slot for {name}"))?;
            map.push(at as u32);
        }
        for ins in &mut self.code.ins {
            if let Kind::Op(op) = ins.kind
                && op.flags() & op::LOCAL != 0
            {
                ins.b = map[ins.b as usize];
            }
        }
        Ok(())
    }
}

/// Drops constants that no instruction reads (the docstring stays).
fn drop_unused(mut instrs: Vec<op::Instr>, values: Vec<Const>, doc: bool) -> (Vec<op::Instr>, Vec<Const>) {
    let mut used = vec![false; values.len()];
    if doc && !used.is_empty() {
        used[0] = true;
    }
    for instr in &instrs {
        if instr.op.flags() & op::CONST != 0 {
            used[instr.b as usize] = true;
        }
    }
    let mut map = vec![0u32; values.len()];
    let mut kept = Vec::with_capacity(values.len());
    for (i, value) in values.into_iter().enumerate() {
        if used[i] {
            map[i] = kept.len() as u32;
            kept.push(value);
        }
    }
    for instr in &mut instrs {
        if instr.op.flags() & op::CONST != 0 {
            instr.b = map[instr.b as usize];
        }
    }
    (instrs, kept)
}
