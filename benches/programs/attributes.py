class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Body:
    __slots__ = ("place", "speed", "steps")
    scale = 2

    def __init__(self, place, speed):
        self.place = place
        self.speed = speed
        self.steps = 0


def f(n):
    body = Body(Point(0, 0), Point(3, 1))
    for i in range(n):
        body.place.x += body.speed.x
        body.place.y += body.speed.y * body.scale
        body.steps += 1
        if body.place.x > 1000:
            body.place = Point(0, body.place.y)
    return body.place.x, body.place.y, body.steps


print(f(1200000))
