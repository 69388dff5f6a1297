//! `time`: the world's clocks, waiting, and calendar time (`Modules/timemodule.c`). In the simulated world time is virtual, starts at
//! 2024-01-01T00:00:00Z and the zone is UTC.

mod calendar;
mod format;

use crate::struct_seq::{self, Fields};
use calendar::Civil;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::num::Int;
use gilbert_vm::types::T;
use gilbert_vm::types::arith::IntRef;
use gilbert_vm::types::native::{GetSet, NativeDef, function, getter, method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("time()", |vm, _| seconds(vm, Clock::Wall)).doc("Return the current time in seconds since the Epoch."),
    function("time_ns()", |vm, _| nanoseconds(vm, Clock::Wall)).doc("Return the current time in nanoseconds since the Epoch."),
    function("monotonic()", |vm, _| seconds(vm, Clock::Monotonic)).doc("Monotonic clock, cannot go backward."),
    function("monotonic_ns()", |vm, _| nanoseconds(vm, Clock::Monotonic)).doc("Monotonic clock, cannot go backward, as nanoseconds."),
    function("perf_counter()", |vm, _| seconds(vm, Clock::Monotonic)).doc("Performance counter for benchmarking."),
    function("perf_counter_ns()", |vm, _| nanoseconds(vm, Clock::Monotonic)).doc("Performance counter for benchmarking as nanoseconds."),
    function("process_time()", |vm, _| seconds(vm, Clock::Process)).doc("Process time for profiling: sum of the kernel and user-space CPU time."),
    function("process_time_ns()", |vm, _| nanoseconds(vm, Clock::Process)).doc("Process time for profiling as nanoseconds."),
    function("thread_time()", |vm, _| seconds(vm, Clock::Thread)).doc("Thread time for profiling: sum of the kernel and user-space CPU time."),
    function("thread_time_ns()", |vm, _| nanoseconds(vm, Clock::Thread)).doc("Thread time for profiling as nanoseconds."),
    function("clock_gettime(clk_id, /)", |vm, args| {
        let clock = clock_by_id(vm, &args[0])?;
        seconds(vm, clock)
    })
    .doc("Return the time of the specified clock clk_id as a float."),
    function("clock_gettime_ns(clk_id, /)", |vm, args| {
        let clock = clock_by_id(vm, &args[0])?;
        nanoseconds(vm, clock)
    })
    .doc("Return the time of the specified clock clk_id as nanoseconds (int)."),
    function("clock_getres(clk_id, /)", |_, _| Ok(Value::float(1e-9))).doc("Return the resolution (precision) of the specified clock clk_id."),
    function("get_clock_info(name, /)", get_clock_info).doc("Get information of the specified clock."),
    function("sleep(seconds, /)", sleep)
        .doc("Delay execution for a given number of seconds.  The argument may be\na floating-point number for subsecond precision."),
    function("gmtime(seconds=None, /)", gmtime).doc("Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT)."),
    function("localtime(seconds=None, /)", localtime).doc("Convert seconds since the Epoch to a time tuple expressing local time."),
    function("mktime(tuple, /)", mktime).doc("Convert a time tuple in local time to seconds since the Epoch."),
    function("asctime(tuple=NULL, /)", asctime).doc("Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'."),
    function("ctime(seconds=None, /)", ctime).doc("Convert a time in seconds since the Epoch to a string in local time."),
    function("strftime(format, tuple=NULL, /)", strftime).doc("Convert a time tuple to a string according to a format specification."),
    function("strptime(string, format='%a %b %d %H:%M:%S %Y', /)", strptime).doc("Parse a string to a time tuple according to a format specification."),
    function("tzset()", |_, _| Ok(Value::NONE)).doc("Initialize, or reinitialize, the local timezone."),
];

static FIELDS: Fields =
    Fields { names: &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst", "tm_zone", "tm_gmtoff"], visible: 9 };

static STRUCT_TIME: TypeDef = TypeDef::new("time.struct_time", struct_seq::layout())
    .base(Some(T::Tuple))
    .flags(flags::SEQUENCE)
    .doc("The time value as returned by gmtime(), localtime(), and strptime(), and\naccepted by asctime(), mktime() and strftime().")
    .methods(&[
        static_method("__new__(cls, sequence, dict=NULL)", |vm, a| struct_seq::construct(vm, &a[0], &a[1], "time.struct_time", &FIELDS)),
        method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], "time.struct_time", &FIELDS)),
        method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
    ])
    .getset(GETSET);

