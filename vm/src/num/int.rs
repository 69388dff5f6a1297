//! Integers of any size: [`Int`], a thin wrapper about `dashu_int::IBig` with Python's meanings.
//!
//! Why dashu: of the measured libraries (num-bigint, malachite, dashu) it keeps two words inline, so values
//! up to 127 bits never allocate, and it is as fast as num-bigint or faster from there to a million bits.
//! malachite is faster on large numbers but under the LGPL.
//!
//! Functions, all methods of [`Int`]:
//! - conversion: `from` for primitive integers, `to_i64`, `to_u64`, `to_i128`, `to_usize`, `to_f64`, `from_f64`,
//!   `from_bytes`, `to_bytes`
//! - tests: `is_zero`, `is_negative`, `is_odd`, `signum`, `bit_length`, `bit_count`, `byte_size`, `cmp_f64`
//! - arithmetic: `add`, `sub`, `mul`, `neg`, `abs`, `divmod`, `floor_div`, `modulo`, `true_div`, `pow`,
//!   `pow_mod`, `gcd`, `lcm`, `isqrt`, `round_digits`
//! - bits: `shl`, `shr`, `and`, `or`, `xor`, `invert`
//!
//! Text conversion is in `int_text.rs`.

use super::err::{PyErr, PyResult, overflow_error, value_error, zero_division};
use dashu_base::{BitTest, Gcd, Sign, SquareRoot, UnsignedAbs};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, UBig};
use std::cmp::Ordering;

/// A Python `int` of any size.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Int(pub(crate) IBig);

/// No result may be larger than this many bytes unless the caller sets another bound.
pub const DEFAULT_MAX_BYTES: usize = 1 << 30;

/// Byte order of `int.to_bytes` and `int.from_bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

macro_rules! from_prim {
    ($($t:ty)*) => { $(impl From<$t> for Int {
        fn from(x: $t) -> Int { Int(IBig::from(x)) }
    })* }
}
from_prim!(i8 u8 i16 u16 i32 u32 i64 u64 i128 u128 isize usize);

impl From<IBig> for Int {
    fn from(x: IBig) -> Int {
        Int(x)
    }
}

impl Int {
    /// Zero.
    pub const ZERO: Int = Int(IBig::ZERO);
    /// One.
    pub const ONE: Int = Int(IBig::ONE);

