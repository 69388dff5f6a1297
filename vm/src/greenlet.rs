//! `greenlet.greenlet`: the type. How a greenlet lives and switches is in `interp::greenlet`.

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::interp::greenlet::{Greenlet, Parcel, State};
use crate::object::layout_of;
use crate::special::Special;
use crate::types::native::{GetSet, NativeDef, getset, getter, method, static_method};
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// `greenlet.greenlet`
pub static DEF: TypeDef = TypeDef::new("greenlet.greenlet", layout_of::<Greenlet>())
    .flags(flags::BASE | flags::HAS_DICT | flags::FINALIZER)
    .doc("greenlet(run=None, parent=None) -> greenlet\n\nA coroutine with a stack of its own, not started yet: *run* is what it will call, *parent* where its result goes.")
    .methods(METHODS)
    .getset(GETSET);

static METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, ...)", new),
    method("__init__(self, run=NULL, parent=NULL)", init),
    method("switch(self, value=NULL, /, *args, **kwargs=NULL)", switch)
        .doc("switch(*args, **kwargs)\n\nRuns this greenlet until somebody switches back; what they pass is the result."),
    method("throw(self, typ=NULL, val=NULL, tb=NULL, /)", throw).doc("Switches to this greenlet and raises the exception there; GreenletExit by default."),
    method("__bool__(self, /)", |vm, a| Ok(Value::bool(active(vm, &a[0])))),
    method("__repr__(self, /)", repr),
    method("__reduce__(self, /)", no_pickle),
    method("__reduce_ex__(self, protocol, /)", no_pickle),
];

static GETSET: &[GetSet] = &[
    getset("run", get_run, set_run),
    getset("parent", |vm, g| Ok(this(vm, g).parent.clone().opt().unwrap_or(Value::NONE)), set_parent),
    getter("dead", |vm, g| Ok(Value::bool(dead(vm, g)))),
    getter("gr_frame", |vm, g| if dead(vm, g) { Ok(Value::NONE) } else { Ok(vm.greenlet_frame(g)) }),
    getset("gr_context", get_context, set_context),
    getter("_stack_saved", |_, _| Ok(Value::i32(0))),
];

fn this<'a>(vm: &'a Vm, g: &'a Value) -> &'a Greenlet {
    g.borrow::<Greenlet>(vm).expect("a greenlet")
}

fn active(vm: &Vm, g: &Value) -> bool {
    this(vm, g).state == State::Active && !vm.greenlet_thread_over(g)
}

