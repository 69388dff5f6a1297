# each function of binascii, its texts, and its errors
import binascii
from binascii import *
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
data = bytes(range(256))
for f in [b2a_hex, hexlify]:
    show(f, data[:20]); show(f, b""); show(f, b"abc", ":"); show(f, b"abcdefg", "-", 2); show(f, b"abcdefg", b"_", -3)
    show(f, b"abcdef", sep="::"); show(f, b"ab", "é"); show(f, b"ab", 5); show(f, "str"); show(f, bytearray(b"q"), bytes_per_sep=3); show(f, memoryview(b"abcd")[::2])
for f in [a2b_hex, unhexlify]:
    show(f, "00ffAbcD"); show(f, b"0"); show(f, "zz"); show(f, "é0"); show(f, 5); show(f, "a b0"); show(f, bytearray(b"6162"))
for n in range(0, 47, 5):
    enc = b2a_uu(data[:n]) if n <= 45 else None
    print(enc, a2b_uu(enc) == data[:n])
show(b2a_uu, b"\0\0x", backtick=True); show(b2a_uu, b""); show(b2a_uu, b"", backtick=True); show(b2a_uu, b"x" * 46); show(b2a_uu, "x")
show(a2b_uu, b"#86)C\n"); show(a2b_uu, "#86)C"); show(a2b_uu, b"#86"); show(a2b_uu, b"#86)C~"); show(a2b_uu, b"#86)Cxx"); show(a2b_uu, b"#\x7f6)C"); show(a2b_uu, b""); show(a2b_uu, b" "); show(a2b_uu, b"!"); show(a2b_uu, b"#86)C   \r\n"); show(a2b_uu, b"`"); show(a2b_uu, b"\xff")
for n in range(6):
    e = b2a_base64(data[250:250 + n]); print(e, a2b_base64(e))
show(b2a_base64, data[:60], newline=False); show(b2a_base64, "s"); show(b2a_base64, b"x", newline=0)
for t in ["YQ==", "YWI=", "YWJj", "Y Q = =", "YQ", "Y", "YWJjZ", "YQ=", "YQ===", "YQ==YQ==", "=YQ==", "Y=Q=", "YW=J", "YW\nJj", "YW-J", "YWJj====", "", "=", "====", "é", "/+/+", "YWJjZA==\n", "YQ==x", "Y\0WJj", b"YWJj\xff"]:
    for strict in [False, True]:
        print(repr(t), strict, end=" "); show(a2b_base64, t, strict_mode=strict)
show(a2b_base64, 5); show(a2b_base64); show(a2b_base64, "YQ==", True)
show(crc32, b""); show(crc32, b"hello"); show(crc32, b"world", crc32(b"hello ")); show(crc32, b"x", -1); show(crc32, b"x", 2**40 + 5); show(crc32, "x"); show(crc32, data * 100); show(crc32, b"x", 1.0)
show(crc_hqx, b"", 0); show(crc_hqx, b"hello", 0); show(crc_hqx, b"world", crc_hqx(b"hello", 0xffff)); show(crc_hqx, b"x", 2**20 + 1); show(crc_hqx, b"x"); show(crc_hqx, b"x", -1)
for t in [b"hello world", b"a=b", b"tab\tend\t", b"space \nx ", b"x" * 80, b"\xe9\xff\0", b".\n..\n.", b"line\r\nnext \r\nlast", b"a_b c", "é".encode(), b"=" * 30, b"a" * 75 + b" ", b"a" * 75 + b"=", b"\n\n", b"\r\r\n", b"From me", b"\t", b" "]:
    for k in [{}, {"quotetabs": True}, {"istext": False}, {"header": True}, {"quotetabs": True, "istext": False, "header": True}]:
        e = b2a_qp(t, **k); print(e, a2b_qp(e, header=k.get("header", False)) == t)
for t in [b"=41=4a=4A=", b"=\nx", b"=\r\nx", b"==", b"=4", b"=g1", b"a_b", b"= \nx", b"=  x", b"x=\n", b"\xff=FF"]:
    show(a2b_qp, t); show(a2b_qp, t, header=True)
show(a2b_qp, "é"); show(a2b_qp, 5); show(b2a_qp, "x")
print(Error.__mro__, Incomplete.__mro__, Error.__module__)
