//! Bytes that processes share: read and written atomically, copied in and out, never lent as a slice.
//!
//! They lie in words of eight bytes. An item of up to eight bytes that does not cross a word is read and written at once, as the
//! processor does with aligned numbers: nobody sees half of one. Longer copies are whole by word only.

use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes of a word.
const WORD: usize = 8;

/// See the module's page.
pub struct SharedBytes {
    words: Box<[AtomicU64]>,
    len: usize,
}

impl SharedBytes {
    /// So many zeros; `None` where there is no memory for them.
    pub fn zeros(len: usize) -> Option<SharedBytes> {
        let count = len.div_ceil(WORD);
        let mut words = Vec::new();
        words.try_reserve_exact(count).ok()?;
        words.resize_with(count, AtomicU64::default);
        Some(SharedBytes { words: words.into_boxed_slice(), len })
    }
    /// How many bytes.
    pub fn len(&self) -> usize {
        self.len
    }
    /// No bytes?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
    /// Copies the bytes from `at` on; nothing where there are fewer.
    pub fn load(&self, mut at: usize, mut out: &mut [u8]) {
        if at.checked_add(out.len()).is_none_or(|end| end > self.len) {
            return;
        }
        while !out.is_empty() {
            let (from, n) = (at % WORD, (WORD - at % WORD).min(out.len()));
            let word = self.words[at / WORD].load(Ordering::Relaxed).to_ne_bytes();
            let (part, rest) = out.split_at_mut(n);
            part.copy_from_slice(&word[from..from + n]);
            (out, at) = (rest, at + n);
        }
    }
    /// Overwrites the bytes from `at` on; nothing where there are fewer.
    pub fn store(&self, mut at: usize, mut bytes: &[u8]) {
        if at.checked_add(bytes.len()).is_none_or(|end| end > self.len) {
            return;
        }
        while !bytes.is_empty() {
            let (to, n) = (at % WORD, (WORD - at % WORD).min(bytes.len()));
            let (part, rest) = bytes.split_at(n);
            self.store_part(&self.words[at / WORD], to, part);
            (bytes, at) = (rest, at + n);
        }
    }
    fn store_part(&self, word: &AtomicU64, to: usize, part: &[u8]) {
        let changed = |old: u64| {
            let mut all = old.to_ne_bytes();
            all[to..to + part.len()].copy_from_slice(part);
            u64::from_ne_bytes(all)
        };
        if part.len() == WORD {
            word.store(changed(0), Ordering::Relaxed);
        } else {
            // the neighbours' bytes stay as they are at that moment
            let _ = word.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |old| Some(changed(old)));
        }
    }
    /// A copy of all bytes.
    pub fn to_vec(&self) -> Vec<u8> {
        let mut all = vec![0; self.len];
        self.load(0, &mut all);
        all
    }
}

impl From<&[u8]> for SharedBytes {
    fn from(bytes: &[u8]) -> SharedBytes {
        let words = bytes.chunks(WORD).map(|c| {
            let mut word = [0; WORD];
            word[..c.len()].copy_from_slice(c);
            AtomicU64::new(u64::from_ne_bytes(word))
        });
        SharedBytes { words: words.collect(), len: bytes.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_stretch_is_copied_in_and_out() {
        let bytes: Vec<u8> = (0..29).collect();
        let shared = SharedBytes::from(&bytes[..]);
        assert_eq!(shared.to_vec(), bytes);
        for at in 0..29 {
            for n in 0..=29 - at {
                let mut out = vec![0xFF; n];
                shared.load(at, &mut out);
                assert_eq!(out, bytes[at..at + n]);
                let other = SharedBytes::zeros(29).unwrap();
                other.store(at, &out);
                let mut expected = vec![0; 29];
                expected[at..at + n].copy_from_slice(&out);
                assert_eq!(other.to_vec(), expected);
            }
        }
        shared.store(28, &[1, 2]);
        assert_eq!(shared.to_vec(), bytes);
    }
}
