class Shape:
    sides = 0

    def __init__(self, size):
        self.size = size

    def area(self):
        return 0

    def describe(self):
        return self.area() + self.sides


class Square(Shape):
    sides = 4

    def area(self):
        return self.size * self.size


class Cube(Square):
    def __init__(self, size):
        super().__init__(size)
        self.depth = size

    def area(self):
        return super().area() * 6

    @property
    def volume(self):
        return self.size * self.size * self.depth


def f(n):
    total = 0
    for i in range(n):
        for s in (Square(i), Cube(2)):
            total += s.describe()
        total += s.volume
    return total


print(f(150000))
