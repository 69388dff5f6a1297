import threading


def work():
    n = 0
    for i in range(100):
        n += i


threads = [threading.Thread(target=work) for _ in range(200)]
for t in threads:
    t.start()
for t in threads:
    t.join()
