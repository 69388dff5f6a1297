//! The syntax tree: CPython's `Parser/Python.asdl` (3.12, with 3.14's template strings), node for node.
//!
//! Every node with a position carries a [`Span`] of byte offsets; [`crate::LineIndex`] turns them into lines and columns.
//! Variants with more than one field hold a box, so that an [`Expr`] stays a few words.
//!
//! **Depth.** The parser bounds the height of every tree by [`crate::MAX_DEPTH`], counted without the two spines that real programs
//! make thousands of nodes long: `BinOp.left` (`a + b + c + ..`) and the `elif` chain (`If.orelse`). Those two are dropped without
//! recursion; a visitor should walk them in a loop too.

use std::sync::Arc;

pub use gilbert_lexer::Span;

/// A name, NFKC-normalised and shared within one parse.
pub type Ident = Arc<str>;

/// What `exec` takes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Module {
    /// The statements.
    pub body: Vec<Stmt>,
    /// Doubtful spots, in source order.
    pub warnings: Vec<gilbert_lexer::Warning>,
}

/// What `eval` takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// The expression.
    pub body: Expr,
    /// Doubtful spots, in source order.
    pub warnings: Vec<gilbert_lexer::Warning>,
}

/// A statement and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Stmt {
    /// From the first to behind the last byte. Decorators are not part of it.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind,
}

/// ASDL `stmt`.
#[derive(Debug, Clone, PartialEq)]
pub enum StmtKind {
    FunctionDef(Box<FunctionDef>),
    AsyncFunctionDef(Box<FunctionDef>),
    ClassDef(Box<ClassDef>),
    Return(Option<Box<Expr>>),
    Delete(Vec<Expr>),
    Assign(Box<Assign>),
    TypeAlias(Box<TypeAlias>),
    AugAssign(Box<AugAssign>),
    AnnAssign(Box<AnnAssign>),
    For(Box<For>),
    AsyncFor(Box<For>),
    While(Box<While>),
    If(Box<If>),
    With(Box<With>),
    AsyncWith(Box<With>),
    Match(Box<Match>),
    Raise(Box<Raise>),
    Try(Box<Try>),
    TryStar(Box<Try>),
    Assert(Box<Assert>),
    Import(Vec<Alias>),
    ImportFrom(Box<ImportFrom>),
    Global(Vec<Ident>),
    Nonlocal(Vec<Ident>),
    Expr(Box<Expr>),
    Pass,
    Break,
    Continue,
}

/// `def` and `async def`.
#[derive(Debug, Clone, PartialEq)]
pub struct FunctionDef {
    pub name: Ident,
    pub args: Arguments,
    pub body: Vec<Stmt>,
    pub decorator_list: Vec<Expr>,
    pub returns: Option<Expr>,
    pub type_params: Vec<TypeParam>,
}

/// `class`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassDef {
    pub name: Ident,
    pub bases: Vec<Expr>,
    pub keywords: Vec<Keyword>,
    pub body: Vec<Stmt>,
    pub decorator_list: Vec<Expr>,
    pub type_params: Vec<TypeParam>,
}

/// `a = b = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assign {
    pub targets: Vec<Expr>,
    pub value: Expr,
}

/// `type name[type_params] = value`; `name` is always an [`ExprKind::Name`].
#[derive(Debug, Clone, PartialEq)]
pub struct TypeAlias {
    pub name: Expr,
    pub type_params: Vec<TypeParam>,
    pub value: Expr,
}

/// `target op= value`.
#[derive(Debug, Clone, PartialEq)]
pub struct AugAssign {
    pub target: Expr,
    pub op: Operator,
    pub value: Expr,
}

/// `target: annotation = value`; `simple` for a plain name without parentheses.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnAssign {
    pub target: Expr,
    pub annotation: Expr,
    pub value: Option<Expr>,
    pub simple: bool,
}

/// `for` and `async for`.
#[derive(Debug, Clone, PartialEq)]
pub struct For {
    pub target: Expr,
    pub iter: Expr,
    pub body: Vec<Stmt>,
    pub orelse: Vec<Stmt>,
}

