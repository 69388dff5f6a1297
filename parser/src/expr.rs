//! Operators: from `a := b` and `a if b else c` down to `await x ** y`, by precedence climbing.

use gilbert_lexer::TokenKind as K;

use crate::ast::*;
use crate::cursor::{Parse, Parser, expr};

/// How tightly an operator binds. Unary operators bind between `*` and `**`.
mod level {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARE: u8 = 4;
    pub const BIT_OR: u8 = 5;
    pub const BIT_XOR: u8 = 6;
    pub const BIT_AND: u8 = 7;
    pub const SHIFT: u8 = 8;
    pub const SUM: u8 = 9;
    pub const TERM: u8 = 10;
    pub const UNARY: u8 = 11;
    pub const POWER: u8 = 12;
}

/// The level of an infix operator; 0 for tokens that are none.
fn infix_level(kind: K) -> u8 {
    match kind {
        K::Or => level::OR,
        K::And => level::AND,
        K::EqEqual | K::NotEqual | K::Less | K::LessEqual | K::Greater | K::GreaterEqual | K::In | K::Is | K::Not => level::COMPARE,
        K::VBar => level::BIT_OR,
        K::Circumflex => level::BIT_XOR,
        K::Amper => level::BIT_AND,
        K::LeftShift | K::RightShift => level::SHIFT,
        K::Plus | K::Minus => level::SUM,
        K::Star | K::Slash | K::DoubleSlash | K::Percent | K::At => level::TERM,
        K::DoubleStar => level::POWER,
        _ => 0,
    }
}

fn operator(kind: K) -> Option<Operator> {
    Some(match kind {
        K::Plus | K::PlusEqual => Operator::Add,
        K::Minus | K::MinEqual => Operator::Sub,
        K::Star | K::StarEqual => Operator::Mult,
        K::At | K::AtEqual => Operator::MatMult,
        K::Slash | K::SlashEqual => Operator::Div,
        K::Percent | K::PercentEqual => Operator::Mod,
        K::DoubleStar | K::DoubleStarEqual => Operator::Pow,
        K::LeftShift | K::LeftShiftEqual => Operator::LShift,
        K::RightShift | K::RightShiftEqual => Operator::RShift,
        K::VBar | K::VBarEqual => Operator::BitOr,
        K::Circumflex | K::CircumflexEqual => Operator::BitXor,
        K::Amper | K::AmperEqual => Operator::BitAnd,
        K::DoubleSlash | K::DoubleSlashEqual => Operator::FloorDiv,
        _ => return None,
    })
}

/// The operator of `+=` and its like.
pub(crate) fn augmented_operator(kind: K) -> Option<Operator> {
    match kind as u8 >= K::PlusEqual as u8 {
        true => operator(kind),
        false => None,
    }
}

/// Whether an expression can begin with this token.
pub(crate) fn starts_expression(kind: K) -> bool {
    matches!(
        kind,
        K::Name
            | K::Int
            | K::Float
            | K::Imag
            | K::String
            | K::FStringStart
            | K::TStringStart
            | K::None
            | K::True
            | K::False
            | K::Ellipsis
            | K::LPar
            | K::LSqb
            | K::LBrace
            | K::Minus
            | K::Plus
            | K::Tilde
            | K::Not
            | K::Lambda
            | K::Await
    )
}

impl<'s> Parser<'s> {
    // ---- lists of expressions

    /// `star_expressions`: a starred or plain expression, or a tuple of them without parentheses.
    pub fn star_expressions(&mut self) -> Parse<Expr> {
        let start = self.start();
        let first = self.star_expression()?;
        if self.tok != K::Comma {
            return Ok(first);
        }
        self.tuple_after(start, first, Self::star_expression)
    }

    /// `expressions`: a plain expression, or a tuple of them without parentheses.
    pub fn expressions(&mut self) -> Parse<Expr> {
        let start = self.start();
        let first = self.expression()?;
        if self.tok != K::Comma {
            return Ok(first);
        }
        self.tuple_after(start, first, Self::expression)
    }

    /// At the comma behind the first element: the rest of a tuple without parentheses.
    pub fn tuple_after(&mut self, start: u32, first: Expr, element: fn(&mut Self) -> Parse<Expr>) -> Parse<Expr> {
        let mut elts = vec![first];
        while self.eat(K::Comma) {
            if !starts_expression(self.tok) && self.tok != K::Star {
                break;
            }
            elts.push(element(self)?);
        }
        Ok(expr(self.span_from(start), ExprKind::Tuple(elts, ExprContext::Load)))
    }

