# a property whose getter is exchanged after it has been used at the same place
class C:
    @property
    def x(self):
        return "old"


def read(c):
    return c.x


c = C()
print([read(c) for _ in range(3)])
prop = C.__dict__["x"]
prop.__init__(lambda self: "new")
junk = [lambda: i for i in range(100)]
print([read(c) for _ in range(3)])
prop.__init__(len)
try:
    read(c)
except TypeError as e:
    print(e)
C.__len__ = lambda self: 5
print(read(c))
