//! Pickles of what crosses between processes: with the reducers of `ForkingPickler`.

use crate::pickle;
use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The key of the dict of reducers by type.
const REDUCERS: &str = "_multiprocessing.reducers";

/// The dict of reducers by type, `ForkingPickler._extra_reducers`.
pub fn reducers(vm: &mut Vm) -> Value {
    if let Some(dict) = vm.iso().state.get(REDUCERS) {
        return dict.clone();
    }
    let dict = vm.new_dict();
    vm.iso_mut().state.insert(REDUCERS, dict.clone());
    dict
}

/// The key under which it is noted that sockets are known.
const SOCKETS: &str = "_multiprocessing.sockets";

/// The pickle of an object that goes to another process.
pub fn dumps(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    let table = reducers(vm);
    know_sockets(vm)?;
    pickle::dumps_with(vm, v, table)
}

/// Sockets have a reducer from the moment when a script has imported them: the library does not import them by itself.
fn know_sockets(vm: &mut Vm) -> PyResult<()> {
    if vm.iso().state.contains_key(SOCKETS) {
        return Ok(());
    }
    let (modules, name) = (vm.iso().modules.clone(), vm.intern("socket"));
    if vm.dict_get_str(&modules, &name).is_some() {
        vm.iso_mut().state.insert(SOCKETS, Value::TRUE);
        let reduction = vm.import("multiprocessing.reduction")?;
        vm.call_method(&reduction, "_know_sockets", &[])?;
    }
    Ok(())
}

/// `dumps(obj)`
pub fn dumps_native(vm: &mut Vm, a: &[Value]) -> PyResult {
    let bytes = dumps(vm, &a[0])?;
    Ok(vm.new_bytes(bytes))
}
