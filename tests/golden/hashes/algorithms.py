# digests of every guaranteed algorithm, incremental use, copies, errors
import hashlib
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
texts = [b"", b"abc", bytes(range(256)) * 5]
for name in sorted(hashlib.algorithms_guaranteed):
    h = hashlib.new(name); n = () if h.digest_size else (20,)
    print(name, h.name, h.digest_size, h.block_size)
    for t in texts:
        f = getattr(hashlib, name)
        x = f(t); y = hashlib.new(name, t); z = f()
        for i in range(0, len(t), 37): z.update(t[i:i + 37])
        print(" ", x.hexdigest(*n), x.hexdigest(*n) == y.hexdigest(*n) == z.hexdigest(*n), x.digest(*n).hex() == x.hexdigest(*n))
    c = h.copy(); h.update(b"more"); print(" ", c.hexdigest(*n) == f().hexdigest(*n), h.hexdigest(*n) == f(b"more").hexdigest(*n), type(c) is type(h))
for name in ["sha512_256", "sha512_224", "SHA256", "Sha1", "MD5", "SHA3-256", "md5-sha1", "blake2b512", "blake2s256"]:
    try: h = hashlib.new(name, b"x"); print(name, h.name, h.hexdigest())
    except ValueError as e: print(name, e)
print(repr(hashlib.sha256())[:26], type(hashlib.md5()).__name__, type(hashlib.shake_128()).__name__, type(hashlib.blake2b()).__name__, repr(hashlib.blake2s())[:24])
print(hashlib.algorithms_guaranteed <= hashlib.algorithms_available, sorted(hashlib.algorithms_guaranteed))
show(hashlib.new, "nope"); show(hashlib.new, 5); show(hashlib.sha256, "text"); show(hashlib.sha256, 5); show(hashlib.sha256().update, "text"); show(hashlib.sha256().update); show(hashlib.md5, b"a", b"b"); show(hashlib.blake2b, "x"); show(hashlib.sha3_256, "x"); show(hashlib.shake_128().digest); show(lambda: hashlib.shake_256(b"q").hexdigest(0)); show(hashlib.shake_128(b"z").hexdigest, length=300)
print(hashlib.sha256(string=b"abc").hexdigest()[:8], hashlib.md5(b"x", usedforsecurity=False).hexdigest()[:8], hashlib.sha1(bytearray(b"x")).hexdigest()[:8], hashlib.sha1(memoryview(b"xy")[:1]).hexdigest()[:8])
import array; print(hashlib.md5(array.array("i", [1, 2])).hexdigest())
import io
print(hashlib.file_digest(io.BytesIO(b"abc"), "sha256").hexdigest()[:8])
import _md5, _sha1, _sha2, _sha3, _blake2
for f in [_md5.md5, _sha1.sha1, _sha2.sha224, _sha2.sha256, _sha2.sha384, _sha2.sha512, _sha3.sha3_224, _sha3.sha3_256, _sha3.sha3_384, _sha3.sha3_512]:
    h = f(b"abc"); print(h.name, type(h), h.digest_size, h.block_size, h.hexdigest(), h.copy().digest() == h.digest())
for f in [_sha3.shake_128, _sha3.shake_256]:
    h = f(b"abc"); print(h.name, type(h), h.digest_size, h.block_size, h.hexdigest(16))
show(_md5.md5, "x"); show(hashlib.sha256().__setattr__, "name", 1)
big = b"\0" * 1_000_000; print(hashlib.sha512(big).hexdigest()[:16], hashlib.sha3_512(big).hexdigest()[:16], hashlib.blake2b(big).hexdigest()[:16])
