//! What is wrong with a source text, and where.

use crate::{LineIndex, Span};

/// Which exception class an error is raised as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `MemoryError`: nested too deeply for the parser ("Parser stack overflowed - Python source too complex to parse").
    TooDeep,
    /// `RecursionError`: a tree too high for the compiler.
    TooHigh,
}

impl ErrorKind {
    /// Name of the Python exception class.
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::TooDeep => "MemoryError",
            ErrorKind::TooHigh => "RecursionError",
        }
    }
}

/// How `end_offset` of a `SyntaxError` follows from its span. CPython leaves the end of some errors open; all but
/// `Known` print one caret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorEnd {
    /// `span.end`; one column is shown even for an empty span at the end of the source.
    Known,
    /// The same as the start.
    Start,
    /// A fixed number (0 or -1) that says that there is none.
    Open(i32),
    /// None (-1), and the start is counted as CPython does it for tokens without text (indentation, the end of the source): one
    /// column less, and the end of the source belongs to its last line.
    Layout,
    /// Start and end are column 0 of the last line: the end of the source as a token.
    Nowhere,
}

/// A refused source text. Message and span follow CPython 3.12.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntaxError {
    /// The exception class.
    pub kind: ErrorKind,
    /// The message without position.
    pub msg: String,
    /// The failing part; lies inside the source, on character boundaries.
    pub span: Span,
    /// What Python's `end_offset` attribute is to say.
    pub end: ErrorEnd,
    /// Whether more text behind the source could make it right (the prompt then asks for another line).
    pub incomplete: bool,
    /// Which part of the front end found it.
    pub stage: Stage,
}

/// Which part of the front end refused a source text: it decides what Python's `text` attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// The tokenizer: the line without its newline.
    Tokens,
    /// The parser: the line with its newline.
    #[default]
    Tree,
    /// The symbol table or the compiler: the line is looked up in the file, where there is one.
    Code,
}

/// The attributes of Python's `SyntaxError` object.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorDetails {
    /// 1-based line.
    pub lineno: u32,
    /// 1-based column in characters.
    pub offset: u32,
    /// 1-based line of the end.
    pub end_lineno: u32,
    /// 1-based column of the end in characters; 0 or -1 when the end is not known.
    pub end_offset: i32,
    /// The line's text with its newline, if it has one.
    pub text: String,
}

impl SyntaxError {
    /// A `SyntaxError` over `span`.
    pub fn new(msg: impl Into<String>, span: Span) -> Self {
        Self::of(ErrorKind::Syntax, msg, span)
    }

    /// An error of `kind` over `span`.
    pub fn of(kind: ErrorKind, msg: impl Into<String>, span: Span) -> Self {
        SyntaxError { kind, msg: msg.into(), span, end: ErrorEnd::Known, incomplete: false, stage: Stage::default() }
    }

    /// The same error with another end.
    pub fn with_end(mut self, end: ErrorEnd) -> Self {
        self.end = end;
        self
    }

    /// The same error, found by another part of the front end.
    pub fn of_stage(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// The same error, told to be curable by more lines.
    pub fn incomplete(mut self) -> Self {
        self.incomplete = true;
        self
    }

    /// Lines, columns and text as Python's exception object carries them.
    pub fn details(&self, index: &LineIndex, src: &str) -> ErrorDetails {
        let at_end = self.span.start as usize == src.len();
        let (start_at, shift) = match self.end {
            ErrorEnd::Layout | ErrorEnd::Nowhere if at_end && src.ends_with('\n') => (self.span.start - 1, 1),
            ErrorEnd::Layout if !at_end => (self.span.start, 0),
            _ => (self.span.start, 1),
        };
        let start = index.locate(src, start_at);
        let offset = match self.end {
            ErrorEnd::Nowhere => 0,
            _ => start.char_column + shift,
        };
        let (end_lineno, end_offset) = match self.end {
            ErrorEnd::Known if at_end => (start.line, offset as i32 + 1),
            ErrorEnd::Known => self.known_end(index, src),
            ErrorEnd::Start => (start.line, offset as i32),
            ErrorEnd::Open(code) => (start.line, code),
            ErrorEnd::Layout => (start.line, -1),
            ErrorEnd::Nowhere => (start.line, 0),
        };
        ErrorDetails { lineno: start.line, offset, end_lineno, end_offset, text: index.line_text(src, start.line).to_owned() }
    }

    /// Line and column of the end; a newline counts as the last column of its line.
    fn known_end(&self, index: &LineIndex, src: &str) -> (u32, i32) {
        let text = self.span.text(src);
        let without = text.trim_end_matches(['\n', '\r']).len() as u32;
        // the newline that is missing behind a comment at the end of the source counts too
        let virtual_newline = text.starts_with('#') && self.span.end as usize == src.len();
        let newline = i32::from(virtual_newline || text.len() as u32 > without);
        let end = index.locate(src, self.span.start + without);
        let first_line = index.line(self.span.start);
        if end.line == first_line {
            return (end.line, end.char_column as i32 + 1 + newline);
        }
        // CPython counts the end's characters in the first line, up to its length
        let line = index.line_text(src, first_line).trim_end_matches(['\n', '\r']);
        let chars = line.char_indices().filter(|(at, _)| *at < end.column as usize);
        (end.line, chars.count() as i32 + 1)
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.class_name(), self.msg)
    }
}

impl std::error::Error for SyntaxError {}

/// Which warning class a [`Warning`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningKind {
    /// `SyntaxWarning`
    Syntax,
    /// `DeprecationWarning`
    Deprecation,
}

/// Something doubtful but accepted, as `'\d'`.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The warning class.
    pub kind: WarningKind,
    /// The text.
    pub msg: String,
    /// Where.
    pub span: Span,
}
