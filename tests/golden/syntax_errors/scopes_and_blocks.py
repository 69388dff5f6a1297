# lines, columns and words of SyntaxErrors
SRC = r'''
a, b += 1
---
(a, b) += 1
---
f() += 1
---
1 += 1
---
None += 1
---
a := 1
---
(a.b := 1)
---
(a[0] := 1)
---
((a, b) := 1)
---
f(a := 1, b=c:=2)
---
[i := 0 for i in x]
---
[[(i := 0) for j in x] for i in y]
---
[i for i in (j := x)]
---
class A:
    [(b := 1) for a in x]
---
def f():
    [(yield 1) for x in y]
---
def f():
    return [(yield x) for x in y]
---
async def f():
    [(yield x) async for x in y]
---
def f():
    [x async for x in y]
---
def f():
    async for x in y: pass
---
def f():
    async with x: pass
---
def f():
    await x
---
async def f():
    yield from x
---
async x
---
async def f(): lambda: await x
---
del f()
---
del a + b
---
del 1
---
del None
---
del (a, f())
---
del *a
---
del (a, b), [c, 1]
---
del x if y else z
---
for 1 in x: pass
---
for f() in x: pass
---
for x y in z: pass
---
for x in : pass
---
for in x: pass
---
with open(x) as 1: pass
---
with open(x) as f(): pass
---
with (open(x) as 1, b as c): pass
---
with open(x) as f, : pass
---
import a.b as c.d
---
import a as b.c
---
import
---
import a,
---
from a import
---
from a import b,
---
from a import (b, c
---
from a import *, b
---
from . import *
---
def f():
    from a import *
---
class A:
    from a import *
---
x = 1
from __future__ import annotations
---
from a import b as c.d
---
from a import (*)
---
import *
---
raise
---
raise A, B
---
raise A from
---
assert
---
assert x, 
---
assert (x, "y")
---
assert x = 1
---
@
def f(): pass
---
@x
y = 1
---
lambda
---
lambda x
---
[x for]
---
[x for x]
---
[x for x in]
---
[for x in y]
---
[x, y for x in z]
---
(x, y for x in z)
---
{x, y for x in z}
---
{x: y, z for x in w}
---
{**x for x in y}
---
[*x for x in y]
---
{x: *y}
---
{**x: 1}
---
(*x)
---
(**x)
---
x = **y
---
x[*y, z:1]
---
x[**y]
---
x[]
---
x[1:2:3:4]
---
x..y
---
x.1
---
x.None
---
x = yield = 1
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
