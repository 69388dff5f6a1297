//! The ways into the parser.

use gilbert_lexer::{
    ErrorEnd, ErrorKind, Span, SyntaxError, TokenKind as K, Tokens, Warning, tokenize,
    tokenize_expression,
};

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

fn ends_with_empty_line(src: &str) -> bool {
    let mut lines = src.lines();
    let last = lines.next_back();
    src.ends_with('\n')
        && lines.next_back().is_some()
        && last.is_some_and(|line| line.trim().is_empty())
}

impl<'s> Parser<'s> {
    /// One statement for the prompt, and whether it is a compound one.
    fn single(&mut self) -> Parse<(Vec<Stmt>, bool)> {
        let mut body = Vec::new();
        if self.tok == K::Eof {
            return Ok((body, false));
        }
        let compound = matches!(
            self.tok,
            K::If | K::Def | K::Class | K::For | K::While | K::Try | K::With | K::At | K::Async
        ) || self.at_match_statement();
        self.statement(&mut body)?;
        if self.tok != K::Eof {
            let span = self.token().span();
            return self.raise_at(
                span,
                "multiple statements found while compiling a single statement",
            );
        }
        Ok((body, compound))
    }
}

/// Lexes and parses; on failure parses once more to find out what to say.
fn run<T>(
    src: &str,
    lexed: Tokens,
    rule: impl Fn(&mut Parser<'_>) -> Parse<T>,
) -> Result<(T, Vec<Warning>), SyntaxError> {
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
fn find_error<T>(
    parser: &mut Parser<'_>,
    lexed: &Tokens,
    rule: impl Fn(&mut Parser<'_>) -> Parse<T>,
) -> SyntaxError {
    let furthest = parser.furthest;
    if parser.error.is_none() {
        parser.restart();
        // a rule that fails in the first pass fails in the second
        let _ = rule(parser);
    }
    let mut error = match parser.error.take() {
        Some(error) if error.kind == ErrorKind::TooDeep => return error,
        Some(error) => error,
        None => {
            let error = generic_error(parser, furthest);
            if error.kind == ErrorKind::Indentation {
                return error;
            }
            error
        }
    };
    let furthest = furthest.max(parser.furthest);
    if let Some(lex) = &lexed.error
        && lex.error != error
    {
        // an error of the lexer further on is the better explanation; brackets left open only in an earlier line
        let line = |offset: u32| parser.line_of(offset);
        if !lex.unclosed_bracket || line(lexed.tokens[furthest].start) > line(lex.error.span.start)
        {
            return lex.error.clone();
        }
        return error;
    }
    let rest = &lexed.tokens[furthest..];
    if lexed.error.is_none()
        && rest
            .iter()
            .all(|token| matches!(token.kind, K::Dedent | K::Eof))
    {
        error.incomplete = true;
    }
    error
}

/// "invalid syntax" at the furthest token that the first pass reached.
fn generic_error(parser: &Parser<'_>, furthest: usize) -> SyntaxError {
    let token = parser.tokens[furthest];
    let layout = |msg: &str, end: u32| {
        let mut at = end.saturating_sub(1);
        while !parser.src.is_char_boundary(at as usize) {
            at -= 1;
        }
        SyntaxError::of(ErrorKind::Indentation, msg, Span::at(at)).with_end(ErrorEnd::Open(-1))
    };
    match token.kind {
        K::Indent => layout("unexpected indent", token.end),
        K::Dedent => layout("unexpected unindent", token.end),
        _ => SyntaxError::new("invalid syntax", token.span()),
    }
}
