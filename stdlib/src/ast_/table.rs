//! The node classes: CPython's `Parser/Python.asdl`.

/// How a field is filled where a constructor call leaves it out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fill {
    /// It stays missing.
    Required,
    /// None
    Optional,
    /// An empty list.
    Many,
    /// `Load()`
    Context,
}

/// A node class.
pub(super) struct Class {
    pub name: &'static str,
    /// The abstract class above, or empty.
    pub base: &'static str,
    /// Fields; `*` behind the name: a list, `?`: may be None, `@`: an expression context.
    pub fields: &'static [&'static str],
}

impl Class {
    /// Names of the fields with how they are filled.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Fill)> + use<> {
        self.fields.iter().map(|f| match f.as_bytes()[f.len() - 1] {
            b'*' => (&f[..f.len() - 1], Fill::Many),
            b'?' => (&f[..f.len() - 1], Fill::Optional),
            b'@' => (&f[..f.len() - 1], Fill::Context),
            _ => (*f, Fill::Required),
        })
    }
}

/// The abstract classes, and whether their nodes have places.
pub(super) const ABSTRACT: &[(&str, bool)] = &[
    ("mod", false),
    ("stmt", true),
    ("expr", true),
    ("expr_context", false),
    ("boolop", false),
    ("operator", false),
    ("unaryop", false),
    ("cmpop", false),
    ("excepthandler", true),
    ("pattern", true),
    ("type_ignore", false),
    ("type_param", true),
];
/// Classes below `AST` itself whose nodes have places.
pub(super) const PLACED: &[&str] = &["arg", "keyword", "alias"];
/// The attributes of a place.
pub(super) const PLACE: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

macro_rules! nodes {
    ($($name:ident $base:ident [$($field:literal)*];)*) => {
        /// The node classes by number.
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(super) enum N { $($name,)* }
        /// By number.
        pub(super) const ALL: &[N] = &[$(N::$name,)*];
        /// Their tables, by number.
        pub(super) const CLASSES: &[Class] = &[$(Class { name: stringify!($name), base: stringify!($base), fields: &[$($field),*] },)*];
    };
}

nodes! {
    Module mod ["body*" "type_ignores*"];
    Interactive mod ["body*"];
    Expression mod ["body"];
    FunctionType mod ["argtypes*" "returns"];
    FunctionDef stmt ["name" "args" "body*" "decorator_list*" "returns?" "type_comment?" "type_params*"];
    AsyncFunctionDef stmt ["name" "args" "body*" "decorator_list*" "returns?" "type_comment?" "type_params*"];
    ClassDef stmt ["name" "bases*" "keywords*" "body*" "decorator_list*" "type_params*"];
    Return stmt ["value?"];
    Delete stmt ["targets*"];
    Assign stmt ["targets*" "value" "type_comment?"];
    TypeAlias stmt ["name" "type_params*" "value"];
    AugAssign stmt ["target" "op" "value"];
    AnnAssign stmt ["target" "annotation" "value?" "simple"];
    For stmt ["target" "iter" "body*" "orelse*" "type_comment?"];
    AsyncFor stmt ["target" "iter" "body*" "orelse*" "type_comment?"];
    While stmt ["test" "body*" "orelse*"];
    If stmt ["test" "body*" "orelse*"];
    With stmt ["items*" "body*" "type_comment?"];
    AsyncWith stmt ["items*" "body*" "type_comment?"];
    Match stmt ["subject" "cases*"];
    Raise stmt ["exc?" "cause?"];
    Try stmt ["body*" "handlers*" "orelse*" "finalbody*"];
    TryStar stmt ["body*" "handlers*" "orelse*" "finalbody*"];
    Assert stmt ["test" "msg?"];
    Import stmt ["names*"];
    ImportFrom stmt ["module?" "names*" "level?"];
    Global stmt ["names*"];
    Nonlocal stmt ["names*"];
    Expr stmt ["value"];
    Pass stmt [];
    Break stmt [];
    Continue stmt [];
    BoolOp expr ["op" "values*"];
    NamedExpr expr ["target" "value"];
    BinOp expr ["left" "op" "right"];
    UnaryOp expr ["op" "operand"];
    Lambda expr ["args" "body"];
    IfExp expr ["test" "body" "orelse"];
    Dict expr ["keys*" "values*"];
    Set expr ["elts*"];
    ListComp expr ["elt" "generators*"];
    SetComp expr ["elt" "generators*"];
    DictComp expr ["key" "value" "generators*"];
    GeneratorExp expr ["elt" "generators*"];
    Await expr ["value"];
    Yield expr ["value?"];
    YieldFrom expr ["value"];
    Compare expr ["left" "ops*" "comparators*"];
    Call expr ["func" "args*" "keywords*"];
    FormattedValue expr ["value" "conversion" "format_spec?"];
    Interpolation expr ["value" "str" "conversion" "format_spec?"];
    JoinedStr expr ["values*"];
    TemplateStr expr ["values*"];
    Constant expr ["value" "kind?"];
    Attribute expr ["value" "attr" "ctx@"];
    Subscript expr ["value" "slice" "ctx@"];
    Starred expr ["value" "ctx@"];
    Name expr ["id" "ctx@"];
    List expr ["elts*" "ctx@"];
    Tuple expr ["elts*" "ctx@"];
    Slice expr ["lower?" "upper?" "step?"];
    Load expr_context [];
    Store expr_context [];
    Del expr_context [];
    And boolop [];
    Or boolop [];
    Add operator [];
    Sub operator [];
    Mult operator [];
    MatMult operator [];
    Div operator [];
    Mod operator [];
    Pow operator [];
    LShift operator [];
    RShift operator [];
    BitOr operator [];
    BitXor operator [];
    BitAnd operator [];
    FloorDiv operator [];
    Invert unaryop [];
    Not unaryop [];
    UAdd unaryop [];
    USub unaryop [];
    Eq cmpop [];
    NotEq cmpop [];
    Lt cmpop [];
    LtE cmpop [];
    Gt cmpop [];
    GtE cmpop [];
    Is cmpop [];
    IsNot cmpop [];
    In cmpop [];
    NotIn cmpop [];
    comprehension AST ["target" "iter" "ifs*" "is_async"];
    ExceptHandler excepthandler ["type?" "name?" "body*"];
    arguments AST ["posonlyargs*" "args*" "vararg?" "kwonlyargs*" "kw_defaults*" "kwarg?" "defaults*"];
    arg AST ["arg" "annotation?" "type_comment?"];
    keyword AST ["arg?" "value"];
    alias AST ["name" "asname?"];
    withitem AST ["context_expr" "optional_vars?"];
    match_case AST ["pattern" "guard?" "body*"];
    MatchValue pattern ["value"];
    MatchSingleton pattern ["value"];
    MatchSequence pattern ["patterns*"];
    MatchMapping pattern ["keys*" "patterns*" "rest?"];
    MatchClass pattern ["cls" "patterns*" "kwd_attrs*" "kwd_patterns*"];
    MatchStar pattern ["name?"];
    MatchAs pattern ["pattern?" "name?"];
    MatchOr pattern ["patterns*"];
    TypeIgnore type_ignore ["lineno" "tag"];
    TypeVar type_param ["name" "bound?" "default_value?"];
    ParamSpec type_param ["name" "default_value?"];
    TypeVarTuple type_param ["name" "default_value?"];
}
