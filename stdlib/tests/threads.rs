//! Threads of Python in both worlds: no wake-up is lost, whatever the seed; who gets the GIL when.

use gilbert_stdlib::StdLibrary;
use gilbert_vm::gil::{DEFAULT_BOUND, Gil, Handoff, Policy};
use gilbert_vm::image::Image;
use gilbert_vm::isolate::Settings;
use gilbert_vm::start::Program;
use gilbert_vm::thread::run_isolate;
use gilbert_vm::world::native::{NativeOptions, NativeWorld};
use gilbert_vm::world::sim::{SimOptions, SimWorld};
use gilbert_vm::world::{Outcome, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// Runs a script; the exit code, or how else the run ended.
fn run(text: &str, world: Arc<dyn World>, handoff: Handoff, ticks: u32) -> Result<i32, Outcome> {
    let gil = Arc::new(Gil::new(Policy::Ticks(ticks), handoff, world.clone(), DEFAULT_BOUND).expect("settings"));
    let code = Arc::new(AtomicI32::new(-1));
    let (slot, text) = (code.clone(), text.to_string());
    let outcome = run_isolate(Image::new(), world, gil, Arc::new(StdLibrary::default()), Settings::default(), move |vm| {
        let program = Program::Source { text, name: "script.py".into(), file: false };
        slot.store(vm.run_program(&program), Ordering::SeqCst);
    });
    if outcome == Outcome::Finished { Ok(code.load(Ordering::SeqCst)) } else { Err(outcome) }
}

fn simulated(text: &str, seeds: u64) {
    for seed in 0..seeds {
        let handoff = [Handoff::Fair, Handoff::Fifo, Handoff::Contend][seed as usize % 3];
        let ticks = [1, 3, 7, 20, 100, 1000][seed as usize % 6];
        let world = SimWorld::new(SimOptions { seed, ..SimOptions::default() });
        let result = run(text, world.clone(), handoff, ticks);
        let errors = world.take_output(2);
        assert_eq!(result, Ok(0), "seed {seed}, {ticks} ticks, {handoff:?}: {}", String::from_utf8_lossy(&errors));
    }
}

fn native(text: &str) {
    assert_eq!(run(text, NativeWorld::new(NativeOptions::default()), Handoff::Contend, 100), Ok(0));
}

const BUFFER: &str = "
import threading
cond = threading.Condition(threading.Lock())
items, got, late = [], [], []
def producer():
    for i in range(20):
        with cond:
            items.append(i)
            cond.notify()
def consumer():
    for i in range(20):
        with cond:
            while not items:
                if not cond.wait(0.00005):
                    late.append(1)
            got.append(items.pop(0))
threads = [threading.Thread(target=f) for f in (producer, consumer) * 3]
for t in threads: t.start()
for t in threads: t.join()
assert sorted(got) == sorted(list(range(20)) * 3), got
assert cond._waiters == []
";

const LOCKS: &str = "
import threading
lock, rlock, sem = threading.Lock(), threading.RLock(), threading.Semaphore(2)
n = m = inside = worst = 0
missed = []
def work():
    global n, m, inside, worst
    for i in range(15):
        with lock:
            n = n + 1
        if rlock.acquire(timeout=0.00003):
            with rlock:
                m = m + 1
            rlock.release()
        else:
            missed.append(1)
        with sem:
            inside += 1
            worst = max(worst, inside)
            inside -= 1
threads = [threading.Thread(target=work) for i in range(5)]
for t in threads: t.start()
for t in threads: t.join()
assert n == 75 and m + len(missed) == 75, (n, m)
assert not lock.locked() and sem._value == 2
";

const MEETINGS: &str = "
import threading, _queue
barrier, event, q = threading.Barrier(4), threading.Event(), _queue.SimpleQueue()
order = []
def work(n):
    event.wait()
    for i in range(5):
        order.append(i)
        barrier.wait()
        try:
            q.put((n, i))
            q.get(timeout=0.00002)
        except _queue.Empty:
            q.get()
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
for t in threads: t.start()
event.set()
for t in threads: t.join()
assert order == sorted(order) and q.empty(), order
broken = []
b = threading.Barrier(3)
def late():
    try:
        b.wait(0.001)
    except threading.BrokenBarrierError:
        broken.append(1)
threads = [threading.Thread(target=late) for n in range(2)]
for t in threads: t.start()
for t in threads: t.join()
assert broken == [1, 1] and b.broken
";

/// A thread that holds a user's lock loses the GIL; who wants the lock gets the GIL, waits for the lock, and gets it last.
const FIVE_STEPS: &str = "
import gil, threading, time
for how in ('io', 'tick'):
    gil.set_ticks(1_000_000 if how == 'io' else 20)
    lock, go, log, asked = threading.Lock(), threading.Event(), [], []
    def b():
        go.wait()
        log.append('B has the GIL')
        asked.append(1)
        with lock:
            log.append('B has the lock')
    def a():
        with lock:
            log.append('A has the lock')
            before = gil.stats()['switches_by_cause'][how]
            go.set()
            while not asked:
                if how == 'io':
                    time.sleep(0)
            assert gil.stats()['switches_by_cause'][how] > before, how
            log.append('A has the GIL again')
            for i in range(300):
                time.sleep(0)
            assert lock.locked() and len(log) == 3, log
            log.append('A gives the lock back')
    threads = [threading.Thread(target=f) for f in (b, a)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert log == ['A has the lock', 'B has the GIL', 'A has the GIL again', 'A gives the lock back', 'B has the lock'], log
";

#[test]
fn a_bounded_buffer_loses_nothing() {
    simulated(BUFFER, 120);
    native(BUFFER);
}

#[test]
fn locks_exclude_and_timeouts_lose_no_permit() {
    simulated(LOCKS, 120);
    native(LOCKS);
}

#[test]
fn barriers_events_and_queues_meet() {
    simulated(MEETINGS, 120);
    native(MEETINGS);
}

#[test]
fn the_five_steps() {
    simulated(FIVE_STEPS, 30);
    native(FIVE_STEPS);
}

#[test]
fn a_deadlock_is_an_outcome() {
    let text = "
import threading
a, b = threading.Lock(), threading.Lock()
gate = threading.Barrier(2)
def work(x, y):
    with x:
        gate.wait()
        with y: pass
threading.Thread(target=work, args=(a, b)).start()
work(b, a)
";
    let world = SimWorld::new(SimOptions::default());
    match run(text, world, Handoff::Fair, 100) {
        Err(Outcome::Deadlock(who)) => assert_eq!(who.len(), 2),
        other => panic!("{other:?}"),
    }
}
