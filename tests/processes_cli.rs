//! What a run of several processes says and how it ends: deadlock across processes, orphans, peers, exit codes, children killed at any
//! moment. Both worlds.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn run(args: &[&str], code: &str) -> Output {
    let mut c = Command::new(env!("CARGO_BIN_EXE_gilbert"));
    c.arg("run").args(args).args(["-c", code]).stdin(Stdio::null()).env_remove("PYTHONPATH");
    c.output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Exit code, standard output and error in one world.
fn told(world: &[&str], code: &str) -> (i32, String, String) {
    let r = run(world, code);
    (r.status.code().unwrap_or(-1), text(&r.stdout), text(&r.stderr))
}

const WORLDS: [&[&str]; 2] = [&[], &["--sim"]];

/// A child's exit code, as the parent sees it.
const STATUS: &str = "import _isolate, os, sys, time, signal, threading
def status(f):
    pid, fd = _isolate.fork(f)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(fd)
    return code
";

#[test]
fn a_deadlock_across_processes_names_them() {
    let code = format!(
        "{STATUS}
lock = threading.Lock()
lock.acquire()
def child():
    print('child waits')
    lock.acquire()
pid, fd = _isolate.fork(child, 'Process-1')
print('parent waits')
os.waitpid(pid, 0)
"
    );
    for world in WORLDS {
        let (exit, out, err) = told(world, &code);
        assert_eq!(exit, 3, "{err}");
        assert!(out.contains("child waits\n") && out.contains("parent waits\n"), "{out}");
        assert!(err.contains("(MainProcess) waits for the end of a process"), "{err}");
        assert!(err.contains("(Process-1) waits for a lock at <string>:12, held by itself since <string>:9"), "{err}");
    }
}

#[test]
fn exit_codes_are_cpythons() {
    let code = format!(
        "{STATUS}
def bad(): raise ValueError('x')
def message(): sys.exit('message')
def interrupted(): raise KeyboardInterrupt
def daemonic():
    threading.Thread(target=time.sleep, args=(1000,)).start()
    return 5
print([status(f) for f in (lambda: None, lambda: 3, lambda: 257, bad, message, lambda: sys.exit(9), lambda: os._exit(11), interrupted, daemonic)])
def suicide(n): os.kill(os.getpid(), n)
print([status(lambda n=n: suicide(n)) for n in (signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1)], status(lambda: os.abort()))
"
    );
    for world in WORLDS {
        let (exit, out, err) = told(world, &code);
        assert_eq!((exit, out.as_str()), (0, "[0, 3, 1, 1, 1, 9, 11, -2, 5]\n[-9, -15, -10] -6\n"), "{err}");
        assert!(err.contains("ValueError: x") && err.contains("message") && err.contains("KeyboardInterrupt"), "{err}");
    }
}

#[test]
fn a_child_may_be_killed_in_the_middle_of_anything() {
    let code = format!(
        "{STATUS}
lock = threading.Lock(); lock.acquire()
r, w = os.pipe(); empty, _ = os.pipe()
def spinners():
    for i in range(3): threading.Thread(target=lambda: [None for _ in iter(int, 1)]).start()
    lock.acquire()
def spin():
    while True: pass
def parent():
    _isolate.fork(lambda: time.sleep(0.05))
    time.sleep(9)
things = (spin, spinners, lock.acquire, lambda: os.read(empty, 1), lambda: time.sleep(99), lambda: threading.Event().wait(), parent,
          lambda: os.write(w, b'x' * 10**6), signal.pause, lambda: print('y' * 10**5, file=open(os.devnull, 'w')) or spin())
for delay in (0, 0.0005, 0.01):
    for f in things:
        pid, fd = _isolate.fork(f)
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code != -9: print(f, code)
        os.close(fd)
print('alive', threading.active_count())
"
    );
    for world in WORLDS {
        let (exit, out, err) = told(world, &code);
        assert_eq!((exit, out.as_str(), err.as_str()), (0, "alive 1\n", ""));
    }
}

