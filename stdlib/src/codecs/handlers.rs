//! The built-in error handlers as functions that take the exception, as `codecs.lookup_error` gives them.

use super::is_unicode_error;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::text::codec::{Codec, Fault, Handler, Policy, Replacement};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const HANDLERS: &[(&str, NativeDef)] = &[
    ("strict", function("strict_errors(exc, /)", |vm, a| handle(vm, &a[0], Policy::Strict))),
    ("ignore", function("ignore_errors(exc, /)", |vm, a| handle(vm, &a[0], Policy::Ignore))),
    ("replace", function("replace_errors(exc, /)", |vm, a| handle(vm, &a[0], Policy::Replace))),
    ("backslashreplace", function("backslashreplace_errors(exc, /)", |vm, a| handle(vm, &a[0], Policy::BackslashReplace))),
    ("xmlcharrefreplace", function("xmlcharrefreplace_errors(exc, /)", |vm, a| handle(vm, &a[0], Policy::XmlCharRefReplace))),
    ("namereplace", function("namereplace_errors(exc, /)", |vm, a| handle(vm, &a[0], Policy::NameReplace))),
    ("surrogateescape", function("surrogateescape(exc, /)", |vm, a| handle(vm, &a[0], Policy::SurrogateEscape))),
    ("surrogatepass", function("surrogatepass(exc, /)", |vm, a| handle(vm, &a[0], Policy::SurrogatePass))),
];

/// The function of a built-in handler.
pub fn function_of(vm: &mut Vm, name: &str) -> Option<Value> {
    let def = &HANDLERS.iter().find(|(n, _)| *n == name)?.1;
    Some(vm.new_function(def, "_codecs"))
}

fn number(vm: &mut Vm, e: &Value, name: &str) -> PyResult<usize> {
    let v = vm.attr(e, name)?;
    Ok(vm.arg_ssize(&v)?.max(0) as usize)
}

fn handle(vm: &mut Vm, e: &Value, mut policy: Policy) -> PyResult {
    let decoding = is_unicode_error(vm, e, Exc::UnicodeDecodeError);
    let encoding = is_unicode_error(vm, e, Exc::UnicodeEncodeError);
    if !decoding && !encoding {
        if is_unicode_error(vm, e, Exc::UnicodeTranslateError) || (policy == Policy::Strict && is_unicode_error(vm, e, Exc::BaseException)) {
            return Err(Raised(e.clone()));
        }
        let name = vm.type_name(e);
        let text =
            if policy == Policy::Strict { "codec must pass exception instance".into() } else { format!("don't know how to handle {name} in error callback") };
        return Err(vm.type_error(text));
    }
    let object = vm.attr(e, "object")?;
    let (start, end) = (number(vm, e, "start")?, number(vm, e, "end")?);
    let name = vm.attr(e, "encoding")?;
    let codec = Codec::find(&vm.text(&name)).map_or("unknown", Codec::name);
    if decoding {
        let input = vm.buffer_bytes(&object)?;
        let end = end.min(input.len());
        let fault = Fault { encoding: codec, start: start.min(end), end, reason: "" };
        return match policy.decode_fault(&fault, &input) {
            Ok((text, next)) => {
                let text = vm.new_str_wtf8(text);
                Ok(vm.new_tuple(vec![text, Value::small_wrap(next as i64)]))
            }
            Err(other) if matches!(policy, Policy::XmlCharRefReplace | Policy::NameReplace) => Err(vm.num_err(other)),
            Err(_) => Err(Raised(e.clone())),
        };
    }
    let Some(text) = object.get::<Str>() else { return Err(Raised(e.clone())) };
    let end = end.min(text.char_len());
    let fault = Fault { encoding: codec, start: start.min(end), end, reason: "" };
    match policy.encode_fault(&fault, text.bytes()) {
        Ok((new, next)) => {
            let new = match new {
                Replacement::Bytes(b) if b.is_empty() => vm.new_str(""),
                Replacement::Bytes(b) => vm.new_bytes(b),
                Replacement::Text(t) => vm.new_str_wtf8(t),
            };
            Ok(vm.new_tuple(vec![new, Value::small_wrap(next as i64)]))
        }
        Err(_) => Err(Raised(e.clone())),
    }
}
