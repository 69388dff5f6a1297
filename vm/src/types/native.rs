//! Functions and methods written in Rust, and how their arguments are bound.
//!
//! A native is declared by its Python signature, `method("index(self, value, start=0, stop=9223372036854775807, /)", list_index)`, and gets its
//! arguments as a slice in the order of the parameters: defaults filled in (a default written as `NULL` arrives as the absent value),
//! `*args` as one tuple, `**kwargs` as one dict. Errors are CPython's.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::special::Special;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// A native's Rust function. The slice holds one value for each parameter. A `__next__` says "no more" by returning the absent
/// value, which costs no exception.
pub type NativeFn = fn(&mut Vm, &[Value]) -> PyResult;

/// How a native is bound when it is found in a class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binding {
    /// A function of a module: never bound.
    Function,
    /// A method: the first parameter is the instance.
    Method,
    /// A class method: the first parameter is the class.
    Class,
    /// A static method (also `__new__`).
    Static,
}

/// A native's declaration.
#[derive(Clone, Copy)]
pub struct NativeDef {
    /// Its signature in Python's notation.
    pub sig: &'static str,
    /// The Rust function.
    pub fun: NativeFn,
    /// How it is bound.
    pub binding: Binding,
    /// The docstring, or empty.
    pub doc: &'static str,
}

impl NativeDef {
    /// With a docstring.
    pub const fn doc(mut self, doc: &'static str) -> NativeDef {
        self.doc = doc;
        self
    }
    /// The name: the signature up to the parenthesis.
    pub fn name(&self) -> &'static str {
        self.sig.split('(').next().unwrap_or(self.sig)
    }
}

/// A function of a module.
pub const fn function(sig: &'static str, fun: NativeFn) -> NativeDef {
    NativeDef { sig, fun, binding: Binding::Function, doc: "" }
}
/// A method.
pub const fn method(sig: &'static str, fun: NativeFn) -> NativeDef {
    NativeDef { sig, fun, binding: Binding::Method, doc: "" }
}
/// A class method.
pub const fn class_method(sig: &'static str, fun: NativeFn) -> NativeDef {
    NativeDef { sig, fun, binding: Binding::Class, doc: "" }
}
/// A static method; `__new__` is one.
pub const fn static_method(sig: &'static str, fun: NativeFn) -> NativeDef {
    NativeDef { sig, fun, binding: Binding::Static, doc: "" }
}

/// A native attribute of a type's instances.
#[derive(Clone, Copy)]
pub struct GetSet {
    /// The attribute's name.
    pub name: &'static str,
    /// Reads it.
    pub get: fn(&mut Vm, &Value) -> PyResult,
    /// Writes it, or deletes it (absent value); `None`: read-only.
    pub set: Option<fn(&mut Vm, &Value, Value) -> PyResult<()>>,
}

/// A read-only attribute.
pub const fn getter(name: &'static str, get: fn(&mut Vm, &Value) -> PyResult) -> GetSet {
    GetSet { name, get, set: None }
}
/// A read-only attribute that CPython declares as a member of the C struct: its error text is another one.
pub const fn member(name: &'static str, get: fn(&mut Vm, &Value) -> PyResult) -> GetSet {
    GetSet { name, get, set: Some(|vm, _, _| Err(vm.err(crate::error::Exc::AttributeError, "readonly attribute"))) }
}
/// An attribute that can be set; the setter gets the absent value for `del`.
pub const fn getset(name: &'static str, get: fn(&mut Vm, &Value) -> PyResult, set: fn(&mut Vm, &Value, Value) -> PyResult<()>) -> GetSet {
    GetSet { name, get, set: Some(set) }
}

/// One parameter of a native.
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its default; `None`: required.
    pub default: Option<Value>,
}

/// A native's signature, parsed.
#[derive(Default)]
pub struct Signature {
    /// Positional parameters first, then keyword-only ones.
    pub params: Vec<Param>,
    /// How many cannot be given by name.
    pub pos_only: usize,
    /// How many can be given by position.
    pub positional: usize,
    /// How many positional ones have no default.
    pub required: usize,
    /// Written with `//` for `/`: complains about the number of arguments as `PyArg_ParseTuple` does ("takes at least 1 argument").
    pub old_texts: bool,
    /// Takes `*args` (bound behind the positional parameters).
    pub var_args: bool,
    /// Takes `**kwargs` (bound last).
    pub var_kw: bool,
    /// `...`: further arguments are ignored (a `__new__` whose `__init__` looks at them).
    pub ignores_more: bool,
    /// Neither `*args` nor `**kwargs` nor `...`, few parameters, and no keyword-only one must be given: a call by position binds without
    /// looking at names.
    simple: bool,
    /// It is a `__new__`, whose class is checked.
    is_new: bool,
    /// Written with `**kwargs=NULL`: where nothing is left over, `*args` and `**kwargs` arrive absent instead of empty.
    lean: bool,
}

