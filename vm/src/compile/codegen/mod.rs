//! The code generator: a walk over the tree that writes each unit's instructions. Templates after CPython 3.12's
//! `Python/compile.c`, annotations after 3.14's (PEP 649).

mod annotations;
mod call;
mod class;
mod comprehension;
mod expr;
mod fstring;
mod function;
mod import;
mod pattern;
mod percent;
mod stmt;
mod try_with;
mod unit;
mod warn;

use super::Options;
use super::assemble::{Ins, Kind, Label};
use super::fold::Folder;
use super::symtable::{Place, Res, ScopeId, ScopeKind, SymTable, def, mangle};
use crate::code::{CodeProto, Const, Pos, flags};
use crate::op::Op;
use gilbert_parser::ast::*;
use gilbert_parser::{LineIndex, Span, SyntaxError, Warning};
use std::sync::Arc;
pub(super) use unit::{Datum, FBlock, FKind, Unit, UnitKind};

/// An instruction that comes from no place in the source.
const NO_POS: Pos = Pos { line: 0, end_line: 0, col: 0, end_col: 0 };

/// Longer sequences are built piece by piece, so that the operand stack stays small.
const STACK_GUIDELINE: usize = 30;

/// How deeply blocks may nest in one function (CPython's `CO_MAXBLOCKS`).
const MAX_BLOCKS: usize = 20;

/// What a name is compiled for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Load,
    Store,
    Del,
}

/// Where a name is found by the code being compiled.
enum Found {
    Fast,
    Deref,
    /// A free variable that a class namespace may override.
    ClassDeref,
    Global,
    /// A global name that an enclosing class's namespace may override.
    ClassGlobal,
    Name,
}

/// Compiles one tree.
pub(super) struct Compiler<'a> {
    index: &'a LineIndex,
    filename: Arc<str>,
    options: &'a Options,
    table: SymTable,
    unit: Unit<'a>,
    outer: Vec<Unit<'a>>,
    future_annotations: bool,
    /// Where the last `from __future__` import of the head stands.
    future_end: u32,
    interactive: bool,
    /// Warnings found on the way.
    pub warnings: Vec<Warning>,
}

