//! Numbers on plain Rust types, with CPython 3.12's results and message texts. Knows nothing of Python values.

pub mod complex;
pub mod err;
pub mod float;
pub mod float_ops;
pub mod format_num;
pub mod format_spec;
pub mod gamma;
pub mod hash;
pub mod int;
pub mod int_text;
pub mod math;
pub mod mt19937;
pub mod pack;

pub use err::{Kind, PyErr, PyResult};
pub use int::{Int, Order};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod table_call;
#[cfg(test)]
mod tests;
