class Odd(Exception):
    pass


def check(i):
    if i & 1:
        raise Odd(i)
    return i


def f(n):
    even = odd = 0
    for i in range(n):
        try:
            check(i)
            even += 1
        except Odd:
            odd += 1
        finally:
            even += 0
    return even, odd


print(f(400000))
