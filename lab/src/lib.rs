//! The lab: many runs of one program in the simulated world. Strategies choose interleavings, a runner makes runs of them, a race counts
//! what comes out, a schedule brings one of them back.

pub mod data;
pub mod outcome;
pub mod runner;
pub mod strategy;
pub mod target;
