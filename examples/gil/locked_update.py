"""The counter of lost_update.py with a lock around it: exact, whoever gets the GIL when."""
import threading

count = [0]
lock = threading.Lock()


def work():
    for _ in range(200):
        with lock:
            seen = count[0]
            for _ in range(20):
                pass
            count[0] = seen + 1


threads = [threading.Thread(target=work) for _ in range(8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("expected", 8 * 200, "got", count[0])
