"""sys.settrace: the events of every kind of statement."""
import sys

events = []


def tracer(frame, event, arg):
    name = frame.f_code.co_name
    if event == "exception":
        arg = (arg[0].__name__, str(arg[1]), arg[2] is not None)
    events.append((name, event, frame.f_lineno - frame.f_code.co_firstlineno, arg))
    return tracer


def run(f, *args):
    events.clear()
    sys.settrace(tracer)
    try:
        f(*args)
    except Exception as e:
        sys.settrace(None)
        print("raised", repr(e))
    finally:
        sys.settrace(None)
    print("--", f.__name__)
    for e in events:
        print(*e)


def simple():
    x = 1
    y = 2; z = 3

    return x + \
        y + z


def loop():
    for i in range(2):
        if i:
            continue
        x = i
    else:
        x = 5


def one_line():
    for i in range(3): pass
    i = 0
    [k for k in range(2)]
    return (lambda q: q)(4)


def handled():
    try:
        1 / 0
    except ZeroDivisionError as e:
        x = 1
    finally:
        x = 2
    try:
        pass
    finally:
        x = 3


def deep(n):
    if n == 0:
        raise ValueError("deep")
    try:
        deep(n - 1)
    finally:
        n = 9


def gen():
    a = yield 1
    try:
        b = yield 2
    except KeyError:
        yield 3


def use_gen():
    g = gen()
    next(g)
    g.send(5)
    g.throw(KeyError("k"))
    for v in gen():
        pass
    g.close()


def with_block():
    class M:
        def __enter__(self): return 1
        def __exit__(self, *a): return True
    with M() as m:
        raise OSError("swallowed")
    return m


def nested():
    def inner(a,
              b=2):
        return (a +
                b)
    return inner(1)


def branches(x):
    match x:
        case 1:
            r = "one"
        case [a, b]:
            r = a
        case _:
            r = "other"
    r = "t" if x else "f"
    assert x
    if x and \
            r:
        return r


def one(): return 1


class Deco:
    def __init__(self, f): self.f = f
    @property
    def p(self):
        return 3


def classes():
    d = Deco(one)
    d.p
    return d.f()


def rethrow():
    try:
        raise ValueError(1)
    except ValueError:
        raise


def sorting():
    return sorted([3, 1], key=lambda v: -v)


def string():
    s = """a
    b"""
    d = {
        "a": 1,
        "b": s,
    }
    del d["a"]


for f in simple, loop, one_line, handled, use_gen, with_block, nested, classes, rethrow, sorting, string:
    run(f)
run(deep, 1)
run(branches, 1)
run(branches, [1, 2])


def no_local(frame, event, arg):
    events.append((frame.f_code.co_name, event))
    return None


events.clear()
sys.settrace(no_local)
classes()
sys.settrace(None)
print(events)


def bad(frame, event, arg):
    raise RuntimeError("tracer fails")


sys.settrace(bad)
try:
    one()
except RuntimeError as e:
    print(e, sys.gettrace())


def lines_off(frame, event, arg):
    frame.f_trace_lines = False
    events.append((frame.f_code.co_name, event))
    return lines_off


events.clear()
sys.settrace(lines_off)
handled()
sys.settrace(None)
print(events)


def local_change(frame, event, arg):
    def only_return(frame, event, arg):
        events.append(event)
        return only_return
    if event == "call":
        return only_return


events.clear()
sys.settrace(local_change)
simple()
sys.settrace(None)
print(events, sys.gettrace())


def here(frame, event, arg):
    events.append((event, frame.f_lineno - base))
    return here


events.clear()
base = sys._getframe().f_lineno
sys._getframe().f_trace = here
sys.settrace(here)
a = 1
b = one()
sys.settrace(None)
sys._getframe().f_trace = None
print([e for e in events])
