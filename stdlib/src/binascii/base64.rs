//! Base 64 (RFC 4648) and uuencoding.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn value(c: u8) -> Option<u8> {
    Some(match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Encodes without a newline.
pub fn encode(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for chunk in data.chunks(3) {
        let word = u32::from(chunk[0]) << 16 | u32::from(*chunk.get(1).unwrap_or(&0)) << 8 | u32::from(*chunk.get(2).unwrap_or(&0));
        for i in 0..4 {
            out.push(if i > chunk.len() { b'=' } else { ALPHABET[(word >> (18 - 6 * i)) as usize & 63] });
        }
    }
    out
}

/// Decodes; outside strict mode what is no base64 is skipped. Errors are the texts of `binascii.Error`.
pub fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let refuse = |text: &str| Err(text.to_string());
    if strict && text.first() == Some(&b'=') {
        return refuse("Leading padding not allowed");
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut place, mut left, mut pads, mut padded) = (0, 0u8, 0, false);
    for (i, &c) in text.iter().enumerate() {
        if c == b'=' {
            padded = true;
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    return if strict && i + 1 < text.len() { refuse("Excess data after padding") } else { Ok(out) };
                }
            }
            continue;
        }
        let Some(v) = value(c) else {
            if strict {
                return refuse("Only base64 data is allowed");
            }
            continue;
        };
        if strict && padded {
            return refuse("Discontinuous padding not allowed");
        }
        pads = 0;
        match place {
            0 => {}
            1 => out.push(left << 2 | v >> 4),
            2 => out.push(left << 4 | v >> 2),
            _ => out.push(left << 6 | v),
        }
        left = match place {
            1 => v & 15,
            2 => v & 3,
            _ => v,
        };
        place = (place + 1) % 4;
    }
    match place {
        0 => Ok(out),
        1 => {
            let chars = out.len() / 3 * 4 + 1;
            Err(format!("Invalid base64-encoded string: number of data characters ({chars}) cannot be 1 more than a multiple of 4"))
        }
        _ => refuse("Incorrect padding"),
    }
}

/// A line of uuencoded data, newline included; at most 45 bytes.
pub fn uu_encode(data: &[u8], backtick: bool) -> Vec<u8> {
    let letter = |v: u8| if v == 0 && backtick { b'`' } else { b' ' + v };
    let mut out = vec![letter(data.len() as u8)];
    for chunk in data.chunks(3) {
        let word = u32::from(chunk[0]) << 16 | u32::from(*chunk.get(1).unwrap_or(&0)) << 8 | u32::from(*chunk.get(2).unwrap_or(&0));
        out.extend((0..4).map(|i| letter((word >> (18 - 6 * i)) as u8 & 63)));
    }
    out.push(b'\n');
    out
}

/// Decodes a uuencoded line. Errors are the texts of `binascii.Error`.
pub fn uu_decode(text: &[u8]) -> Result<Vec<u8>, &'static str> {
    // an empty line counts as one whose length byte is NUL, as in C
    let (first, rest) = text.split_first().unwrap_or((&0, &[]));
    let len = usize::from(first.wrapping_sub(b' ') & 63);
    let mut out = Vec::with_capacity(len);
    let (mut bits, mut left) = (0, 0u32);
    let mut at = 0;
    while out.len() < len {
        let v = match rest.get(at) {
            // trailing spaces may have been eaten at the end of the line
            None | Some(b'\n' | b'\r') => 0,
            Some(c) if !(b' '..=b' ' + 64).contains(c) => return Err("Illegal char"),
            Some(c) => (c - b' ') & 63,
        };
        at += 1;
        left = left << 6 | u32::from(v);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((left >> bits) as u8);
            left &= (1 << bits) - 1;
        }
    }
    let ends = |c: &u8| matches!(c, b' ' | b'`' | b'\n' | b'\r');
    if rest.iter().skip(at).all(ends) { Ok(out) } else { Err("Trailing garbage") }
}
