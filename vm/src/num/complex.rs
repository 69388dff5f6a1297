//! Complex numbers as pairs of floats.
//!
//! Functions: [`repr`].

use super::float::{self, Style, TextFlags};

/// `repr(complex(re, im))`: `(1+2j)`, or `2j` when the real part is a positive zero.
pub fn repr(re: f64, im: f64) -> String {
    let part = |x: f64| float::to_text(x, Style::Repr, 0, TextFlags::default());
    if re == 0.0 && re.is_sign_positive() {
        return format!("{}j", part(im));
    }
    let imaginary = part(im);
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imaginary}j)", part(re))
}
