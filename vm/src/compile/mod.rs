//! The compiler: syntax tree to code.
//!
//! `symtable` finds out where every name lives, `codegen` writes instructions with labels, `assemble` turns them into a code
//! object, `verify` checks what the machine relies on.

mod assemble;
mod codegen;
mod consts;
pub mod dis;
mod docstring;
pub mod effects;
mod fold;
mod peephole;
mod symbuild;
pub mod symtable;
pub mod unparse;
pub mod verify;

#[cfg(test)]
mod tests;

use crate::code::CodeProto;
use gilbert_parser::ast::{ExprKind, Expression, Module, Stmt, StmtKind};
use gilbert_parser::{Interactive, LineIndex, Stage, SyntaxError, Warning};
use std::sync::Arc;

/// What a source text is compiled as (the third argument of Python's `compile`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A file: a sequence of statements.
    Exec,
    /// One expression; the code returns its value.
    Eval,
    /// What is typed at the prompt: values of expression statements are printed.
    Single,
}

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// 0; 1: no `assert`, `__debug__` is False (`-O`); 2: no docstrings either (`-OO`).
    pub optimize: u8,
    /// `from __future__ import annotations` is in force already, inherited from the code that calls `compile`.
    pub future_annotations: bool,
    /// In mode `single`: a compound statement is complete only once an empty line ends it (`PyCF_DONT_IMPLY_DEDENT`, what a prompt wants).
    pub open_ended: bool,
}

/// Compiled code and the SyntaxWarnings met on the way (the parser's first).
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The code.
    pub code: Arc<CodeProto>,
    /// Warnings in source order.
    pub warnings: Vec<Warning>,
}

/// Compiles a source text.
///
/// # Errors
/// The first error of the parser, the symbol table or the code generator.
pub fn compile_source(src: &str, filename: &str, mode: Mode, options: &Options) -> Result<Compiled, SyntaxError> {
    match mode {
        Mode::Exec => {
            let module = gilbert_parser::parse_module(src)?;
            compile_tree(&module, src, filename, options, Mode::Exec)
        }
        Mode::Eval => {
            let expression = gilbert_parser::parse_expression(src)?;
            compile_expression_tree(&expression, src, filename, options).map_err(|e| e.of_stage(Stage::Code))
        }
        Mode::Single if !options.open_ended => {
            let module = gilbert_parser::parse_single(src)?;
            compile_tree(&module, src, filename, options, Mode::Single)
        }
        Mode::Single => {
            // whoever ends the last line of a block has ended the block, other than at the prompt
            let ended = if src.ends_with('\n') { format!("{src}\n") } else { src.to_owned() };
            match gilbert_parser::parse_interactive(&ended)? {
                Interactive::Complete(module) => compile_tree(&module, &ended, filename, options, Mode::Single),
                Interactive::Incomplete => {
                    let end = gilbert_parser::Span::at(src.len() as u32);
                    Err(SyntaxError::new("unexpected EOF while parsing", end).incomplete())
                }
            }
        }
    }
}

/// Compiles a module's tree.
///
/// # Errors
/// The first error of the symbol table or the code generator.
pub fn compile_module(module: &Module, src: &str, filename: &str, options: &Options) -> Result<Arc<CodeProto>, SyntaxError> {
    Ok(compile_tree(module, src, filename, options, Mode::Exec)?.code)
}

/// Compiles an expression's tree; the code returns its value.
///
/// # Errors
/// The first error of the symbol table or the code generator.
pub fn compile_expression(expression: &Expression, src: &str, filename: &str, options: &Options) -> Result<Arc<CodeProto>, SyntaxError> {
    Ok(compile_expression_tree(expression, src, filename, options)?.code)
}

/// Compiles what was typed at the prompt.
///
/// # Errors
/// The first error of the symbol table or the code generator.
pub fn compile_single(module: &Module, src: &str, filename: &str, options: &Options) -> Result<Arc<CodeProto>, SyntaxError> {
    Ok(compile_tree(module, src, filename, options, Mode::Single)?.code)
}

/// Compiles a module's tree as a file or as a line of the prompt, and keeps the warnings.
///
/// # Errors
/// The first error of the symbol table or the code generator.
pub fn compile_tree(module: &Module, src: &str, filename: &str, options: &Options, mode: Mode) -> Result<Compiled, SyntaxError> {
    compile_statements(module, &LineIndex::new(src), filename, options, mode).map_err(|e| e.of_stage(Stage::Code))
}