/// As many parameters are bound without a vector.
const FEW: usize = 8;

impl Signature {
    /// Parses a signature; `literal` makes the values of defaults that are objects. Panics on a malformed one: a native's mistake.
    pub fn parse(sig: &'static str, literal: &mut dyn FnMut(Literal) -> Value) -> Signature {
        let mut s = Signature::default();
        let Some(open) = sig.find('(') else { panic!("native without a parameter list: {sig}") };
        let inner = sig[open + 1..].trim_end().strip_suffix(')').unwrap_or_else(|| panic!("no closing parenthesis: {sig}"));
        let mut keyword_only = false;
        for part in split_params(inner) {
            match part {
                "" => {}
                "/" => s.pos_only = s.params.len(),
                "//" => {
                    s.pos_only = s.params.len();
                    s.old_texts = true;
                }
                "*" => keyword_only = true,
                "..." => s.ignores_more = true,
                p if p.starts_with("**") => {
                    s.var_kw = true;
                    s.lean = p.ends_with("=NULL");
                }
                p if p.starts_with('*') => {
                    s.var_args = true;
                    keyword_only = true;
                }
                p => {
                    let (name, default) = match p.split_once('=') {
                        Some((n, d)) => (n.trim(), Some(default_value(d.trim(), literal))),
                        None => (p, None),
                    };
                    if !keyword_only {
                        s.positional += 1;
                        if default.is_none() {
                            s.required = s.positional;
                        }
                    }
                    s.params.push(Param { name, default });
                }
            }
        }
        s.simple = !s.var_args && !s.var_kw && !s.ignores_more && s.params.len() <= FEW && s.params[s.positional..].iter().all(|p| p.default.is_some());
        s.is_new = sig.starts_with("__new__");
        s
    }
    /// The signature for another heap: shared, unless its defaults are objects of this one.
    fn clone_in(sig: &std::sync::Arc<Signature>, c: &mut Cloner) -> std::sync::Arc<Signature> {
        let own = |p: &Param| p.default.as_ref().and_then(Value::header).is_some_and(|h| !h.is_immortal());
        if !sig.params.iter().any(own) {
            return sig.clone();
        }
        let params = sig.params.iter().map(|p| Param { name: p.name, default: p.default.as_ref().map(|d| c.value(d)) }).collect();
        #[allow(clippy::arc_with_non_send_sync)] // shared only within an isolate
        std::sync::Arc::new(Signature { params, ..**sig })
    }
    /// How many values a call passes to the Rust function.
    pub fn width(&self) -> usize {
        self.params.len() + self.var_args as usize + self.var_kw as usize
    }
    /// Only positional parameters: a call with all of them needs no binding.
    #[inline(always)]
    pub fn is_plain(&self) -> bool {
        !self.var_args && !self.var_kw && !self.ignores_more && self.params.len() == self.positional
    }
}

