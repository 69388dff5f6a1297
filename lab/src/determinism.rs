//! Whether a run is the same when it is made again: the events of two runs side by side.

use crate::events::{Line, Log};
use crate::outcome::RunResult;
use crate::runner::{How, Runner};
use crate::strategy::{Kind, Profile};
use std::fmt;

/// Where two runs differ first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Difference {
    /// An event.
    Event {
        /// Its number, from 1.
        number: usize,
        /// What it is in the first run; `None`: that has ended.
        first: Option<Line>,
        /// In the second.
        second: Option<Line>,
    },
    /// Only an event that is too late to be kept.
    Later,
    /// All events are the same, but not this.
    Result(&'static str),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |l: &Option<Line>| l.as_ref().map_or_else(|| "(the run has ended)".to_owned(), ToString::to_string);
        match self {
            Difference::Event { number, first, second } => {
                write!(f, "the runs differ at event {number}\n  first run:  {}\n  second run: {}", line(first), line(second))
            }
            Difference::Later => f.write_str("the runs differ, in an event behind those that were kept"),
            Difference::Result(what) => write!(f, "the runs differ in {what}, though not in their events"),
        }
    }
}

/// The first event that differs.
pub fn first_difference(first: &[Line], second: &[Line]) -> Option<Difference> {
    let same = first.iter().zip(second).take_while(|(a, b)| a == b).count();
    let (a, b) = (first.get(same), second.get(same));
    (a.is_some() || b.is_some()).then(|| Difference::Event { number: same + 1, first: a.cloned(), second: b.cloned() })
}

/// Two runs in virtual time, of these seeds; how many events they have, if those are the same.
///
/// # Errors
/// Where they differ first.
pub fn check(runner: &Runner, seeds: [u64; 2]) -> Result<u64, Box<Difference>> {
    let [first, second] = seeds.map(|seed| observed(runner, seed));
    let (a, b) = (first.1.checksum(), second.1.checksum());
    if let Some(difference) = first_difference(&first.1.take(), &second.1.take()) {
        return Err(Box::new(difference));
    }
    if a != b {
        return Err(Box::new(Difference::Later));
    }
    let differs = |what: &'static str, same: bool| if same { Ok(()) } else { Err(Box::new(Difference::Result(what))) };
    let (first, second) = (first.0, second.0);
    differs("standard output", first.stdout == second.stdout)?;
    differs("standard error", first.stderr == second.stderr)?;
    differs("ticks", first.ticks == second.ticks)?;
    differs("how they end", first.ended == second.ended && first.exit == second.exit)?;
    Ok(a.0)
}

fn observed(runner: &Runner, seed: u64) -> (RunResult, Log) {
    let log = Log::default();
    let listening = log.clone();
    let how = How { seed, strategy: Kind::TickFair.strategy(seed, &Profile::default()), order: Kind::TickFair.order(), record: true };
    (runner.run_with(how, move |vm| listening.listen(vm), |_| {}), log)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::What;
    use crate::target::{Machine, Target};
    use gilbert_stdlib::StdLibrary;
    use gilbert_vm::world::Tid;
    use std::sync::Arc;

    const RACE: &str = "import threading
n = 0
def work():
    global n
    for _ in range(100):
        n += 1
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
";

    fn runner(source: &str) -> Runner {
        Runner::new(Shared::new(Target::text(source), Machine::default(), Arc::new(StdLibrary::default())).keeping(Keeping::No))
    }

    use crate::runner::{Keeping, Shared};

    #[test]
    fn the_same_seed_gives_the_same_events() {
        let events = check(&runner(RACE), [7, 7]).expect("one run, made twice");
        assert!(events > 600, "{events}");
    }

    #[test]
    fn another_order_is_named_with_its_place() {
        // another seed stands for what must not be: a run that is not told by its seed
        let difference = check(&runner(RACE), [1, 2]).expect_err("another order of threads");
        let text = difference.to_string();
        assert!(matches!(*difference, Difference::Event { .. }) && text.contains("<string>:"), "{text}");
        assert!(text.contains("first run:  T") && text.contains("second run: T"), "{text}");
    }

    #[test]
    fn an_injected_difference_is_found_where_it_is() {
        let line = |n: u32| Line { thread: Tid(n), at: None, what: What::Other("waits".into()) };
        let first = [line(0), line(1), line(2)];
        let mut second = first.clone();
        assert_eq!(first_difference(&first, &second), None);
        second[1] = line(3);
        assert_eq!(first_difference(&first, &second), Some(Difference::Event { number: 2, first: Some(line(1)), second: Some(line(3)) }));
        assert_eq!(first_difference(&first, &first[..2]), Some(Difference::Event { number: 3, first: Some(line(2)), second: None }));
    }
}
