//! `gilbert trace`, `--timeline`, `tune`, `compare` and the limits, as a user meets them.

#![allow(clippy::disallowed_methods)] // a test of the command runs outside any isolate

use gilbert::lab::json::Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RACE: &str = "import threading
count = 0
lock = threading.Lock()
def work():
    global count
    for _ in range(200):
        t = count
        count = t + 1
def safe():
    global count
    for _ in range(30):
        with lock:
            count += 1
threads = [threading.Thread(target=work, name=f'worker-{i}') for i in range(3)] + [threading.Thread(target=safe, name='safe')]
for t in threads: t.start()
for t in threads: t.join()
print(count)
";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("gilbert-see-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
    fn script(&self, source: &str) -> String {
        let path = self.0.join("script.py");
        std::fs::write(&path, source).expect("a script");
        path.to_string_lossy().into_owned()
    }
    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).expect(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn gilbert(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gilbert")).args(args).env_remove("NO_COLOR").env("COLUMNS", "100").output().expect("gilbert runs")
}

fn texts(out: &Output) -> (String, String) {
    (String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned())
}

/// The trace events of a run.
fn events(folder: &Folder, script: &str, options: &[&str]) -> Vec<Json> {
    let out = folder.path("t.json");
    let mut words = vec!["trace"];
    words.extend(options);
    words.extend([script, "-o", &out]);
    let done = gilbert(&words);
    assert!(matches!(done.status.code(), Some(0 | 3 | 4)), "{:?}", texts(&done));
    let parsed = Json::parse(&folder.read("t.json")).expect("JSON");
    parsed["traceEvents"].as_list().expect("a list").to_vec()
}

fn named<'a>(events: &'a [Json], name: &str) -> Vec<&'a Json> {
    events.iter().filter(|e| e["name"].as_str().is_some_and(|n| n.starts_with(name))).collect()
}

/// Running spans of the whole run: (from, until, thread), sorted.
fn runs(events: &[Json]) -> Vec<(f64, f64, u64)> {
    let span = |e: &&Json| {
        let (from, long) = (e["ts"].as_f64().unwrap_or(0.0), e["dur"].as_f64().unwrap_or(0.0));
        (from, from + long, e["tid"].as_u64().unwrap_or(0))
    };
    let mut runs: Vec<_> = named(events, "running").iter().map(span).collect();
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    runs
}

#[test]
fn in_both_worlds_only_one_thread_has_the_gil_at_a_time() {
    let folder = Folder::new("one");
    let script = folder.script(RACE);
    for options in [&["--sim"][..], &["--sim", "--ticks", "7", "--seed", "5"], &[], &["--ticks", "10", "--handoff", "fair"]] {
        let events = events(&folder, &script, options);
        let runs = runs(&events);
        assert!(runs.len() > 8, "{options:?}: {}", runs.len());
        for pair in runs.windows(2) {
            // rounded to ns
            assert!(pair[0].1 <= pair[1].0 + 0.0015, "{options:?}: {pair:?}");
        }
        let names: Vec<_> = named(&events, "thread_name").iter().filter_map(|e| e["args"]["name"].as_str()).collect();
        assert!(["MainThread (T0)", "worker-2 (T3)", "safe (T4)"].iter().all(|n| names.contains(n)), "{names:?}");
    }
}

#[test]
fn without_a_gil_threads_run_at_the_same_time() {
    let folder = Folder::new("off");
    let events = events(&folder, &folder.script(RACE), &["--sim", "--gil", "off"]);
    let runs = runs(&events);
    assert!(runs.windows(2).any(|p| p[0].2 != p[1].2 && p[0].1 > p[1].0), "{runs:?}");
}

#[test]
fn tracing_changes_nothing_that_a_simulated_run_prints() {
    let folder = Folder::new("same");
    let source = format!("{RACE}\nimport time\nprint(time.time_ns())\n");
    let script = folder.script(&source);
    for seed in ["1", "2", "3"] {
        let plain = gilbert(&["run", "--sim", "--seed", seed, "--ticks", "10", &script]);
        let traced = gilbert(&["trace", "--sim", "--seed", seed, "--ticks", "10", &script, "-o", &folder.path("a.html")]);
        let page = folder.read("a.html");
        assert_eq!(plain.stdout, traced.stdout);
        gilbert(&["trace", "--sim", "--seed", seed, "--ticks", "10", &script, "-o", &folder.path("a.html")]);
        assert_eq!(page, folder.read("a.html"), "the same page each time");
    }
}

