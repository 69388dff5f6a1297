//! From byte offsets to lines and columns.

/// A place as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Location {
    /// 1-based line.
    pub line: u32,
    /// 0-based column in UTF-8 bytes, as in `ast` nodes.
    pub column: u32,
    /// 0-based column in characters.
    pub char_column: u32,
}

/// Where each line of a source begins. Lines end with `\n`, `\r\n` or `\r`.
#[derive(Debug, Clone, PartialEq)]
pub struct LineIndex {
    starts: Vec<u32>,
    len: u32,
}

impl LineIndex {
    /// Finds all lines of `src`.
    pub fn new(src: &str) -> Self {
        let bytes = src.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        for (i, &b) in bytes.iter().enumerate() {
            if b == b'\n' || (b == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                starts.push(i as u32 + 1);
            }
        }
        LineIndex { starts, len: bytes.len() as u32 }
    }

    /// The index of a text of `lines` lines of `width` bytes each, for trees that were not made from text.
    pub fn regular(lines: u32, width: u32) -> Self {
        LineIndex { starts: (0..lines).map(|i| i * width).collect(), len: lines * width }
    }

    /// Number of lines; a final newline begins one more, empty line.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The 1-based line of a byte offset. Offsets behind the end count as the end.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&s| s <= offset.min(self.len)) as u32
    }

    /// Byte offset of the first byte of a 1-based line; the source's length for lines behind the last.
    pub fn line_start(&self, line: u32) -> u32 {
        match self.starts.get(line.saturating_sub(1) as usize) {
            Some(&s) => s,
            None => self.len,
        }
    }

    /// Line and columns of a byte offset.
    pub fn locate(&self, src: &str, offset: u32) -> Location {
        let offset = offset.min(self.len);
        let line = self.line(offset);
        let start = self.line_start(line);
        let before = &src.as_bytes()[start as usize..offset as usize];
        let chars = before.iter().filter(|&&b| b & 0xC0 != 0x80).count();
        Location { line, column: offset - start, char_column: chars as u32 }
    }

    /// Line and column in bytes, without looking at the text.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line(offset);
        (line, offset.min(self.len) - self.line_start(line))
    }

    /// The text of a 1-based line with its newline; empty for lines that are not there.
    pub fn line_text<'s>(&self, src: &'s str, line: u32) -> &'s str {
        let start = self.line_start(line) as usize;
        let end = self.line_start(line + 1) as usize;
        src.get(start..end).unwrap_or("")
    }
}
