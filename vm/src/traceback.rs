//! What an uncaught exception prints (`Python/pythonrun.c`, `Python/traceback.c`).

mod anchors;
mod source;
mod suggest;

use crate::error::{Exc, PyResult};
use crate::types::exc_group;
use crate::types::exception::{Exception, field};
use crate::types::frame_obj::{FrameObj, Traceback, line_of};
use crate::types::function::Code;
use crate::types::str::Str;
use crate::types::type_::module_of;
use crate::value::Value;
use crate::vm::Vm;

/// How many of equal entries are shown before they are counted.
const REPEATS: usize = 3;
/// The default of `sys.tracebacklimit`.
const LIMIT: usize = 1000;
/// Members of an exception group that are shown.
const GROUP_WIDTH: usize = 15;
/// Depth of nested groups that is shown.
const GROUP_DEPTH: usize = 10;

/// The whole report of an exception, as CPython prints it for one that nobody caught. Ends with a newline.
///
/// # Errors
/// Errors of the exception's own `__str__` and the like are part of the report; only what cannot go on (MemoryError,
/// a killed thread) is an error here.
pub fn format_exception(vm: &mut Vm, exc: &Value) -> PyResult<String> {
    let mut report = Report { out: String::new(), depth: 0, need_close: false, seen: Vec::new() };
    report.chain(vm, exc)?;
    Ok(report.out)
}

/// The last part of a report: the exception itself, without traceback and chain.
pub fn format_exception_only(vm: &mut Vm, exc: &Value) -> PyResult<String> {
    let mut report = Report { out: String::new(), depth: 0, need_close: false, seen: Vec::new() };
    report.message(vm, exc)?;
    Ok(report.out)
}

/// The entries of a traceback, as `traceback.print_tb` shows them.
pub fn format_traceback(vm: &mut Vm, tb: &Value) -> String {
    entries(vm, tb)
}

/// What `sys.__unraisablehook__` says of an exception: traceback, type and text; neither chain nor notes.
pub fn format_unraisable(vm: &mut Vm, exc: &Value) -> String {
    let tb = traceback_of(vm, exc);
    let mut out = String::new();
    if !tb.is_null() {
        out.push_str("Traceback (most recent call last):\n");
        out.push_str(&entries(vm, &tb));
    }
    let ty = type_text(vm, exc);
    let text = vm.str_text(exc).unwrap_or_else(|_| "<exception str() failed>".into());
    out.push_str(&if text.is_empty() { format!("{ty}\n") } else { format!("{ty}: {text}\n") });
    out
}

pub use anchors::marks;

struct Report {
    out: String,
    /// Depth of exception groups; 0 outside any.
    depth: usize,
    /// The box of a group's members is still to be closed.
    need_close: bool,
    /// Exceptions that have been shown.
    seen: Vec<Value>,
}

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

impl Report {
    fn indent(&self) -> String {
        "  ".repeat(self.depth)
    }
    /// Adds text, each line behind the group's margin.
    fn emit_with(&mut self, text: &str, margin: char) {
        if self.depth == 0 {
            self.out.push_str(text);
            return;
        }
        let indent = self.indent();
        for line in text.split_inclusive('\n') {
            self.out.push_str(&format!("{indent}{margin} {line}"));
        }
    }
    fn emit(&mut self, text: &str) {
        self.emit_with(text, '|');
    }

