//! `_socket` (`Modules/socketmodule.c`), upon which CPython's own `socket.py` stands: sockets of the world, real or simulated.

mod address;
mod constants;
mod names;
mod numbers;
mod options;
mod sock;
mod transfer;

use crate::exceptions::ExcDef;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// `socket.gaierror`
static GAI_ERROR: ExcDef = ExcDef { full_name: "socket.gaierror", base: Exc::OSError };
/// `socket.herror`
static H_ERROR: ExcDef = ExcDef { full_name: "socket.herror", base: Exc::OSError };

const FUNCTIONS: &[NativeDef] = &[
    function("socketpair(family=1, type=1, proto=0, /)", sock::socketpair),
    function("close(fd, /)", sock::close_fd),
    function("dup(fd, /)", sock::dup_fd),
    function("getdefaulttimeout()", sock::getdefaulttimeout),
    function("setdefaulttimeout(timeout, /)", sock::setdefaulttimeout),
    function("getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)", names::getaddrinfo),
    function("getnameinfo(sockaddr, flags, /)", names::getnameinfo),
    function("gethostname()", names::gethostname),
    function("gethostbyname(hostname, /)", names::gethostbyname),
    function("gethostbyname_ex(hostname, /)", names::gethostbyname_ex),
    function("gethostbyaddr(ip_address, /)", names::gethostbyaddr),
    function("getservbyname(servicename, protocolname=NULL, /)", names::getservbyname),
    function("getservbyport(port, protocolname=NULL, /)", names::getservbyport),
    function("getprotobyname(protocolname, /)", names::getprotobyname),
    function("if_nameindex()", names::if_nameindex),
    function("if_nametoindex(name, /)", names::if_nametoindex),
    function("if_indextoname(index, /)", names::if_indextoname),
    function("inet_aton(ip_addr, /)", numbers::inet_aton),
    function("inet_ntoa(packed_ip, /)", numbers::inet_ntoa),
    function("inet_pton(address_family, ip_string, /)", numbers::inet_pton),
    function("inet_ntop(address_family, packed_ip, /)", numbers::inet_ntop),
    function("htons(integer, /)", |vm, a| numbers::short(vm, &a[0], "htons")),
    function("ntohs(integer, /)", |vm, a| numbers::short(vm, &a[0], "ntohs")),
    function("htonl(integer, /)", numbers::long),
    function("ntohl(integer, /)", numbers::long),
    function("CMSG_LEN(length, /)", |vm, a| numbers::control_length(vm, &a[0], "CMSG_LEN", 0, 16)),
    function("CMSG_SPACE(length, /)", |vm, a| numbers::control_length(vm, &a[0], "CMSG_SPACE", 7, 24)),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_socket", "Implementation module for socket operations.\n\nSee the socket module for documentation.", FUNCTIONS);
    vm.module_add_type(&m, &sock::SOCKET);
    let class = vm.native_type(&sock::SOCKET);
    vm.module_set(&m, "SocketType", class);
    for &(name, n) in constants::ALL {
        vm.module_set(&m, name, Value::small_wrap(n));
    }
    vm.module_set(&m, "has_ipv6", Value::TRUE);
    let (error, timeout) = (vm.exc_type(Exc::OSError).clone(), vm.exc_type(Exc::TimeoutError).clone());
    vm.module_set(&m, "error", error);
    vm.module_set(&m, "timeout", timeout);
    let (gai, h) = (GAI_ERROR.class(vm)?, H_ERROR.class(vm)?);
    vm.module_set(&m, "gaierror", gai);
    vm.module_set(&m, "herror", h);
    Ok(m)
}
