from __future__ import annotations
x: int | None = 1
def f(a: list[int], *b: *Ts) -> lambda x: x + 1: pass
class A:
    n: dict[str, "q"]
