//! The operating system as a world: a Python thread is an OS thread, the clock is the machine's, files are files.

#![allow(clippy::disallowed_methods)] // the world is what may

pub(super) mod disk;
mod net;
mod poll;
mod pool;
mod signals;
mod slot;
mod threads;

use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime};

use parking_lot::Mutex;
use rustix::time::{ClockId, clock_gettime};

use super::processes::{Child, Processes, Sentinel};
use super::*;
use crate::strategy::Rng;
pub(super) use poll::readable_now;
use signals::Signals;
use threads::Threads;
pub(super) use threads::{PANICKED, panic_report, panic_text};

/// Ends the process by a signal, as if nobody had caught it: a shell then knows that it was that signal.
pub fn end_by_signal(signum: i32) {
    let _ = signal_hook::low_level::emulate_default_handler(signum);
}

/// Settings of a native world.
#[derive(Clone, Debug, Default)]
pub struct NativeOptions {
    /// Whether threads that are parked at the end of the run are woken, to leave their bodies (those that wait for a GIL never do).
    /// Otherwise they stay parked for good, which is right when the process ends anyway.
    pub wake_at_end: bool,
    /// Seed for the draws of a fair hand-over; `None`: from the system.
    pub seed: Option<u64>,
}

/// The operating system, as one process of ours sees it.
pub struct NativeWorld {
    machine: Arc<Machine>,
    process: Arc<Process>,
}

/// What the processes share.
pub struct Machine {
    threads: Arc<Threads>,
    signals: Signals,
    zone: OnceLock<Option<tz::TimeZone>>,
    draws: Mutex<Rng>,
    shelf: Shelf,
}

impl std::ops::Deref for NativeWorld {
    type Target = Machine;
    fn deref(&self) -> &Machine {
        &self.machine
    }
}

impl NativeWorld {
    /// The world outside.
    pub fn new(options: NativeOptions) -> Arc<NativeWorld> {
        let seed = options.seed.unwrap_or_else(|| {
            let mut bytes = [0u8; 8];
            fill_random(&mut bytes);
            u64::from_ne_bytes(bytes)
        });
        let (processes, process) = Processes::new(std::process::id(), std::os::unix::process::parent_id());
        let threads = Threads::new(options.wake_at_end, Instant::now(), processes);
        let machine = Machine { signals: Signals::default(), threads, zone: OnceLock::new(), draws: Mutex::new(Rng::new(seed, 2)), shelf: Shelf::default() };
        Arc::new(NativeWorld { machine: Arc::new(machine), process })
    }
}

impl World for NativeWorld {
    fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    fn simulated(&self) -> bool {
        false
    }

    fn run_main(&self, body: Body) -> Outcome {
        self.threads.run_main(&self.process, body)
    }

    fn spawn(&self, name: &str, daemon: bool, body: Body) -> Result<Tid, SpawnError> {
        self.threads.spawn(&self.process, name, daemon, body)
    }

    fn park(&self, me: Tid, deadline: Option<Ns>, why: &Blocked) -> Wake {
        self.threads.park(me, deadline, why)
    }

    fn unpark(&self, tid: Tid) {
        self.threads.unpark(tid);
    }

    fn forget_unpark(&self, me: Tid) {
        self.threads.forget_unpark(me);
    }

    fn interrupt(&self, tid: Tid) {
        self.threads.interrupt(tid);
    }

    fn clear_interrupt(&self, me: Tid) {
        self.threads.clear_interrupt(me);
    }

    fn kill(&self, tid: Tid) {
        self.threads.kill(tid);
    }

    fn stop(&self) {
        self.threads.end(Outcome::Stopped);
    }

    fn retire(&self, _me: Tid) {
        loop {
            std::thread::park();
        }
    }

    fn stopped(&self) -> bool {
        self.threads.stopped() || self.process.is_dead()
    }

    fn process(&self) -> &Arc<Process> {
        &self.process
    }

    fn fork_process(&self, name: &str) -> Result<Arc<dyn World>, SpawnError> {
        if self.stopped() {
            return Err(SpawnError::Stopped);
        }
        let process = self.threads.processes.fork(&self.process, self.threads.reserve(), name, 0, lives_on_host);
        Ok(Arc::new(NativeWorld { machine: Arc::clone(&self.machine), process }))
    }

    fn start_main(&self, body: Body) -> Result<(), SpawnError> {
        self.threads.spawn_as(self.process.main, &self.process, "MainThread", false, body).map(drop)
    }

    fn abandon(&self) {
        self.threads.processes.forget(&self.process);
    }

    fn end_process(&self, status: i32) {
        self.threads.end_process(&self.process, status);
    }

    fn take_ended(&self, which: Option<u32>, wait: Option<Tid>) -> Child {
        self.threads.processes.take_ended(&self.process, which, wait)
    }

    fn wait_no_more(&self, me: Tid) {
        self.threads.processes.wait_no_more(&self.process, me);
    }

    fn sentinel(&self, pid: u32) -> OsResult<Handle> {
        let process = self.threads.processes.get(pid).ok_or(OsError::new(libc::ESRCH))?;
        Ok(Sentinel::handle(process))
    }

