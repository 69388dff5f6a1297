# __buffer__ written in Python; natives that take buffers
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)
class Buf:
    def __init__(self, data): self.data = bytearray(data)
    def __buffer__(self, flags): return memoryview(self.data)
class Bad:
    def __buffer__(self, flags): return b'no'
class Raises:
    def __buffer__(self, flags): raise ValueError('nope')
x = Buf(b'hello')
t(lambda: bytes(x))
t(lambda: bytearray(x))
t(lambda: memoryview(x).tolist())
t(lambda: b'a' + x)
t(lambda: b','.join([x, b'y']))
t(lambda: b'say hello'.find(x))
t(lambda: b'say hello'.endswith(x))
t(lambda: str(x, 'ascii'))
t(lambda: x == b'hello')
t(lambda: bytearray(b'hello') == x)
t(lambda: int.from_bytes(x, 'little'))
t(lambda: bytes(Bad()))
t(lambda: bytes(Raises()))
t(lambda: b'a'.__buffer__(0).tolist())
t(lambda: b'a'.__buffer__(1))
t(lambda: bytearray(b'a').__buffer__(1).readonly)
t(lambda: memoryview(b'a').__buffer__(0) == b'a')
t(lambda: memoryview(b'a').__buffer__(1))
y = bytearray(b'0123')
v = memoryview(y)
w = v[1:3]
w[0] = 65
y[2] = 66
print(y, w.tolist(), v.tolist())