fn split_params(inner: &'static str) -> impl Iterator<Item = &'static str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (i, ch) in inner.char_indices() {
        match (quote, ch) {
            (None, '\'' | '"') => quote = Some(ch),
            (Some(q), c) if c == q => quote = None,
            (None, ',') => {
                parts.push(inner[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(inner[start..].trim());
    parts.into_iter()
}

/// A default that is an object of some heap.
pub enum Literal<'a> {
    /// A str.
    Text(&'a str),
    /// An int beyond 48 bits.
    Int(i64),
}

fn default_value(text: &str, literal: &mut dyn FnMut(Literal) -> Value) -> Value {
    match text {
        "None" => Value::NONE,
        "True" => Value::TRUE,
        "False" => Value::FALSE,
        "NULL" => Value::NULL,
        t if t.starts_with(['\'', '"']) => literal(Literal::Text(&t[1..t.len() - 1])),
        t => match t.parse::<i64>() {
            Ok(i) => Value::small(i).unwrap_or_else(|| literal(Literal::Int(i))),
            Err(_) => match t.parse::<f64>() {
                Ok(f) => Value::float(f),
                Err(_) => panic!("a default that is no literal: {t}"),
            },
        },
    }
}

/// The payload of native functions and methods.
pub struct Native {
    /// The declaration.
    pub def: NativeDef,
    /// The parsed signature, shared by all bindings of the declaration.
    pub sig: std::sync::Arc<Signature>,
    /// What it is bound to: an instance, a class, a module; absent if nothing.
    pub this: Value,
    /// The class it belongs to; absent for functions.
    pub class: Value,
    /// The module's name (a str) or absent.
    pub module: Value,
}

impl Payload for Native {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Native;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.this);
        visit(&self.class);
        visit(&self.module);
    }
    fn clone_in(&self, c: &mut Cloner) -> Native {
        Native { def: self.def, sig: Signature::clone_in(&self.sig, c), this: c.value(&self.this), class: c.value(&self.class), module: c.value(&self.module) }
    }
}
impl Immutable for Native {}

/// The payload of `getset_descriptor`.
pub struct GetSetDescr {
    /// The declaration.
    pub def: GetSet,
    /// The class it belongs to.
    pub class: Value,
}

impl Payload for GetSetDescr {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.class);
    }
    fn clone_in(&self, c: &mut Cloner) -> GetSetDescr {
        GetSetDescr { def: self.def, class: c.value(&self.class) }
    }
}
impl Immutable for GetSetDescr {}

/// The payload of `member_descriptor`: a slot of `__slots__`.
pub struct SlotDescr {
    /// The attribute's name, mangled and interned.
    pub name: Value,
    /// The class it belongs to.
    pub class: Value,
}

impl Payload for SlotDescr {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.name);
        visit(&self.class);
    }
    fn clone_in(&self, c: &mut Cloner) -> SlotDescr {
        SlotDescr { name: c.value(&self.name), class: c.value(&self.class) }
    }
}
impl Immutable for SlotDescr {}

impl Native {
    /// The name.
    pub fn name(&self) -> &'static str {
        self.def.name()
    }
    /// `__new__` or `__init__`
    fn is_constructor(&self) -> bool {
        matches!(self.name(), "__new__" | "__init__")
    }
    /// The name as errors about the number of arguments have it: constructors go by their type's name.
    fn shown_name(&self) -> String {
        let bound = self.this.header().and_then(crate::object::type_payload).filter(|_| self.def.binding == Binding::Class);
        match bound.or_else(|| self.class.header().and_then(crate::object::type_payload)) {
            Some(t) if self.is_constructor() => t.short_name(),
            _ => self.name().to_string(),
        }
    }
    /// The name as error texts have it: `list.append`, or only `len` for functions.
    pub fn full_name(&self) -> String {
        if self.is_constructor() {
            return self.shown_name();
        }
        let bound = self.this.header().and_then(crate::object::type_payload).filter(|_| self.def.binding == Binding::Class);
        match bound.or_else(|| self.class.header().and_then(crate::object::type_payload)) {
            Some(t) if self.def.binding != Binding::Function => match t.qualname.get::<crate::types::str::Str>() {
                Some(q) => format!("{}.{}", q.lossy(), self.name()),
                None => format!("{}.{}", t.short_name(), self.name()),
            },
            _ => match self.module.get::<crate::types::str::Str>().and_then(|m| m.as_str()) {
                Some(module) if module != "builtins" => format!("{module}.{}", self.name()),
                _ => self.name().to_string(),
            },
        }
    }
}

/// Keyword arguments of a call: names and values side by side.
#[derive(Clone, Copy, Default)]
pub struct Kwargs<'a> {
    /// The names, each a str.
    pub names: &'a [Value],
    /// Their values.
    pub values: &'a [Value],
}

impl<'a> Kwargs<'a> {
    /// No keywords.
    pub const NONE: Kwargs<'static> = Kwargs { names: &[], values: &[] };
    /// How many.
    pub fn len(&self) -> usize {
        self.names.len()
    }
    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
    /// Names with values.
    pub fn iter(&self) -> impl Iterator<Item = (&'a Value, &'a Value)> + use<'a> {
        self.names.iter().zip(self.values)
    }
}

