# lines, columns and words of SyntaxErrors
SRC = r'''
def f(): x = yield = 1
---
not
---
x not y
---
x is is y
---
x in in y
---
if x then y
---
if x:
---
def f():
---
for x in y:
---
class A:
---
if True: x = 1 else: y = 2
---
x = 1 y = 2
---
x = if y: 1
---
x = a if b
---
x = a if b else
---
pass x
---
break x
---
pass = 1
---
class = 1
---
def = 1
---
if = 1
---
import if
---
from if import a
---
def if(): pass
---
class if: pass
---
x.if = 1
---
x = def
---
f(if)
---
f(class=1)
---
def f(x, if): pass
---
match x:
    case a | b: pass
---
match x:
    case a: pass
    case b: pass
---
match x:
    case _: pass
    case 1: pass
---
match x:
    case [a, a]: pass
---
match x:
    case {1: a, 1: b}: pass
---
match x:
    case {**a, 1: b}: pass
---
match x:
    case {**_}: pass
---
match x:
    case [*a, *b]: pass
---
match x:
    case A(a=1, a=2): pass
---
match x:
    case A(a=1, 2): pass
---
match x:
    case 1 + 2: pass
---
match x:
    case 1j + 2j: pass
---
match x:
    case -a: pass
---
match x:
    case a as _: pass
---
match x:
    case a as b.c: pass
---
match x:
    case a.b(): pass
    case (a as b, c) | d: pass
---
match x
    case 1: pass
---
match x:
    case 1
        pass
---
match x:
    pass
---
type X = 
---
type X[T, T] = 1
---
type X[T: (yield)] = 1
---
type X[T] = (yield)
---
type X[T] = (x := 1)
---
type X[T] = await x
---
type 1 = 2
---
def f[](): pass
---
x = '\N{foo}'
---
x = '\x1'
---
x = '\u12'
---
x = '\U12345678'
---
x = b'\x1'
---
x = b'é'
---
x = 'a' b'b'
---
x = '\
---
x = 1 \ 
y
---
x = \
---
x = 1 ; ; y = 2
---
;
---
x = {
    'a': 1
    'b': 2
}
---
foo(1,
    2
bar()
---
x = [1,
 2
 3]
---
“hello”
---
x = 'abc’
---
x = a – b
---
x = 1 – 2
---
a¢b
---
x = €
---
π = 3; 5π
---
x = ​1
---
def f(x):
    return x
  y
---
print(1
print(2)
---
if (x:
    pass
---
x = (
---
((((
---
)
---
]}
---
{[(
---
f(]
---
"a" "b
'''
pieces = SRC[1:].split('\n---\n')
import warnings
for i, s in enumerate(pieces):
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter('always')
        try:
            compile(s + '\n', '<s>', 'exec')
            r = 'OK'
        except SyntaxError as e:
            r = f'{type(e).__name__}: {e.msg} @{e.lineno}:{e.offset}-{e.end_lineno}:{e.end_offset}'
        except Exception as e:
            r = f'{type(e).__name__}: {e}'
    print(f'{s!r}\n    {r}' + ''.join(f'\n    {x.category.__name__}: {x.message} {x.lineno}' for x in w))
