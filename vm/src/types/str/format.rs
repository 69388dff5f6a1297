//! `str.format` and `str.format_map`, and what `string.Formatter` needs of them (`_string`).

use super::{Str, this};
use crate::error::PyResult;
use crate::text::template::{self, AutoNumber, Field, Path, Piece, Pieces, Root, Step};
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// Templates may nest in specifications to this depth.
const DEPTH: usize = 2;

/// What the fields of a template are looked up in.
struct Source<'a> {
    /// The positional arguments; `None` for `format_map`.
    args: Option<&'a [Value]>,
    /// The keyword arguments or the mapping.
    mapping: &'a Value,
}

/// `s.format(*args, **kwargs)`
pub fn str_format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let args = a[1].get::<Tuple>().map_or(&[][..], Tuple::items);
    render_str(vm, &a[0], &Source { args: Some(args), mapping: &a[2] })
}

/// `s.format_map(mapping)`
pub fn str_format_map(vm: &mut Vm, a: &[Value]) -> PyResult {
    render_str(vm, &a[0], &Source { args: None, mapping: &a[1] })
}

fn render_str(vm: &mut Vm, text: &Value, source: &Source) -> PyResult {
    let mut out = Vec::new();
    render(vm, this(text).bytes(), source, DEPTH, &mut AutoNumber::default(), &mut out)?;
    Ok(vm.new_str_wtf8(out))
}

fn render(vm: &mut Vm, text: &[u8], source: &Source, depth: usize, auto: &mut AutoNumber, out: &mut Vec<u8>) -> PyResult<()> {
    if depth == 0 {
        return Err(vm.num_err(template::recursion_error()));
    }
    let mut pieces = Pieces::new(text);
    while let Some(piece) = pieces.next_piece().map_err(|e| vm.num_err(e))? {
        match piece {
            Piece::Literal(t) => out.extend_from_slice(t),
            Piece::Field(f) => {
                let text = render_field(vm, &f, source, depth, auto)?;
                out.extend_from_slice(this(&text).bytes());
            }
        }
    }
    Ok(())
}

fn render_field(vm: &mut Vm, field: &Field, source: &Source, depth: usize, auto: &mut AutoNumber) -> PyResult {
    let value = field_value(vm, field, source, auto)?;
    let value = match field.conversion {
        None => value,
        Some(c) => convert(vm, &value, c)?,
    };
    let spec = if field.nested {
        let mut spec = Vec::new();
        render(vm, field.spec, source, depth - 1, auto, &mut spec)?;
        vm.new_str_wtf8(spec)
    } else {
        vm.new_str_piece(field.spec)
    };
    vm.format(&value, &spec)
}

fn convert(vm: &mut Vm, value: &Value, conversion: u32) -> PyResult {
    match char::from_u32(conversion) {
        Some('r') => vm.repr(value),
        Some('s') => vm.str(value),
        Some('a') => vm.ascii(value),
        _ => Err(vm.num_err(template::unknown_conversion(conversion))),
    }
}

fn field_value(vm: &mut Vm, field: &Field, source: &Source, auto: &mut AutoNumber) -> PyResult {
    let (root, mut path) = template::parse_name(field.name).map_err(|e| vm.num_err(e))?;
    let index = auto.resolve(&root).map_err(|e| vm.num_err(e))?;
    let mut value = match (index, source.args) {
        (Some(_), None) => return Err(vm.num_err(template::has_positional())),
        (Some(i), Some(args)) => match args.get(i) {
            Some(v) => v.clone(),
            None => return Err(vm.num_err(template::index_error_for(i))),
        },
        (None, _) => {
            let name = match root {
                Root::Key(name) => name,
                Root::Auto | Root::Index(_) => b"",
            };
            keyword(vm, source.mapping, name)?
        }
    };
    while let Some(step) = path.next_step().map_err(|e| vm.num_err(e))? {
        value = take_step(vm, &value, step)?;
    }
    Ok(value)
}

