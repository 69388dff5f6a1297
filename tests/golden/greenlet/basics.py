"""Switching: arguments, results, states, parents."""
from greenlet import GreenletExit, error, getcurrent, greenlet

main = getcurrent()
print(main.parent, main.dead, bool(main), type(main) is greenlet)


def show(f):
    try:
        print("->", repr(f()))
    except BaseException as e:
        print(type(e).__module__, type(e).__name__, e)


def echo(*args, **kwargs):
    while True:
        print("echo", args, kwargs)
        got = main.switch(*args, **kwargs)
        print("got", got)
        args, kwargs = (got,) if not isinstance(got, tuple) else got, {}


g = greenlet(echo)
print(g.dead, bool(g), g.gr_frame)
for call in (lambda: g.switch(), lambda: g.switch(1), lambda: g.switch(1, 2), lambda: g.switch(a=1), lambda: g.switch(1, a=2), lambda: g.switch((5,)), lambda: g.switch(())):
    show(call)
print(g.dead, bool(g), g.gr_frame.f_code.co_name, g.gr_frame.f_lineno)
show(lambda: g.throw())
print(g.dead, bool(g), g.gr_frame)
show(lambda: g.switch(1, 2))
show(lambda: g.throw(GreenletExit))
show(lambda: g.throw(ValueError("dead")))

# results and exceptions go to the parent
for f in (lambda: (5,), lambda: ((5,),), lambda: (), lambda: None, lambda: 1 / 0):
    show(greenlet(f).switch)


def leave(e):
    raise e


show(lambda: greenlet(leave).switch(GreenletExit("as a value")))
show(lambda: greenlet(leave).switch(SystemExit(3)))
show(lambda: greenlet(leave).switch(KeyboardInterrupt()))

# a chain of parents; a dead one passes on to its own parent
log = []


def node(name):
    try:
        log.append(name)
        return main.switch(name)
    finally:
        log.append("end " + name)


a = greenlet(node)
b = greenlet(node, a)
c = greenlet(node, b)
print(a.switch("a"), b.switch("b"), c.switch("c"))
print(c.switch("result of c"), log)
print(a.dead, b.dead, c.dead)

# an unstarted parent is started with the result
p = greenlet(lambda *r: ("parent", r))
print(greenlet(lambda: 7, p).switch(), p.dead)
p = greenlet(lambda *r: ("parent", r))
show(greenlet(lambda: 1 / 0, p).switch)
print(p.dead)

# setting parents
g, h = greenlet(len), greenlet(len)
h.parent = g
for child, parent in ((g, h), (g, g), (main, g), (g, 3), (g, None)):
    show(lambda: setattr(child, "parent", parent))
show(lambda: delattr(g, "parent"))
print(greenlet(len, None).parent is main, h.parent is g)

# run
show(greenlet().switch)
show(greenlet(None).switch)
show(greenlet(3).switch)
g = greenlet()
show(lambda: g.run)
g.run = lambda x: main.switch(x * 2)
print(callable(g.run), g.switch(4))
show(lambda: g.run)
show(lambda: setattr(g, "run", len))
print(g.switch("end"), g.dead)


# subclasses
class Counter(greenlet):
    def __init__(self, n):
        super().__init__()
        self.n = n

    def run(self, step):
        while self.n > 0:
            self.n -= step
            step = self.parent.switch(self.n) or step
        return "done"


c = Counter(5)
print(c.switch(1), c.switch(2), c.switch(), c.n, c.dead, c.__dict__)
print(c.switch(), c.dead)
print([k.__name__ for k in Counter.__mro__], error.__mro__[1], GreenletExit.__mro__[1])

# throwing
def catcher():
    while True:
        try:
            x = main.switch("ready")
            print("value", x)
        except Exception as e:
            print("caught", repr(e))


k = greenlet(catcher)
k.switch()
k.throw(ValueError)
k.throw(ValueError, "text")
k.throw(ValueError, ValueError("instance"))
k.throw(KeyError("k"))
show(lambda: k.throw(3))
show(lambda: k.throw(ValueError, 3, 4))
show(lambda: k.throw(ValueError(), 3))
show(lambda: k.throw(KeyboardInterrupt))
print(k.dead)
never = greenlet(lambda: print("never"))
show(lambda: never.throw(KeyError("unstarted")))
print(never.dead)
show(lambda: greenlet(lambda: 1).throw())
show(lambda: main.switch("to myself"))
show(lambda: main.throw(ValueError("at myself")))
