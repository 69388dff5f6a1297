"""Two greenlets that hand the turn to each other by name, and one that is asked for values like a generator (24)."""
from greenlet import getcurrent, greenlet


def ping(word):
    for n in range(3):
        print("ping", n, word)
        word = ponger.switch(word + "!")
    return "ping is through"


def pong(word):
    while True:
        print("     pong", word)
        word = pinger.switch(word.upper())


pinger, ponger = greenlet(ping), greenlet(pong)
print(pinger.switch("hello"), "- dead:", pinger.dead, ponger.dead)


def leaves(tree):
    """Hands every leaf to whoever asks, from as deep as it lies: no `yield from` on the way."""
    for x in tree:
        if isinstance(x, list):
            leaves(x)
        else:
            getcurrent().parent.switch(x)


g = greenlet(leaves)
x = g.switch([1, [2, [3, 4]], [[5]]])
while not g.dead:
    print("leaf", x)
    x = g.switch()
