import threading
count = 0
lock = threading.Lock()

def work():
    global count
    for _ in range(200):
        t = count
        count = t + 1

def safe():
    global count
    for _ in range(60):
        with lock:
            count += 1

threads = [threading.Thread(target=work, name=f"worker-{i}") for i in range(3)] + [threading.Thread(target=safe, name="safe")]
for t in threads: t.start()
for t in threads: t.join()
print(count)
