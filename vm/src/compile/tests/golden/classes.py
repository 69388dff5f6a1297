class A(B, metaclass=M):
    "doc"
    x = 1
    def f(self):
        self.y = self.__z
        return super().f() + super(A, self).g
    def g(self):
        return __class__
