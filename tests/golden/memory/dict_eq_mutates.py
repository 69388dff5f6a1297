class K:
    def __init__(s, h): s.h = h
    def __hash__(s): return s.h
    def __eq__(s, o):
        d.clear()
        for i in range(50): d[i] = i
        return False
d = {K(1): 1, K(1): 2}
for f in [lambda: d.get(K(1)), lambda: d.__setitem__(K(1), 3), lambda: d.pop(K(1), None), lambda: d.setdefault(K(1), 5), lambda: d.update({K(1): 1}), lambda: K(1) in d, lambda: d == {K(1): 1, K(1): 2}, lambda: d | {K(1): 2}]:
    d.clear(); dict.__setitem__(d, K(1), 1)
    try: print(f() is None)
    except Exception as e: print(type(e).__name__, e)
print(len(d))