/// Calls a native with positional and keyword arguments (`self` included in `args`).
pub fn call(vm: &mut Vm, native: &Native, args: &[Value], kw: Kwargs) -> PyResult {
    vm.check_stack()?;
    let sig = &*native.sig;
    if sig.is_new && native.def.binding == Binding::Static && !native.class.is_null() {
        crate::types::class_build::check_new(vm, &native.class, args.first())?;
    }
    if kw.is_empty() && sig.simple {
        if args.len() == sig.params.len() && args.len() == sig.positional {
            return (native.def.fun)(vm, args);
        }
        if args.len() >= sig.required && args.len() <= sig.positional {
            return if sig.params.len() <= 4 { call_filled::<4>(vm, native, args) } else { call_filled::<FEW>(vm, native, args) };
        }
    }
    if sig.lean && kw.is_empty() && args.len() >= sig.required && args.len() <= sig.positional {
        return call_filled::<FEW>(vm, native, args);
    }
    if sig.ignores_more && args.len() >= sig.params.len() {
        return (native.def.fun)(vm, &args[..sig.params.len()]);
    }
    let bound = bind(vm, native, args, kw)?;
    (native.def.fun)(vm, &bound)
}

/// A call by position with defaults for what was not given.
fn call_filled<const N: usize>(vm: &mut Vm, native: &Native, args: &[Value]) -> PyResult {
    let params = &native.sig.params;
    let mut full = [const { Value::NULL }; N];
    for (slot, a) in full.iter_mut().zip(args) {
        *slot = a.clone();
    }
    for (slot, p) in full[args.len()..].iter_mut().zip(&params[args.len()..]) {
        *slot = p.default.clone().unwrap_or(Value::NULL);
    }
    (native.def.fun)(vm, &full[..native.sig.width()])
}

/// Whether a constructor leaves keywords to its other half, which a subclass has written anew (`_PyArg_NoKeywords` in CPython's
/// `tuple_new`, `list___init__`).
fn leaves_keywords(vm: &Vm, native: &Native, args: &[Value]) -> bool {
    let (class, other) = match native.name() {
        "__new__" => (args.first(), Special::Init),
        "__init__" => (args.first().map(|v| v.type_of(vm)), Special::New),
        _ => return false,
    };
    let special = |t: &Value| t.borrow::<crate::types::type_::TypeObj>(vm).map(|t| t.special(other).clone());
    class.is_some_and(|c| special(c).zip(special(&native.class)).is_some_and(|(a, b)| !a.is(&b)))
}

/// Binds arguments to parameters, in the order the Rust function expects them.
fn bind(vm: &mut Vm, native: &Native, args: &[Value], kw: Kwargs) -> PyResult<Vec<Value>> {
    let sig = native.sig.clone();
    let hidden = match native.def.binding {
        Binding::Method | Binding::Class => 1,
        _ => (native.name() == "__new__") as usize,
    };
    if args.len() > sig.positional && !sig.var_args {
        return Err(too_many(vm, native, &sig, args.len() - hidden.min(args.len()), hidden, kw.len()));
    }
    let mut values: Vec<Value> = Vec::with_capacity(sig.width());
    values.extend(args.iter().take(sig.positional).cloned());
    values.resize(sig.params.len(), Value::NULL);
    let mut extra = if sig.var_kw { Some(Vec::new()) } else { None };
    for (name, value) in kw.iter() {
        let text = name.get::<crate::types::str::Str>().map(|s| s.lossy().into_owned()).unwrap_or_default();
        match sig.params.iter().enumerate().skip(sig.pos_only).find(|(_, p)| p.name == text) {
            Some((i, _)) if i < args.len().min(sig.positional) => {
                return Err(vm.type_error(format!("argument for {}() given by name ('{text}') and position ({})", native.shown_name(), i + 1 - hidden)));
            }
            Some((i, _)) => values[i] = value.clone(),
            None => match &mut extra {
                Some(e) => e.push((name.clone(), value.clone())),
                None if sig.params.len() == sig.positional && sig.pos_only >= sig.params.len() => {
                    if leaves_keywords(vm, native, args) {
                        break;
                    }
                    return Err(vm.type_error(format!("{}() takes no keyword arguments", native.full_name())));
                }
                None => return Err(vm.type_error(format!("'{text}' is an invalid keyword argument for {}()", native.shown_name()))),
            },
        }
    }
    let mut missing = None;
    for (i, p) in sig.params.iter().enumerate() {
        let given = i < args.len().min(sig.positional)
            || kw.iter().any(|(n, _)| i >= sig.pos_only && n.get::<crate::types::str::Str>().and_then(|s| s.as_str()) == Some(p.name));
        if !given {
            match &p.default {
                Some(d) => values[i] = d.clone(),
                None => missing = missing.or(Some(i)),
            }
        }
    }
    if let Some(i) = missing {
        return Err(too_few(vm, native, &sig, args.len().saturating_sub(hidden), i, hidden));
    }
    if sig.var_args {
        let rest = vm.new_tuple(args.iter().skip(sig.positional).cloned().collect());
        values.insert(sig.positional, rest);
    }
    if let Some(extra) = extra {
        let dict = vm.new_dict();
        for (k, v) in extra {
            vm.dict_set(&dict, &k, v)?;
        }
        values.push(dict);
    }
    Ok(values)
}

