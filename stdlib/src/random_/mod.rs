//! `_random`: the Mersenne Twister under `random` (`Modules/_randommodule.c`); the same numbers as CPython for the same seed and calls.

use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::isolate::EntropyUse;
use gilbert_vm::num::Int;
use gilbert_vm::num::mt19937::Mt19937;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `Random`. The generator's 2.5 KB do not fit a page's slots well, so it is boxed.
struct Random(Box<Mt19937>);

impl Payload for Random {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Random {
        Random(self.0.clone())
    }
}

static RANDOM: TypeDef = TypeDef::new("_random.Random", layout_of::<Random>())
    .flags(flags::BASE)
    .doc("Random() -> create a random number generator with its own internal state.")
    .methods(&[
        static_method("__new__(cls, /, *args, **kwargs)", new),
        method("__init__(self, seed=None, /)", seed),
        method("random(self, /)", random).doc("random() -> x in the interval [0, 1)."),
        method("seed(self, n=None, /)", seed).doc("seed([n]) -> None."),
        method("getrandbits(self, k, /)", getrandbits).doc("getrandbits(k) -> x.  Generates an int with k random bits."),
        method("getstate(self, /)", getstate).doc("getstate() -> tuple containing the current state."),
        method("setstate(self, state, /)", setstate).doc("setstate(state) -> None.  Restores generator state."),
    ]);

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_random", "Module implements the Mersenne Twister random number generator.", &[]);
    vm.module_add_type(&m, &RANDOM);
    Ok(m)
}

fn state<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Mt19937 {
    vm.touch_write(v, Part::Whole);
    &mut v.borrow_mut::<Random>(vm).expect("a Random").0
}
fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Random(Box::new(Mt19937::new(&[0])))))
}
fn random(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::float(state(vm, &args[0]).random()))
}
/// How much entropy seeds a generator.
const SEED_BYTES: usize = 64;

fn from_entropy(vm: &mut Vm) -> Mt19937 {
    let mut bytes = [0u8; SEED_BYTES];
    vm.iso().world.entropy(&mut bytes);
    let key: Vec<u32> = bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect();
    Mt19937::new(&key)
}
fn seed_again(vm: &mut Vm, v: &Value) {
    let fresh = from_entropy(vm);
    if let Some(r) = v.borrow_mut::<Random>(vm) {
        *r.0 = fresh;
    }
}
fn is_unused(vm: &Vm, v: &Value) -> bool {
    v.borrow::<Random>(vm).is_some_and(|r| r.0.is_unused())
}
fn seed(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fresh = if args[1].is_none() {
        vm.note_entropy_use(EntropyUse { object: args[0].clone(), bytes: SEED_BYTES as u64, again: seed_again, unused: is_unused });
        from_entropy(vm)
    } else {
        let n = match vm.int_value(&args[1]) {
            Some(i) => i,
            None => Int::from(vm.hash(&args[1])? as u64),
        };
        Mt19937::from_int(&n.abs())
    };
    *state(vm, &args[0]) = fresh;
    Ok(Value::NONE)
}
fn getrandbits(vm: &mut Vm, args: &[Value]) -> PyResult {
    let k = vm.to_i64(&args[1])?;
    if k < 0 {
        return Err(vm.value_error("number of bits must be non-negative"));
    }
    if k <= 47 {
        return Ok(Value::small_wrap(state(vm, &args[0]).getrandbits_u64(k as u32) as i64));
    }
    let r = state(vm, &args[0]).getrandbits(k);
    gilbert_vm::types::arith::int_result(vm, r)
}
fn getstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mt = state(vm, &args[0]);
    let (words, index) = mt.state();
    let all: Vec<Value> = words.iter().map(|w| *w as i64).chain([index as i64]).map(Value::small_wrap).collect();
    Ok(vm.new_tuple(all))
}
fn setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(items) = args[1].get::<Tuple>().map(|t| t.items().to_vec()) else { return Err(vm.type_error("state vector must be a tuple")) };
    if items.len() != 625 {
        return Err(vm.value_error("state vector is the wrong size"));
    }
    let mut words = [0u32; 624];
    for (slot, item) in words.iter_mut().zip(&items) {
        *slot = vm.to_int(item)?.low_u64() as u32;
    }
    let index = vm.to_i64(&items[624])?;
    let Ok(index) = usize::try_from(index) else { return Err(vm.value_error("invalid state")) };
    let mt = Mt19937::from_state(words, index).map_err(|e| vm.num_err(e))?;
    *state(vm, &args[0]) = mt;
    Ok(Value::NONE)
}
