//! The second pass: what the common mistakes look like, and what CPython 3.12 says about them.
//!
//! Each function stands for an `invalid_..` rule of CPython's `Grammar/python.gram` and is called where that rule is tried, so that
//! the same mistake wins when there are several. All are called only with `diagnose` on, and either raise or return `Ok`.

use gilbert_lexer::{ErrorEnd, Span, SyntaxError, TokenKind as K};

use crate::ast::*;
use crate::cursor::{Parse, Parser};
use crate::expr::{augmented_operator, starts_expression};
use crate::target::{TargetKind, describe, invalid_target, set_context};

const MAYBE_EQUALS: &str = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
const GENERATOR_PARENTHESES: &str = "Generator expression must be parenthesized";
const FORGOT_PARENTHESES: &str = "did you forget parentheses around the comprehension target?";

/// What the prefix of a call's arguments that could be parsed holds.
#[derive(Default)]
struct ArgsRule {
    positional: Vec<Span>,
    keywords: usize,
    unpacked: usize,
}

/// The last part of a comprehension: its last condition, or what it iterates over.
fn last_item(clauses: &[Comprehension]) -> Span {
    match clauses.last() {
        Some(clause) => clause.ifs.last().unwrap_or(&clause.iter).span,
        None => Span::default(),
    }
}

/// Whether `print x` may have been meant as in Python 2.
fn is_legacy_name(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Name(id, _) if matches!(&**id, "print" | "exec"))
}

impl<'s> Parser<'s> {
    /// How many brackets are open behind the token at `index`.
    fn level_behind(&self, index: usize) -> i32 {
        let step = |level: i32, token: &gilbert_lexer::Token| match token.kind {
            K::LPar | K::LSqb | K::LBrace => level + 1,
            K::RPar | K::RSqb | K::RBrace => level - 1,
            _ => level,
        };
        self.tokens[..=index].iter().fold(0, step)
    }

    // ---- expressions

    /// `invalid_expression` and `invalid_legacy_expression`, behind the disjunction `body` that began at token `first`.
    pub fn check_expression(&mut self, first: usize, body: &Expr) -> Parse<()> {
        let here = self.pos;
        if starts_expression(self.tok) && !self.is_odd_prefix(first) {
            self.check_missing_comma(body)?;
            self.seek(here);
        }
        if self.tok == K::If {
            self.bump();
            if let Some(test) = self.attempt(Self::disjunction)?
                && !matches!(self.tok, K::Else | K::Colon)
            {
                let span = Span::new(body.span.start, test.span.end);
                return self.raise_at(span, "expected 'else' after 'if' expression");
            }
            self.seek(here);
        }
        self.check_legacy(first)
    }

    /// `kf"..."` is no missing comma, and soft keywords may be followed by a name.
    fn is_odd_prefix(&self, first: usize) -> bool {
        if self.kind_at(first) != K::Name {
            return false;
        }
        self.kind_at(first + 1) == K::String || matches!(self.token_text(first), "match" | "case" | "type" | "_")
    }

    fn check_missing_comma(&mut self, body: &Expr) -> Parse<()> {
        let Some(next) = self.quietly(Self::expression)? else {
            return Ok(());
        };
        if is_legacy_name(body) || self.level_behind(self.pos - 1) == 0 {
            return Ok(());
        }
        let span = Span::new(body.span.start, next.span.end);
        self.raise_at(span, "invalid syntax. Perhaps you forgot a comma?")
    }

    /// `NAME star_expressions`, whatever the expression at `first` became in the end.
    fn check_legacy(&mut self, first: usize) -> Parse<()> {
        if self.kind_at(first) != K::Name || !self.legacy_tried.insert(first) {
            return Ok(());
        }
        let here = self.pos;
        self.seek(first + 1);
        let more = self.tok != K::LPar && (starts_expression(self.tok) || self.tok == K::Star);
        if more {
            // what follows is read also behind names that are no old statements, and may hold mistakes of its own
            let rest = match self.has_room() {
                true => self.attempt(|p| p.nested(Self::star_expressions))?,
                false => self.quietly(Self::star_expressions)?,
            };
            let name = self.token_text(first);
            if let Some(rest) = rest
                && matches!(name, "print" | "exec")
            {
                let msg = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
                return self.raise_at(Span::new(self.tokens[first].start, rest.span.end), msg);
            }
        }
        self.seek(here);
        Ok(())
    }

