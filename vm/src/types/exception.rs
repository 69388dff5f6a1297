//! `BaseException` and all built-in exceptions (`Objects/exceptions.c`): one layout; what some types have besides (`errno`, `name`,
//! `value` ..) lies in `fields`, in the order of the type's table below.

use crate::attrs::Attrs;
use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Kind, Payload, layout_of};
use crate::special::Name;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::frame_obj::Traceback;
use crate::types::native::{GetSet, NativeDef, getset, method, static_method};
use crate::types::object_;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of exceptions.
#[derive(Default)]
pub struct Exception {
    /// `args`, a tuple.
    pub args: Value,
    /// `__traceback__`, or absent.
    pub traceback: Value,
    /// `__cause__`, or absent.
    pub cause: Value,
    /// `__context__`, or absent.
    pub context: Value,
    /// `__suppress_context__`
    pub suppress_context: bool,
    /// What the type has besides; empty until set. See [`field`].
    pub fields: Vec<Value>,
    /// Other attributes.
    pub attrs: Attrs,
}

impl Payload for Exception {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Exception;
    const ATTRS: Option<usize> = Some(std::mem::offset_of!(Exception, attrs));
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        for v in [&self.args, &self.traceback, &self.cause, &self.context] {
            visit(v);
        }
        self.fields.iter().for_each(&mut *visit);
        self.attrs.traverse(visit);
    }
    fn clear(&mut self) {
        *self = Exception::default();
    }
    fn clone_in(&self, c: &mut Cloner) -> Exception {
        Exception {
            args: c.value(&self.args),
            traceback: c.value(&self.traceback),
            cause: c.value(&self.cause),
            context: c.value(&self.context),
            suppress_context: self.suppress_context,
            fields: c.values(&self.fields),
            attrs: self.attrs.clone_in(c),
        }
    }
}

/// Places of `fields`.
#[allow(missing_docs)]
pub mod field {
    /// StopIteration, StopAsyncIteration
    pub const VALUE: usize = 0;
    /// SystemExit
    pub const CODE: usize = 0;
    /// OSError
    pub const ERRNO: usize = 0;
    pub const STRERROR: usize = 1;
    pub const FILENAME: usize = 2;
    pub const FILENAME2: usize = 3;
    pub const CHARACTERS_WRITTEN: usize = 4;
    /// ImportError
    pub const IMPORT_MSG: usize = 0;
    pub const IMPORT_NAME: usize = 1;
    pub const IMPORT_PATH: usize = 2;
    pub const IMPORT_NAME_FROM: usize = 3;
    /// NameError, AttributeError
    pub const NAME: usize = 0;
    /// AttributeError
    pub const OBJ: usize = 1;
    /// SyntaxError
    pub const MSG: usize = 0;
    pub const SYNTAX_FILENAME: usize = 1;
    pub const LINENO: usize = 2;
    pub const OFFSET: usize = 3;
    pub const TEXT: usize = 4;
    pub const END_LINENO: usize = 5;
    pub const END_OFFSET: usize = 6;
    pub const PRINT_FILE_AND_LINE: usize = 7;
    /// UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError
    pub const ENCODING: usize = 0;
    pub const OBJECT: usize = 1;
    pub const START: usize = 2;
    pub const END: usize = 3;
    pub const REASON: usize = 4;
    /// BaseExceptionGroup
    pub const MESSAGE: usize = 0;
    pub const EXCEPTIONS: usize = 1;
}