impl Native {
    /// The type of the object that stands for this native where nothing is bound to it.
    pub(crate) fn type_of_descriptor(&self) -> crate::types::T {
        use crate::types::T;
        match self.def.binding {
            Binding::Method if is_slot(self) => T::WrapperDescr,
            Binding::Method => T::MethodDescr,
            Binding::Class => T::ClassMethodDescr,
            _ => T::Native,
        }
    }
}

/// Whether CPython has a wrapped C slot where we have this method: its type and its error texts are others.
pub(crate) fn is_slot(native: &Native) -> bool {
    // ordinary methods in CPython, whatever their names look like
    const METHODS: &[&str] = &[
        "__format__",
        "__reduce__",
        "__reduce_ex__",
        "__sizeof__",
        "__dir__",
        "__length_hint__",
        "__round__",
        "__enter__",
        "__exit__",
        "__instancecheck__",
        "__subclasscheck__",
    ];
    // ordinary methods of these types, for speed
    const QUICK: &[(&str, &str)] =
        &[("__getitem__", "dict"), ("__getitem__", "list"), ("__contains__", "dict"), ("__contains__", "set"), ("__contains__", "frozenset")];
    native.def.binding == Binding::Method
        && native.name().starts_with("__")
        && !QUICK.iter().any(|(name, class)| *name == native.name() && native.class.get_type_name() == *class)
        && !METHODS.contains(&native.name())
        && crate::special::Special::from_name(native.name()).is_some()
}
fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

fn too_many(vm: &mut Vm, native: &Native, sig: &Signature, given: usize, hidden: usize, keywords: usize) -> crate::error::Raised {
    let (max, min) = (sig.positional - hidden, sig.required.saturating_sub(hidden));
    let only_positional = sig.pos_only >= sig.params.len() && keywords == 0;
    let text = if sig.old_texts {
        format!("{}() takes at most {max} argument{} ({given} given)", native.shown_name(), plural(max))
    } else if only_positional && min == max && is_slot(native) {
        format!("expected {max} argument{}, got {given}", plural(max))
    } else if only_positional && max == 0 {
        format!("{}() takes no arguments ({given} given)", native.full_name())
    } else if only_positional && min == max && max == 1 && !native.is_constructor() {
        format!("{}() takes exactly one argument ({given} given)", native.full_name())
    } else if only_positional && min == max {
        format!("{} expected {max} argument{}, got {given}", native.shown_name(), plural(max))
    } else if only_positional {
        format!("{} expected at most {max} argument{}, got {given}", native.shown_name(), plural(max))
    } else if max == 0 {
        format!("{}() takes no positional arguments", native.shown_name())
    } else if given + keywords > sig.params.len() - hidden {
        let all = sig.params.len() - hidden;
        format!("{}() takes at most {all} argument{} ({} given)", native.shown_name(), plural(all), given + keywords)
    } else {
        let most = if min < max { "at most" } else { "exactly" };
        format!("{}() takes {most} {max} positional argument{} ({given} given)", native.shown_name(), plural(max))
    };
    vm.type_error(text)
}

