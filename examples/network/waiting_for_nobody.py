"""Two ends that both wait to be told something first: a deadlock with a name when simulated."""
import socket
import threading

left, right = socket.socketpair()
threading.Thread(target=left.recv, args=(100,), name="left").start()
right.recv(100)
