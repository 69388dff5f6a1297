"""A daemon thread dies with the main thread, in the middle of whatever it does."""
import threading
import time


def heartbeat():
    while True:
        time.sleep(0.2)
        print("still alive")


threading.Thread(target=heartbeat, daemon=True).start()
time.sleep(0.5)
print("main is done; nobody waits for the heartbeat")
