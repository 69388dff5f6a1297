import sys
import threading

rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 75_000
lock = threading.Lock()


def work():
    n = 0
    for _ in range(rounds // 8):
        n += 1
        with lock:
            n += 1


threads = [threading.Thread(target=work) for _ in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