    /// `star_expression`: `*x` or an expression.
    pub fn star_expression(&mut self) -> Parse<Expr> {
        match self.tok {
            K::Star => self.starred(),
            _ => self.expression(),
        }
    }

    /// `star_named_expression`: `*x`, `x := y`, or an expression.
    pub fn star_named_expression(&mut self) -> Parse<Expr> {
        match self.tok {
            K::Star => self.starred(),
            _ => self.named_expression(),
        }
    }

    fn starred(&mut self) -> Parse<Expr> {
        let start = self.start();
        self.bump();
        let value = self.bitwise_or()?;
        let kind = ExprKind::Starred(Box::new(value), ExprContext::Load);
        Ok(expr(self.span_from(start), kind))
    }

    /// The right-hand side of assignments: `yield ..` or `star_expressions`.
    pub fn yield_or_star_expressions(&mut self) -> Parse<Expr> {
        match self.tok {
            K::Yield => self.yield_expression(),
            _ => self.star_expressions(),
        }
    }

    /// `yield`, `yield x, y`, `yield from x`.
    pub fn yield_expression(&mut self) -> Parse<Expr> {
        let start = self.start();
        self.bump();
        let kind = if self.eat(K::From) {
            ExprKind::YieldFrom(Box::new(self.expression()?))
        } else if starts_expression(self.tok) || self.tok == K::Star {
            ExprKind::Yield(Some(Box::new(self.star_expressions()?)))
        } else {
            self.note_failure();
            ExprKind::Yield(None)
        };
        Ok(expr(self.span_from(start), kind))
    }

    // ---- one expression

    /// `named_expression`: `name := value` or an expression.
    pub fn named_expression(&mut self) -> Parse<Expr> {
        if self.tok == K::Name && self.peek(1) == K::ColonEqual {
            return self.assignment_expression();
        }
        if self.diagnose {
            return self.diagnosed_named_expression();
        }
        let value = self.expression()?;
        if self.tok == K::ColonEqual {
            return self.fail();
        }
        Ok(value)
    }

    /// At `name :=`.
    pub fn assignment_expression(&mut self) -> Parse<Expr> {
        let start = self.start();
        let id = self.name()?;
        let target = expr(self.span_from(start), ExprKind::Name(id, ExprContext::Store));
        self.bump();
        let value = self.nested(Self::expression)?;
        let kind = ExprKind::NamedExpr(Box::new(NamedExpr { target, value }));
        Ok(expr(self.span_from(start), kind))
    }

    /// `expression`: a conditional, a lambda, or a disjunction.
    pub fn expression(&mut self) -> Parse<Expr> {
        if self.tok == K::Lambda {
            return self.nested(Self::lambda);
        }
        let (start, first) = (self.start(), self.pos);
        let body = self.disjunction()?;
        if self.diagnose && !self.remembered.contains(&first) {
            self.check_expression(first, &body)?;
        }
        if self.tok != K::If {
            return Ok(body);
        }
        self.conditional(start, body)
    }

    /// At the `if` behind the body.
    fn conditional(&mut self, start: u32, body: Expr) -> Parse<Expr> {
        let here = self.pos;
        let rest = self.optional(here, |p| {
            p.bump();
            let test = p.disjunction()?;
            p.expect(K::Else)?;
            Ok((test, p.nested(Self::expression)?))
        })?;
        let Some((test, orelse)) = rest else {
            return Ok(body);
        };
        let kind = ExprKind::IfExp(Box::new(IfExp { test, body, orelse }));
        Ok(expr(self.span_from(start), kind))
    }

    fn lambda(&mut self) -> Parse<Expr> {
        let start = self.start();
        self.bump();
        let args = self.lambda_parameters()?;
        if self.diagnose {
            self.check_fstring_lambda(start)?;
        }
        self.expect(K::Colon)?;
        let body = self.nested(Self::expression)?;
        let kind = ExprKind::Lambda(Box::new(Lambda { args, body }));
        Ok(expr(self.span_from(start), kind))
    }

    /// `disjunction`: `or` and all that binds tighter.
    pub fn disjunction(&mut self) -> Parse<Expr> {
        self.binary(level::OR)
    }

    /// `bitwise_or`: `|` and all that binds tighter.
    pub fn bitwise_or(&mut self) -> Parse<Expr> {
        self.binary(level::BIT_OR)
    }

