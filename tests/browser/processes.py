import multiprocessing
import threading


def work(n):
    total = 0
    for i in range(n):
        total += i


def child(n):
    t = threading.Thread(target=work, args=(n,))
    t.start()
    work(n)
    t.join()


if __name__ == "__main__":
    children = [multiprocessing.Process(target=child, args=(300,)) for _ in range(2)]
    for c in children:
        c.start()
    for c in children:
        c.join()
