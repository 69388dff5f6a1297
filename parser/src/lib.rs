//! Python tokens to syntax tree, for Python 3.12 and what 3.14's library adds.

#![forbid(unsafe_code)]

pub mod ast;

pub use ast::{Expression, Module};
pub use gilbert_lexer::{
    ErrorDetails, ErrorKind, LineIndex, Location, Span, SyntaxError, Warning, WarningKind,
    decode_source,
};

/// How deeply expressions and statements may nest.
pub const MAX_DEPTH: u32 = 1000;

/// What the prompt makes of the lines typed so far.
#[derive(Debug, Clone, PartialEq)]
pub enum Interactive {
    /// One complete statement line (or compound statement) to run with `single` semantics.
    Complete(Module),
    /// Right so far, but more lines are needed.
    Incomplete,
}

/// Parses a whole file.
///
/// # Errors
/// The first error in the source.
pub fn parse_module(src: &str) -> Result<Module, SyntaxError> {
    let _ = src;
    Err(unfinished())
}

/// Parses one expression, as `eval` takes it.
///
/// # Errors
/// The first error in the source.
pub fn parse_expression(src: &str) -> Result<Expression, SyntaxError> {
    let _ = src;
    Err(unfinished())
}

/// Parses what was typed at the prompt.
///
/// # Errors
/// The first error that more lines could not cure.
pub fn parse_interactive(src: &str) -> Result<Interactive, SyntaxError> {
    let _ = src;
    Err(unfinished())
}

fn unfinished() -> SyntaxError {
    SyntaxError::new("the parser is not built yet", Span::at(0))
}
