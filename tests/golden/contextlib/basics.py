"""contextlib: managers from generators, ExitStack, suppress, redirect, async ones driven by hand."""
import io
import sys
from contextlib import *


@contextmanager
def cm(name, swallow=False):
    print("enter", name)
    try:
        yield name.upper()
    except ValueError as e:
        print("caught", e)
        if not swallow:
            raise
    finally:
        print("exit", name)


with cm("a") as v, cm("b"):
    print(v)
with cm("c", True):
    raise ValueError("swallowed")
try:
    with cm("d"):
        raise ValueError("passed on")
except ValueError as e:
    print("outside", e, e.__traceback__ is not None)


@cm("deco")
def f(x): return x * 2


print(f(2), f(3), f.__name__)


@contextmanager
def no_yield():
    if False:
        yield


@contextmanager
def two_yields():
    yield 1
    yield 2


@contextmanager
def replaces():
    try:
        yield
    except KeyError:
        raise RuntimeError("replaced") from None


@contextmanager
def stop():
    yield
    raise StopIteration("inner")


for bad, exc in (no_yield, NameError("n")), (two_yields, TypeError("t")), (replaces, KeyError("k")), (stop, TypeError("t")):
    try:
        with bad():
            raise exc
    except Exception as e:
        print(bad.__name__, type(e).__name__, e)
try:
    with two_yields():
        pass
except RuntimeError as e:
    print(e)
try:
    with stop():
        pass
except RuntimeError as e:
    print(e, repr(e.__cause__))


class Closer:
    def close(self): print("closed")


with closing(Closer()) as c:
    print(type(c).__name__)
with suppress(KeyError, IndexError):
    {}["x"]
    print("not reached")
with suppress(ValueError) as s:
    print(s)
with nullcontext(5) as n:
    print(n)
out, err = io.StringIO(), io.StringIO()
with redirect_stdout(out), redirect_stderr(err):
    print("to out")
    print("to err", file=sys.stderr)
print(repr(out.getvalue()), repr(err.getvalue()))
with ExitStack() as stack:
    stack.enter_context(cm("s1"))
    stack.callback(print, "callback", end="!\n")
    stack.push(lambda t, v, tb: print("push", t) or True)
    stack.enter_context(cm("s2"))
    raise KeyError("in stack")
with ExitStack() as stack:
    stack.callback(lambda: print("kept"))
    moved = stack.pop_all()
print("moved")
moved.close()
try:
    with ExitStack() as stack:
        stack.callback(lambda: 1 / 0)
        raise KeyError("first")
except ZeroDivisionError as e:
    print(repr(e), repr(e.__context__))
try:
    ExitStack().enter_context(3)
except TypeError as e:
    print(e)


class D(ContextDecorator):
    def __enter__(self): print("D in"); return self
    def __exit__(self, *exc): print("D out", exc[0]); return False


@D()
def g(): print("body")


g()


class A(AbstractContextManager):
    def __exit__(self, *a): return None


with A() as a:
    print(type(a).__name__, isinstance(cm("q"), AbstractContextManager), issubclass(Closer, AbstractContextManager))


@asynccontextmanager
async def acm(n):
    print("aenter", n)
    try:
        yield n
    finally:
        print("aexit", n)


def drive(coro):
    try:
        while True:
            coro.send(None)
    except StopIteration as e:
        return e.value


async def use():
    async with acm(1) as x, AsyncExitStack() as st:
        await st.enter_async_context(acm(2))
        st.push_async_callback(acb, "cb")
        print("in", x)
    async with aclosing(agen()) as ag:
        async for i in ag:
            print(i)
            break
    async with nullcontext(9) as z:
        return z


async def acb(x): print(x)


async def agen():
    try:
        yield 1
        yield 2
    finally:
        print("agen closed")


print(drive(use()))


@acm("decorated")
async def h(): print("h")


drive(h())
with chdir("/"):
    import os
    print(os.getcwd())
