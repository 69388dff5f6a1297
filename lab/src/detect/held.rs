//! Locks that are held while their thread waits for something else, and threads that nobody waits for.

use super::place::At;
use std::collections::BTreeMap;

/// A lock was held while its thread slept or waited for input or output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HeldOver {
    /// The lock, and where it was acquired.
    pub lock: (String, Vec<At>),
    /// What the thread waited for: `time.sleep`, `a socket` ..
    pub waited_for: String,
    /// Where it waited.
    pub stack: Vec<At>,
    /// The longest such wait, ns of the world's clock.
    pub longest: u64,
    /// How often.
    pub count: u64,
}

/// By where the lock was acquired, where its thread waited, and for what.
pub type Held = BTreeMap<(Option<At>, Option<At>, String), HeldOver>;

/// Adds one to those that were found.
pub fn add(found: &mut Held, held: HeldOver) {
    let key = (held.lock.1.first().cloned(), held.stack.first().cloned(), held.waited_for.clone());
    match found.get_mut(&key) {
        None => drop(found.insert(key, held)),
        Some(known) => {
            known.longest = known.longest.max(held.longest);
            known.count += held.count;
        }
    }
}

/// A thread that nobody joined.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unjoined {
    /// Its number and name.
    pub thread: String,
    /// Where it was started.
    pub started: Vec<At>,
    /// How many were started there.
    pub count: u64,
}

/// By where they were started.
pub type NeverJoined = BTreeMap<Option<At>, Unjoined>;

/// Adds one to those that were found.
pub fn add_unjoined(found: &mut NeverJoined, thread: Unjoined) {
    let key = thread.started.first().cloned();
    found.entry(key).and_modify(|known| known.count += thread.count).or_insert(thread);
}
