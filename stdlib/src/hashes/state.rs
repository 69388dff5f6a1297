//! Hash algorithms behind one face. The arithmetic is the RustCrypto crates' and `blake2*_simd`'s.

use sha2::digest::{Digest, ExtendableOutput, Update, XofReader};

/// A running hash.
pub trait Running {
    /// Hashes more bytes.
    fn update(&mut self, data: &[u8]);
    /// The digest so far; `len` bytes where the algorithm gives any number, else ignored.
    fn digest(&self, len: usize) -> Vec<u8>;
    /// The same state again.
    fn again(&self) -> Box<dyn Running>;
}

#[derive(Clone)]
struct Fixed<D>(D);

impl<D: Digest + Clone + 'static> Running for Fixed<D> {
    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.0, data);
    }
    fn digest(&self, _: usize) -> Vec<u8> {
        self.0.clone().finalize().to_vec()
    }
    fn again(&self) -> Box<dyn Running> {
        Box::new(Fixed(self.0.clone()))
    }
}

#[derive(Clone)]
struct Xof<D>(D);

impl<D: Update + ExtendableOutput + Clone + 'static> Running for Xof<D> {
    fn update(&mut self, data: &[u8]) {
        Update::update(&mut self.0, data);
    }
    fn digest(&self, len: usize) -> Vec<u8> {
        let mut out = vec![0; len];
        self.0.clone().finalize_xof().read(&mut out);
        out
    }
    fn again(&self) -> Box<dyn Running> {
        Box::new(Xof(self.0.clone()))
    }
}

/// MD5 and SHA-1 side by side, as TLS 1.0 used them.
#[derive(Clone)]
struct Both(md5::Md5, sha1::Sha1);

impl Running for Both {
    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.0, data);
        Digest::update(&mut self.1, data);
    }
    fn digest(&self, _: usize) -> Vec<u8> {
        [self.0.clone().finalize().to_vec(), self.1.clone().finalize().to_vec()].concat()
    }
    fn again(&self) -> Box<dyn Running> {
        Box::new(self.clone())
    }
}

impl Running for blake2b_simd::State {
    fn update(&mut self, data: &[u8]) {
        blake2b_simd::State::update(self, data);
    }
    fn digest(&self, _: usize) -> Vec<u8> {
        self.finalize().as_bytes().to_vec()
    }
    fn again(&self) -> Box<dyn Running> {
        Box::new(self.clone())
    }
}

impl Running for blake2s_simd::State {
    fn update(&mut self, data: &[u8]) {
        blake2s_simd::State::update(self, data);
    }
    fn digest(&self, _: usize) -> Vec<u8> {
        self.finalize().as_bytes().to_vec()
    }
    fn again(&self) -> Box<dyn Running> {
        Box::new(self.clone())
    }
}

/// An algorithm.
pub struct Algorithm {
    /// The name that hash objects tell.
    pub name: &'static str,
    /// Bytes of a digest; 0 where the caller says how many.
    pub digest_size: usize,
    /// Bytes of a block.
    pub block_size: usize,
    /// A fresh state.
    pub start: fn() -> Box<dyn Running>,
}

fn fixed<D: Digest + Clone + 'static>() -> Box<dyn Running> {
    Box::new(Fixed(D::new()))
}
fn xof<D: Update + ExtendableOutput + Clone + Default + 'static>() -> Box<dyn Running> {
    Box::new(Xof(D::default()))
}
const fn algorithm(name: &'static str, digest_size: usize, block_size: usize, start: fn() -> Box<dyn Running>) -> Algorithm {
    Algorithm { name, digest_size, block_size, start }
}

/// All algorithms.
pub static ALGORITHMS: &[Algorithm] = &[
    algorithm("md5", 16, 64, fixed::<md5::Md5>),
    algorithm("sha1", 20, 64, fixed::<sha1::Sha1>),
    algorithm("sha224", 28, 64, fixed::<sha2::Sha224>),
    algorithm("sha256", 32, 64, fixed::<sha2::Sha256>),
    algorithm("sha384", 48, 128, fixed::<sha2::Sha384>),
    algorithm("sha512", 64, 128, fixed::<sha2::Sha512>),
    algorithm("sha512_224", 28, 128, fixed::<sha2::Sha512_224>),
    algorithm("sha512_256", 32, 128, fixed::<sha2::Sha512_256>),
    algorithm("sha3_224", 28, 144, fixed::<sha3::Sha3_224>),
    algorithm("sha3_256", 32, 136, fixed::<sha3::Sha3_256>),
    algorithm("sha3_384", 48, 104, fixed::<sha3::Sha3_384>),
    algorithm("sha3_512", 64, 72, fixed::<sha3::Sha3_512>),
    algorithm("shake_128", 0, 168, xof::<sha3::Shake128>),
    algorithm("shake_256", 0, 136, xof::<sha3::Shake256>),
    algorithm("md5-sha1", 36, 64, || Box::new(Both(md5::Md5::new(), sha1::Sha1::new()))),
    algorithm("blake2b", 64, 128, || Box::new(blake2b_simd::State::new())),
    algorithm("blake2s", 32, 64, || Box::new(blake2s_simd::State::new())),
];

/// The algorithm that hash objects call `name`.
pub fn named(name: &str) -> Option<&'static Algorithm> {
    ALGORITHMS.iter().find(|a| a.name == name)
}

/// The algorithm that OpenSSL knows by a name: case does not count, and some have aliases.
pub fn found(name: &str) -> Option<&'static Algorithm> {
    let lower = name.to_ascii_lowercase();
    let canonical = match lower.as_str() {
        "blake2b512" => "blake2b",
        "blake2s256" => "blake2s",
        "blake2b" | "blake2s" => return None,
        "md5-sha1" => "md5-sha1",
        other => &other.replace('-', "_"),
    };
    let canonical = match canonical.strip_prefix("sha_").or_else(|| canonical.strip_prefix("sha2_")) {
        Some(rest) => format!("sha{rest}"),
        None => canonical.to_string(),
    };
    named(&canonical.replace("shake128", "shake_128").replace("shake256", "shake_256").replace("sha512/", "sha512_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_what_the_states_give() {
        for a in ALGORITHMS {
            assert_eq!((a.start)().digest(a.digest_size).len(), a.digest_size, "{}", a.name);
        }
        assert_eq!(found("SHA3-256").unwrap().name, "sha3_256");
        assert_eq!(found("SHA-256").unwrap().name, "sha256");
        assert!(found("sha257").is_none() && found("blake2b").is_none());
    }
}