    fn kill_process(&self, pid: u32, signum: i32) -> OsResult<()> {
        if !(0..=64).contains(&signum) {
            return Err(OsError::new(libc::EINVAL));
        }
        let Some(process) = self.threads.processes.get(pid) else { return kill_on_host(pid, signum) };
        let is_first = process.main == Tid::MAIN;
        match signum {
            0 => {}
            _ if is_first && !process.is_dead() && process.arrive_at(signum).is_none() => return kill_on_host(pid, signum),
            libc::SIGKILL => self.threads.end_process(&process, -signum),
            _ => self.threads.deliver(&process, signum),
        }
        Ok(())
    }

    fn find_process(&self, pid: u32) -> Option<Arc<Process>> {
        self.threads.processes.get(pid)
    }

    fn group(&self) -> Vec<u32> {
        self.threads.processes.group(&self.process)
    }

    fn many_processes(&self) -> bool {
        self.threads.processes.many()
    }

    fn set_until(&self, at: Option<Ns>) {
        self.threads.set_until(at);
    }

    fn blocked_threads(&self) -> Vec<BlockedThread> {
        self.threads.blocked()
    }

    fn outside_sources(&self, change: i32) {
        if self.process.note_outside(change) {
            self.threads.outside_sources(change);
        }
    }

    fn native_id(&self, tid: Tid) -> u64 {
        self.threads.native_id(tid)
    }

    fn choose(&self, choices: &[Tid], _current: Option<Tid>, _why: ChoicePoint) -> usize {
        self.draws.lock().below(choices.len())
    }

    fn charge(&self, _me: Tid, _ticks: u32) {}

    fn charge_ns(&self, _me: Tid, _ns: Ns) {}

    fn charge_switch(&self, _me: Tid) {}

    fn slice(&self, _me: Tid, want: u32) -> u32 {
        want
    }

    fn preempt_after(&self, _me: Tid, interval: u32) -> u32 {
        interval
    }

    fn now(&self) -> Ns {
        self.threads.now()
    }

    fn wall(&self) -> Ns {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.map_or(0, |d| d.as_nanos() as Ns)
    }

    fn thread_cpu(&self, _me: Tid) -> Ns {
        clock(ClockId::ThreadCPUTime)
    }

    fn process_cpu(&self) -> Ns {
        match self.threads.processes.many() {
            true => self.threads.process_cpu(&self.process),
            false => clock(ClockId::ProcessCPUTime),
        }
    }

    fn local_time(&self, wall_seconds: i64) -> LocalTime {
        let zone = self.zone.get_or_init(host_zone);
        let found = zone.as_ref().and_then(|zone| zone.find_local_time_type(wall_seconds).ok());
        match found {
            Some(local) => LocalTime { offset: local.ut_offset(), dst: local.is_dst(), zone: local.time_zone_designation().to_owned() },
            None => LocalTime { offset: 0, dst: false, zone: "UTC".to_owned() },
        }
    }

    fn entropy(&self, buf: &mut [u8]) {
        fill_random(buf);
    }

    fn ppid(&self) -> u32 {
        if self.process.main == Tid::MAIN { std::os::unix::process::parent_id() } else { self.process.ppid() }
    }

    fn uid(&self) -> u32 {
        rustix::process::getuid().as_raw()
    }

    fn gid(&self) -> u32 {
        rustix::process::getgid().as_raw()
    }