fn too_few(vm: &mut Vm, native: &Native, sig: &Signature, given: usize, missing: usize, hidden: usize) -> crate::error::Raised {
    let min = sig.required.saturating_sub(hidden);
    let text = if missing < hidden {
        format!("unbound method {}() needs an argument", native.full_name())
    } else if sig.old_texts {
        format!("{}() takes at least {min} argument{} ({given} given)", native.shown_name(), plural(min))
    } else if missing < sig.pos_only && sig.pos_only < sig.params.len() {
        let least = if min == sig.positional - hidden { "exactly" } else { "at least" };
        format!("{}() takes {least} {min} positional argument{} ({given} given)", native.shown_name(), plural(min))
    } else if missing < sig.pos_only {
        let max = sig.positional - hidden;
        if min == max && is_slot(native) {
            format!("expected {max} argument{}, got {given}", plural(max))
        } else if min == max && max == 1 && !native.is_constructor() {
            format!("{}() takes exactly one argument ({given} given)", native.full_name())
        } else {
            let least = if min == max && !sig.var_args { "" } else { "at least " };
            format!("{} expected {least}{min} argument{}, got {given}", native.shown_name(), plural(min))
        }
    } else {
        let place = if missing < sig.positional { format!(" (pos {})", missing + 1 - hidden) } else { String::new() };
        format!("{}() missing required argument '{}'{place}", native.shown_name(), sig.params[missing].name)
    };
    vm.type_error(text)
}

// --- what Python sees of natives -------------------------------------------------------------------------------------

use crate::types::descriptor::get_or_self;
use crate::types::object_;

fn native(v: &Value) -> &Native {
    v.get::<Native>().expect("a native")
}
fn get_name(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(vm.intern(native(v).name()))
}
fn get_qualname(vm: &mut Vm, v: &Value) -> PyResult {
    let n = native(v);
    let class = if n.class.is_null() && vm.is_type(&n.this) { &n.this } else { &n.class };
    let text = if class.is_null() { n.name().to_string() } else { format!("{}.{}", class.get_type_name(), n.name()) };
    Ok(vm.new_str(text))
}
fn get_doc(vm: &mut Vm, v: &Value) -> PyResult {
    let doc = native(v).def.doc;
    Ok(if doc.is_empty() { Value::NONE } else { vm.new_str(doc) })
}
fn get_self(vm: &mut Vm, v: &Value) -> PyResult {
    let n = native(v);
    if n.this.is_null() && n.def.binding == Binding::Static && !n.class.is_null() {
        return Ok(n.class.clone());
    }
    if n.this.is_null() && !n.module.is_null() {
        let modules = vm.iso().modules.clone();
        let name = vm.iso_mut().intern_value(&n.module);
        return Ok(vm.dict_get_str(&modules, &name).unwrap_or(Value::NONE));
    }
    Ok(n.this.clone().opt().unwrap_or(Value::NONE))
}
fn get_module(_: &mut Vm, v: &Value) -> PyResult {
    let n = native(v);
    Ok(if n.class.is_null() { n.module.clone().opt().unwrap_or(Value::NONE) } else { Value::NONE })
}
fn get_objclass(_: &mut Vm, v: &Value) -> PyResult {
    Ok(native(v).class.clone().opt().unwrap_or(Value::NONE))
}
/// `__text_signature__`: the declaration, the first parameter marked as bound; None where a parameter has no default that could
/// be written.
fn get_text_signature(vm: &mut Vm, v: &Value) -> PyResult {
    let n = native(v);
    let sig = n.def.sig.find('(').map_or("()", |i| &n.def.sig[i..]);
    if sig.contains("=NULL") || sig.contains("...") {
        return Ok(Value::NONE);
    }
    // what is text in Rust's source is text in Python's
    let sig = sig.replace("//", "/").replace('\n', "\\n").replace('\t', "\\t");
    let text = match n.def.binding {
        Binding::Method | Binding::Class => bound_signature(&sig),
        _ if n.name() == "__new__" => format!("($type{}", &sig[sig.find([',', ')']).unwrap_or(sig.len() - 1)..]),
        _ => sig,
    };
    Ok(vm.new_str(text))
}
/// The signature with `$self` as its first parameter; a slash behind it says that it has no name.
fn bound_signature(sig: &str) -> String {
    let rest = &sig[sig.find([',', ')']).unwrap_or(sig.len() - 1)..];
    if rest.contains('/') { format!("($self{rest}") } else { format!("($self, /{rest}") }
}
fn repr_native(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = native(&args[0]);
    let bound = if n.this.is_null() && n.def.binding == Binding::Static { &n.class } else { &n.this };
    let text = if bound.is_null() || bound.is_a::<crate::types::module::Module>() {
        format!("<built-in function {}>", n.name())
    } else {
        format!("<built-in method {} of {} object at {:#x}>", n.name(), vm.type_name(bound), vm.address_of(bound))
    };
    Ok(vm.new_str(text))
}
fn repr_method_descr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = native(&args[0]);
    let kind = if is_slot(n) { "slot wrapper" } else { "method" };
    Ok(vm.new_str(format!("<{kind} '{}' of '{}' objects>", n.name(), n.class.get_type_name())))
}
fn repr_wrapper(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = native(&args[0]);
    Ok(vm.new_str(format!("<method-wrapper '{}' of {} object at {:#x}>", n.name(), vm.type_name(&n.this), vm.address_of(&n.this))))
}
fn call_any(vm: &mut Vm, args: &[Value]) -> PyResult {
    object_::call_packed(vm, &args[0], &args[1], &args[2])
}
fn native_eq(_: &mut Vm, args: &[Value]) -> PyResult {
    let (a, Some(b)) = (native(&args[0]), args[1].get::<Native>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(a.this.is(&b.this) && std::ptr::fn_addr_eq(a.def.fun, b.def.fun) && a.def.sig.as_ptr() == b.def.sig.as_ptr()))
}
fn native_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = native(&args[0]);
    let this = if n.this.is_null() { 0 } else { vm.identity_hash(&n.this) };
    Ok(vm.new_int(this ^ crate::hash::bytes(n.def.sig.as_bytes())))
}
fn native_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = native(&args[0]);
    if n.this.is_null() && n.def.binding == Binding::Static && !n.class.is_null() {
        return reduce_attribute(vm, n.class.clone(), n.name());
    }
    if n.this.is_null() || n.this.is_a::<crate::types::module::Module>() {
        return Ok(vm.intern(n.name()));
    }
    reduce_attribute(vm, n.this.clone(), n.name())
}
fn descr_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    get_or_self(vm, args)
}
/// `getattr(class, name)`
fn reduce_attribute(vm: &mut Vm, class: Value, name: &str) -> PyResult {
    let builtins = vm.iso().builtins.clone();
    let getattr = vm.intern("getattr");
    let getattr = vm.dict_get_str(&builtins, &getattr).unwrap_or(Value::NONE);
    let name = vm.intern(name);
    let parts = vm.new_tuple(vec![class, name]);
    Ok(vm.new_tuple(vec![getattr, parts]))
}
fn descr_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = native(&args[0]);
    reduce_attribute(vm, n.class.clone(), n.name())
}

