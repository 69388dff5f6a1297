//! Hashes of text, bytes, numbers and tuples. The same on every machine and in every run: hash order must not leak the host.

/// Hash of a str's or bytes' contents; never 0 (not computed) and never -1 (an error in CPython's API).
pub fn bytes(data: &[u8]) -> i64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut h = (data.len() as u64).wrapping_mul(K);
    let mut chunks = data.chunks_exact(8);
    for c in &mut chunks {
        let word = u64::from_le_bytes(c.try_into().expect("eight bytes"));
        h = (h.rotate_left(23) ^ word).wrapping_mul(K);
    }
    let mut tail = [0u8; 8];
    tail[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    h = (h.rotate_left(23) ^ u64::from_le_bytes(tail)).wrapping_mul(K);
    h ^= h >> 29;
    h = h.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h ^= h >> 32;
    match h as i64 {
        0 | -1 => 0x5EED,
        h => h,
    }
}

const MODULUS: u64 = (1 << 61) - 1;

/// Hash of an int that fits 64 bits: its residue modulo 2**61 - 1 (`Python/pyhash.c`).
#[inline]
pub fn int(i: i64) -> i64 {
    let r = (i.unsigned_abs() % MODULUS) as i64;
    match if i < 0 { -r } else { r } {
        -1 => -2,
        h => h,
    }
}

/// Hash of a tuple from its items' hashes (xxHash variant of `Objects/tupleobject.c`).
pub fn tuple(items: impl ExactSizeIterator<Item = i64>) -> i64 {
    const P1: u64 = 11400714785074694791;
    const P2: u64 = 14029467366897019727;
    const P5: u64 = 2870177450012600261;
    let len = items.len() as u64;
    let mut acc = P5;
    for h in items {
        acc = acc.wrapping_add((h as u64).wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1);
    }
    acc = acc.wrapping_add(len ^ (P5 ^ 3527539));
    if acc == u64::MAX { 1546275796 } else { acc as i64 }
}

/// Hash of an int of any size: its residue modulo 2**61 - 1.
pub fn big(i: &crate::num::Int) -> i64 {
    let (negative, words) = i.words();
    // 2**64 is 8 modulo 2**61 - 1
    let r = words.iter().rev().fold(0u64, |acc, &w| ((acc as u128 * 8 + w as u128) % MODULUS as u128) as u64) as i64;
    match if negative { -r } else { r } {
        -1 => -2,
        h => h,
    }
}
