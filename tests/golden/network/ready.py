"""select, poll, epoll and selectors on sockets and pipes."""
import os
import select
import selectors
import socket
import threading
import time

a, b = socket.socketpair()
r, w = os.pipe()
print(select.select([a, r], [a, w], [a], 0) == ([], [a, w], []))
os.write(w, b"x")
b.send(b"y")
print(select.select([a, r], [], []) == ([a, r], [], []))
timer = threading.Timer(0.02, os.write, (w, b"late"))
timer.start()
os.read(r, 10)
t = time.monotonic()
print(select.select([r], [], [], 5) == ([r], [], []), time.monotonic() - t < 3)
os.read(r, 10)
timer.join()
for args in [(["x"], [], []), ([-1], [], []), ([10**6], [], []), ([2**40], [], []), (1, [], []), ([], [], [], -1), ([], [], [], "x")]:
    try:
        print(select.select(*args))
    except (TypeError, ValueError, OSError, OverflowError) as e:
        print(type(e).__name__, e)
print(select.select([], [], [], 0))

p = select.poll()
p.register(a, select.POLLIN)
p.register(w)
p.register(r, select.POLLIN)
names = {a.fileno(): "a", w: "w", r: "r"}
print(sorted((names[f], e) for f, e in p.poll()))
p.modify(a, select.POLLOUT)
os.close(w)
print(sorted((names[f], e) for f, e in p.poll(0)))
p.unregister(a)
for f in (p.unregister, lambda x: p.modify(x, 1)):
    try:
        f(a)
    except (KeyError, OSError) as e:
        print(type(e).__name__)
os.close(r)
print(p.poll(0)[0][1] == select.POLLNVAL)

e = select.epoll()
e.register(a, select.EPOLLIN | select.EPOLLET)
print(e.poll(0) == [(a.fileno(), 1)], e.poll(0))
b.send(b"more")
print(len(e.poll(1)), e.poll(0))
e.modify(a, select.EPOLLIN | select.EPOLLONESHOT)
print(len(e.poll(0)), e.poll(0))
e.modify(a, select.EPOLLIN)
print(len(e.poll(0)), len(e.poll(0)))
try:
    e.register(a, select.EPOLLIN)
except FileExistsError as x:
    print(x)
e.unregister(a)
try:
    e.unregister(a)
except FileNotFoundError as x:
    print(x)
try:
    e.poll(0, 0)
except ValueError as x:
    print(x)
e.register(b, select.EPOLLOUT)
outer = select.epoll()
outer.register(e, select.EPOLLIN)
print(outer.poll(0) == [(e.fileno(), 1)])
outer.close()
e.close()
try:
    e.poll()
except ValueError as x:
    print(x)
with open(os.devnull) as f, select.epoll() as e:
    print(e.closed)
print(e.closed)

for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector):
    with kind() as s:
        key = s.register(a, selectors.EVENT_READ, "data")
        print(kind.__name__, [(k.data, m) for k, m in s.select(0)], key.fd == a.fileno())
        s.modify(a, selectors.EVENT_READ | selectors.EVENT_WRITE)
        print([m for k, m in s.select()], s.select(0)[0][0].data)
        s.unregister(a)
        t = time.monotonic()
        print(s.select(0.01), time.monotonic() - t >= 0.009)
        try:
            s.unregister(a)
        except KeyError:
            print("unknown")
print(selectors.DefaultSelector.__name__)
