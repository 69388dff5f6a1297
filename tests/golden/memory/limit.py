# under --max-memory each of these gets MemoryError, and the script goes on
import sys
def t(label, f):
    try: f(); print(label, 'no error')
    except MemoryError as e: print(label, 'MemoryError', e)
def grow_list():
    l = []
    while True: l.append(1)
def grow_list2():
    l = []
    while True: l.append([1, 2, 3])
def grow_dict():
    d = {}; i = 0
    while True: d[i] = i; i += 1
def grow_set():
    s = set(); i = 0
    while True: s.add(i); i += 1
def grow_str():
    s = ''
    while True: s += 'x' * 1000
def grow_str2():
    s = 'a'
    while True: s = s + s
def grow_bytes():
    b = b'a'
    while True: b = b + b
def grow_ba():
    b = bytearray()
    while True: b += b'x' * 1000
def grow_obj():
    class N: pass
    n = None
    while True:
        m = N(); m.n = n; n = m
def grow_tuple():
    t = ()
    while True: t = (t, 1, 2, 3, 4)
def big(): return [0] * 10**8
def bigl(): return list(range(10**9))
def bigs(): return set(range(10**9))
def bigst(): return 'x' * 10**9
def bigb(): return bytes(10**9)
def comp(): return [i for i in range(10**9)]
def dcomp(): return {i: i for i in range(10**9)}
def ext():
    l = []
    l.extend(range(10**9))
def deq():
    from collections import deque
    d = deque()
    while True: d.append(1)
def rep(): return ('ab' * 1000).replace('a', 'x' * 10**6)
def join(): return ','.join(['a' * 10**6] * 10**4)
def fine():
    for i in range(5): l = [0] * 10**5; del l
def bigint(): return 1 << 10**10
for f in (fine, grow_list, grow_dict, grow_set, grow_str, grow_str2, grow_ba, grow_obj, big, bigl, bigs, bigst, bigb, comp, ext, rep, bigint, fine): t(f.__name__, f)
