# send, throw, close, return values, yield from, errors
def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e, '| cause', repr(e.__cause__), '| ctx', repr(e.__context__), getattr(e, 'value', '-'))
def g():
    try:
        x = yield 1
        print('got', x)
        try:
            y = yield 2
        except ValueError as e:
            print('caught', e); y = 'thrown'
        print('y', y)
        return 'ret'
    finally:
        print('fin')
i = g(); show('send nonnone', i.send, 5); show('next', next, i); show('send', i.send, 'X'); show('throw', i.throw, ValueError('v')); show('after', next, i)
i = g(); next(i); show('close', i.close); show('close2', i.close); show('next closed', next, i); show('send closed', i.send, 1); show('throw closed', i.throw, KeyError('k'))
i = g(); show('close unstarted', i.close); show('next', next, i)
i = g(); show('throw unstarted', i.throw, ValueError('early')); show('next', next, i)
i = g(); next(i); show('throw cls', i.throw, ValueError); i = g(); next(i); i.send(1)
import warnings; warnings.simplefilter('ignore')
show('throw 3', i.throw, ValueError, ValueError('inst'), None)
for a in [(), (5,), ('x',), (int,), (ValueError('a'), 5), (ValueError, 'val', 5), (ValueError, ('a', 'b')), (ValueError, None, None)]:
    i = g(); next(i); show(f'throw{a}', i.throw, *a)
# return values
def r(v): return v; yield
for v in (None, 1, (1, 2), ValueError('x'), StopIteration(3)):
    def outer(): return (yield from r(v))
    i = outer(); show(f'ret {v!r}', next, i)
def retexc():
    yield 1
    return (1,)
i = retexc(); next(i)
try: next(i)
except StopIteration as e: print(e.value, e.args)
# StopIteration inside
def si(): yield 1; raise StopIteration('inner')
i = si(); next(i); show('si', next, i)
def si2(): yield next(iter([]))
show('si2', next, si2())
def si3():
    try: yield 1
    except StopIteration: print('caught si'); yield 2
i = si3(); next(i); show('si3', i.throw, StopIteration('x'))
def si4(): yield 1
i = si4(); next(i); show('si4', i.throw, StopIteration('y'))
def sai(): yield 1; raise StopAsyncIteration('z')
i = sai(); next(i); show('sai', next, i)
# GeneratorExit
def ign():
    while True:
        try: yield 1
        except GeneratorExit: print('ignoring'); yield 99; break
i = ign(); next(i); show('ignored', i.close); show('next', next, i, 'end')
def ge():
    try: yield 1
    except GeneratorExit: return 'on close'
i = ge(); next(i); show('close val', i.close)
def gx():
    try: yield 1
    finally: raise KeyError('in finally')
i = gx(); next(i); show('close raises', i.close)
def g2():
    try: yield
    except GeneratorExit: raise
i = g2(); next(i); show('throw GE', i.throw, GeneratorExit('manual'))
# already executing
def rec():
    yield next(me)
me = rec(); show('executing', next, me)
def rec2():
    try: me2.close()
    except ValueError as e: yield str(e)
me2 = rec2(); show('close self', next, me2)
def rec3():
    try: me3.throw(KeyError)
    except ValueError as e: yield str(e)
me3 = rec3(); show('throw self', next, me3)
def rec4():
    yield from me4
me4 = rec4(); show('yf self', next, me4)
# yield from delegates
class It:
    def __init__(s, n): s.n = n
    def __iter__(s): return s
    def __next__(s):
        s.n -= 1
        if s.n < 0: raise StopIteration('it-ret')
        return s.n
class Full(It):
    def send(s, v): print('send', v); return f'sent{v}'
    def throw(s, *a): print('throw', [type(x).__name__ if isinstance(x, BaseException) else x for x in a]); return 'thrown'
    def close(s): print('close')
def d(it):
    r = yield from it
    print('r', r)
    return r
