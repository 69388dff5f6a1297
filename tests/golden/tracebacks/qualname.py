class A:
    class B(Exception): pass
def f():
    class C(Exception): pass
    raise C("c") from A.B("b")
f()