impl<'a> Compiler<'a> {
    pub fn new(index: &'a LineIndex, filename: Arc<str>, options: &'a Options, table: SymTable, future: (bool, u32)) -> Compiler<'a> {
        let name: Arc<str> = Arc::from("<module>");
        let unit = Unit::new(UnitKind::Module, 0, name.clone(), name, None, 1);
        Compiler {
            index,
            filename,
            options,
            table,
            unit,
            outer: Vec::new(),
            future_annotations: future.0,
            future_end: future.1,
            interactive: false,
            warnings: Vec::new(),
        }
    }

    /// The code of a module.
    pub fn module(mut self, body: &'a [Stmt]) -> Res<(CodeProto, Vec<Warning>)> {
        self.unit_head();
        self.module_body(body)?;
        self.return_none();
        let code = self.finish_unit()?;
        Ok((code, self.warnings))
    }

    /// The code of what was typed at the prompt.
    pub fn single(mut self, body: &'a [Stmt]) -> Res<(CodeProto, Vec<Warning>)> {
        self.unit_head();
        self.interactive = true;
        self.annotations_head(body)?;
        self.body(body)?;
        self.return_none();
        let code = self.finish_unit()?;
        Ok((code, self.warnings))
    }

    /// The code of an expression; it returns the value.
    pub fn expression(mut self, body: &'a Expr) -> Res<(CodeProto, Vec<Warning>)> {
        self.unit_head();
        self.expr(body)?;
        let loc = self.at(body.span);
        self.op(loc, Op::ReturnValue, 0);
        let code = self.finish_unit()?;
        Ok((code, self.warnings))
    }

    // --- positions and errors

    /// The place of a node.
    fn at(&self, span: Span) -> Pos {
        let (line, col) = self.index.line_column(span.start);
        let (end_line, end_col) = self.index.line_column(span.end);
        Pos { line, end_line, col: col.min(u32::from(u16::MAX)) as u16, end_col: end_col.min(u32::from(u16::MAX)) as u16 }
    }

    /// A line without columns.
    fn at_line(line: u32) -> Pos {
        Pos { line, end_line: line, col: 0, end_col: 0 }
    }

    fn err<T>(&self, msg: impl Into<String>, span: Span) -> Res<T> {
        Err(SyntaxError::new(msg, span))
    }

    // --- instructions

    fn push(&mut self, kind: Kind, c: u8, b: u32, pos: Pos) {
        self.unit.code.ins.push(Ins { kind, c, b, pos, handler: None });
    }

    fn op(&mut self, loc: Pos, op: Op, b: u32) {
        self.push(Kind::Op(op), 0, b, loc);
    }

    fn op_c(&mut self, loc: Pos, op: Op, c: u8, b: u32) {
        self.push(Kind::Op(op), c, b, loc);
    }

    fn label(&mut self) -> Label {
        self.unit.code.new_label()
    }

    fn place(&mut self, label: Label) {
        self.unit.code.place(label);
    }

    fn jump(&mut self, loc: Pos, op: Op, to: Label) {
        self.push(Kind::Op(op), 0, to.0, loc);
    }

    fn setup(&mut self, loc: Pos, kind: Kind, handler: Label) {
        self.push(kind, 0, handler.0, loc);
    }

    fn pop_block(&mut self, loc: Pos) {
        self.push(Kind::PopBlock, 0, 0, loc);
    }

    fn load_const(&mut self, loc: Pos, value: Const) {
        let index = self.unit.const_index(value);
        self.op(loc, Op::LoadConst, index);
    }

    fn load_str(&mut self, loc: Pos, text: &str) {
        self.load_const(loc, Const::Str(Arc::from(text)));
    }

    fn named(&mut self, loc: Pos, op: Op, name: &Ident) {
        let name = mangle(self.unit.class.as_ref(), name);
        let index = self.unit.name_index(&name);
        self.op(loc, op, index);
    }

    fn slotted(&mut self, loc: Pos, op: Op, name: &Ident) {
        let slot = self.unit.slot(name);
        self.op(loc, op, slot);
    }

    fn return_none(&mut self) {
        let none = self.unit.const_index(Const::None);
        self.op(NO_POS, Op::ReturnConst, none);
    }

    // --- names

    /// Where the (mangled) name lives, seen through the comprehensions that are being compiled in place.
    fn find(&self, name: &Ident) -> Found {
        let scope = &self.table.scopes[self.unit.scope];
        let in_comp = !self.unit.inlined.is_empty();
        let mut place = None;
        for &id in self.unit.inlined.iter().rev() {
            match self.table.symbol(id, name).and_then(|s| s.place) {
                None | Some(Place::Free) => {}
                known => {
                    place = known;
                    break;
                }
            }
        }
        let inside = place.is_some();
        let place = place.or_else(|| {
            let symbol = self.table.symbol(self.unit.scope, name)?;
            if in_comp && scope.kind == ScopeKind::Class && symbol.flags & def::FREE_CLASS != 0 {
                return Some(Place::Free);
            }
            symbol.place
        });
        match place {
            Some(Place::Local) if inside || scope.kind.is_function_like() => Found::Fast,
            Some(Place::Local) => Found::Name,
            Some(Place::Cell) => Found::Deref,
            Some(Place::Free) if scope.sees_class => Found::ClassDeref,
            Some(Place::Free) if scope.kind == ScopeKind::Class && !in_comp => Found::ClassDeref,
            Some(Place::Free) => Found::Deref,
            Some(Place::GlobalExplicit) => Found::Global,
            Some(Place::GlobalImplicit) if scope.kind.is_function_like() => {
                if scope.sees_class {
                    Found::ClassGlobal
                } else {
                    Found::Global
                }
            }
            Some(Place::GlobalImplicit) if in_comp && scope.kind == ScopeKind::Class => Found::Global,
            _ if self.is_own_cell(name) => Found::Deref,
            _ => Found::Name,
        }
    }

    fn is_own_cell(&self, name: &Ident) -> bool {
        self.unit.kind == UnitKind::Class && self.unit.cellvars.contains(name)
    }

    fn name(&mut self, loc: Pos, name: &Ident, usage: Use) {
        let name = mangle(self.unit.class.as_ref(), name);
        match (self.find(&name), usage) {
            (Found::Fast, Use::Load) => self.slotted(loc, Op::LoadFast, &name),
            (Found::Fast, Use::Store) => self.slotted(loc, Op::StoreFast, &name),
            (Found::Fast, Use::Del) => self.slotted(loc, Op::DeleteFast, &name),
            (Found::ClassDeref, Use::Load) => {
                self.class_namespace(loc);
                self.slotted(loc, Op::LoadFromDictOrDeref, &name);
            }
            (Found::Deref, Use::Load) => self.slotted(loc, Op::LoadDeref, &name),
            (Found::Deref | Found::ClassDeref, Use::Store) => {
                self.slotted(loc, Op::StoreDeref, &name);
            }
            (Found::Deref | Found::ClassDeref, Use::Del) => {
                self.slotted(loc, Op::DeleteDeref, &name);
            }
            (Found::ClassGlobal, Use::Load) => {
                self.class_namespace(loc);
                let index = self.unit.name_index(&name);
                self.op(loc, Op::LoadFromDictOrGlobals, index);
            }
            (found, usage) => {
                let global = !matches!(found, Found::Name);
                let op = match usage {
                    Use::Load if global => Op::LoadGlobal,
                    Use::Load => Op::LoadName,
                    Use::Store if global => Op::StoreGlobal,
                    Use::Store => Op::StoreName,
                    Use::Del if global => Op::DeleteGlobal,
                    Use::Del => Op::DeleteName,
                };
                let index = self.unit.name_index(&name);
                self.op(loc, op, index);
            }
        }
    }

    /// The namespace of the class around: its own when in its body, else through the `__classdict__` cell.
    fn class_namespace(&mut self, loc: Pos) {
        if self.unit.kind == UnitKind::Class {
            self.op(loc, Op::LoadLocals, 0);
        } else {
            self.slotted(loc, Op::LoadDeref, &Arc::from("__classdict__"));
        }
    }

    fn is_function(&self) -> bool {
        self.table.scopes[self.unit.scope].kind.is_function_like()
    }

    // --- units

    /// Begins the unit of `scope`; its name is the scope's.
    fn enter_unit(&mut self, kind: UnitKind, scope: ScopeId, first_line: u32) -> Res {
        let name = self.table.scopes[scope].name.clone();
        let qualname = self.qualname(kind, &name);
        let class = self.unit.class.clone();
        let mut unit = Unit::new(kind, scope, name, qualname, class, first_line);
        unit.params = self.table.scopes[scope].params.clone();
        unit.cellvars = self.table.names_at(scope, Place::Cell, def::COMP_CELL);
        unit.freevars = self.table.names_at(scope, Place::Free, def::FREE_CLASS);
        if kind == UnitKind::Class {
            let known = &self.table.scopes[scope];
            for (needed, name) in [
                (known.needs_class_closure, "__class__"),
                (known.needs_class_dict, "__classdict__"),
                (known.needs_conditional_cell, "__conditional_annotations__"),
            ] {
                if needed {
                    // a class around this one has a cell of that name, too
                    unit.freevars.retain(|free| &**free != name);
                    unit.cellvars.push(Arc::from(name));
                }
            }
        }
        unit.order_cells();
        let outer = std::mem::replace(&mut self.unit, unit);
        self.outer.push(outer);
        self.unit_head();
        Ok(())
    }

    /// What every code object begins with.
    fn unit_head(&mut self) {
        for name in self.unit.cellvars.clone() {
            self.slotted(NO_POS, Op::MakeCell, &name);
        }
        let loc = Self::at_line(self.unit.first_line);
        if self.makes_generator() {
            let handler = self.label();
            self.setup(NO_POS, Kind::SetupCleanup, handler);
            self.unit.stop_iteration = Some(handler);
            self.op(loc, Op::ReturnGenerator, 0);
            self.op(loc, Op::Pop, 0);
        }
        self.op(loc, Op::Resume, 0);
    }

    fn makes_generator(&self) -> bool {
        let scope = &self.table.scopes[self.unit.scope];
        scope.kind == ScopeKind::Function && (scope.is_generator || scope.is_coroutine)
    }

    /// The handler of a generator's whole body: StopIteration must not leave it (PEP 479).
    fn stop_iteration_handler(&mut self) {
        let Some(handler) = self.unit.stop_iteration.take() else {
            return;
        };
        let scope = &self.table.scopes[self.unit.scope];
        let c = match (scope.is_generator, scope.is_coroutine) {
            (true, true) => 2,
            (false, true) => 1,
            _ => 0,
        };
        self.place(handler);
        self.op_c(NO_POS, Op::StopIterationError, c, 0);
        self.op(NO_POS, Op::Reraise, 1);
    }

    /// Ends the unit and goes back to the one around it.
    fn leave_unit(&mut self) -> Res<CodeProto> {
        let code = self.finish_unit()?;
        if let Some(outer) = self.outer.pop() {
            self.unit = outer;
        }
        Ok(code)
    }

    fn finish_unit(&mut self) -> Res<CodeProto> {
        self.stop_iteration_handler();
        let flags = self.code_flags();
        let unit = std::mem::take(&mut self.unit);
        let line = unit.first_line;
        let span = Span::at(self.index.line_start(line));
        unit.finish(self.filename.clone(), flags).map_err(|msg| SyntaxError::new(msg, span))
    }

    fn code_flags(&self) -> u32 {
        let scope = &self.table.scopes[self.unit.scope];
        let mut bits = self.unit.flags;
        if scope.kind.is_function_like() {
            bits |= flags::OPTIMIZED | flags::NEWLOCALS;
            if scope.nested {
                bits |= flags::NESTED;
            }
            bits |= match (scope.is_generator, scope.is_coroutine) {
                _ if scope.kind != ScopeKind::Function => 0,
                (true, true) => flags::ASYNC_GENERATOR,
                (true, false) => flags::GENERATOR,
                (false, true) => flags::COROUTINE,
                (false, false) => 0,
            };
        }
        if self.future_annotations {
            bits |= flags::FUTURE_ANNOTATIONS;
        }
        bits
    }

    fn qualname(&self, kind: UnitKind, name: &Ident) -> Arc<str> {
        let mut parent = &self.unit;
        let mut depth = self.outer.len();
        if parent.kind == UnitKind::TypeParams && depth > 0 {
            depth -= 1;
            parent = &self.outer[depth];
        }
        if depth == 0 {
            return name.clone();
        }
        let forced_global = matches!(kind, UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class) && {
            let mangled = mangle(parent.class.as_ref(), name);
            let place = self.table.symbol(parent.scope, &mangled).and_then(|s| s.place);
            place == Some(Place::GlobalExplicit)
        };
        if forced_global {
            return name.clone();
        }
        let middle = match parent.kind {
            UnitKind::Class => ".",
            UnitKind::Module => return name.clone(),
            _ => ".<locals>.",
        };
        Arc::from(format!("{}{middle}{name}", parent.qualname))
    }

    /// `code` (a unit just left) as a function on the stack. `attributes`: bits of SetFunctionAttribute whose values
    /// already lie on the stack, in the order 1, 2, 4 or 16.
    fn make_function(&mut self, loc: Pos, code: CodeProto, attributes: u32) {
        let closure = !code.freevars.is_empty();
        for name in &code.freevars {
            self.slotted(loc, Op::LoadClosure, name);
        }
        if closure {
            self.op(loc, Op::BuildTuple, code.freevars.len() as u32);
        }
        self.load_const(loc, Const::Code(Arc::new(code)));
        self.op(loc, Op::MakeFunction, 0);
        if closure {
            self.op(loc, Op::SetFunctionAttribute, 8);
        }
        for bit in [16, 4, 2, 1] {
            if attributes & bit != 0 {
                self.op(loc, Op::SetFunctionAttribute, bit);
            }
        }
    }

    // --- constants

    fn folder(&self) -> Folder {
        Folder { debug: self.options.optimize == 0 }
    }

    /// The value of `expr`, if it is known now.
    fn constant(&self, expr: &Expr) -> Option<Const> {
        self.folder().constant(expr)
    }
}
