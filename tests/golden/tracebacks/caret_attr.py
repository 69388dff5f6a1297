class A: x = None
a = A()
a.x.y.z = 3
