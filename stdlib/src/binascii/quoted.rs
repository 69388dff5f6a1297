//! Quoted-printable text (RFC 1521, and RFC 1522 for headers).

const MAX_LINE: usize = 76;

/// What the encoder is to quote.
pub struct Quote {
    /// Tabs and spaces too.
    pub tabs: bool,
    /// Line ends stand for line ends.
    pub text: bool,
    /// Spaces become underscores.
    pub header: bool,
}

fn nibble(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).map(|d| d as u8)
}

/// Decodes; what is no escape stays.
pub fn decode(data: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut i = 0;
    while let Some(&c) = data.get(i) {
        i += 1;
        match c {
            b'=' => match data.get(i) {
                None => break,
                Some(b'\n' | b'\r') => i = data[i..].iter().position(|c| *c == b'\n').map_or(data.len(), |n| i + n + 1),
                Some(b'=') => {
                    out.push(b'=');
                    i += 1;
                }
                Some(&high) => match (nibble(high), data.get(i + 1).copied().and_then(nibble)) {
                    (Some(h), Some(l)) => {
                        out.push(h << 4 | l);
                        i += 2;
                    }
                    _ => out.push(b'='),
                },
            },
            b'_' if header => out.push(b' '),
            c => out.push(c),
        }
    }
    out
}

struct Encoder<'a> {
    data: &'a [u8],
    quote: &'a Quote,
    crlf: bool,
    out: Vec<u8>,
    line: usize,
}

/// Encodes. Line ends become CRLF where the first one is.
pub fn encode(data: &[u8], quote: &Quote) -> Vec<u8> {
    let crlf = data.iter().position(|c| *c == b'\n').is_some_and(|i| i > 0 && data[i - 1] == b'\r');
    let mut e = Encoder { data, quote, crlf, out: Vec::with_capacity(data.len()), line: 0 };
    let mut i = 0;
    while i < data.len() {
        i += e.step(i);
    }
    e.out
}

impl Encoder<'_> {
    /// Encodes what stands at `i`; how many bytes that were.
    fn step(&mut self, i: usize) -> usize {
        let c = self.data[i];
        if self.must_quote(i) {
            if self.line + 3 >= MAX_LINE {
                self.soft_break();
            }
            self.escape(c);
            self.line += 3;
            return 1;
        }
        let next = self.data.get(i + 1);
        if self.quote.text && (c == b'\n' || (c == b'\r' && next == Some(&b'\n'))) {
            self.end_line();
            return if c == b'\r' { 2 } else { 1 };
        }
        if next.is_some_and(|n| *n != b'\n') && self.line + 1 >= MAX_LINE {
            self.soft_break();
        }
        self.line += 1;
        self.out.push(if self.quote.header && c == b' ' { b'_' } else { c });
        1
    }
    fn must_quote(&self, i: usize) -> bool {
        let (c, next) = (self.data[i], self.data.get(i + 1));
        let blank = matches!(c, b'\t' | b' ');
        let line_end = matches!(c, b'\r' | b'\n');
        c > 126
            || c == b'='
            || (self.quote.header && c == b'_')
            || (c == b'.' && self.line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)))
            || (!self.quote.text && line_end)
            || (blank && next.is_none())
            || (c < 33 && !line_end && (self.quote.tabs || !blank))
    }
    fn escape(&mut self, c: u8) {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        self.out.extend([b'=', HEX[usize::from(c >> 4)], HEX[usize::from(c & 15)]]);
    }
    fn newline(&mut self) {
        self.out.extend_from_slice(if self.crlf { b"\r\n" } else { b"\n" });
        self.line = 0;
    }
    fn soft_break(&mut self) {
        self.out.push(b'=');
        self.newline();
    }
    /// Ends a line; a blank before its end is quoted.
    fn end_line(&mut self) {
        if let Some(&blank @ (b' ' | b'\t')) = self.out.last() {
            self.out.pop();
            self.escape(blank);
        }
        self.newline();
    }
}
