//! The lab: many runs of one program in the simulated world. Strategies choose interleavings, a runner makes runs of them, a race counts
//! what comes out, a schedule brings one of them back.

pub mod data;
pub mod detect;
pub mod determinism;
pub mod events;
pub mod explore;
pub mod export;
pub mod json;
pub mod learn;
pub mod outcome;
#[cfg(feature = "proptest")]
pub mod proptests;
pub mod race;
pub mod report;
pub mod runner;
pub mod schedule;
pub mod stats;
pub mod steps;
pub mod strategy;
pub mod tally;
pub mod target;
pub mod trace;
pub mod tune;

pub use explore::search::{minimize, tell};
pub use explore::story::story;
pub use gilbert_vm::world::sim::Order;
#[cfg(feature = "proptest")]
pub use proptests::schedules;
