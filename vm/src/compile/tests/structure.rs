//! Facts about single code objects.

use super::{code, inner};
use crate::code::{Const, flags};
use crate::compile::{Mode, Options, compile_source, unparse::unparse};
use crate::op::Op;

fn ops(src: &str, name: &str) -> Vec<Op> {
    let module = code(src);
    let code = if name.is_empty() { module } else { inner(&module, name) };
    code.instrs.iter().map(|i| i.op).collect()
}

#[test]
fn hot_sequences_stay_adjacent() {
    let ops = ops("def f(n):\n t = 0\n for i in range(n):\n  t = t + i\n while t < n:\n  t += 1\n return t\n", "f");
    let has = |wanted: &[Op]| ops.windows(wanted.len()).any(|w| w == wanted);
    assert!(has(&[Op::ForIter, Op::StoreFast]));
    assert!(has(&[Op::LoadFast, Op::LoadFast, Op::BinaryOp, Op::StoreFast]));
    assert!(has(&[Op::LoadFast, Op::LoadFast, Op::CompareOp, Op::PopJumpIfFalse]));
    assert!(has(&[Op::LoadFast, Op::ReturnValue]));
}

#[test]
fn swapping_needs_no_swap() {
    let ops = ops("def f(a, b):\n a, b = b, a\n return a\n", "f");
    assert!(!ops.contains(&Op::Swap));
    assert!(!ops.contains(&Op::BuildTuple));
}

#[test]
fn every_loop_goes_back_by_a_switch_point() {
    let src = "def f(a, b):\n while a:\n  if b: continue\n  a()\n for x in b:\n  if x: a()\n";
    let code = inner(&code(src), "f");
    for (at, instr) in code.instrs.iter().enumerate() {
        if instr.op.flags() & crate::op::JUMP != 0 && instr.b as usize <= at {
            assert_eq!(instr.op, Op::JumpBack);
        }
    }
}

#[test]
fn slots_are_parameters_cells_free_variables() {
    let src = "def f(a, *b, c, **d):\n  e = 1\n  def g(x):\n    return a, h, x\n  h = 2\n  return g\n";
    let module = code(src);
    let f = inner(&module, "f");
    let names: Vec<&str> = f.slot_names.iter().map(|n| &**n).collect();
    assert_eq!(names, ["a", "c", "b", "d", "e", "g", "h"]);
    assert_eq!(f.cellvars.iter().map(|n| &**n).collect::<Vec<_>>(), ["a", "h"]);
    assert_eq!((f.arg_count, f.kwonly_count), (1, 1));
    assert_eq!(f.flags & (flags::VARARGS | flags::VARKEYWORDS), 12);
    let g = inner(&module, "g");
    assert_eq!(g.freevars.iter().map(|n| &**n).collect::<Vec<_>>(), ["a", "h"]);
    assert_eq!(g.first_free_slot(), 1);
    assert_eq!(&*g.qualname, "f.<locals>.g");
}

#[test]
fn private_names_are_mangled() {
    let module = code("class _A:\n  def f(self, __x): return self.__y, __x, __z__\n");
    let f = inner(&module, "f");
    assert!(f.varnames.iter().any(|n| &**n == "_A__x"));
    assert!(f.names.iter().any(|n| &**n == "_A__y"));
    assert!(f.names.iter().any(|n| &**n == "__z__"));
}

#[test]
fn optimize_levels() {
    let src = "'doc'\nassert x\nif __debug__: y\ndef f():\n  'doc'\n";
    let at = |optimize| {
        let options = Options { optimize, ..Options::default() };
        let done = compile_source(src, "t", Mode::Exec, &options);
        done.expect("a right program").code
    };
    let has = |code: &crate::code::CodeProto, name: &str| code.names.iter().any(|n| &**n == name);
    let used = |code: &crate::code::CodeProto, op: Op| code.instrs.iter().any(|i| i.op == op);
    assert!(used(&at(0), Op::LoadAssertionError) && has(&at(0), "__doc__"));
    assert!(!used(&at(1), Op::LoadAssertionError) && has(&at(1), "__doc__"));
    assert!(!has(&at(2), "__doc__"));
    let doc = |o| inner(&at(o), "f").flags & flags::HAS_DOCSTRING != 0;
    assert!(doc(0) && doc(1) && !doc(2));
}

