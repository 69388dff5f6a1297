//! Random programs: the compiler answers, it never panics, and what it makes is sound.

use crate::compile::{Mode, Options, compile_source, verify};
use proptest::prelude::*;

/// Compiles in all modes; a program may be wrong, but not break anything.
fn survives(src: &str) -> Result<(), TestCaseError> {
    for mode in [Mode::Exec, Mode::Eval, Mode::Single] {
        match compile_source(src, "random.py", mode, &Options::default()) {
            Ok(done) => prop_assert_eq!(verify::verify(&done.code), Ok(())),
            Err(error) => {
                prop_assert!(!error.msg.contains("internal error"), "{}\n{}", error.msg, src);
                prop_assert!(error.span.end as usize <= src.len());
            }
        }
    }
    Ok(())
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["a", "b", "c", "x", "1", "2.5", "'s'", "None", "True", "()", "__debug__", "self", "1j", "super()", "...", "__x"]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 4, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            (two.clone(), prop::sample::select(vec!["+", "*", "%", "**", "<<", "and", "or", "<", "is", "in", "not in"]))
                .prop_map(|((l, r), op)| format!("({l} {op} {r})")),
            inner.clone().prop_map(|e| format!("(not {e})")),
            inner.clone().prop_map(|e| format!("(-{e})")),
            two.clone().prop_map(|(l, r)| format!("({l} < {r} < a)")),
            two.clone().prop_map(|(l, r)| format!("({l} if {r} else x)")),
            two.clone().prop_map(|(l, r)| format!("[{l} for x in {r} if x]")),
            two.clone().prop_map(|(l, r)| format!("[(lambda: {l}) for x in {r}]")),
            two.clone().prop_map(|(l, r)| format!("{{{l}: {r} for a, b in c}}")),
            two.clone().prop_map(|(l, r)| format!("({l} for x in {r})")),
            inner.clone().prop_map(|e| format!("[{e} async for x in b]")),
            inner.clone().prop_map(|e| format!("[*{e}, 1, *a]")),
            inner.clone().prop_map(|e| format!("{{**{e}, 'k': 1}}")),
            two.clone().prop_map(|(l, r)| format!("f({l}, *{r}, k=1, **c)")),
            two.clone().prop_map(|(l, r)| format!("{l}.m({r}, k={l})")),
            inner.clone().prop_map(|e| format!("{e}.attr")),
            two.clone().prop_map(|(l, r)| format!("{l}[{r}:1]")),
            inner.clone().prop_map(|e| format!("(lambda x, *, y={e}: x)")),
            inner.clone().prop_map(|e| format!("(y := {e})")),
            inner.clone().prop_map(|e| format!("(yield {e})")),
            inner.clone().prop_map(|e| format!("(await {e})")),
            inner.clone().prop_map(|e| format!("f\"{{{e}!r:>{{x}}}}\"")),
            two.prop_map(|(l, r)| format!("('%s-%r' % ({l}, {r}))")),
        ]
    })
}

fn indented(body: &str) -> String {
    body.lines().map(|l| format!("    {l}\n")).collect()
}

fn statement() -> impl Strategy<Value = String> {
    let simple = prop_oneof![
        expression().prop_map(|e| format!("x = {e}\n")),
        expression().prop_map(|e| format!("a, *b = {e}\n")),
        expression().prop_map(|e| format!("self.x += {e}\n")),
        expression().prop_map(|e| format!("return {e}\n")),
        expression().prop_map(|e| format!("y: {e} = 1\n")),
        expression().prop_map(|e| format!("assert {e}, 'm'\n")),
        expression().prop_map(|e| format!("raise {e}\n")),
        expression().prop_map(|e| format!("{e}\n")),
        prop::sample::select(vec![
            "pass\n",
            "break\n",
            "continue\n",
            "global g\n",
            "nonlocal x\n",
            "del x\n",
            "import a.b as c\n",
            "from . import q\n",
            "return\n",
            "type T[U] = list[U]\n",
        ])
        .prop_map(str::to_owned),
    ];
    simple.prop_recursive(4, 24, 3, |inner| {
        let body = prop::collection::vec(inner, 1..4).prop_map(|v| indented(&v.concat()));
        let two = (body.clone(), body.clone());
        prop_oneof![
            (expression(), two.clone()).prop_map(|(e, (a, b))| format!("if {e}:\n{a}else:\n{b}")),
            (expression(), two.clone()).prop_map(|(e, (a, b))| format!("while {e}:\n{a}else:\n{b}")),
            (expression(), two.clone()).prop_map(|(e, (a, b))| format!("for x, y in {e}:\n{a}else:\n{b}")),
            (expression(), body.clone()).prop_map(|(e, a)| format!("async for z in {e}:\n{a}")),
            (two.clone(), two.clone()).prop_map(|((a, b), (c, d))| format!("try:\n{a}except E as e:\n{b}except F:\n{c}finally:\n{d}")),
            (two.clone(), body.clone()).prop_map(|((a, b), c)| format!("try:\n{a}except* E as e:\n{b}else:\n{c}")),
            (expression(), body.clone()).prop_map(|(e, a)| format!("with {e} as w, v:\n{a}")),
            (expression(), body.clone()).prop_map(|(e, a)| format!("async with {e} as w:\n{a}")),
            (expression(), body.clone()).prop_map(|(e, a)| format!("def f(x, y={e}, *, z: {e} = 1):\n{a}")),
            (expression(), body.clone()).prop_map(|(e, a)| format!("@{e}\nasync def f[T: {e}](x):\n{a}")),
            (expression(), body.clone()).prop_map(|(e, a)| format!("class C[T](B, k={e}):\n{a}")),
            (expression(), two).prop_map(|(e, (a, b))| format!(
                "match {e}:\n    case [p, *_, 1] | {{'k': p}} if a:\n{}    case C(q, k=1) as r:\n{}",
                indented(&a),
                indented(&b)
            )),
        ]
    })
}

/// Sources to cut and glue.
const SEEDS: &[&str] = &[
    include_str!("golden/match_.py"),
    include_str!("golden/try_except.py"),
    include_str!("golden/comprehensions.py"),
    include_str!("golden/async_.py"),
    include_str!("golden/generics.py"),
    include_str!("golden/annotations.py"),
    include_str!("golden/unwind.py"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn random_programs_compile_or_are_refused(
        body in prop::collection::vec(statement(), 1..5),
        wrap in 0..4u8,
    ) {
        let body = body.concat();
        let src = match wrap {
            0 => body,
            1 => format!("def f(x, self):\n{}", indented(&body)),
            2 => format!("async def f(x):\n{}", indented(&body)),
            _ => format!("class C:\n    def f(self, x):\n{}", indented(&indented(&body))),
        };
        survives(&src)?;
    }

    #[test]
    fn random_expressions_compile_or_are_refused(e in expression()) {
        survives(&e)?;
    }

    #[test]
    fn mutated_sources_compile_or_are_refused(
        seed in 0..SEEDS.len(),
        cuts in prop::collection::vec((0..1000usize, 0..20usize, "[a-z(){}:=*, \n]{0,6}"), 1..4),
    ) {
        let mut src = SEEDS[seed].to_owned();
        for (at, len, text) in cuts {
            let at = at % (src.len() + 1);
            let end = (at + len).min(src.len());
            src.replace_range(at..end, &text);
        }
        survives(&src)?;
    }
}
