//! `module`.

use crate::image::TypeDef;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::types::type_::flags;
use crate::value::Value;

/// The payload of `module`.
pub struct Module {
    /// `__dict__`
    pub dict: Value,
}

impl Payload for Module {
    const KIND: Kind = Kind::Module;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.dict);
    }
    fn clone_in(&self, c: &mut Cloner) -> Module {
        Module { dict: c.value(&self.dict) }
    }
}
impl Immutable for Module {}

/// `module`
pub static DEF: TypeDef = TypeDef::new("module", layout_of::<Module>).flags(flags::BASE);
