def f(n):
    x = 12345
    data = []
    for _ in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        data.append(x)
    a = sorted(data)
    b = sorted(data, key=lambda v: v % 1000)
    data.sort(reverse=True)
    return a[0], a[-1], b[0] % 1000, data[0] == a[-1], len(set(data))


print(f(200000))
