//! The loop.
//!
//! Keeps the instruction pointer, the operand stack's top, the frame's base and the countdown in registers. An arm is a few lines:
//! what is common is done here, what is rare calls a named function. Before a call that may run Python, raise, look at the frame or
//! at the clock, an arm stores the registers (`sync!`), and after it loads what may have changed (`resync!`).
//!
//! SAFETY, for the whole file: the loop relies on F1 (see `frame`), on the compiler's `stack_size` and jump targets (checked by
//! `compile::verify` before code first runs), and on H1 (the thread holds the GIL while it is here). Stack slots above `sp` hold
//! no values; `read` moves a value out, `write` moves one in.

use super::arith;
use super::attrs::Pair;
use super::frame::{Frame, HAS_OBJECT, NEW_CHUNK};
use crate::error::{PyResult, Raised};
use crate::heap::about_to_change;
use crate::object::Kind;
use crate::op::{CmpOp, Instr, Op, SWITCH};
use crate::probe::Part;
use crate::types::function::{Cache, Cell, Code, Function};
use crate::types::iterators::ListIter;
use crate::types::list::List;
use crate::types::range::RangeIter;
use crate::types::str::Str;
use crate::types::str::iter::StrIter;
use crate::types::tuple::Tuple;
use crate::types::type_::flags as tf;
use crate::value::Value;
use crate::vm::Vm;

/// What an arm's helper says about how to go on.
pub(crate) enum Next {
    /// With the next instruction.
    Go,
    /// With the frame that is now on top.
    Frame,
}

