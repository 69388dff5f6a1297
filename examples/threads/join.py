"""join() waits for one thread, with or without a limit."""
import threading
import time

worker = threading.Thread(target=time.sleep, args=(0.5,))
worker.start()
worker.join(timeout=0.1)
print("after 0.1 s, alive:", worker.is_alive())
worker.join()
print("after join, alive:", worker.is_alive())
