//! Sums and norms that keep what rounding would lose: `dist`, `fsum`, `hypot`, `prod`, `sumprod`.

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::op::BinOp;
use gilbert_vm::types::arith::IntRef;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("dist(p, q, /)", dist).doc("Return the Euclidean distance between two points p and q."),
    function("fsum(seq, /)", fsum).doc("Return an accurate floating-point sum of values in the iterable seq."),
    function("hypot(*coordinates)", hypot).doc("Multidimensional Euclidean distance from the origin to a point."),
    function("prod(iterable, /, *, start=1)", prod).doc("Calculate the product of all the elements in the input iterable."),
    function("sumprod(p, q, /)", sumprod).doc("Return the sum of products of values from two iterables p and q."),
];

/// A value and what its rounding lost: `hi + lo` is exact.
type Double = (f64, f64);

/// The exact sum (Knuth's two-sum).
fn two_sum(a: f64, b: f64) -> Double {
    let s = a + b;
    let z = s - a;
    (s, (a - (s - z)) + (b - z))
}
/// The exact sum of `a` and a smaller `b` (Dekker's fast two-sum).
fn fast_two_sum(a: f64, b: f64) -> Double {
    let s = a + b;
    (s, (a - s) + b)
}
/// The exact product.
fn two_product(a: f64, b: f64) -> Double {
    let p = a * b;
    (p, libm::fma(a, b, -p))
}

/// The Euclidean norm, within an ulp of the exact one (`vector_norm` of `Modules/mathmodule.c` names the papers).
pub fn norm(coordinates: &[f64]) -> f64 {
    let max = coordinates.iter().fold(0.0f64, |m, x| if x.abs() > m { x.abs() } else { m });
    if coordinates.iter().any(|x| x.is_infinite()) {
        return f64::INFINITY;
    }
    if coordinates.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if max == 0.0 || coordinates.len() <= 1 {
        return max;
    }
    let exponent = libm::frexp(max).1;
    if exponent < -1023 {
        // subnormal: scaled up first, exactly
        let scaled: Vec<f64> = coordinates.iter().map(|x| x / f64::MIN_POSITIVE).collect();
        return f64::MIN_POSITIVE * norm(&scaled);
    }
    let scale = libm::ldexp(1.0, -exponent);
    let (mut sum, mut low1, mut low2) = (1.0, 0.0, 0.0);
    let mut add = |sum: &mut f64, (hi, lo): Double| {
        let (s, l) = fast_two_sum(*sum, hi);
        *sum = s;
        low1 += lo;
        low2 += l;
        *sum - 1.0 + (low1 + low2)
    };
    let mut total = 0.0;
    for x in coordinates {
        let x = x * scale;
        total = add(&mut sum, two_product(x, x));
    }
    let h = total.sqrt();
    let rest = add(&mut sum, two_product(-h, h));
    (h + rest / (2.0 * h)) / scale
}

fn hypot(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut xs = Vec::new();
    for v in args[0].get::<Tuple>().expect("bound").items() {
        xs.push(vm.to_f64(v)?);
    }
    Ok(Value::float(norm(&xs)))
}
fn dist(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (p, q) = (vm.collect(&args[0])?, vm.collect(&args[1])?);
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let mut xs = Vec::with_capacity(p.len());
    for (a, b) in p.iter().zip(&q) {
        let (a, b) = (vm.to_f64(a)?, vm.to_f64(b)?);
        xs.push((a - b).abs());
    }
    Ok(Value::float(norm(&xs)))
}

/// Exact sum in non-overlapping partial sums (Shewchuk 1996).
#[derive(Default)]
pub struct Partials {
    parts: Vec<f64>,
    special: f64,
    infinities: f64,
}