/// Runs the frame on top until it returns; the frame has the `ENTRY` flag.
///
/// # Safety
/// The frame on top was pushed by this module's siblings and obeys F1.
#[allow(unused_assignments)] // the registers are loaded together, also where an arm needs only some
pub(crate) unsafe fn run<const OBSERVED: bool, const CONTROLLED: bool>(vm: &mut Vm) -> PyResult {
    unsafe {
        let mut frame: *mut Frame;
        let mut ip: *const Instr;
        let mut sp: *mut Value;
        let mut base: *mut Value;
        let mut code: *const Code;
        let mut left: i32;
        let restricted = vm.restricted_switches;
        let limit = vm.iso().recursion_limit;

        macro_rules! load_frame {
            () => {{
                frame = vm.stack.frames.as_mut_ptr().add(vm.stack.frames.len() - 1);
                ip = (*frame).ip;
                sp = (*frame).sp;
                base = (*frame).base;
                code = (*frame).code;
            }};
        }
        macro_rules! sync {
            () => {{
                (*frame).ip = ip;
                (*frame).sp = sp;
                vm.turn.left = left;
            }};
        }
        macro_rules! resync {
            () => {{
                left = vm.turn.left;
                frame = vm.stack.frames.as_mut_ptr().add(vm.stack.frames.len() - 1);
            }};
        }
        macro_rules! push {
            ($v:expr) => {{
                let v = $v;
                sp.write(v);
                sp = sp.add(1);
            }};
        }
        macro_rules! pop {
            () => {{
                sp = sp.sub(1);
                sp.read()
            }};
        }
        macro_rules! at {
            ($n:expr) => {
                &*sp.sub($n)
            };
        }
        macro_rules! set_top {
            ($v:expr) => {{
                let v = $v;
                *sp.sub(1) = v;
            }};
        }
        macro_rules! konst {
            ($i:expr) => {
                (&(*code).consts).get_unchecked($i as usize)
            };
        }
        macro_rules! local {
            ($i:expr) => {
                &*base.add($i as usize)
            };
        }
        macro_rules! jump {
            ($t:expr) => {
                ip = (&(*(*code).instrs.get())).as_ptr().add($t as usize)
            };
        }
        macro_rules! cache {
            ($i:expr) => {
                &mut *(&mut (*(*code).caches.get())).as_mut_ptr().add((*$i).a as usize)
            };
        }
        macro_rules! pair {
            ($i:expr) => {
                &mut *((&mut (*(*code).caches.get())).as_mut_ptr().add((*$i).a as usize) as *mut Pair)
            };
        }
        macro_rules! name {
            ($i:expr) => {
                (&(*code).names).get_unchecked((*$i).b as usize)
            };
        }

        load_frame!();
        left = vm.turn.left;
        loop {
            // the exception that ends this inner loop
            let raised: Raised = 'exec: loop {
                macro_rules! tri {
                    ($e:expr) => {
                        match $e {
                            Ok(v) => v,
                            Err(e) => break 'exec e,
                        }
                    };
                }
                // calls a helper that may do anything but touch the operand stack or frames
                macro_rules! call {
                    ($e:expr) => {{
                        sync!();
                        let r = $e;
                        resync!();
                        tri!(r)
                    }};
                }
                // calls a helper that may push a frame
                macro_rules! step {
                    ($e:expr) => {{
                        sync!();
                        match $e {
                            Ok(Next::Go) => {
                                resync!();
                                ip = (*frame).ip;
                                sp = (*frame).sp;
                            }
                            Ok(Next::Frame) => {
                                left = vm.turn.left;
                                load_frame!();
                            }
                            Err(e) => {
                                resync!();
                                sp = (*frame).sp;
                                break 'exec e;
                            }
                        }
                    }};
                }
                // what dropping has queued is due before the next instruction
                macro_rules! boundary {
                    () => {
                        if vm.heap_pending() {
                            call!(vm.run_pending());
                        }
                    };
                }
                // a fused instruction that has only done its first part, or whose other ticks are not there
                macro_rules! fused_ticks {
                    ($n:expr) => {
                        left >= $n && !OBSERVED
                    };
                }

                // fields are read where they are needed: decoded here they would take the registers of what lives longer
                let mut i: *const Instr = ip;
                left -= 1;
                if left < 0 {
                    // the compiler shall not keep the old value for this
                    left = std::hint::black_box(left) + 1;
                    if !restricted || (*i).op.flags() & SWITCH != 0 {
                        let alone = vm.tick_alone();
                        if alone != 0 {
                            left = alone;
                        } else {
                            sync!();
                            let r = vm.tick_expired();
                            resync!();
                            if let Err(e) = r {
                                // the instruction that is blamed may be this one
                                ip = (*frame).ip;
                                break 'exec e;
                            }
                        }
                    }
                    if !OBSERVED && vm.tracing.on {
                        sync!();
                        vm.tracing.hand_over = true;
                        return Ok(Value::NULL);
                    }
                    left -= 1;
                }
                ip = ip.add(1);
                if OBSERVED {
                    // whoever is told of an access looks at the frame
                    (*frame).ip = ip;
                    (*frame).sp = sp;
                    if vm.is_logged() {
                        // accesses are logged with their tick
                        vm.turn.left = left;
                    }
                    if vm.stepping {
                        call!(vm.step());
                    }
                    if vm.tracing.on {
                        call!(vm.trace_step((*i).op));
                    }
                }
                if CONTROLLED {
                    let at = i.offset_from((&(*(*code).instrs.get())).as_ptr()) as u32;
                    let visible = (*i).op == Op::Visible;
                    if visible {
                        i = crate::control::original(&*code, at);
                    }
                    if OBSERVED {
                        vm.begun_instructions += 1;
                    }
                    if OBSERVED && (!vm.restricted_switches || (*i).op.flags() & SWITCH != 0) {
                        vm.site_code = (*code).key();
                        vm.site_at = at;
                        vm.site_visible = visible;
                    }
                    if OBSERVED && vm.untold {
                        sync!();
                        vm.tell_value();
                    }
                    if visible {
                        call!(vm.ask());
                        if OBSERVED && vm.telling {
                            vm.tell_instruction(&*i);
                        }
                    }
                }
                match (*i).op {
                    // put there only by controlled isolates, whose loop has replaced it
                    Op::Visible => call!(Err::<(), _>(vm.runtime_error("a visible instruction in a run that is not controlled"))),
                    Op::Nop | Op::Resume => {}
                    Op::Pop => {
                        drop(pop!());
                        boundary!();
                    }
                    Op::Copy => push!((*sp.sub((*i).b as usize)).clone()),
                    Op::Swap => std::ptr::swap(sp.sub(1), sp.sub((*i).b as usize)),
                    Op::PushNull => push!(Value::NULL),
                    Op::LoadConst => push!(konst!((*i).b).clone()),

                    // --- locals
                    Op::LoadFast => {
                        let v = local!((*i).b);
                        if v.is_null() {
                            call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                        }
                        push!(v.clone());
                    }
                    Op::LoadFastAndClear => {
                        let v = (*base.add((*i).b as usize)).take();
                        push!(v);
                    }
                    Op::StoreFast => {
                        let v = pop!();
                        let old = std::mem::replace(&mut *base.add((*i).b as usize), v);
                        if old.is_object() {
                            drop(old);
                            boundary!();
                        }
                    }
                    Op::DeleteFast => {
                        if local!((*i).b).is_null() {
                            call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                        }
                        *base.add((*i).b as usize) = Value::NULL;
                        boundary!();
                    }
                    Op::MakeCell => {
                        let value = (*base.add((*i).b as usize)).take();
                        let cell = vm.new_cell(value);
                        *base.add((*i).b as usize) = cell;
                    }
                    Op::LoadClosure => push!(local!((*i).b).clone()),
                    Op::LoadDeref => {
                        let cell = local!((*i).b);
                        if OBSERVED {
                            vm.touch_read(cell, Part::Whole);
                        }
                        let v = &(*cell.body::<Cell>()).value;
                        if v.is_null() {
                            call!(Err::<(), _>(vm.unbound_deref(&*code, (*i).b)));
                        }
                        push!(v.clone());
                    }
                    Op::StoreDeref => {
                        let v = pop!();
                        let cell = local!((*i).b);
                        if OBSERVED {
                            vm.touch_write(cell, Part::Whole);
                        }
                        about_to_change(cell.ptr());
                        let old = std::mem::replace(&mut (*cell.body::<Cell>()).value, v);
                        drop(old);
                    }
                    Op::DeleteDeref => {
                        let cell = local!((*i).b);
                        if OBSERVED {
                            vm.touch_write(cell, Part::Whole);
                        }
                        about_to_change(cell.ptr());
                        let old = (*cell.body::<Cell>()).value.take();
                        if old.is_null() {
                            call!(Err::<(), _>(vm.unbound_deref(&*code, (*i).b)));
                        }
                    }
                    Op::LoadFromDictOrDeref => {
                        let mapping = pop!();
                        let v = call!(vm.load_from_dict_or_deref(&*code, &mapping, (*i).b, local!((*i).b)));
                        push!(v);
                    }
                    Op::LoadFromDictOrGlobals => {
                        let mapping = pop!();
                        let v = call!(vm.load_from_dict_or_globals(&mapping, name!(i)));
                        push!(v);
                    }
                    Op::LoadLocals => {
                        let v = call!(vm.current_locals());
                        push!(v);
                    }

                    // --- names
                    Op::LoadGlobal => {
                        let c: &mut Cache = cache!(i);
                        let globals = &*(&raw const (*frame).globals as *const Value);
                        match vm.cached_global::<OBSERVED>(c, globals, (*frame).builtins) {
                            Some(v) => push!(v),
                            None => {
                                let v = call!(vm.load_global(c, name!(i)));
                                push!(v);
                            }
                        }
                        if (*i).c != 0 && fused_ticks!(1) {
                            left -= 1;
                            ip = ip.add(1);
                            push!(Value::NULL);
                        }
                    }
                    Op::StoreGlobal => {
                        let v = pop!();
                        let globals = &*(&raw const (*frame).globals as *const Value);
                        vm.store_global::<OBSERVED>(cache!(i), globals, name!(i), v);
                        boundary!();
                    }
                    Op::LoadName => {
                        if (*frame).locals.is_null() {
                            let c: &mut Cache = cache!(i);
                            let globals = &*(&raw const (*frame).globals as *const Value);
                            match vm.cached_global::<OBSERVED>(c, globals, (*frame).builtins) {
                                Some(v) => push!(v),
                                None => {
                                    let v = call!(vm.load_global(c, name!(i)));
                                    push!(v);
                                }
                            }
                        } else {
                            let v = call!(vm.load_name(name!(i)));
                            push!(v);
                        }
                    }
                    Op::StoreName => {
                        let v = pop!();
                        if (*frame).locals.is_null() {
                            let globals = &*(&raw const (*frame).globals as *const Value);
                            vm.store_global::<OBSERVED>(cache!(i), globals, name!(i), v);
                        } else {
                            call!(vm.store_name(name!(i), v));
                        }
                        boundary!();
                    }
                    Op::DeleteGlobal => {
                        call!(vm.delete_global(name!(i)));
                        boundary!();
                    }
                    Op::DeleteName => {
                        call!(vm.delete_name(name!(i)));
                        boundary!();
                    }

                    // --- attributes
                    Op::LoadAttr => {
                        let c: &mut Pair = pair!(i);
                        match vm.cached_attr::<OBSERVED>(&c[0], at!(1), name!(i)) {
                            Some(v) => set_top!(v),
                            None => step!(vm.load_attr(c, name!(i))),
                        }
                    }
                    Op::LoadMethod => {
                        let c: &mut Pair = pair!(i);
                        match vm.cached_method::<OBSERVED>(&c[0], at!(1), name!(i)) {
                            Some(f) => {
                                let this = pop!();
                                push!(f);
                                push!(this);
                            }
                            None => {
                                let (f, this) = call!(vm.load_method(c, at!(1), name!(i)));
                                set_top!(f);
                                push!(this);
                            }
                        }
                    }
                    Op::LoadSuperAttr => {
                        let (f, this) = call!(vm.load_super_attr(at!(3), at!(2), at!(1), name!(i), (*i).c));
                        drop(pop!());
                        drop(pop!());
                        set_top!(f);
                        if (*i).c & 1 != 0 {
                            push!(this);
                        }
                    }
                    Op::StoreAttr => {
                        let c: &mut Pair = pair!(i);
                        if vm.cached_store::<OBSERVED>(&c[0], at!(1), name!(i), at!(2)) {
                            drop(pop!());
                            drop(pop!());
                            boundary!();
                        } else {
                            step!(vm.store_attr(c, name!(i)));
                        }
                    }
                    Op::DeleteAttr => {
                        let obj = pop!();
                        call!(vm.set_attr(&obj, name!(i), Value::NULL));
                        boundary!();
                    }

                    // --- items
                    Op::BinarySubscr => match subscr::<OBSERVED>(vm, at!(2), at!(1)) {
                        Some(v) => {
                            drop(pop!());
                            set_top!(v);
                        }
                        None => step!(vm.binary_subscr()),
                    },
                    Op::StoreSubscr => {
                        if store_subscr::<OBSERVED>(vm, at!(3), at!(2), at!(1)) {
                            drop(pop!());
                            drop(pop!());
                            drop(pop!());
                            boundary!();
                        } else {
                            step!(vm.store_subscr());
                        }
                    }
                    Op::DeleteSubscr => {
                        call!(vm.del_item(at!(2), at!(1)));
                        drop(pop!());
                        drop(pop!());
                        boundary!();
                    }
                    Op::BuildSlice => {
                        let step = if (*i).b == 3 { pop!() } else { Value::NONE };
                        let stop = pop!();
                        let start = pop!();
                        push!(vm.new_slice(start, stop, step));
                    }

                    // --- operators
                    Op::BinaryOp => match arith::binary((*i).c & 31, at!(2), at!(1)) {
                        Some(v) => {
                            // the operands were immediate
                            sp = sp.sub(1);
                            sp.sub(1).write(v);
                        }
                        None => step!(vm.binary_op((*i).c)),
                    },
                    Op::CompareOp => {
                        let op = cmp_op((*i).c);
                        match arith::compare(op, at!(2), at!(1)) {
                            Some(b) => {
                                sp = sp.sub(1);
                                sp.sub(1).write(Value::bool(b));
                            }
                            None => step!(vm.compare_op(op)),
                        }
                    }
                    Op::IsOp => {
                        let r = pop!();
                        let same = at!(1).is(&r);
                        drop(r);
                        set_top!(Value::bool(same != ((*i).b == 1)));
                    }
                    Op::ContainsOp => {
                        let r = call!(vm.contains(at!(1), at!(2)));
                        drop(pop!());
                        set_top!(Value::bool(r != ((*i).b == 1)));
                    }
                    Op::UnaryNot => {
                        let r = call!(vm.truthy(at!(1)));
                        set_top!(Value::bool(!r));
                    }
                    Op::UnaryNegative | Op::UnaryPositive | Op::UnaryInvert => {
                        let r = call!(vm.unary_op((*i).op, at!(1)));
                        set_top!(r);
                    }

                    // --- building
                    Op::BuildTuple => {
                        let items = take_top(&mut sp, (*i).b);
                        push!(vm.new_tuple(items));
                    }
                    Op::BuildList => {
                        let items = take_top(&mut sp, (*i).b);
                        push!(vm.new_list(items));
                    }
                    Op::BuildSet => {
                        let set = call!(vm.build_set(std::slice::from_raw_parts(sp.sub((*i).b as usize), (*i).b as usize)));
                        drop(take_top(&mut sp, (*i).b));
                        push!(set);
                    }
                    Op::BuildMap => {
                        let n = (*i).b as usize * 2;
                        let map = call!(vm.build_map(std::slice::from_raw_parts(sp.sub(n), n)));
                        drop(take_top(&mut sp, n as u32));
                        push!(map);
                    }
                    Op::BuildString => {
                        let s = vm.build_string(std::slice::from_raw_parts(sp.sub((*i).b as usize), (*i).b as usize));
                        drop(take_top(&mut sp, (*i).b));
                        push!(s);
                    }
                    Op::ListAppend => {
                        let v = pop!();
                        let list = &*sp.sub((*i).b as usize);
                        about_to_change(list.ptr());
                        (*list.body::<List>()).items_mut().push(v);
                    }
                    Op::SetAdd => {
                        call!(vm.set_add(&*sp.sub(1 + (*i).b as usize), at!(1)));
                        drop(pop!());
                    }
                    Op::MapAdd => {
                        let v = pop!();
                        call!(vm.dict_set(&*sp.sub(1 + (*i).b as usize), at!(1), v));
                        drop(pop!());
                    }
                    Op::ListExtend => {
                        call!(vm.list_extend_star(&*sp.sub(1 + (*i).b as usize), at!(1)));
                        drop(pop!());
                    }
                    Op::SetUpdate => {
                        call!(vm.set_update(&*sp.sub(1 + (*i).b as usize), at!(1)));
                        drop(pop!());
                    }
                    Op::DictUpdate => {
                        call!(vm.dict_update_display(&*sp.sub(1 + (*i).b as usize), at!(1)));
                        drop(pop!());
                    }
                    Op::DictMerge => {
                        // below the dict lie args, NULL/self and the callable
                        call!(vm.dict_merge(&*sp.sub(4 + (*i).b as usize), &*sp.sub(1 + (*i).b as usize), at!(1)));
                        drop(pop!());
                    }
                    Op::ListToTuple => {
                        let l = pop!();
                        about_to_change(l.ptr());
                        let items = std::mem::take((*l.body::<List>()).items_mut());
                        push!(vm.new_tuple(items));
                    }
                    Op::FormatValue => {
                        let spec = if (*i).b == 1 { pop!() } else { Value::NULL };
                        let s = call!(vm.format_value(at!(1), (*i).c, &spec));
                        set_top!(s);
                    }
                    Op::UnpackSequence => {
                        let seq = pop!();
                        if !unpack_exact(&seq, (*i).b as usize, &mut sp) {
                            let items = call!(vm.unpack(&seq, (*i).b as usize));
                            for v in items.into_iter().rev() {
                                push!(v);
                            }
                        } else if OBSERVED {
                            vm.touch_read(&seq, Part::Whole);
                        }
                    }
                    Op::UnpackEx => {
                        let seq = pop!();
                        let items = call!(vm.unpack_ex(&seq, ((*i).b & 0xFFFF) as usize, ((*i).b >> 16) as usize));
                        for v in items.into_iter().rev() {
                            push!(v);
                        }
                    }

                    // --- jumps
                    Op::Jump | Op::JumpBack => jump!((*i).b),
                    Op::PopJumpIfFalse => {
                        let v = pop!();
                        let t = match v.is_bool() {
                            true => v.is_true(),
                            false => call!(vm.truthy(&v)),
                        };
                        if !t {
                            jump!((*i).b);
                        }
                    }
                    Op::PopJumpIfTrue => {
                        let v = pop!();
                        let t = match v.is_bool() {
                            true => v.is_true(),
                            false => call!(vm.truthy(&v)),
                        };
                        if t {
                            jump!((*i).b);
                        }
                    }
                    Op::PopJumpIfNone => {
                        if pop!().is_none() {
                            jump!((*i).b);
                        }
                    }
                    Op::PopJumpIfNotNone => {
                        if !pop!().is_none() {
                            jump!((*i).b);
                        }
                    }
                    Op::JumpIfFalseOrPop => {
                        if call!(vm.truthy(at!(1))) {
                            drop(pop!());
                        } else {
                            jump!((*i).b);
                        }
                    }
                    Op::JumpIfTrueOrPop => {
                        if call!(vm.truthy(at!(1))) {
                            jump!((*i).b);
                        } else {
                            drop(pop!());
                        }
                    }

                    // --- iteration
                    Op::GetIter => {
                        let it = call!(vm.iter(at!(1)));
                        set_top!(it);
                    }
                    Op::GetYieldFromIter => {
                        let it = call!(vm.yield_from_iter(at!(1), &*code));
                        set_top!(it);
                    }
                    Op::ForIter => match next_fast::<OBSERVED>(vm, at!(1)) {
                        Some(v) if !v.is_null() => push!(v),
                        Some(_) => {
                            drop(pop!());
                            jump!((*i).b);
                        }
                        None => step!(vm.for_iter((*i).b)),
                    },
                    Op::ForIterStore => match if fused_ticks!(1) { next_fast::<OBSERVED>(vm, at!(1)) } else { None } {
                        Some(v) if !v.is_null() => {
                            left -= 1;
                            ip = ip.add(1);
                            *base.add((*i).a as usize) = v;
                        }
                        Some(_) => {
                            drop(pop!());
                            jump!((*i).b);
                        }
                        None => step!(vm.for_iter((*i).b)),
                    },

                    // --- calls
                    Op::Call => {
                        let n = (*i).b as usize;
                        let callable = &*sp.sub(n + 2);
                        if callable.kind() == Some(Kind::Function as u8) {
                            let f = callable.body::<Function>();
                            let target = (*f).code.body::<Code>();
                            let this = !(*sp.sub(n + 1)).is_null() as usize;
                            if (*target).simple_args.get() && (*target).arg_count == n + this && vm.depth < limit {
                                let first = sp.sub(n + this);
                                if let Some(window) = vm.stack.extend(first, (*frame).flags, (*target).frame_size) {
                                    (*frame).ip = ip;
                                    sp = sp.sub(n + 2);
                                    (*frame).sp = sp;
                                    frame = vm.push_frame(target, sp.read(), window, n + this, 0);
                                    ip = (*frame).ip;
                                    base = first;
                                    code = target;
                                    sp = (*frame).sp;
                                    continue;
                                }
                            }
                        }
                        step!(vm.call_op(n));
                    }
                    Op::CallKw => step!(vm.call_kw_op((*i).b as usize)),
                    Op::CallEx => step!(vm.call_ex_op((*i).b & 1 != 0)),
                    Op::MakeFunction => {
                        let c = pop!();
                        push!(vm.make_function(c));
                    }
                    Op::SetFunctionAttribute => {
                        let f = pop!();
                        let v = pop!();
                        vm.set_function_attribute(&f, (*i).b, v);
                        push!(f);
                    }
                    Op::LoadBuildClass => {
                        let v = call!(vm.load_build_class());
                        push!(v);
                    }
                    Op::ReturnValue | Op::ReturnConst | Op::ReturnFast => {
                        let v = match (*i).op {
                            Op::ReturnValue => pop!(),
                            Op::ReturnConst => konst!((*i).b).clone(),
                            _ => {
                                if local!((*i).b).is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                                }
                                if !fused_ticks!(1) {
                                    push!(local!((*i).b).clone());
                                    continue;
                                }
                                left -= 1;
                                (*base.add((*i).b as usize)).take()
                            }
                        };
                        let f = (*frame).flags;
                        if f & !NEW_CHUNK == 0 {
                            // a plain call: back to the caller's window
                            drop_window(base, sp);
                            frame = vm.pop_plain_frame(f);
                            ip = (*frame).ip;
                            sp = (*frame).sp;
                            base = (*frame).base;
                            code = (*frame).code;
                            push!(v);
                            boundary!();
                            continue;
                        }
                        sync!();
                        if f & HAS_OBJECT != 0 {
                            vm.detach_frame_object();
                        }
                        drop_window(base, sp);
                        match vm.leave_frame(v) {
                            Ok(None) => {
                                left = vm.turn.left;
                                load_frame!();
                            }
                            Ok(Some(v)) => return Ok(v),
                            Err(e) => {
                                left = vm.turn.left;
                                load_frame!();
                                break 'exec e;
                            }
                        }
                        boundary!();
                    }

                    // --- generators
                    Op::ReturnGenerator => {
                        sync!();
                        let g = vm.make_generator();
                        match vm.leave_frame(g) {
                            Ok(None) => {
                                left = vm.turn.left;
                                load_frame!();
                            }
                            Ok(Some(v)) => return Ok(v),
                            Err(e) => {
                                load_frame!();
                                break 'exec e;
                            }
                        }
                    }
                    Op::YieldValue => {
                        let v = pop!();
                        sync!();
                        match vm.yield_value(v) {
                            Ok(None) => {
                                left = vm.turn.left;
                                load_frame!();
                            }
                            Ok(Some(v)) => return Ok(v),
                            Err(e) => {
                                load_frame!();
                                break 'exec e;
                            }
                        }
                    }
                    Op::Send => step!(vm.send_op((*i).b)),
                    Op::EndSend => {
                        let v = pop!();
                        set_top!(v);
                    }
                    Op::CleanupThrow => step!(vm.cleanup_throw()),
                    Op::GetAwaitable => {
                        let it = call!(vm.get_awaitable(at!(1), (*i).b));
                        set_top!(it);
                    }
                    Op::GetAIter => {
                        let it = call!(vm.get_aiter(at!(1)));
                        set_top!(it);
                    }
                    Op::GetANext => {
                        let it = call!(vm.get_anext(at!(1)));
                        push!(it);
                    }
                    Op::EndAsyncFor => {
                        let e = pop!();
                        call!(vm.end_async_for(e));
                        drop(pop!());
                    }
                    Op::AsyncGenWrap => {
                        let v = pop!();
                        push!(vm.async_gen_wrap(v));
                    }

                    // --- exceptions
                    Op::RaiseVarargs => {
                        let args = take_top(&mut sp, (*i).b);
                        sync!();
                        let e = vm.do_raise(args);
                        resync!();
                        break 'exec e;
                    }
                    Op::PushExcInfo => {
                        let e = pop!();
                        let previous = std::mem::replace(&mut vm.handled, e.clone());
                        push!(if previous.is_null() { Value::NONE } else { previous });
                        push!(e);
                    }
                    Op::PopExcept => {
                        let previous = pop!();
                        vm.handled = if previous.is_none() { Value::NULL } else { previous };
                    }
                    Op::CheckExcMatch => {
                        let r = call!(vm.check_exc_match(at!(2), at!(1)));
                        set_top!(Value::bool(r));
                    }
                    Op::CheckEgMatch => {
                        let ty = pop!();
                        let e = pop!();
                        let (rest, matched) = call!(vm.check_eg_match(&e, &ty));
                        push!(rest);
                        push!(matched);
                    }
                    Op::PrepReraiseStar => {
                        let excs = pop!();
                        let orig = pop!();
                        let v = call!(vm.prep_reraise_star(&orig, &excs));
                        push!(v);
                    }
                    Op::Reraise => {
                        let e = pop!();
                        if (*i).b > 0 {
                            // its handler is looked for from here, but told the place where it was raised first
                            vm.reraised_at = Some((*sp.sub((*i).b as usize)).small_unchecked());
                        }
                        (*frame).ip = ip;
                        vm.reraising = true;
                        break 'exec Raised(e);
                    }
                    Op::StopIterationError => {
                        let e = pop!();
                        let e = vm.stop_iteration_error(e, (*i).c);
                        push!(e);
                    }
                    Op::LoadAssertionError => push!(vm.exc_type(crate::error::Exc::AssertionError).clone()),
                    Op::BeforeWith => {
                        let (exit, entered) = call!(vm.before_with(at!(1)));
                        set_top!(exit);
                        push!(entered);
                    }
                    Op::BeforeAsyncWith => {
                        let (exit, awaitable) = call!(vm.before_async_with(at!(1)));
                        set_top!(exit);
                        push!(awaitable);
                    }
                    Op::WithExceptStart => {
                        let r = call!(vm.with_except_start(at!(4), at!(1)));
                        push!(r);
                    }

                    // --- import
                    Op::ImportName => {
                        let fromlist = pop!();
                        let m = call!(vm.import_name(name!(i), &fromlist, at!(1)));
                        set_top!(m);
                    }
                    Op::ImportFrom => {
                        let v = call!(vm.import_from(at!(1), name!(i)));
                        push!(v);
                    }
                    Op::ImportStar => {
                        let m = pop!();
                        call!(vm.import_star(&m));
                    }

                    // --- match
                    Op::MatchClass => {
                        let r = call!(vm.match_class(at!(3), at!(2), at!(1), (*i).b as usize));
                        drop(pop!());
                        drop(pop!());
                        set_top!(r);
                    }
                    Op::MatchMapping => {
                        let r = at!(1).class(vm).has(tf::MAPPING);
                        push!(Value::bool(r));
                    }
                    Op::MatchSequence => {
                        let r = at!(1).class(vm).has(tf::SEQUENCE);
                        push!(Value::bool(r));
                    }
                    Op::MatchKeys => {
                        let r = call!(vm.match_keys(at!(2), at!(1)));
                        push!(r);
                    }
                    Op::GetLen => {
                        let n = call!(vm.len(at!(1)));
                        push!(Value::small_wrap(n as i64));
                    }

                    // --- the rest
                    Op::SetupAnnotations => call!(vm.setup_annotations()),
                    Op::Intrinsic => step!(vm.intrinsic((*i).c)),
                    Op::PrintExpr => {
                        let v = pop!();
                        call!(vm.print_expr(&v));
                    }

                    // --- fused
                    Op::LoadFastLoadFast => {
                        let (a, b) = (local!((*i).a), local!((*i).b));
                        if a.is_null() {
                            call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                        }
                        push!(a.clone());
                        if !b.is_null() && fused_ticks!(1) {
                            left -= 1;
                            ip = ip.add(1);
                            push!(b.clone());
                        }
                    }
                    Op::StoreFastLoadFast => {
                        let v = pop!();
                        *base.add((*i).b as usize) = v;
                        let a = local!((*i).a);
                        if !a.is_null() && fused_ticks!(1) {
                            left -= 1;
                            ip = ip.add(1);
                            push!(a.clone());
                        }
                    }
                    Op::LoadFastLoadConst => {
                        let v = local!((*i).b);
                        if v.is_null() {
                            call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                        }
                        push!(v.clone());
                        if fused_ticks!(1) {
                            left -= 1;
                            ip = ip.add(1);
                            push!(konst!((*i).a).clone());
                        }
                    }
                    Op::FastFastBinary => {
                        let (a, b) = (local!((*i).a), local!((*i).b));
                        match if fused_ticks!(2) { arith::binary((*i).c, a, b) } else { None } {
                            Some(v) => {
                                left -= 2;
                                ip = ip.add(2);
                                push!(v);
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::FastConstBinary => {
                        let a = local!((*i).a);
                        match if fused_ticks!(2) { arith::binary((*i).c, a, konst!((*i).b)) } else { None } {
                            Some(v) => {
                                left -= 2;
                                ip = ip.add(2);
                                push!(v);
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::FastFastBinaryStore => {
                        let (a, b) = (local!((*i).a), local!((*i).b & 0xFFFF));
                        match if fused_ticks!(3) { arith::binary((*i).c, a, b) } else { None } {
                            Some(v) => {
                                left -= 3;
                                ip = ip.add(3);
                                *base.add(((*i).b >> 16) as usize) = v;
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::FastConstBinaryStore => {
                        let a = local!((*i).a);
                        match if fused_ticks!(3) { arith::binary((*i).c, a, konst!((*i).b & 0xFFFF)) } else { None } {
                            Some(v) => {
                                left -= 3;
                                ip = ip.add(3);
                                *base.add(((*i).b >> 16) as usize) = v;
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::StackFastBinary => {
                        let b = local!((*i).b);
                        match if fused_ticks!(1) { arith::binary((*i).c, at!(1), b) } else { None } {
                            Some(v) => {
                                left -= 1;
                                ip = ip.add(1);
                                sp.sub(1).write(v);
                            }
                            None => {
                                if b.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                                }
                                push!(b.clone());
                            }
                        }
                    }
                    Op::StackConstBinary => match if fused_ticks!(1) { arith::binary((*i).c, at!(1), konst!((*i).b)) } else { None } {
                        Some(v) => {
                            left -= 1;
                            ip = ip.add(1);
                            sp.sub(1).write(v);
                        }
                        None => push!(konst!((*i).b).clone()),
                    },
                    Op::FastFastCompareJump => {
                        let (a, b) = (local!((*i).a), local!((*i).b));
                        match if fused_ticks!(3) { arith::compare(cmp_op((*i).c & 0x7F), a, b) } else { None } {
                            Some(r) => {
                                left -= 3;
                                if r == ((*i).c & 0x80 != 0) { jump!((*ip.add(2)).b) } else { ip = ip.add(3) }
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::FastConstCompareJump => {
                        let a = local!((*i).a);
                        match if fused_ticks!(3) { arith::compare(cmp_op((*i).c & 0x7F), a, konst!((*i).b)) } else { None } {
                            Some(r) => {
                                left -= 3;
                                if r == ((*i).c & 0x80 != 0) { jump!((*ip.add(2)).b) } else { ip = ip.add(3) }
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::CompareJump => {
                        let op = cmp_op((*i).c & 0x7F);
                        match if fused_ticks!(1) { arith::compare(op, at!(2), at!(1)) } else { None } {
                            Some(r) => {
                                left -= 1;
                                sp = sp.sub(2);
                                if r == ((*i).c & 0x80 != 0) { jump!((*ip).b) } else { ip = ip.add(1) }
                            }
                            None => step!(vm.compare_op(op)),
                        }
                    }
                    Op::FastFastSubscr => {
                        let (a, b) = (local!((*i).a), local!((*i).b));
                        match if fused_ticks!(2) { subscr::<OBSERVED>(vm, a, b) } else { None } {
                            Some(v) => {
                                left -= 2;
                                ip = ip.add(2);
                                push!(v);
                            }
                            None => {
                                if a.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).a as u32)));
                                }
                                push!(a.clone());
                            }
                        }
                    }
                    Op::FastLoadAttr => {
                        let obj = local!((*i).b);
                        let attr: *const Instr = ip;
                        let c: &mut Cache = cache!(attr);
                        match if fused_ticks!(1) { vm.cached_attr::<OBSERVED>(c, obj, name!(attr)) } else { None } {
                            Some(v) => {
                                left -= 1;
                                ip = ip.add(1);
                                push!(v);
                            }
                            None => {
                                if obj.is_null() {
                                    call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                                }
                                push!(obj.clone());
                            }
                        }
                    }
                    Op::FastJump => {
                        let v = local!((*i).b);
                        if v.is_bool() && fused_ticks!(1) {
                            left -= 1;
                            if v.is_true() == ((*i).c != 0) { jump!((*ip).b) } else { ip = ip.add(1) }
                        } else {
                            if v.is_null() {
                                call!(Err::<(), _>(vm.unbound(&*code, (*i).b)));
                            }
                            push!(v.clone());
                        }
                    }
                }
            };
            // an exception: to its handler, in this frame or in a caller
            sync!();
            match vm.unwind(raised) {
                Ok(()) => {
                    left = vm.turn.left;
                    load_frame!();
                }
                Err(e) => return Err(e),
            }
        }
    }
}

#[inline(always)]
fn cmp_op(c: u8) -> CmpOp {
    match c {
        0 => CmpOp::Lt,
        1 => CmpOp::Le,
        2 => CmpOp::Eq,
        3 => CmpOp::Ne,
        4 => CmpOp::Gt,
        _ => CmpOp::Ge,
    }
}

/// Moves the top `n` values out.
unsafe fn take_top(sp: &mut *mut Value, n: u32) -> Vec<Value> {
    // SAFETY: the compiler's stack effects say that n values are there.
    unsafe {
        let n = n as usize;
        let mut out = Vec::with_capacity(n);
        *sp = sp.sub(n);
        std::ptr::copy_nonoverlapping(*sp, out.as_mut_ptr(), n);
        out.set_len(n);
        out
    }
}

/// Drops everything from a frame's base up to `sp`.
#[inline(always)]
unsafe fn drop_window(base: *mut Value, sp: *mut Value) {
    // SAFETY: F1.
    unsafe {
        let mut p = base;
        while p < sp {
            drop(p.read());
            p = p.add(1);
        }
    }
}

/// `container[key]` for exact lists, tuples and ASCII strs with a small index, and nothing else.
#[inline(always)]
unsafe fn subscr<const OBSERVED: bool>(vm: &mut Vm, container: &Value, key: &Value) -> Option<Value> {
    // SAFETY: kinds are checked; the token is held.
    unsafe {
        let h = container.header()?;
        let i = key.as_small()?;
        if h.kind() == Kind::List as u8 && h.type_head().flags.get() & tf::HEAP == 0 {
            let items = (*container.body::<List>()).items();
            let i = if i < 0 { i + items.len() as i64 } else { i };
            if OBSERVED {
                vm.touch_read(container, Part::Index(i));
            }
            return items.get(i as usize).cloned();
        }
        if h.kind() == Kind::Tuple as u8 && h.type_head().flags.get() & tf::HEAP == 0 {
            let items = (*container.body::<Tuple>()).items();
            let i = if i < 0 { i + items.len() as i64 } else { i };
            return items.get(i as usize).cloned();
        }
        if h.kind() == Kind::Str as u8 && h.type_head().flags.get() & tf::HEAP == 0 {
            let s = &*container.body::<Str>();
            let bytes = s.bytes();
            let i = if i < 0 { i + bytes.len() as i64 } else { i };
            return if s.is_ascii() { bytes.get(i as usize).map(|b| vm.iso().image.char(*b).clone()) } else { None };
        }
        None
    }
}

/// `container[key] = value` for exact lists with a small index in range; true where done.
#[inline(always)]
unsafe fn store_subscr<const OBSERVED: bool>(vm: &mut Vm, value: &Value, container: &Value, key: &Value) -> bool {
    // SAFETY: as in `subscr`.
    unsafe {
        let (Some(h), Some(i)) = (container.header(), key.as_small()) else { return false };
        if h.kind() != Kind::List as u8 || h.type_head().flags.get() & tf::HEAP != 0 {
            return false;
        }
        about_to_change(container.ptr());
        let items = (*container.body::<List>()).items_mut();
        let i = if i < 0 { i + items.len() as i64 } else { i };
        if OBSERVED {
            vm.touch_write(container, Part::Index(i));
        }
        match items.get_mut(i as usize) {
            Some(slot) => {
                let old = std::mem::replace(slot, value.clone());
                drop(old);
                true
            }
            None => false,
        }
    }
}

/// The next item of a range, list or str iterator: absent at the end, `None` for other iterators.
#[inline(always)]
unsafe fn next_fast<const OBSERVED: bool>(vm: &mut Vm, it: &Value) -> Option<Value> {
    // SAFETY: kinds are checked; the token is held.
    unsafe {
        let kind = it.kind()?;
        if OBSERVED {
            // an iterator that moves on has changed, whatever it gives
            vm.touch_write(it, Part::Whole);
        }
        if kind == Kind::RangeIter as u8 {
            let r = &*it.body::<RangeIter>();
            let left = r.left.get();
            if left == 0 {
                return Some(Value::NULL);
            }
            let i = r.next.get();
            r.left.set(left - 1);
            r.next.set(i.wrapping_add(r.step));
            return Value::small(i);
        }
        if kind == Kind::ListIter as u8 {
            let l = &*it.body::<ListIter>();
            if !l.list.is_a::<List>() {
                return None;
            }
            let i = l.index.get();
            if OBSERVED {
                vm.touch_read(&l.list, Part::Index(i as i64));
            }
            if let Some(v) = (*l.list.body::<List>()).items().get(i) {
                l.index.set(i + 1);
                return Some(v.clone());
            }
        }
        if kind == Kind::StrIter as u8 {
            return Some((*it.body::<StrIter>()).step(vm));
        }
        None
    }
}

/// Pushes the items of an exact tuple or list of the right length, last first.
#[inline(always)]
unsafe fn unpack_exact(seq: &Value, n: usize, sp: &mut *mut Value) -> bool {
    // SAFETY: kinds are checked; the compiler reserved n slots.
    unsafe {
        let Some(h) = seq.header() else { return false };
        if h.type_head().flags.get() & tf::HEAP != 0 {
            return false;
        }
        let items = match h.kind() {
            k if k == Kind::Tuple as u8 => (*seq.body::<Tuple>()).items(),
            k if k == Kind::List as u8 => (*seq.body::<List>()).items(),
            _ => return false,
        };
        if items.len() != n {
            return false;
        }
        for v in items.iter().rev() {
            sp.write(v.clone());
            *sp = sp.add(1);
        }
        true
    }
}