#[test]
fn ticks_add_up_to_what_was_run() {
    let folder = Folder::new("ticks");
    let script = folder.script("n = 0\nwhile n < 1000:\n    n += 1\n");
    let ticks = |options: &[&str]| -> u64 { named(&events(&folder, &script, options), "running").iter().filter_map(|e| e["args"]["ticks"].as_u64()).sum() };
    let simulated = ticks(&["--sim"]);
    assert!(simulated > 5000 && simulated < 20_000, "{simulated}");
    assert_eq!(ticks(&["--sim", "--ticks", "3"]), simulated);
    assert_eq!(ticks(&[]), simulated, "a lone native thread counts too");
}

#[test]
fn blocks_name_their_objects_threads_and_lines() {
    let folder = Folder::new("blocks");
    let source = "import threading, queue, time
gate = threading.Event()
jobs = queue.Queue()
lock = threading.Lock()
def wait():
    gate.wait()
    jobs.get()
    with lock:
        pass
t = threading.Thread(target=wait, name='waiter')
t.start()
time.sleep(0.01)
lock.acquire()
gate.set()
time.sleep(0.01)
jobs.put(1)
time.sleep(0.01)
lock.release()
t.join()
";
    for options in [&["--sim"][..], &[]] {
        let events = events(&folder, &folder.script(source), options);
        for (what, line) in [
            ("blocked: Event gate", 6),
            ("blocked: Condition jobs.not_empty", 7),
            ("blocked: lock lock", 8),
            ("blocked: the end of waiter", 19),
            ("sleeping", 12),
        ] {
            let found = named(&events, what);
            assert!(!found.is_empty(), "{what}");
            let at = found[0]["args"]["at"].as_str().unwrap_or_default();
            assert!(at.ends_with(&format!("script.py:{line}")), "{what}: {at}");
        }
        // the main thread held the lock, then the waiter
        let held: Vec<_> = named(&events, "held by")
            .iter()
            .filter(|e| e["args"]["at"].as_str().is_some_and(|at| at.contains("script.py:13") || at.contains("script.py:8")))
            .filter_map(|e| e["name"].as_str())
            .collect();
        assert_eq!(held, ["held by MainThread", "held by waiter"], "{options:?}");
    }
}

#[test]
fn a_deadlock_leaves_a_picture_of_who_is_blocked() {
    let folder = Folder::new("deadlock");
    let script = folder.script("import threading\nm = threading.Lock()\nm.acquire()\nm.acquire()\n");
    let out = gilbert(&["trace", "--sim", &script, "-o", &folder.path("d.svg"), "--timeline"]);
    let (_, stderr) = texts(&out);
    assert_eq!(out.status.code(), Some(3));
    assert!(stderr.contains("deadlock") && stderr.contains("lock m"), "{stderr}");
    assert!(folder.read("d.svg").ends_with("</svg>\n"));
}

#[test]
fn what_the_log_has_no_room_for_is_said() {
    let folder = Folder::new("room");
    let out = gilbert(&["trace", "--sim", "--ticks", "1", "--max-events", "2000", &folder.script(RACE), "-o", &folder.path("r.json"), "--timeline"]);
    let (_, stderr) = texts(&out);
    assert!(stderr.contains("events were dropped, the log was full (see --max-events)"), "{stderr}");
    assert!(Path::new(&folder.path("r.json")).metadata().expect("a file").len() < 1_000_000);
}

#[test]
fn the_terminal_gets_lanes_without_colours_in_a_pipe() {
    let folder = Folder::new("terminal");
    let (stdout, stderr) = texts(&gilbert(&["run", "--sim", "--timeline", &folder.script(RACE)]));
    assert!(!stdout.contains("worker"), "only the script's own output: {stdout}");
    assert!(!stderr.contains('\x1b') && stderr.contains("worker-1") && stderr.contains('░') && stderr.contains("lock lock"), "{stderr}");
    assert!(stderr.lines().filter(|l| l.starts_with("worker")).all(|l| l.chars().count() <= 100), "{stderr}");
}

