//! `getsockopt` and `setsockopt`.

use super::sock::{handle, socket_of};
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// `getsockopt(level, option[, buffersize])`
pub fn getsockopt(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (level, name, size) = (vm.to_i32(&args[1])?, vm.to_i32(&args[2])?, vm.to_i32(&args[3])?);
    if !(0..=1024).contains(&size) {
        return Err(vm.err(gilbert_vm::error::Exc::OSError, "getsockopt buflen out of range"));
    }
    let file = handle(vm, &args[0])?;
    match socket_of(&file).and_then(|socket| socket.option(level, name)) {
        Ok(bytes) if size == 0 => {
            let word = bytes.first_chunk::<4>().map_or(0, |b| i32::from_ne_bytes(*b));
            Ok(Value::i32(word))
        }
        Ok(mut bytes) => {
            bytes.truncate(size as usize);
            Ok(vm.new_bytes(bytes))
        }
        Err(e) => Err(vm.os_error(e, None)),
    }
}

/// `setsockopt(level, option, value)`
pub fn setsockopt(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (level, name) = (vm.to_i32(&args[1])?, vm.to_i32(&args[2])?);
    let file = handle(vm, &args[0])?;
    let value = match (gilbert_vm::builtins::is_int(&args[3]), args[3].is_none()) {
        (true, _) => vm.to_i32(&args[3])?.to_ne_bytes().to_vec(),
        (_, true) => {
            let length = if args[4].is_null() { 0 } else { vm.to_i64(&args[4])? };
            vec![0; length.clamp(0, 1024) as usize]
        }
        _ => vm.buffer_bytes(&args[3])?,
    };
    match socket_of(&file).and_then(|socket| socket.set_option(level, name, &value)) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(vm.os_error(e, None)),
    }
}