i = d(It(2)); print(next(i), next(i)); show('end', next, i)
i = d(It(2)); next(i); show('send to plain', i.send, 5); i = d(It(2)); next(i); show('throw plain', i.throw, KeyError('k'))
i = d(Full(2)); print(next(i), i.send('a'), i.send(None), i.throw(ValueError('z'))); show('close', i.close)
class BadClose(It):
    def close(s): raise OSError('bad close')
i = d(BadClose(2)); next(i); show('bad close', i.close)
class NoThrow(It):
    throw = None
i = d(NoThrow(2)); next(i); show('nothrow', i.throw, KeyError('k'))
class ThrowAttr(It):
    def __getattr__(s, n): print('getattr', n); raise AttributeError(n)
i = d(ThrowAttr(3)); next(i); show('t', i.throw, KeyError('k')); i = d(ThrowAttr(3)); next(i); show('c', i.close); i = d(ThrowAttr(3)); next(i); show('s', i.send, 1)
class ThrowStop(It):
    def throw(s, *a): raise StopIteration('from throw')
i = d(ThrowStop(2)); next(i); show('throwstop', i.throw, KeyError('k'))
show('yf int', lambda: next(d(5))); show('yf none', lambda: next(d(None))); show('yf str', lambda: list(d('abc')))
# chain depth
def nest(n):
    if n == 0:
        x = yield 'bottom'; yield ('got', x)
    else:
        r = yield from nest(n - 1); return r
i = nest(50); print(next(i), i.send('deep')); show('end', next, i)
i = nest(50); next(i); show('throw deep', i.throw, ValueError('d'))
i = nest(3); next(i); print(i.gi_yieldfrom.gi_yieldfrom.gi_yieldfrom.gi_yieldfrom, i.gi_running, i.gi_suspended, i.gi_frame.f_lineno > 0, i.gi_code.co_name)
i.close(); print(i.gi_frame, i.gi_yieldfrom, i.gi_running, i.gi_suspended)
print(type(i).__name__, g.__name__, i.__name__, i.__qualname__); i.__name__ = 'n'; i.__qualname__ = 'q'; print(repr(i)[:21]); show('name', setattr, i, '__name__', 5); show('delname', delattr, i, '__name__'); show('attr', setattr, i, 'x', 1)
show('new', type(i)); 
# finally ordering on del
def fin(n):
    try: yield n
    finally: print('fin', n)
i = fin(1); next(i); del i
i = fin(2); next(i); i = None
for x in fin(3): break
print([x for x in fin(4)])
a, *b = fin(5); print(a, b)
try: a, b, c = fin(6)
except ValueError as e: print(e)
# exception state inside generators
import sys
def es():
    print(sys.exc_info()[0]); yield 1
    print(sys.exc_info()[0])
    try: raise KeyError
    except KeyError:
        print(sys.exc_info()[0]); yield 2; print(sys.exc_info()[0])
    print(sys.exc_info()[0])
    yield 3
i = es()
try: raise ValueError
except ValueError: next(i)
next(i); print(sys.exc_info()[0])
try: raise OSError
except OSError: print(next(i)); print(sys.exc_info()[0])
# genexpr scoping and laziness
print([list(x + y for x in range(3)) for y in range(2)])
show('lazy', lambda: type((1/0 for x in [1])).__name__); show('eager first', lambda: (x for x in 1/0)); show('iter eager', lambda: (x for x in 5))
gen = (x for x in [1, 2]); print(gen.__name__, gen.__qualname__, gen.gi_code.co_varnames)
def cl(): return [lambda: i for i in range(3)], (lambda: i for i in range(3))
a, b = cl(); print([f() for f in a], [f() for f in b])
class C:
    x = 5; l = [x for _ in range(2)] if False else 0; g = list(x for x in [x])
    try: bad = [x for _ in range(1)]
    except NameError as e: bad = str(e)
print(C.g, C.bad)
import inspect
i = g(); print(inspect.getgeneratorstate(i)); 
