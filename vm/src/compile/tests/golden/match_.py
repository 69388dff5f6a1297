def f(x):
    match x:
        case 1 | 2:
            return "n"
        case [a, *rest] if rest:
            return a
        case {"k": v, **others}:
            return v
        case Point(x=0, y=y) as p:
            return y
        case None:
            pass
        case _:
            return 0
