class A: pass
class C(A, A): pass