/// `while`.
#[derive(Debug, Clone, PartialEq)]
pub struct While {
    pub test: Expr,
    pub body: Vec<Stmt>,
    pub orelse: Vec<Stmt>,
}

/// `if`; an `elif` is an `If` alone in `orelse`.
#[derive(Debug, Clone, PartialEq)]
pub struct If {
    pub test: Expr,
    pub body: Vec<Stmt>,
    pub orelse: Vec<Stmt>,
}

/// `with` and `async with`.
#[derive(Debug, Clone, PartialEq)]
pub struct With {
    pub items: Vec<WithItem>,
    pub body: Vec<Stmt>,
}

/// ASDL `withitem`.
#[derive(Debug, Clone, PartialEq)]
pub struct WithItem {
    pub context_expr: Expr,
    pub optional_vars: Option<Expr>,
}

/// `match`.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    pub subject: Expr,
    pub cases: Vec<MatchCase>,
}

/// ASDL `match_case`.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchCase {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Vec<Stmt>,
}

/// `raise exc from cause`.
#[derive(Debug, Clone, PartialEq)]
pub struct Raise {
    pub exc: Option<Expr>,
    pub cause: Option<Expr>,
}

/// `try`, with `except` or `except*`.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    pub body: Vec<Stmt>,
    pub handlers: Vec<ExceptHandler>,
    pub orelse: Vec<Stmt>,
    pub finalbody: Vec<Stmt>,
}

/// ASDL `excepthandler`; `except A, B:` has a tuple as type.
#[derive(Debug, Clone, PartialEq)]
pub struct ExceptHandler {
    pub span: Span,
    pub typ: Option<Expr>,
    pub name: Option<Ident>,
    pub body: Vec<Stmt>,
}

/// `assert test, msg`.
#[derive(Debug, Clone, PartialEq)]
pub struct Assert {
    pub test: Expr,
    pub msg: Option<Expr>,
}

/// `from module import names`; `level` counts the leading dots. `*` is an alias named `*`.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportFrom {
    pub module: Option<Ident>,
    pub names: Vec<Alias>,
    pub level: u32,
}

/// ASDL `alias`; `name` may be dotted.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    pub span: Span,
    pub name: Ident,
    pub asname: Option<Ident>,
}

/// An expression and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// From the first to behind the last byte, without enclosing parentheses (a tuple's own belong to it).
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// ASDL `expr`.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    BoolOp(Box<BoolOp>),
    NamedExpr(Box<NamedExpr>),
    BinOp(Box<BinOp>),
    UnaryOp(Box<UnaryOp>),
    Lambda(Box<Lambda>),
    IfExp(Box<IfExp>),
    Dict(Box<Dict>),
    Set(Vec<Expr>),
    ListComp(Box<Comp>),
    SetComp(Box<Comp>),
    DictComp(Box<DictComp>),
    GeneratorExp(Box<Comp>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Compare(Box<Compare>),
    Call(Box<Call>),
    FormattedValue(Box<FormattedValue>),
    Interpolation(Box<Interpolation>),
    /// `values`: string constants and `FormattedValue`s.
    JoinedStr(Vec<Expr>),
    /// `values`: string constants and `Interpolation`s.
    TemplateStr(Vec<Expr>),
    Constant(Constant),
    Attribute(Box<Attribute>),
    Subscript(Box<Subscript>),
    Starred(Box<Expr>, ExprContext),
    Name(Ident, ExprContext),
    List(Vec<Expr>, ExprContext),
    Tuple(Vec<Expr>, ExprContext),
    Slice(Box<Slice>),
}

/// `a and b and c`, flat.
#[derive(Debug, Clone, PartialEq)]
pub struct BoolOp {
    pub op: BoolOperator,
    pub values: Vec<Expr>,
}

/// `target := value`; `target` is a [`ExprKind::Name`].
#[derive(Debug, Clone, PartialEq)]
pub struct NamedExpr {
    pub target: Expr,
    pub value: Expr,
}

