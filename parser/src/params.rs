//! Parameters of functions and lambdas, and type parameters.

use gilbert_lexer::TokenKind as K;

use crate::ast::*;
use crate::cursor::{Parse, Parser};

/// Which parameters: a lambda's have no annotations and end at a colon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParamStyle {
    Def,
    Lambda,
}

impl ParamStyle {
    /// Whether a token ends the parameters.
    fn closes(self, kind: K) -> bool {
        match self {
            ParamStyle::Def => kind == K::RPar,
            ParamStyle::Lambda => matches!(kind, K::Colon | K::SpecColon),
        }
    }
}

impl<'s> Parser<'s> {
    /// The parameters of a `def`, up to `)` (which is not taken).
    pub fn parameters(&mut self) -> Parse<Arguments> {
        self.parameter_list(ParamStyle::Def)
    }

    /// The parameters of a lambda, up to `:` (which is not taken).
    pub fn lambda_parameters(&mut self) -> Parse<Arguments> {
        self.parameter_list(ParamStyle::Lambda)
    }

    fn parameter_list(&mut self, style: ParamStyle) -> Parse<Arguments> {
        let mut list = Arguments::default();
        let mut seen = Seen::default();
        while !style.closes(self.tok) {
            match self.tok {
                K::Slash => self.positional_only_mark(&mut list, &mut seen)?,
                K::Star => self.star_parameter(&mut list, &mut seen, style)?,
                K::DoubleStar => {
                    self.check_bare_star(&list, &seen, style)?;
                    self.double_star_parameter(&mut list, style)?;
                }
                K::Name => self.plain_parameter(&mut list, &mut seen, style)?,
                K::LPar => self.parenthesised_parameter(&list, &seen, style)?,
                _ => return self.fail(),
            }
            if style.closes(self.tok) {
                break;
            }
            if self.diagnose && self.tok == K::Star && self.kind_at(self.pos - 1) == K::Slash {
                return self.raise_at(self.token().span(), "expected comma between / and *");
            }
            self.expect(K::Comma)?;
            if list.kwarg.is_some() && !style.closes(self.tok) {
                return self.after_double_star(style);
            }
        }
        self.check_bare_star(&list, &seen, style)?;
        Ok(list)
    }

    fn plain_parameter(&mut self, list: &mut Arguments, seen: &mut Seen, style: ParamStyle) -> Parse<()> {
        let arg = self.parameter(style, false)?;
        let default = match self.tok {
            K::Equal => Some(self.default_value(style)?),
            _ => None,
        };
        if seen.star.is_some() {
            list.kwonlyargs.push(arg);
            list.kw_defaults.push(default);
            return Ok(());
        }
        match default {
            Some(value) => list.defaults.push(value),
            None if !list.defaults.is_empty() => {
                if self.tok != K::Comma && !style.closes(self.tok) {
                    return self.fail();
                }
                let msg = "parameter without a default follows parameter with a default";
                return self.raise_if_diagnosing(arg.span, msg);
            }
            None => {}
        }
        list.args.push(arg);
        Ok(())
    }

    fn parameter(&mut self, style: ParamStyle, star: bool) -> Parse<Arg> {
        let start = self.start();
        let arg = self.name()?;
        let annotation = match style == ParamStyle::Def && self.eat(K::Colon) {
            true if star && self.tok == K::Star => Some(self.star_expression()?),
            true => Some(self.expression()?),
            false => None,
        };
        Ok(Arg { span: self.span_from(start), arg, annotation })
    }

    fn default_value(&mut self, style: ParamStyle) -> Parse<Expr> {
        let equal = self.token().span();
        self.bump();
        if self.diagnose && (self.tok == K::Comma || style.closes(self.tok)) {
            return self.raise_at(equal, "expected default value expression");
        }
        self.expression()
    }

    fn positional_only_mark(&mut self, list: &mut Arguments, seen: &mut Seen) -> Parse<()> {
        let span = self.token().span();
        if seen.slash {
            return self.raise_if_diagnosing(span, "/ may appear only once");
        }
        if seen.star.is_some() {
            return self.raise_if_diagnosing(span, "/ must be ahead of *");
        }
        if list.args.is_empty() {
            if self.peek(1) != K::Comma {
                return self.fail();
            }
            return self.raise_if_diagnosing(span, "at least one argument must precede /");
        }
        seen.slash = true;
        list.posonlyargs = std::mem::take(&mut list.args);
        self.bump();
        Ok(())
    }

    fn star_parameter(&mut self, list: &mut Arguments, seen: &mut Seen, style: ParamStyle) -> Parse<()> {
        if seen.star.is_some() {
            return self.second_star(style);
        }
        seen.star = Some(self.pos);
        self.bump();
        if self.tok == K::Comma || style.closes(self.tok) {
            return Ok(());
        }
        list.vararg = Some(Box::new(self.parameter(style, true)?));
        if self.tok == K::Equal {
            let span = self.token().span();
            return self.raise_if_diagnosing(span, "var-positional argument cannot have default value");
        }
        Ok(())
    }