#[test]
fn wrong_uses_of_trace_are_told_before_the_run() {
    let folder = Folder::new("wrong");
    let script = folder.script("print('ran')");
    for words in [&["trace", &script, "-o", "x.png"][..], &["trace", &script], &["trace", "-o", "x.svg"]] {
        let out = gilbert(words);
        let (stdout, stderr) = texts(&out);
        assert_eq!((out.status.code(), stdout.as_str()), (Some(2), ""), "{words:?} {stderr}");
    }
    let out = gilbert(&["trace", &script, "-o", "/nowhere/x.svg"]);
    assert!(texts(&out).1.contains("/nowhere/x.svg"));
}

#[test]
fn a_schedule_shows_the_interleaving_and_the_steps_that_conflict() {
    let folder = Folder::new("schedule");
    let script = folder.script("import threading\nn = 0\ndef add():\n    global n\n    t = n\n    n = t + 1\nts = [threading.Thread(target=add, name=f'add-{i}') for i in range(2)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n");
    let saved = folder.path("s.json");
    let random = gilbert(&["race", &script, "--strategy", "random", "-n", "300", "--expect", "n == 2", "--save", &saved]);
    assert_eq!(random.status.code(), Some(1), "{:?}", texts(&random));
    let out = gilbert(&["trace", &script, "--schedule", &saved, "-o", &folder.path("s.html")]);
    assert_eq!(out.status.code(), Some(2), "no ticks, no picture: {:?}", texts(&out));
    for strategy in ["tick-fair", "tick-fair --seed 1000"] {
        let mut race = vec!["race", &script, "--ticks", "3", "-n", "300", "--expect", "n == 2", "--save", &saved, "--strategy"];
        race.extend(strategy.split(' '));
        let raced = gilbert(&race);
        assert_eq!(raced.status.code(), Some(1), "{:?}", texts(&raced));
        let out = gilbert(&["trace", &script, "--schedule", &saved, "-o", &folder.path("s.html")]);
        assert_eq!(out.status.code(), Some(1), "as gilbert replay: {:?}", texts(&out));
        let page = folder.read("s.html");
        let data = page.split("id=\"data\">").nth(1).and_then(|t| t.split("</script>").next()).expect("data");
        let data = Json::parse(data.trim()).expect("JSON");
        let steps: Vec<(String, String)> = data["steps"]
            .as_list()
            .expect("steps")
            .iter()
            .map(|s| (s["thread"].as_str().unwrap_or_default().to_owned(), s["text"].as_str().unwrap_or_default().to_owned()))
            .collect();
        // a lost update: both read before either writes
        let at = |thread: &str, text: &str| {
            steps.iter().position(|s| s.0 == thread && s.1 == text).unwrap_or_else(|| panic!("{strategy}: {thread} {text}: {steps:?}"))
        };
        let first_write = at("add-0", "writes in `n = t + 1`").min(at("add-1", "writes in `n = t + 1`"));
        assert!(at("add-0", "reads in `t = n`") < first_write && at("add-1", "reads in `t = n`") < first_write, "{strategy}: {steps:?}");
        assert_eq!(data["lanes"].as_list().map(<[Json]>::len), Some(3));
    }
    let other = folder.script("print('another script')");
    assert_eq!(gilbert(&["trace", &other, "--schedule", &saved, "-o", &folder.path("s.html")]).status.code(), Some(2));
}

#[test]
fn tune_shows_what_the_interval_does() {
    let folder = Folder::new("tune");
    let script = folder.script(RACE);
    let csv = folder.path("t.csv");
    let out = gilbert(&["tune", "--sim", "--ticks", "10,10000", "--repeats", "2", "--runs", "20", "--expect", "count == 630", &script, "--json", "-o", &csv]);
    let (stdout, stderr) = texts(&out);
    let json = Json::parse(&stdout).unwrap_or_else(|e| panic!("{e}: {stdout} {stderr}"));
    let settings = json["settings"].as_list().expect("settings");
    let [few, many] = settings else { panic!("{stdout}") };
    assert_eq!((few["setting"].as_str(), many["setting"].as_str()), (Some("10 ticks"), Some("10000 ticks")));
    assert!(few["switches"]["tick"].as_u64() > Some(100) && many["switches"]["tick"].as_u64() == Some(0), "{stdout}");
    assert!(few["time_ns"].as_u64() > many["time_ns"].as_u64());
    assert!(few["failing"].as_f64() > Some(0.9) && many["failing"].as_f64() == Some(0.0), "{stdout}");
    assert!(json["advice"].to_string().contains("hides the race"), "{stdout}");
    assert_eq!(folder.read("t.csv").lines().count(), 3);
    let again = gilbert(&["tune", "--sim", "--ticks", "10,10000", "--repeats", "2", "--runs", "20", "--expect", "count == 630", &script, "--json"]);
    assert_eq!(again.stdout, out.stdout, "simulated: the same numbers each time");
}

