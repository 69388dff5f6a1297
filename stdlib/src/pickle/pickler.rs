//! `Pickler`, `dump`, `dumps`.

use super::save::Saver;
use super::{PICKLING_ERROR, Table};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::types::native::{getset, method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const HIGHEST: i64 = 5;
/// The protocol where none is asked for.
pub const DEFAULT: u8 = 4;

/// The payload of `Pickler`. `write` is absent before `__init__`.
struct Pickler {
    write: Value,
    dispatch_table: Value,
    persistent_id: Value,
    buffer_callback: Value,
    /// The memo, in the order of its indices.
    kept: Vec<Value>,
    proto: u8,
    bin: bool,
    fast: bool,
    fix_imports: bool,
}

impl Payload for Pickler {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.write, &self.dispatch_table, &self.persistent_id, &self.buffer_callback].into_iter().for_each(&mut *visit);
        self.kept.iter().for_each(visit);
    }
    fn clear(&mut self) {
        *self = Pickler::blank();
    }
    fn clone_in(&self, c: &mut Cloner) -> Pickler {
        Pickler {
            write: c.value(&self.write),
            dispatch_table: c.value(&self.dispatch_table),
            persistent_id: c.value(&self.persistent_id),
            buffer_callback: c.value(&self.buffer_callback),
            kept: c.values(&self.kept),
            ..*self
        }
    }
}

impl Pickler {
    fn blank() -> Pickler {
        Pickler {
            write: Value::NULL,
            dispatch_table: Value::NULL,
            persistent_id: Value::NULL,
            buffer_callback: Value::NULL,
            kept: Vec::new(),
            proto: DEFAULT,
            bin: true,
            fast: false,
            fix_imports: true,
        }
    }
}

