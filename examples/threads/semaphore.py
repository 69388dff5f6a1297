"""At most three downloads at once; the most that ever ran together is counted."""
import threading
import time

slots = threading.Semaphore(3)
lock = threading.Lock()
running = most = 0


def download(n):
    global running, most
    with slots:
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1


threads = [threading.Thread(target=download, args=(n,)) for n in range(10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("most at once:", most)
