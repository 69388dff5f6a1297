class P:
    __match_args__ = ('x', 'y')
    def __init__(s, x, y): s.x, s.y = x, y
    def __repr__(s): return f'P({s.x},{s.y})'
class Color: RED = 1; GREEN = 'g'
import enum, collections, dataclasses
E = enum.Enum('E', 'A B')
@dataclasses.dataclass
class D: a: int; b: str = 'z'
def m(v):
    match v:
        case 0 | 1 | 2: return 'small'
        case -1: return 'neg'
        case 1.5: return 'float'
        case 3 + 4j: return 'complex'
        case 'a' 'b': return 'str ab'
        case b'x': return 'bytes'
        case None: return 'none'
        case True: return 'true'
        case Color.GREEN: return 'green'
        case E.A: return 'enum'
        case []: return 'empty seq'
        case [x]: return f'one {x}'
        case [1, *rest, 9]: return f'1..9 {rest}'
        case (1, (2, [3, y])): return f'nested {y}'
        case [int(a), str(b)]: return f'int {a} str {b}'
        case ['go', ('n' | 's' | 'e') as d]: return f'go {d}'
        case [P(x=0), *_]: return 'list of P0'
        case {'k': 1, **kw}: return f'k1 {kw}'
        case {'a': {'b': [*_, last]}}: return f'deep {last}'
        case {'n': int() | float() as num} if num > 10: return f'num {num}'
        case {}: return f'mapping {len(v)}'
        case P(0, 0): return 'origin'
        case P(x, y=5) if x > 3: return f'x>3 {x}'
        case P(x=P(a, b)): return f'P in P {a} {b}'
        case P(): return 'some P'
        case D(1, b='q'): return 'D1q'
        case D(a=aa): return f'D {aa}'
        case str(s) if s.startswith('pre'): return f'pre {s}'
        case str() | bytes(): return 'texty'
        case int(n) if n > 100: return f'big {n}'
        case float('nan') | list(): return 'never'
        case collections.OrderedDict(): return 'od'
        case type(): return f'type {v.__name__}'
        case [a, b, *c]: return f'seq {a} {b} {c}'
        case _: return f'other {type(v).__name__}'
def try_(v):
    try: return m(v)
    except Exception as e: return f'{type(e).__name__}: {e}'
for v in [0, 2, True, False, -1, 1.5, 3 + 4j, 'ab', b'x', None, 'g', E.A, E.B, [], (), [7], (7,), [1, 2, 3, 9], [1, 9], (1, (2, [3, 'deep'])), [5, 'five'], ['go', 'n'], ['go', 'w'], [P(0, 1), 2], {'k': 1, 'z': 2}, {'a': {'b': [1, 2, 3]}}, {'n': 50}, {'n': 5.5}, {}, {'q': 1}, P(0, 0), P(4, 5), P(P(1, 2), 0), P(1, 1), D(1, 'q'), D(7), 'prefix', 'zz', 500, 50, float('nan'), int, 'abc', bytearray(b'x'), range(3), collections.deque([1, 2]), collections.OrderedDict(a=1), {1, 2}, iter([]), object(), 10**30, [1, 2, 3, 4], memoryview(b'ab'), collections.UserList([1, 2, 3])]: print(repr(v)[:30].split(' at ')[0], '=>', try_(v))
# binding survives, order, side effects
log = []
class L:
    def __init__(s, n): s.n = n
    def __eq__(s, o): log.append(('eq', s.n)); return False
    def __getattr__(s, n): log.append(('attr', n)); raise AttributeError(n)
ns = type('NS', (), {'a': L('a'), 'b': L('b')})
match 5:
    case ns.a | ns.b: pass
    case _: print(log)
log.clear()
match L('subj'):
    case L(zzz=1): print('no')
    case L(): print('yes', log)
def leak(v):
    match v:
        case [a, b] if a > b: return 'gt'
        case [a, *_]: return f'a={a} b={locals().get("b")}'
        case a: return a
print(leak([2, 1]), leak([1, 2]), leak([1]), leak('s'))
class Bad: __match_args__ = ['x']
class Bad2: __match_args__ = (1,)
class Bad3: __match_args__ = ('x', 'x')
class NoArgs: pass
for c, v in ((Bad, Bad()), (Bad2, Bad2()), (NoArgs, NoArgs()), (P, P(1, 2)), (int, 5), (Bad3, Bad3())):
    try:
        match v:
            case c(1, 2, 3): print('matched')
            case _: print(c.__name__, 'no')
    except TypeError as e: print(c.__name__, e)
try:
    match 5:
        case log(): pass
except TypeError as e: print(e)
try:
    match P(1, 2):
        case P(1, x=1): pass
except TypeError as e: print(e)
class Meta(type):
    def __instancecheck__(c, o): return o == 'magic'
class MM(metaclass=Meta): pass
match 'magic':
    case MM(): print('instancecheck used')
class Seq(collections.abc.Sequence):
    def __len__(s): return 2
    def __getitem__(s, i): return 'ab'[i]
class Map(collections.abc.Mapping):
    def __len__(s): return 1
    def __getitem__(s, k): return {'k': 'v'}[k]
    def __iter__(s): return iter('k')
    def get(s, k, d=None): log.append(('get', k)); return super().get(k, d)
log.clear(); match_ = m(Seq()), try_(Map()); print(match_, log); match = 5; case = match; type = 3; print(match, case, type, match * case)
match match, case:
    case 5, 5: print('soft keywords')
match (yield_ := 3),:
    case x,: print(x, yield_)
match {'x': 1, 'y': 2}:
    case {'x': x, **rest} if rest: print(x, rest)
print([(lambda v: v)(1) for _ in 'a'], -match, match[0] if 0 else 'm')
