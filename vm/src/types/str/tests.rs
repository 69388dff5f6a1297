//! Tests of what scripts cannot see or set up: caches, identity of one-character strs, registered error handlers.

use super::Str;
use crate::error::PyResult;
use crate::text::wtf8;
use crate::thread::with_vm;
use crate::types::native::function;
use crate::value::Value;
use crate::vm::Vm;
use proptest::prelude::*;

proptest! {
    #[test]
    fn indexing_agrees_with_a_walk(chars in prop::collection::vec(any::<char>(), 0..600), i in 0usize..700) {
        let text: String = chars.iter().collect();
        let s = Str::new(text.clone());
        prop_assert_eq!(s.char_len(), chars.len());
        prop_assert_eq!(s.char_at(i), chars.get(i).map(|c| *c as u32));
        let at = s.byte_of(i);
        prop_assert_eq!(at, wtf8::byte_of(text.as_bytes(), i));
        prop_assert_eq!(s.char_of(at), i.min(chars.len()));
    }
}

#[test]
fn latin_characters_are_made_once() {
    with_vm(|vm| {
        let s = vm.new_str("ab\u{e9}");
        for i in 0..3 {
            let (a, b) = (vm.get_item(&s, &Value::i32(i)).unwrap(), vm.get_item(&s, &Value::i32(i)).unwrap());
            assert!(a.is(&b));
        }
    });
}

#[test]
fn appending_forgets_what_was_cached() {
    let mut s = Str::new("\u{65e5}".repeat(200));
    assert_eq!(s.byte_of(199), 597);
    s.set_hash(5);
    assert!(s.append(&Str::new("xy")));
    assert_eq!((s.char_len(), s.char_at(200), s.char_at(201), s.cached_hash()), (202, Some(120), Some(121), 0));
    assert_eq!(s.byte_of(202), 602);
}

fn handler(vm: &mut Vm, a: &[Value]) -> PyResult {
    let end = vm.attr(&a[0], "end")?;
    let text = vm.new_str("<?>");
    Ok(vm.new_tuple(vec![text, end]))
}

#[test]
fn registered_handlers_are_asked() {
    with_vm(|vm| {
        let name = vm.intern("test");
        let f = crate::image::new_native(vm.iso_mut(), &function("handler(e, /)", handler), Value::NULL, name);
        vm.register_error("mine", f);
        let text = vm.decode(b"a\xffb", "utf-8", "mine").unwrap();
        assert_eq!(vm.text(&text), "a<?>b");
        let text = vm.new_str("a\u{e9}\u{e9}b");
        assert_eq!(vm.encode(&text, "ascii", "mine").unwrap(), b"a<?>b");
        let e = vm.decode(b"\xff", "utf-8", "other").unwrap_err();
        assert_eq!(vm.str_text(&e.0).unwrap(), "unknown error handler name 'other'");
    });
}