#[test]
fn docstrings_lose_their_indentation() {
    let f = inner(&code("def f():\n    '''A\n\n      b\n\tc\n    '''\n"), "f");
    assert_eq!(f.consts[0], Const::Str("A\n\nb\n  c\n".into()));
}

#[test]
fn eval_and_single() {
    let eval = compile_source("1 + x", "t", Mode::Eval, &Options::default());
    let eval = eval.expect("an expression").code;
    assert_eq!(eval.instrs.last().map(|i| i.op), Some(Op::ReturnValue));
    let single = compile_source("x\n", "t", Mode::Single, &Options::default());
    let single = single.expect("a line").code;
    assert!(single.instrs.iter().any(|i| i.op == Op::PrintExpr));
}

#[test]
fn limits_are_errors() {
    let names: Vec<String> = (0..70_000).map(|i| format!("  a{i} = 1\n")).collect();
    let src = format!("def f():\n{}", names.concat());
    let error = compile_source(&src, "t", Mode::Exec, &Options::default());
    assert!(error.expect_err("too many").msg.contains("too many local variables"));
}

#[test]
fn long_spines_need_no_stack() {
    let sum = vec!["a"; 20_000].join(" + ");
    code(&format!("x = {sum}\n"));
    let constants = vec!["'a'"; 5_000].join(" + ");
    code(&format!("x = {constants}\n"));
    let mut chain = "if a: pass\n".to_owned();
    for i in 0..5_000 {
        chain.push_str(&format!("elif a == {i}: x: int = 1\n"));
    }
    code(&chain);
}

#[test]
fn deep_nesting_is_compiled_or_refused() {
    for (open, close) in [("(", ")"), ("[", "]"), ("-", ""), ("f(", ")"), ("lambda: ", ""), ("a[", "]"), ("{1: ", "}"), ("[x for x in ", "]"), ("not ", "")] {
        for depth in [200, 900, 5_000] {
            let src = format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
            let done = crate::deep::on_big_stack(|| compile_source(&src, "t", Mode::Exec, &Options::default()));
            if let Ok(done) = done {
                assert_eq!(crate::compile::verify::verify(&done.code), Ok(()));
            }
        }
    }
}

#[test]
fn unparsed_annotations_are_cpythons() {
    for line in include_str!("unparse.txt").lines() {
        let (src, expected) = line.split_once(" => ").expect("two sides");
        let tree = gilbert_parser::parse_expression(src).expect("an expression");
        assert_eq!(unparse(&tree.body), expected);
    }
}

#[test]
fn damaged_code_is_refused() {
    use crate::compile::verify::verify;
    let src = "def f(a):\n  try:\n    return [x for x in a if x]\n  except E as e:\n    raise\n";
    let good = (*inner(&code(src), "f")).clone();
    assert_eq!(verify(&good), Ok(()));
    let refused = |damage: &dyn Fn(&mut crate::code::CodeProto)| {
        let mut bad = good.clone();
        damage(&mut bad);
        assert!(verify(&bad).is_err());
    };
    refused(&|c| c.stack_size = 1);
    refused(&|c| c.instrs.truncate(3));
    refused(&|c| c.positions.clear());
    refused(&|c| c.consts.clear());
    refused(&|c| c.names.clear());
    refused(&|c| c.exc_table[0].target = 1 << 20);
    refused(&|c| c.exc_table[0].depth = 3);
    refused(&|c| c.instrs[1] = crate::op::Instr::new(Op::Pop, 0));
    refused(&|c| c.instrs[1] = crate::op::Instr::new(Op::LoadFast, 99));
    refused(&|c| c.arg_count = 50);
    refused(&|c| {
        for i in &mut c.instrs {
            if i.op == Op::JumpBack {
                i.b = 1 << 30;
            }
        }
    });
}
