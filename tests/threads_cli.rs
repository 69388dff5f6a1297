//! What a run says and how it ends when threads wait, spin or are interrupted: deadlock, idleness, `--until`, signals, `--stats`.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn command(args: &[&str], code: &str) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_gilbert"));
    c.arg("run").args(args).args(["-c", code]).stdin(Stdio::null()).env_remove("PYTHONPATH");
    c
}

fn run(args: &[&str], code: &str) -> Output {
    command(args, code).output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs in both worlds; standard error and exit code must be the same, and are given.
fn both(code: &str) -> (i32, String, String) {
    let (native, sim) = (run(&[], code), run(&["--sim"], code));
    assert_eq!(text(&native.stderr), text(&sim.stderr));
    assert_eq!(text(&native.stdout), text(&sim.stdout));
    assert_eq!(native.status.code(), sim.status.code());
    (native.status.code().unwrap_or(-1), text(&native.stdout), text(&native.stderr))
}

const FIRST: &str = "gilbert: deadlock: every thread waits, and nobody is left to wake one\n";

#[test]
fn two_locks_in_opposite_order_are_a_cycle() {
    let code = "import threading
a, b = threading.Lock(), threading.Lock()
gate = threading.Barrier(2)
def work(x, y):
    with x:
        gate.wait()
        with y:
            pass
threading.Thread(target=work, args=(a, b), name='other').start()
work(b, a)
";
    let (exit, _, err) = both(code);
    let lines = "  MainThread [T0] waits for a lock at <string>:7, held by other [T1] since <string>:5
  other [T1] waits for a lock at <string>:7, held by MainThread [T0] since <string>:5
  cycle: MainThread [T0] -> other [T1] -> MainThread [T0]
";
    assert_eq!((exit, err), (3, format!("{FIRST}{lines}")));
}

#[test]
fn a_lone_thread_that_waits_for_ever_is_a_deadlock() {
    for (code, line) in [
        ("import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()", "waits for a lock at <string>:4, held by itself since <string>:3"),
        ("import queue\nqueue.SimpleQueue().get()", "waits for a queue at <string>:2"),
        ("import threading\nthreading.Event().wait()", "waits for an event at <string>:2"),
        ("import threading\nthreading.Semaphore(0).acquire()", "waits for a semaphore at <string>:2"),
        ("import threading\nthreading.Barrier(2).wait()", "waits for a barrier at <string>:2"),
        ("import threading\nc = threading.Condition()\nwith c:\n  c.wait()", "waits for a condition at <string>:4"),
    ] {
        let (exit, _, err) = both(code);
        assert_eq!((exit, err), (3, format!("{FIRST}  MainThread [T0] {line}\n")), "{code}");
    }
}

#[test]
fn a_lock_whose_holder_has_ended_and_threads_that_join_each_other() {
    let (exit, _, err) = both(
        "import threading
r = threading.RLock()
t = threading.Thread(target=r.acquire)
t.start(); t.join()
with r: pass
",
    );
    assert_eq!(exit, 3);
    assert!(err.contains("MainThread [T0] waits for an RLock at <string>:5, held by [T1], which has ended"), "{err}");
    let (exit, _, err) = both(
        "import threading
main = threading.current_thread()
t = threading.Thread(target=main.join)
t.start(); t.join()
",
    );
    assert_eq!(exit, 3);
    assert!(err.contains("  cycle: MainThread [T0] -> Thread-1 (join) [T1] -> MainThread [T0]\n"), "{err}");
}

#[test]
fn output_before_a_deadlock_is_not_lost() {
    let (exit, out, _) = both("import queue\nprint('before')\nqueue.Queue().get()");
    assert_eq!((exit, out.as_str()), (3, "before\n"));
}

#[test]
fn a_handler_or_a_timed_wait_is_no_deadlock() {
    let code = "import threading, signal
signal.signal(signal.SIGUSR1, lambda n, f: None)
threading.Event().wait()
";
    // somebody may send the signal
    assert_eq!(text(&run(&["--until", "0.3"], code).stderr), "");
    let (exit, out, err) = both("import threading\nprint(threading.Event().wait(0.05), threading.Lock().acquire(timeout=0.05))");
    assert_eq!((exit, out.as_str(), err.as_str()), (0, "False True\n", ""));
}

#[test]
fn waiting_for_input_is_idle_when_simulated() {
    let mut child = command(&["--sim"], "import threading\nthreading.Thread(target=threading.Event().wait).start()\nprint(input('? '))")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let held = child.stdin.take();
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("reads");
    drop(held);
    assert_eq!(child.wait().expect("ends").code(), Some(0));
    assert!(err.starts_with("gilbert: idle: only something outside could go on from here\n"), "{err}");
    assert!(err.contains("MainThread [T0] waits for input or output (standard input)"), "{err}");
}

#[test]
fn until_ends_spinning_sleeping_and_waiting_threads() {
    let spin = "import threading
def spin():
    while True: pass
for i in range(3): threading.Thread(target=spin).start()
print('started', flush=True)
spin()
";
    let sleep = "import time\nwhile True: time.sleep(0.01)";
    let one_call = "import time\nsum(range(10**15))";
    for code in [spin, sleep, one_call] {
        let before = Instant::now();
        let native = run(&["--until", "0.2"], code);
        assert_eq!((native.status.code(), text(&native.stderr)), (Some(0), String::new()), "{code}");
        assert!(before.elapsed() < Duration::from_secs(10));
    }
    for code in [spin, sleep] {
        let sim = run(&["--sim", "--until", "0.02"], code);
        assert_eq!((sim.status.code(), text(&sim.stderr)), (Some(0), String::new()), "{code}");
    }
    // virtual time: an hour in a moment
    let sim = run(&["--sim", "--until", "3600"], sleep);
    assert_eq!(sim.status.code(), Some(0));
}

#[test]
fn stats_count_releases_and_switches_by_cause() {
    let code = "import threading, time
def work():
    for i in range(400000): pass
ts = [threading.Thread(target=work) for i in range(2)]
for t in ts: t.start()
time.sleep(0)
for t in ts: t.join()
";
    for args in [&["--stats", "--handoff", "fifo"][..], &["--stats", "--sim"]] {
        let err = text(&run(args, code).stderr);
        let row = |name: &str| -> Vec<u64> {
            let line = err.lines().find(|l| l.trim_start().starts_with(name)).unwrap_or_else(|| panic!("{name} in {err}"));
            line.split_whitespace().skip(1).filter_map(|w| w.parse().ok()).collect()
        };
        let (ticks, io, exit) = (row("ticks"), row("io"), row("exit"));
        assert!(ticks[0] >= 16000 && ticks[1] >= 50 && ticks[1] <= ticks[0], "{err}");
        assert!(io[0] >= 1 && io[1] >= 1, "{err}");
        assert_eq!(exit[0], 2, "{err}");
        assert!(err.contains("\n  T0 ") && err.contains("\n  T2 "), "{err}");
    }
}

#[test]
fn running_without_a_gil_is_for_the_simulated_world() {
    let code = "import gil, threading
n = 0
def work():
    global n
    for i in range(200): n += 1
ts = [threading.Thread(target=work) for i in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(gil.policy(), 2 <= n <= 800)
";
    let sim = run(&["--sim", "--gil", "off"], code);
    assert_eq!((sim.status.code(), text(&sim.stdout).as_str()), (Some(0), "off True\n"));
    let native = run(&["--gil", "off"], code);
    assert_eq!(native.status.code(), Some(2));
    assert!(text(&native.stderr).contains("simulated"), "{}", text(&native.stderr));
}

#[test]
fn usage_errors_are_2() {
    for args in [&["--ticks", "0"][..], &["--ticks", "x"], &["--handoff", "nobody"], &["--until", "-1"], &["--switch-interval", "0"], &["--no-such"]] {
        assert_eq!(run(args, "pass").status.code(), Some(2), "{args:?}");
    }
}

/// Starts the script, waits for its first line, sends it a signal, and gives how it ended.
#[cfg(unix)]
fn signalled(code: &str, signals: &[&str]) -> (std::process::ExitStatus, String, String) {
    let mut child = command(&[], code).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let held = child.stdin.take();
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    let mut first = String::new();
    out.read_line(&mut first).expect("a first line");
    for signal in signals {
        std::thread::sleep(Duration::from_millis(150));
        let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }
    let (mut rest, mut err) = (String::new(), String::new());
    out.read_to_string(&mut rest).expect("reads");
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("reads");
    drop(held);
    (child.wait().expect("ends"), rest, err)
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_every_kind_of_wait() {
    use std::os::unix::process::ExitStatusExt;
    let begin = "import threading, time, queue, os, sys
threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
l = threading.Lock(); l.acquire()
c = threading.Condition()
def spin():
    while True: pass
t = threading.Thread(target=time.sleep, args=(100,), daemon=True); t.start()
print('go', flush=True)
";
    let waits = [
        "time.sleep(100)",
        "l.acquire()",
        "with l: pass",
        "l.acquire(timeout=100)",
        "queue.Queue().get()",
        "queue.SimpleQueue().get()",
        "t.join()",
        "threading.Event().wait()",
        "with c: c.wait()",
        "threading.Semaphore(0).acquire()",
        "threading.Barrier(2).wait()",
        "input()",
        "sys.stdin.readline()",
        "os.read(os.pipe()[0], 1)",
        "spin()",
        "sorted(range(10**6), key=lambda x: [0 for i in range(1000)])",
    ];
    for wait in waits {
        let (status, _, err) = signalled(&format!("{begin}{wait}"), &["INT"]);
        assert!(err.ends_with("KeyboardInterrupt\n"), "{wait}: {err}");
        assert_eq!(status.signal(), Some(2), "{wait}: {status}");
    }
}

#[cfg(unix)]
#[test]
fn a_caught_interrupt_and_a_second_one() {
    use std::os::unix::process::ExitStatusExt;
    let caught = "import time
print('go', flush=True)
try:
    time.sleep(100)
except KeyboardInterrupt:
    print('caught')
";
    let (status, out, err) = signalled(caught, &["INT"]);
    assert_eq!((status.code(), out.as_str(), err.as_str()), (Some(0), "caught\n", ""));
    let (_, _, err) = signalled("print('go', flush=True)\nwhile True: pass", &["INT"]);
    assert!(err.contains("File \"<string>\", line 2, in <module>"), "{err}");
    let twice = "import time
print('go', flush=True)
try:
    time.sleep(100)
finally:
    print('finally', flush=True)
    time.sleep(100)
";
    let (status, out, err) = signalled(twice, &["INT", "INT"]);
    assert_eq!((status.signal(), out.as_str()), (Some(2), "finally\n"));
    assert!(err.contains("During handling of the above exception"), "{err}");
    let at_the_end = "import threading, time
threading.Thread(target=time.sleep, args=(0.6,)).start()
print('go', flush=True)
";
    let (status, _, err) = signalled(at_the_end, &["INT"]);
    assert_eq!(status.code(), Some(0));
    assert!(err.starts_with("Exception ignored in: <module 'threading'"), "{err}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_never_leaves_a_lock_held() {
    let code = "import threading, sys
l = threading.Lock()
n = 0
print('go', flush=True)
try:
    while True:
        with l:
            n += 1
except KeyboardInterrupt:
    print(l.locked())
";
    for _ in 0..5 {
        let (status, out, err) = signalled(code, &["INT"]);
        assert_eq!((status.code(), out.as_str()), (Some(0), "False\n"), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn other_signals_have_their_default_effect() {
    use std::os::unix::process::ExitStatusExt;
    let (status, _, _) = signalled("import time\nprint('go', flush=True)\ntime.sleep(100)", &["TERM"]);
    assert_eq!(status.signal(), Some(15));
    let sim = run(&["--sim"], "import os, signal\nprint('x')\nos.kill(os.getpid(), signal.SIGTERM)\nprint('never')");
    assert_eq!((sim.status.code(), text(&sim.stdout).as_str()), (Some(143), "x\n"));
    // a reader that goes away: BrokenPipeError, as in CPython
    let mut child = command(&[], "while True: print('y' * 1000)").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut out = BufReader::new(child.stdout.take().expect("piped"));
    out.read_line(&mut String::new()).expect("a line");
    drop(out);
    let mut err = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut err).expect("reads");
    assert!(err.contains("BrokenPipeError: [Errno 32] Broken pipe"), "{err}");
    assert!(!child.wait().expect("ends").success());
}

#[test]
fn an_uncaught_exception_in_a_thread_is_reported_and_the_process_goes_on() {
    let (exit, out, err) = both(
        "import threading, sys
def boom(): return 1 / 0
for f in (boom, sys.exit):
    t = threading.Thread(target=f); t.start(); t.join()
print('still here')
",
    );
    assert_eq!((exit, out.as_str()), (0, "still here\n"));
    assert!(err.starts_with("Exception in thread Thread-1 (boom):\nTraceback (most recent call last):\n"), "{err}");
    assert!(err.ends_with("ZeroDivisionError: division by zero\n"), "{err}");
}

#[test]
fn a_thread_started_after_main_has_ended_keeps_the_process_alive() {
    let (exit, out, err) = both(
        "import threading
n = 0
def again():
    global n
    n += 1
    print(n)
    if n < 4: threading.Timer(0.01, again).start()
threading.Timer(0.01, again).start()
",
    );
    assert_eq!((exit, out.as_str(), err.as_str()), (0, "1\n2\n3\n4\n", ""));
}

#[test]
fn lines_of_two_threads_never_tear() {
    let code = "import threading
def work(c):
    for i in range(200): print(c * 50)
ts = [threading.Thread(target=work, args=(c,)) for c in 'abcd']
for t in ts: t.start()
for t in ts: t.join()
";
    for args in [&["--ticks", "1"][..], &["--sim", "--ticks", "3"], &["--sim", "--gil", "off"], &["-u", "--ticks", "1"]] {
        let out = run(args, code);
        let whole = |l: &str| l.len() == 50 && l.bytes().all(|b| b == l.as_bytes()[0]);
        assert_eq!(text(&out.stdout).lines().filter(|l| whole(l)).count(), 800, "{args:?}");
    }
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let code = "import threading, random, time
def work(c):
    for i in range(20):
        print(c, i, id(c) % 1000, random.random(), time.time())
ts = [threading.Thread(target=work, args=(c,)) for c in 'abc']
for t in ts: t.start()
for t in ts: t.join()
";
    for handoff in ["fair", "fifo", "contend"] {
        let go = |seed: &str| run(&["--sim", "--seed", seed, "--ticks", "7", "--handoff", handoff], code).stdout;
        assert_eq!(go("5"), go("5"));
    }
    let go = |seed: &str| run(&["--sim", "--seed", seed, "--ticks", "7"], code).stdout;
    assert_ne!(go("5"), go("6"));
}

#[test]
fn input_reaches_a_thread() {
    let mut child = command(&[], "import threading\nt = threading.Thread(target=lambda: print('got', input()))\nt.start(); t.join()")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    child.stdin.take().expect("piped").write_all(b"hello\n").expect("writes");
    let out = child.wait_with_output().expect("ends");
    assert_eq!(text(&out.stdout), "got hello\n");
}

#[test]
fn filters_of_warnings_come_from_the_command_line_and_the_environment() {
    const CODE: &str = "import sys, warnings\nwarnings.warn('old', DeprecationWarning)\nprint(sys.warnoptions)";
    let go = |args: &[&str], outside: &str| {
        let mut c = Command::new(env!("CARGO_BIN_EXE_gilbert"));
        let out = c.args(args).args(["-c", CODE]).env("PYTHONWARNINGS", outside).output().expect("gilbert runs");
        (out.status.code(), text(&out.stdout), text(&out.stderr))
    };
    let (code, out, err) = go(&["-W", "error"], "");
    assert!(code == Some(1) && out.is_empty() && err.contains("DeprecationWarning: old"), "{out} {err}");
    let (code, out, err) = go(&["-Wignore", "-u"], "error,default::DeprecationWarning");
    assert!(code == Some(0) && err.is_empty() && out == "['error', 'default::DeprecationWarning', 'ignore']\n", "{out} {err}");
    let (code, out, _) = go(&["--sim"], "error");
    assert!(code == Some(0) && out == "[]\n", "{out}");
}

/// Where the address space is limited, a thread too many is an exception, not the end of the process.
#[test]
#[cfg(target_os = "linux")]
fn threads_beyond_the_address_space_are_an_error() {
    let script = "import threading, time
started = []
try:
    for i in range(10000):
        t = threading.Thread(target=time.sleep, args=(60,), daemon=True)
        t.start()
        started.append(t)
except RuntimeError as e:
    print(e, 10 < len(started) < 10000)";
    let limited = format!("ulimit -v 400000; exec '{}' -c \"$0\"", env!("CARGO_BIN_EXE_gilbert"));
    let out = Command::new("sh").args(["-c", &limited, script]).output().expect("a shell");
    assert_eq!((out.status.code(), text(&out.stdout).as_str()), (Some(0), "can't start new thread True\n"), "{}", text(&out.stderr));
}
