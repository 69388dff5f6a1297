//! The machine: see DESIGN in ARCHITECTURE.md.

pub mod code;
pub mod coro;
pub mod gil;
pub mod num;
pub mod op;
pub mod strategy;
pub mod text;
pub mod world;
