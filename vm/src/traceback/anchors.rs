//! The marks under a source line: which part failed (`Python/traceback.c`, `extract_anchors_from_line`).

use gilbert_parser::ast::{Expr, ExprKind, StmtKind};

/// Parts of a line shorter than this many bytes are parsed on the thread's own stack.
const SHALLOW: usize = 200;

/// Marks for a line: columns in characters, of the whole line. What lies between `left` and `right` is the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Anchors {
    left: usize,
    right: usize,
}

/// Columns that a terminal gives to the first bytes of a line: East Asian wide characters take two.
fn columns_before(line: &str, bytes: usize) -> usize {
    let mut end = bytes.min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line[..end].chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    if c.is_ascii() { 1 } else { 1 + is_wide(c) as usize }
}

/// East_Asian_Width W or F (Unicode 15), by blocks.
fn is_wide(c: char) -> bool {
    const WIDE: &[(u32, u32)] = &[
        (0x1100, 0x115F),
        (0x231A, 0x231B),
        (0x2329, 0x232A),
        (0x23E9, 0x23EC),
        (0x25FD, 0x25FE),
        (0x2614, 0x2615),
        (0x2648, 0x2653),
        (0x26A1, 0x26A1),
        (0x26BD, 0x26BE),
        (0x26C4, 0x26C5),
        (0x2705, 0x2705),
        (0x270A, 0x270B),
        (0x2728, 0x2728),
        (0x274C, 0x274C),
        (0x2753, 0x2755),
        (0x2795, 0x2797),
        (0x2B1B, 0x2B1C),
        (0x2E80, 0x303E),
        (0x3041, 0x4DBF),
        (0x4E00, 0xA4C6),
        (0xA960, 0xA97C),
        (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF),
        (0xFE10, 0xFE19),
        (0xFE30, 0xFE6B),
        (0xFF01, 0xFF60),
        (0xFFE0, 0xFFE6),
        (0x16FE0, 0x18CD5),
        (0x1AFF0, 0x1B2FB),
        (0x1F004, 0x1F004),
        (0x1F0CF, 0x1F0CF),
        (0x1F18E, 0x1F18E),
        (0x1F191, 0x1F19A),
        (0x1F200, 0x1F320),
        (0x1F32D, 0x1F335),
        (0x1F337, 0x1F37C),
        (0x1F37E, 0x1F393),
        (0x1F3A0, 0x1F3CA),
        (0x1F3E0, 0x1F3F0),
        (0x1F3F8, 0x1F43E),
        (0x1F440, 0x1F440),
        (0x1F442, 0x1F4FC),
        (0x1F4FF, 0x1F53D),
        (0x1F550, 0x1F567),
        (0x1F5FB, 0x1F64F),
        (0x1F680, 0x1F6C5),
        (0x1F900, 0x1F9FF),
        (0x20000, 0x3FFFD),
    ];
    let c = c as u32;
    WIDE.binary_search_by(|&(from, to)| {
        if c < from {
            std::cmp::Ordering::Greater
        } else if c > to {
            std::cmp::Ordering::Less
        } else {
            std::cmp::Ordering::Equal
        }
    })
    .is_ok()
}

/// The line of marks for the part from byte `col` to byte `end_col` of a source line (`end_col` absent: the part goes on in the
/// next line). `None` where the marks would cover the whole line and say nothing.
pub fn marks(line: &str, col: usize, end_col: Option<usize>) -> Option<String> {
    let indent = line.chars().take_while(|c| matches!(c, ' ' | '\t' | '\x0c')).count();
    let total = columns_before(line, line.len());
    let start = columns_before(line, col);
    let end = match end_col {
        Some(e) => columns_before(line, e),
        None => columns_before(line, line.trim_end_matches([' ', '\t', '\x0c']).len()),
    };
    let anchors = end_col.and_then(|e| anchors_of(line, col, e));
    if end.saturating_sub(start) == total - indent && anchors.is_none() {
        return None;
    }
    let mut out = " ".repeat(4);
    for at in indent..end {
        let c = match anchors {
            _ if at < start => ' ',
            Some(a) if at >= a.left && at < a.right => '^',
            Some(_) => '~',
            None => '^',
        };
        out.push(c);
    }
    Some(out)
}

/// Where the operator of the marked expression lies, if it is one that has such marks.
fn anchors_of(line: &str, col: usize, end_col: usize) -> Option<Anchors> {
    let segment = line.get(col..end_col.min(line.len()))?;
    // short ones fit any stack
    let module =
        if segment.len() < SHALLOW { gilbert_parser::parse_module(segment) } else { crate::deep::on_big_stack(|| gilbert_parser::parse_module(segment)) };
    let module = module.ok()?;
    let [statement] = module.body.as_slice() else { return None };
    let StmtKind::Expr(e) = &statement.kind else { return None };
    let (left, right) = operator_place(segment, e)?;
    let before = columns_before(line, col);
    Some(Anchors { left: before + columns_before(segment, left), right: before + columns_before(segment, right) })
}

fn operator_place(segment: &str, e: &Expr) -> Option<(usize, usize)> {
    let bytes = segment.as_bytes();
    let space = |i: usize| matches!(bytes.get(i), Some(b' ' | b'\t' | b'\x0c' | b'\n' | b'\r'));
    match &e.kind {
        ExprKind::BinOp(b) => {
            let (from, to) = (b.left.span.end as usize, (b.right.span.start as usize).min(bytes.len()));
            let left = (from..to).find(|&i| !space(i) && bytes[i] != b')')?;
            let two = left + 1 < to && !space(left + 1) && bytes[left + 1] != b'(';
            Some((left, left + 1 + two as usize))
        }
        ExprKind::Subscript(s) => {
            let mut left = s.value.span.end as usize;
            let mut right = s.slice.span.end as usize + 1;
            while left < bytes.len() && bytes[left] != b'[' {
                left += 1;
            }
            while right < bytes.len() && bytes[right] != b']' {
                right += 1;
            }
            if right < bytes.len() {
                right += 1;
            }
            Some((left, right.min(bytes.len())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::marks;

    fn marked(line: &str, part: &str) -> String {
        let col = line.find(part).expect("the part is in the line");
        marks(line, col, Some(col + part.len())).unwrap_or_default()
    }

    #[test]
    fn operators_and_subscripts_are_marked_apart() {
        assert_eq!(marked("    return a + b", "a + b"), "           ~~^~~");
        assert_eq!(marked("x = a // 0", "a // 0"), "        ~~^^~~");
        assert_eq!(marked("d['k']['z']", "d['k']['z']"), "    ~~~~~~^^^^^");
        assert_eq!(marked("f(1).x", "f(1)"), "    ^^^^");
        assert_eq!(marked("raise ValueError", "raise ValueError"), "");
    }
}
