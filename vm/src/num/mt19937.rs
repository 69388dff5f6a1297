//! The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), with the draws that Python's `_random.Random` makes
//! of it: the same seed and calls give the same numbers.
//!
//! Functions: [`Mt19937::new`] (seed key), [`Mt19937::from_int`] (`random.seed(n)`), [`Mt19937::next_u32`],
//! [`Mt19937::random`], [`Mt19937::getrandbits`], [`Mt19937::state`], [`Mt19937::from_state`].

use super::err::{PyResult, memory_error, value_error};
use super::int::{DEFAULT_MAX_BYTES, Int, Order};

const N: usize = 624;
const M: usize = 397;

/// A generator with its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mt19937 {
    words: [u32; N],
    index: usize,
}

impl Mt19937 {
    /// Seeds by a key of any length (`init_by_array`); an empty key counts as one zero.
    pub fn new(key: &[u32]) -> Mt19937 {
        let key = if key.is_empty() { &[0] } else { key };
        let mut words = linear(19_650_218);
        let mix = |words: &[u32; N], i: usize| words[i - 1] ^ (words[i - 1] >> 30);
        let mut i = 1;
        let mut step = |words: &mut [u32; N], factor: u32, add: &dyn Fn(usize) -> u32| {
            words[i] = (words[i] ^ mix(words, i).wrapping_mul(factor)).wrapping_add(add(i));
            i += 1;
            if i == N {
                words[0] = words[N - 1];
                i = 1;
            }
        };
        for k in 0..N.max(key.len()) {
            let j = k % key.len();
            step(&mut words, 1_664_525, &|_| key[j].wrapping_add(j as u32));
        }
        for _ in 0..N - 1 {
            step(&mut words, 1_566_083_941, &|i| (i as u32).wrapping_neg());
        }
        words[0] = 0x8000_0000;
        Mt19937 { words, index: N }
    }

    /// Whether nothing was drawn since it was seeded by a key.
    pub fn is_unused(&self) -> bool {
        self.index == N && self.words[0] == 0x8000_0000
    }

    /// Seeds as `random.seed(n)` does for an int: by the 32-bit words of its magnitude.
    pub fn from_int(n: &Int) -> Mt19937 {
        let key: Vec<u32> = n.words().1.iter().flat_map(|w| [*w as u32, (*w >> 32) as u32]).collect();
        let len = key.iter().rposition(|w| *w != 0).map_or(0, |last| last + 1);
        Mt19937::new(&key[..len])
    }

    /// The next 32 bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.index >= N {
            self.turn();
        }
        let mut y = self.words[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }

    /// Makes the next 624 words.
    fn turn(&mut self) {
        for k in 0..N {
            let y = (self.words[k] & 0x8000_0000) | (self.words[(k + 1) % N] & 0x7fff_ffff);
            let odd = if y & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[k] = self.words[(k + M) % N] ^ (y >> 1) ^ odd;
        }
        self.index = 0;
    }

    /// `random()`: 53 bits in `[0, 1)`.
    pub fn random(&mut self) -> f64 {
        let high = f64::from(self.next_u32() >> 5);
        let low = f64::from(self.next_u32() >> 6);
        (high * 67_108_864.0 + low) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// `getrandbits(k)` for `k <= 64`.
    pub fn getrandbits_u64(&mut self, k: u32) -> u64 {
        match k {
            0 => 0,
            1..=32 => u64::from(self.next_u32() >> (32 - k)),
            _ => {
                let low = u64::from(self.next_u32());
                low | u64::from(self.next_u32() >> (64 - k.min(64))) << 32
            }
        }
    }

    /// `getrandbits(k)`; ValueError for a negative count, MemoryError for one out of reason.
    pub fn getrandbits(&mut self, k: i64) -> PyResult<Int> {
        if k < 0 {
            return Err(value_error("number of bits must be non-negative"));
        }
        if k <= 64 {
            return Ok(Int::from(self.getrandbits_u64(k as u32)));
        }
        if k as u64 / 8 > DEFAULT_MAX_BYTES as u64 {
            return Err(memory_error());
        }
        let mut bytes = Vec::with_capacity(k as usize / 8 + 4);
        let mut left = k;
        while left > 0 {
            let word = self.next_u32() >> (32 - left.min(32));
            bytes.extend(word.to_le_bytes());
            left -= 32;
        }
        Ok(Int::from_bytes(&bytes, Order::Little, false))
    }

    /// The state as `getstate()` shows it: 624 words and the index.
    pub fn state(&self) -> (&[u32; N], usize) {
        (&self.words, self.index)
    }

    /// Takes a state; ValueError when the index is out of range.
    pub fn from_state(words: [u32; N], index: usize) -> PyResult<Mt19937> {
        if index > N {
            return Err(value_error("invalid state"));
        }
        Ok(Mt19937 { words, index })
    }
}

/// The reference's linear seeding.
fn linear(seed: u32) -> [u32; N] {
    let mut words = [0; N];
    words[0] = seed;
    for i in 1..N {
        let before = words[i - 1];
        words[i] = 1_812_433_253u32.wrapping_mul(before ^ (before >> 30)).wrapping_add(i as u32);
    }
    words
}