const NATIVE_GETSET: &[GetSet] = &[
    getter("__name__", get_name),
    getter("__qualname__", get_qualname),
    getter("__doc__", get_doc),
    getter("__self__", get_self),
    getter("__module__", get_module),
    getter("__text_signature__", get_text_signature),
];
const WRAPPER_GETSET: &[GetSet] = &[
    getter("__name__", get_name),
    getter("__qualname__", get_qualname),
    getter("__doc__", get_doc),
    getter("__self__", get_self),
    getter("__objclass__", get_objclass),
    getter("__text_signature__", get_text_signature),
];
const DESCR_GETSET: &[GetSet] = &[
    getter("__name__", get_name),
    getter("__qualname__", get_qualname),
    getter("__doc__", get_doc),
    getter("__objclass__", get_objclass),
    getter("__text_signature__", get_text_signature),
];
const DESCR_METHODS: &[NativeDef] = &[
    method("__repr__(self, /)", repr_method_descr),
    method("__get__(self, instance, owner=None, /)", descr_get),
    method("__call__(self, /, *args, **kwargs)", call_any),
    method("__reduce__(self, /)", descr_reduce),
];

/// `builtin_function_or_method`
pub static NATIVE: TypeDef = TypeDef::new("builtin_function_or_method", layout_of::<Native>())
    .flags(flags::NO_NEW)
    .methods(&[
        method("__repr__(self, /)", repr_native),
        method("__call__(self, /, *args, **kwargs)", call_any),
        method("__eq__(self, value, /)", native_eq),
        method("__hash__(self, /)", native_hash),
        method("__reduce__(self, /)", native_reduce),
    ])
    .getset(NATIVE_GETSET);
/// `method_descriptor`
pub static METHOD_DESCR: TypeDef = TypeDef::new("method_descriptor", layout_of::<Native>()).flags(flags::NO_NEW).methods(DESCR_METHODS).getset(DESCR_GETSET);
/// `wrapper_descriptor`
pub static WRAPPER_DESCR: TypeDef = TypeDef::new("wrapper_descriptor", layout_of::<Native>()).flags(flags::NO_NEW).methods(DESCR_METHODS).getset(DESCR_GETSET);
/// `method-wrapper`: a wrapper descriptor bound to an instance.
pub static METHOD_WRAPPER: TypeDef = TypeDef::new("method-wrapper", layout_of::<Native>())
    .flags(flags::NO_NEW)
    .methods(&[
        method("__repr__(self, /)", repr_wrapper),
        method("__call__(self, /, *args, **kwargs)", call_any),
        method("__eq__(self, value, /)", native_eq),
        method("__hash__(self, /)", native_hash),
        method("__reduce__(self, /)", native_reduce),
    ])
    .getset(WRAPPER_GETSET);
