//! The kinds of tokens, as a logos table.
//!
//! The table knows the regular part of the language. What is not regular is finished by hand in `scan.rs`: numbers with their
//! error texts, string bodies, f-string nesting, names beyond ASCII, indentation.

use logos::Logos;

/// A token: its kind and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Byte offset of its first byte.
    pub start: u32,
    /// Byte offset behind its last byte.
    pub end: u32,
}

impl Token {
    /// The token's place.
    pub fn span(self) -> crate::Span {
        crate::Span::new(self.start, self.end)
    }
}

/// What a token is. Soft keywords (`match`, `case`, `type`, `_`) are names.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\x0c]+")]
#[logos(skip(r"#[^\r\n]*", allow_greedy = true))]
pub enum TokenKind {
    // names and literals
    #[regex("[A-Za-z_][A-Za-z0-9_]*")]
    #[regex(r"[^\x00-\x7F]")]
    Name,
    #[regex("[0-9]+")]
    Int,
    #[regex(r"\.[0-9]")]
    Float,
    Imag,
    /// A whole string or bytes literal with prefix and quotes.
    #[regex(r#"([rR]|[uU]|[bB]|[bB][rR]|[rR][bB])?("|'|"""|''')"#)]
    String,
    /// Prefix and opening quotes of an f-string.
    #[regex(r#"([fF]|[fF][rR]|[rR][fF])("|'|"""|''')"#)]
    FStringStart,
    /// Prefix and opening quotes of a t-string.
    #[regex(r#"([tT]|[tT][rR]|[rR][tT])("|'|"""|''')"#)]
    TStringStart,
    /// Literal text within an f-string or t-string, raw.
    FStringMiddle,
    /// Closing quotes of an f-string or t-string.
    FStringEnd,

    // layout
    #[regex(r"\n|\r\n|\r")]
    Newline,
    Indent,
    Dedent,
    /// The end of the source.
    Eof,
    /// Where the lexer gave up; always the last token.
    Error,
    /// A character that begins no token but is left to the parser to refuse.
    #[token("$")]
    #[token("?")]
    #[token("`")]
    #[token("<>")]
    Unknown,
    /// Line continuation; never leaves the lexer.
    #[token("\\")]
    Backslash,

    // keywords
    #[token("False")]
    False,
    #[token("None")]
    None,
    #[token("True")]
    True,
    #[token("and")]
    And,
    #[token("as")]
    As,
    #[token("assert")]
    Assert,
    #[token("async")]
    Async,
    #[token("await")]
    Await,
    #[token("break")]
    Break,
    #[token("class")]
    Class,
    #[token("continue")]
    Continue,
    #[token("def")]
    Def,
    #[token("del")]
    Del,
    #[token("elif")]
    Elif,
    #[token("else")]
    Else,
    #[token("except")]
    Except,
    #[token("finally")]
    Finally,
    #[token("for")]
    For,
    #[token("from")]
    From,
    #[token("global")]
    Global,
    #[token("if")]
    If,
    #[token("import")]
    Import,
    #[token("in")]
    In,
    #[token("is")]
    Is,
    #[token("lambda")]
    Lambda,
    #[token("nonlocal")]
    Nonlocal,
    #[token("not")]
    Not,
    #[token("or")]
    Or,
    #[token("pass")]
    Pass,
    #[token("raise")]
    Raise,
    #[token("return")]
    Return,
    #[token("try")]
    Try,
    #[token("while")]
    While,
    #[token("with")]
    With,
    #[token("yield")]
    Yield,

    // brackets
    #[token("(")]
    LPar,
    #[token(")")]
    RPar,
    #[token("[")]
    LSqb,
    #[token("]")]
    RSqb,
    #[token("{")]
    LBrace,
    #[token("}")]
    RBrace,

    // punctuation
    #[token(",")]
    Comma,
    #[token(":")]
    Colon,
    /// The colon that begins a format spec.
    SpecColon,
    #[token(";")]
    Semi,
    #[token(".")]
    Dot,
    #[token("...")]
    Ellipsis,
    #[token("->")]
    Arrow,
    #[token(":=")]
    ColonEqual,
    #[token("!")]
    Exclamation,
    #[token("=")]
    Equal,

    // operators
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("%")]
    Percent,
    #[token("@")]
    At,
    #[token("&")]
    Amper,
    #[token("|")]
    VBar,
    #[token("^")]
    Circumflex,
    #[token("~")]
    Tilde,
    #[token("<<")]
    LeftShift,
    #[token(">>")]
    RightShift,
    #[token("**")]
    DoubleStar,
    #[token("//")]
    DoubleSlash,
    #[token("==")]
    EqEqual,
    #[token("!=")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    LessEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterEqual,

    // augmented assignment
    #[token("+=")]
    PlusEqual,
    #[token("-=")]
    MinEqual,
    #[token("*=")]
    StarEqual,
    #[token("/=")]
    SlashEqual,
    #[token("%=")]
    PercentEqual,
    #[token("@=")]
    AtEqual,
    #[token("&=")]
    AmperEqual,
    #[token("|=")]
    VBarEqual,
    #[token("^=")]
    CircumflexEqual,
    #[token("<<=")]
    LeftShiftEqual,
    #[token(">>=")]
    RightShiftEqual,
    #[token("**=")]
    DoubleStarEqual,
    #[token("//=")]
    DoubleSlashEqual,
}

impl TokenKind {
    /// Whether the token is a reserved word.
    pub fn is_keyword(self) -> bool {
        (TokenKind::False as u8..=TokenKind::Yield as u8).contains(&(self as u8))
    }
}
