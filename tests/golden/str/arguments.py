# every method with wrong and odd arguments
def show(s, name, args, kw):
    try:
        r = getattr(s, name)(*args, **kw)
    except Exception as e:
        r = f'{type(e).__name__} {e}'
    else:
        r = '= ' + ascii(r)
    print(name, args, kw or '', r)
arguments = [(), (1,), (1.5,), (None,), (1, 2), (1, 2, 3, 4), ('a', 'b', 'c', 'd', 'e'), ('a', 1.5), ('a', None), (b'a', 1.5), ([1],), (5, 'ab'), (5, 1), ('a', 5), (b'a', 5), (10**30,), ('a', 'b', 10**30), ('a', 'b', 1.5), ('', '', -1)]
names = [n for n in dir('a') if not n.startswith('_')]
print(names)
for name in names:
    for args in arguments:
        show('a', name, args, {})
    if name in ('split', 'encode', 'expandtabs', 'upper', 'join', 'center', 'splitlines'):
        show('a', name, (), {'x': 1})
for name in ('__format__', '__sizeof__', '__getnewargs__'):
    show('a', name, (), {})
    show('a', name, (1, 2), {})
    show('a', name, (), {'x': 1})
