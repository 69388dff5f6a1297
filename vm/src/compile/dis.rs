//! The disassembler: code as text, in the manner of CPython's `dis`, with the ticks of every source line.

use super::unparse::constant;
use crate::code::{CodeProto, Const, ExcEntry};
use crate::op::{self, BinOp, CmpOp, Instr, Intrinsic, Op};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A listing of `code` and of all code inside it. `source` is the text that it was compiled from; its lines are shown when
/// it is not empty.
pub fn dis(code: &CodeProto, source: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let mut out = String::new();
    list(code, &lines, &mut out);
    out
}

/// How many instructions (ticks, when each runs once) every line of `code` has, the code inside it not counted.
pub fn ticks_by_line(code: &CodeProto) -> BTreeMap<u32, u32> {
    let mut ticks = BTreeMap::new();
    for pos in &code.positions {
        *ticks.entry(pos.line).or_insert(0) += 1;
    }
    ticks
}

/// The text of a constant in listings and messages.
pub(super) fn constant_text(value: &Const) -> String {
    match value {
        Const::Ellipsis => "Ellipsis".to_owned(),
        value => constant(value),
    }
}

fn list(code: &CodeProto, lines: &[&str], out: &mut String) {
    let _ = writeln!(
        out,
        "Disassembly of {} (line {}, {} instructions, {} slots, stack {}):",
        code.qualname,
        code.first_line,
        code.instrs.len(),
        code.slots(),
        code.stack_size,
    );
    let labels = labels(code);
    let ticks = ticks_by_line(code);
    let mut line = None;
    for (at, instr) in code.instrs.iter().enumerate() {
        let here = code.positions[at].line;
        if line != Some(here) {
            line = Some(here);
            head(here, ticks.get(&here).copied().unwrap_or(0), lines, out);
        }
        let label = match labels.get(&(at as u32)) {
            Some(n) => format!("L{n}:"),
            None => String::new(),
        };
        let text = operand(code, instr, &labels);
        let row = format!("    {label:>5} {at:>5} {:<24} {text}", instr.op.name());
        let _ = writeln!(out, "{}", row.trim_end());
    }
    if !code.exc_table.is_empty() {
        let _ = writeln!(out, "ExceptionTable:");
        for entry in &code.exc_table {
            let _ = writeln!(out, "  {}", entry_text(entry, &labels));
        }
    }
    inner(&code.consts, lines, out);
}

fn inner(consts: &[Const], lines: &[&str], out: &mut String) {
    for value in consts {
        if let Const::Code(code) = value {
            out.push('\n');
            list(code, lines, out);
        }
    }
}

/// The head of a line's instructions: number, text, ticks.
fn head(line: u32, ticks: u32, lines: &[&str], out: &mut String) {
    let text = match line.checked_sub(1).and_then(|i| lines.get(i as usize)) {
        Some(text) => text.trim(),
        None => "",
    };
    let unit = if ticks == 1 { "tick" } else { "ticks" };
    let number = match line {
        0 => "--".to_owned(),
        line => line.to_string(),
    };
    let row = format!("{number:>4}  {text:<60}  # {ticks} {unit}");
    let _ = writeln!(out, "{row}");
}

/// Numbers for all targets of jumps and handlers, in the order of the code.
fn labels(code: &CodeProto) -> BTreeMap<u32, usize> {
    let mut targets: BTreeMap<u32, usize> = BTreeMap::new();
    for instr in &code.instrs {
        if instr.op.flags() & op::JUMP != 0 {
            targets.insert(instr.b, 0);
        }
    }
    for entry in &code.exc_table {
        targets.extend([(entry.start, 0), (entry.end, 0), (entry.target, 0)]);
    }
    for (n, label) in targets.values_mut().enumerate() {
        *label = n + 1;
    }
    targets
}