fn keyword(vm: &mut Vm, mapping: &Value, name: &[u8]) -> PyResult {
    let key = vm.new_str_piece(name);
    if mapping.is_a::<Dict>() && !super::ops::is_subclass(vm, mapping) {
        return match vm.dict_get(mapping, &key)? {
            Some(v) => Ok(v),
            None => Err(vm.key_error(&key)),
        };
    }
    vm.get_item(mapping, &key)
}

fn take_step(vm: &mut Vm, value: &Value, step: Step) -> PyResult {
    match step {
        Step::Attribute(name) => {
            let name = vm.new_str_piece(name);
            vm.get_attr(value, &name)
        }
        Step::Index(i) => vm.get_item(value, &Value::small_wrap(i as i64)),
        Step::Key(key) => {
            let key = vm.new_str_piece(key);
            vm.get_item(value, &key)
        }
    }
}

/// `_string.formatter_parser(text)`: a list of (literal, field name, specification, conversion).
pub fn formatter_parser(vm: &mut Vm, text: &Value) -> PyResult {
    let Some(s) = text.get::<Str>() else {
        let name = vm.type_name(text);
        return Err(vm.type_error(format!("expected str, got {name}")));
    };
    let mut items = Vec::new();
    let mut literal: Option<&[u8]> = None;
    let mut pieces = Pieces::new(s.bytes());
    while let Some(piece) = pieces.next_piece().map_err(|e| vm.num_err(e))? {
        match piece {
            Piece::Literal(t) => {
                if let Some(before) = literal.replace(t) {
                    let parts = vec![vm.new_str_piece(before), Value::NONE, Value::NONE, Value::NONE];
                    items.push(vm.new_tuple(parts));
                }
            }
            Piece::Field(f) => {
                let before = literal.take().unwrap_or_default();
                let conversion = f.conversion.map_or(Value::NONE, |c| vm.new_char(c));
                let parts = vec![vm.new_str_piece(before), vm.new_str_piece(f.name), vm.new_str_piece(f.spec), conversion];
                items.push(vm.new_tuple(parts));
            }
        }
    }
    if let Some(rest) = literal {
        let parts = vec![vm.new_str_piece(rest), Value::NONE, Value::NONE, Value::NONE];
        items.push(vm.new_tuple(parts));
    }
    let list = vm.new_list(items);
    vm.iter(&list)
}

/// `_string.formatter_field_name_split(name)`: (first, iterator over (is attribute, name)).
pub fn formatter_field_name_split(vm: &mut Vm, name: &Value) -> PyResult {
    let Some(s) = name.get::<Str>() else {
        let got = vm.type_name(name);
        return Err(vm.type_error(format!("expected str, got {got}")));
    };
    let (root, path) = template::parse_name(s.bytes()).map_err(|e| vm.num_err(e))?;
    let first = match root {
        Root::Auto => vm.new_str_piece(b""),
        Root::Index(i) => Value::small_wrap(i as i64),
        Root::Key(k) => vm.new_str_piece(k),
    };
    let steps = path_steps(vm, path)?;
    let list = vm.new_list(steps);
    let rest = vm.iter(&list)?;
    Ok(vm.new_tuple(vec![first, rest]))
}

fn path_steps(vm: &mut Vm, mut path: Path) -> PyResult<Vec<Value>> {
    let mut steps = Vec::new();
    while let Some(step) = path.next_step().map_err(|e| vm.num_err(e))? {
        let parts = match step {
            Step::Attribute(name) => vec![Value::TRUE, vm.new_str_piece(name)],
            Step::Index(i) => vec![Value::FALSE, Value::small_wrap(i as i64)],
            Step::Key(key) => vec![Value::FALSE, vm.new_str_piece(key)],
        };
        steps.push(vm.new_tuple(parts));
    }
    Ok(steps)
}
