a = [x for x in y]
def f(y):
    x = 1
    b = {x: i for x, i in y}
    c = {(lambda: x) for x in y for z in [x + 1] if z}
    d = [[x for x in z] for z in y]
    return [w := x for x in y], w
class C:
    n = 1
    l = [n for n in range(3)]
