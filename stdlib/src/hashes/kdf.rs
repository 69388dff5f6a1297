//! Keys from passwords: PBKDF2 (RFC 8018) and scrypt (RFC 7914).

use super::hmac::Hmac;
use super::openssl::algorithm_arg;
use super::state::{Algorithm, found};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// `len` bytes of PBKDF2.
fn pbkdf2(algorithm: &'static Algorithm, password: &[u8], salt: &[u8], rounds: u64, len: usize) -> Vec<u8> {
    let keyed = Hmac::new(algorithm, password);
    let mut out = Vec::with_capacity(len);
    let mut block = 0u32;
    while out.len() < len {
        block += 1;
        let mut first = keyed.again();
        first.update(salt);
        first.update(&block.to_be_bytes());
        let mut u = first.digest();
        let mut sum = u.clone();
        for _ in 1..rounds {
            let mut h = keyed.again();
            h.update(&u);
            u = h.digest();
            sum.iter_mut().zip(&u).for_each(|(s, b)| *s ^= b);
        }
        out.extend_from_slice(&sum[..sum.len().min(len - out.len())]);
    }
    out
}

/// `pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)`
pub fn pbkdf2_hmac(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !a[0].is_a::<gilbert_vm::types::str::Str>() {
        let name = vm.type_name(&a[0]);
        return Err(vm.type_error(format!("pbkdf2_hmac() argument 'hash_name' must be str, not {name}")));
    }
    let (password, salt) = (vm.simple_buffer(&a[1])?, vm.simple_buffer(&a[2])?);
    let rounds = vm.to_i64(&a[3])?;
    let algorithm = algorithm_arg(vm, &a[0])?;
    if rounds < 1 {
        return Err(vm.value_error("iteration value must be greater than 0."));
    }
    if rounds > i64::from(i32::MAX) {
        return Err(vm.err(Exc::OverflowError, "iteration value is too great."));
    }
    let len = if a[4].is_none() { algorithm.digest_size as i64 } else { vm.to_i64(&a[4])? };
    if len < 1 {
        return Err(vm.value_error("key length must be greater than 0."));
    }
    if len > i64::from(i32::MAX) {
        return Err(vm.err(Exc::OverflowError, "key length is too great."));
    }
    Ok(vm.new_bytes(pbkdf2(algorithm, &password, &salt, rounds as u64, len as usize)))
}

// --- scrypt -----------------------------------------------------------------------------------------------------

fn salsa(block: &mut [u32; 16]) {
    const QUARTERS: [[usize; 4]; 8] =
        [[0, 4, 8, 12], [5, 9, 13, 1], [10, 14, 2, 6], [15, 3, 7, 11], [0, 1, 2, 3], [5, 6, 7, 4], [10, 11, 8, 9], [15, 12, 13, 14]];
    let before = *block;
    for _ in 0..4 {
        for [a, b, c, d] in QUARTERS {
            block[b] ^= block[a].wrapping_add(block[d]).rotate_left(7);
            block[c] ^= block[b].wrapping_add(block[a]).rotate_left(9);
            block[d] ^= block[c].wrapping_add(block[b]).rotate_left(13);
            block[a] ^= block[d].wrapping_add(block[c]).rotate_left(18);
        }
    }
    block.iter_mut().zip(before).for_each(|(x, b)| *x = x.wrapping_add(b));
}

fn mix_block(blocks: &mut Vec<[u32; 16]>) {
    let mut x = blocks[blocks.len() - 1];
    let (mut even, mut odd) = (Vec::with_capacity(blocks.len()), Vec::with_capacity(blocks.len() / 2));
    for (i, b) in blocks.iter().enumerate() {
        x.iter_mut().zip(b).for_each(|(x, b)| *x ^= b);
        salsa(&mut x);
        if i % 2 == 0 { even.push(x) } else { odd.push(x) }
    }
    even.append(&mut odd);
    *blocks = even;
}

fn mix(bytes: &mut [u8], n: usize) {
    let mut x: Vec<[u32; 16]> =
        bytes.chunks_exact(64).map(|b| std::array::from_fn(|i| u32::from_le_bytes([b[4 * i], b[4 * i + 1], b[4 * i + 2], b[4 * i + 3]]))).collect();
    let mut kept = Vec::with_capacity(n);
    for _ in 0..n {
        kept.push(x.clone());
        mix_block(&mut x);
    }
    for _ in 0..n {
        let j = x[x.len() - 1][0] as usize & (n - 1);
        x.iter_mut().zip(&kept[j]).for_each(|(x, k)| x.iter_mut().zip(k).for_each(|(x, k)| *x ^= k));
        mix_block(&mut x);
    }
    for (out, word) in bytes.chunks_exact_mut(4).zip(x.iter().flatten()) {
        out.copy_from_slice(&word.to_le_bytes());
    }
}

fn required(vm: &mut Vm, v: &Value, name: &str) -> PyResult<u64> {
    if v.is_none() {
        return Err(vm.type_error(format!("{name} is required and must be an unsigned int")));
    }
    let i = vm.to_int(v)?;
    i.to_u64().ok_or_else(|| vm.type_error(format!("{name} is required and must be an unsigned int")))
}

/// `scrypt(password, *, salt, n, r, p, maxmem=0, dklen=64)`
pub fn scrypt(vm: &mut Vm, a: &[Value]) -> PyResult {
    const DEFAULT_MEMORY: u64 = 32 << 20;
    let password = vm.simple_buffer(&a[0])?;
    if a[1].is_none() {
        return Err(vm.type_error("salt is required"));
    }
    let salt = vm.simple_buffer(&a[1])?;
    let n = required(vm, &a[2], "n")?;
    if n < 2 || !n.is_power_of_two() {
        return Err(vm.value_error("n must be a power of 2."));
    }
    let (r, p) = (required(vm, &a[3], "r")?, required(vm, &a[4], "p")?);
    let (most, len) = (vm.to_i64(&a[5])?, vm.to_i64(&a[6])?);
    let limit = i64::from(i32::MAX);
    if !(0..=limit).contains(&most) {
        return Err(vm.value_error(format!("maxmem must be positive and smaller than {limit}")));
    }
    if !(1..=limit).contains(&len) {
        return Err(vm.value_error(format!("dklen must be greater than 0 and smaller than {limit}")));
    }
    let most = if most == 0 { DEFAULT_MEMORY } else { most as u64 };
    let needed = r.checked_mul(128).and_then(|b| b.checked_mul(n.checked_add(p)?.checked_add(2)?));
    if r == 0 || p == 0 || needed.is_none_or(|n| n > most) {
        return Err(vm.value_error("[digital envelope routines] memory limit exceeded"));
    }
    let sha256 = found("sha256").expect("listed");
    let chunk = 128 * r as usize;
    let mut bytes = pbkdf2(sha256, &password, &salt, 1, chunk * p as usize);
    bytes.chunks_exact_mut(chunk).for_each(|c| mix(c, n as usize));
    Ok(vm.new_bytes(pbkdf2(sha256, &password, &bytes, 1, len as usize)))
}
