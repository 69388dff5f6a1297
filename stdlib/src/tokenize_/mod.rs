//! `_tokenize`: the lexer's tokens as the `tokenize` module wants them (`Python/Python-tokenize.c`).
//!
//! The lexer drops comments and empty lines; they are found again in the gaps between its tokens. The whole source is read when
//! the first token is asked for, and an error of the lexer is raised when the tokens before it have been handed out.

mod extra;

use crate::payload::payload;
use extra::{Piece, pieces};
use gilbert_lexer::LineIndex;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{method, static_method};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::collections::VecDeque;
use std::sync::Arc;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_tokenize", "", &[]);
    vm.module_add_type(&m, &TOKENIZER);
    Ok(m)
}

/// A source with what its tokens need to be told.
struct Source {
    text: String,
    lines: LineIndex,
    error: Option<gilbert_lexer::SyntaxError>,
}

struct Tokenizer {
    readline: Value,
    encoding: Option<String>,
    extra: bool,
    source: Option<Arc<Source>>,
    waiting: VecDeque<Piece>,
    /// The line of the last token, as number and str, so that tokens of one line share it.
    line: Value,
    line_number: u32,
}
payload!(Tokenizer { one: [readline, line], many: [], plain: [encoding, extra, source, waiting, line_number] });

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [cls, readline, encoding, extra] = args else { unreachable!("bound") };
    let encoding = match encoding.is_none() {
        true => None,
        false => Some(vm.expect_str(encoding, "encoding")?),
    };
    let extra = vm.truthy(extra)?;
    let body = Tokenizer { readline: readline.clone(), encoding, extra, source: None, waiting: VecDeque::new(), line: Value::NULL, line_number: 0 };
    Ok(vm.new_of(cls, body))
}

/// All lines that `readline` gives, in one text.
fn read_all(vm: &mut Vm, readline: &Value, encoding: Option<&str>) -> PyResult<String> {
    let mut text = String::new();
    loop {
        let line = match vm.call(readline, &[]) {
            Ok(line) => line,
            Err(e) if vm.is_exc(&e, Exc::StopIteration) => break,
            Err(e) => return Err(e),
        };
        let before = text.len();
        if let Some(encoding) = encoding
            && vm.is_buffer(&line)
        {
            let encoding = vm.new_str(encoding);
            let line = vm.call_method(&line, "decode", &[encoding])?;
            text.push_str(&vm.text(&line));
        } else if let Some(s) = line.get::<Str>() {
            text.push_str(&s.lossy());
        } else {
            let got = vm.type_name(&line);
            let want = if encoding.is_some() { "bytes" } else { "str" };
            return Err(vm.type_error(format!("readline() returned a non-{want} object: {got}")));
        }
        if text.len() == before {
            break;
        }
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
}

/// Reads and scans the source when the first token is wanted.
fn prepare(vm: &mut Vm, this: &Value) -> PyResult<()> {
    let t = this.borrow::<Tokenizer>(vm).expect("a tokenizer");
    if t.source.is_some() {
        return Ok(());
    }
    let (readline, encoding, extra) = (t.readline.clone(), t.encoding.clone(), t.extra);
    let text = read_all(vm, &readline, encoding.as_deref())?;
    let tokens = gilbert_lexer::tokenize(&text);
    let waiting = pieces(&text, &tokens, extra);
    let error = tokens.error.map(|e| e.error);
    let lines = LineIndex::new(&text);
    if let Some(t) = this.borrow_mut::<Tokenizer>(vm) {
        t.source = Some(Arc::new(Source { text, lines, error }));
        t.waiting = waiting.into();
    }
    Ok(())
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    prepare(vm, &args[0])?;
    let t = args[0].borrow_mut::<Tokenizer>(vm).expect("a tokenizer");
    let source = t.source.clone().expect("prepared");
    match t.waiting.pop_front() {
        Some(piece) => token(vm, &args[0], &source, &piece),
        None => match &source.error {
            Some(e) => Err(lexer_error(vm, e, &source)),
            None => Ok(Value::NULL),
        },
    }
}
fn lexer_error(vm: &mut Vm, e: &gilbert_lexer::SyntaxError, source: &Source) -> Raised {
    if e.msg.ends_with("was never closed") {
        // the C tokenizer knows only that the source has ended
        let end = gilbert_lexer::Span::at(source.text.len() as u32);
        let e = gilbert_lexer::SyntaxError::new("unexpected EOF in multi-line statement", end);
        return vm.syntax_error(&e, &source.text, "<string>");
    }
    vm.syntax_error(e, &source.text, "<string>")
}

/// `(type, string, (line, column), (line, column), physical line)`
fn token(vm: &mut Vm, this: &Value, source: &Source, piece: &Piece) -> PyResult {
    let text = vm.new_str(piece.text(&source.text));
    let start = place(vm, source, piece.start, piece);
    let end = if piece.is_newline() { behind(vm, &start, piece.text(&source.text).len().max(1)) } else { place(vm, source, piece.end, piece) };
    let line = physical_line(vm, this, source, piece);
    Ok(vm.new_tuple(vec![Value::i32(piece.kind as i32), text, start, end, line]))
}
/// Line and column in characters. The tokens behind the last line stand in a line of their own.
fn place(vm: &mut Vm, source: &Source, offset: u32, piece: &Piece) -> Value {
    let (line, column) = if piece.behind_source {
        let last = if source.text.is_empty() || source.text.ends_with('\n') { source.lines.line_count() } else { source.lines.line_count() + 1 };
        (last, 0)
    } else {
        let at = source.lines.locate(&source.text, offset);
        (at.line, at.char_column)
    };
    vm.new_pair(Value::small_wrap(line as i64), Value::small_wrap(column as i64))
}
/// The end of a newline, which stays in its line; one that is not in the source still has a width.
fn behind(vm: &mut Vm, start: &Value, width: usize) -> Value {
    let parts = start.get::<gilbert_vm::types::tuple::Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let column = parts[1].as_small().unwrap_or(0);
    vm.new_pair(parts[0].clone(), Value::small_wrap(column + width as i64))
}
/// The source line of the token; all lines of a string that goes over several.
fn physical_line(vm: &mut Vm, this: &Value, source: &Source, piece: &Piece) -> Value {
    if piece.behind_source {
        return vm.new_str("");
    }
    let (first, last) = (source.lines.line(piece.start), source.lines.line(piece.last_offset()));
    if first != last {
        let (from, to) = (source.lines.line_start(first) as usize, source.lines.line_start(last + 1) as usize);
        return vm.new_str(&source.text[from..to]);
    }
    let t = this.borrow::<Tokenizer>(vm).expect("a tokenizer");
    if t.line_number == first {
        return t.line.clone();
    }
    let line = vm.new_str(source.lines.line_text(&source.text, first));
    if let Some(t) = this.borrow_mut::<Tokenizer>(vm) {
        t.line_number = first;
        t.line = line.clone();
    }
    line
}

static TOKENIZER: TypeDef = TypeDef::new("_tokenize.TokenizerIter", layout_of::<Tokenizer>()).methods(&[
    static_method("__new__(cls, readline, /, *, encoding=None, extra_tokens=False)", new),
    method("__iter__(self, /)", |_, a| Ok(a[0].clone())),
    method("__next__(self, /)", next),
]);