impl Vm {
    /// A field of an exception; absent where it was never set.
    pub fn exc_field(&self, e: &Value, i: usize) -> Value {
        e.borrow::<Exception>(self).and_then(|x| x.fields.get(i).cloned()).unwrap_or_default()
    }
    /// Sets a field of an exception.
    pub fn set_exc_field(&mut self, e: &Value, i: usize, value: Value) {
        let Some(x) = e.borrow_mut::<Exception>(self) else { return };
        if x.fields.len() <= i {
            x.fields.resize(i + 1, Value::NULL);
        }
        let old = std::mem::replace(&mut x.fields[i], value);
        drop(old);
    }
    /// The exception's `args`.
    pub fn exc_args(&self, e: &Value) -> Vec<Value> {
        e.borrow::<Exception>(self).and_then(|x| x.args.get::<Tuple>()).map(|t| t.items().to_vec()).unwrap_or_default()
    }
    /// ImportError (or a subclass) with `name`, `path` and `name_from` where they are known.
    pub fn import_error(&mut self, exc: Exc, text: String, name: Value, path: Value, name_from: Value) -> Raised {
        let e = self.err(exc, text);
        let msg = self.exc_args(&e.0).into_iter().next().unwrap_or_default();
        for (i, v) in [(field::IMPORT_MSG, msg), (field::IMPORT_NAME, name), (field::IMPORT_PATH, path), (field::IMPORT_NAME_FROM, name_from)] {
            self.set_exc_field(&e.0, i, v);
        }
        e
    }
    /// SystemExit's code: `code`, or what `args` say.
    pub fn exit_code(&self, e: &Value) -> Value {
        self.exc_field(e, field::CODE).opt().unwrap_or(Value::NONE)
    }
    /// StopIteration's value.
    pub fn stop_iteration_value(&self, e: &Value) -> Value {
        let x = e.borrow::<Exception>(self);
        let set = x.and_then(|x| x.fields.first().cloned()).and_then(Value::opt);
        set.or_else(|| x.and_then(|x| x.args.get::<Tuple>()).and_then(|t| t.items().first().cloned())).unwrap_or(Value::NONE)
    }
}

/// Whether a built-in exception type has fields that its base has not: such types conflict as bases of one class.
pub fn adds_fields(vm: &Vm, ty: &Value) -> bool {
    const WITH_FIELDS: [Exc; 12] = [
        Exc::StopIteration,
        Exc::SystemExit,
        Exc::OSError,
        Exc::ImportError,
        Exc::NameError,
        Exc::AttributeError,
        Exc::SyntaxError,
        Exc::UnicodeDecodeError,
        Exc::UnicodeEncodeError,
        Exc::UnicodeTranslateError,
        Exc::BaseExceptionGroup,
        Exc::BaseException,
    ];
    WITH_FIELDS.iter().any(|e| vm.exc_type(*e).is(ty))
}

fn payload<'a>(vm: &'a Vm, v: &'a Value) -> &'a Exception {
    v.borrow::<Exception>(vm).expect("an exception")
}
fn none_if_absent(v: Value) -> Value {
    v.opt().unwrap_or(Value::NONE)
}
fn items(v: &Value) -> Vec<Value> {
    v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default()
}
fn no_keywords(vm: &mut Vm, this: &Value, kw: &Value) -> PyResult<()> {
    if kw.borrow::<Dict>(vm).is_none_or(Dict::is_empty) {
        return Ok(());
    }
    let name = if vm.is_type(this) { this.get_type_name() } else { vm.type_name(this) };
    Err(vm.type_error(format!("{name}() takes no keyword arguments")))
}

// --- BaseException ---------------------------------------------------------------------------------------------------

