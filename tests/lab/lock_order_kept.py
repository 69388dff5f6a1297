# verdict: holds
# traces: 2
import threading

a = threading.Lock()
b = threading.Lock()


def work():
    with a:
        with b:
            pass


ts = [threading.Thread(target=f) for f in [work, work]]
for t in ts:
    t.start()
for t in ts:
    t.join()
