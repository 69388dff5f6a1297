//! `str.maketrans` and `str.translate`.

use super::{MAX_BYTES, Str, str_arg, this};
use crate::error::{Exc, PyResult};
use crate::text::wtf8;
use crate::types::dict::Dict;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

/// `str.maketrans(x)`, `(x, y)`, `(x, y, z)`
pub fn make_trans(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[1].is_null() {
        return from_dict(vm, &a[0]);
    }
    let y = str_arg(vm, &a[1], "maketrans() argument 2")?;
    let z = if a[2].is_null() { None } else { Some(str_arg(vm, &a[2], "maketrans() argument 3")?) };
    let Some(x) = a[0].get::<Str>() else {
        return Err(vm.type_error("first maketrans argument must be a string if there is a second argument"));
    };
    if x.char_len() != y.char_len() {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    let table = vm.new_dict();
    for (from, to) in wtf8::code_points(x.bytes()).zip(wtf8::code_points(y.bytes())) {
        vm.dict_set(&table, &Value::i32(from as i32), Value::i32(to as i32))?;
    }
    for c in z.iter().flat_map(|z| wtf8::code_points(z.bytes())) {
        vm.dict_set(&table, &Value::i32(c as i32), Value::NONE)?;
    }
    Ok(table)
}

fn from_dict(vm: &mut Vm, x: &Value) -> PyResult {
    if !x.is_a::<Dict>() || x.class(vm).has(flags::HEAP) {
        return Err(vm.type_error("if you give only one argument to maketrans it must be a dict"));
    }
    let table = vm.new_dict();
    for (key, value) in vm.dict_items(x) {
        let key = if let Some(s) = key.get::<Str>() {
            if s.char_len() != 1 {
                return Err(vm.value_error("string keys in translate table must be of length 1"));
            }
            Value::i32(s.char_at(0).unwrap_or(0) as i32)
        } else if vm.int_value(&key).is_some() {
            key
        } else {
            return Err(vm.type_error("keys in translate table must be strings or integers"));
        };
        vm.dict_set(&table, &key, value)?;
    }
    Ok(table)
}

/// What a table says of a character.
enum Target {
    Same,
    Delete,
    Char(u32),
    Text(Value),
}

fn look_up(vm: &mut Vm, table: &Value, c: u32) -> PyResult<Target> {
    let key = Value::i32(c as i32);
    let exact = table.is_a::<Dict>() && !table.class(vm).has(flags::HEAP);
    let found = if exact {
        vm.dict_get(table, &key)?
    } else {
        match vm.get_item(table, &key) {
            Ok(v) => Some(v),
            Err(e) if vm.is_exc(&e, Exc::LookupError) => None,
            Err(e) => return Err(e),
        }
    };
    let Some(v) = found else { return Ok(Target::Same) };
    if v.is_none() {
        return Ok(Target::Delete);
    }
    if v.is_a::<Str>() {
        return Ok(Target::Text(v));
    }
    match vm.int_value(&v) {
        Some(i) => match i.to_i64().filter(|i| (0..0x11_0000).contains(i)) {
            Some(i) => Ok(Target::Char(i as u32)),
            None => Err(vm.value_error("character mapping must be in range(0x110000)")),
        },
        None => Err(vm.type_error("character mapping must return integer, None or str")),
    }
}

/// `s.translate(table)`. What the table says of an ASCII character is asked once.
pub fn translate(vm: &mut Vm, a: &[Value]) -> PyResult {
    let (text, table) = (this(&a[0]).bytes(), &a[1]);
    let mut known: Vec<Option<Target>> = Vec::new();
    known.resize_with(128, || None);
    let mut out = Vec::with_capacity(text.len());
    for c in wtf8::code_points(text) {
        let asked;
        let target = match known.get_mut(c as usize) {
            Some(slot @ None) => &*slot.insert(look_up(vm, table, c)?),
            Some(Some(t)) => &*t,
            None => {
                asked = look_up(vm, table, c)?;
                &asked
            }
        };
        match target {
            Target::Same => wtf8::push(&mut out, c),
            Target::Delete => {}
            Target::Char(c) => wtf8::push(&mut out, *c),
            Target::Text(t) => out.extend_from_slice(this(t).bytes()),
        }
        if out.len() > MAX_BYTES {
            return Err(vm.memory_error());
        }
    }
    Ok(vm.new_str_wtf8(out))
}