/// `_pickle.Pickler`
pub static PICKLER: TypeDef = TypeDef::new("_pickle.Pickler", layout_of::<Pickler>())
    .flags(flags::BASE)
    .doc("This takes a binary file for writing a pickle data stream.")
    .methods(&[
        static_method("__new__(cls, /, *args, **kwargs)", |vm, a| Ok(vm.new_of(&a[0], Pickler::blank()))),
        method("__init__(self, /, file, protocol=None, fix_imports=True, buffer_callback=None)", init),
        method("dump(self, obj, /)", dump_method).doc("Write a pickled representation of the given object to the open file."),
        method("clear_memo(self, /)", |vm, a| {
            this(vm, &a[0]).kept = Vec::new();
            Ok(Value::NONE)
        })
        .doc("Clears the pickler's \"memo\"."),
    ])
    .getset(&[
        getset(
            "bin",
            |vm, v| Ok(Value::i32(i32::from(this(vm, v).bin))),
            |vm, v, new| {
                this(vm, v).bin = vm.truthy(&new)?;
                Ok(())
            },
        ),
        getset(
            "fast",
            |vm, v| Ok(Value::i32(i32::from(this(vm, v).fast))),
            |vm, v, new| {
                this(vm, v).fast = vm.truthy(&new)?;
                Ok(())
            },
        ),
        getset(
            "dispatch_table",
            |vm, v| field(vm, v, "dispatch_table", |p| &p.dispatch_table),
            |vm, v, new| {
                this(vm, v).dispatch_table = new;
                Ok(())
            },
        ),
        getset(
            "persistent_id",
            |vm, v| field(vm, v, "persistent_id", |p| &p.persistent_id),
            |vm, v, new| {
                this(vm, v).persistent_id = new;
                Ok(())
            },
        ),
        getset("memo", get_memo, set_memo),
    ]);

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Pickler {
    v.borrow_mut::<Pickler>(vm).expect("a Pickler")
}
fn field(vm: &mut Vm, v: &Value, name: &str, get: fn(&Pickler) -> &Value) -> PyResult {
    match get(this(vm, v)).clone().opt() {
        Some(v) => Ok(v),
        None => Err(vm.err(Exc::AttributeError, name)),
    }
}
/// `{id(obj): (index, obj)}`, a copy.
fn get_memo(vm: &mut Vm, v: &Value) -> PyResult {
    let kept = this(vm, v).kept.clone();
    let dict = vm.new_dict();
    for (i, obj) in kept.into_iter().enumerate() {
        let key = vm.new_int(vm.address_of(&obj) as i64);
        let entry = vm.new_tuple(vec![Value::small_wrap(i as i64), obj]);
        vm.dict_set(&dict, &key, entry)?;
    }
    Ok(dict)
}
fn set_memo(vm: &mut Vm, v: &Value, new: Value) -> PyResult<()> {
    if !vm.is_plain_dict(&new) {
        let name = vm.type_name(&new);
        return Err(vm.type_error(format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {name}")));
    }
    let mut entries = Vec::new();
    for (_, entry) in vm.dict_items(&new) {
        match entry.get::<Tuple>().map(Tuple::items) {
            Some([i, obj]) => entries.push((vm.to_i64(i)?, obj.clone())),
            _ => return Err(vm.type_error("'memo' values must be 2-item tuples")),
        }
    }
    entries.sort_by_key(|(i, _)| *i);
    this(vm, v).kept = entries.into_iter().map(|(_, obj)| obj).collect();
    Ok(())
}

fn protocol_arg(vm: &mut Vm, v: &Value) -> PyResult<u8> {
    if v.is_none() {
        return Ok(DEFAULT);
    }
    match vm.to_i64(v)? {
        p if p < 0 => Ok(HIGHEST as u8),
        p if p > HIGHEST => Err(vm.value_error(format!("pickle protocol must be <= {HIGHEST}"))),
        p => Ok(p as u8),
    }
}
fn callback_arg(vm: &mut Vm, v: &Value, proto: u8) -> PyResult {
    if v.is_none() {
        return Ok(Value::NULL);
    }
    if proto < 5 { Err(vm.value_error("buffer_callback needs protocol >= 5")) } else { Ok(v.clone()) }
}
fn write_of(vm: &mut Vm, file: &Value) -> PyResult {
    match vm.attr_opt(file, "write")? {
        Some(w) => Ok(w),
        None => Err(vm.type_error("file must have a 'write' attribute")),
    }
}

fn init(vm: &mut Vm, a: &[Value]) -> PyResult {
    let proto = protocol_arg(vm, &a[2])?;
    let buffer_callback = callback_arg(vm, &a[4], proto)?;
    let fix_imports = vm.truthy(&a[3])? && proto < 3;
    let write = write_of(vm, &a[1])?;
    let p = this(vm, &a[0]);
    *p = Pickler { write, buffer_callback, proto, bin: proto > 0, fix_imports, ..Pickler::blank() };
    Ok(Value::NONE)
}
fn dump_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let p = this(vm, &a[0]);
    if p.write.is_null() {
        let name = vm.type_name(&a[0]);
        return Err(PICKLING_ERROR.raise(vm, format!("Pickler.__init__() was not called by {name}.__init__()")));
    }
    let mut s = Saver::new(p.proto, p.fix_imports);
    (s.write, s.fast, s.buffer_callback) = (p.write.clone(), p.fast, p.buffer_callback.clone());
    s.kept = std::mem::take(&mut p.kept);
    s.memo = s.kept.iter().enumerate().map(|(i, v)| (v.bits(), i as u32)).collect::<Table<u64, u32>>();
    s.persistent_id = vm.attr_opt(&a[0], "persistent_id")?.unwrap_or(Value::NULL);
    s.dispatch_table = vm.attr_opt(&a[0], "dispatch_table")?.unwrap_or(Value::NULL);
    s.reducer_override = vm.attr_opt(&a[0], "reducer_override")?.unwrap_or(Value::NULL);
    let r = s.dump(vm, &a[1]);
    this(vm, &a[0]).kept = s.kept;
    r.map(|()| Value::NONE)
}

fn saver(vm: &mut Vm, protocol: &Value, fix_imports: &Value, callback: &Value) -> PyResult<Saver> {
    let proto = protocol_arg(vm, protocol)?;
    let mut s = Saver::new(proto, vm.truthy(fix_imports)?);
    s.buffer_callback = callback_arg(vm, callback, proto)?;
    Ok(s)
}
/// `dump(obj, file, protocol, fix_imports, buffer_callback)`
pub fn dump(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut s = saver(vm, &a[2], &a[3], &a[4])?;
    s.write = write_of(vm, &a[1])?;
    s.dump(vm, &a[0])?;
    Ok(Value::NONE)
}
/// `dumps(obj, protocol, fix_imports, buffer_callback)`
pub fn dumps(vm: &mut Vm, a: &[Value]) -> PyResult {
    let mut s = saver(vm, &a[1], &a[2], &a[3])?;
    s.dump(vm, &a[0])?;
    Ok(vm.new_bytes(s.out))
}
