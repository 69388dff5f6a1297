def f(n):
    parts = []
    s = ""
    for i in range(n):
        s += "x%d" % (i % 10)
        parts.append(str(i))
    joined = ",".join(parts)
    words = joined.split(",")
    return len(s), len(joined), sum(len(w) for w in words), joined.count("9"), joined.replace("1", "one")[:20]


print(f(300000))
