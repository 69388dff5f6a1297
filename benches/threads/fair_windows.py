"""Two spinning threads: prints the least share of the work that one of them got in any window of 50 ms."""
import threading, time

SPAN, WINDOW, STEP = 1.5, 0.05, 0.005
start = time.perf_counter()

def spin(log):
    n = 0
    while True:
        for i in range(50):
            n += 1
        now = time.perf_counter() - start
        log.append((now, n))
        if now > SPAN:
            return

logs = [[], []]
threads = [threading.Thread(target=spin, args=(log,)) for log in logs]
for t in threads:
    t.start()
for t in threads:
    t.join()

def done_by(log):
    """Work done at each multiple of STEP."""
    out, i, last = [], 0, 0
    for k in range(int(SPAN / STEP)):
        while i < len(log) and log[i][0] <= k * STEP:
            last = log[i][1]
            i += 1
        out.append(last)
    return out

a, b = done_by(logs[0]), done_by(logs[1])
width, worst = round(WINDOW / STEP), 1.0
for k in range(10, len(a) - width - 5):
    x, y = a[k + width] - a[k], b[k + width] - b[k]
    if x + y:
        worst = min(worst, x / (x + y), y / (x + y))
print(worst)