    fn cpu_count(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn hostname(&self) -> String {
        rustix::system::uname().nodename().to_string_lossy().into_owned()
    }

    fn uname(&self) -> [String; 5] {
        let u = rustix::system::uname();
        [u.sysname(), u.nodename(), u.release(), u.version(), u.machine()].map(|s| s.to_string_lossy().into_owned())
    }

    fn load_average(&self) -> OsResult<[f64; 3]> {
        let text = std::fs::read_to_string("/proc/loadavg")?;
        let mut numbers = text.split(' ').map_while(|n| n.parse().ok());
        let mut next = || numbers.next().ok_or(OsError::new(libc::EIO));
        Ok([next()?, next()?, next()?])
    }

    fn environ(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        std::env::vars_os().map(|(name, value)| (name.into_vec(), value.into_vec())).collect()
    }

    fn watch_signal(&self, signum: i32, outside: bool, on_signal: OnSignal) -> OsResult<()> {
        signals::check(signum)?;
        let is_first = self.process.main == Tid::MAIN;
        // others get signals from our own processes only, but for what a terminal sends
        if is_first || matches!(signum, libc::SIGINT | libc::SIGQUIT) {
            self.signals.catch(signum, Arc::downgrade(&self.threads))?;
        }
        let change = self.process.watch(signum, outside, on_signal);
        self.threads.outside_sources(change);
        Ok(())
    }

    fn unwatch_signal(&self, signum: i32) {
        self.threads.outside_sources(self.process.unwatch(signum));
    }

    fn ignored_signals(&self) -> u64 {
        signals::ignored()
    }

    fn raise_signal(&self, signum: i32) -> OsResult<()> {
        if self.process.main == Tid::MAIN {
            return signal_hook::low_level::raise(signum).map_err(OsError::from);
        }
        self.kill_process(self.process.pid, signum)
    }

    fn poll(&self, me: Tid, files: &mut [PollEntry], deadline: Option<Ns>, why: &Blocked) -> Wake {
        self.threads.poll_files(me, files, deadline, why)
    }

    fn stdio(&self, n: u32) -> Handle {
        disk::stdio(&self.threads, n)
    }

    fn start_dir(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"))
    }

    fn open(&self, _me: Tid, path: &Path, flags: i32, mode: u32) -> OsResult<Handle> {
        disk::open(Some(&self.threads), path, flags, mode)
    }

    fn pipe(&self) -> OsResult<(Handle, Handle)> {
        disk::pipe(&self.threads)
    }

    fn socket(&self, kind: SocketKind) -> OsResult<Handle> {
        net::socket(&self.threads, kind)
    }

    fn socket_pair(&self, kind: SocketKind) -> OsResult<(Handle, Handle)> {
        net::pair(&self.threads, kind)
    }

    fn resolve(&self, name: &str) -> Vec<std::net::IpAddr> {
        net::resolve(name)
    }

    fn stat(&self, path: &Path, follow: bool) -> OsResult<FileStat> {
        disk::stat(path, follow)
    }

    fn listdir(&self, path: &Path) -> OsResult<Vec<DirEntry>> {
        disk::listdir(path)
    }

    fn mkdir(&self, path: &Path, mode: u32) -> OsResult<()> {
        disk::mkdir(path, mode)
    }

    fn rmdir(&self, path: &Path) -> OsResult<()> {
        disk::rmdir(path)
    }

    fn unlink(&self, path: &Path) -> OsResult<()> {
        disk::unlink(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> OsResult<()> {
        disk::rename(from, to)
    }

    fn link(&self, original: &Path, link: &Path) -> OsResult<()> {
        disk::link(original, link)
    }

    fn symlink(&self, target: &Path, link: &Path) -> OsResult<()> {
        disk::symlink(target, link)
    }

    fn readlink(&self, path: &Path) -> OsResult<PathBuf> {
        disk::readlink(path)
    }

    fn chmod(&self, path: &Path, mode: u32) -> OsResult<()> {
        disk::chmod(path, mode)
    }

    fn utime(&self, path: &Path, atime: i64, mtime: i64) -> OsResult<()> {
        disk::utime(path, atime, mtime)
    }

    fn truncate(&self, path: &Path, len: u64) -> OsResult<()> {
        disk::truncate(path, len)
    }

    fn access(&self, path: &Path, mode: u32) -> OsResult<()> {
        disk::access(path, mode)
    }
}

/// Processor time of the calling thread.
fn thread_clock() -> Ns {
    clock(ClockId::ThreadCPUTime)
}

/// Whether the host has a process of this number, so that ours get others.
fn lives_on_host(pid: u32) -> bool {
    let Some(pid) = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw) else { return true };
    !matches!(rustix::process::test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

/// `kill(2)`.
fn kill_on_host(pid: u32, signum: i32) -> OsResult<()> {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw).ok_or(OsError::new(libc::ESRCH))?;
    match rustix::process::Signal::from_named_raw(signum) {
        Some(signal) => Ok(rustix::process::kill_process(pid, signal)?),
        None if signum == 0 => Ok(rustix::process::test_kill_process(pid)?),
        None => Err(OsError::new(libc::EINVAL)),
    }
}

fn clock(id: ClockId) -> Ns {
    let at = clock_gettime(id);
    at.tv_sec as Ns * 1_000_000_000 + at.tv_nsec as Ns
}

/// `TZ` if set, else the system's zone; `None` means UTC.
fn host_zone() -> Option<tz::TimeZone> {
    match std::env::var("TZ") {
        Ok(text) if !text.is_empty() => tz::TimeZone::from_posix_tz(&text).ok(),
        _ => tz::TimeZone::local().ok(),
    }
}

fn fill_random(mut buf: &mut [u8]) {
    while !buf.is_empty() {
        match rustix::rand::getrandom(&mut *buf, rustix::rand::GetRandomFlags::empty()) {
            Ok(n) => buf = &mut buf[n..],
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return fill_from_hasher(buf),
        }
    }
}

/// Where the kernel has no generator: the standard library's per-process random keys.
fn fill_from_hasher(buf: &mut [u8]) {
    use std::hash::{BuildHasher, RandomState};
    for chunk in buf.chunks_mut(8) {
        let word = RandomState::new().hash_one(0u8).to_ne_bytes();
        chunk.copy_from_slice(&word[..chunk.len()]);
    }
}

/// Whether the process's standard input has something to read, or has ended, within `ms` milliseconds.
pub fn stdin_ready(ms: u64) -> bool {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdin = std::io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let wait = rustix::event::Timespec { tv_sec: 0, tv_nsec: (ms * 1_000_000) as _ };
    matches!(poll(&mut fds, Some(&wait)), Ok(n) if n > 0)
}
