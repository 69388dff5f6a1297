//! What a process has of the operating system: working directory, umask, descriptors. One for each isolate.

use crate::error::PyResult;
use crate::special::Name;
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Handle, World};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// See the module's page.
pub struct Process {
    /// The working directory, absolute.
    pub cwd: PathBuf,
    /// `os.umask`
    pub umask: u32,
    /// The environment that processes started from here get (`os.putenv`).
    pub environ: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The open files.
    pub fds: Arc<Table>,
}

/// A descriptor table. Whoever ends a process closes it, also while a thread of it has the GIL.
#[derive(Default)]
pub struct Table(Mutex<Option<BTreeMap<i32, Descriptor>>>);

impl Table {
    fn with<R>(&self, f: impl FnOnce(&mut BTreeMap<i32, Descriptor>) -> R) -> Option<R> {
        self.0.lock().as_mut().map(f)
    }
    /// Closes all files, for good: the process has ended.
    pub fn close_all(&self) {
        let all = self.0.lock().take();
        drop(all);
    }
    /// How many files are open.
    pub fn count(&self) -> usize {
        self.with(|fds| fds.len()).unwrap_or(0)
    }
    fn again(&self) -> Table {
        Table(Mutex::new(self.0.lock().clone()))
    }
}

/// One entry of the descriptor table.
#[derive(Clone)]
pub struct Descriptor {
    /// The open file.
    pub file: Handle,
    /// Whether a started program would get it too.
    pub inheritable: bool,
    /// The flags it was opened with (`O_APPEND`, ..).
    pub flags: i32,
}

/// No process holds more descriptors than this: `open` answers EMFILE.
pub const MAX_FDS: usize = 65_536;

impl Process {
    /// The state at the start: the standard streams, the directory in which the process was started.
    pub fn new(world: &dyn World) -> Process {
        let mut fds = BTreeMap::new();
        for n in 0..3 {
            fds.insert(n, Descriptor { file: world.stdio(n as u32), inheritable: true, flags: if n == 0 { libc::O_RDONLY } else { libc::O_WRONLY } });
        }
        let fds = Arc::new(Table(Mutex::new(Some(fds))));
        Process { cwd: world.start_dir(), umask: 0o022, environ: world.environ().into_iter().collect(), fds }
    }
    /// Nothing: an isolate between two runs.
    pub(crate) fn none() -> Process {
        Process { cwd: PathBuf::new(), umask: 0, environ: BTreeMap::new(), fds: Arc::default() }
    }
    /// What a child gets: the same directory, environment and open files, its own from then on.
    pub fn fork(&self) -> Process {
        Process { cwd: self.cwd.clone(), umask: self.umask, environ: self.environ.clone(), fds: Arc::new(self.fds.again()) }
    }
    /// What a freshly started process gets: of the open files only the standard streams and these.
    pub fn spawn(&self, keep: &[i32]) -> Process {
        let child = self.fork();
        child.fds.with(|fds| fds.retain(|n, _| *n < 3 || keep.contains(n)));
        child
    }
    /// The open file of a descriptor.
    pub fn fd(&self, n: i32) -> Option<Descriptor> {
        self.fds.with(|fds| fds.get(&n).cloned())?
    }
    /// Whether a started program would get it too; false where there is no such descriptor.
    pub fn set_inheritable(&self, n: i32, on: bool) -> bool {
        self.fds.with(|fds| fds.get_mut(&n).map(|d| d.inheritable = on)).flatten().is_some()
    }
    /// Enters a file under the lowest free number; `None` where the table is full.
    pub fn add(&self, file: Handle, flags: i32) -> Option<i32> {
        self.add_from(0, Descriptor { file, inheritable: false, flags })
    }
    /// Enters a file under the lowest free number from `least` on.
    pub fn add_from(&self, least: i32, d: Descriptor) -> Option<i32> {
        self.fds.with(|fds| {
            if fds.len() >= MAX_FDS {
                return None;
            }
            let mut n = least;
            for &taken in fds.range(least..).map(|(k, _)| k) {
                if taken != n {
                    break;
                }
                n += 1;
            }
            fds.insert(n, d);
            Some(n)
        })?
    }
    /// Enters a file under this number (`dup2`); gives what was there.
    pub fn put(&self, n: i32, d: Descriptor) -> Option<Descriptor> {
        self.fds.with(|fds| fds.insert(n, d))?
    }
    /// Takes a descriptor out: the file is closed when the last handle goes.
    pub fn close(&self, n: i32) -> Option<Descriptor> {
        self.fds.with(|fds| fds.remove(&n))?
    }
    /// All open numbers.
    pub fn numbers(&self) -> Vec<i32> {
        self.fds.with(|fds| fds.keys().copied().collect()).unwrap_or_default()
    }
    /// A path as the world wants it: absolute.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        self.cwd.join(path)
    }
}

impl Vm {
    /// `os.fspath(v)`: a str or bytes object.
    pub fn fspath(&mut self, v: &Value) -> PyResult {
        if v.is_a::<Str>() || v.is_a::<Bytes>() {
            return Ok(v.clone());
        }
        let name = self.name(Name::DunderFspath);
        let ty = v.type_of(self).clone();
        let Some(f) = self.type_lookup(&ty, &name) else {
            let t = self.type_name(v);
            return Err(self.type_error(format!("expected str, bytes or os.PathLike object, not {t}")));
        };
        let f = self.descriptor_get(&f, v, &ty)?;
        let r = self.call(&f, &[])?;
        if r.is_a::<Str>() || r.is_a::<Bytes>() {
            return Ok(r);
        }
        let (t, got) = (self.type_name(v), self.type_name(&r));
        Err(self.type_error(format!("expected {t}.__fspath__() to return str or bytes, not {got}")))
    }
    /// A path argument as text (bytes by `surrogateescape`, lossily shown).
    pub fn path_text(&mut self, v: &Value) -> PyResult<String> {
        let p = self.fspath(v)?;
        Ok(match p.get::<Bytes>() {
            Some(b) => String::from_utf8_lossy(b.bytes()).into_owned(),
            None => self.text(&p),
        })
    }
}
