d = {1: 1, 2: 2}
for view in (d, d.keys(), d.values(), d.items()):
    try:
        for k in view: d[len(d) + 10] = 1
    except RuntimeError as e: print(e)
try:
    for k in reversed(d): del d[k]
except RuntimeError as e: print(e)
d = {1: 1, 2: 2}
try:
    for k in d: del d[k]; d[k + 5] = 1
except RuntimeError as e: print(e)
s = {1, 2}
try:
    for k in s: s.add(k + 100)
except RuntimeError as e: print(e)
from collections import deque, OrderedDict
q = deque([1, 2])
try:
    for k in q: q.append(1)
except RuntimeError as e: print(e)
b = bytearray(b'abc')
m = memoryview(b)
try: b.append(1)
except BufferError as e: print(e)
it = iter(d); d.clear()
try: print(next(it))
except RuntimeError as e: print(e)
try: print(next(it))
except (RuntimeError, StopIteration) as e: print(type(e).__name__, e)
l = [1, 2, 3]; it = iter(l); next(it); l.clear(); print(list(it), it.__length_hint__()); l.append(1); print(list(it))
