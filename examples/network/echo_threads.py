"""An echo server with a thread for each guest, and guests who talk to it all at once."""
import socket
import threading

GUESTS = 20


def attend(guest):
    with guest, guest.makefile("rw") as lines:
        for line in lines:
            print(line.strip().upper(), file=lines, flush=True)


def serve(door):
    for _ in range(GUESTS):
        guest, _ = door.accept()
        threading.Thread(target=attend, args=(guest,)).start()


def visit(n, heard):
    with socket.create_connection(door.getsockname()) as me, me.makefile("rw") as lines:
        for word in ("hello", f"this is number {n}", "goodbye"):
            print(word, file=lines, flush=True)
            heard.append(lines.readline().strip())


# a queue of five: further guests wait until somebody was let in
door = socket.create_server(("127.0.0.1", 0), backlog=5)
heard = []
host = threading.Thread(target=serve, args=(door,))
host.start()
guests = [threading.Thread(target=visit, args=(n, heard)) for n in range(GUESTS)]
for guest in guests:
    guest.start()
for guest in guests:
    guest.join()
host.join()
door.close()
print(len(heard), "answers,", len(set(heard)), "different ones")
