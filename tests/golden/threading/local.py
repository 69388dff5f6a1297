import threading

plain = threading.local()
plain.x = 1


class Counter(threading.local):
    kind = "class"

    def __init__(self, start):
        self.n = start

    def step(self):
        self.n += 1
        return self.n

    @property
    def double(self):
        return self.n * 2


counter = Counter(10)
print(counter.step(), counter.step(), counter.double, counter.kind, counter.__dict__)


def other():
    print(hasattr(plain, "x"), counter.n, counter.step(), counter.__dict__)
    plain.x = 5
    del plain.x
    try:
        plain.x
    except AttributeError as e:
        print(e)
    try:
        del plain.x
    except AttributeError as e:
        print(e)


t = threading.Thread(target=other)
t.start()
t.join()
print(plain.x, counter.n)
try:
    threading.local(3)
except TypeError as e:
    print(e)


class Dies:
    def __del__(self):
        print("value of the thread dropped")


def holds():
    plain.value = Dies()
    print("end of thread")


t = threading.Thread(target=holds)
t.start()
t.join()
print(vars(plain))
