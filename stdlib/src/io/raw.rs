//! How the buffered streams call the raw one below them: a FileIO directly, anything else by its Python methods.

use super::file_io;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::bytes::{ByteArray, Bytes};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A raw stream, and whether it is exactly a FileIO.
#[derive(Clone, Default)]
pub struct Raw {
    /// The stream; absent before `__init__` and after `detach`.
    pub object: Value,
    /// Its methods are the native ones.
    pub native: bool,
}

impl Raw {
    /// The raw stream of an object.
    pub fn new(vm: &mut Vm, object: &Value) -> Raw {
        Raw { native: super::is_exactly(vm, object, &file_io::FILE_IO), object: object.clone() }
    }

    /// Reads at most `n` bytes; `None` where that would block.
    pub fn read(&self, vm: &mut Vm, n: usize) -> PyResult<Option<Vec<u8>>> {
        if self.native {
            return file_io::read_some(vm, &self.object, n);
        }
        let buffer = vm.new_bytearray(vec![0; n]);
        let view = vm.new_memoryview(&buffer)?;
        let got = vm.call_method(&self.object, "readinto", &[view.clone()]);
        vm.call_method(&view, "release", &[])?;
        let got = got?;
        if got.is_none() {
            return Ok(None);
        }
        let count = match gilbert_vm::builtins::is_int(&got) {
            true => vm.arg_ssize(&got)?,
            false => return Err(vm.err(Exc::OSError, "raw readinto() failed")),
        };
        if count < 0 || count as usize > n {
            return Err(vm.err(Exc::OSError, format!("raw readinto() returned invalid length {count} (should have been between 0 and {n})")));
        }
        let mut bytes = buffer.borrow::<ByteArray>(vm).map(|b| b.bytes().to_vec()).unwrap_or_default();
        bytes.truncate(count as usize);
        Ok(Some(bytes))
    }

    /// Reads to the end; `None` where the first read would block.
    pub fn read_all(&self, vm: &mut Vm) -> PyResult<Option<Vec<u8>>> {
        if self.native {
            return file_io::read_to_end(vm, &self.object);
        }
        if let Some(readall) = vm.attr_opt(&self.object, "readall")? {
            let all = vm.call(&readall, &[])?;
            if all.is_none() {
                return Ok(None);
            }
            if !all.is_a::<Bytes>() {
                return Err(vm.type_error("readall() should return bytes"));
            }
            return vm.buffer_bytes(&all).map(Some);
        }
        let mut all = Vec::new();
        loop {
            let part = vm.call_method(&self.object, "read", &[])?;
            if part.is_none() {
                return Ok(if all.is_empty() { None } else { Some(all) });
            }
            if !part.is_a::<Bytes>() {
                return Err(vm.type_error("read() should return bytes"));
            }
            let bytes = vm.buffer_bytes(&part)?;
            if bytes.is_empty() {
                return Ok(Some(all));
            }
            all.extend_from_slice(&bytes);
        }
    }

    /// Writes some of `data`, says how much; `None` where that would block.
    pub fn write(&self, vm: &mut Vm, data: &[u8]) -> PyResult<Option<usize>> {
        if self.native {
            return file_io::write_some(vm, &self.object, data);
        }
        let bytes = vm.new_bytes(data.to_vec());
        let view = vm.new_memoryview(&bytes)?;
        let wrote = vm.call_method(&self.object, "write", &[view.clone()]);
        vm.call_method(&view, "release", &[])?;
        let wrote = wrote?;
        if wrote.is_none() {
            return Ok(None);
        }
        let count = vm.arg_ssize(&wrote)?;
        if count < 0 || count as usize > data.len() {
            return Err(vm.err(Exc::OSError, format!("raw write() returned invalid length {count} (should have been between 0 and {})", data.len())));
        }
        Ok(Some(count as usize))
    }

    /// The position.
    pub fn tell(&self, vm: &mut Vm) -> PyResult<i64> {
        if self.native {
            return file_io::position(vm, &self.object);
        }
        let at = vm.call_method(&self.object, "tell", &[])?;
        self.checked(vm, &at)
    }

    /// Moves the position and gives it.
    pub fn seek(&self, vm: &mut Vm, offset: i64, whence: i32) -> PyResult<i64> {
        if self.native {
            return file_io::move_to(vm, &self.object, offset, whence);
        }
        let offset = vm.new_int(offset);
        let at = vm.call_method(&self.object, "seek", &[offset, Value::i32(whence)])?;
        self.checked(vm, &at)
    }

    fn checked(&self, vm: &mut Vm, at: &Value) -> PyResult<i64> {
        let at = vm.to_i64(at)?;
        if at < 0 { Err(vm.err(Exc::OSError, format!("Raw stream returned invalid position {at}"))) } else { Ok(at) }
    }

    /// `raw.closed`
    pub fn closed(&self, vm: &mut Vm) -> PyResult<bool> {
        if self.native { Ok(file_io::is_closed(vm, &self.object)) } else { super::base::is_closed(vm, &self.object) }
    }
}
