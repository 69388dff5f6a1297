class P:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def add(self, o):
        return P(self.x + o.x, self.y + o.y)
    def inc(self):
        self.x += 1
def f(n):
    p = P(0, 0)
    q = P(1, 2)
    for i in range(n):
        p = p.add(q)
        p.inc()
    return p.x, p.y
print(f(1000000))
