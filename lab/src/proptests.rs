//! Schedules as values of property tests: a [`proptest`] strategy that shrinks towards fewer preemptions, and then earlier ones.

use crate::strategy::{Preempting, Preemption};
use proptest::prelude::*;

/// A schedule that says where threads are preempted. The empty one lets each run until it blocks.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Schedule {
    /// The preemptions, in order.
    pub preemptions: Vec<Preemption>,
}

impl Schedule {
    /// The strategy that follows it; for [`gilbert_vm::world::sim::Order::Strategy`].
    pub fn strategy(&self) -> Box<dyn gilbert_vm::strategy::Strategy> {
        Box::new(Preempting::new(self.preemptions.clone()))
    }
}

/// Schedules of at most `most` preemptions within `ticks` ticks of the first second thread. Shrinking takes preemptions away first.
pub fn schedules(most: usize, ticks: u32) -> impl proptest::strategy::Strategy<Value = Schedule> {
    let one = (0..ticks.max(1), 0u8..4).prop_map(|(at, to)| Preemption { at, to });
    prop::collection::vec(one, 0..=most).prop_map(|mut preemptions| {
        preemptions.sort_unstable();
        Schedule { preemptions }
    })
}