pub(super) fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Exception { args: args[1].clone(), ..Default::default() }))
}
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    no_keywords(vm, &args[0], &args[2])?;
    set_args_raw(vm, &args[0], args[1].clone());
    Ok(Value::NONE)
}
fn set_args_raw(vm: &mut Vm, e: &Value, args: Value) {
    let old = e.borrow_mut::<Exception>(vm).map(|x| std::mem::replace(&mut x.args, args));
    drop(old);
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.type_name(&args[0]);
    let given = vm.exc_args(&args[0]);
    let inner = match given.as_slice() {
        [one] => format!("({})", vm.repr_text(one)?),
        _ => {
            let t = payload(vm, &args[0]).args.clone();
            if given.is_empty() { "()".to_string() } else { vm.repr_text(&t)? }
        }
    };
    Ok(vm.new_str(format!("{name}{inner}")))
}
fn str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = vm.exc_args(&args[0]);
    match given.as_slice() {
        [] => Ok(vm.name(Name::Empty)),
        [one] => vm.str(one),
        _ => {
            let t = payload(vm, &args[0]).args.clone();
            vm.repr(&t)
        }
    }
}
fn get_args(vm: &mut Vm, v: &Value) -> PyResult {
    let a = payload(vm, v).args.clone();
    Ok(if a.is_null() { vm.new_tuple(vec![]) } else { a })
}
fn set_args(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return Err(vm.type_error("args may not be deleted"));
    }
    let given = vm.collect(&value)?;
    let t = vm.new_tuple(given);
    set_args_raw(vm, v, t);
    Ok(())
}
fn get_traceback(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(none_if_absent(payload(vm, v).traceback.clone()))
}
fn set_traceback(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return Err(vm.type_error("__traceback__ may not be deleted"));
    }
    if !value.is_none() && !value.is_a::<Traceback>() {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    let tb = if value.is_none() { Value::NULL } else { value };
    let old = v.borrow_mut::<Exception>(vm).map(|x| std::mem::replace(&mut x.traceback, tb));
    drop(old);
    Ok(())
}
fn linked(vm: &mut Vm, value: Value, what: &str, why: &str) -> PyResult {
    if value.is_null() {
        return Err(vm.type_error(format!("{what} may not be deleted")));
    }
    if value.is_none() {
        return Ok(Value::NULL);
    }
    if !value.is_a::<Exception>() {
        return Err(vm.type_error(format!("exception {why} must be None or derive from BaseException")));
    }
    Ok(value)
}
fn get_cause(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(none_if_absent(payload(vm, v).cause.clone()))
}
fn set_cause(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let cause = linked(vm, value, "__cause__", "cause")?;
    let old = v.borrow_mut::<Exception>(vm).map(|x| {
        x.suppress_context = true;
        std::mem::replace(&mut x.cause, cause)
    });
    drop(old);
    Ok(())
}
fn get_context(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(none_if_absent(payload(vm, v).context.clone()))
}
fn set_context(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let context = linked(vm, value, "__context__", "context")?;
    let old = v.borrow_mut::<Exception>(vm).map(|x| std::mem::replace(&mut x.context, context));
    drop(old);
    Ok(())
}
fn get_suppress(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(payload(vm, v).suppress_context))
}
fn set_suppress(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() {
        return Err(vm.type_error("can't delete numeric/char attribute"));
    }
    if !value.is_bool() {
        return Err(vm.type_error("attribute value type must be bool"));
    }
    let on = value.is_true();
    if let Some(x) = v.borrow_mut::<Exception>(vm) {
        x.suppress_context = on;
    }
    Ok(())
}
fn with_traceback(vm: &mut Vm, args: &[Value]) -> PyResult {
    set_traceback(vm, &args[0], args[1].clone())?;
    Ok(args[0].clone())
}
fn add_note(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Str>() {
        let got = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("note must be a str, not '{got}'")));
    }
    let name = vm.name(Name::DunderNotes);
    let notes = match vm.get_attr_opt(&args[0], &name)? {
        Some(n) => n,
        None => {
            let list = vm.new_list(vec![]);
            vm.set_attr(&args[0], &name, list.clone())?;
            list
        }
    };
    if !notes.is_a::<crate::types::list::List>() {
        return Err(vm.type_error("Cannot add note: __notes__ is not a list"));
    }
    vm.call_method(&notes, "append", &args[1..2])?;
    Ok(Value::NONE)
}
fn state_dict(vm: &mut Vm, v: &Value) -> Value {
    if vm.own_attrs(v).is_empty() { Value::NULL } else { vm.instance_dict(v).unwrap_or_default() }
}
fn reduce_with(vm: &mut Vm, v: &Value, args: Value) -> PyResult {
    let ty = v.type_of(vm).clone();
    let state = state_dict(vm, v);
    let mut parts = vec![ty, args];
    parts.extend(state.opt());
    Ok(vm.new_tuple(parts))
}
fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let given = get_args(vm, &args[0])?;
    reduce_with(vm, &args[0], given)
}
fn setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() {
        return Ok(Value::NONE);
    }
    if !args[1].is_a::<Dict>() {
        return Err(vm.type_error("state is not a dictionary"));
    }
    for (k, v) in vm.dict_items(&args[1]) {
        vm.set_attr(&args[0], &k, v)?;
    }
    Ok(Value::NONE)
}

const BASE_METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, /, *args, **kwargs)", init),
    method("__repr__(self, /)", repr),
    method("__str__(self, /)", str),
    method("with_traceback(self, tb, /)", with_traceback),
    method("add_note(self, note, /)", add_note),
    method("__reduce__(self, /)", reduce),
    method("__setstate__(self, state, /)", setstate),
];
const BASE_GETSET: &[GetSet] = &[
    getset("args", get_args, set_args),
    getset("__traceback__", get_traceback, set_traceback),
    getset("__cause__", get_cause, set_cause),
    getset("__context__", get_context, set_context),
    getset("__suppress_context__", get_suppress, set_suppress),
    getset("__dict__", object_::get_dict, object_::set_dict),
];

