//! What is explored: a program that can be run again and again under a scheduler's choices. Knows nothing of Python.

use std::sync::Arc;

use parking_lot::Mutex;

/// A process: a thread's number, or that of its alarm (a wait that ends by its time limit).
pub type Proc = u32;

/// What an access had to wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Wait {
    /// Nothing.
    No,
    /// For the object to be open, whoever opened it: a lock that must be free, a queue that must hold something.
    Open,
    /// For the very access that came before: a notification, the end of a thread.
    Last,
}

/// One access of a step to something that processes share.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Access {
    /// The object's name, the same in every run.
    pub object: u64,
    /// Which part; 0: all of it.
    pub part: u64,
    /// Written, or only read.
    pub write: bool,
    /// Whether the object let waiters pass before this access.
    pub open: bool,
    /// What this access had to wait for.
    pub wait: Wait,
}

impl Access {
    /// A plain read of a whole object.
    pub fn read(object: u64) -> Access {
        Access { object, part: 0, write: false, open: true, wait: Wait::No }
    }
    /// A plain write.
    pub fn write(object: u64) -> Access {
        Access { write: true, ..Access::read(object) }
    }
    /// Whether the order of the two matters.
    pub fn conflicts(&self, other: &Access) -> bool {
        self.object == other.object && (self.write || other.write) && (self.part == other.part || self.part == 0 || other.part == 0)
    }
}

/// What a process did from one scheduling point to its next.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Step {
    /// Who.
    pub proc: Proc,
    /// What it touched.
    pub accesses: Vec<Access>,
}

impl Step {
    /// Whether the order of the two matters.
    pub fn conflicts(&self, other: &Step) -> bool {
        self.proc == other.proc || self.accesses.iter().any(|a| other.accesses.iter().any(|b| a.conflicts(b)))
    }
}

/// Decides a run's schedule and is told what the steps did.
pub trait Driver: Send {
    /// The step before has ended. Says who of `enabled` (in order, not empty) makes the next one; `None`: this run is not needed
    /// any more. `current` made the step before, if it was a process that could go on.
    fn choose(&mut self, enabled: &[Proc], current: Option<Proc>) -> Option<Proc>;

    /// The step chosen last has made this access.
    fn access(&mut self, access: Access);

    /// The run is over, and this process is left waiting: what its next step would have touched.
    fn left_waiting(&mut self, pending: Step);
}

/// A driver as it is lent to a run.
pub type SharedDriver = Arc<Mutex<dyn Driver>>;

/// A program under test.
pub trait Program {
    /// How a run ends.
    type End;

    /// Runs once, asking `driver` before each step. Given the same answers it does the same.
    fn run(&mut self, driver: SharedDriver) -> Self::End;
}