    /// The value as `i64`, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        i64::try_from(&self.0).ok()
    }

    /// The value as `u64`, if it fits.
    pub fn to_u64(&self) -> Option<u64> {
        u64::try_from(&self.0).ok()
    }

    /// The value as `i128`, if it fits.
    pub fn to_i128(&self) -> Option<i128> {
        i128::try_from(&self.0).ok()
    }

    /// The value as `usize`, if it fits.
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(&self.0).ok()
    }

    /// `self mod 2**64`, the low word in two's complement (C's conversion to `unsigned long`).
    pub fn low_u64(&self) -> u64 {
        let (sign, words) = self.0.as_sign_words();
        let low = words.first().copied().unwrap_or(0);
        if sign == Sign::Negative { low.wrapping_neg() } else { low }
    }

    /// The low 64 bits first, then up; with the sign apart.
    pub fn words(&self) -> (bool, &[u64]) {
        let (sign, words) = self.0.as_sign_words();
        (sign == Sign::Negative, words)
    }

    /// Whether the value is 0.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether the value is below 0.
    pub fn is_negative(&self) -> bool {
        self.0.sign() == Sign::Negative
    }

    /// Whether the value is odd.
    pub fn is_odd(&self) -> bool {
        self.words().1.first().is_some_and(|w| w & 1 == 1)
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        if self.is_zero() {
            0
        } else if self.is_negative() {
            -1
        } else {
            1
        }
    }

    /// `int.bit_length()`: bits of the magnitude.
    pub fn bit_length(&self) -> u64 {
        let words = self.words().1;
        match words.last() {
            None => 0,
            Some(top) => (words.len() as u64 * 64) - u64::from(top.leading_zeros()),
        }
    }

    /// `int.bit_count()`: ones in the magnitude.
    pub fn bit_count(&self) -> u64 {
        self.words().1.iter().map(|w| u64::from(w.count_ones())).sum()
    }

    /// Bytes that the value takes on the heap beside its inline part; 0 up to 128 bits.
    pub fn heap_bytes(&self) -> usize {
        let n = self.words().1.len();
        if n <= 2 { 0 } else { n * 8 }
    }

    /// `sys.getsizeof` in CPython: 24 bytes of header and 4 for each 30 bits (at least one digit).
    pub fn cpython_size(&self) -> usize {
        24 + 4 * (self.bit_length().div_ceil(30) as usize).max(1)
    }

    /// `self + o`.
    pub fn add(&self, o: &Int) -> Int {
        Int(&self.0 + &o.0)
    }

    /// `self - o`.
    pub fn sub(&self, o: &Int) -> Int {
        Int(&self.0 - &o.0)
    }

    /// `self * o`, or MemoryError when the product would exceed `max_bytes`.
    pub fn mul(&self, o: &Int, max_bytes: usize) -> PyResult<Int> {
        if self.heap_bytes() != 0 || o.heap_bytes() != 0 {
            check_bits(self.bit_length() + o.bit_length(), max_bytes)?;
        }
        Ok(Int(&self.0 * &o.0))
    }

    /// `-self`.
    pub fn neg(&self) -> Int {
        Int(-&self.0)
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Int {
        if self.is_negative() { self.neg() } else { self.clone() }
    }

    /// `divmod(self, o)`: quotient rounded down, remainder with the divisor's sign.
    pub fn divmod(&self, o: &Int) -> PyResult<(Int, Int)> {
        if o.is_zero() {
            return Err(zero_division("integer division or modulo by zero"));
        }
        let (q, r) = dashu_base::DivRem::div_rem(&self.0, &o.0);
        if !r.is_zero() && r.sign() != o.0.sign() {
            return Ok((Int(q - IBig::ONE), Int(r + &o.0)));
        }
        Ok((Int(q), Int(r)))
    }

    /// `self // o`.
    pub fn floor_div(&self, o: &Int) -> PyResult<Int> {
        Ok(self.divmod(o)?.0)
    }

    /// `self % o`; the text differs from `divmod`'s by CPython's wording.
    pub fn modulo(&self, o: &Int) -> PyResult<Int> {
        if o.is_zero() {
            return Err(zero_division("integer modulo by zero"));
        }
        let r = &self.0 % &o.0;
        if !r.is_zero() && r.sign() != o.0.sign() {
            return Ok(Int(r + &o.0));
        }
        Ok(Int(r))
    }

    /// `self ** exp` for `exp >= 0`; MemoryError when the result would exceed `max_bytes`.
    ///
    /// A negative exponent gives a float in Python, which is the caller's: `to_f64` both, `float_pow`.
    pub fn pow(&self, exp: &Int, max_bytes: usize) -> PyResult<Int> {
        debug_assert!(!exp.is_negative());
        if exp.is_zero() {
            return Ok(Int::ONE);
        }
        let (neg, words) = self.words();
        match words {
            [] => return Ok(Int::ZERO),
            [1] => {
                return Ok(if neg && exp.is_odd() { Int::from(-1) } else { Int::ONE });
            }
            _ => {}
        }
        let Some(e) = exp.to_u64().filter(|e| *e < 1 << 48) else {
            return Err(super::err::memory_error());
        };
        // |self| >= 2, so the result has more than (bits - 1) * e bits.
        check_bits((self.bit_length() - 1).saturating_mul(e), max_bytes)?;
        Ok(Int(self.0.pow(e as usize)))
    }

    /// `pow(self, exp, modulus)`, with a modular inverse when `exp` is negative.
    pub fn pow_mod(&self, exp: &Int, modulus: &Int) -> PyResult<Int> {
        if modulus.is_zero() {
            return Err(value_error("pow() 3rd argument cannot be 0"));
        }
        let m = modulus.0.clone().unsigned_abs();
        if m.is_one() {
            return Ok(Int::ZERO);
        }
        let ring = ConstDivisor::new(m);
        let mut base = ring.reduce(self.modulo(&modulus.abs())?.0.unsigned_abs());
        if exp.is_negative() {
            base = base.inv().ok_or_else(|| value_error("base is not invertible for the given modulus"))?;
        }
        let power = base.pow(&exp.0.clone().unsigned_abs()).residue();
        let power = Int(IBig::from(power));
        if modulus.is_negative() && !power.is_zero() {
            return Ok(power.add(modulus));
        }
        Ok(power)
    }

    /// `self << by`; ValueError for a negative count, MemoryError or OverflowError when the result would
    /// exceed `max_bytes`.
    pub fn shl(&self, by: &Int, max_bytes: usize) -> PyResult<Int> {
        if by.is_negative() {
            return Err(value_error("negative shift count"));
        }
        if self.is_zero() {
            return Ok(Int::ZERO);
        }
        let Some(n) = by.to_u64().filter(|n| *n <= i64::MAX as u64) else {
            return Err(overflow_error("too many digits in integer"));
        };
        check_bits(self.bit_length().saturating_add(n), max_bytes)?;
        Ok(Int(&self.0 << n as usize))
    }

    /// `self >> by`, rounding down; ValueError for a negative count.
    pub fn shr(&self, by: &Int) -> PyResult<Int> {
        if by.is_negative() {
            return Err(value_error("negative shift count"));
        }
        match by.to_u64() {
            Some(n) if n < self.bit_length() => Ok(Int(&self.0 >> n as usize)),
            _ => Ok(if self.is_negative() { Int::from(-1) } else { Int::ZERO }),
        }
    }

    /// `self & o` on two's complement.
    pub fn and(&self, o: &Int) -> Int {
        Int(&self.0 & &o.0)
    }

    /// `self | o` on two's complement.
    pub fn or(&self, o: &Int) -> Int {
        Int(&self.0 | &o.0)
    }

    /// `self ^ o` on two's complement.
    pub fn xor(&self, o: &Int) -> Int {
        Int(&self.0 ^ &o.0)
    }

    /// `~self`.
    pub fn invert(&self) -> Int {
        Int(!&self.0)
    }

    /// `math.gcd(self, o)`, never negative.
    pub fn gcd(&self, o: &Int) -> Int {
        if self.is_zero() {
            return o.abs();
        }
        if o.is_zero() {
            return self.abs();
        }
        Int(IBig::from((&self.0).gcd(&o.0)))
    }

    /// `math.lcm(self, o)`, never negative; MemoryError when it would exceed `max_bytes`.
    pub fn lcm(&self, o: &Int, max_bytes: usize) -> PyResult<Int> {
        if self.is_zero() || o.is_zero() {
            return Ok(Int::ZERO);
        }
        let g = self.gcd(o);
        Ok(self.floor_div(&g)?.mul(o, max_bytes)?.abs())
    }

    /// `math.isqrt(self)`.
    pub fn isqrt(&self) -> PyResult<Int> {
        if self.is_negative() {
            return Err(value_error("isqrt() argument must be nonnegative"));
        }
        Ok(Int(IBig::from(self.0.clone().unsigned_abs().sqrt())))
    }

    /// `round(self, ndigits)`: for negative `ndigits` the nearest multiple of `10**-ndigits`, half to even.
    pub fn round_digits(&self, ndigits: i64) -> PyResult<Int> {
        if ndigits >= 0 {
            return Ok(self.clone());
        }
        let places = ndigits.unsigned_abs();
        // 10**places > 2**(3*places): far from half of it.
        if places.saturating_mul(3) > self.bit_length() + 3 {
            return Ok(Int::ZERO);
        }
        let unit = Int::from(10).pow(&Int::from(places), DEFAULT_MAX_BYTES)?;
        let (q, r) = self.divmod(&unit)?;
        let beyond = r.add(&r).cmp(&unit);
        let up = beyond.is_gt() || (beyond.is_eq() && q.is_odd());
        (if up { q.add(&Int::ONE) } else { q }).mul(&unit, DEFAULT_MAX_BYTES)
    }

    /// `float(self)`, correctly rounded.
    pub fn to_f64(&self) -> PyResult<f64> {
        if let Some(x) = self.to_i64() {
            return Ok(x as f64);
        }
        let (neg, words) = self.words();
        let bits = self.bit_length();
        if bits > 1024 {
            return Err(too_large_for_float());
        }
        let magnitude = scale_top(words, bits, false, 0);
        if magnitude.is_infinite() {
            return Err(too_large_for_float());
        }
        Ok(if neg { -magnitude } else { magnitude })
    }

    /// `int(x)`: truncates; errors for infinities and NaN.
    pub fn from_f64(x: f64) -> PyResult<Int> {
        if x.is_nan() {
            return Err(value_error("cannot convert float NaN to integer"));
        }
        if x.is_infinite() {
            return Err(overflow_error("cannot convert float infinity to integer"));
        }
        if x.abs() < 9.0e18 {
            return Ok(Int::from(x as i64));
        }
        let (mantissa, exponent) = super::float::decompose(x.abs());
        let magnitude = Int(IBig::from(mantissa) << exponent as usize);
        Ok(if x < 0.0 { magnitude.neg() } else { magnitude })
    }

    /// `self / o`, correctly rounded also where neither fits a float.
    pub fn true_div(&self, o: &Int) -> PyResult<f64> {
        if o.is_zero() {
            return Err(zero_division("division by zero"));
        }
        if let (Some(a), Some(b)) = (self.to_i64(), o.to_i64()) {
            const EXACT: u64 = 1 << 53;
            if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
                return Ok(a as f64 / b as f64);
            }
        }
        if self.is_zero() {
            return Ok(if o.is_negative() { -0.0 } else { 0.0 });
        }
        let negative = self.is_negative() != o.is_negative();
        let magnitude = div_magnitudes(self, o)?;
        Ok(if negative { -magnitude } else { magnitude })
    }

    /// Compares exactly with a float; `None` for NaN.
    pub fn cmp_f64(&self, x: f64) -> Option<Ordering> {
        if x.is_nan() {
            return None;
        }
        if x == f64::INFINITY {
            return Some(Ordering::Less);
        }
        if x == f64::NEG_INFINITY {
            return Some(Ordering::Greater);
        }
        let whole = x.trunc();
        let truncated = Int::from_f64(whole).ok()?;
        Some(self.cmp(&truncated).then_with(|| 0.0.partial_cmp(&(x - whole)).unwrap_or(Ordering::Equal)))
    }

    /// `int.from_bytes(bytes, order, signed=signed)`.
    pub fn from_bytes(bytes: &[u8], order: Order, signed: bool) -> Int {
        let magnitude = match order {
            Order::Little => UBig::from_le_bytes(bytes),
            Order::Big => UBig::from_be_bytes(bytes),
        };
        let top = match order {
            Order::Little => bytes.last(),
            Order::Big => bytes.first(),
        };
        let value = IBig::from(magnitude);
        if signed && top.is_some_and(|b| b & 0x80 != 0) {
            return Int(value - (IBig::ONE << (bytes.len() * 8)));
        }
        Int(value)
    }

    /// `self.to_bytes(length, order, signed=signed)`.
    pub fn to_bytes(&self, length: usize, order: Order, signed: bool) -> PyResult<Vec<u8>> {
        if self.is_negative() && !signed {
            return Err(overflow_error("can't convert negative int to unsigned"));
        }
        if !self.fits_bytes(length, signed) {
            return Err(overflow_error("int too big to convert"));
        }
        if length > DEFAULT_MAX_BYTES {
            return Err(super::err::memory_error());
        }
        let (negative, words) = self.words();
        let mut out = Vec::with_capacity(length);
        out.extend(words.iter().flat_map(|w| w.to_le_bytes()).take(length));
        out.resize(length, 0);
        if negative {
            negate_le(&mut out);
        }
        if order == Order::Big {
            out.reverse();
        }
        Ok(out)
    }

    /// Whether `length` bytes can hold the value.
    fn fits_bytes(&self, length: usize, signed: bool) -> bool {
        let room = (length as u64).saturating_mul(8);
        let bits = self.bit_length();
        if !signed {
            return bits <= room;
        }
        if self.is_negative() {
            // -2**(room-1) is the one value whose magnitude takes all the bits. CPython lets -1 through in no bytes.
            let power_of_two = self.bit_count() == 1;
            return bits < room || (bits == room.max(1) && power_of_two);
        }
        bits < room || bits == 0
    }
}