// --- fields ------------------------------------------------------------------------------------------------------------

fn get_field<const I: usize>(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(none_if_absent(vm.exc_field(v, I)))
}
fn set_field<const I: usize>(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    vm.set_exc_field(v, I, value);
    Ok(())
}
pub(super) const fn attribute<const I: usize>(name: &'static str) -> GetSet {
    getset(name, get_field::<I>, set_field::<I>)
}

// --- StopIteration, SystemExit, KeyError ---------------------------------------------------------------------------------

fn get_stop_value(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(vm.stop_iteration_value(v))
}
const STOP_GETSET: &[GetSet] = &[getset("value", get_stop_value, set_field::<{ field::VALUE }>)];

fn exit_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    init(vm, args)?;
    let given = items(&args[1]);
    let code = match given.as_slice() {
        [] => Value::NONE,
        [one] => one.clone(),
        _ => args[1].clone(),
    };
    vm.set_exc_field(&args[0], field::CODE, code);
    Ok(Value::NONE)
}
const EXIT_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", exit_init)];
const EXIT_GETSET: &[GetSet] = &[attribute::<{ field::CODE }>("code")];

fn key_error_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.exc_args(&args[0]).as_slice() {
        [one] => vm.repr(one),
        _ => str(vm, args),
    }
}
const KEY_METHODS: &[NativeDef] = &[method("__str__(self, /)", key_error_str)];

// --- ImportError, NameError, AttributeError --------------------------------------------------------------------------------

/// Takes known keywords out of `kw` into fields; others are errors.
fn keyword_fields(vm: &mut Vm, this: &Value, kw: &Value, known: &[(&str, usize)], of: &str) -> PyResult<()> {
    for (_, i) in known {
        vm.set_exc_field(this, *i, Value::NULL);
    }
    for (k, v) in vm.dict_items(kw) {
        let text = vm.text(&k);
        match known.iter().find(|(n, _)| *n == text) {
            Some((_, i)) => vm.set_exc_field(this, *i, v),
            None => return Err(vm.type_error(format!("'{text}' is an invalid keyword argument for {of}()"))),
        }
    }
    Ok(())
}
fn import_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    set_args_raw(vm, &args[0], args[1].clone());
    let known = [("name", field::IMPORT_NAME), ("path", field::IMPORT_PATH), ("name_from", field::IMPORT_NAME_FROM)];
    keyword_fields(vm, &args[0], &args[2], &known, "ImportError")?;
    if let [msg] = items(&args[1]).as_slice() {
        vm.set_exc_field(&args[0], field::IMPORT_MSG, msg.clone());
    }
    Ok(Value::NONE)
}
fn import_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let msg = vm.exc_field(&args[0], field::IMPORT_MSG);
    if msg.is_a::<Str>() { Ok(msg) } else { str(vm, args) }
}
fn import_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    let state = vm.new_dict();
    for (k, v) in vm.own_attrs(this) {
        vm.dict_set(&state, &k, v)?;
    }
    for (name, i) in [("name", field::IMPORT_NAME), ("path", field::IMPORT_PATH), ("name_from", field::IMPORT_NAME_FROM)] {
        if let Some(v) = vm.exc_field(this, i).opt() {
            vm.dict_set_text(&state, name, v);
        }
    }
    let (ty, given) = (this.type_of(vm).clone(), get_args(vm, this)?);
    let mut parts = vec![ty, given];
    if vm.len(&state)? > 0 {
        parts.push(state);
    }
    Ok(vm.new_tuple(parts))
}
const IMPORT_METHODS: &[NativeDef] =
    &[method("__init__(self, /, *args, **kwargs)", import_init), method("__str__(self, /)", import_str), method("__reduce__(self, /)", import_reduce)];
const IMPORT_GETSET: &[GetSet] = &[
    attribute::<{ field::IMPORT_MSG }>("msg"),
    attribute::<{ field::IMPORT_NAME }>("name"),
    attribute::<{ field::IMPORT_PATH }>("path"),
    attribute::<{ field::IMPORT_NAME_FROM }>("name_from"),
];

