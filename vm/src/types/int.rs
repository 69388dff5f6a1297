//! `int` and `bool`. Small ints are immediate; [`BigInt`] holds the others, and the value of instances of subclasses.

use crate::image::TypeDef;
use crate::num::Int;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::types::T;
use crate::types::type_::flags;
use crate::value::Value;

/// The payload of ints that are objects: those beyond 48 bits, and instances of subclasses of int (of any size).
pub struct BigInt(pub Int);

impl Payload for BigInt {
    const KIND: Kind = Kind::BigInt;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> BigInt {
        BigInt(self.0.clone())
    }
}
impl Immutable for BigInt {}

/// `int`
pub static INT: TypeDef = TypeDef::new("int", layout_of::<BigInt>).flags(flags::BASE | flags::PLAIN_EQ | flags::MATCH_SELF);
/// `bool`
pub static BOOL: TypeDef = TypeDef::new("bool", layout_of::<BigInt>).base(Some(T::Int)).flags(flags::PLAIN_EQ | flags::MATCH_SELF);
