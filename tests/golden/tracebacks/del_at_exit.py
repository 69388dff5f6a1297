class A:
    def __init__(s, n): s.n = n
    def __del__(s): print("del", s.n)
a = A("a"); b = A("b")
l = [A("in list")]
l.append(l)
