# lines, columns and words of SyntaxErrors
SRC = r'''
print "hello"
---
print 'a', b
---
exec "x"
---
if x = 3: pass
---
if x
    pass
---
while True
    pass
---
for i in range(3)
    pass
---
def f()
    pass
---
def f(:
    pass
---
class A
    pass
---
else:
    pass
---
try:
    pass
---
try:
    pass
x = 1
---
try:
    pass
except ValueError
    pass
---
try:
    pass
except*:
    pass
---
x = (1, 2
y = 3
---
x = [1, 2
---
x = {1: 2
---
x = (1]
---
x = 1)
---
foo(a b)
---
foo(a, b c)
---
x = [a b]
---
x = {1 2}
---
x = {1: 2 3: 4}
---
x = {1:, 2}
---
x = {1: 2, 3}
---
x = {**a, 3}
---
x = {1, 2: 3}
---
x = 'abc
---
x = "abc
---
x = """abc
---
x = f'{a'
---
x = f'{a b}'
---
x = f'{}'
---
x = f'{a!x}'
---
x = f'{a!}'
---
x = f'{a:{b:{c:{d}}}}'
---
x = f'}'
---
x = f'{a'b
---
x = f'{*a}'
---
x = f'{lambda x: 1}'
---
x = f"{a['b']}" f'{'
---
x = 0777
---
x = 08
---
x = 0b12
---
x = 0o8
---
x = 0xg
---
x = 1_
---
x = 1__0
---
x = 1e
---
x = 1.5abc
---
x = 12abc
---
x = 1if 2else 3
---
5 = x
---
"a" = x
---
None = 1
---
True = 1
---
f() = 1
---
a + b = 1
---
(a, b()) = 1
---
[a, 1] = x
---
{a: 1} = 3
---
{a} = 3
---
lambda: 1 = 3
---
a if b else c = 3
---
x == 1 = 2
---
-x = 1
---
not x = 1
---
x and y = 1
---
`x`
---
x <> y
---
x = ?
---
x = $
---
x!
---
a = b = 
---
x +
---
x = * a
---
*a = 1
---
*a
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