    /// An expression of operators that bind at least as tightly as `min`.
    fn binary(&mut self, min: u8) -> Parse<Expr> {
        self.nested(|p| p.binary_here(min))
    }

    fn binary_here(&mut self, min: u8) -> Parse<Expr> {
        let start = self.start();
        let mut left = match self.tok {
            K::Not if min <= level::NOT => self.unary(UnaryOperator::Not, level::NOT)?,
            K::Minus => self.unary(UnaryOperator::USub, level::UNARY)?,
            K::Plus => self.unary(UnaryOperator::UAdd, level::UNARY)?,
            K::Tilde => self.unary(UnaryOperator::Invert, level::UNARY)?,
            _ => self.await_primary()?,
        };
        loop {
            let level = infix_level(self.tok);
            if level < min || level == 0 {
                return Ok(left);
            }
            let (value, more) = match level {
                level::OR | level::AND => self.bool_op(start, left, level)?,
                level::COMPARE => self.compare(start, left)?,
                level::POWER => self.bin_op(start, left, level::UNARY)?,
                _ => self.bin_op(start, left, level + 1)?,
            };
            left = value;
            if !more {
                return Ok(left);
            }
        }
    }

    fn unary(&mut self, op: UnaryOperator, level: u8) -> Parse<Expr> {
        let start = self.start();
        self.bump();
        let operand = self.binary(level)?;
        let kind = ExprKind::UnaryOp(Box::new(UnaryOp { op, operand }));
        Ok(expr(self.span_from(start), kind))
    }

    /// At an operator: `left op right`, and true; just `left` and false when (in the second pass) the rest does not parse.
    fn bin_op(&mut self, start: u32, left: Expr, right_level: u8) -> Parse<(Expr, bool)> {
        let (here, Some(op)) = (self.pos, operator(self.tok)) else {
            return self.fail();
        };
        self.bump();
        let Some(right) = self.optional(here, |p| p.binary(right_level))? else {
            return Ok((left, false));
        };
        let kind = ExprKind::BinOp(Box::new(BinOp { left, op, right }));
        Ok((expr(self.span_from(start), kind), true))
    }

    /// At `or` or `and`: as `bin_op`, for the whole chain.
    fn bool_op(&mut self, start: u32, first: Expr, level: u8) -> Parse<(Expr, bool)> {
        let (kind, op) = match level {
            level::OR => (K::Or, BoolOperator::Or),
            _ => (K::And, BoolOperator::And),
        };
        let mut values = vec![first];
        let mut more = true;
        while more && self.tok == kind {
            let here = self.pos;
            self.bump();
            match self.optional(here, |p| p.binary(level + 1))? {
                Some(value) => values.push(value),
                None => more = false,
            }
        }
        if values.len() == 1 {
            return values.pop().map_or_else(|| self.fail(), |first| Ok((first, false)));
        }
        let kind = ExprKind::BoolOp(Box::new(BoolOp { op, values }));
        Ok((expr(self.span_from(start), kind), more))
    }

    /// A chain of comparisons; as `bin_op`. A `not` that begins no `not in` is not part of it.
    fn compare(&mut self, start: u32, left: Expr) -> Parse<(Expr, bool)> {
        let mut ops = Vec::new();
        let mut comparators = Vec::new();
        let mut more = true;
        while more {
            let here = self.pos;
            let Some(op) = self.comparison_operator() else {
                break;
            };
            match self.optional(here, |p| p.binary(level::BIT_OR))? {
                Some(value) => {
                    ops.push(op);
                    comparators.push(value);
                }
                None => more = false,
            }
        }
        if self.tok == K::Not {
            self.furthest = self.furthest.max(self.pos + 1).min(self.tokens.len() - 1);
        }
        if ops.is_empty() {
            return Ok((left, false));
        }
        let node = Compare { left, ops, comparators };
        let kind = ExprKind::Compare(Box::new(node));
        Ok((expr(self.span_from(start), kind), more))
    }

    fn comparison_operator(&mut self) -> Option<CmpOp> {
        let op = match self.tok {
            K::EqEqual => CmpOp::Eq,
            K::NotEqual => CmpOp::NotEq,
            K::Less => CmpOp::Lt,
            K::LessEqual => CmpOp::LtE,
            K::Greater => CmpOp::Gt,
            K::GreaterEqual => CmpOp::GtE,
            K::In => CmpOp::In,
            K::Is if self.peek(1) == K::Not => {
                self.bump();
                CmpOp::IsNot
            }
            K::Is => CmpOp::Is,
            K::Not if self.peek(1) == K::In => {
                self.bump();
                CmpOp::NotIn
            }
            _ => return None,
        };
        self.bump();
        Some(op)
    }

