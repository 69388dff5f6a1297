//! The special methods a type's table holds, and the names the machine itself uses, interned once per image.

macro_rules! special {
    ($($id:ident $name:literal,)*) => {
        /// The special methods that every type keeps resolved in a table, so that an operator needs no lookup.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Special { $($id,)* }
        /// How many there are.
        pub const SPECIALS: usize = [$($name,)*].len();
        impl Special {
            /// By number.
            pub const ALL: [Special; SPECIALS] = [$(Special::$id,)*];
            /// The method's name.
            pub const fn name(self) -> &'static str { match self { $(Special::$id => $name,)* } }
            /// By name.
            pub fn from_name(name: &str) -> Option<Special> { match name { $($name => Some(Special::$id),)* _ => None } }
        }
    };
}

special! {
    New "__new__", Init "__init__", Del "__del__", Repr "__repr__", Str "__str__", Format "__format__", Hash "__hash__", Bool "__bool__",
    Call "__call__", GetAttribute "__getattribute__", GetAttr "__getattr__", SetAttr "__setattr__", DelAttr "__delattr__",
    Get "__get__", Set "__set__", Delete "__delete__",
    Len "__len__", GetItem "__getitem__", SetItem "__setitem__", DelItem "__delitem__", Contains "__contains__", Missing "__missing__",
    Iter "__iter__", Next "__next__", Reversed "__reversed__", LengthHint "__length_hint__",
    Lt "__lt__", Le "__le__", Eq "__eq__", Ne "__ne__", Gt "__gt__", Ge "__ge__",
    Add "__add__", Sub "__sub__", Mul "__mul__", MatMul "__matmul__", TrueDiv "__truediv__", FloorDiv "__floordiv__", Mod "__mod__",
    Pow "__pow__", LShift "__lshift__", RShift "__rshift__", And "__and__", Xor "__xor__", Or "__or__",
    RAdd "__radd__", RSub "__rsub__", RMul "__rmul__", RMatMul "__rmatmul__", RTrueDiv "__rtruediv__", RFloorDiv "__rfloordiv__",
    RMod "__rmod__", RPow "__rpow__", RLShift "__rlshift__", RRShift "__rrshift__", RAnd "__rand__", RXor "__rxor__", ROr "__ror__",
    IAdd "__iadd__", ISub "__isub__", IMul "__imul__", IMatMul "__imatmul__", ITrueDiv "__itruediv__", IFloorDiv "__ifloordiv__",
    IMod "__imod__", IPow "__ipow__", ILShift "__ilshift__", IRShift "__irshift__", IAnd "__iand__", IXor "__ixor__", IOr "__ior__",
    DivMod "__divmod__", RDivMod "__rdivmod__",
    Neg "__neg__", Pos "__pos__", Invert "__invert__", Abs "__abs__", Int "__int__", Float "__float__", Complex "__complex__", Index "__index__",
    Round "__round__", Trunc "__trunc__", Floor "__floor__", Ceil "__ceil__", Bytes "__bytes__",
    Enter "__enter__", Exit "__exit__", AEnter "__aenter__", AExit "__aexit__",
    Await "__await__", AIter "__aiter__", ANext "__anext__",
    InstanceCheck "__instancecheck__", SubclassCheck "__subclasscheck__", InitSubclass "__init_subclass__", SetName "__set_name__",
    ClassGetItem "__class_getitem__", Prepare "__prepare__", MroEntries "__mro_entries__", Dir "__dir__", Buffer "__buffer__",
}

impl Special {
    /// The `n`-th after this one in the table (`Add.nth(op)` for a binary operator's number).
    pub fn nth(self, n: u8) -> Special {
        Special::ALL[self as usize + n as usize]
    }
}

