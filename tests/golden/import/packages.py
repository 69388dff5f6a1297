import sys
print(sys.argv, sys.maxsize, sys.version_info >= (3, 8))
import pkg
print(pkg.__name__, pkg.__package__, pkg.__file__.rsplit('/', 2)[1:])
import pkg.sub.mod as m
print(m.x, m.__package__)
from pkg import other
print(other.y)
from pkg.sub import mod as mm
print(mm is m, pkg.sub.mod is m)
try:
    import nothere
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    import pkg.other.z
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    from pkg import zzz
except ImportError as e:
    print(str(e).split(' (')[0], e.name)
try:
    from . import q
except ImportError as e:
    print(e)
from pkg.star import *
print(s1, s2)
try:
    import circ_a
except ImportError as e:
    print(str(e).rsplit(' (', 1)[0])
print('circ_a' in sys.modules)
print(eval("1+2"), eval("x+1", {"x": 4}))
d = {}
exec("y = 5\ndef f(): return y", d)
print(d['f']())
def g():
    a = 1
    exec("print(a)")
    return locals()
print(g())
import textwrap
print(textwrap.dedent("   a\n   b"))