fn name_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    set_args_raw(vm, &args[0], args[1].clone());
    keyword_fields(vm, &args[0], &args[2], &[("name", field::NAME)], "NameError")?;
    Ok(Value::NONE)
}
const NAME_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", name_init)];
const NAME_GETSET: &[GetSet] = &[attribute::<{ field::NAME }>("name")];

fn attribute_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    set_args_raw(vm, &args[0], args[1].clone());
    keyword_fields(vm, &args[0], &args[2], &[("name", field::NAME), ("obj", field::OBJ)], "AttributeError")?;
    Ok(Value::NONE)
}
const ATTRIBUTE_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", attribute_init)];
const ATTRIBUTE_GETSET: &[GetSet] = &[attribute::<{ field::NAME }>("name"), attribute::<{ field::OBJ }>("obj")];

// --- OSError -------------------------------------------------------------------------------------------------------------

/// Whether a subclass with its own `__init__` (and plain `__new__`) parses the arguments there.
fn uses_init(vm: &Vm, ty: &Value) -> bool {
    use crate::special::Special;
    let of = |t: &Value, s: Special| crate::object::type_payload(t.header().expect("a type")).map(|t| t.special(s).clone()).unwrap_or_default();
    let os = vm.exc_type(Exc::OSError);
    !of(ty, Special::Init).is(&of(os, Special::Init)) && of(ty, Special::New).is(&of(os, Special::New))
}

fn os_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut ty = args[0].clone();
    if uses_init(vm, &ty) {
        return Ok(vm.new_of(&ty, Exception { args: args[1].clone(), ..Default::default() }));
    }
    no_keywords(vm, &ty, &args[2])?;
    let given = items(&args[1]);
    if ty.is(vm.exc_type(Exc::OSError))
        && (2..=5).contains(&given.len())
        && let Some(errno) = given[0].as_small()
        && let Ok(errno) = i32::try_from(errno)
    {
        ty = vm.exc_type(crate::proto::errors::os_error_type(errno)).clone();
    }
    let e = vm.new_of(&ty, Exception { args: args[1].clone(), ..Default::default() });
    os_parse(vm, &e, &given)?;
    Ok(e)
}
fn os_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = args[0].type_of(vm).clone();
    if !uses_init(vm, &ty) {
        return Ok(Value::NONE);
    }
    no_keywords(vm, &args[0], &args[2])?;
    set_args_raw(vm, &args[0], args[1].clone());
    let given = items(&args[1]);
    os_parse(vm, &args[0], &given)?;
    Ok(Value::NONE)
}
/// `OSError(errno, strerror[, filename[, winerror[, filename2]]])`
fn os_parse(vm: &mut Vm, e: &Value, given: &[Value]) -> PyResult<()> {
    if !(2..=5).contains(&given.len()) {
        return Ok(());
    }
    vm.set_exc_field(e, field::ERRNO, given[0].clone());
    vm.set_exc_field(e, field::STRERROR, given[1].clone());
    let Some(filename) = given.get(2).filter(|f| !f.is_none()) else { return Ok(()) };
    let blocking = e.class(vm).is_subtype_of(vm.exc_type(Exc::BlockingIOError));
    if blocking && filename.as_small().is_some() {
        vm.set_exc_field(e, field::CHARACTERS_WRITTEN, filename.clone());
        return Ok(());
    }
    vm.set_exc_field(e, field::FILENAME, filename.clone());
    if let Some(f2) = given.get(4).filter(|f| !f.is_none()) {
        vm.set_exc_field(e, field::FILENAME2, f2.clone());
    }
    let two = vm.new_tuple(given[..2].to_vec());
    set_args_raw(vm, e, two);
    Ok(())
}
fn os_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let at = |vm: &Vm, i| vm.exc_field(&args[0], i);
    let (errno, strerror) = (at(vm, field::ERRNO), at(vm, field::STRERROR));
    let (f1, f2) = (at(vm, field::FILENAME), at(vm, field::FILENAME2));
    if !f1.is_null() && !f1.is_none() {
        let head = format!("[Errno {}] {}: {}", vm.str_text(&none_if_absent(errno))?, vm.str_text(&none_if_absent(strerror))?, vm.repr_text(&f1)?);
        let text = if f2.is_null() || f2.is_none() { head } else { format!("{head} -> {}", vm.repr_text(&f2)?) };
        return Ok(vm.new_str(text));
    }
    if !errno.is_null() && !strerror.is_null() {
        let text = format!("[Errno {}] {}", vm.str_text(&errno)?, vm.str_text(&strerror)?);
        return Ok(vm.new_str(text));
    }
    str(vm, args)
}
fn os_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    let mut given = vm.exc_args(this);
    let (f1, f2) = (vm.exc_field(this, field::FILENAME), vm.exc_field(this, field::FILENAME2));
    if given.len() == 2 && !f1.is_null() {
        given.push(f1);
        if !f2.is_null() {
            given.extend([Value::NONE, f2]);
        }
    }
    let given = vm.new_tuple(given);
    reduce_with(vm, this, given)
}
fn get_written(vm: &mut Vm, v: &Value) -> PyResult {
    match vm.exc_field(v, field::CHARACTERS_WRITTEN).opt() {
        Some(n) => Ok(n),
        None => Err(vm.err(Exc::AttributeError, "characters_written")),
    }
}
fn set_written(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    if value.is_null() && vm.exc_field(v, field::CHARACTERS_WRITTEN).is_null() {
        return Err(vm.err(Exc::AttributeError, "characters_written"));
    }
    vm.set_exc_field(v, field::CHARACTERS_WRITTEN, value);
    Ok(())
}
const OS_METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", os_new),
    method("__init__(self, /, *args, **kwargs)", os_init),
    method("__str__(self, /)", os_str),
    method("__reduce__(self, /)", os_reduce),
];
const OS_GETSET: &[GetSet] = &[
    attribute::<{ field::ERRNO }>("errno"),
    attribute::<{ field::STRERROR }>("strerror"),
    attribute::<{ field::FILENAME }>("filename"),
    attribute::<{ field::FILENAME2 }>("filename2"),
    getset("characters_written", get_written, set_written),
];

