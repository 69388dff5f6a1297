//! Descriptors: open, read, write, seek, pipes.

use super::paths::{call_on, named_path, os_call, unavailable};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::process::Descriptor;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Handle, OsError, OsResult, Tid, Whence};

pub static FUNCTIONS: &[NativeDef] = &[
    function("open(path, flags, mode=511, *, dir_fd=None)", open).doc("Open a file for low level IO.  Returns a file descriptor (integer)."),
    function("close(fd)", close).doc("Close a file descriptor."),
    function("closerange(fd_low, fd_high, /)", closerange),
    function("read(fd, length, /)", read).doc("Read from a file descriptor.  Returns a bytes object."),
    function("readinto(fd, buffer, /)", readinto).doc("Read into a buffer object from a file descriptor."),
    function("write(fd, data, /)", write).doc("Write a bytes object to a file descriptor."),
    function("pread(fd, length, offset, /)", pread),
    function("pwrite(fd, data, offset, /)", pwrite),
    function("lseek(fd, position, whence, /)", lseek).doc("Set the position of a file descriptor.  Return the new position."),
    function("ftruncate(fd, length, /)", ftruncate),
    function("fsync(fd)", |vm, a| simple(vm, &a[0], |f, _| f.sync())),
    function("fdatasync(fd)", |vm, a| simple(vm, &a[0], |f, _| f.sync())),
    function("isatty(fd, /)", |vm, a| {
        let n = vm.arg_int(&a[0])?;
        Ok(Value::bool(vm.iso().process.fd(n).is_some_and(|d| d.file.isatty())))
    })
    .doc("Return True if the fd is connected to a terminal."),
    function("dup(fd, /)", dup).doc("Return a duplicate of a file descriptor."),
    function("dup2(fd, fd2, inheritable=True)", dup2).doc("Duplicate file descriptor."),
    function("pipe()", pipe).doc("Create a pipe.  Returns a tuple of two file descriptors: (read_fd, write_fd)"),
    function("get_inheritable(fd, /)", |vm, a| {
        let n = vm.arg_int(&a[0])?;
        match vm.iso().process.fd(n) {
            Some(d) => Ok(Value::bool(d.inheritable)),
            None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
        }
    }),
    function("set_inheritable(fd, inheritable, /)", |vm, a| {
        let (n, on) = (vm.arg_int(&a[0])?, vm.truthy(&a[1])?);
        match vm.iso().process.set_inheritable(n, on) {
            true => Ok(Value::NONE),
            false => Err(vm.os_error(OsError::new(libc::EBADF), None)),
        }
    }),
    function("get_blocking(fd, /)", |vm, a| Ok(Value::bool(handle(vm, &a[0])?.blocking()))),
    function("set_blocking(fd, blocking, /)", |vm, a| {
        let on = vm.truthy(&a[1])?;
        let file = handle(vm, &a[0])?;
        match file.set_blocking(on) {
            Ok(()) => Ok(Value::NONE),
            Err(e) => Err(vm.os_error(e, None)),
        }
    }),
];

/// No single read gives more than this.
const MAX_READ: i64 = 0x7fff_f000;

