//! `_blake2`: BLAKE2 with keys, salts, personalisation and tree hashing (RFC 7693 and the BLAKE2 paper).

use super::state::named;
use super::{GETSET, Hash, METHODS, make};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{NativeDef, static_method};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

macro_rules! signature {
    ($size:literal) => {
        concat!(
            "__new__(cls, data=NULL, /, *, digest_size=",
            $size,
            ", key=NULL, salt=NULL, person=NULL, fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True)"
        )
    };
}

static BLAKE2B: TypeDef = TypeDef::new("_blake2.blake2b", layout_of::<Hash>()).getset(GETSET).methods(B_METHODS).doc("Return a new BLAKE2b hash object.");
static BLAKE2S: TypeDef = TypeDef::new("_blake2.blake2s", layout_of::<Hash>()).getset(GETSET).methods(S_METHODS).doc("Return a new BLAKE2s hash object.");
const B_METHODS: &[NativeDef] = &[static_method(signature!("64"), new_b), METHODS[0], METHODS[1], METHODS[2], METHODS[3]];
const S_METHODS: &[NativeDef] = &[static_method(signature!("32"), new_s), METHODS[0], METHODS[1], METHODS[2], METHODS[3]];

/// Bytes of salt (and of personalisation), of the longest key and of the longest digest.
const B_SIZES: [usize; 2] = [16, 64];
const S_SIZES: [usize; 2] = [8, 32];

/// Makes `_blake2`.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_blake2", "_blake2b provides BLAKE2b for hashlib\n", &[]);
    for (def, prefix, [short, long]) in [(&BLAKE2B, "BLAKE2B", B_SIZES), (&BLAKE2S, "BLAKE2S", S_SIZES)] {
        let ty = vm.module_add_type(&m, def);
        for (name, size) in [("SALT_SIZE", short), ("PERSON_SIZE", short), ("MAX_KEY_SIZE", long), ("MAX_DIGEST_SIZE", long)] {
            vm.native_type_set(&ty, name, Value::small_wrap(size as i64));
            vm.module_set(&m, &format!("{prefix}_{name}"), Value::small_wrap(size as i64));
        }
    }
    vm.module_set(&m, "_GIL_MINSIZE", Value::i32(2048));
    Ok(m)
}

/// The parameters, checked.
struct Params {
    digest_size: usize,
    key: Vec<u8>,
    salt: Vec<u8>,
    person: Vec<u8>,
    fanout: u8,
    depth: u8,
    leaf_size: u32,
    node_offset: u64,
    node_depth: u8,
    inner_size: usize,
    last_node: bool,
}

fn bytes_arg(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    if v.is_null() { Ok(Vec::new()) } else { Ok(vm.simple_buffer(v)?.into_owned()) }
}
fn small_arg(vm: &mut Vm, v: &Value, name: &str, least: i32) -> PyResult<u8> {
    match u8::try_from(vm.arg_int(v)?) {
        Ok(n) if i32::from(n) >= least => Ok(n),
        _ => Err(vm.value_error(format!("{name} must be between {least} and 255"))),
    }
}
fn unsigned_arg(vm: &mut Vm, v: &Value, too_large: &str) -> PyResult<u64> {
    let i = vm.to_int(v)?;
    if i.is_negative() {
        return Err(vm.value_error("value must be positive"));
    }
    i.to_u64().ok_or_else(|| vm.err(Exc::OverflowError, too_large))
}

impl Params {
    fn new(vm: &mut Vm, a: &[Value], [short, long]: [usize; 2]) -> PyResult<Params> {
        let digest_size = match usize::try_from(vm.arg_int(&a[2])?) {
            Ok(n) if (1..=long).contains(&n) => n,
            _ => return Err(vm.value_error(format!("digest_size must be between 1 and {long} bytes"))),
        };
        let (key, salt, person) = (bytes_arg(vm, &a[3])?, bytes_arg(vm, &a[4])?, bytes_arg(vm, &a[5])?);
        for (what, bytes, most) in [("salt", &salt, short), ("person", &person, short)] {
            if bytes.len() > most {
                return Err(vm.value_error(format!("maximum {what} length is {most} bytes")));
            }
        }
        let (fanout, depth) = (small_arg(vm, &a[6], "fanout", 0)?, small_arg(vm, &a[7], "depth", 1)?);
        let leaf_size = unsigned_arg(vm, &a[8], "Python int too large to convert to C unsigned long")?;
        let Ok(leaf_size) = u32::try_from(leaf_size) else { return Err(vm.err(Exc::OverflowError, "leaf_size is too large")) };
        let node_offset = unsigned_arg(vm, &a[9], "int too big to convert")?;
        if short == 8 && node_offset >> 48 != 0 {
            return Err(vm.err(Exc::OverflowError, "node_offset is too large"));
        }
        let node_depth = small_arg(vm, &a[10], "node_depth", 0)?;
        let inner_size = match usize::try_from(vm.arg_int(&a[11])?) {
            Ok(n) if n <= long => n,
            _ => return Err(vm.value_error(format!("inner_size must be between 0 and is {long}"))),
        };
        if key.len() > long {
            return Err(vm.value_error(format!("maximum key length is {long} bytes")));
        }
        let last_node = vm.truthy(&a[12])?;
        Ok(Params { digest_size, key, salt, person, fanout, depth, leaf_size, node_offset, node_depth, inner_size, last_node })
    }
}

macro_rules! state {
    ($crate_name:ident, $p:expr) => {{
        let p = $p;
        let mut params = $crate_name::Params::new();
        params.hash_length(p.digest_size).key(&p.key).salt(&p.salt).personal(&p.person).fanout(p.fanout).max_depth(p.depth);
        params.max_leaf_length(p.leaf_size).node_offset(p.node_offset).node_depth(p.node_depth).inner_hash_length(p.inner_size);
        params.last_node(p.last_node);
        Box::new(params.to_state())
    }};
}

fn new_b(vm: &mut Vm, a: &[Value]) -> PyResult {
    let p = Params::new(vm, a, B_SIZES)?;
    let hash = Hash { algorithm: named("blake2b").expect("listed"), size: p.digest_size, state: state!(blake2b_simd, &p) };
    make(vm, &BLAKE2B, hash, &a[1])
}
fn new_s(vm: &mut Vm, a: &[Value]) -> PyResult {
    let p = Params::new(vm, a, S_SIZES)?;
    let hash = Hash { algorithm: named("blake2s").expect("listed"), size: p.digest_size, state: state!(blake2s_simd, &p) };
    make(vm, &BLAKE2S, hash, &a[1])
}
