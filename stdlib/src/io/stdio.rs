//! `sys.stdin`, `sys.stdout`, `sys.stderr`.
//!
//! Standard output waits in buffers that the end of a run finds (`Exit`), however it ends. A terminal gets lines, so does the simulated
//! world, which stands for one; a file or a pipe gets blocks. Text is UTF-8.

use super::store::{Slot, Store};
use super::text::{self, Config};
use super::{buffered, file_io, open::STDIO_BUFFER};
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Where the isolate keeps the function `open`.
pub const OPEN: &str = "io.open";

/// Adds the three streams and their originals to sys's namespace.
pub fn add(vm: &mut Vm, dict: &Value) -> PyResult<()> {
    let open = vm.new_function(&super::open::FUNCTIONS[0], "_io");
    let builtins = vm.iso().builtins.clone();
    vm.iso_mut().state.insert(OPEN, open.clone());
    vm.dict_set_text(&builtins, "open", open);
    vm.iso_mut().close_files = Some(super::close_files);
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let s = stream(vm, fd)?;
        if fd == 1 {
            vm.iso_mut().stdout.object = s.clone();
            vm.iso_mut().stdout.write = Some(|vm, stream, line| text::write_text(vm, stream, line, &Value::NULL));
        }
        vm.dict_set_text(dict, name, s.clone());
        vm.dict_set_text(dict, &format!("__{name}__"), s);
    }
    Ok(())
}

fn stream(vm: &mut Vm, fd: u32) -> PyResult {
    let (name, mode) = [("<stdin>", "r"), ("<stdout>", "w"), ("<stderr>", "w")][fd as usize];
    let raw = file_io::of_descriptor(vm, fd as i32, name, fd != 0);
    let unbuffered = vm.iso().settings.unbuffered && fd != 0;
    let world = &vm.iso().world;
    let by_lines = fd == 2 || world.stdio(fd).isatty() || (fd == 1 && world.simulated());
    let buffer = match fd {
        _ if unbuffered => raw,
        0 => buffered::make(vm, &buffered::READER, &raw, STDIO_BUFFER),
        _ => buffered::make(vm, &buffered::WRITER, &raw, STDIO_BUFFER),
    };
    let (encoding, errors) = (vm.intern("utf-8"), vm.intern(if fd == 2 { "backslashreplace" } else { "strict" }));
    let newline = if fd == 0 { Value::NONE } else { vm.intern("\n") };
    let config = Config { line_buffering: by_lines, write_through: unbuffered, ..Config::parse(vm, &encoding, &errors, &newline)? };
    let s = text::make(vm, &buffer, config)?;
    let mut pending = Store::default();
    if fd == 1 {
        let exit = vm.iso().settings.exit.clone();
        if !unbuffered {
            buffered::keep_writes_in(vm, &buffer, Store::Exit(exit.clone(), Slot::Bytes));
        }
        pending = Store::Exit(exit, Slot::Text);
    }
    text::mark_stdio(vm, &s, fd as i32, pending);
    let (key, mode) = (vm.intern("mode"), vm.intern(mode));
    vm.put_attr(&s, &key, mode);
    Ok(s)
}

/// Whether a stream ends at standard output or error.
pub fn is_standard(vm: &Vm, v: &Value) -> bool {
    let fd = text::descriptor(vm, v).or_else(|| buffered::descriptor(vm, v));
    fd.is_some_and(|fd| (1..=2).contains(&fd))
}