fn dead(vm: &Vm, g: &Value) -> bool {
    match this(vm, g).state {
        State::Pending => false,
        State::Active => vm.greenlet_thread_over(g),
        State::Dead | State::Lost => true,
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    crate::types::object_::check_concrete(vm, &args[0])?;
    vm.end_doomed_greenlets();
    let parent = vm.current_greenlet();
    let has_del = args[0].borrow::<crate::types::type_::TypeObj>(vm).is_some_and(|t| !t.special(Special::Del).is_null());
    Ok(vm.new_of(&args[0], Greenlet::new(parent, has_del)))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[1].is_null() {
        set_run(vm, &args[0], args[1].clone())?;
    }
    if !args[2].is_null() && !args[2].is_none() {
        set_parent(vm, &args[0], args[2].clone())?;
    }
    Ok(Value::NONE)
}

/// What the arguments `value, *args, **kwargs` of a switch carry.
fn parcel(vm: &mut Vm, value: &Value, rest: &Value, kwargs: &Value) -> Parcel {
    if rest.is_null() && kwargs.is_null() {
        return if value.is_null() { Parcel::Nothing } else { Parcel::One(value.clone()) };
    }
    let more = rest.get::<Tuple>().map_or(&[][..], |t| t.items());
    let all = value.as_opt().into_iter().chain(more).cloned().collect();
    let all = vm.new_tuple(all);
    Parcel::Many(all, kwargs.clone())
}

fn switch(vm: &mut Vm, args: &[Value]) -> PyResult {
    let parcel = parcel(vm, &args[1], &args[2], &args[3]);
    vm.greenlet_switch(&args[0], parcel)
}

fn throw(vm: &mut Vm, args: &[Value]) -> PyResult {
    let exc = if args[1].is_null() {
        vm.new_greenlet_exit()?
    } else {
        if !vm.is_throwable(&args[1]) && (args[3].is_null() || args[3].is_none()) {
            let name = vm.type_name(&args[1]);
            return Err(vm.type_error(format!("exceptions must be classes, or instances, not {name}")));
        }
        vm.thrown(&args[1..])?
    };
    // a dead greenlet hands GreenletExit on as a value
    let exit = vm.iso().state.get(crate::interp::greenlet::EXIT).is_some_and(|c| exc.0.class(vm).is_subtype_of(c));
    let parcel = if exit && dead(vm, &args[0]) { Parcel::One(exc.0) } else { Parcel::Throw(exc) };
    vm.greenlet_switch(&args[0], parcel)
}

impl Vm {
    /// Whether `throw` takes it: an exception or a class of exceptions.
    fn is_throwable(&self, v: &Value) -> bool {
        v.is_a::<crate::types::exception::Exception>() || v.borrow::<crate::types::type_::TypeObj>(self).is_some_and(|t| t.has(flags::EXCEPTION))
    }
}

fn get_run(vm: &mut Vm, g: &Value) -> PyResult {
    let p = this(vm, g);
    if p.state == State::Pending && !p.run.is_null() {
        return Ok(p.run.clone());
    }
    Err(vm.err(Exc::AttributeError, "run"))
}

fn set_run(vm: &mut Vm, g: &Value, run: Value) -> PyResult<()> {
    if this(vm, g).state != State::Pending {
        return Err(vm.err(Exc::AttributeError, "run cannot be set after the start of the greenlet"));
    }
    let old = g.borrow_mut::<Greenlet>(vm).map(|p| std::mem::replace(&mut p.run, run));
    drop(old);
    Ok(())
}

fn set_parent(vm: &mut Vm, g: &Value, parent: Value) -> PyResult<()> {
    if parent.is_null() {
        return Err(vm.err(Exc::AttributeError, "can't delete attribute"));
    }
    if this(vm, g).main {
        return Err(vm.err(Exc::AttributeError, "cannot set the parent of a main greenlet"));
    }
    if !parent.is_a::<Greenlet>() {
        let name = vm.type_name(&parent);
        return Err(vm.type_error(format!("GreenletChecker: Expected any type of greenlet, not {name}")));
    }
    let mut above = parent.clone();
    let home = loop {
        if above.is(g) {
            return Err(vm.value_error("cyclic parent chain"));
        }
        let p = this(vm, &above);
        if p.parent.is_null() {
            if !p.main {
                return Err(vm.value_error("parent must not be garbage collected"));
            }
            break p.home;
        }
        above = p.parent.clone();
    };
    let p = this(vm, g);
    if p.state != State::Pending && p.home != home {
        return Err(vm.value_error("parent cannot be on a different thread"));
    }
    let old = g.borrow_mut::<Greenlet>(vm).map(|p| std::mem::replace(&mut p.parent, parent));
    drop(old);
    Ok(())
}

fn get_context(vm: &mut Vm, g: &Value) -> PyResult {
    not_elsewhere(vm, g, "get")?;
    Ok(vm.greenlet_context(g).opt().unwrap_or(Value::NONE))
}

/// The context of what runs in another thread is that thread's business.
fn not_elsewhere(vm: &mut Vm, g: &Value, what: &str) -> PyResult<()> {
    let me = vm.tid();
    let p = this(vm, g);
    if p.state == State::Active && !p.suspended() && p.home != Some(me) {
        return Err(vm.value_error(format!("cannot {what} context of a greenlet that is running in a different thread")));
    }
    Ok(())
}

fn set_context(vm: &mut Vm, g: &Value, context: Value) -> PyResult<()> {
    if context.is_null() {
        return Err(vm.err(Exc::AttributeError, "can't delete context attribute"));
    }
    let ty = context.type_of(vm).clone();
    if !context.is_none() && vm.full_type_name(&ty) != "_contextvars.Context" {
        return Err(vm.type_error("greenlet context must be a contextvars.Context or None"));
    }
    not_elsewhere(vm, g, "set")?;
    let context = if context.is_none() { Value::NULL } else { context };
    vm.set_greenlet_context(g, context);
    Ok(())
}

fn no_pickle(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = args[0].type_of(vm).clone();
    let name = vm.full_type_name(&ty);
    Err(vm.type_error(format!("cannot pickle '{name}' object")))
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let g = &args[0];
    let ty = g.type_of(vm).clone();
    let (name, address) = (vm.full_type_name(&ty), vm.address_of(g));
    let over = vm.greenlet_thread_over(g);
    let current = vm.greenlet_is_current(g);
    let p = this(vm, g);
    let otid = match p.home {
        Some(tid) if !over => format!("{:#x}", crate::thread::ident(tid)),
        _ => "0x(nil)".to_string(),
    };
    let mut words = String::new();
    if over {
        words.push_str(" (thread exited)");
    }
    match p.state {
        State::Pending => words.push_str(" pending"),
        State::Active if !over => {
            words.push_str(if current { " current" } else { " suspended" });
            words.push_str(" active started");
        }
        State::Lost => words.push_str(" (of the parent process) dead"),
        _ => words.push_str(" dead"),
    }
    if p.main && !over {
        words.push_str(" main");
    }
    Ok(vm.new_str(format!("<{name} object at {address:#x} (otid={otid}){words}>")))
}
