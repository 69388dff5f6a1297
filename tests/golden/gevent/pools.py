"""Groups, pools, and values of each greenlet's own."""
import sys
import gevent
from gevent.local import local
from gevent.pool import Group, Pool

sys.stderr = open("/dev/null", "w")
log = []


def show(f):
    try:
        print("->", repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


def work(x):
    gevent.sleep(0.002 * (5 - x % 5))
    log.append(x)
    if x == 99:
        raise KeyError(x)
    return x * x


g = Group()
gs = [g.spawn(work, i) for i in range(3)]
print(len(g), all(x in g for x in gs), g.full())
print(g.join(), len(g), sorted(log))
log.clear()
print(g.map(work, range(5)), list(g.imap(work, range(5))), sorted(g.imap_unordered(work, range(5))))
print(list(g.imap_unordered(work, [0, 4, 2])), g.apply(work, (3,)), g.apply_async(work, (4,)).get(), g.map_async(work, [1, 2]).get())
print(list(g.imap(lambda a, b: a + b, [1, 2, 3], [10, 20, 30])))
heard = []
g.apply_async(work, (3,), callback=heard.append)
g.map_async(work, [1, 2], callback=heard.append)
g.join()
gevent.sleep(0.01)
print(heard)
show(lambda: g.map(work, [1, 99, 2]))
g.join()

# at most so many at once
p = Pool(2)
now = most = 0


def counted(x):
    global now, most
    now += 1
    most = max(most, now)
    gevent.sleep(0.001)
    now -= 1
    return x


print(p.map(counted, range(10)), most, p.size, p.free_count(), p.full())
p.spawn(gevent.sleep, 0.01)
p.spawn(gevent.sleep, 0.02)
print(p.full(), p.free_count(), len(p), p.wait_available())
print(p.full(), p.join(timeout=0.001), p.join())
print(p.imap(counted, range(3)).__next__(), list(p.imap(counted, range(6), maxsize=2)), list(p.imap_unordered(counted, [])))
for f in (lambda: Pool(-1), lambda: p.map(counted, 3)):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__)

# killing
k = Pool(3)
gs = [k.spawn(gevent.sleep, 100) for _ in range(3)]
gevent.sleep(0)
k.killone(gs[0])
print(len(k), gs[0].dead)
k.kill()
print(len(k), [repr(g.value) for g in gs], k.free_count())
show(lambda: k.join(raise_error=True))
e = Group()
e.spawn(work, 99)
show(lambda: e.join(raise_error=True))

# locals
l = local()
l.x = "main"


def with_local(n):
    assert not hasattr(l, "x")
    l.x = n
    gevent.sleep(0.001)
    return l.x, sorted(l.__dict__.items())


print([gevent.spawn(with_local, i).get() for i in range(2)], Group().map(with_local, range(3)), l.x)


class Mine(local):
    kind = "class"

    def __init__(self, start):
        self.items = [start]

    @property
    def size(self):
        return len(self.items)

    def add(self, x):
        self.items.append(x)


m = Mine("s")
m.add(1)


def with_mine(x):
    m.add(x)
    gevent.sleep(0)
    return m.items, m.size, m.kind


print(Group().map(with_mine, "ab"), m.items, m.size)
for f in (lambda: local(1), lambda: l.missing, lambda: setattr(l, "__dict__", {})):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__)
del l.x
print(hasattr(l, "x"))
