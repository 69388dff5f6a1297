//! `reader`: lines to rows.

use super::dialect::{self, Dialect, QUOTE_NONE, QUOTE_NONNUMERIC};
use super::{ERROR, field_limit};
use crate::payload::payload;
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `_csv.reader`.
struct Reader {
    lines: Value,
    dialect: Value,
    line_num: i64,
}
payload!(Reader { one: [lines, dialect], many: [], plain: [line_num] });

/// `_csv.reader`
pub static READER: TypeDef = TypeDef::new("_csv.reader", layout_of::<Reader>())
    .flags(flags::NO_NEW)
    .doc("CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n")
    .methods(&[method("__iter__(self, /)", self_iter), method("__next__(self, /)", next)])
    .getset(&[
        getter("dialect", |vm, v| Ok(v.borrow::<Reader>(vm).expect("a reader").dialect.clone())),
        getter("line_num", |vm, v| {
            let n = v.borrow::<Reader>(vm).expect("a reader").line_num;
            Ok(vm.new_int(n))
        }),
    ]);

/// A reader of an iterable of lines.
pub fn new(vm: &mut Vm, lines: &Value, dialect: Value) -> PyResult {
    let lines = vm.iter(lines)?;
    Ok(vm.new_native(&READER, Reader { lines, dialect, line_num: 0 }))
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuoted,
    EscapedInQuoted,
    QuoteInQuoted,
    EatNewline,
    AfterEscapedNewline,
}

/// One row being read.
struct Parser<'a> {
    d: &'a Dialect,
    state: State,
    fields: Vec<Value>,
    field: Vec<u8>,
    chars: usize,
    numeric: bool,
    limit: usize,
}

/// The end of a line, told apart from every character.
const END: u32 = u32::MAX;

impl Parser<'_> {
    fn save(&mut self, vm: &mut Vm) -> PyResult<()> {
        let text = vm.new_str_wtf8(std::mem::take(&mut self.field));
        self.chars = 0;
        let value = if std::mem::take(&mut self.numeric) {
            let float = vm.builtin("float")?;
            vm.call(&float, &[text])?
        } else {
            text
        };
        self.fields.push(value);
        Ok(())
    }
    fn add(&mut self, vm: &mut Vm, c: u32) -> PyResult<()> {
        if self.chars >= self.limit {
            return Err(ERROR.raise(vm, format!("field larger than field limit ({})", self.limit)));
        }
        self.chars += 1;
        push_char(&mut self.field, c);
        Ok(())
    }
    fn is_newline(c: u32) -> bool {
        c == u32::from(b'\n') || c == u32::from(b'\r')
    }
    /// Nothing special within an unquoted field.
    fn is_plain(&self, c: u32) -> bool {
        c != self.d.delimiter && !Self::is_newline(c) && self.d.escape != Some(c)
    }
    fn is_quote(&self, c: u32) -> bool {
        self.d.quoting != QUOTE_NONE && self.d.quote == Some(c)
    }
    /// Ends a field at the end of a line.
    fn end_row(&mut self, vm: &mut Vm, c: u32) -> PyResult<()> {
        self.save(vm)?;
        self.state = if c == END { State::StartRecord } else { State::EatNewline };
        Ok(())
    }
    fn step(&mut self, vm: &mut Vm, mut c: u32) -> PyResult<()> {
        match self.state {
            State::StartRecord if c == END => {}
            State::StartRecord if Self::is_newline(c) => self.state = State::EatNewline,
            State::StartRecord | State::StartField => return self.start_field(vm, c),
            State::Escaped => {
                self.state = if Self::is_newline(c) { State::AfterEscapedNewline } else { State::InField };
                if c == END {
                    c = u32::from(b'\n');
                }
                return self.add(vm, c);
            }
            State::AfterEscapedNewline if c == END => {}
            State::AfterEscapedNewline | State::InField => return self.in_field(vm, c),
            State::InQuoted if c == END => {}
            State::InQuoted if self.d.escape == Some(c) => self.state = State::EscapedInQuoted,
            State::InQuoted if self.is_quote(c) => self.state = if self.d.double_quote { State::QuoteInQuoted } else { State::InField },
            State::InQuoted => return self.add(vm, c),
            State::EscapedInQuoted => {
                self.state = State::InQuoted;
                return self.add(vm, if c == END { u32::from(b'\n') } else { c });
            }
            State::QuoteInQuoted => return self.after_quote(vm, c),
            State::EatNewline if Self::is_newline(c) => {}
            State::EatNewline if c == END => self.state = State::StartRecord,
            State::EatNewline => {
                let text = "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?";
                return Err(ERROR.raise(vm, text));
            }
        }
        Ok(())
    }
    fn start_field(&mut self, vm: &mut Vm, c: u32) -> PyResult<()> {
        self.state = State::StartField;
        if Self::is_newline(c) || c == END {
            return self.end_row(vm, c);
        }
        if self.is_quote(c) {
            self.state = State::InQuoted;
        } else if self.d.escape == Some(c) {
            self.state = State::Escaped;
        } else if c == u32::from(b' ') && self.d.skip_initial_space {
        } else if c == self.d.delimiter {
            return self.save(vm);
        } else {
            self.numeric |= self.d.quoting == QUOTE_NONNUMERIC;
            self.state = State::InField;
            return self.add(vm, c);
        }
        Ok(())
    }
    fn in_field(&mut self, vm: &mut Vm, c: u32) -> PyResult<()> {
        if Self::is_newline(c) || c == END {
            return self.end_row(vm, c);
        }
        if self.d.escape == Some(c) {
            self.state = State::Escaped;
            return Ok(());
        }
        if c == self.d.delimiter {
            self.state = State::StartField;
            return self.save(vm);
        }
        // after an escaped newline CPython stays in that state, so the end of this line ends no row
        self.add(vm, c)
    }
    fn after_quote(&mut self, vm: &mut Vm, c: u32) -> PyResult<()> {
        if self.is_quote(c) {
            self.state = State::InQuoted;
            return self.add(vm, c);
        }
        if c == self.d.delimiter {
            self.state = State::StartField;
            return self.save(vm);
        }
        if Self::is_newline(c) || c == END {
            return self.end_row(vm, c);
        }
        if self.d.strict {
            let shown = |c: Option<u32>| c.and_then(char::from_u32).unwrap_or('\u{fffd}');
            let text = format!("'{}' expected after '{}'", shown(Some(self.d.delimiter)), shown(self.d.quote));
            return Err(ERROR.raise(vm, text));
        }
        self.state = State::InField;
        self.add(vm, c)
    }
}

