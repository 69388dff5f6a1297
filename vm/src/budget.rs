//! `--max-memory`: how much a heap may hold, and the estimate that is compared with it.
//!
//! New objects are charged as they are made. What containers grow by in place, and what is freed, is not: so the estimate drifts,
//! and before anything is refused the heap is counted exactly ([`Heap::recount`](crate::heap::Heap)). Counting costs time in proportion to the objects alive; it
//! happens when the estimate passes the limit, and now and then as instructions are executed.

use crate::error::PyResult;
use crate::vm::Vm;

/// Instructions between two ticks that look at the budget.
const SLICE: usize = 100;

/// See the module's page.
#[derive(Default)]
pub struct Budget {
    /// Bytes; 0: no limit.
    pub limit: usize,
    /// Bytes in use, near enough.
    pub used: usize,
    /// Where the estimate is next looked at.
    next: usize,
    /// MemoryError has been raised at this use and it has not gone below the limit since: a handler gets some room. 0: not so.
    refused: usize,
    /// The limit has been passed: MemoryError is due at the next instruction boundary.
    pub over: bool,
    /// Ticks since the last count.
    ticks: usize,
}

impl Budget {
    /// A budget of so many bytes; 0: none.
    pub fn new(limit: usize) -> Budget {
        Budget { limit, next: limit, ..Budget::default() }
    }
    /// The same for another heap with the same objects.
    pub fn again(&self) -> Budget {
        Budget { ..*self }
    }
    fn allowed(&self) -> usize {
        if self.refused == 0 {
            return self.limit;
        }
        // never beyond twice the limit, however often a script goes on
        self.refused.min(2 * self.limit) + self.limit / 8 + (256 << 10)
    }
    /// Adds to the estimate; true where the heap is to be counted.
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> bool {
        self.used = self.used.saturating_add(bytes);
        self.used > self.next
    }
    /// Takes the exact count; true where it is beyond the limit.
    pub fn counted(&mut self, used: usize) -> bool {
        self.used = used;
        self.ticks = 0;
        if used <= self.limit {
            self.refused = 0;
        }
        let over = used > self.allowed();
        // not at every object when the use stays just below the limit
        self.next = self.allowed().max(used + self.limit / 64);
        over
    }
    /// MemoryError is raised now.
    fn refused(&mut self) {
        self.over = false;
        self.refused = self.used.max(self.limit);
        self.next = self.allowed();
    }
    /// A tick; true where containers may have grown enough for a count.
    pub fn tick(&mut self, objects: usize) -> bool {
        self.ticks += 1;
        self.ticks * SLICE > objects / 4 + 10_000
    }
}

impl Vm {
    /// MemoryError where so many bytes more do not fit below `--max-memory`: for what is allocated at once, before it is.
    pub fn room_for(&mut self, bytes: usize) -> PyResult<()> {
        let budget = &self.iso().heap.budget;
        if budget.limit == 0 || budget.used.saturating_add(bytes) <= budget.allowed() {
            return Ok(());
        }
        self.collect_garbage();
        self.heap().recount();
        let budget = &mut self.heap().budget;
        if budget.used.saturating_add(bytes) <= budget.allowed() {
            return Ok(());
        }
        budget.refused();
        Err(self.memory_error())
    }
    /// For natives that make one container grow for long: MemoryError where it is beyond the limit by now.
    pub fn check_growth(&mut self) -> PyResult<()> {
        if self.iso().heap.budget.limit == 0 {
            return Ok(());
        }
        self.heap().recount();
        self.room_for(0)
    }
    /// The limit was passed: collects, and raises MemoryError where that does not help.
    #[cold]
    pub(crate) fn over_budget(&mut self) -> PyResult<()> {
        self.heap().budget.over = false;
        self.room_for(0)
    }
}
