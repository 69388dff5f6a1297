//! Python values as plain Rust data, for results that outlive the isolate that made them.

use crate::json::Json;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::list::List;
use gilbert_vm::types::set_table::Set;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use std::fmt;

/// Containers nested deeper than this are kept as text.
const DEEPEST: usize = 16;
/// Longest text kept of a value that has no form of its own, in bytes.
const LONGEST: usize = 1000;

/// A Python value without its heap. Compares and sorts by structure.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub enum Data {
    /// `None`
    None,
    /// A bool.
    Bool(bool),
    /// An int that fits.
    Int(i64),
    /// A larger int, in decimal.
    BigInt(String),
    /// A float.
    Float(f64),
    /// A str; lone surrogates are replaced.
    Str(String),
    /// A list.
    List(Vec<Data>),
    /// A tuple.
    Tuple(Vec<Data>),
    /// A set or frozenset, sorted by representation.
    Set(Vec<Data>),
    /// A dict, in its order.
    Dict(Vec<(Data, Data)>),
    /// Anything else: its `repr`.
    Other(String),
}

impl Data {
    /// The data of a value. Subclasses of the containers count as [`Data::Other`]: their `repr` may say more.
    pub fn of(vm: &mut Vm, v: &Value) -> Data {
        Data::at_depth(vm, v, 0)
    }

    fn at_depth(vm: &mut Vm, v: &Value, depth: usize) -> Data {
        if v.is_none() {
            return Data::None;
        }
        if v.is_bool() {
            return Data::Bool(v.is(&Value::TRUE));
        }
        if let Some(f) = v.as_float() {
            return Data::Float(f);
        }
        let class = v.type_of(vm).clone();
        let is = |vm: &Vm, t| class.is(vm.ty(t));
        use gilbert_vm::types::T;
        if is(vm, T::Int) {
            return Data::int(vm, v);
        }
        if is(vm, T::Str) {
            return Data::Str(v.get::<Str>().map(|s| s.lossy().into_owned()).unwrap_or_default());
        }
        if depth < DEEPEST {
            let all = |vm: &mut Vm, items: Vec<Value>| items.iter().map(|item| Data::at_depth(vm, item, depth + 1)).collect();
            if is(vm, T::List) {
                let items = v.borrow::<List>(vm).map(|l| l.items().to_vec()).unwrap_or_default();
                return Data::List(all(vm, items));
            }
            if is(vm, T::Tuple) {
                let items = v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
                return Data::Tuple(all(vm, items));
            }
            if v.is_a::<Set>() && (is(vm, T::Set) || is(vm, T::FrozenSet)) {
                let items = vm.collect(v).unwrap_or_default();
                let mut items: Vec<Data> = all(vm, items);
                items.sort_by_cached_key(Data::to_string);
                return Data::Set(items);
            }
            if v.is_a::<Dict>() && is(vm, T::Dict) {
                let items = vm.dict_items(v);
                return Data::Dict(items.iter().map(|(k, v)| (Data::at_depth(vm, k, depth + 1), Data::at_depth(vm, v, depth + 1))).collect());
            }
        }
        let text = vm.repr_text(v).unwrap_or_else(|_| format!("<{} object>", vm.type_name(v)));
        Data::Other(cut(&text, LONGEST))
    }

    fn int(vm: &mut Vm, v: &Value) -> Data {
        match vm.int_value(v).and_then(|i| i.to_i64()) {
            Some(i) => Data::Int(i),
            None => Data::BigInt(vm.repr_text(v).unwrap_or_else(|_| "<a very large int>".to_owned())),
        }
    }

    /// The value as JSON where JSON has it, else its `repr` as text.
    pub fn to_json(&self) -> Json {
        match self {
            Data::None => Json::Null,
            Data::Bool(b) => (*b).into(),
            Data::Int(i) => (*i).into(),
            Data::Float(f) if f.is_finite() => (*f).into(),
            Data::Str(s) => s.as_str().into(),
            other => other.to_string().into(),
        }
    }
}

/// The main module's globals, but for what a script defines rather than computes: modules, functions, classes, names with `__`.
pub fn globals(vm: &mut Vm) -> Vec<(String, Data)> {
    use gilbert_vm::types::function::Function;
    use gilbert_vm::types::module::Module;
    let ns = vm.main_namespace();
    let mut all = Vec::new();
    for (name, v) in vm.dict_items(&ns) {
        let name = vm.text(&name);
        if !name.starts_with("__") && !vm.is_type(&v) && !v.is_a::<Module>() && !v.is_a::<Function>() {
            let data = Data::of(vm, &v);
            all.push((name, data));
        }
    }
    all
}

/// At most `most` bytes of a text, whole characters, with a mark where something is missing.
pub fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    format!("{}…", &text[..end])
}

/// As Python's `repr` shows it (floats in Rust's shortest form).
impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[Data]| -> fmt::Result {
            for (i, item) in items.iter().enumerate() {
                write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
            }
            Ok(())
        };
        match self {
            Data::None => f.write_str("None"),
            Data::Bool(b) => f.write_str(if *b { "True" } else { "False" }),
            Data::Int(i) => write!(f, "{i}"),
            Data::BigInt(text) | Data::Other(text) => f.write_str(text),
            Data::Float(x) => write!(f, "{x:?}"),
            Data::Str(s) => f.write_str(&quoted(s)),
            Data::List(items) => {
                f.write_str("[")?;
                list(f, items)?;
                f.write_str("]")
            }
            Data::Tuple(items) => {
                f.write_str("(")?;
                list(f, items)?;
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Data::Set(items) if items.is_empty() => f.write_str("set()"),
            Data::Set(items) => {
                f.write_str("{")?;
                list(f, items)?;
                f.write_str("}")
            }
            Data::Dict(items) => {
                f.write_str("{")?;
                for (i, (k, v)) in items.iter().enumerate() {
                    write!(f, "{}{k}: {v}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
        }
    }
}

/// A text in quotes as Python would choose them.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\x{:02x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn data_reads_as_python() {
        let data = Data::Dict(vec![
            (Data::Str("it's".into()), Data::Tuple(vec![Data::Int(1)])),
            (Data::Str("a\n".into()), Data::List(vec![Data::Float(1.0), Data::None, Data::Bool(true)])),
        ]);
        assert_eq!(data.to_string(), r#"{"it's": (1,), 'a\n': [1.0, None, True]}"#);
        assert_eq!(Data::Set(vec![]).to_string(), "set()");
    }

    #[test]
    fn json_keeps_what_it_has() {
        assert_eq!(Data::Int(3).to_json(), json!(3));
        assert_eq!(Data::List(vec![Data::Int(3)]).to_json(), json!("[3]"));
        assert_eq!(Data::Float(f64::NAN).to_json(), json!("NaN"));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut("aéa", 2), "a…");
        assert_eq!(cut("abc", 3), "abc");
    }
}
