# a class in a method of a class, both with annotations under a condition
flag = True


class Outer:
    if flag:
        a: int = 1

    def make(self):
        class Inner[T]:
            if flag:
                y: str = "why"
            else:
                z: bytes = b""

            def get(self):
                return self.y, __class__.__name__

        return Inner


print(Outer.__annotations__, Outer.a)
Inner = Outer().make()
print(Inner.__annotations__, Inner().get(), Inner.__type_params__)
