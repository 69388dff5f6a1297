//! The table of instructions.
//!
//! Gilbert's bytecode is a stack machine in the manner of CPython 3.11-3.13 (`Python/bytecodes.c`), so that a tick means
//! what a Python programmer expects of it, with instructions of a fixed width of 8 bytes and absolute jump targets.
//!
//! ```text
//!   63        32 31     16 15    8 7      0
//!  +------------+---------+-------+--------+
//!  |     b      |    a    |   c   |   op   |
//!  +------------+---------+-------+--------+
//!   operand      cache or  small    opcode
//!   (index,      second    operand
//!   target,      operand
//!   count)
//! ```
//!
//! The compiler fills `b` (and `c` where the table says so) and leaves `a` zero. When an isolate first runs a code object it
//! copies the instructions, gives each cached one a slot (in `a`), and replaces the first of some sequences of thread-local
//! instructions by a fused one. The replaced sequence keeps its other members in place, so a fused instruction can
//! always fall back to executing only what it replaced, and jumps into the middle stay valid. A fused instruction counts
//! the ticks of all that it stands for.
//!
//! Stack effects are written `before -> after`, top on the right.

/// One instruction; see the module's page for the layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Instr {
    /// The operation.
    pub op: Op,
    /// A small operand (flags, a kind of operator).
    pub c: u8,
    /// The inline cache's slot, or a fused instruction's second operand.
    pub a: u16,
    /// The operand: an index, a jump target or a count.
    pub b: u32,
}

impl Instr {
    /// An instruction with operand `b`.
    pub const fn new(op: Op, b: u32) -> Instr {
        Instr { op, c: 0, a: 0, b }
    }
    /// An instruction with operand `b` and small operand `c`.
    pub const fn with_c(op: Op, c: u8, b: u32) -> Instr {
        Instr { op, c, a: 0, b }
    }
}

macro_rules! ops {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $flags:expr;)*) => {
        /// Every operation, in the order of the table.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Op { $($(#[doc = $doc])+ $name,)* }

        impl Op {
            /// All operations, by number.
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];
            /// The name that `dis` prints.
            pub const fn name(self) -> &'static str {
                match self { $(Op::$name => $text,)* }
            }
            /// What the loop and the compiler must know: the `JUMP`, `CACHE`, `SWITCH`, .. bits.
            pub const fn flags(self) -> u8 {
                match self { $(Op::$name => $flags,)* }
            }
        }
    };
}

/// `b` is a jump target.
pub const JUMP: u8 = 1;
/// The instruction has an inline cache.
pub const CACHE: u8 = 2;
/// A switch point under `--switch-points loops-and-calls`.
pub const SWITCH: u8 = 4;
/// `b` indexes the constants.
pub const CONST: u8 = 8;
/// `b` indexes the names.
pub const NAME: u8 = 16;
/// `b` indexes the local slots.
pub const LOCAL: u8 = 32;
/// Control does not fall through to the next instruction.
pub const END: u8 = 64;
/// Made by the isolate, never by the compiler.
pub const FUSED: u8 = 128;

