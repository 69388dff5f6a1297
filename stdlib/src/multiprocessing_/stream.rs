//! Messages upon a stream of bytes, such as a socket: each behind its length (four bytes, or -1 and eight).

use crate::posix::paths::os_call;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Handle;

/// No single read is longer than this.
const PART: usize = 1 << 20;
/// Longer messages are not joined with their length.
const SMALL: usize = 16_384;

/// Sends a message.
pub fn send(vm: &mut Vm, file: &Handle, bytes: &[u8]) -> PyResult<()> {
    let head = match i32::try_from(bytes.len()) {
        Ok(n) => n.to_be_bytes().to_vec(),
        Err(_) => [&(-1i32).to_be_bytes()[..], &(bytes.len() as u64).to_be_bytes()[..]].concat(),
    };
    if bytes.len() > SMALL {
        write_all(vm, file, &head)?;
        return write_all(vm, file, bytes);
    }
    write_all(vm, file, &[&head, bytes].concat())
}
fn write_all(vm: &mut Vm, file: &Handle, mut bytes: &[u8]) -> PyResult<()> {
    while !bytes.is_empty() {
        match os_call(vm, |_, me| file.write(me, bytes))? {
            Ok(n) => bytes = &bytes[n..],
            Err(e) => return Err(vm.os_error(e, None)),
        }
    }
    Ok(())
}

/// Receives a message; `None` where it is longer than `most`. EOFError at the end.
pub fn receive(vm: &mut Vm, file: &Handle, most: Option<usize>) -> PyResult<Option<Vec<u8>>> {
    let head = read_exactly(vm, file, 4, true)?;
    let mut size = i64::from(i32::from_be_bytes(head.try_into().unwrap_or_default()));
    if size == -1 {
        let head = read_exactly(vm, file, 8, false)?;
        size = i64::from_be_bytes(head.try_into().unwrap_or_default());
    }
    let Ok(size) = usize::try_from(size) else { return Err(vm.err(Exc::OSError, "bad message length")) };
    if most.is_some_and(|most| size > most) {
        return Ok(None);
    }
    read_exactly(vm, file, size, false).map(Some)
}
/// So many bytes; `first`: before them is a good place for the stream to end.
fn read_exactly(vm: &mut Vm, file: &Handle, size: usize, first: bool) -> PyResult<Vec<u8>> {
    let mut all = Vec::new();
    while all.len() < size {
        let at = all.len();
        // the length may lie: memory grows with what really comes
        let part = (size - at).min(PART);
        if all.try_reserve(part).is_err() {
            return Err(vm.memory_error());
        }
        all.resize(at + part, 0);
        match os_call(vm, |_, me| file.read(me, &mut all[at..]))? {
            Ok(0) if at == 0 && (first || size > 0) => return Err(vm.err_args(Exc::EOFError, vec![])),
            Ok(0) => return Err(vm.err(Exc::OSError, "got end of file during message")),
            Ok(n) => all.truncate(at + n),
            Err(e) => return Err(vm.os_error(e, None)),
        }
    }
    Ok(all)
}
