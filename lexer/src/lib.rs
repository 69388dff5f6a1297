//! Python source text to tokens.

#![forbid(unsafe_code)]

mod chars;
mod decode;
mod error;
mod fstring;
mod lines;
mod number;
mod scan;
mod span;
mod token;

pub use chars::{is_identifier_continue, is_identifier_start, normalize_identifier};
pub use decode::{decode_file, decode_source};
pub use error::{ErrorDetails, ErrorEnd, ErrorKind, Stage, SyntaxError, Warning, WarningKind};
pub use lines::{LineIndex, Location};
pub use scan::{LexError, Tokens, tokenize, tokenize_expression};
pub use span::Span;
pub use token::{Token, TokenKind};
