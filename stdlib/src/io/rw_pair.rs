//! `BufferedRWPair`: a reader and a writer as one stream (`Modules/_io/bufferedio.c`).

use super::base::{BUFFERED_IO_BASE, check_able};
use super::buffered::{READER, WRITER};
use super::{IoType, class};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct RwPair {
    reader: Value,
    writer: Value,
}
crate::payload::payload!(RwPair { one: [reader, writer], many: [], plain: [] });

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], RwPair { reader: Value::NONE, writer: Value::NONE }))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_able(vm, &args[1], "readable")?;
    check_able(vm, &args[2], "writable")?;
    let (reader, writer) = (class(vm, &READER), class(vm, &WRITER));
    let reader = vm.call(&reader, &[args[1].clone(), args[3].clone()])?;
    let writer = vm.call(&writer, &[args[2].clone(), args[3].clone()])?;
    if let Some(p) = args[0].borrow_mut::<RwPair>(vm) {
        let old = std::mem::replace(p, RwPair { reader, writer });
        drop(old);
    }
    Ok(Value::NONE)
}

/// One half: ValueError before `__init__`.
fn half(vm: &mut Vm, v: &Value, reading: bool) -> PyResult {
    let half = v.borrow::<RwPair>(vm).map(|p| if reading { p.reader.clone() } else { p.writer.clone() }).unwrap_or(Value::NONE);
    if half.is_none() { Err(vm.value_error("I/O operation on uninitialized object")) } else { Ok(half) }
}

fn to_reader(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let r = half(vm, &args[0], true)?;
    vm.call_method(&r, name, &args[1..])
}

fn to_writer(vm: &mut Vm, args: &[Value], name: &str) -> PyResult {
    let w = half(vm, &args[0], false)?;
    vm.call_method(&w, name, &args[1..])
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let written = to_writer(vm, args, "close").map(drop);
    let read = to_reader(vm, args, "close").map(drop);
    super::chain(vm, written, read)?;
    Ok(Value::NONE)
}

fn isatty(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = to_writer(vm, args, "isatty")?;
    if r.is_false() { to_reader(vm, args, "isatty") } else { Ok(r) }
}

/// `_io.BufferedRWPair`
pub static RW_PAIR: IoType = IoType {
    def: TypeDef::new("_io.BufferedRWPair", attr_layout::<RwPair>())
        .flags(flags::BASE)
        .doc("A buffered reader and writer object together.")
        .methods(&[
            static_method("__new__(cls, /, *args, **kwargs)", new),
            method("__init__(self, reader, writer, buffer_size=8192, /)", init),
            method("read(self, size=-1, /)", |vm, a| to_reader(vm, a, "read")),
            method("peek(self, size=0, /)", |vm, a| to_reader(vm, a, "peek")),
            method("read1(self, size=-1, /)", |vm, a| to_reader(vm, a, "read1")),
            method("readinto(self, buffer, /)", |vm, a| to_reader(vm, a, "readinto")),
            method("readinto1(self, buffer, /)", |vm, a| to_reader(vm, a, "readinto1")),
            method("readable(self, /)", |vm, a| to_reader(vm, a, "readable")),
            method("write(self, buffer, /)", |vm, a| to_writer(vm, a, "write")),
            method("flush(self, /)", |vm, a| to_writer(vm, a, "flush")),
            method("writable(self, /)", |vm, a| to_writer(vm, a, "writable")),
            method("close(self, /)", close),
            method("isatty(self, /)", isatty),
        ])
        .getset(&[getter("closed", |vm, v| {
            let w = half(vm, v, false)?;
            vm.attr(&w, "closed")
        })]),
    base: Some(&BUFFERED_IO_BASE),
};