#[test]
fn orphans_go_on_after_their_parent() {
    for (end, expected) in [("sys.exit(6)", 6), ("os._exit(7)", 7)] {
        let code = format!(
            "{STATUS}
def child():
    time.sleep(0.05)
    print('child ends', os.getppid(), flush=True)
_isolate.fork(child)
print('parent ends', flush=True)
{end}
"
        );
        for world in WORLDS {
            let (exit, out, err) = told(world, &code);
            assert_eq!((exit, out.as_str(), err.as_str()), (expected, "parent ends\nchild ends 1\n", ""));
        }
    }
}

#[test]
fn many_processes_one_after_another_leave_nothing_behind() {
    let code = format!(
        "{STATUS}
def size():
    return int(next(l for l in open('/proc/self/status') if l.startswith('VmRSS')).split()[1]), len(os.listdir('/proc/self/fd')), len(os.listdir('/proc/self/task'))
def f(): return 0
for i in range(100): status(f)
before = size()
for i in range(1000): status(f)
after = size()
assert after[0] < before[0] + 16000, (before, after)
assert after[1] <= before[1] + 2 and after[2] <= before[2] + 4, (before, after)
"
    );
    let (exit, _, err) = told(&[], &code);
    assert_eq!((exit, err.as_str()), (0, ""));
}

/// A file of a test.
fn file(name: &str, code: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("gilbert-peers-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    let path = dir.join(name);
    std::fs::write(&path, code).expect("a file");
    path
}

/// A run of one script with another as its peer: exit code and standard output.
fn with_peer(world: &[&str], peer: &PathBuf, first: &PathBuf) -> (Option<i32>, String, String) {
    let mut c = Command::new(env!("CARGO_BIN_EXE_gilbert"));
    c.arg("run").args(world).arg("--peer").arg(peer).arg(first).stdin(Stdio::null());
    let r = c.output().expect("the command runs");
    (r.status.code(), text(&r.stdout), text(&r.stderr))
}

#[test]
fn a_peer_is_a_program_of_its_own_that_starts_when_the_first_waits() {
    let code = "import sys, time\nprint('peer', __name__, sys.argv[0][-7:], 'first' in globals(), flush=True)\ntime.sleep(0.4)\nsys.exit(5)\n";
    let peer = file("peer.py", code);
    let first = file("first.py", "import time\nfirst = 1\nprint('first', flush=True)\ntime.sleep(0.2)\nprint('first goes on', flush=True)\n");
    let quiet = file("quiet.py", "print('quiet', flush=True)\n");
    for world in WORLDS {
        let (exit, out, err) = with_peer(world, &peer, &first);
        assert_eq!((exit, out.as_str()), (Some(5), "first\npeer __main__ peer.py False\nfirst goes on\n"), "{err}");
        let (exit, out, err) = with_peer(world, &quiet, &quiet);
        assert_eq!((exit, out.as_str()), (Some(0), "quiet\nquiet\n"), "{err}");
    }
}

#[test]
fn a_spawned_process_imports_anew_and_has_only_the_descriptors_it_was_given() {
    let code = format!(
        "{STATUS}
mark = 1
a, b = os.pipe()
c, d = os.pipe()
source = '''
import _isolate, os, sys, atexit
given = int(_isolate.data())
os.write(given, repr((__name__, 'mark' in globals(), sys.argv)).encode())
try: os.fstat(given + 2)
except OSError as e: os.write(given, e.strerror.encode())
atexit.register(lambda: os.write(given, b' at exit'))
sys.exit(8)
'''
pid, fd = _isolate.spawn(source, str(b).encode(), [b], 'Spawned', ['me'])
os.close(b)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(os.read(a, 1000).decode(), code, os.read(a, 1000))
"
    );
    for world in WORLDS {
        let (exit, out, err) = told(world, &code);
        assert_eq!((exit, out.as_str()), (0, "('__main__', False, ['me'])Bad file descriptor at exit 8 b''\n"), "{err}");
    }
}
