//! The language of `struct` formats: from text to a list of items with offsets.

/// Whether numbers are little-endian; whether sizes and alignment are this machine's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mode {
    /// Sizes and alignment of C.
    pub native: bool,
    /// Most significant byte first.
    pub big: bool,
}

/// A run of equal items.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The format letter.
    pub letter: u8,
    /// Bytes from the beginning of the struct.
    pub offset: usize,
    /// Bytes of one item.
    pub size: usize,
    /// How many.
    pub repeat: usize,
}

/// A format, taken apart.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The runs, padding left out.
    pub items: Vec<Item>,
    /// Byte order.
    pub mode: Mode,
    /// Bytes of the whole.
    pub size: usize,
    /// How many values it packs.
    pub values: usize,
}

const TOO_LONG: &str = "total struct size too long";

/// Size of a letter's item; `None` where there is no such letter. Alignment is the size.
fn size_of(letter: u8, native: bool) -> Option<usize> {
    Some(match letter {
        b'x' | b'c' | b'b' | b'B' | b'?' | b's' | b'p' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' => 4 + 4 * usize::from(native),
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => 8,
        _ => return None,
    })
}

fn mode_of(text: &[u8]) -> (Mode, &[u8]) {
    match text.split_first() {
        Some((b'@', rest)) => (Mode { native: true, big: false }, rest),
        Some((b'=' | b'<', rest)) => (Mode { native: false, big: false }, rest),
        Some((b'>' | b'!', rest)) => (Mode { native: false, big: true }, rest),
        _ => (Mode { native: true, big: false }, text),
    }
}

/// Takes a format apart. Errors are the texts of `struct.error`.
pub fn parse(text: &[u8]) -> Result<Layout, &'static str> {
    let (mode, text) = mode_of(text);
    let mut layout = Layout { items: Vec::new(), mode, size: 0, values: 0 };
    let mut chars = text.iter().copied().peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_whitespace() || c == 0x0b {
            continue;
        }
        let (count, letter) = if c.is_ascii_digit() {
            let mut n = usize::from(c - b'0');
            while let Some(d) = chars.next_if(u8::is_ascii_digit) {
                n = n.checked_mul(10).and_then(|n| n.checked_add(usize::from(d - b'0'))).filter(|n| *n <= isize::MAX as usize).ok_or(TOO_LONG)?;
            }
            (n, chars.next().ok_or("repeat count given without format specifier")?)
        } else {
            (1, c)
        };
        layout.add(letter, count)?;
    }
    Ok(layout)
}

impl Layout {
    fn add(&mut self, letter: u8, count: usize) -> Result<(), &'static str> {
        let unit = size_of(letter, self.mode.native).ok_or("bad char in struct format")?;
        if self.mode.native {
            self.size = self.size.checked_next_multiple_of(unit).ok_or(TOO_LONG)?;
        }
        let offset = self.size;
        self.size = unit.checked_mul(count).and_then(|n| n.checked_add(offset)).filter(|n| *n <= isize::MAX as usize).ok_or(TOO_LONG)?;
        match letter {
            b'x' => {}
            b's' | b'p' => {
                self.items.push(Item { letter, offset, size: count, repeat: 1 });
                self.values += 1;
            }
            _ if count > 0 => {
                self.items.push(Item { letter, offset, size: unit, repeat: count });
                self.values += count;
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alignment_is_only_native() {
        assert_eq!(parse(b"bq").unwrap().size, 16);
        assert_eq!(parse(b"<bq").unwrap().size, 9);
        assert_eq!(parse(b"qb").unwrap().size, 9);
        assert_eq!(parse(b"b0q").unwrap().size, 8);
        assert_eq!(parse(b"3s 2p x").unwrap().values, 2);
        assert!(parse(b"5").is_err() && parse(b"y").is_err() && parse(b"<n").is_err());
    }
}