    /// Behind a lambda's parameters: its colon must not be one that ends a replacement field.
    pub fn check_fstring_lambda(&mut self, start: u32) -> Parse<()> {
        match self.tok {
            K::SpecColon => {
                let msg = "f-string: lambda expressions are not allowed without parentheses";
                self.raise_at(Span::new(start, self.token().end), msg)
            }
            _ => Ok(()),
        }
    }

    /// `named_expression` with `invalid_named_expression`.
    pub fn diagnosed_named_expression(&mut self) -> Parse<Expr> {
        let first = self.pos;
        let value = self.expression()?;
        let end = self.pos;
        match self.tok {
            K::ColonEqual => {
                self.bump();
                if self.attempt(Self::expression)?.is_some() {
                    let msg = format!("cannot use assignment expressions with {}", describe(&value));
                    return self.raise_at(value.span, msg);
                }
                self.seek(end);
                self.fail()
            }
            K::Equal => {
                self.check_equal_sign(first, &value)?;
                self.seek(end);
                Ok(value)
            }
            _ => Ok(value),
        }
    }

    /// At an `=` behind `value`, where only an expression is expected.
    fn check_equal_sign(&mut self, first: usize, value: &Expr) -> Parse<()> {
        let equal = self.pos;
        if self.kind_at(first) == K::Name && equal == first + 1 {
            if let Some(right) = self.lone_right_side()? {
                return self.raise_at(Span::new(value.span.start, right.span.end), MAYBE_EQUALS);
            }
            return Ok(());
        }
        if self.begins_display(first)? {
            return Ok(());
        }
        self.seek(first);
        let Some(left) = self.attempt(Self::bitwise_or)? else {
            return Ok(());
        };
        if self.pos != equal || self.lone_right_side()?.is_none() {
            return Ok(());
        }
        let msg = format!("cannot assign to {} here. Maybe you meant '==' instead of '='?", describe(&left));
        self.raise_at(left.span, msg)
    }

    /// At `=`: a `bitwise_or` behind it that no further `=` follows.
    fn lone_right_side(&mut self) -> Parse<Option<Expr>> {
        self.bump();
        let right = self.attempt(Self::bitwise_or)?;
        Ok(right.filter(|_| !matches!(self.tok, K::Equal | K::ColonEqual)))
    }

    /// Whether a list, a tuple, a generator expression or a singleton begins at token `first`.
    fn begins_display(&mut self, first: usize) -> Parse<bool> {
        self.seek(first);
        match self.tok {
            K::True | K::False | K::None => Ok(true),
            K::LPar | K::LSqb => {
                let start = self.start();
                let value = self.attempt(Self::atom)?;
                Ok(value.is_some_and(|value| {
                    value.span.start == start && matches!(value.kind, ExprKind::List(..) | ExprKind::Tuple(..) | ExprKind::GeneratorExp(_))
                }))
            }
            _ => Ok(false),
        }
    }

    // ---- displays

    /// `invalid_group` and `invalid_comprehension`, for the parenthesis at token `open`.
    pub fn check_parenthesised(&mut self, open: usize) -> Parse<()> {
        self.seek(open + 1);
        match self.tok {
            K::Star => {
                if let Some(value) = self.attempt(Self::starred_argument)?
                    && self.tok == K::RPar
                {
                    return self.raise_at(value.span, "cannot use starred expression here");
                }
            }
            K::DoubleStar => {
                let span = self.token().span();
                self.bump();
                if self.attempt(Self::expression)?.is_some() && self.tok == K::RPar {
                    return self.raise_at(span, "cannot use double starred expression here");
                }
            }
            _ => {}
        }
        self.check_comprehension(open)
    }

