//! Hashes of numbers, equal for equal numbers of any type (CPython's `_Py_HashDouble` and `long_hash`): the value
//! modulo the prime `2**61 - 1`, never -1.
//!
//! Functions: [`hash_i64`], [`hash_int`], [`hash_f64`], [`hash_complex`], [`hash_tuple`].

use super::int::Int;

/// The modulus, `sys.hash_info.modulus`.
pub const MODULUS: u64 = (1 << 61) - 1;
/// The hash of positive infinity, `sys.hash_info.inf`.
pub const INF: i64 = 314_159;
/// The factor of the imaginary part, `sys.hash_info.imag`.
pub const IMAG: i64 = 1_000_003;

fn never_minus_one(h: i64) -> i64 {
    if h == -1 { -2 } else { h }
}

/// `hash(int)` of a small int.
pub fn hash_i64(x: i64) -> i64 {
    let magnitude = (x.unsigned_abs() % MODULUS) as i64;
    never_minus_one(if x < 0 { -magnitude } else { magnitude })
}

/// `hash(int)`.
pub fn hash_int(x: &Int) -> i64 {
    let (negative, words) = x.words();
    // 2**64 is 8 modulo the prime.
    let reduce = |h: u128, w: &u64| (h * 8 + u128::from(*w)) % u128::from(MODULUS);
    let h = words.iter().rev().fold(0u128, reduce) as i64;
    never_minus_one(if negative { -h } else { h })
}

/// `hash(float)`; `None` for NaN, which hashes by identity.
pub fn hash_f64(x: f64) -> Option<i64> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { INF } else { -INF });
    }
    if x.abs() < 9.0e15 && x == x.trunc() {
        return Some(hash_i64(x as i64));
    }
    let (mantissa, exp) = super::float::decompose(x.abs());
    // Multiplying by 2**exp rotates the 61 bits.
    let turn = exp.rem_euclid(61) as u32;
    let m = u128::from(mantissa % MODULUS) << turn;
    let h = (m % u128::from(MODULUS)) as i64;
    Some(never_minus_one(if x < 0.0 { -h } else { h }))
}

/// `hash(complex)`; a part that is NaN counts as `nan_hash` (CPython takes the object's address).
pub fn hash_complex(re: f64, im: f64, nan_hash: i64) -> i64 {
    let re = hash_f64(re).unwrap_or(nan_hash);
    let im = hash_f64(im).unwrap_or(nan_hash);
    never_minus_one(re.wrapping_add(im.wrapping_mul(IMAG)))
}

/// `hash(tuple)` from the items' hashes (CPython's xxHash variant).
pub fn hash_tuple(hashes: impl ExactSizeIterator<Item = i64>) -> i64 {
    const P1: u64 = 11_400_714_785_074_694_791;
    const P2: u64 = 14_029_467_366_897_019_727;
    const P5: u64 = 2_870_177_450_012_600_261;
    let len = hashes.len() as u64;
    let mut acc = P5;
    for h in hashes {
        acc = acc.wrapping_add((h as u64).wrapping_mul(P2));
        acc = acc.rotate_left(31).wrapping_mul(P1);
    }
    acc = acc.wrapping_add(len ^ (P5 ^ 3_527_539));
    if acc == u64::MAX { 1_546_275_796 } else { acc as i64 }
}
