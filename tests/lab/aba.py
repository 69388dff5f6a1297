# expect: popped != "lost"
# verdict: fails
# failure: expect
# preemptions: 1
import threading

# a stack whose pop compares the top only: A, B -> the first thread sees A, the second takes both and puts A back
top = "A"
below = {"A": "B", "B": None}
popped = None


def pop():
    global top, popped
    seen = top
    rest = below[seen]
    if top == seen:
        top = rest
        popped = "lost" if rest is not None and rest not in below else "fine"


def churn():
    global top
    top = "B"
    below["B"] = None
    top = None
    del below["B"]
    below["A"] = None
    top = "A"


ts = [threading.Thread(target=f) for f in [pop, churn]]
for t in ts:
    t.start()
for t in ts:
    t.join()