    /// `invalid_comprehension`, for the bracket at token `open`.
    pub fn check_comprehension(&mut self, open: usize) -> Parse<()> {
        self.seek(open + 1);
        if self.tok == K::Star
            && let Some(value) = self.attempt(Self::starred_argument)?
            && self.at_comprehension()?
        {
            return self.raise_at(value.span, "iterable unpacking cannot be used in comprehension");
        }
        if self.kind_at(open) == K::LPar {
            return Ok(());
        }
        self.seek(open + 1);
        let Some(first) = self.attempt(Self::star_named_expression)? else {
            return Ok(());
        };
        let mut end = self.token().end;
        if !self.eat(K::Comma) {
            return Ok(());
        }
        while let Some(element) = self.attempt(Self::star_named_expression)? {
            end = element.span.end;
            if !self.eat(K::Comma) {
                break;
            }
        }
        if self.at_comprehension()? {
            return self.raise_at(Span::new(first.span.start, end), FORGOT_PARENTHESES);
        }
        Ok(())
    }

    fn at_comprehension(&mut self) -> Parse<bool> {
        if !matches!(self.tok, K::For | K::Async) {
            return Ok(false);
        }
        Ok(self.attempt(Self::for_if_clauses)?.is_some())
    }

    /// Mistakes in dict and set displays, for the brace at token `open`.
    pub fn check_braces(&mut self, open: usize) -> Parse<()> {
        self.seek(open + 1);
        self.check_dict_items()?;
        self.seek(open + 1);
        if self.tok == K::DoubleStar {
            let span = self.token().span();
            self.bump();
            if self.attempt(Self::bitwise_or)?.is_some() && self.at_comprehension()? && self.tok == K::RBrace {
                return self.raise_at(span, "dict unpacking cannot be used in dict comprehension");
            }
        }
        self.check_comprehension(open)
    }

    /// `invalid_double_starred_kvpairs`.
    fn check_dict_items(&mut self) -> Parse<()> {
        let mut pairs = 0;
        loop {
            let pair = self.pos;
            if self.attempt(Self::dict_pair)?.is_none() {
                self.seek(pair);
                return self.check_dict_pair(pairs > 0);
            }
            pairs += 1;
            if !self.eat(K::Comma) {
                return Ok(());
            }
        }
    }

    /// At a key behind other items: it needs a colon, whatever else is wrong with it.
    pub fn check_next_key(&mut self) -> Parse<()> {
        let first = self.pos;
        if let Some(key) = self.quietly(Self::expression)?
            && self.tok != K::Colon
        {
            return self.raise_missing_colon(key.span);
        }
        self.seek(first);
        Ok(())
    }

    fn raise_missing_colon(&mut self, key: Span) -> Parse<()> {
        let span = Span::at(self.last_char(key));
        let error = SyntaxError::new("':' expected after dictionary key", span);
        self.raise(error.with_end(ErrorEnd::Open(0)))
    }

    fn dict_pair(&mut self) -> Parse<()> {
        if self.eat(K::DoubleStar) {
            return self.bitwise_or().map(drop);
        }
        self.expression()?;
        self.expect(K::Colon)?;
        self.expression().map(drop)
    }

    /// `invalid_kvpair`; a missing colon is told only behind other pairs, because a first one may be of a set.
    fn check_dict_pair(&mut self, behind_others: bool) -> Parse<()> {
        let Some(key) = self.attempt(Self::expression)? else {
            return Ok(());
        };
        if self.tok != K::Colon {
            if !behind_others {
                return Ok(());
            }
            return self.raise_missing_colon(key.span);
        }
        let colon = self.token().span();
        self.bump();
        match self.tok {
            K::Star => {
                let star = self.start();
                self.bump();
                if self.attempt(Self::bitwise_or)?.is_some() {
                    let span = self.span_to_furthest(star);
                    return self.raise_at(span, "cannot use a starred expression in a dictionary value");
                }
                Ok(())
            }
            K::RBrace | K::Comma => self.raise_at(colon, "expression expected after dictionary key and ':'"),
            _ => Ok(()),
        }
    }

    /// Byte offset of the last character of `span`.
    fn last_char(&self, span: Span) -> u32 {
        let text = span.text(self.src);
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        span.end - last as u32
    }

    fn span_to_furthest(&self, start: u32) -> Span {
        let at = self.furthest.max(self.pos);
        Span::new(start, self.last_char(self.tokens[at].span()).max(start))
    }