#[test]
fn tune_measures_native_runs_too() {
    let folder = Folder::new("native");
    let out = gilbert(&["tune", "--ticks", "100,1000", "--repeats", "1", "--switch-interval", "0.002", &folder.script(RACE), "-o", &folder.path("t.html")]);
    let (stdout, stderr) = texts(&out);
    assert_eq!(out.status.code(), Some(0), "{stderr}");
    for name in ["100 ticks", "1000 ticks", "interval 2 ms"] {
        assert!(stdout.lines().any(|l| l.starts_with(name)), "{stdout}");
        assert!(folder.read("t.html").contains(name));
    }
}

#[test]
fn compare_puts_three_pythons_side_by_side() {
    let folder = Folder::new("compare");
    let out = gilbert(&["compare", "--repeats", "1", "--runs", "10", &folder.script(RACE), "--json"]);
    let json = Json::parse(&texts(&out).0).expect("JSON");
    let names: Vec<_> = json["settings"].as_list().expect("settings").iter().filter_map(|s| s["setting"].as_str()).collect();
    assert_eq!(names, ["Python 2 (100 ticks)", "Python 3 (interval 5 ms)", "no GIL"]);
    assert!(json["settings"][2]["speed"].as_f64() > Some(1.5), "three threads at once: {json}");
    assert_eq!(json["settings"][2]["wait_share"].as_f64(), Some(0.0));
}

#[test]
fn wrong_uses_of_tune_are_told() {
    let folder = Folder::new("wrong-tune");
    let script = folder.script("x = 1");
    for (words, what) in [
        (&["tune", "--gil", "off", &script][..], "--sim"),
        (&["tune", "--expect", "nothing", "--ticks", "5", "--repeats", "1", &script], "nothing"),
        (&["tune", "--expect", "1 +", &script], "--expect"),
        (&["tune", &script, "-o", "x.png"], "x.png"),
        (&["compare", "/no/such.py"], "/no/such.py"),
    ] {
        let out = gilbert(words);
        assert_eq!(out.status.code(), Some(2), "{words:?} {:?}", texts(&out));
        assert!(texts(&out).1.contains(what), "{words:?} {:?}", texts(&out));
    }
}

/// Runs with limits in both worlds: exit code, output, error output.
fn limited(name: &str, source: &str, limits: &[&str]) -> [(i32, String, String); 2] {
    let folder = Folder::new(name);
    let script = folder.script(source);
    [&["run"][..], &["run", "--sim"]].map(|first| {
        let words: Vec<&str> = first.iter().chain(limits).copied().chain([script.as_str()]).collect();
        let out = gilbert(&words);
        let (stdout, stderr) = texts(&out);
        (out.status.code().unwrap_or(-1), stdout, stderr)
    })
}

#[test]
fn too_many_ticks_end_the_run() {
    for source in ["while True:\n    pass\n", "import threading\ndef f():\n    while True: pass\nfor _ in range(3): threading.Thread(target=f).start()\n"] {
        for (code, _, stderr) in limited("ticks", source, &["--max-ticks", "50000"]) {
            assert_eq!((code, stderr.as_str()), (4, "gilbert: stopped: more than 50000 ticks (--max-ticks)\n"));
        }
    }
    for (code, stdout, _) in limited("few", "print('fine')", &["--max-ticks", "5000000"]) {
        assert_eq!((code, stdout.as_str()), (0, "fine\n"));
    }
}