// --- SyntaxError -----------------------------------------------------------------------------------------------------------

fn syntax_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    init(vm, args)?;
    let given = items(&args[1]);
    if let Some(msg) = given.first() {
        vm.set_exc_field(&args[0], field::MSG, msg.clone());
    }
    if given.len() != 2 {
        return Ok(Value::NONE);
    }
    let info = vm.collect(&given[1])?;
    if info.len() < 4 {
        let n = info.len();
        return Err(vm.type_error(format!("function missing required argument '{}' (pos {})", ["filename", "lineno", "offset", "text"][n], n + 1)));
    }
    if info.len() > 6 {
        let n = info.len();
        return Err(vm.type_error(format!("function takes at most 6 arguments ({n} given)")));
    }
    if info.len() == 5 {
        return Err(vm.type_error("end_offset must be provided when end_lineno is provided"));
    }
    let places = [field::SYNTAX_FILENAME, field::LINENO, field::OFFSET, field::TEXT, field::END_LINENO, field::END_OFFSET];
    for (i, v) in places.into_iter().zip(info) {
        vm.set_exc_field(&args[0], i, v);
    }
    Ok(Value::NONE)
}
fn syntax_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let at = |vm: &Vm, i| vm.exc_field(&args[0], i);
    let (msg, filename, lineno) = (none_if_absent(at(vm, field::MSG)), at(vm, field::SYNTAX_FILENAME), at(vm, field::LINENO));
    let file = filename.is_a::<Str>().then(|| vm.text(&filename)).map(|f| f.rsplit('/').next().unwrap_or_default().to_string());
    let line = lineno.as_small();
    let msg = vm.str_text(&msg)?;
    let text = match (file, line) {
        (None, None) => msg,
        (Some(f), Some(l)) => format!("{msg} ({f}, line {l})"),
        (Some(f), None) => format!("{msg} ({f})"),
        (None, Some(l)) => format!("{msg} (line {l})"),
    };
    Ok(vm.new_str(text))
}
const SYNTAX_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", syntax_init), method("__str__(self, /)", syntax_str)];
const SYNTAX_GETSET: &[GetSet] = &[
    attribute::<{ field::MSG }>("msg"),
    attribute::<{ field::SYNTAX_FILENAME }>("filename"),
    attribute::<{ field::LINENO }>("lineno"),
    attribute::<{ field::OFFSET }>("offset"),
    attribute::<{ field::TEXT }>("text"),
    attribute::<{ field::END_LINENO }>("end_lineno"),
    attribute::<{ field::END_OFFSET }>("end_offset"),
    attribute::<{ field::PRINT_FILE_AND_LINE }>("print_file_and_line"),
];

