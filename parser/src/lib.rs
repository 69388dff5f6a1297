//! Python tokens to syntax tree, for Python 3.12 and what 3.14's library adds.
//!
//! | entry point | for |
//! |---|---|
//! | [`decode_source`] | the bytes of a file |
//! | [`parse_module`] | files, `exec` |
//! | [`parse_expression`] | `eval` |
//! | [`parse_interactive`] | the prompt |
//! | [`parse_single`] | `compile(.., "single")` |
//! | [`LineIndex`], [`SyntaxError::details`] | lines and columns for tracebacks |
//! | [`dump`] | the tree as text, as Python's `ast.dump` |

#![forbid(unsafe_code)]

pub mod ast;
mod atom;
mod compound;
mod cursor;
mod diagnose;
mod dump;
mod entry;
mod expr;
mod literal;
mod params;
mod pattern;
mod stmt;
mod strings;
mod target;

pub use ast::{Expression, Module};
pub use dump::{dump, dump_expression, dump_with_positions};
pub use entry::{Interactive, parse_expression, parse_interactive, parse_module, parse_single};
pub use gilbert_lexer::{ErrorDetails, ErrorEnd, ErrorKind, LineIndex, Location, Span, Stage, SyntaxError, Warning, WarningKind, decode_file, decode_source};

/// How deeply expressions and statements may nest.
pub const MAX_DEPTH: u32 = 2900;
