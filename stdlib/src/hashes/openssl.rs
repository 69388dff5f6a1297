//! `_hashlib`: what CPython takes from OpenSSL, with our own arithmetic.

use super::state::{ALGORITHMS, Algorithm, found};
use super::{GETSET, Hash, LONG_METHODS, METHODS, hmac, kdf, make};
use crate::exceptions::ExcDef;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{Native, NativeDef, function, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static UNSUPPORTED: ExcDef = ExcDef { full_name: "_hashlib.UnsupportedDigestmodError", base: Exc::ValueError };

const REPR: NativeDef = method("__repr__(self, /)", |vm, a| {
    let name = a[0].borrow::<Hash>(vm).map_or("", |h| h.algorithm.name);
    let (ty, at) = (vm.short_type_name(&a[0]), vm.address_of(&a[0]));
    Ok(vm.new_str(format!("<{name} _hashlib.{ty} object @ {at:#x}>")))
});
const HASH_METHODS: &[NativeDef] = &[REPR, METHODS[0], METHODS[1], METHODS[2], METHODS[3]];
const XOF_METHODS: &[NativeDef] = &[REPR, LONG_METHODS[0], LONG_METHODS[1], LONG_METHODS[2], LONG_METHODS[3]];
static HASH: TypeDef = TypeDef::new("_hashlib.HASH", layout_of::<Hash>())
    .flags(flags::NO_NEW)
    .getset(GETSET)
    .methods(HASH_METHODS)
    .doc("A hash is an object used to calculate a checksum of a string of information.");
static HASH_XOF: TypeDef = TypeDef::new("_hashlib.HASHXOF", layout_of::<Hash>())
    .flags(flags::NO_NEW)
    .getset(GETSET)
    .methods(XOF_METHODS)
    .doc("A hash is an object used to calculate a checksum of a string of information.");

macro_rules! constructors {
    ($($sig:literal $name:literal,)*) => {
        &[
            function("new(name, string=NULL, *, usedforsecurity=True)", new).doc("Return a new hash object using the named algorithm."),
            $(function(concat!($sig, "(string=NULL, *, usedforsecurity=True)"), |vm, a| start(vm, $name, &a[0])),)*
            function("hmac_new(key, msg=NULL, digestmod=None)", hmac::new).doc("Return a new hmac object."),
            function("hmac_digest(key, msg, digest)", hmac::digest).doc("Single-shot HMAC."),
            function("pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)", kdf::pbkdf2_hmac)
                .doc("Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."),
            function("scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64)", kdf::scrypt)
                .doc("scrypt password-based key derivation function."),
            function("compare_digest(a, b, /)", compare_digest).doc("Return 'a == b'."),
            function("get_fips_mode()", |_, _| Ok(Value::i32(0))).doc("Determine the OpenSSL FIPS mode of operation."),
        ]
    };
}
const FUNCTIONS: &[NativeDef] = constructors! {
    "openssl_md5" "md5",
    "openssl_sha1" "sha1",
    "openssl_sha224" "sha224",
    "openssl_sha256" "sha256",
    "openssl_sha384" "sha384",
    "openssl_sha512" "sha512",
    "openssl_sha3_224" "sha3_224",
    "openssl_sha3_256" "sha3_256",
    "openssl_sha3_384" "sha3_384",
    "openssl_sha3_512" "sha3_512",
    "openssl_shake_128" "shake_128",
    "openssl_shake_256" "shake_256",
};

/// Makes `_hashlib`.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_hashlib", "OpenSSL interface for hashlib module", FUNCTIONS);
    for def in [&HASH, &HASH_XOF, &hmac::HMAC] {
        vm.module_add_type(&m, def);
    }
    let names: Vec<Value> = ALGORITHMS
        .iter()
        .map(|a| match a.name {
            "blake2b" => vm.intern("blake2b512"),
            "blake2s" => vm.intern("blake2s256"),
            name => vm.intern(name),
        })
        .collect();
    let names = vm.new_list(names);
    let frozenset = vm.builtin("frozenset")?;
    let names = vm.call(&frozenset, &[names])?;
    vm.module_set(&m, "openssl_md_meth_names", names);
    let unsupported = UNSUPPORTED.class(vm)?;
    vm.module_set(&m, "UnsupportedDigestmodError", unsupported);
    vm.module_set(&m, "_GIL_MINSIZE", Value::i32(2048));
    Ok(m)
}

fn unsupported(vm: &mut Vm) -> Raised {
    UNSUPPORTED.raise(vm, "[digital envelope routines] unsupported")
}
/// The algorithm of a name argument.
pub fn algorithm_arg(vm: &mut Vm, v: &Value) -> PyResult<&'static Algorithm> {
    let name = vm.text(v);
    found(&name).ok_or_else(|| unsupported(vm))
}
/// The algorithm of an HMAC: a name, or one of this module's functions.
pub fn digest_arg(vm: &mut Vm, v: &Value) -> PyResult<&'static Algorithm> {
    if let Some(n) = v.get::<Native>() {
        return n.name().strip_prefix("openssl_").and_then(found).ok_or_else(|| UNSUPPORTED.raise(vm, "Unsupported digestmod"));
    }
    if !v.is_a::<Str>() {
        let shown = vm.repr_text(v)?;
        return Err(UNSUPPORTED.raise(vm, format!("Unsupported digestmod {shown}")));
    }
    match algorithm_arg(vm, v)? {
        a if a.digest_size == 0 => Err(unsupported(vm)),
        a => Ok(a),
    }
}
fn start(vm: &mut Vm, name: &str, data: &Value) -> PyResult {
    let algorithm = found(name).ok_or_else(|| unsupported(vm))?;
    make(vm, if algorithm.digest_size == 0 { &HASH_XOF } else { &HASH }, Hash::new(algorithm), data)
}
fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[0].is_a::<Str>() {
        return Err(vm.type_error("name must be a string"));
    }
    let name = vm.text(&a[0]);
    start(vm, &name, &a[1])
}
fn compare_digest(vm: &mut Vm, a: &[Value]) -> PyResult {
    let operator = vm.import("_operator")?;
    vm.call_method(&operator, "_compare_digest", a)
}
