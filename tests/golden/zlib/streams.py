# zlib: one-shot and streaming, containers, dictionaries, limits, errors
import zlib
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
texts = [b"", b"a", b"hello " * 100, bytes(range(256)) * 20, b"\0" * 100000, bytes((i * i * 7 + i // 3) & 255 for i in range(5000))]
for t in texts:
    for level in [-1, 0, 1, 5, 6, 9]:
        c = zlib.compress(t, level)
        assert zlib.decompress(c) == t and c[0] == 0x78 and (c[0] * 256 + c[1]) % 31 == 0
        if level == 0 and len(t) < 1000: print(c[:20], len(c))
        for w in [-15, 31, 15, -9, 9, 25]:
            o = zlib.compressobj(level, zlib.DEFLATED, w); out = o.compress(t[:50]) + o.compress(t[50:]) + o.flush()
            assert zlib.decompress(out, w if w < 0 else w | 32 if w < 16 else w) == t, (w, level)
            if w >= 8: assert zlib.decompress(out, 47) == t
    print(len(t), zlib.crc32(t), zlib.adler32(t), zlib.crc32(t, 5), zlib.adler32(t, 5), len(zlib.compress(t)) <= len(t) + 20)
print(zlib.compress(b"abc")[:2], zlib.compress(b"abc", 1)[:2], zlib.compress(b"abc", 9)[:2], zlib.compress(b"abc", 3)[:2])
fixed = bytes.fromhex("789ccb48cdc9c95728cf2fca4951c840900021ae052b"); show(zlib.decompress, fixed)
ref = bytes.fromhex("789c4b4c4a06000240 0127".replace(" ", "")); show(zlib.decompress, ref); show(zlib.decompress, b"x\x9cKLJ\x06\x00\x02M\x01'"); show(zlib.decompress, b"x\x9cKLJ\x06\x00\x02M\x01(")
show(zlib.decompress, b""); show(zlib.decompress, b"x"); show(zlib.decompress, b"x\x9c"); show(zlib.decompress, b"garbage"); show(zlib.decompress, b"x\x9cKLJ\x06\x00\x02M\x01"); show(zlib.decompress, b"x\x9cKLJ\x06\x00\x02M\x01'trailing"); show(zlib.decompress, b"\x1f\x8b", 31); show(zlib.decompress, b"xx", 31); show(zlib.decompress, b"\x07\x00", -15); show(zlib.decompress, "str"); show(zlib.compress, "str"); show(zlib.compress, b"", 10); show(zlib.compress, b"", -2); show(zlib.compress); show(zlib.decompress, b"x\x9c", 99); show(zlib.decompress, b"x\x9c", bufsize=0); show(zlib.decompress, fixed, bufsize=1); show(zlib.decompress, b"\x79\x9c\x00"); show(zlib.decompress, b"\x88\x1c")
show(zlib.compressobj, 10); show(zlib.compressobj, 6, 9); show(zlib.compressobj, 6, 8, 99); show(zlib.decompressobj, 99); show(zlib.compressobj, wbits=7); show(zlib.compressobj, zdict="x")
big = b"0123456789" * 5000; c = zlib.compress(big)
d = zlib.decompressobj(); out = d.decompress(c, 100); print(len(out), len(d.unconsumed_tail) > 0, d.eof, d.unused_data)
while d.unconsumed_tail: out += d.decompress(d.unconsumed_tail, 1000)
out += d.flush(); print(out == big, d.eof)
d = zlib.decompressobj(); out = b"".join(d.decompress(c[i:i + 1]) for i in range(len(c))); print(out == big, d.eof, d.unused_data); print(d.decompress(b"more"), d.unused_data, d.decompress(b"yet"), d.unused_data, d.flush())
d = zlib.decompressobj(); print(d.decompress(c + b"tail") == big, d.unused_data, d.eof); d = zlib.decompressobj(); show(d.decompress, c, -1); show(d.flush, 0); show(d.flush, -1); d = zlib.decompressobj(); print(len(d.decompress(c[:-4])), d.eof, d.flush()); d = zlib.decompressobj(); show(d.decompress, b"bad!"); show(d.decompress, "x")
d = zlib.decompressobj(); a = d.decompress(c[:50]); e = d.copy(); print((a + d.decompress(c[50:])) == big == (a + e.decompress(c[50:]) + e.flush()))
o = zlib.compressobj(); x = o.compress(b"abc" * 100); p = o.copy(); y = o.compress(b"one") + o.flush(); z = p.compress(b"two") + p.flush(); print(zlib.decompress(x + y)[-6:], zlib.decompress(x + z)[-6:]); show(o.compress, b"x"); show(o.flush)
for mode in [zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH, zlib.Z_PARTIAL_FLUSH, zlib.Z_BLOCK]:
    o = zlib.compressobj(wbits=-15); d = zlib.decompressobj(-15); p = o.compress(b"part one ") + o.flush(mode); got = d.decompress(p); p = o.compress(b"part two") + o.flush(); print(mode, mode in (5,) or got, (got + d.decompress(p)), d.eof)
o = zlib.compressobj(); print(o.flush(zlib.Z_NO_FLUSH)); show(o.flush, 99)
zd = b"the quick brown fox jumps over the lazy dog"; o = zlib.compressobj(zdict=zd); c = o.compress(b"the lazy quick fox dog") + o.flush(); print(c[:6], len(c) < 30); d = zlib.decompressobj(zdict=zd); print(d.decompress(c)); show(zlib.decompress, c); d = zlib.decompressobj(zdict=b"wrong"); show(d.decompress, c); o = zlib.compressobj(wbits=-15, zdict=zd); c = o.compress(zd) + o.flush(); print(zlib.decompressobj(-15, zdict=zd).decompress(c) == zd, len(c) < 20)
for s in [zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED]:
    o = zlib.compressobj(strategy=s); print(zlib.decompress(o.compress(big) + o.flush()) == big, end=" ")
print(zlib.Z_BEST_SPEED, zlib.Z_BEST_COMPRESSION, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.DEF_BUF_SIZE, zlib.Z_FINISH, zlib.DEFLATED, type(zlib.compressobj()), type(zlib.decompressobj()), zlib.error.__mro__[:2])
D = zlib._ZlibDecompressor(); c = zlib.compress(big); out = D.decompress(c + b"unused", 10); print(out, D.needs_input, D.eof, D.unused_data)
while not D.eof: out += D.decompress(b"", 5000)
print(out == big, D.unused_data, D.needs_input); show(D.decompress, b"x"); show(zlib.crc32, "x"); show(zlib.adler32, 5); print(zlib.adler32(b"x" * 100000, 2**32 + 1), zlib.crc32(memoryview(b"abc")), zlib.crc32(bytearray(b"abc")))
show(lambda: zlib.Compress); show(type(zlib.compressobj()))