// --- Unicode errors ----------------------------------------------------------------------------------------------------------

fn unicode_fields(vm: &mut Vm, args: &[Value], places: &[(usize, &str)], function: &str) -> PyResult<()> {
    init(vm, args)?;
    let given = items(&args[1]);
    if given.len() != places.len() {
        let (want, got) = (places.len(), given.len());
        let _ = function;
        return Err(vm.type_error(format!("function takes exactly {want} arguments ({got} given)")));
    }
    for (i, ((place, kind), v)) in places.iter().zip(given).enumerate() {
        let ok = match *kind {
            "str" => v.is_a::<Str>(),
            "int" => v.as_small_or_bool().is_some(),
            _ => !v.is_a::<Str>(),
        };
        if !ok {
            let got = vm.type_name(&v);
            let text = match *kind {
                "int" => format!("'{got}' object cannot be interpreted as an integer"),
                "bytes" => format!("a bytes-like object is required, not '{got}'"),
                _ => format!("argument {} must be {kind}, not {got}", i + 1),
            };
            return Err(vm.type_error(text));
        }
        vm.set_exc_field(&args[0], *place, v);
    }
    Ok(())
}
const DECODE_PLACES: [(usize, &str); 5] =
    [(field::ENCODING, "str"), (field::OBJECT, "bytes"), (field::START, "int"), (field::END, "int"), (field::REASON, "str")];
const ENCODE_PLACES: [(usize, &str); 5] =
    [(field::ENCODING, "str"), (field::OBJECT, "str"), (field::START, "int"), (field::END, "int"), (field::REASON, "str")];
const TRANSLATE_PLACES: [(usize, &str); 4] = [(field::OBJECT, "str"), (field::START, "int"), (field::END, "int"), (field::REASON, "str")];

