//! `gilbert replay` by steps and on CPython, `--detect`, `--check-determinism` and `gil.explore`, as commands.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert::lab::json::Json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("gilbert-replay-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).expect("a file");
    }
    fn run(&self, program: &Path, args: &[&str], input: &str) -> (i32, String, String) {
        let mut command = Command::new(program);
        command.args(args).current_dir(&self.0).env_remove("PYTHONPATH").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command runs");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("room in the pipe");
        said(child.wait_with_output().expect("the command ends"))
    }
    fn gilbert(&self, args: &[&str]) -> (i32, String, String) {
        self.run(Path::new(env!("CARGO_BIN_EXE_gilbert")), args, "")
    }
    /// A schedule of a failing run, in `s.json`.
    fn race(&self, source: &str, more: &[&str]) {
        self.write("race.py", source);
        let args: Vec<&str> = ["race", "race.py", "-s", "random", "-n", "400", "--save", "s.json"].iter().chain(more).copied().collect();
        let (code, out, err) = self.gilbert(&args);
        assert_eq!(code, 1, "{out}{err}");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn said(output: Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// CPython, 3.8 or later, if this machine has one.
fn cpython() -> Option<PathBuf> {
    let check = "import sys; sys.exit(not (sys.implementation.name == 'cpython' and sys.version_info >= (3, 8)))";
    let good = |p: &PathBuf| Command::new(p).args(["-c", check]).output().is_ok_and(|o| o.status.success());
    let found = std::env::var_os("GILBERT_TEST_PYTHON").map(PathBuf::from).into_iter().chain([PathBuf::from("python3")]).find(good);
    if found.is_none() {
        eprintln!("skipped: no CPython 3.8 or later as `python3`");
    }
    found
}

const LOST: &str = "import threading
class Counter:
    def __init__(self):
        self.value = 0
counter = Counter()
def add():
    counter.value += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
assert counter.value == 2, counter.value
";

#[test]
fn steps_go_forward_and_back_and_show_values() {
    let folder = Folder::new("step");
    folder.race(LOST, &[]);
    let commands = "s 2\nr 7\nv\nw\np counter.value + 1\nx\nb\nt\nr 11\np counter.value\ng 1\nnonsense\ne\nb\nq\n";
    let (code, out, err) = folder.run(Path::new(env!("CARGO_BIN_EXE_gilbert")), &["replay", "race.py", "s.json", "--step"], commands);
    assert_eq!(code, 0, "{out}{err}");
    let answers: Vec<&str> = out.split("\n> ").collect();
    let answer = |command: &str| answers.iter().find(|a| a.starts_with(&format!("{command}\n"))).unwrap_or_else(|| panic!("{command}: {out}"));
    assert!(answers[0].contains("steps of 3 threads") && answers[0].contains("1/"), "{out}");
    assert!(answer("r 7").contains("race.py:7 in add    counter.value += 1"), "{out}");
    assert!(answer("w").contains("race.py:7 in add"), "{out}");
    assert!(answer("p counter.value + 1").contains("\n  1\n"), "{out}");
    assert!(answer("t").contains("* T"), "{out}");
    // the lost update: two threads have added, and the value is 1
    assert!(answer("p counter.value").contains("\n  1\n"), "{out}");
    assert!(answer("g 1").contains("1/") && answer("nonsense").contains("no command"), "{out}");
    assert!(answer("e").contains("the end") && answer("e").contains("AssertionError: 1"), "{out}");
    // one step back from the end is the last line
    assert!(answers[answers.len() - 2].contains("race.py:11    assert counter.value == 2"), "{out}");
    // another script is refused
    folder.write("race.py", &LOST.replace("+= 1", "+= 2"));
    let (code, _, err) = folder.gilbert(&["replay", "race.py", "s.json", "--step"]);
    assert!(code == 2 && err.contains("race.py is not what it was"), "{err}");
}

#[test]
fn an_exported_schedule_fails_ten_times_of_ten_on_cpython() {
    let Some(python) = cpython() else { return };
    let deadlock = "import threading
a = threading.Lock(); b = threading.Lock()
def one():
    with a:
        with b: pass
def two():
    with b:
        with a: pass
ts = [threading.Thread(target=f) for f in (one, two)]
for t in ts: t.start()
for t in ts: t.join()
";
    let expects = "import threading, queue
n = 0
q = queue.Queue()
def put():
    global n
    seen = n
    q.put(1)
    n = seen + 1
def get():
    global n
    q.get()
    n += 1
ts = [threading.Thread(target=f) for f in (put, get)]
for t in ts: t.start()
for t in ts: t.join()
";
    let condition = "import threading
c = threading.Condition()
ready = False
def wait():
    with c:
        if not ready: c.wait()
def tell():
    global ready
    ready = True
    with c: c.notify()
    assert False
ts = [threading.Thread(target=f) for f in (wait, tell)]
for t in ts: t.start()
for t in ts: t.join()
";
    for (name, source, more, code, runs) in [
        ("lost", LOST, &[][..], 1, 10),
        ("expects", expects, &["--expect", "n == 2"], 1, 10),
        ("condition", condition, &[], 1, 3),
        ("deadlock", deadlock, &[], 3, 3),
    ] {
        let folder = Folder::new(&format!("export-{name}"));
        folder.race(source, more);
        let (exit, out, err) = folder.gilbert(&["replay", "race.py", "s.json", "--export-cpython", "forced.py"]);
        assert!(exit == 0 && out.contains("steps of 3 threads"), "{name}: {out}{err}");
        assert_eq!(name == "lost", out.contains("does not switch threads at race.py:7 by itself"), "{name}: {out}");
        for _ in 0..runs {
            let (exit, out, err) = folder.run(&python, &["forced.py"], "");
            assert_eq!(exit, code, "{name}: {out}{err}");
        }
    }
}

#[test]
fn what_cannot_be_forced_is_said() {
    let folder = Folder::new("refused");
    folder.race("import multiprocessing, threading\ndef f(): pass\np = multiprocessing.Process(target=f)\np.start(); p.join()\nassert False\n", &[]);
    let (code, _, err) = folder.gilbert(&["replay", "race.py", "s.json", "--export-cpython", "forced.py"]);
    assert!(code == 2 && err.contains("cannot be forced on CPython: the run starts processes"), "{err}");
    assert!(!folder.0.join("forced.py").exists());
}

#[test]
fn runs_and_races_and_replays_are_watched() {
    let folder = Folder::new("detect");
    folder.race(LOST, &[]);
    for args in [
        &["run", "--detect", "races", "race.py"][..],
        &["run", "--sim", "--detect", "all", "race.py"],
        &["replay", "race.py", "s.json", "--detect", "races,locks"],
    ] {
        let (code, out, err) = folder.gilbert(args);
        assert!(code == 1 && err.contains("race hidden by the GIL on attribute `value` of `Counter`"), "{args:?}: {code} {out}{err}");
        assert!(err.contains("race.py:7 in add    counter.value += 1") && err.contains("(add))"), "{err}");
    }
    let (_, out, _) = folder.gilbert(&["race", "race.py", "-n", "20", "--detect", "all", "--json"]);
    let json = Json::parse(&out).expect("one object");
    assert_eq!(json["detected"]["runs"].as_u64(), Some(20));
    assert_eq!(json["detected"]["races"][0]["kind"].as_str(), Some("hidden by the GIL"));
    assert_eq!(json["detected"]["races"][0]["sides"][0]["stack"][0]["line"].as_u64(), Some(7));
    let (code, _, err) = folder.gilbert(&["run", "--sim", "--detect", "all", "--json", "race.py"]);
    assert!(code == 1 && Json::parse(err.trim()).is_ok_and(|j| j["fails"].as_bool() == Some(true)), "{err}");
    let (code, _, err) = folder.gilbert(&["run", "--detect", "ghosts", "race.py"]);
    assert!(code == 2 && err.contains("there is no detector `ghosts`"), "{err}");
}

#[test]
fn the_examples_are_the_same_when_they_are_run_again() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folder = Folder::new("twice");
    let mut seen = 0;
    for chapter in ["gil", "threads", "queues", "coroutines", "network", "processes"] {
        for entry in std::fs::read_dir(examples.join(chapter)).expect("a chapter") {
            let path = entry.expect("an entry").path();
            // what does not end by itself, and what takes long to watch, is left out
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.ends_with(".py") || ["lost_update.py", "locked_update.py"].contains(&&*name) {
                continue;
            }
            let (code, out, err) = folder.gilbert(&["run", "--sim", "--check-determinism", &path.to_string_lossy()]);
            assert!(code == 0 && out.contains("the same") && out.contains("events in both runs"), "{name}: {code} {out}{err}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "only {seen}");
}

#[test]
fn gil_explore_proves_and_refutes_inside_a_script() {
    let folder = Folder::new("explore");
    folder.write(
        "counter.py",
        "import gil, threading
n = m = 0
lock = threading.Lock()
@gil.explore(threads=2, expect='n == 2')
def add():
    global n
    n += 1
@gil.explore(threads=2, expect='m == 2')
def add_locked():
    global m
    with lock:
        m += 1
add_locked()
print('locked: holds')
try:
    add()
except AssertionError as e:
    print('fails:', str(e).splitlines()[0])
    print('n += 1' in str(e))
print(n, m)
",
    );
    let (code, out, err) = folder.gilbert(&["counter.py"]);
    assert_eq!(code, 0, "{out}{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "locked: holds", "{out}{err}");
    assert!(lines[1].starts_with("fails: add in 2 threads fails: Violated: n == 2 is false"), "{out}");
    // nothing of what the explored runs did has happened here
    assert_eq!(&lines[2..], ["True", "0 0"], "{out}");
    let (code, _, err) = folder.gilbert(&["-c", "import gil\n@gil.explore\ndef f(): pass\nf()"]);
    assert!(code == 1 && err.contains("RuntimeError: gil.explore works where"), "{err}");
}
