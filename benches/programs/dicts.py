def f(n):
    counts = {}
    for i in range(n):
        k = (i * 7919) % 5003
        counts[k] = counts.get(k, 0) + 1
    names = {"k%d" % i: i for i in range(2000)}
    total = 0
    for _ in range(n // 2000):
        for k, v in names.items():
            total += v
        for k in names:
            total += names[k]
    return len(counts), total


print(f(600000))
