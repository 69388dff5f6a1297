//! A small trace, and what the writers make of it.

use super::figures::jain;
use super::*;
use crate::json::Json;

fn span(from: Ns, state: State, ticks: u64, cause: u8) -> Span {
    Span { from, ticks, state, cause, file: 1, line: 3, object: NONE, kept: 0 }
}

/// Two threads that take turns: T1 runs 0-10 and 20-30, T2 10-20, blocked on a lock then.
fn two() -> Trace {
    let mut a = Lane { pid: 1, tid: 1, name: "a<b".into(), end: 30, ticks: 30, ended: true, ..Lane::default() };
    a.spans = vec![span(0, State::Run, 0, 0), span(10, State::Wait, 10, 4), span(20, State::Run, 10, 3)];
    a.marks = vec![Mark { at: 5, ticks: 5, kind: MarkKind::Take, arg: 0, file: 1, line: 2 }];
    let mut b = Lane { pid: 1, tid: 2, name: "b".into(), end: 30, ticks: 10, ..Lane::default() };
    b.spans = vec![span(2, State::Wait, 0, 4), span(10, State::Run, 0, 2), Span { object: 0, ..span(20, State::Block, 10, 4) }];
    let about = About { script: "x/race.py".into(), simulated: true, seed: 1, policy: Policy::Ticks(10), handoff: Handoff::Fair, tick_ns: 1 };
    Trace {
        about,
        outcome: String::new(),
        end: 30,
        files: vec![SourceFile { name: String::new(), text: None }, SourceFile { name: "x/race.py".into(), text: Some("a\n</script>\nc".into()) }],
        processes: vec![ProcessName { pid: 1, name: "MainProcess".into() }],
        lanes: vec![a, b],
        objects: vec![Object { pid: 1, label: "lock m".into(), held: true }],
        holds: vec![Hold { object: 0, lane: 0, from: 5, to: 30, file: 1, line: 2 }],
        dropped: Dropped::default(),
        steps: Vec::new(),
        touches: Vec::new(),
    }
}

fn written(write: fn(&Trace, &mut Vec<u8>) -> std::io::Result<()>, trace: &Trace) -> String {
    let mut out = Vec::new();
    write(trace, &mut out).expect("a vector");
    String::from_utf8(out).expect("text")
}

#[test]
fn figures_are_those_of_the_spans() {
    let f = two().figures();
    assert_eq!(f.lanes[0].time, [20, 10, 0, 0, 0]);
    assert_eq!(f.lanes[1].time, [10, 8, 10, 0, 0]);
    // a is left at a tick, b when it blocks
    assert_eq!((f.lanes[0].switches, f.lanes[1].switches), ([1, 0, 0, 0], [0, 0, 1, 0]));
    assert_eq!((f.lanes[0].longest_wait, f.lanes[0].longest_wait_at), (10, 10));
    assert!((f.wait_share() - 18.0 / 48.0).abs() < 1e-9);
    assert!((f.fairness - jain(&[20.0 / 30.0, 10.0 / 18.0])).abs() < 1e-9);
}

#[test]
fn trace_events_are_json_with_a_span_for_each_time() {
    let text = written(json, &two());
    let parsed = Json::parse(&text).expect("JSON");
    let events = parsed["traceEvents"].as_list().expect("a list");
    let of = |phase: &str| events.iter().filter(|e| e["ph"].as_str() == Some(phase)).collect::<Vec<_>>();
    assert_eq!((of("X").len(), of("i").len(), of("M").len()), (7, 1, 4));
    let run = of("X")[0];
    assert_eq!((run["name"].as_str(), run["ts"].as_f64(), run["dur"].as_f64()), (Some("running"), Some(0.0), Some(0.01)));
    assert_eq!(run["args"]["ticks"].as_u64(), Some(10));
    assert!(of("X").iter().any(|e| e["name"].as_str() == Some("blocked: lock m")));
}

#[test]
fn the_page_is_whole_and_no_text_of_the_script_ends_it() {
    let page = written(html, &two());
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert_eq!(page.matches("</script>").count(), 2, "the script's own text is escaped");
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing is loaded");
    assert!(!page.contains("{{"));
    let data = page.split("id=\"data\">").nth(1).and_then(|t| t.split("</script>").next()).expect("data");
    let data = Json::parse(data.trim()).expect("JSON");
    assert_eq!(data["lanes"][0]["spans"].to_string(), "[0,3]");
    assert_eq!(data["spans"]["from"].to_string(), "[\"u1\",\"AAoKAggK\"]");
}

#[test]
fn the_picture_is_well_formed() {
    let text = written(svg, &two());
    assert!(text.contains("a&lt;b") && text.trim_end().ends_with("</svg>"));
    assert_eq!(text.matches("<text").count(), text.matches("</text>").count());
}

#[test]
fn a_terminal_gets_lines_that_fit() {
    for width in [40, 80, 200] {
        let plain = text(&two(), Style { width, colours: false });
        assert!(plain.lines().take(4).skip(1).all(|l| l.chars().count() <= width), "{width}: {plain}");
        assert!(!plain.contains('\x1b'));
        assert!(text(&two(), Style { width, colours: true }).contains('\x1b'));
    }
    let wide = text(&two(), Style { width: 80, colours: false });
    let line = wide.lines().find(|l| l.starts_with("b ")).expect("a lane");
    // waits, runs, blocks
    assert!(line.contains('░') && line.contains('█') && line.contains('─'), "{wide}");
}

#[test]
fn steps_lie_where_their_ticks_do() {
    let mut trace = two();
    trace.add_step(Tid(1), 15, "x/race.py", 3, "reads n".into());
    assert_eq!((trace.steps[0].at, trace.steps[0].place.as_str()), (22, "race.py:3"));
}

#[test]
fn what_was_dropped_is_said() {
    let mut trace = two();
    assert_eq!(trace.dropped_note(), "");
    trace.dropped = Dropped { details: 3, others: 0, since: 1_250_000 };
    assert!(trace.dropped_note().contains("From 1.25 ms on 3 events of locks and output"), "{}", trace.dropped_note());
}