/// MemoryError when `bits` bits take more than `max_bytes`.
fn check_bits(bits: u64, max_bytes: usize) -> PyResult<()> {
    if bits / 8 > max_bytes as u64 { Err(super::err::memory_error()) } else { Ok(()) }
}

fn too_large_for_float() -> PyErr {
    overflow_error("int too large to convert to float")
}

/// Negates a little-endian two's complement number in place.
fn negate_le(bytes: &mut [u8]) {
    let mut carry = true;
    for b in bytes {
        let (x, c) = (!*b).overflowing_add(u8::from(carry));
        *b = x;
        carry = c;
    }
}

/// The value of `words` (of `bits` bits, plus something between 0 and one unit if `sticky`) times `2**exp`,
/// rounded half to even; infinite when out of range.
fn scale_top(words: &[u64], bits: u64, sticky: bool, exp: i64) -> f64 {
    let (mut top, shift, lost) = top_64(words, bits);
    if sticky || lost {
        top |= 1;
    }
    round_scaled(top, shift + exp)
}

/// The highest 64 bits (normalised to fill the word when there are more), the exponent that goes with them,
/// and whether ones were cut off.
fn top_64(words: &[u64], bits: u64) -> (u64, i64, bool) {
    if bits <= 64 {
        return (words.first().copied().unwrap_or(0), 0, false);
    }
    let shift = bits - 64;
    let (skip, off) = ((shift / 64) as usize, (shift % 64) as u32);
    let mut top = words[skip] >> off;
    if off != 0 {
        top |= words[skip + 1] << (64 - off);
    }
    let lost = words[..skip].iter().any(|w| *w != 0) || (off != 0 && words[skip] << (64 - off) != 0);
    (top, shift as i64, lost)
}

