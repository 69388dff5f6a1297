# nobody can send any more but this process itself, which waits
import multiprocessing as mp


def child(conn):
    conn.send('only one')
    conn.close()


if __name__ == '__main__':
    here, there = mp.Pipe()
    p = mp.Process(target=child, args=(there,))
    p.start()
    print(here.recv(), flush=True)
    p.join()
    print(here.recv())
