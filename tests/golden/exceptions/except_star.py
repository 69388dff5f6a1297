def show(label, f, *a, **k):
    try: print(label, '->', f(*a, **k))
    except BaseException as e: print(label, '!!', type(e).__name__, e, '| cause', repr(e.__cause__), '| ctx', repr(e.__context__))
EG, BEG = ExceptionGroup, BaseExceptionGroup
def tree(e): return (e.message, [tree(x) for x in e.exceptions]) if isinstance(e, BEG) else repr(e)
def t(exc, handlers='VTO'):
    log = []
    try:
        try: raise exc
        except* ValueError as e: log.append(('V', tree(e), e.__context__, e.__traceback__ is not None))
        except* (TypeError, KeyError) as e: log.append(('T', tree(e)))
        except* OSError: log.append(('O',))
        else: log.append('else')
        finally: log.append('fin')
    except BaseException as e: log.append(('rest', tree(e) if isinstance(e, BEG) else repr(e), e is exc))
    return log
V, T, K, O, Z = ValueError(1), TypeError(2), KeyError('k'), OSError(3), ZeroDivisionError(4)
for x in (V, T, Z, EG('a', [V]), EG('a', [V, T]), EG('a', [Z]), EG('a', [V, EG('b', [T, Z, EG('c', [V, O])]), Z]), BEG('x', [KeyboardInterrupt(), V]), EG('n', [EG('m', [EG('l', [V])])])): print(t(x))
# raising within handlers
def r1():
    try: raise EG('g', [ValueError(1), TypeError(2)])
    except* ValueError: raise KeyError('new')
def r2():
    try: raise EG('g', [ValueError(1), TypeError(2), OSError(3)])
    except* ValueError: raise
    except* TypeError as e: raise e
def r3():
    try: raise EG('g', [ValueError(1), TypeError(2)])
    except* ValueError as e: raise KeyError('a') from e
    except* TypeError as e: raise KeyError('b') from None
def r4():
    try: raise ValueError('naked')
    except* ValueError as e: raise
def r5():
    try: raise ValueError('naked')
    except* ValueError as e: raise e
def r6():
    try: raise ValueError('naked')
    except* TypeError: pass
def r7():
    try: raise EG('g', [ValueError(1)])
    except* EG: pass
def r8():
    try: raise EG('g', [ValueError(1)])
    except* 5: pass
def r9():
    try: raise EG('g', [ValueError(1)])
    except* (ValueError, EG): pass
def r10():
    for i in range(3):
        try: raise EG('g', [ValueError(i)])
        except* ValueError as e:
            x = i
    return x, 'e' in dir()
def r11():
    try:
        try: raise EG('g', [ValueError(1), TypeError(1)])
        except* ValueError: 1/0
    except EG as e: return tree(e), [repr(x.__context__) for x in e.exceptions]
def r12():
    try: raise EG('g', [EG('h', [ValueError(1), TypeError(2)]), ValueError(3)])
    except* ValueError as e:
        try: raise e
        except* ValueError as f: return_value = tree(f), f is e
    except* TypeError as e: pass
    return return_value
for f in (r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12):
    try: print(f.__name__, f())
    except BaseException as e: print(f.__name__, type(e).__name__, tree(e) if isinstance(e, BEG) else e, repr(e.__context__), repr(e.__cause__))
# construct
for a in [(), ('m',), ('m', []), ('m', 5), (5, [V]), ('m', [5]), ('m', [V, ValueError]), ('m', (V,)), ('m', [V], 3), ('m', {V}), ('m', [KeyboardInterrupt()])]:
    show(f'EG{a}'[:50], lambda: EG(*a)); show(f'BEG{a}'[:50], lambda: BEG(*a))
print(type(BEG('m', [V])), type(BEG('m', [KeyboardInterrupt()])), EG.__mro__[1:3], repr(EG('m', [V, T])), str(EG('m', [V, T])), EG('m', [V]).args)
g = EG('m', (V, T)); print(g.exceptions, g.message); show('set', setattr, g, 'exceptions', ()); show('set', setattr, g, 'message', 1)
# split/subgroup/derive
e = EG('e', [V, EG('f', [T, EG('g', [V, O])]), Z]); e.add_note('note'); e.__cause__ = K
for c in (ValueError, (TypeError, OSError), lambda x: isinstance(x, ZeroDivisionError), EG, Exception, lambda x: False, lambda x: isinstance(x, EG) and x.message == 'g'):
    m, r = e.split(c); print(tree(m) if m else m, '|', tree(r) if r else r, m is e, getattr(m, '__notes__', None), m and repr(m.__cause__)); s = e.subgroup(c); print(tree(s) if s else s)
for c in (5, (), (5,), (ValueError, 5), int, None): show(f'split {c}', e.split, c)
class MyEG(EG):
    def __new__(cls, msg, excs, code): o = super().__new__(cls, msg, excs); o.code = code; return o
    def derive(self, excs): return MyEG(self.message, excs, self.code)
m = MyEG('my', [V, T], 7)
try: raise m
except* ValueError as x: print(type(x).__name__, x.code, tree(x))
except* TypeError as x: print(type(x).__name__, x.code, tree(x))
class NoDerive(EG): pass
a, b = NoDerive('n', [V, T]).split(ValueError); print(type(a), type(b))
class BadDerive(EG):
    def derive(self, excs): return 5
show('bad derive', lambda: BadDerive('n', [V, T]).split(ValueError))
class MyE(EG, ValueError): pass
try: raise MyE('both', [T])
except* ValueError as x: print(tree(x), type(x))
class Sub(EG):
    def subgroup(self, c): return 5
try: raise Sub('s', [V])
except* ValueError as x: print(x)
# leaf from many
import traceback
def leafs(e): return [y for x in e.exceptions for y in (leafs(x) if isinstance(x, BEG) else [x])]
print(leafs(e)); n = EG('deep', [V])
for i in range(200): n = EG('d', [n])
print(len(repr(n)) > 100, n.subgroup(ValueError) is n); a, b = n.split(TypeError); print(a, b is n)
for i in range(100000): n = EG('d', [n])
try: n.split(ValueError); print('no')
except RecursionError as x: print('RecursionError')
try: repr(n); print('no')
except RecursionError as x: print('RecursionError')
del n
# break/continue/return rules
for src in ('try: pass\nexcept* A: return', 'for x in y:\n try: pass\n except* A: break', 'for x in y:\n try: pass\n except* A: continue', 'try: pass\nexcept*: pass', 'try: pass\nexcept* A: pass\nexcept B: pass', 'for x in y:\n try: pass\n except* A:\n  for z in w: break'):
    try: compile(src, '<s>', 'exec'); print('ok')
    except SyntaxError as x: print(x.msg, x.lineno, x.offset)
