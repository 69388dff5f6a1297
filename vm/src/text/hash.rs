//! The seeded hash of str and bytes.
//!
//! Functions: [`hash_bytes`].

const A: u64 = 0xa076_1d64_78bd_642f;
const B: u64 = 0xe703_7ed1_a0b4_28db;

/// Multiplies to 128 bits and folds the halves together.
fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a) * u128::from(b);
    wide as u64 ^ (wide >> 64) as u64
}

fn word_8(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |w| u64::from_le_bytes(*w))
}

fn word_4(bytes: &[u8], at: usize) -> u64 {
    bytes[at..].first_chunk().map_or(0, |w| u64::from(u32::from_le_bytes(*w)))
}

/// Up to 16 bytes as two words, which overlap.
fn tail(bytes: &[u8]) -> (u64, u64) {
    let n = bytes.len();
    match n {
        8.. => (word_8(bytes, 0), word_8(bytes, n - 8)),
        4..8 => (word_4(bytes, 0), word_4(bytes, n - 4)),
        1..4 => {
            let ends = u64::from(bytes[0]) << 16 | u64::from(bytes[n / 2]) << 8;
            (ends | u64::from(bytes[n - 1]), 0)
        }
        0 => (0, 0),
    }
}

/// The hash of a text or of bytes, never -1; 0 for nothing, as in CPython. The same bytes and seed give the same
/// hash on every machine. Folded multiplication, 16 bytes at a time: several times faster than SipHash on the short
/// keys that dictionaries see, and the seed goes into every step.
pub fn hash_bytes(bytes: &[u8], seed: u64) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    let mut state = seed ^ A;
    let mut rest = bytes;
    while rest.len() > 16 {
        state = fold(word_8(rest, 0) ^ B, word_8(rest, 8) ^ state);
        rest = &rest[16..];
    }
    let (low, high) = tail(rest);
    state = fold(low ^ B, high ^ state);
    let h = fold(state ^ A, bytes.len() as u64 ^ B) as i64;
    if h == -1 { -2 } else { h }
}
