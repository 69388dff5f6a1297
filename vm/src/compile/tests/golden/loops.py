def f(n):
    total = 0
    for i in range(n):
        if i % 2:
            continue
        total += i
    else:
        total = -1
    while total < 10:
        total += 1
        if total == 5:
            break
    while True:
        pass
