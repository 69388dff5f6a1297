"""A lock that its holder may take again: deposit() calls log(), and both lock."""
import threading

lock = threading.RLock()
balance = 0
history = []


def log(text):
    with lock:
        history.append(text)


def deposit(amount):
    global balance
    with lock:
        balance += amount
        log("+%d" % amount)


threads = [threading.Thread(target=deposit, args=(n,)) for n in (10, 20, 30)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(balance, sorted(history))
