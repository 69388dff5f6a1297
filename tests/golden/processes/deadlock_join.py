# who joins a process that has put more into a queue than a pipe holds, and does not get it, waits for ever
import multiprocessing as mp


def child(q):
    q.put('x' * 100_000)
    print('put', flush=True)


if __name__ == '__main__':
    q = mp.Queue()
    p = mp.Process(target=child, args=(q,), name='child')
    p.start()
    p.join()
