f = lambda x: x.y.z
f(1)