static GETSET: &[GetSet] = &[
    getter("tm_year", struct_seq::item::<0>),
    getter("tm_mon", struct_seq::item::<1>),
    getter("tm_mday", struct_seq::item::<2>),
    getter("tm_hour", struct_seq::item::<3>),
    getter("tm_min", struct_seq::item::<4>),
    getter("tm_sec", struct_seq::item::<5>),
    getter("tm_wday", struct_seq::item::<6>),
    getter("tm_yday", struct_seq::item::<7>),
    getter("tm_isdst", struct_seq::item::<8>),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("time", "This module provides various functions to manipulate time values.", FUNCTIONS);
    let ty = vm.module_add_type(&m, &STRUCT_TIME);
    struct_seq::describe(vm, &ty, &FIELDS);
    for (name, id) in [
        ("CLOCK_REALTIME", 0),
        ("CLOCK_MONOTONIC", 1),
        ("CLOCK_PROCESS_CPUTIME_ID", 2),
        ("CLOCK_THREAD_CPUTIME_ID", 3),
        ("CLOCK_MONOTONIC_RAW", 4),
        ("CLOCK_BOOTTIME", 7),
    ] {
        vm.module_set(&m, name, Value::i32(id));
    }
    zones(vm, &m);
    Ok(m)
}

/// `timezone`, `altzone`, `daylight`, `tzname`: what January and July of this year say.
fn zones(vm: &mut Vm, m: &Value) {
    let now = (wall(vm) / 1_000_000_000) as i64;
    let year = calendar::civil(now).year;
    let world = vm.iso().world.clone();
    let (january, july) = (world.local_time(calendar::seconds_of(year, 1, 1)), world.local_time(calendar::seconds_of(year, 7, 1)));
    let (standard, summer) = if january.dst { (july, january) } else { (january, july) };
    vm.module_set(m, "timezone", Value::i32(-standard.offset));
    vm.module_set(m, "altzone", Value::i32(-summer.offset));
    vm.module_set(m, "daylight", Value::i32((standard.offset != summer.offset) as i32));
    let names = vec![vm.new_str(standard.zone), vm.new_str(summer.zone)];
    let names = vm.new_tuple(names);
    vm.module_set(m, "tzname", names);
}

#[derive(Clone, Copy)]
enum Clock {
    Wall,
    Monotonic,
    Process,
    Thread,
}

fn wall(vm: &mut Vm) -> u64 {
    vm.now();
    vm.touch_clock();
    vm.iso().world.wall()
}
fn read(vm: &mut Vm, clock: Clock) -> u64 {
    let now = vm.now();
    vm.touch_clock();
    let me = vm.tid();
    let world = &vm.iso().world;
    match clock {
        Clock::Wall => world.wall(),
        Clock::Monotonic => now,
        Clock::Process => world.process_cpu(),
        Clock::Thread => world.thread_cpu(me),
    }
}
fn seconds(vm: &mut Vm, clock: Clock) -> PyResult {
    let ns = read(vm, clock);
    let exact = ns % 1_000_000_000 == 0;
    Ok(Value::float(if exact { (ns / 1_000_000_000) as f64 } else { ns as f64 / 1e9 }))
}
fn nanoseconds(vm: &mut Vm, clock: Clock) -> PyResult {
    let ns = read(vm, clock);
    Ok(vm.new_uint(ns))
}
fn clock_by_id(vm: &mut Vm, v: &Value) -> PyResult<Clock> {
    match vm.to_i32(v)? {
        0 => Ok(Clock::Wall),
        1 | 4 | 7 => Ok(Clock::Monotonic),
        2 => Ok(Clock::Process),
        3 => Ok(Clock::Thread),
        _ => {
            let text = vm.new_str("Invalid argument");
            Err(vm.err_args(Exc::OSError, vec![Value::i32(22), text]))
        }
    }
}
fn get_clock_info(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = args[0].get::<Str>().map(|s| s.lossy().into_owned()).unwrap_or_default();
    let (implementation, monotonic, adjustable) = match name.as_str() {
        "time" => ("clock_gettime(CLOCK_REALTIME)", false, true),
        "monotonic" | "perf_counter" => ("clock_gettime(CLOCK_MONOTONIC)", true, false),
        "process_time" => ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", true, false),
        "thread_time" => ("clock_gettime(CLOCK_THREAD_CPUTIME_ID)", true, false),
        _ => return Err(vm.value_error("unknown clock")),
    };
    let ty = vm.import("types")?;
    let ty = vm.attr(&ty, "SimpleNamespace")?;
    let info = vm.call(&ty, &[])?;
    let implementation = vm.new_str(implementation);
    let values = [
        ("implementation", implementation),
        ("monotonic", Value::bool(monotonic)),
        ("adjustable", Value::bool(adjustable)),
        ("resolution", Value::float(1e-9)),
    ];
    for (key, value) in values {
        let key = vm.intern(key);
        vm.set_attr(&info, &key, value)?;
    }
    Ok(info)
}

