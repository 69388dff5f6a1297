//! `combinations`, `combinations_with_replacement`, `permutations`, `product`.

use super::{iterator, state};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::arith::max_bytes;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// How far an enumeration has come.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Fresh,
    Running,
    Done,
}

struct Product {
    /// The pools, one tuple each.
    pools: Vec<Value>,
    indices: Vec<usize>,
    stage: Stage,
}
struct Permutations {
    pool: Vec<Value>,
    indices: Vec<usize>,
    cycles: Vec<usize>,
    stage: Stage,
}
struct Combinations {
    pool: Vec<Value>,
    indices: Vec<usize>,
    stage: Stage,
    repeated: bool,
}
payload!(Product { one: [], many: [pools], plain: [indices, stage] });
payload!(Permutations { one: [], many: [pool], plain: [indices, cycles, stage] });
payload!(Combinations { one: [], many: [pool], plain: [indices, stage, repeated] });

pub const TYPES: &[&TypeDef] = &[&PRODUCT, &PERMUTATIONS, &COMBINATIONS, &WITH_REPLACEMENT];

static PRODUCT: TypeDef = iterator::<Product>(
    "itertools.product",
    &[static_method("__new__(cls, *iterables, repeat=1)", product_new), method("__iter__(self, /)", self_iter), method("__next__(self, /)", product_next)],
    "Cartesian product of input iterables.  Equivalent to nested for-loops.",
);
static PERMUTATIONS: TypeDef = iterator::<Permutations>(
    "itertools.permutations",
    &[
        static_method("__new__(cls, iterable, r=None)", permutations_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", permutations_next),
    ],
    "Return successive r-length permutations of elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)",
);
static COMBINATIONS: TypeDef = iterator::<Combinations>(
    "itertools.combinations",
    &[
        static_method("__new__(cls, iterable, r)", |vm, a| combinations_new(vm, a, false)),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", combinations_next),
    ],
    "Return successive r-length combinations of elements in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
);
static WITH_REPLACEMENT: TypeDef = iterator::<Combinations>(
    "itertools.combinations_with_replacement",
    &[
        static_method("__new__(cls, iterable, r)", |vm, a| combinations_new(vm, a, true)),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", combinations_next),
    ],
    "Return successive r-length combinations of elements in the iterable allowing individual elements to have successive repeats.",
);

/// A length that a script chose, refused where so many indices could not be held.
fn bounded(vm: &mut Vm, n: usize) -> PyResult<usize> {
    if n.saturating_mul(8) > max_bytes(vm) { Err(vm.memory_error()) } else { Ok(n) }
}

fn product_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let repeat = vm.to_isize(&args[2])?;
    if repeat < 0 {
        return Err(vm.value_error("repeat argument cannot be negative"));
    }
    let given = args[1].get::<Tuple>().expect("bound").items();
    let count = bounded(vm, given.len().saturating_mul(repeat as usize))?;
    let mut once = Vec::with_capacity(given.len());
    if repeat > 0 {
        for iterable in given {
            let items = vm.collect(iterable)?;
            once.push(vm.new_tuple(items));
        }
    }
    let pools: Vec<Value> = once.iter().cycle().take(count).cloned().collect();
    let empty = pools.iter().any(|p| pool(p).is_empty());
    let stage = if empty { Stage::Done } else { Stage::Fresh };
    Ok(vm.new_of(&args[0], Product { indices: vec![0; pools.len()], pools, stage }))
}
fn pool(v: &Value) -> &[Value] {
    v.get::<Tuple>().map_or(&[], |t| t.items())
}
fn product_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = state::<Product>(vm, &args[0]);
    match p.stage {
        Stage::Done => return Ok(Value::NULL),
        Stage::Fresh => p.stage = Stage::Running,
        Stage::Running => {
            let mut i = p.pools.len();
            loop {
                if i == 0 {
                    p.stage = Stage::Done;
                    return Ok(Value::NULL);
                }
                i -= 1;
                p.indices[i] += 1;
                if p.indices[i] < pool(&p.pools[i]).len() {
                    break;
                }
                p.indices[i] = 0;
            }
        }
    }
    let items = p.pools.iter().zip(&p.indices).map(|(v, &i)| pool(v)[i].clone()).collect();
    Ok(vm.new_tuple(items))
}

fn permutations_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let pool = vm.collect(&args[1])?;
    let n = pool.len();
    let r = if args[2].is_none() {
        n as isize
    } else if gilbert_vm::builtins::is_int(&args[2]) {
        vm.to_isize(&args[2])?
    } else {
        return Err(vm.type_error("Expected int as r"));
    };
    if r < 0 {
        return Err(vm.value_error("r must be non-negative"));
    }
    let r = r as usize;
    if r > n {
        return Ok(vm.new_of(&args[0], Permutations { pool, indices: Vec::new(), cycles: Vec::new(), stage: Stage::Done }));
    }
    let p = Permutations { pool, indices: (0..n).collect(), cycles: (0..r).map(|i| n - i).collect(), stage: Stage::Fresh };
    Ok(vm.new_of(&args[0], p))
}
fn permutations_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = state::<Permutations>(vm, &args[0]);
    let r = p.cycles.len();
    match p.stage {
        Stage::Done => return Ok(Value::NULL),
        Stage::Fresh => p.stage = Stage::Running,
        Stage::Running => {
            let n = p.indices.len();
            let mut i = r;
            loop {
                if i == 0 {
                    p.stage = Stage::Done;
                    return Ok(Value::NULL);
                }
                i -= 1;
                p.cycles[i] -= 1;
                if p.cycles[i] > 0 {
                    let j = n - p.cycles[i];
                    p.indices.swap(i, j);
                    break;
                }
                p.indices[i..].rotate_left(1);
                p.cycles[i] = n - i;
            }
        }
    }
    let items = p.indices[..r].iter().map(|&i| p.pool[i].clone()).collect();
    Ok(vm.new_tuple(items))
}

fn combinations_new(vm: &mut Vm, args: &[Value], repeated: bool) -> PyResult {
    let pool = vm.collect(&args[1])?;
    let r = vm.to_isize(&args[2])?;
    if r < 0 {
        return Err(vm.value_error("r must be non-negative"));
    }
    let r = r as usize;
    let n = pool.len();
    let none = if repeated { n == 0 && r > 0 } else { r > n };
    if none {
        return Ok(vm.new_of(&args[0], Combinations { pool, indices: Vec::new(), stage: Stage::Done, repeated }));
    }
    let r = bounded(vm, r)?;
    let indices = if repeated { vec![0; r] } else { (0..r).collect() };
    Ok(vm.new_of(&args[0], Combinations { pool, indices, stage: Stage::Fresh, repeated }))
}
fn combinations_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = state::<Combinations>(vm, &args[0]);
    let (n, r) = (c.pool.len(), c.indices.len());
    match c.stage {
        Stage::Done => return Ok(Value::NULL),
        Stage::Fresh => c.stage = Stage::Running,
        Stage::Running => {
            let most = |i: usize, repeated: bool| if repeated { n - 1 } else { i + n - r };
            let Some(i) = (0..r).rev().find(|&i| c.indices[i] != most(i, c.repeated)) else {
                c.stage = Stage::Done;
                return Ok(Value::NULL);
            };
            let first = c.indices[i] + 1;
            for j in i..r {
                c.indices[j] = if c.repeated { first } else { first + j - i };
            }
        }
    }
    let items = c.indices.iter().map(|&i| c.pool[i].clone()).collect();
    Ok(vm.new_tuple(items))
}
