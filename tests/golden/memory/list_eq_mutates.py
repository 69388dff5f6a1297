class K:
    def __eq__(s, o): l.clear(); return False
for f in [lambda: l.index(1), lambda: l.count(1), lambda: l.remove(1), lambda: 1 in l, lambda: l == [1, 2, 3], lambda: l < [1, 2, 3], lambda: [1,2,3] == l]:
    l = [K(), K(), K()]
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
class R:
    def __repr__(s): l.clear(); return 'R'
l = [R(), R()]; print(repr(l)); l = [R()]; d = {1: R(), 2: R()}
class RD:
    def __repr__(s): d.clear(); return 'RD'
d = {1: RD(), 2: RD()}; print(d)
class LT:
    def __lt__(s, o): l.append(1); return False
l = [LT() for _ in range(4)]
try: l.sort()
except ValueError as e: print(e)
print(len(l))
l = [3, 1, 2]
def key(x): l.append(9); return x
try: l.sort(key=key)
except ValueError as e: print(e, l)
l = [3, 1, 2]
def key(x): l.clear(); return x
try: l.sort(key=key)
except ValueError as e: print(e, l)
l = [1, 2]
def key(x): raise KeyError(x)
try: l.sort(key=key)
except KeyError as e: print(e, l)
