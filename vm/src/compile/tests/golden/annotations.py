x: int = 1
if x:
    y: str
def f(a: int, *b: *Ts, c: "s" = 1) -> list[int]:
    z: undefined = 1
class A:
    n: int
    if n:
        m: str = ""
    def g(self) -> n: ...
