# every method with wrong and odd arguments
def show(s, name, args, kw):
    try:
        r = getattr(s, name)(*args, **kw)
    except Exception as e:
        r = f'{type(e).__name__} {e}'
    else:
        r = '= ' + ascii(r)
    print(name, args, kw or '', r)
arguments = [(), (1,), (1.5,), (None,), (1, 2), (1, 2, 3, 4), (b'a', b'b', b'c', b'd', b'e'), (b'a', 1.5), (b'a', None), ('a', 1.5), ([1],), (5, b'ab'), (5, 1), (b'a', 5), ('a', 5), (10**30,), (b'a', b'b', 10**30), (b'', b'', -1)]
for T in (bytes, bytearray):
    names = [n for n in dir(T) if not n.startswith('_')]
    print(names)
    for name in names:
        for args in arguments:
            show(T(b'a'), name, args, {})
        if name in ('split', 'hex', 'decode', 'expandtabs', 'upper', 'join', 'center', 'splitlines'):
            show(T(b'a'), name, (), {'x': 1})