    // ---- calls

    /// `invalid_arguments`, for the parenthesis at token `open`.
    pub fn check_arguments(&mut self, open: usize) -> Parse<()> {
        let first = open + 1;
        self.seek(first);
        let Some(rule) = self.args_rule()? else {
            return Ok(());
        };
        let behind = self.pos;
        if self.tok == K::Comma && self.peek(1) == K::Star && rule.keywords + rule.unpacked > 0 {
            return self.raise_at(self.tokens[self.pos + 1].span(), "iterable argument unpacking follows keyword argument unpacking");
        }
        self.check_leading_generator(first)?;
        self.seek(behind);
        if matches!(self.tok, K::For | K::Async)
            && let Some(clauses) = self.attempt(Self::for_if_clauses)?
            && rule.positional.len() > 1
        {
            let last = rule.positional[rule.positional.len() - 1];
            return self.raise_at(Span::new(last.start, last_item(&clauses).end), GENERATOR_PARENTHESES);
        }
        self.seek(behind);
        if !self.eat(K::Comma) {
            return Ok(());
        }
        let next = self.pos;
        if let Some(value) = self.attempt(Self::expression)?
            && matches!(self.tok, K::For | K::Async)
            && let Some(clauses) = self.attempt(Self::for_if_clauses)?
        {
            return self.raise_at(Span::new(value.span.start, last_item(&clauses).end), GENERATOR_PARENTHESES);
        }
        self.seek(next);
        if self.args_rule()?.is_some() {
            let msg = match rule.unpacked > 0 {
                true => "positional argument follows keyword argument unpacking",
                false => "positional argument follows keyword argument",
            };
            return self.raise_here(msg);
        }
        Ok(())
    }

    /// `f(x for x in y, 1)`.
    fn check_leading_generator(&mut self, first: usize) -> Parse<()> {
        self.seek(first);
        if let Some(value) = self.attempt(Self::expression)?
            && matches!(self.tok, K::For | K::Async)
            && let Some(clauses) = self.attempt(Self::for_if_clauses)?
            && self.eat(K::Comma)
        {
            self.attempt(Self::expression)?;
            return self.raise_at(Span::new(value.span.start, last_item(&clauses).end), GENERATOR_PARENTHESES);
        }
        Ok(())
    }

    /// The rule `args`: as many arguments as are in a right order. Ends before a comma that nothing right follows.
    fn args_rule(&mut self) -> Parse<Option<ArgsRule>> {
        let mut rule = ArgsRule::default();
        let mut end = self.pos;
        while self.one_argument(&mut rule)? {
            end = self.pos;
            if !self.eat(K::Comma) {
                break;
            }
        }
        self.seek(end);
        let any = rule.keywords + rule.unpacked + rule.positional.len() > 0;
        Ok(any.then_some(rule))
    }

    fn one_argument(&mut self, rule: &mut ArgsRule) -> Parse<bool> {
        let begin = self.pos;
        match self.tok {
            K::Star if rule.unpacked == 0 => {
                let value = self.attempt(Self::starred_argument)?;
                rule.positional.extend(value.as_ref().map(|value| value.span));
                Ok(value.is_some())
            }
            K::DoubleStar => {
                self.bump();
                let found = self.attempt(Self::expression)?.is_some();
                rule.unpacked += usize::from(found);
                Ok(found)
            }
            K::Name if self.peek(1) == K::Equal => {
                self.check_keyword_argument()?;
                self.seek(begin + 2);
                let found = self.attempt(Self::expression)?.is_some();
                rule.keywords += usize::from(found);
                Ok(found)
            }
            _ if rule.keywords + rule.unpacked > 0 => {
                self.check_keyword_argument()?;
                self.seek(begin);
                Ok(false)
            }
            _ => {
                let value = self.attempt(Self::argument)?;
                rule.positional.extend(value.as_ref().map(|value| value.span));
                Ok(value.is_some())
            }
        }
    }

