class A:
    @property
    def p(self): return 1/0
    def __getattr__(self, n): raise AttributeError(f"no {n}")
    def __add__(self, o): return self.q
A() + 1
