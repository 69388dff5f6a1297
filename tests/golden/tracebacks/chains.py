# reports of chained, grouped, noted exceptions, through sys.excepthook and traceback
import sys, io, traceback
def report(f, *a):
    try: f(*a)
    except BaseException as e:
        out, sys.stderr = sys.stderr, io.StringIO()
        try: sys.__excepthook__(type(e), e, e.__traceback__)
        finally: text, sys.stderr = sys.stderr.getvalue(), out
        print(f'--- {f.__name__}'); print(text.replace(__file__, 'S'), end='')
        same = ''.join(traceback.format_exception(e)).replace(__file__, 'S')
        print('traceback module agrees' if same == text.replace(__file__, 'S') else 'DIFFERS\n' + same)
def plain(): return [1, 2, 3][5] * (1 / 0)
def cause():
    try: 1 / 0
    except ZeroDivisionError as e: raise ValueError('x') from e
def context():
    try: {}['a']
    except KeyError: int('x')
def suppressed():
    try: {}['a']
    except KeyError: raise ValueError from None
def both():
    try:
        try: 1 / 0
        except ZeroDivisionError: raise KeyError('k') from OSError(2, 'gone')
    finally:
        raise TypeError('last')
def noted():
    e = ValueError('n'); e.add_note('one\ntwo'); e.add_note(''); e.add_note('  indented'); raise e
def group():
    def inner(): raise ValueError('v')
    excs = []
    for i in range(2):
        try: inner()
        except ValueError as e: excs.append(e)
    excs[1].add_note('note in group')
    raise ExceptionGroup('eg', [excs[0], ExceptionGroup('inner', [excs[1], TypeError(1)]), KeyError('k')])
def grouped_context():
    try: raise ExceptionGroup('a', [ValueError(1)])
    except* ValueError: raise KeyError(1)
def many(): raise ExceptionGroup('many', [ValueError(i) for i in range(20)])
def deep():
    e = ValueError('deep')
    for i in range(12): e = ExceptionGroup(f'n{i}', [e])
    raise e
def in_group_cause():
    a = ValueError('a'); a.__cause__ = KeyError('cause of a')
    raise ExceptionGroup('g', [a, TypeError('t')])
class Custom(Exception):
    def __str__(self): return 'line1\nline2'
class Bad(Exception):
    def __str__(self): raise RuntimeError
class Outer:
    class Nested(Exception): pass
def custom(): raise Custom
def bad(): raise Bad
def nested(): raise Outer.Nested('q')
def recursion():
    def f(n): return f(n + 1)
    f(0)
def mutual():
    def a(n): return b(n)
    def b(n):
        if n == 0: raise ValueError('end')
        return a(n - 1)
    a(3)
def cyc():
    a = ValueError('a'); b = KeyError('b'); a.__context__ = b; b.__context__ = a; raise a
def selfcause():
    a = ValueError('a'); a.__cause__ = a; raise a
def frommany():
    def deepest(): raise OSError(13, 'Permission denied', 'file.txt')
    try: deepest()
    except OSError as e:
        try: raise RuntimeError('mid') from e
        except RuntimeError as f: raise SystemError('top') from f
def gen():
    def g():
        yield 1
        raise ValueError('in gen')
    for x in (y for y in g()): pass
def comp(): return [1 / i for i in (2, 1, 0)]
def lam(): return (lambda x: x.nope)(5)
def exec_(): exec('def q():\n  return 1/0\nq()')
def deco():
    def d(f): raise LookupError('deco')
    @d
    def g(): pass
def klass():
    class A:
        x = 1
        y = x + undefined
def prop():
    class A:
        @property
        def p(self): return self.q
    return A().p
def withs():
    class C:
        def __enter__(self): return self
        def __exit__(self, *a): raise KeyError('exit')
    with C() as c:
        raise ValueError('body')
def fin():
    try: 1 / 0
    finally: undefined_in_finally
def reraised():
    try:
        try: 1 / 0
        except ZeroDivisionError as e: saved = e; raise
    except ZeroDivisionError: raise saved
def unpack(): a, b = 1, 2, 3
def asserts(): assert 1 + 1 == 3, ('tuple', 'msg')
def argcount(): (lambda a, b: 0)(1)
def imports(): from os import nothing_of_that_name
def names(): return lenght
def attrs(): return 'x'.uper()
def syntax(): compile('x = = 1', 'some_file.py', 'exec')
def syntax2(): exec('if x\n  pass')
for f in (plain, cause, context, suppressed, both, noted, group, grouped_context, many, deep, in_group_cause, custom, bad, nested, recursion, mutual, cyc, selfcause, frommany, gen, comp, lam, exec_, deco, klass, prop, withs, fin, reraised, unpack, asserts, argcount, names, attrs, syntax, syntax2): report(f)
