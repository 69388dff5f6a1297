# the package's logger, finalizers, hooks after a fork
import logging
import multiprocessing as mp
import sys
from multiprocessing import util


class Thing:
    pass


def child(thing):
    mp.get_logger().warning('in the child')
    print('thing', thing.after)
    util.Finalize(None, print, ('finalizer of the child',), exitpriority=1)


if __name__ == '__main__':
    logger = mp.get_logger()
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter('[%(levelname)s/%(processName)s] %(message)s'))
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    print(logger.name, logger.propagate, mp.get_logger() is logger)
    thing = Thing()
    thing.after = 0
    util.register_after_fork(thing, lambda t: setattr(t, 'after', t.after + 1))
    p = mp.Process(target=child, args=(thing,))
    p.start()
    p.join()
    print(thing.after)
    f = util.Finalize(thing, print, ('thing is gone',), exitpriority=0)
    print(f.still_active())
    del thing
    print(f.still_active())
    util.Finalize(None, print, ('low',), exitpriority=1)
    util.Finalize(None, print, ('high',), exitpriority=10)
    logger.warning('at the end')