/// The open file of a descriptor argument; EBADF.
pub fn handle(vm: &mut Vm, fd: &Value) -> PyResult<Handle> {
    let n = vm.arg_int(fd)?;
    match vm.iso().process.fd(n) {
        Some(d) => Ok(d.file),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

/// Enters a file in the table; EMFILE.
pub fn enter(vm: &mut Vm, file: Handle, flags: i32) -> PyResult<i32> {
    match vm.iso_mut().process.add(file, flags) {
        Some(n) => Ok(n),
        None => Err(vm.os_error(OsError::new(libc::EMFILE), None)),
    }
}

fn simple(vm: &mut Vm, fd: &Value, f: impl Fn(&Handle, Tid) -> OsResult<()>) -> PyResult {
    let file = handle(vm, fd)?;
    match os_call(vm, |_, me| f(&file, me))? {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn open(vm: &mut Vm, args: &[Value]) -> PyResult {
    unavailable(vm, !args[3].is_none(), "dir_fd")?;
    let arg = named_path(vm, &args[0], "open", false)?;
    let flags = vm.arg_int(&args[1])?;
    let mode = vm.to_i64(&args[2])? as u32 & !vm.iso().process.umask;
    let file = call_on(vm, &arg, |w, me, p| w.open(me, p, flags | libc::O_CLOEXEC, mode))?;
    Ok(Value::i32(enter(vm, file, flags)?))
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.arg_int(&args[0])?;
    match vm.iso_mut().process.close(n) {
        Some(d) => {
            // the last handle's close is a call into the OS
            os_call(vm, move |_, _| Ok(()))?.ok();
            drop(d);
            Ok(Value::NONE)
        }
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

fn closerange(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (low, high) = (vm.arg_int(&args[0])?, vm.arg_int(&args[1])?);
    for n in vm.iso().process.numbers() {
        if (low..high).contains(&n) {
            vm.iso_mut().process.close(n);
        }
    }
    Ok(Value::NONE)
}

/// Reads at most `n` bytes.
pub fn read_some(vm: &mut Vm, file: &Handle, n: usize) -> PyResult<OsResult<Vec<u8>>> {
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(n).is_err() {
        return Err(vm.memory_error());
    }
    buffer.resize(n, 0);
    let r = os_call(vm, |_, me| file.read(me, &mut buffer))?;
    Ok(r.map(|n| {
        buffer.truncate(n);
        buffer
    }))
}

fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle(vm, &args[0])?;
    let n = vm.to_i64(&args[1])?;
    if n < 0 {
        return Err(vm.os_error(OsError::new(libc::EINVAL), None));
    }
    match read_some(vm, &file, n.min(MAX_READ) as usize)? {
        Ok(bytes) => Ok(vm.new_bytes(bytes)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn readinto(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle(vm, &args[0])?;
    let room = vm.with_buffer_mut(&args[1], |b| b.len())?;
    let bytes = match read_some(vm, &file, room)? {
        Ok(b) => b,
        Err(e) => return Err(vm.os_error(e, None)),
    };
    let n = bytes.len();
    // the buffer may have shrunk meanwhile
    let fits = vm.with_buffer_mut(&args[1], |b| match b.get_mut(..n) {
        Some(to) => {
            to.copy_from_slice(&bytes);
            true
        }
        None => false,
    })?;
    if fits { Ok(Value::small_wrap(n as i64)) } else { Err(vm.err(Exc::BufferError, "the buffer was resized while it was read into")) }
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle(vm, &args[0])?;
    let data = vm.buffer_bytes(&args[1])?;
    let fits = match args[0].as_small() {
        Some(fd @ 1..=2) => vm.may_write(fd as i32, data.len())?,
        _ => data.len(),
    };
    match os_call(vm, |_, me| file.write(me, &data[..fits]))? {
        Ok(n) => Ok(Value::small_wrap(n as i64)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn pread(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle(vm, &args[0])?;
    let (n, at) = (vm.to_i64(&args[1])?.clamp(0, MAX_READ) as usize, vm.to_i64(&args[2])?);
    let mut buffer = Vec::new();
    if buffer.try_reserve_exact(n).is_err() {
        return Err(vm.memory_error());
    }
    buffer.resize(n, 0);
    match os_call(vm, |_, _| file.pread(&mut buffer, at.max(0) as u64))? {
        Ok(n) => {
            buffer.truncate(n);
            Ok(vm.new_bytes(buffer))
        }
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn pwrite(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle(vm, &args[0])?;
    let (data, at) = (vm.buffer_bytes(&args[1])?, vm.to_i64(&args[2])?);
    match os_call(vm, |_, _| file.pwrite(&data, at.max(0) as u64))? {
        Ok(n) => Ok(Value::small_wrap(n as i64)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn lseek(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = handle(vm, &args[0])?;
    let at = vm.to_i64(&args[1])?;
    let whence = match vm.to_i64(&args[2])? {
        0 => Whence::Start,
        1 => Whence::Current,
        2 => Whence::End,
        _ => return Err(vm.os_error(OsError::new(libc::EINVAL), None)),
    };
    match os_call(vm, |_, _| file.seek(at, whence))? {
        Ok(n) => Ok(vm.new_uint(n)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

pub fn ftruncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_i64(&args[1])?;
    if n < 0 {
        return Err(vm.os_error(OsError::new(libc::EINVAL), None));
    }
    simple(vm, &args[0], |f, _| f.truncate(n as u64))
}

fn dup(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.arg_int(&args[0])?;
    let Some(d) = vm.iso().process.fd(n) else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
    Ok(Value::i32(enter(vm, d.file, d.flags)?))
}

fn dup2(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (from, to, inheritable) = (vm.arg_int(&args[0])?, vm.arg_int(&args[1])?, vm.truthy(&args[2])?);
    let Some(d) = vm.iso().process.fd(from).filter(|_| to >= 0) else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
    if from != to {
        vm.iso_mut().process.put(to, Descriptor { inheritable, ..d });
    }
    Ok(Value::i32(to))
}

fn pipe(vm: &mut Vm, _: &[Value]) -> PyResult {
    match vm.iso().world.clone().pipe() {
        Ok((r, w)) => {
            let r = enter(vm, r, libc::O_RDONLY)?;
            let w = enter(vm, w, libc::O_WRONLY)?;
            Ok(vm.new_tuple(vec![Value::i32(r), Value::i32(w)]))
        }
        Err(e) => Err(vm.os_error(e, None)),
    }
}
