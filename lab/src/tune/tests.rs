use super::*;

fn point(name: &str, policy: Policy, length: Ns, p99: Ns, failures: u64) -> Point {
    let setting = Setting { name: name.into(), policy, handoff: Handoff::Fair, restricted: false };
    let median = Measure { length, ticks: 1000, wakeups: [1, 2, p99, p99], wakeup_count: 9, fairness: 1.0, ..Measure::default() };
    Point { setting, median, repeats: 5, spread: (length, length), runs: 100, failures }
}

fn sweep(points: Vec<Point>) -> Sweep {
    Sweep { script: "x/race.py".into(), simulated: true, expect: Some("n == 2".into()), points, interrupted: false }
}

#[test]
fn medians_are_those_of_the_runs() {
    let of = |length, failed| Measure { length, failed, ..Measure::default() };
    let setting = point("a", Policy::Ticks(1), 1, 1, 0).setting;
    let p = Point::of(setting, &[of(30, true), of(10, false), of(20, false)]);
    assert_eq!((p.median.length, p.spread, p.runs, p.failures), (20, (10, 30), 3, 1));
}

#[test]
fn measures_survive_json() {
    let m = Measure { length: 5, switches: [1, 2, 3, 4], wait_share: 0.25, fairness: 0.5, failed: true, ..Measure::default() };
    assert_eq!(Measure::from_json(&Json::parse(&m.to_json().to_string()).expect("JSON")), Some(m));
}

#[test]
fn advice_names_the_gain_and_the_price() {
    let s = sweep(vec![
        point("10 ticks", Policy::Ticks(10), 3000, 10, 60),
        point("100 ticks", Policy::Ticks(100), 1300, 50, 31),
        point("10000 ticks", Policy::Ticks(10_000), 1000, 450, 2),
    ]);
    let lines = advice(&s);
    assert_eq!(
        lines[0],
        "10000 ticks: 1.30 x the throughput of 100 ticks, wake-ups up to 400 ns later (450 ns instead of 50 ns for 99 % of them), `n == 2` false in 2 % instead of 31 % of the runs."
    );
    assert!(lines[1].starts_with("`n == 2` false in 60 % of the runs with 10 ticks, in 2 % with 10000 ticks: no setting makes it right"), "{}", lines[1]);
}

#[test]
fn where_nothing_is_gained_nothing_is_recommended() {
    let s = sweep(vec![point("100 ticks", Policy::Ticks(100), 1000, 50, 0), point("1000 ticks", Policy::Ticks(1000), 990, 60, 0)]);
    assert_eq!(advice(&s), ["Stay with 100 ticks: the settings differ by less than 5 %, or by less than runs of one setting do."]);
}

#[test]
fn what_runs_of_one_setting_differ_by_is_no_gain() {
    let mut s = sweep(vec![point("1 tick", Policy::Ticks(1), 500, 50, 0), point("100 ticks", Policy::Ticks(100), 1000, 50, 0)]);
    assert!(advice(&s)[0].starts_with("1 tick: 2.00 x"));
    s.points[1].spread = (450, 2000);
    assert!(advice(&s)[0].starts_with("Stay with 100 ticks"), "{:?}", advice(&s));
}

#[test]
fn no_gil_is_shown_and_not_recommended() {
    let s = sweep(vec![point("100 ticks", Policy::Ticks(100), 1000, 50, 0), point("no GIL", Policy::Off(100), 100, 0, 90)]);
    assert!(advice(&s)[0].starts_with("Stay with 100 ticks"), "{:?}", advice(&s));
    assert!(advice(&s)[1].contains("the interval hides the race"), "{:?}", advice(&s));
}

#[test]
fn every_form_has_every_setting() {
    let s = sweep(vec![point("1 tick", Policy::Ticks(1), 1000, 50, 0), point("a<b", Policy::Ticks(1000), 990, 60, 0)]);
    assert_eq!(table(&s).lines().count(), 4);
    assert_eq!(csv(&s).lines().count(), 3);
    assert_eq!(to_json(&s)["settings"].as_list().map(<[Json]>::len), Some(2));
    for text in [svg(&s), html(&s)] {
        assert!(text.contains("a&lt;b") && text.contains("1 tick") && !text.contains("NaN"));
        assert!(!text.replace("http://www.w3.org/2000/svg", "").contains("http"));
    }
}