fn entry_text(entry: &ExcEntry, labels: &BTreeMap<u32, usize>) -> String {
    let label = |at: u32| format!("L{}", labels.get(&at).copied().unwrap_or(0));
    let lasti = if entry.lasti { " lasti" } else { "" };
    format!("{} to {} -> {} [{}]{lasti}", label(entry.start), label(entry.end), label(entry.target), entry.depth,)
}

/// The operand with its meaning.
fn operand(code: &CodeProto, instr: &Instr, labels: &BTreeMap<u32, usize>) -> String {
    let flags = instr.op.flags();
    let b = instr.b;
    let named = |names: &[std::sync::Arc<str>]| match names.get(b as usize) {
        Some(name) => format!("{b} ({name})"),
        None => b.to_string(),
    };
    if flags & op::CONST != 0 {
        return match code.consts.get(b as usize) {
            Some(value) => format!("{b} ({})", constant_text(value)),
            None => b.to_string(),
        };
    }
    if flags & op::NAME != 0 {
        let text = named(&code.names);
        return if instr.op == Op::LoadSuperAttr { format!("{text}{}", super_text(instr.c)) } else { text };
    }
    if flags & op::LOCAL != 0 {
        return named(&code.slot_names);
    }
    if flags & op::JUMP != 0 {
        return format!("to L{}", labels.get(&b).copied().unwrap_or(0));
    }
    match instr.op {
        Op::BinaryOp => binary_text(instr.c),
        Op::CompareOp => CmpOp::ALL.get(instr.c as usize).map_or(String::new(), |c| format!("({})", c.text())),
        Op::IsOp => (if b == 1 { "(is not)" } else { "(is)" }).to_owned(),
        Op::ContainsOp => (if b == 1 { "(not in)" } else { "(in)" }).to_owned(),
        Op::Intrinsic => Intrinsic::ALL.get(instr.c as usize).map_or(String::new(), |i| format!("({})", i.text())),
        Op::FormatValue => format_text(instr),
        Op::SetFunctionAttribute => format!("{b} ({})", attribute_text(b)),
        Op::UnpackEx => format!("{b} ({} before, {} after)", b & 0xFFFF, b >> 16),
        op if has_count(op) => b.to_string(),
        _ => String::new(),
    }
}

fn has_count(op: Op) -> bool {
    matches!(
        op,
        Op::Copy
            | Op::Swap
            | Op::BuildSlice
            | Op::BuildTuple
            | Op::BuildList
            | Op::BuildSet
            | Op::BuildMap
            | Op::BuildString
            | Op::ListAppend
            | Op::SetAdd
            | Op::MapAdd
            | Op::ListExtend
            | Op::SetUpdate
            | Op::DictUpdate
            | Op::DictMerge
            | Op::UnpackSequence
            | Op::Call
            | Op::CallKw
            | Op::CallEx
            | Op::GetAwaitable
            | Op::RaiseVarargs
            | Op::Reraise
            | Op::MatchClass
    )
}

fn binary_text(c: u8) -> String {
    let name = BinOp::ALL.get(usize::from(c & !op::INPLACE)).map_or("?", |b| b.text());
    let equals = if c & op::INPLACE != 0 { "=" } else { "" };
    format!("({name}{equals})")
}

fn super_text(c: u8) -> &'static str {
    match c {
        1 => " method",
        2 => " explicit",
        3 => " method explicit",
        _ => "",
    }
}

fn format_text(instr: &Instr) -> String {
    let conversion = match instr.c {
        1 => "str",
        2 => "repr",
        3 => "ascii",
        _ => "",
    };
    let spec = if instr.b == 1 { "with format" } else { "" };
    let both = [conversion, spec];
    let parts: Vec<&str> = both.into_iter().filter(|p| !p.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) }
}

fn attribute_text(bit: u32) -> &'static str {
    match bit {
        1 => "defaults",
        2 => "kwdefaults",
        4 => "annotations",
        8 => "closure",
        16 => "annotate",
        32 => "type params",
        _ => "?",
    }
}
