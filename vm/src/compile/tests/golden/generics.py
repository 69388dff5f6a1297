def f[T: int, *Ts, **P = [int]](x: T = 1) -> P: ...
class A[T: (int, str)](B): pass
type X = list[X]
type Y[T] = dict[str, T]
