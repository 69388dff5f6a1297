//! The machine: see DESIGN in ARCHITECTURE.md.

pub mod code;
pub mod op;