/// `mantissa * 2**exp` rounded once, half to even. A set lowest bit may stand for "and something more", which
/// is right as long as the mantissa has at least 55 bits or is exact.
pub(crate) fn round_scaled(mantissa: u64, exp: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let bits = 64 - i64::from(mantissa.leading_zeros());
    let lowest = (bits + exp - 53).max(-1074);
    let drop = lowest - exp;
    let rounded = match drop {
        ..=0 => mantissa,
        1..=63 => {
            let half = 1u64 << (drop - 1);
            let rest = mantissa & (half | (half - 1));
            let kept = mantissa >> drop;
            kept + u64::from(rest > half || (rest == half && kept & 1 == 1))
        }
        64 => u64::from(mantissa > 1 << 63),
        _ => 0,
    };
    let scale = if drop <= 0 { exp } else { lowest };
    ldexp_exact(rounded as f64, scale)
}

/// `x * 2**exp` where the result is known to be exact or to overflow.
pub(crate) fn ldexp_exact(mut x: f64, mut exp: i64) -> f64 {
    while exp > 1000 && x.is_finite() {
        x *= power_of_two(1000);
        exp -= 1000;
    }
    while exp < -1000 {
        x *= power_of_two(-1000);
        exp += 1000;
    }
    if x.is_finite() { x * power_of_two(exp) } else { x }
}

/// `2**exp` for a normal result.
fn power_of_two(exp: i64) -> f64 {
    f64::from_bits(((exp + 1023) as u64) << 52)
}

/// `|a| / |b|` rounded once.
fn div_magnitudes(a: &Int, b: &Int) -> PyResult<f64> {
    let (a_bits, b_bits) = (a.bit_length() as i64, b.bit_length() as i64);
    let diff = a_bits - b_bits;
    if diff > 1024 {
        return Err(overflow_error("integer division result too large for a float"));
    }
    if diff < -1080 {
        return Ok(0.0);
    }
    // A quotient of 63 to 65 bits, whose last bit also stands for the remainder.
    let shift = 64 - diff;
    let (mut n, mut d) = (a.0.clone().unsigned_abs(), b.0.clone().unsigned_abs());
    if shift >= 0 {
        n <<= shift as usize;
    } else {
        d <<= (-shift) as usize;
    }
    let (q, r) = dashu_base::DivRem::div_rem(n, d);
    let bits = q.bit_len() as u64;
    let value = scale_top(q.as_words(), bits, !r.is_zero(), -shift);
    if value.is_infinite() {
        return Err(overflow_error("integer division result too large for a float"));
    }
    Ok(value)
}