/// `classmethod_descriptor`
pub static CLASS_METHOD_DESCR: TypeDef =
    TypeDef::new("classmethod_descriptor", layout_of::<Native>()).flags(flags::NO_NEW).methods(DESCR_METHODS).getset(DESCR_GETSET);

// --- attributes of native types, and slots ---------------------------------------------------------------------------------

/// The class and the name of a getset or member descriptor.
fn owner(v: &Value) -> (Value, String) {
    if let Some(g) = v.get::<GetSetDescr>() {
        return (g.class.clone(), g.def.name.to_string());
    }
    let s = v.get::<SlotDescr>().expect("a getset or member descriptor");
    (s.class.clone(), s.name.get::<crate::types::str::Str>().map(|s| s.lossy().into_owned()).unwrap_or_default())
}
fn check_owner(vm: &mut Vm, d: &Value, obj: &Value) -> PyResult<()> {
    let (class, name) = owner(d);
    if obj.class(vm).is_subtype_of(&class) {
        return Ok(());
    }
    let (want, got) = (class.get_type_name(), vm.type_name(obj));
    Err(vm.type_error(format!("descriptor '{name}' for '{want}' objects doesn't apply to a '{got}' object")))
}
fn attr_get(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() && !owner(&args[0]).0.is(vm.ty(crate::types::T::NoneType)) {
        return Ok(args[0].clone());
    }
    check_owner(vm, &args[0], &args[1])?;
    vm.descriptor_get(&args[0], &args[1], &args[2])
}
fn attr_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_owner(vm, &args[0], &args[1])?;
    vm.descriptor_set(&args[0], &args[1], &args[2])?;
    Ok(Value::NONE)
}
fn attr_delete(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_owner(vm, &args[0], &args[1])?;
    vm.descriptor_set(&args[0], &args[1], &Value::NULL)?;
    Ok(Value::NONE)
}
fn attr_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (class, name) = owner(&args[0]);
    let kind = if args[0].is_a::<GetSetDescr>() { "attribute" } else { "member" };
    let class = class.get_type_name();
    Ok(vm.new_str(format!("<{kind} '{name}' of '{class}' objects>")))
}
fn attr_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (class, name) = owner(&args[0]);
    reduce_attribute(vm, class, &name)
}
fn attr_name(vm: &mut Vm, v: &Value) -> PyResult {
    let name = owner(v).1;
    Ok(vm.new_str(name))
}
fn attr_qualname(vm: &mut Vm, v: &Value) -> PyResult {
    let (class, name) = owner(v);
    let class = class.get_type_name();
    Ok(vm.new_str(format!("{class}.{name}")))
}
fn attr_class(_: &mut Vm, v: &Value) -> PyResult {
    Ok(owner(v).0)
}
fn attr_doc(_: &mut Vm, _: &Value) -> PyResult {
    Ok(Value::NONE)
}
const ATTR_METHODS: &[NativeDef] = &[
    method("__repr__(self, /)", attr_repr),
    method("__get__(self, instance, owner=None, /)", attr_get),
    method("__set__(self, instance, value, /)", attr_set),
    method("__delete__(self, instance, /)", attr_delete),
    method("__reduce__(self, /)", attr_reduce),
];
const ATTR_GETSET: &[GetSet] =
    &[getter("__name__", attr_name), getter("__qualname__", attr_qualname), getter("__objclass__", attr_class), getter("__doc__", attr_doc)];

/// `getset_descriptor`
pub static GETSET_DESCR: TypeDef = TypeDef::new("getset_descriptor", layout_of::<GetSetDescr>()).flags(flags::NO_NEW).methods(ATTR_METHODS).getset(ATTR_GETSET);
/// `member_descriptor`
pub static SLOT_DESCR: TypeDef = TypeDef::new("member_descriptor", layout_of::<SlotDescr>()).flags(flags::NO_NEW).methods(ATTR_METHODS).getset(ATTR_GETSET);
