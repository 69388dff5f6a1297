//! `writer`: rows to lines.

use super::ERROR;
use super::dialect::{self, Dialect, QUOTE_ALL, QUOTE_NONE, QUOTE_NONNUMERIC, QUOTE_NOTNULL, QUOTE_STRINGS};
use super::reader::push_char;
use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::special::Special;
use gilbert_vm::types::native::{getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `_csv.writer`.
struct Writer {
    write: Value,
    dialect: Value,
}
payload!(Writer { one: [write, dialect], many: [], plain: [] });
impl gilbert_vm::object::Immutable for Writer {}

/// `_csv.writer`
pub static WRITER: TypeDef = TypeDef::new("_csv.writer", layout_of::<Writer>())
    .flags(flags::NO_NEW)
    .doc("CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n")
    .methods(&[
        method("writerow(self, row, /)", |vm, a| write_row(vm, &a[0], &a[1]))
            .doc("writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields."),
        method("writerows(self, rows, /)", |vm, a| {
            vm.for_each(&a[1], |vm, row| write_row(vm, &a[0], &row).map(drop))?;
            Ok(Value::NONE)
        })
        .doc("writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv file."),
    ])
    .getset(&[getter("dialect", |_, v| Ok(this(v).dialect.clone()))]);

fn this(v: &Value) -> &Writer {
    v.get::<Writer>().expect("a writer")
}

/// A writer to an object with a `write` method.
pub fn new(vm: &mut Vm, file: &Value, dialect: Value) -> PyResult {
    let write = match vm.attr_opt(file, "write")? {
        Some(w) if vm.special(&w, Special::Call).is_some() => w,
        _ => return Err(vm.type_error("argument 1 must have a \"write\" method")),
    };
    Ok(vm.new_native(&WRITER, Writer { write, dialect }))
}

/// Whether a field counts as a number (`PyNumber_Check`).
fn is_number(vm: &Vm, v: &Value) -> bool {
    v.is_small() || v.is_float() || v.is_bool() || [Special::Index, Special::Int, Special::Float].into_iter().any(|s| vm.special(v, s).is_some())
}

fn write_row(vm: &mut Vm, writer: &Value, row: &Value) -> PyResult {
    let w = this(writer);
    let d = dialect::this(&w.dialect);
    let it = match vm.iter(row) {
        Err(e) if vm.is_exc(&e, Exc::TypeError) => {
            let name = vm.type_name(row);
            return Err(ERROR.raise(vm, format!("iterable expected, not {name}")));
        }
        other => other?,
    };
    let mut out = Vec::new();
    let mut fields = 0;
    while let Some(field) = vm.next(&it)? {
        let quoted = match d.quoting {
            QUOTE_NONNUMERIC => !is_number(vm, &field),
            QUOTE_ALL => true,
            QUOTE_STRINGS => field.is_a::<Str>(),
            QUOTE_NOTNULL => !field.is_none(),
            _ => false,
        };
        if fields > 0 {
            push_char(&mut out, d.delimiter);
        }
        fields += 1;
        let text = if field.is_none() { None } else { Some(vm.str(&field)?) };
        append(vm, d, &mut out, text.as_ref(), quoted)?;
    }
    if fields > 0 && out.is_empty() {
        if d.quoting == QUOTE_NONE {
            return Err(ERROR.raise(vm, "single empty field record must be quoted"));
        }
        append(vm, d, &mut out, None, true)?;
    }
    out.extend_from_slice(&d.terminator);
    let line = vm.new_str_wtf8(out);
    vm.call(&w.write, &[line])
}

/// Appends a field, quoted where that is wanted or needed.
fn append(vm: &mut Vm, d: &Dialect, out: &mut Vec<u8>, text: Option<&Value>, mut quoted: bool) -> PyResult<()> {
    let mut body = Vec::new();
    if let Some(s) = text.and_then(|t| t.get::<Str>()) {
        for i in 0..s.char_len() {
            let c = s.char_at(i).unwrap_or(0);
            if is_special(d, c) {
                let mut escape = d.quoting == QUOTE_NONE;
                if !escape {
                    if d.quote == Some(c) && d.double_quote {
                        push_char(&mut body, c);
                    } else {
                        escape = d.quote == Some(c) || d.escape == Some(c);
                    }
                    quoted |= !escape;
                }
                if escape {
                    match d.escape {
                        Some(e) => push_char(&mut body, e),
                        None => return Err(ERROR.raise(vm, "need to escape, but no escapechar set")),
                    }
                }
            }
            push_char(&mut body, c);
        }
    }
    let mark = d.quote.filter(|_| quoted);
    mark.into_iter().for_each(|q| push_char(out, q));
    out.extend(body);
    mark.into_iter().for_each(|q| push_char(out, q));
    Ok(())
}

/// Whether a character makes quoting or escaping necessary.
fn is_special(d: &Dialect, c: u32) -> bool {
    c == d.delimiter || d.escape == Some(c) || d.quote == Some(c) || String::from_utf8_lossy(&d.terminator).chars().any(|t| t as u32 == c)
}