/// Appends a code point as WTF-8.
pub fn push_char(out: &mut Vec<u8>, c: u32) {
    match char::from_u32(c) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3f) as u8, 0x80 | (c & 0x3f) as u8]),
    }
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    let r = a[0].borrow::<Reader>(vm).expect("a reader");
    let (lines, dialect) = (r.lines.clone(), r.dialect.clone());
    let limit = field_limit(vm).max(0) as usize;
    let mut p = Parser { d: dialect::this(&dialect), state: State::StartRecord, fields: Vec::new(), field: Vec::new(), chars: 0, numeric: false, limit };
    loop {
        let Some(line) = vm.next(&lines)? else {
            if p.chars == 0 && p.state != State::InQuoted {
                return Ok(Value::NULL);
            }
            if p.d.strict {
                return Err(ERROR.raise(vm, "unexpected end of data"));
            }
            p.save(vm)?;
            break;
        };
        let Some(s) = line.get::<Str>() else { return Err(not_text(vm, &line)) };
        a[0].borrow_mut::<Reader>(vm).expect("a reader").line_num += 1;
        read_line(vm, &mut p, s)?;
        if p.state == State::StartRecord {
            break;
        }
    }
    Ok(vm.new_list(p.fields))
}

fn read_line(vm: &mut Vm, p: &mut Parser, s: &Str) -> PyResult<()> {
    match s.as_str() {
        Some(text) if s.is_ascii() => read_ascii(vm, p, text.as_bytes())?,
        Some(text) => text.chars().try_for_each(|c| p.step(vm, c as u32))?,
        None => (0..s.char_len()).try_for_each(|i| p.step(vm, s.char_at(i).unwrap_or(0)))?,
    }
    p.step(vm, END)
}

/// As character by character, but what stands plainly within a field is taken at once.
fn read_ascii(vm: &mut Vm, p: &mut Parser, text: &[u8]) -> PyResult<()> {
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        if p.state == State::InField {
            let run = text[at..].iter().take(p.limit - p.chars).take_while(|b| p.is_plain(u32::from(**b))).count();
            p.field.extend_from_slice(&text[at..at + run]);
            p.chars += run;
            at += run;
            if run > 0 {
                continue;
            }
        }
        p.step(vm, u32::from(b))?;
        at += 1;
    }
    Ok(())
}

#[cold]
fn not_text(vm: &mut Vm, line: &Value) -> Raised {
    let name = vm.type_name(line);
    ERROR.raise(vm, format!("iterator should return strings, not {name} (the file should be opened in text mode)"))
}