fn compile_statements(module: &Module, index: &LineIndex, filename: &str, options: &Options, mode: Mode) -> Result<Compiled, SyntaxError> {
    let future = future_imports(&module.body)?;
    let annotations = future.annotations || options.future_annotations;
    let table = symbuild::of_module(&module.body, annotations)?;
    let compiler = codegen::Compiler::new(index, Arc::from(filename), options, table, (annotations, future.end));
    let (code, warnings) = match mode {
        Mode::Single => compiler.single(&module.body)?,
        _ => compiler.module(&module.body)?,
    };
    Ok(finish(code, &module.warnings, warnings))
}

fn compile_expression_tree(expression: &Expression, src: &str, filename: &str, options: &Options) -> Result<Compiled, SyntaxError> {
    compile_value(expression, &LineIndex::new(src), filename, options)
}

fn compile_value(expression: &Expression, index: &LineIndex, filename: &str, options: &Options) -> Result<Compiled, SyntaxError> {
    let annotations = options.future_annotations;
    let table = symbuild::of_expression(&expression.body, annotations)?;
    let filename = Arc::from(filename);
    let future = (annotations, 0);
    let compiler = codegen::Compiler::new(index, filename, options, table, future);
    let (code, warnings) = compiler.expression(&expression.body)?;
    Ok(finish(code, &expression.warnings, warnings))
}

/// What a [`Tree`] holds.
pub enum TreeBody {
    /// The statements of a file or of a line of the prompt.
    Statements(Vec<Stmt>),
    /// An expression.
    Expression(Box<gilbert_parser::ast::Expr>),
}

/// A tree that no parser made (a script did, from nodes of `ast`).
pub struct Tree {
    /// The nodes.
    pub body: TreeBody,
    /// Compiled as a line of the prompt.
    pub single: bool,
    /// What the nodes' offsets mean.
    pub lines: LineIndex,
}

/// Compiles a tree that no parser made.
///
/// # Errors
/// The first error of the symbol table or the code generator.
pub fn compile_any(tree: Tree, filename: &str, options: &Options) -> Result<Compiled, SyntaxError> {
    match tree.body {
        TreeBody::Statements(body) => {
            let mode = if tree.single { Mode::Single } else { Mode::Exec };
            compile_statements(&Module { body, warnings: Vec::new() }, &tree.lines, filename, options, mode)
        }
        TreeBody::Expression(body) => compile_value(&Expression { body: *body, warnings: Vec::new() }, &tree.lines, filename, options),
    }
}

fn finish(code: CodeProto, parsed: &[Warning], compiled: Vec<Warning>) -> Compiled {
    debug_assert_eq!(verify::verify(&code), Ok(()));
    let mut warnings = parsed.to_vec();
    warnings.extend(compiled);
    Compiled { code: Arc::new(code), warnings }
}

/// What the `from __future__` imports at the head of a file ask for.
struct Future {
    annotations: bool,
    /// Byte offset behind the last of them.
    end: u32,
}

/// The features that exist; all but `annotations` are the language by now.
const FEATURES: &[&str] = &[
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "generator_stop",
    "annotations",
    "barry_as_FLUFL",
];

fn future_imports(body: &[Stmt]) -> Result<Future, SyntaxError> {
    let mut future = Future { annotations: false, end: 0 };
    for (i, stmt) in body.iter().enumerate() {
        match &stmt.kind {
            StmtKind::ImportFrom(node) if node.level == 0 && node.module.as_deref() == Some("__future__") => {
                for alias in &node.names {
                    let feature = &*alias.name;
                    let start = gilbert_parser::Span::at(stmt.span.start);
                    if feature == "braces" {
                        return Err(SyntaxError::new("not a chance", start).with_end(gilbert_parser::ErrorEnd::Open(0)));
                    }
                    if !FEATURES.contains(&feature) {
                        let msg = format!("future feature {feature} is not defined");
                        return Err(SyntaxError::new(msg, start).with_end(gilbert_parser::ErrorEnd::Open(0)));
                    }
                    future.annotations |= feature == "annotations";
                }
                future.end = stmt.span.end;
            }
            StmtKind::Expr(value) if i == 0 && is_string(&value.kind) => {}
            _ => break,
        }
    }
    Ok(future)
}

fn is_string(kind: &ExprKind) -> bool {
    use gilbert_parser::ast::Constant;
    matches!(kind, ExprKind::Constant(Constant::Str(_)))
}