ops! {
    // --- stack and constants
    /// Does nothing. `->`
    Nop "NOP" 0;
    /// Function entry: a switch point; traces the call. The first instruction of every code object (before it only
    /// `MakeCell`, `ReturnGenerator`). `->`
    Resume "RESUME" SWITCH;
    /// Drops the top. `x ->`
    Pop "POP_TOP" 0;
    /// Copies the b-th value from the top (1 is the top itself). `.. -> .. x`
    Copy "COPY" 0;
    /// Swaps the top with the b-th value from the top (2 is the one below). `.. ->  ..`
    Swap "SWAP" 0;
    /// Pushes the absent value, as a callable's missing `self`. `-> NULL`
    PushNull "PUSH_NULL" 0;
    /// `-> consts[b]`
    LoadConst "LOAD_CONST" CONST;
    // --- names
    /// UnboundLocalError where unset. `-> local[b]`
    LoadFast "LOAD_FAST" LOCAL;
    /// Pushes the slot, set or NULL, and clears it (inlined comprehensions). `-> local[b] or NULL`
    LoadFastAndClear "LOAD_FAST_AND_CLEAR" LOCAL;
    /// A NULL value unsets the slot. `x ->`
    StoreFast "STORE_FAST" LOCAL;
    /// UnboundLocalError where unset. `->`
    DeleteFast "DELETE_FAST" LOCAL;
    /// Replaces the slot's value (or NULL) by a new cell holding it. `->`
    MakeCell "MAKE_CELL" LOCAL;
    /// Pushes the cell in the slot itself, for a closure. `-> cell`
    LoadClosure "LOAD_CLOSURE" LOCAL;
    /// The content of the cell in slot b; NameError/UnboundLocalError where empty. `-> x`
    LoadDeref "LOAD_DEREF" LOCAL;
    /// `x ->`
    StoreDeref "STORE_DEREF" LOCAL;
    /// `->`
    DeleteDeref "DELETE_DEREF" LOCAL;
    /// Class bodies: looks the name of slot b up in the mapping, then in the cell. `mapping -> x`
    LoadFromDictOrDeref "LOAD_FROM_DICT_OR_DEREF" LOCAL;
    /// Looks names[b] up in the mapping, then in globals and builtins. `mapping -> x`
    LoadFromDictOrGlobals "LOAD_FROM_DICT_OR_GLOBALS" NAME;
    /// The namespace of a class or module body. `-> mapping`
    LoadLocals "LOAD_LOCALS" 0;
    /// Globals, then builtins. `-> x`
    LoadGlobal "LOAD_GLOBAL" NAME | CACHE;
    /// `x ->`
    StoreGlobal "STORE_GLOBAL" NAME | CACHE;
    /// `->`
    DeleteGlobal "DELETE_GLOBAL" NAME;
    /// Locals mapping, globals, builtins (module and class bodies). `-> x`
    LoadName "LOAD_NAME" NAME | CACHE;
    /// `x ->`
    StoreName "STORE_NAME" NAME | CACHE;
    /// `->`
    DeleteName "DELETE_NAME" NAME;
    // --- attributes and items
    /// `obj -> obj.name`
    LoadAttr "LOAD_ATTR" NAME | CACHE;
    /// For a call that follows: `obj -> function obj` for a method found in the class, else `attr NULL`.
    LoadMethod "LOAD_METHOD" NAME | CACHE;
    /// `super().name` / `super(cls, self).name` (names[b]); c = 1: as LoadMethod (pushes two); c = 2: `super` was called
    /// with explicit arguments. `super cls self -> attr` or `-> function self`
    LoadSuperAttr "LOAD_SUPER_ATTR" NAME;
    /// `value obj ->`
    StoreAttr "STORE_ATTR" NAME | CACHE;
    /// `obj ->`
    DeleteAttr "DELETE_ATTR" NAME;
    /// `container key -> container[key]`
    BinarySubscr "BINARY_SUBSCR" 0;
    /// `value container key ->`
    StoreSubscr "STORE_SUBSCR" 0;
    /// `container key ->`
    DeleteSubscr "DELETE_SUBSCR" 0;
    /// b = 2 or 3. `start stop [step] -> slice`
    BuildSlice "BUILD_SLICE" 0;
    // --- operators
    /// c = a `BinOp` number, plus `INPLACE` (32) for the augmented form. `l r -> l op r`
    BinaryOp "BINARY_OP" 0;
    /// c = a `CmpOp` number. `l r -> l op r`
    CompareOp "COMPARE_OP" 0;
    /// b = 1 inverts. `l r -> bool`
    IsOp "IS_OP" 0;
    /// b = 1 inverts. `item container -> bool`
    ContainsOp "CONTAINS_OP" 0;
    /// `x -> -x`
    UnaryNegative "UNARY_NEGATIVE" 0;
    /// `x -> +x`
    UnaryPositive "UNARY_POSITIVE" 0;
    /// `x -> ~x`
    UnaryInvert "UNARY_INVERT" 0;
    /// `x -> not x`
    UnaryNot "UNARY_NOT" 0;
    // --- building
    /// `b values -> tuple`
    BuildTuple "BUILD_TUPLE" 0;
    /// `b values -> list`
    BuildList "BUILD_LIST" 0;
    /// `b values -> set`
    BuildSet "BUILD_SET" 0;
    /// `2*b values (key value ..) -> dict`
    BuildMap "BUILD_MAP" 0;
    /// `b strings -> str`
    BuildString "BUILD_STRING" 0;
    /// Appends to the list that is b-th from the top after the pop. `x ->`
    ListAppend "LIST_APPEND" 0;
    /// `x ->`
    SetAdd "SET_ADD" 0;
    /// `key value ->`
    MapAdd "MAP_ADD" 0;
    /// Extends the list that is b-th from the top after the pop. `iterable ->`
    ListExtend "LIST_EXTEND" 0;
    /// `iterable ->`
    SetUpdate "SET_UPDATE" 0;
    /// `mapping ->`
    DictUpdate "DICT_UPDATE" 0;
    /// As DictUpdate, for `**` in a call: TypeError on a repeated key; the callable is on the stack at b + 2 (below the dict, NULL/self and args). `mapping ->`
    DictMerge "DICT_MERGE" 0;
    /// `list -> tuple`
    ListToTuple "LIST_TO_TUPLE" 0;
    /// c = conversion (0 none, 1 str, 2 repr, 3 ascii); b = 1: a format spec is on top. `value [spec] -> str`
    FormatValue "FORMAT_VALUE" 0;
    /// Pushes the items last first, so that the first ends on top. `seq -> b values`
    UnpackSequence "UNPACK_SEQUENCE" 0;
    /// b & 0xFFFF before the star, b >> 16 after it. First item ends on top. `seq -> before list after`
    UnpackEx "UNPACK_EX" 0;
    // --- jumps
    /// Forward. `->`
    Jump "JUMP_FORWARD" JUMP | END;
    /// Backward: a switch point. `->`
    JumpBack "JUMP_BACKWARD" JUMP | END | SWITCH;
    /// `x ->`
    PopJumpIfFalse "POP_JUMP_IF_FALSE" JUMP;
    /// `x ->`
    PopJumpIfTrue "POP_JUMP_IF_TRUE" JUMP;
    /// `x ->`
    PopJumpIfNone "POP_JUMP_IF_NONE" JUMP;
    /// `x ->`
    PopJumpIfNotNone "POP_JUMP_IF_NOT_NONE" JUMP;
    /// Jumps and keeps x where false, else pops it. `x -> [x]`
    JumpIfFalseOrPop "JUMP_IF_FALSE_OR_POP" JUMP;
    /// `x -> [x]`
    JumpIfTrueOrPop "JUMP_IF_TRUE_OR_POP" JUMP;
    // --- iteration
    /// `iterable -> iterator`
    GetIter "GET_ITER" 0;
    /// As GetIter, but a generator or coroutine is left as it is (`yield from`). `x -> iterator`
    GetYieldFromIter "GET_YIELD_FROM_ITER" 0;
    /// Next item, or at the end pops the iterator and jumps to b. `iter -> iter next`
    ForIter "FOR_ITER" JUMP;
    // --- calls
    /// b arguments. `callable self|NULL args.. -> result`
    Call "CALL" SWITCH | CACHE;
    /// b arguments in all, the last of them named by the tuple on top. `callable self|NULL args.. kwnames -> result`
    CallKw "CALL_KW" SWITCH;
    /// b & 1: a dict of keywords is on top. The positional ones are any iterable. `callable NULL args [kwargs] -> result`
    CallEx "CALL_FUNCTION_EX" SWITCH;
    /// `code -> function`
    MakeFunction "MAKE_FUNCTION" 0;
    /// b: 1 defaults (tuple), 2 kwdefaults (dict), 4 annotations (dict), 8 closure (tuple of cells), 16 annotate
    /// (function of one argument, PEP 649), 32 type params (tuple). `attr function -> function`
    SetFunctionAttribute "SET_FUNCTION_ATTRIBUTE" 0;
    /// `-> __build_class__`
    LoadBuildClass "LOAD_BUILD_CLASS" 0;
    /// `x ->` (leaves the frame)
    ReturnValue "RETURN_VALUE" END;
    /// Leaves the frame with consts[b]. `->`
    ReturnConst "RETURN_CONST" CONST | END;
    // --- generators and coroutines
    /// First instruction of a generator, coroutine or async generator (after MakeCell): makes the object from the frame and returns it
    /// to the caller; when first resumed, execution goes on behind it, and the value sent (None) is on the stack: a `Pop` follows. `-> sent`
    ReturnGenerator "RETURN_GENERATOR" 0;
    /// Gives x to who resumed; the value sent is pushed when resumed. c = 1: inside `yield from`/`await`. `x -> sent`
    YieldValue "YIELD_VALUE" 0;
    /// Sends v to the sub-iterator; when it ends, jumps to b. `iter v -> iter yielded`, at the end `iter v -> iter result`
    Send "SEND" JUMP;
    /// After a Send that has ended: removes the iterator. `iter result -> result`
    EndSend "END_SEND" 0;
    /// An exception was thrown in at a `yield from`: StopIteration's value ends it, else re-raises. `iter sent exc -> None value`
    CleanupThrow "CLEANUP_THROW" 0;
    /// b: 0 plain await, 1 after `__aenter__`, 2 after `__aexit__` (for the error text). `x -> awaitable iterator`
    GetAwaitable "GET_AWAITABLE" 0;
    /// `x -> x.__aiter__()`
    GetAIter "GET_AITER" 0;
    /// `aiter -> aiter awaitable`
    GetANext "GET_ANEXT" 0;
    /// StopAsyncIteration ends the loop (pops both), else re-raises. `aiter exc ->`
    EndAsyncFor "END_ASYNC_FOR" 0;
    /// Wraps a value yielded by an async generator. `x -> wrapped`
    AsyncGenWrap "ASYNC_GEN_WRAP" 0;
    // --- exceptions
    /// b = 0: re-raise the current one; 1: `exc`; 2: `exc cause`. `.. ->`
    RaiseVarargs "RAISE_VARARGS" END;
    /// Entering a handler: the exception becomes the current one. `exc -> previous exc`
    PushExcInfo "PUSH_EXC_INFO" 0;
    /// Leaving a handler: the previous one is current again. `previous ->`
    PopExcept "POP_EXCEPT" 0;
    /// TypeError unless the type may be caught. `exc type -> exc bool`
    CheckExcMatch "CHECK_EXC_MATCH" 0;
    /// `group type -> rest match` (either may be None; where all match, rest is None)
    CheckEgMatch "CHECK_EG_MATCH" 0;
    /// `original excs(list) -> exc or None` to be re-raised after `except*`
    PrepReraiseStar "PREP_RERAISE_STAR" 0;
    /// Raises exc again with its traceback unchanged. b > 0: the b-th value below exc is the `lasti` that the exception table
    /// pushed (1 as a rule, 2 after `with`: `lasti previous exc`). `[lasti ..] exc ->`
    Reraise "RERAISE" END;
    /// A StopIteration that leaves a generator becomes RuntimeError (PEP 479); c = 1 coroutine, 2 async generator. `exc -> exc`
    StopIterationError "STOPITERATION_ERROR" 0;
    /// `-> AssertionError`
    LoadAssertionError "LOAD_ASSERTION_ERROR" 0;
    /// `mgr -> exit entered` (bound `__exit__`, result of `__enter__()`)
    BeforeWith "BEFORE_WITH" SWITCH;
    /// `mgr -> aexit awaitable`
    BeforeAsyncWith "BEFORE_ASYNC_WITH" SWITCH;
    /// Calls exit(type, exc, tb). `exit lasti previous exc -> exit lasti previous exc result`
    WithExceptStart "WITH_EXCEPT_START" SWITCH;
    // --- import
    /// `level fromlist -> module`
    ImportName "IMPORT_NAME" NAME;
    /// `module -> module attr`
    ImportFrom "IMPORT_FROM" NAME;
    /// `module ->`
    ImportStar "IMPORT_STAR" 0;
    // --- match
    /// b positional patterns; names is a tuple of keyword names. `subject cls names -> tuple or None`
    MatchClass "MATCH_CLASS" 0;
    /// `subject -> subject bool`
    MatchMapping "MATCH_MAPPING" 0;
    /// `subject -> subject bool`
    MatchSequence "MATCH_SEQUENCE" 0;
    /// `subject keys -> subject keys values|None`
    MatchKeys "MATCH_KEYS" 0;
    /// `x -> x len(x)`
    GetLen "GET_LEN" 0;
    // --- the rest
    /// Creates `__annotations__` in the namespace where it is missing. `->`
    SetupAnnotations "SETUP_ANNOTATIONS" 0;
    /// c = an `Intrinsic` number; pops its arguments. `args.. -> result`
    Intrinsic "CALL_INTRINSIC" 0;
    /// Prints an expression's value at the prompt (`sys.displayhook`). `x ->`
    PrintExpr "PRINT_EXPR" 0;

    // --- fused by the isolate (never emitted by the compiler). Each starts a sequence whose other members stay in place.
    /// LOAD_FAST a, LOAD_FAST b.
    LoadFastLoadFast "LOAD_FAST_LOAD_FAST" FUSED;
    /// STORE_FAST b, LOAD_FAST a.
    StoreFastLoadFast "STORE_FAST_LOAD_FAST" FUSED;
    /// LOAD_FAST b, LOAD_CONST a.
    LoadFastLoadConst "LOAD_FAST_LOAD_CONST" FUSED;
    /// LOAD_FAST a, LOAD_FAST b, BINARY_OP c.
    FastFastBinary "FAST_FAST_BINARY" FUSED;
    /// LOAD_FAST a, LOAD_CONST b, BINARY_OP c.
    FastConstBinary "FAST_CONST_BINARY" FUSED;
    /// LOAD_FAST a, LOAD_CONST b(16), BINARY_OP c, STORE_FAST b>>16.
    FastConstBinaryStore "FAST_CONST_BINARY_STORE" FUSED;
    /// LOAD_FAST a, LOAD_FAST b(16), BINARY_OP c, STORE_FAST b>>16.
    FastFastBinaryStore "FAST_FAST_BINARY_STORE" FUSED;
    /// LOAD_FAST b, BINARY_OP c: left operand on the stack.
    StackFastBinary "STACK_FAST_BINARY" FUSED;
    /// LOAD_CONST b, BINARY_OP c: left operand on the stack.
    StackConstBinary "STACK_CONST_BINARY" FUSED;
    /// LOAD_FAST a, LOAD_FAST b(16), COMPARE_OP c, POP_JUMP_IF_FALSE/TRUE (the sense in c bit 7), target in the jump's own word.
    FastFastCompareJump "FAST_FAST_COMPARE_JUMP" FUSED;
    /// LOAD_FAST a, LOAD_CONST b, COMPARE_OP c, POP_JUMP_IF_*.
    FastConstCompareJump "FAST_CONST_COMPARE_JUMP" FUSED;
    /// COMPARE_OP c, POP_JUMP_IF_*: operands on the stack.
    CompareJump "COMPARE_JUMP" FUSED;
    /// LOAD_FAST a, LOAD_FAST b, BINARY_SUBSCR.
    FastFastSubscr "FAST_FAST_SUBSCR" FUSED;
    /// LOAD_FAST b, LOAD_ATTR (its own word follows).
    FastLoadAttr "FAST_LOAD_ATTR" FUSED;
    /// FOR_ITER b, STORE_FAST a.
    ForIterStore "FOR_ITER_STORE" FUSED;
    /// LOAD_FAST b, RETURN_VALUE.
    ReturnFast "RETURN_FAST" FUSED;
    /// LOAD_FAST b, POP_JUMP_IF_*.
    FastJump "FAST_JUMP" FUSED;
    /// Controlled runs: a scheduling point, then the instruction that stood here (in the code object's side table).
    Visible "VISIBLE" 0;
}

