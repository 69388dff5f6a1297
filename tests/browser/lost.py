import threading

count = 0


def add():
    global count
    seen = count
    count = seen + 1


threads = [threading.Thread(target=add, name=f"add-{i}") for i in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(count)