    /// `invalid_kwarg`, at the beginning of an argument.
    pub fn check_keyword_argument(&mut self) -> Parse<()> {
        let first = self.pos;
        let span = self.token().span();
        if self.peek(1) == K::Equal {
            let both = span.to(self.tokens[self.pos + 1].span());
            match self.tok {
                K::True | K::False | K::None => {
                    let msg = format!("cannot assign to {}", span.text(self.src));
                    return self.raise_at(both, msg);
                }
                K::Name => {
                    self.seek(first + 2);
                    if self.attempt(Self::expression)?.is_some() && self.at_comprehension()? {
                        return self.raise_at(both, MAYBE_EQUALS);
                    }
                    return Ok(());
                }
                _ => {}
            }
        }
        if let Some(value) = self.attempt(Self::expression)?
            && self.tok == K::Equal
        {
            let span = Span::new(value.span.start, self.token().end);
            return self.raise_at(span, "expression cannot contain assignment, perhaps you meant \"==\"?");
        }
        Ok(())
    }

    /// `f(*a=x)` and `f(**a=x)`, at the `=`.
    pub fn check_assigned_unpacking(&mut self, start: u32, what: &str) -> Parse<()> {
        let here = self.pos;
        self.bump();
        if let Some(value) = self.attempt(Self::expression)? {
            let span = Span::new(start, value.span.end);
            return self.raise_at(span, format!("cannot assign to {what} unpacking"));
        }
        self.seek(here);
        Ok(())
    }

    /// `f(a=x for x in y)`, at the `for`.
    pub fn check_keyword_generator(&mut self, first: usize) -> Parse<()> {
        self.seek(first);
        self.check_keyword_argument()
    }

    // ---- replacement fields

    /// `invalid_replacement_field`, for the brace at token `open`.
    pub fn check_replacement_field(&mut self, open: usize, noun: &str) -> Parse<()> {
        self.seek(open + 1);
        let span = self.token().span();
        if matches!(self.tok, K::Equal | K::Exclamation | K::SpecColon | K::RBrace) {
            let what = span.text(self.src);
            return self.raise_at(span, format!("{noun}: valid expression required before '{what}'"));
        }
        if self.attempt(Self::yield_or_star_expressions)?.is_none() {
            let msg = format!("{noun}: expecting a valid expression after '{{'");
            return self.raise_at(self.token().span(), msg);
        }
        let span = self.token().span();
        if !matches!(self.tok, K::Equal | K::Exclamation | K::SpecColon | K::RBrace) {
            return self.raise_at(span, format!("{noun}: expecting '=', or '!', or ':', or '}}'"));
        }
        if self.eat(K::Equal) && !matches!(self.tok, K::Exclamation | K::SpecColon | K::RBrace) {
            let span = self.token().span();
            return self.raise_at(span, format!("{noun}: expecting '!', or ':', or '}}'"));
        }
        self.check_conversion(noun)?;
        let span = self.token().span();
        match self.tok {
            K::SpecColon => {
                self.bump();
                let mut spec = Ok(());
                while spec.is_ok() && matches!(self.tok, K::FStringMiddle | K::LBrace) {
                    spec = self.skip_spec_part();
                }
                spec?;
                if self.tok != K::RBrace {
                    let span = self.token().span();
                    return self.raise_at(span, format!("{noun}: expecting '}}', or format specs"));
                }
                Ok(())
            }
            K::RBrace => Ok(()),
            _ => self.raise_at(span, format!("{noun}: expecting ':' or '}}'")),
        }
    }

    fn check_conversion(&mut self, noun: &str) -> Parse<()> {
        if !self.eat(K::Exclamation) {
            return Ok(());
        }
        let span = self.token().span();
        match self.tok {
            K::Name => {
                self.bump();
                Ok(())
            }
            K::SpecColon | K::RBrace => self.raise_at(span, format!("{noun}: missing conversion character")),
            _ => self.raise_at(span, format!("{noun}: invalid conversion character")),
        }
    }

    fn skip_spec_part(&mut self) -> Parse<()> {
        if self.eat(K::FStringMiddle) {
            return Ok(());
        }
        let mut depth = 0;
        loop {
            match self.tok {
                K::LBrace => depth += 1,
                K::RBrace => depth -= 1,
                K::Error | K::Eof => return self.fail(),
                _ => {}
            }
            self.bump();
            if depth == 0 {
                return Ok(());
            }
        }
    }