impl Partials {
    /// Adds a number; `false` where a partial sum overflows.
    pub fn add(&mut self, x: f64) -> bool {
        let original = x;
        let mut x = x;
        let mut kept = 0;
        for j in 0..self.parts.len() {
            let mut y = self.parts[j];
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let (hi, lo) = fast_two_sum(x, y);
            if lo != 0.0 {
                self.parts[kept] = lo;
                kept += 1;
            }
            x = hi;
        }
        self.parts.truncate(kept);
        if x == 0.0 {
            return true;
        }
        if x.is_finite() {
            self.parts.push(x);
            return true;
        }
        if original.is_finite() {
            return false;
        }
        if original.is_infinite() {
            self.infinities += original;
        }
        self.special += original;
        self.parts.clear();
        true
    }
    /// The sum, rounded once; `None` for infinities of both signs.
    pub fn total(&self) -> Option<f64> {
        if self.special != 0.0 {
            return if self.infinities.is_nan() { None } else { Some(self.special) };
        }
        let mut n = self.parts.len();
        let Some(&last) = self.parts.last() else { return Some(0.0) };
        let mut hi = last;
        n -= 1;
        let mut lo = 0.0;
        while n > 0 {
            let x = hi;
            n -= 1;
            let y = self.parts[n];
            hi = x + y;
            lo = y - (hi - x);
            if lo != 0.0 {
                break;
            }
        }
        // half-way cases: round by what lies below
        if n > 0 && ((lo < 0.0 && self.parts[n - 1] < 0.0) || (lo > 0.0 && self.parts[n - 1] > 0.0)) {
            let y = lo * 2.0;
            let x = hi + y;
            if y == x - hi {
                hi = x;
            }
        }
        Some(hi)
    }
}

fn fsum(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut sum = Partials::default();
    vm.for_each(&args[0], |vm, item| {
        let x = vm.to_f64(&item)?;
        if sum.add(x) { Ok(()) } else { Err(vm.err(Exc::OverflowError, "intermediate overflow in fsum")) }
    })?;
    match sum.total() {
        Some(x) => Ok(Value::float(x)),
        None => Err(vm.value_error("-inf + inf in fsum")),
    }
}

fn prod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut total = args[1].clone();
    vm.for_each(&args[0], |vm, item| {
        total = vm.binary(BinOp::Mul, &total, &item)?;
        Ok(())
    })?;
    Ok(total)
}

fn sumprod(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (p, q) = (vm.iter(&args[0])?, vm.iter(&args[1])?);
    let mut total = Value::small_wrap(0);
    let mut floats: Option<(f64, f64, f64)> = None;
    loop {
        let (a, b) = (vm.next(&p)?, vm.next(&q)?);
        let (a, b) = match (a, b) {
            (None, None) => break,
            (Some(a), Some(b)) => (a, b),
            _ => return Err(vm.value_error("Inputs are not the same length")),
        };
        let both = float_pair(&a, &b);
        if let Some((x, y)) = both
            && let Some(next) = fused(floats.unwrap_or((0.0, 0.0, 0.0)), x, y)
        {
            floats = Some(next);
            continue;
        }
        flush(vm, &mut floats, &mut total)?;
        let product = vm.binary(BinOp::Mul, &a, &b)?;
        total = vm.binary(BinOp::Add, &total, &product)?;
    }
    flush(vm, &mut floats, &mut total)?;
    Ok(total)
}
/// Two numbers of which at least one is a float, the other perhaps an int.
fn float_pair(a: &Value, b: &Value) -> Option<(f64, f64)> {
    let int = |v: &Value| match IntRef::of_exact(v) {
        Some(IntRef::Small(i)) => Some(i as f64),
        _ => None,
    };
    match (a.as_float(), b.as_float()) {
        (Some(x), Some(y)) => Some((x, y)),
        (Some(x), None) => Some((x, int(b)?)),
        (None, Some(y)) => Some((int(a)?, y)),
        _ => None,
    }
}
/// Adds a product to a sum of triple length; `None` where it leaves the finite numbers.
fn fused(total: (f64, f64, f64), x: f64, y: f64) -> Option<(f64, f64, f64)> {
    let (ph, pl) = two_product(x, y);
    let (sh, sl) = two_sum(total.0, ph);
    let (r1h, r1l) = two_sum(total.1, pl);
    let (r2h, r2l) = two_sum(r1h, sl);
    let all = (sh, r2h, total.2 + r1l + r2l);
    all.0.is_finite().then_some(all)
}
fn flush(vm: &mut Vm, floats: &mut Option<(f64, f64, f64)>, total: &mut Value) -> PyResult<()> {
    if let Some((hi, lo, tiny)) = floats.take() {
        let sum = Value::float(hi + two_sum(lo, tiny).0);
        *total = vm.binary(BinOp::Add, total, &sum)?;
    }
    Ok(())
}
