def show(label, f):
    try: print(label, '->', f())
    except BaseException as e: print(label, '!!', type(e).__name__, e)
x, y, n, s, d = 5, 3.14159, None, 'it\'s', {'a': 1, "b": [1, 2]}
print(f'{x}', f'{x!r:>5}|', f'{y:.2f}', f'{y:{x}.{2}f}|', f'{d["a"]}', f"{d['b'][0]}", f'{x=}', f'{x = }', f'{x=!s}', f'{y=:.1f}', f'{ x + 1 = }', f'{s=}', f'{s!a}', f'{"é"!a}')
print(f'{f"{f"{f"{1+1}"}"}"}', f'{'a' 'b'}', f'{"\n".join(["x", "y"])}', f'{x:{'>'}{10}}|', f'{(lambda q: q * 2)(3)}', f'{ {1: 2}[1] }', f'{x if x else n}', f'{[i for i in range(3)]}', f'{x,}', f'{x, y}', f'{*d,}', f'{(w := 7)} {w}')
print(f'''{
    x  # comment
    + 1
}''')
print(f'{{}} {{{x}}} }}{{', f'{x:%}', f'{x:,}', f'{10**6:_}', f'{255:#x} {255:#b} {255:08b}', f'{-5: d}', f'{y:e}', f'{y!s:^20}|', f'{"abc":*^9}', f'{True:d} {True}', rf'\n{x}\d', f'\N{DIGIT ONE}{x}', f'\x41{x}\u4e2d', F'{x}' 'tail' f'{y:.0f}', 'lead' f'{x}')
import datetime
print(f'{datetime.date(2024, 1, 2):%Y/%m/%d}', f'{datetime.date(2024, 1, 2):%d {x}}', f'{x!r:{"^"}{len("12345678")}}|', f'{x:{y:.0f}}|', f'{"a" if x == 5 else "b":>{3}}', f'{x:={"+"}5}' , f'{d=}', f'{x:0{"5"}}')
class F:
    def __format__(s, spec): return f'<{spec!r}>'
    def __repr__(s): return 'F!'
    def __str__(s): return 'S!'
f = F(); print(f'{f}', f'{f!r}', f'{f!s:>4}', f'{f:a{x}b{{}}c}' if 0 else '', f'{f:a{x}b}', f'{f:}', f'{f: }', f'{f=}', f'{f=:x}', f'{f = !s}')
show('bad spec', lambda: f'{x:zz}'); show('str d', lambda: f'{s:d}'); show('none', lambda: f'{n:5}'); show('list', lambda: f'{[1]:5}'); show('name', lambda: f'{undefined}'); show('nested', lambda: f'{x:{undefined}}'); show('prec', lambda: f'{x:.2d}'); show('unicode', lambda: f'{y:.2f}{"中"}'); show('comma s', lambda: f'{s:,}'); show('0 neg', lambda: f'{x:-}'); show('n', lambda: f'{y:n}'); show('huge', lambda: f'{x:{10**30}}')
def g():
    a = 'local'
    return [f'{a}{i}' for i in range(2)], (lambda: f'{a!r}')(), f'{a}' f'{x}'
print(g()); print(f'{yy}' if (yy := 1) else 0)
class C:
    v = 3; t = f'{v}'; u = [f'{z}' for z in (v,)]
print(C.t, C.u); print(f'{1}' '{x}' rf'{2}', ('a' f'{x}' 'b' f'{y:.1f}' 'c'), f'', f'{""}', f'a' 'b' == 'ab')
for src in ["f'{x'", "f'x}'", "f'{}'", "f'{x!z}'", "f'{x!}'", "f'{x:{y}'", "f'{!r}'", "f'{x y}'", "f'{lambda q: 1}'", "f'{a:{b:{c:{d}}}}'", "f'{x:{}}'", "f'{=}'", "f'{x!r:}}'", "f'{\\'", "f'{x;y}'", "f'{yield}'", "f'{*}'", "f'{**x}'", "f'{x:=5}'", "f'{x!=5}'", "f'{a[}'", "f'{(}'", "f'{x#}'", "fb'x'", "f'{print(1)!}'", "f'{x!rr}'", "f'{x ! r}'"]:
    try: print(src, eval(src, {'x': 5, 'y': 3, 'a': [1]}))
    except SyntaxError as e: print(src, 'SyntaxError', e.msg)
    except Exception as e: print(src, type(e).__name__, e)
