# Pipe and connections
import multiprocessing as mp
import os
import time
from multiprocessing.connection import Client, Connection, Listener, wait


def show(f, *a, **k):
    try:
        print(f(*a, **k))
    except Exception as e:
        print(type(e).__name__, e)


def child(c, other):
    other.close()
    while True:
        try:
            x = c.recv()
        except EOFError:
            return
        c.send(x * 2)


def big(w):
    for i in range(8):
        w.send_bytes(bytes([i]) * 300_000)
    w.close()


def client(address, key):
    with Client(address, authkey=key) as c:
        c.send(['hello', os.getpid() > 0])
        return c.recv()


if __name__ == '__main__':
    a, b = mp.Pipe()
    p = mp.Process(target=child, args=(b, a))
    p.start()
    b.close()
    for x in (1, 'ab', [1], b'xy', (1.5,)):
        a.send(x)
        print(a.recv())
    a.close()
    p.join()
    print(p.exitcode, a.closed, b.closed)
    show(a.send, 1)
    show(a.fileno)
    show(a.poll)
    r, w = mp.Pipe(False)
    print(r.readable, r.writable, w.readable, w.writable, r.closed, type(r) is Connection)
    show(w.recv)
    show(w.poll)
    show(r.send, 1)
    show(r.send_bytes, b'')
    w.send_bytes(b'hello world')
    w.send_bytes(b'hello world', 6)
    w.send_bytes(b'hello world', 2, 3)
    w.send_bytes(memoryview(b'abcdef')[::1])
    w.send_bytes(b'')
    print(r.poll(), [r.recv_bytes() for _ in range(5)], r.poll(), r.poll(0.01), r.poll(-1))
    for args in ((b'abc', -1), (b'abc', 4), (b'abc', 1, 3), (b'abc', 1, -1), ('text',)):
        show(w.send_bytes, *args)
    w.send_bytes(b'abcdef')
    buf = bytearray(10)
    print(r.recv_bytes_into(buf, 2), buf)
    w.send_bytes(b'x' * 20)
    try:
        r.recv_bytes_into(buf)
    except mp.BufferTooShort as e:
        print(type(e).__name__, e.args)
    show(r.recv_bytes_into, buf, 11)
    show(r.recv_bytes_into, buf, -1)
    show(r.recv_bytes, -1)
    w.send([1, {'k': (None, True)}])
    print(r.recv())
    w.send_bytes(b'too long')
    show(r.recv_bytes, 3)
    print(r.closed)
    show(w.send, 5)
    w.close()
    # more than fits into a pipe; the end
    r, w = mp.Pipe(False)
    p = mp.Process(target=big, args=(w,))
    p.start()
    w.close()
    total = 0
    try:
        while True:
            m = r.recv_bytes()
            total += len(m)
            print(m[0], len(m), end='; ')
    except EOFError:
        print('end', total)
    p.join()
    r.close()
    # a connection sent through a connection
    a, b = mp.Pipe()
    c, d = mp.Pipe()
    a.send(d)
    d.close()
    e = b.recv()
    e.send('through')
    print(c.recv(), c.poll())
    e.close()
    show(c.recv)
    # wait
    pairs = [mp.Pipe(False) for _ in range(3)]
    print(wait([r for r, _ in pairs], 0.01))
    pairs[1][1].send(1)
    pairs[2][1].close()
    ready = wait([r for r, _ in pairs])
    print([i for i, (r, _) in enumerate(pairs) if r in ready])
    p = mp.Process(target=time.sleep, args=(0.01,))
    p.start()
    print(wait([p.sentinel, pairs[0][0]]) == [p.sentinel])
    p.join()
    with pairs[0][0] as r:
        print(r.closed)
    print(r.closed)
    for args in ((-1,), (0, False, False), ('x',)):
        show(Connection, *args)
    # listener and client
    with Listener(authkey=b'secret') as listener:
        p = mp.Process(target=client, args=(listener.address, b'secret'))
        p.start()
        with listener.accept() as c:
            print(c.recv(), listener.last_accepted)
            c.send('bye')
        p.join()

        def wrong():
            try:
                client(listener.address, b'wrong')
            except mp.AuthenticationError as e:
                raise SystemExit(5)
        p = mp.Process(target=wrong)
        p.start()
        show(listener.accept)
        p.join()
        print(p.exitcode)
        address = listener.address
    show(Client, address)