fn decode_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    unicode_fields(vm, args, &DECODE_PLACES, "UnicodeDecodeError")?;
    Ok(Value::NONE)
}
fn encode_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    unicode_fields(vm, args, &ENCODE_PLACES, "UnicodeEncodeError")?;
    Ok(Value::NONE)
}
fn translate_init(vm: &mut Vm, args: &[Value]) -> PyResult {
    unicode_fields(vm, args, &TRANSLATE_PLACES, "UnicodeTranslateError")?;
    Ok(Value::NONE)
}
/// Encoding, start, end and reason, as texts and numbers.
fn unicode_parts(vm: &mut Vm, e: &Value) -> PyResult<(String, i64, i64, String)> {
    let at = |vm: &Vm, i| none_if_absent(vm.exc_field(e, i));
    let (encoding, reason) = (at(vm, field::ENCODING), at(vm, field::REASON));
    let (encoding, reason) = (vm.str_text(&encoding)?, vm.str_text(&reason)?);
    Ok((encoding, at(vm, field::START).as_small_or_bool().unwrap_or(0), at(vm, field::END).as_small_or_bool().unwrap_or(0), reason))
}
fn decode_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let object = vm.exc_field(&args[0], field::OBJECT);
    if object.is_null() {
        return Ok(vm.name(Name::Empty));
    }
    let (encoding, start, end, reason) = unicode_parts(vm, &args[0])?;
    let text = if end == start + 1 && start < vm.len(&object)? as i64 {
        let i = vm.new_int(start);
        let byte = vm.get_item(&object, &i)?;
        format!("'{encoding}' codec can't decode byte 0x{:02x} in position {start}: {reason}", byte.as_small().unwrap_or(0))
    } else {
        format!("'{encoding}' codec can't decode bytes in position {start}-{}: {reason}", end - 1)
    };
    Ok(vm.new_str(text))
}
/// The one character in question, escaped; `None` where there are several.
fn bad_character(vm: &mut Vm, e: &Value, start: i64, end: i64) -> PyResult<Option<String>> {
    let object = vm.exc_field(e, field::OBJECT);
    if end != start + 1 || start >= vm.len(&object)? as i64 {
        return Ok(None);
    }
    let i = vm.new_int(start);
    let c = vm.get_item(&object, &i)?;
    let code = code_point(c.get::<Str>().map_or(&[], |s| s.bytes()));
    Ok(Some(match code {
        0..=0xFF => format!("\\x{code:02x}"),
        0x100..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }))
}
/// The first code point of WTF-8 bytes.
fn code_point(b: &[u8]) -> u32 {
    let rest = |n: usize| b.iter().skip(1).take(n).fold(0u32, |acc, x| acc << 6 | (*x as u32 & 0x3F));
    match b.first().copied().unwrap_or(0) as u32 {
        c @ 0..=0x7F => c,
        c @ 0x80..=0xDF => (c & 0x1F) << 6 | rest(1),
        c @ 0xE0..=0xEF => (c & 0x0F) << 12 | rest(2),
        c => (c & 0x07) << 18 | rest(3),
    }
}
fn encode_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.exc_field(&args[0], field::OBJECT).is_null() {
        return Ok(vm.name(Name::Empty));
    }
    let (encoding, start, end, reason) = unicode_parts(vm, &args[0])?;
    let text = match bad_character(vm, &args[0], start, end)? {
        Some(c) => format!("'{encoding}' codec can't encode character '{c}' in position {start}: {reason}"),
        None => format!("'{encoding}' codec can't encode characters in position {start}-{}: {reason}", end - 1),
    };
    Ok(vm.new_str(text))
}
fn translate_str(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.exc_field(&args[0], field::OBJECT).is_null() {
        return Ok(vm.name(Name::Empty));
    }
    let (_, start, end, reason) = unicode_parts(vm, &args[0])?;
    let text = match bad_character(vm, &args[0], start, end)? {
        Some(c) => format!("can't translate character '{c}' in position {start}: {reason}"),
        None => format!("can't translate characters in position {start}-{}: {reason}", end - 1),
    };
    Ok(vm.new_str(text))
}
const DECODE_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", decode_init), method("__str__(self, /)", decode_str)];
const ENCODE_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", encode_init), method("__str__(self, /)", encode_str)];
const TRANSLATE_METHODS: &[NativeDef] = &[method("__init__(self, /, *args, **kwargs)", translate_init), method("__str__(self, /)", translate_str)];
const UNICODE_GETSET: &[GetSet] = &[
    attribute::<{ field::ENCODING }>("encoding"),
    attribute::<{ field::OBJECT }>("object"),
    attribute::<{ field::START }>("start"),
    attribute::<{ field::END }>("end"),
    attribute::<{ field::REASON }>("reason"),
];

/// The declaration of a built-in exception type.
pub fn def(exc: Exc) -> TypeDef {
    let (methods, attributes): (&'static [NativeDef], &'static [GetSet]) = match exc {
        Exc::BaseException => (BASE_METHODS, BASE_GETSET),
        Exc::StopIteration => (&[], STOP_GETSET),
        Exc::SystemExit => (EXIT_METHODS, EXIT_GETSET),
        Exc::KeyError => (KEY_METHODS, &[]),
        Exc::ImportError => (IMPORT_METHODS, IMPORT_GETSET),
        Exc::NameError => (NAME_METHODS, NAME_GETSET),
        Exc::AttributeError => (ATTRIBUTE_METHODS, ATTRIBUTE_GETSET),
        Exc::OSError => (OS_METHODS, OS_GETSET),
        Exc::SyntaxError => (SYNTAX_METHODS, SYNTAX_GETSET),
        Exc::UnicodeDecodeError => (DECODE_METHODS, UNICODE_GETSET),
        Exc::UnicodeEncodeError => (ENCODE_METHODS, UNICODE_GETSET),
        Exc::UnicodeTranslateError => (TRANSLATE_METHODS, UNICODE_GETSET),
        Exc::BaseExceptionGroup => (super::exc_group::METHODS, super::exc_group::GETSET),
        _ => (&[], &[]),
    };
    TypeDef::new(exc.name(), layout_of::<Exception>()).base(None).doc(exc.doc()).methods(methods).getset(attributes)
}

/// The tuple type in use by constructors of exceptions.
pub(super) fn is_exception_type(vm: &Vm, v: &Value) -> bool {
    v.borrow::<crate::types::type_::TypeObj>(vm).is_some_and(|t| t.has(flags::EXCEPTION)) && !v.is(vm.ty(T::Type))
}
