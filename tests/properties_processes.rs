//! What must hold for forked processes, for every seed, tick interval and hand-over: a clone equals its original, and neither side sees
//! what the other does.

use gilbert::Simulation;
use gilbert_vm::gil::Handoff;
use gilbert_vm::image::Image;
use gilbert_vm::world::Outcome;
use proptest::prelude::*;

/// Makes a random graph of objects of many kinds, and tells it as a text that names each object by the order in which it is met.
const GRAPH: &str = r#"
import _isolate, collections, contextvars, datetime, decimal, functools, gc, io, itertools, os, random, re, sys, threading, time, types, weakref

class Node:
    def __init__(self, **kw): self.__dict__.update(kw)
    def method(self): return len(self.__dict__)
class Slotted:
    __slots__ = ("a", "b", "__weakref__")
class Items(list): pass
class Table(dict): pass
class Word(str): pass
class Number(int): pass
class Failure(Exception): pass

def steps(part, n):
    try:
        for i in range(n):
            yield i, part
    finally:
        part
def closure(part):
    count = 0
    def inner(by=1):
        nonlocal count
        count += by
        return count, part
    return inner

def make(rng, parts):
    part = rng.choice(parts) if parts else None
    other = rng.choice(parts) if parts else 7
    kind = rng.randrange(26)
    if kind == 0: return [part, other, part]
    if kind == 1: return {"k": part, 3: other, (1, "x"): part, -1: None}
    if kind == 2: return (part, other, 2 ** 70, 1.5, "text" * 3)
    if kind == 3: return {rng.randrange(1000) for _ in range(5)} | {"s", None, 2.5}
    if kind == 4: return Node(x=part, y=other, z=len(parts))
    if kind == 5:
        s = Slotted(); s.a = part
        return s
    if kind == 6: return Items([part, other])
    if kind == 7: return Table(a=part)
    if kind == 8:
        g = steps(part, 5); next(g); next(g)
        return g
    if kind == 9:
        f = closure(part); f(2)
        return f
    if kind == 10:
        it = iter([part, other, 3, 4]); next(it)
        return it
    if kind == 11: return collections.deque([part, other, 1], maxlen=rng.choice([None, 4]))
    if kind == 12: return type("Made%d" % len(parts), (Node,), {"shared": part, "__doc__": "made"})
    if kind == 13: return functools.partial(max, 3, rng.randrange(9))
    if kind == 14:
        try: raise Failure(part, "why")
        except Failure as e: return e.with_traceback(None)
    if kind == 15: return bytearray(b"bytes%d" % len(parts))
    if kind == 16: return Node(m=Node(x=part).method)
    if kind == 17: return weakref.WeakValueDictionary({i: p for i, p in enumerate(parts) if isinstance(p, (Node, Slotted))})
    if kind == 18: return itertools.count(rng.randrange(100))
    if kind == 19: return re.compile("(a+)%d" % rng.randrange(9)).match("aaa%d" % rng.randrange(9))
    if kind == 20:
        out = io.StringIO(); out.write("line\n" * 3)
        return out
    if kind == 21: return collections.OrderedDict([(1, part), ("b", other)])
    if kind == 22: return [decimal.Decimal("1.10"), datetime.date(2024, 2, 29), Word("w"), Number(2 ** 60), complex(1, 2)]
    if kind == 23: return random.Random(rng.randrange(99))
    if kind == 24: return enumerate(zip([part, 1, 2], "abc"))
    return memoryview(b"view%d" % len(parts))

def graph(seed, n):
    rng = random.Random(seed)
    parts = []
    for _ in range(n):
        parts.append(make(rng, parts))
    for p in parts:
        q = rng.choice(parts)
        if isinstance(p, (Items, list, collections.deque)): p.append(q)
        elif isinstance(p, (Table, dict)): p["cycle"] = q
        elif isinstance(p, Node): p.cycle = q
        elif isinstance(p, Slotted): p.b = q
        elif isinstance(p, type): p.cycle = q
    return parts

