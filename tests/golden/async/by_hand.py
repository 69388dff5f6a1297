import sys
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e, '| cause', repr(e.__cause__), '| ctx', repr(e.__context__), getattr(e, 'value', '-'))
class Aw:
    def __init__(s, v): s.v = v
    def __await__(s):
        r = yield s.v
        return ('res', r)
def run(c, *sends):
    out = []
    try:
        out.append(c.send(None))
        for s in sends: out.append(c.send(s))
    except StopIteration as e: out.append(('ret', e.value))
    except BaseException as e: out.append((type(e).__name__, str(e)))
    return out
async def f(): return await Aw(1), await Aw(2)
print(run(f(), 'a', 'b'))
async def chain(n): return await (chain(n - 1) if n else Aw('bottom'))
print(run(chain(100), 'z'))
c = f(); print(type(c).__name__, c.cr_running, c.cr_await, c.cr_suspended, c.cr_frame is not None, c.cr_origin, c.cr_code.co_name); c.send(None); print(type(c.cr_await).__name__, c.cr_suspended); c.close(); print(c.cr_frame, c.cr_await)
show('reuse', c.send, None); show('throw', c.throw, ValueError('x')); show('close', c.close)
c = f(); show('send non-none', c.send, 1); c.close()
c = f(); c.send(None); show('throw', c.throw, KeyError('k'))
c = f(); show('iter', iter, c); show('next', next, c); show('list', list, c); c.close()
async def awself(): await me
me = awself(); show('self', me.send, None)
async def aw2(c): return await c
c = f(); c.send(None); d = aw2(c); show('already', d.send, None); c.close()
for bad in (5, None, [], 'x', lambda: 0):
    async def b(): await bad
    show(f'await {type(bad).__name__}', b().send, None)
class BadAw:
    def __await__(s): return 5
class BadAw2:
    def __await__(s): return f()
class BadAw3:
    def __await__(s): return iter([10, 20])
for B in (BadAw, BadAw2, BadAw3):
    async def b(): return await B()
    c = b(); print(run(c, None, None) if B is BadAw3 else run(c))
# coroutine return, StopIteration
async def si(): raise StopIteration(5)
show('si', si().send, None)
async def sai(): raise StopAsyncIteration(5)
show('sai', sai().send, None)
# async with
class CM:
    def __init__(s, n, swallow=False): s.n = n; s.sw = swallow
    async def __aenter__(s): print('enter', s.n); await Aw(f'e{s.n}'); return s.n
    async def __aexit__(s, *a): print('exit', s.n, a[0] and a[0].__name__, a[1] and str(a[1])); await Aw(f'x{s.n}'); return s.sw
async def w():
    async with CM(1) as a, CM(2, True) as b:
        print(a, b); raise ValueError('in')
    print('after')
    async with (CM(3), CM(4) as q,):
        return q
print(run(w(), *range(10)))
async def w2():
    async with CM(5): await Aw('body')
c = w2(); c.send(None); c.send(None); show('close in with', c.close)
c = w2(); c.send(None); c.send(None); show('throw in with', c.throw, KeyError('t')); show('then', c.send, None)
class NoExit:
    async def __aenter__(s): pass
class SyncCM:
    def __enter__(s): pass
    def __exit__(s, *a): pass
class NAe:
    def __aenter__(s): return 5
    async def __aexit__(s, *a): pass
class NAx:
    async def __aenter__(s): return 5
    def __aexit__(s, *a): return 5
for X in (NoExit, SyncCM, NAe, NAx):
    async def b():
        async with X(): print('body')
    print(X.__name__, run(b()))
async def b():
    with CM(1): pass
print(run(b()))
# async for
class AI:
    def __init__(s, n): s.n = n
    def __aiter__(s): return s
    async def __anext__(s):
        if s.n == 0: raise StopAsyncIteration
        s.n -= 1; await Aw(('n', s.n)); return s.n
async def l():
    out = []
    async for x in AI(3): out.append(x)
    else: out.append('else')
    return out
print(run(l(), 1, 2, 3))
async def comp(): return [x async for x in AI(2)], {x async for x in AI(1)}, {x: await Aw(x) async for x in AI(1) if x == 0}, [y for x in [1] for y in [await Aw('c')]]
print(run(comp(), *range(8)))
class BadAI:
    def __aiter__(s): return 5