#[test]
fn too_many_threads_are_a_runtime_error() {
    let source = "import threading\ngate = threading.Event()\nn = 0\ntry:\n    for _ in range(10):\n        threading.Thread(target=gate.wait).start()\n        n += 1\nexcept RuntimeError as e:\n    print(n, e)\ngate.set()\n\
        for t in threading.enumerate():\n    if t is not threading.main_thread(): t.join()\nt = threading.Thread(target=print, args=('room again',)); t.start(); t.join()\n";
    for (code, stdout, stderr) in limited("threads", source, &["--max-threads", "4"]) {
        assert_eq!((code, stdout.as_str()), (0, "3 can't start new thread: there are as many as --max-threads allows\nroom again\n"), "{stderr}");
    }
}

#[test]
fn too_many_processes_are_refused_and_room_comes_back() {
    let source = "import multiprocessing as m\ndef f(): pass\nif __name__ == '__main__':\n    gate = m.Event()\n    for _ in range(6):\n        p = m.Process(target=f); p.start(); p.join()\n    a = m.Process(target=gate.wait); a.start()\n    try:\n        b = m.Process(target=f); b.start(); c = m.Process(target=f); c.start()\n    except BlockingIOError as e:\n        print('refused', e.errno)\n    gate.set(); a.join()\n";
    for (code, stdout, stderr) in limited("processes", source, &["--max-threads", "2"]) {
        assert_eq!((code, stdout.as_str()), (0, "refused 11\n"), "{stderr}");
    }
}

#[test]
fn too_much_output_ends_the_run() {
    for source in [
        "while True:\n    print('0123456789')\n",
        "import os\nwhile True:\n    os.write(1, b'0123456789\\n')\n",
        "import sys\nwhile True:\n    try:\n        sys.stdout.write('0123456789\\n'); sys.stdout.flush()\n    except BaseException:\n        pass\n",
    ] {
        for (code, stdout, stderr) in limited("output", source, &["--max-output", "1000"]) {
            assert_eq!((code, stdout.len()), (4, 1000), "{stderr}");
            assert!(stderr.ends_with("gilbert: stopped: more than 1000 bytes of output (--max-output)\n"), "{stderr}");
        }
    }
}

#[test]
fn files_and_network_can_be_forbidden() {
    let source = "import os, socket, json\nfor f in [lambda: open('/etc/hostname'), lambda: open('/tmp/x', 'w'), lambda: os.listdir('/'), lambda: os.stat('/'), lambda: os.remove('/tmp/x'), lambda: os.rename('/tmp/x', '/tmp/y'), lambda: os.mkdir('/tmp/z')]:\n    try:\n        f(); print('allowed')\n    except PermissionError as e:\n        print(e.errno, e.strerror)\n\
        try:\n    socket.socket(); print('allowed')\nexcept PermissionError as e:\n    print(e)\n";
    for (code, stdout, stderr) in limited("doors", source, &["--no-files", "--no-network"]) {
        let lines: Vec<&str> = stdout.lines().collect();
        assert_eq!(code, 0, "{stderr}");
        assert_eq!(lines[..7], ["1 files are forbidden (--no-files)"; 7], "{stdout}");
        assert_eq!(lines[7], "[Errno 1] the network is forbidden (--no-network)");
    }
}

#[test]
fn memory_is_limited_as_before() {
    for (_, stdout, stderr) in limited("memory", "try:\n    x = [0] * 10**7\nexcept MemoryError:\n    print('no room')\n", &["--max-memory", "20000000"]) {
        assert_eq!(stdout, "no room\n", "{stderr}");
    }
}

#[test]
fn limits_hold_in_the_lab_too() {
    let folder = Folder::new("lab");
    let script = folder.script(
        "import threading\ndef f(): print('x' * 600)\nts = [threading.Thread(target=f) for _ in range(2)]\nfor t in ts: t.start()\nfor t in ts: t.join()\n",
    );
    let out = gilbert(&["race", &script, "-n", "5", "--max-output", "1000", "--json"]);
    let json = Json::parse(&texts(&out).0).expect("JSON");
    assert_eq!((json["failures"].as_u64(), out.status.code()), (Some(5), Some(1)), "{json}");
    assert!(json.to_string().contains("more than 1000 bytes of output"), "{json}");
}