/// A duration in seconds as ns, rounded up.
fn duration(vm: &mut Vm, v: &Value) -> PyResult<i64> {
    const TOO_LARGE: &str = "timestamp too large to convert to C PyTime_t";
    if IntRef::of(v).is_some() || (!v.is_float() && gilbert_vm::proto::compare::float_value(v).is_none()) {
        let i = vm.to_int(v)?;
        let ns = i.to_i64().and_then(|s| s.checked_mul(1_000_000_000));
        return ns.ok_or_else(|| vm.err(Exc::OverflowError, TOO_LARGE));
    }
    let s = vm.to_f64(v)?;
    if s.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    let ns = (s * 1e9).ceil();
    if ns.abs() >= 9.2e18 { Err(vm.err(Exc::OverflowError, "timestamp out of range for platform time_t")) } else { Ok(ns as i64) }
}
fn sleep(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ns = duration(vm, &args[0])?;
    let Ok(ns) = u64::try_from(ns) else { return Err(vm.value_error("sleep length must be non-negative")) };
    let deadline = vm.now().saturating_add(ns);
    vm.sleep_until(deadline)?;
    Ok(Value::NONE)
}

/// Seconds since 1970 as an int, rounded down; now for None.
fn when(vm: &mut Vm, v: &Value) -> PyResult<i64> {
    if v.is_none() {
        return Ok((wall(vm) / 1_000_000_000) as i64);
    }
    let i = match gilbert_vm::proto::compare::float_value(v) {
        Some(f) if f.is_nan() => return Err(vm.value_error("Invalid value NaN (not a number)")),
        Some(f) => Int::from_f64(f.floor()).ok(),
        None => Some(vm.to_int(v)?),
    };
    // years of 32 bits, as struct tm has
    match i.and_then(|i| i.to_i64()) {
        Some(s) if s.unsigned_abs() < 67_000_000_000_000_000 => Ok(s),
        _ => Err(vm.err(Exc::OverflowError, "timestamp out of range for platform time_t")),
    }
}
fn struct_time(vm: &mut Vm, c: &Civil, dst: i32, zone: &str, offset: i32) -> Value {
    let ty = vm.native_type(&STRUCT_TIME);
    let numbers = [c.year, c.month as i64, c.day as i64, c.hour as i64, c.minute as i64, c.second as i64, c.weekday as i64, c.yearday as i64, dst as i64];
    let mut values: Vec<Value> = numbers.iter().map(|n| vm.new_int(*n)).collect();
    values.push(vm.new_str(zone));
    values.push(Value::i32(offset));
    struct_seq::new(vm, &ty, &FIELDS, values)
}
fn gmtime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = when(vm, &args[0])?;
    Ok(struct_time(vm, &calendar::civil(s), 0, "GMT", 0))
}
fn localtime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = when(vm, &args[0])?;
    Ok(local(vm, s))
}
fn local(vm: &mut Vm, s: i64) -> Value {
    let l = vm.iso().world.local_time(s);
    struct_time(vm, &calendar::civil(s + l.offset as i64), l.dst as i32, &l.zone, l.offset)
}

