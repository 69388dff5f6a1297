//! What must hold of queues, pools, managers and locks for every seed, tick interval and hand-over.

use gilbert::Simulation;
use gilbert_vm::gil::Handoff;
use gilbert_vm::image::Image;
use gilbert_vm::world::Outcome;
use proptest::prelude::*;

/// Producers and consumers of a bounded queue, threads or processes: nothing is lost or doubled, and each consumer sees each producer's items
/// in their order. `thread` and `process` say by what means; `out` gathers what the consumers got.
const QUEUE: &str = r#"
import queue, threading, multiprocessing as mp
def produce(q, who, n):
    for i in range(n):
        q.put((who, i))
def consume(q, out):
    got = []
    while (x := q.get()) is not None:
        got.append(x)
    out.put(got)
def run(start, q, out, producers, consumers, n):
    ps = [start(produce, q, who, n) for who in range(producers)]
    cs = [start(consume, q, out) for _ in range(consumers)]
    for p in ps: p.join()
    for _ in cs: q.put(None)
    parts = [out.get() for _ in cs]
    for c in cs: c.join()
    for part in parts:
        for who in range(producers):
            mine = [i for w, i in part if w == who]
            assert mine == sorted(mine), (who, mine)
    assert sorted(x for part in parts for x in part) == [(w, i) for w in range(producers) for i in range(n)], parts
def thread(f, *args):
    t = threading.Thread(target=f, args=args); t.start()
    return t
def process(f, *args):
    p = mp.Process(target=f, args=args); p.start()
    return p
"#;

const POOL: &str = r#"
import multiprocessing as mp
def work(x):
    return x, x * x
with mp.Pool(WORKERS) as pool:
    seen = []
    rs = [pool.apply_async(work, (i,), callback=seen.append) for i in range(N)]
    assert [r.get() for r in rs] == [(i, i * i) for i in range(N)]
    assert pool.map(work, range(N)) == [(i, i * i) for i in range(N)]
    assert sorted(pool.imap_unordered(work, range(N))) == [(i, i * i) for i in range(N)]
    pool.close(); pool.join()
assert sorted(seen) == [(i, i * i) for i in range(N)], seen
print("once")
"#;

const MANAGER: &str = r#"
import multiprocessing as mp
def work(l, who, n):
    for i in range(n):
        l.append((who, i))
with mp.Manager() as m:
    l = m.list()
    ps = [mp.Process(target=work, args=(l, w, N)) for w in range(WORKERS)]
    for p in ps: p.start()
    for p in ps: p.join()
    got = list(l)
assert sorted(got) == [(w, i) for w in range(WORKERS) for i in range(N)], got
for w in range(WORKERS):
    mine = [i for v, i in got if v == w]
    assert mine == sorted(mine)
print("all")
"#;

/// The ticket is in a file that all processes read and write; the seller who finds one left sells it.
const TICKET: &str = r#"
import json, multiprocessing as mp, time
def buy(lock, sold):
    if lock: lock.acquire()
    with open("/tmp/ticket.json") as f: left = json.load(f)["num"]
    time.sleep(0.01)
    if left > 0:
        with open("/tmp/ticket.json", "w") as f: json.dump({"num": left - 1}, f)
        sold.put(1)
    if lock: lock.release()
with open("/tmp/ticket.json", "w") as f: json.dump({"num": 1}, f)
lock, sold = mp.Lock(), mp.Queue()
ps = [mp.Process(target=buy, args=(lock, sold)) for _ in range(WORKERS)]
for p in ps: p.start()
for p in ps: p.join()
print(sold.qsize())
"#;

fn handoffs() -> impl Strategy<Value = Handoff> {
    prop_oneof![Just(Handoff::Fair), Just(Handoff::Fifo), Just(Handoff::Contend)]
}

fn check(seed: u64, ticks: u32, handoff: Handoff, source: &str, expected: &str) -> Result<(), TestCaseError> {
    let r = Simulation { seed, ticks, handoff, record: false, image: Image::new() }.run(source);
    prop_assert_eq!((r.exit, &r.outcome, r.stdout.as_str()), (0, &Outcome::Finished, expected), "{}", r.stderr);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn queues_lose_and_double_nothing_and_keep_each_producers_order(
        seed in any::<u64>(), ticks in 1u32..=200, handoff in handoffs(), which in 0usize..5, most in 0usize..4,
        producers in 1usize..4, consumers in 1usize..4, n in 0usize..20,
    ) {
        let (start, queue, out) = [
            ("thread", format!("queue.Queue({most})"), "queue.Queue()"),
            ("thread", "queue.SimpleQueue()".to_string(), "queue.SimpleQueue()"),
            ("process", format!("mp.Queue({most})"), "mp.Queue()"),
            ("process", format!("mp.JoinableQueue({most})"), "mp.Queue()"),
            ("process", "mp.SimpleQueue()".to_string(), "mp.SimpleQueue()"),
        ][which].clone();
        let source = format!("{QUEUE}\nrun({start}, {queue}, {out}, {producers}, {consumers}, {n})\nprint('whole')\n");
        check(seed, ticks, handoff, &source, "whole\n")?;
    }

    #[test]
    fn a_pool_returns_every_result_once(seed in any::<u64>(), ticks in 1u32..=200, handoff in handoffs(), workers in 1usize..4, n in 0usize..15) {
        let source = POOL.replace("WORKERS", &workers.to_string()).replace("range(N)", &format!("range({n})"));
        check(seed, ticks, handoff, &source, "once\n")?;
    }

    #[test]
    fn a_managers_list_gets_every_append(seed in any::<u64>(), ticks in 1u32..=200, handoff in handoffs(), workers in 1usize..4, n in 0usize..10) {
        let source = MANAGER.replace("WORKERS", &workers.to_string()).replace(", N)", &format!(", {n})")).replace("range(N)", &format!("range({n})"));
        check(seed, ticks, handoff, &source, "all\n")?;
    }

    #[test]
    fn the_ticket_is_sold_once_under_the_lock(seed in any::<u64>(), ticks in 1u32..=200, handoff in handoffs(), workers in 1usize..5) {
        check(seed, ticks, handoff, &TICKET.replace("WORKERS", &workers.to_string()), "1\n")?;
    }
}
