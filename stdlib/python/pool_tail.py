

# ---- Gilbert: a worker that dies is reported ------------------------------------------------------------------------------------------

class WorkerDied(Exception):
    """A worker process ended without answering its task."""


def _how(worker):
    code = worker.exitcode
    name = process._exitcode_to_name.get(code)
    end = f'was ended by signal {name[1:]}' if name else f'ended with exit code {code}'
    return f'{worker.name} (process {worker.pid}) {end}'


def worker(inqueue, outqueue, initializer=None, initargs=(), maxtasks=None,
           wrap_exception=False):
    if (maxtasks is not None) and not (isinstance(maxtasks, int)
                                       and maxtasks >= 1):
        raise AssertionError("Maxtasks {!r} is not valid".format(maxtasks))
    get = inqueue.get
    if hasattr(inqueue, '_writer'):
        inqueue._writer.close()
        outqueue._reader.close()
        tasks, send = inqueue._reader, outqueue._writer._send_result

        def put(answer):
            # from the moment it is sent the task is no longer ours
            send(answer, tasks)
    else:
        put = outqueue.put

    if initializer is not None:
        initializer(*initargs)

    completed = 0
    while maxtasks is None or completed < maxtasks:
        try:
            task = get()
        except (EOFError, OSError):
            util.debug('worker got EOFError or OSError -- exiting')
            break
        if task is None:
            util.debug('worker got sentinel -- exiting')
            break
        job, i, func, args, kwds = task
        try:
            result = (True, func(*args, **kwds))
        except Exception as e:
            if wrap_exception and func is not _helper_reraises_exception:
                e = ExceptionWithTraceback(e, e.__traceback__)
            result = (False, e)
        try:
            put((job, i, result))
        except Exception as e:
            wrapped = MaybeEncodingError(e, result[1])
            util.debug("Possible encoding error while sending result: %s" % (wrapped,))
            put((job, i, (False, wrapped)))
        task = job = result = func = args = kwds = None
        completed += 1
    util.debug('worker exiting after %d tasks' % completed)


class _Mixin:
    """What differs for pools of processes."""

    def _setup_queues(self):
        self._inqueue = self._ctx.SimpleQueue()
        self._outqueue = self._ctx.SimpleQueue()
        self._quick_put = self._inqueue._writer._send_task
        self._quick_get = self._outqueue._reader.recv

    def _get_sentinels(self):
        return [self._change_notifier._reader]

    @staticmethod
    def _maintain_pool(ctx, Process, processes, pool, inqueue, outqueue,
                       initializer, initargs, maxtasksperchild,
                       wrap_exception):
        """Clean up any exited workers, report what they had, and start replacements for them.
        """
        gone = [w for w in pool if w.exitcode is not None]
        if not gone:
            return
        early = [w for w in gone if not _report(w, inqueue, outqueue)]
        for w in gone:
            util.debug('cleaning up worker %s' % w.name)
            w.join()
            pool.remove(w)
        thread = threading.current_thread()
        # workers that die one after another before their first task: their initializer fails
        thread._early = thread.__dict__.get('_early', 0) + len(early) if len(early) == len(gone) else 0
        if thread._early > 2 * processes:
            thread._early = 0
            _fail_all(thread._args_of_pool, WorkerDied(
                f'{_how(early[-1])} before it took a task, like {2 * processes} others before: the initializer fails'))
        Pool._repopulate_pool_static(ctx, Process, processes, pool, inqueue, outqueue, initializer, initargs,
                                     maxtasksperchild, wrap_exception)

    @classmethod
    def _handle_workers(cls, cache, *args):
        threading.current_thread()._args_of_pool = cache
        _handle_workers(cls, cache, *args)

    @staticmethod
    def _help_stuff_finish(inqueue, task_handler, size):
        # the task handler may wait for room in the pipe
        util.debug('removing tasks from inqueue until task handler finished')
        while task_handler.is_alive() and inqueue._reader.poll():
            inqueue._reader.recv_bytes()
            time.sleep(0)


def _report(worker, inqueue, outqueue):
    """Answers the task that a dead worker had; whether it had one, or ended as it should."""
    lost = inqueue._reader._lost(worker.pid)
    if lost is None:
        return worker.exitcode == 0
    outqueue.put((*lost, (False, WorkerDied(f'{_how(worker)} in the middle of a task'))))
    return True


def _fail_all(cache, error):
    for result in list(cache.values()):
        if isinstance(result, IMapIterator):
            result._set(result._index, (False, error))
            result._set_length(result._index)
        else:
            if isinstance(result, MapResult):
                result._number_left = 1
            result._set(0, (False, error))


from . import process
_handle_workers = Pool._handle_workers.__func__
for _name, _part in list(vars(_Mixin).items()):
    # ThreadPool has its own of some of these
    if not _name.startswith('__'):
        setattr(Pool, _name, _part)
del _name, _part
