# connections upon TCP sockets: Listener, Client, managers at an address
import multiprocessing as mp
import socket
from multiprocessing.connection import Client, Listener, wait
from multiprocessing.managers import BaseManager


def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, e)


def client(address):
    with Client(address, authkey=b'key') as c:
        c.send({'big': b'x' * 100_000})
        c.send_bytes(b'')
        assert c.recv() == ('answer', 1)
        c.send_bytes(bytes(range(256)) * 300)


class Remote(BaseManager):
    pass


def remote(address):
    m = Remote(address, authkey=b'abc')
    m.connect()
    print(m.words().append('from the child'), flush=True)


words = []
Remote.register('words', callable=lambda: words, exposed=('append', '__len__', '__getitem__'))

if __name__ == '__main__':
    with Listener(('localhost', 0), authkey=b'key') as listener:
        print(listener.address[0], listener.address[1] > 0)
        p = mp.Process(target=client, args=(listener.address,))
        p.start()
        with listener.accept() as c:
            print(len(c.recv()['big']), c.recv_bytes(), listener.last_accepted[0], wait([c], 0.01))
            c.send(('answer', 1))
            print(wait([c]) == [c], c.poll(), len(c.recv_bytes()))
            show(c.recv)
        p.join()
    m = Remote(('localhost', 0), authkey=b'abc')
    m.start()
    p = mp.Process(target=remote, args=(m.address,))
    p.start()
    p.join()
    print(len(m.words()), m.words()[0], words)
    m.shutdown()
    # a socket sent through a pipe
    a, b = socket.socketpair()
    x, y = mp.Pipe()
    x.send(a)
    a.close()
    s = y.recv()
    s.sendall(b'through')
    s.close()
    print(b.recv(100), b.recv(100))
