//! The marks under a source line: which part failed (`Python/traceback.c`, `extract_anchors_from_line`).

use gilbert_parser::ast::{Expr, ExprKind, StmtKind};

/// Marks for a line: columns in characters, of the whole line. What lies between `left` and `right` is the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Anchors {
    left: usize,
    right: usize,
}

fn chars_before(line: &str, bytes: usize) -> usize {
    let mut end = bytes.min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line[..end].chars().count()
}

/// The line of marks for the part from byte `col` to byte `end_col` of a source line (`end_col` absent: the part goes on in the
/// next line). `None` where the marks would cover the whole line and say nothing.
pub fn marks(line: &str, col: usize, end_col: Option<usize>) -> Option<String> {
    let indent = line.chars().take_while(|c| matches!(c, ' ' | '\t' | '\x0c')).count();
    let total = line.chars().count();
    let start = chars_before(line, col);
    let end = match end_col {
        Some(e) => chars_before(line, e),
        None => line.trim_end_matches([' ', '\t', '\x0c']).chars().count(),
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
    let module = gilbert_parser::parse_module(segment).ok()?;
    let [statement] = module.body.as_slice() else { return None };
    let StmtKind::Expr(e) = &statement.kind else { return None };
    let (left, right) = operator_place(segment, e)?;
    let before = chars_before(line, col);
    Some(Anchors { left: before + chars_before(segment, left), right: before + chars_before(segment, right) })
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