    /// An exception with what came before it.
    fn chain(&mut self, vm: &mut Vm, exc: &Value) -> PyResult<()> {
        let mut links: Vec<(Value, &str)> = Vec::new();
        let (mut at, mut why) = (exc.clone(), "");
        loop {
            self.seen.push(at.clone());
            let e = at.borrow::<Exception>(vm).expect("an exception");
            let (cause, context, suppress) = (e.cause.clone(), e.context.clone(), e.suppress_context);
            links.push((at, why));
            let (next, text) = if !cause.is_null() {
                (cause, CAUSE)
            } else if !context.is_null() && !suppress {
                (context, CONTEXT)
            } else {
                break;
            };
            if self.seen.iter().any(|s| s.is(&next)) {
                break;
            }
            if let Some(last) = links.last_mut() {
                last.1 = text;
            }
            (at, why) = (next, "");
        }
        for (e, why) in links.into_iter().rev() {
            self.emit(why);
            if exc_group_members(vm, &e).is_some() { self.group(vm, &e)? } else { self.single(vm, &e)? }
        }
        Ok(())
    }
    fn single(&mut self, vm: &mut Vm, exc: &Value) -> PyResult<()> {
        let tb = traceback_of(vm, exc);
        if !tb.is_null() {
            let text = entries(vm, &tb);
            self.emit("Traceback (most recent call last):\n");
            self.emit(&text);
        }
        self.message(vm, exc)
    }
    fn group(&mut self, vm: &mut Vm, exc: &Value) -> PyResult<()> {
        if self.depth > GROUP_DEPTH {
            self.emit(&format!("... (max_group_depth is {GROUP_DEPTH})\n"));
            return Ok(());
        }
        let top = self.depth == 0;
        self.depth += top as usize;
        let tb = traceback_of(vm, exc);
        if !tb.is_null() {
            let text = entries(vm, &tb);
            self.emit_with("Exception Group Traceback (most recent call last):\n", if top { '+' } else { '|' });
            self.emit(&text);
        }
        self.message(vm, exc)?;
        let members = exc_group_members(vm, exc).unwrap_or_default();
        let shown = if members.len() <= GROUP_WIDTH { members.len() } else { GROUP_WIDTH + 1 };
        self.need_close = false;
        for i in 0..shown {
            let last = i + 1 == shown;
            if last {
                self.need_close = true;
            }
            let cut = i >= GROUP_WIDTH;
            let title = if cut { "...".to_string() } else { (i + 1).to_string() };
            let indent = self.indent();
            let corner = if i == 0 { "+-" } else { "  " };
            self.out.push_str(&format!("{indent}{corner}+---------------- {title} ----------------\n"));
            self.depth += 1;
            if cut {
                let rest = members.len() - GROUP_WIDTH;
                self.emit(&format!("and {rest} more exception{}\n", if rest > 1 { "s" } else { "" }));
            } else {
                self.chain(vm, &members[i])?;
            }
            if last && self.need_close {
                let indent = self.indent();
                self.out.push_str(&format!("{indent}+------------------------------------\n"));
                self.need_close = false;
            }
            self.depth -= 1;
        }
        self.depth -= top as usize;
        Ok(())
    }

    /// The line (or lines) with type and text, and the notes.
    fn message(&mut self, vm: &mut Vm, exc: &Value) -> PyResult<()> {
        let ty = type_text(vm, exc);
        let syntax = exc.class(vm).is_subtype_of(vm.exc_type(Exc::SyntaxError)).then(|| syntax_block(vm, exc)).flatten();
        let text = match syntax {
            Some((block, msg)) => {
                self.emit(&block);
                msg
            }
            None => {
                let text = safe_str(vm, exc, "<exception str() failed>")?;
                let extra = suggest::suggestion(vm, exc);
                format!("{text}{extra}")
            }
        };
        self.emit(&if text.is_empty() { format!("{ty}\n") } else { format!("{ty}: {text}\n") });
        self.notes(vm, exc)
    }
    fn notes(&mut self, vm: &mut Vm, exc: &Value) -> PyResult<()> {
        let Ok(Some(notes)) = vm.attr_opt(exc, "__notes__") else { return Ok(()) };
        let sequence = notes.is_a::<crate::types::list::List>() || notes.is_a::<crate::types::tuple::Tuple>();
        if !sequence {
            let text = vm.repr_text(&notes).unwrap_or_else(|_| "<__notes__ repr() failed>".into());
            self.emit(&format!("{text}\n"));
            return Ok(());
        }
        for note in vm.collect(&notes)? {
            let text = safe_str(vm, &note, "<note str() failed>")?;
            for line in text.split('\n') {
                self.emit(&format!("{line}\n"));
            }
        }
        Ok(())
    }
}

