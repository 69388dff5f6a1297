//! `float`. Floats are immediate; [`FloatObj`] holds the value of instances of subclasses.

use crate::image::TypeDef;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::types::type_::flags;
use crate::value::Value;

/// The payload of instances of subclasses of float.
pub struct FloatObj(pub f64);

impl Payload for FloatObj {
    const KIND: Kind = Kind::Float;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> FloatObj {
        FloatObj(self.0)
    }
}
impl Immutable for FloatObj {}

/// `float`
pub static DEF: TypeDef = TypeDef::new("float", layout_of::<FloatObj>).flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF);
