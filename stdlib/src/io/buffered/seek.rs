//! Positions.

use super::{locked, open_raw, raw, this, this_mut, write};
use crate::io::base::check_able;
use crate::io::unsupported;
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub fn seek(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let whence = vm.arg_int(&args[2])?;
    if !matches!(whence, 0..=2) && !matches!(whence, libc::SEEK_DATA | libc::SEEK_HOLE) {
        return Err(vm.value_error(format!("whence value {whence} unsupported")));
    }
    let raw = open_raw(vm, v, "seek of closed file")?;
    check_able(vm, &raw.object, "seekable")?;
    let mut target = vm.to_i64(&args[1])?;
    let at = locked(vm, v, |vm| {
        let rest = this(vm, v).rest().len() as i64;
        if whence < 2 && rest > 0 {
            // within what was read ahead no call is needed, except to know where that is
            let here = raw.tell(vm)? - rest;
            let by = if whence == 0 { target - here } else { target };
            let b = this_mut(vm, v);
            if by >= -(b.at as i64) && by <= rest {
                b.at = (b.at as i64 + by) as usize;
                return Ok(here + by);
            }
        }
        if this(vm, v).writable {
            write::flush_locked(vm, v, &raw)?;
        }
        if whence == 1 {
            target -= rest;
        }
        let at = raw.seek(vm, target, whence)?;
        this_mut(vm, v).reset();
        Ok(at)
    })?;
    Ok(vm.new_int(at))
}

pub fn tell(vm: &mut Vm, args: &[Value]) -> PyResult {
    let raw = raw(vm, &args[0])?;
    let at = raw.tell(vm)?;
    let b = this(vm, &args[0]);
    let at = at - b.rest().len() as i64 + b.waiting.len() as i64;
    Ok(vm.new_int(at.max(0)))
}

pub fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    let raw = open_raw(vm, v, "truncate of closed file")?;
    if !this(vm, v).writable {
        return Err(unsupported(vm, "truncate"));
    }
    locked(vm, v, |vm| {
        write::flush_locked(vm, v, &raw)?;
        write::rewind_locked(vm, v, &raw)?;
        vm.call_method(&raw.object, "truncate", &[args[1].clone()])
    })
}
