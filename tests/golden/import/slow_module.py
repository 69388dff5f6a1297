import time
first = 1
time.sleep(0.02)
second = 2
