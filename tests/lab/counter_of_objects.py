# expect: C.made == 2
# verdict: fails
# failure: expect
# preemptions: 1
# kind: lost update
import threading

class C:
    made = 0

    def __init__(self):
        C.made += 1


ts = [threading.Thread(target=f) for f in [C, C]]
for t in ts:
    t.start()
for t in ts:
    t.join()
