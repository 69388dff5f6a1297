//! The ways into the parser.

use gilbert_lexer::{ErrorEnd, ErrorKind, LexError, Span, SyntaxError, TokenKind as K, Tokens, Warning, tokenize, tokenize_expression};

use crate::ast::{Expression, Module, Stmt};
use crate::cursor::{Parse, Parser};

/// What the prompt makes of the lines typed so far.
#[derive(Debug, Clone, PartialEq)]
pub enum Interactive {
    /// One complete statement line (or compound statement) to run with `single` semantics. Empty for blank lines and comments.
    Complete(Module),
    /// Right so far, but more lines are needed.
    Incomplete,
}

/// Parses a whole file.
///
/// # Errors
/// The first error in the source.
pub fn parse_module(src: &str) -> Result<Module, SyntaxError> {
    let (body, warnings) = run(src, tokenize(src), |p| p.file())?;
    Ok(Module { body, warnings })
}

/// Parses one expression, as `eval` takes it. Blanks and tabs in front are skipped.
///
/// # Errors
/// The first error in the source.
pub fn parse_expression(src: &str) -> Result<Expression, SyntaxError> {
    let (body, warnings) = run(src, tokenize_expression(src), |p| p.eval())?;
    Ok(Expression { body, warnings })
}

/// Parses what was typed at the prompt: one line of simple statements, or one compound statement that an empty line ends.
///
/// # Errors
/// The first error that more lines could not cure.
pub fn parse_interactive(src: &str) -> Result<Interactive, SyntaxError> {
    match run(src, tokenize(src), |p| p.single()) {
        Ok(((body, compound), warnings)) => match compound && !ends_with_empty_line(src) {
            true => Ok(Interactive::Incomplete),
            false => Ok(Interactive::Complete(Module { body, warnings })),
        },
        Err(error) if error.incomplete => Ok(Interactive::Incomplete),
        Err(error) => Err(error),
    }
}

/// Parses one statement line or one compound statement, as `compile(.., "single")` takes it; no empty line is needed at the end.
///
/// # Errors
/// The first error; [`SyntaxError::incomplete`] tells whether more lines could cure it.
pub fn parse_single(src: &str) -> Result<Module, SyntaxError> {
    let ((body, _), warnings) = run(src, tokenize(src), |p| p.single())?;
    Ok(Module { body, warnings })
}

fn ends_with_empty_line(src: &str) -> bool {
    let mut lines = src.lines();
    let last = lines.next_back();
    src.ends_with('\n') && lines.next_back().is_some() && last.is_some_and(|line| line.trim().is_empty())
}

impl<'s> Parser<'s> {
    /// One statement for the prompt, and whether it is a compound one.
    fn single(&mut self) -> Parse<(Vec<Stmt>, bool)> {
        let mut body = Vec::new();
        if self.tok == K::Eof {
            return Ok((body, false));
        }
        let compound = matches!(self.tok, K::If | K::Def | K::Class | K::For | K::While | K::Try | K::With | K::At | K::Async) || self.at_match_statement();
        self.statement(&mut body)?;
        if self.tok != K::Eof {
            let span = self.token().span();
            return self.raise_at(span, "multiple statements found while compiling a single statement");
        }
        Ok((body, compound))
    }
}

/// Lexes and parses; on failure parses once more to find out what to say.
fn run<T>(src: &str, lexed: Tokens, rule: impl Fn(&mut Parser<'_>) -> Parse<T>) -> Result<(T, Vec<Warning>), SyntaxError> {
    if src.as_bytes().contains(&0) {
        let error = SyntaxError::new("source code string cannot contain null bytes", Span::at(0));
        return Err(error.with_end(ErrorEnd::Open(0)));
    }
    let mut parser = Parser::new(src, &lexed);
    if let Ok(value) = rule(&mut parser) {
        let mut warnings = std::mem::take(&mut parser.warnings);
        if !lexed.warnings.is_empty() {
            warnings.extend(lexed.warnings.iter().cloned());
            warnings.sort_by_key(|warning| warning.span.start);
        }
        return Ok((value, warnings));
    }
    Err(find_error(&mut parser, &lexed, rule))
}

#[cold]
fn find_error<T>(parser: &mut Parser<'_>, lexed: &Tokens, rule: impl Fn(&mut Parser<'_>) -> Parse<T>) -> SyntaxError {
    let furthest = parser.furthest;
    if parser.error.is_none() {
        parser.restart();
        // a rule that fails in the first pass fails in the second
        let _ = rule(parser);
    }
    let mut error = match parser.error.take() {
        Some(error) if matches!(error.kind, ErrorKind::TooDeep | ErrorKind::TooHigh) => return error,
        Some(error) => error,
        None => {
            let error = generic_error(parser, furthest);
            if error.kind == ErrorKind::Indentation {
                return error;
            }
            error
        }
    };
    let furthest = furthest.max(parser.furthest).max(parser.seen);
    if let Some(lex) = &lexed.error {
        return better_explanation(parser, lexed, lex, furthest).unwrap_or(error);
    }
    let rest = &lexed.tokens[furthest..];
    if lexed.error.is_none() && rest.iter().all(|token| matches!(token.kind, K::Dedent | K::Eof)) {
        error.incomplete = true;
    }
    error
}

/// An error of the lexer further on in the source explains more than what the parser found; brackets left open only when they
/// were opened in an earlier line. (CPython's `_PyPegen_tokenize_full_source_to_check_for_errors`.)
fn better_explanation(parser: &Parser<'_>, lexed: &Tokens, lex: &LexError, furthest: usize) -> Option<SyntaxError> {
    if parser.tokens[furthest].kind == K::Error {
        return None;
    }
    if lex.explains_all {
        return Some(lex.error.clone());
    }
    let line = |offset: u32| parser.line_of(offset);
    let earlier = lex.open_bracket.is_some_and(|at| line(lexed.tokens[furthest].start) > line(at));
    match earlier {
        true => lex.unclosed(parser.src),
        false => None,
    }
}

/// "invalid syntax" at the furthest token that the first pass reached.
fn generic_error(parser: &Parser<'_>, furthest: usize) -> SyntaxError {
    let (kind, msg) = match parser.tokens[furthest].kind {
        K::Indent => (ErrorKind::Indentation, "unexpected indent"),
        K::Dedent => (ErrorKind::Indentation, "unexpected unindent"),
        _ => (ErrorKind::Syntax, "invalid syntax"),
    };
    parser.error_at_token(kind, furthest, msg.to_owned())
}