macro_rules! names {
    ($($id:ident $name:literal,)*) => {
        /// Names that the machine uses besides the special methods.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Name { $($id,)* }
        /// How many there are.
        pub const NAMES: usize = [$($name,)*].len();
        impl Name {
            /// By number.
            pub const ALL: [Name; NAMES] = [$(Name::$id,)*];
            /// The text.
            pub const fn text(self) -> &'static str { match self { $(Name::$id => $name,)* } }
        }
    };
}

names! {
    Empty "", DunderDict "__dict__", DunderClass "__class__", DunderDoc "__doc__", DunderName "__name__", DunderQualname "__qualname__",
    DunderModule "__module__", DunderSlots "__slots__", DunderBases "__bases__", DunderMro "__mro__", DunderWeakref "__weakref__",
    DunderAnnotations "__annotations__", DunderAnnotate "__annotate__", DunderAnnotateFunc "__annotate_func__", DunderTypeParams "__type_params__",
    DunderClassCell "__classcell__", DunderClassDictCell "__classdictcell__", DunderOrigBases "__orig_bases__", DunderAbstractMethods "__abstractmethods__",
    DunderIsAbstract "__isabstractmethod__", DunderWrapped "__wrapped__", DunderFile "__file__", DunderPath "__path__", DunderPackage "__package__",
    DunderSpec "__spec__", DunderLoader "__loader__", DunderCached "__cached__", DunderBuiltins "__builtins__", DunderMain "__main__", DunderAll "__all__",
    DunderGlobals "__globals__", DunderCode "__code__", DunderDefaults "__defaults__", DunderKwDefaults "__kwdefaults__", DunderClosure "__closure__",
    DunderSelf "__self__", DunderFunc "__func__", DunderCause "__cause__", DunderContext "__context__", DunderTraceback "__traceback__",
    DunderSuppressContext "__suppress_context__", DunderNotes "__notes__", DunderMatchArgs "__match_args__", DunderReduce "__reduce__",
    DunderReduceEx "__reduce_ex__", DunderGetState "__getstate__", DunderSetState "__setstate__", DunderCopy "__copy__", DunderDeepCopy "__deepcopy__",
    DunderFspath "__fspath__", DunderSizeof "__sizeof__", DunderImport "__import__", DunderBuildClass "__build_class__", DunderDebug "__debug__",
    DunderStaticAttributes "__static_attributes__", DunderFirstLine "__firstlineno__", DunderObjClass "__objclass__", DunderTextSignature "__text_signature__",
    DunderSubclassHook "__subclasshook__", DunderUnpacked "__typing_unpacked_tuple_args__", DunderOrigin "__origin__", DunderArgs "__args__",
    DunderParameters "__parameters__", DunderLineno "__lineno__",
    Args "args", Value "value", Code "code", NameAttr "name", Obj "obj", Errno "errno", Strerror "strerror", Filename "filename", Filename2 "filename2",
    Msg "msg", Lineno "lineno", Offset "offset", Text "text", EndLineno "end_lineno", EndOffset "end_offset", PrintFileAndLine "print_file_and_line",
    Path "path", Builtins "builtins", Sys "sys", Modules "modules", Stdout "stdout", Stderr "stderr", Stdin "stdin", Write "write", Flush "flush",
    Close "close", Send "send", Throw "throw", Read "read", Readline "readline", Keys "keys", Items "items", Values "values", Get "get", Append "append",
    Metaclass "metaclass", Mro "mro", Start "start", Stop "stop", Step "step", Encoding "encoding", Object "object", Reason "reason", End "end",
    Key "key", Reverse "reverse", Default "default", Sep "sep", File "file", Exceptions "exceptions", Message "message", CharactersWritten "characters_written",
    Import "import", Self_ "self", Fget "fget", Fset "fset", Fdel "fdel", Class "cls", Join "join", Format "format", NameFrom "name_from",
    DisplayHook "displayhook", ExceptHook "excepthook", UnraisableHook "unraisablehook", MetaPath "meta_path", Update "update", Underscore "_",
}
