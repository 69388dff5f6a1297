# Exceptions through generators, iterators and callbacks.
def g():
    try:
        x = yield 1
        print("got", x)
        yield 2
    except KeyError as e:
        print("key", e)
        yield "recovered"
    finally:
        print("cleanup")
a = g()
print(next(a), a.send("v"))
try:
    next(a)
except StopIteration as e:
    print("stop", e.value)
b = g()
next(b)
print(b.throw(KeyError("k")))
b.close()
c = g()
try:
    c.throw(ValueError("before start"))
except ValueError as e:
    print(e)
try:
    next(c)
except StopIteration:
    print("exhausted")
try:
    g().send(1)
except TypeError as e:
    print(e)
def sub():
    try:
        yield "s1"
    except ValueError as e:
        print("sub caught", e)
        return "from except"
    return "normal"
def deleg():
    r = yield from sub()
    print("result", r)
    yield "after"
d = deleg()
next(d)
print(d.throw(ValueError("thrown")))
d2 = deleg()
print(list(d2))
def bad_close():
    try:
        yield
    except GeneratorExit:
        yield "still"
e = bad_close()
next(e)
try:
    e.close()
except RuntimeError as err:
    print(err)
def raises_stop():
    yield 1
    raise StopIteration("inside")
try:
    list(raises_stop())
except RuntimeError as err:
    print(err, repr(err.__cause__))
def self_running():
    next(gen)
    yield
gen = self_running()
try:
    next(gen)
except ValueError as err:
    print(err)
def ret_tuple():
    return (1, 2)
    yield
try:
    next(ret_tuple())
except StopIteration as err:
    print(err.value, err.args)
for f in (lambda: list(1 / x for x in (1, 0)), lambda: sorted([1, 2], key=lambda x: x.nope), lambda: list(map(int, ["1", "x"])), lambda: max([1, "a"]), lambda: sum(x for x in "ab"), lambda: dict([(1, 2), 3]), lambda: {k: v for k, v in [1]}, lambda: [x for x in 5], lambda: any(1 / 0 for _ in "a"), lambda: "".join(x for x in [1])):
    try:
        f()
    except Exception as err:
        print(type(err).__name__, err)
class It:
    def __iter__(self): return self
    def __next__(self): raise LookupError("next fails")
try:
    for _ in It(): pass
except LookupError as err:
    print(err)
class BadIter:
    def __iter__(self): return 3
try:
    iter(BadIter())
except TypeError as err:
    print(err)
class BadEq:
    def __eq__(self, o): raise ArithmeticError("eq fails")
    __hash__ = object.__hash__
try:
    [1, 2].index(BadEq())
except ArithmeticError as err:
    print(err)
class BadHash:
    def __hash__(self): raise OverflowError("hash fails")
for f in (lambda: {BadHash(): 1}, lambda: {BadHash()}, lambda: hash((1, BadHash()))):
    try:
        f()
    except OverflowError as err:
        print(err)
def handled():
    try:
        raise ValueError("outer")
    except ValueError:
        yield 1
        try:
            raise
        except ValueError as err:
            yield str(err)
h = handled()
print(next(h))
try:
    raise KeyError("between")
except KeyError:
    print(next(h))
async def coro():
    raise ValueError("async")
try:
    coro().send(None)
except ValueError as err:
    print(err)
