import threading, io, os, tempfile, sys
os.chdir(tempfile.mkdtemp())
f = open("log", "wb")
def w(c):
    for i in range(500): f.write(c.encode() * 50 + b"\n")
ts = [threading.Thread(target=w, args=(c,)) for c in "abcd"]; [t.start() for t in ts]; [t.join() for t in ts]; f.close()
from collections import Counter
print(sorted(Counter(open("log").read().splitlines()).items()))
b = open("log", "rb"); parts = []
def rb():
    while c := b.read(51): parts.append(c)
ts = [threading.Thread(target=rb) for _ in range(4)]; [t.start() for t in ts]; [t.join() for t in ts]
print(len(parts), set(map(len, parts)), all(len(set(p)) == 2 for p in parts))
s = io.StringIO(); 
def ws(c):
    for i in range(300): s.write(c * 9 + "\n")
ts = [threading.Thread(target=ws, args=(c,)) for c in "xyz"]; [t.start() for t in ts]; [t.join() for t in ts]
print(sorted(Counter(s.getvalue().splitlines()).items()))
r, w = os.pipe(); got = []
def reader():
    with open(r) as p: got.extend(p)
t = threading.Thread(target=reader); t.start()
with open(w, "w", 1) as p:
    for i in range(5): print("message", i, file=p)
t.join(); print(got)
