def f(n):
    l = []
    for i in range(n):
        l.append(i * 3)
    t = 0
    for x in l:
        t += x
    d = {}
    for i in range(n):
        d[i % 1000] = d.get(i % 1000, 0) + 1
    s = [x * x for x in l if x & 1]
    return t, len(d), len(s)
print(f(1000000))