    #[cold]
    fn second_star(&mut self, style: ParamStyle) -> Parse<()> {
        let span = self.token().span();
        if !self.diagnose {
            return self.fail();
        }
        self.bump();
        if self.tok == K::Name {
            self.parameter(style, false)?;
            if style.closes(self.tok) {
                return self.raise_at(span, "* argument may appear only once");
            }
        }
        match self.tok {
            K::Comma => self.raise_at(span, "* argument may appear only once"),
            _ => self.fail(),
        }
    }

    fn double_star_parameter(&mut self, list: &mut Arguments, style: ParamStyle) -> Parse<()> {
        self.bump();
        list.kwarg = Some(Box::new(self.parameter(style, false)?));
        if self.tok == K::Equal {
            let span = self.token().span();
            return self.raise_if_diagnosing(span, "var-keyword argument cannot have default value");
        }
        Ok(())
    }

    fn after_double_star(&mut self, style: ParamStyle) -> Parse<Arguments> {
        if self.diagnose && self.tok == K::Name {
            let arg = self.parameter(style, false)?;
            return self.raise_at(arg.span, "arguments cannot follow var-keyword argument");
        }
        if matches!(self.tok, K::Star | K::DoubleStar | K::Slash) {
            return self.raise_if_diagnosing(self.token().span(), "arguments cannot follow var-keyword argument");
        }
        self.fail()
    }

    /// A `*` alone needs a named parameter behind it.
    fn check_bare_star(&mut self, list: &Arguments, seen: &Seen, style: ParamStyle) -> Parse<()> {
        match seen.star {
            Some(star) if list.vararg.is_none() && list.kwonlyargs.is_empty() => {
                let msg = "named arguments must follow bare *";
                if self.diagnose && style == ParamStyle::Lambda {
                    return self.raise_here(msg);
                }
                let span = self.tokens[star].span();
                self.raise_if_diagnosing(span, msg)
            }
            _ => Ok(()),
        }
    }

    fn parenthesised_parameter(&mut self, list: &Arguments, seen: &Seen, style: ParamStyle) -> Parse<()> {
        if !self.diagnose || !list.defaults.is_empty() || seen.star.is_some() || seen.slash {
            return self.fail();
        }
        let open = self.token().span();
        self.bump();
        while self.eat(K::Name) {
            if !self.eat(K::Comma) {
                break;
            }
        }
        if self.tok != K::RPar || self.kind_at(self.pos - 1) == K::LPar {
            return self.fail();
        }
        let noun = match style {
            ParamStyle::Def => "Function",
            ParamStyle::Lambda => "Lambda expression",
        };
        let span = open.to(self.token().span());
        self.raise_at(span, format!("{noun} parameters cannot be parenthesized"))
    }

    /// Raises in the second pass, just fails in the first.
    pub fn raise_if_diagnosing<T>(&mut self, span: gilbert_lexer::Span, msg: &str) -> Parse<T> {
        match self.diagnose {
            true => self.raise_at(span, msg),
            false => self.fail(),
        }
    }

    // ---- type parameters

    /// `[T, *Ts, **P]`, when there is one.
    pub fn type_params(&mut self) -> Parse<Vec<TypeParam>> {
        let mut params = Vec::new();
        if !self.eat(K::LSqb) {
            return Ok(params);
        }
        if self.tok == K::RSqb {
            return self.fail();
        }
        loop {
            params.push(self.type_param()?);
            if !self.eat(K::Comma) || self.tok == K::RSqb {
                break;
            }
        }
        self.expect(K::RSqb)?;
        Ok(params)
    }

    fn type_param(&mut self) -> Parse<TypeParam> {
        let start = self.start();
        let kind = match self.tok {
            K::Star => {
                self.bump();
                let name = self.name()?;
                self.refuse_bound("TypeVarTuple")?;
                let default_value = self.type_default(true)?;
                TypeParamKind::TypeVarTuple { name, default_value }
            }
            K::DoubleStar => {
                self.bump();
                let name = self.name()?;
                self.refuse_bound("ParamSpec")?;
                let default_value = self.type_default(false)?;
                TypeParamKind::ParamSpec { name, default_value }
            }
            _ => {
                let name = self.name()?;
                let bound = match self.eat(K::Colon) {
                    true => Some(Box::new(self.expression()?)),
                    false => None,
                };
                let default_value = self.type_default(false)?;
                TypeParamKind::TypeVar { name, bound, default_value }
            }
        };
        Ok(TypeParam { span: self.span_from(start), kind })
    }

    fn type_default(&mut self, star: bool) -> Parse<Option<Box<Expr>>> {
        if !self.eat(K::Equal) {
            return Ok(None);
        }
        let value = match star {
            true => self.star_expression()?,
            false => self.expression()?,
        };
        Ok(Some(Box::new(value)))
    }

    fn refuse_bound(&mut self, noun: &str) -> Parse<()> {
        if self.tok != K::Colon {
            return Ok(());
        }
        let colon = self.token().span();
        self.bump();
        let bound = self.expression()?;
        let what = match bound.kind {
            ExprKind::Tuple(..) => "constraints",
            _ => "bound",
        };
        self.raise_at(colon.to(bound.span), format!("cannot use {what} with {noun}"))
    }
}

/// What a parameter list has had so far.
#[derive(Default)]
struct Seen {
    slash: bool,
    /// Index of the `*` token.
    star: Option<usize>,
}
