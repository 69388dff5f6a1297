"""One ticket, three buyers, a file. Without a lock each buyer finds the ticket; with one it is sold once."""
import json
import multiprocessing
import os
import tempfile
import time


def buy(path, name, sold):
    with open(path) as f:
        left = json.load(f)["left"]
    time.sleep(0.1)
    if left > 0:
        with open(path, "w") as f:
            json.dump({"left": left - 1}, f)
        sold.put(name)


def buy_locked(path, name, sold, lock):
    with lock:
        buy(path, name, sold)


def sell(target, *more):
    handle, path = tempfile.mkstemp()
    os.write(handle, b'{"left": 1}')
    os.close(handle)
    sold = multiprocessing.Queue()
    buyers = [multiprocessing.Process(target=target, args=(path, name, sold, *more)) for name in ("Ada", "Bob", "Cyd")]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()
    os.unlink(path)
    return sold.qsize()


if __name__ == "__main__":
    print("without a lock, sold:", sell(buy))
    print("with a lock, sold:   ", sell(buy_locked, multiprocessing.Lock()))
