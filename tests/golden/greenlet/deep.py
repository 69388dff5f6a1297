"""Switches from anywhere: callbacks of natives, generators, deep recursion, many at once; exceptions and tracebacks in greenlets."""
import sys
import traceback
from greenlet import getcurrent, greenlet

main = getcurrent()


# --- from a sort key, a comparison, map, a property, a finaliser, an import hook
def body():
    print(sorted([3, 1, 2], key=lambda x: main.switch(("key", x))))

    class E:
        def __init__(self, n):
            self.n = n

        def __eq__(self, other):
            return main.switch(("eq", self.n, other.n))

        def __lt__(self, other):
            return main.switch(("lt", self.n, other.n))

        def __hash__(self):
            return main.switch(("hash", self.n))

        @property
        def p(self):
            return main.switch("property")

    print([E(1), E(2)].index(E(2)) if False else list(map(lambda x: main.switch(("map", x)), "ab")))
    e = E(7)
    print(e.p, e == E(8), e in [E(9)], {e: 1}[e])
    print(max([E(1), E(2)]).n, "%s" % main.switch("format"), [*iter(lambda: main.switch("iter"), 3)])

    class Last:
        def __del__(self):
            print("__del__ got", main.switch("del"))

    last = Last()
    del last
    return "end of body"


g = greenlet(body)
answers = {"key": lambda a: -a[1], "eq": lambda a: a[1] == a[2], "lt": lambda a: a[1] < a[2], "hash": lambda a: a[1], "map": lambda a: a[1] * 2, "iter": lambda a: 3}
seen, asked, n = [], g.switch(), 0
while not g.dead:
    kind = asked[0] if isinstance(asked, tuple) else asked
    seen.append(kind)
    n += 1
    asked = g.switch(answers[kind](asked) if kind in answers else n)
print(asked, sorted(set(seen)), seen.count("key"), seen.count("del"))


# --- a generator that runs in one greenlet is busy for the others
def gen():
    yield 1
    yield main.switch("inside the generator")
    yield 3


it = gen()
g = greenlet(lambda: [next(it), next(it)])
print(g.switch())
try:
    next(it)
except ValueError as e:
    print(e)
print(g.switch(2), next(it))


# --- generators across greenlets
def numbers(n):
    me = getcurrent()
    for i in range(n):
        me.parent.switch(i)


def as_iterator(f, *args):
    g = greenlet(f)
    value = g.switch(*args)
    while not g.dead:
        yield value
        value = g.switch()


print(list(as_iterator(numbers, 5)), sum(as_iterator(numbers, 1000)))


def walk(tree):
    for x in tree:
        walk(x) if isinstance(x, list) else getcurrent().parent.switch(x)


print(list(as_iterator(walk, [1, [2, [3, [4]], 5], [[6]]])))


# --- recursion: each greenlet has a depth of its own
def depth(n=0):
    try:
        return depth(n + 1)
    except RecursionError:
        return n


def recurse():
    d = depth()
    main.switch(d > 200)
    return depth() == d


g = greenlet(recurse)
print(g.switch(), g.switch())


def nested(n):
    return n if n == 0 else 1 + greenlet(nested).switch(n - 1)


print(nested(300))


# native recursion runs into the stack's end, not over it
class Deep:
    def __repr__(self):
        return repr([self])


def native():
    try:
        repr(Deep())
    except RecursionError as e:
        return type(e).__name__


print(greenlet(native).switch())


# --- what is being handled belongs to the greenlet
def handler():
    try:
        raise KeyError("in the greenlet")
    except KeyError:
        main.switch(sys.exc_info()[0])
        try:
            raise
        except KeyError as e:
            main.switch(repr(e))
    return sys.exc_info()


try:
    raise ValueError("in main")
except ValueError:
    g = greenlet(handler)
    print(g.switch(), sys.exc_info()[0], sys.exception())
    print(g.switch(), sys.exc_info()[0])
    print(g.switch(), sys.exc_info()[0])
print(sys.exc_info())


# --- tracebacks: the greenlet's frames, then its parent's
def inner():
    raise ValueError("deep inside")


def outer():
    inner()


def caller():
    greenlet(outer).switch()


try:
    caller()
except ValueError as e:
    print([f.name for f in traceback.extract_tb(e.__traceback__)], e.__context__)

try:
    try:
        raise KeyError("first")
    except KeyError:
        greenlet(outer).switch()
except ValueError as e:
    print(repr(e.__context__))


# --- frames
def framed():
    f = sys._getframe()
    print(f.f_back, f.f_code.co_name)
    local = "seen"
    main.switch()
    return local


g = greenlet(framed)
g.switch()
f = g.gr_frame
print(f.f_code.co_name, f.f_locals["local"], f.f_back, f.f_lineno - f.f_code.co_firstlineno)
g.switch()
print(g.gr_frame)

# --- many
gs = [greenlet(lambda i: main.switch(i) + i) for _ in range(3000)]
print(sum(g.switch(i) for i, g in enumerate(gs)), sum(g.switch(1) for g in gs), all(g.dead for g in gs))
