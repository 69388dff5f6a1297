//! The constants of a unit, each once.

use crate::code::Const;
use std::collections::HashMap;

/// Constants by number. `1`, `1.0` and `True` are different ones, as are `0.0` and `-0.0`.
#[derive(Default)]
pub(super) struct ConstTable {
    values: Vec<Const>,
    by_key: HashMap<Vec<u8>, u32>,
}

impl ConstTable {
    /// The number of `value`.
    pub fn index(&mut self, value: Const) -> u32 {
        let mut key = Vec::with_capacity(16);
        if !write_key(&value, &mut key) {
            self.values.push(value);
            return self.values.len() as u32 - 1;
        }
        let next = self.values.len() as u32;
        let index = *self.by_key.entry(key).or_insert(next);
        if index == next {
            self.values.push(value);
        }
        index
    }

    /// All values, in order; the table is empty then.
    pub fn take(&mut self) -> Vec<Const> {
        self.by_key.clear();
        std::mem::take(&mut self.values)
    }
}

/// Writes what tells `value` from others; `false` for code, which is never shared.
fn write_key(value: &Const, key: &mut Vec<u8>) -> bool {
    match value {
        Const::None => key.push(0),
        Const::True => key.push(1),
        Const::False => key.push(2),
        Const::Ellipsis => key.push(3),
        Const::Int(n) => tagged(key, 4, &n.to_le_bytes()),
        Const::BigInt(digits, radix) => {
            tagged(key, 5, &radix.to_le_bytes());
            sized(key, 5, digits.as_bytes());
        }
        Const::Float(x) => tagged(key, 6, &x.to_bits().to_le_bytes()),
        Const::Imag(x) => tagged(key, 7, &x.to_bits().to_le_bytes()),
        Const::Complex(re, im) => {
            tagged(key, 8, &re.to_bits().to_le_bytes());
            key.extend(im.to_bits().to_le_bytes());
        }
        Const::Str(text) => sized(key, 9, text.as_bytes()),
        Const::StrWtf8(bytes) => sized(key, 10, bytes),
        Const::Bytes(bytes) => sized(key, 11, bytes),
        Const::Tuple(items) => return write_items(key, 12, items),
        Const::FrozenSet(items) => return write_items(key, 13, items),
        Const::Code(_) => return false,
    }
    true
}

fn tagged(key: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    key.push(tag);
    key.extend(bytes);
}

fn sized(key: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    tagged(key, tag, &(bytes.len() as u32).to_le_bytes());
    key.extend(bytes);
}

fn write_items(key: &mut Vec<u8>, tag: u8, items: &[Const]) -> bool {
    tagged(key, tag, &(items.len() as u32).to_le_bytes());
    items.iter().all(|item| write_key(item, key))
}