/// Added to a `BinOp` number in `BinaryOp`'s `c` for the augmented form (`+=`).
pub const INPLACE: u8 = 32;

macro_rules! kinds {
    ($(#[$m:meta])* $name:ident { $($v:ident $text:literal $dunder:literal,)* }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum $name { $($v,)* }
        impl $name {
            /// All of them, by number.
            pub const ALL: &'static [$name] = &[$($name::$v,)*];
            /// The operator as written.
            pub const fn text(self) -> &'static str { match self { $($name::$v => $text,)* } }
            /// The special method's bare name (`add` of `__add__`).
            pub const fn dunder(self) -> &'static str { match self { $($name::$v => $dunder,)* } }
            /// From its number in an instruction.
            pub fn from_u8(n: u8) -> $name { $name::ALL[n as usize] }
        }
    };
}

kinds! {
    /// Binary operators.
    BinOp {
        Add "+" "add", Sub "-" "sub", Mul "*" "mul", MatMul "@" "matmul", TrueDiv "/" "truediv", FloorDiv "//" "floordiv",
        Mod "%" "mod", Pow "**" "pow", LShift "<<" "lshift", RShift ">>" "rshift", And "&" "and", Xor "^" "xor", Or "|" "or",
    }
}

kinds! {
    /// Rich comparisons.
    CmpOp { Lt "<" "lt", Le "<=" "le", Eq "==" "eq", Ne "!=" "ne", Gt ">" "gt", Ge ">=" "ge", }
}

kinds! {
    /// Rare operations of the compiler; the third column is their stack effect.
    Intrinsic {
        TypeVar "TYPEVAR" "name -> typevar",
        TypeVarWithBound "TYPEVAR_WITH_BOUND" "name evaluate_bound -> typevar",
        TypeVarWithConstraints "TYPEVAR_WITH_CONSTRAINTS" "name evaluate_constraints -> typevar",
        ParamSpec "PARAMSPEC" "name -> paramspec",
        TypeVarTuple "TYPEVARTUPLE" "name -> typevartuple",
        SetTypeParamDefault "SET_TYPEPARAM_DEFAULT" "typeparam evaluate_default -> typeparam",
        SubscriptGeneric "SUBSCRIPT_GENERIC" "typeparams -> Generic[typeparams]",
        TypeAlias "TYPEALIAS" "(name, typeparams or None, evaluate_value) -> typealias",
        BuildTemplate "BUILD_TEMPLATE" "strings(tuple) interpolations(tuple) -> template",
        BuildInterpolation "BUILD_INTERPOLATION" "value str conversion(str|None) format_spec(str) -> interpolation",
    }
}
