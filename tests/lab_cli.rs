//! `gilbert race`, `replay`, `test` and `merge` as commands.

#![allow(clippy::disallowed_methods)] // the command runs outside any isolate

use gilbert::lab::json::Json;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for each test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("gilbert-lab-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("a file");
        path
    }
    fn gilbert(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gilbert"));
        command.args(args).current_dir(&self.0).stdin(Stdio::null()).env_remove("PYTHONPATH");
        said(command.output().expect("the command runs"))
    }
    fn json(&self, args: &[&str]) -> (i32, Json) {
        let (code, out, err) = self.gilbert(args);
        (code, Json::parse(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}")))
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

const RACE: &str = "import threading
n = 0
def work():
    global n
    t = n
    n = t + 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print('n is', n)
";

#[test]
fn a_race_counts_values_and_its_first_failure_replays() {
    let folder = Folder::new("race");
    folder.write("race.py", RACE);
    let (code, json) =
        folder.json(&["race", "race.py", "--strategy", "random", "--runs", "120", "--watch", "n", "--expect", "n == 2", "--json", "--save", "s.json"]);
    assert_eq!((code, json["runs"].as_u64()), (1, Some(120)));
    let count =
        |value: i64| json["outcomes"].as_list().and_then(|o| o.iter().find(|o| o["value"] == Json::from(value))).and_then(|o| o["count"].as_u64()).unwrap_or(0);
    assert_eq!(count(1) + count(2), 120, "{json}");
    assert_eq!(json["failures"].as_u64(), Some(count(1)));
    assert!(count(1) > 0 && json["rate"].as_f64().is_some_and(|r| r > 0.0));
    let seed = json["first_failure"]["seed"].to_string();
    let again = folder.json(&["race", "race.py", "--strategy", "random", "--runs", "1", "--seed", &seed, "--watch", "n", "--json"]).1;
    assert_eq!(again["outcomes"][0]["value"].as_u64(), Some(1));
    let text = json["schedule"].as_str().expect("a schedule");
    // the file says what was expected, the text does not
    for (schedule, fails) in [("s.json", 1), (text, 0)] {
        let (code, out, err) = folder.gilbert(&["replay", "race.py", schedule]);
        assert_eq!((code, out.as_str()), (fails, "n is 1\n"), "{err}");
    }
    assert_eq!(folder.gilbert(&["replay", "race.py", text, "--expect", "n == 2"]).0, 1);
    folder.write("race.py", &RACE.replace("t + 1", "1 + t"));
    let (code, out, err) = folder.gilbert(&["replay", "race.py", text]);
    assert!(code == 2 && out.is_empty() && err.contains("race.py is not what it was"), "{code} {out} {err}");
}

#[test]
fn a_changed_module_is_named() {
    let folder = Folder::new("module");
    folder.write("main.py", "import helper, threading\nthreading.Thread(target=helper.work).start()\nassert 0");
    folder.write("helper.py", "def work(): pass\n");
    let (code, json) = folder.json(&["race", "main.py", "-s", "random", "-n", "3", "--json"]);
    let text = json["schedule"].as_str().expect("a schedule").to_owned();
    assert_eq!((code, folder.gilbert(&["replay", "main.py", &text]).0), (1, 1));
    folder.write("helper.py", "def work(): return\n");
    let (code, _, err) = folder.gilbert(&["replay", "main.py", &text]);
    assert!(code == 2 && err.contains("helper.py is not what it was"), "{err}");
}

#[test]
fn tick_fair_is_what_run_sim_does() {
    let folder = Folder::new("fair");
    folder.write("race.py", RACE);
    let (_, json) = folder.json(&["race", "race.py", "-n", "5", "--ticks", "3", "--json"]);
    for outcome in json["outcomes"].as_list().expect("outcomes") {
        let seed = outcome["seed"].to_string();
        let (_, out, _) = folder.gilbert(&["run", "--sim", "--ticks", "3", "--seed", &seed, "race.py"]);
        assert_eq!(out.trim_end(), outcome["value"].as_str().expect("a text"));
    }
}

#[test]
fn shards_joined_are_the_whole() {
    let folder = Folder::new("shards");
    folder.write("race.py", RACE);
    let race = |more: &[&str]| folder.json(&[&["race", "race.py", "-s", "pct", "-n", "50", "--watch", "n", "--expect", "n == 2", "--json"], more].concat()).1;
    let whole = race(&[]);
    for i in ["1/3", "2/3", "3/3"] {
        race(&["--shard", i, "-o", &format!("{}.json", &i[..1])]);
    }
    let (code, joined) = folder.json(&["merge", "3.json", "1.json", "2.json", "--json"]);
    assert_eq!(code, i32::from(whole["failures"].as_u64() != Some(0)));
    for key in ["runs", "failures", "outcomes", "first_failure", "schedule", "ticks"] {
        assert_eq!(joined[key], whole[key], "{key}");
    }
    assert_eq!(folder.gilbert(&["merge", "1.json", "1.json"]).0, 2);
    folder.write("bad.json", "{}");
    assert_eq!(folder.gilbert(&["merge", "bad.json"]).0, 2);
}

#[test]
fn wrong_usage_is_2() {
    let folder = Folder::new("usage");
    folder.write("ok.py", "x = 1\n");
    for (args, says) in [
        (vec!["race", "ok.py", "--watch", "y"], "name 'y' is not defined"),
        (vec!["race", "ok.py", "--expect", "x =="], "--expect"),
        (vec!["race", "ok.py", "--strategy", "luck"], "no strategy is called luck"),
        (vec!["race", "ok.py", "--depth", "3"], "--depth is for pct"),
        (vec!["race", "ok.py", "--shard", "3/2"], "a shard is I/N"),
        (vec!["race", "none.py"], "none.py"),
        (vec!["replay", "ok.py", "g1.nonsense"], "this is no schedule"),
        (vec!["test", "ok.py"], "no tests found"),
        (vec!["test", "none"], "no such file"),
    ] {
        let (code, _, err) = folder.gilbert(&args);
        assert!(code == 2 && err.contains(says), "{args:?}: {code} {err}");
    }
}

#[test]
fn failures_of_every_kind_are_counted() {
    let folder = Folder::new("kinds");
    for (source, kind) in [
        ("import threading as t\nt.Thread(target=lambda: 1 / 0).start()", "exception"),
        ("import threading as t\nl = t.Lock(); l.acquire(); l.acquire()", "deadlock"),
        ("raise SystemExit(9)", "exit"),
        ("while True: pass", "livelock"),
        ("ok = 0", "expect"),
    ] {
        folder.write("a.py", source);
        let mut args = vec!["race", "a.py", "-n", "2", "--max-ticks", "50000", "--json"];
        if kind == "expect" {
            args.extend(["--expect", "ok"]);
        }
        let (code, json) = folder.json(&args);
        assert_eq!((code, json["failures"].as_u64(), json["outcomes"][0]["failure"].as_str()), (1, Some(2), Some(kind)), "{json}");
    }
}

const TESTS: &str = "import threading, unittest

class Counter:
    def __init__(self):
        self.n = 0
        self.lock = threading.Lock()
    def add(self):
        n = self.n
        self.n = n + 1
    def add_locked(self):
        with self.lock:
            self.add()

def both(f):
    threads = [threading.Thread(target=f) for _ in range(2)]
    for t in threads: t.start()
    for t in threads: t.join()

def test_torn():
    c = Counter()
    both(c.add)
    assert c.n == 2, c.n

def test_locked():
    c = Counter()
    both(c.add_locked)
    assert c.n == 2

class TestPlain:
    def setup_method(self):
        self.c = Counter()
    def test_locked(self):
        both(self.c.add_locked)
        assert self.c.n == 2

class Case(unittest.TestCase):
    def setUp(self):
        self.c = Counter()
    def test_unit_torn(self):
        both(self.c.add)
        self.assertEqual(self.c.n, 2)
    def test_unit_locked(self):
        both(self.c.add_locked)
        self.assertEqual(self.c.n, 2)
    @unittest.skip('not now')
    def test_skipped(self):
        1 / 0
";

#[test]
fn tests_run_under_many_schedules() {
    let folder = Folder::new("tests");
    folder.write("test_counter.py", TESTS);
    folder.write("helper.py", "def test_nothing(): assert 0\n");
    let (code, json) = folder.json(&["test", ".", "--schedules", "60", "--json", "--junit", "out.xml"]);
    let passed =
        |name: &str| json["tests"].as_list().and_then(|t| t.iter().find(|t| t["name"].as_str() == Some(name))).map(|t| t["passed"].as_bool() == Some(true));
    assert_eq!((code, json["passed"].as_u64(), json["failed"].as_u64()), (1, Some(4), Some(2)), "{json}");
    for (name, ok) in
        [("test_torn", false), ("test_locked", true), ("TestPlain.test_locked", true), ("Case.test_unit_torn", false), ("Case.test_unit_locked", true)]
    {
        assert_eq!(passed(name), Some(ok), "{name}");
    }
    let xml = std::fs::read_to_string(folder.0.join("out.xml")).expect("the XML");
    assert!(xml.contains("tests=\"6\" failures=\"2\"") && xml.contains("AssertionError"), "{xml}");
    let (code, out, _) = folder.gilbert(&["test", "test_counter.py", "-k", "not torn", "--schedules", "5"]);
    assert!(code == 0 && out.ends_with("4 passed, 0 failed, strategy random\n"), "{out}");
    let (code, out, _) = folder.gilbert(&["test", "test_counter.py", "-k", "test_torn", "--schedules", "60"]);
    assert_eq!(code, 1);
    let again = out.lines().find_map(|l| l.strip_prefix("again: gilbert ")).expect("how to run it again");
    let (code, out, _) = folder.gilbert(&again.split(' ').collect::<Vec<_>>());
    assert!(code == 1 && out.contains("FAIL  test_counter.py::test_torn  (1 of 1 schedules"), "{out}");
}

#[test]
fn a_module_that_cannot_be_loaded_is_a_failure() {
    let folder = Folder::new("broken");
    folder.write("test_broken.py", "import nothing_of_that_name\n");
    let (code, out, _) = folder.gilbert(&["test", "."]);
    assert!(code == 1 && out.contains("not collected") && out.contains("No module named 'nothing_of_that_name'"), "{out}");
}

#[test]
fn an_interrupted_race_tells_what_it_knows() {
    let folder = Folder::new("interrupt");
    folder.write("race.py", RACE);
    let mut command = Command::new(env!("CARGO_BIN_EXE_gilbert"));
    command.args(["race", "race.py", "-n", "100000000", "--json"]).current_dir(&folder.0).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the command runs");
    std::thread::sleep(std::time::Duration::from_secs(3));
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let (code, out, err) = said(child.wait_with_output().expect("its output"));
    let json: Json = Json::parse(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    assert_eq!((code, json["interrupted"].as_bool()), (4, Some(true)));
    assert!(json["runs"].as_u64().is_some_and(|n| n < 100_000_000));
    assert!(Path::new(&folder.0).exists() && err.is_empty(), "{err}");
}
