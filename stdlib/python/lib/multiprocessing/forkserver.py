"""There is no server process: `forkserver` spawns. The functions remain for those who call them."""

__all__ = ['ensure_running', 'get_inherited_fds', 'connect_to_new_process', 'set_forkserver_preload']


class ForkServer:

    def set_forkserver_preload(self, modules_names):
        """Checked, and without effect: children import what they need themselves."""
        if not all(type(mod) is str for mod in modules_names):
            raise TypeError('module_names must be a list of strings')

    def ensure_running(self):
        pass

    def get_inherited_fds(self):
        return None

    def connect_to_new_process(self, fds):
        raise NotImplementedError('Gilbert has no fork server: the forkserver start method spawns')

    def _stop(self):
        pass


_forkserver = ForkServer()
ensure_running = _forkserver.ensure_running
get_inherited_fds = _forkserver.get_inherited_fds
connect_to_new_process = _forkserver.connect_to_new_process
set_forkserver_preload = _forkserver.set_forkserver_preload
