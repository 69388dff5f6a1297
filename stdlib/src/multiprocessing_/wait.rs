//! `multiprocessing.connection.wait`: until one of several connections, sentinels, sockets is ready.

use super::connection;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::gil::Cause;
use gilbert_vm::types::list::List;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Blocked, Handle, Interest, Ns, OsError, PollEntry, WaitKind, Wake};

/// Which of the files are ready to be read, by index; none at the deadline.
pub fn wait(vm: &mut Vm, files: &[Handle], deadline: Option<Ns>) -> PyResult<Vec<usize>> {
    let mut entries: Vec<PollEntry> = files.iter().map(|f| PollEntry::new(f.clone(), Interest::READ)).collect();
    let note = if files.len() == 1 {
        "a message from a pipe, or the end of a process".into()
    } else {
        format!("one of {} connections and processes", files.len()).into()
    };
    let mut why = Blocked { note, ..Blocked::new(WaitKind::Io, 0) };
    if let Some((at, within)) = vm.waiting_place() {
        (why.at, why.within) = (Some(at), within);
    }
    loop {
        for e in &mut entries {
            e.got = e.file.ready(Interest::READ);
        }
        let ready: Vec<usize> = entries.iter().enumerate().filter(|(_, e)| !e.got.is_empty() && e.file.host_fd().is_none()).map(|(i, _)| i).collect();
        if !ready.is_empty() {
            return Ok(ready);
        }
        for e in &mut entries {
            e.got = Interest::NONE;
        }
        let woken = vm.without_gil(Cause::Block, |world, me| world.poll(me, &mut entries, deadline, &why))?;
        let ready: Vec<usize> = entries.iter().enumerate().filter(|(_, e)| !e.got.is_empty()).map(|(i, _)| i).collect();
        if !ready.is_empty() {
            return Ok(ready);
        }
        match woken {
            Wake::TimedOut => return Ok(Vec::new()),
            Wake::Killed => return Err(Raised::KILLED),
            Wake::Interrupted => vm.run_signal_handlers()?,
            Wake::Unparked => {}
        }
    }
}

fn file_of(vm: &mut Vm, v: &Value) -> PyResult<Handle> {
    let fd = if v.is_a::<connection::Connection>() {
        connection::descriptor(vm, v)?
    } else if v.as_small().is_some() {
        vm.arg_int(v)?
    } else {
        let Some(fileno) = vm.attr_opt(v, "fileno")? else {
            let shown = vm.repr_text(v)?;
            return Err(vm.value_error(format!("Invalid file object: {shown}")));
        };
        let n = vm.call(&fileno, &[])?;
        vm.arg_int(&n)?
    };
    match vm.iso().process.fd(fd) {
        Some(d) => Ok(d.file.clone()),
        None if fd < 0 => Err(vm.err(Exc::ValueError, format!("Invalid file descriptor: {fd}"))),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

/// `wait(object_list, timeout=None)`
pub fn wait_list(vm: &mut Vm, a: &[Value]) -> PyResult {
    let objects = match a[0].borrow::<List>(vm) {
        Some(l) => l.items().to_vec(),
        None => vm.collect(&a[0])?,
    };
    let mut files = Vec::new();
    for o in &objects {
        files.push(file_of(vm, o)?);
    }
    let deadline = vm.deadline(&a[1])?;
    let ready = wait(vm, &files, deadline)?;
    // none of the files may be held longer than this, or their ends would not close
    drop(files);
    let ready = ready.into_iter().map(|i| objects[i].clone()).collect();
    Ok(vm.new_list(ready))
}

/// `sentinel(pid)`: a descriptor that becomes readable when a process of this machine has ended. ProcessLookupError.
pub fn sentinel(vm: &mut Vm, a: &[Value]) -> PyResult {
    let pid = vm.to_i64(&a[0])? as u32;
    let world = vm.iso().world.clone();
    match world.sentinel(pid) {
        Ok(file) => Ok(Value::i32(crate::posix::fds::enter(vm, file, libc::O_RDONLY)?)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}
