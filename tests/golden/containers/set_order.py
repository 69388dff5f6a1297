# Sets of ints are iterated in CPython's order, whatever happened to them.
state = 1
def rnd(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
    return (state >> 33) % n
def number(kind):
    if kind == 0: return rnd(30)
    if kind == 1: return rnd(500)
    if kind == 2: return rnd(2000) - 1000
    if kind == 3: return rnd(40) * 64
    if kind == 4: return rnd(2**31) * rnd(2**31)
    return rnd(100) * 2**rnd(60) - rnd(3)
def digest(s):
    h = 0
    for x in s: h = (h * 1000003 + hash(x)) % (2**61 - 1)
    return h
def history(kind, steps):
    s, other, total = set(), {1, 2, 3}, 0
    for _ in range(steps):
        op = rnd(40)
        if op < 14: s.add(number(kind))
        elif op < 20: s.discard(number(kind))
        elif op < 22:
            if s: total += hash(s.pop()) % 1009
        elif op == 22: s.update([number(kind) for _ in range(rnd(30))])
        elif op == 23: s |= {number(kind) for _ in range(rnd(12))}
        elif op == 24: s -= {number(kind) for _ in range(rnd(12))}
        elif op == 25 and rnd(3) == 0: s &= set([number(kind) for _ in range(rnd(200))]) | set(list(s)[:rnd(20)])
        elif op == 26: s ^= {number(kind) for _ in range(rnd(6))}
        elif op == 27: other = s.copy()
        elif op == 28: s = s | other
        elif op == 29: s = s - other if rnd(4) == 0 else s
        elif op == 30: other = s ^ other
        elif op == 31: other = s.intersection(list(other))
        elif op == 32: other = set(frozenset(s))
        elif op == 33: s.difference_update(list(other)[:rnd(10)])
        elif op == 34: s = set(list(s))
        elif op == 35: other = s.union([number(kind)], range(rnd(9)), {number(kind): 0, number(kind): 1})
        elif op == 36 and rnd(20) == 0: s.clear()
        elif op == 37: other = s.difference({number(kind): 0 for _ in range(rnd(30))})
        elif op == 38: s.symmetric_difference_update({number(kind): 0 for _ in range(rnd(5))})
        elif op == 39: s.intersection_update(range(-2000, 2000) if rnd(5) == 0 else list(s)[rnd(3):])
        total = (total * 31 + digest(s) + digest(other)) % (2**61 - 1)
    return total, len(s), len(other)
for kind in range(6):
    for steps in (5, 20, 60, 60, 200, 200):
        print(kind, steps, history(kind, steps))
print(sum(history(rnd(6), 1 + rnd(25))[0] % 1000003 for _ in range(700)))
print({3, 1, 2}, {10, 5, 100, 3, 8}, set([16, 1, 2, 3, 4]), set(range(20)), {x * 7 % 31 for x in range(20)}, set([-1, -2, -3, 0]), {1000, 1, 500, 8, 16})
print({16, 1, 2, 3, 4, 5}, {33, 1, 65, 2, 0, 97, 8}, frozenset({64, 32, 0, 8}), {0.5, 1.5, 2, 3}, {True, 0, 2}, {2**61 - 1, 2**61, 2**62, 7})
s = set(range(100))
for i in range(0, 100, 3): s.discard(i)
print(s)
s = set(range(60000)); s.add(10**9); print(digest(s), s.pop(), s.pop(), digest(s))
