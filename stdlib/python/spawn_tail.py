

# ---- Gilbert: the child gets its pickles from whoever spawned it -----------------------------------------------------------------------

def _spawned():
    '''
    The life of a spawned process
    '''
    import io
    import _isolate
    from .popen_fork import _ParentSentinel
    from_parent = io.BytesIO(_isolate.data())
    process.current_process()._inheriting = True
    try:
        preparation_data = reduction.pickle.load(from_parent)
        prepare(preparation_data)
        self = reduction.pickle.load(from_parent)
    finally:
        del process.current_process()._inheriting
    sys.exit(self._bootstrap(_ParentSentinel(preparation_data['parent_pid'])))