/// `left op right`.
#[derive(Debug, Clone, PartialEq)]
pub struct BinOp {
    pub left: Expr,
    pub op: Operator,
    pub right: Expr,
}

/// `op operand`.
#[derive(Debug, Clone, PartialEq)]
pub struct UnaryOp {
    pub op: UnaryOperator,
    pub operand: Expr,
}

/// `lambda args: body`.
#[derive(Debug, Clone, PartialEq)]
pub struct Lambda {
    pub args: Arguments,
    pub body: Expr,
}

/// `body if test else orelse`.
#[derive(Debug, Clone, PartialEq)]
pub struct IfExp {
    pub test: Expr,
    pub body: Expr,
    pub orelse: Expr,
}

/// `{key: value, **value}`: a key of `None` is a double star. Both lists have the same length.
#[derive(Debug, Clone, PartialEq)]
pub struct Dict {
    pub keys: Vec<Option<Expr>>,
    pub values: Vec<Expr>,
}

/// List and set comprehensions and generator expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Comp {
    pub elt: Expr,
    pub generators: Vec<Comprehension>,
}

/// `{key: value for ..}`.
#[derive(Debug, Clone, PartialEq)]
pub struct DictComp {
    pub key: Expr,
    pub value: Expr,
    pub generators: Vec<Comprehension>,
}

/// ASDL `comprehension`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comprehension {
    pub target: Expr,
    pub iter: Expr,
    pub ifs: Vec<Expr>,
    pub is_async: bool,
}

/// `left op comparator op comparator ..`; both lists have the same length.
#[derive(Debug, Clone, PartialEq)]
pub struct Compare {
    pub left: Expr,
    pub ops: Vec<CmpOp>,
    pub comparators: Vec<Expr>,
}

/// `func(args, keywords)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub func: Expr,
    pub args: Vec<Expr>,
    pub keywords: Vec<Keyword>,
}

/// ASDL `keyword`; without `arg` it is `**value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyword {
    pub span: Span,
    pub arg: Option<Ident>,
    pub value: Expr,
}

/// `!s`, `!r`, `!a`, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    None,
    Str,
    Repr,
    Ascii,
}

/// A replacement field of an f-string. `format_spec` is a `JoinedStr`.
#[derive(Debug, Clone, PartialEq)]
pub struct FormattedValue {
    pub value: Expr,
    pub conversion: Conversion,
    pub format_spec: Option<Expr>,
}

/// A replacement field of a t-string (PEP 750); `text` is the expression as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpolation {
    pub value: Expr,
    pub text: Box<str>,
    pub conversion: Conversion,
    pub format_spec: Option<Expr>,
}

/// `value.attr`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    pub value: Expr,
    pub attr: Ident,
    pub ctx: ExprContext,
}

/// `value[slice]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscript {
    pub value: Expr,
    pub slice: Expr,
    pub ctx: ExprContext,
}

/// `lower:upper:step` inside a subscript.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    pub lower: Option<Expr>,
    pub upper: Option<Expr>,
    pub step: Option<Expr>,
}

/// ASDL `expr_context`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprContext {
    Load,
    Store,
    Del,
}

/// ASDL `boolop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoolOperator {
    And,
    Or,
}

/// ASDL `operator`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

/// ASDL `unaryop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Invert,
    Not,
    UAdd,
    USub,
}

/// ASDL `cmpop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CmpOp {
    Eq,
    NotEq,
    Lt,
    LtE,
    Gt,
    GtE,
    Is,
    IsNot,
    In,
    NotIn,
}

/// A literal.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    None,
    True,
    False,
    Ellipsis,
    /// Never negative: the minus sign is a [`UnaryOp`].
    Int(i64),
    /// An integer that does not fit 63 bits.
    BigInt(Box<BigIntLit>),
    Float(f64),
    /// The imaginary part of `1j`.
    Imag(f64),
    Str(StrLit),
    Bytes(Box<[u8]>),
}

/// The digits of a large integer literal, without prefix and underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BigIntLit {
    pub digits: Box<str>,
    /// 2, 8, 10 or 16.
    pub radix: u32,
}

