//! Python source text to tokens.

#![forbid(unsafe_code)]

mod decode;
mod error;
mod lines;
mod span;

pub use decode::decode_source;
pub use error::{ErrorDetails, ErrorKind, SyntaxError, Warning, WarningKind};
pub use lines::{LineIndex, Location};
pub use span::Span;
