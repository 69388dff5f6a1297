import sys

log = []
def short(arg):
    if isinstance(arg, tuple) and len(arg) == 3:
        return arg[0].__name__
    return repr(arg)
def tracer(frame, event, arg):
    if frame.f_code.co_filename != __file__ and not frame.f_code.co_filename.endswith("trace_events.py"):
        return None
    if frame.f_code.co_name in ("traced", "<module>", "setprofile", "settrace"):
        return None
    log.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, short(arg)))
    return tracer
def traced(f, *a):
    log.clear()
    sys.settrace(tracer)
    try:
        f(*a)
    except Exception as e:
        log.append(("out", type(e).__name__))
    finally:
        sys.settrace(None)
    for entry in log:
        print(*entry)
    print("-")

def straight(a):
    b = a + 1
    c = b * 2
    return c
traced(straight, 3)

def loop(n):
    total = 0
    for i in range(n):
        total += i
    return total
traced(loop, 2)

def branch(x):
    if x:
        y = 1
    else:
        y = 2
    return y
traced(branch, 0)

def inner(x):
    return 10 // x
def outer(x):
    try:
        inner(x)
    except ZeroDivisionError:
        return "caught"
traced(outer, 0)
traced(inner, 0)

def gen():
    yield 1
    yield 2
def use():
    return sum(gen())
traced(use)

def picky(frame, event, arg):
    log.append(event)
    return None
def calls():
    inner(1)
    inner(2)
log.clear()
sys.settrace(picky)
calls()
sys.settrace(None)
print(log.count("call"), set(log))

def failing(frame, event, arg):
    raise ValueError("tracer")
sys.settrace(failing)
try:
    inner(1)
except ValueError as e:
    print(e, sys.gettrace())

seen = []
def prof(frame, event, arg):
    if event in ("call", "return") and frame.f_code.co_name in ("inner", "calls"):
        seen.append((event, frame.f_code.co_name, arg))
sys.setprofile(prof)
calls()
sys.setprofile(None)
print(seen, sys.getprofile())