/// The value of a string literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StrLit {
    Utf8(Box<str>),
    /// Holds at least one lone surrogate, encoded in three bytes as UTF-8 would (WTF-8).
    Wtf8(Box<[u8]>),
}

impl StrLit {
    /// The bytes, UTF-8 or WTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            StrLit::Utf8(text) => text.as_bytes(),
            StrLit::Wtf8(bytes) => bytes,
        }
    }

    /// The text, when it has no lone surrogate.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            StrLit::Utf8(text) => Some(text),
            StrLit::Wtf8(_) => None,
        }
    }
}

/// ASDL `arguments`. `defaults` belong to the last of `posonlyargs + args`; `kw_defaults` has one entry for each of `kwonlyargs`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arguments {
    pub posonlyargs: Vec<Arg>,
    pub args: Vec<Arg>,
    pub vararg: Option<Box<Arg>>,
    pub kwonlyargs: Vec<Arg>,
    pub kw_defaults: Vec<Option<Expr>>,
    pub kwarg: Option<Box<Arg>>,
    pub defaults: Vec<Expr>,
}

/// ASDL `arg`.
#[derive(Debug, Clone, PartialEq)]
pub struct Arg {
    pub span: Span,
    pub arg: Ident,
    pub annotation: Option<Expr>,
}

/// A pattern of a `case` and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    pub span: Span,
    pub kind: PatternKind,
}

/// ASDL `pattern`.
#[derive(Debug, Clone, PartialEq)]
pub enum PatternKind {
    /// A number, a string, or a dotted name.
    MatchValue(Box<Expr>),
    /// `None`, `True` or `False`.
    MatchSingleton(Constant),
    MatchSequence(Vec<Pattern>),
    MatchMapping(Box<MatchMapping>),
    MatchClass(Box<MatchClass>),
    /// `*name`; `*_` has no name.
    MatchStar(Option<Ident>),
    MatchAs(Box<MatchAs>),
    MatchOr(Vec<Pattern>),
}

/// `{key: pattern, **rest}`; `keys` and `patterns` have the same length.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchMapping {
    pub keys: Vec<Expr>,
    pub patterns: Vec<Pattern>,
    pub rest: Option<Ident>,
}

/// `cls(patterns, kwd_attrs=kwd_patterns)`.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchClass {
    pub cls: Expr,
    pub patterns: Vec<Pattern>,
    pub kwd_attrs: Vec<Ident>,
    pub kwd_patterns: Vec<Pattern>,
}

/// `pattern as name`, a bare name (no pattern), or `_` (neither).
#[derive(Debug, Clone, PartialEq)]
pub struct MatchAs {
    pub pattern: Option<Pattern>,
    pub name: Option<Ident>,
}

/// A type parameter and its place (PEP 695, defaults by PEP 696).
#[derive(Debug, Clone, PartialEq)]
pub struct TypeParam {
    pub span: Span,
    pub kind: TypeParamKind,
}

/// ASDL `type_param`.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeParamKind {
    TypeVar { name: Ident, bound: Option<Box<Expr>>, default_value: Option<Box<Expr>> },
    ParamSpec { name: Ident, default_value: Option<Box<Expr>> },
    TypeVarTuple { name: Ident, default_value: Option<Box<Expr>> },
}

/// What remains in place of a node that was taken out.
fn hole() -> ExprKind {
    ExprKind::Constant(Constant::None)
}

impl Drop for BinOp {
    /// Takes a long left spine apart in a loop.
    fn drop(&mut self) {
        if !matches!(self.left.kind, ExprKind::BinOp(_)) {
            return;
        }
        let mut next = std::mem::replace(&mut self.left.kind, hole());
        while let ExprKind::BinOp(mut node) = next {
            next = std::mem::replace(&mut node.left.kind, hole());
        }
    }
}

impl Drop for If {
    /// Takes a long `elif` chain apart in a loop.
    fn drop(&mut self) {
        let mut next = std::mem::take(&mut self.orelse);
        while let [Stmt { kind: StmtKind::If(node), .. }] = next.as_mut_slice() {
            next = std::mem::take(&mut node.orelse);
        }
    }
}
