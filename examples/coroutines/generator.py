"""A generator that is sent values: a running average, and a printer that consumes it."""


def averager():
    total = count = 0
    mean = None
    while True:
        total += yield mean
        count += 1
        mean = total / count


avg = averager()
next(avg)
for value in (10, 20, 60):
    print(value, "->", avg.send(value))
avg.close()
