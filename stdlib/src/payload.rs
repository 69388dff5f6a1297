//! A macro for the collector's and fork's slots of payloads.

/// Implements `Payload` for a struct: its fields that are one value, that are vectors of values, and that are plain (`Clone`) data.
macro_rules! payload {
    ($ty:ident { one: [$($one:ident),*], many: [$($many:ident),*], plain: [$($plain:ident),*] }) => {
        impl gilbert_vm::object::Payload for $ty {
            const CHANGES: gilbert_vm::object::Changes<Self> = gilbert_vm::object::Changes::BY_BORROW;
            fn traverse(&self, visit: &mut dyn FnMut(&gilbert_vm::value::Value)) {
                let _ = &visit;
                $(visit(&self.$one);)*
                $(self.$many.iter().for_each(&mut *visit);)*
            }
            fn clear(&mut self) {
                $(self.$one = gilbert_vm::value::Value::NONE;)*
                $(self.$many = Default::default();)*
            }
            fn clone_in(&self, c: &mut gilbert_vm::object::Cloner) -> $ty {
                let _ = &c;
                $ty { $($one: c.value(&self.$one),)* $($many: self.$many.iter().map(|v| c.value(v)).collect(),)* $($plain: self.$plain.clone(),)* }
            }
        }
    };
}
pub(crate) use payload;
