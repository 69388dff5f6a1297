a = b = 1
a, b = b, a
a, b, c = 1, x, 3
x.y = z[0] = a
z[1:2] = z[::3]
a += 1
x.y -= 2
z[i] *= 3
del a, x.y, z[0]
[p, *q] = x
