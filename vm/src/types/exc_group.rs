//! `BaseExceptionGroup`, `ExceptionGroup`, and what `except*` needs (PEP 654; `Objects/exceptions.c`).

use crate::error::{Exc, PyResult};
use crate::special::Special;
use crate::types::exception::{Exception, field, is_exception_type};
use crate::types::list::List;
use crate::types::native::{GetSet, NativeDef, class_method, member, method, static_method};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

fn items(v: &Value) -> Vec<Value> {
    v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default()
}
fn is_group(vm: &Vm, v: &Value) -> bool {
    v.class(vm).is_subtype_of(vm.exc_type(Exc::BaseExceptionGroup))
}
/// The exceptions in a group.
pub fn exceptions(vm: &Vm, group: &Value) -> Vec<Value> {
    items(&vm.exc_field(group, field::EXCEPTIONS))
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (cls, given) = (&args[0], items(&args[1]));
    let [message, list] = given.as_slice() else {
        let (name, n) = ("BaseExceptionGroup.__new__()", given.len());
        return Err(vm.type_error(format!("{name} takes exactly 2 arguments ({n} given)")));
    };
    if !message.is_a::<Str>() {
        let got = vm.type_name(message);
        return Err(vm.type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {got}")));
    }
    let sequence = vm.special(list, Special::GetItem).is_some() && !list.is_a::<crate::types::dict::Dict>();
    if !sequence {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let list = vm.collect(list)?;
    if list.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut only_exceptions = true;
    for (i, e) in list.iter().enumerate() {
        if !e.is_a::<Exception>() {
            return Err(vm.value_error(format!("Item {i} of second argument (exceptions) is not an exception")));
        }
        only_exceptions &= e.class(vm).is_subtype_of(vm.exc_type(Exc::Exception));
    }
    let mut cls = cls.clone();
    if cls.is(vm.exc_type(Exc::BaseExceptionGroup)) {
        if only_exceptions {
            cls = vm.exc_type(Exc::ExceptionGroup).clone();
        }
    } else if !only_exceptions && cls.is(vm.exc_type(Exc::ExceptionGroup)) {
        return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    } else if !only_exceptions && cls.borrow::<crate::types::type_::TypeObj>(vm).is_some_and(|t| t.is_subtype_of(vm.exc_type(Exc::Exception))) {
        let name = cls.get_type_name();
        return Err(vm.type_error(format!("Cannot nest BaseExceptions in '{name}'")));
    }
    let exceptions = vm.new_tuple(list);
    Ok(vm.new_of(&cls, Exception { args: args[1].clone(), fields: vec![message.clone(), exceptions], ..Default::default() }))
}

fn str(vm: &mut Vm, args: &[Value]) -> PyResult {
    let message = vm.exc_field(&args[0], field::MESSAGE);
    let (text, n) = (vm.str_text(&message)?, exceptions(vm, &args[0]).len());
    Ok(vm.new_str(format!("{text} ({n} sub-exception{})", if n == 1 { "" } else { "s" })))
}

fn derive(vm: &mut Vm, args: &[Value]) -> PyResult {
    let message = vm.exc_field(&args[0], field::MESSAGE);
    let ty = vm.exc_type(Exc::BaseExceptionGroup).clone();
    vm.call(&ty, &[message, args[1].clone()])
}

/// A group of the same kind with other members; traceback, cause, context and notes are taken over.
fn derived(vm: &mut Vm, group: &Value, members: Vec<Value>) -> PyResult {
    if members.is_empty() {
        return Ok(Value::NONE);
    }
    let list = vm.new_list(members);
    let new = vm.call_method(group, "derive", &[list])?;
    if !is_group(vm, &new) {
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    copy_metadata(vm, group, &new)?;
    Ok(new)
}

fn copy_metadata(vm: &mut Vm, from: &Value, to: &Value) -> PyResult<()> {
    let Some(x) = from.borrow::<Exception>(vm) else { return Ok(()) };
    let (tb, cause, context, suppress) = (x.traceback.clone(), x.cause.clone(), x.context.clone(), x.suppress_context);
    let old = to.borrow_mut::<Exception>(vm).map(|x| {
        x.suppress_context = suppress;
        (std::mem::replace(&mut x.traceback, tb), std::mem::replace(&mut x.cause, cause), std::mem::replace(&mut x.context, context))
    });
    drop(old);
    if let Some(notes) = vm.attr_opt(from, "__notes__")?
        && vm.special(&notes, Special::GetItem).is_some()
    {
        let notes = vm.collect(&notes)?;
        let copy = vm.new_list(notes);
        let name = vm.intern("__notes__");
        vm.set_attr(to, &name, copy)?;
    }
    Ok(())
}

/// What decides whether an exception belongs to the matching part.
enum Matcher<'a> {
    /// An exception type or a tuple of them.
    Types(&'a Value),
    /// A callable.
    Predicate(&'a Value),
    /// One of these very objects.
    Leaves(&'a [Value]),
}

impl Matcher<'_> {
    fn matches(&self, vm: &mut Vm, e: &Value) -> PyResult<bool> {
        match self {
            Matcher::Types(t) => vm.isinstance(e, t),
            Matcher::Predicate(f) => {
                let r = vm.call(f, &[e.clone()])?;
                vm.truthy(&r)
            }
            Matcher::Leaves(all) => Ok(!is_group(vm, e) && all.iter().any(|l| l.is(e))),
        }
    }
}

fn matcher<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Matcher<'a>> {
    let all_types = v.get::<Tuple>().is_some_and(|t| t.items().iter().all(|t| is_exception_type(vm, t)));
    if is_exception_type(vm, v) || all_types {
        return Ok(Matcher::Types(v));
    }
    if vm.special(v, Special::Call).is_some() && !vm.is_type(v) {
        return Ok(Matcher::Predicate(v));
    }
    Err(vm.type_error("expected a function, exception type or tuple of exception types"))
}

/// Splits an exception: what matches, and what does not (None where there is nothing).
fn split_by(vm: &mut Vm, e: &Value, by: &Matcher, want_rest: bool) -> PyResult<(Value, Value)> {
    if by.matches(vm, e)? {
        return Ok((e.clone(), Value::NONE));
    }
    if !is_group(vm, e) {
        return Ok((Value::NONE, e.clone()));
    }
    vm.enter_native()?;
    let parts = split_members(vm, e, by, want_rest);
    vm.leave_native();
    let (matching, rest) = parts?;
    let matching = derived(vm, e, matching)?;
    let rest = if want_rest { derived(vm, e, rest)? } else { Value::NONE };
    Ok((matching, rest))
}
fn split_members(vm: &mut Vm, e: &Value, by: &Matcher, want_rest: bool) -> PyResult<(Vec<Value>, Vec<Value>)> {
    let (mut matching, mut rest) = (Vec::new(), Vec::new());
    for member in exceptions(vm, e) {
        let (m, r) = split_by(vm, &member, by, want_rest)?;
        if !m.is_none() {
            matching.push(m);
        }
        if !r.is_none() {
            rest.push(r);
        }
    }
    Ok((matching, rest))
}

fn split(vm: &mut Vm, args: &[Value]) -> PyResult {
    let by = matcher(vm, &args[1])?;
    let (m, r) = split_by(vm, &args[0], &by, true)?;
    Ok(vm.new_tuple(vec![m, r]))
}
fn subgroup(vm: &mut Vm, args: &[Value]) -> PyResult {
    let by = matcher(vm, &args[1])?;
    Ok(split_by(vm, &args[0], &by, false)?.0)
}

/// The methods of `BaseExceptionGroup`.
pub const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__str__(self, /)", str),
    method("derive(self, excs, /)", derive),
    method("split(self, matcher_value, /)", split),
    method("subgroup(self, matcher_value, /)", subgroup),
    class_method("__class_getitem__(cls, item, /)", crate::types::generic_alias::class_getitem),
];
/// The attributes of `BaseExceptionGroup`.
pub const GETSET: &[GetSet] =
    &[member("message", |vm, v| Ok(vm.exc_field(v, field::MESSAGE))), member("exceptions", |vm, v| Ok(vm.exc_field(v, field::EXCEPTIONS)))];

// --- except* -------------------------------------------------------------------------------------------------------------

/// `except* T`: what is left of `exc` and what matches (None where nothing does). A plain exception that matches is wrapped
/// into a group.
pub fn check_eg_match(vm: &mut Vm, exc: &Value, types: &Value) -> PyResult<(Value, Value)> {
    check_except_star(vm, types)?;
    if exc.is_none() {
        return Ok((Value::NONE, Value::NONE));
    }
    if vm.isinstance(exc, types)? {
        if is_group(vm, exc) {
            return Ok((Value::NONE, exc.clone()));
        }
        let (empty, one) = (vm.new_str(""), vm.new_tuple(vec![exc.clone()]));
        let ty = vm.exc_type(Exc::BaseExceptionGroup).clone();
        let group = vm.call(&ty, &[empty, one])?;
        return Ok((Value::NONE, group));
    }
    if !is_group(vm, exc) {
        return Ok((exc.clone(), Value::NONE));
    }
    let pair = vm.call_method(exc, "split", &[types.clone()])?;
    let Some([matching, rest]) = pair.get::<Tuple>().map(|t| t.items()).and_then(|t| t.get(..2)) else {
        let (name, got) = (vm.type_name(exc), vm.type_name(&pair));
        return Err(vm.type_error(format!("{name}.split must return a tuple, not {got}")));
    };
    Ok((rest.clone(), matching.clone()))
}

fn check_except_star(vm: &mut Vm, types: &Value) -> PyResult<()> {
    let all = types.get::<Tuple>().map_or_else(|| vec![types.clone()], |t| t.items().to_vec());
    for t in &all {
        if !is_exception_type(vm, t) {
            return Err(vm.type_error("catching classes that do not inherit from BaseException is not allowed"));
        }
    }
    for t in &all {
        let base = vm.exc_type(Exc::BaseExceptionGroup);
        if t.borrow::<crate::types::type_::TypeObj>(vm).is_some_and(|x| x.is_subtype_of(base)) {
            return Err(vm.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
        }
    }
    Ok(())
}

/// The end of a `try`/`except*`: what goes on of `orig` and of what the handlers raised or re-raised (`results`, a list with None
/// for each part that was handled). None where nothing is left.
pub fn prep_reraise_star(vm: &mut Vm, orig: &Value, results: &Value) -> PyResult {
    let all: Vec<Value> = results.borrow::<List>(vm).map(|l| l.items().to_vec()).unwrap_or_default();
    let live: Vec<Value> = all.into_iter().filter(|e| !e.is_none()).collect();
    if live.is_empty() {
        return Ok(Value::NONE);
    }
    if !is_group(vm, orig) {
        // a naked exception: a handler raised another one, or nobody took it
        return Ok(live[0].clone());
    }
    let (mut raised, mut reraised) = (Vec::new(), Vec::new());
    for e in live {
        if same_metadata(vm, &e, orig) { reraised.push(e) } else { raised.push(e) }
    }
    let mut leaves = Vec::new();
    for e in &reraised {
        collect_leaves(vm, e, &mut leaves)?;
    }
    let projected = if reraised.is_empty() { Value::NONE } else { split_by(vm, orig, &Matcher::Leaves(&leaves), false)?.0 };
    if raised.is_empty() {
        return Ok(projected);
    }
    if !projected.is_none() {
        raised.push(projected);
    }
    if raised.len() == 1 {
        return Ok(raised.remove(0));
    }
    let (empty, list) = (vm.new_str(""), vm.new_list(raised));
    let ty = vm.exc_type(Exc::BaseExceptionGroup).clone();
    vm.call(&ty, &[empty, list])
}

/// Whether an exception is a part of `orig` that a handler re-raised: it has the same history.
fn same_metadata(vm: &Vm, e: &Value, orig: &Value) -> bool {
    let (Some(a), Some(b)) = (e.borrow::<Exception>(vm), orig.borrow::<Exception>(vm)) else { return false };
    let notes = |v: &Value| vm.own_attrs(v).into_iter().find(|(k, _)| vm.text(k) == "__notes__").map(|(_, v)| v);
    let same_notes = match (notes(e), notes(orig)) {
        (None, None) => true,
        (Some(x), Some(y)) => {
            let (x, y) = (x.borrow::<List>(vm), y.borrow::<List>(vm));
            matches!((x, y), (Some(x), Some(y)) if x.items().len() == y.items().len() && x.items().iter().zip(y.items()).all(|(p, q)| p.is(q)))
        }
        _ => false,
    };
    a.traceback.is(&b.traceback) && a.cause.is(&b.cause) && a.context.is(&b.context) && same_notes
}

fn collect_leaves(vm: &mut Vm, e: &Value, out: &mut Vec<Value>) -> PyResult<()> {
    if !is_group(vm, e) {
        out.push(e.clone());
        return Ok(());
    }
    vm.enter_native()?;
    let mut result = Ok(());
    for m in exceptions(vm, e) {
        result = collect_leaves(vm, &m, out);
        if result.is_err() {
            break;
        }
    }
    vm.leave_native();
    result
}
