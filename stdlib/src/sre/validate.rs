//! Whether a pattern's code is well formed: `_sre.compile` takes code from anybody, the engine trusts it.
//!
//! Offsets ("skips") count from their own word. Each check consumes a stretch of code exactly.

use rustpython_sre_engine::{MAXGROUPS, SreAtCode, SreCatCode, SreOpcode as Op};

/// Groups nest at most so deeply in code that a compiler made.
const MAX_DEPTH: u32 = 2000;
/// Words of a bitmap of 256 bits.
const BITMAP: usize = 8;

/// A stretch of code and how far it has been read.
struct Reader<'a> {
    code: &'a [u32],
    at: usize,
    groups: usize,
    depth: u32,
}

/// Whether the code is one that the engine can run.
pub fn valid(code: &[u32], groups: usize) -> bool {
    let Some((&last, body)) = code.split_last() else { return false };
    last == Op::SUCCESS as u32 && groups <= MAXGROUPS && Reader { code: body, at: 0, groups, depth: 0 }.block().is_some()
}

impl<'a> Reader<'a> {
    fn word(&mut self) -> Option<u32> {
        let w = *self.code.get(self.at)?;
        self.at += 1;
        Some(w)
    }
    fn op(&mut self) -> Option<Op> {
        Op::try_from(self.word()?).ok()
    }
    fn expect(&mut self, op: Op) -> Option<()> {
        (self.op()? == op).then_some(())
    }
    /// Reads a skip; gives where it leads.
    fn skip(&mut self) -> Option<usize> {
        let from = self.at;
        let to = from.checked_add(self.word()? as usize)?;
        (to > from && to <= self.code.len()).then_some(to)
    }
    /// Checks the code up to `end` as a block of its own and goes there.
    fn inner(&mut self, end: usize) -> Option<()> {
        let body = self.code.get(self.at..end)?;
        if self.depth >= MAX_DEPTH {
            return None;
        }
        Reader { code: body, at: 0, groups: self.groups, depth: self.depth + 1 }.block()?;
        self.at = end;
        Some(())
    }
    /// A sequence of instructions.
    fn block(&mut self) -> Option<()> {
        while self.at < self.code.len() {
            self.instruction()?;
        }
        Some(())
    }
    fn instruction(&mut self) -> Option<()> {
        match self.op()? {
            Op::MARK => (self.word()? as usize <= 2 * self.groups + 1).then_some(()),
            Op::LITERAL
            | Op::NOT_LITERAL
            | Op::LITERAL_IGNORE
            | Op::NOT_LITERAL_IGNORE
            | Op::LITERAL_UNI_IGNORE
            | Op::NOT_LITERAL_UNI_IGNORE
            | Op::LITERAL_LOC_IGNORE
            | Op::NOT_LITERAL_LOC_IGNORE => self.word().map(drop),
            Op::SUCCESS | Op::FAILURE | Op::ANY | Op::ANY_ALL => Some(()),
            Op::AT => SreAtCode::try_from(self.word()?).ok().map(drop),
            Op::IN | Op::IN_IGNORE | Op::IN_UNI_IGNORE | Op::IN_LOC_IGNORE => {
                let end = self.skip()?;
                self.charset(end)
            }
            Op::INFO => self.info(),
            Op::BRANCH => self.branch(),
            Op::REPEAT_ONE | Op::MIN_REPEAT_ONE | Op::POSSESSIVE_REPEAT_ONE => {
                let end = self.skip()?;
                self.counts()?;
                self.inner(end.checked_sub(1)?)?;
                self.expect(Op::SUCCESS)
            }
            op @ (Op::REPEAT | Op::POSSESSIVE_REPEAT) => {
                let end = self.skip()?;
                self.counts()?;
                self.inner(end)?;
                match (op, self.op()?) {
                    (Op::POSSESSIVE_REPEAT, Op::SUCCESS) | (Op::REPEAT, Op::MAX_UNTIL | Op::MIN_UNTIL) => Some(()),
                    _ => None,
                }
            }
            Op::ATOMIC_GROUP => {
                let end = self.skip()?;
                self.inner(end.checked_sub(1)?)?;
                self.expect(Op::SUCCESS)
            }
            Op::ASSERT | Op::ASSERT_NOT => {
                let end = self.skip()?;
                if self.word()? >= 1 << 31 {
                    return None;
                }
                self.inner(end.checked_sub(1)?)?;
                self.expect(Op::SUCCESS)
            }
            Op::GROUPREF | Op::GROUPREF_IGNORE | Op::GROUPREF_UNI_IGNORE | Op::GROUPREF_LOC_IGNORE => self.group(),
            Op::GROUPREF_EXISTS => self.conditional(),
            _ => None,
        }
    }
    fn group(&mut self) -> Option<()> {
        ((self.word()? as usize) < self.groups).then_some(())
    }
    fn counts(&mut self) -> Option<()> {
        let (min, max) = (self.word()?, self.word()?);
        (min <= max).then_some(())
    }
    /// The items of a set of characters up to `end`, the last of which is FAILURE.
    fn charset(&mut self, end: usize) -> Option<()> {
        let last = end.checked_sub(1)?;
        if self.at > last || *self.code.get(last)? != Op::FAILURE as u32 {
            return None;
        }
        while self.at < last {
            match self.op()? {
                Op::NEGATE => {}
                Op::LITERAL => drop(self.word()?),
                Op::RANGE | Op::RANGE_UNI_IGNORE => self.at += 2,
                Op::CHARSET => self.at += BITMAP,
                Op::BIGCHARSET => {
                    let blocks = self.word()?;
                    let table = self.code.get(self.at..self.at + 64)?;
                    if table.iter().flat_map(|w| w.to_ne_bytes()).any(|b| u32::from(b) >= blocks) {
                        return None;
                    }
                    self.at = (self.at + 64).checked_add((blocks as usize).checked_mul(BITMAP)?)?;
                }
                Op::CATEGORY => drop(SreCatCode::try_from(self.word()?).ok()?),
                _ => return None,
            }
            if self.at > last {
                return None;
            }
        }
        self.at = end;
        Some(())
    }
    /// Alternatives, each behind a skip and before a jump to the common end; a skip of 0 ends them.
    fn branch(&mut self) -> Option<()> {
        let mut target = None;
        while *self.code.get(self.at)? != 0 {
            let end = self.skip()?;
            self.inner(end.checked_sub(2)?)?;
            self.expect(Op::JUMP)?;
            let to = self.skip()?;
            if *target.get_or_insert(to) != to {
                return None;
            }
        }
        self.at += 1;
        target.is_none_or(|t| t == self.at).then_some(())
    }
    /// `(?(1)yes|no)`: group, skip to `no` (or the end), yes [, jump, no].
    fn conditional(&mut self) -> Option<()> {
        self.group()?;
        // counts from the group's word
        let from = self.at - 1;
        let to = from.checked_add(self.word()? as usize)?;
        if to > self.code.len() || to < self.at {
            return None;
        }
        let jump = to.checked_sub(2).filter(|&j| j >= self.at && self.code[j] == Op::JUMP as u32);
        let Some(jump) = jump else { return self.inner(to) };
        self.inner(jump)?;
        self.expect(Op::JUMP)?;
        let end = self.skip()?;
        self.inner(end)
    }
    /// What a search may know beforehand: a literal prefix with its overlap table, or a set of first characters.
    fn info(&mut self) -> Option<()> {
        const PREFIX: u32 = 1;
        const LITERAL: u32 = 2;
        const CHARSET: u32 = 4;
        let end = self.skip()?;
        let flags = self.word()?;
        self.counts()?;
        let known = flags & !(PREFIX | LITERAL | CHARSET) == 0;
        if !known || (flags & PREFIX != 0 && flags & CHARSET != 0) || (flags & LITERAL != 0 && flags & PREFIX == 0) {
            return None;
        }
        if flags & PREFIX != 0 {
            let (len, skip) = (self.word()? as usize, self.word()? as usize);
            let overlap = self.code.get(self.at.checked_add(len)?..self.at.checked_add(2 * len)?)?;
            if len == 0 || skip > len || overlap.iter().any(|&o| o as usize >= len) {
                return None;
            }
            self.at += 2 * len;
        }
        if flags & CHARSET != 0 {
            return self.charset(end);
        }
        (self.at == end).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::valid;

    #[test]
    fn hand_made_code_is_refused() {
        assert!(valid(&[16, 97, 1], 0));
        // (x)?(?(1)y|z)
        assert!(valid(&[23, 9, 0, 1, 17, 0, 16, 120, 17, 1, 18, 12, 0, 6, 16, 121, 15, 3, 16, 122, 1], 1));
        for bad in [&[][..], &[1, 2], &[999, 1], &[16], &[17, 9, 1], &[15, 200, 1], &[24, 5, 0, 10, 1], &[13, 3, 1], &[11, 0, 1]] {
            assert!(!valid(bad, 0), "{bad:?}");
        }
    }
}