    // ---- statements

    /// `invalid_assignment`, for the simple statement at token `first` that did not parse.
    pub fn check_simple_statement(&mut self, first: usize) -> Parse<()> {
        self.seek(first);
        if self.tok.is_keyword() && !starts_expression(self.tok) && self.tok != K::Yield {
            return Ok(());
        }
        let augmented = self.quietly(|p| {
            let mut target = p.star_expression()?;
            let single = !matches!(target.kind, ExprKind::List(..) | ExprKind::Tuple(..) | ExprKind::Starred(..));
            match single && set_context(&mut target, ExprContext::Store) && augmented_operator(p.tok).is_some() {
                true => Ok(()),
                false => p.fail(),
            }
        })?;
        self.seek(first);
        if augmented.is_some() {
            return Ok(());
        }
        self.check_annotation_targets(first)?;
        self.check_assignment_targets(first)?;
        self.check_augmented_target(first)
    }

    fn check_annotation_targets(&mut self, first: usize) -> Parse<()> {
        if matches!(self.tok, K::LPar | K::LSqb)
            && let Some(target) = self.attempt(Self::atom)?
            && let ExprKind::List(..) | ExprKind::Tuple(..) = target.kind
            && self.annotation_follows()?
        {
            let msg = format!("only single target (not {}) can be annotated", describe(&target));
            return self.raise_at(target.span, msg);
        }
        self.seek(first);
        if let Some(element) = self.attempt(Self::star_named_expression)?
            && self.eat(K::Comma)
        {
            while self.attempt(Self::star_named_expression)?.is_some() {
                self.eat(K::Comma);
            }
            if self.annotation_follows()? {
                return self.raise_at(element.span, "only single target (not tuple) can be annotated");
            }
        }
        self.seek(first);
        if let Some(target) = self.attempt(Self::expression)?
            && self.annotation_follows()?
        {
            return self.raise_at(target.span, "illegal target for annotation");
        }
        self.seek(first);
        Ok(())
    }

    fn annotation_follows(&mut self) -> Parse<bool> {
        Ok(self.eat(K::Colon) && self.attempt(Self::expression)?.is_some())
    }

    fn check_assignment_targets(&mut self, first: usize) -> Parse<()> {
        loop {
            if self.tok == K::Yield {
                let value = self.attempt(Self::yield_expression)?;
                if let Some(value) = value
                    && self.tok == K::Equal
                {
                    return self.raise_at(value.span, "assignment to yield expression not possible");
                }
                break;
            }
            let Some(value) = self.attempt(Self::star_expressions)? else {
                break;
            };
            if self.tok != K::Equal {
                break;
            }
            if invalid_target(&value, TargetKind::Assign).is_some() {
                return self.raise_invalid_target(&value, TargetKind::Assign);
            }
            self.bump();
        }
        self.seek(first);
        Ok(())
    }

    fn check_augmented_target(&mut self, first: usize) -> Parse<()> {
        if let Some(target) = self.attempt(Self::star_expressions)?
            && augmented_operator(self.tok).is_some()
        {
            self.bump();
            if self.attempt(Self::yield_or_star_expressions)?.is_some() {
                let msg = format!("'{}' is an illegal expression for augmented assignment", describe(&target));
                return self.raise_at(target.span, msg);
            }
        }
        self.seek(first);
        Ok(())
    }

    /// `import a from b`.
    pub fn check_import_from_order(&mut self) -> Parse<()> {
        let (first, start) = (self.pos, self.start());
        self.bump();
        while self.eat(K::Name) || self.eat(K::Dot) || self.eat(K::Comma) {}
        if self.tok == K::From && self.kind_at(self.pos - 1) == K::Name && self.peek(1) == K::Name {
            self.bump();
            while matches!(self.peek(1), K::Dot | K::Name) {
                self.bump();
            }
            self.bump();
            let span = self.span_to_furthest(start);
            return self.raise_at(span, "Did you mean to use 'from ... import ...' instead?");
        }
        self.seek(first);
        Ok(())
    }
}