    fn await_primary(&mut self) -> Parse<Expr> {
        if self.tok != K::Await {
            return self.primary();
        }
        let start = self.start();
        self.bump();
        let value = self.primary()?;
        Ok(expr(self.span_from(start), ExprKind::Await(Box::new(value))))
    }

    // ---- primaries

    /// `primary`: an atom with attributes, calls and subscripts.
    pub fn primary(&mut self) -> Parse<Expr> {
        let start = self.start();
        let mut value = self.atom()?;
        loop {
            let here = self.pos;
            let kind = match self.tok {
                K::Dot => match self.optional(here, Self::attribute_name)? {
                    Some(attr) => ExprKind::Attribute(Box::new(Attribute { value, attr, ctx: ExprContext::Load })),
                    None => return Ok(value),
                },
                K::LPar => match self.optional(here, |p| p.arguments(true))? {
                    Some((args, keywords)) => ExprKind::Call(Box::new(Call { func: value, args, keywords })),
                    None => return Ok(value),
                },
                K::LSqb => match self.optional(here, Self::subscript)? {
                    Some(slice) => ExprKind::Subscript(Box::new(Subscript { value, slice, ctx: ExprContext::Load })),
                    None => return Ok(value),
                },
                _ => return Ok(value),
            };
            self.grow()?;
            value = expr(self.span_from(start), kind);
        }
    }

    fn attribute_name(&mut self) -> Parse<Ident> {
        self.bump();
        self.name()
    }

    /// At `[`: what stands in the brackets.
    fn subscript(&mut self) -> Parse<Expr> {
        if self.is_dead(true) {
            return self.fail();
        }
        let open = self.pos;
        self.bump();
        let slice = self.slices().and_then(|slice| self.expect(K::RSqb).map(|()| slice));
        if slice.is_err() && self.diagnose && self.error.is_none() {
            self.dead.insert((open, true));
        }
        slice
    }

    /// What stands between the brackets of a subscript.
    fn slices(&mut self) -> Parse<Expr> {
        let start = self.start();
        let starred = self.tok == K::Star;
        let first = self.slice_or_starred()?;
        if self.tok != K::Comma && !starred {
            return Ok(first);
        }
        let mut elts = vec![first];
        while self.eat(K::Comma) {
            if self.tok == K::RSqb {
                break;
            }
            elts.push(self.slice_or_starred()?);
        }
        Ok(expr(self.span_from(start), ExprKind::Tuple(elts, ExprContext::Load)))
    }

    fn slice_or_starred(&mut self) -> Parse<Expr> {
        match self.tok {
            K::Star => self.starred_argument(),
            _ => self.slice(),
        }
    }

    /// `*expression`, as in calls and subscripts.
    pub fn starred_argument(&mut self) -> Parse<Expr> {
        let start = self.start();
        self.bump();
        let value = self.expression()?;
        if self.diagnose && self.tok == K::Equal {
            self.check_assigned_unpacking(start, "iterable argument")?;
        }
        let kind = ExprKind::Starred(Box::new(value), ExprContext::Load);
        Ok(expr(self.span_from(start), kind))
    }

    fn slice(&mut self) -> Parse<Expr> {
        let start = self.start();
        let lower = match self.tok {
            K::Colon => None,
            _ => {
                let walrus = self.tok == K::Name && self.peek(1) == K::ColonEqual;
                let value = self.named_expression()?;
                if self.tok != K::Colon || walrus {
                    return Ok(value);
                }
                Some(value)
            }
        };
        self.bump();
        let upper = self.slice_bound()?;
        let step = match self.eat(K::Colon) {
            true => self.slice_bound()?,
            false => None,
        };
        let kind = ExprKind::Slice(Box::new(Slice { lower, upper, step }));
        Ok(expr(self.span_from(start), kind))
    }

    fn slice_bound(&mut self) -> Parse<Option<Expr>> {
        match starts_expression(self.tok) {
            true => self.expression().map(Some),
            false => {
                self.note_failure();
                Ok(None)
            }
        }
    }

    /// Says that the token here was tried for something optional, as far as error positions go.
    pub fn note_failure(&mut self) {
        self.furthest = self.furthest.max(self.pos);
    }
}
