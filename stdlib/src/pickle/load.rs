//! `Unpickler`, `load`, `loads`.

use super::loader::{Input, Loader};
use super::{Table, UNPICKLING_ERROR, global};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::types::native::{Native, getset, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// How pickles are read.
#[derive(Clone)]
pub struct Options {
    /// Python 2's names for modules up to protocol 2.
    pub fix_imports: bool,
    /// Of Python 2's strings; `bytes` leaves them as they are.
    pub encoding: String,
    pub errors: String,
}

/// The payload of `Unpickler`. `file` is absent before `__init__`.
struct Unpickler {
    file: Value,
    buffers: Value,
    persistent_load: Value,
    memo: Table<u64, Value>,
    options: Options,
    /// Of the pickle that is being read.
    proto: u8,
}

impl Payload for Unpickler {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        [&self.file, &self.buffers, &self.persistent_load].into_iter().for_each(&mut *visit);
        self.memo.values().for_each(visit);
    }
    fn clear(&mut self) {
        *self = Unpickler::blank();
    }
    fn clone_in(&self, c: &mut Cloner) -> Unpickler {
        Unpickler {
            file: c.value(&self.file),
            buffers: c.value(&self.buffers),
            persistent_load: c.value(&self.persistent_load),
            memo: self.memo.iter().map(|(k, v)| (*k, c.value(v))).collect(),
            options: self.options.clone(),
            proto: self.proto,
        }
    }
}

impl Unpickler {
    fn blank() -> Unpickler {
        Unpickler {
            file: Value::NULL,
            buffers: Value::NULL,
            persistent_load: Value::NULL,
            memo: Table::default(),
            options: Options { fix_imports: true, encoding: "ASCII".into(), errors: "strict".into() },
            proto: 0,
        }
    }
}

/// `_pickle.Unpickler`
pub static UNPICKLER: TypeDef = TypeDef::new("_pickle.Unpickler", layout_of::<Unpickler>())
    .flags(flags::BASE)
    .doc("This takes a binary file for reading a pickle data stream.")
    .methods(&[
        static_method("__new__(cls, /, *args, **kwargs)", |vm, a| Ok(vm.new_of(&a[0], Unpickler::blank()))),
        method("__init__(self, /, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=NULL)", init),
        method("load(self, /)", load_method).doc("Load a pickle."),
        method("find_class(self, module_name, global_name, /)", |vm, a| {
            let u = this(vm, &a[0]);
            let (proto, fix) = (u.proto, u.options.fix_imports);
            global::find_class(vm, &a[1], &a[2], proto, fix)
        })
        .doc("Return an object from a specified module."),
    ])
    .getset(&[
        getset(
            "persistent_load",
            |vm, v| match this(vm, v).persistent_load.clone().opt() {
                Some(f) => Ok(f),
                None => Err(vm.err(Exc::AttributeError, "persistent_load")),
            },
            |vm, v, new| {
                this(vm, v).persistent_load = new;
                Ok(())
            },
        ),
        getset("memo", get_memo, set_memo),
    ]);

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Unpickler {
    v.borrow_mut::<Unpickler>(vm).expect("an Unpickler")
}
fn get_memo(vm: &mut Vm, v: &Value) -> PyResult {
    let mut all: Vec<(u64, Value)> = this(vm, v).memo.iter().map(|(k, v)| (*k, v.clone())).collect();
    all.sort_by_key(|(k, _)| *k);
    let dict = vm.new_dict();
    for (k, v) in all {
        let key = vm.new_uint(k);
        vm.dict_set(&dict, &key, v)?;
    }
    Ok(dict)
}
fn set_memo(vm: &mut Vm, v: &Value, new: Value) -> PyResult<()> {
    if !vm.is_plain_dict(&new) {
        let name = vm.type_name(&new);
        return Err(vm.type_error(format!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {name}")));
    }
    let mut memo = Table::default();
    for (k, v) in vm.dict_items(&new) {
        memo.insert(vm.to_i64(&k)? as u64, v);
    }
    this(vm, v).memo = memo;
    Ok(())
}

fn options(vm: &mut Vm, a: &[Value]) -> PyResult<Options> {
    Ok(Options { fix_imports: vm.truthy(&a[0])?, encoding: vm.text(&a[1]), errors: vm.text(&a[2]) })
}
fn buffers(vm: &mut Vm, v: &Value) -> PyResult {
    if v.is_null() || v.is_none() { Ok(Value::NULL) } else { vm.iter(v) }
}
fn check_file(vm: &mut Vm, file: &Value) -> PyResult<()> {
    for name in ["read", "readline"] {
        if vm.attr_opt(file, name)?.is_none() {
            return Err(vm.type_error("file must have 'read' and 'readline' attributes"));
        }
    }
    Ok(())
}
fn init(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_file(vm, &a[1])?;
    let (options, buffers) = (options(vm, &a[2..5])?, buffers(vm, &a[5])?);
    *this(vm, &a[0]) = Unpickler { file: a[1].clone(), buffers, options, ..Unpickler::blank() };
    Ok(Value::NONE)
}
fn load_method(vm: &mut Vm, a: &[Value]) -> PyResult {
    let u = this(vm, &a[0]);
    if u.file.is_null() {
        let name = vm.type_name(&a[0]);
        return Err(UNPICKLING_ERROR.raise(vm, format!("Unpickler.__init__() was not called by {name}.__init__()")));
    }
    let (file, buffers, options) = (u.file.clone(), u.buffers.clone(), u.options.clone());
    let memo = std::mem::take(&mut u.memo);
    let input = Input::of_file(vm, &file)?;
    let mut l = Loader::new(input, options, buffers);
    l.memo = memo;
    l.persistent_load = vm.attr_opt(&a[0], "persistent_load")?.unwrap_or(Value::NULL);
    let find = vm.attr(&a[0], "find_class")?;
    // the own method needs no call
    if !find.is_a::<Native>() {
        l.find_class = find;
    }
    l.unpickler = a[0].clone();
    let r = l.load(vm);
    this(vm, &a[0]).memo = l.memo;
    r
}
/// Tells the unpickler which protocol its pickle has, for its `find_class`.
pub fn set_protocol(vm: &mut Vm, unpickler: &Value, proto: u8) {
    if let Some(u) = unpickler.borrow_mut::<Unpickler>(vm) {
        u.proto = proto;
    }
}

/// `load(file, fix_imports, encoding, errors, buffers)`
pub fn load(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_file(vm, &a[0])?;
    let (options, buffers) = (options(vm, &a[1..4])?, buffers(vm, &a[4])?);
    let input = Input::of_file(vm, &a[0])?;
    Loader::new(input, options, buffers).load(vm)
}
/// `loads(data, fix_imports, encoding, errors, buffers)`
pub fn loads(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (options, buffers) = (options(vm, &a[1..4])?, buffers(vm, &a[4])?);
    let data = vm.simple_buffer(&a[0])?.into_owned();
    Loader::new(Input::of_bytes(data), options, buffers).load(vm)
}
