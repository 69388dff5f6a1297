//! printf-style formats that an f-string can say as well (CPython's `optimize_format`, `Python/ast_opt.c`).

/// A part of the format.
pub(super) enum Piece {
    /// Text with `%%` resolved.
    Text(String),
    /// A field: FormatValue's conversion, and the format spec for width and precision.
    Field { conversion: u8, spec: Option<String> },
}

/// Splits `format`; `None` where it has other fields than `%s`, `%r`, `%a`, or not `args` of them.
pub(super) fn parse(format: &str, args: usize) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut fields = 0;
    let mut rest = format.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        if rest.next_if_eq(&'%').is_some() {
            text.push('%');
            continue;
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(field(&mut rest)?);
        fields += 1;
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    (fields == args).then_some(pieces)
}

/// What follows the percent sign.
fn field(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Piece> {
    let mut left = false;
    while let Some(flag) = rest.next_if(|c| "-+ #0".contains(*c)) {
        left |= flag == '-';
    }
    let width = digits(rest, 2)?;
    let precision = match rest.next_if_eq(&'.') {
        Some(_) => Some(digits(rest, 2)?.unwrap_or(0)),
        None => None,
    };
    let conversion = match rest.next()? {
        's' => 1,
        'r' => 2,
        'a' => 3,
        _ => return None,
    };
    let mut spec = String::new();
    if let Some(width) = width
        && width > 0
    {
        if !left {
            spec.push('>');
        }
        spec.push_str(&width.to_string());
    }
    if let Some(precision) = precision {
        spec.push_str(&format!(".{precision}"));
    }
    Some(Piece::Field { conversion, spec: (!spec.is_empty()).then_some(spec) })
}

/// A number of at most `max` digits; `Some(None)` where there is none.
fn digits(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, max: usize) -> Option<Option<u32>> {
    let mut text = String::new();
    while let Some(digit) = rest.next_if(char::is_ascii_digit) {
        text.push(digit);
    }
    if text.len() > max {
        return None;
    }
    Some(text.parse().ok())
}
