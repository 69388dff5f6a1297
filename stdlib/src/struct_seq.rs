//! Struct sequences: tuples whose items have names (`Objects/structseq.c`), such as `time.struct_time` and `os.stat_result`.
//! Fields beyond the tuple's length ("hidden" ones) are reached by name only.

use gilbert_vm::error::PyResult;
use gilbert_vm::object::{Layout, attr_layout};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// What a struct sequence is like.
pub struct Fields {
    /// All names, the hidden ones last.
    pub names: &'static [&'static str],
    /// How many the tuple has.
    pub visible: usize,
}

/// The layout of instances: a tuple, with room for what is hidden.
pub const fn layout() -> &'static Layout {
    attr_layout::<Tuple>()
}

/// The getter of item `I`.
pub fn item<const I: usize>(_: &mut Vm, v: &Value) -> PyResult {
    Ok(v.get::<Tuple>().and_then(|t| t.items().get(I)).cloned().unwrap_or(Value::NONE))
}

/// A struct sequence of type `ty` from all its fields; those missing at the end are None.
pub fn new(vm: &mut Vm, ty: &Value, fields: &Fields, mut values: Vec<Value>) -> Value {
    let hidden = values.split_off(fields.visible.min(values.len()));
    let v = vm.new_of(ty, Tuple::new(values));
    for (i, name) in fields.names.iter().enumerate().skip(fields.visible) {
        let name = vm.intern(name);
        vm.put_attr(&v, &name, hidden.get(i - fields.visible).cloned().unwrap_or(Value::NONE));
    }
    v
}

/// `__new__(cls, sequence, dict={})`
pub fn construct(vm: &mut Vm, cls: &Value, sequence: &Value, full_name: &str, fields: &Fields) -> PyResult {
    let values = vm.collect(sequence).map_err(|_| vm.type_error("constructor requires a sequence"))?;
    let (least, most, got) = (fields.visible, fields.names.len(), values.len());
    if got < least || got > most {
        let bound = match (least == most, got < least) {
            (true, _) => format!("a {least}"),
            (false, true) => format!("an at least {least}"),
            (false, false) => format!("an at most {most}"),
        };
        return Err(vm.type_error(format!("{full_name}() takes {bound}-sequence ({got}-sequence given)")));
    }
    Ok(new(vm, cls, fields, values))
}

/// `module.name(field=value, ..)`
pub fn repr(vm: &mut Vm, v: &Value, full_name: &str, fields: &Fields) -> PyResult {
    let mut parts = Vec::new();
    for (item, name) in v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default().iter().zip(fields.names) {
        parts.push(format!("{name}={}", vm.repr_text(item)?));
    }
    Ok(vm.new_str(format!("{full_name}({})", parts.join(", "))))
}

/// `(type, (items, {}))`, for pickle and copy.
pub fn reduce(vm: &mut Vm, v: &Value) -> PyResult {
    let ty = v.type_of(vm).clone();
    let items = vm.new_tuple(v.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default());
    let attrs = vm.new_dict();
    for (name, value) in vm.own_attrs(v) {
        vm.dict_set(&attrs, &name, value)?;
    }
    let args = vm.new_tuple(vec![items, attrs]);
    Ok(vm.new_tuple(vec![ty, args]))
}

/// Adds what the type itself tells: `n_fields`, `n_sequence_fields`, `n_unnamed_fields`, `__match_args__`.
pub fn describe(vm: &mut Vm, ty: &Value, fields: &Fields) {
    let names: Vec<Value> = fields.names[..fields.visible].iter().map(|n| vm.intern(n)).collect();
    let names = vm.new_tuple(names);
    let numbers = [("n_fields", fields.names.len()), ("n_sequence_fields", fields.visible), ("n_unnamed_fields", 0)];
    let mut all: Vec<(&str, Value)> = numbers.iter().map(|(n, i)| (*n, Value::small_wrap(*i as i64))).collect();
    all.push(("__match_args__", names));
    for (name, value) in all {
        vm.native_type_set(ty, name, value);
    }
}
