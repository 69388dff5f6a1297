//! Hashes: `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2`, and `_hashlib` (what CPython takes from OpenSSL: `new`, HMAC, key derivation).

mod blake2;
mod hmac;
mod kdf;
mod openssl;
mod plain;
mod state;

pub use blake2::init as init_blake2;
pub use openssl::init as init_hashlib;
pub use plain::{init_md5, init_sha1, init_sha2, init_sha3};

use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::Part;
use gilbert_vm::types::bytes::methods::hex_text;
use gilbert_vm::types::native::{GetSet, NativeDef, getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use state::{Algorithm, Running};
use std::borrow::Cow;

/// The payload of hash objects.
pub struct Hash {
    algorithm: &'static Algorithm,
    state: Box<dyn Running>,
    /// Bytes of the digest.
    size: usize,
}

impl Payload for Hash {
    // a running hash has no cells
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Hash {
        self.again()
    }
}

impl Hash {
    fn new(algorithm: &'static Algorithm) -> Hash {
        Hash { algorithm, state: (algorithm.start)(), size: algorithm.digest_size }
    }
    fn again(&self) -> Hash {
        Hash { algorithm: self.algorithm, state: self.state.again(), size: self.size }
    }
}

const UPDATE: NativeDef = method("update(self, obj, /)", update).doc("Update this hash object's state with the provided bytes-like object.");
const COPY: NativeDef = method("copy(self, /)", copy).doc("Return a copy of the hash object.");

/// Methods of hashes whose digests have a fixed size.
const METHODS: &[NativeDef] = &[
    UPDATE,
    COPY,
    method("digest(self, /)", |vm, a| {
        let d = digest(vm, &a[0], 0);
        Ok(vm.new_bytes(d))
    })
    .doc("Return the digest value as a bytes object."),
    method("hexdigest(self, /)", |vm, a| {
        let d = digest(vm, &a[0], 0);
        Ok(vm.new_ascii(hex_text(&d, None, 0)))
    })
    .doc("Return the digest value as a string of hexadecimal digits."),
];
const GETSET: &[GetSet] = &[
    getter("name", |vm, v| {
        let name = read(vm, v).algorithm.name;
        Ok(vm.new_str(name))
    }),
    getter("digest_size", |vm, v| Ok(Value::small_wrap(read(vm, v).size as i64))),
    getter("block_size", |vm, v| Ok(Value::small_wrap(read(vm, v).algorithm.block_size as i64))),
];

fn read<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a Hash {
    vm.touch_read(v, Part::Whole);
    v.borrow::<Hash>(vm).expect("a hash object")
}
/// Data to be hashed: bytes-like, not text.
fn data_arg<'a>(vm: &mut Vm, v: &'a Value) -> PyResult<Cow<'a, [u8]>> {
    if v.is_a::<Str>() {
        return Err(vm.type_error("Strings must be encoded before hashing"));
    }
    if !vm.is_buffer(v) {
        return Err(vm.type_error("object supporting the buffer API required"));
    }
    vm.simple_buffer(v)
}
/// A new hash object, with its first data (absent: none).
fn make(vm: &mut Vm, def: &'static TypeDef, mut hash: Hash, data: &Value) -> PyResult {
    if !data.is_null() {
        let data = data_arg(vm, data)?;
        hash.state.update(&data);
    }
    Ok(vm.new_native(def, hash))
}
fn update(vm: &mut Vm, a: &[Value]) -> PyResult {
    let data = data_arg(vm, &a[1])?;
    vm.touch_write(&a[0], Part::Whole);
    if let Some(h) = a[0].borrow_mut::<Hash>(vm) {
        h.state.update(&data);
    }
    Ok(Value::NONE)
}
fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let hash = read(vm, &a[0]).again();
    let ty = a[0].type_of(vm).clone();
    Ok(vm.new_of(&ty, hash))
}
fn digest(vm: &mut Vm, v: &Value, len: usize) -> Vec<u8> {
    read(vm, v).state.digest(len)
}
/// The digest of a hash that gives any number of bytes.
fn long_digest(vm: &mut Vm, v: &Value, len: &Value) -> PyResult<Vec<u8>> {
    let len = vm.arg_ssize(len)?;
    match usize::try_from(len) {
        Ok(len) if len <= gilbert_vm::types::arith::max_bytes(vm).min(1 << 29) => Ok(digest(vm, v, len)),
        Ok(_) => Err(vm.memory_error()),
        Err(_) => Err(vm.value_error("value must be positive")),
    }
}
/// Methods of hashes that give any number of bytes.
const LONG_METHODS: &[NativeDef] = &[
    UPDATE,
    COPY,
    method("digest(self, /, length)", |vm, a| {
        let d = long_digest(vm, &a[0], &a[1])?;
        Ok(vm.new_bytes(d))
    })
    .doc("Return the digest value as a bytes object."),
    method("hexdigest(self, /, length)", |vm, a| {
        let d = long_digest(vm, &a[0], &a[1])?;
        Ok(vm.new_ascii(hex_text(&d, None, 0)))
    })
    .doc("Return the digest value as a string of hexadecimal digits."),
];
