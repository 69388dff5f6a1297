# Value, Array and shared memory
import multiprocessing as mp
import pickle
from multiprocessing import shared_memory
from multiprocessing.sharedctypes import copy, synchronized


def t(f):
    try:
        print(repr(f()).split(' object at 0x')[0])
    except Exception as e:
        print(type(e).__name__, e)


def change(v, a, s, raw):
    v.value += 5
    for i in range(len(a)):
        a[i] *= 2
    s.value = b'changed'
    raw[1] = -7


def fill(name):
    m = shared_memory.SharedMemory(name)
    m.buf[:5] = b'child'
    m.close()
    s = shared_memory.ShareableList(name=name + 'l')
    s[0] = 77
    s[1] = 'new'
    s.shm.close()


if __name__ == '__main__':
    for c in 'cubBhHiIlLqQfd':
        v = mp.RawValue(c)
        t(lambda: (v, v.value, type(v).__name__))
    v = mp.RawValue('i', 5)
    for x in ('x', 1.5, 2 ** 31, -2 ** 40 - 7, True):
        t(lambda: setattr(v, 'value', x))
        t(lambda: v.value)
    v = mp.RawValue('d')
    t(lambda: setattr(v, 'value', 'x'))
    t(lambda: setattr(v, 'value', 3))
    t(lambda: v.value)
    v = mp.RawValue('f', 0.1)
    t(lambda: v)
    v = mp.RawValue('c')
    for x in ('x', b'xy', b'x', 65, 300):
        t(lambda: setattr(v, 'value', x))
    t(lambda: v)
    v = mp.RawValue('u')
    for x in ('xy', b'x', 'é'):
        t(lambda: setattr(v, 'value', x))
    t(lambda: v)
    a = mp.RawArray('i', 5)
    for f in (lambda: len(a), lambda: a[5], lambda: a[-1], lambda: a[1:3], lambda: a.__setitem__(slice(0, 2), [1, 2, 3]),
              lambda: a.__setitem__(slice(0, 2), [7, 8]), lambda: list(a), lambda: a[::2], lambda: a['x'], lambda: a._length_,
              lambda: a.__setitem__(9, 1), lambda: 7 in a, lambda: a.value, lambda: a.__setitem__(0, 'x'),
              lambda: a.__setitem__(slice(0, 4, 2), [5, 6]), lambda: list(a), lambda: a.__delitem__(0),
              lambda: mp.RawArray('i', -1), lambda: mp.RawArray('i', [1, 2, 'x']), lambda: mp.RawArray('z', 3),
              lambda: mp.RawValue('i', 1, 2), lambda: mp.RawArray('i', 2.5), lambda: mp.RawArray('h', range(3))[:]):
        t(f)
    s = mp.RawArray('c', 10)
    t(lambda: (s.value, s.raw))
    for name, x in (('value', b'hello'), ('value', b'x' * 11), ('raw', b'x' * 11), ('raw', b'ab'), ('value', 'x'), ('value', b'0123456789')):
        t(lambda: setattr(s, name, x))
        t(lambda: (s.value, s.raw, s[1:9:3], s[0]))
    u = mp.RawArray('u', 'hello')
    t(lambda: (u.value, u[:2], u[0]))
    for x in ('abc', 'abcdefg', b'x'):
        t(lambda: setattr(u, 'value', x))
    t(lambda: (u.value, u[:]))
    x = mp.Value('i', 7)
    y = mp.Array('d', [1, 2])
    for f in (lambda: x, lambda: x.value, lambda: x.get_obj(), lambda: x.get_lock(), lambda: y[:], lambda: len(y), lambda: list(y),
              lambda: mp.Value('i', lock=5), lambda: mp.Array('c', b'abc').value, lambda: mp.Array('i', 3, lock=False)[:],
              lambda: mp.Value('i', 3, lock=False), lambda: pickle.dumps(x), lambda: y.acquire(), lambda: y.release(),
              lambda: copy(x.get_obj()), lambda: synchronized(mp.RawValue('i', 3)), lambda: bool(mp.RawValue('i', 0))):
        t(f)
    own = mp.Lock()
    z = mp.Value('i', lock=own)
    print(z.get_lock() is own)
    with x.get_lock():
        x.value += 1
    s, raw = mp.Array('c', 20), mp.RawArray('q', 3)
    p = mp.Process(target=change, args=(x, y, s, raw))
    p.start()
    p.join()
    print(x.value, y[:], s.value, raw[:], p.exitcode)
    m = shared_memory.SharedMemory(create=True, size=16, name='gilbert_test')
    li = shared_memory.ShareableList([1, 'text', 2.5, None, True, b'by'], name='gilbert_testl')
    p = mp.Process(target=fill, args=(m.name,))
    p.start()
    p.join()
    print(bytes(m.buf), m.size >= 16, m.name, m, list(li), li, len(li), li.index(2.5), li.count(True))
    t(lambda: li.__setitem__(1, 'far too long for the place that there is'))
    t(lambda: shared_memory.SharedMemory('gilbert_test', create=True, size=5))
    t(lambda: shared_memory.SharedMemory('gilbert_none'))
    t(lambda: shared_memory.SharedMemory())
    t(lambda: shared_memory.SharedMemory(create=True, size=0))
    t(lambda: shared_memory.SharedMemory(create=True, size=-1))
    n = pickle.loads(pickle.dumps(m))
    n.buf[0] = 88
    print(bytes(m.buf[:5]))
    n.close()
    m.buf.cast('I')[1] = 0x41424344
    print(bytes(m.buf[:8]))
    m.close()
    m.unlink()
    li.shm.close()
    li.shm.unlink()
    t(lambda: shared_memory.SharedMemory('gilbert_test'))
