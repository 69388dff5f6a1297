# two processes take two locks in two orders
import multiprocessing as mp


def other(a, b, first, second):
    with b:
        first.set()
        second.wait()
        with a:
            print('never')


if __name__ == '__main__':
    a, b, first, second = mp.Lock(), mp.Lock(), mp.Event(), mp.Event()
    p = mp.Process(target=other, args=(a, b, first, second), name='other')
    p.start()
    first.wait()
    with a:
        second.set()
        with b:
            print('never')
