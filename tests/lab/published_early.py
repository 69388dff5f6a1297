# verdict: fails
# failure: exception
import threading

config = None
go = threading.Event()


def reader():
    go.wait()
    assert config['size'] == 3


def writer():
    global config
    go.set()
    config = {'size': 3}


ts = [threading.Thread(target=f) for f in [reader, writer]]
for t in ts:
    t.start()
for t in ts:
    t.join()
