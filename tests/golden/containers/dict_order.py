# Insertion order through deletions, against a model; and deleting the first key again and again.
state = 99
def rnd(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return (state >> 8) % n
d, model = {}, []
def find(k):
    for i, (q, v) in enumerate(model):
        if q == k: return i
    return -1
bad = 0
for step in range(6000):
    op, k = rnd(12), rnd(40)
    i = find(k)
    if op < 5:
        d[k] = step
        if i >= 0: model[i] = (k, step)
        else: model.append((k, step))
    elif op < 8:
        v = d.pop(k, None)
        if (i >= 0) != (v is not None): bad += 1
        if i >= 0: del model[i]
    elif op == 8:
        if model:
            if d.popitem() != model.pop(): bad += 1
    elif op == 9:
        if model and next(iter(d)) != model[0][0]: bad += 1
        if model: del d[model.pop(0)[0]]
    elif op == 10:
        if (k in d) != (i >= 0): bad += 1
    elif rnd(60) == 0:
        d.clear(); model.clear()
    if step % 7 == 0 and list(d.items()) != model: bad += 1
    if step % 11 == 0 and list(reversed(d.items())) != model[::-1]: bad += 1
    if len(d) != len(model): bad += 1
    if step % 600 == 0: print(d)
print('bad', bad)
q = {i: 0 for i in range(20000)}
n = 0
while q:
    del q[next(iter(q))]
    n += 1
print(n)
q = {i: 0 for i in range(20000)}
for i in range(0, 20000, 3): del q[i]
n = 0
while q: q.popitem(); n += 1
print(n)
fifo = {}
for i in range(50000):
    fifo[i] = i
    if i >= 100: del fifo[next(iter(fifo))]
print(len(fifo), next(iter(fifo)), list(fifo)[-1])
d = {1: 'a', 2: 'b', 3: 'c'}; del d[1]; d[1] = 'back'; print(d); d[2] = 'changed'; print(d); d |= {2: 'x', 9: 'y'}; print(d)