/// A time tuple's numbers, as they are: (civil time with month and yearday from 1, isdst, zone, offset).
fn time_tuple(vm: &mut Vm, v: &Value, caller: &str) -> PyResult<(Civil, i64, String, i32)> {
    let Some(t) = v.get::<Tuple>() else { return Err(vm.type_error("Tuple or struct_time argument required")) };
    let items = t.items().to_vec();
    if items.len() != 9 {
        return Err(vm.type_error(format!("{caller}(): illegal time tuple argument")));
    }
    let mut n = [0i64; 9];
    for (slot, item) in n.iter_mut().zip(&items) {
        *slot = vm.to_i64(item)?;
    }
    let small = |n: i64| n.clamp(i32::MIN as i64, i32::MAX as i64) as i32;
    let civil = Civil {
        year: n[0],
        month: small(n[1]),
        day: small(n[2]),
        hour: small(n[3]),
        minute: small(n[4]),
        second: small(n[5]),
        weekday: small(n[6]),
        yearday: small(n[7]),
    };
    let zone = match vm.attr_opt(v, "tm_zone")? {
        Some(z) => vm.text(&z),
        None => String::new(),
    };
    let offset = match vm.attr_opt(v, "tm_gmtoff")? {
        Some(o) => o.as_small().unwrap_or(0) as i32,
        None => 0,
    };
    Ok((civil, n[8], zone, offset))
}
/// Refuses what `strftime` could not show; months, days and days of the year may be 0.
fn checked(vm: &mut Vm, mut c: Civil) -> PyResult<Civil> {
    let fix = |n: &mut i32| {
        if *n == 0 {
            *n = 1;
        }
    };
    fix(&mut c.month);
    fix(&mut c.day);
    fix(&mut c.yearday);
    let wrong = [
        (!(1..=12).contains(&c.month), "month out of range"),
        (!(1..=31).contains(&c.day), "day of month out of range"),
        (!(0..=23).contains(&c.hour), "hour out of range"),
        (!(0..=59).contains(&c.minute), "minute out of range"),
        (!(0..=61).contains(&c.second), "seconds out of range"),
        (c.weekday < -1, "day of week out of range"),
        (!(1..=366).contains(&c.yearday), "day of year out of range"),
    ];
    if let Some((_, text)) = wrong.iter().find(|(bad, _)| *bad) {
        return Err(vm.value_error(*text));
    }
    c.weekday = c.weekday.rem_euclid(7);
    Ok(c)
}
fn mktime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (c, dst, ..) = time_tuple(vm, &args[0], "mktime")?;
    let as_utc = calendar::seconds_from(&c);
    let world = vm.iso().world.clone();
    // the offset that holds at the result, found by trying the one that holds near it
    let mut s = as_utc - world.local_time(as_utc).offset as i64;
    s = as_utc - world.local_time(s).offset as i64;
    let found = world.local_time(s);
    if dst >= 0 && (dst > 0) != found.dst {
        let step = if dst > 0 { -3600 } else { 3600 };
        if world.local_time(s + step).offset == found.offset && dst > 0 {
            s += step;
        }
    }
    Ok(Value::float(s as f64))
}
fn given_or_now(vm: &mut Vm, v: &Value) -> PyResult {
    if v.is_null() { localtime(vm, &[Value::NONE]) } else { Ok(v.clone()) }
}
fn asctime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = given_or_now(vm, &args[0])?;
    let (c, ..) = time_tuple(vm, &t, "asctime")?;
    let c = checked(vm, c)?;
    Ok(vm.new_str(format::asctime(&c)))
}
fn ctime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let t = localtime(vm, args)?;
    asctime(vm, &[t])
}
fn strftime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(f) = args[0].get::<Str>().map(|s| s.lossy().into_owned()) else {
        let name = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("strftime() argument 1 must be str, not {name}")));
    };
    let t = given_or_now(vm, &args[1])?;
    let (c, dst, zone, offset) = time_tuple(vm, &t, "strftime")?;
    let c = checked(vm, c)?;
    let zone = if zone.is_empty() && dst >= 0 { vm.iso().world.local_time(calendar::seconds_from(&c)).zone } else { zone };
    Ok(vm.new_str(format::strftime(&f, &c, &zone, offset)))
}
fn strptime(vm: &mut Vm, args: &[Value]) -> PyResult {
    let m = vm.import("_strptime")?;
    let f = vm.attr(&m, "_strptime_time")?;
    vm.call(&f, args)
}
