# list[int] and int | None.
a = list[int]
print(a, dict[str, list[int]], tuple[int, ...], type(a), a.__origin__, a.__args__, a.__parameters__)
print(a() == [], a((1, 2)), type(a()), a == list[int], a == list[str], hash(a) == hash(list[int]), a.append is list.append)
print(tuple[()], type[int], list[list[int] | None], set["Forward"])
u = int | None
print(u, type(u), u.__args__, int | str == str | int, (int | str) == (int | str), int | int, int | str | None, hash(int | str) == hash(str | int))
print(isinstance(3, u), isinstance(None, u), isinstance("", u), issubclass(int, int | str), isinstance(3, int | str))
print(list[int] | None, (int | list[str]).__args__, None | int)
class A:
    def __class_getitem__(cls, item):
        return (cls.__name__, item)
print(A[1], A[1, 2])
class B(list[int]):
    pass
print(B.__bases__, B.__orig_bases__, B((1,)))
for f in (lambda: int[3], lambda: isinstance([], list[int]), lambda: issubclass(list, list[int]), lambda: isinstance(3, int | list[int]), lambda: int | 3, lambda: 3 | int, lambda: list[int][str], lambda: object[1], lambda: isinstance(1, 2), lambda: issubclass(1, int), lambda: issubclass(int, 1), lambda: isinstance(1, (int, 2)), lambda: isinstance("", (int, 2))):
    try:
        print(f())
    except TypeError as e:
        print(e)
print([*tuple[int, str]][0], repr(list[A]), list[int].__mro_entries__(()))
