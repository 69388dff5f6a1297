def f(n):
    s = 0
    i = 0
    while i < n:
        s += i & 7
        i += 1
    return s
def g(n):
    s = 0
    for i in range(n):
        if i % 3 == 0:
            s = s + i * 2
    return s
print(f(5000000), g(5000000))
