//! `_multiprocessing`: what processes share. Pipes of messages, semaphores, memory, listeners within the machine.

mod block;
mod channel;
mod connection;
mod forking;
mod listener;
mod stream;
mod transit;
mod wait;

use gilbert_vm::error::PyResult;
use gilbert_vm::sync::sem_lock;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("sem_unlink(name, /)", sem_lock::sem_unlink),
    function("pipe(duplex, /)", connection::pipe).doc("Two connections, each the other's other end."),
    function("wait(object_list, timeout=None)", wait::wait_list)
        .doc("Wait till an object in object_list is ready/readable.\n\nReturns list of those objects in object_list which are ready/readable."),
    function("dumps(obj, /)", forking::dumps_native).doc("The pickle of an object that goes to another process."),
    function("give(fd, /)", transit::give).doc("Puts an open file where another process can take it; the number to take it by."),
    function("take(number, /)", transit::take).doc("Takes an open file that a process gave; works once."),
    function("sentinel(pid, /)", wait::sentinel).doc("A descriptor that becomes readable when the process has ended."),
    function("listen(address, backlog, /)", listener::listen),
    function("unlisten(address, /)", listener::unlisten),
    function("accept(fd, /)", listener::accept),
    function("connect(address, /)", listener::connect),
    function("shm_create(name, size, /)", block::create),
    function("shm_open(name, /)", block::open),
    function("shm_unlink(name, /)", block::unlink),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_multiprocessing", "What processes of one machine share.", FUNCTIONS);
    for def in [&connection::DEF, &sem_lock::DEF, &block::DEF] {
        vm.module_add_type(&m, def);
    }
    let (ty, most) = (vm.native_type(&sem_lock::DEF), vm.new_int(sem_lock::SEM_VALUE_MAX as i64));
    vm.native_type_set(&ty, "SEM_VALUE_MAX", most);
    let reducers = forking::reducers(vm);
    vm.module_set(&m, "reducers", reducers);
    Ok(m)
}
