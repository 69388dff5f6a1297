# Control flow through try, finally and with.
def trace(label):
    log.append(label)
log = []
def ret():
    try:
        return trace("try") or "r1"
    finally:
        trace("finally")
print(ret(), log)
def override():
    try:
        raise ValueError
    finally:
        return "overrides"
print(override())
def loop_break():
    out = []
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            out.append(i)
        finally:
            out.append(f"f{i}")
    else:
        out.append("else")
    return out
print(loop_break())
def nested_finally():
    out = []
    try:
        try:
            out.append(1)
            raise KeyError("a")
        finally:
            out.append(2)
            try:
                raise ValueError("b")
            except ValueError:
                out.append(3)
    except KeyError as e:
        out.append(repr(e))
    return out
print(nested_finally())
def finally_raises():
    try:
        try:
            raise KeyError("first")
        finally:
            raise ValueError("second")
    except ValueError as e:
        return repr(e), repr(e.__context__)
print(finally_raises())
def while_finally(n):
    while True:
        try:
            n += 1
            if n > 3:
                return n
        finally:
            n *= 2
            if n > 100:
                break
    return "broke", n
print(while_finally(0), while_finally(60))
class CM:
    def __init__(self, name, swallow=False, fail=None):
        self.name, self.swallow, self.fail = name, swallow, fail
    def __enter__(self):
        log.append(f"enter {self.name}")
        if self.fail == "enter": raise RuntimeError("enter fails")
        return self.name
    def __exit__(self, t, v, tb):
        log.append(f"exit {self.name} {t.__name__ if t else None}")
        if self.fail == "exit": raise RuntimeError("exit fails")
        return self.swallow
log.clear()
def with_return():
    with CM("a") as a, CM("b") as b:
        return a + b
print(with_return(), log)
log.clear()
with CM("outer", swallow=True):
    with CM("inner"):
        raise KeyError
print(log)
log.clear()
for fail in ("enter", "exit"):
    try:
        with CM("x"), CM("y", fail=fail):
            log.append("body")
    except RuntimeError as e:
        log.append(str(e))
print(log)
log.clear()
for i in range(3):
    with CM(str(i)):
        if i == 1: continue
        if i == 2: break
print(log)
with (CM("p") as p, CM("q") as q,):
    print(p, q)
def gen():
    with CM("gen"):
        yield 1
        yield 2
log.clear()
g = gen()
next(g)
g.close()
print(log)
def deep(n):
    try:
        if n == 0: raise ValueError("bottom")
        deep(n - 1)
    except ValueError as e:
        if n % 2: raise
        raise KeyError(n) from e
    except KeyError as e:
        if n < 4: raise
        return "stopped", e.args
print(deep(5))
def chain_len(e):
    n = 0
    while e:
        e, n = e.__context__, n + 1
    return n
try:
    deep(3)
except KeyError as e:
    print(chain_len(e), e.args)
for bad in (object(), 3):
    try:
        with bad:
            pass
    except TypeError as e:
        print(e)
class OnlyEnter:
    def __enter__(self): pass
try:
    with OnlyEnter(): pass
except TypeError as e:
    print(e)
