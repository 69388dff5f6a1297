//! `_md5`, `_sha1`, `_sha2`, `_sha3`: CPython's own hashes, which `hashlib` takes where OpenSSL is missing.

use super::state::named;
use super::{GETSET, Hash, LONG_METHODS, METHODS, make};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{NativeDef, function, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const fn hash_type(name: &'static str) -> TypeDef {
    TypeDef::new(name, layout_of::<Hash>()).flags(flags::NO_NEW).methods(METHODS).getset(GETSET)
}

static MD5: TypeDef = hash_type("_md5.md5");
static SHA1: TypeDef = hash_type("_sha1.sha1");
static SHA224: TypeDef = hash_type("_sha2.SHA224Type");
static SHA256: TypeDef = hash_type("_sha2.SHA256Type");
static SHA384: TypeDef = hash_type("_sha2.SHA384Type");
static SHA512: TypeDef = hash_type("_sha2.SHA512Type");

fn start(vm: &mut Vm, def: &'static TypeDef, name: &str, data: &Value) -> PyResult {
    make(vm, def, Hash::new(named(name).expect("listed")), data)
}

const MD5_FUNCTIONS: &[NativeDef] =
    &[function("md5(string=NULL, *, usedforsecurity=True)", |vm, a| start(vm, &MD5, "md5", &a[0])).doc("Return a new MD5 hash object.")];
const SHA1_FUNCTIONS: &[NativeDef] =
    &[function("sha1(string=NULL, *, usedforsecurity=True)", |vm, a| start(vm, &SHA1, "sha1", &a[0])).doc("Return a new SHA1 hash object.")];
const SHA2_FUNCTIONS: &[NativeDef] = &[
    function("sha224(string=NULL, *, usedforsecurity=True)", |vm, a| start(vm, &SHA224, "sha224", &a[0])).doc("Return a new SHA-224 hash object."),
    function("sha256(string=NULL, *, usedforsecurity=True)", |vm, a| start(vm, &SHA256, "sha256", &a[0])).doc("Return a new SHA-256 hash object."),
    function("sha384(string=NULL, *, usedforsecurity=True)", |vm, a| start(vm, &SHA384, "sha384", &a[0])).doc("Return a new SHA-384 hash object."),
    function("sha512(string=NULL, *, usedforsecurity=True)", |vm, a| start(vm, &SHA512, "sha512", &a[0])).doc("Return a new SHA-512 hash object."),
];

macro_rules! sha3_types {
    ($($id:ident $new:ident $name:literal $full:literal $methods:ident;)*) => {
        $(
            static $id: TypeDef = TypeDef::new($full, layout_of::<Hash>()).getset(GETSET).methods($methods);
            const $new: NativeDef = static_method("__new__(cls, data=NULL, /, *, usedforsecurity=True)", |vm, a| start(vm, &$id, $name, &a[1]));
        )*
    };
}
sha3_types! {
    SHA3_224 NEW_224 "sha3_224" "_sha3.sha3_224" METHODS_224;
    SHA3_256 NEW_256 "sha3_256" "_sha3.sha3_256" METHODS_256;
    SHA3_384 NEW_384 "sha3_384" "_sha3.sha3_384" METHODS_384;
    SHA3_512 NEW_512 "sha3_512" "_sha3.sha3_512" METHODS_512;
    SHAKE_128 NEW_S128 "shake_128" "_sha3.shake_128" METHODS_S128;
    SHAKE_256 NEW_S256 "shake_256" "_sha3.shake_256" METHODS_S256;
}
const METHODS_224: &[NativeDef] = &[NEW_224, METHODS[0], METHODS[1], METHODS[2], METHODS[3]];
const METHODS_256: &[NativeDef] = &[NEW_256, METHODS[0], METHODS[1], METHODS[2], METHODS[3]];
const METHODS_384: &[NativeDef] = &[NEW_384, METHODS[0], METHODS[1], METHODS[2], METHODS[3]];
const METHODS_512: &[NativeDef] = &[NEW_512, METHODS[0], METHODS[1], METHODS[2], METHODS[3]];
const METHODS_S128: &[NativeDef] = &[NEW_S128, LONG_METHODS[0], LONG_METHODS[1], LONG_METHODS[2], LONG_METHODS[3]];
const METHODS_S256: &[NativeDef] = &[NEW_S256, LONG_METHODS[0], LONG_METHODS[1], LONG_METHODS[2], LONG_METHODS[3]];

fn module(vm: &mut Vm, name: &str, functions: &'static [NativeDef], types: &[(&str, &'static TypeDef)]) -> PyResult {
    let m = vm.new_module(name, "", functions);
    for (name, def) in types {
        let ty = vm.native_type(def);
        vm.module_set(&m, name, ty);
    }
    vm.module_set(&m, "_GIL_MINSIZE", Value::i32(2048));
    Ok(m)
}
/// Makes `_md5`.
pub fn init_md5(vm: &mut Vm) -> PyResult {
    module(vm, "_md5", MD5_FUNCTIONS, &[("MD5Type", &MD5)])
}
/// Makes `_sha1`.
pub fn init_sha1(vm: &mut Vm) -> PyResult {
    module(vm, "_sha1", SHA1_FUNCTIONS, &[("SHA1Type", &SHA1)])
}
/// Makes `_sha2`.
pub fn init_sha2(vm: &mut Vm) -> PyResult {
    module(vm, "_sha2", SHA2_FUNCTIONS, &[("SHA224Type", &SHA224), ("SHA256Type", &SHA256), ("SHA384Type", &SHA384), ("SHA512Type", &SHA512)])
}
/// Makes `_sha3`.
pub fn init_sha3(vm: &mut Vm) -> PyResult {
    let types: &[(&str, &'static TypeDef)] = &[
        ("sha3_224", &SHA3_224),
        ("sha3_256", &SHA3_256),
        ("sha3_384", &SHA3_384),
        ("sha3_512", &SHA3_512),
        ("shake_128", &SHAKE_128),
        ("shake_256", &SHAKE_256),
    ];
    let m = module(vm, "_sha3", &[], types)?;
    let text = vm.new_str("RustCrypto");
    vm.module_set(&m, "implementation", text);
    Ok(m)
}