def tell(root):
    numbers, work, out = {}, [root], []
    keep = []
    while work:
        v = work.pop()
        if id(v) in numbers: 
            continue
        numbers[id(v)] = len(numbers)
        keep.append(v)
        parts = []
        if isinstance(v, (int, float, str, bytes, complex, type(None), decimal.Decimal, datetime.date)): out.append(repr(v))
        elif isinstance(v, (list, tuple, collections.deque)): parts = list(v)
        elif isinstance(v, (dict, weakref.WeakValueDictionary)): parts = [x for kv in list(v.items()) for x in kv]
        elif isinstance(v, (set, bytearray)): out.append(repr(v))
        elif isinstance(v, types.GeneratorType): parts = [v.gi_frame.f_lineno, *v.gi_frame.f_locals.values()]
        elif isinstance(v, types.FunctionType): parts = [c.cell_contents for c in v.__closure__ or ()] + [v.__name__]
        elif isinstance(v, types.MethodType): parts = [v.__self__, v.__func__.__name__]
        elif isinstance(v, type) and v.__module__ == "__main__": parts = [v.__name__, *[c.__name__ for c in v.__mro__], v.__dict__.get("shared"), v.__dict__.get("cycle")]
        elif isinstance(v, Node): parts = [x for kv in v.__dict__.items() for x in kv]
        elif isinstance(v, Slotted): parts = [v.a, getattr(v, "b", None)]
        elif isinstance(v, Exception): parts = list(v.args)
        elif isinstance(v, re.Match): parts = [v.span(), v.re.pattern, v.string]
        elif isinstance(v, io.StringIO): parts = [v.getvalue(), v.tell()]
        elif isinstance(v, random.Random): parts = [v.getstate()]
        elif isinstance(v, memoryview): parts = [bytes(v)]
        else: out.append(repr(type(v)))
        out.append("%s@%d:%d" % (type(v).__name__, id(v), len(parts)))
        for p in parts:
            keep.append(p)
            out.append(str(numbers.get(id(p), "new")))
        work.extend(reversed(parts))
    return "\n".join(re.sub("@[0-9]+", "", line) if "@" in line else line for line in out), [id(v) for v in keep if isinstance(v, (Node, Slotted, type, Items))]

def spoil(parts):
    for p in parts:
        if isinstance(p, (list, collections.deque)): p.append("spoiled")
        elif isinstance(p, dict): p["spoiled"] = 1
        elif isinstance(p, Node): p.spoiled = 1
        elif isinstance(p, types.GeneratorType): next(p)
        elif isinstance(p, types.FunctionType): p()
        elif isinstance(p, type): p.shared = "spoiled"
        elif isinstance(p, bytearray): p.extend(b"!")
        elif isinstance(p, io.StringIO): p.write("spoiled")
        elif isinstance(p, random.Random): p.random()
        elif hasattr(p, "__next__"): next(p, None)
"#;

/// A clone tells the same story with the same identities, survives its collector, and can be spoiled and freed whole; so can the original,
/// after which the child's is still whole.
fn clone_is_equal(seed: u64, n: usize) -> String {
    format!(
        r#"{GRAPH}
parts = graph({seed}, {n})
before = tell(parts)
weak = [weakref.ref(p) for p in parts if isinstance(p, (Node, Slotted, Items))]
lock = threading.RLock(); lock.acquire()
local = threading.local(); local.v = "mine"
var = contextvars.ContextVar("v"); var.set(5)
r, w = os.pipe()
def child():
    global parts
    os.close(w)
    os.read(r, 1)                       # until the parent has spoiled its own
    same = tell(parts)
    assert same[0] == before[0], (same[0], before[0])
    assert same[1] == before[1], "identities"
    assert all(x() is not None for x in weak), "weak references"
    assert local.v == "mine" and var.get() == 5
    assert lock._is_owned(); lock.release(); assert not lock._is_owned()
    assert threading.current_thread() is threading.main_thread() and threading.active_count() == 1
    gc.collect()
    assert tell(parts)[0] == before[0], "the collector took what was no garbage"
    spoil(parts)
    parts = None
    gc.collect(); gc.collect()
    left = [x() for x in weak if x() is not None]
    assert not left, ("not freed", left)
pid, sentinel = _isolate.fork(child)
spoil(parts)
parts = None
gc.collect(); gc.collect()
left = [x() for x in weak if x() is not None]
assert not left, ("not freed here", left)
os.write(w, b"x")
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#
    )
}

/// Processes and threads that all write to what they believe is shared memory.
const ISOLATED: &str = r#"
import _isolate, os, threading, time
seen = {"n": 0}
log = []
def work(who, rounds):
    for i in range(rounds):
        n = seen["n"]
        log.append((who, i))
        for _ in range(5): pass
        seen["n"] = n + 1
def child():
    work("child", 30)
    assert seen["n"] == at + 30, seen
    assert [w for w, _ in log[mark:]] == ["child"] * 30
    return 7
children = []
for round in range(3):
    at, mark = seen["n"], len(log)
    children.append(_isolate.fork(child)[0])
    work("parent", 20)
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children], seen, {w for w, _ in log})
"#;

fn handoffs() -> impl Strategy<Value = Handoff> {
    prop_oneof![Just(Handoff::Fair), Just(Handoff::Fifo), Just(Handoff::Contend)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_clone_equals_its_original_and_both_are_freed(seed in any::<u64>(), n in 0usize..120) {
        let r = Simulation { seed, ..Simulation::default() }.run(&clone_is_equal(seed, n));
        prop_assert_eq!((r.exit, &r.outcome, r.stdout.as_str()), (0, &Outcome::Finished, "0\n"), "{}", r.stderr);
    }

    #[test]
    fn a_child_never_sees_or_makes_a_change_in_its_parents_objects(seed in any::<u64>(), ticks in 1u32..=300, handoff in handoffs()) {
        let r = Simulation { seed, ticks, handoff, record: false, image: Image::new() }.run(ISOLATED);
        prop_assert_eq!(r.stdout.as_str(), "[7, 7, 7] {'n': 60} {'parent'}\n", "{}", r.stderr);
    }
}
