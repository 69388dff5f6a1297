"""A timer calls a function later; one that is cancelled in time never does."""
import threading

rang = threading.Event()
alarm = threading.Timer(0.2, rang.set)
never = threading.Timer(60, print, ["this is never printed"])
alarm.start()
never.start()
never.cancel()
print("rang:", rang.wait(5))