/// The text of a str; lone surrogates are shown as standard error shows them (`backslashreplace`).
fn escaped(v: &Value) -> String {
    let Some(s) = v.get::<Str>() else { return String::new() };
    match s.as_str() {
        Some(t) => t.to_string(),
        None => crate::text::wtf8::code_points(s.bytes()).map(|c| char::from_u32(c).map_or_else(|| format!("\\u{c:04x}"), String::from)).collect(),
    }
}

/// `str(v)`, or a text that says that it failed.
fn safe_str(vm: &mut Vm, v: &Value, failed: &str) -> PyResult<String> {
    match vm.str(v) {
        Ok(t) => Ok(escaped(&t)),
        Err(e) if vm.is_exc(&e, Exc::Exception) => Ok(failed.to_string()),
        Err(e) => Err(e),
    }
}

fn exc_group_members(vm: &Vm, exc: &Value) -> Option<Vec<Value>> {
    exc.class(vm).is_subtype_of(vm.exc_type(Exc::BaseExceptionGroup)).then(|| exc_group::exceptions(vm, exc))
}

fn traceback_of(vm: &Vm, exc: &Value) -> Value {
    let tb = exc.borrow::<Exception>(vm).map(|e| e.traceback.clone()).unwrap_or_default();
    if tb.is_none() { Value::NULL } else { tb }
}

/// The type as the last line names it: with its module, unless that is builtins or `__main__`.
fn type_text(vm: &mut Vm, exc: &Value) -> String {
    let ty = exc.type_of(vm).clone();
    let qualname = ty.borrow::<crate::types::type_::TypeObj>(vm).map(|t| t.qualname.clone()).unwrap_or_default();
    let q = vm.text(&qualname);
    match module_of(vm, &ty) {
        Some(m) if m.is_a::<Str>() => {
            let m = vm.text(&m);
            if m == "builtins" || m == "__main__" { q } else { format!("{m}.{q}") }
        }
        _ => format!("<unknown>.{q}"),
    }
}

// --- entries --------------------------------------------------------------------------------------------------------------

/// One entry of a traceback.
struct Entry {
    code: Value,
    lasti: u32,
    line: u32,
}

fn entries(vm: &mut Vm, tb: &Value) -> String {
    let mut all: Vec<Entry> = Vec::new();
    let mut at = tb.clone();
    while let Some(t) = at.borrow::<Traceback>(vm) {
        let code = t.frame.borrow::<FrameObj>(vm).map(|f| f.code.clone()).unwrap_or_default();
        let line = if t.lineno != 0 { t.lineno } else { line_of(&code, t.lasti) };
        all.push(Entry { code, lasti: t.lasti, line });
        let next = t.next.clone();
        at = next;
    }
    let limit = limit(vm);
    let skip = all.len().saturating_sub(limit);
    let mut out = String::new();
    let (mut count, mut last): (usize, Option<(String, u32, String)>) = (0, None);
    for e in &all[skip..] {
        let Some(c) = e.code.get::<Code>() else { continue };
        let this = (c.proto.filename.to_string(), e.line, c.proto.name.to_string());
        if last.as_ref() != Some(&this) {
            repeated(&mut out, count);
            count = 0;
        }
        count += 1;
        if count <= REPEATS {
            entry(vm, e, &this, &mut out);
        }
        last = Some(this);
    }
    repeated(&mut out, count);
    out
}

fn limit(vm: &mut Vm) -> usize {
    let (sys, key) = (vm.iso().sys.clone(), vm.intern("tracebacklimit"));
    match vm.dict_get_str(&sys, &key).and_then(|l| l.as_small()) {
        Some(n) => n.max(0) as usize,
        None => LIMIT,
    }
}

