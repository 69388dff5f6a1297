"""UDP: letters are sent off, nobody waits for them; what finds no room is lost."""
import socket

box = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
box.bind(("127.0.0.1", 0))
box.settimeout(0.1)
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(2000):
    sender.sendto(b"letter %d" % n, box.getsockname())
arrived = 0
try:
    while True:
        box.recv(100)
        arrived += 1
except TimeoutError:
    pass
print("all arrived" if arrived == 2000 else "some were lost", "- the first ones are never lost" if arrived else "")
