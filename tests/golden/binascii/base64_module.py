# base64: every coding, strict and lax, files, legacy names
import base64, io
def show(f, *a, **k):
    try:
        r = f(*a, **k)
    except Exception as e:
        r = f"{type(e).__module__}.{type(e).__name__}: {e}"
    print(r)
data = bytes(range(256))
for n in [0, 1, 2, 3, 4, 5, 10, 63]:
    d = data[200:200 + n]
    for enc, dec in [(base64.b64encode, base64.b64decode), (base64.standard_b64encode, base64.standard_b64decode), (base64.urlsafe_b64encode, base64.urlsafe_b64decode), (base64.b32encode, base64.b32decode), (base64.b32hexencode, base64.b32hexdecode), (base64.b16encode, base64.b16decode), (base64.a85encode, base64.a85decode), (base64.b85encode, base64.b85decode), (base64.encodebytes, base64.decodebytes)]:
        e = enc(d); print(e, dec(e) == d)
show(base64.b64encode, data, b"-_"); show(base64.b64encode, "str"); show(base64.b64encode, b"x", b"abc")
show(base64.b64decode, "AAAA"); show(base64.b64decode, b"-_-_", b"-_"); show(base64.b64decode, "YW Jj*", validate=False); show(base64.b64decode, "YW Jj", validate=True); show(base64.b64decode, "YWJ"); show(base64.b64decode, "é"); show(base64.b64decode, "YQ==", altchars="-_"); show(base64.b64decode, 5)
show(base64.b32decode, "mfrgg===", casefold=True); show(base64.b32decode, "mfrgg==="); show(base64.b32decode, "M1RGG===", map01="L"); show(base64.b32decode, "MFRGG"); show(base64.b32decode, "MF=====A")
show(base64.b16decode, "0aff"); show(base64.b16decode, "0aff", True); show(base64.b16decode, "0AF"); show(base64.b16decode, "0AGG")
show(base64.a85encode, b"\0\0\0\0    abc", foldspaces=True, wrapcol=8, pad=True, adobe=True); show(base64.a85decode, b"<~z+>=oN~>", adobe=True); show(base64.a85decode, b"z y", foldspaces=True); show(base64.a85decode, b"\x00"); show(base64.a85decode, b"zzz!z"); show(base64.a85decode, b"uuuuu")
show(base64.b85encode, b"abc", pad=True); show(base64.b85decode, b"~~~~~"); show(base64.b85decode, b'"abcd'); show(base64.b85decode, "VPaz%0000")
src, dst = io.BytesIO(data), io.BytesIO()
base64.encode(src, dst); print(dst.getvalue())
dst.seek(0); back = io.BytesIO(); base64.decode(dst, back); print(back.getvalue() == data)
show(base64.encodebytes, "x"); show(base64.encodebytes, memoryview(b"abcd").cast("H")); show(base64.decodebytes, b"YQ==\nYg==\n")
