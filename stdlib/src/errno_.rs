//! `errno`: the platform's error numbers.

use gilbert_vm::error::PyResult;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

macro_rules! numbers {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name),)*] };
}

static NUMBERS: &[(&str, i32)] = numbers! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN EWOULDBLOCK ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR
    EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP
    EIDRM ENOSTR ENODATA ETIME EREMOTE ENOLINK EPROTO EBADMSG EOVERFLOW EILSEQ EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT
    EPROTONOSUPPORT EOPNOTSUPP ENOTSUP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS
    EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EDQUOT ECANCELED EOWNERDEAD
    ENOTRECOVERABLE
};

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("errno", "This module makes available standard errno system symbols.", &[]);
    let codes = vm.new_dict();
    for &(name, n) in NUMBERS {
        vm.module_set(&m, name, Value::i32(n));
        // aliases come second and do not stand in errorcode
        if vm.dict_get(&codes, &Value::i32(n))?.is_none() {
            let text = vm.intern(name);
            vm.dict_set(&codes, &Value::i32(n), text)?;
        }
    }
    vm.module_set(&m, "errorcode", codes);
    Ok(m)
}
