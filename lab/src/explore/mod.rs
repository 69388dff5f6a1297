//! Exploring all interleavings of a program, up to equivalence.

pub mod bounded;
pub mod clocks;
pub mod dpor;
pub mod fixed;
pub mod program;
pub mod search;
pub mod session;
pub mod story;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub mod toy;
pub mod wakeup;
