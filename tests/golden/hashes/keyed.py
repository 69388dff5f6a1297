# blake2's parameters, hmac, pbkdf2, scrypt
import hashlib, hmac
def show(f, *a, **k):
    try:
        r = f(*a, **k)
        if hasattr(r, "hexdigest"): r = r.hexdigest()
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
for f, top in [(hashlib.blake2b, 64), (hashlib.blake2s, 32)]:
    print(f.SALT_SIZE, f.PERSON_SIZE, f.MAX_KEY_SIZE, f.MAX_DIGEST_SIZE)
    for k in [{}, {"digest_size": 1}, {"digest_size": 20}, {"key": b"secret"}, {"key": b"k" * top}, {"salt": b"s"}, {"salt": b"s" * (top // 4)}, {"person": b"pers"}, {"fanout": 2, "depth": 3, "leaf_size": 4096, "node_offset": 5, "node_depth": 1, "inner_size": top}, {"last_node": True}, {"fanout": 0}, {"depth": 255}, {"usedforsecurity": False}, {"key": b"k", "salt": b"q", "person": b"w", "digest_size": 11, "last_node": True},
              {"digest_size": 0}, {"digest_size": top + 1}, {"key": b"k" * (top + 1)}, {"salt": b"s" * 17}, {"person": b"s" * 17}, {"fanout": 256}, {"fanout": -1}, {"depth": 0}, {"depth": 256}, {"leaf_size": 2**32}, {"leaf_size": -1}, {"node_offset": -1}, {"node_offset": 2**64}, {"node_depth": 256}, {"inner_size": top + 1}, {"inner_size": -1}, {"bogus": 1}, {"digest_size": "x"}, {"key": "x"}]:
        print(k if len(str(k)) < 60 else len(str(k)), end=" "); show(f, b"data", **k)
    h = f(b"a", key=b"k", digest_size=5); g = h.copy(); g.update(b"b"); print(h.hexdigest(), g.hexdigest(), f(b"ab", key=b"k", digest_size=5).hexdigest(), h.name, h.digest_size, h.block_size)
for d in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", hashlib.sha256, hashlib.blake2s]:
    for key in [b"", b"key", b"k" * 200]:
        h = hmac.new(key, b"what do ya want for nothing?", d); print(h.name, h.digest_size, h.block_size, h.hexdigest(), hmac.digest(key, b"what do ya want for nothing?", d) == h.digest())
h = hmac.new(b"k", digestmod="sha256"); h.update(b"a"); c = h.copy(); h.update(b"b"); print(c.hexdigest() == hmac.new(b"k", b"a", "sha256").hexdigest(), h.hexdigest() == hmac.new(b"k", b"ab", "sha256").hexdigest())
show(hmac.new, "k", b"", "md5"); show(hmac.new, b"k", "m", "md5"); show(hmac.new, b"k", b"m", "nope")
print(hmac.compare_digest(b"a", b"a"), hmac.compare_digest("a", "b"), hmac.compare_digest(b"a", bytearray(b"ab"))); show(hmac.compare_digest, "é", "é"); show(hmac.compare_digest, 1, 2)
for a in [("sha1", b"password", b"salt", 1), ("sha1", b"password", b"salt", 1000), ("sha256", b"password", b"salt", 4096), ("sha512", b"passwordPASSWORDpassword", b"saltSALT", 10, 100), ("md5", b"p", b"s", 3, 5), ("sha256", b"", b"", 2), ("sha3_256", b"p" * 300, b"s", 2)]:
    print(hashlib.pbkdf2_hmac(*a).hex())
show(hashlib.pbkdf2_hmac, "sha256", b"p", b"s", 0); show(hashlib.pbkdf2_hmac, "sha256", b"p", b"s", 1, 0); show(hashlib.pbkdf2_hmac, "nope", b"p", b"s", 1); show(hashlib.pbkdf2_hmac, "sha256", "p", b"s", 1); show(hashlib.pbkdf2_hmac, "sha256", b"p", b"s", "1"); show(hashlib.pbkdf2_hmac, "sha256", b"p", b"s", 1, dklen=4); show(hashlib.pbkdf2_hmac, hash_name="sha1", password=b"p", salt=b"s", iterations=1, dklen=None)
print(hashlib.scrypt(b"", salt=b"", n=16, r=1, p=1).hex()); print(hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=2, dklen=32).hex())
show(hashlib.scrypt, b"p", salt=b"s", n=3, r=1, p=1); show(hashlib.scrypt, b"p"); show(hashlib.scrypt, b"p", salt=b"s", n=2**20, r=8, p=1); show(hashlib.scrypt, b"p", salt=b"s", n=16, r=1, p=1, dklen=0); show(hashlib.scrypt, b"p", salt=b"s", n=16, r=1, p=1, maxmem=-1)