fn repeated(out: &mut String, count: usize) {
    if count > REPEATS {
        let more = count - REPEATS;
        out.push_str(&format!("  [Previous line repeated {more} more time{}]\n", if more > 1 { "s" } else { "" }));
    }
}

fn entry(vm: &mut Vm, e: &Entry, (file, line, name): &(String, u32, String), out: &mut String) {
    out.push_str(&format!("  File \"{file}\", line {line}, in {name}\n"));
    let Some(source) = vm.source_line(file, *line) else { return };
    let shown = source.trim_start_matches([' ', '\t', '\x0c']);
    if shown.trim_end().is_empty() {
        return;
    }
    out.push_str(&format!("    {}\n", shown.trim_end_matches(['\r', '\n'])));
    let Some(p) = e.code.get::<Code>().and_then(|c| c.proto.positions.get(e.lasti as usize).copied()) else { return };
    // without a place, or where columns did not fit their field
    if p.line == 0 || p.line != *line || p.col == u16::MAX || (p.col == 0 && p.end_col == 0) {
        return;
    }
    let end = if p.end_line == p.line { Some(p.end_col as usize) } else { None };
    if let Some(m) = anchors::marks(&source, p.col as usize, end) {
        out.push_str(&m);
        out.push('\n');
    }
}

// --- SyntaxError -----------------------------------------------------------------------------------------------------------

/// File, source line and caret of a SyntaxError, and the text for its last line; `None` where it carries no such things.
fn syntax_block(vm: &mut Vm, exc: &Value) -> Option<(String, String)> {
    let at = |vm: &Vm, i| vm.exc_field(exc, i);
    let (msg, filename, lineno) = (at(vm, field::MSG), at(vm, field::SYNTAX_FILENAME), at(vm, field::LINENO));
    let (text, offset, end_offset) = (at(vm, field::TEXT), at(vm, field::OFFSET), at(vm, field::END_OFFSET));
    let line = lineno.as_small()?;
    let file = if filename.is_a::<Str>() { vm.text(&filename) } else { "<string>".into() };
    let mut out = format!("  File \"{file}\", line {line}\n");
    let source = if text.is_a::<Str>() { Some(vm.text(&text)) } else { vm.source_line(&file, line.clamp(0, u32::MAX as i64) as u32) };
    if let Some(source) = source {
        let end_line = at(vm, field::END_LINENO).as_small();
        syntax_lines(&source, offset.as_small(), end_offset.as_small(), end_line.is_some_and(|e| e > line), &mut out);
    }
    let msg = if msg.is_null() || msg.is_none() { "<no detail available>".to_string() } else { vm.str_text(&msg).unwrap_or_default() };
    Some((out, msg))
}

/// The source line of a SyntaxError and its carets. Offsets count characters from 1.
fn syntax_lines(source: &str, offset: Option<i64>, end_offset: Option<i64>, several_lines: bool, out: &mut String) {
    let line = source.split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let shown = line.trim_start_matches([' ', '\t', '\x0c']);
    let stripped = line.chars().count() - shown.chars().count();
    out.push_str(&format!("    {shown}\n"));
    let Some(offset) = offset else { return };
    let end = match end_offset {
        _ if several_lines => line.chars().count() as i64 + 1,
        None | Some(0) | Some(-1) => offset + 1,
        Some(e) if e == offset => offset + 1,
        Some(e) => e,
    };
    let (from, to) = (offset - 1 - stripped as i64, end - 1 - stripped as i64);
    if from < 0 {
        return;
    }
    let space: String = shown.chars().chain(std::iter::repeat(' ')).take(from as usize).map(|c| if c.is_whitespace() { c } else { ' ' }).collect();
    out.push_str(&format!("    {space}{}\n", "^".repeat((to - from).max(1) as usize)));
}
