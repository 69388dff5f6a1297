print(1)
if 1:
    print("""a
b""".encode())
    1/0
