# lines, columns and words of SyntaxErrors
SRC = r'''
*a, *b = 1
---
print(*)
---
f(**)
---
f(**k, *a)
---
f(a=1, 2)
---
f(**k, 1)
---
f(a=1, a=2)
---
f(1=2)
---
f(a.b=2)
---
f(True=2)
---
f(x for x in y, 1)
---
f(1, x for x in y)
---
f(a, b for b in c)
---
class C(x for x in y): pass
---
def f(a, a): pass
---
def f(a=1, b): pass
---
def f(*): pass
---
def f(*, **k): pass
---
def f(**k, a): pass
---
def f(*a, *b): pass
---
def f(**k, **l): pass
---
def f(a, /, b, /): pass
---
def f(/, a): pass
---
def f(*, a, /): pass
---
def f(*a=1): pass
---
def f(**k=1): pass
---
def f((a, b)): pass
---
def f(1): pass
---
def f(None): pass
---
def f(a=): pass
---
def f(a b): pass
---
lambda a, a: 1
---
lambda *: 1
---
lambda a=1, b: 1
---
lambda (a): 1
---
def f():
pass
---
if x:
pass
---
for x in y:
pass
---
while x:
pass
---
with x:
pass
---
class A:
pass
---
try:
pass
---
try:
    pass
except:
pass
---
try:
    pass
finally:
pass
---
if x:
    pass
else:
pass
---
if x:
    pass
elif y:
pass
---
match x:
case 1: pass
---
match x:
    case 1:
    pass
---
    x = 1
---
x = 1
    y = 2
---
if x:
    a
  b
---
if x:
        a
	b
---
if x:
	a
        b
---
return 1
---
yield 1
---
await x
---
async def f():
    yield 1
    return 2
---
class A:
    return 1
---
class A:
    yield 1
---
break
---
continue
---
if x: continue
---
def f():
    break
---
for x in y:
    def f():
        break
---
nonlocal x
---
def f():
    nonlocal x
---
def f():
    x = 1
    global x
---
def f():
    print(x)
    global x
---
def f(x):
    global x
---
def f(x):
    nonlocal x
---
def f():
    global x
    nonlocal x
---
def f():
    x: int
    global x
---
def f():
    global x
    x: int = 1
---
x: int: str
---
(a, b): int
---
[a]: int
---
a, b: int
---
f(): int = 3
---
a: int = b = c
---
a += b += c
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
