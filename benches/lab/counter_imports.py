import dataclasses
import queue
import threading

n = 0


def work():
    global n
    seen = n
    n = seen + 1


a = threading.Thread(target=work)
b = threading.Thread(target=work)
a.start()
b.start()
a.join()
b.join()
