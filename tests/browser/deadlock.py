import threading
import time

left = threading.Lock()
right = threading.Lock()


def one():
    with left:
        time.sleep(0.001)
        with right:
            pass


def two():
    with right:
        time.sleep(0.001)
        with left:
            pass


threads = [threading.Thread(target=one, name="one"), threading.Thread(target=two, name="two")]
for t in threads:
    t.start()
for t in threads:
    t.join()
