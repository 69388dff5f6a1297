//! `_pickle`: objects as bytes and back (`Modules/_pickle.c`; PEP 307, 3154, 574).

mod buffer;
mod global;
mod load;
mod loader;
mod op;
mod pickler;
mod reduce;
mod save;

use crate::exceptions::ExcDef;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::T;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::hash::{BuildHasherDefault, Hasher};

static PICKLE_ERROR: ExcDef = ExcDef { full_name: "_pickle.PickleError", base: Exc::Exception };
/// Derives from the former.
static PICKLING_ERROR: ExcDef = ExcDef { full_name: "_pickle.PicklingError", base: Exc::Exception };
/// Derives from the former.
static UNPICKLING_ERROR: ExcDef = ExcDef { full_name: "_pickle.UnpicklingError", base: Exc::Exception };

const FUNCTIONS: &[NativeDef] = &[
    function("dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)", pickler::dump)
        .doc("Write a pickled representation of obj to the open file object file."),
    function("dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None)", pickler::dumps)
        .doc("Return the pickled representation of the object as a bytes object."),
    function("load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=NULL)", load::load)
        .doc("Read and return an object from the pickle data stored in a file."),
    function("loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=NULL)", load::loads)
        .doc("Read and return an object from the given pickle data."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_pickle", "Optimized C implementation for the Python pickle module.", FUNCTIONS);
    let base = PICKLE_ERROR.class(vm)?;
    vm.module_set(&m, "PickleError", base.clone());
    for def in [&PICKLING_ERROR, &UNPICKLING_ERROR] {
        let short = def.full_name.trim_start_matches("_pickle.");
        let ty = derived(vm, &base, short)?;
        vm.iso_mut().state.insert(def.full_name, ty.clone());
        vm.module_set(&m, short, ty);
    }
    for def in [&buffer::PICKLE_BUFFER, &pickler::PICKLER, &load::UNPICKLER] {
        vm.module_add_type(&m, def);
    }
    Ok(m)
}

/// A pickle for another process: `reducers`, a dict by type, come before those of `copyreg`.
pub fn dumps_with(vm: &mut Vm, v: &Value, reducers: Value) -> PyResult<Vec<u8>> {
    let mut s = save::Saver::new(pickler::DEFAULT, true);
    s.reducers = reducers;
    s.dump(vm, v)?;
    Ok(s.out)
}

/// The object of a pickle.
pub fn loads_vec(vm: &mut Vm, bytes: Vec<u8>) -> PyResult {
    let options = load::Options { fix_imports: true, encoding: "ASCII".into(), errors: "strict".into() };
    loader::Loader::new(loader::Input::of_bytes(bytes), options, Value::NULL).load(vm)
}

fn derived(vm: &mut Vm, base: &Value, name: &str) -> PyResult {
    let (bases, dict) = (vm.new_tuple(vec![base.clone()]), vm.new_dict());
    let (name, module) = (vm.intern(name), vm.intern("_pickle"));
    vm.dict_set_text(&dict, "__module__", module);
    let meta = vm.ty(T::Type).clone();
    vm.call(&meta, &[name, bases, dict])
}

/// A quick hash of addresses and small numbers.
#[derive(Default)]
pub struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        // the low bits of a product depend on too little
        self.0.rotate_left(26)
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

/// A table keyed by addresses or numbers.
pub type Table<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Mix>>;