class BadAI2:
    def __aiter__(s): return s
    def __anext__(s): return 5
class BadAI3:
    async def __aiter__(s): return s
for X in (BadAI, BadAI2, BadAI3, list):
    async def b():
        async for x in X(): pass
    print(X.__name__, run(b()))
import warnings
# async generators
async def ag():
    try:
        x = yield 1
        print('ag got', x)
        await Aw('mid')
        try: yield 2
        except ValueError as e: print('ag caught', e); yield 'recovered'
    finally:
        print('ag fin'); await Aw('finawait')
a = ag(); print(type(a).__name__, a.ag_running, a.ag_await, a.ag_frame is not None, type(a.asend(None)).__name__, type(a.__anext__()).__name__, type(a.aclose()).__name__, a.__aiter__() is a)
print(run(a.__anext__())); print(run(a.asend('S'), 'm')); print(run(a.athrow(ValueError('T')))); print(run(a.aclose(), None)); print(run(a.__anext__())); print(run(a.aclose())); print(run(a.asend(1))); print(run(a.athrow(KeyError('late'))))
a = ag(); print(run(a.asend('x'))); 
a = ag(); print(run(a.__anext__())); s = a.asend(1); print(s.send(None)); t = a.__anext__(); print(run(t)); print(run(s)); 
a = ag(); n = a.__anext__(); print(run(n)); print(run(n)); 
a = ag(); n = a.asend(None); n.close(); print(run(n))
a = ag(); print(run(a.aclose())); print(run(a.__anext__()))
a = ag(); print(run(a.athrow(KeyError('unstarted'))))
async def agx():
    try: yield 1
    except GeneratorExit: yield 2
a = agx(); print(run(a.__anext__())); print(run(a.aclose()))
async def agsi(): yield 1; raise StopIteration
async def agsai(): yield 1; raise StopAsyncIteration
for G in (agsi, agsai):
    a = G(); run(a.__anext__()); print(run(a.__anext__()))
async def use():
    out = []
    async for x in ag():
        out.append(x)
        if x == 2: break
    return out, [y async for y in (z * 2 async for z in AI(2))]
r = use(); print(run(r, *range(8)))
print(run(anext(AI(1)), 5)); print(run(anext(AI(0), 'dflt'))); show('anext', anext, 5); show('aiter', aiter, 5); print(type(aiter(AI(1))).__name__)
async def an(): return await anext(ag()), await anext(AI(0), 'D')
print(run(an(), 1, 2))
# hooks
fin = []
old = sys.get_asyncgen_hooks(); print(old)
sys.set_asyncgen_hooks(lambda g: print('first', g.__name__), lambda g: (print('finalizer', g.__name__), fin.append(g)))
a = ag(); run(a.__anext__()); del a; print(len(fin)); fin[0] and print(run(fin[0].aclose(), None)); sys.set_asyncgen_hooks(*old)
show('hooks', sys.set_asyncgen_hooks, 5)
# types.coroutine
import types, inspect
@types.coroutine
def tc():
    x = yield 'tc'; return x * 2
async def u(): return await tc()
print(run(u(), 21), inspect.isawaitable(tc()), inspect.iscoroutinefunction(u), inspect.isasyncgenfunction(ag), inspect.getcoroutinestate(c))
def yf():
    yield from f()
show('yield from coro', next, yf())
# contextlib helpers
import contextlib
@contextlib.asynccontextmanager
async def acm(v):
    print('acm in'); await Aw('acm')
    try: yield v
    except KeyError as e: print('acm swallowed', e)
    finally: print('acm out')
async def us():
    async with acm(5) as v:
        print(v); raise KeyError('q')
    async with contextlib.AsyncExitStack() as st:
        st.push_async_callback(acb, 1); await st.enter_async_context(acm(6))
        return 'done'
async def acb(x): print('acb', x)
print(run(us(), *range(5)))
async def nested():
    async def inner():
        try: await Aw('i')
        finally: await Aw('cleanup')
    try: await inner()
    except ZeroDivisionError: return 'zde'
c = nested(); print(c.send(None)); print(c.throw(ZeroDivisionError)); show('end', c.send, None)
