//! Writing through the buffer.

use super::{Raw, is_free, locked, open_raw, this, this_mut};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// BlockingIOError: the raw stream takes no more, `written` bytes have been taken.
#[cold]
fn would_block(vm: &mut Vm, written: usize) -> Raised {
    let args = [Value::i32(libc::EAGAIN), vm.new_str("write could not complete without blocking"), Value::small_wrap(written as i64)];
    let ty = vm.exc_type(Exc::BlockingIOError).clone();
    match vm.call(&ty, &args) {
        Ok(e) => Raised(e),
        Err(e) => e,
    }
}

/// Writes all that waits; what an error leaves over waits on. The lock is held.
pub fn flush_locked(vm: &mut Vm, v: &Value, raw: &Raw) -> PyResult<()> {
    let data = this_mut(vm, v).waiting.take();
    let mut done = 0;
    while done < data.len() {
        let r = match raw.write(vm, &data[done..]) {
            Ok(Some(n)) => {
                done += n;
                vm.run_signal_handlers()
            }
            Ok(None) => Err(would_block(vm, 0)),
            Err(e) => Err(e),
        };
        if let Err(e) = r {
            if done < data.len() && !e.is_killed() {
                this_mut(vm, v).waiting.put_back(data[done..].to_vec());
            }
            return Err(e);
        }
    }
    Ok(())
}

/// Gives up what was read ahead: the raw stream goes back to where the reader was.
pub fn rewind_locked(vm: &mut Vm, v: &Value, raw: &Raw) -> PyResult<()> {
    let rest = this(vm, v).rest().len();
    if rest > 0 {
        raw.seek(vm, -(rest as i64), 1)?;
    }
    this_mut(vm, v).reset();
    Ok(())
}

/// The part of a write that does not fit the buffer.
fn write_generic(vm: &mut Vm, v: &Value, raw: &Raw, data: &[u8]) -> PyResult<()> {
    if this(vm, v).readable {
        rewind_locked(vm, v, raw)?;
    }
    let size = this(vm, v).size;
    if this(vm, v).waiting.len() + data.len() <= size {
        this_mut(vm, v).waiting.push(data);
        return Ok(());
    }
    if let Err(e) = flush_locked(vm, v, raw) {
        if e.is_killed() || !vm.is_exc(&e, Exc::BlockingIOError) {
            return Err(e);
        }
        // as much as fits is kept
        let room = size.saturating_sub(this(vm, v).waiting.len());
        let taken = room.min(data.len());
        this_mut(vm, v).waiting.push(&data[..taken]);
        return if taken == data.len() { Ok(()) } else { Err(would_block(vm, taken)) };
    }
    let mut done = 0;
    while data.len() - done > size {
        match raw.write(vm, &data[done..])? {
            Some(n) => {
                done += n;
                vm.run_signal_handlers()?;
            }
            None => {
                this_mut(vm, v).waiting.push(&data[done..done + size]);
                return Err(would_block(vm, done + size));
            }
        }
    }
    this_mut(vm, v).waiting.push(&data[done..]);
    Ok(())
}

/// `write(data)`: no IO where it fits the buffer.
pub fn write_bytes(vm: &mut Vm, v: &Value, data: &[u8]) -> PyResult<()> {
    let raw = open_raw(vm, v, "write to closed file")?;
    if is_free(vm, v) {
        let b = this_mut(vm, v);
        if b.rest().is_empty() && b.waiting.len() + data.len() <= b.size {
            b.reset();
            b.waiting.push(data);
            return Ok(());
        }
    }
    locked(vm, v, |vm| write_generic(vm, v, &raw, data))
}

pub fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = match args[1].get::<Bytes>() {
        Some(b) => {
            write_bytes(vm, &args[0], b.bytes())?;
            b.bytes().len()
        }
        None => {
            super::raw(vm, &args[0])?;
            let data = vm.buffer_bytes(&args[1])?;
            write_bytes(vm, &args[0], &data)?;
            data.len()
        }
    };
    Ok(Value::small_wrap(n as i64))
}

/// `flush()`
pub fn flush_native(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let raw = open_raw(vm, v, "flush of closed file")?;
    if is_free(vm, v) && this(vm, v).waiting.is_empty() && this(vm, v).rest().is_empty() {
        return Ok(());
    }
    locked(vm, v, |vm| {
        flush_locked(vm, v, &raw)?;
        if this(vm, v).readable { rewind_locked(vm, v, &raw) } else { Ok(()) }
    })
}

pub fn flush(vm: &mut Vm, args: &[Value]) -> PyResult {
    flush_native(vm, &args[0])?;
    Ok(Value::NONE)
}
